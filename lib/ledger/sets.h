/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_SETS_H
#define QUO_SETS_H

#include <stddef.h>

#include "card/header.h"
#include "ledger/ledger.h"

/**
 * The sets of a credential that its target has or may have, and the one that
 * waits for it: what a rotation that was stopped left behind.
 */

/** What the target has to do with a set. */
enum quo_set_place {
	QUO_PLACE_PENDING,	/* it was asked to take it: it may have it */
	QUO_PLACE_CURRENT,	/* it took it, before all pending ones */
	QUO_PLACE_WAITING	/* its cards are out; the target wasn't asked */
};

struct quo_set_row {
	char id[65];			/* 64 hex digits */
	uint32_t generation;
	enum quo_set_place place;
	bool opened;			/* somebody saw what it holds */
	char confirm[16];		/* which of its cards are to be scanned
					 * first; "": its entry doesn't say */
};

/**
 * Pending ones, the newest first, then the current one; the waiting one stands
 * last: it is no use at the target.
 */
struct quo_sets {
	struct quo_set_row *row;
	size_t count;
	bool unproven;		/* the first is taken; the second may be, too */
	bool refused;		/* the target refused the first: it is tried
				 * last */
	enum quo_state state;	/* of the credential */
};

/** The caller clears sets, in each case. */
enum quo_err quo_sets_load(struct quo_ledger *ledger, const char *name,
    struct quo_sets *sets);

/** The one that waits, else the newest pending one; NULL: there is none. */
const struct quo_set_row *quo_sets_new(const struct quo_sets *sets);

/**
 * The one that the target had before row: the next older one that it may
 * have; NULL: none is known.
 */
const struct quo_set_row *quo_sets_before(const struct quo_sets *sets,
    const struct quo_set_row *row);

/**
 * One older than row (NULL: any), and other than that of id: the target may
 * take it as long as nobody showed that it doesn't; NULL: there is none.
 */
const struct quo_set_row *quo_sets_other(const struct quo_sets *sets,
    const struct quo_set_row *row, const char *id);

/** The one to try as the nth at the target, from 0; NULL: there are no more. */
const struct quo_set_row *quo_sets_nth(const struct quo_sets *sets, size_t n);

void quo_sets_clear(struct quo_sets *sets);

/** How often since a moment a secret that ought to be refused was tried. */
enum quo_err quo_sets_probes(struct quo_ledger *ledger, const char *name,
    int64_t since, int64_t *count);

#endif
