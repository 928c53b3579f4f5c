/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>
#include <stddef.h>

#include "ledger/due.h"
#include "ledger/view.h"

/* After a failure, doubled with each further one. */
#define PAUSE (15 * 60)
#define PAUSE_MAX 86400

#define BIT(name) (UINT64_C(1) << QUO_DUE_##name)

static bool
overdue(const struct quo_view *v, int64_t now)
{
	return v->burned != 0 && v->deadline != 0 && now > v->deadline;
}

static bool
gone(const struct quo_view *v, int64_t now)
{
	(void)now;
	return (v->lost > 0 && v->spare < 0) || quo_view_finder(v) == 0;
}

static bool
burned(const struct quo_view *v, int64_t now)
{
	return v->burned != 0 && !overdue(v, now);
}

static bool
unproven(const struct quo_view *v, int64_t now)
{
	(void)now;
	/* Also where somebody opened it since. */
	return v->unproven || v->state == QUO_STATE_UNPROVEN;
}

int64_t
quo_due_open(const struct quo_view *view)
{
	return view->unproven ? 0 :
	    (int64_t)(view->set_count - view->waits);
}

static bool
rotating(const struct quo_view *v, int64_t now)
{
	(void)now;
	/* One that somebody opened meanwhile is burned. */
	return v->state == QUO_STATE_ROTATING ||
	    (v->state != QUO_STATE_UNPROVEN && quo_due_open(v) > 0);
}

static bool
waiting(const struct quo_view *v, int64_t now)
{
	(void)now;
	return v->waits;
}

/* Whether a kind is about an incident. */
static bool
is_about(enum quo_due due, const struct quo_view_incident *in, int64_t now)
{
	const bool over = in->replaced ||
	    (in->expires != 0 && now > in->expires);

	/* Before a proven rotation that one is due, and no review is legal. */
	if (due == QUO_DUE_REVIEW)
		return in->closable != 0;
	if (due == QUO_DUE_EXPIRED)
		return in->opened == 0 && over;
	return due == QUO_DUE_APPROVAL && in->opened == 0 && !over &&
	    in->approvals < in->wanted;
}

size_t
quo_due_incidents(const struct quo_view *view, enum quo_due due, int64_t now,
    const struct quo_view_incident **first)
{
	size_t count = 0;

	for (size_t i = 0; i < view->incident_count; i++)
		if (is_about(due, &view->incidents[i], now) && count++ == 0)
			*first = &view->incidents[i];
	return count;
}

static bool
approval(const struct quo_view *v, int64_t now)
{
	const struct quo_view_incident *first;

	return quo_due_incidents(v, QUO_DUE_APPROVAL, now, &first) > 0;
}

static bool
expired(const struct quo_view *v, int64_t now)
{
	const struct quo_view_incident *first;

	return quo_due_incidents(v, QUO_DUE_EXPIRED, now, &first) > 0;
}

static bool
review(const struct quo_view *v, int64_t now)
{
	const struct quo_view_incident *first;

	return quo_due_incidents(v, QUO_DUE_REVIEW, now, &first) > 0;
}

/* What was answered with an old set keeps that state until its review. */
static bool
is_requested(const struct quo_view *v)
{
	for (size_t i = 0; i < v->incident_count; i++)
		if (v->incidents[i].opened == 0)
			return v->state == QUO_STATE_REQUESTED;
	return false;
}

static bool
lost(const struct quo_view *v, int64_t now)
{
	return !gone(v, now) && quo_view_finder(v) == 1;
}

static bool
spare(const struct quo_view *v, int64_t now)
{
	return v->lost > 0 && v->spare == 0 && !lost(v, now) &&
	    !gone(v, now);
}

static bool
left(const struct quo_view *v, int64_t now)
{
	(void)now;
	return v->left != NULL;
}

static bool
drill(const struct quo_view *v, int64_t now)
{
	return v->drill_by != 0 && now > v->drill_by;
}

static bool
dealing(const struct quo_view *v, int64_t now)
{
	return v->dealing != 0 && now > v->dealing + QUO_DUE_DEALING_MAX;
}

static bool
cards(const struct quo_view *v, int64_t now)
{
	return v->cards_review != 0 && now > v->cards_review;
}

static bool
age(const struct quo_view *v, int64_t now)
{
	return v->change_by != 0 && now > v->change_by;
}

static bool
profile(const struct quo_view *v, int64_t now)
{
	return v->review_by != 0 && now > v->review_by;
}

static bool
acknowledge(const struct quo_view *v, int64_t now)
{
	return v->unacknowledged > 0 &&
	    now > v->dealt + QUO_DUE_ACKNOWLEDGE_MAX;
}

static bool
repeat(const struct quo_view *v, int64_t now)
{
	(void)now;
	return v->recent > 1;
}

static bool
planned(const struct quo_view *v, int64_t now)
{
	(void)now;
	return v->state == QUO_STATE_PLANNED && v->set_count == 0;
}

