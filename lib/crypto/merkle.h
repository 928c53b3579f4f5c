/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_MERKLE_H
#define QUO_MERKLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/crypt.h"
#include "base/err.h"

/**
 * The commitment to the shares of a set: a Merkle tree as in RFC 6962,
 * section 2.1, leaves and nodes told apart by their first byte, so that one
 * card alone proves that it belongs, and nobody can add a card later.
 * docs/format.md, section 6.
 */

#define QUO_NONCE_LEN 16
#define QUO_SHARE_LEN 32
/** The longest audit path, that of 255 leaves. */
#define QUO_PATH_MAX 8

/** SHA-256(00 ‖ serial ‖ nonce ‖ share as on the card). */
void quo_merkle_leaf(uint8_t serial, const uint8_t nonce[QUO_NONCE_LEN],
    const uint8_t share[QUO_SHARE_LEN], uint8_t leaf[QUO_HASH_LEN]);

/** The root over n leaf hashes, n from 1 to 255. */
void quo_merkle_root(const uint8_t (*leaves)[QUO_HASH_LEN], unsigned n,
    uint8_t root[QUO_HASH_LEN]);

/** How many hashes the audit path of serial has: 0 to QUO_PATH_MAX. */
unsigned quo_merkle_path_len(unsigned serial, unsigned n);

/** The audit path of serial, from the leaf up. */
void quo_merkle_path(const uint8_t (*leaves)[QUO_HASH_LEN], unsigned n,
    unsigned serial, uint8_t (*path)[QUO_HASH_LEN]);

/** The root that follows from a leaf and its audit path. */
void quo_merkle_climb(const uint8_t leaf[QUO_HASH_LEN], unsigned serial,
    unsigned n, const uint8_t (*path)[QUO_HASH_LEN],
    uint8_t root[QUO_HASH_LEN]);

#endif
