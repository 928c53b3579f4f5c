/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "draw/layout.h"

/* Millimetres. */
#define MARGIN 10.0		/* to the edge of the sheet */
#define CLEAR 8.0		/* to a fold */
#define BAND 10.0		/* the head of a quarter */
#define LABEL_RISE 4.6		/* from a label's baseline to its value's */
#define WHITE 1.0
#define GREY 0.38
#define FAINT 0.72

/* A quarter of the sheet, less its margins. */
struct quarter {
	double x, y, width, height;
};

struct layout {
	const struct quo_face *face;
	struct quo_canvas *canvas;
	double width, height;
};

static const struct quo_canvas_type label_type =
    { QUO_CANVAS_SANS, 6.5, GREY };
static const struct quo_canvas_type text_type = { QUO_CANVAS_SANS, 8.5, 0 };
static const struct quo_canvas_type strong_type = { QUO_CANVAS_BOLD, 8.5, 0 };
static const struct quo_canvas_type code_type =
    { QUO_CANVAS_MONO_BOLD, 8, 0 };
#define TEXT_PITCH 3.9

void
quo_layout_sheet(const struct quo_face *face, double *width, double *height)
{
	bool a4 = face->paper == QUO_FACE_A4;

	*width = a4 ? 210 : 215.9;
	*height = a4 ? 297 : 279.4;
}

static struct quarter
quarter_of(const struct layout *l, int column, int row)
{
	return (struct quarter){
		column == 0 ? MARGIN : l->width / 2 + CLEAR,
		row == 0 ? MARGIN : l->height / 2 + CLEAR,
		l->width / 2 - MARGIN - CLEAR,
		l->height / 2 - MARGIN - CLEAR,
	};
}

/* Ticks at the edges of the paper: a line across would age with the fold. */
static void
mark_folds(const struct layout *l)
{
	const double tick = 5, hair = 0.2;

	quo_canvas_box(l->canvas, l->width / 2 - hair / 2, 0, hair, tick,
	    FAINT);
	quo_canvas_box(l->canvas, l->width / 2 - hair / 2, l->height - tick,
	    hair, tick, FAINT);
	quo_canvas_box(l->canvas, 0, l->height / 2 - hair / 2, tick, hair,
	    FAINT);
	quo_canvas_box(l->canvas, l->width - tick, l->height / 2 - hair / 2,
	    tick, hair, FAINT);
}

static void
label(const struct layout *l, double x, double y, const char *text)
{
	quo_canvas_line(l->canvas, label_type, x, y, 90, text);
}

/* The head of a quarter: a name over a thick rule, a remark at its right. */
static double
head(const struct layout *l, struct quarter q, const char *name,
    const char *remark)
{
	const struct quo_canvas_type big = { QUO_CANVAS_BOLD, 11, 0 };
	const struct quo_canvas_type small =
	    { QUO_CANVAS_SANS, 7.5, GREY, true };

	quo_canvas_box(l->canvas, q.x, q.y, q.width, 0.7, 0);
	quo_canvas_line(l->canvas, big, q.x, q.y + 5.6, q.width, name);
	quo_canvas_line(l->canvas, small, q.x + q.width, q.y + 5.6,
	    q.width / 2, remark);
	return q.y + BAND;
}

/* A line to write on, its label below the pen. */
static void
blank(const struct layout *l, double x, double y, double width,
    const char *name)
{
	quo_canvas_box(l->canvas, x, y, width, 0.2, 0);
	label(l, x, y + 3, name);
}

static void
banner(const struct layout *l, struct quarter q)
{
	const struct quo_canvas_type name = { QUO_CANVAS_BOLD, 16, WHITE };
	const struct quo_canvas_type number =
	    { QUO_CANVAS_BOLD, 16, WHITE, true };
	char text[32];

	quo_canvas_box(l->canvas, q.x, q.y, q.width, 12, 0);
	quo_canvas_line(l->canvas, name, q.x + 3.5, q.y + 8.1, q.width,
	    "Break-glass card");
	snprintf(text, sizeof text, "%u of %u", l->face->serial,
	    l->face->count);
	quo_canvas_line(l->canvas, number, q.x + q.width - 3.5, q.y + 8.1,
	    q.width / 3, text);
}

