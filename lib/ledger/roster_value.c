/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/looks.h"
#include "base/utc.h"
#include "card/credential.h"
#include "crypto/policy.h"
#include "ledger/pubkey.h"
#include "ledger/roster.h"

/* From what people write to the one form of a field, or why it is none. */

#define COUNT_MAX 16
#define SPAN_LEAST 60
#define SPAN_MOST (3650 * INT64_C(86400))

/* A text that grows by lines. */
struct lines {
	char *text;
	size_t len, cap;
};

static enum quo_err wrong(char *why, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static enum quo_err
wrong(char *why, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, QUO_ROSTER_WHY, format, args);
	va_end(args);
	return QUO_EINVAL;
}

static enum quo_err
add_line(struct lines *lines, const char *text)
{
	size_t len = strlen(text);
	char *grown;

	if (lines->len + len + 2 > lines->cap) {
		lines->cap = 2 * (lines->len + len + 2);
		grown = realloc(lines->text, lines->cap);
		if (grown == NULL)
			return QUO_ENOMEM;
		lines->text = grown;
	}
	if (lines->len > 0)
		lines->text[lines->len++] = '\n';
	memcpy(lines->text + lines->len, text, len + 1);
	lines->len += len;
	return QUO_OK;
}

static enum quo_err
take_text(const struct quo_field *field, const char *text,
    struct lines *out, char *why)
{
	(void)field;
	if (!quo_value_valid(text))
		return wrong(why, "a text has 1 to %d bytes of UTF-8, "
		    "without control characters", QUO_VALUE_MAX);
	return add_line(out, text);
}

static enum quo_err
take_choice(const struct quo_field *field, const char *text,
    struct lines *out, char *why)
{
	char all[128] = "";

	for (size_t i = 0; field->choices[i] != NULL; i++) {
		if (strcmp(field->choices[i], text) == 0)
			return add_line(out, text);
		strcat(all, i > 0 ? ", " : "");
		strcat(all, field->choices[i]);
	}
	return wrong(why, "\"%.60s\" is none of %s", text, all);
}

static enum quo_err
take_key(const struct quo_field *field, const char *text,
    struct lines *out, char *why)
{
	struct quo_pubkey key;

	(void)field;
	if (quo_pubkey_parse(text, &key, why) != QUO_OK)
		return QUO_EINVAL;
	return add_line(out, key.text);
}

static enum quo_err
take_count(const struct quo_field *field, const char *text,
    struct lines *out, char *why)
{
	char *end;
	long n = strtol(text, &end, 10);

	(void)field;
	if (*text < '0' || *text > '9' || *end != '\0' || n > COUNT_MAX)
		return wrong(why, "a number from 0 to %d is wanted, not "
		    "\"%.60s\"", COUNT_MAX, text);
	if (n == 0)
		return QUO_OK;
	return add_line(out, text + strspn(text, "0"));
}

static enum quo_err
take_span(const struct quo_field *field, const char *text,
    struct lines *out, char *why)
{
	char canonical[QUO_SPAN_TEXT];
	int64_t seconds;

	(void)field;
	if (quo_span_parse(text, &seconds) != QUO_OK ||
	    seconds < SPAN_LEAST || seconds > SPAN_MOST)
		return wrong(why, "a time from 1m to 3650d is wanted, such "
		    "as 4h or 90d, not \"%.60s\"", text);
	quo_span_print(seconds, canonical);
	return add_line(out, canonical);
}

static enum quo_err
take_moment(const struct quo_field *field, const char *text,
    struct lines *out, char *why)
{
	bool day = field->form == QUO_FIELD_DAY;
	char whole[QUO_UTC_TEXT + 1];
	int64_t when;

	snprintf(whole, sizeof whole, "%s%s", text, day ? "T00:00:00Z" : "");
	if (quo_utc_parse(whole, &when) != QUO_OK)
		return wrong(why, "%s is wanted, not \"%.60s\"", day ?
		    "a day such as 2027-01-31" :
		    "a time such as 2027-01-31T03:10:00Z", text);
	return add_line(out, text);
}

