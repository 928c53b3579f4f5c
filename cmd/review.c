/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/incident.h"

struct review {
	struct quo_common common;
	const char *reviewer, *findings, *actions, *recording, *signature;
	int classification;
	bool show;
};

static const char *const classes[] = { "drill", "emergency", "misuse", NULL };

static const struct quo_option options[] = {
	{ 0, "reviewer", "WHO", QUO_TEXT(struct review, reviewer),
	  .help = "who reviews: not who requested it",
	  .group = "the review" },
	{ 0, "classification", "CLASS", QUO_CHOICE(struct review,
	  classification, classes), .help = "what it was: drill, emergency "
	  "or misuse" },
	{ 0, "findings", "TEXT", QUO_TEXT(struct review, findings),
	  .help = "what was found" },
	{ 0, "actions", "TEXT", QUO_TEXT(struct review, actions),
	  .help = "what follows from that" },
	{ 0, "recording", "WHERE", QUO_TEXT(struct review, recording),
	  .help = "the record of the session: SHA256@PLACE, or none:REASON" },
	{ 0, "signature", "FILE", QUO_TEXT(struct review, signature),
	  .help = "what ssh-keygen -Y sign -n quorate made of the statement, "
	  "or - for standard input; without it the name is claimed only, and "
	  "that of nobody who has a key on record", .group = "the statement",
	  .one_of = 1 },
	{ 0, "show", NULL, QUO_FLAG(struct review, show),
	  .help = "print the statement to be signed, and record nothing",
	  .one_of = 1 },
	{ 0 }
};

/* What a review wants, in the order in which it is named. */
#define WANTS 6
struct wants {
	const char *missing[WANTS];
	size_t count;
};

static void
want(struct wants *w, bool there, const char *what)
{
	if (!there)
		w->missing[w->count++] = what;
}

static struct wants
find_missing(const struct review *r, const struct quo_incident *in)
{
	struct wants w = { .count = 0 };

	want(&w, !in->unrotated || r->show,
	    "a proven rotation (quorate rotate)");
	want(&w, r->classification != 0,
	    "--classification drill, emergency or misuse");
	want(&w, r->findings != NULL, "--findings TEXT");
	want(&w, r->actions != NULL, "--actions TEXT");
	want(&w, r->recording != NULL && quo_recording_valid(r->recording),
	    "--recording SHA256@PLACE or none:REASON");
	return w;
}

/* All of it at once, and logged in one line. */
static enum quo_exit
refuse_missing(const struct review *r, struct quo_book *book,
    const struct quo_entry *entry, const struct wants *w)
{
	const char *incident = entry->value[QUO_KEY_INCIDENT];
	char why[QUO_REASON_MAX];
	size_t n = (size_t)snprintf(why, sizeof why, "review: missing: ");
	enum quo_err err;

	for (size_t i = 0; i < w->count; i++) {
		quo_say_error("%s: missing: %s", incident, w->missing[i]);
		n += (size_t)snprintf(why + n, sizeof why - n, "%s%s",
		    i > 0 ? ", " : "", w->missing[i]);
	}
	if (r->show)
		return QUO_EXIT_NO;
	err = quo_ledger_refuse(book->ledger, entry, why);
	return err == QUO_EREFUSED ? QUO_EXIT_NO : quo_book_say(book, err);
}

static enum quo_exit
make_statement(const struct review *r, struct quo_book *book,
    const struct quo_incident *in, char **text)
{
	struct quo_review review;
	char why[QUO_REASON_MAX];
	enum quo_err err;

	quo_incident_review(book->ledger, in, &review);
	review.reviewer = r->reviewer;
	review.classification = classes[r->classification - 1];
	review.findings = r->findings;
	review.actions = r->actions;
	review.recording = r->recording;
	err = quo_review_print(&review, text, why);
	if (err == QUO_EINVAL)
		return quo_say_misuse("%s: %s", in->name, why);
	return err == QUO_OK ? QUO_EXIT_DONE :
	    quo_say_failure(err, "%s", in->name);
}

static enum quo_exit
show(const struct review *r, const struct quo_incident *in,
    const char *text)
{
	struct quo_json *json;
	enum quo_err err;

	if (!r->common.json) {
		quo_say_bytes(text, strlen(text));
		return QUO_EXIT_DONE;
	}
	json = quo_json_new();
	quo_json_text(json, "incident", in->name);
	quo_json_text(json, "document", text);
	err = quo_say_json(json);
	quo_json_free(json);
	return err == QUO_OK ? QUO_EXIT_DONE :
	    quo_say_failure(err, "%s", "JSON");
}