/* "Any 2 of 3 cards open it." */
static double
tell_policy(const struct layout *l, struct quarter q, double y)
{
	const struct quo_canvas_type one = { QUO_CANVAS_BOLD, 12, 0 };
	const struct quo_canvas_type more = { QUO_CANVAS_BOLD, 8.5, 0 };
	char text[QUO_FACE_TEXT + 32];
	unsigned lines;

	snprintf(text, sizeof text, "%s", l->face->policy);
	text[0] = (char)toupper((unsigned char)text[0]);
	label(l, q.x, y, "OPENED BY");
	y += LABEL_RISE + 0.5;
	if (quo_canvas_measure(l->canvas, one, text) <= q.width) {
		quo_canvas_line(l->canvas, one, q.x, y, q.width, text);
		return y;
	}
	lines = quo_canvas_block(l->canvas, more, q.x, y, q.width, 4, 3,
	    text);
	return y + (lines - 1) * 4;
}

static double
tell_who(const struct layout *l, struct quarter q, double y)
{
	const struct quo_canvas_type big = { QUO_CANVAS_BOLD, 22, 0 };
	const struct quo_canvas_type name = { QUO_CANVAS_BOLD, 15, 0 };
	char text[32];

	label(l, q.x, y, "CREDENTIAL");
	y += 8;
	quo_canvas_line(l->canvas, big, q.x, y, q.width,
	    l->face->credential);
	y += 8;
	snprintf(text, sizeof text, "card %u", l->face->serial);
	label(l, q.x, y, "HELD BY");
	y += 6;
	quo_canvas_line(l->canvas, name, q.x, y, q.width,
	    l->face->custodian != NULL ? l->face->custodian : text);
	return tell_policy(l, q, y + 8);
}

static void
tell_dates(const struct layout *l, struct quarter q, double y)
{
	const struct quo_canvas_type type = { QUO_CANVAS_BOLD, 11, 0 };
	char generation[32];
	const char *const fields[][2] = {
		{ "GENERATION", generation },
		{ "ISSUED", l->face->issued },
		{ "REVIEW BY", l->face->review_by != NULL ?
		    l->face->review_by : "–" },
	};
	double step = q.width / 3;

	snprintf(generation, sizeof generation, "%u",
	    (unsigned)l->face->generation);
	for (size_t i = 0; i < 3; i++) {
		label(l, q.x + (double)i * step, y, fields[i][0]);
		quo_canvas_line(l->canvas, type, q.x + (double)i * step,
		    y + LABEL_RISE, step - 2, fields[i][1]);
	}
}

/* What a hand fills in, from the bottom of the quarter up. */
static void
leave_blanks(const struct layout *l, struct quarter q)
{
	double y = q.y + q.height - 3.2, step = (q.width + 3) / 4;

	if (l->face->locked) {
		for (int i = 0; i < 7; i++)
			blank(l, q.x + i % 4 * step, y - (i < 4 ? 10 : 0),
			    step - 3, i < 6 ? (char[]){ (char)('1' + i), 0 } :
			    "CHECK");
		blank(l, q.x + 3 * step, y, step - 3, "OR KEPT AT");
		label(l, q.x, y - 19, "LOCK PHRASE");
		y -= 25;
	}
	blank(l, q.x, y, q.width * 0.64, "SIGNATURE");
	blank(l, q.x + q.width * 0.68, y, q.width * 0.32, "DATE");
	blank(l, q.x, y - 11, q.width, "BAG SERIAL");
}

static void
draw_cover(const struct layout *l)
{
	const struct quo_canvas_type words = { QUO_CANVAS_BOLD, 18, 0 };
	struct quarter q = quarter_of(l, 0, 0);
	double y;

	banner(l, q);
	y = tell_who(l, q, q.y + 18.5) + 7.5;
	label(l, q.x, y, "SET  —  the same four words on every card of it");
	quo_canvas_line(l->canvas, words, q.x, y + 7, q.width,
	    l->face->set_id);
	tell_dates(l, q, y + 14);
	leave_blanks(l, q);
}

/* A numbered step, and the command it runs where there is one. */
static double
step(const struct layout *l, struct quarter q, double y, int number,
    const char *text, const char *command)
{
	const double indent = 5;
	char digit[2] = { (char)('0' + number), '\0' };
	unsigned lines;

	quo_canvas_line(l->canvas, strong_type, q.x, y, indent, digit);
	lines = quo_canvas_block(l->canvas, text_type, q.x + indent, y,
	    q.width - indent, TEXT_PITCH, 3, text);
	y += lines * TEXT_PITCH;
	if (command != NULL) {
		quo_canvas_line(l->canvas, code_type, q.x + indent, y,
		    q.width - indent, command);
		y += TEXT_PITCH;
	}
	return y + 1.1;
}

