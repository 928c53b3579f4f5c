/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "card/gf1024.h"
#include "card/rs1024.h"
#include "card/words.h"

#define ROWS 7
#define DATA (ROWS * QUO_WORDS_DATA)
#define PARITY 8

/* Text is as long as the longest vector: 60 rows in words. */
static char line_of_file[8192];

static unsigned
draw(unsigned below)
{
	return (unsigned)random() % below;
}

static void
draw_bytes(uint8_t *data, size_t len)
{
	while (len-- > 0)
		*data++ = (uint8_t)draw(256);
}

/* Rows of a share of random bytes. */
static void
make_share(uint8_t data[QUO_WORDS_SHARE_LEN], struct quo_words_row row[ROWS])
{
	struct quo_secret *rows = NULL;

	draw_bytes(data, QUO_WORDS_SHARE_LEN);
	assert_err(
	    quo_words_encode(QUO_WORDS_SHARE, data, QUO_WORDS_SHARE_LEN, &rows),
	    QUO_OK);
	assert_int_equal(rows->len, ROWS * sizeof *row);
	memcpy(row, rows->data, rows->len);
	quo_secret_free(rows);
}

static void
mistype(struct quo_words_row *row, size_t place)
{
	row[place / QUO_WORDS_ROW].word[place % QUO_WORDS_ROW] ^=
	    (uint16_t)(1 + draw(1023));
}

static void
lose(struct quo_words_row *row, size_t place)
{
	row[place / QUO_WORDS_ROW].word[place % QUO_WORDS_ROW] = 0;
	row[place / QUO_WORDS_ROW].missing[place % QUO_WORDS_ROW] = true;
}

/* A place among the six of a row, counted without the checks. */
static size_t
data_place(size_t i)
{
	return i / QUO_WORDS_DATA * QUO_WORDS_ROW + i % QUO_WORDS_DATA;
}

static void
draw_data_places(size_t *place, size_t count)
{
	size_t all[DATA], i, j;

	for (i = 0; i < DATA; i++)
		all[i] = data_place(i);
	for (i = 0; i < count; i++) {
		j = i + draw((unsigned)(DATA - i));
		place[i] = all[j];
		all[j] = all[i];
	}
}

/*
 * What decode makes of rows: refused with err, or mended to data with as
 * many fixes. Returns the doubt.
 */
static uint64_t
expect(const struct quo_words_row *row, enum quo_err err, const uint8_t *data,
    size_t fixes)
{
	struct quo_secret *got = NULL, *fixed = NULL;
	uint64_t doubt = UINT64_MAX;

	assert_err(quo_words_decode(row, ROWS, &got, &fixed, &doubt), err);
	if (err != QUO_OK) {
		assert_null(got);
		assert_null(fixed);
	} else {
		assert_int_equal(got->len, QUO_WORDS_SHARE_LEN);
		assert_memory_equal(got->data, data, QUO_WORDS_SHARE_LEN);
		assert_int_equal(
		    fixed == NULL ? 0
				  : fixed->len / sizeof(struct quo_words_fix),
		    fixes);
		assert_true((fixes == 0) == (doubt == 0));
	}
	quo_secret_free(got);
	quo_secret_free(fixed);
	return doubt;
}

static void
lengths_out_of_range_are_refused(void **state)
{
	static const uint8_t data[QUO_WORDS_SET_MAX + 1];
	struct quo_secret *rows = NULL;

	(void)state;
	assert_err(
	    quo_words_encode(QUO_WORDS_SHARE, data, 41, &rows), QUO_EINVAL);
	assert_err(
	    quo_words_encode(QUO_WORDS_SHARE, data, 43, &rows), QUO_EINVAL);
	assert_err(quo_words_encode(QUO_WORDS_SET, data, 0, &rows), QUO_EINVAL);
	assert_err(
	    quo_words_encode(QUO_WORDS_SET, data, 372, &rows), QUO_ETOOBIG);
	assert_err(
	    quo_words_text(QUO_WORDS_SET, data, 372, &rows), QUO_ETOOBIG);
	assert_null(rows);
	assert_int_equal(quo_words_rows(QUO_WORDS_SHARE, 42), 7);
	assert_int_equal(quo_words_rows(QUO_WORDS_SET, 4), 2);
	assert_int_equal(quo_words_rows(QUO_WORDS_SET, 5), 3);
	assert_int_equal(quo_words_rows(QUO_WORDS_SET, 371), 60);
}

