/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_CANVAS_H
#define QUO_CANVAS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "card/qr.h"
#include "draw/face.h"

/**
 * Pages to draw on: the one caller of cairo and pango, in quorate-draw only.
 *
 * Lengths are millimetres from the upper left corner, sizes of type are
 * points, a baseline is where letters stand. Grey runs from 0, black, to 1,
 * white (white is meant for type on black). Whatever goes wrong is kept and
 * told by quo_canvas_close.
 */
struct quo_canvas;

enum quo_canvas_font {
	QUO_CANVAS_SANS, QUO_CANVAS_BOLD, QUO_CANVAS_MONO,
	QUO_CANVAS_MONO_BOLD,
	QUO_CANVAS_FONTS
};

struct quo_canvas_type {
	enum quo_canvas_font font;
	double points;
	double grey;
	bool right;		/* ends at x, rather than beginning there */
	unsigned rgb;		/* 0xA4172B: in place of the grey; 0: none.
				 * Not in a PNG */
};

/**
 * Begin a file that goes to descriptor fd, whose first page is then open.
 *
 * date   "2026-03-01", or with its time, "2026-03-01T12:00:00Z": what a PDF
 *        gives as its date; the clock never shows
 * The caller closes. Fails with QUO_ELIBRARY, QUO_ENOMEM.
 */
enum quo_err quo_canvas_open(enum quo_face_format format, double width,
    double height, unsigned dpi, const char *date, int fd,
    struct quo_canvas **canvas);

/** What a PDF gives as its title: "Break-glass card" until then. */
void quo_canvas_name(struct quo_canvas *canvas, const char *title);

/** Make all that follows smaller or larger by this, from the corner. */
void quo_canvas_zoom(struct quo_canvas *canvas, double zoom);

/** End this page, begin the next: PDF only. */
void quo_canvas_next(struct quo_canvas *canvas);

/** Write all that is left. Frees the canvas also when it fails. */
enum quo_err quo_canvas_close(struct quo_canvas *canvas);

/**
 * Text that no installed font could draw until now: none, or the first
 * character that was missing, as a code point.
 */
unsigned quo_canvas_missing(const struct quo_canvas *canvas);

/** How wide a text is. */
double quo_canvas_measure(struct quo_canvas *canvas,
    struct quo_canvas_type type, const char *text);

/**
 * One line. Where it is wider than width it shrinks, to 6 tenths of its
 * size and never below 6.5 points, then ends in an ellipsis.
 */
void quo_canvas_line(struct quo_canvas *canvas, struct quo_canvas_type type,
    double x, double baseline, double width, const char *text);

/**
 * Running text in lines of one pitch, the first on baseline; at most `most`
 * lines, then an ellipsis. Returns the number of lines.
 */
unsigned quo_canvas_block(struct quo_canvas *canvas,
    struct quo_canvas_type type, double x, double baseline, double width,
    double pitch, unsigned most, const char *text);

/** How many lines quo_canvas_block would take. */
unsigned quo_canvas_lines(struct quo_canvas *canvas,
    struct quo_canvas_type type, double width, unsigned most,
    const char *text);

/** A straight line, dashed or not. Not in a PNG, as what follows. */
struct quo_canvas_stroke {
	double x1, y1, x2, y2;
	double width;
	unsigned rgb;
	bool dashed;
};

void quo_canvas_stroke(struct quo_canvas *canvas,
    const struct quo_canvas_stroke *stroke);

/** A small filled shape around that point. */
enum quo_canvas_shape {
	QUO_CANVAS_DISC, QUO_CANVAS_DIAMOND, QUO_CANVAS_SQUARE
};

void quo_canvas_mark(struct quo_canvas *canvas, enum quo_canvas_shape shape,
    double x, double y, double radius, unsigned rgb);

/** A filled rectangle: a rule too. */
void quo_canvas_box(struct quo_canvas *canvas, double x, double y,
    double width, double height, double grey);

/**
 * A QR symbol from that upper left corner; the quiet zone, white and
 * QUO_QR_QUIET modules wide, is the caller's to leave around it.
 * Returns the side of a module: in a PNG whole pixels, so a little less.
 */
double quo_canvas_qr(struct quo_canvas *canvas, double x, double y,
    double side, const struct quo_qr *qr);

#endif
