/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words: docs/format.md, section 8. Payload and typed text are secret. */
#include <stdint.h>
#include <string.h>

#include "base/secret.h"
#include "card/words.h"
#include "ct.h"

#define ROWS 7

static struct quo_words_row rows[ROWS];

/* Payload to text, and that text to rows, as they would be typed. */
static void
print_and_parse(const uint8_t *data)
{
	struct quo_secret *text = NULL;
	unsigned at;
	size_t i;

	must(quo_words_text(
		 QUO_WORDS_SHARE, data, QUO_WORDS_SHARE_LEN, &text) == QUO_OK);
	for (i = 0; i < ROWS; i++) {
		must(quo_words_parse_row(
			 (const char *)text->data + i * QUO_WORDS_LINE,
			 QUO_WORDS_LINE, &rows[i], &at) == QUO_OK);
		must(quo_words_check_row(&rows[i]) == QUO_WORDS_RIGHT);
	}
	quo_secret_free(text);
}

/* Rows to payload; the library finds as many corrections. */
static void
decode(const uint8_t *want, size_t count)
{
	struct quo_secret *data = NULL, *fixes = NULL;
	uint64_t doubt;

	must(quo_words_decode(rows, ROWS, &data, &fixes, &doubt) == QUO_OK);
	must((fixes == NULL ? 0 : fixes->len / sizeof(struct quo_words_fix)) ==
	     count);
	QUO_REVEAL(data->data, data->len);
	must(data->len == QUO_WORDS_SHARE_LEN);
	must(memcmp(data->data, want, data->len) == 0);
	quo_secret_free(data);
	quo_secret_free(fixes);
}

static void
share_goes_round(void)
{
	uint8_t want[QUO_WORDS_SHARE_LEN], data[sizeof want];
	size_t i;

	for (i = 0; i < sizeof want; i++)
		want[i] = (uint8_t)(37 * i + 11);
	memcpy(data, want, sizeof want);
	QUO_SECRET(data, sizeof data);
	print_and_parse(data);
	decode(want, 0);

	/* Where a word is missing is public, what stood there isn't. */
	for (i = 0; i < 4; i++) {
		rows[i].missing[i] = true;
		rows[i].word[i] = 0;
	}
	decode(want, 4);
	/* By how much words are wrong is public: QUO_PUBLIC in the library. */
	rows[4].word[2] ^= 77;
	rows[5].word[6] ^= 5;
	decode(want, 6);
}

static void
set_goes_round(void)
{
	uint8_t want[40], data[sizeof want];
	struct quo_secret *out = NULL, *got = NULL, *fixes = NULL;
	uint64_t doubt;
	size_t i;

	for (i = 0; i < sizeof want; i++)
		want[i] = (uint8_t)(91 * i + 3);
	memcpy(data, want, sizeof want);
	QUO_SECRET(data, sizeof data);
	must(
	    quo_words_encode(QUO_WORDS_SET, data, sizeof data, &out) == QUO_OK);
	must(quo_words_decode((const struct quo_words_row *)out->data,
		 out->len / sizeof *rows, &got, &fixes, &doubt) == QUO_OK);
	must(fixes == NULL && quo_words_trim(got, sizeof want) == QUO_OK);
	QUO_REVEAL(got->data, got->len);
	must(memcmp(got->data, want, sizeof want) == 0);
	quo_secret_free(out);
	quo_secret_free(got);
}

static void
words_are_found(void)
{
	char text[2 * (QUO_WORD_MAX + 1)], typed[] = "HAMSTRE";
	uint16_t word[2] = { 1023, 5 }, index;
	bool missing[2];
	size_t count, len;
	unsigned at;

	QUO_SECRET(word, sizeof word);
	quo_words_join(word, 2, text);
	QUO_REVEAL(text, sizeof text);
	len = strlen(text);
	QUO_SECRET(text, sizeof text);
	must(quo_words_parse(text, len, 2, word, missing, &at) == QUO_OK);
	QUO_REVEAL(word, sizeof word);
	must(word[0] == 1023 && word[1] == 5);
	QUO_SECRET(typed, 7);
	must(quo_word_find(typed, 4, &index) == QUO_OK);
	must(quo_word_find(typed, 7, &index) == QUO_EWORD);
	must(quo_word_suggest(typed, 7, &index) == QUO_OK);
	quo_word_get(index, text);
	QUO_REVEAL(text, sizeof text);
	must(strcmp(text, "hamster") == 0);
	quo_word_complete(typed, 3, &index, &count);
	QUO_REVEAL(&count, sizeof count);
	must(count == 2);
}

int
main(void)
{
	share_goes_round();
	set_goes_round();
	words_are_found();
	return 0;
}
