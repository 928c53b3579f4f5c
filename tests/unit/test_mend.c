/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mending of words: docs/format.md, section 8. */
#include "rows.h"

/* 2000 texts with 5 wrong words, checks not among them. */
static void
five_wrong_words_never_pass(void **state)
{
	struct quo_words_row row[ROWS];
	uint8_t data[QUO_WORDS_SHARE_LEN];
	uint64_t doubt, want;
	size_t place[5], i;
	int round;

	(void)state;
	srandom(11);
	for (round = 0; round < 2000; round++) {
		make_share(data, row);
		draw_data_places(place, 5);
		for (i = 0; i < 5; i++)
			mistype(row, place[i]);
		doubt = expect(row, QUO_ECHECK, NULL, 0);
		for (want = 0, i = 0; i < ROWS; i++)
			if (quo_words_check_row(&row[i]) == QUO_WORDS_WRONG)
				want |= 1u << i;
		assert_true(doubt == want && want != 0);
	}
}

/*
 * Parity used up by 8 missing words: a wrong one besides is caught by the
 * checks, wherever it is. 2000 texts.
 */
static void
nothing_is_filled_in_beside_a_wrong_word(void **state)
{
	struct quo_words_row row[ROWS];
	uint8_t data[QUO_WORDS_SHARE_LEN];
	size_t place[9], i;
	int round;

	(void)state;
	srandom(12);
	for (round = 0; round < 2000; round++) {
		make_share(data, row);
		draw_data_places(place, 9);
		for (i = 0; i < 8; i++)
			lose(row, place[i]);
		mistype(row, place[8]);
		expect(row, QUO_ECHECK, NULL, 0);
	}
}

/* A row lost, check and all, and two words of another whose check is lost. */
static void
nothing_unvouched_for_is_filled_in(void **state)
{
	struct quo_words_row row[ROWS];
	uint8_t data[QUO_WORDS_SHARE_LEN];
	size_t i;

	(void)state;
	make_share(data, row);
	for (i = 0; i < QUO_WORDS_ROW; i++)
		lose(row, 2 * QUO_WORDS_ROW + i);
	lose(row, 0);
	lose(row, 6);
	expect(row, QUO_OK, data, 9);
	lose(row, 1);
	expect(row, QUO_ECHECK, NULL, 0);
}

/* 2e + f + v: a wrong check is a mistake too, though of no more weight. */
static void
wrong_checks_count(void **state)
{
	struct quo_words_row good[ROWS], row[ROWS];
	uint8_t data[QUO_WORDS_SHARE_LEN];
	size_t i;

	(void)state;
	make_share(data, good);
	memcpy(row, good, sizeof row);
	for (i = 0; i < 4; i++)
		mistype(row, i * QUO_WORDS_ROW);
	expect(row, QUO_OK, data, 4);
	mistype(row, 6 * QUO_WORDS_ROW + 6);
	expect(row, QUO_ECHECK, NULL, 0);

	memcpy(row, good, sizeof row);
	for (i = 0; i < 8; i++)
		lose(row, data_place(4 * i));
	expect(row, QUO_OK, data, 8);
	mistype(row, 6);
	expect(row, QUO_ECHECK, NULL, 0);

	memcpy(row, good, sizeof row);
	for (i = 0; i < 7; i++)
		mistype(row, i * QUO_WORDS_ROW + 6);
	mistype(row, 0);
	expect(row, QUO_ECHECK, NULL, 0);
	row[0] = good[0];
	expect(row, QUO_OK, data, 6);
}

/*
 * Any mix of up to 6 wrong and 9 missing words, checks among them: 3000
 * texts. Refused or mended, and what is mended is right.
 */
static void
no_mix_gives_a_wrong_payload(void **state)
{
	size_t all[ROWS * QUO_WORDS_ROW], wrong, missing, i, j, swap, good = 0;
	struct quo_secret *got, *fixed;
	struct quo_words_row row[ROWS];
	uint8_t data[QUO_WORDS_SHARE_LEN];
	uint64_t doubt;
	int round;

	(void)state;
	srandom(17);
	for (i = 0; i < sizeof all / sizeof *all; i++)
		all[i] = i;
	for (round = 0; round < 3000; round++) {
		make_share(data, row);
		wrong = draw(7);
		missing = draw(10);
		for (i = 0; i < wrong + missing; i++) {
			j = i + draw((unsigned)(ROWS * QUO_WORDS_ROW - i));
			swap = all[i];
			all[i] = all[j];
			all[j] = swap;
			if (i < wrong)
				mistype(row, all[i]);
			else
				lose(row, all[i]);
		}
		got = fixed = NULL;
		if (quo_words_decode(row, ROWS, &got, &fixed, &doubt) != QUO_OK)
			continue;
		assert_memory_equal(got->data, data, sizeof data);
		good++;
		quo_secret_free(got);
		quo_secret_free(fixed);
	}
	assert_in_range(good, 1000, 2000);
}

