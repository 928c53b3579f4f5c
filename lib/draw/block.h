/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_BLOCK_H
#define QUO_BLOCK_H

#include "base/buf.h"
#include "draw/document.h"

/**
 * A document as bytes: what document.c builds, the helper's pipe carries and
 * the writers read. A head, then blocks to the end, all of one form:
 *
 *	kind 1, arg 2, number of texts 1, each text: flag 1, length with its
 *	NUL 2, bytes; length of the tail 4, tail
 *
 * Integers are big-endian.
 */

enum quo_block_kind {
	QUO_BLOCK_HEADING = 1,	/* arg: level */
	QUO_BLOCK_TEXT,
	QUO_BLOCK_NOTE,		/* flag: tone */
	QUO_BLOCK_ITEM,
	QUO_BLOCK_NUMBER,	/* arg: its number */
	QUO_BLOCK_FACT,		/* label, value */
	QUO_BLOCK_FIGURES,	/* label, value (flag: tone); and so on */
	QUO_BLOCK_TABLE,	/* caption, labels (flag: QUO_COLUMN_…) */
	QUO_BLOCK_ROW,		/* cells (flag: tone) */
	QUO_BLOCK_STEP,		/* arg: its number; text (flag: to be signed),
				 * command */
	QUO_BLOCK_BLANKS,	/* labels */
	QUO_BLOCK_QR,		/* caption, what it says; tail: side, bits */
	QUO_BLOCK_CODE,		/* one line */
	QUO_BLOCK_WORDS,	/* number, words, check */
	QUO_BLOCK_CHART,	/* title, unit, limit; tail: quo_block_chart */
	QUO_BLOCK_BREAK,
	QUO_BLOCK_KEEP,		/* arg: begin, or end */
	QUO_BLOCK_KINDS
};

#define QUO_BLOCK_TEXTS (QUO_DOCUMENT_COLUMNS + 1)
#define QUO_COLUMN_NUMBER 1
#define QUO_COLUMN_CODE 2

struct quo_block {
	enum quo_block_kind kind;
	unsigned arg;
	size_t count;
	const char *text[QUO_BLOCK_TEXTS];
	unsigned flag[QUO_BLOCK_TEXTS];
	const uint8_t *tail;
	size_t tail_len;
};

/** Bytes of a document, borrowed. */
struct quo_span quo_document_bytes(const struct quo_document *doc);

/** Write. The texts must have been looked at. */
void quo_block_write_head(struct quo_bytes *b,
    const struct quo_document_head *head);
void quo_block_write(struct quo_bytes *b, const struct quo_block *block);

/**
 * Read; all is borrowed from the bytes. Refuses with QUO_EFORMAT whatever
 * document.h rules out, in each block by itself; that rows fit their table
 * too.
 *
 * quo_block_read fails with QUO_EMISSING at the end.
 */
struct quo_block_reader {
	struct quo_reader r;
	size_t columns;		/* of the table we are in; 0: in none */
	size_t blocks;
};

enum quo_err quo_block_open(const uint8_t *data, size_t len,
    struct quo_document_head *head, struct quo_block_reader *reader);
enum quo_err quo_block_read(struct quo_block_reader *reader,
    struct quo_block *block);

/** The symbol of a block; QUO_EFORMAT where it is none. */
enum quo_err quo_block_qr(const struct quo_block *block, struct quo_qr *qr);

/** A chart's own numbers from its tail, and then its points one by one. */
struct quo_block_chart {
	int64_t from, to;
	double threshold;
	size_t count;
	struct quo_reader points;
};

enum quo_err quo_block_chart(const struct quo_block *block,
    struct quo_block_chart *chart);
enum quo_err quo_block_point(struct quo_block_chart *chart,
    struct quo_point *point);

/** Write a chart's tail. */
void quo_block_write_chart(struct quo_bytes *tail,
    const struct quo_chart *chart);

/** A text of a document: UTF-8, no control characters, not too long. */
bool quo_block_text_valid(const char *text);

/** "2026-11-21", or that with "T03:10:00Z". */
bool quo_block_date_valid(const char *date);

#endif
