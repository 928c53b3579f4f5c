/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypt.h"
#include "card/slip.h"
#include "card/words.h"
#include "ledger/checkpoint.h"

/* Of docs/log.md, made by the encoder in Python. */
static const uint8_t key0[QUO_KEY_LEN] = {
	0x0d, 0xff, 0xf9, 0xc0, 0x27, 0xb5, 0xc0, 0xaa, 0x86, 0x80, 0xac,
	0x46, 0x97, 0x46, 0xd6, 0xc5, 0x9b, 0xfa, 0xa3, 0x7d, 0xf7, 0x92,
	0xcc, 0x34, 0x62, 0x0b, 0x34, 0x04, 0xac, 0x15, 0xb9, 0xf4,
};
static const char key0_text[] =
    "QUO1A:BX77TQBHWXAKVBUAVRDJORWWYWN7VI3566JMYNDCBM2AJLAVXH2A";
static const char ledger_id[] = "ae9870167a00f93b028ba04395a84a14";

static void
reads(const char *text, enum quo_err want)
{
	struct quo_secret *key = NULL;

	assert_err(quo_slip_key_read(text, strlen(text), &key), want);
	if (want == QUO_OK)
		assert_memory_equal(key->data, key0, QUO_KEY_LEN);
	else
		assert_null(key);
	quo_secret_free(key);
}

static void
refuse_what_is_no_row(void **state)
{
	char many[4096];

	(void)state;
	reads("", QUO_EFORMAT);
	reads("\n \n", QUO_EFORMAT);
	reads("hello world", QUO_ESYNTAX);
	reads(key0_text, QUO_ESYNTAX);
	reads("1 aardvark admit", QUO_ESYNTAX);
	reads("1 xyzzyxyz", QUO_EWORD);
	reads("1", QUO_ESYNTAX);
	memset(many, 'A', sizeof many);
	many[sizeof many - 1] = '\0';
	reads(many, QUO_ETOOBIG);
}

/* The words of key0, ending in NUL; freed by the caller. */
static char *
words(void)
{
	struct quo_secret *rows = NULL;
	char *text;

	assert_err(quo_slip_key_words(key0, &rows), QUO_OK);
	text = calloc(1, rows->len + 1);
	assert_non_null(text);
	memcpy(text, rows->data, rows->len);
	quo_secret_free(rows);
	return text;
}

static void
words_go_and_come(void **state)
{
	char *text = words(), *at;

	(void)state;
	reads(text, QUO_OK);
	at = strchr(text, '\n') + 1;
	at += strcspn(at, "abcdefghijklmnopqrstuvwxyz");
	memset(at, ' ', strcspn(at, " "));
	at[0] = '?';
	reads(text, QUO_OK);
	free(text);
}

static void
refuse_words_that_are_too_wrong(void **state)
{
	char *text = words(), *at = text;

	(void)state;
	for (int row = 0; row < 3; row++) {
		for (int i = 0; i < 6; i++) {
			at += strcspn(at, "abcdefghijklmnopqrstuvwxyz");
			memset(at, ' ', strcspn(at, " "));
			*at++ = '?';
		}
		at = strchr(at, '\n') + 1;
	}
	reads(text, QUO_ECHECK);
	*strrchr(text, '\n') = '\0';
	*strrchr(text, '\n') = '\0';
	reads(text, QUO_EFORMAT);
	free(text);
}

/* The rows of a card's share are no auditor's key. */
static void
refuse_a_share(void **state)
{
	uint8_t share[42] = { 2, 3 };
	struct quo_secret *rows = NULL, *key = NULL;

	(void)state;
	assert_err(quo_words_text(QUO_WORDS_SHARE, share, sizeof share,
	    &rows), QUO_OK);
	assert_err(quo_slip_key_read((const char *)rows->data, rows->len,
	    &key), QUO_EMISMATCH);
	quo_secret_free(rows);
	share[0] = share[1] = 0;
	assert_err(quo_words_text(QUO_WORDS_SHARE, share, sizeof share,
	    &rows), QUO_OK);
	assert_err(quo_slip_key_read((const char *)rows->data, rows->len,
	    &key), QUO_ECHECK);
	quo_secret_free(rows);
	assert_null(key);
}

static void
checkpoint_goes_and_comes(void **state)
{
	const struct quo_checkpoint want = { 3, { 0x9c, 0xae, [31] = 0xc0 } };
	char text[QUO_SLIP_CHECKPOINT_TEXT], id[33];
	char found[QUO_LEDGER_ID_TEXT];
	struct quo_checkpoint got = { 0 };
	size_t at = 0;

	(void)state;
	assert_err(quo_slip_checkpoint_print("ae98", &want, text),
	    QUO_EINVAL);
	assert_err(quo_slip_checkpoint_print(
	    "AE9870167a00f93b028ba04395a84a14", &want, text), QUO_EINVAL);
	assert_err(quo_slip_checkpoint_print(ledger_id, &want, text),
	    QUO_OK);
	assert_int_equal(strlen(text), sizeof text - 1);
	assert_int_equal(strncmp(text, "QUO1K:V2MHAFT2AD4TWAULUBBZLKCKCQ", 32),
	    0);
	assert_err(quo_slip_checkpoint_read(text, strlen(text), id, &got),
	    QUO_OK);
	assert_string_equal(id, ledger_id);
	assert_int_equal(got.size, 3);
	assert_memory_equal(got.root, want.root, sizeof got.root);
	assert_err(quo_checkpoint_find(text, strlen(text), &at, found,
	    &got), QUO_OK);
	assert_string_equal(found, ledger_id);
	assert_memory_equal(got.root, want.root, sizeof got.root);
	assert_err(quo_checkpoint_find(text, strlen(text), &at, found,
	    &got), QUO_ENOENT);
	at = 0;
	assert_err(quo_checkpoint_find(text, 20, &at, found, &got),
	    QUO_EFORMAT);
	assert_err(quo_slip_checkpoint_read(text, strlen(text) - 1, id, &got),
	    QUO_EFORMAT);
	assert_err(quo_slip_checkpoint_read(key0_text, strlen(key0_text), id,
	    &got), QUO_EFORMAT);
	assert_err(quo_slip_checkpoint_read("", 0, id, &got), QUO_EFORMAT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuse_what_is_no_row),
		cmocka_unit_test(refuse_words_that_are_too_wrong),
		cmocka_unit_test(refuse_a_share),
		cmocka_unit_test(words_go_and_come),
		cmocka_unit_test(checkpoint_goes_and_comes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
