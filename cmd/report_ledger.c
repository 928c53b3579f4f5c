/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "cmd/report.h"
#include "cmd/status.h"

/*
 * The inventory
 */

static const struct quo_record *
record_of(const struct quo_report *r, const char *name)
{
	return quo_roster_find(&r->roster, QUO_RECORD_CREDENTIAL, name);
}

static const char *
field_of(struct quo_report *r, const struct quo_record *record,
    const char *field)
{
	int at = quo_record_field(QUO_RECORD_CREDENTIAL, field);

	return record == NULL || record->value[at] == NULL ? "not told" :
	    quo_report_lines(r, record->value[at]);
}

static enum quo_tone
state_tone(const struct quo_view *v)
{
	switch (quo_due_worst(v->due)) {
	case QUO_URGENCY_NOW:
		return QUO_TONE_BAD;
	case QUO_URGENCY_DUE:
		return QUO_TONE_WARN;
	default:
		return v->state == QUO_STATE_RETIRED ? QUO_TONE_FAINT :
		    QUO_TONE_PLAIN;
	}
}

static const char *
cards_of(struct quo_report *r, const struct quo_view *v)
{
	if (v->set == NULL)
		return "none";
	if (v->other_lost > 0)
		return quo_report_say(r, "%lld, %lld lost, %lld lost of "
		    "others that open it", (long long)v->cards,
		    (long long)v->lost, (long long)v->other_lost);
	return v->lost > 0 ? quo_report_say(r, "%lld, %lld lost",
	    (long long)v->cards, (long long)v->lost) :
	    quo_report_say(r, "%lld", (long long)v->cards);
}

static void
inventory_row(struct quo_report *r, const struct quo_view *v)
{
	const struct quo_record *record = record_of(r, v->name);
	const struct quo_cell cells[] = {
		{ quo_report_or(r, v->name, ""), QUO_TONE_PLAIN },
		{ quo_state_name(v->state), state_tone(v) },
		{ field_of(r, record, "target"), QUO_TONE_PLAIN },
		{ field_of(r, record, "owner"), QUO_TONE_PLAIN },
		{ cards_of(r, v), v->lost + v->other_lost > 0 ?
		  QUO_TONE_WARN : QUO_TONE_PLAIN },
		{ quo_report_day(r, v->rotated, "never"), QUO_TONE_PLAIN },
		{ v->undrilled > 0 ? "not all" : quo_report_day(r,
		  v->drilled, "never"), QUO_TONE_PLAIN },
		{ quo_report_day(r, v->used, "never"), QUO_TONE_PLAIN },
	};

	quo_document_row(r->doc, cells, sizeof cells / sizeof *cells);
}

static void
inventory_table(struct quo_report *r)
{
	static const struct quo_column columns[] = {
		{ "credential" }, { "state" }, { "target" }, { "owner" },
		{ "cards" }, { "changed", true }, { "all drilled since", true },
		{ "last use", true },
	};
	size_t shown = r->views.count < QUO_REPORT_ROWS ? r->views.count :
	    QUO_REPORT_ROWS;

	quo_document_table(r->doc, NULL, columns,
	    sizeof columns / sizeof *columns);
	for (size_t i = 0; i < shown; i++)
		inventory_row(r, &r->views.view[i]);
	quo_report_more(r, r->views.count, shown);
}

