/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/report.h"

#define HOUR 3600.0
#define DAY 86400.0
/* Entries of one incident in full. */
#define ACTS 80
/* Longer decay is drawn in days. */
#define LONG (5 * 86400)
#define DEADLINES 4

/*
 * Decay over time
 */

/* The deadline of the latest opening that has one; 0: there is none. */
static int64_t
allowed(const struct quo_report *r)
{
	for (size_t i = r->story.count; i > 0; i--) {
		const struct quo_story_incident *in =
		    &r->story.incidents[i - 1];

		if (in->burns && in->deadline > in->opened)
			return in->deadline - in->opened;
	}
	return 0;
}

/* A chart in the making. */
struct drawing {
	struct quo_point *points;
	char (*texts)[160];	/* what people point at */
	size_t count;
	int64_t top;		/* longer decay is drawn there; seconds */
	double unit;
	const char *beyond;	/* names those, or NULL */
};

/*
 * One that stays open for months would press all others flat: what is longer
 * than so many deadlines is drawn at the top, and told.
 */
static int64_t
top_of(const struct quo_report *r, int64_t limit)
{
	int64_t top = r->decay.worst, least = DEADLINES * limit;

	return limit > 0 && top > least ? least : top;
}

static void
add_point(struct quo_report *r, struct drawing *d,
    const struct quo_story_incident *in)
{
	char *text = d->texts[d->count];
	int64_t height = in->decay > d->top ? d->top : in->decay;

	quo_say_escape(quo_report_say(r, "%s %.80s: %s%s", in->name,
	    in->credential != NULL ? in->credential : "of unknown cards",
	    quo_report_span(r, in->decay), in->proven == 0 ?
	    ", still open" : ""), text, sizeof d->texts[0]);
	if (in->decay > d->top)
		d->beyond = d->beyond == NULL ? text : quo_report_say(r,
		    "%.1000s; %s", d->beyond, text);
	d->points[d->count++] = (struct quo_point){ in->opened,
	    (double)height / d->unit, in->proven == 0 ? QUO_TONE_BAD :
	    in->late ? QUO_TONE_WARN : QUO_TONE_GOOD, text };
}

static void
draw_chart(struct quo_report *r, struct drawing *d)
{
	int64_t limit = allowed(r);
	bool longer;
	struct quo_chart chart = {
		.title = "From burned to proven rotation",
		.points = d->points, .from = r->from > 0 ? r->from : 0,
		.to = r->to > r->now ? r->now : r->to,
	};

	d->top = top_of(r, limit);
	longer = d->top > LONG;
	d->unit = longer ? DAY : HOUR;
	for (size_t i = 0; i < r->story.count && d->count <
	    QUO_DOCUMENT_POINTS; i++) {
		const struct quo_story_incident *in = &r->story.incidents[i];

		if (in->decay >= 0 && quo_story_opened(&r->story, in) &&
		    in->opened >= 0 && in->opened <= chart.to)
			add_point(r, d, in);
	}
	chart.count = d->count;
	chart.unit = longer ? "d" : "h";
	chart.threshold = (double)limit / d->unit;
	chart.limit = limit > 0 ? quo_report_say(r, "deadline %s",
	    quo_report_span(r, limit)) : NULL;
	if (chart.from >= chart.to)
		chart.from = chart.to = 0;
	quo_document_chart(r->doc, &chart);
	if (d->beyond != NULL)
		quo_document_note(r->doc, QUO_TONE_WARN, quo_report_say(r,
		    "Drawn at the top, and longer than that: %s", d->beyond));
}

void
quo_report_decay(struct quo_report *r)
{
	struct drawing d = { 0 };
	const struct quo_story_decay *of = &r->decay;

	quo_document_heading(r->doc, 1, "Decay over time");
	if (of->count + of->open == 0) {
		quo_document_text(r->doc, "Nothing was burned in this "
		    "period, so there is no decay to measure.");
		return;
	}
	quo_document_text(r->doc, quo_report_say(r, "Decay is the time from "
	    "the moment a quorum formed until the target was proven to take "
	    "a new secret and to refuse the old one. Of %zu burned in this "
	    "period, %zu %s proven to be rotated%s; %zu took longer than "
	    "allowed.", of->count + of->open, of->count, of->count == 1 ? "is" :
	    "are", of->worded == 0 ? "" : quo_report_say(r, ", %zu of them by "
	    "a person's word, where no login showed it", of->worded),
	    of->late));
	d.points = calloc(QUO_DOCUMENT_POINTS, sizeof *d.points);
	d.texts = calloc(QUO_DOCUMENT_POINTS, sizeof *d.texts);
	if (d.points != NULL && d.texts != NULL)
		draw_chart(r, &d);
	free(d.points);
	free(d.texts);
}

