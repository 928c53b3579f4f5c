/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "cmd/report.h"
#include "config.h"
#include "ledger/checkpoint.h"

static void
put_time(struct quo_json *j, const char *key, int64_t when)
{
	char utc[QUO_UTC_TEXT];

	if (when == 0)
		return;
	quo_utc_print(when, utc);
	quo_json_text(j, key, utc);
}

static void
put_some(struct quo_json *j, const char *key, const char *text)
{
	if (text != NULL && *text != '\0')
		quo_json_text(j, key, text);
}

/* As in the log; its number is n there, too. */
static void
begin_entry(struct quo_json *j, const struct quo_entry *e)
{
	quo_json_object(j, NULL);
	quo_json_int(j, "n", (int64_t)e->number);
	for (int k = 0; k < QUO_KEYS; k++)
		put_some(j, quo_key_name((enum quo_key)k), e->value[k]);
}

static void
put_entry(struct quo_json *j, const struct quo_entry *e)
{
	begin_entry(j, e);
	quo_json_close(j);
}

static void
put_entries(struct quo_json *j, const char *key,
    const struct quo_story_list *list)
{
	quo_json_array(j, key);
	for (size_t i = 0; i < list->count; i++)
		put_entry(j, list->items[i]);
	quo_json_close(j);
}

/* Who, and how that is known. */
static void
put_who(struct quo_json *j, const char *key, const struct quo_entry *e,
    enum quo_key name)
{
	quo_json_object(j, key);
	quo_json_text(j, "name", e->value[name]);
	quo_json_text(j, "auth", e->value[QUO_KEY_AUTH]);
	put_some(j, "key", e->value[QUO_KEY_KEY]);
	quo_json_close(j);
}

static void
put_incident(struct quo_report *r, struct quo_json *j,
    const struct quo_story_incident *in)
{
	const struct quo_entry *e = in->request;

	quo_json_object(j, NULL);
	quo_json_text(j, "incident", in->name);
	quo_json_text(j, "credential", in->credential);
	put_who(j, "requester", e, QUO_KEY_REQUESTER);
	put_some(j, "reason", e->value[QUO_KEY_REASON]);
	put_some(j, "ticket", e->value[QUO_KEY_TICKET]);
	put_some(j, "criterion", e->value[QUO_KEY_CRITERION]);
	put_some(j, "emergency", e->value[QUO_KEY_EMERGENCY]);
	put_time(j, "declared", in->declared);
	put_time(j, "opened", in->opened);
	put_time(j, "deadline", in->deadline);
	put_time(j, "overdue", in->overdue);
	put_time(j, "proven", in->proven);
	if (quo_story_word(in) != NULL)
		put_who(j, "proven_by_word_of", in->rotation, QUO_KEY_PERSON);
	put_time(j, "withdrawn", in->withdrawn);
	put_some(j, "receipt", in->receipt);
	put_time(j, "receipt_taken_in", in->told);
	quo_json_int(j, "openings", in->openings);
	if (in->closes > 0)
		quo_json_int(j, "exposed_seconds", in->seconds);
	if (in->decay >= 0) {
		quo_json_int(j, "decay_seconds", in->decay);
		quo_json_bool(j, "decay_open", in->proven == 0);
		quo_json_bool(j, "late", in->late);
	}
	if (in->review != NULL)
		put_who(j, "reviewer", in->review, QUO_KEY_PERSON);
	quo_json_text(j, "missing", quo_report_missing(r, in));
	put_entries(j, "entries", &in->acts);
	quo_json_close(j);
}

static void
put_uses(struct quo_json *j, const char *key,
    const struct quo_story_uses *uses)
{
	quo_json_array(j, key);
	for (size_t i = 0; i < uses->count; i++) {
		const struct quo_story_use *u = &uses->items[i];

		quo_json_object(j, NULL);
		quo_json_text(j, "name", u->name);
		quo_json_int(j, "within", u->within);
		quo_json_int(j, "repeats", u->repeats);
		quo_json_int(j, "total", u->total);
		put_time(j, "last", u->last);
		quo_json_close(j);
	}
	quo_json_close(j);
}

