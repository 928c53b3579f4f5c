/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_OPENING_H
#define QUO_OPENING_H

#include "cmd/alarm.h"
#include "cmd/book.h"
#include "cmd/quorum.h"

/**
 * What the ledger has to say when a credential is opened: that an incident is
 * declared before any card is read, that every card is recorded with its
 * verdict, that the credential is burned before its key is rejoined, and how
 * long it was exposed. Where the ledger fails, at any of these, a rescue goes
 * on without it, with the cards that are there, if that is wanted.
 */
struct quo_opening_options {
	const char *incident;		/* declared before; or NULL */
	const char *reason, *ticket, *criterion, *requester;
	long expected;			/* seconds */
	const char *emergency;
	bool retired;
};

#define QUO_OPENING_OPTIONS(type) \
	{ 0, "reason", "TEXT", QUO_TEXT(type, opening.reason), \
	  .help = "why it is opened", .group = "why" }, \
	{ 0, "ticket", "ID", QUO_TEXT(type, opening.ticket), \
	  .help = "under which ticket, or none" }, \
	{ 0, "requester", "WHO", QUO_TEXT(type, opening.requester), \
	  .help = "for whom" }, \
	{ 0, "criterion", "TEXT", QUO_TEXT(type, opening.criterion), \
	  .help = "which of the criteria for its use is met" }, \
	{ 0, "expected", "SPAN", QUO_SPAN(type, opening.expected, 1, \
	  365L * 86400), .initial = "2h", .help = "how long it will be " \
	  "needed: afterwards a warning comes" }, \
	{ 0, "incident", "INC-N", QUO_TEXT(type, opening.incident), \
	  .help = "or all of these as quorate request declared them" }, \
	{ 0, "retired", NULL, QUO_FLAG(type, opening.retired), \
	  .help = "open a set that was replaced, or of what is retired" }, \
	{ 0, "emergency", "REASON", QUO_TEXT(type, opening.emergency), \
	  .help = "go on where the ledger refuses or fails, and tell " \
	  "everybody" }

/** An opening on its way. */
struct quo_opening {
	const struct quo_common *common;
	struct quo_opening_options options;	/* and what was answered */
	char answers[4][256];
	struct quo_book book;		/* its ledger NULL: not recorded */
	enum quo_err why;		/* why not; QUO_OK: by choice */
	const char *name;		/* operand NAME; or NULL */
	const char *goal;		/* for the log, where the secret isn't
					 * handed out; the caller sets it */
	char incident[24];		/* "": none yet */
	char *credential;		/* owned; NULL: not known */
	char set[QUO_SET_ID_HEX];
	bool replaced;			/* the set that is opened is… */
	bool waiting;			/* …or it never took effect */
	bool retired;			/* it is no use: nothing is burned */
	bool burned;			/* that is recorded */
	bool overdue;
	bool late;
	size_t told;		/* the first source that isn't recorded */
	int64_t opened, deadline;
	struct quo_alarm_missed missed;	/* alerts, without a ledger */
};

/**
 * Before any card is read: open the ledger, ask for what is missing, declare
 * the incident where the credential is named.
 *
 * name   the operand NAME; NULL: the cards will tell
 * The caller ends it, in each case.
 */
enum quo_exit quo_opening_begin(const struct quo_common *common,
    const struct quo_opening_options *options, const char *name,
    struct quo_opening *opening);

/** For struct quo_quorum_options, with the opening: what is known of a set. */
enum quo_standing quo_opening_standing(void *opening,
    const struct quo_set_id *id, size_t len,
    const struct quo_header *header, char astray[QUO_POOL_ASTRAY]);

/**
 * Between gathering and opening: record the cards, then that the credential
 * is burned. What the rules refuse ends it.
 *
 * gathered   how gathering ended; is given back unless recording ends it
 */
enum quo_exit quo_opening_gathered(struct quo_opening *opening,
    const struct quo_quorum *quorum, enum quo_exit gathered);

/** For struct quo_quorum_options: record cards that came later. */
enum quo_exit quo_opening_again(void *opening,
    const struct quo_quorum *quorum);

/**
 * How opening ended, and everybody is told, before anything is revealed.
 */
void quo_opening_opened(struct quo_opening *opening,
    const struct quo_quorum *quorum, enum quo_exit opened);

/** Now and then while it is exposed: warn, once each, of what is over. */
void quo_opening_tick(void *opening);

/** The exposure is over, how: "show", "exec, exit 0"… */
void quo_opening_closed(struct quo_opening *opening, const char *how);

/** Say what comes next: rotation, and review. */
void quo_opening_say_next(const struct quo_opening *opening,
    const char *name);

void quo_opening_end(struct quo_opening *opening);

#endif
