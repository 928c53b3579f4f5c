/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_DEALT_H
#define QUO_DEALT_H

#include "card/deal.h"
#include "card/pool.h"

/** What all sets of these tests seal. */
#define DEALT_SECRET "correct-horse-battery"

/** Deal a policy; the text is of quo_policy_parse. */
void dealt_make(const char *policy, struct quo_dealing *dealing);
/** The same with more to say; its credential and policy are set here. */
void dealt_make_as(struct quo_deal *deal, const char *policy,
    struct quo_dealing *dealing);

/** A card's texts under a label: the share's and the set code's, or one. */
void dealt_add_share(struct quo_pool *pool, const char *label,
    const struct quo_dealing *dealing, unsigned serial);
void dealt_add_set(struct quo_pool *pool, const char *label,
    const struct quo_dealing *dealing);
void dealt_add(struct quo_pool *pool, const char *label,
    const struct quo_dealing *dealing, unsigned serial);

/** A new pool; fails the test where there is none. */
struct quo_pool *dealt_pool(void);

/** Judge, choose and open; QUO_OK only where it is the right secret. */
enum quo_err dealt_open(struct quo_pool *pool, struct quo_cards *used);

/** The first card under a label; fails the test where there is none. */
const struct quo_pool_card *dealt_card(const struct quo_pool *pool,
    const char *label);

#endif
