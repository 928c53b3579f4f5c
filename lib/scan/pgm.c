/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "scan/source.h"

/*
 * Binary PGM of 8 bits: what cameras and our own renderings come as, since
 * it costs nothing to make or read. Comments are not taken.
 */
static bool
number(const uint8_t *data, size_t len, size_t *pos, unsigned *value)
{
	size_t start;

	while (*pos < len && (data[*pos] == ' ' || data[*pos] == '\n'))
		(*pos)++;
	start = *pos;
	*value = 0;
	while (*pos < len && data[*pos] >= '0' && data[*pos] <= '9' &&
	    *pos - start < 9)
		*value = 10 * *value + (unsigned)(data[(*pos)++] - '0');
	return *pos > start;
}

static enum quo_scan_note
page(struct quo_source *source, unsigned index, unsigned side,
    struct quo_image *image, bool *partial)
{
	size_t pos = 2, n;
	unsigned w, h, most;

	(void)index;
	(void)side;
	(void)partial;
	if (!number(source->data, source->len, &pos, &w) ||
	    !number(source->data, source->len, &pos, &h) ||
	    !number(source->data, source->len, &pos, &most) || most != 255)
		return QUO_NOTE_BROKEN;
	if (!quo_image_fits(w, h))
		return QUO_NOTE_PIXELS;
	pos++;
	n = (size_t)w * h;
	if (pos > source->len || source->len - pos < n)
		return QUO_NOTE_BROKEN;
	if (!quo_image_new(w, h, image))
		return QUO_NOTE_MEMORY;
	memcpy(image->px, source->data + pos, n);
	return QUO_NOTE_NONE;
}

const struct quo_source_kind quo_source_pgm = {
	.magic = { "P5\n", "P5 " },
	.profile = QUO_SANDBOX_STRICT,
	.open = quo_source_single,
	.page = page,
};