/* No kind presses more than one above it. */
static const struct kind {
	const char *name;
	enum quo_urgency urgency;
	bool cured;		/* by the rotation of what is burned */
	bool (*holds)(const struct quo_view *view, int64_t now);
} kinds[QUO_DUES] = {
	[QUO_DUE_OVERDUE] = { "overdue", QUO_URGENCY_NOW, false, overdue },
	[QUO_DUE_GONE] = { "gone", QUO_URGENCY_NOW, false, gone },
	[QUO_DUE_LOST] = { "lost", QUO_URGENCY_NOW, false, lost },
	[QUO_DUE_BURNED] = { "burned", QUO_URGENCY_DUE, false, burned },
	[QUO_DUE_UNPROVEN] = { "unproven", QUO_URGENCY_DUE, false,
	    unproven },
	[QUO_DUE_ROTATING] = { "rotating", QUO_URGENCY_DUE, false,
	    rotating },
	[QUO_DUE_WAITING] = { "waiting", QUO_URGENCY_DUE, false, waiting },
	[QUO_DUE_APPROVAL] = { "approval", QUO_URGENCY_DUE, false,
	    approval },
	[QUO_DUE_REVIEW] = { "review", QUO_URGENCY_DUE, false, review },
	[QUO_DUE_SPARE] = { "spare", QUO_URGENCY_DUE, true, spare },
	[QUO_DUE_LEFT] = { "left", QUO_URGENCY_DUE, true, left },
	[QUO_DUE_DRILL] = { "drill", QUO_URGENCY_DUE, true, drill },
	[QUO_DUE_DEALING] = { "dealing", QUO_URGENCY_DUE, false, dealing },
	[QUO_DUE_CARDS] = { "cards", QUO_URGENCY_DUE, true, cards },
	[QUO_DUE_AGE] = { "age", QUO_URGENCY_DUE, true, age },
	[QUO_DUE_PROFILE] = { "profile", QUO_URGENCY_DUE, false, profile },
	[QUO_DUE_ACKNOWLEDGE] = { "acknowledge", QUO_URGENCY_DUE, true,
	    acknowledge },
	[QUO_DUE_EXPIRED] = { "expired", QUO_URGENCY_DUE, false, expired },
	[QUO_DUE_REPEAT] = { "repeat", QUO_URGENCY_NOTE, false, repeat },
	[QUO_DUE_PLANNED] = { "planned", QUO_URGENCY_NOTE, false, planned },
};

const char *
quo_due_name(enum quo_due due)
{
	return kinds[due].name;
}

enum quo_urgency
quo_due_urgency(enum quo_due due)
{
	return kinds[due].urgency;
}

enum quo_due
quo_due_first(uint64_t due)
{
	int d = 0;

	while (d < QUO_DUES && (due & UINT64_C(1) << d) == 0)
		d++;
	return (enum quo_due)d;
}

enum quo_urgency
quo_due_worst(uint64_t due)
{
	enum quo_due first = quo_due_first(due);

	return first == QUO_DUES ? QUO_URGENCY_NONE : kinds[first].urgency;
}

uint64_t
quo_due_judge(const struct quo_view *view, int64_t now)
{
	uint64_t due = 0;

	for (int d = 0; d < QUO_DUES; d++)
		if (!(kinds[d].cured && view->burned != 0) &&
		    kinds[d].holds(view, now))
			due |= UINT64_C(1) << d;
	return view->state == QUO_STATE_RETIRED ? due & BIT(REVIEW) : due;
}

void
quo_due_count(const struct quo_due_endless *e, int64_t *failures,
    int64_t *tried)
{
	if (*failures < e->open)
		*failures = e->open;
	*failures += e->dealings;
	if (e->open > 0 && *tried < e->asked)
		*tried = e->asked;
	if (e->dealings > 0 && *tried < e->dealing)
		*tried = e->dealing;
}

int64_t
quo_due_again(int64_t failures, int64_t tried, int64_t now)
{
	int64_t pause = PAUSE;

	for (int64_t i = 1; i < failures && pause < PAUSE_MAX; i++)
		pause *= 2;
	if (pause > PAUSE_MAX)
		pause = PAUSE_MAX;
	/* A clock that was set back stops nothing. */
	return failures > 0 && now >= tried && now < tried + pause ?
	    tried + pause : 0;
}

enum quo_due
quo_due_rotate(const struct quo_view *view, int64_t now)
{
	static const enum quo_due why[] = {
		QUO_DUE_OVERDUE, QUO_DUE_GONE, QUO_DUE_LOST, QUO_DUE_AGE
	};

	for (size_t i = 0; view->state != QUO_STATE_RETIRED &&
	    i < sizeof why / sizeof *why; i++)
		if (kinds[why[i]].holds(view, now))
			return why[i];
	return QUO_DUES;
}

enum quo_due
quo_due_unattended(const struct quo_view *view, int64_t now)
{
	const enum quo_due why = quo_due_rotate(view, now);

	if (view->state == QUO_STATE_NONE ||
	    view->state == QUO_STATE_PLANNED ||
	    view->state == QUO_STATE_RETIRED)
		return QUO_DUES;
	if (why == QUO_DUES && view->state == QUO_STATE_ROTATING)
		return QUO_DUE_ROTATING;
	/* Under an open request cards don't change without need. */
	return why == QUO_DUE_AGE && is_requested(view) ? QUO_DUES : why;
}
