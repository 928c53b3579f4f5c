/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "cmd/report.h"
#include "ledger/pubkey.h"

#define MINUTE 60
#define HOUR 3600
#define DAY 86400
#define ROOM (QUO_DOCUMENT_TEXT + 1)
/* "…" where a text was cut. */
#define CUT "\xe2\x80\xa6"

static char *
next_slot(struct quo_report *r)
{
	r->slot = (r->slot + 1) % QUO_REPORT_SLOTS;
	return r->slots[r->slot];
}

/* What a document doesn't take, or what hides, is escaped. */
static const char *
clean(struct quo_report *r, const char *raw, bool cut)
{
	char *text = next_slot(r);
	size_t len;

	len = quo_say_escape(raw, text, ROOM - sizeof CUT);
	if (cut || (len < strlen(raw) && len + 16 >= ROOM - sizeof CUT))
		memcpy(text + len, CUT, sizeof CUT);
	return text;
}

const char *
quo_report_say(struct quo_report *r, const char *format, ...)
{
	char raw[2 * ROOM];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(raw, sizeof raw, format, args);
	va_end(args);
	return clean(r, len < 0 ? "" : raw, len >= (int)sizeof raw);
}

const char *
quo_report_or(struct quo_report *r, const char *text, const char *otherwise)
{
	return text != NULL && *text != '\0' ? clean(r, text, false) :
	    otherwise;
}

const char *
quo_report_when(struct quo_report *r, int64_t when, const char *otherwise)
{
	char utc[QUO_UTC_TEXT];

	if (when == 0)
		return otherwise;
	quo_utc_print(when, utc);
	return quo_report_say(r, "%.10s %.8s", utc, utc + 11);
}

const char *
quo_report_day(struct quo_report *r, int64_t when, const char *otherwise)
{
	char utc[QUO_UTC_TEXT];

	if (when == 0)
		return otherwise;
	quo_utc_print(when, utc);
	return quo_report_say(r, "%.10s", utc);
}

const char *
quo_report_span(struct quo_report *r, int64_t seconds)
{
	static const struct {
		int64_t unit, part;
		const char *name, *part_name;
	} units[] = {
		{ DAY, HOUR, "d", "h" }, { HOUR, MINUTE, "h", "min" },
		{ MINUTE, 1, "min", "s" },
	};
	long long whole, part;

	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (seconds < units[i].unit)
			continue;
		whole = seconds / units[i].unit;
		part = seconds % units[i].unit / units[i].part;
		return part == 0 ?
		    quo_report_say(r, "%lld %s", whole, units[i].name) :
		    quo_report_say(r, "%lld %s %lld %s", whole,
		    units[i].name, part, units[i].part_name);
	}
	return quo_report_say(r, "%lld s", (long long)seconds);
}

const char *
quo_report_who(struct quo_report *r, const char *name,
    const struct quo_entry *e)
{
	const char *auth = e->value[QUO_KEY_AUTH];
	const char *key = e->value[QUO_KEY_KEY];

	if (name == NULL)
		return "nobody named";
	if (auth != NULL && strcmp(auth, "signed") == 0)
		return quo_report_say(r, "%s (signed by %s)", name,
		    key != NULL ? key : "a key not told");
	return quo_report_say(r, "%s (claimed)", name);
}

/*
 * Events
 */

/*
 * {key} is a value of the entry; {@key} a person, signed or claimed; {~key}
 * a number of seconds; {%key} the beginning of a hash; {!key} is without the
 * act that it begins with. What stands in [ ] is left out where one of its
 * values is missing.
 */
