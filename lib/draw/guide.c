/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>
#include <stdio.h>

#include "draw/quarter.h"

#define LABEL_DROP 4.6		/* from a label's baseline to its value's */
#define SMALLER 0.6		/* what still reads as a name in large type */
#define WHITE 1.0

static void
draw_banner(const struct quo_layout *l, struct quo_quarter q)
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
	quo_canvas_line(l->canvas, quo_type_text, q.x, q.y + 16.5, q.width,
	    "One share of an emergency credential. Keep it sealed.");
}

/* "Any 2 of 3 cards", in large letters where they fit. */
static double
tell_policy(const struct quo_layout *l, struct quo_quarter q, double y)
{
	const struct quo_canvas_type large = { QUO_CANVAS_BOLD, 12, 0 };
	char text[QUO_FACE_TEXT + 1];
	unsigned lines;

	snprintf(text, sizeof text, "%s", l->face->policy);
	text[0] = (char)toupper((unsigned char)text[0]);
	quo_quarter_label(l, q.x, y, "OPENED BY");
	y += LABEL_DROP + 0.4;
	if (quo_canvas_measure(l->canvas, large, text) <= q.width) {
		quo_canvas_line(l->canvas, large, q.x, y, q.width, text);
		return y;
	}
	lines = quo_canvas_block(l->canvas, quo_type_strong, q.x, y - 0.4,
	    q.width, QUO_QUARTER_PITCH, q.height > 125 ? 3 : 2, text);
	return y + (lines - 1) * QUO_QUARTER_PITCH;
}

/* A name below its label, in two small lines where it is too long for one:
 * names may differ in their last letters only. */
static double
tell_name(const struct quo_layout *l, struct quo_quarter q, double y,
    double points, const char *name)
{
	const struct quo_canvas_type large = { QUO_CANVAS_BOLD, points, 0 };
	const struct quo_canvas_type small =
	    { QUO_CANVAS_BOLD, points * SMALLER, 0 };
	const double pitch = small.points * 0.41;

	if (quo_canvas_measure(l->canvas, small, name) <= q.width) {
		y += points / 5 + 2.8;
		quo_canvas_line(l->canvas, large, q.x, y, q.width, name);
		return y;
	}
	quo_canvas_block(l->canvas, small, q.x, y + pitch, q.width, pitch, 2,
	    name);
	return y + 2 * pitch;
}

static double
tell_who(const struct quo_layout *l, struct quo_quarter q, double y)
{
	char text[32];

	quo_quarter_label(l, q.x, y, "CREDENTIAL");
	y = tell_name(l, q, y, 22, l->face->credential) + 7;
	snprintf(text, sizeof text, "card %u", l->face->serial);
	quo_quarter_label(l, q.x, y, "HELD BY");
	y = tell_name(l, q, y, 15, l->face->custodian != NULL ?
	    l->face->custodian : text) + 7;
	return tell_policy(l, q, y);
}

static double
tell_dates(const struct quo_layout *l, struct quo_quarter q, double y)
{
	const struct quo_canvas_type type = { QUO_CANVAS_BOLD, 11, 0 };
	const double step = q.width / 3;
	char generation[32];
	const char *const fields[][2] = {
		{ "GENERATION", generation },
		{ "ISSUED", l->face->issued },
		{ "REVIEW BY", l->face->review_by != NULL ?
		    l->face->review_by : "–" },
	};

	snprintf(generation, sizeof generation, "%u",
	    (unsigned)l->face->generation);
	for (size_t i = 0; i < 3; i++) {
		quo_quarter_label(l, q.x + (double)i * step, y, fields[i][0]);
		quo_canvas_line(l->canvas, type, q.x + (double)i * step,
		    y + LABEL_DROP, step - 2, fields[i][1]);
	}
	return y + LABEL_DROP;
}