static void
card_row(const struct quo_view_card *card, void *arg)
{
	struct quo_report *r = arg;
	const struct quo_cell cells[] = {
		{ quo_report_say(r, "%lld", (long long)card->serial),
		  QUO_TONE_PLAIN },
		{ card->custodian == NULL ? "nobody named" : quo_report_say(r,
		  "%s%s", card->custodian, card->left ? " (retired)" : ""),
		  card->left ? QUO_TONE_WARN : QUO_TONE_PLAIN },
		{ quo_report_or(r, card->location, "not told"),
		  QUO_TONE_PLAIN },
		{ quo_report_or(r, card->bag, "not told"), QUO_TONE_PLAIN },
		{ card->lost != 0 ? quo_report_say(r, "LOST %s",
		  quo_report_day(r, card->lost, "")) : quo_report_day(r,
		  card->acknowledged, "no"), card->lost != 0 ?
		  QUO_TONE_BAD : QUO_TONE_PLAIN },
		{ quo_report_day(r, card->drilled, "never"),
		  QUO_TONE_PLAIN },
	};

	quo_document_row(r->doc, cells, sizeof cells / sizeof *cells);
}

/* "depends_on" as people write it. */
static const char *
label_of(struct quo_report *r, const char *field)
{
	char label[64];
	size_t i;

	for (i = 0; field[i] != '\0' && i + 1 < sizeof label; i++)
		label[i] = field[i] == '_' ? ' ' : field[i];
	label[i] = '\0';
	return quo_report_say(r, "%s", label);
}

static void
credential_facts(struct quo_report *r, const struct quo_view *v)
{
	const struct quo_record_type *type =
	    &quo_record_types[QUO_RECORD_CREDENTIAL];
	const struct quo_record *record = record_of(r, v->name);

	quo_document_fact(r->doc, "state", quo_report_say(r, "%s since %s",
	    quo_state_name(v->state), quo_report_day(r, v->since, "?")));
	for (int i = 0; record != NULL && type->fields[i].name != NULL; i++)
		if (record->value[i] != NULL)
			quo_document_fact(r->doc, label_of(r,
			    type->fields[i].name),
			    quo_report_lines(r, record->value[i]));
	if (v->set == NULL)
		return;
	quo_document_fact(r->doc, "policy", quo_report_or(r, v->policy, ""));
	quo_document_fact(r->doc, "set", quo_report_say(r, "%s, generation "
	    "%lld, dealt %s%s", v->set, (long long)v->generation,
	    quo_report_day(r, v->dealt, "?"), v->cards_review == 0 ? "" :
	    quo_report_say(r, ", to be dealt anew by %s", quo_report_day(r,
	    v->cards_review, ""))));
}

/* What is on its way, in words: they are freed with the report's. */
static const char *
words_of(struct quo_report *r, const struct quo_view *v,
    void (*write)(FILE *out, const struct quo_view *v))
{
	struct quo_scratch scratch;
	const char *text, *words = "";

	if (quo_scratch_open(&scratch) == QUO_OK) {
		write(quo_scratch_begin(&scratch), v);
		text = quo_scratch_end(&scratch);
		words = quo_report_or(r, text, "");
	}
	quo_scratch_close(&scratch);
	return words;
}

static void
rotation_facts(struct quo_report *r, const struct quo_view *v)
{
	if (v->set_count > v->waits)
		quo_document_fact(r->doc, "to try at the target",
		    words_of(r, v, quo_status_try));
	if (v->waits)
		quo_document_fact(r->doc, "waits", quo_report_say(r,
		    "generation %lld, dealt %s; the target was not asked; "
		    "%s", (long long)v->sets[0].generation,
		    quo_report_day(r, v->sets[0].dealt, "?"),
		    words_of(r, v, quo_status_scanned)));
	if (v->reason != NULL)
		quo_document_fact(r->doc, "unproven",
		    quo_report_or(r, v->reason, ""));
	if (v->failures > 0)
		quo_document_fact(r->doc, "rotation failed",
		    quo_report_say(r, "%lld time%s, last %s%s%s",
		    (long long)v->failures, v->failures == 1 ? "" : "s",
		    quo_report_day(r, v->tried, "?"),
		    v->failure != NULL ? ": " : "",
		    quo_report_or(r, v->failure, "")));
}

