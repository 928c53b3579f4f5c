/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_ALERTS_H
#define QUO_ALERTS_H

#include "cmd/book.h"
#include "ledger/receipt.h"
#include "ledger/spool.h"

/**
 * Alerts as commands send them, by ledger/spool.h and the settings of the
 * host. No sink that fails makes a command fail: it is a warning, and tried
 * again by `quorate log deliver`.
 */

/**
 * Send what the entries of this command alert of: in little more time than
 * one hook may take, whatever the sinks do. Not within begin and commit.
 */
void quo_alerts_send(struct quo_book *book);

/** The sinks that were not reached. */
struct quo_alerts_missed {
	size_t count;
	const char *sinks[QUO_RECEIPT_SINKS];
	char names[QUO_RECEIPT_SINKS][256];	/* what sinks points to */
};

/**
 * Send what no ledger will hold, as in quo_spool_tell, and note for the
 * receipt who was not reached. missed is not to be copied.
 */
void quo_alerts_tell(const struct quo_settings *settings,
    const struct quo_entry *entry, struct quo_alerts_missed *missed);

#endif
