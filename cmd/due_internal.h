/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_DUE_INTERNAL_H
#define QUO_DUE_INTERNAL_H

#include "cmd/due.h"
#include "ledger/view.h"

/* What due.c, which does it, and due_told.c, which tells of it, share. */

/* What became of it. */
enum quo_due_result {
	QUO_RESULT_OPEN,	/* its turn hasn't come */
	QUO_RESULT_PROVEN,
	QUO_RESULT_UNPROVEN,
	QUO_RESULT_WAITING,	/* for its cards to be scanned */
	QUO_RESULT_HELD,	/* dealt; the target says later */
	QUO_RESULT_FAILED,
	QUO_RESULT_PAUSED,	/* it failed a short time ago */
	QUO_RESULT_NEEDS,	/* somebody */
	QUO_RESULTS
};

struct quo_due_item {
	char *name;
	char *left;		/* custodians who are retired; NULL: none */
	enum quo_due why;
	int64_t since;		/* the deadline, or what else is past */
	uint32_t newest;	/* its generation when it was found due */
	enum quo_due_result result;
	char reason[256];
	struct quo_rotating rotating;
};

struct quo_due_work {
	const struct quo_due_options *options;
	const struct quo_rotating_options *how;
	long patience;		/* with those that say later */
	const struct quo_dealing_options *dealing;
	struct quo_book *book;
	struct quo_due_item *items;
	size_t count;
	long begun;		/* how many this run took on */
};

/* Say what came of it, to people and into json. Gives the exit class. */
enum quo_exit quo_due_tell(const struct quo_due_work *due,
    struct quo_json *json);

/* Only what is due. */
enum quo_exit quo_due_list(const struct quo_due_work *due,
    struct quo_json *json);

#endif
