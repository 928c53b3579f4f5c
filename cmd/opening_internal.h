/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_OPENING_INTERNAL_H
#define QUO_OPENING_INTERNAL_H

#include "cmd/opening.h"

/* What the files of an opening share. */

/*
 * opening_incident.c: a ledger that failed, and what must be declared. They
 * give QUO_EXIT_DONE where it goes on, with or without the ledger.
 */

/** The ledger failed with why, which was said: close it; does it go on? */
enum quo_exit quo_opening_go_on(struct quo_opening *o, enum quo_err why);
/** The same, saying it. */
enum quo_exit quo_opening_lose(struct quo_opening *o, enum quo_err why);
/** What a call of the ledger gave: fine, refused, or lost. */
enum quo_exit quo_opening_judge(struct quo_opening *o, enum quo_err err);

/** Whether the ledger has NAME, where one was given; it is said, and logged. */
enum quo_exit quo_opening_know(struct quo_opening *o);
/** Log that the opening is refused: it needs this option. */
enum quo_exit quo_opening_refuse(struct quo_opening *o, const char *option);
/** Whether its incident is there, and can be taken up again later. */
bool quo_opening_stays(struct quo_opening *o);
/** Take the incident that --incident names. */
enum quo_exit quo_opening_take(struct quo_opening *o);
enum quo_exit quo_opening_declare(struct quo_opening *o);

/* opening_ask.c */

/**
 * Ask for what an opening has to say, where somebody is there to ask. Gives
 * the option that is missing still, which was said; NULL: nothing is.
 */
const char *quo_opening_ask(struct quo_opening *opening);

/** The criterion that is cited, asked for in the same way; NULL for none. */
const char *quo_opening_criterion(struct quo_opening *opening);

/**
 * Before cards are gathered: which approvals are missing and, where somebody
 * gathers them at a terminal, who holds the cards and how to reach them.
 */
void quo_opening_tell(struct quo_opening *opening);

/* opening_told.c */

/** Tell everybody, before anything is revealed. */
void quo_opening_alert(struct quo_opening *o,
    const struct quo_quorum *quorum);

#endif