static enum quo_err (*const takers[])(const struct quo_field *field,
    const char *text, struct lines *out, char *why) = {
	[QUO_FIELD_TEXT] = take_text,
	[QUO_FIELD_LIST] = take_text,
	[QUO_FIELD_CHOICE] = take_choice,
	[QUO_FIELD_CHOICES] = take_choice,
	[QUO_FIELD_KEYS] = take_key,
	[QUO_FIELD_COUNT] = take_count,
	[QUO_FIELD_SPAN] = take_span,
	[QUO_FIELD_DAY] = take_moment,
	[QUO_FIELD_MOMENT] = take_moment,
};

static bool
has_line(const char *text, const char *line)
{
	size_t len = strlen(line), n;

	for (; text != NULL && *text != '\0'; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		if (n == len && strncmp(text, line, n) == 0)
			return true;
	}
	return false;
}

/* Each line once, taken by itself. */
static enum quo_err
take_lines(const struct quo_field *field, const char *text,
    struct lines *out, char *why)
{
	struct lines one;
	enum quo_err err = QUO_OK;
	size_t n;

	for (; err == QUO_OK && *text != '\0';
	    text += n + (text[n] == '\n')) {
		char *line;

		n = strcspn(text, "\n");
		line = strndup(text, n);
		if (line == NULL)
			return QUO_ENOMEM;
		one = (struct lines){ 0 };
		err = takers[field->form](field, line, &one, why);
		if (err == QUO_OK && has_line(out->text, one.text))
			err = wrong(why, "\"%.60s\" stands there twice",
			    line);
		if (err == QUO_OK)
			err = add_line(out, one.text);
		free(one.text);
		free(line);
	}
	return err;
}

/* What was chosen, in the order of the choices. */
static enum quo_err
order(const struct quo_field *field, struct lines *lines)
{
	struct lines ordered = { 0 };
	enum quo_err err = QUO_OK;

	for (size_t i = 0; err == QUO_OK && field->choices[i] != NULL; i++)
		if (has_line(lines->text, field->choices[i]))
			err = add_line(&ordered, field->choices[i]);
	free(lines->text);
	*lines = ordered;
	return err;
}

enum quo_err
quo_record_set(struct quo_record *record, enum quo_record_kind kind,
    int field, const char *text, char why[QUO_ROSTER_WHY])
{
	const struct quo_field *f = &quo_record_types[kind].fields[field];
	struct lines lines = { 0 };
	enum quo_err err = QUO_OK;

	why[0] = '\0';
	if (text != NULL)
		err = f->form == QUO_FIELD_LIST ||
		    f->form == QUO_FIELD_CHOICES ||
		    f->form == QUO_FIELD_KEYS ?
		    take_lines(f, text, &lines, why) :
		    takers[f->form](f, text, &lines, why);
	if (err == QUO_OK && f->form == QUO_FIELD_CHOICES)
		err = order(f, &lines);
	if (err != QUO_OK) {
		free(lines.text);
		return err;
	}
	free(record->value[field]);
	record->value[field] = lines.text;
	return QUO_OK;
}

enum quo_err
quo_record_name(struct quo_record *record, const char *key,
    char why[QUO_ROSTER_WHY])
{
	size_t len = strlen(key);
	char looks[QUO_LOOKS_WHY], *copy;
	const char *said;

	if (*key == '\0' || len > QUO_LABEL_MAX || !quo_text_valid(key, len))
		return wrong(why, "a name has 1 to %d bytes of UTF-8, without "
		    "control characters", QUO_LABEL_MAX);
	/* Two names that look like one would be two people. */
	said = quo_looks_wrong(key, looks);
	if (said != NULL)
		return wrong(why, "%s", said);
	copy = strdup(key);
	if (copy == NULL)
		return QUO_ENOMEM;
	free(record->key);
	record->key = copy;
	return QUO_OK;
}