static void
put_card(const struct quo_view_card *card, void *arg)
{
	struct quo_json *j = arg;

	quo_json_object(j, NULL);
	quo_json_int(j, "card", card->serial);
	put_some(j, "custodian", card->custodian);
	put_some(j, "location", card->location);
	put_some(j, "bag", card->bag);
	put_time(j, "acknowledged", card->acknowledged);
	put_time(j, "drilled", card->drilled);
	put_time(j, "lost", card->lost);
	quo_json_close(j);
}

static void
put_due(struct quo_json *j, const struct quo_view *v)
{
	quo_json_array(j, "due");
	for (int due = 0; due < QUO_DUES; due++)
		if ((v->due >> due & 1) != 0)
			quo_json_text(j, NULL, quo_due_name(
			    (enum quo_due)due));
	quo_json_close(j);
}

static enum quo_err
put_credential(struct quo_report *r, struct quo_json *j,
    const struct quo_view *v)
{
	const struct quo_record *record = quo_roster_find(&r->roster,
	    QUO_RECORD_CREDENTIAL, v->name);
	enum quo_err err = QUO_OK;

	quo_json_object(j, NULL);
	quo_json_text(j, "name", v->name);
	quo_json_text(j, "state", quo_state_name(v->state));
	put_time(j, "since", v->since);
	put_due(j, v);
	put_some(j, "inventory", v->inventory);
	put_some(j, "set", v->set);
	put_some(j, "policy", v->policy);
	quo_json_int(j, "generation", v->generation);
	put_time(j, "dealt", v->dealt);
	put_time(j, "cards_review_by", v->cards_review);
	put_time(j, "rotated", v->rotated);
	put_some(j, "unproven_reason", v->reason);
	quo_json_int(j, "rotation_failures", v->failures);
	put_some(j, "rotation_failure", v->failure);
	put_time(j, "burned", v->burned);
	put_time(j, "deadline", v->deadline);
	put_time(j, "last_drill", v->drilled);
	put_time(j, "drill_by", v->drill_by);
	put_time(j, "last_use", v->used);
	quo_json_int(j, "uses", v->uses);
	if (record != NULL) {
		quo_json_object(j, "profile");
		quo_record_write(QUO_RECORD_CREDENTIAL, record, j);
		quo_json_close(j);
	}
	quo_json_array(j, "cards");
	if (v->set != NULL)
		err = quo_view_cards(r->ledger, v->name, put_card, j);
	quo_json_close(j);
	quo_json_close(j);
	return err;
}

static void
put_people(struct quo_report *r, struct quo_json *j)
{
	const struct quo_record *p = r->roster.records[QUO_RECORD_PERSON];

	quo_json_array(j, "people");
	for (size_t i = 0; i < r->roster.count[QUO_RECORD_PERSON]; i++) {
		quo_json_object(j, NULL);
		quo_json_text(j, "handle", p[i].key);
		put_some(j, "name", p[i].value[QUO_PERSON_NAME]);
		put_some(j, "roles", quo_report_lines(r,
		    p[i].value[QUO_PERSON_ROLES]));
		put_some(j, "keys", quo_report_keys(r,
		    p[i].value[QUO_PERSON_KEYS]));
		put_some(j, "retired", p[i].value[QUO_PERSON_RETIRED]);
		if (r->contacts)
			put_some(j, "contact",
			    p[i].value[QUO_PERSON_CONTACT]);
		quo_json_close(j);
	}
	quo_json_close(j);
}

static void
put_verifier(struct quo_report *r, struct quo_json *j)
{
	char text[QUO_CHECKPOINT_TEXT];

	quo_json_bool(j, "whole", r->whole);
	put_some(j, "trouble", r->trouble);
	quo_json_int(j, "entries", (int64_t)r->evidence.verify.entries);
	quo_json_int(j, "covered", (int64_t)r->evidence.verify.covered);
	quo_json_bool(j, "seal_checked", r->evidence.sealed);
	quo_checkpoint_print(quo_ledger_id(r->ledger), &r->checkpoint, text);
	quo_json_text(j, "checkpoint", text);
	quo_json_array(j, "verifier");
	for (size_t i = 0; i < r->line_count; i++)
		quo_json_text(j, NULL, r->lines[i]);
	quo_json_close(j);
}

