/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_PRESENT_H
#define QUO_PRESENT_H

#include "cmd/book.h"
#include "cmd/known.h"

/**
 * Cards that were presented, as entries of the log.
 */

/**
 * One `present` entry: verdict, serial, set as far as it was read, and the
 * credential where the ledger knows the set or somebody else's claims it.
 *
 * like   what else it says (incident, detail); texts borrowed
 */
enum quo_exit quo_present_card(struct quo_book *book,
    const struct quo_pool *pool, const struct quo_pool_card *card,
    const struct quo_entry *like);

/**
 * The same for all cards from source first on, at once: all of them are on
 * the disk, or none. quo_pool_begin, called next, gives the first that is not
 * yet recorded.
 */
enum quo_exit quo_present_all(struct quo_book *book,
    const struct quo_pool *pool, size_t first, const struct quo_entry *like);

#endif
