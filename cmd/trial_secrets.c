/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "cmd/trial.h"

#define SPENT "wrong-logins leaves no try for it"

static void
say_note(const struct quo_trial *t, const char *verb)
{
	if (t->hook.note[0] != '\0')
		quo_say_error("%s %s: %s", t->hook.path, verb, t->hook.note);
}

/* apply must set a secret; else nothing more is tried. */
static bool
must_apply(struct quo_trial *t, enum quo_check check,
    const struct quo_secret *secret, const struct quo_secret *old,
    const char *what)
{
	if (secret == NULL ||
	    quo_trial_apply(t, secret, old) == QUO_HOOK_YES)
		return secret != NULL && t->stop[0] == '\0';
	if (t->stop[0] != '\0')
		return false;
	quo_trial_broken(t, check, "apply %s for %s", quo_trial_status(t),
	    what);
	say_note(t, "apply");
	quo_trial_stop(t, "nobody knows which secret the account has");
	return false;
}

/* verify must take a secret; else nothing more is tried. */
static bool
must_accept(struct quo_trial *t, enum quo_check check,
    const struct quo_secret *secret, const char *what)
{
	if (quo_trial_verify(t, secret) == QUO_HOOK_YES)
		return true;
	if (t->stop[0] != '\0')
		return false;
	quo_trial_broken(t, check, "verify %s for %s", quo_trial_status(t),
	    what);
	say_note(t, "verify");
	quo_trial_stop(t, "nobody knows which secret the account has");
	return false;
}

/* verify must refuse what the account never had. */
static void
try_wrong(struct quo_trial *t, enum quo_check check, unsigned spare)
{
	const struct quo_secret *wrong = quo_trial_mint(t);

	if (wrong == NULL)
		return;
	if (t->credulous) {
		quo_trial_unchecked(t, check, "it takes wrong secrets");
		return;
	}
	if (!quo_trial_may(t, spare)) {
		quo_trial_unchecked(t, check, SPENT);
		return;
	}
	switch (quo_trial_verify(t, wrong)) {
	case QUO_HOOK_NO:
		quo_trial_ok(t, check, "verify exits 1 for a wrong secret");
		return;
	case QUO_HOOK_YES:
		t->credulous = true;
		break;
	default:
		if (t->stop[0] != '\0')
			return;
		break;
	}
	quo_trial_broken(t, check, "verify %s for a wrong secret: 1 is "
	    "wanted", quo_trial_status(t));
	say_note(t, "verify");
	/* What refuses by another status does so each time. */
	t->credulous = true;
}

static void
try_again(struct quo_trial *t, const struct quo_secret *secret)
{
	if (must_apply(t, QUO_CHECK_AGAIN, secret, t->given,
	    "the same secret again") &&
	    must_accept(t, QUO_CHECK_AGAIN, secret,
	    "the secret that was applied twice"))
		quo_trial_ok(t, QUO_CHECK_AGAIN, "set again, it is set still");
}

/* Secrets that a target may not take, and a hook may trip over. */
enum { ODD_EMPTY, ODD_LINE, ODD_NUL, ODDS };

static const char *const odd_names[] = {
	[ODD_EMPTY] = "an empty secret",
	[ODD_LINE] = "a secret with a newline",
	[ODD_NUL] = "a secret with a NUL",
};

/* One that starts as a good one; a key has newlines, so it is cut. */
static const struct quo_secret *
make_odd(struct quo_trial *t, int odd, const struct quo_secret *good)
{
	switch (odd) {
	case ODD_EMPTY:
		return &quo_trial_empty;
	case ODD_LINE:
		return quo_trial_join(t, good, t->desc.mints ? good->len / 2 :
		    good->len, "\nx", 2, NULL);
	default:
		return quo_trial_join(t, good, t->desc.mints ? good->len / 2 :
		    good->len, "\0x", 2, NULL);
	}
}

static bool
odd_broken(struct quo_trial *t, const char *verb, int odd)
{
	if (t->stop[0] != '\0')
		return false;
	quo_trial_broken(t, QUO_CHECK_ODD, "%s %s for %s", verb,
	    quo_trial_status(t), odd_names[odd]);
	return false;
}

