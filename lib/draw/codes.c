/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "draw/quarter.h"

/* The fields of a row of words: its number, six words, the check. */
#define FIELDS 8
#define FIELD_LEN 16
#define ROW_LEN (FIELDS * FIELD_LEN)
/* What a row's number takes. */
#define INDENT 6.5
/* A row of the share is at most so high, and less where a module of the
 * symbol above would be smaller than this. */
#define ROW 9.8
#define MODULE 0.6

static size_t
split_row(const char **words, char fields[FIELDS][FIELD_LEN])
{
	size_t n = 0, len;

	*words += strspn(*words, " ");
	while (n < FIELDS && **words != '\0' && **words != '\n') {
		len = strcspn(*words, " \n");
		snprintf(fields[n++], FIELD_LEN, "%.*s", (int)len, *words);
		*words += len;
		*words += strspn(*words, " ");
	}
	*words += **words == '\n';
	return n;
}

static void
wipe_row(char fields[FIELDS][FIELD_LEN])
{
	quo_wipe(fields, FIELDS * FIELD_LEN);
}

/* Beside a locked share, for a hand: the phrase and its check word. */
static void
leave_phrase(const struct quo_layout *l, double x, double y, double width,
    double height)
{
	static const char *const names[] =
	    { "1", "2", "3", "4", "5", "6", "CHECK" };
	double step = (height - 7) / 7;

	quo_canvas_block(l->canvas, quo_type_strong, x, y + 2.2, width, 3.6,
	    1, "Lock phrase");
	quo_canvas_line(l->canvas, quo_type_note, x, y + 5.6, width,
	    "or where it is kept");
	for (int i = 0; i < 7; i++) {
		quo_quarter_label(l, x, y + 7 + (i + 1) * step - 0.4,
		    names[i]);
		quo_canvas_box(l->canvas, x + (i < 6 ? 3 : 8.5),
		    y + 7 + (i + 1) * step, width - (i < 6 ? 3 : 8.5), 0.2,
		    0);
	}
}

/* Which card this is, once more: paper tears along its folds. */
static void
tell_card(const struct quo_layout *l, double x, double y, double width)
{
	char text[32];

	y += 4.1 * (quo_canvas_block(l->canvas, quo_type_strong, x, y + 2.2,
	    width, 4.1, 3, l->face->credential) - 1);
	snprintf(text, sizeof text, "card %u of %u", l->face->serial,
	    l->face->count);
	quo_canvas_line(l->canvas, quo_type_text, x, y + 6.3, width, text);
	y += 4.1 * quo_canvas_block(l->canvas, quo_type_text, x, y + 10.4,
	    width, 4.1, 3, l->face->set_id);
	quo_canvas_block(l->canvas, quo_type_note, x, y + 13, width, 3.5, 6,
	    "Alone it opens nothing. Show it to the machine, to nobody "
	    "else.");
}

/* A row of the share: three words over three, the check behind them. */
static void
draw_share_row(const struct quo_layout *l, struct quo_quarter q, double y,
    double height, char fields[FIELDS][FIELD_LEN])
{
	const struct quo_canvas_type number = { QUO_CANVAS_BOLD, 11, 0 };
	const struct quo_canvas_type word = { QUO_CANVAS_MONO, 10, 0 };
	const double indent = 8, cell = (q.width - indent) / 4;

	quo_canvas_box(l->canvas, q.x, y, q.width, 0.15, QUO_FAINT);
	y += 0.41 * height;
	quo_canvas_line(l->canvas, number, q.x, y, indent, fields[0]);
	for (int i = 0; i < 7; i++)
		quo_canvas_line(l->canvas, word,
		    q.x + indent + (i < 6 ? i % 3 : 3) * cell,
		    y + (i < 3 ? 0 : 0.44 * height), cell - 1,
		    fields[i + 1]);
}

