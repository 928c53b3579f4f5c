/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/image.h"

/*
 * With (u, v) from -1 to 1 over the picture and v the way to the short side:
 * a true perspective that keeps straight lines straight,
 *
 *     u' = u (1 - p') / (1 + p' v)   scaled so that the long side stays whole
 *     v' = (v + p') / (1 + p' v)
 *
 * where p' is chosen so that the side at v = 1 comes from percent less.
 * (1 - p') / (1 + p') = 1 - percent / 100.
 */
static struct quo_point
bend(float u, float v, float p)
{
	float d = 1 + p * v;

	return (struct quo_point){ u * (1 - p) / d, (v + p) / d };
}

static float
bend_of(int percent)
{
	float q = 1 - (float)percent / 100;

	return (1 - q) / (1 + q);
}

struct quo_point
quo_keystone_source(const struct quo_image *out, int side, int percent,
    struct quo_point at)
{
	float u = 2 * at.x / (float)out->w - 1;
	float v = 2 * at.y / (float)out->h - 1;
	float p = bend_of(percent), sign = side == 1 || side == 2 ? 1 : -1;
	struct quo_point b;

	if (side == 0 || side == 2) {
		b = bend(u, sign * v, p);
		u = b.x;
		v = sign * b.y;
	} else {
		b = bend(v, sign * u, p);
		v = b.x;
		u = sign * b.y;
	}
	return (struct quo_point){ (u + 1) / 2 * (float)out->w,
		(v + 1) / 2 * (float)out->h };
}

/* Bilinear, in 1/256 of a pixel; white outside. */
static uint8_t
sample(const struct quo_image *in, float fx, float fy)
{
	int x = (int)(fx * 256) - 128, y = (int)(fy * 256) - 128;
	int ax = x & 255, ay = y & 255;
	const uint8_t *p;
	int top, low;

	x >>= 8;
	y >>= 8;
	if (x < 0 || y < 0 || x + 1 >= (int)in->w || y + 1 >= (int)in->h)
		return 255;
	p = in->px + (size_t)y * in->w + (size_t)x;
	top = p[0] * (256 - ax) + p[1] * ax;
	low = p[in->w] * (256 - ax) + p[in->w + 1] * ax;
	return (uint8_t)((top * (256 - ay) + low * ay) >> 16);
}

bool
quo_image_keystone(const struct quo_image *in, int side, int percent,
    struct quo_image *out)
{
	struct quo_point from;

	if (!quo_image_new(in->w, in->h, out))
		return false;
	for (unsigned y = 0; y < out->h; y++)
		for (unsigned x = 0; x < out->w; x++) {
			from = quo_keystone_source(out, side, percent,
			    (struct quo_point){ (float)x + .5f,
			    (float)y + .5f });
			out->px[(size_t)y * out->w + x] = sample(in, from.x,
			    from.y);
		}
	return true;
}
