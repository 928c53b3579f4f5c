/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "cmd/report.h"

/*
 * Rarity
 */

static int
by_use(const void *a, const void *b)
{
	const struct quo_story_use *x = a, *y = b;

	return x->within != y->within ? (x->within < y->within ? 1 : -1) :
	    x->total != y->total ? (x->total < y->total ? 1 : -1) : 0;
}

static void
uses(struct quo_report *r, const char *caption, const char *label,
    const struct quo_story_uses *uses)
{
	const struct quo_column columns[] = {
		{ label }, { "in this period", true },
		{ "within 90 days of another", true },
		{ "since the log began", true }, { "last", true },
	};
	size_t shown = uses->count < QUO_REPORT_ROWS ? uses->count :
	    QUO_REPORT_ROWS;

	if (uses->count == 0)
		return;
	qsort(uses->items, uses->count, sizeof *uses->items, by_use);
	quo_document_table(r->doc, caption, columns, 5);
	for (size_t i = 0; i < shown; i++) {
		const struct quo_story_use *u = &uses->items[i];
		const struct quo_cell cells[] = {
			{ quo_report_or(r, u->name, "not told"),
			  QUO_TONE_PLAIN },
			{ quo_report_say(r, "%u", u->within),
			  QUO_TONE_PLAIN },
			{ u->repeats > 0 ? quo_report_say(r, "%u",
			  u->repeats) : "none", u->repeats > 0 ?
			  QUO_TONE_WARN : QUO_TONE_PLAIN },
			{ quo_report_say(r, "%u", u->total), QUO_TONE_PLAIN },
			{ quo_report_day(r, u->last, ""), QUO_TONE_PLAIN },
		};

		quo_document_row(r->doc, cells, 5);
	}
	quo_report_more(r, uses->count, shown);
}

void
quo_report_rarity(struct quo_report *r)
{
	quo_document_heading(r->doc, 1, "Rarity");
	if (r->story.credentials.count == 0) {
		quo_document_text(r->doc, "No opening was ever logged.");
		return;
	}
	quo_document_text(r->doc, "A way in for emergencies that is used "
	    "often has become an everyday way in. Openings within 90 days of "
	    "another are flagged.");
	uses(r, "Openings of each credential", "credential",
	    &r->story.credentials);
	uses(r, "Openings that each person asked for, by the name that was "
	    "given", "requester", &r->story.people);
}

/*
 * Drills: of each credential how many, and what they found
 */

static int
by_credential(const void *a, const void *b)
{
	const struct quo_entry *x = *(const struct quo_entry *const *)a;
	const struct quo_entry *y = *(const struct quo_entry *const *)b;
	const char *s = x->value[QUO_KEY_CREDENTIAL];
	const char *t = y->value[QUO_KEY_CREDENTIAL];
	int order = strcmp(s != NULL ? s : "", t != NULL ? t : "");

	return order != 0 ? order : x->number < y->number ? -1 :
	    x->number > y->number;
}

struct drills {
	const char *name;
	size_t cards, bad, quorums;
	int64_t last;
};

static void
drill_row(struct quo_report *r, const struct drills *d)
{
	const struct quo_view *v = quo_views_find(&r->views, d->name);
	bool due = v != NULL && (v->due >> QUO_DUE_DRILL & 1) != 0;
	const struct quo_cell cells[] = {
		{ quo_report_or(r, d->name, "not told"), QUO_TONE_PLAIN },
		{ quo_report_say(r, "%zu", d->cards), QUO_TONE_PLAIN },
		{ quo_report_say(r, "%zu", d->quorums), QUO_TONE_PLAIN },
		{ d->bad > 0 ? quo_report_say(r, "%zu", d->bad) : "none",
		  d->bad > 0 ? QUO_TONE_BAD : QUO_TONE_PLAIN },
		{ quo_report_day(r, d->last, ""), QUO_TONE_PLAIN },
		{ v == NULL ? "" : quo_report_day(r, v->drill_by, "none"),
		  due ? QUO_TONE_WARN : QUO_TONE_PLAIN },
	};

	quo_document_row(r->doc, cells, 6);
}

static void
count_drill(struct drills *d, const struct quo_entry *e)
{
	const char *verdict = e->value[QUO_KEY_VERDICT];

	if (strcmp(e->value[QUO_KEY_EVENT], "drill-quorum") == 0)
		d->quorums++;
	else
		d->cards++;
	d->bad += verdict != NULL && strcmp(verdict, "genuine") != 0;
	d->last = quo_story_time(e);
}