static void
credential_in_full(struct quo_report *r, const struct quo_view *v)
{
	static const struct quo_column columns[] = {
		{ "card", true }, { "custodian" }, { "kept in" }, { "bag" },
		{ "acknowledged", true }, { "drilled", true },
	};

	quo_document_heading(r->doc, 2, quo_report_or(r, v->name, ""));
	credential_facts(r, v);
	rotation_facts(r, v);
	if (v->set == NULL)
		return;
	quo_document_table(r->doc, NULL, columns,
	    sizeof columns / sizeof *columns);
	quo_view_cards(r->ledger, v->name, card_row, r);
}

void
quo_report_inventory(struct quo_report *r)
{
	size_t shown = r->views.count < QUO_REPORT_CREDENTIALS ?
	    r->views.count : QUO_REPORT_CREDENTIALS;

	quo_document_heading(r->doc, 1, "Inventory");
	if (r->log != NULL)
		quo_document_note(r->doc, QUO_TONE_FAINT, "A log doesn't hold "
		    "owners, targets, scenarios and criteria: only that they "
		    "were changed, and the hash of what they are");
	if (r->views.count == 0) {
		quo_document_text(r->doc, "There are no credentials.");
		return;
	}
	inventory_table(r);
	quo_document_heading(r->doc, 1, "Credentials in full");
	for (size_t i = 0; i < shown; i++) {
		quo_document_keep(r->doc, true);
		credential_in_full(r, &r->views.view[i]);
		quo_document_keep(r->doc, false);
	}
	quo_report_more(r, r->views.count, shown);
}

/*
 * Who can open, who can inspect
 */

/* The findings that say who could open a set in secret. */
static bool
tells_who(const struct quo_report_finding *f)
{
	return f->note && strcmp(f->rule, "R4") == 0;
}

static void
who_can_open(struct quo_report *r)
{
	size_t count = 0;

	quo_document_heading(r->doc, 1, "Who can open");
	quo_document_text(r->doc, "Whoever holds enough cards opens a "
	    "credential, with this tool or without it. For each credential "
	    "this is the smallest group of people that could do so in "
	    "secret; what is worse than that stands under Checks.");
	for (size_t i = 0; i < r->finding_count; i++)
		if (tells_who(&r->findings[i]) && count++ < QUO_REPORT_ROWS)
			quo_document_item(r->doc, quo_report_or(r,
			    r->findings[i].text, ""));
	if (count == 0)
		quo_document_text(r->doc, "Of no credential are cards out "
		    "that would take more than one person.");
	quo_report_more(r, count, QUO_REPORT_ROWS);
}

static void
who_can_inspect(struct quo_report *r)
{
	const struct quo_record *p = r->roster.records[QUO_RECORD_PERSON];
	size_t count = 0;

	quo_document_heading(r->doc, 1, "Who can inspect");
	quo_document_text(r->doc, "Whoever can read the ledger or an export "
	    "of its log can hold it against the cards, receipts and "
	    "checkpoints that others kept. Only who holds the auditor's card "
	    "can check the seal.");
	for (size_t i = 0; i < r->roster.count[QUO_RECORD_PERSON]; i++)
		if (quo_person_has(&p[i], QUO_ROLE_AUDITOR) &&
		    count++ < QUO_REPORT_ROWS)
			quo_document_item(r->doc, quo_report_say(r,
			    "%s%s%s%s, auditor", p[i].key,
			    p[i].value[QUO_PERSON_NAME] != NULL ? " (" : "",
			    p[i].value[QUO_PERSON_NAME] != NULL ?
			    p[i].value[QUO_PERSON_NAME] : "",
			    p[i].value[QUO_PERSON_NAME] != NULL ? ")" : ""));
	if (r->log != NULL)
		quo_document_text(r->doc, "Who the auditors are isn't in the "
		    "log.");
	else if (count == 0)
		quo_document_note(r->doc, QUO_TONE_WARN, "The roster names "
		    "no auditor");
}

