/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>
#include <time.h>

#include "scan/finder.h"
#include "scan/ladder.h"
#include "scan/region.h"

/*
 * A page is looked at in sizes, each half of the next; the longest side of
 * tier t is at most SMALL << t, and more than half of that.
 */
#define TIERS 4
#define SMALL 1300u
/* In which the finder patterns are counted. */
#define COUNT_TIER 1
#define FINDERS 96
#define SYMBOLS 64
#define REGIONS 12
/* Regions that cover more of the page than this are no help. */
#define REGIONS_PART 0.6f
/* Part of a module, below which a finder pattern is of a letter. */
#define LETTERS 0.8f
/* A symbol of ours has up to so many modules, and one that is left has its
 * finder patterns between so many modules apart. */
#define SIDE_MAX 77.0f
#define LEG_MIN 24.0f
#define LEG_MAX 100.0f
/* The least pixels a module for a first look at a region. */
#define MODULE_MIN 1.8f

struct climb {
	struct quo_zbar *zbar;
	struct quo_source *source;
	unsigned index;
	struct quo_harvest *harvest;
	struct quo_image tier[TIERS];
	unsigned top;			/* the largest there is */
	/* What was read: its corners as parts of width and height. */
	struct quo_point symbol[SYMBOLS][4];
	size_t symbols;
	/* What is left to be found, once it was looked for. */
	struct quo_finder finder[FINDERS];
	size_t finders;
	float finder_w, finder_h;	/* of the picture they were found in */
	const struct quo_image *looked;	/* at this one; NULL: not yet */
	/* Where it should be, as parts of width and height. */
	struct quo_region region[REGIONS];
	size_t regions;
	struct quo_deadline deadline;
	bool partial;
	bool hurried;
};

struct pass {
	unsigned tier;		/* of a region: above the least one to do */
	bool twice;		/* its double */
	bool (*op)(const struct quo_image *in, int a, int b,
	    struct quo_image *out);
	int a, b;
};

/* Of regions around finder patterns: small, so that these come first. */
static const struct pass near_passes[] = {
	{ 0, false, NULL, 0, 0 },
	{ 1, false, NULL, 0, 0 },
	{ 0, true, quo_image_unsharp, 5, 300 },
	{ 1, true, quo_image_unsharp, 5, 300 },
	{ 1, false, quo_image_unsharp, 3, 400 },
	{ 1, false, quo_image_keystone, 0, 15 },
	{ 1, false, quo_image_keystone, 1, 15 },
	{ 1, false, quo_image_keystone, 2, 15 },
	{ 1, false, quo_image_keystone, 3, 15 },
	{ 1, false, quo_image_normalise, 20, 100 },
	{ 1, false, quo_image_threshold, 20, 95 },
	{ 2, false, NULL, 0, 0 },
};

/* Of the whole page. */
static const struct pass page_passes[] = {
	{ 0, false, NULL, 0, 0 },
	{ 1, false, NULL, 0, 0 },
	{ 1, true, quo_image_unsharp, 5, 300 },
	{ 2, false, NULL, 0, 0 },
	{ 1, false, quo_image_keystone, 0, 25 },
	{ 1, false, quo_image_keystone, 1, 25 },
	{ 1, false, quo_image_keystone, 2, 25 },
	{ 1, false, quo_image_keystone, 3, 25 },
	{ 1, false, quo_image_normalise, 20, 100 },
	{ 1, false, quo_image_unsharp, 3, 400 },
	{ 1, false, quo_image_invert, 0, 0 },
	{ 1, false, quo_image_threshold, 20, 95 },
	{ 3, false, NULL, 0, 0 },
};

