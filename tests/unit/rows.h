/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_UNIT_ROWS_H
#define QUO_UNIT_ROWS_H

/* A share of random bytes in rows of words, to be spoilt. */
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "card/words.h"

#define ROWS 7
#define DATA (ROWS * QUO_WORDS_DATA)
#define PARITY 8

static inline unsigned
draw(unsigned below)
{
	return (unsigned)random() % below;
}

static inline void
draw_bytes(uint8_t *data, size_t len)
{
	while (len-- > 0)
		*data++ = (uint8_t)draw(256);
}

/* Rows of a share of random bytes. */
static inline void
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

static inline void
mistype(struct quo_words_row *row, size_t place)
{
	row[place / QUO_WORDS_ROW].word[place % QUO_WORDS_ROW] ^=
	    (uint16_t)(1 + draw(1023));
}

static inline void
lose(struct quo_words_row *row, size_t place)
{
	row[place / QUO_WORDS_ROW].word[place % QUO_WORDS_ROW] = 0;
	row[place / QUO_WORDS_ROW].missing[place % QUO_WORDS_ROW] = true;
}

/* A place among the six of a row, counted without the checks. */
static inline size_t
data_place(size_t i)
{
	return i / QUO_WORDS_DATA * QUO_WORDS_ROW + i % QUO_WORDS_DATA;
}

static inline void
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
static inline uint64_t
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

#endif
