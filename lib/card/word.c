/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/ct.h"
#include "base/secret.h"
#include "card/word.h"

/* Each word's letters as one big-endian integer, zeros behind. */
static const uint64_t list[QUO_WORDS_LIST] = {
#include "wordlist.inc"
};

/* The longest text that a suggestion is sought for. */
#define TYPO_MAX (QUO_WORD_MAX + 4)

/* A typed word, as it grows. */
struct token {
	uint64_t letters; /* as in the list */
	uint64_t used;	  /* all ones where a letter stands */
	uint32_t len;
	uint32_t bad; /* mask: too long, or no letters only */
};

static const uint64_t question = (uint64_t)'?' << 56;

static uint32_t
between(uint32_t c, uint32_t low, uint32_t high)
{
	return ~quo_ct_lt(c, low) & ~quo_ct_lt(high, c);
}

static uint32_t
lower(char c)
{
	uint32_t u = (uint8_t)c;

	return u | (between(u, 'A', 'Z') & 0x20);
}

static uint32_t
is_space(char c)
{
	uint32_t u = (uint8_t)c;

	return quo_ct_eq(u, ' ') | between(u, '\t', '\r');
}

/* Append a character to a token where mask says so. */
static void
append(struct token *t, uint32_t mask, char c)
{
	uint32_t letter = lower(c), here, i;

	for (i = 0; i < QUO_WORD_MAX; i++) {
		here = mask & quo_ct_eq(t->len, i);
		t->letters |= (uint64_t)(letter & here) << (56 - 8 * i);
		t->used |= (uint64_t)(0xFF & here) << (56 - 8 * i);
	}
	t->bad |= mask & ~between(letter, 'a', 'z');
	t->bad |= mask & quo_ct_eq(t->len, QUO_WORD_MAX);
	t->len += mask & 1;
	/* Stay at one beyond: a long text must not come round to 0. */
	t->len = quo_ct_select(
	    quo_ct_lt(QUO_WORD_MAX, t->len), QUO_WORD_MAX + 1, t->len);
}

static struct token
tokenise(const char *text, size_t len)
{
	struct token t = { 0 };
	size_t i;

	for (i = 0; i < len; i++)
		append(&t, UINT32_MAX, text[i]);
	return t;
}

/* The word that a token is the beginning of; returns a mask: found. */
static uint32_t
look_up(const struct token *t, uint16_t *index)
{
	uint32_t found = 0, number = 0, same, i;

	for (i = 0; i < QUO_WORDS_LIST; i++) {
		same = (uint32_t)quo_ct_eq64(list[i] & t->used, t->letters);
		number |= i & same;
		found |= same;
	}
	found &= ~t->bad & ~quo_ct_lt(t->len, QUO_WORD_MIN);
	*index = (uint16_t)(number & found);
	return found;
}

void
quo_word_get(unsigned index, char word[QUO_WORD_MAX + 1])
{
	uint64_t letters = 0;
	uint32_t i;

	for (i = 0; i < QUO_WORDS_LIST; i++)
		letters |= list[i] & quo_ct_eq64(i, index);
	for (i = 0; i < QUO_WORD_MAX; i++)
		word[i] = (char)(letters >> (56 - 8 * i) & 0xFF);
	word[QUO_WORD_MAX] = '\0';
	quo_wipe(&letters, sizeof letters);
}

enum quo_err
quo_word_find(const char *text, size_t len, uint16_t *index)
{
	struct token t = tokenise(text, len);
	uint16_t number;
	uint32_t found = look_up(&t, &number);

	quo_wipe(&t, sizeof t);
	QUO_PUBLIC(found);
	if (found == 0)
		return QUO_EWORD;
	*index = number;
	return QUO_OK;
}

static uint32_t
least(uint32_t a, uint32_t b)
{
	return quo_ct_select(quo_ct_lt(a, b), a, b);
}

/*
 * Twice the distance to a word of the list, or to a beginning of it and one
 * more: an equally near whole word wins. By rows of the usual table, with
 * swapped neighbours as one change (optimal string alignment).
 */
static uint32_t
typo_cost(const uint8_t *typed, size_t len, uint64_t word)
{
	uint32_t d[TYPO_MAX + 1][QUO_WORD_MAX + 1], cost, same, swapped;
	uint8_t w[QUO_WORD_MAX];
	size_t letters = 0, i, j;

	for (; letters < QUO_WORD_MAX; letters++) {
		w[letters] = word >> (56 - 8 * letters) & 0xFF;
		if (w[letters] == 0)
			break;
	}
	for (i = 0; i <= len; i++)
		for (j = 0; j <= letters; j++) {
			d[i][j] = (uint32_t)(i + j);
			if (i == 0 || j == 0)
				continue;
			same = quo_ct_eq(typed[i - 1], w[j - 1]);
			cost = least(d[i - 1][j], d[i][j - 1]) + 1;
			cost = least(cost, d[i - 1][j - 1] + (~same & 1));
			d[i][j] = cost;
			if (i == 1 || j == 1)
				continue;
			swapped = quo_ct_eq(typed[i - 1], w[j - 2]) &
				  quo_ct_eq(typed[i - 2], w[j - 1]);
			d[i][j] = least(
			    cost, d[i - 2][j - 2] + 1 + (~swapped & TYPO_MAX));
		}
	cost = 2 * d[len][letters];
	for (j = QUO_WORD_MIN; j < letters; j++)
		cost = least(cost, 2 * d[len][j] + 1);
	return cost;
}

