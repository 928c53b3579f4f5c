/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "scan/serve.h"

/* A helper of quorate: a picture on stdin, frames on stdout (scan/frame.h). */
int
main(void)
{
	char line[256];
	int status = quo_serve(0, 1, line, sizeof line);

	if (line[0] != '\0')
		dprintf(2, "quorate-scan: %s\n", line);
	return status;
}
