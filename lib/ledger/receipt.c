/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/crypt.h"
#include "base/hex.h"
#include "base/utc.h"
#include "base/utf8.h"
#include "ledger/receipt_internal.h"

#define AT(member) offsetof(struct quo_receipt, member)

const struct quo_receipt_field quo_receipt_fields[] = {
	{ "id", BYTES, true, AT(id), QUO_RECEIPT_ID_LEN },
	{ "opened", UTC, true, AT(opened), 0 },
	{ "closed", UTC, false, AT(closed), 0 },
	{ "host", TEXT, true, AT(host), 0 },
	{ "version", TEXT, true, AT(version), 0 },
	{ "actor", TEXT, false, AT(actor), 0 },
	{ "name", TEXT, false, AT(name), 0 },
	{ "set", BYTES, true, AT(set), QUO_HASH_LEN },
	{ "inventory", BYTES, true, AT(inventory), QUO_INVENTORY_LEN },
	{ "generation", NUMBER, true, AT(generation), 0 },
	{ "checkpoint", CHECKPOINT, false, 0, 0 },
	{ "quorum", QUORUM, true, 0, 0 },
	{ "card", CARDS, false, 0, 0 },
	{ "left-out", NUMBER, false, AT(left_out), 0 },
	{ "reason", TEXT, false, AT(reason), 0 },
	{ "ticket", TEXT, false, AT(ticket), 0 },
	{ "requester", TEXT, false, AT(requester), 0 },
	{ "exposure", TEXT, true, AT(exposure), 0 },
	{ "new-set", BYTES, false, AT(new_set), QUO_HASH_LEN },
	{ "new-generation", NUMBER, false, AT(new_generation), 0 },
	{ "new-policy", TEXT, false, AT(new_policy), 0 },
	{ "new-locked", FLAG, false, AT(new_locked), 0 },
	{ "ledger", WHY, true, 0, 0 },
	{ "undelivered", SINKS, false, 0, 0 },
	{ NULL, TEXT, false, 0, 0 },
};

const struct quo_receipt_cause quo_receipt_causes[] = {
	{ QUO_OK, "choice" },
	{ QUO_ENOENT, "missing" },
	{ QUO_EBUSY, "busy" },
	{ QUO_EREADONLY, "read-only" },
	{ QUO_EFULL, "full" },
	{ QUO_ECORRUPT, "corrupt" },
	{ QUO_ENEWER, "newer" },
	{ QUO_EIO, "failed" },
	{ QUO_OK, NULL },
};

const char *
quo_receipt_why(enum quo_err why)
{
	const struct quo_receipt_cause *cause = quo_receipt_causes;

	while (cause->why != why && cause->why != QUO_EIO)
		cause++;
	return cause->word;
}

/*
 * Printing. A value that can't be one fails the writer.
 */

static void
put(struct quo_writer *w, const char *text)
{
	quo_write_bytes(w, (const uint8_t *)text, strlen(text));
}

static void
put_hex(struct quo_writer *w, const uint8_t *bytes, size_t len)
{
	char digits[QUO_HEX_ROOM(QUO_HASH_LEN)];

	quo_hex_print(bytes, len, digits);
	put(w, digits);
}

static void
put_number(struct quo_writer *w, uint64_t number)
{
	char digits[24];

	snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);
	put(w, digits);
}

static bool
is_value(const char *text)
{
	size_t left = strlen(text), len;
	uint32_t point = 0;

	if (left == 0 || left > QUO_RECEIPT_VALUE_MAX)
		return false;
	for (; left > 0; text += len, left -= len) {
		len = quo_utf8_decode(text, left, &point);
		if (len == 0 || point < 0x20 || (point >= 0x7F &&
		    point < 0xA0))
			return false;
	}
	return true;
}

static void
put_text(struct quo_writer *w, const char *text)
{
	if (is_value(text))
		put(w, text);
	else
		w->failed = true;
}

static void
put_quorum(struct quo_writer *w, const struct quo_cards *cards)
{
	const char *between = "";

	for (unsigned s = 1; s <= QUO_CARDS_MAX; s++) {
		if (!cards->has[s])
			continue;
		put(w, between);
		put_number(w, s);
		between = " ";
	}
	if (*between == '\0')
		w->failed = true;
}

static bool
is_zero(const uint8_t *bytes, size_t len)
{
	while (len > 0 && bytes[len - 1] == 0)
		len--;
	return len == 0;
}

