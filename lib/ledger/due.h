/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_DUE_H
#define QUO_DUE_H

#include <stddef.h>
#include <stdint.h>

struct quo_view;
struct quo_view_incident;

/** What can be due to a credential: what presses most comes first. */
enum quo_due {
	QUO_DUE_OVERDUE,	/* burned, and its deadline has passed */
	QUO_DUE_GONE,		/* so many cards are lost that none opens it,
				 * or that who found them does */
	QUO_DUE_LOST,		/* who has what is lost wants one card more */
	QUO_DUE_BURNED,
	QUO_DUE_UNPROVEN,	/* that the old secret is refused isn't known */
	QUO_DUE_ROTATING,	/* a rotation began and has no end */
	QUO_DUE_WAITING,	/* cards of another set are out, and its target
				 * wasn't asked yet */
	QUO_DUE_APPROVAL,	/* a request waits for approvals */
	QUO_DUE_REVIEW,		/* an opening was not reviewed */
	QUO_DUE_SPARE,		/* one lost card more, and none opens it */
	QUO_DUE_LEFT,		/* a custodian is retired */
	QUO_DUE_DRILL,
	QUO_DUE_DEALING,	/* a dealing began and has no end */
	QUO_DUE_CARDS,		/* its cards' review-by has passed */
	QUO_DUE_AGE,		/* the secret is older than it should be */
	QUO_DUE_PROFILE,	/* the review-by of the inventory has passed */
	QUO_DUE_ACKNOWLEDGE,	/* cards were not acknowledged for long */
	QUO_DUE_EXPIRED,	/* a request expired, or its cards were
				 * replaced, and it was not withdrawn */
	QUO_DUE_REPEAT,		/* used twice within QUO_VIEW_RARE */
	QUO_DUE_PLANNED,	/* it was never dealt */
	QUO_DUES
};

/** How much it presses. */
enum quo_urgency {
	QUO_URGENCY_NONE,	/* nothing is due */
	QUO_URGENCY_NOTE,	/* worth a word; nothing is due */
	QUO_URGENCY_DUE,
	QUO_URGENCY_NOW
};

/** What a kind is called by programs: "overdue", "review"…; static. */
const char *quo_due_name(enum quo_due due);

enum quo_urgency quo_due_urgency(enum quo_due due);

/** The first of them, which presses most; QUO_DUES where nothing is due. */
enum quo_due quo_due_first(uint64_t due);

/** How much the worst of them presses. */
enum quo_urgency quo_due_worst(uint64_t due);

/** A dealing lasts that long at most, in seconds. */
#define QUO_DUE_DEALING_MAX 3600
/** By then a card is acknowledged, in seconds. */
#define QUO_DUE_ACKNOWLEDGE_MAX (7 * INT64_C(86400))

/**
 * What is due to a credential, as bits of 1 << enum quo_due.
 *
 * While it is burned, what its rotation puts right anyway isn't due besides;
 * to a retired one nothing is due but the reviews of its openings.
 */
uint64_t quo_due_judge(const struct quo_view *view, int64_t now);

/**
 * How many incidents a kind is about: QUO_DUE_APPROVAL, REVIEW or EXPIRED.
 *
 * first  set where there is one; borrowed from the view
 */
size_t quo_due_incidents(const struct quo_view *view, enum quo_due due,
    int64_t now, const struct quo_view_incident **first);

/** What of a credential has no known end: it was stopped, perhaps killed. */
struct quo_due_endless {
	int64_t open;		/* rotations; some may count as failed… */
	int64_t asked;		/* …and when the newest of them was dealt */
	int64_t dealings;	/* that have no set… */
	int64_t dealing;	/* …and when the newest of them began */
};

/** How many rotations have no known end. */
int64_t quo_due_open(const struct quo_view *view);

/** Count those as failures, too, for quo_due_again: both are raised. */
void quo_due_count(const struct quo_due_endless *endless, int64_t *failures,
    int64_t *tried);

/**
 * When a rotation that failed is due to be tried again unattended: 15 minutes
 * after the first failure in a row, twice as long after each further one, a
 * day at most.
 *
 * failures   so many in a row; 0: none
 * tried      when the last of them was
 * 0: at once
 */
int64_t quo_due_again(int64_t failures, int64_t tried, int64_t now);

/**
 * Why a credential must be given a new secret now, whatever else is due:
 * QUO_DUE_OVERDUE, GONE, LOST or AGE, the first of these that holds; also
 * while it is burned. QUO_DUES: it needn't. Whether a rotation is possible,
 * or on its way, isn't looked at.
 */
enum quo_due quo_due_rotate(const struct quo_view *view, int64_t now);

/**
 * The same of what can be rotated unattended: QUO_DUE_ROTATING, too, where a
 * rotation was begun; not the age of what a request is open to. What is
 * unproven is named with the rest: it needs somebody.
 */
enum quo_due quo_due_unattended(const struct quo_view *view, int64_t now);

#endif