/* Whether verify stands it: no crash, and no yes. */
static bool
verify_odd(struct quo_trial *t, int odd, const struct quo_secret *now)
{
	const struct quo_secret *s = make_odd(t, odd, now);
	enum quo_hook_answer answer;

	if (s == NULL || t->credulous || !quo_trial_may(t, 2))
		return true;
	answer = quo_trial_verify(t, s);
	if (t->stop[0] != '\0')
		return false;
	if (answer == QUO_HOOK_YES ||
	    strncmp(quo_trial_status(t), "is killed", 9) == 0)
		return odd_broken(t, "verify", odd);
	return true;
}

/* Whether apply takes it whole or not at all. */
static bool
apply_odd(struct quo_trial *t, int odd, const struct quo_secret **now)
{
	const struct quo_secret *fresh = quo_trial_mint(t), *s;
	enum quo_hook_answer answer;

	s = fresh != NULL ? make_odd(t, odd, fresh) : NULL;
	if (s == NULL)
		return false;
	answer = quo_trial_apply(t, s, *now);
	if (t->stop[0] != '\0')
		return false;
	if (strncmp(quo_trial_status(t), "is killed", 9) == 0 ||
	    (answer == QUO_HOOK_YES && odd == ODD_EMPTY))
		return odd_broken(t, "apply", odd);
	if (answer == QUO_HOOK_NO)
		return true;
	if (answer != QUO_HOOK_YES)
		return quo_trial_verify(t, *now) == QUO_HOOK_YES ||
		    odd_broken(t, "verify of the secret before", odd);
	*now = s;
	if (quo_trial_verify(t, s) != QUO_HOOK_YES)
		return odd_broken(t, "verify", odd);
	if (t->credulous || !quo_trial_may(t, 2))
		return true;
	if (quo_trial_verify(t, fresh) == QUO_HOOK_YES) {
		quo_trial_broken(t, QUO_CHECK_ODD, "apply sets only the "
		    "beginning of %s", odd_names[odd]);
		return false;
	}
	return true;
}

static const struct quo_secret *
try_odd(struct quo_trial *t, const struct quo_secret *now)
{
	bool good = true;

	for (int odd = 0; good && odd < ODDS; odd++)
		good = verify_odd(t, odd, now);
	for (int odd = 0; good && odd < ODDS; odd++)
		good = apply_odd(t, odd, &now);
	if (good && quo_trial_verify(t, now) == QUO_HOOK_YES)
		quo_trial_ok(t, QUO_CHECK_ODD, "none empty, with a newline or "
		    "a NUL trips it up");
	else if (good && t->stop[0] == '\0')
		quo_trial_broken(t, QUO_CHECK_ODD, "apply refused them, and "
		    "the secret isn't what it was");
	return now;
}

static void
try_old(struct quo_trial *t, const struct quo_secret *old)
{
	const bool single = t->desc.single_secret;

	if (t->credulous || !quo_trial_may(t, 0)) {
		quo_trial_unchecked(t, QUO_CHECK_OLD, t->credulous ?
		    "it takes wrong secrets" : SPENT);
		return;
	}
	switch (quo_trial_verify(t, old)) {
	case QUO_HOOK_NO:
		quo_trial_ok(t, QUO_CHECK_OLD, "the old secret is refused%s",
		    single ? "" : ", which single-secret = no doesn't "
		    "promise");
		return;
	case QUO_HOOK_YES:
		if (single)
			quo_trial_broken(t, QUO_CHECK_OLD, "single-secret = "
			    "yes, but the old secret is accepted still");
		else
			quo_trial_ok(t, QUO_CHECK_OLD, "the old secret is "
			    "accepted still, as single-secret = no says");
		return;
	default:
		if (t->stop[0] == '\0')
			quo_trial_broken(t, QUO_CHECK_OLD, "verify %s for the "
			    "old secret: 1 is wanted", quo_trial_status(t));
	}
}

/* Whether apply refuses with 1, and the account keeps its secret. */
static bool
must_refuse(struct quo_trial *t, const struct quo_secret *now,
    const struct quo_secret *old, const char *what)
{
	const struct quo_secret *fresh = quo_trial_mint(t);

	if (fresh == NULL)
		return false;
	if (quo_trial_apply(t, fresh, old) != QUO_HOOK_NO) {
		if (t->stop[0] == '\0')
			quo_trial_broken(t, QUO_CHECK_NEEDS_OLD, "apply %s %s "
			    "the old secret: 1 is wanted",
			    quo_trial_status(t), what);
		quo_trial_stop(t, "nobody knows which secret the account has");
		return false;
	}
	return must_accept(t, QUO_CHECK_NEEDS_OLD, now, "the secret before "
	    "an apply that was refused");
}

