/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "crypto/policy.h"
#include "ledger/approval.h"
#include "ledger/why.h"

#define VALUE_MAX 4096

/* A line of a document: where its value stands, and what it must be. */
struct line {
	const char *key;
	size_t at;
	bool (*valid)(const char *value);
	bool optional;
};

struct statement {
	const char *title;
	const struct line *lines;
	size_t count;
};

static bool
is_text(const char *value)
{
	size_t len = strlen(value);

	return len > 0 && len <= VALUE_MAX && quo_text_valid(value, len);
}

static bool
is_time(const char *value)
{
	static const char pattern[] = "0000-00-00T00:00:00Z";

	if (strlen(value) != sizeof pattern - 1)
		return false;
	for (size_t i = 0; i < sizeof pattern - 1; i++)
		if (pattern[i] == '0' ? value[i] < '0' || value[i] > '9' :
		    value[i] != pattern[i])
			return false;
	return true;
}

static bool
is_id(const char *value)
{
	return quo_hex_is(value, 16);
}

static bool
is_hash(const char *value)
{
	return quo_hex_is(value, 32);
}

static bool
is_number(const char *value)
{
	size_t len = strlen(value);

	return len > 0 && len < 20 && strspn(value, "0123456789") == len &&
	    (len == 1 || value[0] != '0');
}

static bool
is_incident(const char *value)
{
	return strncmp(value, "INC-", 4) == 0 && is_number(value + 4);
}

static bool
is_class(const char *value)
{
	return strcmp(value, "drill") == 0 ||
	    strcmp(value, "emergency") == 0 || strcmp(value, "misuse") == 0;
}

/* The set that text begins with: "2 " and 64 digits. NULL: none. */
static const char *
skip_set(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	if (digits == 0 || digits > 9 || text[0] == '0' ||
	    text[digits] != ' ' ||
	    strspn(text + digits + 1, "0123456789abcdef") != 64)
		return NULL;
	return text + digits + 1 + 64;
}

static bool
is_set(const char *value)
{
	const char *end = skip_set(value);

	return end != NULL && *end == '\0';
}

static bool
is_sets(const char *value)
{
	const char *end = skip_set(value);

	if (!is_text(value) || strcmp(value, "none") == 0)
		return is_text(value);
	while (end != NULL && strncmp(end, ", ", 2) == 0)
		end = skip_set(end + 2);
	return end != NULL && *end == '\0';
}

bool
quo_recording_valid(const char *text)
{
	size_t digits = strspn(text, "0123456789abcdef");

	if (!is_text(text))
		return false;
	if (strncmp(text, "none:", 5) == 0)
		return text[5] != '\0';
	return digits == 64 && text[digits] == '@' && text[digits + 1] != '\0';
}

#define OF_APPROVAL(member) #member, offsetof(struct quo_approval, member)
#define OF_REVIEW(member) #member, offsetof(struct quo_review, member)
#define OF_WORD(member) #member, offsetof(struct quo_word, member)

static const struct line approval_lines[] = {
	{ OF_APPROVAL(ledger), is_id, false },
	{ OF_APPROVAL(incident), is_incident, false },
	{ OF_APPROVAL(credential), is_text, false },
	{ OF_APPROVAL(set), is_hash, false },
	{ OF_APPROVAL(requester), is_text, false },
	{ OF_APPROVAL(reason), is_text, false },
	{ OF_APPROVAL(ticket), is_text, false },
	{ OF_APPROVAL(criterion), is_text, true },
	{ OF_APPROVAL(expected), is_text, true },
	{ OF_APPROVAL(requested), is_time, false },
	{ OF_APPROVAL(expires), is_time, false },
	{ OF_APPROVAL(size), is_number, false },
	{ OF_APPROVAL(root), is_hash, false },
	{ OF_APPROVAL(request), is_hash, false },
};

static const struct line review_lines[] = {
	{ OF_REVIEW(ledger), is_id, false },
	{ OF_REVIEW(incident), is_incident, false },
	{ OF_REVIEW(credential), is_text, false },
	{ OF_REVIEW(request), is_hash, false },
	{ OF_REVIEW(reviewer), is_text, false },
	{ OF_REVIEW(classification), is_class, false },
	{ OF_REVIEW(findings), is_text, false },
	{ OF_REVIEW(actions), is_text, false },
	{ OF_REVIEW(recording), quo_recording_valid, false },
};

static const struct line word_lines[] = {
	{ OF_WORD(ledger), is_id, false },
	{ OF_WORD(credential), is_text, false },
	{ OF_WORD(accepted), is_set, false },
	{ OF_WORD(refused), is_sets, false },
	{ OF_WORD(rotation), is_hash, false },
	{ OF_WORD(ended), is_time, false },
	{ OF_WORD(reason), is_text, true },
	{ OF_WORD(person), is_text, false },
	{ OF_WORD(seen), is_text, false },
};

static const struct statement approval_form = {
	"quorate approval 1", approval_lines,
	sizeof approval_lines / sizeof approval_lines[0],
};

static const struct statement review_form = {
	"quorate review 1", review_lines,
	sizeof review_lines / sizeof review_lines[0],
};

static const struct statement word_form = {
	"quorate word 1", word_lines,
	sizeof word_lines / sizeof word_lines[0],
};

static const char *
value_of(const void *object, const struct line *line)
{
	const char *value;

	memcpy(&value, (const char *)object + line->at, sizeof value);
	return value;
}

static enum quo_err
check_values(const struct statement *form, const void *object,
    size_t *len, char why[QUO_REASON_MAX])
{
	*len = strlen(form->title) + 2;
	for (size_t i = 0; i < form->count; i++) {
		const struct line *line = &form->lines[i];
		const char *value = value_of(object, line);

		if (value == NULL && !line->optional)
			return quo_why(why, QUO_EINVAL, "%s: missing",
			    line->key);
		if (value != NULL && !line->valid(value))
			return quo_why(why, QUO_EINVAL, "%s: not as it must "
			    "be", line->key);
		if (value != NULL)
			*len += strlen(line->key) + strlen(value) + 3;
	}
	return QUO_OK;
}

static enum quo_err
print(const struct statement *form, const void *object, char **text,
    char why[QUO_REASON_MAX])
{
	size_t cap, at;
	enum quo_err err = check_values(form, object, &cap, why);
	char *out;

	if (err != QUO_OK)
		return err;
	out = malloc(cap);
	if (out == NULL)
		return quo_why(why, QUO_ENOMEM, "no memory");
	at = (size_t)snprintf(out, cap, "%s\n", form->title);
	for (size_t i = 0; i < form->count; i++) {
		const char *value = value_of(object, &form->lines[i]);

		if (value != NULL)
			at += (size_t)snprintf(out + at, cap - at,
			    "%s: %s\n", form->lines[i].key, value);
	}
	*text = out;
	return QUO_OK;
}

enum quo_err
quo_approval_print(const struct quo_approval *approval, char **text,
    char why[QUO_REASON_MAX])
{
	return print(&approval_form, approval, text, why);
}

enum quo_err
quo_review_print(const struct quo_review *review, char **text,
    char why[QUO_REASON_MAX])
{
	return print(&review_form, review, text, why);
}

enum quo_err
quo_word_print(const struct quo_word *word, char **text,
    char why[QUO_REASON_MAX])
{
	return print(&word_form, word, text, why);
}
