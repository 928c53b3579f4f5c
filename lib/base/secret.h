/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_SECRET_H
#define QUO_SECRET_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/**
 * A secret and its one owner.
 *
 * The bytes stand in a mapping of their own: locked against swap, left out of
 * core dumps, wiped in forked children, between two guard pages, wiped on
 * free and then out of reach. data starts out as zeros. A shorter secret ends
 * at the upper guard page only when its length is a multiple of 16.
 */
struct quo_secret {
	uint8_t *data;
	size_t len;
};

/** The longest one: sealed credential, page of a card as rendered. */
#define QUO_SECRET_MAX (4u << 20)

/**
 * Make a secret of len zero bytes; 1 <= len <= QUO_SECRET_MAX.
 *
 * Fails with QUO_ELOCK where memory can't be locked while swap is active and
 * quo_secret_allow_unlocked was not called.
 */
enum quo_err quo_secret_new(size_t len, struct quo_secret **secret);

/** The same, holding a copy of len bytes. */
enum quo_err quo_secret_copy(const uint8_t *data, size_t len,
    struct quo_secret **secret);

/** Wipe and give back. Takes NULL. */
void quo_secret_free(struct quo_secret *secret);

/** Shorten to len bytes, wiping the rest. */
void quo_secret_truncate(struct quo_secret *secret, size_t len);

/** Wipe memory that isn't a quo_secret: scratch arrays at `out:`. */
void quo_wipe(void *data, size_t len);

/**
 * For once, process-wide: a failed lock is no error. (--allow-unlocked.)
 * Call it before anything else. (The library's other mutable globals are pages
 * kept for reuse here, and the seed of quo_random.)
 */
void quo_secret_allow_unlocked(void);

/**
 * Keep this process's memory from others: no core dumps, no ptrace by the
 * same user. Call it first in main.
 */
enum quo_err quo_secret_harden(void);

#endif
