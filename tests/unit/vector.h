/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_VECTOR_H
#define QUO_VECTOR_H

#include <stddef.h>
#include <stdint.h>

#include "base/crypt.h"
#include "base/err.h"

/**
 * The blocks of tests/vectors, whose README.md has the grammar. Whatever
 * doesn't follow it fails the test.
 */

#define BLOCK_KEYS 400

struct block {
	const char *file;
	const char *key[BLOCK_KEYS], *value[BLOCK_KEYS];
	size_t count;
	uint8_t *scratch[BLOCK_KEYS];	/* what block_bytes gave */
};

/** Call one for each block of a file; gives how many there were. */
size_t vector_file(const char *path, void (*each)(struct block *block));

/** The value of a key behind the block's name; NULL where there is none. */
const char *block_text(const struct block *b, const char *key);
/** The same for "key.index". */
const char *block_item(const struct block *b, const char *key,
    unsigned index);
/** A number in decimal; fails the test where there is none. */
unsigned long block_number(const struct block *b, const char *key);
/** Bytes from hex, good until the block ends; fails where there are none. */
struct quo_span block_bytes(struct block *b, const char *key);
struct quo_span block_bytes_item(struct block *b, const char *key,
    unsigned index);

/** Bytes are as the block says: fails with its name where they aren't. */
void block_holds(struct block *b, const char *key, const void *data,
    size_t len);
void block_holds_number(struct block *b, const char *key,
    unsigned long number);

/** What the block must end with. */
enum quo_err block_result(const struct block *b);

#endif
