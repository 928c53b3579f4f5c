/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_ALARM_H
#define QUO_ALARM_H

#include "cmd/book.h"

/**
 * Telling people at once, by the system's log and the site's own programs. A
 * sink that is dead or slow holds nobody longer than its limit; what it
 * didn't take is said, NOT DELIVERED, and kept for another try.
 */

/** How long a command waits for all sinks together, in seconds. */
#define QUO_ALARM_SECONDS 10

/** Deliver what the ledger holds and no sink was asked for yet. */
void quo_alarm_deliver(struct quo_book *book);

/** Sinks that didn't take an alert. */
struct quo_alarm_missed {
	char **sinks;			/* owned */
	size_t count;
};

/**
 * The same without a ledger: one event, to each sink once.
 *
 * missed   the caller gives it to quo_alarm_missed_free
 */
void quo_alarm_raise(const struct quo_settings *settings,
    const struct quo_entry *entry, struct quo_alarm_missed *missed);

void quo_alarm_missed_free(struct quo_alarm_missed *missed);

#endif
