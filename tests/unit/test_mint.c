/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "base/crypt.h"
#include "crypto/mint.h"

#define DRAWS 100000

static void
refuses_what_is_no_profile(void **state)
{
	static const char *const bad[] = {
		":", ":24", "024", "0", "-24", "+24", " 24", "24 ", "24x",
		"hex:", "hex:0", "hex:032", "Hex", "hex:32:", "hexa", "words",
		"a name too long for any alphabet", "24:hex", "clear,24",
	};
	struct quo_mint p;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_err(quo_mint_parse(bad[i], &p), QUO_ESYNTAX);
	assert_err(quo_mint_parse("1025", &p), QUO_ETOOBIG);
	assert_err(quo_mint_parse("99999999999999999999999", &p),
	    QUO_ETOOBIG);
}

static void
refuses_under_128_bits_and_says_what_is_needed(void **state)
{
	static const struct {
		const char *text;
		size_t least;
	} bad[] = {
		{ "22", 23 }, { "1", 23 }, { "clear:22", 23 },
		{ "alnum:21", 22 }, { "hex:31", 32 }, { "digits:38", 39 },
		{ "printable:19", 20 },
	};
	struct quo_mint p;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		p.least = 0;
		assert_err(quo_mint_parse(bad[i].text, &p), QUO_EINVAL);
		assert_int_equal(p.least, bad[i].least);
	}
}

static void
refuses_to_mint_under_128_bits(void **state)
{
	struct quo_mint p = { "01", 127, 0 };
	struct quo_secret *s = NULL;

	(void)state;
	assert_err(quo_mint_secret(&p, &s), QUO_EINVAL);
	p = (struct quo_mint){ "0", 1024, 0 };
	assert_err(quo_mint_secret(&p, &s), QUO_EINVAL);
	p = (struct quo_mint){ "", 24, 0 };
	assert_err(quo_mint_secret(&p, &s), QUO_EINVAL);
	p = (struct quo_mint){ "01", QUO_MINT_MAX + 1, 0 };
	assert_err(quo_mint_secret(&p, &s), QUO_EINVAL);
	assert_null(s);
}

static void
least_gives_128_bits_and_one_less_does_not(void **state)
{
	(void)state;
	assert_int_equal(quo_mint_least(0), 0);
	assert_int_equal(quo_mint_least(1), 0);
	assert_int_equal(quo_mint_least(2), 128);
	assert_int_equal(quo_mint_least(16), 32);
	for (size_t n = 2; n < QUO_MINT_ALPHABET; n++) {
		long double left = 0x1p128L;

		for (size_t i = 0; i + 1 < quo_mint_least(n); i++)
			left /= n;
		assert_true(left > 1);
		assert_true(left / n <= 1);
	}
}

static void
profiles_have_their_lengths(void **state)
{
	static const struct {
		const char *text, *name;
		size_t len;
	} good[] = {
		{ "", "clear", 24 }, { "24", "clear", 24 },
		{ "23", "clear", 23 }, { "clear", "clear", 24 },
		{ "alnum", "alnum", 22 }, { "hex", "hex", 32 },
		{ "digits", "digits", 39 }, { "printable", "printable", 20 },
		{ "hex:64", "hex", 64 }, { "1024", "clear", 1024 },
		{ "printable:20", "printable", 20 },
	};
	struct quo_mint p;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		assert_err(quo_mint_parse(good[i].text, &p), QUO_OK);
		assert_int_equal(p.len, good[i].len);
		assert_string_equal(p.alphabet,
		    quo_mint_alphabet(good[i].name));
	}
}

static void
alphabets_are_what_they_say(void **state)
{
	static const struct {
		const char *name;
		size_t chars;
	} all[] = {
		{ "clear", 56 }, { "alnum", 62 }, { "hex", 16 },
		{ "digits", 10 }, { "printable", 94 },
	};

	(void)state;
	assert_null(quo_mint_alphabet("words"));
	assert_null(strpbrk(quo_mint_alphabet("clear"), "0Oo1lI|'\"`"));
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		const char *a = quo_mint_alphabet(all[i].name);

		assert_int_equal(strlen(a), all[i].chars);
		for (size_t j = 0; a[j] != '\0'; j++) {
			assert_in_range(a[j], '!', '~');
			assert_ptr_equal(strchr(a, a[j]), a + j);
		}
	}
}

