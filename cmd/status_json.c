/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/utc.h"
#include "cmd/status.h"
#include "ledger/unproven.h"

static void
put_moment(struct quo_json *json, const char *key, int64_t when)
{
	char text[QUO_UTC_TEXT];

	if (when != 0)
		quo_utc_print(when, text);
	quo_json_text(json, key, when != 0 ? text : NULL);
}

/* What write makes, as a text; "" is null. */
static void
put_words(struct quo_json *json, struct quo_scratch *scratch, const char *key,
    void (*write)(FILE *out, const struct quo_view *v, enum quo_due due,
    int64_t now), const struct quo_view *v, enum quo_due due, int64_t now)
{
	const char *text;

	write(quo_scratch_begin(scratch), v, due, now);
	text = quo_scratch_end(scratch);
	quo_json_text(json, key, text != NULL && *text != '\0' ? text :
	    NULL);
}

static void
put_due(struct quo_json *json, struct quo_scratch *scratch,
    const struct quo_view *v, int64_t now)
{
	static const char *const names[] = {
		[QUO_URGENCY_NONE] = "none", [QUO_URGENCY_NOTE] = "note",
		[QUO_URGENCY_DUE] = "due", [QUO_URGENCY_NOW] = "now",
	};

	quo_json_array(json, "due");
	for (int d = 0; d < QUO_DUES; d++) {
		enum quo_due due = (enum quo_due)d;

		if ((v->due & UINT64_C(1) << d) == 0)
			continue;
		quo_json_object(json, NULL);
		quo_json_text(json, "kind", quo_due_name(due));
		quo_json_text(json, "urgency", names[quo_due_urgency(due)]);
		put_words(json, scratch, "what", quo_status_what, v, due,
		    now);
		put_words(json, scratch, "next", quo_status_next, v, due,
		    now);
		quo_json_close(json);
	}
	quo_json_close(json);
}

static void
put_incidents(struct quo_json *json, const struct quo_view *v)
{
	const struct quo_view_incident *in = v->incidents;
	char id[32];

	quo_json_array(json, "incidents");
	for (size_t i = 0; i < v->incident_count; i++, in++) {
		snprintf(id, sizeof id, "INC-%lld", (long long)in->number);
		quo_json_object(json, NULL);
		quo_json_text(json, "incident", id);
		quo_json_text(json, "requester", in->requester);
		quo_json_text(json, "reason", in->reason);
		quo_json_text(json, "ticket", in->ticket);
		put_moment(json, "declared", in->declared);
		put_moment(json, "expires", in->expires);
		put_moment(json, "opened", in->opened);
		put_moment(json, "rotated", in->rotated);
		put_moment(json, "review_by", in->review_by);
		quo_json_int(json, "approvals", in->approvals);
		quo_json_int(json, "approvals_wanted", in->wanted);
		quo_json_close(json);
	}
	quo_json_close(json);
}

static void
put_set(struct quo_json *json, const struct quo_view *v)
{
	quo_json_text(json, "set", v->set);
	quo_json_text(json, "policy", v->policy);
	put_moment(json, "dealt", v->dealt);
	put_moment(json, "cards_review_by", v->cards_review);
	quo_json_bool(json, "locked", v->locked);
	quo_json_int(json, "cards", v->cards);
	quo_json_int(json, "cards_lost", v->lost);
	quo_json_int(json, "other_cards_lost", v->other_lost);
	quo_json_int(json, "finder_needs", quo_view_finder(v));
	quo_json_int(json, "cards_needed", v->needed);
	quo_json_int(json, "cards_to_spare", v->spare);
	quo_json_int(json, "cards_not_acknowledged", v->unacknowledged);
	quo_json_int(json, "cards_never_drilled", v->undrilled);
	quo_json_text(json, "custodians_retired", v->left);
	put_moment(json, "drilled", v->drilled);
	put_moment(json, "drill_by", v->drill_by);
}

static void
put_use(struct quo_json *json, const struct quo_view *v)
{
	put_moment(json, "burned", v->burned);
	put_moment(json, "deadline", v->deadline);
	put_moment(json, "overdue_recorded", v->overdue);
	quo_json_int(json, "decay_seconds", v->decay);
	put_moment(json, "used", v->used);
	quo_json_int(json, "uses", v->uses);
	quo_json_int(json, "uses_in_90_days", v->recent);
	put_moment(json, "rotated", v->rotated);
	put_moment(json, "change_by", v->change_by);
	put_moment(json, "review_by", v->review_by);
	put_moment(json, "dealing_without_end", v->dealing);
	quo_json_int(json, "generation_pending", v->set_count > v->waits ?
	    v->sets[v->waits].generation : 0);
	quo_json_int(json, "generation_waiting", v->waits ?
	    v->sets[0].generation : 0);
}