static void
swapped_rows_are_named(void **state)
{
	struct quo_words_row row[ROWS];
	uint8_t data[QUO_WORDS_SHARE_LEN];

	(void)state;
	make_share(data, row);
	row[1].number = 5;
	row[4].number = 2;
	assert_int_equal(expect(row, QUO_ECHECK, NULL, 0), 1u << 1 | 1u << 4);
}

/* Each of the 49 words: its fix names it and what stands there. */
static void
every_wrong_word_is_found_and_mended(void **state)
{
	struct quo_words_row good[ROWS], row[ROWS];
	struct quo_secret *got, *fixed;
	const struct quo_words_fix *fix;
	uint8_t data[QUO_WORDS_SHARE_LEN];
	size_t place, r, w;
	uint64_t doubt;

	(void)state;
	srandom(14);
	make_share(data, good);
	for (place = 0; place < 2 * ROWS * QUO_WORDS_ROW; place++) {
		r = place / 2 / QUO_WORDS_ROW;
		w = place / 2 % QUO_WORDS_ROW;
		memcpy(row, good, sizeof good);
		if (place % 2)
			lose(row, place / 2);
		else
			mistype(row, place / 2);
		got = fixed = NULL;
		assert_err(
		    quo_words_decode(row, ROWS, &got, &fixed, &doubt), QUO_OK);
		assert_memory_equal(got->data, data, sizeof data);
		assert_int_equal(fixed->len, sizeof *fix);
		fix = (const struct quo_words_fix *)fixed->data;
		assert_int_equal(fix->row, r + 1);
		assert_int_equal(fix->place, w + 1);
		assert_int_equal(fix->missing, place % 2);
		assert_int_equal(fix->typed, row[r].word[w]);
		assert_int_equal(fix->word, good[r].word[w]);
		assert_int_equal(doubt, 1u << r);
		quo_secret_free(got);
		quo_secret_free(fixed);
	}
}

/* All pairs of the 49 words, checks too. */
static void
every_pair_of_wrong_words_is_mended(void **state)
{
	struct quo_words_row good[ROWS], row[ROWS];
	uint8_t data[QUO_WORDS_SHARE_LEN];
	size_t a, b;

	(void)state;
	srandom(15);
	make_share(data, good);
	for (a = 0; a < ROWS * QUO_WORDS_ROW; a++)
		for (b = 0; b < a; b++) {
			memcpy(row, good, sizeof good);
			mistype(row, a);
			mistype(row, b);
			expect(row, QUO_OK, data, 2);
		}
}

/* To the limit: 2e + f = 8, the checks all there. */
static void
four_wrong_or_eight_missing_are_mended(void **state)
{
	struct quo_words_row row[ROWS];
	uint8_t data[QUO_WORDS_SHARE_LEN];
	size_t place[8], e, i;
	int round;

	(void)state;
	srandom(16);
	for (round = 0; round < 500; round++) {
		e = draw(5);
		make_share(data, row);
		draw_data_places(place, 8 - e);
		for (i = 0; i < e; i++)
			mistype(row, place[i]);
		for (; i < 8 - e; i++)
			lose(row, place[i]);
		expect(row, QUO_OK, data, 8 - e);
	}
}

static void
rows_come_in_any_order(void **state)
{
	struct quo_words_row row[ROWS], keep;
	uint8_t data[QUO_WORDS_SHARE_LEN];

	(void)state;
	make_share(data, row);
	keep = row[0];
	row[0] = row[6];
	row[6] = row[3];
	row[3] = keep;
	assert_int_equal(expect(row, QUO_OK, data, 0), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(five_wrong_words_never_pass),
		cmocka_unit_test(nothing_is_filled_in_beside_a_wrong_word),
		cmocka_unit_test(nothing_unvouched_for_is_filled_in),
		cmocka_unit_test(wrong_checks_count),
		cmocka_unit_test(no_mix_gives_a_wrong_payload),
		cmocka_unit_test(swapped_rows_are_named),
		cmocka_unit_test(every_wrong_word_is_found_and_mended),
		cmocka_unit_test(every_pair_of_wrong_words_is_mended),
		cmocka_unit_test(four_wrong_or_eight_missing_are_mended),
		cmocka_unit_test(rows_come_in_any_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
