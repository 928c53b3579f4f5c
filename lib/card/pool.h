/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_POOL_H
#define QUO_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "card/code.h"
#include "card/credential.h"

/**
 * Cards as they are presented: any number, in any order, of any sets, good
 * and bad. The pool sorts them by set, gives each a verdict, and opens a set
 * of which a quorum is there. A bad or surplus card never hurts a good one.
 *
 * Add what was read, then call quo_pool_judge, then look; more may be added
 * later, and judged again.
 */
struct quo_pool;

/** What can be said of a card without opening anything. */
enum quo_verdict {
	QUO_CARD_DAMAGED,	/* a check is wrong; `why` and `part` say which */
	QUO_CARD_WHOLE,		/* consistent, of a set that isn't known here */
	QUO_CARD_GENUINE,	/* consistent, of the pinned or current set */
	QUO_CARD_RETIRED,	/* consistent, of a set that was replaced */
	QUO_CARD_FOREIGN,	/* consistent, of another set than the pinned */
	QUO_CARD_SUSPECT,	/* of a set that says it is another one */
	QUO_CARD_DUPLICATE	/* the same card again */
};

/** The name of a verdict: "damaged", "whole"…; static. */
const char *quo_verdict_name(enum quo_verdict verdict);

/** Which part of a card a verdict is about. */
enum quo_card_part {
	QUO_PART_CARD,		/* all of it, or how its parts go together */
	QUO_PART_SHARE,		/* the share code */
	QUO_PART_SET,		/* the set code */
	QUO_PART_TEXT		/* a text that is neither */
};

/** What a caller that keeps account of sets knows of one. */
enum quo_standing {
	QUO_SET_UNKNOWN,	/* nothing */
	QUO_SET_CURRENT,	/* its cards are out, and are to open */
	QUO_SET_WAITING,	/* its cards are out, but its target was never
				   given what they open */
	QUO_SET_RETIRED,	/* it was replaced, or its credential ended */
	QUO_SET_REPLACED,	/* by one that opens the same secret: the
				   target takes it still */
	QUO_SET_SUSPECT		/* another id than the one known for its
				   inventory id and generation */
};

#define QUO_NO_SET ((size_t)-1)

/** Room for why the cards of a set aren't meant. */
#define QUO_POOL_ASTRAY 600

/** A card in the pool; borrowed until the pool is changed. */
struct quo_pool_card {
	const char *label;	/* where it came from */
	size_t source;		/* its number, in the order of adding */
	enum quo_verdict verdict;
	enum quo_err why;		/* of a damaged one */
	enum quo_card_part part;	/* of a damaged one */
	unsigned serial, n;	/* 0 where no share was read */
	size_t set;		/* index of its set, or QUO_NO_SET */
	bool typed;		/* from words: unverified until the seal opens */
	bool incomplete;	/* its own set code was not read; usable */
	bool usable;		/* counts towards the quorum */
};

/** A set in the pool; borrowed until the pool is changed. */
struct quo_pool_set {
	struct quo_set_id id;
	size_t id_len;	/* how much of it is known: QUO_ID8_LEN, the rest
			   being 0, where only words are here */
	const struct quo_set_code *code;	/* NULL where none was read */
	struct quo_cards present;	/* usable cards by serial */
	unsigned count;			/* how many */
	bool enough;			/* they meet the policy */
	bool pinned;
	enum quo_standing standing;
	char astray[QUO_POOL_ASTRAY];	/* why its cards aren't meant here, as
					 * quo_pool_know was told; "": they
					 * may be. Not opened without a pin */
	bool sealed;		/* the sealed credential is here */
};

enum quo_err quo_pool_new(struct quo_pool **pool);
void quo_pool_free(struct quo_pool *pool);

/** Pin a set by the first len bytes of its id; len from 16 to 32. */
enum quo_err quo_pool_pin(struct quo_pool *pool, const uint8_t *id,
    size_t len);

/**
 * Let the pool ask what is known of sets: at each judging, once for each set.
 *
 * know    gets the id, of which only the first len bytes are known (32, or
 *         QUO_ID8_LEN where only words are here), and the header: NULL where
 *         no set code was read. What it can't find out is QUO_SET_UNKNOWN:
 *         it keeps for itself why. Where the cards are not what is asked
 *         for it says in astray why, which is "" else. NULL: nothing is
 *         known any more; judge again, and the cards are as if nobody had
 *         been asked
 * with    handed to it; borrowed as long as the pool judges
 */
void quo_pool_know(struct quo_pool *pool, enum quo_standing (*know)(
    void *with, const struct quo_set_id *id, size_t len,
    const struct quo_header *header, char astray[QUO_POOL_ASTRAY]),
    void *with);

