/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_TREE_H
#define QUO_TREE_H

#include <stdint.h>

#include "base/crypt.h"
#include "base/err.h"
#include "crypto/merkle.h"
#include "crypto/policy.h"

/**
 * Sharing of K along a policy: a polynomial for each inner node.
 * docs/format.md, section 4. Constant time in K and the shares.
 */

/**
 * Deal K: shares[serial - 1] for each card. The caller wipes shares.
 * Fails with what quo_shamir_split does; shares are zeros then.
 */
enum quo_err quo_tree_split(const struct quo_policy *policy,
    const uint8_t k[QUO_KEY_LEN], uint8_t (*shares)[QUO_SHARE_LEN]);

/**
 * Rejoin K from the cards in use; of each node the first children that are
 * enough are taken. Fails with QUO_ENOQUORUM.
 * Any shares give some K: only unsealing tells if it is right.
 */
enum quo_err quo_tree_combine(const struct quo_policy *policy,
    const struct quo_cards *use, const uint8_t (*shares)[QUO_SHARE_LEN],
    uint8_t k[QUO_KEY_LEN]);

/**
 * Hold one more card against a quorum that opened: whether its share lies on
 * its node's polynomial.
 *
 * fits   set where it can be told; QUO_ENOQUORUM where the cards in use
 *        don't meet the threshold of its node
 */
enum quo_err quo_tree_fits(const struct quo_policy *policy,
    const struct quo_cards *use, const uint8_t (*shares)[QUO_SHARE_LEN],
    unsigned serial, bool *fits);

/**
 * Prove a dealing: with all cards there, every share of every node lies on
 * one polynomial. Gives K. Fails with QUO_EMISMATCH.
 */
enum quo_err quo_tree_prove(const struct quo_policy *policy,
    const uint8_t (*shares)[QUO_SHARE_LEN], uint8_t k[QUO_KEY_LEN]);

/**
 * How many quorums, none with a card to spare, the cards in use hold; not
 * counted past cap, at most 2^32 - 1.
 */
uint64_t quo_tree_quorums(const struct quo_policy *policy,
    const struct quo_cards *use, uint64_t cap);

/** The index-th of them, from 0, below quo_tree_quorums. */
void quo_tree_quorum(const struct quo_policy *policy,
    const struct quo_cards *use, uint64_t index, struct quo_cards *quorum);

#endif
