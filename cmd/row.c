/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "cmd/row.h"
#include "cmd/term.h"

#define PART_MAX 15		/* letters of a word being typed */
#define LINE_CAP 256
/* The least window for keys. */
#define ROW_COLUMNS 78
#define ROW_LINES 8
#define KEY_WIPE_ROW 21		/* Ctrl-U */
#define KEY_WIPE_WORD 23	/* Ctrl-W */
#define KEY_ESCAPE 27
#define CLEAR "\033[H\033[J\033[?25h\n"
#define DIM "\033[2m"
#define RED "\033[31m"
#define PLAIN "\033[0m"

/* A row while it is typed. */
struct edit {
	struct quo_words_row *row;
	size_t count;			/* words that stand */
	char part[PART_MAX + 1];	/* the one being typed */
	size_t len;
	bool hinted;			/* Tab takes this one: */
	uint16_t hint;
};

void
quo_row_say(const char *format, ...)
{
	char line[256];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	quo_term_write("  ", 2);
	quo_term_text(line);
	quo_term_write("\n", 1);
	quo_wipe(line, sizeof line);
}

static void
say_unknown(size_t place, const char *text, size_t len, bool keys,
    uint16_t *near, bool *found)
{
	char word[QUO_WORD_MAX + 1];

	*found = quo_word_suggest(text, len, near) == QUO_OK;
	if (!*found) {
		quo_row_say("word %zu \"%.*s\" is not in the list", place,
		    (int)len, text);
		return;
	}
	quo_word_get(*near, word);
	quo_row_say("word %zu \"%.*s\" is not in the list; did you mean "
	    "\"%s\"?%s", place, (int)len, text, word,
	    keys ? " (Tab takes it)" : "");
	quo_wipe(word, sizeof word);
}

static void
write_word(const char *text, size_t len, size_t width, const char *tint)
{
	static const char blanks[] = "         ";
	bool paint = tint != NULL && quo_term_coloured();

	if (paint)
		quo_term_write(tint, strlen(tint));
	quo_term_write(text, len);
	if (paint)
		quo_term_write(PLAIN, sizeof PLAIN - 1);
	if (len < width)
		quo_term_write(blanks, width - len);
}

/* The letters typed, and dim behind them what they stand for. */
static void
draw_part(const struct edit *e)
{
	char word[QUO_WORD_MAX + 1] = "";
	uint16_t index = 0;
	size_t count = 0;

	quo_word_complete(e->part, e->len, &index, &count);
	write_word(e->part, e->len, 0, count == 0 ? RED : NULL);
	if (e->len >= QUO_WORD_MIN && count == 1) {
		quo_word_get(index, word);
		write_word(word + e->len, strlen(word + e->len), 0, DIM);
		/* The cursor stays behind what was typed. */
		for (count = strlen(word); count > e->len; count--)
			quo_term_write("\b", 1);
	}
	quo_wipe(word, sizeof word);
}

static void
draw(const struct edit *e)
{
	char text[32];
	size_t i;
	int n;

	n = snprintf(text, sizeof text, e->row->number == QUO_ROW_PHRASE ?
	    "\r\033[K  phrase   " : "\r\033[K  row %2u   ",
	    (unsigned)e->row->number);
	quo_term_write(text, (size_t)n);
	for (i = 0; i < e->count; i++) {
		if (e->row->missing[i])
			strcpy(text, "?");
		else
			quo_word_get(e->row->word[i], text);
		write_word(text, strlen(text), QUO_WORD_MAX + 1, NULL);
	}
	if (e->len > 0)
		draw_part(e);
	quo_wipe(text, sizeof text);
}

static void
put_word(struct edit *e, uint16_t word, bool missing)
{
	e->row->word[e->count] = word;
	e->row->missing[e->count++] = missing;
	quo_wipe(e->part, sizeof e->part);
	e->len = 0;
	e->hinted = false;
}

/* The word being typed is done; a wrong one is named and taken away. */
static void
end_word(struct edit *e)
{
	uint16_t index = 0;

	if (e->len == 0)
		return;
	if (quo_word_find(e->part, e->len, &index) == QUO_OK) {
		put_word(e, index, false);
		return;
	}
	draw(e);
	quo_term_write("\n", 1);
	say_unknown(e->count + 1, e->part, e->len, true, &e->hint,
	    &e->hinted);
	quo_wipe(e->part, sizeof e->part);
	e->len = 0;
}

static void
complete(struct edit *e)
{
	uint16_t index = 0;
	size_t count = 0;

	if (e->len == 0 && e->hinted) {
		put_word(e, e->hint, false);
		return;
	}
	if (e->len > 0)
		quo_word_complete(e->part, e->len, &index, &count);
	if (count == 1)
		put_word(e, index, false);
	else
		quo_term_write("\a", 1);
}

static void
go_back(struct edit *e, uint8_t key)
{
	if (key == KEY_WIPE_ROW)
		e->count = e->len = 0;
	else if (key == KEY_WIPE_WORD && e->len > 0)
		e->len = 0;
	else if (e->len > 0)
		e->len--;
	else if (e->count > 0)
		e->count--;
	e->part[e->len] = '\0';
}

/* What follows ESC of an arrow or function key. */
static void
swallow_escape(void)
{
	uint8_t byte;

	while (quo_term_read(&byte, 20) == QUO_TERM_BYTE)
		;
}