static void
rows_that_dont_fit_are_refused(void **state)
{
	struct quo_words_row row[ROWS + 1], good[ROWS];
	struct quo_secret *got = NULL, *fixed = NULL;
	uint8_t data[QUO_WORDS_SHARE_LEN];
	uint64_t doubt;

	(void)state;
	make_share(data, good);
	memcpy(row, good, sizeof good);
	row[3].number = 5;
	expect(row, QUO_EFORMAT, NULL, 0);
	row[3].number = 14;
	expect(row, QUO_EFORMAT, NULL, 0);
	row[3].number = 0;
	expect(row, QUO_EFORMAT, NULL, 0);
	row[3].number = 8;
	expect(row, QUO_EFORMAT, NULL, 0);
	memcpy(row, good, sizeof good);
	row[ROWS] = good[0];
	row[ROWS].number = 8;
	assert_err(
	    quo_words_decode(row, ROWS + 1, &got, &fixed, &doubt), QUO_EFORMAT);
	assert_err(
	    quo_words_decode(row, ROWS - 1, &got, &fixed, &doubt), QUO_EFORMAT);
	assert_err(quo_words_decode(row, 0, &got, &fixed, &doubt), QUO_EFORMAT);
	row[0].number = 11;
	assert_err(quo_words_decode(row, 1, &got, &fixed, &doubt), QUO_EFORMAT);
	assert_null(got);
}

/* Encode words as they are: what another writer may print. */
static void
seal_rows(struct quo_words_row *row, size_t rows)
{
	uint16_t word[QUO_WORDS_ROWS_MAX * QUO_WORDS_DATA];
	size_t i, j;

	for (i = 0; i < rows * QUO_WORDS_DATA; i++)
		word[i] = row[i / QUO_WORDS_DATA].word[i % QUO_WORDS_DATA];
	quo_rs1024_encode(
	    word, rows * QUO_WORDS_DATA, rows > PARITY ? rows : PARITY);
	for (i = 0; i < rows; i++) {
		row[i].word[QUO_WORDS_DATA] = row[i].number;
		for (j = 0; j < QUO_WORDS_DATA; j++) {
			row[i].word[j] = word[i * QUO_WORDS_DATA + j];
			row[i].word[QUO_WORDS_DATA] ^= quo_gf1024_mul(
			    quo_gf1024_exp((unsigned)j + 1), row[i].word[j]);
		}
	}
}

static void
other_formats_are_refused(void **state)
{
	struct quo_words_row row[ROWS];
	uint8_t data[QUO_WORDS_SHARE_LEN];
	uint16_t first;
	unsigned format;

	(void)state;
	make_share(data, row);
	first = row[0].word[0] & 0x3F;
	for (format = 0; format < 16; format++) {
		row[0].word[0] = (uint16_t)(format << 6 | first);
		seal_rows(row, ROWS);
		expect(row, format == 1 ? QUO_OK : QUO_EVERSION, data, 0);
	}
}

/* Every bit behind a set code, within the last byte and beyond it. */
static void
padding_that_isnt_zero_is_refused(void **state)
{
	struct quo_secret *rows = NULL, *got, *fixed;
	struct quo_words_row *row;
	uint8_t data[36];
	size_t len, count, words, bit;
	uint64_t doubt;
	enum quo_err err;

	(void)state;
	for (len = 1; len <= sizeof data; len++) {
		draw_bytes(data, sizeof data);
		assert_err(
		    quo_words_encode(QUO_WORDS_SET, data, len, &rows), QUO_OK);
		row = (struct quo_words_row *)rows->data;
		count = rows->len / sizeof *row;
		words = count * 6 - (count > 8 ? count : 8);
		for (bit = 4 + 8 * len; bit < 10 * words; bit++) {
			row[bit / 60].word[bit / 10 % 6] ^=
			    (uint16_t)(512 >> bit % 10);
			seal_rows(row, count);
			got = fixed = NULL;
			err =
			    quo_words_decode(row, count, &got, &fixed, &doubt);
			if (err == QUO_OK)
				err = quo_words_trim(got, len);
			assert_err(err, QUO_EFORMAT);
			quo_secret_free(got);
			row[bit / 60].word[bit / 10 % 6] ^=
			    (uint16_t)(512 >> bit % 10);
		}
		quo_secret_free(rows);
	}
}

