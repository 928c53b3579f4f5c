/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_FILE_H
#define QUO_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/secret.h"

/**
 * Files that hold secrets: read with a limit, and made so that they are there
 * whole or not at all.
 */

/**
 * Read an open file from where it stands to its end; pipes will do.
 *
 * data   the caller frees it; NULL for an empty file
 * Fails with QUO_ETOOBIG (over max bytes, max < QUO_SECRET_MAX), QUO_EIO or
 * what quo_secret_new does.
 */
enum quo_err quo_file_read(int fd, size_t max, struct quo_secret **data);

/** The same by its name. Fails with QUO_ENOENT, too. */
enum quo_err quo_file_load(const char *path, size_t max,
    struct quo_secret **data);

/**
 * Read what is no secret, and may be longer than those: from where it stands
 * to its end.
 *
 * data   the caller frees it; a NUL stands behind its end
 * Fails with QUO_ETOOBIG (over max bytes), QUO_EIO or QUO_ENOMEM.
 */
enum quo_err quo_file_read_open(int fd, size_t max, char **data,
    size_t *len);

/** Write all of it. Fails with QUO_EIO. */
enum quo_err quo_file_write(int fd, const uint8_t *data, size_t len);

/**
 * Sync the directory that holds a file or directory: only then does its name
 * outlast a power cut. Fails with QUO_EIO or QUO_ENOMEM.
 */
enum quo_err quo_file_sync_above(const char *path);

/**
 * A file on its way: written, synced, but without its name, so that an
 * interrupted program leaves nothing that looks like a card. Where the file
 * system can't make nameless files it stands under a hidden name meanwhile.
 */
struct quo_stage {
	int dir;		/* borrowed */
	int fd;			/* open for reading and writing; -1: none */
	char hidden[32];	/* the name meanwhile; "" for none */
};

/**
 * Write a new file of mode 0600 into the directory dir, and sync it.
 * Fails with QUO_EIO (errno says why). Close it in each case.
 */
enum quo_err quo_stage_write(int dir, const uint8_t *data, size_t len,
    struct quo_stage *stage);

/**
 * Give it its name. Fails with QUO_EEXIST (nothing is ever overwritten) or
 * QUO_EIO. Sync dir when all are named.
 */
enum quo_err quo_stage_name(struct quo_stage *stage, const char *name);

/**
 * Give it a name that another file may have: then this one takes its place,
 * at once and whole. Fails with QUO_EIO. Sync dir afterwards.
 */
enum quo_err quo_stage_replace(struct quo_stage *stage, const char *name);

/** Let go: without a name it is gone. */
void quo_stage_close(struct quo_stage *stage);

/**
 * A whole file at once, synced, in place of one that may be there; mode as in
 * open(2), whatever the umask. Fails with QUO_EIO or QUO_ENOMEM.
 */
enum quo_err quo_file_put(const char *path, const void *data, size_t len,
    unsigned mode);

#endif
