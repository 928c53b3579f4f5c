/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_REGION_H
#define QUO_REGION_H

#include "scan/finder.h"

/** A part of a picture, in pixels: from (x0, y0) to before (x1, y1). */
struct quo_region {
	float x0, y0, x1, y1;
	float module;		/* the least of its finder patterns' */
};

/**
 * Where symbols must be, going by their finder patterns: regions that don't
 * overlap, each within w by h. Returns how many, at most max.
 */
size_t quo_region_find(const struct quo_finder *finders, size_t count,
    unsigned w, unsigned h, struct quo_region *regions, size_t max);

#endif
