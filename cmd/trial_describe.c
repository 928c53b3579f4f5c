/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/crypt.h"
#include "base/utc.h"
#include "cmd/trial.h"

/* It is asked before anything else, each time. */
#define QUICK_SECONDS 5

static void
failed(struct quo_trial *t, enum quo_err err)
{
	const char *note = t->hook.note;

	quo_trial_stop(t, "describe fails");
	if (err == QUO_ELATER) {
		t->end = QUO_EXIT_MACHINE;
		quo_trial_unchecked(t, QUO_CHECK_DESCRIBE, "it exits 75: the "
		    "target can't be reached now");
	} else if (err == QUO_ETIMEOUT) {
		quo_trial_broken(t, QUO_CHECK_TIME, "describe did not end in "
		    "%u s: what does it wait for?", t->hook.seconds);
	} else if (err == QUO_ESYNTAX) {
		quo_trial_broken(t, QUO_CHECK_DESCRIBE, "%s: %s", note,
		    quo_strerror(err));
		return;
	} else if (err == QUO_ETOOBIG) {
		quo_trial_broken(t, QUO_CHECK_DESCRIBE, "it writes more than "
		    "4096 bytes");
	} else if (err == QUO_ECHILD) {
		quo_trial_broken(t, QUO_CHECK_DESCRIBE, "it %s",
		    quo_trial_status(t));
	} else {
		t->end = quo_say_failure(err, "%s", t->hook.path);
	}
	if (note[0] != '\0')
		quo_say_error("%s describe: %s", t->hook.path, note);
}

/* Twice alike, and soon. */
static void
weigh(struct quo_trial *t, const struct quo_hook_desc *again, double seconds)
{
	const struct quo_hook_desc *d = &t->desc;

	if (strcmp(d->alphabet, again->alphabet) != 0 ||
	    d->min_len != again->min_len || d->max_len != again->max_len ||
	    d->needs_old != again->needs_old || d->mints != again->mints ||
	    d->single_secret != again->single_secret ||
	    d->limited != again->limited ||
	    d->wrong_logins != again->wrong_logins ||
	    d->wrong_span != again->wrong_span)
		quo_trial_broken(t, QUO_CHECK_DESCRIBE, "it says something "
		    "else each time");
	else if (!d->mints && quo_mint_least(strlen(d->alphabet)) >
	    d->max_len)
		quo_trial_broken(t, QUO_CHECK_DESCRIBE, "%zu of %zu "
		    "characters are less than %d bits", d->max_len,
		    strlen(d->alphabet), QUO_MINT_BITS);
	else
		quo_trial_ok(t, QUO_CHECK_DESCRIBE, "it says what the target "
		    "takes");
	if (seconds > QUICK_SECONDS)
		quo_trial_broken(t, QUO_CHECK_QUICK, "describe took %.0f s",
		    seconds);
	else
		quo_trial_ok(t, QUO_CHECK_QUICK, "describe took %.1f s",
		    seconds);
	t->wrong_left = d->wrong_logins > 0 ? d->wrong_logins - 1 : 0;
}

static void
mint_failed(struct quo_trial *t, enum quo_err err)
{
	const char *note = t->hook.note;

	quo_trial_stop(t, "no secret is minted");
	if (err == QUO_EINVAL)
		quo_trial_broken(t, QUO_CHECK_MINTS, "%s", note);
	else if (err == QUO_ECHILD)
		quo_trial_broken(t, QUO_CHECK_MINTS, "mint %s",
		    quo_trial_status(t));
	else if (err == QUO_ETIMEOUT)
		quo_trial_broken(t, QUO_CHECK_TIME, "mint did not end in "
		    "%u s", t->hook.seconds);
	else
		t->end = quo_say_failure(err, "%s mint", t->hook.path);
	if (note[0] != '\0' && err != QUO_EINVAL)
		quo_say_error("%s mint: %s", t->hook.path, note);
}

/* A hook that mints: two, and not the same. */
static void
try_mint(struct quo_trial *t)
{
	struct quo_secret *a = NULL, *b = NULL;
	enum quo_err err;

	if (!t->desc.mints) {
		quo_trial_unchecked(t, QUO_CHECK_MINTS, "it takes characters, "
		    "and mints none");
		return;
	}
	err = quo_hook_mint(&t->hook, &t->desc, &a);
	if (err == QUO_OK)
		err = quo_hook_mint(&t->hook, &t->desc, &b);
	if (err != QUO_OK)
		mint_failed(t, err);
	else if (a->len == b->len && quo_equal(a->data, b->data, a->len))
		quo_trial_broken(t, QUO_CHECK_MINTS, "it mints the same "
		    "secret twice");
	else
		quo_trial_ok(t, QUO_CHECK_MINTS, "two secrets of %zu and %zu "
		    "bytes", a->len, b->len);
	if (t->verdicts[QUO_CHECK_MINTS] == QUO_TRIAL_BROKEN)
		quo_trial_stop(t, "it mints no good secret");
	quo_secret_free(a);
	quo_secret_free(b);
}

static bool
may_run(struct quo_trial *t)
{
	enum quo_err err = quo_hook_check(&t->hook);

	if (err == QUO_OK) {
		quo_trial_ok(t, QUO_CHECK_RUNNABLE, "it may be run");
		return true;
	}
	if (err == QUO_EUNSAFE)
		quo_trial_broken(t, QUO_CHECK_RUNNABLE, "%s", t->hook.note);
	else
		t->end = quo_say_failure(err, "%s", t->hook.path);
	quo_trial_stop(t, "it may not be run");
	return false;
}

void
quo_trial_describe(struct quo_trial *t)
{
	struct quo_hook_desc again;
	double began = quo_clock();
	enum quo_err err;

	if (!may_run(t))
		return;
	err = quo_hook_describe(&t->hook, &t->desc);
	began = quo_clock() - began;
	if (err == QUO_OK)
		err = quo_hook_describe(&t->hook, &again);
	if (err != QUO_OK) {
		failed(t, err);
		return;
	}
	weigh(t, &again, began);
	if (t->verdicts[QUO_CHECK_DESCRIBE] == QUO_TRIAL_BROKEN)
		quo_trial_stop(t, "describe is broken");
	else
		try_mint(t);
}
