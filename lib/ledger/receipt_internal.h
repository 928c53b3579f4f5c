/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_RECEIPT_INTERNAL_H
#define QUO_RECEIPT_INTERNAL_H

#include <stdbool.h>

#include "ledger/receipt.h"

/* What receipt.c prints and receipt_parse.c reads. */

#define QUO_RECEIPT_TITLE "quorate receipt "
#define QUO_RECEIPT_VERSION "1\n"
#define QUO_RECEIPT_CHECK "check: "
#define QUO_RECEIPT_CHECK_BYTES 8
/* With its digits and its line feed. */
#define QUO_RECEIPT_CHECK_LEN (sizeof QUO_RECEIPT_CHECK - 1 + \
	2 * QUO_RECEIPT_CHECK_BYTES + 1)

enum quo_receipt_kind {
	TEXT, UTC, BYTES, NUMBER, CHECKPOINT, QUORUM, CARDS, WHY, SINKS,
	FLAG
};

struct quo_receipt_field {
	const char *key;
	enum quo_receipt_kind kind;
	bool needed;
	size_t at;		/* in struct quo_receipt */
	size_t len;		/* of bytes */
};

/* In the order of their lines; ended by one without a key. */
extern const struct quo_receipt_field quo_receipt_fields[];

struct quo_receipt_cause {
	enum quo_err why;
	const char *word;
};

/* Why there is no ledger; ended by one without a word. */
extern const struct quo_receipt_cause quo_receipt_causes[];

/* The last line of a text. */
void quo_receipt_check(const char *text, size_t len,
    char check[QUO_RECEIPT_CHECK_LEN + 1]);

#endif
