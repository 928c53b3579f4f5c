/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_PAPER_H
#define QUO_PAPER_H

#include "draw/block.h"
#include "draw/canvas.h"

/**
 * A document on pages: in quorate-draw only. All in millimetres.
 */
struct quo_paper {
	struct quo_canvas *canvas;
	const struct quo_document_head *head;
	bool drawing;			/* else only measured */
	double sheet_width, sheet_height;	/* by the zoom */
	double left, width;		/* of what stands on a page */
	double top, bottom;
	size_t columns;			/* of the table we are in */
	struct quo_block table;
	double column[QUO_DOCUMENT_COLUMNS];	/* widths */
};

/** The sheet that a document asks for. */
void quo_paper_sheet(const struct quo_document_head *head, double *width,
    double *height);

/**
 * Draw all pages of a document, given as its bytes, on a canvas whose first
 * page is open. Fails with QUO_EFORMAT, QUO_ENOMEM, and QUO_ETOOBIG where it
 * must fit one page and doesn't.
 */
enum quo_err quo_paper_draw(struct quo_canvas *canvas, const uint8_t *data,
    size_t len);

/* Its parts */

/** The colour of a tone, and its mark where it has one: true. */
unsigned quo_paper_ink(unsigned tone);
bool quo_paper_mark(unsigned tone, enum quo_canvas_shape *shape);

/**
 * Running text whose first line has its top at y: drawn where the paper is
 * being drawn. Returns its height.
 */
double quo_paper_text(const struct quo_paper *p, struct quo_canvas_type type,
    double x, double y, double width, const char *text);

/** One line, shrunk where it must, on a baseline. */
void quo_paper_line(const struct quo_paper *p, struct quo_canvas_type type,
    double x, double baseline, double width, const char *text);
void quo_paper_box(const struct quo_paper *p, double x, double y,
    double width, double height, double grey);

/** A block, its top at y; returns its height. */
enum quo_err quo_paper_block(struct quo_paper *p, const struct quo_block *b,
    double y, double *height);

/** Share the width among the columns of a table whose rows follow. */
void quo_paper_columns(struct quo_paper *p, const struct quo_block *table,
    struct quo_block_reader rows);
double quo_paper_table(struct quo_paper *p, const struct quo_block *b,
    double y);
double quo_paper_header(struct quo_paper *p, double y);
double quo_paper_row(struct quo_paper *p, const struct quo_block *b,
    double y);

enum quo_err quo_paper_chart(struct quo_paper *p, const struct quo_block *b,
    double y, double *height);

#endif
