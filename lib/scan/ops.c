/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "scan/image.h"

static uint8_t
clamp(int value)
{
	return value < 0 ? 0 : value > 255 ? 255 : (uint8_t)value;
}

static const uint8_t *
row_of(const struct quo_image *image, unsigned y)
{
	return image->px + (size_t)y * image->w;
}

bool
quo_image_halve(const struct quo_image *in, struct quo_image *out)
{
	if (!quo_image_new(in->w / 2, in->h / 2, out))
		return false;
	for (unsigned y = 0; y < out->h; y++) {
		const uint8_t *a = row_of(in, 2 * y);
		const uint8_t *b = row_of(in, 2 * y + 1);
		uint8_t *to = out->px + (size_t)y * out->w;

		for (unsigned x = 0; x < out->w; x++)
			to[x] = (uint8_t)((a[2 * x] + a[2 * x + 1] +
			    b[2 * x] + b[2 * x + 1] + 2) >> 2);
	}
	return true;
}

/* Between the centres of pixels: weights 3:1, the edge repeated. */
static void
double_row(const uint8_t *near, const uint8_t *far, unsigned w, uint8_t *to)
{
	for (unsigned x = 0; x < w; x++) {
		unsigned l = x > 0 ? x - 1 : 0, r = x + 1 < w ? x + 1 : x;
		int here = 3 * near[x] + far[x];

		to[2 * x] = (uint8_t)((3 * here + 3 * near[l] + far[l] +
		    8) >> 4);
		to[2 * x + 1] = (uint8_t)((3 * here + 3 * near[r] + far[r] +
		    8) >> 4);
	}
}

bool
quo_image_double(const struct quo_image *in, struct quo_image *out)
{
	if (in->w > QUO_IMAGE_PIXELS / 2 || in->h > QUO_IMAGE_PIXELS / 2 ||
	    !quo_image_new(2 * in->w, 2 * in->h, out))
		return false;
	for (unsigned y = 0; y < in->h; y++) {
		unsigned up = y > 0 ? y - 1 : 0;
		unsigned down = y + 1 < in->h ? y + 1 : y;
		uint8_t *to = out->px + (size_t)2 * y * out->w;

		double_row(row_of(in, y), row_of(in, up), in->w, to);
		double_row(row_of(in, y), row_of(in, down), in->w,
		    to + out->w);
	}
	return true;
}

/* The mean over 2r+1 pixels of a row, the edge repeated. */
static void
blur_row(const uint8_t *from, unsigned w, unsigned r, uint8_t *to)
{
	uint32_t n = 2 * r + 1, sum = from[0] * r;
	uint32_t scale = ((1u << 16) + n - 1) / n;

	for (unsigned i = 0; i < r; i++)
		sum += from[i < w ? i : w - 1];
	for (unsigned x = 0; x < w; x++) {
		sum += from[x + r < w ? x + r : w - 1];
		to[x] = clamp((int)((sum * scale) >> 16));
		sum -= from[x >= r ? x - r : 0];
	}
}

/* The same down the columns, all columns of a row at once. */
static void
blur_columns(const struct quo_image *in, unsigned r, uint32_t *sum,
    struct quo_image *out)
{
	uint32_t n = 2 * r + 1, scale = ((1u << 16) + n - 1) / n;
	unsigned w = in->w, last = in->h - 1;

	for (unsigned x = 0; x < w; x++)
		sum[x] = in->px[x] * r;
	for (unsigned i = 0; i < r; i++) {
		const uint8_t *row = row_of(in, i < last ? i : last);

		for (unsigned x = 0; x < w; x++)
			sum[x] += row[x];
	}
	for (unsigned y = 0; y < in->h; y++) {
		const uint8_t *add = row_of(in, y + r < last ? y + r : last);
		const uint8_t *drop = row_of(in, y >= r ? y - r : 0);
		uint8_t *to = out->px + (size_t)y * w;

		for (unsigned x = 0; x < w; x++) {
			uint32_t all = sum[x] + add[x];
			uint32_t mean = (all * scale) >> 16;

			to[x] = (uint8_t)(mean > 255 ? 255 : mean);
			sum[x] = all - drop[x];
		}
	}
}

/* A box blur, repeated: twice is near enough to a Gaussian. */
static bool
blur(const struct quo_image *in, int radius, int times, struct quo_image *out)
{
	struct quo_image flat;
	uint32_t *sum = calloc(in->w, sizeof *sum);
	unsigned r = (unsigned)radius;
	bool ok;

	ok = quo_image_new(in->w, in->h, &flat);
	ok = quo_image_new(in->w, in->h, out) && ok && sum != NULL;
	for (int i = 0; ok && i < times; i++) {
		const struct quo_image *from = i == 0 ? in : out;

		for (unsigned y = 0; y < in->h; y++)
			blur_row(row_of(from, y), in->w, r,
			    flat.px + (size_t)y * in->w);
		blur_columns(&flat, r, sum, out);
	}
	quo_image_free(&flat);
	free(sum);
	if (!ok)
		quo_image_free(out);
	return ok;
}

bool
quo_image_unsharp(const struct quo_image *in, int radius, int percent,
    struct quo_image *out)
{
	size_t n = (size_t)in->w * in->h;
	int gain = percent * 256 / 100;

	if (!blur(in, radius, 2, out))
		return false;
	for (size_t i = 0; i < n; i++) {
		int more = (in->px[i] - out->px[i]) * gain / 256;

		out->px[i] = clamp(in->px[i] + more);
	}
	return true;
}

bool
quo_image_normalise(const struct quo_image *in, int radius, int percent,
    struct quo_image *out)
{
	size_t n = (size_t)in->w * in->h;
	struct quo_image mean = { 0 }, off = { 0 }, spread = { 0 };
	bool ok = blur(in, radius, 1, &mean) &&
	    quo_image_new(in->w, in->h, &off);

	for (size_t i = 0; ok && i < n; i++)
		off.px[i] = (uint8_t)abs(in->px[i] - mean.px[i]);
	ok = ok && blur(&off, radius, 1, &spread) &&
	    quo_image_new(in->w, in->h, out);
	for (size_t i = 0; ok && i < n; i++)
		out->px[i] = clamp(128 + (in->px[i] - mean.px[i]) * 64 *
		    percent / (100 * (spread.px[i] + 4)));
	quo_image_free(&mean);
	quo_image_free(&off);
	quo_image_free(&spread);
	return ok;
}

bool
quo_image_threshold(const struct quo_image *in, int radius, int percent,
    struct quo_image *out)
{
	size_t n = (size_t)in->w * in->h;

	if (!blur(in, radius, 1, out))
		return false;
	for (size_t i = 0; i < n; i++)
		out->px[i] = in->px[i] * 100 < out->px[i] * percent ? 0 : 255;
	return true;
}

bool
quo_image_invert(const struct quo_image *in, int unused, int none,
    struct quo_image *out)
{
	size_t n = (size_t)in->w * in->h;

	(void)unused;
	(void)none;
	if (!quo_image_new(in->w, in->h, out))
		return false;
	for (size_t i = 0; i < n; i++)
		out->px[i] = (uint8_t)(255 - in->px[i]);
	return true;
}
