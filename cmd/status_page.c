/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "base/utf8.h"
#include "cmd/status.h"
#include "cmd/term.h"

/* A byte comes out as four at most: \xff. A letter beyond, as \U… of ten. */
#define ESCAPED 10
#define NARROWEST 40
#define CUT "..."

static const char *const tints[] = {
	[QUO_TINT_NONE] = "",
	[QUO_TINT_NOW] = "\033[1;31m",
	[QUO_TINT_DUE] = "\033[33m",
	[QUO_TINT_FAINT] = "\033[2m",
	[QUO_TINT_STRONG] = "\033[1m",
};

enum quo_err
quo_scratch_open(struct quo_scratch *scratch)
{
	*scratch = (struct quo_scratch){ 0 };
	scratch->out = open_memstream(&scratch->bytes, &scratch->len);
	return scratch->out != NULL ? QUO_OK : QUO_ENOMEM;
}

void
quo_scratch_close(struct quo_scratch *scratch)
{
	if (scratch->out != NULL)
		fclose(scratch->out);
	free(scratch->bytes);
}

FILE *
quo_scratch_begin(struct quo_scratch *scratch)
{
	rewind(scratch->out);
	return scratch->out;
}

/* Behind it what was longer before may still stand. */
const char *
quo_scratch_end(struct quo_scratch *scratch)
{
	putc('\0', scratch->out);
	return fflush(scratch->out) == 0 && !ferror(scratch->out) ?
	    scratch->bytes : NULL;
}

enum quo_err
quo_page_open(struct quo_page *page, FILE *out)
{
	struct winsize size;

	/* How wide a character is depends on it. */
	setlocale(LC_CTYPE, "");
	*page = (struct quo_page){ .out = out };
	if (isatty(STDOUT_FILENO)) {
		page->paint = quo_term_coloured();
		page->width = 80;
		if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 &&
		    size.ws_col > 0)
			page->width = size.ws_col;
		if (page->width < NARROWEST)
			page->width = NARROWEST;
	}
	return quo_scratch_open(&page->scratch);
}

void
quo_page_close(struct quo_page *page)
{
	quo_scratch_close(&page->scratch);
}

/* The columns of the character at text, and its bytes. */
static unsigned
cell(const char *text, size_t left, size_t *len)
{
	uint32_t point = 0;
	int columns;

	*len = 1;
	if (*text >= ' ' && *text <= '~')
		return 1;
	*len = quo_utf8_decode(text, left, &point);
	if (*len == 0) {
		*len = 1;
		return 1;
	}
	columns = wcwidth((wchar_t)point);
	return columns < 0 ? 1 : (unsigned)columns;
}

unsigned
quo_page_cells(const char *text)
{
	size_t left = strlen(text), len;
	unsigned columns = 0;

	for (; left > 0; text += len, left -= len)
		columns += cell(text, left, &len);
	return columns;
}

/* How many bytes of text have room in so many columns. */
static size_t
fitting(const char *text, size_t left, unsigned columns, unsigned *used)
{
	size_t at = 0, len;
	unsigned more;

	for (*used = 0; at < left; at += len, *used += more) {
		more = cell(text + at, left - at, &len);
		if (*used + more > columns)
			break;
	}
	return at;
}

/* Most texts are what they are escaped: no copy is made of these. */
static bool
plain(const char *text)
{
	while (*text >= ' ' && *text <= '~')
		text++;
	return *text == '\0';
}

/* The text escaped: itself, or a copy that is also put in owned. */
static const char *
escape(const char *text, char **owned)
{
	size_t cap = ESCAPED * strlen(text) + 1;

	*owned = NULL;
	if (plain(text))
		return text;
	*owned = malloc(cap);
	if (*owned != NULL)
		quo_say_escape(text, *owned, cap);
	return *owned;
}

static void
put(struct quo_page *page, const char *text, size_t len, enum quo_tint tint)
{
	bool paint = page->paint && tint != QUO_TINT_NONE && len > 0;

	if (paint)
		fputs(tints[tint], page->out);
	fwrite(text, 1, len, page->out);
	if (paint)
		fputs("\033[0m", page->out);
}

void
quo_page_cell(struct quo_page *page, const char *text, unsigned columns,
    enum quo_tint tint)
{
	char *owned;
	const char *clean = escape(text, &owned);
	unsigned used;
	size_t len;

	if (clean == NULL)
		return;
	used = quo_page_cells(clean);
	if (columns == 0 || used <= columns || page->width == 0 ||
	    columns <= strlen(CUT)) {
		put(page, clean, strlen(clean), tint);
	} else {
		len = fitting(clean, strlen(clean),
		    columns - (unsigned)strlen(CUT), &used);
		put(page, clean, len, tint);
		put(page, CUT, strlen(CUT), tint);
		used += (unsigned)strlen(CUT);
	}
	if (used < columns)
		fprintf(page->out, "%*s", (int)(columns - used), "");
	free(owned);
}

/* The bytes of the next line: to a blank, or cut where there is none. */
static size_t
line(const char *text, unsigned columns, unsigned width)
{
	size_t len = strlen(text), at;
	unsigned used;

	if (width == 0)
		return len;
	at = fitting(text, len, columns, &used);
	if (at == len)
		return len;
	for (len = at; len > 0 && text[len] != ' '; len--)
		;
	return len > 0 ? len : at > 0 ? at : 1;
}

void
quo_page_flow(struct quo_page *page, const char *mark,
    enum quo_tint mark_tint, unsigned indent, const char *text,
    enum quo_tint tint)
{
	unsigned room = page->width > indent ? page->width - indent : 1;
	char *owned;
	const char *at = escape(text, &owned);
	size_t len;

	if (at == NULL)
		return;
	quo_page_cell(page, mark, indent, mark_tint);
	do {
		len = line(at, room, page->width);
		put(page, at, len, tint);
		putc('\n', page->out);
		at += len;
		at += strspn(at, " ");
		if (*at != '\0')
			fprintf(page->out, "%*s", (int)indent, "");
	} while (*at != '\0');
	free(owned);
}
