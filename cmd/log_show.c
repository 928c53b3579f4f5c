/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "cmd/book.h"
#include "cmd/log.h"
#include "ledger/checkpoint.h"
#include "ledger/read.h"

#define V(key) (e->value[QUO_KEY_##key])

/* Where what is shown goes on, and what passes. */
struct show {
	const struct quo_log_options *options;
	struct quo_line *line;
	size_t columns;			/* of the terminal; 0: no terminal */
	bool any;
};

static bool
matches(const char *want, const char *got)
{
	return want == NULL || (got != NULL && strcmp(want, got) == 0);
}

static bool
wanted(const struct quo_log_options *o, const struct quo_entry *e)
{
	char request[32];

	snprintf(request, sizeof request, "INC-%llu",
	    (unsigned long long)e->number);
	return matches(o->credential, V(CREDENTIAL)) &&
	    (matches(o->incident, V(INCIDENT)) ||
	    (matches(o->incident, request) && V(EVENT) != NULL &&
	    strcmp(V(EVENT), "request") == 0)) &&
	    matches(o->event, V(EVENT)) &&
	    (o->since == NULL || (V(TIME) != NULL &&
	    strcmp(V(TIME), o->since) >= 0));
}

/* Ids and hashes are for machines: people compare how they begin. */
#define HEX_SHOWN 12

static const char *
shorten(const char *value, char text[HEX_SHOWN + 4])
{
	size_t len = strlen(value);

	if (len < 32 || strspn(value, "0123456789abcdef") < len)
		return value;
	snprintf(text, HEX_SHOWN + 4, "%.*s…", HEX_SHOWN, value);
	return text;
}

#define INDENT "        "

/* How much of text, up to a blank, fits into so many columns. */
static size_t
fitting(const char *text, size_t len, size_t columns)
{
	size_t used = 0, best = len;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == ' ' && (used <= columns || best == len))
			best = i;
		if (((unsigned char)text[i] & 0xc0) != 0x80)
			used++;
		if (used > columns && best < len)
			return best;
	}
	return used > columns ? best : len;
}

/* Whole words a line on a terminal; else in one line, for programs. */
static void
say_indented(const char *text, size_t len, size_t columns)
{
	size_t n;

	while (columns > 2 * strlen(INDENT) &&
	    (n = fitting(text, len, columns - strlen(INDENT))) < len) {
		quo_say_data(INDENT "%.*s", (int)n, text);
		text += n + 1;
		len -= n + 1;
	}
	quo_say_data(INDENT "%.*s", (int)len, text);
}

/* What an entry says besides; each with its key, in the order of the line. */
static void
say_rest(const struct quo_entry *e, size_t columns)
{
	static const uint64_t said = QUO_BIT(QUO_KEY_TIME) |
	    QUO_BIT(QUO_KEY_EVENT) | QUO_BIT(QUO_KEY_CREDENTIAL) |
	    QUO_BIT(QUO_KEY_ACTOR) | QUO_BIT(QUO_KEY_AUTH) |
	    QUO_BIT(QUO_KEY_KEY) | QUO_BIT(QUO_KEY_HOST) |
	    QUO_BIT(QUO_KEY_VERSION) | QUO_BIT(QUO_KEY_ROOT) |
	    QUO_BIT(QUO_KEY_SIZE);
	size_t used = 0;
	char text[4000], hex[HEX_SHOWN + 4];

	for (int k = 0; k < QUO_KEYS; k++) {
		int n;

		if (e->value[k] == NULL || (said & QUO_BIT(k)) != 0)
			continue;
		n = snprintf(text + used, sizeof text - used, "%s%s: %s",
		    used > 0 ? "; " : "", quo_key_name((enum quo_key)k),
		    shorten(e->value[k], hex));
		if ((size_t)n >= sizeof text - used)
			break;
		used += (size_t)n;
	}
	if (used > 0)
		say_indented(text, used, columns);
}

static bool
show_line(void *with, uint64_t number, const char *line, size_t len)
{
	struct show *s = with;
	const struct quo_entry *e = &s->line->entry;
	bool sign;

	if (quo_line_decode(line, len, s->line) != QUO_OK) {
		quo_say_error("entry %llu is damaged: quorate log verify",
		    (unsigned long long)number);
		return true;
	}
	if (!wanted(s->options, e))
		return true;
	s->any = true;
	if (s->options->common.json) {
		quo_say_bytes(line, len);
		quo_say_bytes("\n", 1);
		return true;
	}
	sign = V(AUTH) != NULL && strcmp(V(AUTH), "signed") == 0;
	quo_say_data("%6llu  %s  %s%s%s%s", (unsigned long long)number,
	    V(TIME), V(EVENT), V(CREDENTIAL) != NULL ? " \"" : "",
	    V(CREDENTIAL) != NULL ? V(CREDENTIAL) : "",
	    V(CREDENTIAL) != NULL ? "\"" : "");
	quo_say_data("        by %s on %s, %s%s", V(ACTOR), V(HOST),
	    sign ? "signed by " : "claimed", sign && V(KEY) != NULL ?
	    V(KEY) : "");
	say_rest(e, s->columns);
	return true;
}

