/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "draw/paper.h"
#include "draw/quarter.h"

#define PITCH_PER_POINT 0.48	/* of lines, in millimetres */
#define ASCENT_PER_POINT 0.36	/* from a line's top to its baseline */
#define LINES_MOST 50
#define INDENT 7.0
#define FACT_LABEL 40.0
#define SIGN_HEIGHT 12.8
#define BLANK_HEIGHT 15.0

static const struct quo_canvas_type
    text_type = { QUO_CANVAS_SANS, 9.5, 0 },
    strong_type = { QUO_CANVAS_BOLD, 9.5, 0 },
    grey_type = { QUO_CANVAS_SANS, 9.5, QUO_GREY },
    label_type = { QUO_CANVAS_SANS, 7.5, QUO_GREY },
    code_type = { QUO_CANVAS_MONO, 8, 0 },
    command_type = { QUO_CANVAS_MONO_BOLD, 8.5, 0 };

unsigned
quo_paper_ink(unsigned tone)
{
	static const unsigned inks[] = { 0x111111, 0x1B6B3A, 0x8A5300,
		0xA4172B, 0x606060 };

	return inks[tone < sizeof inks / sizeof *inks ? tone : 0];
}

bool
quo_paper_mark(unsigned tone, enum quo_canvas_shape *shape)
{
	*shape = tone == QUO_TONE_GOOD ? QUO_CANVAS_DISC :
	    tone == QUO_TONE_WARN ? QUO_CANVAS_DIAMOND : QUO_CANVAS_SQUARE;
	return tone >= QUO_TONE_GOOD && tone <= QUO_TONE_BAD;
}

double
quo_paper_text(const struct quo_paper *p, struct quo_canvas_type type,
    double x, double y, double width, const char *text)
{
	double pitch = type.points * PITCH_PER_POINT;
	unsigned lines;

	if (p->drawing)
		lines = quo_canvas_block(p->canvas, type, x,
		    y + type.points * ASCENT_PER_POINT, width, pitch,
		    LINES_MOST, text);
	else
		lines = quo_canvas_lines(p->canvas, type, width, LINES_MOST,
		    text);
	return lines * pitch;
}

void
quo_paper_line(const struct quo_paper *p, struct quo_canvas_type type,
    double x, double baseline, double width, const char *text)
{
	if (p->drawing)
		quo_canvas_line(p->canvas, type, x, baseline, width, text);
}

void
quo_paper_box(const struct quo_paper *p, double x, double y, double width,
    double height, double grey)
{
	if (p->drawing)
		quo_canvas_box(p->canvas, x, y, width, height, grey);
}

static double
put_heading(const struct quo_paper *p, const struct quo_block *b, double y)
{
	const struct quo_canvas_type large = { QUO_CANVAS_BOLD, 13, 0 };
	const struct quo_canvas_type small = { QUO_CANVAS_BOLD, 10.5, 0 };

	if (b->arg == 2)
		return quo_paper_text(p, small, p->left, y, p->width,
		    b->text[0]);
	quo_paper_box(p, p->left, y, p->width, 0.7, 0);
	return 2.6 + quo_paper_text(p, large, p->left, y + 2.6, p->width,
	    b->text[0]);
}

static double
put_text(const struct quo_paper *p, const struct quo_block *b, double y)
{
	return quo_paper_text(p, text_type, p->left, y, p->width, b->text[0]);
}

static double
put_note(const struct quo_paper *p, const struct quo_block *b, double y)
{
	struct quo_canvas_type type = b->flag[0] == QUO_TONE_BAD ?
	    strong_type : text_type;
	struct quo_canvas_stroke bar = { .x1 = p->left + 0.6, .y1 = y,
		.x2 = p->left + 0.6, .width = 1.2 };
	double height;

	type.rgb = bar.rgb = quo_paper_ink(b->flag[0]);
	height = quo_paper_text(p, type, p->left + 4.5, y + 0.4,
	    p->width - 4.5, b->text[0]) + 0.8;
	bar.y2 = y + height;
	if (p->drawing)
		quo_canvas_stroke(p->canvas, &bar);
	return height;
}

