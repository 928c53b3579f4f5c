/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_ZBAR_H
#define QUO_ZBAR_H

#include "scan/image.h"

/** The one caller of libzbar. */
struct quo_zbar;

/** A QR symbol that was read: borrowed, until the callback returns. */
struct quo_symbol {
	const uint8_t *data;
	size_t len;
	struct quo_point corner[4];	/* in pixels of the picture, in turn */
};

/** NULL without memory. */
struct quo_zbar *quo_zbar_new(void);
void quo_zbar_free(struct quo_zbar *zbar);

/**
 * Find and read all QR symbols, whole ones only: not the single parts of a
 * structured append. False without memory.
 */
bool quo_zbar_read(struct quo_zbar *zbar, const struct quo_image *image,
    void (*found)(const struct quo_symbol *symbol, void *arg), void *arg);

#endif
