/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_SESSION_H
#define QUO_SESSION_H

#include <sys/types.h>

/**
 * Kill every process of the session that leader leads, at once (SIGKILL):
 * its process group, then, as /proc shows them, the groups that job control
 * or timeout(1) made in it. leader must not have been waited for yet, so that
 * its number can't be another's. What left the session by setsid(2) stays.
 */
void quo_session_kill(pid_t leader);

#endif
