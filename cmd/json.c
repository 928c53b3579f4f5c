/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/json.h"
#include "cmd/say.h"

#define DEPTH_MAX 16

struct quo_json {
	json_t *at[DEPTH_MAX];	/* the root, and down to where it stands */
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
	size_t cap = 4 * strlen(value) + 1;
	char *clean = malloc(cap);
	json_t *text;

	if (clean == NULL)
		return NULL;
	quo_say_escape(value, clean, cap);
	text = json_string(clean);
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
	if (json->depth + 1 >= DEPTH_MAX)
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
quo_json_print(const struct quo_json *json)
{
	char *text;

	if (json == NULL)
		return QUO_ENOMEM;
	if (json->failed || json->depth != 0)
		return QUO_EINVAL;
	text = json_dumps(json->at[0], JSON_INDENT(2) | JSON_ENSURE_ASCII);
	if (text == NULL)
		return QUO_ENOMEM;
	quo_say_bytes(text, strlen(text));
	quo_say_bytes("\n", 1);
	free(text);
	return quo_say_failed() ? QUO_EIO : QUO_OK;
}

void
quo_json_free(struct quo_json *json)
{
	if (json == NULL)
		return;
	json_decref(json->at[0]);
	free(json);
}
