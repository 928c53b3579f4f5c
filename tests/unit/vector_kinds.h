/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_VECTOR_KINDS_H
#define QUO_VECTOR_KINDS_H

#include "vector.h"

/*
 * One for each file of tests/vectors: give what the library says of a block,
 * and hold everything that it works out against the block.
 */
enum quo_err vector_gf256(struct block *b);
enum quo_err vector_gf1024(struct block *b);
enum quo_err vector_shamir(struct block *b);
enum quo_err vector_hkdf(struct block *b);
enum quo_err vector_hmac(struct block *b);
enum quo_err vector_aesctr(struct block *b);
enum quo_err vector_argon2id(struct block *b);
enum quo_err vector_policy(struct block *b);
enum quo_err vector_header(struct block *b);
enum quo_err vector_plain(struct block *b);
enum quo_err vector_seal(struct block *b);
enum quo_err vector_phrase(struct block *b);

enum quo_err vector_code(struct block *b);
enum quo_err vector_share(struct block *b);
enum quo_err vector_set(struct block *b);
enum quo_err vector_part(struct block *b);
enum quo_err vector_rows(struct block *b);
enum quo_err vector_cards(struct block *b);
enum quo_err vector_open(struct block *b);

#endif