static double
put_item(const struct quo_paper *p, const struct quo_block *b, double y)
{
	char number[16];

	if (b->kind == QUO_BLOCK_NUMBER) {
		snprintf(number, sizeof number, "%u", b->arg);
		quo_paper_line(p, strong_type, p->left,
		    y + 9.5 * ASCENT_PER_POINT, INDENT, number);
	} else if (p->drawing)
		quo_canvas_mark(p->canvas, QUO_CANVAS_DISC, p->left + 2.2,
		    y + 2.3, 0.55, quo_paper_ink(0));
	return quo_paper_text(p, text_type, p->left + INDENT, y,
	    p->width - INDENT, b->text[0]);
}

static double
put_fact(const struct quo_paper *p, const struct quo_block *b, double y)
{
	double label = quo_paper_text(p, grey_type, p->left, y,
	    FACT_LABEL - 4, b->text[0]);
	double value = quo_paper_text(p, text_type, p->left + FACT_LABEL, y,
	    p->width - FACT_LABEL, b->text[1]);

	return label > value ? label : value;
}

static double
put_figures(const struct quo_paper *p, const struct quo_block *b, double y)
{
	struct quo_canvas_type type = { QUO_CANVAS_BOLD, 16, 0 };
	double width = p->width / (double)(b->count / 2), x = p->left, by;
	enum quo_canvas_shape shape;

	for (size_t i = 0; i + 1 < b->count; i += 2, x += width) {
		quo_paper_line(p, label_type, x, y + 2.8, width - 4,
		    b->text[i]);
		by = quo_paper_mark(b->flag[i + 1], &shape) ? 4.8 : 0;
		type.rgb = quo_paper_ink(b->flag[i + 1]);
		if (by > 0 && p->drawing)
			quo_canvas_mark(p->canvas, shape, x + 1.3, y + 8, 1.3,
			    type.rgb);
		quo_paper_line(p, type, x + by, y + 10.1, width - 4 - by,
		    b->text[i + 1]);
	}
	return 12;
}

/* A line to write on, its label below. */
static void
put_blank(const struct quo_paper *p, double x, double y, double width,
    const char *label)
{
	quo_paper_box(p, x, y, width, 0.2, 0);
	quo_paper_line(p, label_type, x, y + 3.2, width, label);
}

static double
put_step(const struct quo_paper *p, const struct quo_block *b, double y)
{
	const double time = 27, initials = 20, gap = 4;
	double width = p->width - INDENT, height, right = p->left + p->width;
	char number[16];

	if (b->flag[0] != 0)
		width -= time + initials + 2 * gap;
	snprintf(number, sizeof number, "%u", b->arg);
	quo_paper_line(p, strong_type, p->left, y + 1.6 +
	    9.5 * ASCENT_PER_POINT, INDENT, number);
	height = 1.6 + quo_paper_text(p, text_type, p->left + INDENT, y + 1.6,
	    width, b->text[0]);
	if (b->text[1][0] != '\0')
		height += 0.6 + quo_paper_text(p, command_type,
		    p->left + INDENT, y + height + 0.6, width, b->text[1]);
	height += 2;
	if (b->flag[0] != 0) {
		height = height < SIGN_HEIGHT ? SIGN_HEIGHT : height;
		put_blank(p, right - initials - gap - time, y + height - 5.6,
		    time, "UTC time");
		put_blank(p, right - initials, y + height - 5.6, initials,
		    "initials");
	}
	quo_paper_box(p, p->left, y + height, p->width, 0.15, QUO_FAINT);
	return height;
}

static double
put_blanks(const struct quo_paper *p, const struct quo_block *b, double y)
{
	const double gap = 6;
	double width = (p->width + gap) / (double)b->count - gap;

	for (size_t i = 0; i < b->count; i++)
		put_blank(p, p->left + (double)i * (width + gap),
		    y + BLANK_HEIGHT - 4.2, width, b->text[i]);
	return BLANK_HEIGHT;
}

