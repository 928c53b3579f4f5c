/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_APPLY_H
#define QUO_APPLY_H

#include "cmd/say.h"
#include "rotation/hook.h"

/**
 * The target's part of a rotation: set the new secret, prove it, and find out
 * what became of the old one.
 */

/** How it ended for the target. */
enum quo_applied {
	QUO_APPLIED_PROVEN,	/* new accepted, old refused */
	QUO_APPLIED_UNPROVEN,	/* new accepted; of the old nothing is known */
	QUO_APPLIED_UNTRIED,	/* the hook set it; nothing could try it */
	QUO_APPLIED_OLD_LIVES,	/* new accepted, and the old one still is */
	QUO_APPLIED_KEPT,	/* nothing was changed: the old cards hold */
	QUO_APPLIED_UNKNOWN,	/* nobody can say */
	QUO_APPLIED_WAITING,	/* not asked yet: the new cards are to be
				 * scanned first */
	QUO_APPLIED_NOT		/* nothing was dealt */
};

/** What is called how, by its state. */
struct quo_applied_words {
	const char *report;	/* in --json */
	const char *outcome;	/* in the log; NULL: it is not in it */
	enum quo_exit end;
};
extern const struct quo_applied_words quo_applied_words[];

struct quo_apply {
	struct quo_hook *hook;
	const struct quo_hook_desc *desc;
	const struct quo_secret *secret, *old;	/* old NULL: not known */
	bool former;	/* old isn't what the target was last given, or not
			   all that it may take and somebody saw: that it is
			   refused proves nothing */
	bool resumed;	/* the target was asked before: it may have it */
	bool foreign;	/* hook, account or target isn't the inventory's: it
			   proves nothing */
	long patience;	/* for so many seconds 75 is asked again */

	/**
	 * May a secret be tried now that the target may well refuse? It may
	 * count that against the account. Without it all may.
	 */
	bool (*may_try)(void *with, const struct quo_hook_desc *desc);
	void *with;

	/* What came of it. */
	bool new_refused, old_refused;
	bool later;		/* it is to be tried again later */
	bool unstarted;		/* the hook could not be, for a verify */
	char why[256];		/* and why */
	const char *reason;	/* why it is unproven or unknown; or NULL */
};

/** Do it; what the hook says when it fails is said. */
enum quo_applied quo_apply_run(struct quo_apply *apply);

/**
 * Whether the target takes a secret: what the hook says when it can't tell is
 * said. probe: it may well be refused.
 */
enum quo_hook_answer quo_apply_try(struct quo_apply *apply,
    const struct quo_secret *secret, bool probe);

/** Say how it ended, and what to do, but for QUO_APPLIED_KEPT. */
void quo_apply_say(const struct quo_apply *apply, enum quo_applied state);

#endif
