/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_STEP_H
#define QUO_STEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "ledger/line.h"

/**
 * What may happen to a credential: one const table of events, each with the
 * states in which it is legal, the state that follows, whose it is, and what
 * its entry must say. All that is written to the log goes through it.
 */

enum quo_state {
	QUO_STATE_NONE,		/* the ledger knows no such credential */
	QUO_STATE_PLANNED,	/* in the inventory; never dealt */
	QUO_STATE_DEALT,	/* cards are out, not all acknowledged */
	QUO_STATE_ACTIVE,
	QUO_STATE_REQUESTED,	/* an incident is open */
	QUO_STATE_BURNED,	/* opened since the last proven rotation */
	QUO_STATE_ROTATING,	/* new cards are out; the target is unknown */
	QUO_STATE_UNPROVEN,	/* new accepted; of the old nothing is known */
	QUO_STATE_ROTATED,	/* proven; the review is outstanding */
	QUO_STATE_RETIRED,
	QUO_STATES
};

/** "none", "planned"…; static. */
const char *quo_state_name(enum quo_state state);
/** The reverse; QUO_STATES where there is none. */
enum quo_state quo_state_of(const char *name);

/** Roles of people, as bits. */
enum quo_role {
	QUO_ROLE_CUSTODIAN = 1,
	QUO_ROLE_REQUESTER = 2,
	QUO_ROLE_APPROVER = 4,
	QUO_ROLE_AUDITOR = 8
};
/** Nobody keeps a roster here: names are what people say. */
#define QUO_ROLES_UNKNOWN 16u

struct quo_role_name {
	enum quo_role role;
	const char *name;
};
/** The four of them, ended by NULL. */
extern const struct quo_role_name quo_role_names[];

struct quo_step {
	const char *event;
	unsigned from;		/* states, as bits of 1 << state */
	unsigned moves;		/* those of them that are left… */
	enum quo_state to;	/* …for this one */
	enum quo_key who;	/* the key that names who must have… */
	unsigned roles;		/* …one of these; 0: anyone */
	uint64_t needs;		/* keys, as QUO_BIT */
	bool yields;		/* to --emergency */
	bool alerts;		/* people are told at once */
	const char *hint;	/* where it is illegal: the next step */
};

/** All of them; count set. */
const struct quo_step *quo_steps(size_t *count);
/** The one of an event; NULL: no such event. */
const struct quo_step *quo_step_of(const char *event);

/** Room for why something is refused. */
#define QUO_WHY_MAX 320

/**
 * Whether an entry may be made.
 *
 * state   of the entry's credential
 * roles   of whoever step->who names; QUO_ROLES_UNKNOWN without a roster, 0
 *         for a person whom the roster doesn't know
 * why     set where it is refused: what is missing or wrong, by name
 * Fails with QUO_EREFUSED, or QUO_EINVAL: no such event.
 * An emergency makes legal whatever yields to it.
 */
enum quo_err quo_step_check(const struct quo_entry *entry,
    enum quo_state state, unsigned roles, char why[QUO_WHY_MAX]);

/** The state behind an entry that was made in state. */
enum quo_state quo_step_state(const struct quo_step *step,
    enum quo_state state);

#endif
