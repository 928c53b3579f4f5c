/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>
#include <string.h>

#include "base/ct.h"
#include "card/slip.h"
#include "card/text.h"
#include "ledger/auditor.h"

#define KEY_LEN QUO_LEDGER_KEY_LEN

enum quo_err
quo_auditor_print(const uint8_t key[KEY_LEN], struct quo_secret **text)
{
	return quo_text_encode(QUO_CODE_AUDITOR, key, KEY_LEN, text);
}

/* All ones are put into *wrong where c is no digit. */
static uint32_t
hex_digit(uint32_t c, uint32_t *wrong)
{
	uint32_t lower = c | 32;
	uint32_t letter = ~quo_ct_lt(lower, 'a') & quo_ct_lt(lower, 'f' + 1);
	uint32_t number = ~quo_ct_lt(c, '0') & quo_ct_lt(c, '9' + 1);

	*wrong |= ~(letter | number);
	return (letter & (lower - 'a' + 10)) | (number & (c - '0'));
}

static enum quo_err
parse_hex(const char *text, size_t len, struct quo_secret **key)
{
	struct quo_secret *out = NULL;
	uint32_t c, space, wrong = 0, byte = 0;
	size_t digits = 0;
	enum quo_err err = quo_secret_new(KEY_LEN, &out);

	if (err != QUO_OK)
		return err;
	for (size_t i = 0; i < len; i++) {
		c = (uint8_t)text[i];
		space = quo_ct_eq(c, ' ') |
		    (~quo_ct_lt(c, '\t') & quo_ct_lt(c, '\r' + 1));
		QUO_PUBLIC(space);
		if (space != 0)
			continue;
		byte = byte << 4 | hex_digit(c, &wrong);
		if (digits % 2 == 1 && digits < 2 * KEY_LEN)
			out->data[digits / 2] = (uint8_t)byte;
		digits++;
	}
	QUO_PUBLIC(wrong);
	if (wrong != 0 || digits != 2 * KEY_LEN) {
		quo_secret_free(out);
		return QUO_EFORMAT;
	}
	*key = out;
	return QUO_OK;
}

/* A number of one digit and a word of four letters: that is no hex. */
static bool
is_row(const char *text, size_t len)
{
	size_t i = 0, letters = 0;

	while (i < len && strchr(" \t\r\n", text[i]) != NULL)
		i++;
	if (i + 1 >= len || text[i] < '1' || text[i] > '7' ||
	    (text[i + 1] != ' ' && text[i + 1] != '\t'))
		return false;
	for (i++; i < len && text[i] != '\n'; i++)
		letters += (text[i] | 32) > 'f' && (text[i] | 32) <= 'z';
	return letters > 0;
}

enum quo_err
quo_auditor_parse(const char *text, size_t len, struct quo_secret **key)
{
	struct quo_secret *data = NULL;
	enum quo_code kind;
	enum quo_err err;

	err = quo_text_decode(text, len, &kind, &data);
	if (err == QUO_ESYNTAX)
		return is_row(text, len) ?
		    quo_slip_key_read(text, len, key) :
		    parse_hex(text, len, key);
	if (err != QUO_OK)
		return err;
	if (kind != QUO_CODE_AUDITOR || data->len != KEY_LEN) {
		quo_secret_free(data);
		return QUO_EFORMAT;
	}
	*key = data;
	return QUO_OK;
}
