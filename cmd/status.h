/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_STATUS_H
#define QUO_STATUS_H

#include <stdio.h>

#include "cmd/book.h"
#include "ledger/view.h"

/**
 * What `quorate status` shows, and the forms that it has: for people, as
 * JSON, for Prometheus, for Nagios. Forms are written to a stream in memory,
 * and go out at once.
 */
struct quo_status {
	const struct quo_book *book;
	const struct quo_views *views;
	const struct quo_view **shown;	/* what presses most comes first */
	size_t count;
	bool named;		/* by NAME: these, in detail, and no alerts */
	bool due_only;
};

/** How many of those shown press at least so much; alerts not counted. */
size_t quo_status_count(const struct quo_status *s, enum quo_urgency least);

/** Alerts that count here. */
int64_t quo_status_undelivered(const struct quo_status *s);

/** How much the worst of all presses. */
enum quo_urgency quo_status_worst(const struct quo_status *s);

/** Sort so that what presses most comes first. */
void quo_status_sort(struct quo_status *s);

/** A kind of due, of a credential, in words: "rotation overdue by 3h". */
void quo_status_what(FILE *out, const struct quo_view *v, enum quo_due due,
    int64_t now);

/** The command that is next; nothing is written where there is none. */
void quo_status_next(FILE *out, const struct quo_view *v, enum quo_due due,
    int64_t now);

/*
 * status_rotation.c: what of a rotation is on its way, and how it went.
 */

/** The generation to try as the nth at the target, from 0; 0: no more. */
int64_t quo_status_nth(const struct quo_view *v, size_t n);

/** All of them: "generation 3 first, then generation 2". */
void quo_status_try(FILE *out, const struct quo_view *v);
/** Of one that waits: "1 of its cards was scanned, not yet card 2 (ciso), 3". */
void quo_status_scanned(FILE *out, const struct quo_view *v);
/** "failed 3 times, last 5m ago" */
void quo_status_failures(FILE *out, const struct quo_view *v, int64_t now);
/** The command that is next, as quo_status_command takes it, where otherwise
 * a rotation would be. */
const char *quo_status_rotate(const struct quo_view *v,
    const char *otherwise);
/** A command in which %n stands for the credential's name. */
void quo_status_command(FILE *out, const struct quo_view *v,
    const char *command);

/** A field of it in full; it writes nothing where there is nothing to say. */
struct quo_status_field {
	const char *name;
	/* confirm   enum quo_confirm, of the waiting set, or of the settings */
	void (*write)(FILE *out, const struct quo_view *v, int confirm,
	    int64_t now);
	bool command;		/* to be typed: not in lines */
};
/** All of them, ended by one without a name. */
extern const struct quo_status_field quo_status_rotation[];

/** Undelivered alerts in words, and the command for them. */
void quo_status_alerts(FILE *out, int64_t undelivered);
#define QUO_STATUS_ALERTS_NEXT "quorate log deliver"

/** A span as people say it: "45s", "5m", "3h", "12d". */
void quo_status_span(FILE *out, int64_t seconds);

/** A moment as a day and a time: "2026-11-21 03:10". */
void quo_status_moment(FILE *out, int64_t when);

/* The forms. Each says whether it could be written whole. */
enum quo_err quo_status_table(const struct quo_status *s, FILE *out);
enum quo_err quo_status_details(const struct quo_status *s, FILE *out);
enum quo_err quo_status_json(const struct quo_status *s);
enum quo_err quo_status_prometheus(const struct quo_status *s, FILE *out);
enum quo_err quo_status_nagios(const struct quo_status *s, FILE *out);

/*
 * A small text that a stream is written to, again and again: a stream for
 * each would take half of the time that a large inventory does.
 */
struct quo_scratch {
	FILE *out;
	char *bytes;
	size_t len;
};

/** Fails with QUO_ENOMEM. */
enum quo_err quo_scratch_open(struct quo_scratch *scratch);
void quo_scratch_close(struct quo_scratch *scratch);
/** Begin anew: the stream to write to. */
FILE *quo_scratch_begin(struct quo_scratch *scratch);
/** What was written; borrowed until the next begin; NULL without memory. */
const char *quo_scratch_end(struct quo_scratch *scratch);

/* status_page.c: what stands on a page of text. */

/** A page as wide as the terminal; 0: as wide as it gets. */
struct quo_page {
	FILE *out;
	unsigned width;
	bool paint;
	struct quo_scratch scratch;
};

enum quo_tint {
	QUO_TINT_NONE,
	QUO_TINT_NOW,
	QUO_TINT_DUE,
	QUO_TINT_FAINT,
	QUO_TINT_STRONG
};

/** For standard output, as its terminal is. Fails with QUO_ENOMEM. */
enum quo_err quo_page_open(struct quo_page *page, FILE *out);
void quo_page_close(struct quo_page *page);

/** How many columns a text takes that is escaped as in say.h. */
unsigned quo_page_cells(const char *text);

/**
 * A text, escaped as in say.h, in a field of so many columns: cut with "..."
 * where it is longer and the page has a width; 0: just the text.
 */
void quo_page_cell(struct quo_page *page, const char *text, unsigned columns,
    enum quo_tint tint);

/**
 * Flowing text behind a mark: escaped, in lines of the page's width, the
 * second and later ones indented.
 */
void quo_page_flow(struct quo_page *page, const char *mark,
    enum quo_tint mark_tint, unsigned indent, const char *text,
    enum quo_tint tint);

/** What is due to a credential, in lines, each with what is next. */
enum quo_err quo_status_due(struct quo_page *page, const struct quo_view *v,
    const struct quo_status *s);

#endif
