/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/quarter.h"

const struct quo_canvas_type quo_type_text = { QUO_CANVAS_SANS, 8.5, 0 };
const struct quo_canvas_type quo_type_strong = { QUO_CANVAS_BOLD, 8.5, 0 };
const struct quo_canvas_type quo_type_note =
    { QUO_CANVAS_SANS, 7.5, QUO_GREY };

struct quo_quarter
quo_quarter_at(const struct quo_layout *l, int column, int row)
{
	const double m = QUO_QUARTER_MARGIN, c = QUO_QUARTER_CLEAR;

	return (struct quo_quarter){
		column == 0 ? m : l->width / 2 + c,
		row == 0 ? m : l->height / 2 + c,
		l->width / 2 - m - c,
		l->height / 2 - m - c,
	};
}

struct quo_quarter
quo_quarter_below(struct quo_quarter q, double y)
{
	q.height -= y - q.y;
	q.y = y;
	return q;
}

void
quo_quarter_head(const struct quo_layout *l, struct quo_quarter q,
    const char *name, const char *remark)
{
	const struct quo_canvas_type big = { QUO_CANVAS_BOLD, 11, 0 };
	struct quo_canvas_type small = quo_type_note;

	small.right = true;
	quo_canvas_box(l->canvas, q.x, q.y, q.width, 0.7, 0);
	quo_canvas_line(l->canvas, big, q.x, q.y + 5.6, q.width, name);
	quo_canvas_line(l->canvas, small, q.x + q.width, q.y + 5.6,
	    q.width * 0.55, remark);
}

void
quo_quarter_label(const struct quo_layout *l, double x, double y,
    const char *text)
{
	const struct quo_canvas_type type = { QUO_CANVAS_SANS, 6.5, QUO_GREY };

	quo_canvas_line(l->canvas, type, x, y, 85, text);
}

void
quo_quarter_blank(const struct quo_layout *l, double x, double y,
    double width, const char *name)
{
	quo_canvas_box(l->canvas, x, y, width, 0.2, 0);
	quo_quarter_label(l, x, y + 3, name);
}
