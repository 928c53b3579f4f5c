/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "dealt.h"

/*
 * Every bit and every character of every card of a 2-of-3, changed: the card
 * is named and set aside, with its class, and never does a wrong secret come
 * out. With the argument "long" nothing is left out: else the set code, which
 * is the same on all cards, is changed on the first only.
 */

static bool thorough;
static struct quo_dealing set;
static char share_texts[4][512], set_text[1024];
static unsigned long cases, whole;

static int
deal(void **state)
{
	struct quo_secret *text = NULL;

	(void)state;
	dealt_make("2 of (a, b, c)", &set);
	for (unsigned s = 1; s <= 3; s++) {
		assert_err(quo_dealing_share_text(&set, s, &text), QUO_OK);
		strcpy(share_texts[s], (char *)text->data);
		quo_secret_free(text);
	}
	assert_err(quo_dealing_set_text(&set, 1, &text), QUO_OK);
	strcpy(set_text, (char *)text->data);
	quo_secret_free(text);
	return 0;
}

static int
clear(void **state)
{
	(void)state;
	quo_dealing_clear(&set);
	return 0;
}

/* What the format forgives: ASCII white space and case. */
static size_t
folded(const char *text, size_t len, char *out)
{
	size_t used = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] != '\0' && strchr(" \t\n\v\f\r", text[i]) != NULL)
			continue;
		out[used++] = text[i] >= 'a' && text[i] <= 'z' ?
		    (char)(text[i] - 'a' + 'A') : text[i];
	}
	return used;
}

static bool
folds_alike(const char *a, size_t a_len, const char *b)
{
	char x[1024], y[1024];
	size_t n = folded(a, a_len, x);

	return n == folded(b, strlen(b), y) && memcmp(x, y, n) == 0;
}

static void
assert_set_aside(const struct quo_pool_card *card)
{
	assert_int_equal(card->verdict, QUO_CARD_DAMAGED);
	assert_false(card->usable);
	switch (card->why) {
	case QUO_ESYNTAX:
	case QUO_EVERSION:
	case QUO_EFORMAT:
	case QUO_ECHECK:
		break;
	default:
		fail_msg("the class is \"%s\"", quo_strerror(card->why));
	}
}

/* A card whose one text was changed, beside one good card, then two. */
static void
present(unsigned serial, const char *share, size_t share_len,
    const char *code, size_t code_len)
{
	struct quo_pool *pool = dealt_pool();
	unsigned other = serial % 3 + 1;
	struct quo_cards used;
	bool same = folds_alike(share, share_len, share_texts[serial]) &&
	    folds_alike(code, code_len, set_text);

	assert_err(quo_pool_add_text(pool, "changed", share, share_len),
	    QUO_OK);
	assert_err(quo_pool_add_text(pool, "changed", code, code_len),
	    QUO_OK);
	dealt_add(pool, "good", &set, other);
	assert_err(dealt_open(pool, NULL), same ? QUO_OK : QUO_ENOQUORUM);
	if (same)
		assert_int_equal(dealt_card(pool, "changed")->verdict,
		    QUO_CARD_WHOLE);
	else
		assert_set_aside(dealt_card(pool, "changed"));
	assert_int_equal(dealt_card(pool, "good")->verdict, QUO_CARD_WHOLE);
	/* A bad surplus card never hurts a good one. */
	if (!same && cases % 8 == 0) {
		dealt_add(pool, "third", &set, other % 3 + 1);
		assert_err(dealt_open(pool, &used), QUO_OK);
		assert_false(used.has[serial]);
		assert_set_aside(dealt_card(pool, "changed"));
	}
	cases++;
	whole += same;
	quo_pool_free(pool);
}

static void
change_text(unsigned serial, bool of_set, size_t at, char to)
{
	char share[512], code[1024];

	strcpy(share, share_texts[serial]);
	strcpy(code, set_text);
	(of_set ? code : share)[at] = to;
	present(serial, share, strlen(share_texts[serial]), code,
	    strlen(set_text));
}

static void
any_bit_of_the_texts(void **state)
{
	(void)state;
	cases = whole = 0;
	for (unsigned serial = 1; serial <= 3; serial++)
		for (unsigned which = 0; which < 2; which++) {
			const char *text = which == 0 ?
			    share_texts[serial] : set_text;

			if (which == 1 && serial > 1 && !thorough)
				continue;
			for (size_t i = 0; i < 8 * strlen(text); i++)
				change_text(serial, which == 1, i / 8,
				    (char)(text[i / 8] ^ 1 << i % 8));
		}
	/* What was forgiven are letters in lower case. */
	assert_true(whole > 0 && whole < cases / 8);
	print_message("%lu cases, %lu of them only in case\n", cases, whole);
}

