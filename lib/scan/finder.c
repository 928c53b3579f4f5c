/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "scan/finder.h"

/* A pattern of the least size that reads is still three rows high inside. */
#define ROW_STEP 2
#define MIN_CONTRAST 24
/* The local mean of a row is taken over this part of the width. */
#define WINDOW_PART 24
/* Points a side, in which a square is looked at for ink, and the least part
 * of them that is dark in a symbol. */
#define INK_POINTS 48
#define INK_MIN 0.3

struct scan {
	const struct quo_image *image;
	struct quo_finder *finders;
	size_t count, max;
};

static bool
near(float run, float want)
{
	return fabsf(run - want) <= want * 0.55f + 0.5f;
}

/* Dark, light, 3 dark, light, dark; the module's size or 0. */
static float
judge_runs(const int run[5])
{
	float all = (float)(run[0] + run[1] + run[2] + run[3] + run[4]);
	float module = all / 7;

	for (int i = 0; i < 5; i++)
		if (!near((float)run[i], i == 2 ? 3 * module : module))
			return 0;
	return module;
}

static int
pixel(const struct scan *s, int x, int y)
{
	if (x < 0 || y < 0 || x >= (int)s->image->w || y >= (int)s->image->h)
		return -1;
	return s->image->px[(size_t)y * s->image->w + (size_t)x];
}

/* Count the runs from (x, y), in the dark middle, one way; false where the
 * picture ends or a run is too long. The middle's own half goes to run[0]. */
static bool
walk(const struct scan *s, int x, int y, int dx, int dy, int level,
    int longest, int run[3])
{
	int i = 0, v;

	run[0] = run[1] = run[2] = 0;
	for (;;) {
		v = pixel(s, x, y);
		if (v < 0)
			return i == 2;
		if ((v < level) != (i != 1)) {
			if (++i == 3)
				return true;
			continue;
		}
		if (++run[i] > longest)
			return false;
		x += dx;
		y += dy;
	}
}

/* Both ways along (dx, dy). The module's size, or 0; *off is how far from
 * (x, y) the middle is. */
static float
cross(const struct scan *s, int x, int y, int dx, int dy, int level,
    int longest, float *off)
{
	int back[3], forth[3];

	if (!walk(s, x, y, -dx, -dy, level, longest, back) ||
	    !walk(s, x + dx, y + dy, dx, dy, level, longest, forth))
		return 0;
	*off = (float)(forth[0] + 1 - back[0]) / 2;
	return judge_runs((const int[5]){ back[2], back[1],
	    back[0] + forth[0], forth[1], forth[2] });
}

/* Once each; where there is no room, the larger ones stay: letters of a text
 * look like small patterns. */
static void
add(struct scan *s, float x, float y, float module)
{
	size_t least = 0;

	for (size_t i = 0; i < s->count; i++) {
		struct quo_finder *f = &s->finders[i];

		if (fabsf(f->at.x - x) < 4 * module &&
		    fabsf(f->at.y - y) < 4 * module)
			return;
		if (f->module < s->finders[least].module)
			least = i;
	}
	if (s->count < s->max)
		least = s->count++;
	else if (module <= s->finders[least].module)
		return;
	s->finders[least] = (struct quo_finder){ { x, y }, module };
}

/* Runs in 1:1:3:1:1 that end before x: look across and down. */
static void
verify(struct scan *s, const int run[5], int x, int y)
{
	int middle = x - run[4] - run[3] - (run[2] + 1) / 2;
	int dark = pixel(s, middle, y);
	int light = pixel(s, x - run[4] - (run[3] + 1) / 2, y);
	int all = run[0] + run[1] + run[2] + run[3] + run[4];
	float down, across, off;

	if (dark < 0 || light - dark < MIN_CONTRAST)
		return;
	down = cross(s, middle, y, 0, 1, (dark + light) / 2, all, &off);
	if (down == 0)
		return;
	y += (int)off;
	across = cross(s, middle, y, 1, 0, (dark + light) / 2, all, &off);
	if (across == 0 || down > 2 * across || across > 2 * down)
		return;
	add(s, (float)middle + off, (float)y, across);
}

static void
scan_row(struct scan *s, const uint32_t *sum, int y)
{
	const uint8_t *row = s->image->px + (size_t)y * s->image->w;
	int w = (int)s->image->w, half = w / WINDOW_PART / 2 + 8;
	int run[5] = { 0 }, from, to;
	bool dark = false, now;

	for (int x = 0; x < w; x++) {
		from = x > half ? x - half : 0;
		to = x + half < w ? x + half : w;
		now = (uint32_t)row[x] * (uint32_t)(to - from) <
		    sum[to] - sum[from];
		if (now == dark) {
			run[4]++;
			continue;
		}
		/* The last run is complete: was it the fifth, a dark one? */
		if (dark && judge_runs(run) > 0)
			verify(s, run, x, y);
		for (int i = 0; i < 4; i++)
			run[i] = run[i + 1];
		run[4] = 1;
		dark = now;
	}
}

size_t
quo_finder_scan(const struct quo_image *image, struct quo_finder *finders,
    size_t max)
{
	struct scan s = { image, finders, 0, max };
	uint32_t *sum = malloc(((size_t)image->w + 1) * sizeof *sum);

	if (sum == NULL)
		return 0;
	for (unsigned y = 0; y < image->h; y += ROW_STEP) {
		const uint8_t *row = image->px + (size_t)y * image->w;

		sum[0] = 0;
		for (unsigned x = 0; x < image->w; x++)
			sum[x + 1] = sum[x] + row[x];
		scan_row(&s, sum, (int)y);
	}
	free(sum);
	return s.count;
}

bool
quo_finder_dense(const struct quo_image *image, struct quo_point at,
    struct quo_point one, struct quo_point other)
{
	const struct scan s = { .image = image };
	const float w = (float)image->w, h = (float)image->h;
	long value[INK_POINTS * INK_POINTS], n = 0, sum = 0, dark = 0;

	for (int i = 0; i < INK_POINTS * INK_POINTS; i++) {
		float u = ((float)(i % INK_POINTS) + 0.5f) / INK_POINTS;
		float v = ((float)(i / INK_POINTS) + 0.5f) / INK_POINTS;
		float x = at.x + u * (one.x - at.x) + v * (other.x - at.x);
		float y = at.y + u * (one.y - at.y) + v * (other.y - at.y);
		int px = pixel(&s, (int)(x * w), (int)(y * h));

		if (px >= 0)
			sum += value[n++] = px;
	}
	for (long i = 0; i < n; i++)
		dark += value[i] * n < sum;
	return (double)dark > INK_MIN * (double)n;
}
