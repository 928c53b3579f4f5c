/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_TRIAL_H
#define QUO_TRIAL_H

#include "cmd/say.h"
#include "rotation/watch.h"

/**
 * A trial of a target hook: runs of it, and a verdict for each thing that the
 * contract wants. `quorate hook test`.
 */
enum quo_check {
	QUO_CHECK_RUNNABLE,
	QUO_CHECK_DESCRIBE,
	QUO_CHECK_QUICK,
	QUO_CHECK_MINTS,
	QUO_CHECK_WRONG,
	QUO_CHECK_APPLIES,
	QUO_CHECK_ACCEPTS,
	QUO_CHECK_STILL,
	QUO_CHECK_AGAIN,
	QUO_CHECK_ODD,
	QUO_CHECK_CHANGES,
	QUO_CHECK_OLD,
	QUO_CHECK_NEEDS_OLD,
	QUO_CHECK_WHOLE,
	QUO_CHECK_TIME,
	QUO_CHECK_NOBODY,
	QUO_CHECK_PROCESSES,
	QUO_CHECK_FILES_LEFT,
	QUO_CHECK_ARGV,
	QUO_CHECK_ENVIRON,
	QUO_CHECK_OUTPUT,
	QUO_CHECK_FILES,
	QUO_CHECKS
};

enum quo_verdict_word {
	QUO_TRIAL_NONE,
	QUO_TRIAL_OK,
	QUO_TRIAL_BROKEN,
	QUO_TRIAL_UNCHECKED
};

#define QUO_TRIAL_SECRETS 64

struct quo_trial {
	struct quo_hook hook;
	struct quo_hook_desc desc;
	const struct quo_secret *given;	/* what the account has; NULL: none */
	const struct quo_secret *now;	/* what it has, if known */
	struct quo_secret *made[QUO_TRIAL_SECRETS];
	size_t made_count;
	bool touched;			/* apply was run */
	bool credulous;			/* verify takes wrong secrets */
	unsigned wrong_left;		/* tries, where desc.limited */

	char stop[160];			/* why nothing more is tried; or "" */
	enum quo_exit end;		/* QUO_EXIT_MACHINE: no fault of it */
	enum quo_verdict_word verdicts[QUO_CHECKS];
	unsigned broken;

	double longest;			/* seconds, of one run */
	const char *longest_verb;
	struct quo_litter litter;
	struct quo_watch watch;
	struct quo_json *json;		/* or NULL: lines of data */
};

/** A verdict, once for each check; what it says holds no secret. */
void quo_trial_ok(struct quo_trial *t, enum quo_check check,
    const char *format, ...) __attribute__((format(printf, 3, 4)));
void quo_trial_broken(struct quo_trial *t, enum quo_check check,
    const char *format, ...) __attribute__((format(printf, 3, 4)));
void quo_trial_unchecked(struct quo_trial *t, enum quo_check check,
    const char *format, ...) __attribute__((format(printf, 3, 4)));
/** All that has none yet: not checked, because of t->stop. */
void quo_trial_rest(struct quo_trial *t);

/** Try nothing more; the first reason counts. */
void quo_trial_stop(struct quo_trial *t, const char *why);

/**
 * Run a verb. Where t->stop is set, before or by this run (it took too long,
 * or says later), the answer is QUO_HOOK_UNKNOWN, and stands for nothing.
 */
enum quo_hook_answer quo_trial_apply(struct quo_trial *t,
    const struct quo_secret *secret, const struct quo_secret *old);
enum quo_hook_answer quo_trial_verify(struct quo_trial *t,
    const struct quo_secret *secret);
/** How the last run ended, as "exits 2"; static. */
const char *quo_trial_status(const struct quo_trial *t);

/**
 * Whether verify may be tried with a secret that ought to be refused, with
 * spare such tries kept for later; counts it.
 */
bool quo_trial_may(struct quo_trial *t, unsigned spare);

/** A fresh secret such as the hook takes; owned by t. NULL: t->stop is set. */
const struct quo_secret *quo_trial_mint(struct quo_trial *t);
/**
 * The same of letters and digits, which look the same wherever they stand;
 * any, where the hook takes too few of them.
 */
const struct quo_secret *quo_trial_mint_plain(struct quo_trial *t);
/** Secret out of parts (NULL: nothing), owned by t; NULL: t->stop is set. */
struct quo_secret *quo_trial_join(struct quo_trial *t,
    const struct quo_secret *a, size_t a_len, const char *middle,
    size_t middle_len, const struct quo_secret *b);
/** The same with nothing in it: good for a run only. */
extern const struct quo_secret quo_trial_empty;

/* The checks, by what they look at: describe; apply and verify; the traces
 * that it leaves. In this order. */
void quo_trial_describe(struct quo_trial *t);
void quo_trial_secrets(struct quo_trial *t);
void quo_trial_traces(struct quo_trial *t);

#endif
