/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"

struct quo_json {
	json_t *at[QUO_JSON_DEPTH];	/* from the root down */
	size_t depth;		/* of the last one */
	bool failed;
};

struct quo_json *
quo_json_new(void)
{
	struct quo_json *json = calloc(1, sizeof *json);

	if (json == NULL)
		return NULL;
	json->at[0] = json_object();
	if (json->at[0] == NULL) {
		free(json);
		return NULL;
	}
	return json;
}

/* Takes over value, also when it fails. */
static void
put(struct quo_json *json, const char *key, json_t *value)
{
	json_t *in = json->at[json->depth];

	if (json->failed || value == NULL || (key == NULL) != json_is_array(in))
		json->failed = true;
	if (json->failed) {
		json_decref(value);
		return;
	}
	if ((key == NULL ? json_array_append_new(in, value) :
	    json_object_set_new(in, key, value)) != 0)
		json->failed = true;
}

/* JSON has a form for any text but bytes that are no UTF-8. */
static json_t *
escaped(const char *value)
{
	size_t left = strlen(value), used = 0, len;
	char *clean = malloc(4 * left + 1);
	uint32_t point;
	json_t *text;

	if (clean == NULL)
		return NULL;
	for (; left > 0; value += len, left -= len) {
		len = quo_utf8_decode(value, left, &point);
		if (len > 0) {
			memcpy(clean + used, value, len);
			used += len;
		} else {
			len = 1;
			used += (size_t)snprintf(clean + used, 5, "\\x%02x",
			    (unsigned char)*value);
		}
	}
	text = json_stringn(clean, used);
	free(clean);
	return text;
}

void
quo_json_text(struct quo_json *json, const char *key, const char *value)
{
	json_t *text;

	if (json == NULL)
		return;
	text = value == NULL ? json_null() : json_string(value);
	if (text == NULL)
		text = escaped(value);
	put(json, key, text);
}

void
quo_json_int(struct quo_json *json, const char *key, int64_t value)
{
	if (json != NULL)
		put(json, key, json_integer(value));
}

void
quo_json_bool(struct quo_json *json, const char *key, bool value)
{
	if (json != NULL)
		put(json, key, json_boolean(value));
}

static void
enter(struct quo_json *json, const char *key, json_t *inner)
{
	if (json->depth + 1 >= QUO_JSON_DEPTH)
		json->failed = true;
	put(json, key, inner);
	if (!json->failed)
		json->at[++json->depth] = inner;
}

void
quo_json_object(struct quo_json *json, const char *key)
{
	if (json != NULL)
		enter(json, key, json_object());
}

void
quo_json_array(struct quo_json *json, const char *key)
{
	if (json != NULL)
		enter(json, key, json_array());
}

void
quo_json_close(struct quo_json *json)
{
	if (json == NULL || json->failed)
		return;
	if (json->depth == 0)
		json->failed = true;
	else
		json->depth--;
}

enum quo_err
quo_json_dump(const struct quo_json *json, enum quo_json_form form,
    char **text)
{
	size_t flags = JSON_ENSURE_ASCII |
	    (form == QUO_JSON_LINE ? JSON_COMPACT : JSON_INDENT(2));
	char *dump, *line;
	size_t len;

	if (json == NULL)
		return QUO_ENOMEM;
	if (json->failed || json->depth != 0)
		return QUO_EINVAL;
	dump = json_dumps(json->at[0], flags);
	if (dump == NULL)
		return QUO_ENOMEM;
	len = strlen(dump);
	line = realloc(dump, len + 2);
	if (line == NULL) {
		free(dump);
		return QUO_ENOMEM;
	}
	memcpy(line + len, "\n", 2);
	*text = line;
	return QUO_OK;
}

void
quo_json_free(struct quo_json *json)
{
	if (json == NULL)
		return;
	json_decref(json->at[0]);
	free(json);
}

/* Where a text stands that is being looked through. */
struct place {
	unsigned line, column;
};

static void
pass(struct place *place, char c)
{
	if (c == '\n') {
		place->line++;
		place->column = 0;
	} else if (((unsigned char)c & 0xC0) != 0x80)
		place->column++;
}

/* jansson would go 2048 levels down; what is no JSON is left to it. */
static bool
too_deep(const char *text, size_t len, struct place *place)
{
	bool quoted = false, escape = false;
	size_t depth = 0;

	for (size_t i = 0; i < len; i++) {
		pass(place, text[i]);
		if (escape)
			escape = false;
		else if (quoted && text[i] == '\\')
			escape = true;
		else if (text[i] == '"')
			quoted = !quoted;
		else if (!quoted && (text[i] == '{' || text[i] == '['))
			depth++;
		else if (!quoted && depth > 0 &&
		    (text[i] == '}' || text[i] == ']'))
			depth--;
		if (depth > QUO_JSON_DEPTH)
			return true;
	}
	return false;
}

