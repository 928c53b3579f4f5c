/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/roster.h"

/* One record of a document, while it is read. */
struct place {
	const struct quo_record_type *type;
	enum quo_record_kind kind;
	size_t number;		/* in its list, from 1 */
	struct quo_record *record;
	char *why;
};

static enum quo_err wrong(const struct place *p, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* "people, number 2 ("anna"): roles: …" */
static enum quo_err
wrong(const struct place *p, const char *format, ...)
{
	const char *key = p->record != NULL ? p->record->key : NULL;
	char words[QUO_ROSTER_WHY];
	size_t used;
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof words, format, args);
	va_end(args);
	used = (size_t)snprintf(p->why, QUO_ROSTER_WHY, "%s, number %zu",
	    p->type->list, p->number);
	if (key != NULL)
		used += (size_t)snprintf(p->why + used, QUO_ROSTER_WHY - used,
		    " (\"%.100s\")", key);
	snprintf(p->why + used, QUO_ROSTER_WHY - used, ": %.*s",
	    (int)(QUO_ROSTER_WHY - used - 3), words);
	return QUO_ESYNTAX;
}

static bool
is_list(const struct quo_field *field)
{
	return field->form == QUO_FIELD_LIST ||
	    field->form == QUO_FIELD_CHOICES || field->form == QUO_FIELD_KEYS;
}

/* The elements of an array as lines. */
static enum quo_err
join(const struct place *p, const struct quo_field *field,
    const struct quo_json_value *array, char **lines)
{
	size_t len = 1, used = 0, count = quo_json_count(array);
	const char *text;

	for (size_t i = 0; i < count; i++) {
		text = quo_json_as_text(quo_json_element(array, i));
		if (text == NULL || !quo_value_valid(text))
			return wrong(p, "%s: an element is a text of one "
			    "line", field->name);
		len += strlen(text) + 1;
	}
	*lines = calloc(1, len);
	if (*lines == NULL)
		return QUO_ENOMEM;
	for (size_t i = 0; i < count; i++) {
		text = quo_json_as_text(quo_json_element(array, i));
		used += (size_t)sprintf(*lines + used, "%s%s",
		    i > 0 ? "\n" : "", text);
	}
	return QUO_OK;
}

static enum quo_err
text_of(const struct place *p, const struct quo_field *field,
    const struct quo_json_value *value, char **text)
{
	enum quo_json_kind kind = quo_json_kind(value);
	enum quo_json_kind wanted = is_list(field) ? QUO_JSON_ARRAY :
	    field->form == QUO_FIELD_COUNT ? QUO_JSON_INT : QUO_JSON_TEXT;
	int64_t n = 0;

	if (kind != wanted)
		return wrong(p, "%s: %s is wanted, not %s", field->name,
		    quo_json_kind_name(wanted), quo_json_kind_name(kind));
	if (wanted == QUO_JSON_ARRAY)
		return join(p, field, value, text);
	if (quo_json_as_int(value, &n)) {
		if (asprintf(text, "%lld", (long long)n) < 0)
			*text = NULL;
	} else
		*text = strdup(quo_json_as_text(value));
	return *text == NULL ? QUO_ENOMEM : QUO_OK;
}

static enum quo_err
read_field(const struct place *p, int field,
    const struct quo_json_value *value)
{
	const struct quo_field *f = &p->type->fields[field];
	char why[QUO_ROSTER_WHY], *text = NULL;
	enum quo_err err;

	err = text_of(p, f, value, &text);
	if (err == QUO_OK)
		err = quo_record_set(p->record, p->kind, field, text, why);
	free(text);
	return err == QUO_EINVAL ? wrong(p, "%s: %s", f->name, why) : err;
}

static enum quo_err
read_key(const struct place *p, const struct quo_json_value *object)
{
	const struct quo_json_value *value =
	    quo_json_member(object, p->type->key);
	const char *text = quo_json_as_text(value);
	char why[QUO_ROSTER_WHY];
	enum quo_err err;

	if (value == NULL)
		return wrong(p, "%s is missing", p->type->key);
	if (text == NULL)
		return wrong(p, "%s: a text is wanted, not %s", p->type->key,
		    quo_json_kind_name(quo_json_kind(value)));
	err = quo_record_name(p->record, text, why);
	return err == QUO_EINVAL ? wrong(p, "%s: %s", p->type->key, why) :
	    err;
}

