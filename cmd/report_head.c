/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>

#include "cmd/forms_internal.h"
#include "cmd/report.h"
#include "cmd/status.h"
#include "config.h"

static void
facts(struct quo_report *r)
{
	struct quo_document *doc = r->doc;
	const struct quo_verify *v = &r->evidence.verify;

	quo_document_fact(doc, "Ledger", quo_report_or(r,
	    quo_ledger_id(r->ledger), "not told"));
	quo_document_fact(doc, "Period", quo_report_say(r,
	    "%s to %s, UTC%s", quo_report_when(r, r->from, "the beginning"),
	    quo_report_when(r, r->to, "now"), r->since ? "" :
	    " (all since the log began)"));
	quo_document_fact(doc, "Made", quo_report_say(r,
	    "%s UTC, by quorate %s", quo_report_when(r, r->now, ""),
	    QUO_VERSION));
	quo_document_fact(doc, "Made from", r->log != NULL ?
	    quo_report_say(r, "the exported log %s alone: what only the "
	    "ledger holds, people and inventory, is missing here, and said "
	    "to be", r->log) : "the ledger, as it stood at that moment");
	quo_document_fact(doc, "The log", quo_report_say(r,
	    "%llu entries, %s to %s; %llu of them in this period",
	    (unsigned long long)v->entries, quo_report_or(r, v->first_time,
	    "no time"), quo_report_or(r, v->last_time, "no time"),
	    (unsigned long long)r->story.entries));
}

static void
verdict(struct quo_report *r)
{
	const struct quo_verify *v = &r->evidence.verify;
	unsigned long long alone = v->entries - v->covered;

	if (!r->whole)
		quo_document_note(r->doc, QUO_TONE_BAD, "THE LOG IS NOT "
		    "WHOLE. What follows is what it says all the same; the "
		    "verifier's output at the end says what is wrong");
	else if (v->covered == 0)
		quo_document_note(r->doc, QUO_TONE_WARN, quo_report_say(r,
		    "Nothing is wrong with the log in itself. No outside "
		    "witness was given, so all of its %llu entries rest on "
		    "the honesty of the host that kept it",
		    (unsigned long long)v->entries));
	else
		quo_document_note(r->doc, QUO_TONE_GOOD, quo_report_say(r,
		    "The log is whole, and agrees with what others kept: "
		    "outside witnesses cover %llu of %llu entries; %llu rest "
		    "on the honesty of the host that kept it",
		    (unsigned long long)v->covered,
		    (unsigned long long)v->entries, alone));
	if (r->trouble != NULL)
		quo_document_note(r->doc, QUO_TONE_BAD, quo_report_say(r,
		    "%s: %s", r->log != NULL ? "From the log the state of "
		    "things can be made again only in part" : "What the "
		    "ledger says of the state of things is not what its log "
		    "makes", r->trouble));
}

static void
checkpoint(struct quo_report *r)
{
	const struct quo_form form = {
		.ledger = quo_ledger_id(r->ledger),
		.checkpoint = &r->checkpoint,
	};

	if (form.ledger != NULL && *form.ledger != '\0' &&
	    r->checkpoint.size > 0)
		quo_form_checkpoint(r->doc, &form);
}

void
quo_report_head(struct quo_report *r)
{
	facts(r);
	verdict(r);
	quo_document_heading(r->doc, 2, "How far a report like this goes");
	for (size_t i = 0; i < QUO_FORM_SENTENCES; i++)
		quo_document_number(r->doc, quo_form_sentences[i]);
	checkpoint(r);
}

/*
 * The summary
 */

/* Credentials to which something is due, as bits of kinds. */
static size_t
count_due(const struct quo_report *r, uint64_t kinds)
{
	size_t count = 0;

	for (size_t i = 0; i < r->views.count; i++)
		count += (r->views.view[i].due & kinds) != 0;
	return count;
}

static size_t
count_drillable(const struct quo_report *r)
{
	size_t count = 0;

	for (size_t i = 0; i < r->views.count; i++)
		count += r->views.view[i].set != NULL &&
		    r->views.view[i].state != QUO_STATE_RETIRED;
	return count;
}

static size_t
count_opened(const struct quo_report *r)
{
	size_t count = 0;

	for (size_t i = 0; i < r->story.count; i++)
		count += quo_story_opened(&r->story, &r->story.incidents[i]);
	return count;
}

static void
figures_of_use(struct quo_report *r)
{
	const struct quo_story_decay *d = &r->decay;
	size_t overdue = count_due(r, UINT64_C(1) << QUO_DUE_OVERDUE);
	struct quo_figure figures[] = {
		{ "incidents opened", quo_report_say(r, "%zu",
		  count_opened(r)), QUO_TONE_PLAIN },
		{ "median decay", d->median < 0 ?
		  "none" : quo_report_span(r, d->median), QUO_TONE_PLAIN },
		{ d->worst_open ? "worst decay, and still open" :
		  "worst decay", d->worst < 0 ? "none" :
		  quo_report_span(r, d->worst), d->worst_open ? QUO_TONE_BAD :
		  d->late > 0 ? QUO_TONE_WARN : QUO_TONE_PLAIN },
		{ "overdue now", quo_report_say(r, "%zu", overdue),
		  overdue > 0 ? QUO_TONE_BAD : QUO_TONE_GOOD },
	};

	quo_document_figures(r->doc, figures, 4);
}

