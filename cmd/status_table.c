/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "cmd/status.h"

#define MARK 6			/* columns of "now", "due", "note" */
#define NAME_LEAST 10
#define NAME_MOST 32

static const struct mark {
	const char *word;
	enum quo_tint tint;
} marks[] = {
	[QUO_URGENCY_NONE] = { "", QUO_TINT_NONE },
	[QUO_URGENCY_NOTE] = { "note", QUO_TINT_FAINT },
	[QUO_URGENCY_DUE] = { "due", QUO_TINT_DUE },
	[QUO_URGENCY_NOW] = { "now", QUO_TINT_NOW },
};

/* What stands in one column, besides the name that is the first. */
struct column {
	const char *title;
	unsigned width;
	void (*put)(FILE *out, const struct quo_view *v, int64_t now);
};

static void
put_state(FILE *out, const struct quo_view *v, int64_t now)
{
	(void)now;
	fputs(quo_state_name(v->state), out);
}

static void
put_ago(FILE *out, int64_t when, const char *never, int64_t now)
{
	if (when == 0)
		fputs(never, out);
	else
		quo_status_span(out, now - when);
}

static void
put_since(FILE *out, const struct quo_view *v, int64_t now)
{
	put_ago(out, v->since, "-", now);
}

static void
put_cards(FILE *out, const struct quo_view *v, int64_t now)
{
	(void)now;
	if (v->set == NULL) {
		putc('-', out);
		return;
	}
	fprintf(out, "%lld of %lld", (long long)v->needed,
	    (long long)v->cards);
	if (v->lost > 0)
		fprintf(out, ", %lld lost", (long long)v->lost);
	if (v->other_lost > 0)
		fprintf(out, ", %lld of others lost",
		    (long long)v->other_lost);
}

static void
put_drilled(FILE *out, const struct quo_view *v, int64_t now)
{
	put_ago(out, v->drilled, v->set == NULL ? "-" : v->undrilled <
	    v->cards - v->lost ? "partly" : "never", now);
}

static void
put_used(FILE *out, const struct quo_view *v, int64_t now)
{
	put_ago(out, v->used, "never", now);
}

static void
put_secret(FILE *out, const struct quo_view *v, int64_t now)
{
	put_ago(out, v->rotated, "-", now);
}

static const struct column columns[] = {
	{ "STATE", 10, put_state },
	{ "SINCE", 6, put_since },
	{ "CARDS", 15, put_cards },
	{ "DRILLED", 8, put_drilled },
	{ "USED", 6, put_used },
	{ "SECRET", 6, put_secret },
};

#define COLUMNS (sizeof columns / sizeof *columns)

static enum quo_err
put_line(struct quo_page *page, const struct quo_view *v, enum quo_due due,
    const struct quo_status *s)
{
	const struct mark *mark = &marks[quo_due_urgency(due)];
	FILE *out = quo_scratch_begin(&page->scratch);
	const char *text;

	if (!s->named)
		fprintf(out, "%s: ", v->name);
	quo_status_what(out, v, due, s->views->now);
	text = quo_scratch_end(&page->scratch);
	if (text == NULL)
		return QUO_ENOMEM;
	quo_page_flow(page, mark->word, mark->tint, MARK, text,
	    QUO_TINT_NONE);
	return QUO_OK;
}

/* NULL without memory; the caller frees it. */
static char *
next_of(struct quo_page *page, const struct quo_view *v, enum quo_due due,
    int64_t now)
{
	const char *text;

	quo_status_next(quo_scratch_begin(&page->scratch), v, due, now);
	text = quo_scratch_end(&page->scratch);
	return text != NULL ? strdup(text) : NULL;
}

/* A command that is next stands below the last line that it is for. */
static void
put_next(struct quo_page *page, const char *next)
{
	/* Not in lines: it is to be copied. */
	if (next == NULL || *next == '\0')
		return;
	quo_page_cell(page, "", MARK, QUO_TINT_NONE);
	quo_page_cell(page, next, 0, QUO_TINT_FAINT);
	putc('\n', page->out);
}

enum quo_err
quo_status_due(struct quo_page *page, const struct quo_view *v,
    const struct quo_status *s)
{
	char *next = NULL, *last = NULL;
	enum quo_err err = QUO_OK;

	for (int d = 0; err == QUO_OK && d < QUO_DUES; d++) {
		if ((v->due & UINT64_C(1) << d) == 0)
			continue;
		next = next_of(page, v, (enum quo_due)d, s->views->now);
		if (last != NULL && next != NULL && strcmp(last, next) != 0)
			put_next(page, last);
		err = put_line(page, v, (enum quo_due)d, s);
		free(last);
		last = next;
	}
	put_next(page, last);
	free(last);
	return err;
}