static enum quo_exit
say_reviewed(const struct review *r, const struct quo_entry *entry)
{
	const char *incident = entry->value[QUO_KEY_INCIDENT];
	const char *key = entry->value[QUO_KEY_KEY];
	struct quo_json *json = r->common.json ? quo_json_new() : NULL;
	enum quo_err err = QUO_OK;

	quo_say("%s: closed as %s, %s by %s%s%s", incident,
	    entry->value[QUO_KEY_CLASSIFICATION],
	    key != NULL ? "signed" : "claimed", r->reviewer,
	    key != NULL ? " with " : "", key != NULL ? key : "");
	quo_json_text(json, "incident", incident);
	quo_json_text(json, "reviewer", r->reviewer);
	quo_json_text(json, "classification",
	    entry->value[QUO_KEY_CLASSIFICATION]);
	quo_json_text(json, "auth", key != NULL ? "signed" : "claimed");
	quo_json_text(json, "key", key);
	if (r->common.json)
		err = quo_say_json(json);
	quo_json_free(json);
	return err == QUO_OK ? QUO_EXIT_DONE :
	    quo_say_failure(err, "%s", "JSON");
}

static enum quo_exit
record(const struct review *r, struct quo_book *book,
    const struct quo_incident *in, struct quo_entry *entry,
    const char *text)
{
	char key[QUO_FINGERPRINT_TEXT];
	enum quo_exit end;

	end = r->signature == NULL ? quo_incident_claim(book, entry,
	    "review --show", in->name) : quo_incident_signed(book, in,
	    r->signature, text, entry, key);
	if (end == QUO_EXIT_DONE)
		end = quo_book_record(book, entry, NULL);
	return end == QUO_EXIT_DONE ? say_reviewed(r, entry) : end;
}

static enum quo_exit
review(const struct review *r, struct quo_book *book,
    const struct quo_incident *in)
{
	struct wants w = find_missing(r, in);
	char *text = NULL;
	struct quo_entry entry = { .value = {
		[QUO_KEY_EVENT] = "review",
		[QUO_KEY_PERSON] = r->reviewer,
		[QUO_KEY_CLASSIFICATION] = r->classification == 0 ? NULL :
		    classes[r->classification - 1],
		[QUO_KEY_FINDINGS] = r->findings,
		[QUO_KEY_ACTIONS] = r->actions,
		[QUO_KEY_RECORDING] = r->recording,
	} };
	enum quo_exit end;

	quo_incident_fill(in, &entry);
	if (w.count > 0)
		return refuse_missing(r, book, &entry, &w);
	end = make_statement(r, book, in, &text);
	if (end == QUO_EXIT_DONE)
		end = r->show ? show(r, in, text) :
		    record(r, book, in, &entry, text);
	free(text);
	return end;
}

static enum quo_exit
run(const void *values)
{
	const struct review *r = values;
	struct quo_book book = { .ledger = NULL };
	struct quo_incident *in = NULL;
	enum quo_exit end;

	if (r->reviewer == NULL)
		return quo_say_misuse("who reviews? --reviewer WHO");
	end = quo_book_open(&r->common, r->show ?
	    QUO_BOOK_READ : QUO_BOOK_WRITE, &book);
	if (end == QUO_EXIT_DONE)
		end = quo_incident_find(&book, r->common.operands.items[0],
		    &in);
	if (end == QUO_EXIT_DONE)
		end = review(r, &book, in);
	free(in);
	quo_book_close(&book);
	return end;
}

static const char *const usage[] = {
	"INCIDENT --reviewer WHO --classification CLASS --findings TEXT "
	    "--actions TEXT --recording WHERE [--signature FILE]", NULL
};

static const char *const examples[] = {
	"quorate review INC-17 --reviewer ina --show",
	NULL
};

const struct quo_command quo_command_review = {
	.name = "review",
	.summary = "close an incident, by somebody else than its requester",
	.usage = usage,
	.about = "All that is missing is named: a proven rotation, "
	    "classification, findings, actions,\nrecording. --show prints "
	    "the statement, to be signed; then the same again with\n"
	    "--signature.",
	.options = options,
	.examples = examples,
	.no = "something is missing, or it is refused: the requester's own "
	    "review, a wrong signature; the refusal is logged",
	.size = sizeof(struct review),
	.least = 1,
	.most = 1,
	.run = run,
};
