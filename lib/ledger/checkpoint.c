/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "ledger/checkpoint.h"

#define ORIGIN "quorate/"
/* Their lengths, of the base64 with its padding. */
#define ORIGIN_LEN (sizeof ORIGIN - 1 + 32)
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
is_origin(const char *line, size_t len, char ledger[QUO_LEDGER_ID_TEXT])
{
	char id[QUO_LEDGER_ID_TEXT] = "";

	if (len != ORIGIN_LEN ||
	    memcmp(line, ORIGIN, sizeof ORIGIN - 1) != 0)
		return false;
	memcpy(id, line + sizeof ORIGIN - 1, sizeof id - 1);
	if (strspn(id, "0123456789abcdef") != sizeof id - 1)
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

enum quo_err
quo_checkpoint_find(const char *text, size_t len, size_t *at,
    char ledger[QUO_LEDGER_ID_TEXT], struct quo_checkpoint *checkpoint)
{
	const char *line;
	size_t line_len;

	do {
		if (!next_line(text, len, at, &line, &line_len))
			return QUO_ENOENT;
	} while (!is_origin(line, line_len, ledger));
	if (!next_line(text, len, at, &line, &line_len) ||
	    !is_size(line, line_len, &checkpoint->size) ||
	    !next_line(text, len, at, &line, &line_len) ||
	    !is_root(line, line_len, checkpoint->root))
		return QUO_EFORMAT;
	return QUO_OK;
}
