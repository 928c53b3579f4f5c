/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_KNOWN_H
#define QUO_KNOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "card/code.h"
#include "card/pool.h"
#include "ledger/ledger.h"

/**
 * What the ledger knows of cards that somebody brings.
 */

/** Of a set. Owns its texts. */
struct quo_known_set {
	/**
	 * Current: its cards are out and open what the target takes, or may
	 * take (a rotation is on its way). Retired: it was replaced, or never
	 * took effect, or its credential is retired. Suspect: another set was
	 * dealt under its inventory id and generation.
	 */
	enum quo_standing standing;
	bool waiting;		/* current, but the target was never given it:
				 * a rotation stopped before that */
	bool live;		/* retired, but a reissue only dealt the same
				 * secret again: it opens what the target
				 * takes */
	char *credential;	/* of a suspect one: whom it claims to be */
	char *set;		/* all 64 hex digits; NULL unless it is known */
	uint32_t generation;
};

/**
 * Look up a set by the first len bytes of its id, 8 or 32.
 *
 * header   what its set code says; NULL where none was read: then it can't
 *          be found out to be suspect
 * known    the caller clears it, after success
 */
enum quo_err quo_known_set(struct quo_ledger *ledger,
    const struct quo_set_id *id, size_t len, const struct quo_header *header,
    struct quo_known_set *known);

void quo_known_set_clear(struct quo_known_set *known);

/** Of a card. Owns its texts; NULL where nothing is known. Times are UTC. */
struct quo_known_card {
	char *custodian;
	char *location, *bag;
	char *acknowledged, *drilled, *lost;	/* when */
	char *dealt;
	int64_t drill_every;	/* seconds, of its credential; 0: as usual */
};

/** Fails with QUO_ENOENT: the ledger has no such card. */
enum quo_err quo_known_card(struct quo_ledger *ledger, const char *set,
    unsigned serial, struct quo_known_card *known);

void quo_known_card_clear(struct quo_known_card *known);

#endif
