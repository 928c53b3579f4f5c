/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_VIEW_H
#define QUO_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledger/due.h"
#include "ledger/ledger.h"

/**
 * The inventory as people look at it: all that the ledger knows of each
 * credential, put together in a few passes over its tables, each in the order
 * of names: no query for each credential.
 *
 * Moments are seconds since 1970; 0: it never was, or none was set.
 */

/** An incident that isn't closed. */
struct quo_view_incident {
	int64_t number;		/* INC-<number> */
	char *requester, *reason, *ticket;	/* NULL where it wasn't said */
	int64_t declared, expires;
	int64_t opened;		/* 0: not yet */
	int64_t rotated;	/* 0: no rotation was proven since */
	int64_t closable;	/* since when it can be reviewed: rotated or,
				 * where nothing burned, opened; 0: not yet */
	int64_t review_by;	/* 0 as long as it can't be */
	int64_t approvals;	/* that have not been used */
	int64_t wanted;		/* how many it takes */
	bool replaced;		/* those are for cards that were replaced */
};

/** A set that is on its way to the target, or may have come there. */
struct quo_view_set {
	char *id;		/* 64 hex digits */
	int64_t generation, dealt;
	bool waits;		/* the target wasn't asked; else it was */
	bool opened;		/* somebody saw what it holds */
	int64_t cards;
	char *confirm;		/* of one that waits: which are to be scanned
				 * first; NULL: nobody said */
	int64_t scanned;	/* of it: drilled… */
	char *unscanned;	/* …and those that weren't, nor are lost:
				 * "2 (ciso), 3"; NULL: none */
};

struct quo_view {
	char *name;
	char *inventory;	/* its id in hex; NULL before the first set */
	enum quo_state state;
	int64_t since;
	int64_t generation;

	/* The current set. */
	char *set, *policy;	/* NULL: there is none */
	int64_t dealt, cards_review;
	int64_t cards, lost, unacknowledged;
	bool locked;		/* its cards want phrases */
	int64_t needed;		/* the fewest cards that open it */
	int64_t finder;		/* …that who has the lost ones still needs */
	int64_t spare;		/* how many may be lost yet, whichever they
				 * are; -1: it can't be opened any more */

	/* Other sets that open what the target takes, or may take: those that
	 * a reissue replaced, and one of a rotation that isn't proven. */
	int64_t other_lost;	/* cards of them that are lost */
	int64_t other_finder;	/* …the fewest of one set that who has its
				 * lost ones still needs */
	char *left;		/* custodians who are retired, with ", "
				 * between them; NULL: nobody is */

	/* Drills of its cards, without the lost ones. */
	int64_t undrilled;	/* how many never were */
	int64_t drilled;	/* the longest ago; 0: see undrilled */
	int64_t drill_by;

	/* Use. */
	int64_t burned, deadline;
	int64_t overdue;	/* when that was recorded */
	int64_t decay;		/* seconds from burned to now */
	int64_t used, uses;	/* of its sets, also of one that is retired */
	int64_t recent;		/* uses in QUO_VIEW_RARE */
	struct quo_view_incident *incidents;
	size_t incident_count;

	/* Rotation: what of it is on its way, and how it went. */
	struct quo_view_set *sets;	/* the newest first; also the order in
					 * which to try them at the target,
					 * before the current one, but for
					 * refused */
	size_t set_count;
	bool waits;		/* one of them does: the first */
	bool unproven;		/* the target takes the newest; whether it
				 * refuses the one before isn't known… */
	char *reason;		/* …and why; NULL: nobody said */
	bool refused;		/* the target refused the newest that it was
				 * asked to take: that is tried last */
	int64_t failures;	/* in a row: dealings and rotations */
	int64_t tried;		/* when the last of them was; 0: none */
	char *failure;		/* why it failed; NULL: nobody said */
	int64_t again;		/* rotate --due tries it again; 0: at once */

	int64_t rotated;	/* since then the secret is what it is */
	int64_t change_by;	/* by then it should be another one */
	int64_t review_by;	/* of what the inventory says of it */
	int64_t dealing;	/* since then a dealing has no end… */
	int64_t redealing;	/* …and the newest of them since then… */
	int64_t dealings;	/* …of so many */

	uint64_t due;		/* bits of 1 << enum quo_due */
};

/** The ledger as a whole. */
struct quo_views {
	struct quo_view *view;	/* in the order of names */
	size_t count;
	int64_t now;
	int64_t entries;	/* how long the log is */
	int64_t last;		/* the time of its last entry */
	int64_t undelivered;	/* alerts that a sink hasn't taken */
};

/**
 * How near who has the lost cards is: the fewest cards of one set that are
 * wanted besides. Cards of different sets don't go together. -1: none is lost.
 */
int64_t quo_view_finder(const struct quo_view *view);

/** Two uses within so many seconds are flagged: 90 days. */
#define QUO_VIEW_RARE (90 * INT64_C(86400))

/** What holds where a credential's own profile has no other; in seconds. */
struct quo_view_rules {
	int64_t now;		/* 0: the clock's */
	int64_t drill_every;
	int64_t max_age;
	int64_t review_within;
};

/**
 * All credentials, as they stand at one moment; nothing is written.
 *
 * views   to clear later, also after a failure
 * Fails as the database does; QUO_ECORRUPT: its tables say what can't be.
 */
enum quo_err quo_views_load(struct quo_ledger *ledger,
    const struct quo_view_rules *rules, struct quo_views *views);

void quo_views_clear(struct quo_views *views);

/** The one of a name; NULL: there is none. */
const struct quo_view *quo_views_find(const struct quo_views *views,
    const char *name);

/** A card of a credential. Texts are borrowed; NULL where there is none. */
struct quo_view_card {
	int64_t serial;
	const char *custodian, *location, *bag;
	int64_t acknowledged, drilled, lost;
	bool left;		/* the custodian is retired */
};

/** The cards of a credential's current set, one after another. */
enum quo_err quo_view_cards(struct quo_ledger *ledger, const char *name,
    void (*each)(const struct quo_view_card *card, void *arg), void *arg);

/** The cards of the set of an id; the same. */
enum quo_err quo_view_set_cards(struct quo_ledger *ledger, const char *set,
    void (*each)(const struct quo_view_card *card, void *arg), void *arg);

/** What the inventory says of it: the fields that aren't empty, by name. */
enum quo_err quo_view_profile(struct quo_ledger *ledger, const char *name,
    void (*each)(const char *field, const char *value, void *arg),
    void *arg);

/**
 * Make the entry `overdue`, which alerts, for each credential whose deadline
 * has passed: once for each burn.
 *
 * now     0: the clock's
 * count   set to how many were made
 */
enum quo_err quo_view_record(struct quo_ledger *ledger, int64_t now,
    size_t *count);

#endif
