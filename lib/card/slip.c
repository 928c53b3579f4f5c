/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/crypt.h"
#include "base/hex.h"
#include "card/slip.h"
#include "card/text.h"
#include "card/words.h"

/* Where the letter stands that says of what kind a text is. */
#define LETTER 4
#define ID_LEN 16
#define CHECKPOINT_LEN (ID_LEN + 8 + QUO_HASH_LEN)
#define CHECK_LEN 8
#define ROWS 7

static bool
white(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* A share's text but for the letter: the same base32, the same care. */
static enum quo_err
print(char letter, const uint8_t *data, size_t len, struct quo_secret **text)
{
	enum quo_err err = quo_text_encode(QUO_CODE_SHARE, data, len, text);

	if (err == QUO_OK)
		(*text)->data[LETTER] = (uint8_t)letter;
	return err;
}

/* The reverse; QUO_EFORMAT where the letter is another, or the length. */
static enum quo_err
read_text(char letter, const char *text, size_t len, size_t want,
    struct quo_secret **data)
{
	struct quo_secret *copy = NULL, *out = NULL;
	enum quo_code kind;
	size_t at = 0;
	enum quo_err err;

	if (len == 0 || len > QUO_CODE_MAX)
		return QUO_EFORMAT;
	err = quo_secret_new(len, &copy);
	if (err != QUO_OK)
		return err;
	for (size_t i = 0; i < len; i++)
		if (!white(text[i]))
			copy->data[at++] = (uint8_t)text[i];
	if (at <= LETTER || (copy->data[LETTER] & ~0x20) != letter)
		err = QUO_EFORMAT;
	else {
		copy->data[LETTER] = 'S';
		err = quo_text_decode((const char *)copy->data, at, &kind,
		    &out);
	}
	if (err == QUO_OK && out->len != want) {
		quo_secret_free(out);
		err = QUO_EFORMAT;
	}
	if (err == QUO_OK)
		*data = out;
	quo_secret_free(copy);
	return err;
}

/* What the words hold: serial, n, key, check. */
static void
lay_out(const uint8_t key[QUO_KEY_LEN], uint8_t data[QUO_WORDS_SHARE_LEN])
{
	const struct quo_span spans[] = { { "QUO1A", 5 },
		{ key, QUO_KEY_LEN } };
	uint8_t hash[QUO_HASH_LEN];

	quo_sha256(spans, 2, hash);
	data[0] = data[1] = 0;
	memcpy(data + 2, key, QUO_KEY_LEN);
	memcpy(data + 2 + QUO_KEY_LEN, hash, CHECK_LEN);
	quo_wipe(hash, sizeof hash);
}

enum quo_err
quo_slip_key_words(const uint8_t key[QUO_KEY_LEN], struct quo_secret **words)
{
	uint8_t data[QUO_WORDS_SHARE_LEN];
	enum quo_err err = quo_crypt_init();

	if (err != QUO_OK)
		return err;
	lay_out(key, data);
	err = quo_words_text(QUO_WORDS_SHARE, data, sizeof data, words);
	quo_wipe(data, sizeof data);
	return err;
}

/* Seven rows, one a line; empty lines don't count. */
static enum quo_err
parse_rows(const char *text, size_t len, struct quo_words_row rows[ROWS])
{
	size_t count = 0, line, blank;
	const char *end;
	unsigned at;
	enum quo_err err;

	for (; len > 0; text += line, len -= line) {
		end = memchr(text, '\n', len);
		line = end != NULL ? (size_t)(end - text) + 1 : len;
		for (blank = 0; blank < line && white(text[blank]); )
			blank++;
		if (blank == line)
			continue;
		if (count == ROWS)
			return QUO_EFORMAT;
		err = quo_words_parse_row(text, line, &rows[count++], &at);
		if (err != QUO_OK)
			return err;
	}
	return count == ROWS ? QUO_OK : QUO_EFORMAT;
}

/* The key out of its rows, when all around it is as it must be. */
static enum quo_err
take_key(const struct quo_secret *data, struct quo_secret **key)
{
	uint8_t want[QUO_WORDS_SHARE_LEN];
	enum quo_err err;

	if (data->len < sizeof want)
		return QUO_EFORMAT;
	lay_out(data->data + 2, want);
	if (quo_equal(want, data->data, sizeof want))
		err = quo_secret_copy(data->data + 2, QUO_KEY_LEN, key);
	else
		err = data->data[0] != 0 ? QUO_EMISMATCH : QUO_ECHECK;
	quo_wipe(want, sizeof want);
	return err;
}

enum quo_err
quo_slip_key_read(const char *text, size_t len, struct quo_secret **key)
{
	struct quo_secret *data = NULL, *fixes = NULL;
	struct quo_words_row rows[ROWS];
	uint64_t doubt;
	enum quo_err err;

	if (len > QUO_CODE_MAX)
		return QUO_ETOOBIG;
	err = quo_crypt_init();
	if (err == QUO_OK)
		err = parse_rows(text, len, rows);
	if (err == QUO_OK)
		err = quo_words_decode(rows, ROWS, &data, &fixes, &doubt);
	if (err == QUO_OK)
		err = take_key(data, key);
	quo_secret_free(data);
	quo_secret_free(fixes);
	quo_wipe(rows, sizeof rows);
	return err;
}

enum quo_err
quo_slip_checkpoint_print(const char *ledger,
    const struct quo_checkpoint *checkpoint,
    char text[QUO_SLIP_CHECKPOINT_TEXT])
{
	uint8_t data[CHECKPOINT_LEN], id[ID_LEN];
	struct quo_writer w = quo_writer_on(data, sizeof data);
	struct quo_secret *out = NULL;
	enum quo_err err;

	if (!quo_hex_parse(ledger, strlen(ledger), id, sizeof id))
		return QUO_EINVAL;
	quo_write_bytes(&w, id, sizeof id);
	quo_write_uint(&w, checkpoint->size, 8);
	quo_write_bytes(&w, checkpoint->root, QUO_HASH_LEN);
	err = print('K', data, sizeof data, &out);
	if (err == QUO_OK)
		memcpy(text, out->data, QUO_SLIP_CHECKPOINT_TEXT);
	quo_secret_free(out);
	return err;
}

enum quo_err
quo_slip_checkpoint_read(const char *text, size_t len, char ledger[33],
    struct quo_checkpoint *checkpoint)
{
	struct quo_secret *data = NULL;
	struct quo_reader r;
	enum quo_err err;

	err = read_text('K', text, len, CHECKPOINT_LEN, &data);
	if (err != QUO_OK)
		return err == QUO_ENOMEM ? err : QUO_EFORMAT;
	r = quo_reader_on(data->data, data->len);
	quo_hex_print(quo_read_span(&r, ID_LEN), ID_LEN, ledger);
	checkpoint->size = quo_read_uint(&r, 8);
	quo_read_bytes(&r, checkpoint->root, QUO_HASH_LEN);
	quo_secret_free(data);
	return QUO_OK;
}
