/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_DOCUMENT_H
#define QUO_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/secret.h"
#include "card/qr.h"
#include "draw/bytes.h"
#include "draw/draw.h"
#include "draw/face.h"

/**
 * A document in the style of the cards: reports and paper forms. Built from
 * top to bottom, then written as HTML that stands alone, or as PDF.
 *
 *	quo_document_new(&head, &doc);
 *	quo_document_heading(doc, 1, "What happened");
 *	quo_document_text(doc, "One credential was opened.");
 *	...
 *	err = quo_document_html(doc, &bytes);	(or quo_document_pdf)
 *	quo_document_free(doc);
 *
 * What builds returns nothing: the first failure is kept, all that follows
 * does nothing, and the writers (and quo_document_error) tell it:
 * QUO_EINVAL (a text that isn't UTF-8 or holds control characters; a row
 * without its table; a number out of its range), QUO_ETOOBIG (a limit below),
 * QUO_ENOMEM, QUO_ELOCK.
 *
 * Texts are copied. They are plain: whatever is in them is shown as it
 * stands. NULL is an empty text. The same calls give the same bytes,
 * wherever and whenever written.
 */
struct quo_document;

/** The most blocks (a row, an item, a line of code are one each), the most
 * bytes of one text, of a document, and of one that is secret. */
#define QUO_DOCUMENT_BLOCKS 250000
#define QUO_DOCUMENT_TEXT 4096
#define QUO_DOCUMENT_MAX (64u << 20)
#define QUO_DOCUMENT_SECRET_MAX (1u << 20)
/** Columns of a table; figures, or blanks, beside each other; points. */
#define QUO_DOCUMENT_COLUMNS 12
#define QUO_DOCUMENT_ABREAST 4
#define QUO_DOCUMENT_POINTS 2000

/** What a text says, shown in colour and in another way besides. */
enum quo_tone {
	QUO_TONE_PLAIN = 0,
	QUO_TONE_GOOD = 1,
	QUO_TONE_WARN = 2,
	QUO_TONE_BAD = 3,
	QUO_TONE_FAINT = 4	/* beside the point: grey */
};

/** Zeros are a fit start; only title and date must be there. */
struct quo_document_head {
	const char *title;	/* "Break-glass report" */
	const char *subtitle;	/* below it, one sentence at most */
	const char *mark;	/* right of the title: "Receipt 12", "Secret" */
	const char *footer;	/* of each page, before date and number */
	const char *date;	/* "2026-11-21" or "2026-11-21T03:10:00Z", UTC:
				 * what the PDF gives as its date */
	enum quo_face_paper paper;
	bool secret;		/* kept in locked memory, wiped; small */
	bool snug;		/* the PDF shrinks to one page, to 0.72 at
				 * least; what doesn't fit then takes more */
	bool one_page;		/* the same, but fails with QUO_ETOOBIG then */
};

/** Fails with QUO_EINVAL, QUO_ENOMEM, QUO_ELOCK. The caller frees. */
enum quo_err quo_document_new(const struct quo_document_head *head,
    struct quo_document **doc);

/** Wipes all of it, secret or not. Takes NULL. */
void quo_document_free(struct quo_document *doc);

/** The first failure, or QUO_OK. */
enum quo_err quo_document_error(const struct quo_document *doc);

/* What stands in a document */

/** A heading of level 1 or 2. It stays with what follows. */
void quo_document_heading(struct quo_document *doc, unsigned level,
    const char *text);

/** A paragraph. */
void quo_document_text(struct quo_document *doc, const char *text);

/** A paragraph that must not be missed, or says what state things are in. */
void quo_document_note(struct quo_document *doc, enum quo_tone tone,
    const char *text);

/** An item of a list; of a numbered one, which counts from 1 after anything
 * else. */
void quo_document_item(struct quo_document *doc, const char *text);
void quo_document_number(struct quo_document *doc, const char *text);

/** A line of a definition list: "Requester", "ana (signed by SHA256:…)". */
void quo_document_fact(struct quo_document *doc, const char *label,
    const char *value);

