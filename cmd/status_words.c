/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "cmd/status.h"

#define MINUTE 60
#define HOUR 3600
#define DAY 86400

void
quo_status_span(FILE *out, int64_t seconds)
{
	static const struct {
		int64_t least, unit;
		char letter;
	} units[] = {
		{ 2 * DAY, DAY, 'd' }, { 2 * HOUR, HOUR, 'h' },
		{ 2 * MINUTE, MINUTE, 'm' }, { INT64_MIN, 1, 's' },
	};
	size_t u = 0;

	while (seconds < units[u].least)
		u++;
	fprintf(out, "%lld%c", (long long)(seconds / units[u].unit),
	    units[u].letter);
}

void
quo_status_moment(FILE *out, int64_t when)
{
	char text[QUO_UTC_TEXT];

	quo_utc_print(when, text);
	fprintf(out, "%.10s %.5s", text, text + 11);
}

static void
day(FILE *out, int64_t when)
{
	char text[QUO_UTC_TEXT];

	quo_utc_print(when, text);
	fprintf(out, "%.10s", text);
}

/* "INC-7 by ana" */
static void
incident(FILE *out, const struct quo_view_incident *in)
{
	fprintf(out, "INC-%lld", (long long)in->number);
	if (in->requester != NULL)
		fprintf(out, " by %s", in->requester);
}

/* The first incident that is what a kind says. */
static const struct quo_view_incident *
incident_of(const struct quo_view *v, enum quo_due due, int64_t now)
{
	const struct quo_view_incident *in = v->incidents;

	quo_due_incidents(v, due, now, &in);
	return in;
}

/* "; its rotation failed 3 times, last 5m ago; rotate --due waits until" */
static void
failed(FILE *out, const struct quo_view *v, int64_t now)
{
	if (v->failures > 0) {
		fputs("; its rotation ", out);
		quo_status_failures(out, v, now);
	}
	if (v->again != 0 && quo_due_unattended(v, now) != QUO_DUES) {
		fputs("; rotate --due waits until ", out);
		quo_status_moment(out, v->again);
	}
}

static void
overdue(FILE *out, const struct quo_view *v, int64_t now)
{
	fputs("rotation overdue by ", out);
	quo_status_span(out, now - v->deadline);
	fputs(", burned since ", out);
	quo_status_moment(out, v->burned);
	failed(out, v, now);
}

static void
burned(FILE *out, const struct quo_view *v, int64_t now)
{
	fputs("burned since ", out);
	quo_status_moment(out, v->burned);
	if (v->deadline != 0) {
		fputs(": to be rotated by ", out);
		quo_status_moment(out, v->deadline);
	}
	failed(out, v, now);
}

static void
lost_cards(FILE *out, const struct quo_view *v)
{
	if (v->lost > 0)
		fprintf(out, "%lld of %lld cards %s lost", (long long)v->lost,
		    (long long)v->cards, v->lost == 1 ? "is" : "are");
	if (v->other_lost > 0)
		fprintf(out, "%s%lld of other cards that open it%s",
		    v->lost > 0 ? ", and " : "", (long long)v->other_lost,
		    v->lost > 0 ? "" : v->other_lost == 1 ? " is lost" :
		    " are lost");
}

static void
gone(FILE *out, const struct quo_view *v, int64_t now)
{
	(void)now;
	lost_cards(out, v);
	if (v->spare < 0)
		fputs(": no quorum is left", out);
	if (quo_view_finder(v) == 0)
		fputs(v->spare < 0 ? ", and whoever has them can open it" :
		    ": whoever has them can open it", out);
}

static void
lost(FILE *out, const struct quo_view *v, int64_t now)
{
	(void)now;
	lost_cards(out, v);
	fputs(v->spare == 0 ? ": no other may be, and whoever has it needs "
	    "one more" : ": whoever has them needs one more", out);
}

static void
spare(FILE *out, const struct quo_view *v, int64_t now)
{
	(void)now;
	lost_cards(out, v);
	fputs(": no other may be", out);
}

static void
unproven(FILE *out, const struct quo_view *v, int64_t now)
{
	(void)now;
	fputs("rotated, but that the old secret is refused isn't proven",
	    out);
	if (v->reason != NULL)
		fprintf(out, ": %s", v->reason);
}

