/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_CONFIRM_H
#define QUO_CONFIRM_H

#include "cmd/dealt.h"

/**
 * Before a target is given a new secret: do its custodians have its cards?
 * All cards were read back from the files that were made of them. That says
 * nothing of the printer; so they may have to be scanned from paper first.
 */
enum quo_confirm {
	QUO_CONFIRM_RENDERED = 1,	/* the files were read back */
	QUO_CONFIRM_QUORUM,	/* so many as open it were scanned */
	QUO_CONFIRM_ALL		/* every card was scanned */
};

/** Their names, for options and settings; NULL ends. */
extern const char *const quo_confirm_levels[];

/** The level of a name; of NULL and "" 0, of an unknown one the highest. */
int quo_confirm_of(const char *name);

/** A set whose cards are to be scanned. Borrowed. */
struct quo_confirming {
	struct quo_dealt *dealt;	/* its name, and the ledger */
	const struct quo_set_id *id;
	const struct quo_policy *policy;
	enum quo_confirm level;
};

/**
 * Have the person at the terminal bring its cards until they are enough. Good
 * ones are on record as drilled. Gives QUO_EXIT_NO where nobody is there, or
 * they aren't enough: what is missing is said.
 */
enum quo_exit quo_confirm_ask(const struct quo_confirming *confirming);

/**
 * The same for cards that are in a pool already; those of which the ledger
 * knows that they were drilled count, too.
 */
enum quo_exit quo_confirm_cards(const struct quo_confirming *confirming,
    const struct quo_pool *pool);

#endif
