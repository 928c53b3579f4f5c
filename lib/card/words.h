/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_WORDS_H
#define QUO_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/secret.h"
#include "card/word.h"

/**
 * Bytes as English words in numbered rows, to be typed where no camera can
 * help: docs/format.md, section 8.
 *
 * Rows are secrets: keep them in a struct quo_secret, or wipe them. Nothing
 * here branches on, or indexes with, a word. What is public: which words are
 * missing, whether a check is right, and by how much a mistyped word differs
 * from the right one.
 */

#define QUO_WORDS_DATA 6 /* words in a row that carry something */
#define QUO_WORDS_ROW 7	 /* and the check behind them */
#define QUO_WORDS_ROWS_MAX 60
#define QUO_WORDS_SHARE_LEN 42 /* serial, n, share, id8 */
#define QUO_WORDS_SET_MAX 371  /* the longest set code in words */
/* A row as text, its line end counted. */
#define QUO_WORDS_LINE (4 + QUO_WORDS_ROW * (QUO_WORD_MAX + 1))

enum quo_words_kind { QUO_WORDS_SHARE, QUO_WORDS_SET };

/** One row, as encoded or as typed. word[6] is the check. */
struct quo_words_row {
	uint16_t number;
	uint16_t word[QUO_WORDS_ROW]; /* 0 where missing */
	bool missing[QUO_WORDS_ROW];  /* it can't be read: "?" */
};

/** A proposed correction, to be shown and confirmed. */
struct quo_words_fix {
	uint16_t row;	/* its number */
	uint16_t place; /* of the word, 1 to 7; 7 is the check */
	bool missing;	/* nothing was typed there */
	uint16_t typed; /* what was */
	uint16_t word;	/* what stands on the card */
};

enum quo_words_check {
	QUO_WORDS_RIGHT,
	QUO_WORDS_WRONG,
	QUO_WORDS_OPEN /* a word is missing: can't be said */
};

/** The short form of a set id, for handling: four words of its 40 bits. */
void quo_words_id(const uint8_t id[5], char text[4 * (QUO_WORD_MAX + 1)]);

/* Rows */

/** How many rows len bytes take; 0 where words can't hold so many. */
size_t quo_words_rows(enum quo_words_kind kind, size_t len);

/** The number of the first row: 1 of a share, 11 of a set code. */
unsigned quo_words_first(enum quo_words_kind kind);

/** What kind a row's number is of. Fails with QUO_EFORMAT: of none. */
enum quo_err quo_words_kind_of(unsigned number, enum quo_words_kind *kind);

/**
 * Lay out bytes in rows.
 *
 * data	of a share: serial, n, share as on the card, id8 (42 bytes);
 *	of a set: its set code. The format's four bits are added here
 * rows	quo_words_rows() of struct quo_words_row; the caller frees it
 * Fails with QUO_EINVAL (a share of another length), QUO_ETOOBIG or what
 * quo_secret_new does.
 */
enum quo_err quo_words_encode(enum quo_words_kind kind, const uint8_t *data,
    size_t len, struct quo_secret **rows);

/**
 * A row as a line of text: number, six words, check, "?" for a missing one,
 * in columns of one width, so that the length tells nothing. The line ends
 * with a newline and a NUL and has QUO_WORDS_LINE bytes before the NUL.
 */
void quo_words_print(
    const struct quo_words_row *row, char line[QUO_WORDS_LINE + 1]);

/**
 * All rows as text: rows * QUO_WORDS_LINE bytes, no NUL. The caller frees it.
 * Fails as quo_words_encode does.
 */
enum quo_err quo_words_text(enum quo_words_kind kind, const uint8_t *data,
    size_t len, struct quo_secret **text);

/**
 * Read a line: a row's number, then seven words as quo_words_parse does.
 * Fails as that does, with at, and with QUO_ESYNTAX (at 0) where the line
 * doesn't begin with the number of a row and white space.
 */
enum quo_err quo_words_parse_row(
    const char *line, size_t len, struct quo_words_row *row, unsigned *at);

/** Whether a row agrees with its check, before the others are there. */
enum quo_words_check quo_words_check_row(const struct quo_words_row *row);

/**
 * Take apart all rows of one kind, as typed: mend wrong and missing words.
 *
 * rows	in any order, each number once, from the first without a gap; a row
 *	that can't be read at all has all its words missing. A share has 7
 * data	on success: of a share, its 42 bytes; of a set, all whole bytes that
 *	the rows hold: cut it with quo_words_trim. The caller frees it
 * fixes	an array of struct quo_words_fix in order of row and place,
 *	NULL where nothing was wrong or missing. The caller frees it
 * doubt	always set, bit i for the (i+1)th row: of a mended text, the
 *	rows with fixes; after QUO_ECHECK, those whose check is wrong
 *
 * Show the fixes and ask before data is used. Fails with QUO_EFORMAT (not
 * these rows, or padding not zero), QUO_ECHECK (too much is wrong or missing
 * to be sure), QUO_EVERSION, or what quo_secret_new does.
 */
enum quo_err quo_words_decode(const struct quo_words_row *rows, size_t count,
    struct quo_secret **data, struct quo_secret **fixes, uint64_t *doubt);

/**
 * Shorten decoded data to the len bytes that it says it has.
 * Fails with QUO_EFORMAT where what is behind them isn't zero, or where len
 * bytes take another number of rows: data is untouched then.
 */
enum quo_err quo_words_trim(struct quo_secret *data, size_t len);

#endif
