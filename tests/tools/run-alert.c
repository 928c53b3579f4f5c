/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * run-alert HOOK [SECONDS] <EVENT
 *
 * Runs an alert hook as quorate does, by ledger/alert.h. Prints `delivered`,
 * or why not; exits 0 or 1.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/alert.h"

int
main(int argc, char **argv)
{
	char line[65536], why[QUO_ALERT_WHY];
	enum quo_err err;

	if (argc < 2 || fgets(line, sizeof line, stdin) == NULL)
		return 2;
	line[strcspn(line, "\n")] = '\0';
	err = quo_alert_hook(argv[1], line,
	    argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 0, why);
	puts(err == QUO_OK ? "delivered" : why);
	return err == QUO_OK ? 0 : 1;
}
