/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_SETTLE_INTERNAL_H
#define QUO_SETTLE_INTERNAL_H

#include "cmd/settle.h"
#include "ledger/sets.h"

/* What settle.c and settle_end.c share. */

struct quo_settle {
	const struct quo_settling *settling;
	struct quo_rotating *r;
	const char *why;		/* in the log: what cards are for */
	struct quo_sets sets;
	struct quo_pool *pool;		/* all cards that were brought */
	struct quo_quorum new, old;	/* of that pool; opened or not */
};

/* Which credential, and what is on its way to its target. */
enum quo_exit quo_settle_begin(const struct quo_settling *settling,
    const char *why, struct quo_settle *settle);

/* Read the cards, and ask for more where those of wanted are no quorum. */
enum quo_exit quo_settle_gather(struct quo_settle *settle,
    const struct quo_set_row *wanted);

/* The cards of a set, where they are a quorum; row may be NULL. */
bool quo_settle_find(const struct quo_settle *settle,
    const struct quo_set_row *row, struct quo_quorum *quorum);

/* Open them, and put that on record. */
enum quo_exit quo_settle_open(struct quo_settle *settle,
    struct quo_quorum *quorum);

/* Say that a quorum of a set is needed. Gives QUO_EXIT_NO. */
enum quo_exit quo_settle_lack(const struct quo_settle *settle,
    const struct quo_set_row *row);

/* The entries to come are about this set. */
void quo_settle_about(struct quo_settle *settle,
    const struct quo_set_row *row);

/* Report, where nothing was done, how it stands; clear it. Gives end. */
enum quo_exit quo_settle_end(struct quo_settle *settle, enum quo_exit end);

#endif