static void
drills(struct quo_report *r)
{
	static const struct quo_column columns[] = {
		{ "credential" }, { "cards shown", true },
		{ "quorums shown", true }, { "not genuine", true },
		{ "last in the period", true }, { "next by", true },
	};
	struct quo_story_list *list = &r->story.list[QUO_STORY_DRILLS];
	struct drills d = { 0 };
	size_t rows = 0;

	quo_document_heading(r->doc, 1, "Drills");
	if (list->count == 0) {
		quo_document_note(r->doc, QUO_TONE_WARN, "No card was "
		    "drilled in this period");
		return;
	}
	qsort(list->items, list->count, sizeof *list->items, by_credential);
	quo_document_table(r->doc, NULL, columns, 6);
	for (size_t i = 0; i < list->count; i++) {
		const char *name = list->items[i]->value[QUO_KEY_CREDENTIAL];

		if (d.name == NULL || name == NULL ||
		    strcmp(d.name, name) != 0)
			d = (struct drills){ .name = name != NULL ? name :
			    "" };
		count_drill(&d, list->items[i]);
		name = i + 1 < list->count ?
		    list->items[i + 1]->value[QUO_KEY_CREDENTIAL] : NULL;
		if ((name == NULL || strcmp(d.name, name) != 0) &&
		    rows++ < QUO_REPORT_ROWS)
			drill_row(r, &d);
	}
	quo_report_more(r, rows, QUO_REPORT_ROWS);
}

/*
 * What else happened
 */

/* What happened; of a rotation's end, when it began and by which hook. */
static const char *
told(struct quo_report *r, const struct quo_entry *e)
{
	const struct quo_entry *first = NULL, *last = NULL;
	const char *hook, *what = quo_report_event(r, e);

	if (strcmp(e->value[QUO_KEY_EVENT], "rotate-end") == 0)
		quo_story_starts(&r->story, e, &first, &last);
	if (first == NULL)
		return what;
	hook = quo_report_hook(last);
	return quo_report_say(r, "%s; it began %s%s%s", what,
	    quo_report_when(r, quo_story_time(first), "?"), hook != NULL ?
	    ", hook " : "", hook != NULL ? hook : "");
}

static void
list_events(struct quo_report *r, const struct quo_story_list *list,
    bool about, enum quo_tone tone)
{
	static const struct quo_column columns[] = {
		{ "entry", true }, { "time (UTC)", true }, { "what happened" },
		{ "run by (claimed)" }, { "credential" },
	};
	size_t shown = list->count < QUO_REPORT_ROWS ? list->count :
	    QUO_REPORT_ROWS;

	quo_document_table(r->doc, NULL, columns, about ? 5 : 4);
	for (size_t i = list->count - shown; i < list->count; i++) {
		const struct quo_entry *e = list->items[i];
		const struct quo_cell cells[] = {
			{ quo_report_say(r, "%llu",
			  (unsigned long long)e->number), QUO_TONE_FAINT },
			{ quo_report_when(r, quo_story_time(e), ""),
			  QUO_TONE_PLAIN },
			{ told(r, e), tone },
			{ quo_report_or(r, e->value[QUO_KEY_ACTOR], ""),
			  QUO_TONE_PLAIN },
			{ quo_report_or(r, e->value[QUO_KEY_CREDENTIAL], ""),
			  QUO_TONE_PLAIN },
		};

		quo_document_row(r->doc, cells, about ? 5 : 4);
	}
	quo_report_more(r, list->count, shown);
}

static const struct {
	enum quo_story_kind kind;
	unsigned level;
	const char *heading;
	const char *none;	/* NULL: then it is left out */
	bool about;
	enum quo_tone tone;
} events[] = {
	{ QUO_STORY_REFUSED, 1, "Refused acts", "Nothing was refused in this "
	  "period.", true, QUO_TONE_WARN },
	{ QUO_STORY_STRANGE, 2, "Cards shown that were not good", "There were "
	  "none in this period.", true, QUO_TONE_WARN },
	{ QUO_STORY_FAILED, 2, "Openings that failed", NULL, true,
	  QUO_TONE_WARN },
	{ QUO_STORY_UNDELIVERED, 1, "Alerts not delivered", "The log of this "
	  "period has no alert that failed.", false, QUO_TONE_BAD },
	{ QUO_STORY_DELIVERED, 2, "Delivered after all", NULL, false,
	  QUO_TONE_PLAIN },
	{ QUO_STORY_DEALINGS, 1, "Dealings", "No cards were dealt in this "
	  "period.", true, QUO_TONE_PLAIN },
	{ QUO_STORY_ROTATIONS, 1, "Rotations", "None ended in this period.",
	  true, QUO_TONE_PLAIN },
	{ QUO_STORY_CARDS, 1, "Cards acknowledged and lost", "None in this "
	  "period.", true, QUO_TONE_PLAIN },
	{ QUO_STORY_RECEIPTS, 1, "Rescues without the ledger", "No receipt "
	  "was taken in in this period.", true, QUO_TONE_WARN },
	{ QUO_STORY_PEOPLE, 1, "Changes of people", "None in this period.",
	  false, QUO_TONE_PLAIN },
	{ QUO_STORY_INVENTORY, 1, "Changes of the inventory", "None in this "
	  "period.", false, QUO_TONE_PLAIN },
	{ QUO_STORY_UNLOCKED, 2, "Secrets in memory that may be swapped out",
	  NULL, false, QUO_TONE_WARN },
};

void
quo_report_events(struct quo_report *r)
{
	const struct quo_story_list *list;

	drills(r);
	for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
		list = &r->story.list[events[i].kind];
		if (list->count == 0 && events[i].none == NULL)
			continue;
		quo_document_heading(r->doc, events[i].level,
		    events[i].heading);
		if (list->count == 0)
			quo_document_text(r->doc, events[i].none);
		else
			list_events(r, list, events[i].about, events[i].tone);
	}
}
