/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_CHILD_H
#define QUO_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/secret.h"

/** Bytes that the child reads from its descriptor fd, to end of file. */
struct quo_feed {
	int fd;				/* below 20 */
	const uint8_t *data;
	size_t len;
};

/** The number under which a child holds a descriptor of ours. */
#define QUO_CHILD_HELD 8
/** The most descriptors that one child is fed on. */
#define QUO_CHILD_FEEDS 3
/** How much of a child's standard error is kept. */
#define QUO_CHILD_NOTE 512

/**
 * A child process: what it gets, what it may take, what it said.
 *
 * Everything is borrowed but out and note, which quo_child_run sets. The
 * child runs in a session of its own, without a terminal; it inherits no
 * descriptor but 0, 1, 2, those of its feeds and the one it is to hold;
 * standard input is /dev/null unless stdin_fd or a feed gives it. No shell
 * stands in between.
 *
 * Its standard error goes to nobody's terminal: the first of it is kept in
 * note, the rest is read and dropped, so that it never stands still. Control
 * characters but the line's end are replaced by `?`.
 */
struct quo_child {
	const char *path;		/* of the program; not searched */
	const char *const *argv;	/* NULL-terminated */
	const char *const *env;		/* NULL-terminated; NULL: empty */
	struct quo_feed feeds[QUO_CHILD_FEEDS];
	size_t feed_count;
	int stdin_fd;			/* an open file for fd 0, or -1 */
	int held;			/* an open file for QUO_CHILD_HELD: a
					 * lock that lasts as long as anything
					 * that the child started; 0: none */
	size_t out_max;			/* of standard output; 0: to stderr */
	bool join;			/* standard error goes to out, too */
	unsigned seconds;		/* then it is killed, its session too */

	struct quo_secret *out;		/* what it wrote; NULL for nothing */
	char note[QUO_CHILD_NOTE];	/* the first of its standard error, or
					 * why it could not be started */
	int status;			/* as waitpid(2) gives it */
};

/**
 * Run a child to its end: feed it, gather what it writes, wait for it.
 *
 * Its end ends the run: what it left behind in the background is neither
 * waited for nor killed. Past its time, or with too much output, it is killed
 * with its whole session (base/session.h).
 *
 * Fails with QUO_ECHILD (it could not be started), QUO_ETIMEOUT, QUO_ETOOBIG
 * (it wrote more than out_max) or QUO_ENOMEM. That it exited non-zero is no
 * failure here: look at status. The caller frees out, also after a failure.
 * SIGPIPE is blocked meanwhile, so a child may leave its input unread; and
 * SIGCHLD isn't ignored meanwhile.
 */
enum quo_err quo_child_run(struct quo_child *child);

/**
 * The path of a helper program of ours: beside the running program when that
 * stands in its build tree, else in libexecdir. name has no slash; the
 * caller frees path. Fails with QUO_ENOENT.
 */
enum quo_err quo_child_helper(const char *name, char **path);

#endif
