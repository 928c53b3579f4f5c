/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/ct.h"
#include "card/gf1024.h"
#include "card/rs1024.h"
#include "card/words.h"

#define FORMAT 1 /* the four bits in front */
#define FORMAT_BITS 4
#define WORD_BITS 10
#define PARITY_MIN 8
#define WORDS_MAX (QUO_WORDS_ROWS_MAX * QUO_WORDS_DATA)

static const struct {
	unsigned first;
	size_t rows_min, rows_max;
} kinds[] = {
	[QUO_WORDS_SHARE] = { 1, 7, 7 },
	[QUO_WORDS_SET] = { 11, 2, QUO_WORDS_ROWS_MAX },
};

/* All rows of one kind, being taken apart; it lives in a quo_secret. */
struct text {
	const struct quo_words_row *row[QUO_WORDS_ROWS_MAX];
	size_t rows;
	enum quo_words_kind kind;
	uint16_t word[WORDS_MAX]; /* without the checks; to be mended */
	bool missing[WORDS_MAX];
	struct quo_words_fix fix[QUO_WORDS_ROWS_MAX * QUO_WORDS_ROW];
	size_t fixes;
};

static size_t
parity(size_t rows)
{
	return rows > PARITY_MIN ? rows : PARITY_MIN;
}

/* How many words of that many rows are data. */
static size_t
data_words(size_t rows)
{
	return rows * QUO_WORDS_DATA - parity(rows);
}

/* How many whole bytes they hold. */
static size_t
capacity(size_t rows)
{
	return (data_words(rows) * WORD_BITS - FORMAT_BITS) / 8;
}

size_t
quo_words_rows(enum quo_words_kind kind, size_t len)
{
	size_t rows;

	if (len == 0 || len > QUO_WORDS_SET_MAX ||
	    (kind == QUO_WORDS_SHARE && len != QUO_WORDS_SHARE_LEN))
		return 0;
	for (rows = kinds[kind].rows_min; rows <= kinds[kind].rows_max; rows++)
		if (len <= capacity(rows))
			return rows;
	return 0;
}

unsigned
quo_words_first(enum quo_words_kind kind)
{
	return kinds[kind].first;
}