static void
figures_of_care(struct quo_report *r)
{
	const struct quo_story_list *list = r->story.list;
	size_t due = count_due(r, UINT64_C(1) << QUO_DUE_DRILL);
	int64_t missed = r->views.undelivered;
	struct quo_figure figures[] = {
		{ "cards drilled", quo_report_say(r, "%zu",
		  list[QUO_STORY_DRILLS].count), QUO_TONE_PLAIN },
		{ "due for a drill", quo_report_say(r,
		  "%zu of %zu", due, count_drillable(r)),
		  due > 0 ? QUO_TONE_WARN : QUO_TONE_GOOD },
		{ "acts refused", quo_report_say(r, "%zu",
		  list[QUO_STORY_REFUSED].count),
		  list[QUO_STORY_REFUSED].count > 0 ? QUO_TONE_WARN :
		  QUO_TONE_PLAIN },
		{ r->log == NULL ? "not delivered" :
		  "alerts that failed",
		  quo_report_say(r, "%lld", r->log == NULL ?
		  (long long)missed : (long long)list[QUO_STORY_UNDELIVERED].
		  count), missed > 0 ? QUO_TONE_BAD : QUO_TONE_PLAIN },
	};

	quo_document_figures(r->doc, figures, 4);
}

void
quo_report_summary(struct quo_report *r)
{
	quo_document_break(r->doc);
	quo_document_heading(r->doc, 1, "In short");
	if (r->story.entries == 0)
		quo_document_note(r->doc, QUO_TONE_PLAIN, "The log has no "
		    "entry of this period: nothing happened, or nothing was "
		    "written down");
	else if (count_opened(r) == 0)
		quo_document_note(r->doc, QUO_TONE_GOOD, "No credential was "
		    "opened in this period");
	if (r->decay.open > 0)
		quo_document_note(r->doc, QUO_TONE_BAD, quo_report_say(r,
		    "%zu opening%s of this period %s not ended by a proven "
		    "rotation: what was seen still opens the target",
		    r->decay.open, r->decay.open == 1 ? "" : "s",
		    r->decay.open == 1 ? "is" : "are"));
	figures_of_use(r);
	figures_of_care(r);
}

/*
 * What needs attention
 */

static void
due_row(struct quo_report *r, struct quo_scratch *scratch,
    const struct quo_view *v, enum quo_due due)
{
	struct quo_cell cells[4] = {
		{ quo_report_or(r, v->name, ""), QUO_TONE_PLAIN },
	};

	cells[1] = (struct quo_cell){ quo_due_urgency(due) ==
	    QUO_URGENCY_NOW ? "now" : "due", quo_due_urgency(due) ==
	    QUO_URGENCY_NOW ? QUO_TONE_BAD : QUO_TONE_WARN };
	quo_status_what(quo_scratch_begin(scratch), v, due, r->now);
	cells[2].text = quo_report_or(r, quo_scratch_end(scratch), "");
	quo_status_next(quo_scratch_begin(scratch), v, due, r->now);
	cells[3].text = quo_report_or(r, quo_scratch_end(scratch), "");
	quo_document_row(r->doc, cells, 4);
}

static void
due_table(struct quo_report *r, const struct quo_status *s,
    struct quo_scratch *scratch)
{
	static const struct quo_column columns[] = {
		{ "credential" }, { "when", true }, { "what" },
		{ "next", false, true },
	};
	size_t rows = 0;

	quo_document_table(r->doc, NULL, columns, 4);
	for (size_t i = 0; i < s->count; i++) {
		for (int due = 0; due < QUO_DUES; due++) {
			if ((s->shown[i]->due >> due & 1) == 0 ||
			    quo_due_urgency((enum quo_due)due) <
			    QUO_URGENCY_DUE)
				continue;
			if (rows++ < QUO_REPORT_ROWS)
				due_row(r, scratch, s->shown[i],
				    (enum quo_due)due);
		}
	}
	quo_report_more(r, rows, QUO_REPORT_ROWS);
}

void
quo_report_attention(struct quo_report *r)
{
	struct quo_status s = { .views = &r->views };
	struct quo_scratch scratch = { 0 };

	quo_document_heading(r->doc, 1, "What needs attention now");
	if (r->views.undelivered > 0)
		quo_document_note(r->doc, QUO_TONE_BAD, quo_report_say(r,
		    "%lld alert%s NOT DELIVERED: quorate log deliver",
		    (long long)r->views.undelivered,
		    r->views.undelivered == 1 ? " is" : "s are"));
	s.shown = calloc(r->views.count + 1, sizeof *s.shown);
	if (s.shown == NULL || quo_scratch_open(&scratch) != QUO_OK) {
		free(s.shown);
		return;
	}
	for (size_t i = 0; i < r->views.count; i++)
		if (quo_due_worst(r->views.view[i].due) >= QUO_URGENCY_DUE)
			s.shown[s.count++] = &r->views.view[i];
	quo_status_sort(&s);
	if (s.count > 0)
		due_table(r, &s, &scratch);
	else
		quo_document_note(r->doc, QUO_TONE_GOOD, r->views.count > 0 ?
		    "Nothing is due" : "There are no credentials");
	quo_scratch_close(&scratch);
	free(s.shown);
}
