/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <png.h>
#include <string.h>

#include "scan/source.h"

/* The only caller of libpng for reading: its simplified interface. */
static enum quo_scan_note
page(struct quo_source *source, unsigned index, unsigned side,
    struct quo_image *image, bool *partial)
{
	png_color white = { 255, 255, 255 };
	png_image png = { .version = PNG_IMAGE_VERSION };
	enum quo_scan_note note = QUO_NOTE_NONE;

	(void)index;
	(void)side;
	(void)partial;
	if (!png_image_begin_read_from_memory(&png, source->data,
	    source->len))
		return QUO_NOTE_BROKEN;
	if (!quo_image_fits(png.width, png.height))
		note = QUO_NOTE_PIXELS;
	else if (!quo_image_new(png.width, png.height, image))
		note = QUO_NOTE_MEMORY;
	png.format = PNG_FORMAT_GRAY;
	if (note == QUO_NOTE_NONE && !png_image_finish_read(&png, &white,
	    image->px, (png_int_32)image->w, NULL)) {
		quo_image_free(image);
		note = QUO_NOTE_BROKEN;
	}
	png_image_free(&png);
	return note;
}

const struct quo_source_kind quo_source_png = {
	.magic = { "\x89PNG\r\n\x1a\n" },
	.profile = QUO_SANDBOX_STRICT,
	.open = quo_source_single,
	.page = page,
};