static void
more_rows_than_needed_are_refused(void **state)
{
	struct quo_secret *rows = NULL, *got = NULL, *fixed = NULL;
	uint8_t data[16] = { 1, 2, 3, 4 };
	uint64_t doubt;

	(void)state;
	assert_err(
	    quo_words_encode(QUO_WORDS_SET, data, sizeof data, &rows), QUO_OK);
	assert_err(
	    quo_words_decode((struct quo_words_row *)rows->data,
		rows->len / sizeof(struct quo_words_row), &got, &fixed, &doubt),
	    QUO_OK);
	assert_err(quo_words_trim(got, 4), QUO_EFORMAT);
	assert_err(quo_words_trim(got, 400), QUO_EFORMAT);
	assert_err(quo_words_trim(got, 0), QUO_EFORMAT);
	assert_err(quo_words_trim(got, sizeof data), QUO_OK);
	assert_int_equal(got->len, sizeof data);
	assert_memory_equal(got->data, data, sizeof data);
	quo_secret_free(got);
	quo_secret_free(rows);
}

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
check_tells_a_row_right_wrong_or_open(void **state)
{
	struct quo_words_row row[ROWS], bad;
	uint8_t data[QUO_WORDS_SHARE_LEN];
	size_t i, j, k;

	(void)state;
	srandom(13);
	make_share(data, row);
	for (i = 0; i < ROWS; i++) {
		assert_int_equal(quo_words_check_row(&row[i]), QUO_WORDS_RIGHT);
		for (j = 0; j < QUO_WORDS_ROW; j++) {
			bad = row[i];
			bad.word[j] ^= (uint16_t)(1 + draw(1023));
			assert_int_equal(
			    quo_words_check_row(&bad), QUO_WORDS_WRONG);
			bad.missing[j] = true;
			assert_int_equal(
			    quo_words_check_row(&bad), QUO_WORDS_OPEN);
			for (k = 0; k < j; k++) {
				bad = row[i];
				bad.word[j] = row[i].word[k];
				bad.word[k] = row[i].word[j];
				assert_true(bad.word[j] == bad.word[k] ||
					    quo_words_check_row(&bad) ==
						QUO_WORDS_WRONG);
			}
		}
		bad = row[i];
		bad.number = row[(i + 1) % ROWS].number;
		assert_int_equal(quo_words_check_row(&bad), QUO_WORDS_WRONG);
	}
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

static void
lines_are_parsed_or_the_wrong_word_named(void **state)
{
	static const struct {
		const char *line;
		enum quo_err err;
		unsigned at;
	} cases[] = {
		{ "", QUO_ESYNTAX, 0 },
		{ "7", QUO_ESYNTAX, 0 },
		{ "7 ", QUO_ESYNTAX, 0 },
		{ "acorn ? ? ? ? ? ?", QUO_ESYNTAX, 0 },
		{ "7acorn ? ? ? ? ? ?", QUO_ESYNTAX, 0 },
		{ "0 ? ? ? ? ? ? ?", QUO_ESYNTAX, 0 },
		{ "8 ? ? ? ? ? ? ?", QUO_ESYNTAX, 0 },
		{ "10 ? ? ? ? ? ? ?", QUO_ESYNTAX, 0 },
		{ "71 ? ? ? ? ? ? ?", QUO_ESYNTAX, 0 },
		{ "107 ? ? ? ? ? ? ?", QUO_ESYNTAX, 0 },
		{ "-7 ? ? ? ? ? ? ?", QUO_ESYNTAX, 0 },
		{ "7 ? ? ? ? ? ?", QUO_ESYNTAX, 0 },
		{ "7 ? ? ? ? ? ? ? ?", QUO_ESYNTAX, 8 },
		{ "7 ? ? ? hamer ? ? ?", QUO_EWORD, 4 },
		{ "7 ? ? ? ? ? ? ham", QUO_EWORD, 7 },
	};
	static const char good[] = "  70\tZUCC ? ?\t? ? ? aardvark  \n";
	struct quo_words_row row = { .number = 99 };
	unsigned at;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		at = 99;
		assert_err(quo_words_parse_row(
			       cases[i].line, strlen(cases[i].line), &row, &at),
		    cases[i].err);
		assert_int_equal(at, cases[i].at);
		assert_int_equal(row.number, 99);
	}
	assert_err(quo_words_parse_row(good, strlen(good), &row, &at), QUO_OK);
	assert_int_equal(row.number, 70);
	assert_int_equal(row.word[0], 1023);
	assert_false(row.missing[0]);
	assert_true(row.missing[5]);
	assert_int_equal(row.word[6], 0);
}

static void
lines_have_one_width(void **state)
{
	struct quo_words_row row = { .number = 7,
		.word = { 0, 1023 },
		.missing = { [6] = true } },
			     back;
	char line[QUO_WORDS_LINE + 1];
	unsigned at;

	(void)state;
	quo_words_print(&row, line);
	assert_string_equal(line, " 7 aardvark zucchini aardvark aardvark "
				  "aardvark aardvark  ?       \n");
	assert_int_equal(strlen(line), QUO_WORDS_LINE);
	assert_err(
	    quo_words_parse_row(line, QUO_WORDS_LINE, &back, &at), QUO_OK);
	assert_memory_equal(back.word, row.word, sizeof row.word);
	row.number = 70;
	quo_words_print(&row, line);
	assert_memory_equal(line, "70 aardvark", 11);
}

