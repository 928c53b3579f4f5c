/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_BYTES_H
#define QUO_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/secret.h"

/**
 * Bytes that grow, to a limit: documents, and what they are written as. All
 * of it is wiped, also what growing leaves behind. Zeros, with max and secret
 * set, are empty and fit for use. The first failure is kept in err, and what
 * follows does nothing: QUO_ETOOBIG, QUO_ENOMEM, QUO_ELOCK.
 */
struct quo_bytes {
	uint8_t *data;
	size_t len;
	size_t max;		/* the most that it may hold */
	bool secret;		/* in a quo_secret: max <= QUO_SECRET_MAX */
	enum quo_err err;

	size_t cap;		/* the rest is its own */
	struct quo_secret *store;
};

/** Wipe and give back; takes one of zeros, and leaves zeros. */
void quo_bytes_free(struct quo_bytes *b);

/** Add bytes at the end. */
void quo_bytes_add(struct quo_bytes *b, const void *data, size_t len);

/** Room for len bytes more at the end, uninitialised; NULL on failure. They
 * count when b->len is raised. */
uint8_t *quo_bytes_room(struct quo_bytes *b, size_t len);

#endif
