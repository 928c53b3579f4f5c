/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <poppler.h>

#include "scan/source.h"

/*
 * The only caller of poppler, and of the few functions of cairo that it wants
 * its pages drawn with.
 */

/* What makes poppler and its libraries look for their files and locales. */
static void
prepare(void)
{
	static const char blank[] =
	    "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
	    "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
	    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
	    "trailer<</Root 1 0 R>>\n";
	struct quo_source source = {
		.data = (const uint8_t *)blank, .len = sizeof blank - 1,
	};
	struct quo_image image = { 0 };
	bool partial;

	if (quo_source_pdf.open(&source) == QUO_NOTE_NONE)
		quo_source_pdf.page(&source, 0, 9, &image, &partial);
	quo_image_free(&image);
	quo_source_pdf.close(&source);
}

static void
drop(const gchar *domain, GLogLevelFlags level, const gchar *message,
    gpointer data)
{
	(void)domain;
	(void)level;
	(void)message;
	(void)data;
}

static enum quo_scan_note
open_pdf(struct quo_source *source)
{
	GBytes *bytes = g_bytes_new_static(source->data, source->len);
	GError *error = NULL;
	PopplerDocument *pdf;
	bool encrypted;
	int n;

	g_log_set_default_handler(drop, NULL);
	pdf = poppler_document_new_from_bytes(bytes, NULL, &error);
	g_bytes_unref(bytes);
	source->state = pdf;
	if (pdf == NULL) {
		encrypted = g_error_matches(error, POPPLER_ERROR,
		    POPPLER_ERROR_ENCRYPTED);
		g_clear_error(&error);
		return encrypted ? QUO_NOTE_ENCRYPTED : QUO_NOTE_BROKEN;
	}
	n = poppler_document_get_n_pages(pdf);
	source->pages = n > 0 ? (unsigned)n : 0;
	return n > 0 ? QUO_NOTE_NONE : QUO_NOTE_BROKEN;
}

static enum quo_scan_note
take_gray(cairo_surface_t *surface, struct quo_image *image)
{
	const unsigned char *data = cairo_image_surface_get_data(surface);
	int stride = cairo_image_surface_get_stride(surface);
	unsigned w = (unsigned)cairo_image_surface_get_width(surface);
	unsigned h = (unsigned)cairo_image_surface_get_height(surface);

	if (!quo_image_new(w, h, image))
		return QUO_NOTE_MEMORY;
	for (unsigned y = 0; y < h; y++) {
		const uint32_t *from = (const uint32_t *)(const void *)
		    (data + (size_t)y * (size_t)stride);
		uint8_t *to = image->px + (size_t)y * w;

		for (unsigned x = 0; x < w; x++)
			to[x] = (uint8_t)((((from[x] >> 16) & 255) * 77 +
			    ((from[x] >> 8) & 255) * 150 +
			    (from[x] & 255) * 29) >> 8);
	}
	return QUO_NOTE_NONE;
}

static enum quo_scan_note
draw(PopplerPage *page, double scale, int w, int h, struct quo_image *image)
{
	enum quo_scan_note note = QUO_NOTE_MEMORY;
	cairo_surface_t *surface;
	cairo_t *cr;

	surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, w, h);
	cr = cairo_create(surface);
	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	cairo_scale(cr, scale, scale);
	poppler_page_render(page, cr);
	cairo_surface_flush(surface);
	if (cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS)
		note = take_gray(surface, image);
	cairo_destroy(cr);
	cairo_surface_destroy(surface);
	return note;
}

/* Whether a page is all lines and letters. */
static bool
no_pictures(PopplerPage *page)
{
	GList *images = poppler_page_get_image_mapping(page);
	bool none = images == NULL;

	poppler_page_free_image_mapping(images);
	return none;
}

/* By pixels and not by dpi: scanners write any page size. */
static enum quo_scan_note
page(struct quo_source *source, unsigned index, unsigned side,
    struct quo_image *image, bool *partial)
{
	PopplerPage *page;
	double w = 0, h = 0, scale;
	enum quo_scan_note note;

	(void)partial;
	page = poppler_document_get_page(source->state, (int)index);
	if (page == NULL)
		return QUO_NOTE_BROKEN;
	poppler_page_get_size(page, &w, &h);
	if (!(w >= 1 && h >= 1 && w < 1e6 && h < 1e6)) {
		g_object_unref(page);
		return QUO_NOTE_BROKEN;
	}
	scale = side / (w > h ? w : h);
	w = w * scale < 1 ? 1 : w * scale;
	h = h * scale < 1 ? 1 : h * scale;
	note = draw(page, scale, (int)w, (int)h, image);
	source->drawn = no_pictures(page);
	g_object_unref(page);
	return note;
}

static void
close_pdf(struct quo_source *source)
{
	if (source->state != NULL)
		g_object_unref(source->state);
	source->state = NULL;
}

const struct quo_source_kind quo_source_pdf = {
	.magic = { "%PDF-" },
	.scalable = true,
	.profile = QUO_SANDBOX_WIDE,
	.prepare = prepare,
	.open = open_pdf,
	.page = page,
	.close = close_pdf,
};
