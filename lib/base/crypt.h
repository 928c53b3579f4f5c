/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_CRYPT_H
#define QUO_CRYPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/** The one caller of libgcrypt. */

#define QUO_HASH_LEN 32
#define QUO_KEY_LEN 32

/** A stretch of bytes, borrowed: what goes into a hash, piece by piece. */
struct quo_span {
	const void *data;
	size_t len;
};

/**
 * Make libgcrypt ready; idempotent, cheap. The others do so first: one that
 * is left to start by itself says in the system's log that it was.
 * Fails with QUO_ELIBRARY where the library is too old or its self-test fails.
 */
enum quo_err quo_crypt_init(void);

/** SHA-256 over the spans, one after another. FIPS 180-4. */
void quo_sha256(const struct quo_span *spans, size_t count,
    uint8_t hash[QUO_HASH_LEN]);

/** HMAC-SHA-256 over the spans. RFC 2104; key of any length. */
enum quo_err quo_hmac_sha256(const uint8_t *key, size_t key_len,
    const struct quo_span *spans, size_t count, uint8_t mac[QUO_HASH_LEN]);

/** HKDF-SHA-256, extract and expand; len <= 255 * 32. RFC 5869. */
enum quo_err quo_hkdf_sha256(struct quo_span ikm, struct quo_span salt,
    struct quo_span info, uint8_t *out, size_t len);

/**
 * AES-256-CTR, the first counter block given; in place where in == out.
 * NIST SP 800-38A. Encrypts and decrypts.
 */
enum quo_err quo_aes256_ctr(const uint8_t key[QUO_KEY_LEN],
    const uint8_t counter[16], const uint8_t *in, uint8_t *out, size_t len);

/**
 * Fill out with randomness for keys and coefficients.
 *
 * getrandom(2) XOR an AES-256-CTR key stream, whose seed is one draw of
 * libgcrypt's VERY_STRONG in this process: either may be weak. Fails closed
 * with QUO_ERANDOM, out then being zeros.
 */
enum quo_err quo_random(uint8_t *out, size_t len);

/** Whether a and b are alike, in time that depends on len only. */
bool quo_equal(const uint8_t *a, const uint8_t *b, size_t len);

#endif
