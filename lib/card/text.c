/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/ct.h"
#include "card/text.h"

static const char prefixes[][QUO_PREFIX_LEN + 1] = {
	[QUO_CODE_SHARE] = "QUO1S:",
	[QUO_CODE_SET] = "QUO1C:",
	[QUO_CODE_PART] = "QUO1P:",
	[QUO_CODE_AUDITOR] = "QUO1A:",
};

#define KINDS (sizeof prefixes / sizeof prefixes[0])

/* The length of the text of len bytes, without its NUL. */
static size_t
text_len(size_t len)
{
	return QUO_PREFIX_LEN + (8 * len + 4) / 5;
}

/* 0 to 25 are A to Z, 26 to 31 are 2 to 7. */
static char
digit_of(uint32_t value)
{
	return (char)quo_ct_select(quo_ct_lt(value, 26), 'A' + value,
	    '2' + value - 26);
}

/* The reverse; all ones are put into *wrong where c is no digit. */
static uint32_t
value_of(uint32_t c, uint32_t *wrong)
{
	uint32_t letter = ~quo_ct_lt(c, 'A') & quo_ct_lt(c, 'Z' + 1);
	uint32_t number = ~quo_ct_lt(c, '2') & quo_ct_lt(c, '7' + 1);

	*wrong |= ~(letter | number);
	return (letter & (c - 'A')) | (number & (c - '2' + 26));
}

enum quo_err
quo_text_encode(enum quo_code kind, const uint8_t *data, size_t len,
    struct quo_secret **text)
{
	size_t digits = text_len(len) - QUO_PREFIX_LEN, bit, at;
	struct quo_secret *out = NULL;
	enum quo_err err;
	uint32_t pair;

	if (len == 0 || len > QUO_CODE_MAX)
		return QUO_ETOOBIG;
	err = quo_secret_new(text_len(len) + 1, &out);
	if (err != QUO_OK)
		return err;
	memcpy(out->data, prefixes[kind], QUO_PREFIX_LEN);
	for (size_t i = 0; i < digits; i++) {
		bit = 5 * i;
		at = bit / 8;
		pair = (uint32_t)data[at] << 8 |
		    (at + 1 < len ? data[at + 1] : 0u);
		out->data[QUO_PREFIX_LEN + i] =
		    (uint8_t)digit_of(pair >> (11 - bit % 8) & 31u);
	}
	*text = out;
	return QUO_OK;
}

/* Fold a text into room for as much; gives the length that is left. */
static size_t
fold(const char *text, size_t len, uint8_t *out)
{
	size_t used = 0;
	uint32_t c, space, lower;

	for (size_t i = 0; i < len; i++) {
		c = (uint8_t)text[i];
		space = quo_ct_eq(c, ' ') |
		    (~quo_ct_lt(c, '\t') & quo_ct_lt(c, '\r' + 1));
		lower = ~quo_ct_lt(c, 'a') & quo_ct_lt(c, 'z' + 1);
		QUO_PUBLIC(space);
		if (space == 0)
			out[used++] = (uint8_t)(c - (lower & 32));
	}
	return used;
}

static enum quo_err
kind_of(const uint8_t *text, size_t len, enum quo_code *kind)
{
	uint8_t head[QUO_PREFIX_LEN];

	memset(head, 0, sizeof head);
	memcpy(head, text, len < sizeof head ? len : sizeof head);
	QUO_PUBLIC(head);
	for (size_t k = 0; k < KINDS; k++) {
		if (memcmp(head, prefixes[k], QUO_PREFIX_LEN) != 0)
			continue;
		*kind = (enum quo_code)k;
		return QUO_OK;
	}
	if (memcmp(head, "QUO", 3) != 0)
		return QUO_ESYNTAX;
	return head[3] >= '0' && head[3] <= '9' && head[3] != '1' ?
	    QUO_EVERSION : QUO_EFORMAT;
}

/* The digits' bytes, len of them. */
static enum quo_err
decode_digits(const uint8_t *digits, size_t count, uint8_t *out, size_t len)
{
	uint32_t wrong = 0, bits = 0;
	unsigned have = 0;
	size_t used = 0;

	for (size_t i = 0; i < count; i++) {
		bits = bits << 5 | value_of(digits[i], &wrong);
		have += 5;
		if (have >= 8) {
			have -= 8;
			if (used < len)
				out[used++] = (uint8_t)(bits >> have);
			bits &= (1u << have) - 1;
		}
	}
	/* What is left over are the last digit's unused bits. */
	wrong |= bits;
	QUO_PUBLIC(wrong);
	return wrong == 0 ? QUO_OK : QUO_EFORMAT;
}

enum quo_err
quo_text_decode(const char *text, size_t len, enum quo_code *kind,
    struct quo_secret **data)
{
	struct quo_secret *folded = NULL, *out = NULL;
	size_t digits, bytes;
	enum quo_err err;

	if (len == 0)
		return QUO_ESYNTAX;
	if (len > 4 * QUO_CODE_MAX)
		return QUO_ETOOBIG;
	err = quo_secret_new(len, &folded);
	if (err != QUO_OK)
		return err;
	len = fold(text, len, folded->data);
	err = kind_of(folded->data, len, kind);
	if (err != QUO_OK)
		goto out;
	digits = len - QUO_PREFIX_LEN;
	bytes = 5 * digits / 8;
	/* 1, 3 or 6 digits at the end make no whole byte. */
	err = bytes == 0 || digits != (8 * bytes + 4) / 5 ? QUO_EFORMAT :
	    bytes > QUO_CODE_MAX ? QUO_ETOOBIG : QUO_OK;
	if (err == QUO_OK)
		err = quo_secret_new(bytes, &out);
	if (err == QUO_OK)
		err = decode_digits(folded->data + QUO_PREFIX_LEN, digits,
		    out->data, bytes);
out:
	quo_secret_free(folded);
	if (err == QUO_OK)
		*data = out;
	else
		quo_secret_free(out);
	return err;
}