static enum quo_err
refuse(struct quo_json_fault *fault, struct place at, const char *why)
{
	if (fault != NULL) {
		fault->line = at.line;
		fault->column = at.column;
		snprintf(fault->why, sizeof fault->why, "%s", why);
	}
	return QUO_ESYNTAX;
}

enum quo_err
quo_json_load(const char *text, size_t len, struct quo_json **json,
    struct quo_json_fault *fault)
{
	struct place place = { .line = 1 };
	struct quo_json *loaded;
	json_error_t error;
	json_t *root;

	if (len > QUO_JSON_MAX)
		return QUO_ETOOBIG;
	if (too_deep(text, len, &place))
		return refuse(fault, place, "too many levels");
	root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
	if (root == NULL && json_error_code(&error) == json_error_out_of_memory)
		return QUO_ENOMEM;
	place = (struct place){ (unsigned)error.line,
	    error.column > 0 ? (unsigned)error.column : 1 };
	if (root == NULL)
		return refuse(fault, place, error.text);
	if (!json_is_object(root)) {
		json_decref(root);
		return refuse(fault, (struct place){ 1, 1 },
		    "an object is wanted");
	}
	loaded = calloc(1, sizeof *loaded);
	if (loaded == NULL) {
		json_decref(root);
		return QUO_ENOMEM;
	}
	loaded->at[0] = root;
	*json = loaded;
	return QUO_OK;
}

/* A quo_json_value is a json_t, whose functions want it without const. */
static json_t *
jansson(const struct quo_json_value *value)
{
	return (json_t *)(uintptr_t)value;
}

static const struct quo_json_value *
value_of(const json_t *value)
{
	return (const struct quo_json_value *)(const void *)value;
}

const struct quo_json_value *
quo_json_root(const struct quo_json *json)
{
	return value_of(json->at[0]);
}

enum quo_json_kind
quo_json_kind(const struct quo_json_value *value)
{
	static const enum quo_json_kind kinds[] = {
		[JSON_OBJECT] = QUO_JSON_OBJECT,
		[JSON_ARRAY] = QUO_JSON_ARRAY,
		[JSON_STRING] = QUO_JSON_TEXT,
		[JSON_INTEGER] = QUO_JSON_INT,
		[JSON_REAL] = QUO_JSON_REAL,
		[JSON_TRUE] = QUO_JSON_BOOL,
		[JSON_FALSE] = QUO_JSON_BOOL,
		[JSON_NULL] = QUO_JSON_NULL,
	};

	return value == NULL ? QUO_JSON_NONE :
	    kinds[json_typeof(jansson(value))];
}

const char *
quo_json_kind_name(enum quo_json_kind kind)
{
	static const char *const names[] = {
		[QUO_JSON_NONE] = "nothing",
		[QUO_JSON_NULL] = "null",
		[QUO_JSON_BOOL] = "true or false",
		[QUO_JSON_INT] = "a whole number",
		[QUO_JSON_REAL] = "a number with a point",
		[QUO_JSON_TEXT] = "a text",
		[QUO_JSON_ARRAY] = "a list",
		[QUO_JSON_OBJECT] = "an object",
	};

	return names[kind];
}

const char *
quo_json_as_text(const struct quo_json_value *value)
{
	return json_string_value(jansson(value));
}

bool
quo_json_as_int(const struct quo_json_value *value, int64_t *result)
{
	if (!json_is_integer(jansson(value)))
		return false;
	*result = json_integer_value(jansson(value));
	return true;
}

size_t
quo_json_count(const struct quo_json_value *value)
{
	return json_is_array(jansson(value)) ?
	    json_array_size(jansson(value)) : json_object_size(jansson(value));
}

const struct quo_json_value *
quo_json_element(const struct quo_json_value *array, size_t i)
{
	return value_of(json_array_get(jansson(array), i));
}

const struct quo_json_value *
quo_json_member(const struct quo_json_value *object, const char *key)
{
	return value_of(json_object_get(jansson(object), key));
}

const char *
quo_json_next(const struct quo_json_value *object, const char *key)
{
	json_t *in = jansson(object);

	return json_object_iter_key(key == NULL ? json_object_iter(in) :
	    json_object_iter_next(in, json_object_key_to_iter(key)));
}

const char *
quo_json_unknown(const struct quo_json_value *object,
    const char *const *known)
{
	const char *const *name;
	const char *key;

	for (key = quo_json_next(object, NULL); key != NULL;
	    key = quo_json_next(object, key)) {
		for (name = known; *name != NULL; name++)
			if (strcmp(*name, key) == 0)
				break;
		if (*name == NULL)
			return key;
	}
	return NULL;
}