static void
any_character_of_the_texts(void **state)
{
	static const char others[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" "0189=:-+/ \ta\x7F\xC3#";

	(void)state;
	cases = whole = 0;
	for (unsigned serial = 1; serial <= 3; serial++)
		for (unsigned which = 0; which < 2; which++) {
			const char *text = which == 0 ?
			    share_texts[serial] : set_text;

			if (which == 1 && serial > 1 && !thorough)
				continue;
			for (size_t i = 0; i < strlen(text); i++)
				for (size_t c = 0; c < sizeof others; c++)
					if (text[i] != others[c])
						change_text(serial,
						    which == 1, i, others[c]);
		}
	print_message("%lu cases, %lu of them only in case\n", cases, whole);
}

static void
a_character_more_or_less(void **state)
{
	char text[1024];

	(void)state;
	for (size_t i = 0; i < strlen(share_texts[1]); i++) {
		strcpy(text, share_texts[1]);
		memmove(text + i, text + i + 1, strlen(text + i));
		present(1, text, strlen(text), set_text, strlen(set_text));
		strcpy(text, share_texts[1]);
		memmove(text + i + 1, text + i, strlen(text + i) + 1);
		text[i] = 'A';
		present(1, text, strlen(text), set_text, strlen(set_text));
	}
	for (size_t len = 0; len < strlen(set_text); len++)
		present(1, share_texts[1], strlen(share_texts[1]), set_text,
		    len);
}

/* Each bit of the bytes, in texts that are right. */
static void
any_bit_of_the_codes(void **state)
{
	struct quo_secret *bytes = NULL, *text = NULL;
	enum quo_code kind;

	(void)state;
	for (unsigned serial = 1; serial <= 3; serial++)
		for (unsigned which = 0; which < 2; which++) {
			const char *good = which == 0 ?
			    share_texts[serial] : set_text;

			if (which == 1 && serial > 1 && !thorough)
				continue;
			assert_err(quo_text_decode(good, strlen(good), &kind,
			    &bytes), QUO_OK);
			for (size_t i = 0; i < 8 * bytes->len; i++) {
				bytes->data[i / 8] ^= 1 << i % 8;
				assert_err(quo_text_encode(kind, bytes->data,
				    bytes->len, &text), QUO_OK);
				bytes->data[i / 8] ^= 1 << i % 8;
				present(serial, which == 0 ?
				    (char *)text->data : share_texts[serial],
				    strlen(share_texts[serial]), which == 1 ?
				    (char *)text->data : set_text,
				    strlen(set_text));
				quo_secret_free(text);
			}
			quo_secret_free(bytes);
		}
}

/* Each bit of what is typed: the seal, or a proven quorum, finds it. */
static void
any_bit_of_a_typed_share(void **state)
{
	uint8_t typed[QUO_TYPED_LEN];

	(void)state;
	for (size_t i = 0; i < 8 * sizeof typed; i++) {
		struct quo_pool *pool = dealt_pool();
		enum quo_err err;

		quo_typed_encode(quo_dealing_card(&set, 1), typed);
		typed[i / 8] ^= 1 << i % 8;
		assert_err(quo_pool_add_typed(pool, "typed", typed), QUO_OK);
		dealt_add(pool, "good", &set, 2);
		err = dealt_open(pool, NULL);
		if (err != QUO_ESEAL)
			assert_err(err, QUO_ENOQUORUM);
		dealt_add(pool, "third", &set, 3);
		assert_err(dealt_open(pool, NULL), QUO_OK);
		/* With another id it is a card of another set. */
		if (i / 8 < QUO_TYPED_LEN - QUO_ID8_LEN) {
			assert_int_equal(dealt_card(pool, "typed")->verdict,
			    QUO_CARD_DAMAGED);
			assert_false(dealt_card(pool, "typed")->usable);
		} else {
			assert_int_not_equal(dealt_card(pool, "typed")->set,
			    dealt_card(pool, "good")->set);
		}
		quo_pool_free(pool);
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_bit_of_the_codes),
		cmocka_unit_test(any_bit_of_the_texts),
		cmocka_unit_test(any_character_of_the_texts),
		cmocka_unit_test(a_character_more_or_less),
		cmocka_unit_test(any_bit_of_a_typed_share),
	};

	thorough = argc > 1 && strcmp(argv[1], "long") == 0;
	return cmocka_run_group_tests(tests, deal, clear);
}
