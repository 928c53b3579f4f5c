/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypt.h"
#include "base/hex.h"
#include "base/utc.h"
#include "ledger/ledger_internal.h"
#include "ledger/roster.h"

/*
 * Records in the tables of the ledger: texts, but numbers for counts, spans
 * (seconds) and roles (bits), which rules and queries reckon with.
 */

#define SQL_MAX 512

static bool
is_number(const struct quo_field *field)
{
	return field->form == QUO_FIELD_COUNT ||
	    field->form == QUO_FIELD_SPAN || field->form == QUO_FIELD_CHOICES;
}

/* Columns that are never null. */
static bool
has_zero(const struct quo_field *field)
{
	return field->form == QUO_FIELD_COUNT ||
	    field->form == QUO_FIELD_CHOICES;
}

static int64_t
number_of(const struct quo_field *field, const char *text)
{
	int64_t n = 0;

	if (text == NULL)
		return 0;
	if (field->form == QUO_FIELD_COUNT)
		return strtoll(text, NULL, 10);
	if (field->form == QUO_FIELD_SPAN)
		return quo_span_parse(text, &n) == QUO_OK ? n : 0;
	for (size_t i = 0; field->choices[i] != NULL; i++) {
		const char *at = strstr(text, field->choices[i]);

		/* No choice is part of another. */
		if (at != NULL)
			n |= INT64_C(1) << i;
	}
	return n;
}

static char *
text_of(const struct quo_field *field, int64_t n)
{
	char text[128] = "";

	if (n <= 0)
		return NULL;
	if (field->form == QUO_FIELD_COUNT)
		snprintf(text, sizeof text, "%lld", (long long)n);
	else if (field->form == QUO_FIELD_SPAN)
		quo_span_print(n, text);
	else
		for (size_t i = 0; field->choices[i] != NULL; i++)
			if ((n >> i & 1) != 0) {
				strcat(text, *text != '\0' ? "\n" : "");
				strcat(text, field->choices[i]);
			}
	return strdup(text);
}

static bool
read_row(struct quo_rows *rows, const struct quo_record_type *type,
    struct quo_record *record)
{
	record->key = strdup(quo_rows_text(rows, 0));
	if (record->key == NULL)
		return false;
	for (int i = 0; type->fields[i].name != NULL; i++) {
		const struct quo_field *f = &type->fields[i];
		const char *text = quo_rows_text(rows, i + 1);
		int64_t n = is_number(f) ? quo_rows_int(rows, i + 1) : 0;

		if (text == NULL || (is_number(f) && n <= 0))
			continue;
		record->value[i] = is_number(f) ? text_of(f, n) :
		    strdup(text);
		if (record->value[i] == NULL)
			return false;
	}
	return true;
}

static enum quo_err
load_kind(struct quo_ledger *ledger, enum quo_record_kind kind,
    struct quo_roster *roster)
{
	const struct quo_record_type *type = &quo_record_types[kind];
	struct quo_record *record;
	struct quo_rows *rows = NULL;
	char sql[SQL_MAX];
	size_t used;
	enum quo_err err, end;

	used = (size_t)snprintf(sql, sizeof sql, "SELECT %s", type->column);
	for (int i = 0; type->fields[i].name != NULL; i++)
		used += (size_t)snprintf(sql + used, sizeof sql - used,
		    ", %s", type->fields[i].name);
	snprintf(sql + used, sizeof sql - used, " FROM %s ORDER BY 1",
	    type->table);
	err = quo_db_ask(ledger->db, &rows, sql, "");
	if (err != QUO_OK)
		return quo_ledger_say(ledger, err, "%s",
		    quo_db_message(ledger->db));
	while (err == QUO_OK && quo_rows_next(rows)) {
		record = quo_roster_add(roster, kind);
		if (record == NULL || !read_row(rows, type, record))
			err = QUO_ENOMEM;
	}
	end = quo_rows_end(rows);
	return err != QUO_OK ? err : end;
}

enum quo_err
quo_roster_load(struct quo_ledger *ledger, struct quo_roster *roster)
{
	enum quo_err err = QUO_OK;

	*roster = (struct quo_roster){ 0 };
	for (int k = 0; err == QUO_OK && k < QUO_RECORD_KINDS; k++)
		err = load_kind(ledger, (enum quo_record_kind)k, roster);
	return err;
}

