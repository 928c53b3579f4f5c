/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_PICK_H
#define QUO_PICK_H

#include "cmd/book.h"
#include "ledger/holding.h"

/** Which cards of a set a command is about: by serial, or by who has them. */
struct quo_pick {
	const char *name;	/* of the credential */
	long generation;	/* 0: of the set that is out */
	long card;		/* 0: by custodian */
	const char *custodian;	/* NULL: by card */
	bool former;		/* of a set that a reissue replaced, too */
};

/**
 * Find them. Neither or both of card and custodian is misuse.
 *
 * holding   the caller frees it
 * picked    by serial
 * What is not there is said, and what is.
 */
enum quo_exit quo_pick_cards(struct quo_book *book,
    const struct quo_pick *pick, struct quo_holding **holding,
    struct quo_cards *picked);

/**
 * Record an entry for a card of a set: event, credential, set, generation,
 * card and, where the policy names one, person are filled in.
 */
enum quo_err quo_pick_record(struct quo_book *book,
    const struct quo_holding *holding, unsigned serial,
    struct quo_entry *entry);

/** "card 2 (ciso)", or "card 2". */
#define QUO_PICK_TEXT 300
void quo_pick_print(const struct quo_holding *holding, unsigned serial,
    char text[QUO_PICK_TEXT]);

#endif