void
quo_quarter_share(const struct quo_layout *l, struct quo_quarter q)
{
	const double gap = 5, top = q.y + QUO_QUARTER_HEAD + 1;
	double room = q.y + q.height - top - gap;
	double side = fmax(MODULE * l->face->share.side, room - 7 * ROW);
	double x = q.x + side + gap, width = q.width - side - gap;
	double y = top + side + gap, row = (room - side) / 7;
	const char *at = l->face->share_words;
	char fields[FIELDS][FIELD_LEN];

	quo_quarter_head(l, q, "Secret share",
	    "the last word of a row is its check");
	quo_canvas_qr(l->canvas, q.x, top, side, &l->face->share);
	if (l->face->locked)
		leave_phrase(l, x, top, width, side);
	else
		tell_card(l, x, top, width);
	for (int i = 0; i < 7; i++, y += row) {
		split_row(&at, fields);
		draw_share_row(l, q, y, row, fields);
	}
	wipe_row(fields);
}

void
quo_quarter_set(const struct quo_layout *l, struct quo_quarter q,
    unsigned part)
{
	double y = q.y + QUO_QUARTER_HEAD + 1;
	double side = fmin(q.y + q.height - y, q.width * 0.75);
	char name[32] = "Set code";

	if (l->face->set_count > 1)
		snprintf(name, sizeof name, "Set code, part %u of %u",
		    part + 1, l->face->set_count);
	quo_quarter_head(l, q, name, "the same on all cards");
	quo_canvas_qr(l->canvas, q.x, y, side, &l->face->set[part]);
	quo_canvas_block(l->canvas, quo_type_note, q.x + side + 5, y + 2.2,
	    q.width - side - 5, 3.5, 8,
	    "Sealed. Only a quorum of shares opens it.");
}

#define GAP "   "

/* The six words of a row in one line: a layout each would take ten times as
 * long. */
static void
join_words(char fields[FIELDS][FIELD_LEN], char line[ROW_LEN])
{
	snprintf(line, ROW_LEN, "%s" GAP "%s" GAP "%s" GAP "%s" GAP "%s" GAP
	    "%s", fields[1], fields[2], fields[3], fields[4], fields[5],
	    fields[6]);
}

/* The widest row: words, gaps and check. */
static double
measure_rows(const struct quo_layout *l, struct quo_canvas_type type)
{
	const char *at = l->face->set_words;
	char fields[FIELDS][FIELD_LEN], line[ROW_LEN + FIELD_LEN];
	double most = 1;

	while (*at != '\0') {
		split_row(&at, fields);
		join_words(fields, line);
		strcat(strcat(line, GAP), fields[7]);
		most = fmax(most, quo_canvas_measure(l->canvas, type, line));
	}
	return most;
}

static void
draw_set_row(const struct quo_layout *l, struct quo_quarter q, double y,
    struct quo_canvas_type type, char fields[FIELDS][FIELD_LEN])
{
	const struct quo_canvas_type number =
	    { QUO_CANVAS_BOLD, fmin(type.points, 7.5), 0 };
	char line[ROW_LEN];

	join_words(fields, line);
	quo_canvas_line(l->canvas, number, q.x, y, INDENT, fields[0]);
	quo_canvas_line(l->canvas, type, q.x + INDENT, y, q.width, line);
	type.right = true;
	quo_canvas_line(l->canvas, type, q.x + q.width, y, q.width,
	    fields[7]);
}

void
quo_quarter_words(const struct quo_layout *l, struct quo_quarter q,
    size_t rows, const char **at)
{
	struct quo_canvas_type type = { QUO_CANVAS_SANS, 9, 0 };
	/* Every five rows a rule and a third of a row more. */
	double pitch = fmin(4.4, q.height / ((double)rows +
	    (double)((rows - 1) / 5) / 3));
	char fields[FIELDS][FIELD_LEN];
	double y = q.y;

	type.points *= fmin(1, (q.width - INDENT) / measure_rows(l, type));
	type.points = fmin(type.points, pitch * 2.75);
	for (size_t i = 0; i < rows && **at != '\0'; i++, y += pitch) {
		split_row(at, fields);
		y += i > 0 && i % 5 == 0 ? pitch / 3 : 0;
		if (i % 5 == 0)
			quo_canvas_box(l->canvas, q.x, y, q.width, 0.15,
			    QUO_FAINT);
		draw_set_row(l, q, y + 0.87 * pitch, type, fields);
	}
}
