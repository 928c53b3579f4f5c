/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_TRUSTED_H
#define QUO_TRUSTED_H

#include <stddef.h>

#include "base/err.h"

/**
 * Whether a program of somebody else's may be run, or whether others than
 * root and the user we are could have put something else in its place.
 *
 * Each says the reason in why, of size bytes: path and words, where it fails
 * with QUO_EUNSAFE; else why is empty. A path comes out as it is.
 */

/**
 * The program itself: a regular file, executable, not writable by group or
 * others, owned by root, or by us where we aren't root.
 *
 * real   its path without symbolic links, set on success only, caller frees
 * Fails with QUO_ENOENT, QUO_EUNSAFE or QUO_ENOMEM.
 */
enum quo_err quo_trusted_program(const char *path, char **real, char *why,
    size_t size);

/**
 * The directories above path, which holds no symbolic link: owned by root, or
 * by us where we aren't root, not writable by group or others; a sticky one
 * further up is forgiven. Fails with QUO_EUNSAFE or QUO_ENOMEM.
 */
enum quo_err quo_trusted_above(const char *path, char *why, size_t size);

#endif
