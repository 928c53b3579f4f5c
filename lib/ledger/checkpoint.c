/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/hex.h"
#include "card/slip.h"
#include "ledger/checkpoint.h"

#define ORIGIN "quorate/"
#define CODE "QUO1K:"
#define APPROVAL "quorate approval 1"
/* No approval has more. */
#define APPROVAL_LINES 20
/* In base64, with its padding. */
#define ROOT_LEN 44

void
quo_checkpoint_print(const char *ledger,
    const struct quo_checkpoint *checkpoint, char text[QUO_CHECKPOINT_TEXT])
{
	char root[ROOT_LEN + 1];

	quo_base64_encode(checkpoint->root, QUO_HASH_LEN, root);
	snprintf(text, QUO_CHECKPOINT_TEXT, ORIGIN "%.32s\n%llu\n%s\n",
	    ledger, (unsigned long long)checkpoint->size, root);
}

static bool
blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* The next line without the white space around it; false at the end. */
static bool
next_line(const char *text, size_t len, size_t *at, const char **line,
    size_t *line_len)
{
	const char *end;
	size_t first = *at, last;

	if (first >= len)
		return false;
	end = memchr(text + first, '\n', len - first);
	last = end != NULL ? (size_t)(end - text) : len;
	*at = end != NULL ? last + 1 : len;
	while (first < last && blank(text[first]))
		first++;
	while (last > first && blank(text[last - 1]))
		last--;
	*line = text + first;
	*line_len = last - first;
	return true;
}

static bool
is_id(const char *line, size_t len, char ledger[QUO_LEDGER_ID_TEXT])
{
	char id[QUO_LEDGER_ID_TEXT] = "";

	if (len != sizeof id - 1)
		return false;
	memcpy(id, line, len);
	if (!quo_hex_is(id, 16))
		return false;
	memcpy(ledger, id, sizeof id);
	return true;
}

static bool
is_size(const char *line, size_t len, uint64_t *size)
{
	*size = 0;
	if (len == 0 || len > 18 || (line[0] == '0' && len > 1))
		return false;
	for (size_t i = 0; i < len; i++) {
		if (line[i] < '0' || line[i] > '9')
			return false;
		*size = *size * 10 + (uint64_t)(line[i] - '0');
	}
	return true;
}

static bool
is_root(const char *line, size_t len, uint8_t root[QUO_HASH_LEN])
{
	uint8_t bytes[ROOT_LEN];
	size_t got = 0;

	if (len != ROOT_LEN || quo_base64_decode(line, len, bytes,
	    sizeof bytes, &got) != QUO_OK || got != QUO_HASH_LEN)
		return false;
	memcpy(root, bytes, QUO_HASH_LEN);
	return true;
}

/* Behind a key, "size: " for one, stands something; else false. */
static bool
behind(const char *key, const char **line, size_t *len)
{
	size_t key_len = strlen(key);

	if (*len <= key_len || memcmp(*line, key, key_len) != 0)
		return false;
	*line += key_len;
	*len -= key_len;
	return true;
}

/* A receipt's line: size and root. */
static bool
is_receipt(const char *line, size_t len, struct quo_checkpoint *checkpoint)
{
	const char *space;

	if (!behind("checkpoint: ", &line, &len))
		return false;
	space = memchr(line, ' ', len);
	return space != NULL &&
	    is_size(line, (size_t)(space - line), &checkpoint->size) &&
	    quo_hex_parse(space + 1,
	    len - (size_t)(space - line) - 1,
	    checkpoint->root, QUO_HASH_LEN);
}

/* The two lines behind an origin. */
static bool
read_body(const char *text, size_t len, size_t *at,
    struct quo_checkpoint *checkpoint)
{
	const char *line;
	size_t line_len;

	return next_line(text, len, at, &line, &line_len) &&
	    is_size(line, line_len, &checkpoint->size) &&
	    next_line(text, len, at, &line, &line_len) &&
	    is_root(line, line_len, checkpoint->root);
}

