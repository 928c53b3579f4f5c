/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "card/words.h"
#include "cmd/row.h"
#include "cmd/say.h"
#include "cmd/term.h"
#include "cmd/typed.h"

/* All rows that are typed, and how: one secret. */
struct typed {
	struct quo_words_row rows[QUO_WORDS_ROWS_MAX];
	size_t count;
	bool keys;
};

/* With keys: y, or n, Enter, which is no; anything else is no answer. */
static enum quo_err
press_yes(const char *prompt, bool *yes)
{
	enum quo_term_event event;
	uint8_t key = 0;

	quo_term_text(prompt);
	for (;;) {
		event = quo_term_read(&key, -1);
		if (event == QUO_TERM_REDRAW)
			quo_term_text(prompt);
		else if (event != QUO_TERM_BYTE || key == QUO_ROW_GIVE_UP)
			return QUO_ECANCEL;
		else if ((key | 0x20) == 'y' || (key | 0x20) == 'n' ||
		    key == '\n')
			break;
	}
	*yes = (key | 0x20) == 'y';
	quo_term_text(*yes ? "yes" : "no");
	quo_term_write("\n", 1);
	return QUO_OK;
}

/* A question on the open terminal; what was typed ahead is no answer. */
static enum quo_err
ask_yes(bool keys, const char *question, bool *yes)
{
	uint8_t answer[4];
	enum quo_err err;
	char prompt[128];
	size_t len;

	quo_term_flush();
	snprintf(prompt, sizeof prompt, "  %s [y/N] ", question);
	if (keys)
		return press_yes(prompt, yes);
	err = quo_term_line(prompt, answer, sizeof answer, &len);
	*yes = err == QUO_OK && len == 1 && (answer[0] | 0x20) == 'y';
	return err;
}

/*
 * A row until it agrees with its check; an empty answer keeps what was typed
 * although it doesn't: the parity words may know better.
 */
static enum quo_err
ask_row(const struct typed *t, unsigned number, struct quo_words_row *row,
    bool *empty)
{
	struct quo_words_row next = { 0 };
	enum quo_err err;

	err = quo_row_ask(number, t->keys, row, empty);
	while (err == QUO_OK && !*empty &&
	    quo_words_check_row(row) == QUO_WORDS_WRONG) {
		quo_row_say("row %u has a wrong word: hold it against the "
		    "card", number);
		quo_row_say("type it once more, or Enter to leave it so");
		err = quo_row_ask(number, t->keys, &next, empty);
		if (err == QUO_OK && *empty) {
			*empty = false;
			break;
		}
		if (err == QUO_OK)
			*row = next;
	}
	quo_wipe(&next, sizeof next);
	return err;
}

static enum quo_err
ask_share_rows(struct typed *t)
{
	enum quo_err err = QUO_OK;
	bool empty;

	for (t->count = 0; err == QUO_OK && t->count < 7;) {
		err = ask_row(t, (unsigned)t->count + 1, &t->rows[t->count],
		    &empty);
		if (err == QUO_OK && !empty)
			t->count++;
		else if (err == QUO_OK && t->count == 0)
			err = QUO_ECANCEL;
		else if (err == QUO_OK)
			quo_row_say("a share has rows 1 to 7; Ctrl-D gives "
			    "up");
	}
	return err;
}

/* From where they end on, to an empty row. */
static enum quo_err
ask_set_rows(struct typed *t)
{
	enum quo_err err = QUO_OK;
	bool empty = false;

	while (t->count < QUO_WORDS_ROWS_MAX) {
		err = ask_row(t, 11 + (unsigned)t->count, &t->rows[t->count],
		    &empty);
		if (err != QUO_OK || empty)
			break;
		t->count++;
	}
	return err == QUO_OK && t->count == 0 ? QUO_ECANCEL : err;
}

static struct quo_words_row *
find_row(struct typed *t, unsigned number)
{
	return &t->rows[number - t->rows[0].number];
}

static enum quo_err
ask_fix(const struct typed *t, const struct quo_words_fix *fix, bool *agreed)
{
	char typed[QUO_WORD_MAX + 1] = "?", word[QUO_WORD_MAX + 1];
	enum quo_err err;

	quo_word_get(fix->word, word);
	if (!fix->missing)
		quo_word_get(fix->typed, typed);
	quo_row_say("row %u word %u: you typed \"%s\", the code says \"%s\"",
	    (unsigned)fix->row, (unsigned)fix->place, typed, word);
	err = ask_yes(t->keys, fix->missing ? "can that be what the card says?"
	    : "is that what the card says?", agreed);
	quo_wipe(typed, sizeof typed);
	quo_wipe(word, sizeof word);
	return err;
}

