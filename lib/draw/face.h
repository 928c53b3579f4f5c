/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_FACE_H
#define QUO_FACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/secret.h"
#include "card/qr.h"

enum quo_face_format {
	QUO_FACE_PDF = 0,	/* all pages in one file */
	QUO_FACE_SVG = 1,	/* one page */
	QUO_FACE_PNG = 2	/* one page, grey */
};

enum quo_face_paper {
	QUO_FACE_A4 = 0,
	QUO_FACE_LETTER = 1
};

/** The most parts of a set code, rows of its words, bytes of a text. */
#define QUO_FACE_PARTS 6
#define QUO_FACE_ROWS 60
#define QUO_FACE_TEXT 4096
#define QUO_FACE_DPI_MIN 150
#define QUO_FACE_DPI_MAX 600
/** The longest encoded face. */
#define QUO_FACE_MAX (64u << 10)

/**
 * All that is printed on one card. Everything is borrowed. Texts are UTF-8
 * without control characters, at most QUO_FACE_TEXT bytes.
 *
 * Words stand one row a line, as in docs/format.md section 8: row number,
 * six words, check word, between spaces; "\n" ends or parts the rows.
 *
 * Zeros are a fit start: PDF on A4, unlocked, all pages.
 */
struct quo_face {
	enum quo_face_format format;
	enum quo_face_paper paper;
	unsigned dpi;			/* of a PNG; 0: 300 */
	unsigned page;			/* of SVG, PNG, from 1; 0: the first.
					 * A PDF has all pages and wants 0 */

	const char *credential;		/* its name, or an opaque id */
	const char *custodian;		/* NULL: "card 2" */
	unsigned serial, count;		/* card serial of count, to 255 */
	const char *policy;		/* as a sentence's subject: "any 2 of
					 * 3 cards", "2 of (cfo, ciso)" */
	const char *set_id;		/* its 4 words: "hammer river …" */
	uint32_t generation;
	const char *issued;		/* "2026-03-01", in this form only */
	const char *review_by;		/* NULL: never */
	bool locked;			/* blanks for the phrase */

	struct quo_qr share;
	struct quo_qr set[QUO_FACE_PARTS];	/* one, or its parts */
	unsigned set_count;
	const char *share_words;	/* 7 rows */
	const char *set_words;		/* to QUO_FACE_ROWS rows; NULL: none */
};

/** The rows of words in such a text; 0 for NULL. */
size_t quo_face_rows(const char *words);

/** The pages of such a card, 1 or 2: what does not fit on the first. */
unsigned quo_face_pages(const struct quo_face *face);

/**
 * To and from one frame for the helper's pipe. Secret: it holds the share.
 * Decoding borrows from the frame, which must live as long as the face, and
 * refuses all that the comment above rules out.
 * Fails with QUO_EFORMAT (QUO_EINVAL when encoding), QUO_ETOOBIG, QUO_ENOMEM,
 * QUO_ELOCK.
 */
enum quo_err quo_face_encode(const struct quo_face *face,
    struct quo_secret **frame);
enum quo_err quo_face_decode(const uint8_t *frame, size_t len,
    struct quo_face *face);

#endif
