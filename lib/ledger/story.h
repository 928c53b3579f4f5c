/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_STORY_H
#define QUO_STORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "ledger/line.h"

/**
 * What a log tells, put together in one pass over its lines: incidents from
 * their declaration to their review, decay, rarity, and what else happened.
 * From the log alone: it needs neither tables nor roster.
 *
 * Moments are seconds since 1970; 0: it never was.
 */

/** Entries, as they were; borrowed from the story. */
struct quo_story_list {
	const struct quo_entry **items;
	size_t count;
};

/** What happens outside incidents, too, in the story's period. */
enum quo_story_kind {
	QUO_STORY_REFUSED,
	QUO_STORY_STRANGE,	/* cards shown that were not good */
	QUO_STORY_FAILED,	/* open-failed */
	QUO_STORY_UNDELIVERED,
	QUO_STORY_DELIVERED,	/* …after all */
	QUO_STORY_DRILLS,
	QUO_STORY_DEALINGS,	/* deal, redeal, reissue, deal-failed */
	QUO_STORY_ROTATIONS,	/* ends of them; rotate-failed */
	QUO_STORY_CARDS,	/* acknowledged, lost */
	QUO_STORY_PEOPLE,
	QUO_STORY_INVENTORY,	/* credential, import, retire */
	QUO_STORY_RECEIPTS,
	QUO_STORY_UNLOCKED,
	QUO_STORY_KINDS
};

/**
 * An incident. Where a receipt told of it (a rescue without the ledger),
 * opened and closed are the receipt's times, not those of the entries that
 * took it in.
 */
struct quo_story_incident {
	uint64_t number;	/* of the entry that made it one */
	const char *name;	/* INC-7; "entry 7" where it wasn't declared */
	const char *credential;	/* NULL: of cards that nobody knew */
	const struct quo_entry *request;	/* …or the opening */
	struct quo_story_list acts;	/* all that is about it, in order */

	int64_t declared;
	int64_t opened;		/* for the first time */
	unsigned openings;
	const char *receipt;	/* its id, or NULL */
	int64_t told;		/* when the receipt was taken in */
	int64_t seconds;	/* how long it was exposed; see closes */
	unsigned closes;
	bool burns;		/* else it opened a set that had retired */
	int64_t deadline, overdue;	/* overdue: when that was recorded */
	const struct quo_entry *rotation;	/* the last end of one since */
	int64_t proven;		/* when the rotation was */
	int64_t withdrawn;
	const struct quo_entry *review;

	int64_t decay;		/* from opened to proven, or to now where it
				 * isn't; -1: nothing was burned */
	bool late;		/* …which is more than the deadline gave */
};

/** How often something was opened, or somebody asked for it. */
struct quo_story_use {
	const char *name;	/* credential or requester; NULL: not said */
	unsigned total;		/* since the log began */
	unsigned within;	/* the period */
	unsigned repeats;	/* of these, behind another by <= 90 days */
	int64_t last;
};

struct quo_story_uses {
	struct quo_story_use *items;
	size_t count;
};

struct quo_story_own;

struct quo_story {
	int64_t from, to, now;	/* as given */
	uint64_t entries;	/* in the period */
	uint64_t unread;	/* lines that are none, passed over */
	struct quo_story_incident *incidents;	/* that touch the period, in
						 * the order of the log */
	size_t count;
	struct quo_story_list list[QUO_STORY_KINDS];
	struct quo_story_uses credentials, people;	/* by name */
	struct quo_story_own *own;
};

/** Uses so close to each other are repeats. */
#define QUO_STORY_REPEAT (90 * INT64_C(86400))

/**
 * Begin. from and to are the first and the last second of the period, now
 * is what open decay is counted to. Fails with QUO_ENOMEM.
 */
enum quo_err quo_story_begin(struct quo_story *story, int64_t from,
    int64_t to, int64_t now);

/** The next line of the log. What is none is passed over and counted. Fails
 * with QUO_ENOMEM. */
enum quo_err quo_story_line(struct quo_story *story, const char *line,
    size_t len);

/** All were there. Fails with QUO_ENOMEM. */
enum quo_err quo_story_end(struct quo_story *story);

/** Give back what begin and line took. Takes one of zeros. */
void quo_story_clear(struct quo_story *story);

/** When an entry was made. */
int64_t quo_story_time(const struct quo_entry *entry);

/**
 * The entry of a person's word, where an incident's rotation was proven by
 * that and no login showed it (ledger/unproven.h); else NULL.
 */
const struct quo_entry *quo_story_word(
    const struct quo_story_incident *incident);

/**
 * The entries in which a rotation began that ended in this one: for the first
 * time and, where it was stopped and went on, for the last. NULL: not told.
 */
void quo_story_starts(const struct quo_story *story,
    const struct quo_entry *end, const struct quo_entry **first,
    const struct quo_entry **last);

/** Whether an incident was opened within the period. */
bool quo_story_opened(const struct quo_story *story,
    const struct quo_story_incident *incident);

/** Decay over the incidents that were opened within the period. */
struct quo_story_decay {
	size_t count;		/* burned and proven to be rotated */
	size_t worded;		/* of these, by a person's word alone */
	size_t open;		/* burned, and not */
	size_t late;		/* of both, beyond the deadline */
	int64_t median;		/* of those that are proven; -1: none */
	int64_t worst;		/* of all, open ones until now; -1: none */
	bool worst_open;
};

/** Fails with QUO_ENOMEM. */
enum quo_err quo_story_decay(const struct quo_story *story,
    struct quo_story_decay *decay);

#endif
