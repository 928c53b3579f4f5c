/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_FINDER_H
#define QUO_FINDER_H

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

#endif