/* What a hand fills in, at the bottom. */
static void
leave_blanks(const struct quo_layout *l, struct quo_quarter q)
{
	double y = q.y + q.height - 3.2;

	quo_quarter_blank(l, q.x, y - 11, q.width, "BAG SERIAL");
	quo_quarter_blank(l, q.x, y, q.width * 0.64, "SIGNATURE");
	quo_quarter_blank(l, q.x + q.width * 0.68, y, q.width * 0.32, "DATE");
}

static void
tell_loss(const struct quo_layout *l, struct quo_quarter q, double y)
{
	quo_canvas_line(l->canvas, quo_type_strong, q.x, y, q.width,
	    "Lost, copied, or seen by others?");
	quo_canvas_block(l->canvas, quo_type_text, q.x,
	    y + QUO_QUARTER_PITCH, q.width, QUO_QUARTER_PITCH, 3,
	    "Tell whoever gave it to you, at once. Only changing the "
	    "credential itself makes a lost card harmless.");
}

void
quo_quarter_cover(const struct quo_layout *l, struct quo_quarter q)
{
	const struct quo_canvas_type words = { QUO_CANVAS_BOLD, 18, 0 };
	double y;

	draw_banner(l, q);
	y = tell_who(l, q, q.y + 22.5) + 7;
	quo_quarter_label(l, q.x, y, "SET: the same four words on each of "
	    "its cards");
	quo_canvas_line(l->canvas, words, q.x, y + 6.8, q.width,
	    l->face->set_id);
	y = tell_dates(l, q, y + 13);
	tell_loss(l, q, y + 8);
	leave_blanks(l, q);
}

/* A numbered step, and the command it runs where there is one. */
static double
tell_step(const struct quo_layout *l, struct quo_quarter q, double y,
    int number, const char *text, const char *command)
{
	const struct quo_canvas_type code = { QUO_CANVAS_MONO_BOLD, 8, 0 };
	const double indent = 5, pitch = QUO_QUARTER_PITCH;
	char digit[2] = { (char)('0' + number), '\0' };

	quo_canvas_line(l->canvas, quo_type_strong, q.x, y, indent, digit);
	y += pitch * quo_canvas_block(l->canvas, quo_type_text, q.x + indent,
	    y, q.width - indent, pitch, 3, text);
	if (command != NULL) {
		quo_canvas_line(l->canvas, code, q.x + indent, y,
		    q.width - indent, command);
		y += pitch;
	}
	return y + 1;
}

static double
tell_steps(const struct quo_layout *l, struct quo_quarter q, double y)
{
	char gather[QUO_FACE_TEXT + 32];
	const char *const steps[][2] = {
		{ gather, NULL },
		{ "On a Linux machine, best offline, show it the codes:",
		    "quorate reconstruct --no-ledger --show" },
		{ "No quorate there? Its examples/recover.py is enough:",
		    "python3 recover.py cards.txt" },
		{ l->face->set_words != NULL ?
		    "A code can’t be read? Type its words: four letters of "
		    "each are enough, ? for a lost one." :
		    "The share can’t be read? Type its words: four letters "
		    "of each are enough, ? for a lost one.", NULL },
		{ "Once opened, change the password and deal new cards.",
		    NULL },
	};

	snprintf(gather, sizeof gather, "Bring together %s.",
	    l->face->policy);
	for (int i = 0; i < 5; i++)
		y = tell_step(l, q, y, i + 1, steps[i][0], steps[i][1]);
	return y;
}

void
quo_quarter_help(const struct quo_layout *l, struct quo_quarter q)
{
	double y = q.y + QUO_QUARTER_HEAD;

	quo_quarter_head(l, q, "In an emergency", "");
	y = tell_steps(l, q, y + 2.4) + 0.8;
	quo_canvas_line(l->canvas, quo_type_strong, q.x, y, q.width,
	    "Never copy or post this card. Phones upload photos.");
	quo_quarter_set(l, quo_quarter_below(q, y + 4.2), 0);
}
