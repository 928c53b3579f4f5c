/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "rows.h"

#include "card/gf1024.h"
#include "card/rs1024.h"

/* Text is as long as the longest vector: 60 rows in words. */
static char line_of_file[8192];

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
		cmocka_unit_test(check_tells_a_row_right_wrong_or_open),
		cmocka_unit_test(lines_are_parsed_or_the_wrong_word_named),
		cmocka_unit_test(lines_have_one_width),
		cmocka_unit_test(set_id_is_four_words),
		cmocka_unit_test(vectors_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