static enum quo_err
read_record(const struct place *p, const struct quo_json_value *object)
{
	enum quo_err err;
	const char *key;
	int field;

	if (quo_json_kind(object) != QUO_JSON_OBJECT)
		return wrong(p, "an object is wanted, not %s",
		    quo_json_kind_name(quo_json_kind(object)));
	err = read_key(p, object);
	for (key = quo_json_next(object, NULL); err == QUO_OK && key != NULL;
	    key = quo_json_next(object, key)) {
		field = quo_record_field(p->kind, key);
		if (field >= 0)
			err = read_field(p, field,
			    quo_json_member(object, key));
		else if (strcmp(key, p->type->key) != 0)
			err = wrong(p, "there is no key \"%.60s\"", key);
	}
	return err;
}

static enum quo_err
read_list(const struct quo_json_value *array, enum quo_record_kind kind,
    struct quo_roster *roster, char *why)
{
	struct place p = { .type = &quo_record_types[kind], .kind = kind,
	    .why = why };
	enum quo_err err = QUO_OK;

	if (array != NULL && quo_json_kind(array) != QUO_JSON_ARRAY) {
		snprintf(why, QUO_ROSTER_WHY, "%s: a list is wanted, not %s",
		    p.type->list, quo_json_kind_name(quo_json_kind(array)));
		return QUO_ESYNTAX;
	}
	for (size_t i = 0; err == QUO_OK && i < quo_json_count(array); i++) {
		p.number = i + 1;
		p.record = quo_roster_add(roster, kind);
		err = p.record == NULL ? QUO_ENOMEM :
		    read_record(&p, quo_json_element(array, i));
	}
	return err;
}

static enum quo_err
refuse_twins(const struct quo_roster *roster, char *why)
{
	for (int k = 0; k < QUO_RECORD_KINDS; k++)
		for (size_t i = 1; i < roster->count[k]; i++) {
			const struct quo_record *r = &roster->records[k][i];

			if (strcmp(r[-1].key, r->key) != 0)
				continue;
			snprintf(why, QUO_ROSTER_WHY, "%s: \"%.100s\" stands "
			    "there twice", quo_record_types[k].list, r->key);
			return QUO_ESYNTAX;
		}
	return QUO_OK;
}

enum quo_err
quo_roster_read(const struct quo_json_value *root,
    struct quo_roster *roster, char why[QUO_ROSTER_WHY])
{
	const char *known[QUO_RECORD_KINDS + 1] = { NULL };
	enum quo_err err = QUO_OK;
	const char *key;

	*roster = (struct quo_roster){ 0 };
	for (int k = 0; k < QUO_RECORD_KINDS; k++)
		known[k] = quo_record_types[k].list;
	key = quo_json_unknown(root, known);
	if (key != NULL) {
		snprintf(why, QUO_ROSTER_WHY, "there is no key \"%.60s\"",
		    key);
		return QUO_ESYNTAX;
	}
	for (int k = 0; err == QUO_OK && k < QUO_RECORD_KINDS; k++)
		err = read_list(quo_json_member(root, known[k]),
		    (enum quo_record_kind)k, roster, why);
	if (err != QUO_OK)
		return err;
	quo_roster_sort(roster);
	return refuse_twins(roster, why);
}

static void
write_lines(const char *name, const char *text, struct quo_json *json)
{
	size_t len;

	quo_json_array(json, name);
	for (; *text != '\0'; text += len + (text[len] == '\n')) {
		char *line;

		len = strcspn(text, "\n");
		line = strndup(text, len);
		quo_json_text(json, NULL, line);
		free(line);
	}
	quo_json_close(json);
}

void
quo_record_write(enum quo_record_kind kind, const struct quo_record *record,
    struct quo_json *json)
{
	const struct quo_record_type *type = &quo_record_types[kind];

	quo_json_text(json, type->key, record->key);
	for (int i = 0; type->fields[i].name != NULL; i++) {
		const struct quo_field *f = &type->fields[i];
		const char *text = record->value[i];

		if (text == NULL)
			continue;
		if (is_list(f))
			write_lines(f->name, text, json);
		else if (f->form == QUO_FIELD_COUNT)
			quo_json_int(json, f->name, strtoll(text, NULL, 10));
		else
			quo_json_text(json, f->name, text);
	}
}

void
quo_roster_write(const struct quo_roster *roster, struct quo_json *json)
{
	for (int k = 0; k < QUO_RECORD_KINDS; k++) {
		quo_json_array(json, quo_record_types[k].list);
		for (size_t i = 0; i < roster->count[k]; i++) {
			quo_json_object(json, NULL);
			quo_record_write((enum quo_record_kind)k,
			    &roster->records[k][i], json);
			quo_json_close(json);
		}
		quo_json_close(json);
	}
}