static const struct {
	const char *event, *text;
} sentences[] = {
	{ "log-init", "the log begins" },
	{ "import", "roster and inventory taken in from a file of hash "
	  "{%hash}" },
	{ "person", "{person}: {act}: {detail}" },
	{ "credential", "{credential}: {act}: {detail}" },
	{ "refused", "REFUSED, {act}: {!reason}[; card {card}][; said: "
	  "{detail}]" },
	{ "delivered", "{sink}: delivered after all: {detail}" },
	{ "undelivered", "{sink}: NOT DELIVERED: {detail}: {reason}" },
	{ "unlocked", "secrets were held in memory that may be swapped out: "
	  "{detail}" },
	{ "receipt", "a rescue without the ledger, told by its receipt: "
	  "{detail}" },
	{ "deal-intent", "generation {generation} is about to be dealt" },
	{ "deal", "generation {generation} dealt: {cards} cards, {policy}[; "
	  "{detail}]" },
	{ "redeal", "generation {generation} dealt anew: {cards} cards, "
	  "{policy}[; confirmation: {criterion}][; {detail}]" },
	{ "reissue", "the same secret dealt again, as generation "
	  "{generation}: {cards} cards, {policy}; the cards before open it "
	  "still[; {detail}]" },
	{ "deal-failed", "dealing generation {generation} FAILED: {reason}[; "
	  "{detail}]" },
	{ "acknowledge", "card {card} acknowledged[ by {person}][, kept in "
	  "{location}][, bag {bag}]; form of hash {%hash}" },
	{ "drill", "card {card}[ of {person}]: {verdict}" },
	{ "drill-quorum", "a quorum was shown to be good: cards {cards}" },
	{ "lost", "card {card}[ of {person}] is LOST: {reason}" },
	{ "present", "[card {card}: ][shown by {person}: ]{verdict}[; "
	  "{detail}]" },
	{ "request", "requested by {@requester}: {reason}; ticket {ticket}[; "
	  "criterion: {criterion}][; expected to take {expected}][; "
	  "EMERGENCY, the rules yielded: {emergency}]" },
	{ "withdraw", "withdrawn: {reason}" },
	{ "approve", "approved by {@person}" },
	{ "open", "OPENED with cards {cards}: burned from here on[; to be "
	  "rotated by {deadline}][; EMERGENCY, the rules yielded: "
	  "{emergency}][; {detail}]" },
	{ "open-retired", "a RETIRED set was opened with cards {cards}[; "
	  "EMERGENCY, the rules yielded: {emergency}][; {detail}]" },
	{ "opened", "the secret was handed out[ (cards {cards})][: "
	  "{detail}]" },
	{ "open-failed", "it did not open: {reason}[; {detail}]" },
	{ "close", "the exposure ended after {~seconds}[: {detail}]" },
	{ "overdue", "OVERDUE: it was to be rotated by {deadline}" },
	{ "rotate-failed", "a rotation FAILED before it began: {reason}[; "
	  "{detail}]" },
	{ "rotate-start", "a rotation to generation {generation} began[; "
	  "{detail}]" },
	{ "rotate-end", "the rotation to generation {generation} ended: "
	  "{outcome}[, says {@person}][; {detail}]" },
	{ "review", "reviewed by {@person}: {classification}; findings: "
	  "{findings}; actions: {actions}; recording: {recording}" },
	{ "retire", "retired: {reason}" },
};

static const char *
without_act(const struct quo_entry *e, const char *value)
{
	const char *act = e->value[QUO_KEY_ACT];
	size_t len = act != NULL ? strlen(act) : 0;

	return len > 0 && strncmp(value, act, len) == 0 &&
	    strncmp(value + len, ": ", 2) == 0 ? value + len + 2 : value;
}

static const char *
shown_as(struct quo_report *r, const struct quo_entry *e, char mark,
    const char *value)
{
	switch (mark) {
	case '@':
		return quo_report_who(r, value, e);
	case '~':
		return quo_report_span(r, strtoll(value, NULL, 10));
	case '%':
		return quo_report_say(r, "%.16s" CUT, value);
	case '!':
		return without_act(e, value);
	default:
		return value;
	}
}

static const char *
value_of(struct quo_report *r, const struct quo_entry *e, const char *name,
    size_t len)
{
	char mark = strchr("@~%!", *name) != NULL ? *name : '\0';

	name += mark != '\0';
	len -= mark != '\0';
	for (int k = 0; k < QUO_KEYS; k++) {
		const char *key = quo_key_name((enum quo_key)k);

		if (strlen(key) == len && strncmp(key, name, len) == 0)
			return e->value[k] == NULL ? NULL :
			    shown_as(r, e, mark, e->value[k]);
	}
	return NULL;
}

/* A stretch of a sentence; whether no value was missing. */
static bool
expand(struct quo_report *r, const struct quo_entry *e, const char *text,
    size_t len, FILE *out)
{
	const char *value, *end;
	bool all = true;

	for (size_t i = 0; i < len; i++) {
		if (text[i] != '{') {
			putc(text[i], out);
			continue;
		}
		end = memchr(text + i, '}', len - i);
		value = value_of(r, e, text + i + 1,
		    (size_t)(end - text) - i - 1);
		all = all && value != NULL;
		fputs(value != NULL ? value : "(not told)", out);
		i = (size_t)(end - text);
	}
	return all;
}

