/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "cmd/incident.h"
#include "cmd/rotation.h"
#include "cmd/settle_internal.h"
#include "ledger/unproven.h"

#define SHOW "rotate --prove-old --word WHO --seen TEXT --show"

/* What a word is about, and the entry that it becomes. */
struct word {
	const struct quo_wording *wording;
	struct quo_rotating *r;
	struct quo_unproven *unproven;	/* NULL: nothing is */
	char *text;			/* that is signed */
	char hash[QUO_HEX_TEXT], generation[16], key[QUO_FINGERPRINT_TEXT];
	char detail[QUO_VALUE_MAX + 1];
	struct quo_entry entry;
};

static enum quo_exit
make_text(struct word *w)
{
	struct quo_ledger *ledger = w->r->book->ledger;
	uint8_t bytes[QUO_HASH_LEN];
	struct quo_span span;
	struct quo_word word;
	char why[QUO_REASON_MAX];
	enum quo_err err;

	quo_unproven_word(ledger, w->unproven, &word);
	word.person = w->wording->person;
	word.seen = w->wording->seen;
	err = quo_word_print(&word, &w->text, why);
	if (err == QUO_EINVAL)
		return quo_say_misuse("the word for \"%s\": %s", w->r->name,
		    why);
	if (err != QUO_OK)
		return quo_say_failure(err, "%s", w->r->name);
	span = (struct quo_span){ w->text, strlen(w->text) };
	quo_sha256(&span, 1, bytes);
	quo_hex_print(bytes, QUO_HASH_LEN, w->hash);
	return QUO_EXIT_DONE;
}

static enum quo_exit
make_entry(struct word *w)
{
	const struct quo_set_row *new = &w->unproven->sets.row[0];
	int n = snprintf(w->detail, sizeof w->detail, QUO_WORD_DETAIL "%s",
	    w->wording->seen);

	if (n >= (int)sizeof w->detail)
		return quo_say_misuse("--seen: at most %zu bytes",
		    QUO_VALUE_MAX - strlen(QUO_WORD_DETAIL));
	snprintf(w->generation, sizeof w->generation, "%u", new->generation);
	w->entry.value[QUO_KEY_OUTCOME] = "proven";
	w->entry.value[QUO_KEY_SET] = new->id;
	w->entry.value[QUO_KEY_GENERATION] = w->generation;
	w->entry.value[QUO_KEY_HASH] = w->hash;
	w->entry.value[QUO_KEY_DETAIL] = w->detail;
	return QUO_EXIT_DONE;
}

static enum quo_exit
show(const struct word *w)
{
	struct quo_json *json = w->r->json;

	if (json == NULL) {
		quo_say_bytes(w->text, strlen(w->text));
		return QUO_EXIT_DONE;
	}
	quo_json_text(json, "name", w->r->name);
	quo_json_text(json, "document", w->text);
	return quo_say_json(json) == QUO_OK ? QUO_EXIT_DONE :
	    quo_say_failure(QUO_EIO, "%s", "JSON");
}

static void
report(struct word *w)
{
	struct quo_rotating *r = w->r;
	const char *key = w->entry.value[QUO_KEY_KEY];

	r->state = QUO_APPLIED_PROVEN;
	quo_json_text(r->json, "name", r->name);
	quo_json_text(r->json, "state", "proven");
	quo_json_text(r->json, "reason", w->detail);
	quo_json_text(r->json, "person", w->wording->person);
	quo_json_text(r->json, "auth", key != NULL ? "signed" : "claimed");
	quo_json_text(r->json, "key", key);
	quo_say("\"%s\" is proven by the word of %s, %s%s: no login showed "
	    "it", r->name, w->wording->person, key != NULL ? "signed with " :
	    "claimed", key != NULL ? key : "");
	quo_rotation_say(&r->dealt, QUO_APPLIED_PROVEN);
	quo_say("have the cards of earlier generations destroyed, unless a "
	    "backup of the target needs them");
}

static enum quo_exit
record(struct word *w)
{
	struct quo_rotating *r = w->r;
	const char *signature = w->wording->signature;
	enum quo_exit end = make_entry(w);

	if (end == QUO_EXIT_DONE)
		end = signature == NULL ? quo_incident_claim(r->book,
		    &w->entry, SHOW, r->name) : quo_incident_signed(r->book,
		    NULL, signature, w->text, &w->entry, w->key);
	if (end == QUO_EXIT_DONE)
		end = quo_rotation_settle(&r->dealt, "proven", w->detail,
		    &w->entry);
	if (end == QUO_EXIT_DONE)
		report(w);
	return end;
}

/* There is nothing that a word could settle. */
static enum quo_exit
nothing(struct word *w)
{
	struct quo_book *book = w->r->book;
	enum quo_state state = QUO_STATE_NONE;
	enum quo_exit end = quo_book_say(book, quo_ledger_state(book->ledger,
	    w->r->name, &state));
	char why[QUO_WHY_MAX];

	if (end != QUO_EXIT_DONE)
		return end;
	if (state == QUO_STATE_NONE) {
		quo_say_error("\"%s\" is not in the ledger", w->r->name);
		quo_book_hint_name(book, w->r->name);
		return QUO_EXIT_NO;
	}
	snprintf(why, sizeof why, "\"%s\" is %s: no rotation of it is "
	    "unproven", w->r->name, quo_state_name(state));
	if (!w->wording->show)
		return quo_incident_refuse(book, &w->entry, why);
	quo_say_error("%s", why);
	return QUO_EXIT_NO;
}

static enum quo_exit
settle(struct word *w)
{
	struct quo_rotating *r = w->r;
	enum quo_exit end = QUO_EXIT_DONE;
	enum quo_err err;

	/* Who only looks keeps nobody from rotating it. */
	if (!w->wording->show)
		end = quo_rotating_consult(r);
	if (end != QUO_EXIT_DONE)
		return end;
	err = quo_unproven_load(r->book->ledger, r->name, &w->unproven);
	if (err == QUO_ENOENT)
		return nothing(w);
	end = err == QUO_OK ? make_text(w) : quo_book_say(r->book, err);
	if (end == QUO_EXIT_DONE)
		end = w->wording->show ? show(w) : record(w);
	return end;
}

/* Where nothing was done: how it stands, for programs. */
static void
report_standing(const struct quo_rotating *r)
{
	enum quo_state state = QUO_STATE_NONE;

	quo_json_text(r->json, "name", r->name);
	if (quo_ledger_state(r->book->ledger, r->name, &state) == QUO_OK)
		quo_json_text(r->json, "state", quo_state_name(state));
}

enum quo_exit
quo_settle_word(const struct quo_settling *settling,
    const struct quo_wording *wording)
{
	struct word w = {
		.wording = wording, .r = settling->rotating,
		.entry = { .value = {
			[QUO_KEY_EVENT] = "rotate-end",
			[QUO_KEY_CREDENTIAL] = settling->rotating->name,
			[QUO_KEY_PERSON] = wording->person,
		} },
	};
	enum quo_exit end;

	if (settling->operands->count > 1)
		return quo_say_misuse("--word takes NAME alone: it needs no "
		    "cards");
	end = settle(&w);
	if (end == QUO_EXIT_NO)
		report_standing(w.r);
	quo_unproven_free(w.unproven);
	free(w.text);
	return end;
}