/** Whether somebody is asked what is known. */
bool quo_pool_asks(const struct quo_pool *pool);

/*
 * Adding. label says where from ("cards.pdf, page 2"); all that is added in
 * a row under one label is one source, in which the codes of a card are held
 * together. What is damaged is taken note of, not refused: these fail only
 * as the machine does. A whole text card: card/textcard.h.
 */

/**
 * End the source: what is added next is of a new one, even under the same
 * label. Gives its number.
 */
size_t quo_pool_begin(struct quo_pool *pool);

/** A text as scanned, or a line of a text card. */
enum quo_err quo_pool_add_text(struct quo_pool *pool, const char *label,
    const char *text, size_t len);

/** A share from words: QUO_TYPED_LEN bytes. */
enum quo_err quo_pool_add_typed(struct quo_pool *pool, const char *label,
    const uint8_t *data);

/**
 * A set code from words: all bytes that its rows hold, as quo_words_decode
 * gives them. QUO_OK also where damaged.
 */
enum quo_err quo_pool_add_set(struct quo_pool *pool, const char *label,
    const uint8_t *data, size_t len);

/** A source in which there was nothing to be read, or something broken. */
enum quo_err quo_pool_add_damaged(struct quo_pool *pool, const char *label,
    enum quo_card_part part, enum quo_err why);

/**
 * A file that may be the sealed credential of a set: found by its hash, so
 * that one which belongs to no set does no harm.
 */
enum quo_err quo_pool_add_sealed(struct quo_pool *pool, const uint8_t *data,
    size_t len);

/** Give verdicts to all that is there. Fails with QUO_ENOMEM. */
enum quo_err quo_pool_judge(struct quo_pool *pool);

const struct quo_pool_card *quo_pool_cards(const struct quo_pool *pool,
    size_t *count);
const struct quo_pool_set *quo_pool_sets(const struct quo_pool *pool,
    size_t *count);

/*
 * Opening
 */

/**
 * Which set to open, among those with a quorum: the pinned one where there is
 * a pin; else the only current one; else, where none is current, the only
 * one, be it unknown or retired: look at its standing, and say it. One that
 * is suspect needs a pin. Never a majority: two that are alike, and it is
 * neither.
 * Fails with QUO_ENOQUORUM or QUO_EMISMATCH (several quorums).
 */
enum quo_err quo_pool_choose(const struct quo_pool *pool, size_t *set);

/**
 * Unlock a card of a locked set with its phrase (7 words).
 * Fails with QUO_EWORD (at: which), QUO_EPHRASE or QUO_ENOENT (no such card
 * is there).
 */
enum quo_err quo_pool_unlock(struct quo_pool *pool, size_t set,
    unsigned serial, const char *phrase, size_t len, unsigned *at);

/** The cards that can be used now: present, and unlocked where need be. */
void quo_pool_ready(const struct quo_pool *pool, size_t set,
    struct quo_cards *ready);

/** How many combinations are tried where some cards are unverified. */
#define QUO_POOL_TRIES 1000

/**
 * Open a set with the cards that are ready; verified ones are tried first.
 * Afterwards typed cards are known to be right, or are damaged: judged anew.
 *
 * opened  the caller clears it
 * used    the quorum that opened; NULL: not wanted
 * Fails with QUO_EMISSING (the set code, or its sealed file), QUO_ECHECK (a
 * sealed file, but not this set's), QUO_ENOQUORUM, QUO_EPHRASE (there is one,
 * but cards of it are locked), QUO_ESEAL (no combination opens), QUO_EFORMAT
 * (it opens, but holds no credential), or as the machine does.
 */
enum quo_err quo_pool_open(struct quo_pool *pool, size_t set,
    struct quo_opened *opened, struct quo_cards *used);

/**
 * Show that the cards that are ready rebuild K and that K is right, without
 * opening: the seal's tag is checked, and nothing is ever decrypted. K is
 * there for a moment. As after quo_pool_open, typed cards are judged anew.
 *
 * Fails as quo_pool_open does.
 */
enum quo_err quo_pool_prove_quorum(struct quo_pool *pool, size_t set,
    struct quo_cards *used);

/**
 * Prove a dealing: all n cards of the set are here, all shares lie on their
 * polynomials, several quorums give the same K, and it opens the seal.
 *
 * opened  what was sealed, for comparison; the caller clears it
 * Fails with QUO_ENOQUORUM (a card is missing), QUO_EMISMATCH, or as
 * quo_pool_open does.
 */
enum quo_err quo_pool_prove(struct quo_pool *pool, size_t set,
    struct quo_opened *opened);

#endif
