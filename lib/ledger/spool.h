/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_SPOOL_H
#define QUO_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "ledger/ledger.h"

/**
 * Alerts on their way. Each entry that alerts is noted for delivery in the
 * transaction that makes it, so none is lost; here it is handed to each sink
 * (alert.h), and tried again until that took it: at least once, perhaps twice
 * where a process dies in between. The first failure makes an `undelivered`
 * entry, and success after one a `delivered` entry.
 *
 * Sinks are "syslog", "hook:NAME", and "hooks" where the directory of hooks
 * can't be read. Hooks get the entry's line of JSON with one key more:
 * `checkpoint`, that of the moment, as in checkpoint.h. Syslog gets the like
 * as `key="value"`. So whoever is told is a witness of the log.
 */

/** Where alerts go, and how long it may take. All is borrowed. */
struct quo_spool {
	const char *hooks;	/* the directory; NULL: none */
	const char *syslog;	/* the socket; NULL: none */
	unsigned hook_seconds;	/* for one hook; 0: QUO_ALERT_SECONDS */
	unsigned seconds;	/* for all; 0: no limit. The rest waits */
	bool again;		/* also what failed so short a time ago that
				 * it isn't due */
	bool fresh;		/* only what no sink was asked for yet, and
				 * what was never tried */
	/* called for each try; why is "" where it was taken; may be NULL */
	void (*told)(void *arg, uint64_t entry, const char *sink,
	    const char *why);
	void *arg;
};

/**
 * Deliver what is due. A sink that fails is not tried again in this run, and
 * with the same entry only after 1, 2, 4… minutes, 60 at most. No lock is
 * held while a sink works: others may use the ledger, and do the same.
 *
 * Without any sink, by configuration, entries count as delivered.
 * Not between begin and commit. Fails as the ledger does; that a sink fails
 * is no failure here.
 */
enum quo_err quo_spool_run(struct quo_ledger *ledger,
    const struct quo_spool *spool);

/**
 * Tell each sink once of something that no ledger has an entry of: a rescue
 * without it. Nothing is kept: who failed is known by spool->told alone, its
 * entry being 0. Hooks get the line of JSON without its number; time, event,
 * host and so on are as the caller sets them. fresh has no meaning here.
 * Fails with QUO_EINVAL (a value can't be one) or QUO_ENOMEM.
 */
enum quo_err quo_spool_tell(const struct quo_spool *spool,
    const struct quo_entry *entry);

/** An alert that a sink hasn't taken. */
struct quo_spool_item {
	uint64_t entry;
	const char *event;	/* of the entry; borrowed, as all here */
	const char *sink;	/* "": no sink was asked for yet */
	unsigned tries;
	const char *next;	/* when, UTC; NULL: with the next run */
	const char *error;	/* why; NULL: not tried yet */
};

/** Visit what is not delivered, oldest first, until visit gives an error. */
enum quo_err quo_spool_each(struct quo_ledger *ledger,
    enum quo_err (*visit)(void *arg, const struct quo_spool_item *item),
    void *arg);

/** How many there are. */
enum quo_err quo_spool_count(struct quo_ledger *ledger, uint64_t *count);

/**
 * Give a sink up: what it hasn't taken is no longer tried, which is logged.
 * Fails with QUO_ENOENT where nothing waits for it.
 */
enum quo_err quo_spool_forget(struct quo_ledger *ledger, const char *sink,
    const char *reason);

#endif
