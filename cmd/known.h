/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_CMD_KNOWN_H
#define QUO_CMD_KNOWN_H

#include "base/json.h"
#include "cmd/book.h"
#include "ledger/known.h"

/**
 * For quo_pool_know, and the options of cmd/quorum.h: how a set stands by the
 * ledger. book is a struct quo_book; without a ledger nothing is known. Where
 * the ledger can't be read, book->err says why. Cards of another credential
 * than book->wanted are astray.
 */
enum quo_standing quo_known_standing(void *book, const struct quo_set_id *id,
    size_t len, const struct quo_header *header,
    char astray[QUO_POOL_ASTRAY]);

/** What the ledger knows of the set that a pool has at an index; as above. */
enum quo_err quo_known_of(struct quo_book *book,
    const struct quo_pool_set *set, struct quo_known_set *known);

/**
 * Say, a line a card on standard output, what the ledger knows of the cards
 * of a pool: whose they are, where they lie, when a drill is due; and the
 * same as members of the JSON object. Nothing without a ledger.
 *
 * Gives QUO_EXIT_NO where one of them is counted as lost, or as the ledger
 * fails, which is said.
 */
enum quo_exit quo_known_say(struct quo_book *book,
    const struct quo_pool *pool, struct quo_json *json);

#endif
