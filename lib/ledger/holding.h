/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_HOLDING_H
#define QUO_HOLDING_H

#include "crypto/policy.h"
#include "ledger/ledger.h"

/** Who holds which cards of a set, as the ledger knows it. */

struct quo_held {
	char *custodian;	/* NULL: the policy names none */
	char *location, *bag;	/* NULL: not told */
	bool acknowledged;
	bool drilled;		/* shown to be good since it was dealt */
	bool lost;
};

struct quo_holding {
	char *credential;
	char *set;		/* its id, 64 hex digits */
	unsigned generation;
	bool current;		/* else a rotation has it on its way… */
	bool former;		/* …or a reissue replaced it, and it opens
				 * what the target takes */
	struct quo_policy *policy;
	struct quo_held card[QUO_CARDS_MAX + 1];	/* by serial, from 1 */
};

/**
 * A set that is out of a credential, and of use.
 *
 * generation   0: the current set, or one that is on its way to be
 * holding      the caller frees it
 * Fails with QUO_ENOENT: there is none.
 */
enum quo_err quo_holding_load(struct quo_ledger *ledger, const char *name,
    unsigned generation, struct quo_holding **holding);

/** Takes NULL. */
void quo_holding_free(struct quo_holding *holding);

/** What lost cards mean to a set. */
struct quo_left {
	unsigned cards;		/* not lost */
	unsigned lost;
	bool opens;		/* whether those not lost can open it */
	unsigned spare;		/* whichever so many more are lost, it opens */
	unsigned finder;	/* cards that who has the lost ones still
				 * wants; 0: they open it by themselves */
};

void quo_holding_left(const struct quo_holding *holding,
    struct quo_left *left);

/**
 * Call tell for each set that is out, in the order of the credentials'
 * names. What tell is given is good until it returns.
 */
enum quo_err quo_holding_each(struct quo_ledger *ledger,
    void (*tell)(void *context, const struct quo_holding *holding),
    void *context);

#endif
