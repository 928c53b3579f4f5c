/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>
#include <pango/pangocairo.h>

#include "base/file.h"
#include "draw/canvas.h"

#define POINTS_PER_MM (72 / 25.4)
/* How far a line that is too wide shrinks: in parts, and in points. */
#define LEAST_SHRINK 0.6
#define LEAST_POINTS 6.5
/* Type is laid out in this size and scaled: pango asks fontconfig anew for
 * each size, which takes 2 ms. */
#define POINTS 10.0

/* Noto first; the others so that a bare system still gives a card. */
static const struct {
	const char *family;
	PangoWeight weight;
} fonts[QUO_CANVAS_FONTS] = {
	[QUO_CANVAS_SANS] = { "Noto Sans,DejaVu Sans,sans-serif",
	    PANGO_WEIGHT_NORMAL },
	[QUO_CANVAS_BOLD] = { "Noto Sans,DejaVu Sans,sans-serif",
	    PANGO_WEIGHT_BOLD },
	[QUO_CANVAS_MONO] = { "Noto Sans Mono,DejaVu Sans Mono,monospace",
	    PANGO_WEIGHT_NORMAL },
	[QUO_CANVAS_MONO_BOLD] = {
	    "Noto Sans Mono,DejaVu Sans Mono,monospace",
	    PANGO_WEIGHT_BOLD },
};

struct quo_canvas {
	enum quo_face_format format;
	int fd;
	double pixels_per_mm;		/* of a PNG */
	unsigned missing;
	enum quo_err err;
	cairo_surface_t *surface;
	cairo_t *cr;
	PangoLayout *layout;
	PangoAttrList *attrs;		/* of all that is laid out */
	PangoFontDescription *fonts[QUO_CANVAS_FONTS];
};

static cairo_status_t
emit(void *closure, const unsigned char *data, unsigned len)
{
	struct quo_canvas *c = closure;

	return quo_file_write(c->fd, data, len) == QUO_OK ?
	    CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

/* cairo knows neither the card's date nor the quiet of a clock. */
static void
set_dates(cairo_surface_t *pdf, const char *date)
{
	char at[32];

	snprintf(at, sizeof at, "%.20s%s", date,
	    strlen(date) > 10 ? "" : "T00:00:00Z");
	cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_CREATE_DATE,
	    at);
	cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_MOD_DATE, at);
	cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_TITLE,
	    "Break-glass card");
}

/* Opaque is white: ink is then what takes alpha away, in one byte a pixel. */
static cairo_surface_t *
white_pixels(int width, int height)
{
	cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_A8,
	    width, height);
	cairo_t *cr = cairo_create(s);

	cairo_paint(cr);
	cairo_destroy(cr);
	return s;
}

static void
make_surface(struct quo_canvas *c, double width, double height, unsigned dpi,
    const char *date)
{
	double scale = POINTS_PER_MM;

	switch (c->format) {
	case QUO_FACE_PDF:
		c->surface = cairo_pdf_surface_create_for_stream(emit, c,
		    width * scale, height * scale);
		set_dates(c->surface, date);
		break;
	case QUO_FACE_SVG:
		c->surface = cairo_svg_surface_create_for_stream(emit, c,
		    width * scale, height * scale);
		break;
	case QUO_FACE_PNG:
		c->pixels_per_mm = dpi / 25.4;
		c->surface = white_pixels(
		    (int)lround(width * c->pixels_per_mm),
		    (int)lround(height * c->pixels_per_mm));
		break;
	}
}