/* Each correction is agreed to, or its row is typed again. */
static enum quo_err
agree(struct typed *t, const struct quo_secret *fixes, bool *again)
{
	size_t count = fixes->len / sizeof(struct quo_words_fix), i;
	struct quo_words_fix fix = { 0 };
	struct quo_words_row *row;
	enum quo_err err = QUO_OK;
	bool agreed, empty;

	for (i = 0; err == QUO_OK && i < count; i++) {
		memcpy(&fix, fixes->data + i * sizeof fix, sizeof fix);
		err = ask_fix(t, &fix, &agreed);
		if (err != QUO_OK)
			break;
		row = find_row(t, fix.row);
		if (agreed) {
			row->word[fix.place - 1] = fix.word;
			row->missing[fix.place - 1] = false;
			continue;
		}
		*again = true;
		quo_row_say("then row %u once more", (unsigned)fix.row);
		do
			err = ask_row(t, fix.row, row, &empty);
		while (err == QUO_OK && empty);
		break;
	}
	quo_wipe(&fix, sizeof fix);
	return err;
}

static bool
has_missing(const struct quo_words_row *row)
{
	size_t i;

	for (i = 0; i < QUO_WORDS_ROW; i++)
		if (row->missing[i])
			return true;
	return false;
}

/* Rows whose check is wrong, and those with words that can't be read. */
static uint64_t
find_doubted(const struct typed *t, uint64_t wrong)
{
	size_t i;

	for (i = 0; i < t->count; i++)
		if (has_missing(&t->rows[i]))
			wrong |= (uint64_t)1 << i;
	return wrong;
}

/* Ask again for the rows that can't be right. */
static enum quo_err
ask_doubted(struct typed *t, uint64_t doubt)
{
	struct quo_words_row next = { 0 };
	enum quo_err err = QUO_OK;
	bool empty;
	size_t i;

	for (i = 0; err == QUO_OK && i < t->count; i++) {
		if ((doubt >> i & 1) == 0)
			continue;
		quo_row_say("row %u once more; Enter leaves it as it is",
		    (unsigned)t->rows[i].number);
		err = ask_row(t, t->rows[i].number, &next, &empty);
		if (err == QUO_OK && !empty)
			t->rows[i] = next;
	}
	quo_wipe(&next, sizeof next);
	return err;
}

/* The rows make no code: which to look at again, or which are missing. */
static enum quo_err
ask_again(struct typed *t, enum quo_words_kind kind, enum quo_err why,
    uint64_t doubt)
{
	size_t before = t->count;
	enum quo_err err;

	doubt = find_doubted(t, doubt);
	if (why == QUO_ECHECK && doubt != 0) {
		quo_row_say("too many words are wrong or missing");
		return ask_doubted(t, doubt);
	}
	if (kind == QUO_WORDS_SHARE || (why != QUO_ECHECK &&
	    why != QUO_EFORMAT))
		return why;
	quo_row_say("these can't be all rows of the card: go on, or Enter to "
	    "give up");
	err = ask_set_rows(t);
	return err == QUO_OK && t->count == before ? why : err;
}

/* Until the rows are a code, with the typist's consent. */
static enum quo_err
settle(struct typed *t, enum quo_words_kind kind)
{
	struct quo_secret *data = NULL, *fixes = NULL;
	enum quo_err err;
	uint64_t doubt = 0;
	bool again;

	do {
		again = false;
		err = quo_words_decode(t->rows, t->count, &data, &fixes,
		    &doubt);
		if (err == QUO_OK && fixes != NULL)
			err = agree(t, fixes, &again);
		else if (err != QUO_OK) {
			err = ask_again(t, kind, err, doubt);
			again = true;
		}
		quo_secret_free(data);
		quo_secret_free(fixes);
		data = fixes = NULL;
	} while (err == QUO_OK && again);
	return err;
}

/* Behind the used bytes of text, which has room for all rows of a card. */
static void
append_rows(const struct typed *t, struct quo_secret *text, size_t *used)
{
	char line[QUO_WORDS_LINE + 1];
	size_t i;

	for (i = 0; i < t->count; i++) {
		quo_words_print(&t->rows[i], line);
		memcpy(text->data + *used, line, QUO_WORDS_LINE);
		*used += QUO_WORDS_LINE;
	}
	quo_wipe(line, sizeof line);
}

