/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/utf8.h"
#include "fuzz.h"
#include "ledger/roster.h"

static void
must_say(const char *why)
{
	must(memchr(why, '\0', QUO_ROSTER_WHY) != NULL && *why != '\0');
}

/* Fails only as its manual says. */
static bool
read_text(const char *text, size_t len, struct quo_roster *roster)
{
	struct quo_json_fault fault = { 0 };
	struct quo_json_value *json = NULL;
	char why[QUO_ROSTER_WHY] = "";
	enum quo_err err;

	*roster = (struct quo_roster){ 0 };
	err = quo_json_load(text, len, &json, &fault);
	if (err != QUO_OK) {
		must(err == QUO_ESYNTAX && json == NULL && fault.line > 0 &&
		    fault.column > 0 && fault.why[0] != '\0' &&
		    memchr(fault.why, '\0', sizeof fault.why) != NULL);
		return false;
	}
	err = quo_roster_read(json, roster, why);
	quo_json_unload(json);
	must(err == QUO_OK || err == QUO_ESYNTAX);
	if (err == QUO_ESYNTAX)
		must_say(why);
	return err == QUO_OK;
}

static void
must_be_same(const struct quo_roster *a, const struct quo_roster *b)
{
	char names[QUO_DIFF_TEXT];

	for (int k = 0; k < QUO_RECORD_KINDS; k++) {
		enum quo_record_kind kind = (enum quo_record_kind)k;

		must(a->count[k] == b->count[k]);
		for (size_t i = 0; i < a->count[k]; i++) {
			const struct quo_record *one = &a->records[k][i];

			must(quo_roster_find(b, kind, one->key) != NULL);
			must(!quo_record_diff(kind, one,
			    quo_roster_find(b, kind, one->key), names));
			must(quo_record_diff(kind, NULL, one, names));
			must(memchr(names, '\0', sizeof names) != NULL);
		}
	}
}

/* A document that is taken in: written, it is taken in as the same. */
static void
try_document(const char *text, size_t size)
{
	struct quo_roster roster, again = { 0 };
	struct quo_json *json = NULL;
	const char *written = NULL;

	if (read_text(text, size, &roster)) {
		json = quo_json_new();
		quo_roster_write(&roster, json);
		must(quo_json_dump(json, &written) == QUO_OK);
		must(read_text(written, strlen(written), &again));
		must_be_same(&roster, &again);
	}
	quo_json_free(json);
	quo_roster_clear(&roster);
	quo_roster_clear(&again);
}

/* Any bytes as a text: what is UTF-8 comes back as it was. */
static void
try_text(const char *text, size_t len)
{
	struct quo_json *json = quo_json_new_line();
	struct quo_json_value *read = NULL;
	const char *written = NULL, *again;
	uint32_t point;
	size_t n, at = 0;

	quo_json_text(json, text, text);
	must(quo_json_dump(json, &written) == QUO_OK);
	must(quo_json_load(written, strlen(written), &read, NULL) == QUO_OK);
	again = quo_json_as_text(quo_json_member(read, quo_json_next(read,
	    NULL)));
	must(again != NULL);
	while (at < len && (n = quo_utf8_decode(text + at, len - at,
	    &point)) > 0)
		at += n;
	must(at < len || strcmp(again, text) == 0);
	quo_json_unload(read);
	quo_json_free(json);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);

	must(text != NULL);
	try_document((const char *)data, size);
	try_text(text, strlen(text));
	free(text);
	return 0;
}