/*
 * All incidents, a line each
 */

static const char *
told(const struct quo_entry *e, enum quo_key key)
{
	return e->value[key] != NULL ? e->value[key] : "not told";
}

static struct quo_cell
decay_cell(struct quo_report *r, const struct quo_story_incident *in)
{
	if (in->decay < 0)
		return (struct quo_cell){ in->opened == 0 ? "not opened" :
		    "nothing burned", QUO_TONE_FAINT };
	if (in->proven == 0)
		return (struct quo_cell){ quo_report_say(r, "%s, open",
		    quo_report_span(r, in->decay)), QUO_TONE_BAD };
	if (quo_story_word(in) != NULL)
		return (struct quo_cell){ quo_report_say(r, "%s, by word",
		    quo_report_span(r, in->decay)), QUO_TONE_WARN };
	return (struct quo_cell){ quo_report_span(r, in->decay),
	    in->late ? QUO_TONE_WARN : QUO_TONE_GOOD };
}

static struct quo_cell
state_cell(struct quo_report *r, const struct quo_story_incident *in)
{
	const char *missing = quo_report_missing(r, in);

	if (missing != NULL)
		return (struct quo_cell){ quo_report_say(r, "wants %s",
		    missing), QUO_TONE_WARN };
	if (in->review != NULL)
		return (struct quo_cell){ quo_report_say(r, "closed: %s",
		    told(in->review, QUO_KEY_CLASSIFICATION)),
		    QUO_TONE_PLAIN };
	return (struct quo_cell){ in->withdrawn != 0 ? "withdrawn" :
	    "requested", QUO_TONE_FAINT };
}

static void
line_of(struct quo_report *r, const struct quo_story_incident *in)
{
	struct quo_cell cells[] = {
		{ in->name, QUO_TONE_PLAIN },
		{ quo_report_or(r, in->credential, "unknown"),
		  QUO_TONE_PLAIN },
		{ quo_report_when(r, in->opened != 0 ? in->opened :
		  in->declared, ""), QUO_TONE_PLAIN },
		{ quo_report_or(r, in->request->value[QUO_KEY_REQUESTER],
		  "nobody named"), QUO_TONE_PLAIN },
		{ quo_report_or(r, in->request->value[QUO_KEY_TICKET],
		  "none"), QUO_TONE_PLAIN },
		decay_cell(r, in), state_cell(r, in),
	};

	quo_document_row(r->doc, cells, sizeof cells / sizeof *cells);
}

static void
table_of_all(struct quo_report *r)
{
	static const struct quo_column columns[] = {
		{ "incident" }, { "credential" },
		{ "opened or declared", true }, { "requester" },
		{ "ticket" }, { "decay" }, { "state" },
	};
	size_t first = r->story.count > QUO_REPORT_ROWS ?
	    r->story.count - QUO_REPORT_ROWS : 0;

	quo_document_table(r->doc, NULL, columns,
	    sizeof columns / sizeof *columns);
	for (size_t i = first; i < r->story.count; i++)
		line_of(r, &r->story.incidents[i]);
	quo_report_more(r, r->story.count, r->story.count - first);
}

/*
 * One in full
 */

static void
fact(struct quo_report *r, const char *label, const char *text)
{
	if (text != NULL && *text != '\0')
		quo_document_fact(r->doc, label, quo_report_or(r, text, ""));
}

static void
tell_declaration(struct quo_report *r, const struct quo_story_incident *in)
{
	const struct quo_entry *e = in->request;
	const char *const *v = e->value;

	quo_document_fact(r->doc, "Requested by", quo_report_say(r,
	    "%s, on %s UTC", quo_report_who(r, v[QUO_KEY_REQUESTER], e),
	    quo_report_when(r, in->declared, "")));
	fact(r, "Reason", v[QUO_KEY_REASON]);
	fact(r, "Ticket", v[QUO_KEY_TICKET]);
	fact(r, "Criterion", v[QUO_KEY_CRITERION]);
	fact(r, "To take", v[QUO_KEY_EXPECTED]);
	quo_document_fact(r->doc, "Entered by", quo_report_say(r, "%s "
	    "(claimed), at host %s", v[QUO_KEY_ACTOR] != NULL ?
	    v[QUO_KEY_ACTOR] : "nobody named", v[QUO_KEY_HOST] != NULL ?
	    v[QUO_KEY_HOST] : "not told"));
}

static const struct quo_entry *
act_of(const struct quo_story_incident *in, const char *event)
{
	for (size_t i = 0; i < in->acts.count; i++)
		if (strcmp(in->acts.items[i]->value[QUO_KEY_EVENT], event) ==
		    0)
			return in->acts.items[i];
	return NULL;
}