static void
rotating(FILE *out, const struct quo_view *v, int64_t now)
{
	fputs("a rotation began ", out);
	quo_status_span(out, now - (v->set_count > v->waits ?
	    v->sets[v->waits].dealt : v->since));
	fputs(" ago and has no end", out);
	if (v->set_count > v->waits) {
		fputs(": try the cards of ", out);
		quo_status_try(out, v);
	}
}

static void
waiting(FILE *out, const struct quo_view *v, int64_t now)
{
	(void)now;
	fprintf(out, "cards of generation %lld are out, and the target wasn't "
	    "asked yet: ", (long long)v->sets[0].generation);
	quo_status_scanned(out, v);
}

static void
approval(FILE *out, const struct quo_view *v, int64_t now)
{
	const struct quo_view_incident *in =
	    incident_of(v, QUO_DUE_APPROVAL, now);

	incident(out, in);
	fprintf(out, " waits for approvals: %lld of %lld",
	    (long long)in->approvals, (long long)in->wanted);
}

static void
review(FILE *out, const struct quo_view *v, int64_t now)
{
	const struct quo_view_incident *in =
	    incident_of(v, QUO_DUE_REVIEW, now);

	incident(out, in);
	if (in->review_by == 0) {
		fputs(" is to be reviewed", out);
	} else if (now <= in->review_by) {
		fputs(" is to be reviewed by ", out);
		quo_status_moment(out, in->review_by);
	} else {
		fputs(" was to be reviewed by ", out);
		quo_status_moment(out, in->review_by);
		fputs(": late by ", out);
		quo_status_span(out, now - in->review_by);
	}
}

static void
left(FILE *out, const struct quo_view *v, int64_t now)
{
	(void)now;
	fprintf(out, "of its custodians %s retired: %s: deal anew",
	    strstr(v->left, ", ") != NULL ? "these are" : "one is", v->left);
}

static void
drill(FILE *out, const struct quo_view *v, int64_t now)
{
	(void)now;
	fputs("drill due since ", out);
	day(out, v->drill_by);
	if (v->undrilled > 0) {
		fprintf(out, ": %lld of %lld cards never drilled",
		    (long long)v->undrilled, (long long)(v->cards - v->lost));
	} else {
		fputs(": a card was last drilled on ", out);
		day(out, v->drilled);
	}
}

static void
dealing(FILE *out, const struct quo_view *v, int64_t now)
{
	fputs("a dealing began ", out);
	quo_status_span(out, now - v->dealing);
	fputs(" ago and has no end", out);
}

static void
cards(FILE *out, const struct quo_view *v, int64_t now)
{
	(void)now;
	fputs("its cards were due to be dealt anew by ", out);
	day(out, v->cards_review);
}

static void
age(FILE *out, const struct quo_view *v, int64_t now)
{
	fputs("the secret is ", out);
	quo_status_span(out, now - v->rotated);
	fputs(" old: it was to be changed by ", out);
	day(out, v->change_by);
	failed(out, v, now);
}

static void
profile(FILE *out, const struct quo_view *v, int64_t now)
{
	(void)now;
	fputs("its place in the inventory was to be reviewed by ", out);
	day(out, v->review_by);
}

static void
acknowledge(FILE *out, const struct quo_view *v, int64_t now)
{
	fprintf(out, "%lld of %lld cards not acknowledged, dealt ",
	    (long long)v->unacknowledged, (long long)v->cards);
	quo_status_span(out, now - v->dealt);
	fputs(" ago", out);
}

static void
expired(FILE *out, const struct quo_view *v, int64_t now)
{
	const struct quo_view_incident *in =
	    incident_of(v, QUO_DUE_EXPIRED, now);

	incident(out, in);
	if (in->replaced) {
		fputs(": its cards were replaced: request anew", out);
		return;
	}
	fputs(" expired ", out);
	quo_status_span(out, now - in->expires);
	fputs(" ago, and was not opened", out);
}

static void
repeat(FILE *out, const struct quo_view *v, int64_t now)
{
	(void)now;
	fprintf(out, "used %lld times in 90 days", (long long)v->recent);
}