static double
tell_steps(const struct layout *l, struct quarter q, double y)
{
	char gather[QUO_FACE_TEXT + 64];
	int n = 1;

	snprintf(gather, sizeof gather, "Bring together %s.",
	    l->face->policy);
	y = step(l, q, y, n++, gather, NULL);
	y = step(l, q, y, n++, "On a Linux machine, best offline, run this "
	    "and show it the codes:",
	    "quorate reconstruct --no-ledger --show");
	y = step(l, q, y, n++, "No quorate there? Python is enough:",
	    "python3 recover.py cards.txt");
	y = step(l, q, y, n++, l->face->set_words != NULL ?
	    "A code can’t be read? Type its words: four letters of each are "
	    "enough, ? for a lost one." :
	    "The share can’t be read? Type its words: four letters of each "
	    "are enough, ? for a lost one.", NULL);
	return step(l, q, y, n++, "Once opened, change the password and deal "
	    "new cards.", NULL);
}

static void
draw_symbol(const struct layout *l, struct quarter q, double side,
    unsigned part)
{
	const struct quo_canvas_type type = { QUO_CANVAS_SANS, 7.5, GREY };
	const struct quo_canvas_type name = { QUO_CANVAS_BOLD, 8.5, 0 };
	double x = q.x + q.width - side, y = q.y + q.height - side;
	char text[32] = "Set code";

	if (l->face->set_count > 1)
		snprintf(text, sizeof text, "Set code, part %u of %u",
		    part + 1, l->face->set_count);
	quo_canvas_qr(l->canvas, x, y, side, &l->face->set[part]);
	quo_canvas_block(l->canvas, name, q.x, y + 3, q.width - side - 5, 4,
	    3, text);
	quo_canvas_block(l->canvas, type, q.x, y + 15, q.width - side - 5,
	    3.5, 8, "Same on all cards. Sealed: opens with the shares only.");
}

static void
draw_help(const struct layout *l)
{
	struct quarter q = quarter_of(l, 0, 1);
	double y = head(l, q, "In an emergency", "");

	y = tell_steps(l, q, y + 1.2) + 1;
	quo_canvas_block(l->canvas, strong_type, q.x, y, q.width, TEXT_PITCH,
	    2, "Never photograph, copy or post this card.");
	draw_symbol(l, q, q.y + q.height - y - 6, 0);
}

/* The fields of a row of words: its number, then the words. */
static size_t
split_row(const char **words, char cells[8][16])
{
	size_t n = 0, len;

	while (n < 8 && **words != '\0' && **words != '\n') {
		len = strcspn(*words, " \n");
		snprintf(cells[n++], sizeof cells[0], "%.*s", (int)len,
		    *words);
		*words += len;
		*words += strspn(*words, " ");
	}
	*words += **words == '\n';
	return n;
}

/* A row of the share: three words over three, the check behind them. */
static void
draw_share_row(const struct layout *l, struct quarter q, double y,
    double pitch, char cells[8][16])
{
	const struct quo_canvas_type number = { QUO_CANVAS_BOLD, 11, 0 };
	struct quo_canvas_type word = { QUO_CANVAS_MONO, 10.5, 0 };
	double indent = 8, cell = (q.width - indent) / 4;

	quo_canvas_line(l->canvas, number, q.x, y, indent, cells[0]);
	for (int i = 0; i < 7; i++) {
		word.grey = i == 6 ? GREY : 0;
		quo_canvas_line(l->canvas, word,
		    q.x + indent + (i < 6 ? i % 3 : 3) * cell,
		    y + (i < 3 ? 0 : pitch), cell - 1.2, cells[i + 1]);
	}
}

static void
draw_share(const struct layout *l)
{
	struct quarter q = quarter_of(l, 1, 0);
	const double row = 9.8, pitch = 4.3;
	double y = head(l, q, "Share", "secret"), side;
	double words = q.y + q.height - 7 * row;
	const char *at = l->face->share_words;
	char cells[8][16];

	side = words - y - 6;
	quo_canvas_qr(l->canvas, q.x, y, side, &l->face->share);
	for (int i = 0; i < 7; i++) {
		split_row(&at, cells);
		quo_canvas_box(l->canvas, q.x, words + i * row, q.width,
		    0.15, FAINT);
		draw_share_row(l, q, words + i * row + 4, pitch, cells);
	}
}