/* A fact with all that was written to out, or otherwise where that is "". */
static void
fact_of(struct quo_report *r, const char *label, FILE *out, char **text,
    const char *otherwise)
{
	bool some = out != NULL && fclose(out) == 0 && **text != '\0';

	quo_document_fact(r->doc, label, some ?
	    quo_report_say(r, "%s", *text) : otherwise);
	free(*text);
}

static void
tell_approvals(struct quo_report *r, const struct quo_story_incident *in)
{
	const char *between = "";
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; out != NULL && i < in->acts.count; i++) {
		const struct quo_entry *e = in->acts.items[i];

		if (strcmp(e->value[QUO_KEY_EVENT], "approve") != 0)
			continue;
		fprintf(out, "%s%s", between, quo_report_who(r,
		    e->value[QUO_KEY_PERSON], e));
		between = "; ";
	}
	fact_of(r, "Approved by", out, &text, in->opened == 0 ? "nobody" :
	    "nobody besides the custodians who brought their cards");
}

static void
tell_cards(struct quo_report *r, const struct quo_story_incident *in)
{
	const char *between = "";
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; out != NULL && i < in->acts.count; i++) {
		const struct quo_entry *e = in->acts.items[i];
		const char *card = e->value[QUO_KEY_CARD];
		const char *person = e->value[QUO_KEY_PERSON];

		if (strcmp(e->value[QUO_KEY_EVENT], "present") != 0)
			continue;
		fprintf(out, "%s%s%s%s%s%s %s", between,
		    card != NULL ? "card " : "a card",
		    card != NULL ? card : "", person != NULL ? " of " : "",
		    person != NULL ? person : "",
		    card != NULL || person != NULL ? "," : ":",
		    e->value[QUO_KEY_VERDICT] != NULL ?
		    e->value[QUO_KEY_VERDICT] : "no verdict");
		between = "; ";
	}
	fact_of(r, "Cards shown", out, &text, "none");
}

static void
tell_opening(struct quo_report *r, const struct quo_story_incident *in)
{
	const struct quo_entry *e = act_of(in, "open");
	bool handed = act_of(in, "opened") != NULL;

	if (e == NULL)
		e = act_of(in, "open-retired");
	if (in->opened == 0 || e == NULL) {
		quo_document_fact(r->doc, "Opened", in->withdrawn != 0 ?
		    "never: it was withdrawn" : "never");
		return;
	}
	quo_document_fact(r->doc, "Opened", quo_report_say(r, "%s UTC, with "
	    "cards %s%s%s", quo_report_when(r, in->opened, ""),
	    e->value[QUO_KEY_CARDS] != NULL ? e->value[QUO_KEY_CARDS] :
	    "not told", in->openings > 1 ? quo_report_say(r, "; %u times in "
	    "all", in->openings) : "", handed ? "" : "; that the secret was "
	    "handed out is not recorded, yet a quorum was there"));
	quo_document_fact(r->doc, "Exposed for", in->closes > 0 ?
	    quo_report_span(r, in->seconds) : "its end is not recorded");
	if (in->deadline != 0)
		quo_document_fact(r->doc, "To be rotated by",
		    quo_report_say(r, "%s UTC%s", quo_report_when(r,
		    in->deadline, ""), in->overdue != 0 ? quo_report_say(r,
		    "; told to be overdue on %s", quo_report_when(r,
		    in->overdue, "")) : ""));
}

static void
tell_rotation(struct quo_report *r, const struct quo_story_incident *in)
{
	const struct quo_entry *e = in->rotation;
	const struct quo_entry *word = quo_story_word(in);
	const char *const *v = e != NULL ? e->value : NULL;

	if (!in->burns)
		return;
	quo_document_fact(r->doc, "Rotation", e == NULL ?
	    "none has ended since" : quo_report_say(r, "%s UTC, generation "
	    "%s: %s%s%s%s%s", quo_report_when(r, quo_story_time(e), ""),
	    v[QUO_KEY_GENERATION] != NULL ? v[QUO_KEY_GENERATION] : "?",
	    v[QUO_KEY_OUTCOME] != NULL ? v[QUO_KEY_OUTCOME] : "?",
	    word != NULL ? ", says " : "", word != NULL ? quo_report_who(r,
	    v[QUO_KEY_PERSON], word) : "",
	    v[QUO_KEY_DETAIL] != NULL ? ": " : "",
	    v[QUO_KEY_DETAIL] != NULL ? v[QUO_KEY_DETAIL] : ""));
	quo_document_fact(r->doc, "Decay", quo_report_say(r, "%s%s%s",
	    quo_report_span(r, in->decay), in->proven == 0 ?
	    " so far, and still open" : "", in->late ?
	    "; longer than allowed" : ""));
}

