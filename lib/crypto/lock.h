/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_LOCK_H
#define QUO_LOCK_H

#include <stddef.h>
#include <stdint.h>

#include "base/crypt.h"
#include "base/err.h"
#include "crypto/merkle.h"
#include "crypto/seal.h"

/**
 * The lock: what Argon2id makes of a custodian's phrase hides the share on a
 * card; what it makes of K takes K's place in the seal, so that each guess at
 * a combination of phrases costs a full pass. The one caller of libargon2.
 * RFC 9106; docs/format.md, section 9.
 *
 * Argon2's own memory can't be locked under common limits: it is kept out of
 * core dumps and wiped, but it may be swapped.
 */

struct quo_lock {
	uint8_t memory;		/* 2^memory KiB */
	uint8_t passes;		/* 0: not locked */
};

/* What the format allows, and so the most that a reader spends. */
#define QUO_LOCK_MEMORY_MIN 3
#define QUO_LOCK_MEMORY_MAX 22
#define QUO_LOCK_PASSES_MAX 64
/* The default, 64 MiB and 3 passes, and the least that a dealer may take. */
#define QUO_LOCK_MEMORY 16
#define QUO_LOCK_PASSES 3

/** What hides the share of serial (1 to 255) on its card. */
enum quo_err quo_lock_pad(struct quo_lock lock,
    const uint8_t salt[QUO_SALT_LEN], uint8_t serial, const char *phrase,
    size_t len, uint8_t pad[QUO_SHARE_LEN]);

/** W, which takes the place of K. */
enum quo_err quo_lock_stretch(struct quo_lock lock,
    const uint8_t salt[QUO_SALT_LEN], const uint8_t k[QUO_KEY_LEN],
    uint8_t w[QUO_KEY_LEN]);

/** The check word of a phrase: a number of 10 bits. */
unsigned quo_lock_check(const uint8_t salt[QUO_SALT_LEN], uint8_t serial,
    const char *phrase, size_t len);

#endif
