/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_CODE_H
#define QUO_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypt.h"
#include "base/err.h"
#include "card/header.h"
#include "card/text.h"
#include "crypto/merkle.h"

/**
 * The two codes of a card as bytes, and the set id that ties them together.
 * docs/format.md, sections 6 and 7.
 */

#define QUO_ID8_LEN 8
/** The longest share code: 255 cards. */
#define QUO_SHARE_CODE_MAX (90 + 32 * QUO_PATH_MAX)
/** The longest set code that is one symbol, and that stands in words. */
#define QUO_SET_SYMBOL_MAX 371
#define QUO_PARTS_MAX 6
/** The longest sealed credential: all fields, 64 KiB, whole steps, tag. */
#define QUO_SEALED_MAX 67424
/** A typed share: serial, n, share, id8. */
#define QUO_TYPED_LEN 42

/** All hashes of a set. */
struct quo_set_id {
	uint8_t hash[QUO_HASH_LEN];
};

/**
 * A share code. share is a secret: keep the struct in a quo_secret.
 */
struct quo_share_code {
	uint8_t serial;
	uint8_t n;
	bool typed;		/* from words: no nonce, path, d, no whole id */
	uint8_t nonce[QUO_NONCE_LEN];
	uint8_t share[QUO_SHARE_LEN];	/* as on the card */
	uint8_t path[QUO_PATH_MAX][QUO_HASH_LEN];
	uint8_t d[QUO_HASH_LEN];
	struct quo_set_id id;	/* of a typed one its first 8 bytes only */
};

/** A set code. Owns bytes and what header owns; nothing in it is secret. */
struct quo_set_code {
	uint8_t *bytes;			/* as printed */
	size_t len;
	struct quo_header header;
	struct quo_span header_bytes;	/* in bytes */
	struct quo_span sealed;		/* in bytes; NULL: in a file */
	uint32_t sealed_len;
	uint8_t sealed_hash[QUO_HASH_LEN];
	uint8_t root[QUO_HASH_LEN];
	uint8_t d[QUO_HASH_LEN];
	struct quo_set_id id;
};

/** Room for a set id in hex, and its NUL. */
#define QUO_SET_ID_HEX (2 * QUO_HASH_LEN + 1)

/** The first len bytes of a set id, in hex. */
void quo_set_id_print(const struct quo_set_id *id, size_t len,
    char hex[QUO_SET_ID_HEX]);

/** The set id. */
void quo_code_id(const uint8_t d[QUO_HASH_LEN], uint8_t n,
    const uint8_t root[QUO_HASH_LEN], struct quo_set_id *id);

/** Write a share code; its id8 is taken from code->id. */
void quo_share_code_encode(const struct quo_share_code *code,
    struct quo_writer *w);

/**
 * Read a share code and hold it against itself: its leaf, path and D give
 * the set id, whose beginning it carries.
 * Fails with QUO_EFORMAT or QUO_ECHECK.
 */
enum quo_err quo_share_code_decode(const uint8_t *data, size_t len,
    struct quo_share_code *code);

/** What a card says in words: QUO_TYPED_LEN bytes, and back. */
void quo_typed_encode(const struct quo_share_code *code,
    uint8_t data[QUO_TYPED_LEN]);
enum quo_err quo_typed_decode(const uint8_t data[QUO_TYPED_LEN],
    struct quo_share_code *code);

/**
 * Make a set code of its header (encoded), sealed and root; code's other
 * members follow. *external tells that sealed goes into a file.
 * Fails with QUO_ETOOBIG (names that have no room) or QUO_ENOMEM.
 */
enum quo_err quo_set_code_make(struct quo_span header, struct quo_span sealed,
    const uint8_t root[QUO_HASH_LEN], struct quo_set_code *code,
    bool *external);

/**
 * Read a set code and hold it against itself.
 *
 * slack   words carry whole rows: take what the code says it has and let
 *         zeros follow; used is set to how much that was. NULL: none
 * Fails with QUO_EFORMAT, QUO_EVERSION, QUO_ECHECK or QUO_ENOMEM.
 */
enum quo_err quo_set_code_decode(const uint8_t *data, size_t len,
    size_t *slack, struct quo_set_code *code);

/** Give back what code owns; the struct is the caller's. */
void quo_set_code_clear(struct quo_set_code *code);

/** How many symbols a set code of len bytes takes: 1, or its parts. */
unsigned quo_part_count(size_t len);

/** The index-th part (from 1) of a set code; w has room for a symbol. */
void quo_part_encode(const struct quo_set_code *code, unsigned index,
    struct quo_writer *w);

/** A part, borrowed from its bytes. */
struct quo_part {
	uint8_t id8[QUO_ID8_LEN];
	uint8_t index, count;
	struct quo_span chunk;
};

/** Fails with QUO_EFORMAT or QUO_ECHECK. */
enum quo_err quo_part_decode(const uint8_t *data, size_t len,
    struct quo_part *part);

#endif