static void
narrow_keeps_128_bits_or_refuses(void **state)
{
	struct quo_mint p, before;

	(void)state;
	assert_err(quo_mint_parse("24", &p), QUO_OK);
	before = p;
	/* a BMC: 20 bytes at most, letters and digits */
	assert_err(quo_mint_narrow(&p, quo_mint_alphabet("alnum"), 1, 20),
	    QUO_EINVAL);
	assert_int_equal(p.least, 23);
	assert_int_equal(p.len, before.len);
	assert_string_equal(p.alphabet, before.alphabet);
	assert_err(quo_mint_narrow(&p, "OI01lo", 1, 64), QUO_EINVAL);
	assert_err(quo_mint_narrow(&p, "a", 1, 64), QUO_EINVAL);
	assert_err(quo_mint_narrow(&p, quo_mint_alphabet("printable"),
	    1025, 2000), QUO_EINVAL);

	assert_err(quo_mint_narrow(&p, quo_mint_alphabet("printable"), 1, 200),
	    QUO_OK);
	assert_int_equal(p.len, 24);
	assert_err(quo_mint_narrow(&p, quo_mint_alphabet("alnum"), 30, 40),
	    QUO_OK);
	assert_int_equal(p.len, 30);
	assert_err(quo_mint_narrow(&p, quo_mint_alphabet("hex"), 1, 40),
	    QUO_OK);
	assert_string_equal(p.alphabet, "23456789abcdef");
	assert_int_equal(p.len, 34);
}

/*
 * Pearson's statistic has the mean df and the variance 2 df. 12 deviations
 * are passed once in 10^9 runs at df = 9, and less often above; a modulo
 * without rejection lies 1000 over the mean for 56 characters.
 */
static void
check_chi(const char *what, double chi, double df)
{
	if (chi > df && (chi - df) * (chi - df) > 144 * 2 * df)
		fail_msg("%s: chi-square %.1f for %.0f", what, chi, df);
}

static void
characters_are_uniform(void **state)
{
	static const char *const names[] = { "clear", "alnum", "hex",
	    "digits", "printable" };
	size_t count[256];

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct quo_mint p = { .len = 1000 };
		double chars, want, chi = 0, seen = 0;

		strcpy(p.alphabet, quo_mint_alphabet(names[i]));
		chars = (double)strlen(p.alphabet);
		want = DRAWS / chars;
		memset(count, 0, sizeof count);
		for (size_t n = 0; n < DRAWS; n += p.len) {
			struct quo_secret *s = NULL;

			assert_err(quo_mint_secret(&p, &s), QUO_OK);
			assert_int_equal(s->len, p.len);
			for (size_t j = 0; j < s->len; j++)
				count[s->data[j]]++;
			quo_secret_free(s);
		}
		for (const char *c = p.alphabet; *c != '\0'; c++) {
			double off = (double)count[(uint8_t)*c] - want;

			chi += off * off / want;
			seen += (double)count[(uint8_t)*c];
		}
		/* nothing from outside the alphabet */
		assert_true(seen == DRAWS);
		check_chi(names[i], chi, chars - 1);
	}
}

/* Pairs of hex digits: one says nothing of the next. */
static void
characters_are_independent(void **state)
{
	struct quo_mint p;
	size_t count[256] = { 0 };
	double chi = 0, want = DRAWS / 2 / 256.0;

	(void)state;
	assert_err(quo_mint_parse("hex:1000", &p), QUO_OK);
	for (size_t n = 0; n < DRAWS; n += p.len) {
		struct quo_secret *s = NULL;

		assert_err(quo_mint_secret(&p, &s), QUO_OK);
		for (size_t j = 0; j < s->len; j += 2) {
			size_t hi = (size_t)(strchr(p.alphabet, s->data[j]) -
			    p.alphabet);
			size_t lo = (size_t)(strchr(p.alphabet,
			    s->data[j + 1]) - p.alphabet);

			count[16 * hi + lo]++;
		}
		quo_secret_free(s);
	}
	for (size_t i = 0; i < 256; i++)
		chi += ((double)count[i] - want) * ((double)count[i] - want) /
		    want;
	check_chi("pairs", chi, 255);
}

static void
no_two_alike(void **state)
{
	struct quo_secret *a = NULL, *b = NULL;
	struct quo_mint p;

	(void)state;
	assert_err(quo_mint_parse("", &p), QUO_OK);
	assert_err(quo_mint_secret(&p, &a), QUO_OK);
	assert_err(quo_mint_secret(&p, &b), QUO_OK);
	assert_int_equal(a->len, 24);
	assert_memory_not_equal(a->data, b->data, 24);
	quo_secret_free(a);
	quo_secret_free(b);
}

static int
ready(void **state)
{
	(void)state;
	return quo_crypt_init() == QUO_OK ? 0 : -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_what_is_no_profile),
		cmocka_unit_test(
		    refuses_under_128_bits_and_says_what_is_needed),
		cmocka_unit_test(refuses_to_mint_under_128_bits),
		cmocka_unit_test(least_gives_128_bits_and_one_less_does_not),
		cmocka_unit_test(profiles_have_their_lengths),
		cmocka_unit_test(alphabets_are_what_they_say),
		cmocka_unit_test(narrow_keeps_128_bits_or_refuses),
		cmocka_unit_test(characters_are_uniform),
		cmocka_unit_test(characters_are_independent),
		cmocka_unit_test(no_two_alike),
	};

	return cmocka_run_group_tests(tests, ready, NULL);
}
