/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_FRONTIER_H
#define QUO_FRONTIER_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/crypt.h"
#include "base/err.h"

/**
 * The Merkle tree of RFC 6962, section 2.1, over a log that grows: of all its
 * nodes only the roots of the perfect subtrees on its right edge are kept, of
 * which the root over everything follows. docs/log.md.
 */

/** No log grows beyond 2^48 entries. */
#define QUO_FRONTIER_MAX 48
/** The longest encoding: the size, and a hash for each of its bits. */
#define QUO_FRONTIER_BYTES (8 + QUO_FRONTIER_MAX * QUO_HASH_LEN)

struct quo_frontier {
	uint64_t size;
	uint8_t peaks[QUO_FRONTIER_MAX][QUO_HASH_LEN];	/* largest first */
	unsigned count;				/* the bits set in size */
};

/** SHA-256(00 ‖ line). */
void quo_frontier_leaf(const char *line, size_t len,
    uint8_t leaf[QUO_HASH_LEN]);

/** Add the next leaf. */
void quo_frontier_add(struct quo_frontier *frontier,
    const uint8_t leaf[QUO_HASH_LEN]);

/** The root over all; of no leaves SHA-256 of nothing. */
void quo_frontier_root(const struct quo_frontier *frontier,
    uint8_t root[QUO_HASH_LEN]);

void quo_frontier_encode(const struct quo_frontier *frontier,
    struct quo_writer *w);
/** Fails with QUO_EFORMAT. */
enum quo_err quo_frontier_decode(const uint8_t *data, size_t len,
    struct quo_frontier *frontier);

#endif
