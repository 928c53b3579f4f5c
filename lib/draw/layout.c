/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/layout.h"
#include "draw/quarter.h"

void
quo_layout_sheet(const struct quo_face *face, double *width, double *height)
{
	bool a4 = face->paper == QUO_FACE_A4;

	*width = a4 ? 210 : 215.9;
	*height = a4 ? 297 : 279.4;
}

/* Ticks at the edges of the paper: a line across would age with the fold. */
static void
mark_folds(const struct quo_layout *l)
{
	const double tick = 5, hair = 0.2;
	const double x = l->width / 2 - hair / 2, y = l->height / 2 - hair / 2;

	quo_canvas_box(l->canvas, x, 0, hair, tick, QUO_FAINT);
	quo_canvas_box(l->canvas, x, l->height - tick, hair, tick, QUO_FAINT);
	quo_canvas_box(l->canvas, 0, y, tick, hair, QUO_FAINT);
	quo_canvas_box(l->canvas, l->width - tick, y, tick, hair, QUO_FAINT);
}

/* The last quarter: the words of the set code, or its second part. */
static void
draw_last(const struct quo_layout *l, struct quo_quarter q)
{
	const char *at = l->face->set_words;
	bool here = at != NULL && quo_face_pages(l->face) == 1;

	if (l->face->set_count > 1) {
		quo_quarter_set(l, q, 1);
		return;
	}
	quo_quarter_head(l, q, "Set code in words", at == NULL ?
	    "too long for words" : here ? "type them from one card only" :
	    "on page 2");
	if (here)
		quo_quarter_words(l,
		    quo_quarter_below(q, q.y + QUO_QUARTER_HEAD),
		    quo_face_rows(at), &at);
}

static void
draw_front(const struct quo_layout *l)
{
	mark_folds(l);
	quo_quarter_cover(l, quo_quarter_at(l, 0, 0));
	quo_quarter_help(l, quo_quarter_at(l, 0, 1));
	quo_quarter_share(l, quo_quarter_at(l, 1, 0));
	draw_last(l, quo_quarter_at(l, 1, 1));
}

/* What did not fit: a long set code's words, or its parts from the third. */
static void
draw_back(const struct quo_layout *l)
{
	const char *at = l->face->set_words;
	struct quo_quarter q;

	mark_folds(l);
	for (unsigned i = 2; i < l->face->set_count; i++)
		quo_quarter_set(l, quo_quarter_at(l, i % 2, i / 2 - 1 > 0),
		    i);
	for (int column = 0; at != NULL && column < 2; column++) {
		q = quo_quarter_at(l, column, 0);
		quo_quarter_head(l, q, column == 0 ? "Set code in words" :
		    l->face->credential, column == 0 ?
		    "type them from one card only" : l->face->set_id);
		quo_quarter_words(l,
		    quo_quarter_below(q, q.y + QUO_QUARTER_HEAD),
		    (quo_face_rows(l->face->set_words) + 1) / 2, &at);
	}
}

void
quo_layout_draw(const struct quo_face *face, struct quo_canvas *canvas)
{
	struct quo_layout l = { .face = face, .canvas = canvas };
	bool all = face->format == QUO_FACE_PDF;

	quo_layout_sheet(face, &l.width, &l.height);
	if (all || face->page < 2)
		draw_front(&l);
	if (all && quo_face_pages(face) == 2)
		quo_canvas_next(canvas);
	if (quo_face_pages(face) == 2 && (all || face->page == 2))
		draw_back(&l);
}
