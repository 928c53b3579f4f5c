/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_SETTINGS_H
#define QUO_SETTINGS_H

#include "cmd/option.h"

/**
 * What a host and its user have settled once for all commands: the files
 * /etc/quorate/config and $XDG_CONFIG_HOME/quorate/config (~/.config where
 * that isn't set), the later one winning, key by key. Lines `key = value`;
 * empty ones and those that begin with # are skipped. Spans as in option.h.
 *
 *	ledger = PATH | none
 *	hooks = DIRECTORY          alert hooks
 *	hook-timeout = SPAN        after which an alert hook is ended
 *	deadline = SPAN            from an opening to its proven rotation
 *	review-within = SPAN       from a rotation to the review
 *	drill-every = SPAN
 *	approval-expires = SPAN
 *	max-age = SPAN             of a secret, used or not
 *	syslog = PATH | none       the socket that alerts are written to
 *	confirm = LEVEL            rendered, quorum or all: which new cards must
 *	                           be scanned before a rotation (cmd/confirm.h)
 *
 * A file that others than root and the user we are could write is refused:
 * it says where the log goes and which programs run.
 */

/** Who said where the ledger is. */
enum quo_ledger_from {
	QUO_LEDGER_NONE,	/* the configuration says that there is none */
	QUO_LEDGER_BYPASSED,	/* --no-ledger */
	QUO_LEDGER_GIVEN,	/* --ledger */
	QUO_LEDGER_CONFIG,
	QUO_LEDGER_DEFAULT,	/* /var/lib/quorate/ledger.db for root, else
				 * $XDG_STATE_HOME/quorate/ledger.db, in
				 * ~/.local/state where that isn't set */
	QUO_LEDGER_UNKNOWN	/* so it would be, but HOME isn't set either */
};

struct quo_settings {
	enum quo_ledger_from ledger_from;
	char *ledger;		/* its path; NULL for the first two and the
				 * last */
	char *hooks;		/* directory */
	char *syslog;		/* NULL for none */
	long hook_timeout;	/* these in seconds */
	long deadline;
	long review_within;
	long drill_every;
	long approval_expires;
	long max_age;
	int confirm;		/* enum quo_confirm */
};

/**
 * Read the files, and settle where the ledger is.
 *
 * settings   to clear later, also after a failure
 * A fault is said, with its file and line, and its class returned. Under
 * --no-ledger it is a warning, and that file counts as if it were not there:
 * a slip in it must not stand in the way of a rescue.
 */
enum quo_exit quo_settings_load(const struct quo_common *common,
    struct quo_settings *settings);

/**
 * What one file says in place of what settings held; none is no mistake.
 *
 * A fault is said and leaves settings as they are: a file counts whole or
 * not at all. forgiving makes it a warning and QUO_OK.
 */
enum quo_err quo_settings_merge(const char *path, bool forgiving,
    struct quo_settings *settings);

void quo_settings_clear(struct quo_settings *settings);

#endif