/* How much smaller than type the rows must be to fit in width. */
static double
fit_rows(const struct layout *l, struct quo_canvas_type type, double width,
    double gap)
{
	const char *at = l->face->set_words;
	double most = 0, row;
	char cells[8][16];
	size_t n;

	while (*at != '\0') {
		n = split_row(&at, cells);
		row = 0;
		for (size_t i = 1; i < n; i++)
			row += quo_canvas_measure(l->canvas, type, cells[i]);
		most = fmax(most, row);
	}
	return fmin(1, (width - 6 * gap) / most);
}

static void
draw_set_row(const struct layout *l, struct quarter q, double y,
    struct quo_canvas_type type, double gap, char cells[8][16])
{
	const struct quo_canvas_type number =
	    { QUO_CANVAS_BOLD, fmin(type.points, 7.5), 0 };
	double x = q.x + 6.5;

	quo_canvas_line(l->canvas, number, q.x, y, 6, cells[0]);
	for (int i = 1; i < 7; i++) {
		quo_canvas_line(l->canvas, type, x, y, q.width, cells[i]);
		x += quo_canvas_measure(l->canvas, type, cells[i]) + gap;
	}
	type.grey = GREY;
	type.right = true;
	quo_canvas_line(l->canvas, type, q.x + q.width, y, q.width, cells[7]);
}

static size_t
count_rows(const char *words)
{
	size_t rows = 0;

	for (; *words != '\0'; words++)
		rows += words[0] == '\n' || words[1] == '\0';
	return rows;
}

/* Up to `most` rows from *at, in a quarter from y down. */
static void
draw_set_rows(const struct layout *l, struct quarter q, double y,
    size_t most, const char **at)
{
	const double gap = 2;
	struct quo_canvas_type type = { QUO_CANVAS_SANS, 9, 0 };
	double pitch = fmin(4.4, (q.y + q.height - y) / (double)most);
	char cells[8][16];

	type.points *= fit_rows(l, type, q.width - 6.5, gap);
	for (size_t i = 0; i < most && **at != '\0'; i++) {
		split_row(at, cells);
		if (i % 5 == 0)
			quo_canvas_box(l->canvas, q.x,
			    y + (double)i * pitch, q.width, 0.15, FAINT);
		draw_set_row(l, q, y + ((double)i + 0.72) * pitch, type, gap,
		    cells);
	}
}

static void
draw_set_words(const struct layout *l)
{
	struct quarter q = quarter_of(l, 1, 1);
	const char *at = l->face->set_words;
	double y;

	if (l->face->set_count > 1) {
		draw_symbol(l, q, q.width * 0.7, 1);
		return;
	}
	y = head(l, q, "Set code in words",
	    at == NULL ? "none" : quo_face_pages(l->face) > 1 ?
	    "on page 2" : "type them from one card only");
	if (at != NULL && quo_face_pages(l->face) == 1)
		draw_set_rows(l, q, y - 2, count_rows(at), &at);
}

static void
draw_front(const struct layout *l)
{
	mark_folds(l);
	draw_cover(l);
	draw_help(l);
	draw_share(l);
	draw_set_words(l);
}

static void
draw_back(const struct layout *l)
{
	const char *at = l->face->set_words;
	size_t half;
	struct quarter q;
	double y;

	mark_folds(l);
	for (unsigned i = 2; i < l->face->set_count; i++) {
		q = quarter_of(l, i % 2, i / 2 - 1);
		draw_symbol(l, q, q.width * 0.7, i);
	}
	if (at == NULL)
		return;
	half = (count_rows(at) + 1) / 2;
	for (int column = 0; column < 2; column++) {
		q = quarter_of(l, column, 0);
		y = head(l, q, column == 0 ? "Set code in words" : "",
		    column == 0 ? "type them from one card only" :
		    l->face->set_id);
		draw_set_rows(l, q, y - 2, half, &at);
	}
}

void
quo_layout_draw(const struct quo_face *face, struct quo_canvas *canvas)
{
	struct layout l = { .face = face, .canvas = canvas };
	bool all = face->format == QUO_FACE_PDF;

	quo_layout_sheet(face, &l.width, &l.height);
	if (all || face->page < 2)
		draw_front(&l);
	if (all && quo_face_pages(face) == 2)
		quo_canvas_next(canvas);
	if (quo_face_pages(face) == 2 && (all || face->page == 2))
		draw_back(&l);
}
