/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <strings.h>
#include <unistd.h>

#include "base/crypt.h"
#include "cmd/term.h"
#include "cmd/tty.h"

#define TRIES 3

bool
quo_tty_present(void)
{
	return isatty(STDIN_FILENO);
}

enum quo_err
quo_tty_line(const char *prompt, char *line, size_t cap)
{
	enum quo_err err;
	size_t len;

	err = quo_term_open(QUO_TERM_LINE);
	if (err != QUO_OK)
		return err;
	err = quo_term_line(prompt, (uint8_t *)line, cap - 1, &len);
	quo_term_close();
	if (err == QUO_OK)
		line[len < cap ? len : cap - 1] = '\0';
	return err;
}

enum quo_err
quo_tty_confirm(const char *question, bool *yes)
{
	uint8_t answer[4] = { 0 };
	char prompt[1024];
	enum quo_err err;
	size_t len;

	err = quo_term_open(QUO_TERM_LINE);
	if (err != QUO_OK)
		return err;
	/* An answer typed before the question is none. */
	quo_term_flush();
	snprintf(prompt, sizeof prompt, "%s [y/N] ", question);
	err = quo_term_line(prompt, answer, sizeof answer - 1, &len);
	quo_term_close();
	quo_wipe(prompt, sizeof prompt);
	if (err == QUO_OK)
		*yes = (len == 1 && (answer[0] | 0x20) == 'y') ||
		    (len == 3 && strcasecmp((char *)answer, "yes") == 0);
	return err;
}

static enum quo_err
ask_secret(const char *prompt, struct quo_secret **secret)
{
	struct quo_secret *line = NULL;
	enum quo_err err;
	size_t len = 0;

	err = quo_secret_new(QUO_TTY_SECRET_MAX, &line);
	if (err == QUO_OK)
		err = quo_term_line(prompt, line->data, line->len, &len);
	if (err == QUO_OK) {
		quo_term_write("\n", 1);
		err = len == 0 ? QUO_ECANCEL :
		    len > line->len ? QUO_ETOOBIG :
		    quo_secret_copy(line->data, len, secret);
	}
	quo_secret_free(line);
	return err;
}

enum quo_err
quo_tty_secret(const char *prompt, struct quo_secret **secret)
{
	enum quo_err err;

	err = quo_term_open(QUO_TERM_HIDDEN);
	if (err == QUO_OK)
		err = ask_secret(prompt, secret);
	quo_term_close();
	return err;
}

static bool
alike(const struct quo_secret *a, const struct quo_secret *b)
{
	return a->len == b->len && quo_equal(a->data, b->data, a->len);
}

static enum quo_err
ask_twice(const char *prompt, struct quo_secret **secret)
{
	struct quo_secret *first = NULL, *again = NULL;
	enum quo_err err;

	err = ask_secret(prompt, &first);
	if (err == QUO_OK)
		err = ask_secret("the same again: ", &again);
	if (err == QUO_OK && !alike(first, again))
		err = QUO_EMISMATCH;
	if (err == QUO_OK) {
		*secret = first;
		first = NULL;
	}
	quo_secret_free(first);
	quo_secret_free(again);
	return err;
}

enum quo_err
quo_tty_new_secret(const char *prompt, struct quo_secret **secret)
{
	enum quo_err err;
	int i;

	err = quo_term_open(QUO_TERM_HIDDEN);
	if (err != QUO_OK)
		return err;
	for (i = 0; i < TRIES; i++) {
		err = ask_twice(prompt, secret);
		if (err != QUO_EMISMATCH)
			break;
		if (i + 1 < TRIES) {
			quo_term_text("they are not alike; once more");
			quo_term_write("\n", 1);
		}
	}
	quo_term_close();
	return err;
}
