/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_CMD_KNOWN_H
#define QUO_CMD_KNOWN_H

#include "cmd/book.h"
#include "ledger/known.h"

/**
 * For quo_pool_know, and the options of cmd/quorum.h: how a set stands by the
 * ledger. book is a struct quo_book; without a ledger nothing is known. Where
 * the ledger can't be read, book->err says why.
 */
enum quo_standing quo_known_standing(void *book, const struct quo_set_id *id,
    size_t len, const struct quo_header *header);

/** What the ledger knows of the set that a pool has at an index; as above. */
enum quo_err quo_known_of(struct quo_book *book,
    const struct quo_pool_set *set, struct quo_known_set *known);

#endif
