/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <langinfo.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

#include "cmd/say.h"
#include "cmd/stop.h"
#include "cmd/term.h"
#include "cmd/tty.h"

#define FRAME_MAX (64u << 10)
#define GROUP 4
#define HEX_ROW 16
#define SPOKEN_WIDTH 26
#define CELL_MAX 4		/* bytes of one character */

/* Signs that one is taken for another, as they are read out. */
static const struct {
	char sign;
	const char *spoken;
} spoken[] = {
	{ '0', "digit zero" }, { 'O', "capital Oscar" }, { 'o', "small oscar" },
	{ 'Q', "capital Quebec" }, { 'D', "capital Delta" },
	{ '1', "digit one" }, { 'l', "small lima" }, { 'I', "capital India" },
	{ 'i', "small india" }, { '|', "bar" }, { 'L', "capital Lima" },
	{ '2', "digit two" }, { 'Z', "capital Zulu" }, { 'z', "small zulu" },
	{ '5', "digit five" }, { 'S', "capital Sierra" },
	{ 's', "small sierra" }, { '6', "digit six" }, { 'G', "capital Golf" },
	{ 'b', "small bravo" }, { '8', "digit eight" },
	{ 'B', "capital Bravo" }, { '9', "digit nine" },
	{ 'g', "small golf" }, { 'q', "small quebec" }, { ' ', "blank" },
	{ '\'', "apostrophe" }, { '`', "backtick" }, { '"', "double quote" },
	{ '.', "dot" }, { ',', "comma" }, { ':', "colon" },
	{ ';', "semicolon" }, { '-', "hyphen" }, { '_', "underscore" },
	{ '~', "tilde" },
};

/* A screen as it is written: contains the secret. */
struct frame {
	struct quo_secret *bytes;
	size_t len;
	unsigned lines;
	unsigned columns;	/* of the window */
	bool full;
	enum { SECRET, PHRASE, PLAIN } style;
};

static void
add(struct frame *f, const void *bytes, size_t len)
{
	if (len > f->bytes->len - f->len) {
		f->full = true;
		return;
	}
	memcpy(f->bytes->data + f->len, bytes, len);
	f->len += len;
}

static void
add_text(struct frame *f, const char *text)
{
	add(f, text, strlen(text));
}

static void
add_line(struct frame *f)
{
	add_text(f, "\033[K\r\n");
	f->lines++;
}

static void
add_number(struct frame *f, size_t number)
{
	char text[24];

	snprintf(text, sizeof text, "%5zu  ", number);
	add_text(f, text);
}

