/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_ROTATING_H
#define QUO_ROTATING_H

#include "cmd/apply.h"
#include "cmd/confirm.h"
#include "cmd/dealing.h"
#include "cmd/option.h"
#include "cmd/quorum.h"

/**
 * One rotation, whoever asked for it: rotate with or without the old cards,
 * rotate --due, reconstruct --then-rotate. Mint, deal, read back, have the new
 * cards scanned where that is asked for, set it on the target, prove it.
 */

struct quo_rotating_options {
	const char *hook;
	long hook_seconds;
	const char *user, *target, *note;
	const char *mint;
	long generation;
	int confirm;		/* enum quo_confirm; 0: as the settings say */
	long retry_for;		/* seconds */
};

/** Those of them that every rotation has; type has a member `how`. */
#define QUO_ROTATING_OPTIONS(type) \
	{ 0, "hook-timeout", "TIME", QUO_SPAN(type, how.hook_seconds, \
	  1, 3600), .help = "how long one run of it may take (default " \
	  "60s)" }, \
	{ 0, "retry-for", "TIME", QUO_SPAN(type, how.retry_for, 1, 86400), \
	  .help = "ask a target that says later again for so long" }, \
	{ 0, "confirm", "LEVEL", QUO_CHOICE(type, how.confirm, \
	  quo_confirm_levels), .help = "which new cards must have been " \
	  "scanned from paper before the target is asked: rendered (none), " \
	  "quorum or all; else the settings'" }, \
	{ 0, "mint", "PROFILE", QUO_TEXT(type, how.mint), \
	  .help = "the new secret: a length, or clear, alnum, hex, digits, " \
	  "printable and a length; narrowed to what the hook takes", \
	  .group = "the new secret" }

/** A rotation on its way. The first ones are borrowed. */
struct quo_rotating {
	const struct quo_rotating_options *options;
	struct quo_book *book;
	const char *name;		/* of the credential */
	const struct quo_quorum *old;	/* the old cards; NULL: none are here */
	struct quo_json *json;		/* NULL: not wanted */
	struct quo_policy *policy;	/* of the new set; NULL: the old one's.
					   Owned from here on */
	struct quo_dealing_options dealing;	/* and what the old set adds */
	struct quo_dealt dealt;
	struct quo_hook hook;
	struct quo_hook_desc desc;
	struct quo_secret *secret;
	struct quo_dealing_plan plan;
	struct quo_pieces pieces;
	int lock;		/* as long as it lasts; -1: none */
	bool unattended;	/* by --due: what is amiss is no slip of the
				 * command line */
	bool begun;		/* before: what fails now doesn't count */
	char why[128];		/* its hook failed; "": what was said */
	bool former;		/* the old secret is older than the target's */
	bool later;		/* it is to be tried again later */
	bool held;		/* dealt; the target says later */
	struct quo_apply apply;
	enum quo_applied state;	/* how it ended */
};

/** An empty one; clear it in each case. */
void quo_rotating_init(const struct quo_rotating_options *options,
    const struct quo_dealing_options *dealing, struct quo_book *book,
    struct quo_rotating *rotating);

/**
 * Look up what the ledger knows of rotating->name, and keep others from
 * rotating it meanwhile; hook, user and target come from it where the options
 * don't say them.
 */
enum quo_exit quo_rotating_consult(struct quo_rotating *rotating);

/**
 * Ask the hook what its target takes. Sets later where that is all.
 *
 * Where this one, the next, or what quo_rotating_run does before it deals
 * fails, that is put on record, but for slips of the command line.
 */
enum quo_exit quo_rotating_describe(struct quo_rotating *rotating);

/**
 * All that can be refused before a secret is touched: who holds the new
 * cards, whether the ledger allows it, whether the old cards are the right
 * ones.
 */
enum quo_exit quo_rotating_plan(struct quo_rotating *rotating);

/**
 * Do it. The old cards, if any, have been opened. Sets state and later, and
 * says how it ended.
 *
 * last   false: where the target says later, that is all (held is set): the
 *        cards are out, and quo_rotating_apply asks again
 */
enum quo_exit quo_rotating_run(struct quo_rotating *rotating, bool last);

/** Ask a target again that said later. */
enum quo_exit quo_rotating_apply(struct quo_rotating *rotating, bool last);

/** Which new cards are to be scanned, by option or settings. */
enum quo_confirm quo_rotating_confirm(const struct quo_rotating *rotating);

/** Say how long it was burned, and how it ended, as JSON. Gives end. */
enum quo_exit quo_rotating_report(struct quo_rotating *rotating,
    const struct quo_apply *apply, enum quo_exit end);

void quo_rotating_clear(struct quo_rotating *rotating);

#endif