static void
put_card(struct quo_writer *w, const struct quo_receipt_card *card)
{
	if (card->serial > 0)
		put_number(w, card->serial);
	else
		put(w, "-");
	put(w, " ");
	put(w, quo_verdict_name(card->verdict));
	put(w, " ");
	if (is_zero(card->set, QUO_ID8_LEN))
		put(w, "-");
	else
		put_hex(w, card->set, QUO_ID8_LEN);
}

static const void *
member(const struct quo_receipt *receipt, const struct quo_receipt_field *field)
{
	return (const char *)receipt + field->at;
}

/* How often a field stands in a receipt. */
static size_t
count_of(const struct quo_receipt *r, const struct quo_receipt_field *field)
{
	switch (field->kind) {
	case TEXT:
		return *(const char *const *)member(r, field) != NULL;
	case UTC:
		return *(const int64_t *)member(r, field) != 0;
	case NUMBER:
		return *(const uint32_t *)member(r, field) != 0;
	case FLAG:
		return *(const bool *)member(r, field);
	case CHECKPOINT:
		return r->checkpoint.size != 0;
	case CARDS:
		return r->card_count;
	case SINKS:
		return r->undelivered_count;
	case BYTES:
		return field->needed || !is_zero(member(r, field),
		    field->len);
	case QUORUM:
	case WHY:
		break;
	}
	return 1;
}

static void
put_value(struct quo_writer *w, const struct quo_receipt *r,
    const struct quo_receipt_field *field, size_t i)
{
	char utc[QUO_UTC_TEXT];

	switch (field->kind) {
	case TEXT:
		put_text(w, *(const char *const *)member(r, field));
		break;
	case UTC:
		quo_utc_print(*(const int64_t *)member(r, field), utc);
		put(w, utc);
		break;
	case BYTES:
		put_hex(w, member(r, field), field->len);
		break;
	case NUMBER:
		put_number(w, *(const uint32_t *)member(r, field));
		break;
	case CHECKPOINT:
		put_number(w, r->checkpoint.size);
		put(w, " ");
		put_hex(w, r->checkpoint.root, QUO_HASH_LEN);
		break;
	case QUORUM:
		put_quorum(w, &r->quorum);
		break;
	case CARDS:
		put_card(w, &r->cards[i]);
		break;
	case WHY:
		put(w, quo_receipt_why(r->why));
		break;
	case FLAG:
		put(w, "yes");
		break;
	case SINKS:
		put_text(w, r->undelivered[i]);
		break;
	}
}

/* The digits of the last line. */
void
quo_receipt_check(const char *text, size_t len,
    char check[QUO_RECEIPT_CHECK_LEN + 1])
{
	const struct quo_span all = { text, len };
	uint8_t hash[QUO_HASH_LEN];
	struct quo_writer w = quo_writer_on((uint8_t *)check,
	    QUO_RECEIPT_CHECK_LEN);

	quo_sha256(&all, 1, hash);
	put(&w, QUO_RECEIPT_CHECK);
	put_hex(&w, hash, QUO_RECEIPT_CHECK_BYTES);
	put(&w, "\n");
	check[QUO_RECEIPT_CHECK_LEN] = '\0';
}

enum quo_err
quo_receipt_print(const struct quo_receipt *receipt, char **text, size_t *len)
{
	char check[QUO_RECEIPT_CHECK_LEN + 1];
	char *all = malloc(QUO_RECEIPT_MAX);
	struct quo_writer w = quo_writer_on((uint8_t *)all,
	    QUO_RECEIPT_MAX - 1);

	if (all == NULL)
		return QUO_ENOMEM;
	if (receipt->card_count > QUO_RECEIPT_CARDS ||
	    receipt->undelivered_count > QUO_RECEIPT_SINKS)
		w.failed = true;
	put(&w, QUO_RECEIPT_TITLE QUO_RECEIPT_VERSION);
	for (size_t f = 0; !w.failed && quo_receipt_fields[f].key != NULL;
	    f++) {
		size_t count = count_of(receipt, &quo_receipt_fields[f]);

		if (count == 0 && quo_receipt_fields[f].needed)
			w.failed = true;
		for (size_t i = 0; !w.failed && i < count; i++) {
			put(&w, quo_receipt_fields[f].key);
			put(&w, ": ");
			put_value(&w, receipt, &quo_receipt_fields[f], i);
			put(&w, "\n");
		}
	}
	if (!w.failed) {
		quo_receipt_check(all, w.len, check);
		put(&w, check);
	}
	if (w.failed) {
		free(all);
		return w.len + QUO_RECEIPT_VALUE_MAX >= w.cap ? QUO_ETOOBIG :
		    QUO_EINVAL;
	}
	all[w.len] = '\0';
	*text = all;
	*len = w.len;
	return QUO_OK;
}