static void
put_alerts(struct quo_page *page, int64_t undelivered)
{
	const char *text;

	if (undelivered == 0)
		return;
	quo_status_alerts(quo_scratch_begin(&page->scratch), undelivered);
	text = quo_scratch_end(&page->scratch);
	if (text == NULL)
		return;
	quo_page_flow(page, marks[QUO_URGENCY_NOW].word, QUO_TINT_NOW, MARK,
	    text, QUO_TINT_NONE);
	put_next(page, QUO_STATUS_ALERTS_NEXT);
}

/* "3 of 7 credentials need something, 1 of them now" */
static void
put_head(struct quo_page *page, const struct quo_status *s)
{
	size_t now = quo_status_count(s, QUO_URGENCY_NOW);
	size_t due = quo_status_count(s, QUO_URGENCY_DUE);
	char text[256];

	if (due == 0)
		snprintf(text, sizeof text, "%s: %zu credential%s",
		    quo_status_undelivered(s) == 0 ? "nothing is due" :
		    "nothing is due but alerts", s->count,
		    s->count == 1 ? "" : "s");
	else
		snprintf(text, sizeof text, "%zu of %zu credential%s need%s "
		    "something", due, s->count, s->count == 1 ? "" : "s",
		    due == 1 ? "s" : "");
	if (now > 0)
		snprintf(text + strlen(text), sizeof text - strlen(text),
		    ", %zu of them now", now);
	quo_page_flow(page, "", QUO_TINT_NONE, 0, text, QUO_TINT_STRONG);
	snprintf(text, sizeof text, "the log has %lld entr%s, the last of ",
	    (long long)s->views->entries,
	    s->views->entries == 1 ? "y" : "ies");
	fputs(text, page->out);
	quo_status_moment(page->out, s->views->last);
	fputs(" UTC\n", page->out);
}

static unsigned
name_width(const struct quo_page *page, const struct quo_status *s)
{
	unsigned width = NAME_LEAST, most = NAME_MOST, used, others = 0;

	for (size_t c = 0; c < COLUMNS; c++)
		others += 1 + columns[c].width;
	if (page->width != 0)
		most = page->width > others + NAME_LEAST ?
		    page->width - others : NAME_LEAST;
	for (size_t i = 0; i < s->count && width < most; i++) {
		used = quo_page_cells(s->shown[i]->name);
		if (used > width)
			width = used < most ? used : most;
	}
	return width;
}

static enum quo_err
put_row(struct quo_page *page, const struct quo_view *v, unsigned width,
    int64_t now)
{
	enum quo_tint tint = marks[quo_due_worst(v->due)].tint;
	const char *text;

	quo_page_cell(page, v->name, width, QUO_TINT_NONE);
	for (size_t c = 0; c < COLUMNS; c++) {
		columns[c].put(quo_scratch_begin(&page->scratch), v, now);
		text = quo_scratch_end(&page->scratch);
		if (text == NULL)
			return QUO_ENOMEM;
		putc(' ', page->out);
		/* No blanks at the end of a line. */
		quo_page_cell(page, text, c + 1 < COLUMNS ?
		    columns[c].width : 0, c == 0 ? tint : QUO_TINT_NONE);
	}
	putc('\n', page->out);
	return QUO_OK;
}

static enum quo_err
put_inventory(struct quo_page *page, const struct quo_status *s)
{
	unsigned width = name_width(page, s);
	enum quo_err err = QUO_OK;

	putc('\n', page->out);
	quo_page_cell(page, "CREDENTIAL", width, QUO_TINT_FAINT);
	for (size_t c = 0; c < COLUMNS; c++) {
		putc(' ', page->out);
		quo_page_cell(page, columns[c].title, c + 1 < COLUMNS ?
		    columns[c].width : 0, QUO_TINT_FAINT);
	}
	putc('\n', page->out);
	for (size_t i = 0; err == QUO_OK && i < s->count; i++)
		err = put_row(page, s->shown[i], width, s->views->now);
	return err;
}

enum quo_err
quo_status_table(const struct quo_status *s, FILE *out)
{
	int64_t undelivered = quo_status_undelivered(s);
	bool any = undelivered > 0;
	struct quo_page page;
	enum quo_err err;

	err = quo_page_open(&page, out);
	if (err != QUO_OK)
		return err;
	put_head(&page, s);
	for (size_t i = 0; i < s->count; i++)
		any = any || s->shown[i]->due != 0;
	if (any)
		putc('\n', out);
	put_alerts(&page, undelivered);
	for (size_t i = 0; err == QUO_OK && i < s->count; i++)
		err = quo_status_due(&page, s->shown[i], s);
	if (err == QUO_OK && s->count > 0 && !s->due_only)
		err = put_inventory(&page, s);
	quo_page_close(&page);
	return err;
}