static void
person_row(struct quo_report *r, const struct quo_record *p)
{
	const char *retired = p->value[QUO_PERSON_RETIRED];
	const struct quo_cell cells[] = {
		{ quo_report_or(r, p->key, ""), QUO_TONE_PLAIN },
		{ quo_report_or(r, p->value[QUO_PERSON_NAME], "not told"),
		  QUO_TONE_PLAIN },
		{ quo_report_or(r, quo_report_lines(r,
		  p->value[QUO_PERSON_ROLES]), "none"), QUO_TONE_PLAIN },
		{ quo_report_keys(r, p->value[QUO_PERSON_KEYS]),
		  QUO_TONE_PLAIN },
		{ retired != NULL ? quo_report_say(r, "%.10s", retired) : "",
		  retired != NULL ? QUO_TONE_FAINT : QUO_TONE_PLAIN },
		{ quo_report_or(r, quo_report_lines(r,
		  p->value[QUO_PERSON_CONTACT]), "none"), QUO_TONE_PLAIN },
	};

	quo_document_row(r->doc, cells, r->contacts ? 6 : 5);
}

static void
roster(struct quo_report *r)
{
	static const struct quo_column columns[] = {
		{ "handle" }, { "name" }, { "roles" }, { "keys" },
		{ "retired", true }, { "contact" },
	};
	size_t count = r->roster.count[QUO_RECORD_PERSON];
	size_t shown = count < QUO_REPORT_ROWS ? count : QUO_REPORT_ROWS;

	quo_document_heading(r->doc, 1, "Roster");
	if (r->log != NULL) {
		quo_document_text(r->doc, "The roster isn't in the log, which "
		    "has only its changes: see Changes of people.");
		return;
	}
	if (count == 0) {
		quo_document_note(r->doc, QUO_TONE_WARN, "There is no "
		    "roster: names here are what people said");
		return;
	}
	quo_document_table(r->doc, NULL, columns, r->contacts ? 6 : 5);
	for (size_t i = 0; i < shown; i++)
		person_row(r, &r->roster.records[QUO_RECORD_PERSON][i]);
	quo_report_more(r, count, shown);
}

void
quo_report_people(struct quo_report *r)
{
	who_can_open(r);
	who_can_inspect(r);
	roster(r);
}

void
quo_report_checks(struct quo_report *r)
{
	static const struct quo_column columns[] = {
		{ "rule" }, { "what was found" },
	};
	size_t rows = 0;

	quo_document_heading(r->doc, 1, "Checks");
	quo_document_text(r->doc, "What the practice of break-glass asks of "
	    "people, inventory and cards, held against what the ledger has.");
	for (size_t i = 0; i < r->finding_count; i++) {
		const struct quo_report_finding *f = &r->findings[i];
		const struct quo_cell cells[] = {
			{ f->rule, QUO_TONE_PLAIN },
			{ quo_report_or(r, f->text, ""), QUO_TONE_WARN },
		};

		if (f->note)
			continue;
		if (rows == 0)
			quo_document_table(r->doc, NULL, columns, 2);
		if (rows++ < QUO_REPORT_ROWS)
			quo_document_row(r->doc, cells, 2);
	}
	if (rows == 0)
		quo_document_note(r->doc, QUO_TONE_GOOD, r->log != NULL ?
		    "Nothing was found; but what is asked of people and "
		    "inventory can't be told from a log" :
		    "Nothing was found");
	quo_report_more(r, rows, QUO_REPORT_ROWS);
}

void
quo_report_verifier(struct quo_report *r)
{
	quo_document_heading(r->doc, 1, "The verifier's output");
	quo_document_text(r->doc, "As \"quorate log verify\" says it of the "
	    "same entries. Another program, examples/verify-log.py, must "
	    "agree.");
	for (size_t i = 0; i < r->line_count; i++)
		quo_document_code(r->doc, quo_report_say(r, "%s",
		    r->lines[i]));
}
