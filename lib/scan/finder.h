/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_FINDER_H
#define QUO_FINDER_H

#include <stdbool.h>

#include "scan/image.h"

/** The three large squares in the corners of a QR symbol. */
struct quo_finder {
	struct quo_point at;	/* of its centre, in pixels */
	float module;		/* pixels, along the row */
};

/**
 * Count finder patterns: dark and light in 1:1:3:1:1, across and down. Cheap
 * and rough: it tells whether something is left to be read, no more.
 */
size_t quo_finder_scan(const struct quo_image *image,
    struct quo_finder *finders, size_t max);

/**
 * Whether the square of which three finder patterns make corners is as dark
 * as a symbol: about half, and lines of letters a sixth. Dark is below the
 * square's mean, so that a shadow's edge can only add to it.
 *
 * at      the one between the others; all as parts of width and height
 */
bool quo_finder_dense(const struct quo_image *image, struct quo_point at,
    struct quo_point one, struct quo_point other);

#endif
