/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_VIEW_INTERNAL_H
#define QUO_VIEW_INTERNAL_H

#include "ledger/ledger_internal.h"
#include "ledger/view.h"

/* What the files that make the view share. */

/*
 * A moment, or the end of a day, of the tables; 0 for NULL. Sets err where it
 * is neither.
 */
int64_t quo_view_moment(const char *text, enum quo_err *err);

/*
 * The view that rows in the order of names have come to; at is where the
 * last one stood. NULL: there is none of that name.
 */
struct quo_view *quo_view_seek(struct quo_views *views, size_t *at,
    const char *name);

/* A copy of a text; NULL of NULL. Sets err where there is no memory. */
char *quo_view_copy(const char *text, enum quo_err *err);

/* What is on its way to targets, and which cards of it were scanned. */
enum quo_err quo_view_load_sets(struct quo_ledger *ledger,
    struct quo_views *views);

/* Count the cards of all sets: lost, drilled, acknowledged, whose. */
enum quo_err quo_view_count_cards(struct quo_ledger *ledger,
    struct quo_views *views);

#endif