/* The SHA-256 of the record as a line of JSON, without its line feed. */
static enum quo_err
hash_record(enum quo_record_kind kind, const struct quo_record *record,
    char hex[2 * QUO_HASH_LEN + 1])
{
	struct quo_json *json = quo_json_new_line();
	uint8_t hash[QUO_HASH_LEN];
	struct quo_span span;
	const char *line;
	enum quo_err err;

	quo_record_write(kind, record, json);
	err = quo_json_dump(json, &line);
	if (err == QUO_OK) {
		span = (struct quo_span){ line, strlen(line) - 1 };
		quo_sha256(&span, 1, hash);
		quo_hex_print(hash, sizeof hash, hex);
	}
	quo_json_free(json);
	return err;
}

static enum quo_err
store_field(struct quo_ledger *ledger, const struct quo_record_type *type,
    int field, const struct quo_record *record)
{
	const struct quo_field *f = &type->fields[field];
	const char *text = record->value[field];
	char sql[SQL_MAX];

	snprintf(sql, sizeof sql, "UPDATE %s SET %s = ? WHERE %s = ?",
	    type->table, f->name, type->column);
	if (is_number(f) && (text != NULL || has_zero(f)))
		return quo_db_run(ledger->db, sql, "it", number_of(f, text),
		    record->key);
	return quo_db_run(ledger->db, sql, "tt", text, record->key);
}

static enum quo_err
store(struct quo_ledger *ledger, enum quo_record_kind kind,
    const struct quo_record *old, const struct quo_record *record)
{
	static const struct quo_record none;

	const struct quo_record_type *type = &quo_record_types[kind];
	char sql[SQL_MAX];
	enum quo_err err;

	snprintf(sql, sizeof sql, "INSERT INTO %s (%s%s) VALUES (?%s) ON "
	    "CONFLICT DO NOTHING", type->table, type->column,
	    kind == QUO_RECORD_PERSON ? ", roles" : "",
	    kind == QUO_RECORD_PERSON ? ", 0" : "");
	err = quo_db_run(ledger->db, sql, "t", record->key);
	if (old == NULL)
		old = &none;
	for (int i = 0; err == QUO_OK && type->fields[i].name != NULL; i++)
		if (!quo_text_same(old->value[i], record->value[i]))
			err = store_field(ledger, type, i, record);
	return err == QUO_OK ? err : quo_ledger_say(ledger, err, "%s",
	    quo_db_message(ledger->db));
}

static const char *
act_of(enum quo_record_kind kind, const struct quo_record *old,
    const struct quo_record *new)
{
	if (old == NULL)
		return "add";
	if (kind == QUO_RECORD_PERSON &&
	    old->value[QUO_PERSON_RETIRED] == NULL &&
	    new->value[QUO_PERSON_RETIRED] != NULL)
		return "retire";
	return "change";
}

/* To the rules names that differ by case are one person's. */
static enum quo_err
check_twin(struct quo_ledger *ledger, const char *handle)
{
	struct quo_rows *rows = NULL;
	char twin[QUO_VALUE_MAX + 1] = "";
	enum quo_err err;

	err = quo_db_ask(ledger->db, &rows, "SELECT handle FROM person WHERE "
	    "handle = ?1 COLLATE NOCASE AND handle <> ?1", "t", handle);
	if (err != QUO_OK)
		return err;
	if (quo_rows_next(rows))
		snprintf(twin, sizeof twin, "%s", quo_rows_text(rows, 0));
	err = quo_rows_end(rows);
	return err != QUO_OK || *twin == '\0' ? err : quo_ledger_say(ledger,
	    QUO_EREFUSED, "there is a person \"%s\": \"%s\" would be taken "
	    "for the same", twin, handle);
}

enum quo_err
quo_record_put(struct quo_ledger *ledger, enum quo_record_kind kind,
    const struct quo_record *old, const struct quo_record *new)
{
	const struct quo_record_type *type = &quo_record_types[kind];
	char names[QUO_DIFF_TEXT], hash[2 * QUO_HASH_LEN + 1];
	struct quo_entry entry = { .value = {
		[QUO_KEY_EVENT] = type->what,
		[QUO_KEY_ACT] = act_of(kind, old, new),
		[QUO_KEY_HASH] = hash,
		[QUO_KEY_DETAIL] = names,
	} };
	enum quo_err err;

	if (!quo_record_diff(kind, old, new, names))
		return QUO_OK;
	entry.value[type->entry_key] = new->key;
	err = hash_record(kind, new, hash);
	if (err == QUO_OK && old == NULL && kind == QUO_RECORD_PERSON)
		err = check_twin(ledger, new->key);
	if (err == QUO_OK)
		err = quo_ledger_record(ledger, &entry, NULL);
	return err == QUO_OK ? store(ledger, kind, old, new) : err;
}
