/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/policy.h"
#include "ledger/line.h"

/* Their order is that of the line, and part of the format. */
static const char *const names[QUO_KEYS] = {
	[QUO_KEY_TIME] = "time",
	[QUO_KEY_EVENT] = "event",
	[QUO_KEY_OUTCOME] = "outcome",
	[QUO_KEY_LEDGER] = "ledger",
	[QUO_KEY_CREDENTIAL] = "credential",
	[QUO_KEY_INVENTORY] = "inventory",
	[QUO_KEY_SET] = "set",
	[QUO_KEY_GENERATION] = "generation",
	[QUO_KEY_INCIDENT] = "incident",
	[QUO_KEY_ACT] = "act",
	[QUO_KEY_ACTOR] = "actor",
	[QUO_KEY_AUTH] = "auth",
	[QUO_KEY_KEY] = "key",
	[QUO_KEY_PERSON] = "person",
	[QUO_KEY_CARD] = "card",
	[QUO_KEY_VERDICT] = "verdict",
	[QUO_KEY_REQUESTER] = "requester",
	[QUO_KEY_REASON] = "reason",
	[QUO_KEY_TICKET] = "ticket",
	[QUO_KEY_CRITERION] = "criterion",
	[QUO_KEY_EXPECTED] = "expected",
	[QUO_KEY_EXPIRES] = "expires",
	[QUO_KEY_DEADLINE] = "deadline",
	[QUO_KEY_EMERGENCY] = "emergency",
	[QUO_KEY_CLASSIFICATION] = "classification",
	[QUO_KEY_FINDINGS] = "findings",
	[QUO_KEY_ACTIONS] = "actions",
	[QUO_KEY_RECORDING] = "recording",
	[QUO_KEY_POLICY] = "policy",
	[QUO_KEY_CARDS] = "cards",
	[QUO_KEY_LOCKED] = "locked",
	[QUO_KEY_LOCATION] = "location",
	[QUO_KEY_BAG] = "bag",
	[QUO_KEY_HASH] = "hash",
	[QUO_KEY_SIZE] = "size",
	[QUO_KEY_ROOT] = "root",
	[QUO_KEY_SECONDS] = "seconds",
	[QUO_KEY_SINK] = "sink",
	[QUO_KEY_DETAIL] = "detail",
	[QUO_KEY_HOST] = "host",
	[QUO_KEY_VERSION] = "version",
};

const char *
quo_key_name(enum quo_key key)
{
	return names[key];
}

int
quo_value_valid(const char *text)
{
	size_t len = strlen(text);

	return len > 0 && len <= QUO_VALUE_MAX && quo_text_valid(text, len);
}

/* A text in quotes; the room was counted before. */
static char *
write_text(char *at, const char *text)
{
	*at++ = '"';
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			*at++ = '\\';
		*at++ = *text;
	}
	*at++ = '"';
	return at;
}

enum quo_err
quo_line_encode(const struct quo_entry *entry, char **line, size_t *len)
{
	size_t room = 32;
	char *text, *at;

	for (int k = 0; k < QUO_KEYS; k++) {
		if (entry->value[k] == NULL)
			continue;
		if (!quo_value_valid(entry->value[k]))
			return QUO_EINVAL;
		room += 6 + strlen(names[k]) + 2 * strlen(entry->value[k]);
	}
	text = malloc(room);
	if (text == NULL)
		return QUO_ENOMEM;
	at = text + sprintf(text, "{\"n\":%llu",
	    (unsigned long long)entry->number);
	for (int k = 0; k < QUO_KEYS; k++) {
		if (entry->value[k] == NULL)
			continue;
		*at++ = ',';
		at = write_text(at, names[k]);
		*at++ = ':';
		at = write_text(at, entry->value[k]);
	}
	*at++ = '}';
	*at = '\0';
	if (at - text > QUO_LINE_MAX) {
		free(text);
		return QUO_ETOOBIG;
	}
	*line = text;
	*len = (size_t)(at - text);
	return QUO_OK;
}

/* What is left of the line, and where the next text goes. */
struct scan {
	const char *at, *end;
	char *out;
};

static bool
expect(struct scan *s, const char *text)
{
	size_t len = strlen(text);

	if ((size_t)(s->end - s->at) < len || memcmp(s->at, text, len) != 0)
		return false;
	s->at += len;
	return true;
}

static bool
read_number(struct scan *s, uint64_t *number)
{
	const char *first = s->at;

	*number = 0;
	while (s->at < s->end && *s->at >= '0' && *s->at <= '9') {
		if (s->at - first >= 15)
			return false;
		*number = *number * 10 + (uint64_t)(*s->at++ - '0');
	}
	return s->at > first && (*first != '0' || s->at == first + 1);
}

/* The rest of a text behind its opening quote, to the closing one. */
static bool
read_text(struct scan *s, const char **value)
{
	char *first = s->out;
	size_t len;

	while (s->at < s->end && *s->at != '"') {
		if (*s->at == '\\' && (++s->at == s->end ||
		    (*s->at != '"' && *s->at != '\\')))
			return false;
		*s->out++ = *s->at++;
	}
	if (!expect(s, "\""))
		return false;
	len = (size_t)(s->out - first);
	*s->out++ = '\0';
	*value = first;
	return len > 0 && len <= QUO_VALUE_MAX && quo_text_valid(first, len);
}

/* Which key stands next, from k on; QUO_KEYS: none of them. */
static int
read_key(struct scan *s, int k)
{
	size_t len, left;

	if (!expect(s, ",\""))
		return QUO_KEYS;
	left = (size_t)(s->end - s->at);
	for (; k < QUO_KEYS; k++) {
		len = strlen(names[k]);
		if (len + 3 <= left && s->at[len] == '"' &&
		    memcmp(s->at, names[k], len) == 0)
			break;
	}
	if (k < QUO_KEYS) {
		s->at += strlen(names[k]);
		if (!expect(s, "\":\""))
			return QUO_KEYS;
	}
	return k;
}

enum quo_err
quo_line_decode(const char *text, size_t len, struct quo_line *line)
{
	struct scan s = { text, text + len, line->text };
	int k = -1;

	if (len > QUO_LINE_MAX)
		return QUO_EFORMAT;
	memset(&line->entry, 0, sizeof line->entry);
	if (!expect(&s, "{\"n\":") || !read_number(&s, &line->entry.number))
		return QUO_EFORMAT;
	while (s.at < s.end && *s.at == ',') {
		k = read_key(&s, k + 1);
		if (k == QUO_KEYS || !read_text(&s, &line->entry.value[k]))
			return QUO_EFORMAT;
	}
	return expect(&s, "}") && s.at == s.end ? QUO_OK : QUO_EFORMAT;
}