enum quo_err
quo_word_suggest(const char *text, size_t len, uint16_t *index)
{
	uint32_t best = UINT16_MAX, number = 0, tie = 0, cost, i;
	uint8_t typed[TYPO_MAX];
	enum quo_err err = QUO_EWORD;
	size_t k;

	if (len > sizeof typed)
		return QUO_EWORD;
	for (k = 0; k < len; k++)
		typed[k] = (uint8_t)lower(text[k]);
	for (i = 0; i < QUO_WORDS_LIST; i++) {
		cost = typo_cost(typed, len, list[i]);
		tie = quo_ct_select(
		    quo_ct_lt(cost, best), 0, tie | quo_ct_eq(cost, best));
		number = quo_ct_select(quo_ct_lt(cost, best), i, number);
		best = least(best, cost);
	}
	/* Two changes, or one and a word not written out. */
	tie |= ~quo_ct_lt(best, 2 * 2 + 1);
	QUO_PUBLIC(tie);
	if (tie == 0) {
		*index = (uint16_t)number;
		err = QUO_OK;
	}
	quo_wipe(typed, sizeof typed);
	return err;
}

void
quo_word_complete(const char *text, size_t len, uint16_t *first, size_t *count)
{
	struct token t = tokenise(text, len);
	uint32_t number = 0, found = 0, same, i;

	for (i = 0; i < QUO_WORDS_LIST; i++) {
		same = (uint32_t)quo_ct_eq64(list[i] & t.used, t.letters);
		same &= ~t.bad;
		number |= i & same & quo_ct_eq(found, 0);
		found += same & 1;
	}
	*first = (uint16_t)number;
	*count = found;
	quo_wipe(&t, sizeof t);
}

/* Cut text at white space; returns how many tokens, also those above max. */
static uint32_t
cut(const char *text, size_t len, struct token *t, size_t max)
{
	uint32_t gap = UINT32_MAX, space, seen = 0;
	size_t i, k;

	for (i = 0; i < len; i++) {
		space = is_space(text[i]);
		seen += gap & ~space & 1;
		gap = space;
		for (k = 0; k < max; k++)
			append(&t[k], ~space & quo_ct_eq(seen, (uint32_t)k + 1),
			    text[i]);
	}
	QUO_PUBLIC(seen);
	return seen;
}

enum quo_err
quo_words_parse(const char *text, size_t len, size_t count, uint16_t *word,
    bool *missing, unsigned *at)
{
	struct token t[QUO_WORDS_PARSE_MAX] = { { 0 } };
	enum quo_err err = QUO_EWORD;
	uint32_t seen, found, blank;
	size_t i;

	if (count > QUO_WORDS_PARSE_MAX)
		return QUO_EINVAL;
	seen = cut(text, len, t, count);
	for (i = 0; i < count && i < seen; i++) {
		found = look_up(&t[i], &word[i]);
		blank = (uint32_t)quo_ct_eq64(t[i].letters, question);
		QUO_PUBLIC(found);
		QUO_PUBLIC(blank);
		missing[i] = blank != 0;
		*at = (unsigned)i + 1;
		if (found == 0 && blank == 0)
			goto out;
	}
	*at = seen < count ? 0 : (unsigned)count + 1;
	err = seen == count ? QUO_OK : QUO_ESYNTAX;
out:
	quo_wipe(t, sizeof t);
	return err;
}

void
quo_words_join(const uint16_t *word, size_t count, char *text)
{
	size_t size = count * (QUO_WORD_MAX + 1), i, j, k;
	char letters[QUO_WORD_MAX + 1];
	uint32_t pos = 0, c;

	memset(text, '\0', size);
	for (i = 0; i < count; i++) {
		quo_word_get(word[i], letters);
		letters[QUO_WORD_MAX] = i + 1 < count ? ' ' : '\0';
		for (j = 0; j <= QUO_WORD_MAX; j++) {
			c = (uint8_t)letters[j];
			for (k = 0; k < size; k++)
				text[k] |=
				    (char)(c & quo_ct_eq(pos, (uint32_t)k));
			pos += quo_ct_nonzero(c) & 1;
		}
	}
	quo_wipe(letters, sizeof letters);
}
