/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>
#include <string.h>

#include "crypto/merkle.h"

void
quo_merkle_leaf(uint8_t serial, const uint8_t nonce[QUO_NONCE_LEN],
    const uint8_t share[QUO_SHARE_LEN], uint8_t leaf[QUO_HASH_LEN])
{
	const struct quo_span spans[] = {
		{ "\x00", 1 }, { &serial, 1 },
		{ nonce, QUO_NONCE_LEN }, { share, QUO_SHARE_LEN },
	};

	quo_sha256(spans, 4, leaf);
}

static void
node(const uint8_t left[QUO_HASH_LEN], const uint8_t right[QUO_HASH_LEN],
    uint8_t hash[QUO_HASH_LEN])
{
	const struct quo_span spans[] = {
		{ "\x01", 1 }, { left, QUO_HASH_LEN }, { right, QUO_HASH_LEN },
	};

	quo_sha256(spans, 3, hash);
}

/* The largest power of two smaller than n; n > 1. */
static unsigned
left_part(unsigned n)
{
	unsigned k = 1;

	while (2 * k < n)
		k *= 2;
	return k;
}

void
quo_merkle_root(const uint8_t (*leaves)[QUO_HASH_LEN], unsigned n,
    uint8_t root[QUO_HASH_LEN])
{
	uint8_t left[QUO_HASH_LEN], right[QUO_HASH_LEN];
	unsigned k;

	if (n == 1) {
		memcpy(root, leaves[0], QUO_HASH_LEN);
		return;
	}
	k = left_part(n);
	quo_merkle_root(leaves, k, left);
	quo_merkle_root(leaves + k, n - k, right);
	node(left, right, root);
}

/*
 * The turns from the root down to a leaf: rights[d] tells whether the leaf
 * stands in the right part at depth d. Gives the depth of the leaf.
 */
static unsigned
descend(unsigned serial, unsigned n, bool rights[QUO_PATH_MAX])
{
	unsigned index = serial - 1, depth = 0, k;

	for (; n > 1 && depth < QUO_PATH_MAX; depth++) {
		k = left_part(n);
		rights[depth] = index >= k;
		index -= rights[depth] ? k : 0;
		n = rights[depth] ? n - k : k;
	}
	return depth;
}

unsigned
quo_merkle_path_len(unsigned serial, unsigned n)
{
	bool rights[QUO_PATH_MAX];

	return descend(serial, n, rights);
}

void
quo_merkle_path(const uint8_t (*leaves)[QUO_HASH_LEN], unsigned n,
    unsigned serial, uint8_t (*path)[QUO_HASH_LEN])
{
	bool rights[QUO_PATH_MAX];
	unsigned depth = descend(serial, n, rights), k;

	/* Down from the root, filling the path from its end. */
	for (unsigned d = 0; d < depth; d++) {
		k = left_part(n);
		if (rights[d]) {
			quo_merkle_root(leaves, k, path[depth - 1 - d]);
			leaves += k;
			n -= k;
		} else {
			quo_merkle_root(leaves + k, n - k,
			    path[depth - 1 - d]);
			n = k;
		}
	}
}

void
quo_merkle_climb(const uint8_t leaf[QUO_HASH_LEN], unsigned serial,
    unsigned n, const uint8_t (*path)[QUO_HASH_LEN],
    uint8_t root[QUO_HASH_LEN])
{
	bool rights[QUO_PATH_MAX];
	unsigned depth = descend(serial, n, rights);

	memcpy(root, leaf, QUO_HASH_LEN);
	for (unsigned i = 0; i < depth; i++) {
		if (rights[depth - 1 - i])
			node(path[i], root, root);
		else
			node(root, path[i], root);
	}
}
