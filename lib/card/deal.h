/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_DEAL_H
#define QUO_DEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/secret.h"
#include "card/code.h"
#include "card/credential.h"
#include "card/phrase.h"

/**
 * Dealing: from a credential and a policy to the codes of all cards.
 */

/** What is to be dealt; all borrowed. */
struct quo_deal {
	struct quo_credential credential;
	const struct quo_policy *policy;
	bool names;		/* the custodians' names go into the codes */
	uint32_t generation;	/* 1 for the first dealing */
	const uint8_t *inventory;	/* QUO_INVENTORY_LEN; NULL: a new one */
	struct quo_day issued, review;
	struct quo_lock lock;	/* passes 0: not locked */
	bool cheap_lock;	/* tests: below the least that protects */
	struct quo_checkpoint checkpoint;	/* size 0: none */
};

/** A dealt set. It owns all; card[serial - 1] is in `cards`. */
struct quo_dealing {
	struct quo_set_code set;
	struct quo_secret *cards;	/* n of struct quo_share_code */
	struct quo_secret *phrases;	/* n of QUO_PHRASE_TEXT; NULL: none */
	uint8_t *sealed;		/* where it goes into a file; or NULL */
	size_t sealed_len;
	unsigned n;
};

/**
 * Deal: K, shares, seal, commitment. Nothing is kept of K.
 *
 * Fails with QUO_EINVAL (a field, the policy, or a lock that costs a thief
 * too little), QUO_ETOOBIG or what the machine refuses. Read the cards back
 * before you say that it is done: quo_pool_prove.
 */
enum quo_err quo_deal(const struct quo_deal *deal,
    struct quo_dealing *dealing);

/** Wipe and give back what dealing owns; the struct is the caller's. */
void quo_dealing_clear(struct quo_dealing *dealing);

/** A card's share code. */
const struct quo_share_code *quo_dealing_card(
    const struct quo_dealing *dealing, unsigned serial);

/** A card's phrase with its check word; NULL where the set isn't locked. */
const char *quo_dealing_phrase(const struct quo_dealing *dealing,
    unsigned serial);

/** The text of a card's share code. The caller frees it. */
enum quo_err quo_dealing_share_text(const struct quo_dealing *dealing,
    unsigned serial, struct quo_secret **text);

/**
 * The text of the set code, or of its index-th part (from 1) where
 * quo_part_count(dealing->set.len) > 1. The caller frees it.
 */
enum quo_err quo_dealing_set_text(const struct quo_dealing *dealing,
    unsigned index, struct quo_secret **text);

#endif
