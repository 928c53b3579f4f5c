/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>
#include <time.h>

#include "scan/finder.h"
#include "scan/ladder.h"

/*
 * A page is looked at in sizes, each half of the next; the longest side of
 * tier t is at most SMALL << t, and more than half of that.
 */
#define TIERS 4
#define SMALL 1300u
/* In which the finder patterns are counted. */
#define COUNT_TIER 1
#define FINDERS 64
#define SYMBOLS 64

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
	bool counted;
	bool partial;
};

struct pass {
	unsigned tier;
	bool twice;		/* its double */
	bool (*op)(const struct quo_image *in, int a, int b,
	    struct quo_image *out);
	int a, b;
};

static const struct pass passes[] = {
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
	{ 2, true, quo_image_unsharp, 5, 300 },
	{ 3, false, NULL, 0, 0 },
};

double
quo_ladder_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
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

struct visit {
	struct climb *climb;
	const struct pass *pass;
	const struct quo_image *image;
};

static void
take(const struct quo_symbol *symbol, void *arg)
{
	struct visit *v = arg;
	struct climb *c = v->climb;
	struct quo_point p;

	quo_harvest_add(c->harvest, symbol->data, symbol->len);
	if (c->symbols == SYMBOLS)
		return;
	for (int i = 0; i < 4; i++) {
		p = symbol->corner[i];
		if (v->pass->op == quo_image_keystone)
			p = quo_keystone_source(v->image, v->pass->a,
			    v->pass->b, p);
		c->symbol[c->symbols][i] = (struct quo_point){
			p.x / (float)v->image->w, p.y / (float)v->image->h };
	}
	c->symbols++;
}

static void
try_pass(struct climb *c, const struct pass *pass)
{
	const struct quo_image *image = in_tier(c, pass->tier);
	struct quo_image large = { 0 }, made = { 0 };

	if (image == NULL)
		return;
	if (pass->twice)
		image = quo_image_double(image, &large) ? &large : NULL;
	if (image != NULL && pass->op != NULL)
		image = pass->op(image, pass->a, pass->b, &made) ? &made : NULL;
	if (image != NULL)
		quo_zbar_read(c->zbar, image, take,
		    &(struct visit){ c, pass, image });
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
 * Whether finder patterns stand outside all that was read: two of them, since
 * one is easily something else, and a symbol has three.
 */
static bool
symbols_left(struct climb *c)
{
	unsigned t = c->top < COUNT_TIER ? c->top : COUNT_TIER, left = 0;
	const struct quo_image *image = in_tier(c, t);
	struct quo_point at;

	if (image == NULL)
		return false;
	if (!c->counted)
		c->finders = quo_finder_scan(image, c->finder, FINDERS);
	c->counted = true;
	for (size_t i = 0; i < c->finders; i++) {
		at = c->finder[i].at;
		at.x /= (float)image->w;
		at.y /= (float)image->h;
		left += !explained(c, at);
	}
	return left >= 2;
}

/*
 * A card is a share code and its set code. Which belong together is not asked
 * here, apart from the number of parts: any of both, and nothing on the page
 * that still looks like a symbol, is as much as pixels can tell, and keeps
 * the decoding of hostile texts to the card layer, which checks all of it.
 */
static bool
done(struct climb *c)
{
	return c->symbols > 0 && quo_harvest_card(c->harvest) &&
	    !symbols_left(c);
}

struct quo_climb
quo_ladder_page(struct quo_zbar *zbar, struct quo_source *source,
    unsigned index, double deadline, struct quo_harvest *harvest)
{
	static struct climb c;
	struct quo_climb result = { QUO_NOTE_NONE, false, false };

	memset(&c, 0, sizeof c);
	c.zbar = zbar;
	c.source = source;
	c.index = index;
	c.harvest = harvest;
	result.note = load(&c);
	for (size_t i = 0; result.note == QUO_NOTE_NONE &&
	    i < sizeof passes / sizeof *passes; i++) {
		if (i > 0 && quo_ladder_now() > deadline) {
			result.hurried = true;
			break;
		}
		try_pass(&c, &passes[i]);
		if (done(&c))
			break;
	}
	for (unsigned t = 0; t < TIERS; t++)
		quo_image_free(&c.tier[t]);
	result.partial = c.partial;
	return result;
}