static void
tell_review(struct quo_report *r, const struct quo_story_incident *in)
{
	const struct quo_entry *e = in->review;

	if (e == NULL)
		return;
	quo_document_fact(r->doc, "Reviewed by", quo_report_say(r,
	    "%s, on %s UTC, as %s", quo_report_who(r,
	    e->value[QUO_KEY_PERSON], e), quo_report_when(r,
	    quo_story_time(e), ""), told(e, QUO_KEY_CLASSIFICATION)));
	fact(r, "Findings", e->value[QUO_KEY_FINDINGS]);
	fact(r, "Actions", e->value[QUO_KEY_ACTIONS]);
	fact(r, "Recording", e->value[QUO_KEY_RECORDING]);
}

static void
tell_notes(struct quo_report *r, const struct quo_story_incident *in)
{
	const char *missing = quo_report_missing(r, in);
	const char *yielded = NULL;

	for (size_t i = 0; i < in->acts.count && yielded == NULL; i++)
		yielded = in->acts.items[i]->value[QUO_KEY_EMERGENCY];
	if (in->receipt != NULL)
		quo_document_note(r->doc, QUO_TONE_WARN, quo_report_say(r,
		    "A rescue without the ledger: receipt %s tells of it, and "
		    "was taken in on %s UTC. Its times and names are those "
		    "of the receipt; what the log has of it was entered "
		    "afterwards", in->receipt, quo_report_when(r, in->told,
		    "")));
	else if (yielded != NULL)
		quo_document_note(r->doc, QUO_TONE_WARN, quo_report_say(r,
		    "The rules yielded to an emergency: %s", yielded));
	if (quo_story_word(in) != NULL)
		quo_document_note(r->doc, QUO_TONE_WARN, "That the target "
		    "takes the new secret alone is a person's word: no login "
		    "showed it to quorate");
	if (in->openings > 0 && !in->burns)
		quo_document_note(r->doc, QUO_TONE_PLAIN, "A set that another "
		    "one had replaced was opened: what it opens should be "
		    "refused by the target");
	if (missing != NULL)
		quo_document_note(r->doc, in->burns && in->proven == 0 ?
		    QUO_TONE_BAD : QUO_TONE_WARN, quo_report_say(r,
		    "Not closed: %s is missing", missing));
}

static void
tell_acts(struct quo_report *r, const struct quo_story_incident *in)
{
	static const struct quo_column columns[] = {
		{ "entry", true }, { "time (UTC)", true }, { "what happened" },
		{ "run by (claimed)" },
	};
	size_t shown = in->acts.count < ACTS ? in->acts.count : ACTS;

	quo_document_table(r->doc, "What the log has of it, in its order",
	    columns, 4);
	for (size_t i = 0; i < shown; i++) {
		const struct quo_entry *e = in->acts.items[i];
		bool refused = strcmp(e->value[QUO_KEY_EVENT], "refused") ==
		    0;
		const struct quo_cell cells[] = {
			{ quo_report_say(r, "%llu",
			  (unsigned long long)e->number), QUO_TONE_FAINT },
			{ quo_report_when(r, quo_story_time(e), ""),
			  QUO_TONE_PLAIN },
			{ quo_report_event(r, e), refused ? QUO_TONE_WARN :
			  QUO_TONE_PLAIN },
			{ quo_report_or(r, e->value[QUO_KEY_ACTOR], ""),
			  QUO_TONE_PLAIN },
		};

		quo_document_row(r->doc, cells, 4);
	}
	quo_report_more(r, in->acts.count, shown);
}

static void
tell(struct quo_report *r, const struct quo_story_incident *in)
{
	quo_document_keep(r->doc, true);
	quo_document_heading(r->doc, 2, quo_report_say(r, "%s: %s", in->name,
	    in->credential != NULL ? in->credential :
	    "cards that nobody knew"));
	tell_notes(r, in);
	tell_declaration(r, in);
	tell_approvals(r, in);
	tell_cards(r, in);
	tell_opening(r, in);
	tell_rotation(r, in);
	tell_review(r, in);
	quo_document_keep(r->doc, false);
	tell_acts(r, in);
}

void
quo_report_incidents(struct quo_report *r)
{
	size_t count = r->story.count, first = 0;

	quo_document_heading(r->doc, 1, "Incidents");
	if (count == 0) {
		quo_document_text(r->doc, "None was declared, open or closed "
		    "in this period.");
		return;
	}
	table_of_all(r);
	if (count > QUO_REPORT_INCIDENTS)
		first = count - QUO_REPORT_INCIDENTS;
	quo_document_heading(r->doc, 1, first == 0 ? "Incidents in full" :
	    quo_report_say(r, "The latest %u incidents in full",
	    (unsigned)QUO_REPORT_INCIDENTS));
	for (size_t i = first; i < count; i++)
		tell(r, &r->story.incidents[i]);
	quo_report_more(r, count, count - first);
}
