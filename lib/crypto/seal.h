/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_SEAL_H
#define QUO_SEAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/crypt.h"
#include "base/err.h"
#include "base/secret.h"

/**
 * The seal: AES-256-CTR, then HMAC-SHA-256 over header and ciphertext, the
 * whole tag. It commits to the key: one sealed credential opens to one
 * secret, whoever dealt it. A key seals one message, so the counter starts at
 * zero. docs/format.md, section 5.
 */

#define QUO_SALT_LEN 15
#define QUO_TAG_LEN 32
/** The plaintext fills whole steps of so many bytes. */
#define QUO_SEAL_STEP 64

/**
 * Seal a plaintext, which is whole steps long, under key and header.
 *
 * sealed   plaintext->len + QUO_TAG_LEN bytes: ciphertext ‖ tag
 */
enum quo_err quo_seal(const uint8_t key[QUO_KEY_LEN],
    const uint8_t salt[QUO_SALT_LEN], struct quo_span header,
    const struct quo_secret *plaintext, uint8_t *sealed);

/**
 * Whether key is the one, by the tag alone: nothing is decrypted, and the key
 * that could is not even derived. Fails as quo_unseal does.
 */
enum quo_err quo_seal_verify(const uint8_t key[QUO_KEY_LEN],
    const uint8_t salt[QUO_SALT_LEN], struct quo_span header,
    struct quo_span sealed);

/**
 * Open what quo_seal made; the tag is checked before anything is decrypted.
 *
 * plaintext   the caller frees it
 * Fails with QUO_ESEAL: wrong key, header or bytes, or a length that no seal
 * has.
 */
enum quo_err quo_unseal(const uint8_t key[QUO_KEY_LEN],
    const uint8_t salt[QUO_SALT_LEN], struct quo_span header,
    struct quo_span sealed, struct quo_secret **plaintext);

#endif