/* An approval's lines, up to its root. */
static bool
read_approval(const char *text, size_t len, size_t *at,
    char ledger[QUO_LEDGER_ID_TEXT], struct quo_checkpoint *checkpoint)
{
	bool sized = false;
	const char *line;
	size_t line_len;

	ledger[0] = '\0';
	for (unsigned i = 1; i < APPROVAL_LINES; i++) {
		if (!next_line(text, len, at, &line, &line_len))
			return false;
		if (behind("root: ", &line, &line_len))
			return ledger[0] != '\0' && sized &&
			    quo_hex_parse(line, line_len,
			    checkpoint->root, QUO_HASH_LEN);
		if (behind("ledger: ", &line, &line_len) &&
		    !is_id(line, line_len, ledger))
			return false;
		if (behind("size: ", &line, &line_len))
			sized = is_size(line, line_len, &checkpoint->size);
	}
	return false;
}

/* How an alert says it: to syslog, and to hooks. What others made of their
 * texts has its quotes escaped there, and can't look the same. */
static const struct form {
	const char *key, *feed;
} forms[] = {
	{ " checkpoint=\"" ORIGIN, " " },
	{ "\"checkpoint\":\"" ORIGIN, "\\n" },
};

#define FORMS (sizeof forms / sizeof *forms)
#define ID_LEN (QUO_LEDGER_ID_TEXT - 1)

static bool
is_form(const struct form *form, const char *line, size_t len,
    char ledger[QUO_LEDGER_ID_TEXT], struct quo_checkpoint *checkpoint)
{
	size_t feed = strlen(form->feed), digits = 0;

	if (!behind(form->key, &line, &len) || len < ID_LEN + feed ||
	    !is_id(line, ID_LEN, ledger) ||
	    memcmp(line + ID_LEN, form->feed, feed) != 0)
		return false;
	line += ID_LEN + feed;
	len -= ID_LEN + feed;
	while (digits < len && line[digits] >= '0' && line[digits] <= '9')
		digits++;
	if (len < digits + feed + ROOT_LEN + feed + 1 ||
	    !is_size(line, digits, &checkpoint->size))
		return false;
	line += digits;
	return memcmp(line, form->feed, feed) == 0 &&
	    is_root(line + feed, ROOT_LEN, checkpoint->root) &&
	    memcmp(line + feed + ROOT_LEN, form->feed, feed) == 0 &&
	    line[feed + ROOT_LEN + feed] == '"';
}

/* The first in a line. */
static bool
has_alert(const char *line, size_t len, char ledger[QUO_LEDGER_ID_TEXT],
    struct quo_checkpoint *checkpoint)
{
	for (size_t i = 0; i < len; i++)
		for (size_t f = 0; f < FORMS; f++)
			if (is_form(&forms[f], line + i, len - i, ledger,
			    checkpoint))
				return true;
	return false;
}

enum quo_err
quo_checkpoint_find(const char *text, size_t len, size_t *at,
    char ledger[QUO_LEDGER_ID_TEXT], struct quo_checkpoint *checkpoint)
{
	const char *line;
	size_t line_len;

	while (next_line(text, len, at, &line, &line_len)) {
		if (line_len > sizeof CODE &&
		    memcmp(line, CODE, sizeof CODE - 1) == 0)
			return quo_slip_checkpoint_read(line, line_len,
			    ledger, checkpoint);
		if (is_receipt(line, line_len, checkpoint)) {
			ledger[0] = '\0';
			return QUO_OK;
		}
		if (has_alert(line, line_len, ledger, checkpoint))
			return QUO_OK;
		if (line_len == sizeof APPROVAL - 1 &&
		    memcmp(line, APPROVAL, line_len) == 0)
			return read_approval(text, len, at, ledger,
			    checkpoint) ? QUO_OK : QUO_EFORMAT;
		if (behind(ORIGIN, &line, &line_len) &&
		    is_id(line, line_len, ledger))
			return read_body(text, len, at, checkpoint) ?
			    QUO_OK : QUO_EFORMAT;
	}
	return QUO_ENOENT;
}
