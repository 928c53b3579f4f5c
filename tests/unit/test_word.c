/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "card/word.h"

#define NEAREST 3 /* changes between any two words, at least */

static char words[QUO_WORDS_LIST][QUO_WORD_MAX + 1];

static int
get_words(void **state)
{
	unsigned i;

	(void)state;
	for (i = 0; i < QUO_WORDS_LIST; i++)
		quo_word_get(i, words[i]);
	return 0;
}

/* Damerau-Levenshtein, unrestricted: Lowrance and Wagner, JACM 22(2), 1975. */
static int
distance(const char *a, const char *b)
{
	int m = (int)strlen(a), n = (int)strlen(b), i, j, k, l, same, best;
	int d[QUO_WORD_MAX + 2][QUO_WORD_MAX + 2] = { 0 }, last[128] = { 0 };

	for (i = 0; i <= m; i++)
		d[i + 1][1] = i;
	for (j = 0; j <= n; j++)
		d[1][j + 1] = j;
	for (i = 0; i <= m + 1; i++)
		d[i][0] = m + n;
	for (j = 0; j <= n + 1; j++)
		d[0][j] = m + n;
	for (i = 1; i <= m; i++) {
		for (same = 0, j = 1; j <= n; j++) {
			k = last[(int)b[j - 1]];
			l = same;
			best = d[i][j] + (a[i - 1] != b[j - 1]);
			if (a[i - 1] == b[j - 1])
				same = j;
			if (d[i + 1][j] + 1 < best)
				best = d[i + 1][j] + 1;
			if (d[i][j + 1] + 1 < best)
				best = d[i][j + 1] + 1;
			if (d[k][l] + (i - k - 1) + 1 + (j - l - 1) < best)
				best = d[k][l] + (i - k - 1) + 1 + (j - l - 1);
			d[i + 1][j + 1] = best;
		}
		last[(int)a[i - 1]] = i;
	}
	return d[m + 1][n + 1];
}

static void
unknown_words_are_refused(void **state)
{
	static const char *const texts[] = { "", "?", "ham", "hamer", "hammerx",
		"h mster", "hamster ", "zzzz", "hams7er", "aardvarks",
		"aardvarkaardvarkaardvark", "h\xE4mster" };
	uint16_t index;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_err(quo_word_find(texts[i], strlen(texts[i]), &index),
		    QUO_EWORD);
	assert_err(quo_word_find("hams\0ter", 8, &index), QUO_EWORD);
	assert_err(quo_word_find("hams\0", 5, &index), QUO_EWORD);
}

static void
list_keeps_its_promises(void **state)
{
	size_t i, j, len;

	(void)state;
	assert_int_equal(distance("ca", "abc"), 2);
	assert_int_equal(distance("hammer", "hamemr"), 1);
	assert_int_equal(distance("boat", "coast"), 2);
	for (i = 0; i < QUO_WORDS_LIST; i++) {
		len = strlen(words[i]);
		assert_in_range(len, QUO_WORD_MIN, QUO_WORD_MAX);
		assert_int_equal(
		    strspn(words[i], "abcdefghijklmnopqrstuvwxyz"), len);
		if (i > 0) {
			assert_true(strcmp(words[i - 1], words[i]) < 0);
			assert_true(strncmp(words[i - 1], words[i], 4) != 0);
		}
		for (j = 0; j < i; j++)
			if (distance(words[i], words[j]) < NEAREST)
				fail_msg(
				    "%s, %s: too near", words[j], words[i]);
	}
}

/* Each word, each of its beginnings, in either case. */
static void
words_and_beginnings_are_found(void **state)
{
	char text[QUO_WORD_MAX];
	size_t i, j, len;
	uint16_t index;

	(void)state;
	for (i = 0; i < QUO_WORDS_LIST; i++)
		for (len = 1; len <= strlen(words[i]); len++) {
			for (j = 0; j < len; j++)
				text[j] = j % 2 ? words[i][j]
						: (char)toupper(words[i][j]);
			if (len < QUO_WORD_MIN) {
				assert_err(quo_word_find(text, len, &index),
				    QUO_EWORD);
				continue;
			}
			index = UINT16_MAX;
			assert_err(quo_word_find(text, len, &index), QUO_OK);
			assert_int_equal(index, i);
		}
}

/* So that whoever writes words out never gets another one by one slip. */
static void
no_slip_abbreviates_another_word(void **state)
{
	char head[QUO_WORD_MAX + 1];
	size_t i, j, len;

	(void)state;
	for (i = 0; i < QUO_WORDS_LIST; i++)
		for (len = QUO_WORD_MIN; len < strlen(words[i]); len++) {
			memcpy(head, words[i], len);
			head[len] = '\0';
			for (j = 0; j < QUO_WORDS_LIST; j++)
				if (j != i && distance(words[j], head) < 2)
					fail_msg("%s, %s: too near", words[j],
					    words[i]);
		}
}

