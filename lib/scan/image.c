/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "scan/image.h"

bool
quo_image_fits(uint64_t w, uint64_t h)
{
	return w > 0 && h > 0 && w <= QUO_IMAGE_PIXELS &&
	    h <= QUO_IMAGE_PIXELS && w * h <= QUO_IMAGE_PIXELS;
}

bool
quo_image_new(unsigned w, unsigned h, struct quo_image *image)
{
	*image = (struct quo_image){ 0 };
	if (!quo_image_fits(w, h))
		return false;
	image->px = malloc((size_t)w * h);
	if (image->px == NULL)
		return false;
	image->w = w;
	image->h = h;
	return true;
}

void
quo_image_free(struct quo_image *image)
{
	free(image->px);
	*image = (struct quo_image){ 0 };
}
