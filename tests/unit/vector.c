/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vector.h"

static void
end_block(struct block *b, void (*each)(struct block *), size_t *blocks)
{
	if (b->count == 0)
		return;
	if (b->count < 2 || strcmp(b->key[0], "name") != 0 ||
	    strcmp(b->key[b->count - 1], "result") != 0)
		fail_msg("%s: no block: %s", b->file, b->value[0]);
	each(b);
	++*blocks;
	for (size_t i = 0; i < b->count; i++) {
		free(b->scratch[i]);
		b->scratch[i] = NULL;
	}
	b->count = 0;
}

static void
add_line(struct block *b, char *line)
{
	char *eq = strstr(line, " =");

	if (eq == NULL || b->count == BLOCK_KEYS ||
	    (eq[2] != ' ' && eq[2] != '\0'))
		fail_msg("%s: no line of a block: %s", b->file, line);
	*eq = '\0';
	b->key[b->count] = line;
	b->value[b->count++] = eq[2] == ' ' ? eq + 3 : eq + 2;
}

static char *
load(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = NULL;
	size_t len;

	if (f == NULL || fseek(f, 0, SEEK_END) != 0)
		fail_msg("%s: can't be read", path);
	len = (size_t)ftell(f);
	rewind(f);
	text = malloc(len + 1);
	assert_int_equal(fread(text, 1, len, f), len);
	text[len] = '\0';
	assert_int_equal(strlen(text), len);
	fclose(f);
	return text;
}

size_t
vector_file(const char *path, void (*each)(struct block *block))
{
	static struct block b;
	char *text = load(path), *next;
	size_t blocks = 0;

	b = (struct block){ .file = path };
	for (char *line = text; line != NULL; line = next) {
		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		if (*line == '\0')
			end_block(&b, each, &blocks);
		else if (*line != '#')
			add_line(&b, line);
	}
	end_block(&b, each, &blocks);
	free(text);
	return blocks;
}

const char *
block_text(const struct block *b, const char *key)
{
	for (size_t i = 1; i < b->count; i++)
		if (strcmp(b->key[i], key) == 0)
			return b->value[i];
	return NULL;
}

const char *
block_item(const struct block *b, const char *key, unsigned index)
{
	char full[64];

	snprintf(full, sizeof full, "%s.%u", key, index);
	return block_text(b, full);
}

static void
fail_block(const struct block *b, const char *key, const char *why)
{
	fail_msg("%s: %s: %s %s", b->file, b->value[0], key, why);
}

unsigned long
block_number(const struct block *b, const char *key)
{
	const char *text = block_text(b, key);
	char *end;
	unsigned long n;

	if (text == NULL || *text == '\0')
		fail_block(b, key, "is missing");
	n = strtoul(text, &end, 10);
	if (*end != '\0')
		fail_block(b, key, "is no number");
	return n;
}

struct quo_span
block_bytes(struct block *b, const char *key)
{
	const char *text = block_text(b, key);
	unsigned byte;
	size_t i = 1, len;

	if (text == NULL)
		fail_block(b, key, "is missing");
	while (b->value[i] != text)
		i++;
	len = strlen(text) / 2;
	if (strspn(text, "0123456789abcdef") != 2 * len)
		fail_block(b, key, "is no hex");
	if (b->scratch[i] == NULL)
		b->scratch[i] = malloc(len + 1);
	for (size_t at = 0; at < len; at++) {
		assert_int_equal(sscanf(text + 2 * at, "%2x", &byte), 1);
		b->scratch[i][at] = (uint8_t)byte;
	}
	return (struct quo_span){ b->scratch[i], len };
}

struct quo_span
block_bytes_item(struct block *b, const char *key, unsigned index)
{
	char full[64];

	snprintf(full, sizeof full, "%s.%u", key, index);
	return block_bytes(b, full);
}

void
block_holds(struct block *b, const char *key, const void *data, size_t len)
{
	struct quo_span want = block_bytes(b, key);

	if (want.len != len ||
	    (len > 0 && memcmp(want.data, data, len) != 0))
		fail_block(b, key, "is another");
}

void
block_holds_number(struct block *b, const char *key, unsigned long number)
{
	if (block_number(b, key) != number)
		fail_block(b, key, "is another");
}

enum quo_err
block_result(const struct block *b)
{
	static const struct {
		const char *name;
		enum quo_err err;
	} classes[] = {
		{ "ok", QUO_OK }, { "EINVAL", QUO_EINVAL },
		{ "EDUPLICATE", QUO_EDUPLICATE },
		{ "ESYNTAX", QUO_ESYNTAX }, { "EFORMAT", QUO_EFORMAT },
		{ "EVERSION", QUO_EVERSION }, { "ECHECK", QUO_ECHECK },
		{ "EWORD", QUO_EWORD }, { "EMISMATCH", QUO_EMISMATCH },
		{ "EMISSING", QUO_EMISSING },
		{ "ENOQUORUM", QUO_ENOQUORUM }, { "ESEAL", QUO_ESEAL },
		{ "EPHRASE", QUO_EPHRASE },
	};
	const char *text = b->value[b->count - 1];

	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
		if (strcmp(classes[i].name, text) == 0)
			return classes[i].err;
	fail_block(b, text, "is no class");
	return QUO_OK;
}
