/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

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
quo_json_load(const char *text, size_t len, struct quo_json_value **json,
    struct quo_json_fault *fault)
{
	struct place place = { .line = 1 };
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
	*json = (struct quo_json_value *)(void *)root;
	return QUO_OK;
}

void
quo_json_unload(struct quo_json_value *json)
{
	json_decref((json_t *)(void *)json);
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
