/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_ALERT_H
#define QUO_ALERT_H

#include <stddef.h>

#include "base/err.h"

/**
 * Sinks of alerts: the system's log, and programs of the site's own.
 *
 * A sink takes an event or it doesn't; then why says so in words: one line of
 * valid UTF-8 without control characters, fit for an entry of the log. No
 * sink holds its caller longer than its limit. What comes of an event that
 * wasn't taken is the spool's business (spool.h).
 */

/** Room for the words. */
#define QUO_ALERT_WHY 256
/** What syslog takes, its head included; the rest is cut off. RFC 3164, 4.1. */
#define QUO_ALERT_SYSLOG_MAX 1024
/** How long a hook may take where nobody says otherwise, in seconds. */
#define QUO_ALERT_SECONDS 5

/**
 * Hand a message to syslogd or journald: authpriv.alert, in the form of RFC
 * 3164 that a local socket takes (without the host's name).
 *
 * path      of the socket; NULL: /dev/log
 * message   text; control characters, and what is no UTF-8, come out as `?`
 * Fails with QUO_EIO where nobody takes it within a second. That it was taken
 * means that it stands in the queue of the socket: no more can be known.
 */
enum quo_err quo_alert_syslog(const char *path, const char *message,
    char why[QUO_ALERT_WHY]);

/** A file of the hooks directory. */
struct quo_alert_hook {
	char *sink;			/* "hook:" and its name, cleaned */
	char *path;
	char why[QUO_ALERT_WHY];	/* why it may not be run; "": it may */
};

/**
 * The hooks of a directory, by name (bytes compared).
 *
 * All that stands in it counts, but hidden files, those that end with `~`,
 * and what dpkg leaves (`.dpkg-`): a hook that lost its mode bits must show
 * as failed. A hook may be run where it is as base/trusted.h wants it,
 * the directories above it and above what a link leads to as well, and where
 * its name is made of A-Z, a-z, 0-9, dot, underscore and minus.
 *
 * hooks   the caller frees them with quo_alert_hooks_free
 * Fails with QUO_ENOENT (no such directory), QUO_EIO (errno says why) or
 * QUO_ENOMEM.
 */
enum quo_err quo_alert_hooks_list(const char *dir,
    struct quo_alert_hook **hooks, size_t *count);

void quo_alert_hooks_free(struct quo_alert_hook *hooks, size_t count);

/**
 * Run a hook with an event: the line and a line feed on standard input,
 * nothing but PATH in the environment, in a session of its own (see
 * base/child.h). It took the event when it exits with 0. What it writes is
 * dropped, but for its first words where it fails.
 *
 * line      one line of JSON, without its end
 * seconds   then it is killed with its session; 0: QUO_ALERT_SECONDS
 * Fails with QUO_ENOENT or QUO_EUNSAFE (looked at anew: it wasn't run),
 * QUO_ECHILD (not started, or it didn't exit with 0), QUO_ETIMEOUT or
 * QUO_ENOMEM.
 */
enum quo_err quo_alert_hook(const char *path, const char *line,
    unsigned seconds, char why[QUO_ALERT_WHY]);

#endif