enum quo_err
quo_words_kind_of(unsigned number, enum quo_words_kind *kind)
{
	size_t i;

	for (i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (number >= kinds[i].first &&
		    number - kinds[i].first < kinds[i].rows_max) {
			*kind = (enum quo_words_kind)i;
			return QUO_OK;
		}
	return QUO_EFORMAT;
}

/* The check word of a row. */
static uint16_t
row_check(unsigned number, const uint16_t word[QUO_WORDS_DATA])
{
	uint16_t sum = (uint16_t)number;
	unsigned i;

	for (i = 0; i < QUO_WORDS_DATA; i++)
		sum ^= quo_gf1024_mul(quo_gf1024_exp(i + 1), word[i]);
	return sum;
}

/* Bit i of format ‖ data ‖ zeros, most significant first. */
static unsigned
data_bit(const uint8_t *data, size_t len, size_t i)
{
	if (i < FORMAT_BITS)
		return FORMAT >> (FORMAT_BITS - 1 - i) & 1;
	i -= FORMAT_BITS;
	return i / 8 < len ? data[i / 8] >> (7 - i % 8) & 1 : 0;
}

enum quo_err
quo_words_encode(enum quo_words_kind kind, const uint8_t *data, size_t len,
    struct quo_secret **rows)
{
	size_t count = quo_words_rows(kind, len), i;
	uint16_t word[WORDS_MAX] = { 0 };
	struct quo_secret *out = NULL;
	struct quo_words_row *row;
	enum quo_err err;

	if (count == 0)
		return kind == QUO_WORDS_SET && len > 0 ? QUO_ETOOBIG
							: QUO_EINVAL;
	err = quo_secret_new(count * sizeof *row, &out);
	if (err != QUO_OK)
		return err;
	for (i = 0; i < data_words(count) * WORD_BITS; i++)
		word[i / WORD_BITS] = (uint16_t)(word[i / WORD_BITS] << 1 |
						 data_bit(data, len, i));
	quo_rs1024_encode(word, count * QUO_WORDS_DATA, parity(count));
	row = (struct quo_words_row *)out->data;
	for (i = 0; i < count; i++) {
		row[i].number = (uint16_t)(kinds[kind].first + i);
		memcpy(row[i].word, word + i * QUO_WORDS_DATA,
		    QUO_WORDS_DATA * sizeof *word);
		row[i].word[QUO_WORDS_DATA] =
		    row_check(row[i].number, row[i].word);
	}
	quo_wipe(word, sizeof word);
	*rows = out;
	return QUO_OK;
}

void
quo_words_print(const struct quo_words_row *row, char line[QUO_WORDS_LINE + 1])
{
	char word[QUO_WORD_MAX + 1], *p = line;
	size_t i, j;

	memset(line, ' ', QUO_WORDS_LINE);
	line[0] = row->number < 10 ? ' ' : (char)('0' + row->number / 10);
	line[1] = (char)('0' + row->number % 10);
	for (i = 0, p += 3; i < QUO_WORDS_ROW; i++) {
		quo_word_get(row->word[i], word);
		if (row->missing[i])
			memcpy(word, "?\0\0\0\0\0\0", sizeof word - 1);
		/* A NUL gives a space: 0x20 where nothing is. */
		for (j = 0; j < QUO_WORD_MAX; j++)
			p[j] =
			    (char)((uint8_t)word[j] |
				   (~quo_ct_nonzero((uint8_t)word[j]) & ' '));
		p += QUO_WORD_MAX + (i + 2 == QUO_WORDS_ROW ? 2 : 1);
	}
	p[-1] = '\n';
	p[0] = '\0';
	quo_wipe(word, sizeof word);
}

enum quo_err
quo_words_text(enum quo_words_kind kind, const uint8_t *data, size_t len,
    struct quo_secret **text)
{
	struct quo_secret *rows = NULL, *out = NULL;
	const struct quo_words_row *row;
	char line[QUO_WORDS_LINE + 1];
	enum quo_err err;
	size_t count, i;

	err = quo_words_encode(kind, data, len, &rows);
	if (err != QUO_OK)
		return err;
	row = (const struct quo_words_row *)rows->data;
	count = rows->len / sizeof *row;
	err = quo_secret_new(count * QUO_WORDS_LINE, &out);
	if (err != QUO_OK)
		goto out;
	for (i = 0; i < count; i++) {
		quo_words_print(&row[i], line);
		memcpy(out->data + i * QUO_WORDS_LINE, line, QUO_WORDS_LINE);
	}
	*text = out;
out:
	quo_wipe(line, sizeof line);
	quo_secret_free(rows);
	return err;
}

enum quo_err
quo_words_parse_row(
    const char *line, size_t len, struct quo_words_row *row, unsigned *at)
{
	struct quo_words_row read = { 0 };
	enum quo_words_kind kind;
	enum quo_err err;
	size_t i = 0, start;

	*at = 0;
	while (i < len && strchr(" \t", line[i]) != NULL && line[i] != '\0')
		i++;
	for (start = i;
	     i < len && i - start < 2 && line[i] >= '0' && line[i] <= '9'; i++)
		read.number = (uint16_t)(read.number * 10 + line[i] - '0');
	if (i == start || i == len || (line[i] != ' ' && line[i] != '\t') ||
	    quo_words_kind_of(read.number, &kind) != QUO_OK)
		return QUO_ESYNTAX;
	err = quo_words_parse(
	    line + i, len - i, QUO_WORDS_ROW, read.word, read.missing, at);
	if (err == QUO_OK)
		*row = read;
	quo_wipe(&read, sizeof read);
	return err;
}

enum quo_words_check
quo_words_check_row(const struct quo_words_row *row)
{
	uint16_t gap;
	size_t i;

	for (i = 0; i < QUO_WORDS_ROW; i++)
		if (row->missing[i])
			return QUO_WORDS_OPEN;
	gap = row_check(row->number, row->word) ^ row->word[QUO_WORDS_DATA];
	QUO_PUBLIC(gap);
	return gap == 0 ? QUO_WORDS_RIGHT : QUO_WORDS_WRONG;
}

void
quo_words_id(const uint8_t id[5], char text[4 * (QUO_WORD_MAX + 1)])
{
	uint64_t bits = 0;
	uint16_t word[4];
	size_t i;

	for (i = 0; i < 5; i++)
		bits = bits << 8 | id[i];
	for (i = 0; i < 4; i++)
		word[i] = bits >> (30 - 10 * i) & (QUO_WORDS_LIST - 1);
	quo_words_join(word, 4, text);
}

/* Put the rows in order: one kind, each number once, none left out. */
static enum quo_err
arrange(struct text *t, const struct quo_words_row *rows, size_t count)
{
	size_t i, at;

	if (count == 0 ||
	    quo_words_kind_of(rows[0].number, &t->kind) != QUO_OK ||
	    count < kinds[t->kind].rows_min || count > kinds[t->kind].rows_max)
		return QUO_EFORMAT;
	t->rows = count;
	for (i = 0; i < count; i++) {
		if (rows[i].number < kinds[t->kind].first)
			return QUO_EFORMAT;
		at = rows[i].number - kinds[t->kind].first;
		if (at >= count || t->row[at] != NULL)
			return QUO_EFORMAT;
		t->row[at] = &rows[i];
	}
	for (i = 0; i < count; i++) {
		at = i * QUO_WORDS_DATA;
		memcpy(t->word + at, t->row[i]->word,
		    QUO_WORDS_DATA * sizeof *t->word);
		memcpy(t->missing + at, t->row[i]->missing, QUO_WORDS_DATA);
	}
	return QUO_OK;
}

/* Note a word of a row that isn't as it was typed. Returns whether so. */
static bool
compare(struct text *t, size_t row, size_t place, uint16_t word)
{
	const struct quo_words_row *typed = t->row[row];
	struct quo_words_fix *fix = &t->fix[t->fixes];
	uint16_t gap = typed->word[place] ^ word;

	/* By how much a word is wrong tells nothing of the word. */
	if (!typed->missing[place]) {
		QUO_PUBLIC(gap);
		if (gap == 0)
			return false;
	}
	fix->row = typed->number;
	fix->place = (uint16_t)(place + 1);
	fix->missing = typed->missing[place];
	fix->typed = typed->word[place];
	fix->word = word;
	t->fixes++;
	return true;
}

/* How far the mended text is backed: section 8 of docs/format.md. */
struct support {
	size_t wrong, missing; /* words but checks */
	size_t wrong_checks;
	size_t checked_gaps; /* rows with a word filled in, proven */
	bool unchecked;	     /* typed words in a row without check */
};

static void
weigh_row(struct text *t, size_t row, struct support *s)
{
	const struct quo_words_row *typed = t->row[row];
	bool no_check = typed->missing[QUO_WORDS_DATA], gap = false;
	uint16_t *word = t->word + row * QUO_WORDS_DATA;
	size_t i;

	for (i = 0; i < QUO_WORDS_DATA; i++) {
		if (typed->missing[i]) {
			s->missing++;
			gap = true;
		} else if (no_check) {
			s->unchecked = true;
		}
		if (compare(t, row, i, word[i]) && !typed->missing[i])
			s->wrong++;
	}
	if (compare(t, row, i, row_check(typed->number, word)) && !no_check)
		s->wrong_checks++;
	else if (gap && !no_check)
		s->checked_gaps++;
}

/*
 * Any other text that fits differs from the mended one in p + 1 words at
 * least. A wrong check counts as one more mistake; and where parity is used
 * up, something must vouch for words that no check covers.
 */
static enum quo_err
weigh(struct text *t)
{
	struct support s = { 0 };
	size_t used, p = parity(t->rows), i;

	for (i = 0; i < t->rows; i++)
		weigh_row(t, i, &s);
	used = 2 * s.wrong + s.missing;
	if (used + s.wrong_checks > p)
		return QUO_ECHECK;
	if (used == p && s.checked_gaps == 0 && s.unchecked)
		return QUO_ECHECK;
	return QUO_OK;
}

/* Rows with a correction, or, of a text that can't be mended, wrong ones. */
static uint64_t
doubtful(const struct text *t, enum quo_err err)
{
	uint64_t rows = 0;
	size_t i;

	for (i = 0; i < t->rows && err == QUO_ECHECK; i++)
		if (quo_words_check_row(t->row[i]) == QUO_WORDS_WRONG)
			rows |= UINT64_C(1) << i;
	for (i = 0; i < t->fixes && err == QUO_OK; i++)
		rows |= UINT64_C(1) << (t->fix[i].row - kinds[t->kind].first);
	return rows;
}

/* Words to bytes; the format's bits and those behind the last byte. */
static enum quo_err
unpack(const struct text *t, struct quo_secret **data)
{
	size_t words = data_words(t->rows), i, at;
	unsigned format = 0, rest = 0, bit;
	struct quo_secret *out = NULL;
	enum quo_err err;

	err = quo_secret_new(capacity(t->rows), &out);
	if (err != QUO_OK)
		return err;
	for (i = 0; i < words * WORD_BITS; i++) {
		bit =
		    t->word[i / WORD_BITS] >> (WORD_BITS - 1 - i % WORD_BITS) &
		    1;
		at = (i - FORMAT_BITS) / 8;
		if (i < FORMAT_BITS)
			format = format << 1 | bit;
		else if (at < out->len)
			out->data[at] = (uint8_t)(out->data[at] << 1 | bit);
		else
			rest |= bit;
	}
	QUO_PUBLIC(format);
	QUO_PUBLIC(rest);
	err = format != FORMAT ? QUO_EVERSION
	      : rest != 0      ? QUO_EFORMAT
			       : QUO_OK;
	if (err == QUO_OK)
		*data = out;
	else
		quo_secret_free(out);
	return err;
}

enum quo_err
quo_words_decode(const struct quo_words_row *rows, size_t count,
    struct quo_secret **data, struct quo_secret **fixes, uint64_t *doubt)
{
	struct quo_secret *scratch = NULL, *fixed = NULL;
	struct text *t;
	enum quo_err err;
	size_t wrong;

	*doubt = 0;
	err = quo_secret_new(sizeof *t, &scratch);
	if (err != QUO_OK)
		return err;
	t = (struct text *)scratch->data;
	err = arrange(t, rows, count);
	if (err != QUO_OK)
		goto out;
	err = quo_rs1024_mend(
	    t->word, t->missing, count * QUO_WORDS_DATA, parity(count), &wrong);
	if (err == QUO_OK)
		err = weigh(t);
	*doubt = doubtful(t, err);
	if (err != QUO_OK)
		goto out;
	if (t->fixes > 0)
		err = quo_secret_copy(
		    (const uint8_t *)t->fix, t->fixes * sizeof *t->fix, &fixed);
	if (err == QUO_OK)
		err = unpack(t, data);
	if (err != QUO_OK)
		goto out;
	*fixes = fixed;
	fixed = NULL;
out:
	quo_secret_free(fixed);
	quo_secret_free(scratch);
	return err;
}

enum quo_err
quo_words_trim(struct quo_secret *data, size_t len)
{
	size_t rows = quo_words_rows(QUO_WORDS_SET, len), i;
	unsigned rest = 0;

	if (rows == 0 || len > data->len || data->len != capacity(rows))
		return QUO_EFORMAT;
	for (i = len; i < data->len; i++)
		rest |= data->data[i];
	QUO_PUBLIC(rest);
	if (rest != 0)
		return QUO_EFORMAT;
	quo_secret_truncate(data, len);
	return QUO_OK;
}
