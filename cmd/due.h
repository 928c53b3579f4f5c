/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_CMD_DUE_H
#define QUO_CMD_DUE_H

#include "cmd/rotating.h"

/**
 * Rotation without anybody there: all that is past its deadline or its age, of
 * which so many cards are lost that it must not wait, or whose rotation was
 * stopped. One after another; what presses most comes first.
 *
 * A target that says later is asked again when the others are done, with the
 * cards that are dealt already. What fails is tried again by the next run, but
 * after a pause that doubles each time: 15 minutes, up to a day. What needs
 * somebody (old cards for a hook that wants the old secret, cards to be
 * scanned, a place for the phrases of locked cards, a proof that an old secret
 * is refused) is named, each time.
 */
struct quo_due_options {
	long limit;		/* so many at most, of those that a secret was
				 * minted for; 0: all */
	bool again;		/* also what failed a short time ago */
	bool list;		/* only say what is due */
};

#define QUO_DUE_OPTIONS(type) \
	{ 0, "limit", "N", QUO_NUMBER(type, due.limit, 1, 1000000), \
	  .help = "at most N in this run; what presses most comes first", \
	  .group = "with --due" }, \
	{ 0, "again", NULL, QUO_FLAG(type, due.again), \
	  .help = "also what failed a short time ago" }, \
	{ 0, "list", NULL, QUO_FLAG(type, due.list), \
	  .help = "only say what would be rotated, and change nothing" }

/**
 * Do it. Gives QUO_EXIT_DONE where all that was due is proven, QUO_EXIT_NO
 * where something is still to be done: it is named.
 *
 * json   the summary, as members of the object; NULL: not wanted
 */
enum quo_exit quo_due_run(const struct quo_due_options *options,
    const struct quo_rotating_options *how,
    const struct quo_dealing_options *dealing, struct quo_book *book,
    struct quo_json *json);

#endif