/** 1 to QUO_DOCUMENT_ABREAST values in large type, beside each other. */
struct quo_figure {
	const char *label;	/* "median decay" */
	const char *value;	/* "3 h 12 min" */
	enum quo_tone tone;
};

void quo_document_figures(struct quo_document *doc,
    const struct quo_figure *figures, size_t count);

/** A column of a table, a cell of a row. */
struct quo_column {
	const char *label;
	bool number;		/* flush right, digits below digits */
	bool code;		/* in type of one width: serials, hashes */
};

struct quo_cell {
	const char *text;
	enum quo_tone tone;
};

/**
 * Begin a table; then its rows, count cells each, and nothing in between.
 * Columns take the width they need. The PDF repeats the header on each page,
 * parts no row, and ends a cell of more than 24 lines in an ellipsis.
 *
 * caption   what it lists, above it; NULL where the heading says so
 */
void quo_document_table(struct quo_document *doc, const char *caption,
    const struct quo_column *columns, size_t count);
void quo_document_row(struct quo_document *doc, const struct quo_cell *cells,
    size_t count);

/**
 * A step to do and tick off: its number (counted as quo_document_number
 * does), what to do, a command in type of one width or NULL. sign leaves
 * room for the UTC time and initials.
 */
void quo_document_step(struct quo_document *doc, const char *text,
    const char *command, bool sign);

/** A line to fill in by hand, or up to QUO_DOCUMENT_ABREAST beside each
 * other: their labels. */
void quo_document_blanks(struct quo_document *doc, const char *const *labels,
    size_t count);

/**
 * A QR symbol, its caption beside it, and, in type of one width, what it
 * says, or NULL.
 */
void quo_document_qr(struct quo_document *doc, const struct quo_qr *qr,
    const char *caption, const char *says);

/** Lines, parted by "\n", in type of one width, as they stand. */
void quo_document_code(struct quo_document *doc, const char *text);

/** Rows of words as quo_words_text prints them: a number, then words. They
 * stand in columns, the last word of a row, its check, apart. */
void quo_document_words(struct quo_document *doc, const char *text,
    size_t len);

/** What happened when, and how much: values over time, zero below. */
struct quo_point {
	int64_t time;		/* seconds since 1970, UTC; to year 9892 */
	double value;		/* finite, from 0 */
	enum quo_tone tone;
	const char *label;	/* told on pointing at it: "INC-12 db-root" */
};

/** Points in any order, to QUO_DOCUMENT_POINTS; none is a chart, too. */
struct quo_chart {
	const char *title;	/* "Decay: from burned to proven rotation" */
	const char *unit;	/* "h" */
	const struct quo_point *points;
	size_t count;
	int64_t from, to;	/* the axis; both 0: as the points need */
	double threshold;	/* a line across; 0: none */
	const char *limit;	/* its label: "deadline 24 h" */
};

void quo_document_chart(struct quo_document *doc,
    const struct quo_chart *chart);

/** Go on on the next page. */
void quo_document_break(struct quo_document *doc);

/**
 * Keep what follows on one page, until it is said to end. Doesn't nest; more
 * than a page holds is parted after all.
 */
void quo_document_keep(struct quo_document *doc, bool together);

/* Writers */

/**
 * One HTML file that needs no other: styles, charts and symbols within, no
 * script, nothing fetched (its content security policy forbids both). Prints
 * as it is seen, in pages.
 *
 * html   zeros; the caller frees with quo_bytes_free, also after a failure
 */
enum quo_err quo_document_html(const struct quo_document *doc,
    struct quo_bytes *html);

/**
 * The same as PDF, by the helper program quorate-draw; note as of quo_draw.
 * Up to 4 MiB, about 1,000 pages: larger ones fail with QUO_ETOOBIG, and their
 * HTML stands. Fails also with QUO_ENOENT, QUO_ECHILD, QUO_ETIMEOUT,
 * QUO_ENOMEM, QUO_ELOCK.
 */
enum quo_err quo_document_pdf(const struct quo_document *doc,
    struct quo_secret **pdf, char note[QUO_DRAW_NOTE]);

#endif