static enum quo_err
put_qr(const struct quo_paper *p, const struct quo_block *b, double y,
    double *height)
{
	double side, x, text;
	struct quo_qr qr;

	if (quo_block_qr(b, &qr) != QUO_OK)
		return QUO_EFORMAT;
	side = qr.side * 0.9 < 34 ? 34 : qr.side * 0.9;
	if (p->drawing)
		quo_canvas_qr(p->canvas, p->left, y, side, &qr);
	x = p->left + side * (1 + (double)QUO_QR_QUIET / qr.side) + 2;
	text = quo_paper_text(p, text_type, x, y, p->left + p->width - x,
	    b->text[0]) + 2.4;
	if (b->text[1][0] != '\0')
		text += quo_paper_text(p, code_type, x, y + text,
		    p->left + p->width - x, b->text[1]);
	*height = text > side ? text : side;
	return QUO_OK;
}

static double
put_code(const struct quo_paper *p, const struct quo_block *b, double y)
{
	double height = quo_paper_text(p, code_type, p->left + 4, y,
	    p->width - 4, b->text[0]);

	quo_paper_box(p, p->left, y, 0.7, height, QUO_FAINT);
	return height;
}

static double
put_words(const struct quo_paper *p, const struct quo_block *b, double y)
{
	const struct quo_canvas_type word = { QUO_CANVAS_MONO, 10, 0 };
	const struct quo_canvas_type check = { QUO_CANVAS_MONO_BOLD, 10, 0 };
	const struct quo_canvas_type number = { QUO_CANVAS_BOLD, 10, 0 };
	const double height = 7.6, apart = 5, first = 11;
	double step = (p->width - first - apart) / (double)(b->count - 1), x;
	bool last;

	step = step > 20 ? 20 : step;
	quo_paper_line(p, number, p->left, y + 5.1, 9, b->text[0]);
	for (size_t i = 1; i < b->count; i++) {
		last = i + 1 == b->count && i > 1;
		x = p->left + first + (double)(i - 1) * step;
		quo_paper_line(p, last ? check : word, x + (last ? apart : 0),
		    y + 5.1, step - 0.5, b->text[i]);
	}
	quo_paper_box(p, p->left, y + height, first + apart +
	    (double)(b->count - 1) * step, 0.15, QUO_FAINT);
	return height;
}

enum quo_err
quo_paper_block(struct quo_paper *p, const struct quo_block *b, double y,
    double *height)
{
	static double (*const puts[QUO_BLOCK_KINDS])(const struct quo_paper *,
	    const struct quo_block *, double) = {
		[QUO_BLOCK_HEADING] = put_heading,
		[QUO_BLOCK_TEXT] = put_text,
		[QUO_BLOCK_NOTE] = put_note,
		[QUO_BLOCK_ITEM] = put_item,
		[QUO_BLOCK_NUMBER] = put_item,
		[QUO_BLOCK_FACT] = put_fact,
		[QUO_BLOCK_FIGURES] = put_figures,
		[QUO_BLOCK_STEP] = put_step,
		[QUO_BLOCK_BLANKS] = put_blanks,
		[QUO_BLOCK_CODE] = put_code,
		[QUO_BLOCK_WORDS] = put_words,
	};

	*height = 0;
	if (b->kind == QUO_BLOCK_QR)
		return put_qr(p, b, y, height);
	if (b->kind == QUO_BLOCK_CHART)
		return quo_paper_chart(p, b, y, height);
	if (b->kind == QUO_BLOCK_TABLE)
		*height = quo_paper_table(p, b, y);
	else if (b->kind == QUO_BLOCK_ROW)
		*height = quo_paper_row(p, b, y);
	else if (puts[b->kind] != NULL)
		*height = puts[b->kind](p, b, y);
	return QUO_OK;
}
