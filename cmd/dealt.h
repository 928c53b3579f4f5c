/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_DEALT_H
#define QUO_DEALT_H

#include "card/deal.h"
#include "cmd/book.h"
#include "cmd/cards.h"
#include "cmd/piece.h"
#include "ledger/facts.h"

/**
 * A dealing as the ledger sees it: whether it may be, that it is intended,
 * and what came of it. Where the book has no ledger all of these do nothing,
 * and give QUO_EXIT_DONE. What goes wrong is said.
 */

struct quo_dealing_plan;

struct quo_dealt {
	struct quo_book *book;
	const char *event;		/* deal; redeal for a rotation's;
					 * reissue for what was opened */
	const char *incident;		/* of a reissue; or NULL */
	struct quo_facts facts;		/* as they were when it began */
	struct quo_checkpoint checkpoint;	/* of the intent, on cards */

	const char *confirm;		/* of a redeal: which of its cards are
					 * to be scanned first */

	/* Of its entries. */
	const char *name;
	char *policy;			/* owned */
	bool alone;			/* one person could open it */
	uint8_t id[QUO_INVENTORY_LEN];
	char inventory[2 * QUO_INVENTORY_LEN + 1];
	char generation[16], cards[8];
	char set[QUO_SET_ID_HEX];	/* "" until it is dealt; without a
					 * ledger, too… */
	bool locked;			/* …and whether its cards are */
	char expires[32];		/* "": never */
	char size[24], root[2 * QUO_HASH_LEN + 1];
	/* Of a rotation, see cmd/rotation.c. */
	unsigned probes;
	char handed[QUO_SET_ID_HEX];	/* whose secret a hook gets; "": none */
	bool counts;	/* a refusal does, as one that failed */
	size_t told;	/* the first source whose cards aren't on record */
	char handed_cards[QUO_CARDS_LIST];	/* and from which cards */
};

/** Look up what the ledger knows; clear dealt in each case. */
enum quo_exit quo_dealt_begin(struct quo_book *book, const char *event,
    const char *name, struct quo_dealt *dealt);

/**
 * Whether the ledger's rules allow such a dealing now, before anything is
 * done for it. Refused, and logged so: one that is out of place, and a policy
 * whose custodians aren't people who may hold cards.
 *
 * policy   NULL: not known yet; ask again
 */
enum quo_exit quo_dealt_check(struct quo_dealt *dealt,
    const struct quo_policy *policy);

/**
 * Put on record that it is going to be dealt. Fixes the plan's generation and
 * inventory id, and sets the checkpoint.
 */
enum quo_exit quo_dealt_intend(struct quo_dealt *dealt,
    struct quo_dealing_plan *plan);

/**
 * Put on record that the cards are out. Where that fails they are taken back,
 * as far as they can be, and it is said which are still out.
 */
enum quo_exit quo_dealt_record(struct quo_dealt *dealt,
    const struct quo_dealing *dealing, struct quo_pieces *pieces);

/**
 * Put on record that it failed, or came to nothing after all: of a set of
 * which cards are out, that it is void.
 *
 * dealing   NULL: nothing was dealt, or it was recorded
 */
void quo_dealt_fail(struct quo_dealt *dealt,
    const struct quo_dealing *dealing, const struct quo_pieces *pieces);

void quo_dealt_clear(struct quo_dealt *dealt);

#endif
