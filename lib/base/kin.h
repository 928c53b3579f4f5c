/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_KIN_H
#define QUO_KIN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

/**
 * The processes that descend from this one, as /proc shows them.
 */
struct quo_kin {
	pid_t pid, parent, session;
	char name[16];			/* as the kernel has it, cut */
};

/**
 * One process of /proc, by its number in decimal. False where it is gone, or
 * has ended and waits for that to be noticed.
 */
bool quo_kin_look(const char *number, struct quo_kin *kin);

/**
 * From now on what descends from us stays so: an orphan becomes our child,
 * one that called setsid(2) too. Fails with QUO_EIO.
 */
enum quo_err quo_kin_adopt(void);

/**
 * Who lives now; those that have ended and wait for it to be noticed are left
 * out. The caller frees kin. Fails with QUO_EIO (no /proc) or QUO_ENOMEM.
 */
enum quo_err quo_kin_list(struct quo_kin **kin, size_t *count);

/**
 * Wait until none lives, for that many milliseconds at most; then they are
 * killed. All that ended are waited for, so no other child may be running
 * whose status somebody wants. Whether all ended by themselves: else name is
 * one that didn't, as "sleep (1234)".
 */
bool quo_kin_settle(unsigned milliseconds, char *name, size_t size);

#endif