/* The bytes of the character at text; 0 where it can't be drawn in a cell. */
static size_t
cell(const uint8_t *text, size_t len)
{
	char one[CELL_MAX + 1] = "", clean[32];
	mbstate_t state;
	size_t n = 1;
	wchar_t wide;

	if (text[0] >= 0x80 && strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		return 0;
	while (n < len && n < CELL_MAX && text[n] >> 6 == 2)
		n++;
	memcpy(one, text, n);
	memset(&state, 0, sizeof state);
	/* Escaped means that it would not be seen as it is. */
	quo_say_escape(one, clean, sizeof clean);
	if (one[0] == '\0' || strcmp(one, clean) != 0 ||
	    mbrtowc(&wide, one, n, &state) != n || wcwidth(wide) < 1)
		n = 0;
	quo_wipe(one, sizeof one);
	quo_wipe(clean, sizeof clean);
	return n;
}

/* How many characters it has as a text; 0: it is none, or has lines. */
static size_t
count_cells(const struct quo_secret *secret)
{
	size_t at, n, count = 0;

	for (at = 0; at < secret->len; at += n, count++) {
		n = cell(secret->data + at, secret->len - at);
		if (n == 0)
			return 0;
	}
	return count;
}

/* Letters plain, digits and other signs each in their colour. */
static void
add_cell(struct frame *f, const uint8_t *text, size_t len)
{
	bool digit = text[0] >= '0' && text[0] <= '9';
	bool letter = ((text[0] | 0x20) >= 'a' && (text[0] | 0x20) <= 'z') ||
	    text[0] >= 0x80;
	bool paint = quo_term_coloured() && !letter;

	if (paint)
		add_text(f, digit ? "\033[36m" : "\033[33m");
	if (text[0] == ' ')
		add_text(f, strcmp(nl_langinfo(CODESET), "UTF-8") == 0 ?
		    "\342\220\243" : "_");
	else
		add(f, text, len);
	if (paint)
		add_text(f, "\033[0m");
}

static void
add_groups(struct frame *f, const struct quo_secret *secret)
{
	/* Behind the number a group takes 4 cells and 2 blanks, or twice 4. */
	size_t row = GROUP * ((f->columns - 8) / (2 * GROUP + 2));
	size_t at, n, i = 0;

	for (at = 0; at < secret->len; at += n, i++) {
		if (i % row == 0) {
			if (i > 0) {
				add_line(f);
				add_line(f);
			}
			add_number(f, i + 1);
		} else if (i % GROUP == 0)
			add_text(f, "  ");
		n = cell(secret->data + at, secret->len - at);
		add_cell(f, secret->data + at, n);
	}
	add_line(f);
}

static const char *
find_spoken(uint8_t sign)
{
	size_t s;

	for (s = 0; s < sizeof spoken / sizeof *spoken; s++)
		if (sign == (uint8_t)spoken[s].sign)
			return spoken[s].spoken;
	return NULL;
}

/* "    3  0  digit zero", in as many columns as there is room for. */
static void
add_spoken(struct frame *f, const struct quo_secret *secret)
{
	size_t at, n, place = 0, column = 0;
	const char *name;
	char padded[32];

	for (at = 0; at < secret->len; at += n) {
		n = cell(secret->data + at, secret->len - at);
		place++;
		name = find_spoken(secret->data[at]);
		if (name == NULL)
			continue;
		if (column + SPOKEN_WIDTH > f->columns) {
			add_line(f);
			column = 0;
		}
		add_number(f, place);
		add_cell(f, secret->data + at, n);
		snprintf(padded, sizeof padded, "  %-16s", name);
		add_text(f, padded);
		column += SPOKEN_WIDTH;
	}
	quo_wipe(padded, sizeof padded);
	if (column > 0)
		add_line(f);
}

static void
add_hex(struct frame *f, const struct quo_secret *secret)
{
	static const char digits[] = "0123456789abcdef";
	size_t row = f->columns >= 8 + 3 * HEX_ROW + 4 ? HEX_ROW : HEX_ROW / 2;
	char pair[3];
	size_t i;

	for (i = 0; i < secret->len; i++) {
		if (i % row == 0) {
			if (i > 0)
				add_line(f);
			add_number(f, i + 1);
		} else
			add_text(f, i % GROUP == 0 ? "  " : " ");
		pair[0] = digits[secret->data[i] >> 4];
		pair[1] = digits[secret->data[i] & 15];
		add(f, pair, 2);
	}
	quo_wipe(pair, sizeof pair);
	add_line(f);
}

static bool
mistakable(const struct quo_secret *secret)
{
	size_t i;

	for (i = 0; i < secret->len; i++)
		if (find_spoken(secret->data[i]) != NULL)
			return true;
	return false;
}

static void
add_legend(struct frame *f, const struct quo_secret *secret, size_t cells)
{
	char line[96];

	if (cells == 0)
		snprintf(line, sizeof line, "  %zu bytes, not one line of text:"
		    " shown as hexadecimal", secret->len);
	else
		snprintf(line, sizeof line, "  %zu character%s; %s", cells,
		    cells == 1 ? "" : "s", mistakable(secret) ?
		    "easily mistaken are:" : "none easily mistaken");
	add_text(f, line);
	add_line(f);
}

/* A lock phrase: a numbered word a line, the check word set apart. */
static void
add_phrase(struct frame *f, const struct quo_secret *secret)
{
	const char *text = (const char *)secret->data, *end;
	size_t left = secret->len, len, number = 1;

	for (; left > 0; number++) {
		end = memchr(text, ' ', left);
		len = end != NULL ? (size_t)(end - text) : left;
		add_number(f, number);
		add(f, text, len);
		if (end == NULL)
			add_text(f, "    (the check word)");
		add_line(f);
		len += end != NULL ? 1 : 0;
		text += len;
		left -= len;
	}
	add_line(f);
	add_text(f, "  Write it down by hand: best kept elsewhere, else on the "
	    "card.");
	add_line(f);
	add_text(f, "  It is not shown again.");
	add_line(f);
}

/* Lines as they are: the blocks of a symbol, rows of words. */
static void
add_plain(struct frame *f, const struct quo_secret *secret)
{
	const char *text = (const char *)secret->data, *end;
	size_t left = secret->len, len;

	while (left > 0) {
		end = memchr(text, '\n', left);
		len = end != NULL ? (size_t)(end - text) : left;
		add(f, text, len);
		add_line(f);
		len += end != NULL ? 1 : 0;
		text += len;
		left -= len;
	}
}

static void
draw(struct frame *f, const struct quo_secret *secret, const char *title)
{
	size_t cells = count_cells(secret);
	char clean[256];

	f->len = 0;
	f->lines = 0;
	f->full = false;
	add_text(f, "\033[H\r\n  ");
	f->lines++;
	quo_say_escape(title, clean, f->columns - 4 < sizeof clean ?
	    f->columns - 4 : sizeof clean);
	add_text(f, clean);
	add_line(f);
	add_line(f);
	if (f->style == PLAIN) {
		add_plain(f, secret);
	} else if (f->style == PHRASE) {
		add_phrase(f, secret);
	} else if (cells > 0) {
		add_groups(f, secret);
		add_line(f);
		add_legend(f, secret, cells);
		add_spoken(f, secret);
	} else {
		add_hex(f, secret);
		add_line(f);
		add_legend(f, secret, cells);
	}
	add_text(f, "\033[J");
}

/* A line and the footer stand below. */
static bool
fits(const struct frame *f, unsigned rows)
{
	return !f->full && f->columns >= 40 && f->lines + 2 <= rows;
}

static void
put_footer(unsigned rows, time_t left)
{
	char line[128];
	int n;

	if (left < 0)
		n = snprintf(line, sizeof line, "\033[%u;1H\033[2K  any key "
		    "clears it", rows);
	else
		n = snprintf(line, sizeof line, "\033[%u;1H\033[2K  any key "
		    "clears it, or wait %ld s", rows, (long)left);
	quo_term_write(line, (size_t)n);
}

/* Also while the machine sleeps the time goes on. */
static time_t
now(void)
{
	struct timespec t = { 0 };

	clock_gettime(CLOCK_BOOTTIME, &t);
	return t.tv_sec;
}

static bool
put_frame(struct frame *f, const struct quo_secret *secret,
    const char *title, unsigned *rows)
{
	static const char small[] = "\033[H\033[Jthis window is too small";

	quo_term_size(rows, &f->columns);
	if (f->columns >= 40)
		draw(f, secret, title);
	if (fits(f, *rows)) {
		quo_term_write(f->bytes->data, f->len);
		return true;
	}
	quo_term_write(small, sizeof small - 1);
	return false;
}

static enum quo_err
show(struct frame *f, const struct quo_secret *secret, const char *title,
    unsigned seconds)
{
	time_t end = now() + (time_t)seconds, left = -1;
	enum quo_term_event event = QUO_TERM_REDRAW;
	unsigned rows = 0;
	uint8_t key;

	/* What was typed before it is there must not clear it. */
	quo_term_flush();
	if (!put_frame(f, secret, title, &rows))
		return QUO_ETOOBIG;
	do {
		if (event == QUO_TERM_REDRAW)
			put_frame(f, secret, title, &rows);
		left = seconds == 0 ? -1 : end - now();
		if (seconds > 0 && left <= 0)
			break;
		put_footer(rows, left);
		event = quo_term_read(&key, 1000);
	} while ((event == QUO_TERM_REDRAW || event == QUO_TERM_TIMEOUT) &&
	    !quo_stopped());
	/* An arrow key sends several bytes: none is for the shell. */
	quo_term_flush();
	return QUO_OK;
}

static enum quo_err
show_frame(struct frame f, const struct quo_secret *secret,
    const char *title, unsigned seconds)
{
	enum quo_err err;

	if (quo_term_dumb())
		return QUO_ENOTTY;
	/* Nothing else asks which letters the terminal knows. */
	setlocale(LC_CTYPE, "");
	err = quo_secret_new(FRAME_MAX, &f.bytes);
	if (err == QUO_OK)
		err = quo_term_open(QUO_TERM_SCREEN);
	if (err == QUO_OK)
		err = show(&f, secret, title, seconds);
	quo_term_close();
	quo_secret_free(f.bytes);
	return err;
}

enum quo_err
quo_tty_show(const struct quo_secret *secret, const char *title,
    unsigned seconds)
{
	return show_frame((struct frame){ 0 }, secret, title, seconds);
}

enum quo_err
quo_tty_show_phrase(const struct quo_secret *phrase, const char *title)
{
	return show_frame((struct frame){ .style = PHRASE }, phrase, title, 0);
}

enum quo_err
quo_tty_show_text(const struct quo_secret *text, const char *title)
{
	return show_frame((struct frame){ .style = PLAIN }, text, title, 0);
}
