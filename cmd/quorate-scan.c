/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "scan/serve.h"

/* A helper of quorate: a picture on stdin, frames on stdout (scan/frame.h). */
int
main(void)
{
	char line[256], said[300];
	int status = quo_serve(0, 1, line, sizeof line);

	/* By then the sandbox allows write and little else. */
	snprintf(said, sizeof said, "quorate-scan: %s\n", line);
	if (line[0] != '\0' && write(2, said, strlen(said)) < 0)
		return 3;
	return status;
}