static const struct quo_secret *
try_needs_old(struct quo_trial *t, const struct quo_secret *now)
{
	const struct quo_secret *fresh;

	if (t->desc.needs_old) {
		if (!must_refuse(t, now, NULL, "without"))
			return now;
		if (quo_trial_may(t, 0) && !must_refuse(t, now,
		    quo_trial_mint(t), "with another than"))
			return now;
		quo_trial_ok(t, QUO_CHECK_NEEDS_OLD, "without the old secret "
		    "it refuses, and changes nothing");
		return now;
	}
	fresh = quo_trial_mint(t);
	if (!must_apply(t, QUO_CHECK_NEEDS_OLD, fresh, NULL, "a secret, "
	    "without the old one") || !must_accept(t, QUO_CHECK_NEEDS_OLD,
	    fresh, "the secret that was set without the old one"))
		return now;
	quo_trial_ok(t, QUO_CHECK_NEEDS_OLD, "it needs none, and sets one "
	    "without");
	return fresh;
}

/* The longest there is to be minted, with each character where they fit. */
static struct quo_secret *
make_longest(struct quo_trial *t)
{
	struct quo_mint m = { .len = t->desc.max_len };
	const size_t chars = strlen(t->desc.alphabet);
	struct quo_secret *s = NULL, *copy;

	if (m.len > QUO_MINT_MAX)
		m.len = QUO_MINT_MAX;
	memcpy(m.alphabet, t->desc.alphabet, sizeof m.alphabet);
	m.least = quo_mint_least(chars);
	if (t->stop[0] != '\0' || quo_mint_secret(&m, &s) != QUO_OK)
		return NULL;
	if (s->len >= chars + m.least)
		memcpy(s->data, t->desc.alphabet, chars);
	copy = quo_trial_join(t, s, s->len, "", 0, NULL);
	quo_secret_free(s);
	return copy;
}

static const struct quo_secret *
try_longest(struct quo_trial *t, const struct quo_secret *now)
{
	const struct quo_secret *s, *cut;

	if (t->desc.mints) {
		quo_trial_unchecked(t, QUO_CHECK_WHOLE, "it mints its own");
		return now;
	}
	s = make_longest(t);
	if (s == NULL || !must_apply(t, QUO_CHECK_WHOLE, s, now,
	    "the longest secret that describe allows") ||
	    !must_accept(t, QUO_CHECK_WHOLE, s, "the longest secret"))
		return now;
	cut = quo_trial_join(t, s, s->len - 1, "", 0, NULL);
	if (cut == NULL)
		return s;
	if (t->credulous || !quo_trial_may(t, 0))
		quo_trial_ok(t, QUO_CHECK_WHOLE, "%zu characters are taken",
		    s->len);
	else if (quo_trial_verify(t, cut) == QUO_HOOK_YES)
		quo_trial_broken(t, QUO_CHECK_WHOLE, "of %zu characters not "
		    "all count: without the last it is accepted, too", s->len);
	else
		quo_trial_ok(t, QUO_CHECK_WHOLE, "%zu characters count, each",
		    s->len);
	return s;
}

void
quo_trial_secrets(struct quo_trial *t)
{
	const struct quo_secret *first, *second, *now;

	/* One wrong login is kept for the old secret. */
	try_wrong(t, QUO_CHECK_WRONG, 1);
	first = quo_trial_mint(t);
	if (!must_apply(t, QUO_CHECK_APPLIES, first, t->given,
	    "a fresh secret"))
		return;
	quo_trial_ok(t, QUO_CHECK_APPLIES, "a fresh secret is set");
	if (!must_accept(t, QUO_CHECK_ACCEPTS, first,
	    "the secret that apply set"))
		return;
	quo_trial_ok(t, QUO_CHECK_ACCEPTS, "verify takes what apply set");
	try_wrong(t, QUO_CHECK_STILL, 1);
	try_again(t, first);
	now = try_odd(t, first);
	second = quo_trial_mint(t);
	if (!must_apply(t, QUO_CHECK_CHANGES, second, now,
	    "a second secret, the old one given") || !must_accept(t,
	    QUO_CHECK_CHANGES, second, "the second secret"))
		return;
	quo_trial_ok(t, QUO_CHECK_CHANGES, "a second secret takes its place");
	try_old(t, first);
	now = try_needs_old(t, second);
	try_longest(t, now);
}
