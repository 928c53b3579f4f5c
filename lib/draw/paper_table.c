/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/paper.h"
#include "draw/quarter.h"

#define POINTS 8.0
#define PITCH 3.8
#define LINES_MOST 24
#define GAP 4.0			/* between columns */
#define ABOVE 1.3		/* a row's text, and below it */
#define MARK 2.5		/* what a tone's mark takes */
#define ROWS_LOOKED_AT 400	/* to find the widths */

/* Lines of a cell, and no more of them than fit. */
static unsigned
put_cell(const struct quo_paper *p, struct quo_canvas_type type, double x,
    double y, double width, const char *text)
{
	if (!p->drawing)
		return quo_canvas_lines(p->canvas, type, width, LINES_MOST,
		    text);
	return quo_canvas_block(p->canvas, type, type.right ? x + width : x,
	    y + 2.8, width, PITCH, LINES_MOST, text);
}

static struct quo_canvas_type
cell_type(unsigned column, unsigned tone)
{
	return (struct quo_canvas_type){
		.font = (column & QUO_COLUMN_CODE) != 0 ? QUO_CANVAS_MONO :
		    tone == QUO_TONE_BAD ? QUO_CANVAS_BOLD : QUO_CANVAS_SANS,
		.points = POINTS, .rgb = quo_paper_ink(tone),
		.right = (column & QUO_COLUMN_NUMBER) != 0,
	};
}

static struct quo_canvas_type
label_type(unsigned column)
{
	return (struct quo_canvas_type){ .font = QUO_CANVAS_BOLD,
		.points = POINTS,
		.right = (column & QUO_COLUMN_NUMBER) != 0 };
}

static void
widen(double *column, double width)
{
	if (width > *column)
		*column = width;
}

/* What each column would take if there were room. */
static void
find_widths(struct quo_paper *p, const struct quo_block *table,
    struct quo_block_reader rows)
{
	enum quo_canvas_shape shape;
	struct quo_block b;

	for (size_t i = 0; i < p->columns; i++)
		p->column[i] = quo_canvas_measure(p->canvas,
		    label_type(table->flag[i + 1]), table->text[i + 1]);
	for (int n = 0; n < ROWS_LOOKED_AT &&
	    quo_block_read(&rows, &b) == QUO_OK && b.kind == QUO_BLOCK_ROW;
	    n++)
		for (size_t i = 0; i < b.count; i++)
			widen(&p->column[i], quo_canvas_measure(p->canvas,
			    cell_type(table->flag[i + 1], b.flag[i]),
			    b.text[i]) +
			    (quo_paper_mark(b.flag[i], &shape) ? MARK : 0));
}

/* Give what is left to all columns but those of numbers. */
static void
spread(struct quo_paper *p, double room)
{
	size_t others = 0;
	bool all;

	for (size_t i = 0; i < p->columns; i++) {
		room -= p->column[i];
		others += (p->table.flag[i + 1] & QUO_COLUMN_NUMBER) == 0;
	}
	all = others == 0;
	for (size_t i = 0; i < p->columns; i++)
		if (all || (p->table.flag[i + 1] & QUO_COLUMN_NUMBER) == 0)
			p->column[i] += room /
			    (double)(all ? p->columns : others);
}

/*
 * The widest columns share what the narrow ones leave: all above one width
 * are cut to it. Where all fit, the rest is spread.
 */
void
quo_paper_columns(struct quo_paper *p, const struct quo_block *table,
    struct quo_block_reader rows)
{
	double room, cut, total = 0;
	size_t wide;

	p->table = *table;
	p->columns = table->count - 1;
	find_widths(p, table, rows);
	room = p->width - GAP * (double)(p->columns - 1);
	for (size_t i = 0; i < p->columns; i++) {
		p->column[i] += 0.2;	/* rounding must not wrap what fits */
		total += p->column[i];
	}
	for (cut = room; total > room; ) {
		wide = 0;
		total = 0;
		for (size_t i = 0; i < p->columns; i++)
			wide += p->column[i] >= cut;
		for (size_t i = 0; i < p->columns; i++)
			total += p->column[i] < cut ? p->column[i] : 0;
		if (wide > 0 && total + (double)wide * cut <= room)
			break;
		cut *= 0.995;
		total = room + 1;
	}
	for (size_t i = 0; i < p->columns; i++)
		p->column[i] = p->column[i] < cut ? p->column[i] : cut;
	spread(p, room);
}

double
quo_paper_header(struct quo_paper *p, double y)
{
	double x = p->left, height;
	unsigned lines, most = 1;
	bool drawing = p->drawing;

	/* The labels stand at the bottom: first see how high they are. */
	for (size_t i = 0; i < p->columns; i++) {
		lines = quo_canvas_lines(p->canvas,
		    label_type(p->table.flag[i + 1]), p->column[i],
		    LINES_MOST, p->table.text[i + 1]);
		most = lines > most ? lines : most;
	}
	height = most * PITCH + 2 * ABOVE;
	for (size_t i = 0; drawing && i < p->columns; i++) {
		lines = quo_canvas_lines(p->canvas,
		    label_type(p->table.flag[i + 1]), p->column[i],
		    LINES_MOST, p->table.text[i + 1]);
		put_cell(p, label_type(p->table.flag[i + 1]), x,
		    y + ABOVE + (most - lines) * PITCH, p->column[i],
		    p->table.text[i + 1]);
		x += p->column[i] + GAP;
	}
	quo_paper_box(p, p->left, y + height, p->width, 0.35, 0);
	return height + 0.35;
}

double
quo_paper_table(struct quo_paper *p, const struct quo_block *b, double y)
{
	const struct quo_canvas_type caption = { QUO_CANVAS_SANS, 8.5,
		QUO_GREY };
	double above = 0;

	if (b->text[0][0] != '\0')
		above = quo_paper_text(p, caption, p->left, y, p->width,
		    b->text[0]) + 0.6;
	return above + quo_paper_header(p, y + above);
}

double
quo_paper_row(struct quo_paper *p, const struct quo_block *b, double y)
{
	double x = p->left, by, height;
	enum quo_canvas_shape shape;
	unsigned lines, most = 1;

	for (size_t i = 0; i < b->count; i++) {
		by = quo_paper_mark(b->flag[i], &shape) ? MARK : 0;
		if (by > 0 && p->drawing)
			quo_canvas_mark(p->canvas, shape, x + 0.8,
			    y + ABOVE + 1.8, 0.75, quo_paper_ink(b->flag[i]));
		lines = put_cell(p, cell_type(p->table.flag[i + 1],
		    b->flag[i]), x + by, y + ABOVE, p->column[i] - by,
		    b->text[i]);
		most = lines > most ? lines : most;
		x += p->column[i] + GAP;
	}
	height = most * PITCH + 2 * ABOVE;
	quo_paper_box(p, p->left, y + height, p->width, 0.15, QUO_FAINT);
	return height + 0.15;
}
