/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_IMAGE_H
#define QUO_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Only in the helper quorate-scan: what follows sees hostile bytes. */

#define QUO_IMAGE_PIXELS (64u << 20)

/** A gray picture, row after row without gaps; 0 is black. */
struct quo_image {
	uint8_t *px;
	unsigned w, h;
};

/** A point, in pixels of some picture. */
struct quo_point {
	float x, y;
};

/**
 * Make room for w times h pixels, not set. False without memory, and when a
 * side is 0 or there are more than QUO_IMAGE_PIXELS; image is then empty.
 */
bool quo_image_new(unsigned w, unsigned h, struct quo_image *image);
void quo_image_free(struct quo_image *image);

/** Whether a picture of w times h pixels is within the limit. */
bool quo_image_fits(uint64_t w, uint64_t h);

/*
 * Operations: each makes out, a new picture, from in. False without memory,
 * or where out would be too large.
 */

/** Half the size, by the mean of four pixels. */
bool quo_image_halve(const struct quo_image *in, struct quo_image *out);

/** Twice the size, bilinear. */
bool quo_image_double(const struct quo_image *in, struct quo_image *out);

/** Sharpen: add percent of the difference to a blur of that radius. */
bool quo_image_unsharp(const struct quo_image *in, int radius, int percent,
    struct quo_image *out);

/**
 * Local normalisation: the deviation from the local mean, measured by the
 * local mean deviation, so that shadow and low contrast go; percent is the
 * gain, 100 making a mean deviation 64 gray levels.
 */
bool quo_image_normalise(const struct quo_image *in, int radius, int percent,
    struct quo_image *out);

/** Black where darker than percent of the local mean, else white. */
bool quo_image_threshold(const struct quo_image *in, int radius, int percent,
    struct quo_image *out);

/** Black for white. The numbers are not used. */
bool quo_image_invert(const struct quo_image *in, int unused, int none,
    struct quo_image *out);

/**
 * Undo a perspective: side 0 to 3 (top, right, bottom, left) is taken to
 * have been seen percent shorter than its opposite, and is stretched.
 */
bool quo_image_keystone(const struct quo_image *in, int side, int percent,
    struct quo_image *out);

/** Where a point of quo_image_keystone's output came from. */
struct quo_point quo_keystone_source(const struct quo_image *out, int side,
    int percent, struct quo_point at);

#endif