/* What stands in brackets, where all of it is there. */
static void
maybe(struct quo_report *r, const struct quo_entry *e, const char *text,
    size_t len, FILE *out)
{
	char *bytes = NULL;
	size_t size = 0;
	FILE *part = open_memstream(&bytes, &size);
	bool all;

	if (part == NULL)
		return;
	all = expand(r, e, text, len, part);
	if (fclose(part) == 0 && all)
		fwrite(bytes, 1, size, out);
	free(bytes);
}

static void
write_sentence(struct quo_report *r, const struct quo_entry *e,
    const char *text, FILE *out)
{
	size_t len;

	for (; *text != '\0'; text += len) {
		len = strcspn(text, "[");
		expand(r, e, text, len, out);
		text += len;
		len = 0;
		if (*text == '[') {
			len = strcspn(text, "]") + 1;
			maybe(r, e, text + 1, len - 2, out);
		}
	}
}

const char *
quo_report_event(struct quo_report *r, const struct quo_entry *e)
{
	const char *event = e->value[QUO_KEY_EVENT], *text = event;
	char *bytes = NULL;
	const char *said;
	size_t size = 0;
	FILE *out;

	for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
		if (strcmp(sentences[i].event, event) == 0)
			text = sentences[i].text;
	out = open_memstream(&bytes, &size);
	if (out == NULL)
		return event;
	write_sentence(r, e, text, out);
	said = fclose(out) == 0 ? clean(r, bytes, false) : event;
	free(bytes);
	return said;
}

const char *
quo_report_hook(const struct quo_entry *start)
{
	static const char mark[] = "; hook ";
	const char *detail = start->value[QUO_KEY_DETAIL], *hook;

	hook = detail != NULL ? strstr(detail, mark) : NULL;
	return hook != NULL ? hook + sizeof mark - 1 : NULL;
}

/*
 * Records
 */

const char *
quo_report_lines(struct quo_report *r, const char *text)
{
	char raw[ROOM];
	size_t used = 0;

	if (text == NULL || *text == '\0')
		return NULL;
	for (; *text != '\0' && used + 3 < sizeof raw; text++) {
		raw[used++] = *text == '\n' ? ',' : *text;
		if (*text == '\n')
			raw[used++] = ' ';
	}
	raw[used] = '\0';
	return clean(r, raw, *text != '\0');
}

const char *
quo_report_keys(struct quo_report *r, const char *keys)
{
	char why[QUO_REASON_MAX], line[QUO_PUBKEY_TEXT], raw[ROOM];
	struct quo_pubkey *key = malloc(sizeof *key);
	size_t used = 0, len;

	raw[0] = '\0';
	for (; key != NULL && keys != NULL && *keys != '\0';
	    keys += len + (keys[len] == '\n')) {
		len = strcspn(keys, "\n");
		snprintf(line, sizeof line, "%.*s", (int)len, keys);
		if (quo_pubkey_parse(line, key, why) == QUO_OK &&
		    used + QUO_FINGERPRINT_TEXT + 2 < sizeof raw)
			used += (size_t)snprintf(raw + used,
			    sizeof raw - used, "%s%s", used > 0 ? ", " : "",
			    key->fingerprint);
	}
	free(key);
	return quo_report_say(r, "%s", used > 0 ? raw : "none");
}

const char *
quo_report_missing(struct quo_report *r, const struct quo_story_incident *in)
{
	bool rotation = in->burns && in->proven == 0;

	if (in->opened == 0 || (!rotation && in->review != NULL))
		return NULL;
	return quo_report_say(r, "%s%s%s", rotation ? "a proven rotation" :
	    "", rotation && in->review == NULL ? ", " : "",
	    in->review == NULL ? "a review" : "");
}

void
quo_report_more(struct quo_report *r, size_t all, size_t shown)
{
	if (all > shown)
		quo_document_note(r->doc, QUO_TONE_FAINT, quo_report_say(r,
		    "%zu of %zu are shown; quorate report --json lists all",
		    shown, all));
}