/* What is on its way to the target, and how it went. */
static void
put_rotation(struct quo_json *json, const struct quo_view *v)
{
	int64_t generation;

	if (v->set_count == 0 && v->failures == 0 && !v->unproven &&
	    v->state != QUO_STATE_UNPROVEN) {
		quo_json_text(json, "rotation", NULL);
		return;
	}
	quo_json_object(json, "rotation");
	quo_json_array(json, "try");
	for (size_t i = 0; (generation = quo_status_nth(v, i)) != 0; i++)
		quo_json_int(json, NULL, generation);
	quo_json_close(json);
	quo_json_array(json, "on_its_way");
	for (size_t i = 0; i < v->set_count; i++) {
		const struct quo_view_set *set = &v->sets[i];

		quo_json_object(json, NULL);
		quo_json_int(json, "generation", set->generation);
		quo_json_text(json, "set", set->id);
		put_moment(json, "dealt", set->dealt);
		quo_json_bool(json, "waits", set->waits);
		quo_json_bool(json, "opened", set->opened);
		quo_json_int(json, "cards", set->cards);
		if (set->waits) {
			quo_json_text(json, "confirm", set->confirm);
			quo_json_int(json, "cards_scanned", set->scanned);
			quo_json_text(json, "cards_not_scanned",
			    set->unscanned);
		}
		quo_json_close(json);
	}
	quo_json_close(json);
	quo_json_bool(json, "unproven", v->unproven);
	quo_json_text(json, "unproven_reason", v->reason);
	quo_json_int(json, "failures", v->failures);
	quo_json_text(json, "failure", v->failure);
	put_moment(json, "tried", v->tried);
	put_moment(json, "next_try", v->again);
	quo_json_close(json);
}

static void
put_card(const struct quo_view_card *card, void *arg)
{
	struct quo_json *json = arg;

	quo_json_object(json, NULL);
	quo_json_int(json, "card", card->serial);
	quo_json_text(json, "custodian", card->custodian);
	quo_json_bool(json, "custodian_retired", card->left);
	quo_json_text(json, "location", card->location);
	quo_json_text(json, "bag", card->bag);
	put_moment(json, "acknowledged", card->acknowledged);
	put_moment(json, "drilled", card->drilled);
	put_moment(json, "lost", card->lost);
	quo_json_close(json);
}

static void
put_field(const char *field, const char *value, void *arg)
{
	quo_json_text(arg, field, value);
}

/* Who says that the target has the secret, where no login showed it. */
static enum quo_err
put_word(struct quo_json *json, struct quo_ledger *ledger, const char *name)
{
	struct quo_line *line;
	enum quo_err err = quo_ledger_word(ledger, name, &line);

	if (line == NULL)
		return err;
	quo_json_object(json, "proven_by_word_of");
	quo_json_text(json, "name", line->entry.value[QUO_KEY_PERSON]);
	quo_json_text(json, "auth", line->entry.value[QUO_KEY_AUTH]);
	quo_json_text(json, "key", line->entry.value[QUO_KEY_KEY]);
	quo_json_text(json, "seen", quo_word_seen(&line->entry));
	quo_json_close(json);
	free(line);
	return err;
}

/* What only those get who ask for it by name. */
static enum quo_err
put_details(struct quo_json *json, const struct quo_status *s,
    const struct quo_view *v)
{
	enum quo_err err;

	quo_json_object(json, "profile");
	err = quo_view_profile(s->book->ledger, v->name, put_field, json);
	quo_json_close(json);
	quo_json_array(json, "set_cards");
	if (err == QUO_OK)
		err = quo_view_cards(s->book->ledger, v->name, put_card,
		    json);
	quo_json_close(json);
	return err != QUO_OK ? err : put_word(json, s->book->ledger, v->name);
}

enum quo_err
quo_status_json(const struct quo_status *s)
{
	struct quo_json *json = quo_json_new();
	struct quo_scratch scratch;
	enum quo_err err = quo_scratch_open(&scratch);

	quo_json_text(json, "ledger", quo_ledger_id(s->book->ledger));
	put_moment(json, "time", s->views->now);
	quo_json_int(json, "entries", s->views->entries);
	put_moment(json, "last_entry", s->views->last);
	quo_json_int(json, "alerts_undelivered", s->views->undelivered);
	quo_json_int(json, "credentials_due",
	    (int64_t)quo_status_count(s, QUO_URGENCY_DUE));
	quo_json_array(json, "credentials");
	for (size_t i = 0; err == QUO_OK && i < s->count; i++) {
		const struct quo_view *v = s->shown[i];

		quo_json_object(json, NULL);
		quo_json_text(json, "credential", v->name);
		quo_json_text(json, "inventory", v->inventory);
		quo_json_text(json, "state", quo_state_name(v->state));
		put_moment(json, "since", v->since);
		quo_json_int(json, "generation", v->generation);
		put_due(json, &scratch, v, s->views->now);
		put_set(json, v);
		put_use(json, v);
		put_rotation(json, v);
		put_incidents(json, v);
		if (s->named)
			err = put_details(json, s, v);
		quo_json_close(json);
	}
	quo_json_close(json);
	if (err == QUO_OK)
		err = quo_say_json(json);
	quo_json_free(json);
	quo_scratch_close(&scratch);
	return err;
}
