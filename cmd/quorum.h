/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_QUORUM_H
#define QUO_QUORUM_H

#include "card/pool.h"
#include "base/json.h"
#include "cmd/option.h"
#include "cmd/say.h"

/**
 * From cards to an opened credential, as reconstruct and rotate need it: in
 * two steps, between which it can be put on record what was presented.
 */

struct quo_quorum;

/** What was asked for. All borrowed. */
struct quo_quorum_options {
	const char *set;		/* --set: a set id in hex; or NULL */
	struct quo_list phrase_files;	/* --phrase-file SERIAL=FILE */
	bool alone;	/* no card of an unknown set may be here beside
			   another, without --set */

	/** What is known of sets, see quo_pool_know; NULL: nothing. */
	enum quo_standing (*know)(void *with, const struct quo_set_id *id,
	    size_t len, const struct quo_header *header,
	    char astray[QUO_POOL_ASTRAY]);
	/**
	 * Called before each further attempt of quo_quorum_open: more cards
	 * may have come. What is not QUO_EXIT_DONE ends it. NULL: nothing.
	 */
	enum quo_exit (*again)(void *with, const struct quo_quorum *quorum);
	void *with;			/* handed to both */
};

#define QUO_QUORUM_OPTIONS(type) \
	{ 0, "set", "ID", QUO_TEXT(type, quorum.set), \
	  .help = "the set that is meant: 32 to 64 digits of its id", \
	  .group = "the cards" }, \
	{ 0, "phrase-file", "SERIAL=FILE", \
	  QUO_LIST(type, quorum.phrase_files), \
	  .help = "the lock phrase of a card; else it is asked for. " \
	  "GENERATION/SERIAL=FILE where cards of several are here" }

/** A quorum: gathered, then opened. */
struct quo_quorum {
	struct quo_pool *pool;
	const char *name;	/* the operand that is no card; or NULL */
	size_t set;		/* its index in the pool, once gathered */
	struct quo_cards used;		/* these two once opened */
	struct quo_opened opened;
};

/** Pin the set that --set names; what is wrong is said. NULL pins none. */
enum quo_exit quo_quorum_pin(struct quo_pool *pool, const char *set);

/**
 * Read the cards among the operands, ask for more on a terminal, and choose
 * the set to open. Bad and surplus cards are named and set aside; where there
 * is no quorum, it is said who is missing. Where cards of other sets are here
 * and neither a pin nor what is known tells which is meant, that is said, and
 * at a terminal asked for. Nothing is combined.
 *
 * quorum  the caller clears it, in each case; also where this fails, its pool
 *         (unless NULL) says what was presented
 */
enum quo_exit quo_quorum_gather(const struct quo_list *operands,
    const struct quo_quorum_options *options, struct quo_quorum *quorum);

/**
 * Unlock and open what was gathered. Where its NAME is not the name that was
 * sealed, that ends it (QUO_EXIT_NO).
 *
 * If who knows of the sets failed meanwhile, go on nevertheless, after
 * quo_pool_know(quorum->pool, NULL, NULL): the choice stands, and no card
 * needs to come again.
 */
enum quo_exit quo_quorum_open(const struct quo_quorum_options *options,
    struct quo_quorum *quorum);

/**
 * Unlock what was gathered, and show that it rebuilds the key, without
 * opening: quo_pool_prove_quorum. More cards may come, as in opening.
 */
enum quo_exit quo_quorum_prove(const struct quo_quorum_options *options,
    struct quo_quorum *quorum);

/** The set that was chosen. */
const struct quo_pool_set *quo_quorum_set(const struct quo_quorum *quorum);

/** The cards and the set, as members of the JSON object. */
void quo_quorum_report(const struct quo_pool *pool, struct quo_json *json);

void quo_quorum_clear(struct quo_quorum *quorum);

#endif
