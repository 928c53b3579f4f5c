/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/axis.h"
#include "draw/paper.h"
#include "draw/quarter.h"

#define HEIGHT 64.0
#define EMPTY 14.0		/* where there is nothing to show */
#define TITLE 6.5		/* what the title takes of it */
#define STEMS_MOST 200

/* The field between the axes. */
struct plot {
	const struct quo_paper *p;
	const struct quo_axes *axes;
	double left, right, top, bottom;
};

static const struct quo_canvas_type label_type = { QUO_CANVAS_SANS, 7,
	QUO_GREY };

static double
place_x(const struct plot *f, double time)
{
	return f->left + (f->right - f->left) *
	    quo_axis_place(&f->axes->time, time);
}

static double
place_y(const struct plot *f, double value)
{
	return f->bottom - (f->bottom - f->top) *
	    quo_axis_place(&f->axes->value, value);
}

static void
put_axes(const struct plot *f, const char *unit)
{
	const struct quo_axis *time = &f->axes->time;
	const struct quo_axis *value = &f->axes->value;
	struct quo_canvas_type type = label_type;
	double at, half;

	quo_paper_line(f->p, type, f->p->left, f->top - 4.2, 40, unit);
	type.right = true;
	for (size_t i = 0; i < value->count; i++) {
		at = place_y(f, value->at[i]);
		quo_paper_box(f->p, f->left, at - 0.1, f->right - f->left,
		    0.2, i == 0 ? 0 : 0.86);
		quo_paper_line(f->p, type, f->left - 2, at + 0.9, 14,
		    value->label[i]);
	}
	type.right = false;
	for (size_t i = 0; i < time->count; i++) {
		at = place_x(f, time->at[i]);
		half = quo_canvas_measure(f->p->canvas, type,
		    time->label[i]) / 2;
		quo_paper_box(f->p, at - 0.1, f->bottom, 0.2, 1.1, 0);
		quo_paper_line(f->p, type, at - half, f->bottom + 4.4,
		    2 * half + 1, time->label[i]);
	}
}

static void
put_point(const struct plot *f, const struct quo_point *p)
{
	const double x = place_x(f, (double)p->time);
	const bool few = f->axes->shown <= STEMS_MOST;
	const struct quo_canvas_stroke stem = { x, f->bottom, x,
		place_y(f, p->value), 0.3, quo_paper_ink(p->tone), false };

	if (few)
		quo_canvas_stroke(f->p->canvas, &stem);
	quo_canvas_mark(f->p->canvas, QUO_CANVAS_DISC, x, stem.y2,
	    few ? 0.95 : 0.5, stem.rgb);
}

/* The line across, and its name above the field, where no point is. */
static void
put_limit(const struct plot *f, double limit, const char *label)
{
	const double y = place_y(f, limit);
	const struct quo_canvas_stroke line = { f->left, y, f->right, y, 0.25,
		quo_paper_ink(QUO_TONE_BAD), true };
	struct quo_canvas_type type = label_type;

	type.right = true;
	type.rgb = line.rgb;
	quo_canvas_stroke(f->p->canvas, &line);
	quo_paper_line(f->p, type, f->right, f->top - 4.2, 90, label);
}

static enum quo_err
draw(const struct plot *f, struct quo_block_chart chart,
    const struct quo_block *b)
{
	struct quo_point point;

	put_axes(f, b->text[1]);
	for (size_t i = 0; i < chart.count; i++) {
		if (quo_block_point(&chart, &point) != QUO_OK)
			return QUO_EFORMAT;
		if ((double)point.time >= f->axes->time.from &&
		    (double)point.time <= f->axes->time.to)
			put_point(f, &point);
	}
	if (chart.threshold > 0)
		put_limit(f, chart.threshold, b->text[2]);
	return QUO_OK;
}

enum quo_err
quo_paper_chart(struct quo_paper *p, const struct quo_block *b, double y,
    double *height)
{
	const struct quo_canvas_type title = { QUO_CANVAS_BOLD, 9.5, 0 };
	const struct quo_canvas_type none = { QUO_CANVAS_SANS, 9.5, QUO_GREY };
	struct quo_block_chart chart;
	struct quo_axes axes;
	const struct plot field = { p, &axes, p->left + 13,
		p->left + p->width - 7, y + TITLE + 7, y + HEIGHT - 6 };
	enum quo_err err;

	err = quo_block_chart(b, &chart);
	if (err == QUO_OK)
		err = quo_axis_both(&chart, &axes);
	*height = err == QUO_OK && axes.shown == 0 ? EMPTY : HEIGHT;
	if (err != QUO_OK || !p->drawing)
		return err;
	quo_paper_line(p, title, p->left, y + 3.4, p->width, b->text[0]);
	if (axes.shown > 0)
		return draw(&field, chart, b);
	quo_paper_line(p, none, p->left, y + 9, p->width,
	    "nothing in this time");
	return QUO_OK;
}