static void
make_layout(struct quo_canvas *c)
{
	cairo_font_options_t *options = cairo_font_options_create();
	PangoFontMap *map = pango_cairo_font_map_get_default();
	PangoContext *context = pango_font_map_create_context(map);
	PangoAttrList *attrs = pango_attr_list_new();

	/* Shapes and places that are the same in each format and size. */
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
	pango_cairo_context_set_font_options(context, options);
	cairo_font_options_destroy(options);
	pango_cairo_context_set_resolution(context, 72);
	pango_context_set_round_glyph_positions(context, FALSE);
	pango_context_set_language(context,
	    pango_language_from_string("en"));
	pango_context_set_base_dir(context, PANGO_DIRECTION_LTR);
	pango_cairo_update_context(c->cr, context);
	c->layout = pango_layout_new(context);
	pango_layout_set_auto_dir(c->layout, FALSE);
	pango_layout_set_wrap(c->layout, PANGO_WRAP_WORD_CHAR);
	pango_attr_list_insert(attrs, pango_attr_insert_hyphens_new(FALSE));
	/* Letters as they are typed; and ligatures would be a font more. */
	pango_attr_list_insert(attrs,
	    pango_attr_font_features_new("liga 0, clig 0"));
	pango_layout_set_attributes(c->layout, attrs);
	c->attrs = attrs;
	g_object_unref(context);
	for (int i = 0; i < QUO_CANVAS_FONTS; i++) {
		c->fonts[i] = pango_font_description_new();
		pango_font_description_set_family_static(c->fonts[i],
		    fonts[i].family);
		pango_font_description_set_weight(c->fonts[i],
		    fonts[i].weight);
		pango_font_description_set_absolute_size(c->fonts[i],
		    POINTS * PANGO_SCALE);
	}
}

enum quo_err
quo_canvas_open(enum quo_face_format format, double width, double height,
    unsigned dpi, const char *date, int fd, struct quo_canvas **canvas)
{
	struct quo_canvas *c = calloc(1, sizeof *c);

	if (c == NULL)
		return QUO_ENOMEM;
	c->format = format;
	c->fd = fd;
	make_surface(c, width, height, dpi, date);
	c->cr = cairo_create(c->surface);
	if (format == QUO_FACE_PNG)
		cairo_scale(c->cr, dpi / 72.0, dpi / 72.0);
	make_layout(c);
	*canvas = c;
	if (cairo_status(c->cr) == CAIRO_STATUS_SUCCESS)
		return QUO_OK;
	*canvas = NULL;
	quo_canvas_close(c);
	return QUO_ELIBRARY;
}

void
quo_canvas_name(struct quo_canvas *c, const char *title)
{
	if (c->format == QUO_FACE_PDF)
		cairo_pdf_surface_set_metadata(c->surface,
		    CAIRO_PDF_METADATA_TITLE, title);
}

void
quo_canvas_zoom(struct quo_canvas *c, double zoom)
{
	cairo_scale(c->cr, zoom, zoom);
}

void
quo_canvas_next(struct quo_canvas *c)
{
	cairo_show_page(c->cr);
}