static enum quo_err
read_share(struct typed *t, struct quo_secret *text, size_t *used)
{
	enum quo_err err;

	quo_row_say("type the rows of the share, each with its last word; "
	    "? for one that");
	quo_row_say("can't be read; four letters of a word are enough%s",
	    t->keys ? "" : ", Ctrl-D gives up");
	if (t->keys)
		quo_row_say("blank or Tab ends a word, Backspace goes back, "
		    "Ctrl-D gives up");
	quo_term_write("\n", 1);
	err = ask_share_rows(t);
	if (err == QUO_OK)
		err = settle(t, QUO_WORDS_SHARE);
	if (err == QUO_OK)
		append_rows(t, text, used);
	return err;
}

static enum quo_err
read_set(struct typed *t, struct quo_secret *text, size_t *used)
{
	enum quo_err err;
	bool yes = false;

	quo_term_write("\n", 1);
	quo_row_say("the share is whole; one card of each set must give the "
	    "rows from 11 too");
	err = ask_yes(t->keys, "type them from this card?", &yes);
	if (err != QUO_OK || !yes)
		return QUO_OK;
	quo_row_say("an empty row ends them");
	quo_term_write("\n", 1);
	t->count = 0;
	err = ask_set_rows(t);
	if (err == QUO_OK)
		err = settle(t, QUO_WORDS_SET);
	if (err == QUO_OK)
		append_rows(t, text, used);
	/* Given up: the share is still good, and worth the typing. */
	return quo_exit_of(err) == QUO_EXIT_MACHINE ? err : QUO_OK;
}

enum quo_err
quo_typed_read(bool set_known, struct quo_secret **text)
{
	struct quo_secret *state = NULL, *all = NULL;
	struct typed *t;
	size_t used = 0;
	enum quo_err err;

	err = quo_secret_new(sizeof *t, &state);
	if (err == QUO_OK)
		err = quo_secret_new((7 + QUO_WORDS_ROWS_MAX) *
		    QUO_WORDS_LINE, &all);
	if (err != QUO_OK)
		goto out;
	t = (struct typed *)(void *)state->data;
	err = quo_row_open(&t->keys);
	if (err == QUO_OK)
		err = read_share(t, all, &used);
	if (err == QUO_OK && !set_known)
		err = read_set(t, all, &used);
	quo_term_close();
	if (err != QUO_OK)
		goto out;
	quo_secret_truncate(all, used);
	*text = all;
	all = NULL;
out:
	quo_secret_free(state);
	quo_secret_free(all);
	return err;
}

/* Six words and their check, as one text. */
static enum quo_err
ask_phrase(bool keys, const char *whose, struct quo_words_row *words,
    struct quo_secret *text)
{
	enum quo_err err;
	bool empty;

	quo_row_say("type the lock phrase of %s: seven words, the check word "
	    "last", whose);
	quo_row_say("four letters of a word are enough; an empty line leaves "
	    "this card out");
	quo_term_write("\n", 1);
	err = quo_row_ask(QUO_ROW_PHRASE, keys, words, &empty);
	if (err == QUO_OK && empty)
		err = QUO_ECANCEL;
	if (err == QUO_OK)
		quo_words_join(words->word, QUO_WORDS_ROW, (char *)text->data);
	return err;
}

enum quo_err
quo_typed_phrase(const char *whose, bool again, struct quo_secret **phrase)
{
	struct quo_secret *row = NULL, *text = NULL;
	enum quo_err err;
	bool keys;

	err = quo_secret_new(sizeof(struct quo_words_row), &row);
	if (err == QUO_OK)
		err = quo_secret_new(QUO_WORDS_ROW * (QUO_WORD_MAX + 1),
		    &text);
	if (err == QUO_OK)
		err = quo_row_open(&keys);
	if (err == QUO_OK && again)
		quo_row_say("that is not the phrase of %s: another card's, an "
		    "old one, or a slip", whose);
	if (err == QUO_OK)
		err = ask_phrase(keys, whose, (struct quo_words_row *)
		    (void *)row->data, text);
	quo_term_close();
	if (err == QUO_OK) {
		*phrase = text;
		text = NULL;
	}
	quo_secret_free(row);
	quo_secret_free(text);
	return err;
}
