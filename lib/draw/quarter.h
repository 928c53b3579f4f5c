/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_QUARTER_H
#define QUO_QUARTER_H

#include "draw/canvas.h"
#include "draw/face.h"

/**
 * What the pages of a card are made of: a sheet, its four quarters, and the
 * few things that stand in all of them. Millimetres.
 */
#define QUO_QUARTER_MARGIN 10.0		/* to the edge of the sheet */
#define QUO_QUARTER_CLEAR 8.0		/* to a fold */
#define QUO_QUARTER_HEAD 8.5		/* the height of a head */
#define QUO_QUARTER_PITCH 3.9		/* of running text */

#define QUO_GREY 0.3
#define QUO_FAINT 0.72

struct quo_layout {
	const struct quo_face *face;
	struct quo_canvas *canvas;
	double width, height;
};

/** A quarter of the sheet, less its margins. */
struct quo_quarter {
	double x, y, width, height;
};

extern const struct quo_canvas_type quo_type_text, quo_type_strong,
    quo_type_note;

struct quo_quarter quo_quarter_at(const struct quo_layout *l, int column,
    int row);

/** A head across the quarter: name over a rule, a remark at its right. */
void quo_quarter_head(const struct quo_layout *l, struct quo_quarter q,
    const char *name, const char *remark);

/** What lies below y. */
struct quo_quarter quo_quarter_below(struct quo_quarter q, double y);

/** Small letters that name what stands below or beside. */
void quo_quarter_label(const struct quo_layout *l, double x, double y,
    const char *text);

/** A line to write on, its label below the pen. */
void quo_quarter_blank(const struct quo_layout *l, double x, double y,
    double width, const char *name);

/**
 * The quarters: what it is and whose; what to do, over the set code; the
 * share; the set code in words, or its second part. And part `part` of the
 * set code, a head over it, in a quarter of its own; rows of its words, from
 * *at, which moves on.
 */
void quo_quarter_cover(const struct quo_layout *l, struct quo_quarter q);
void quo_quarter_help(const struct quo_layout *l, struct quo_quarter q);
void quo_quarter_share(const struct quo_layout *l, struct quo_quarter q);
void quo_quarter_set(const struct quo_layout *l, struct quo_quarter q,
    unsigned part);
void quo_quarter_words(const struct quo_layout *l, struct quo_quarter q,
    size_t rows, const char **at);

#endif