static void
put_key(struct edit *e, uint8_t key)
{
	bool letter = (key | 0x20) >= 'a' && (key | 0x20) <= 'z';

	if (letter && e->len < PART_MAX) {
		e->part[e->len++] = (char)(key | 0x20);
		e->part[e->len] = '\0';
	} else if (key == '?' && e->len == 0)
		put_word(e, 0, true);
	else if (key == ' ')
		end_word(e);
	else if (key == '\t')
		complete(e);
	else if (key == '\b' || key == 127 || key == KEY_WIPE_ROW ||
	    key == KEY_WIPE_WORD)
		go_back(e, key);
	else if (key == KEY_ESCAPE)
		swallow_escape();
	else if (key < '0' || key > '9' || e->count + e->len > 0)
		/* A row's own number in front of it is no mistake. */
		quo_term_write("\a", 1);
}

/* Enter: whether the row is empty; says what is missing where it isn't. */
static bool
end_row(struct edit *e)
{
	bool part = e->len > 0;
	size_t before = e->count;

	if (!part && e->count == 0)
		return true;
	end_word(e);
	if ((part && e->count == before) || e->count == QUO_WORDS_ROW)
		return false;
	draw(e);
	quo_term_write("\n", 1);
	quo_row_say(e->row->number == QUO_ROW_PHRASE ?
	    "a phrase has %d words: %zu more" :
	    "a row has %d words: %zu more, or ? for each that can't be read",
	    QUO_WORDS_ROW, QUO_WORDS_ROW - e->count);
	return false;
}

static enum quo_err
ask_keys(struct quo_words_row *row, bool *empty)
{
	struct edit e = { .row = row };
	enum quo_err err = QUO_OK;
	uint8_t key = 0;

	*empty = false;
	while (e.count < QUO_WORDS_ROW && !*empty) {
		draw(&e);
		switch (quo_term_read(&key, -1)) {
		case QUO_TERM_BYTE:
			if (key == QUO_ROW_GIVE_UP)
				err = QUO_ECANCEL;
			else if (key == '\n' || key == '\r')
				*empty = end_row(&e);
			else
				put_key(&e, key);
			break;
		case QUO_TERM_END:
			err = QUO_ECANCEL;
			break;
		case QUO_TERM_REDRAW:
			/* The screen was wiped; the rows above stay typed. */
			quo_term_write(CLEAR, sizeof CLEAR - 1);
			break;
		case QUO_TERM_TIMEOUT:
			break;
		}
		if (err != QUO_OK)
			break;
	}
	draw(&e);
	quo_term_write("\n", 1);
	quo_wipe(&e, sizeof e);
	quo_wipe(&key, sizeof key);
	return err;
}

/* No word of a phrase can be missing. */
static bool
is_phrase_gap(const struct quo_words_row *row)
{
	size_t i;

	for (i = 0; i < QUO_WORDS_ROW; i++)
		if (row->number == QUO_ROW_PHRASE && row->missing[i])
			return true;
	return false;
}

/* The word at that place of a line. */
static const char *
find_word(const char *line, size_t len, unsigned place, size_t *word_len)
{
	size_t at = 0, end = 0;

	for (;;) {
		for (at = end; at < len && (line[at] == ' ' ||
		    line[at] == '\t'); at++)
			;
		for (end = at; end < len && line[end] != ' ' &&
		    line[end] != '\t'; end++)
			;
		if (--place == 0 || end == len)
			break;
	}
	*word_len = end - at;
	return line + at;
}

static void
say_line_error(const char *line, size_t len, unsigned at)
{
	const char *word;
	size_t word_len;
	uint16_t near;
	bool found;

	if (at == 0 || at > QUO_WORDS_ROW) {
		quo_row_say("a row has %d words, or ? for each that can't be "
		    "read", QUO_WORDS_ROW);
		return;
	}
	word = find_word(line, len, at, &word_len);
	say_unknown(at, word, word_len, false, &near, &found);
}

static enum quo_err
ask_line(struct quo_words_row *row, bool *empty)
{
	char line[LINE_CAP], prompt[24];
	enum quo_err err;
	unsigned at;
	size_t len, skip;

	snprintf(prompt, sizeof prompt, row->number == QUO_ROW_PHRASE ?
	    "phrase: " : "row %u: ", (unsigned)row->number);
	do {
		err = quo_term_line(prompt, (uint8_t *)line, sizeof line,
		    &len);
		if (err != QUO_OK)
			break;
		len = len < sizeof line ? len : sizeof line;
		for (skip = 0; skip < len && (line[skip] == ' ' ||
		    (line[skip] >= '0' && line[skip] <= '9')); skip++)
			;
		*empty = skip == len;
		if (*empty)
			break;
		err = quo_words_parse(line + skip, len - skip, QUO_WORDS_ROW,
		    row->word, row->missing, &at);
		if (err == QUO_OK && is_phrase_gap(row)) {
			quo_row_say("a phrase has all its words");
			err = QUO_EWORD;
		} else if (err != QUO_OK)
			say_line_error(line + skip, len - skip, at);
	} while (err != QUO_OK);
	quo_wipe(line, sizeof line);
	return err;
}

enum quo_err
quo_row_open(bool *keys)
{
	unsigned rows, columns = 0;
	enum quo_err err;

	*keys = false;
	err = quo_term_open(quo_term_dumb() ? QUO_TERM_LINE :
	    QUO_TERM_SCREEN);
	if (err != QUO_OK || quo_term_dumb())
		return err;
	quo_term_size(&rows, &columns);
	*keys = columns >= ROW_COLUMNS && rows >= ROW_LINES;
	if (*keys) {
		quo_term_write(CLEAR, sizeof CLEAR - 1);
		return QUO_OK;
	}
	quo_term_close();
	return quo_term_open(QUO_TERM_LINE);
}

enum quo_err
quo_row_ask(unsigned number, bool keys, struct quo_words_row *row,
    bool *empty)
{
	row->number = (uint16_t)number;
	return keys ? ask_keys(row, empty) : ask_line(row, empty);
}
