/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "scan/region.h"

/* The diagonal between the finder patterns of our largest symbol, version 15
 * with 77 modules, and something for perspective. */
#define DIAGONAL 110.0f
#define MARGIN 8.0f

/* How far from this pattern its symbol may reach: its two other patterns
 * are the nearest two of like size. */
static float
reach(const struct quo_finder *finders, size_t count, size_t self)
{
	const struct quo_finder *f = &finders[self], *g;
	float best[2] = { DIAGONAL * f->module, DIAGONAL * f->module };
	float d;

	for (size_t i = 0; i < count; i++) {
		g = &finders[i];
		if (i == self || g->module > 2 * f->module ||
		    f->module > 2 * g->module)
			continue;
		d = hypotf(f->at.x - g->at.x, f->at.y - g->at.y);
		if (d < best[0]) {
			best[1] = best[0];
			best[0] = d;
		} else if (d < best[1]) {
			best[1] = d;
		}
	}
	/* The second is the side or the diagonal; the fourth corner is never
	 * further than the diagonal. */
	d = best[1] * 1.2f > best[0] * 1.6f ? best[1] * 1.2f : best[0] * 1.6f;
	return d + MARGIN * f->module;
}

static bool
overlap(const struct quo_region *a, const struct quo_region *b)
{
	return a->x0 < b->x1 && b->x0 < a->x1 && a->y0 < b->y1 &&
	    b->y0 < a->y1;
}

static void
unite(struct quo_region *a, const struct quo_region *b)
{
	a->x0 = fminf(a->x0, b->x0);
	a->y0 = fminf(a->y0, b->y0);
	a->x1 = fmaxf(a->x1, b->x1);
	a->y1 = fmaxf(a->y1, b->y1);
	a->module = fminf(a->module, b->module);
}

/* Add a region, taking in all others that it meets, and those that these
 * then meet; where there is no room, the last one grows. */
static size_t
add(struct quo_region *regions, size_t count, size_t max,
    struct quo_region new)
{
	for (size_t i = 0; i < count;) {
		if (!overlap(&regions[i], &new) && count < max) {
			i++;
			continue;
		}
		unite(&new, &regions[i]);
		regions[i] = regions[--count];
		i = 0;
	}
	regions[count] = new;
	return count + 1;
}

size_t
quo_region_find(const struct quo_finder *finders, size_t count, unsigned w,
    unsigned h, struct quo_region *regions, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		const struct quo_finder *f = &finders[i];
		float r = reach(finders, count, i);

		n = add(regions, n, max, (struct quo_region){
			fmaxf(f->at.x - r, 0), fmaxf(f->at.y - r, 0),
			fminf(f->at.x + r, (float)w),
			fminf(f->at.y + r, (float)h), f->module });
	}
	return n;
}