enum quo_err
quo_canvas_close(struct quo_canvas *c)
{
	cairo_status_t status = cairo_status(c->cr);
	enum quo_err err;

	if (status == CAIRO_STATUS_SUCCESS && c->format == QUO_FACE_PNG)
		status = cairo_surface_write_to_png_stream(c->surface, emit,
		    c);
	cairo_surface_finish(c->surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(c->surface);
	err = status == CAIRO_STATUS_SUCCESS ? QUO_OK :
	    status == CAIRO_STATUS_NO_MEMORY ? QUO_ENOMEM :
	    status == CAIRO_STATUS_WRITE_ERROR ? QUO_EIO : QUO_ELIBRARY;
	for (int i = 0; i < QUO_CANVAS_FONTS; i++)
		pango_font_description_free(c->fonts[i]);
	pango_attr_list_unref(c->attrs);
	g_object_unref(c->layout);
	cairo_destroy(c->cr);
	cairo_surface_destroy(c->surface);
	free(c);
	return err;
}

unsigned
quo_canvas_missing(const struct quo_canvas *c)
{
	return c->missing;
}

/* The first character of text that no font has. */
static unsigned
find_missing(PangoLayout *layout)
{
	PangoLayoutIter *iter = pango_layout_get_iter(layout);
	const char *text = pango_layout_get_text(layout);
	PangoGlyphItem *run;
	unsigned found = 0;

	do {
		run = pango_layout_iter_get_run_readonly(iter);
		for (int i = 0; run != NULL && i < run->glyphs->num_glyphs &&
		    found == 0; i++)
			if (run->glyphs->glyphs[i].glyph &
			    PANGO_GLYPH_UNKNOWN_FLAG)
				found = g_utf8_get_char(text +
				    run->item->offset +
				    run->glyphs->log_clusters[i]);
	} while (found == 0 && pango_layout_iter_next_run(iter));
	pango_layout_iter_free(iter);
	return found;
}

/* Lay a text out; width in points, or -1 for as wide as it comes. */
/* No line ends within an option: "--" would be left behind. */
static void
keep_options(struct quo_canvas *c, const char *text)
{
	PangoAttrList *attrs;
	const char *at = strstr(text, "--");

	if (at == NULL) {
		pango_layout_set_attributes(c->layout, c->attrs);
		return;
	}
	attrs = pango_attr_list_copy(c->attrs);
	while ((at = strstr(at, "--")) != NULL) {
		PangoAttribute *whole = pango_attr_allow_breaks_new(FALSE);
		size_t len = strspn(at, "-abcdefghijklmnopqrstuvwxyz");

		whole->start_index = (guint)(at - text);
		whole->end_index = (guint)(at - text + (ptrdiff_t)len);
		pango_attr_list_insert(attrs, whole);
		at += len;
	}
	pango_layout_set_attributes(c->layout, attrs);
	pango_attr_list_unref(attrs);
}

static void
set_text(struct quo_canvas *c, struct quo_canvas_type type, const char *text,
    double width, unsigned lines)
{
	double units = PANGO_SCALE * POINTS / type.points;

	pango_layout_set_font_description(c->layout, c->fonts[type.font]);
	pango_layout_set_width(c->layout,
	    width < 0 ? -1 : (int)(width * units));
	pango_layout_set_ellipsize(c->layout,
	    width < 0 ? PANGO_ELLIPSIZE_NONE : PANGO_ELLIPSIZE_END);
	pango_layout_set_height(c->layout, -(int)lines);
	pango_layout_set_text(c->layout, text, -1);
	keep_options(c, text);
	if (c->missing == 0 &&
	    pango_layout_get_unknown_glyphs_count(c->layout) > 0)
		c->missing = find_missing(c->layout);
}

static double
layout_width(struct quo_canvas *c, struct quo_canvas_type type)
{
	PangoRectangle logical;

	pango_layout_get_extents(c->layout, NULL, &logical);
	return (double)logical.width / PANGO_SCALE * type.points / POINTS;
}

static void
set_colour(struct quo_canvas *c, unsigned rgb)
{
	cairo_set_source_rgb(c->cr, (rgb >> 16 & 255) / 255.0,
	    (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0);
}

static void
set_ink(struct quo_canvas *c, double grey)
{
	if (c->format != QUO_FACE_PNG) {
		cairo_set_source_rgb(c->cr, grey, grey, grey);
		return;
	}
	cairo_set_operator(c->cr,
	    grey < 1 ? CAIRO_OPERATOR_DEST_OUT : CAIRO_OPERATOR_OVER);
	cairo_set_source_rgba(c->cr, 0, 0, 0, grey < 1 ? 1 - grey : 1);
}

/* Line i of the layout, on a baseline of our own: fallback fonts have other
 * heights. Points. */
static void
show(struct quo_canvas *c, struct quo_canvas_type type, int i, double x,
    double baseline)
{
	PangoLayoutLine *line = pango_layout_get_line_readonly(c->layout, i);
	double scale = type.points / POINTS;
	PangoRectangle logical;

	pango_layout_line_get_extents(line, NULL, &logical);
	if (type.right)
		x -= (double)logical.width / PANGO_SCALE * scale;
	set_ink(c, type.grey);
	if (type.rgb != 0 && c->format != QUO_FACE_PNG)
		set_colour(c, type.rgb);
	cairo_save(c->cr);
	cairo_translate(c->cr, x, baseline);
	cairo_scale(c->cr, scale, scale);
	cairo_move_to(c->cr, 0, 0);
	pango_cairo_show_layout_line(c->cr, line);
	cairo_restore(c->cr);
}

double
quo_canvas_measure(struct quo_canvas *c, struct quo_canvas_type type,
    const char *text)
{
	set_text(c, type, text, -1, 1);
	return layout_width(c, type) / POINTS_PER_MM;
}

void
quo_canvas_line(struct quo_canvas *c, struct quo_canvas_type type, double x,
    double baseline, double width, const char *text)
{
	double natural, room = width * POINTS_PER_MM;

	set_text(c, type, text, -1, 1);
	natural = layout_width(c, type);
	if (natural > room) {
		/* A hair less: rounding must not ellipsise what fits. */
		type.points = fmin(type.points, fmax(LEAST_POINTS,
		    type.points *
		    fmax(room / natural * 0.995, LEAST_SHRINK)));
		set_text(c, type, text, room, 1);
	}
	show(c, type, 0, x * POINTS_PER_MM, baseline * POINTS_PER_MM);
}

unsigned
quo_canvas_block(struct quo_canvas *c, struct quo_canvas_type type, double x,
    double baseline, double width, double pitch, unsigned most,
    const char *text)
{
	int lines;

	set_text(c, type, text, width * POINTS_PER_MM, most);
	lines = pango_layout_get_line_count(c->layout);
	for (int i = 0; i < lines; i++)
		show(c, type, i, x * POINTS_PER_MM,
		    (baseline + i * pitch) * POINTS_PER_MM);
	return (unsigned)lines;
}

unsigned
quo_canvas_lines(struct quo_canvas *c, struct quo_canvas_type type,
    double width, unsigned most, const char *text)
{
	set_text(c, type, text, width * POINTS_PER_MM, most);
	return (unsigned)pango_layout_get_line_count(c->layout);
}

void
quo_canvas_stroke(struct quo_canvas *c, const struct quo_canvas_stroke *s)
{
	const double dash[] = { 4, 3 };

	set_colour(c, s->rgb);
	cairo_set_line_width(c->cr, s->width * POINTS_PER_MM);
	cairo_set_dash(c->cr, dash, s->dashed ? 2 : 0, 0);
	cairo_move_to(c->cr, s->x1 * POINTS_PER_MM, s->y1 * POINTS_PER_MM);
	cairo_line_to(c->cr, s->x2 * POINTS_PER_MM, s->y2 * POINTS_PER_MM);
	cairo_stroke(c->cr);
}

void
quo_canvas_mark(struct quo_canvas *c, enum quo_canvas_shape shape, double x,
    double y, double radius, unsigned rgb)
{
	set_colour(c, rgb);
	cairo_save(c->cr);
	cairo_translate(c->cr, x * POINTS_PER_MM, y * POINTS_PER_MM);
	cairo_scale(c->cr, radius * POINTS_PER_MM, radius * POINTS_PER_MM);
	cairo_new_path(c->cr);
	if (shape == QUO_CANVAS_DISC)
		cairo_arc(c->cr, 0, 0, 1, 0, 2 * G_PI);
	else if (shape == QUO_CANVAS_DIAMOND)
		cairo_rotate(c->cr, G_PI / 4);
	if (shape != QUO_CANVAS_DISC)
		cairo_rectangle(c->cr, -0.88, -0.88, 1.76, 1.76);
	cairo_fill(c->cr);
	cairo_restore(c->cr);
}

void
quo_canvas_box(struct quo_canvas *c, double x, double y, double width,
    double height, double grey)
{
	set_ink(c, grey);
	cairo_rectangle(c->cr, x * POINTS_PER_MM, y * POINTS_PER_MM,
	    width * POINTS_PER_MM, height * POINTS_PER_MM);
	cairo_fill(c->cr);
}

/* One path of all dark runs: seen as one shape, no seams between rows. */
static void
trace(cairo_t *cr, const struct quo_qr *qr)
{
	int side = (int)qr->side, run;

	for (int y = 0; y < side; y++)
		for (int x = 0; x < side; x += run + 1) {
			for (run = 0; quo_qr_dark(qr, x + run, y); run++)
				;
			if (run > 0)
				cairo_rectangle(cr, x, y, run, 1);
		}
}

double
quo_canvas_qr(struct quo_canvas *c, double x, double y, double side,
    const struct quo_qr *qr)
{
	double scale = c->format == QUO_FACE_PNG ? c->pixels_per_mm :
	    POINTS_PER_MM;
	double module = side / qr->side * scale;
	double left = x * scale, top = y * scale;

	cairo_save(c->cr);
	if (c->format == QUO_FACE_PNG) {
		cairo_identity_matrix(c->cr);
		module = floor(module);
		left = round(left);
		top = round(top);
	}
	cairo_translate(c->cr, left, top);
	cairo_scale(c->cr, module, module);
	cairo_set_antialias(c->cr, CAIRO_ANTIALIAS_NONE);
	set_ink(c, 0);
	trace(c->cr, qr);
	cairo_fill(c->cr);
	cairo_restore(c->cr);
	return module / scale;
}
