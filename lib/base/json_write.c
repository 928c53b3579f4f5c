/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"

#define FIRST_CAP 4096

struct quo_json {
	char *text;
	size_t len, cap;
	size_t depth;		/* of the innermost one, the root's is 0 */
	struct {
		bool array, filled;
	} in[QUO_JSON_DEPTH];
	bool line, failed;
};

/* Where len bytes more are to go; NULL without memory. */
static char *
extend(struct quo_json *json, size_t len)
{
	size_t cap = json->cap > 0 ? json->cap : FIRST_CAP;
	char *more;

	if (json->failed)
		return NULL;
	while (cap - json->len < len)
		cap *= 2;
	if (cap > json->cap) {
		more = realloc(json->text, cap);
		if (more == NULL) {
			json->failed = true;
			return NULL;
		}
		json->text = more;
		json->cap = cap;
	}
	json->len += len;
	return json->text + json->len - len;
}

static void
append(struct quo_json *json, const char *bytes, size_t len)
{
	char *at = extend(json, len);

	if (at != NULL)
		memcpy(at, bytes, len);
}

static struct quo_json *
begin(bool line)
{
	struct quo_json *json = calloc(1, sizeof *json);

	if (json == NULL)
		return NULL;
	json->line = line;
	append(json, "{", 1);
	return json;
}

struct quo_json *
quo_json_new(void)
{
	return begin(false);
}

struct quo_json *
quo_json_new_line(void)
{
	return begin(true);
}

static void
break_line(struct quo_json *json)
{
	char *at = json->line ? NULL : extend(json, 1 + 2 * (json->depth + 1));

	if (at != NULL) {
		*at = '\n';
		memset(at + 1, ' ', 2 * (json->depth + 1));
	}
}

static bool
is_plain(char c)
{
	return (unsigned char)c >= ' ' && (unsigned char)c < 0x80 &&
	    c != '"' && c != '\\';
}

/* One character that can't stand as it is; gives its length. */
static size_t
append_escape(struct quo_json *json, const char *text, size_t left)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char *at = strchr(from, *text);
	uint32_t point = 0, high;
	char escape[16];
	size_t len = quo_utf8_decode(text, left, &point);

	if (len == 0)
		/* JSON has a form for any text but bytes that are no UTF-8. */
		snprintf(escape, sizeof escape, "\\\\x%02x",
		    (unsigned char)*text);
	else if (at != NULL)
		snprintf(escape, sizeof escape, "\\%c", to[at - from]);
	else if (point < 0x10000)
		snprintf(escape, sizeof escape, "\\u%04" PRIX32, point);
	else {
		high = point - 0x10000;
		snprintf(escape, sizeof escape, "\\u%04" PRIX32 "\\u%04" PRIX32,
		    0xD800 + (high >> 10), 0xDC00 + (high & 0x3FF));
	}
	append(json, escape, strlen(escape));
	return len > 0 ? len : 1;
}

static void
append_text(struct quo_json *json, const char *text)
{
	size_t left = strlen(text), len;

	append(json, "\"", 1);
	while (left > 0) {
		for (len = 0; len < left && is_plain(text[len]); )
			len++;
		append(json, text, len);
		if (len == 0)
			len = append_escape(json, text, left);
		text += len;
		left -= len;
	}
	append(json, "\"", 1);
}

/* All that stands before a value. */
static void
place(struct quo_json *json, const char *key)
{
	if ((key == NULL) != json->in[json->depth].array)
		json->failed = true;
	if (json->in[json->depth].filled)
		append(json, ",", 1);
	json->in[json->depth].filled = true;
	break_line(json);
	if (key != NULL) {
		append_text(json, key);
		append(json, ": ", json->line ? 1 : 2);
	}
}

static void
put(struct quo_json *json, const char *key, const char *value)
{
	if (json == NULL)
		return;
	place(json, key);
	append(json, value, strlen(value));
}

void
quo_json_text(struct quo_json *json, const char *key, const char *value)
{
	if (value == NULL) {
		put(json, key, "null");
	} else if (json != NULL) {
		place(json, key);
		append_text(json, value);
	}
}

void
quo_json_int(struct quo_json *json, const char *key, int64_t value)
{
	char number[24];

	snprintf(number, sizeof number, "%" PRId64, value);
	put(json, key, number);
}

void
quo_json_bool(struct quo_json *json, const char *key, bool value)
{
	put(json, key, value ? "true" : "false");
}

static void
enter(struct quo_json *json, const char *key, bool array)
{
	if (json == NULL)
		return;
	put(json, key, array ? "[" : "{");
	if (json->depth + 1 >= QUO_JSON_DEPTH)
		json->failed = true;
	if (json->failed)
		return;
	json->depth++;
	json->in[json->depth].array = array;
	json->in[json->depth].filled = false;
}

void
quo_json_object(struct quo_json *json, const char *key)
{
	enter(json, key, false);
}

void
quo_json_array(struct quo_json *json, const char *key)
{
	enter(json, key, true);
}

void
quo_json_close(struct quo_json *json)
{
	bool array;

	if (json == NULL)
		return;
	if (json->depth == 0)
		json->failed = true;
	if (json->failed)
		return;
	array = json->in[json->depth].array;
	json->depth--;
	if (json->in[json->depth + 1].filled)
		break_line(json);
	append(json, array ? "]" : "}", 1);
}

enum quo_err
quo_json_dump(struct quo_json *json, const char **text)
{
	if (json == NULL)
		return QUO_ENOMEM;
	if (json->depth != 0)
		json->failed = true;
	if (json->in[0].filled && !json->line)
		append(json, "\n", 1);
	append(json, "}\n", 3);
	if (json->failed)
		return QUO_EINVAL;
	*text = json->text;
	/* Whatever comes behind the end is misplaced. */
	json->failed = true;
	return QUO_OK;
}

void
quo_json_free(struct quo_json *json)
{
	if (json == NULL)
		return;
	free(json->text);
	free(json);
}
