/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_SANDBOX_H
#define QUO_SANDBOX_H

#include <stdbool.h>

/** How much a process may still ask of the kernel. */
enum quo_sandbox {
	QUO_SANDBOX_STRICT,	/* memory, and what stands open */
	QUO_SANDBOX_WIDE,	/* also locks, clocks and identity: for poppler */
	QUO_SANDBOX_COUNT
};

/**
 * Give up all but memory and the descriptors that stand open, for good:
 * limits of memory, time, files and output; Landlock without a rule, where
 * the kernel has it; seccomp. Opening a file then fails with EACCES, which
 * libraries bear; making a thread in the wide profile with EPERM; whatever
 * else isn't in the table of sandbox.c kills the process.
 *
 * False where any of it can't be set up; the process must then end.
 * Without the build option `sandbox` it sets the limits of time and files
 * only.
 */
bool quo_sandbox_enter(enum quo_sandbox profile);

#endif
