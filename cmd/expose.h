/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_EXPOSE_H
#define QUO_EXPOSE_H

#include "base/secret.h"
#include "cmd/say.h"

/**
 * Hand a secret to a child process.
 *
 * The child is run as it stands, without a shell, in our environment and at
 * our terminal; the secret stands on a pipe on its descriptor fd (0 or 3), to
 * end of file. Meanwhile ^C is the child's to answer; SIGTERM and SIGHUP are
 * passed on to it.
 *
 * argv      NULL-terminated; argv[0] is searched for in PATH
 * tick      called about each second meanwhile, with `with`
 * seconds   then it gets SIGTERM, and 5 s later SIGKILL; 0: no deadline
 * Gives QUO_EXIT_DONE, QUO_EXIT_CHILD (it can't be run, failed, or was
 * ended; said), or QUO_EXIT_MACHINE.
 */
enum quo_exit quo_expose_exec(const struct quo_secret *secret,
    const char *const *argv, int fd, long seconds, void (*tick)(void *with),
    void *with);

/** The descriptor that a text names; -1: none. */
int quo_expose_fd_of(const char *text);

/**
 * Write it to an open descriptor, no terminal and not standard error; what is
 * wrong with an option's is said before.
 */
enum quo_exit quo_expose_fd_check(const char *option, const char *text);
enum quo_exit quo_expose_fd(const struct quo_secret *secret, const char *text);

#endif
