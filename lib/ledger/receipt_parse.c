/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/utc.h"
#include "ledger/receipt_internal.h"

/*
 * Parsing. It takes what it can and need not be strict: in the end the text
 * must be what the receipt prints as.
 */

static bool
take_number(const char *text, uint64_t max, uint64_t *number)
{
	char *end;

	*number = strtoull(text, &end, 10);
	return *number <= max && *end == '\0';
}

static bool
take_checkpoint(const char *text, struct quo_checkpoint *checkpoint)
{
	const char *space = strchr(text, ' ');

	if (space == NULL)
		return false;
	checkpoint->size = strtoull(text, NULL, 10);
	return quo_hex_parse(space + 1, strlen(space + 1),
	    checkpoint->root, QUO_HASH_LEN);
}

static bool
take_quorum(const char *text, struct quo_cards *cards)
{
	char *end;
	unsigned long serial;

	do {
		serial = strtoul(text, &end, 10);
		if (serial < 1 || serial > QUO_CARDS_MAX)
			return false;
		cards->has[serial] = true;
		text = end + 1;
	} while (*end == ' ');
	return *end == '\0';
}

static bool
take_card(const char *text, struct quo_receipt *r)
{
	struct quo_receipt_card *card = &r->cards[r->card_count];
	char serial[4], verdict[16], set[2 * QUO_ID8_LEN + 1];
	unsigned v = QUO_CARD_DAMAGED;
	uint64_t number = 0;

	if (r->card_count == QUO_RECEIPT_CARDS ||
	    sscanf(text, "%3s %15s %16s", serial, verdict, set) != 3)
		return false;
	while (v < QUO_CARD_DUPLICATE &&
	    strcmp(verdict, quo_verdict_name(v)) != 0)
		v++;
	if (*serial != '-' && !take_number(serial, QUO_CARDS_MAX, &number))
		return false;
	if (*set != '-' && !quo_hex_parse(set, strlen(set), card->set,
	    QUO_ID8_LEN))
		return false;
	card->serial = (unsigned)number;
	card->verdict = v;
	r->card_count++;
	return true;
}

static bool
take_why(const char *text, enum quo_err *why)
{
	const struct quo_receipt_cause *cause = quo_receipt_causes;

	while (cause->word != NULL && strcmp(text, cause->word) != 0)
		cause++;
	*why = cause->why;
	return cause->word != NULL;
}

static bool
take_value(const struct quo_receipt_field *field, const char *text,
    struct quo_receipt *r)
{
	void *at = (char *)r + field->at;
	uint64_t number;

	switch (field->kind) {
	case TEXT:
		*(const char **)at = text;
		return true;
	case UTC:
		return quo_utc_parse(text, at) == QUO_OK;
	case BYTES:
		return quo_hex_parse(text, strlen(text), at, field->len);
	case NUMBER:
		if (!take_number(text, UINT32_MAX, &number))
			return false;
		*(uint32_t *)at = (uint32_t)number;
		return true;
	case CHECKPOINT:
		return take_checkpoint(text, &r->checkpoint);
	case QUORUM:
		return take_quorum(text, &r->quorum);
	case CARDS:
		return take_card(text, r);
	case WHY:
		return take_why(text, &r->why);
	case FLAG:
		*(bool *)at = true;
		return strcmp(text, "yes") == 0;
	case SINKS:
		if (r->undelivered_count == QUO_RECEIPT_SINKS)
			return false;
		r->undelivered[r->undelivered_count++] = text;
		return true;
	}
	return false;
}

/* A line, which ends in NUL. */
static bool
take_line(char *line, struct quo_receipt *receipt, uint32_t *seen)
{
	const struct quo_receipt_field *field = quo_receipt_fields;
	char *colon = strstr(line, ": ");

	if (colon == NULL)
		return false;
	*colon = '\0';
	while (field->key != NULL && strcmp(line, field->key) != 0)
		field++;
	if (field->key == NULL)
		return false;
	*seen |= UINT32_C(1) << (field - quo_receipt_fields);
	return take_value(field, colon + 2, receipt);
}

/* The lines between title and check. */
static bool
take_lines(char *text, const char *end, struct quo_receipt *receipt)
{
	const struct quo_receipt_field *field;
	uint32_t seen = 0;
	char *next;

	for (; text < end; text = next) {
		next = memchr(text, '\n', (size_t)(end - text));
		if (next == NULL)
			return false;
		*next++ = '\0';
		if (!take_line(text, receipt, &seen))
			return false;
	}
	for (field = quo_receipt_fields; field->key != NULL; field++)
		if (field->needed && (seen >> (field - quo_receipt_fields) &
		    1) == 0)
			return false;
	return true;
}

/* Whether it is a receipt that its check vouches for. */
static enum quo_err
look(const char *text, size_t len)
{
	const size_t title = sizeof QUO_RECEIPT_TITLE - 1, all = title +
	    sizeof QUO_RECEIPT_VERSION - 1;
	char check[QUO_RECEIPT_CHECK_LEN + 1];

	if (len >= QUO_RECEIPT_MAX)
		return QUO_ETOOBIG;
	if (len < title || memcmp(text, QUO_RECEIPT_TITLE, title) != 0)
		return QUO_EFORMAT;
	if (len < all || memcmp(text + title, QUO_RECEIPT_VERSION,
	    all - title) != 0)
		return QUO_EVERSION;
	if (len < all + QUO_RECEIPT_CHECK_LEN)
		return QUO_ECHECK;
	quo_receipt_check(text, len - QUO_RECEIPT_CHECK_LEN, check);
	return memcmp(text + len - QUO_RECEIPT_CHECK_LEN, check,
	    QUO_RECEIPT_CHECK_LEN) == 0 ? QUO_OK : QUO_ECHECK;
}

enum quo_err
quo_receipt_parse(const char *text, size_t len, struct quo_receipt *receipt)
{
	const size_t title = sizeof QUO_RECEIPT_TITLE QUO_RECEIPT_VERSION - 1;
	char *again = NULL;
	size_t again_len = 0;
	enum quo_err err;

	err = look(text, len);
	if (err != QUO_OK)
		return err;
	*receipt = (struct quo_receipt){ .text = malloc(len) };
	if (receipt->text == NULL)
		return QUO_ENOMEM;
	memcpy(receipt->text, text, len);
	if (!take_lines(receipt->text + title,
	    receipt->text + len - QUO_RECEIPT_CHECK_LEN, receipt))
		err = QUO_ESYNTAX;
	if (err == QUO_OK)
		err = quo_receipt_print(receipt, &again, &again_len);
	if (err == QUO_EINVAL || (err == QUO_OK && (again_len != len ||
	    memcmp(again, text, len) != 0)))
		err = QUO_ESYNTAX;
	free(again);
	if (err != QUO_OK)
		quo_receipt_clear(receipt);
	return err;
}

void
quo_receipt_clear(struct quo_receipt *receipt)
{
	free(receipt->text);
	*receipt = (struct quo_receipt){ .text = NULL };
}
