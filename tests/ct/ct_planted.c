/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What run.sh must report: an index and a branch that depend on a secret. */
#include <stdint.h>
#include <string.h>

#include "ct.h"

static const volatile uint8_t table[256] = { 1, 2, 3 };

int
main(int argc, char **argv)
{
	volatile uint8_t out;
	uint8_t secret = (uint8_t)argc;

	QUO_SECRET(&secret, sizeof secret);
	if (argc > 1 && strcmp(argv[1], "branch") == 0)
		out = quo_ct_eq(secret, 3) != 0 ? table[1] : table[0];
	else
		out = table[secret];
	(void)out;
	return 0;
}