static void
set_id_is_four_words(void **state)
{
	const uint8_t id[] = { 0x00, 0x00, 0x00, 0x07, 0xFF };
	char text[4 * (QUO_WORD_MAX + 1)], last[QUO_WORD_MAX + 1];
	char want[64];

	(void)state;
	quo_words_id(id, text);
	quo_word_get(1023, last);
	/* 10 zeros, 10 zeros, 9 zeros and a one, ten ones. */
	snprintf(want, sizeof want, "aardvark aardvark abide %s", last);
	assert_string_equal(text, want);
}

/* The rows of a vector, white space as in format.md, against ours. */
static void
hold_vector(
    enum quo_words_kind kind, const uint8_t *data, size_t len, char *rows)
{
	struct quo_words_row row[QUO_WORDS_ROWS_MAX], *ours;
	struct quo_secret *got = NULL, *fixed = NULL;
	size_t count = 0, i;
	uint64_t doubt;
	unsigned at;
	char *next;

	for (; rows != NULL; rows = next, count++) {
		next = strstr(rows, " / ");
		if (next != NULL) {
			*next = '\0';
			next += 3;
		}
		assert_true(count < QUO_WORDS_ROWS_MAX);
		assert_err(
		    quo_words_parse_row(rows, strlen(rows), &row[count], &at),
		    QUO_OK);
	}
	assert_err(quo_words_encode(kind, data, len, &got), QUO_OK);
	assert_int_equal(got->len, count * sizeof *row);
	ours = (struct quo_words_row *)got->data;
	for (i = 0; i < count; i++) {
		assert_int_equal(ours[i].number, row[i].number);
		assert_memory_equal(
		    ours[i].word, row[i].word, sizeof row[i].word);
	}
	quo_secret_free(got);
	got = NULL;
	assert_err(quo_words_decode(row, count, &got, &fixed, &doubt), QUO_OK);
	assert_null(fixed);
	if (kind == QUO_WORDS_SET)
		assert_err(quo_words_trim(got, len), QUO_OK);
	assert_int_equal(got->len, len);
	assert_memory_equal(got->data, data, len);
	quo_secret_free(got);
}

static void
vectors_hold(void **state)
{
	char *name, *hex, *rows, *rest;
	uint8_t data[QUO_WORDS_SET_MAX];
	unsigned byte, count = 0;
	size_t len;
	FILE *file;

	(void)state;
	file = fopen(QUO_VECTORS "/words.txt", "r");
	assert_non_null(file);
	while (fgets(line_of_file, sizeof line_of_file, file) != NULL) {
		if (line_of_file[0] == '#')
			continue;
		name = strtok_r(line_of_file, " ", &rest);
		hex = strtok_r(NULL, " ", &rest);
		rows = strtok_r(NULL, "#", &rest);
		assert_non_null(rows);
		for (len = 0; sscanf(hex + 2 * len, "%2x", &byte) == 1; len++)
			data[len] = (uint8_t)byte;
		hold_vector(strncmp(name, "set", 3) == 0 ? QUO_WORDS_SET
							 : QUO_WORDS_SHARE,
		    data, len, rows);
		count++;
	}
	fclose(file);
	assert_int_equal(count, 23);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lengths_out_of_range_are_refused),
		cmocka_unit_test(rows_that_dont_fit_are_refused),
		cmocka_unit_test(other_formats_are_refused),
		cmocka_unit_test(padding_that_isnt_zero_is_refused),
		cmocka_unit_test(more_rows_than_needed_are_refused),
		cmocka_unit_test(five_wrong_words_never_pass),
		cmocka_unit_test(nothing_is_filled_in_beside_a_wrong_word),
		cmocka_unit_test(nothing_unvouched_for_is_filled_in),
		cmocka_unit_test(wrong_checks_count),
		cmocka_unit_test(no_mix_gives_a_wrong_payload),
		cmocka_unit_test(check_tells_a_row_right_wrong_or_open),
		cmocka_unit_test(swapped_rows_are_named),
		cmocka_unit_test(every_wrong_word_is_found_and_mended),
		cmocka_unit_test(every_pair_of_wrong_words_is_mended),
		cmocka_unit_test(four_wrong_or_eight_missing_are_mended),
		cmocka_unit_test(rows_come_in_any_order),
		cmocka_unit_test(lines_are_parsed_or_the_wrong_word_named),
		cmocka_unit_test(lines_have_one_width),
		cmocka_unit_test(set_id_is_four_words),
		cmocka_unit_test(vectors_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
