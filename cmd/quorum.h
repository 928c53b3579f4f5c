/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_QUORUM_H
#define QUO_QUORUM_H

#include "card/pool.h"
#include "base/json.h"
#include "cmd/option.h"
#include "cmd/say.h"

/**
 * From cards to an opened credential, as reconstruct and rotate need it.
 */

/** What was asked for. All borrowed. */
struct quo_quorum_options {
	const char *set;		/* --set: a set id in hex; or NULL */
	struct quo_list phrase_files;	/* --phrase-file SERIAL=FILE */
	bool alone;	/* no card of another set may be here, without --set */
};

#define QUO_QUORUM_OPTIONS(type) \
	{ 0, "set", "ID", QUO_TEXT(type, quorum.set), \
	  .help = "the set that is meant: 32 to 64 digits of its id", \
	  .group = "the cards" }, \
	{ 0, "phrase-file", "SERIAL=FILE", \
	  QUO_LIST(type, quorum.phrase_files), \
	  .help = "the lock phrase of a card; else it is asked for" }

/** A quorum that opened. */
struct quo_quorum {
	struct quo_pool *pool;
	size_t set;			/* its index in the pool */
	struct quo_cards used;
	struct quo_opened opened;
};

/** Pin the set that --set names; what is wrong is said. NULL pins none. */
enum quo_exit quo_quorum_pin(struct quo_pool *pool, const char *set);

/**
 * Read the cards among the operands, ask for more on a terminal, unlock, and
 * open. Bad and surplus cards are named and set aside; where there is no
 * quorum, it is said who is missing. Where cards of other sets are here and
 * none is pinned, that is said, and at a terminal asked for.
 *
 * name    set to the operand that is no card, or NULL; where it is not the
 *         name that was sealed, that ends it (QUO_EXIT_NO)
 * quorum  the caller clears it, in each case
 */
enum quo_exit quo_quorum_open(const struct quo_list *operands,
    const struct quo_quorum_options *options, const char **name,
    struct quo_quorum *quorum);

/** The set that opened. */
const struct quo_pool_set *quo_quorum_set(const struct quo_quorum *quorum);

/** The cards and the set, as members of the JSON object. */
void quo_quorum_report(const struct quo_pool *pool, struct quo_json *json);

void quo_quorum_clear(struct quo_quorum *quorum);

#endif
