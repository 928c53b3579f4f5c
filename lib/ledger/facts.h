/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_FACTS_H
#define QUO_FACTS_H

#include "crypto/policy.h"
#include "ledger/ledger.h"

/**
 * What the ledger knows of a credential, for whoever deals or rotates it.
 * Owns its texts; NULL where nothing is known.
 */
struct quo_facts {
	enum quo_state state;
	char inventory[2 * QUO_INVENTORY_LEN + 1];	/* hex; "": none */
	uint32_t generation;	/* the highest that went out or may have, also
				   if void; 0: none */
	char *set, *policy;	/* of the newest set that the target was or may
				   have been given… */
	uint32_t newest;	/* …and its generation */
	char *account, *target, *hook;		/* of the inventory */
	bool locked;		/* the cards of the newest one want phrases,
				 * also if the target wasn't given it */
	int64_t burned;		/* since when; 0: it isn't */
	int64_t unended;	/* dealings begun whose end is not recorded */
	int64_t failures;	/* dealings and rotations that came to nothing,
				 * or to no known end, since the last one that
				 * didn't… */
	int64_t tried;		/* …and when the last of them was tried */
};

/** Clear facts in each case. */
enum quo_err quo_facts_load(struct quo_ledger *ledger, const char *name,
    struct quo_facts *facts);
void quo_facts_clear(struct quo_facts *facts);

/**
 * Whether the names of a policy are people who may hold its cards: on the
 * roster, custodians, still here, and no auditors. Without a roster, names
 * are what people say.
 *
 * why   set where they aren't: who, and what to do
 * Fails with QUO_EREFUSED, or as the database does.
 */
enum quo_err quo_facts_custodians(struct quo_ledger *ledger,
    const struct quo_policy *policy, char why[QUO_WHY_MAX]);

/**
 * Say what the inventory doesn't know yet of a credential, and log it. What
 * it knows stands. NULL: nothing to say. Between begin and commit.
 */
enum quo_err quo_facts_learn(struct quo_ledger *ledger, const char *name,
    const char *account, const char *target);

/**
 * Log dealings of a credential of an earlier generation that were begun and
 * never ended as failed: none of them can end any more. Between begin and
 * commit.
 */
enum quo_err quo_facts_end_intents(struct quo_ledger *ledger,
    const char *name, uint32_t generation);

#endif
