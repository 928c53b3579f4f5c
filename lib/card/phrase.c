/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/crypt.h"
#include "card/phrase.h"
#include "crypto/lock.h"

enum quo_err
quo_phrase_new(const uint8_t salt[QUO_SALT_LEN], uint8_t serial,
    char text[QUO_PHRASE_TEXT])
{
	uint16_t word[QUO_PHRASE_WORDS + 1];
	enum quo_err err;

	memset(text, 0, QUO_PHRASE_TEXT);
	err = quo_random((uint8_t *)word, sizeof word);
	if (err != QUO_OK)
		return err;
	/* 1024 divides 65536: ten bits of each are uniform. */
	for (size_t i = 0; i < QUO_PHRASE_WORDS; i++)
		word[i] &= QUO_WORDS_LIST - 1;
	quo_words_join(word, QUO_PHRASE_WORDS, text);
	word[QUO_PHRASE_WORDS] = (uint16_t)quo_lock_check(salt, serial, text,
	    strlen(text));
	quo_words_join(word, QUO_PHRASE_WORDS + 1, text);
	quo_wipe(word, sizeof word);
	return QUO_OK;
}

enum quo_err
quo_phrase_read(const uint8_t salt[QUO_SALT_LEN], uint8_t serial,
    const char *text, size_t len, char words[QUO_PHRASE_TEXT], unsigned *at)
{
	uint16_t word[QUO_PHRASE_WORDS + 1];
	bool missing[QUO_PHRASE_WORDS + 1];
	enum quo_err err;

	memset(words, 0, QUO_PHRASE_TEXT);
	err = quo_words_parse(text, len, QUO_PHRASE_WORDS + 1, word, missing,
	    at);
	if (err == QUO_ESYNTAX)
		err = QUO_EPHRASE;
	for (unsigned i = 0; err == QUO_OK && i <= QUO_PHRASE_WORDS; i++) {
		if (!missing[i])
			continue;
		*at = i + 1;
		err = QUO_EWORD;
	}
	if (err == QUO_OK) {
		quo_words_join(word, QUO_PHRASE_WORDS, words);
		if (quo_lock_check(salt, serial, words, strlen(words)) !=
		    word[QUO_PHRASE_WORDS])
			err = QUO_EPHRASE;
	}
	if (err != QUO_OK)
		quo_wipe(words, QUO_PHRASE_TEXT);
	quo_wipe(word, sizeof word);
	return err;
}