static void
put_decay(struct quo_report *r, struct quo_json *j)
{
	const struct quo_story_decay *d = &r->decay;

	quo_json_object(j, "decay");
	quo_json_int(j, "proven", (int64_t)d->count);
	quo_json_int(j, "proven_by_word", (int64_t)d->worded);
	quo_json_int(j, "open", (int64_t)d->open);
	quo_json_int(j, "late", (int64_t)d->late);
	if (d->median >= 0)
		quo_json_int(j, "median_seconds", d->median);
	if (d->worst >= 0) {
		quo_json_int(j, "worst_seconds", d->worst);
		quo_json_bool(j, "worst_open", d->worst_open);
	}
	quo_json_close(j);
}

/* Their ends, and when they began, by which hook. */
static void
put_rotations(struct quo_report *r, struct quo_json *j)
{
	const struct quo_story_list *list =
	    &r->story.list[QUO_STORY_ROTATIONS];
	const struct quo_entry *first, *last;

	quo_json_array(j, "rotations");
	for (size_t i = 0; i < list->count; i++) {
		begin_entry(j, list->items[i]);
		quo_story_starts(&r->story, list->items[i], &first, &last);
		if (first != NULL) {
			put_time(j, "began", quo_story_time(first));
			put_some(j, "hook", quo_report_hook(last));
		}
		quo_json_close(j);
	}
	quo_json_close(j);
}

static void
put_story(struct quo_report *r, struct quo_json *j)
{
	static const char *const lists[QUO_STORY_KINDS] = {
		[QUO_STORY_REFUSED] = "refused",
		[QUO_STORY_STRANGE] = "strange_cards",
		[QUO_STORY_FAILED] = "failed",
		[QUO_STORY_UNDELIVERED] = "undelivered",
		[QUO_STORY_DELIVERED] = "delivered",
		[QUO_STORY_DRILLS] = "drills",
		[QUO_STORY_DEALINGS] = "dealings",
		[QUO_STORY_CARDS] = "cards",
		[QUO_STORY_PEOPLE] = "people_changed",
		[QUO_STORY_INVENTORY] = "inventory_changed",
		[QUO_STORY_RECEIPTS] = "receipts",
		[QUO_STORY_UNLOCKED] = "unlocked",
	};

	put_decay(r, j);
	quo_json_array(j, "incidents");
	for (size_t i = 0; i < r->story.count; i++)
		put_incident(r, j, &r->story.incidents[i]);
	quo_json_close(j);
	put_uses(j, "uses_of_credentials", &r->story.credentials);
	put_uses(j, "uses_of_people", &r->story.people);
	for (int k = 0; k < QUO_STORY_KINDS; k++)
		if (k == QUO_STORY_ROTATIONS)
			put_rotations(r, j);
		else
			put_entries(j, lists[k], &r->story.list[k]);
}

static void
put_findings(struct quo_report *r, struct quo_json *j)
{
	quo_json_array(j, "findings");
	for (size_t i = 0; i < r->finding_count; i++) {
		quo_json_object(j, NULL);
		quo_json_text(j, "rule", r->findings[i].rule);
		quo_json_text(j, "about", r->findings[i].about);
		quo_json_text(j, "text", r->findings[i].text);
		quo_json_bool(j, "note", r->findings[i].note);
		quo_json_close(j);
	}
	quo_json_close(j);
}

enum quo_err
quo_report_json(struct quo_report *r)
{
	struct quo_json *j = quo_json_new();
	enum quo_err err = QUO_OK;

	quo_json_text(j, "ledger", quo_ledger_id(r->ledger));
	quo_json_text(j, "version", QUO_VERSION);
	put_some(j, "log", r->log);
	put_time(j, "from", r->from);
	put_time(j, "to", r->to);
	put_time(j, "made", r->now);
	put_verifier(r, j);
	quo_json_int(j, "undelivered_now", r->views.undelivered);
	put_story(r, j);
	quo_json_array(j, "credentials");
	for (size_t i = 0; err == QUO_OK && i < r->views.count; i++)
		err = put_credential(r, j, &r->views.view[i]);
	quo_json_close(j);
	put_people(r, j);
	put_findings(r, j);
	if (err == QUO_OK)
		err = quo_say_json(j);
	quo_json_free(j);
	return err;
}
