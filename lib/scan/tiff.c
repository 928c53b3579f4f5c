/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include <tiffio.h>

#include "scan/source.h"

/* The file in memory, as libtiff wants to see one. */
struct memory {
	const uint8_t *data;
	size_t len, pos;
	TIFF *tiff;
};

static tmsize_t
read_memory(thandle_t handle, void *to, tmsize_t n)
{
	struct memory *m = handle;
	size_t left = m->pos < m->len ? m->len - m->pos : 0;
	size_t want = n < 0 ? 0 : (size_t)n;

	if (want > left)
		want = left;
	if (want > 0)
		memcpy(to, m->data + m->pos, want);
	m->pos += want;
	return (tmsize_t)want;
}

static tmsize_t
write_nothing(thandle_t handle, void *from, tmsize_t n)
{
	(void)handle;
	(void)from;
	(void)n;
	return 0;
}

static toff_t
seek_memory(thandle_t handle, toff_t to, int whence)
{
	struct memory *m = handle;
	size_t base = whence == SEEK_CUR ? m->pos :
	    whence == SEEK_END ? m->len : 0;

	m->pos = base + (size_t)to;
	return m->pos;
}

static int
close_nothing(thandle_t handle)
{
	(void)handle;
	return 0;
}

static toff_t
size_memory(thandle_t handle)
{
	return ((struct memory *)handle)->len;
}

static void
close_tiff(struct quo_source *source)
{
	struct memory *m = source->state;

	if (m != NULL && m->tiff != NULL)
		TIFFClose(m->tiff);
	free(m);
	source->state = NULL;
}

static enum quo_scan_note
open_tiff(struct quo_source *source)
{
	struct memory *m = calloc(1, sizeof *m);

	if (m == NULL)
		return QUO_NOTE_MEMORY;
	m->data = source->data;
	m->len = source->len;
	source->state = m;
	TIFFSetErrorHandler(NULL);
	TIFFSetWarningHandler(NULL);
	/* m: no mapping of the file, which isn't one */
	m->tiff = TIFFClientOpen("-", "rm", m, read_memory, write_nothing,
	    seek_memory, close_nothing, size_memory, NULL, NULL);
	if (m->tiff == NULL)
		return QUO_NOTE_BROKEN;
	/* One more than are read, so that the caller can tell. */
	do
		source->pages++;
	while (source->pages <= QUO_SCAN_PAGES && TIFFReadDirectory(m->tiff));
	return QUO_NOTE_NONE;
}

/* 32 bits a pixel to 8, row by row. */
static enum quo_scan_note
decode(TIFF *tiff, uint32_t w, uint32_t h, struct quo_image *image)
{
	size_t n = (size_t)w * h;
	uint32_t *rgba = malloc(n * sizeof *rgba);
	bool ok;

	if (rgba == NULL || !quo_image_new(w, h, image)) {
		free(rgba);
		return QUO_NOTE_MEMORY;
	}
	ok = TIFFReadRGBAImageOriented(tiff, w, h, rgba, ORIENTATION_TOPLEFT,
	    1) != 0;
	for (size_t i = 0; ok && i < n; i++)
		image->px[i] = (uint8_t)((TIFFGetR(rgba[i]) * 77 +
		    TIFFGetG(rgba[i]) * 150 + TIFFGetB(rgba[i]) * 29) >> 8);
	free(rgba);
	if (!ok)
		quo_image_free(image);
	return ok ? QUO_NOTE_NONE : QUO_NOTE_BROKEN;
}

static enum quo_scan_note
page(struct quo_source *source, unsigned index, unsigned side,
    struct quo_image *image, bool *partial)
{
	struct memory *m = source->state;
	uint32_t w = 0, h = 0;

	(void)side;
	(void)partial;
	if (!TIFFSetDirectory(m->tiff, (tdir_t)index) ||
	    !TIFFGetField(m->tiff, TIFFTAG_IMAGEWIDTH, &w) ||
	    !TIFFGetField(m->tiff, TIFFTAG_IMAGELENGTH, &h))
		return QUO_NOTE_BROKEN;
	if (!quo_image_fits(w, h))
		return QUO_NOTE_PIXELS;
	return decode(m->tiff, w, h, image);
}

const struct quo_source_kind quo_source_tiff = {
	.magic = { "II*", "II+", "MM" },
	.profile = QUO_SANDBOX_STRICT,
	.open = open_tiff,
	.page = page,
	.close = close_tiff,
};