/* Any one change of a word, written out, leads back to it. */
static void
one_slip_is_undone(void **state)
{
	char text[QUO_WORD_MAX + 2];
	size_t i, at, len;
	uint16_t index;

	(void)state;
	srandom(7);
	for (i = 0; i < QUO_WORDS_LIST; i++) {
		len = strlen(words[i]);
		at = (size_t)random() % (len - 1);
		memcpy(text, words[i], len);
		text[at] = words[i][at + 1];
		text[at + 1] = words[i][at];
		assert_err(quo_word_suggest(text, len, &index), QUO_OK);
		assert_int_equal(index, i);
		memcpy(text, words[i], len);
		text[at] = (char)('a' + random() % 26);
		assert_err(quo_word_suggest(text, len, &index), QUO_OK);
		assert_int_equal(index, i);
		memcpy(text, words[i], at);
		memcpy(text + at, words[i] + at + 1, len - at - 1);
		assert_err(quo_word_suggest(text, len - 1, &index), QUO_OK);
		assert_int_equal(index, i);
	}
	assert_err(quo_word_suggest("HAMTSER", 7, &index), QUO_OK);
	assert_string_equal(words[index], "hamster");
	assert_err(quo_word_suggest("", 0, &index), QUO_EWORD);
	/* abide and album are equally near. */
	assert_err(quo_word_suggest("albde", 5, &index), QUO_EWORD);
	/* Three changes of hamster are too many. */
	assert_err(quo_word_suggest("hamxxxr", 7, &index), QUO_EWORD);
	assert_err(quo_word_suggest("xqzxqzxq", 8, &index), QUO_EWORD);
	assert_err(quo_word_suggest("hamsterhamster", 14, &index), QUO_EWORD);
}

static void
completions_are_a_stretch_of_the_list(void **state)
{
	size_t count, i, j, len, want;
	uint16_t first;

	(void)state;
	for (i = 0; i < QUO_WORDS_LIST; i++)
		for (len = 0; len <= strlen(words[i]); len++) {
			for (want = 0, j = 0; j < QUO_WORDS_LIST; j++)
				want += strncmp(words[j], words[i], len) == 0;
			quo_word_complete(words[i], len, &first, &count);
			assert_int_equal(count, want);
			assert_in_range(i, first, first + count - 1);
			if (len == QUO_WORD_MIN)
				assert_int_equal(count, 1);
		}
	quo_word_complete("HAMST", 5, &first, &count);
	assert_int_equal(count, 1);
	quo_word_complete("zzz", 3, &first, &count);
	assert_int_equal(count, 0);
	quo_word_complete("ha?", 3, &first, &count);
	assert_int_equal(count, 0);
}

struct parse_case {
	const char *text;
	enum quo_err err;
	unsigned at;
};

static void
texts_are_parsed_or_the_wrong_word_named(void **state)
{
	static const struct parse_case cases[] = {
		{ "", QUO_ESYNTAX, 0 },
		{ "acorn", QUO_ESYNTAX, 0 },
		{ "acorn zebra igloo igloo", QUO_ESYNTAX, 4 },
		{ "acorn zebra igloo x", QUO_ESYNTAX, 4 },
		{ "acron zebra igloo", QUO_EWORD, 1 },
		{ "acorn zebar igloo", QUO_EWORD, 2 },
		{ "acorn zebra igl", QUO_EWORD, 3 },
		{ "acorn hamer", QUO_EWORD, 2 },
		{ "acorn zebra ??", QUO_EWORD, 3 },
		{ "acorn zebra, igloo", QUO_EWORD, 2 },
		{ "acorn\xC2\xA0zebra igloo", QUO_EWORD, 1 },
	};
	uint16_t word[3];
	bool missing[3];
	unsigned at;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		at = 99;
		assert_err(quo_words_parse(cases[i].text, strlen(cases[i].text),
			       3, word, missing, &at),
		    cases[i].err);
		assert_int_equal(at, cases[i].at);
	}
	assert_err(
	    quo_words_parse("\t ACORN\r\n? iglo ", 16, 3, word, missing, &at),
	    QUO_OK);
	assert_string_equal(words[word[0]], "acorn");
	assert_string_equal(words[word[2]], "igloo");
	assert_int_equal(word[1], 0);
	assert_true(!missing[0] && missing[1] && !missing[2]);
	assert_err(quo_words_parse(
		       "a", 1, QUO_WORDS_PARSE_MAX + 1, word, missing, &at),
	    QUO_EINVAL);
}

static void
words_are_joined(void **state)
{
	char text[3 * (QUO_WORD_MAX + 1)], longest[2 * (QUO_WORD_MAX + 1)];
	const uint16_t far[] = { 0, 0 };
	uint16_t word[3];
	bool missing[3];
	unsigned at;
	size_t i;

	(void)state;
	assert_err(
	    quo_words_parse("acorn zebra hamster", 19, 3, word, missing, &at),
	    QUO_OK);
	memset(text, 'x', sizeof text);
	quo_words_join(word, 3, text);
	assert_string_equal(text, "acorn zebra hamster");
	for (i = strlen(text); i < sizeof text; i++)
		assert_int_equal(text[i], '\0');
	quo_words_join(far, 2, longest);
	assert_string_equal(longest, "aardvark aardvark");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unknown_words_are_refused),
		cmocka_unit_test(list_keeps_its_promises),
		cmocka_unit_test(no_slip_abbreviates_another_word),
		cmocka_unit_test(words_and_beginnings_are_found),
		cmocka_unit_test(one_slip_is_undone),
		cmocka_unit_test(completions_are_a_stretch_of_the_list),
		cmocka_unit_test(texts_are_parsed_or_the_wrong_word_named),
		cmocka_unit_test(words_are_joined),
	};

	return cmocka_run_group_tests(tests, get_words, NULL);
}