static double
seconds(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

struct quo_deadline
quo_deadline_in(double wall, double cpu)
{
	return (struct quo_deadline){ seconds(CLOCK_MONOTONIC) + wall,
		seconds(CLOCK_PROCESS_CPUTIME_ID) + cpu };
}

static bool
late(const struct quo_deadline *deadline)
{
	return seconds(CLOCK_MONOTONIC) > deadline->wall ||
	    seconds(CLOCK_PROCESS_CPUTIME_ID) > deadline->cpu;
}

/* The picture as it is goes to its own tier, and smaller ones below. */
static enum quo_scan_note
load(struct climb *c)
{
	const struct quo_source_kind *kind = c->source->kind;
	struct quo_image image = { 0 };
	enum quo_scan_note note;
	unsigned side, t = 0;

	note = kind->page(c->source, c->index, SMALL << COUNT_TIER, &image,
	    &c->partial);
	if (note != QUO_NOTE_NONE)
		return note;
	side = image.w > image.h ? image.w : image.h;
	while (t < TIERS - 1 && side > SMALL << t)
		t++;
	c->tier[t] = image;
	/* What can be had in any size can be had larger too. */
	c->top = kind->scalable ? t + 1 : t;
	for (; t > 0; t--)
		if (!quo_image_halve(&c->tier[t], &c->tier[t - 1]))
			return QUO_NOTE_NONE;
	return QUO_NOTE_NONE;
}

/* The picture in a tier; NULL where it would tell nothing new. */
static const struct quo_image *
in_tier(struct climb *c, unsigned t)
{
	struct quo_image *image = &c->tier[t];

	if (t > c->top)
		return NULL;
	if (image->px == NULL && c->source->kind->scalable)
		c->source->kind->page(c->source, c->index, SMALL << t, image,
		    &c->partial);
	return image->px != NULL ? image : NULL;
}

/* All of a page. */
static const struct quo_region whole = { 0, 0, 1, 1, 0 };

static bool
cut(const struct quo_image *in, const struct quo_region *r,
    struct quo_image *out)
{
	unsigned x0 = (unsigned)(r->x0 * (float)in->w);
	unsigned y0 = (unsigned)(r->y0 * (float)in->h);
	unsigned x1 = (unsigned)(r->x1 * (float)in->w);
	unsigned y1 = (unsigned)(r->y1 * (float)in->h);

	if (x1 > in->w || y1 > in->h || x0 >= x1 || y0 >= y1 ||
	    !quo_image_new(x1 - x0, y1 - y0, out))
		return false;
	for (unsigned y = 0; y < out->h; y++)
		memcpy(out->px + (size_t)y * out->w,
		    in->px + (size_t)(y0 + y) * in->w + x0, out->w);
	return true;
}

struct visit {
	struct climb *climb;
	const struct pass *pass;
	const struct quo_region *region;
	const struct quo_image *image;
};

static void
take(const struct quo_symbol *symbol, void *arg)
{
	struct visit *v = arg;
	struct climb *c = v->climb;
	const struct quo_region *r = v->region;
	struct quo_point p;

	quo_harvest_add(c->harvest, symbol->data, symbol->len);
	if (c->symbols == SYMBOLS)
		return;
	for (int i = 0; i < 4; i++) {
		p = symbol->corner[i];
		if (v->pass->op == quo_image_keystone)
			p = quo_keystone_source(v->image, v->pass->a,
			    v->pass->b, p);
		p.x = r->x0 + (r->x1 - r->x0) * p.x / (float)v->image->w;
		p.y = r->y0 + (r->y1 - r->y0) * p.y / (float)v->image->h;
		c->symbol[c->symbols][i] = p;
	}
	c->symbols++;
}

static void
try_pass(struct climb *c, const struct pass *pass, unsigned tier,
    const struct quo_region *region)
{
	const struct quo_image *image = in_tier(c, tier);
	struct quo_image part = { 0 }, large = { 0 }, made = { 0 };

	if (image != NULL && region != &whole)
		image = cut(image, region, &part) ? &part : NULL;
	if (image != NULL && pass->twice)
		image = quo_image_double(image, &large) ? &large : NULL;
	if (image != NULL && pass->op != NULL)
		image = pass->op(image, pass->a, pass->b, &made) ? &made : NULL;
	if (image != NULL)
		quo_zbar_read(c->zbar, image, take,
		    &(struct visit){ c, pass, region, image });
	quo_image_free(&part);
	quo_image_free(&large);
	quo_image_free(&made);
}

/* Inside, or less than a tenth of its size beyond an edge. */
static bool
covers(const struct quo_point corner[4], struct quo_point p)
{
	struct quo_point mid = { 0, 0 };
	int left = 0, right = 0;

	for (int i = 0; i < 4; i++) {
		mid.x += corner[i].x / 4;
		mid.y += corner[i].y / 4;
	}
	p.x = mid.x + (p.x - mid.x) / 1.2f;
	p.y = mid.y + (p.y - mid.y) / 1.2f;
	for (int i = 0; i < 4; i++) {
		struct quo_point a = corner[i], b = corner[(i + 1) % 4];
		float side = (b.x - a.x) * (p.y - a.y) -
		    (b.y - a.y) * (p.x - a.x);

		left += side > 0;
		right += side < 0;
	}
	return left == 0 || right == 0;
}

static bool
explained(const struct climb *c, struct quo_point at)
{
	for (size_t i = 0; i < c->symbols; i++)
		if (covers(c->symbol[i], at))
			return true;
	return false;
}

/*
 * Whether finder patterns stand in a region outside of all that was read: two
 * of them, since one is easily something else, and a symbol has three.
 */
static bool
left_in(const struct climb *c, const struct quo_region *r)
{
	unsigned left = 0;

	for (size_t i = 0; i < c->finders; i++) {
		struct quo_point p = c->finder[i].at;

		left += p.x >= r->x0 && p.x <= r->x1 && p.y >= r->y0 &&
		    p.y <= r->y1 && !explained(c, p);
	}
	return left >= 2;
}

/* A bound for the modules of what was read, in pixels of a finder's picture. */
static float
least_module(const struct climb *c, float w, float h)
{
	float least = 0, side;

	for (size_t i = 0; i < c->symbols; i++) {
		const struct quo_point *p = c->symbol[i];

		side = hypotf((p[1].x - p[0].x) * w, (p[1].y - p[0].y) * h) /
		    SIDE_MAX;
		if (least == 0 || side < least)
			least = side;
	}
	return least;
}

static bool
alike(float a, float b)
{
	return a < 1.5f * b && b < 1.5f * a;
}

/* Whether three finder patterns are as a symbol has them, f at the corner. */
static bool
is_corner(const struct quo_finder *f, const struct quo_finder *a,
    const struct quo_finder *b, float w, float h)
{
	float ax = (a->at.x - f->at.x) * w, ay = (a->at.y - f->at.y) * h;
	float bx = (b->at.x - f->at.x) * w, by = (b->at.y - f->at.y) * h;
	float la, lb;

	if (!alike(f->module, a->module) || !alike(f->module, b->module))
		return false;
	la = hypotf(ax, ay);
	lb = hypotf(bx, by);
	return alike(la, lb) && la > LEG_MIN * f->module &&
	    la < LEG_MAX * f->module && fabsf(ax * bx + ay * by) <
	    0.35f * la * lb;
}

/*
 * Whether a symbol that wasn't read stands on the page. Of a card's words
 * many letters look like finder patterns: what counts is three of them at
 * the corners of a square that is dark enough, with modules that are not much
 * smaller than those of what was read.
 */
static bool
symbol_left(const struct climb *c)
{
	const struct quo_finder *left[FINDERS];
	float least = least_module(c, c->finder_w, c->finder_h) * LETTERS;
	size_t n = 0;

	for (size_t i = 0; i < c->finders; i++)
		if (c->finder[i].module >= least &&
		    !explained(c, c->finder[i].at))
			left[n++] = &c->finder[i];
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			for (size_t k = j + 1; i != j && k < n; k++)
				if (i != k && is_corner(left[i], left[j],
				    left[k], c->finder_w, c->finder_h) &&
				    quo_finder_dense(c->looked, left[i]->at,
				    left[j]->at, left[k]->at))
					return true;
	return false;
}

/*
 * Those of the finder patterns that stand as a symbol has them, or all where
 * none do: letters would make one region of the whole page.
 */
static size_t
likely(const struct climb *c, struct quo_finder *out)
{
	const struct quo_finder *f = c->finder;
	bool in[FINDERS] = { false };
	size_t n = 0;

	for (size_t i = 0; i < c->finders; i++)
		for (size_t j = 0; j < c->finders; j++)
			for (size_t k = j + 1; i != j && k < c->finders; k++)
				if (i != k && is_corner(&f[i], &f[j], &f[k],
				    1, 1))
					in[i] = in[j] = in[k] = true;
	for (size_t i = 0; i < c->finders; i++)
		if (in[i])
			out[n++] = f[i];
	if (n > 0)
		return n;
	memcpy(out, f, sizeof c->finder);
	return c->finders;
}

/* Find finder patterns, and the regions that they make likely. */
static void
look_around(struct climb *c)
{
	unsigned t = c->top < COUNT_TIER ? c->top : COUNT_TIER;
	const struct quo_image *image = in_tier(c, t);
	struct quo_finder best[FINDERS];
	float area = 0, w, h;

	if (image == NULL || c->looked != NULL)
		return;
	c->looked = image;
	c->finder_w = w = (float)image->w;
	c->finder_h = h = (float)image->h;
	c->finders = quo_finder_scan(image, c->finder, FINDERS);
	c->regions = quo_region_find(best, likely(c, best), image->w,
	    image->h, c->region, REGIONS);
	for (size_t i = 0; i < c->finders; i++) {
		c->finder[i].at.x /= w;
		c->finder[i].at.y /= h;
	}
	for (size_t i = 0; i < c->regions; i++) {
		struct quo_region *r = &c->region[i];

		*r = (struct quo_region){ r->x0 / w, r->y0 / h, r->x1 / w,
			r->y1 / h, r->module / (float)(1u << t) };
		area += (r->x1 - r->x0) * (r->y1 - r->y0);
	}
	if (area > REGIONS_PART)
		c->regions = 0;
}

/*
 * A card is a share code and its set code. Which belong together is not asked
 * here, apart from the number of parts: any of both, and nothing on the page
 * that still looks like a symbol, is as much as pixels can tell, and keeps
 * the decoding of hostile texts to the card layer, which checks all of it.
 * Where nothing was read, only a page that is drawn, and so as sharp as it
 * can be, is known to be without symbols.
 */
static bool
done(struct climb *c)
{
	if (c->symbols == 0 ? !c->source->drawn :
	    !quo_harvest_card(c->harvest))
		return false;
	look_around(c);
	return !symbol_left(c);
}

/* The least tier in which a region's modules are large enough. */
static unsigned
tier_for(const struct climb *c, const struct quo_region *r)
{
	float module = r->module;
	unsigned t = 0;

	while (module < MODULE_MIN && t < c->top) {
		module *= 2;
		t++;
	}
	return t;
}

static void
climb_regions(struct climb *c)
{
	for (size_t i = 0; i < sizeof near_passes / sizeof *near_passes; i++) {
		for (size_t j = 0; j < c->regions; j++)
			if (left_in(c, &c->region[j]))
				try_pass(c, &near_passes[i],
				    near_passes[i].tier +
				    tier_for(c, &c->region[j]), &c->region[j]);
		if (done(c) || late(&c->deadline))
			return;
	}
}

static void
climb_page(struct climb *c)
{
	for (size_t i = 1; i < sizeof page_passes / sizeof *page_passes; i++) {
		if (done(c))
			return;
		if (late(&c->deadline)) {
			c->hurried = true;
			return;
		}
		try_pass(c, &page_passes[i], page_passes[i].tier, &whole);
	}
}

struct quo_climb
quo_ladder_page(struct quo_zbar *zbar, struct quo_source *source,
    unsigned index, struct quo_deadline deadline, struct quo_harvest *harvest)
{
	static struct climb c;
	enum quo_scan_note note;

	memset(&c, 0, sizeof c);
	c.zbar = zbar;
	c.source = source;
	c.index = index;
	c.deadline = deadline;
	c.harvest = harvest;
	note = load(&c);
	if (note == QUO_NOTE_NONE) {
		/* A scanner's page is read by the first and cheapest look. */
		try_pass(&c, &page_passes[0], page_passes[0].tier, &whole);
		if (!done(&c)) {
			look_around(&c);
			climb_regions(&c);
			climb_page(&c);
		}
	}
	for (unsigned t = 0; t < TIERS; t++)
		quo_image_free(&c.tier[t]);
	return (struct quo_climb){ note, c.partial, c.hurried };
}