/* From which number on the last N that match stand. */
struct count {
	struct show show;
	uint64_t *numbers;		/* a ring */
	size_t room, seen;
};

static bool
count_line(void *with, uint64_t number, const char *line, size_t len)
{
	struct count *c = with;

	if (quo_line_decode(line, len, c->show.line) == QUO_OK &&
	    wanted(c->show.options, &c->show.line->entry))
		c->numbers[c->seen++ % c->room] = number;
	return true;
}

static enum quo_err
find_last(struct quo_ledger *ledger, const struct show *show, uint64_t *from)
{
	struct count c = { .show = *show,
		.room = (size_t)show->options->last };
	enum quo_err err;

	c.numbers = calloc(c.room, sizeof *c.numbers);
	if (c.numbers == NULL)
		return QUO_ENOMEM;
	err = quo_ledger_lines(ledger, 0, count_line, &c);
	*from = c.seen > c.room ? c.numbers[c.seen % c.room] : 0;
	free(c.numbers);
	return err;
}

static enum quo_exit
check(const struct quo_log_options *o)
{
	struct quo_day day;

	if (o->since == NULL || quo_day_parse(o->since, &day) == QUO_OK)
		return QUO_EXIT_DONE;
	return quo_say_misuse("--since %s: write YYYY-MM-DD", o->since);
}

static volatile sig_atomic_t stopped;

static void
stop(int signal)
{
	(void)signal;
	stopped = 1;
}

/* What comes to the end of the log, until told to stop. */
static enum quo_err
follow(struct quo_ledger *ledger, struct show *show, uint64_t from)
{
	const struct timespec pause = { 0, 500000000 };
	const struct sigaction act = { .sa_handler = stop };
	struct quo_checkpoint now = { .size = from };
	enum quo_err err = QUO_OK;

	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
	while (err == QUO_OK && !stopped && !quo_say_failed()) {
		err = quo_ledger_checkpoint(ledger, &now);
		if (err == QUO_OK && now.size > from)
			err = quo_ledger_lines(ledger, from, show_line, show);
		from = now.size > from ? now.size : from;
		if (err == QUO_OK && !stopped)
			nanosleep(&pause, NULL);
		if (err == QUO_EBUSY)
			err = QUO_OK;
	}
	return err;
}

static size_t
columns_of_output(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/* Silence could as well be a slip. */
static void
say_none(const struct quo_log_options *o, const struct quo_book *book)
{
	quo_say("no entry is like that");
	quo_book_hint_name(book, o->credential);
}

static enum quo_exit
show(const struct quo_log_options *o, bool on)
{
	struct show s = { .options = o, .columns = columns_of_output() };
	struct quo_checkpoint end_now = { 0 };
	struct quo_book book;
	uint64_t from = 0;
	enum quo_exit end;
	enum quo_err err;

	end = check(o);
	if (end != QUO_EXIT_DONE)
		return end;
	end = quo_book_open(&o->common, QUO_BOOK_READ, &book);
	if (end != QUO_EXIT_DONE)
		goto out;
	s.line = malloc(sizeof *s.line);
	err = s.line == NULL ? QUO_ENOMEM : QUO_OK;
	if (err == QUO_OK && on && o->last == 0) {
		err = quo_ledger_checkpoint(book.ledger, &end_now);
		from = end_now.size;
	} else if (err == QUO_OK && o->last > 0) {
		err = find_last(book.ledger, &s, &from);
	}
	if (err == QUO_OK)
		err = on ? follow(book.ledger, &s, from) :
		    quo_ledger_lines(book.ledger, from, show_line, &s);
	end = quo_book_say(&book, err);
	if (end == QUO_EXIT_DONE && !on && !s.any)
		say_none(o, &book);
	free(s.line);
out:
	quo_book_close(&book);
	return end;
}

enum quo_exit
quo_log_show(const struct quo_log_options *o)
{
	return show(o, false);
}

enum quo_exit
quo_log_follow(const struct quo_log_options *o)
{
	return show(o, true);
}

enum quo_exit
quo_log_checkpoint(const struct quo_log_options *o)
{
	char text[QUO_CHECKPOINT_TEXT];
	struct quo_checkpoint now;
	struct quo_book book;
	enum quo_exit end;

	end = quo_book_open(&o->common, QUO_BOOK_READ, &book);
	if (end == QUO_EXIT_DONE)
		end = quo_book_say(&book,
		    quo_ledger_checkpoint(book.ledger, &now));
	if (end == QUO_EXIT_DONE) {
		quo_checkpoint_print(quo_ledger_id(book.ledger), &now, text);
		quo_say_bytes(text, strlen(text));
	}
	quo_book_close(&book);
	return end;
}