static void
planned(FILE *out, const struct quo_view *v, int64_t now)
{
	(void)v;
	(void)now;
	fputs("never dealt", out);
}

static const char rotate[] = "quorate rotate %n CARD...";

/* In a next command %n is the credential's name, %i the incident. */
static const struct {
	void (*what)(FILE *out, const struct quo_view *v, int64_t now);
	const char *next;
	bool rotates;		/* or goes on with what was begun */
} words[QUO_DUES] = {
	[QUO_DUE_OVERDUE] = { overdue, rotate, true },
	[QUO_DUE_GONE] = { gone, "quorate rotate %n", true },
	[QUO_DUE_LOST] = { lost, rotate, true },
	[QUO_DUE_BURNED] = { burned, rotate, true },
	[QUO_DUE_UNPROVEN] = { unproven, rotate, true },
	[QUO_DUE_ROTATING] = { rotating, rotate, true },
	[QUO_DUE_WAITING] = { waiting, rotate, true },
	[QUO_DUE_APPROVAL] = { approval,
	    "quorate approve %i --approver WHO" },
	[QUO_DUE_REVIEW] = { review, "quorate review %i --reviewer WHO" },
	[QUO_DUE_SPARE] = { spare, rotate, true },
	[QUO_DUE_LEFT] = { left, rotate, true },
	[QUO_DUE_DRILL] = { drill, "quorate drill %n CARD..." },
	[QUO_DUE_DEALING] = { dealing, "quorate rotate %n --abandon", true },
	[QUO_DUE_CARDS] = { cards, rotate, true },
	[QUO_DUE_AGE] = { age, rotate, true },
	[QUO_DUE_PROFILE] = { profile, "quorate import FILE" },
	[QUO_DUE_ACKNOWLEDGE] = { acknowledge,
	    "quorate acknowledge %n --custodian WHO --form FILE" },
	[QUO_DUE_EXPIRED] = { expired, "quorate request --withdraw %i" },
	[QUO_DUE_REPEAT] = { repeat, NULL },
	[QUO_DUE_PLANNED] = { planned, "quorate split %n" },
};

/* As a word of a shell. */
static void
quote(FILE *out, const char *name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._@+/-";

	if (name[strspn(name, plain)] == '\0' && *name != '-') {
		fputs(name, out);
		return;
	}
	putc('\'', out);
	for (; *name != '\0'; name++)
		if (*name == '\'')
			fputs("'\\''", out);
		else
			putc(*name, out);
	putc('\'', out);
}

void
quo_status_what(FILE *out, const struct quo_view *v, enum quo_due due,
    int64_t now)
{
	const struct quo_view_incident *first;
	const size_t incidents = quo_due_incidents(v, due, now, &first);

	words[due].what(out, v, now);
	if (incidents > 1)
		fprintf(out, " (and %zu more)", incidents - 1);
}

void
quo_status_command(FILE *out, const struct quo_view *v, const char *command)
{
	for (; *command != '\0'; command++)
		if (command[0] == '%' && command[1] == 'n') {
			quote(out, v->name);
			command++;
		} else {
			putc(*command, out);
		}
}

void
quo_status_next(FILE *out, const struct quo_view *v, enum quo_due due,
    int64_t now)
{
	const char *next = words[due].next;

	if (words[due].rotates) {
		next = v->state == QUO_STATE_PLANNED && v->set_count == 0 ?
		    "quorate split %n" : quo_status_rotate(v, next);
		/* Who gets the cards of those who left is to be said. */
		if (v->left != NULL && next == rotate)
			next = "quorate rotate %n CARD... --policy POLICY";
		quo_status_command(out, v, next);
		return;
	}
	for (; next != NULL && *next != '\0'; next++) {
		if (*next != '%') {
			putc(*next, out);
			continue;
		}
		if (*++next == 'n')
			quote(out, v->name);
		else
			fprintf(out, "INC-%lld", (long long)
			    incident_of(v, due, now)->number);
	}
}

void
quo_status_alerts(FILE *out, int64_t undelivered)
{
	fprintf(out, "%lld alert%s NOT DELIVERED", (long long)undelivered,
	    undelivered == 1 ? "" : "s");
}
