/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd/apply.h"
#include "cmd/stop.h"

/* The longest wait before a target is asked again. */
#define LONGEST 60

const struct quo_applied_words quo_applied_words[] = {
	[QUO_APPLIED_PROVEN] = { "proven", "proven", QUO_EXIT_DONE },
	[QUO_APPLIED_UNPROVEN] = { "unproven", "unproven", QUO_EXIT_DONE },
	[QUO_APPLIED_UNTRIED] = { "unproven", "unproven", QUO_EXIT_NO },
	[QUO_APPLIED_OLD_LIVES] = { "old still accepted", "unproven",
	    QUO_EXIT_NO },
	[QUO_APPLIED_KEPT] = { "kept", "kept", QUO_EXIT_NO },
	[QUO_APPLIED_UNKNOWN] = { "unknown", "unknown", QUO_EXIT_MACHINE },
	[QUO_APPLIED_WAITING] = { "waiting", NULL, QUO_EXIT_NO },
	[QUO_APPLIED_NOT] = { "not begun", NULL, QUO_EXIT_NO },
};

static void
say_hook(const struct quo_apply *a, const char *what)
{
	if (a->hook->note[0] != '\0')
		quo_say_error("%s %s: %s", a->hook->path, what,
		    a->hook->note);
}

/* One that hung was started. */
static void
note_unstarted(struct quo_apply *a, enum quo_err err)
{
	char why[200];

	a->unstarted = err != QUO_OK && err != QUO_ETIMEOUT;
	if (!a->unstarted)
		return;
	quo_say_escape(a->hook->note[0] != '\0' ? a->hook->note :
	    quo_strerror(err), why, sizeof why);
	snprintf(a->why, sizeof a->why, "the hook could not be started to try "
	    "it: %s", why);
}

/* Whether there is time to ask again, after a wait that doubles. */
static bool
wait_for(const struct quo_apply *a, long *spent)
{
	long pause = *spent + 1 < LONGEST ? *spent + 1 : LONGEST;

	if (*spent + pause > a->patience || quo_stopped())
		return false;
	quo_say("the target says later: it is asked again in %ld s", pause);
	*spent += pause;
	while (pause > 0 && !quo_stopped())
		pause = (long)sleep((unsigned)pause);
	return !quo_stopped();
}

enum quo_hook_answer
quo_apply_try(struct quo_apply *a, const struct quo_secret *secret,
    bool probe)
{
	enum quo_hook_answer answer = QUO_HOOK_UNKNOWN;
	enum quo_err err = QUO_OK;
	long spent = 0;

	do {
		if (probe && a->may_try != NULL &&
		    !a->may_try(a->with, a->desc)) {
			a->reason = "not tried: the target locks accounts out "
			    "after wrong logins";
			return QUO_HOOK_UNKNOWN;
		}
		err = quo_hook_verify(a->hook, secret, &answer);
		if (err != QUO_OK)
			answer = QUO_HOOK_UNKNOWN;
	} while (answer == QUO_HOOK_LATER && wait_for(a, &spent));
	if (answer == QUO_HOOK_LATER || answer == QUO_HOOK_UNKNOWN) {
		a->later = answer == QUO_HOOK_LATER;
		note_unstarted(a, err);
		a->reason = a->unstarted ? a->why :
		    "the target could not be asked";
		if (a->unstarted)
			quo_say_error("%s verify: %s", a->hook->path, a->why);
		else if (err != QUO_OK)
			quo_say_failure(err, "%s verify", a->hook->path);
		if (!a->unstarted)
			say_hook(a, "verify");
	}
	return answer;
}

/* It ought to take the old one, but may not: that counts as well, where any
 * wrong logins are allowed. */
static bool
takes_old(struct quo_apply *a)
{
	return quo_apply_try(a, a->old, a->desc->wrong_logins > 1) ==
	    QUO_HOOK_YES;
}

/* The new secret is on the target: is the old one gone? */
static enum quo_applied
prove(struct quo_apply *a)
{
	const enum quo_applied otherwise = a->desc->single_secret ?
	    QUO_APPLIED_PROVEN : QUO_APPLIED_UNPROVEN;

	if (a->old == NULL) {
		a->reason = "the old secret was not at hand";
		return otherwise;
	}
	switch (quo_apply_try(a, a->old, true)) {
	case QUO_HOOK_NO:
		a->old_refused = true;
		a->reason = a->former ? "not all that the target may have "
		    "had before was at hand" : NULL;
		return a->former ? otherwise : QUO_APPLIED_PROVEN;
	case QUO_HOOK_YES:
		a->reason = "the old secret is still accepted";
		return QUO_APPLIED_OLD_LIVES;
	case QUO_HOOK_LATER:
	case QUO_HOOK_UNKNOWN:
		break;
	}
	return otherwise;
}

/*
 * After an apply: what does the target take now? set: the hook says that it
 * was set, and a login may be more than it can try. That the old one is
 * accepted says nothing of what is on its way: a server goes on with what it
 * was told though the hook was killed, and a copy of it learns it late.
 */
static enum quo_applied
look(struct quo_apply *a, bool set)
{
	switch (quo_apply_try(a, a->secret, false)) {
	case QUO_HOOK_YES:
		return prove(a);
	case QUO_HOOK_NO:
		a->new_refused = true;
		a->reason = a->old != NULL && takes_old(a) ?
		    "it takes the old one by now, and may still be at it" :
		    "the new secret is refused, and the old one not known "
		    "to be accepted";
		return QUO_APPLIED_UNKNOWN;
	case QUO_HOOK_LATER:
		break;
	case QUO_HOOK_UNKNOWN:
		/* One that hung or crashed had an answer to give. */
		if (!set || !WIFEXITED(a->hook->status))
			break;
		if (!a->unstarted)
			a->reason = "the hook set it, and no login could try "
			    "it";
		return QUO_APPLIED_UNTRIED;
	}
	return QUO_APPLIED_UNKNOWN;
}

static enum quo_err
set(struct quo_apply *a, enum quo_hook_answer *answer)
{
	enum quo_err err;
	long spent = 0;

	do {
		*answer = QUO_HOOK_UNKNOWN;
		err = quo_hook_apply(a->hook, a->secret, a->old, answer);
	} while (err == QUO_OK && *answer == QUO_HOOK_LATER &&
	    wait_for(a, &spent));
	a->later = err == QUO_OK && *answer == QUO_HOOK_LATER;
	return err;
}

/*
 * The hook says that nothing was changed. That isn't staked on: a script that
 * fails behind its effect exits 1, too. The target has the last word.
 */
static enum quo_applied
doubt(struct quo_apply *a, const char *why)
{
	const bool later = a->later;
	enum quo_hook_answer answer = quo_apply_try(a, a->secret, true);
	bool kept;

	if (answer == QUO_HOOK_YES)
		return prove(a);
	kept = answer == QUO_HOOK_NO && !a->resumed;
	if (!kept && a->old != NULL)
		kept = takes_old(a);
	a->new_refused = answer == QUO_HOOK_NO;
	a->later = a->later || later;
	a->reason = why;
	return kept ? QUO_APPLIED_KEPT : QUO_APPLIED_UNKNOWN;
}

static enum quo_applied
run(struct quo_apply *a)
{
	enum quo_hook_answer answer = QUO_HOOK_UNKNOWN;
	enum quo_err err;

	a->reason = NULL;
	if (a->resumed)
		answer = quo_apply_try(a, a->secret, true);
	if (answer == QUO_HOOK_YES)
		return prove(a);
	if (a->desc->needs_old && a->old == NULL) {
		a->new_refused = answer == QUO_HOOK_NO;
		a->reason = "to set the new secret the "
		    "old cards are needed, too";
		return QUO_APPLIED_UNKNOWN;
	}
	err = set(a, &answer);
	if (err == QUO_ENOENT || err == QUO_EUNSAFE) {
		quo_say_failure(err, "%s: %s", a->hook->path, a->hook->note);
		a->reason = "the hook can't be run";
		return a->resumed ? QUO_APPLIED_UNKNOWN : QUO_APPLIED_KEPT;
	}
	if (err == QUO_OK && answer == QUO_HOOK_YES)
		return look(a, true);
	if (err != QUO_OK)
		quo_say_failure(err, "%s apply", a->hook->path);
	say_hook(a, "apply");
	if (err == QUO_OK && answer != QUO_HOOK_UNKNOWN) {
		quo_say_error("the hook says that the target %s", answer ==
		    QUO_HOOK_LATER ? "can't take a new secret now" :
		    "refused the new secret");
		return doubt(a, answer == QUO_HOOK_LATER ? "the target says "
		    "later" : "the target refused the new secret");
	}
	return look(a, false);
}

enum quo_applied
quo_apply_run(struct quo_apply *a)
{
	const enum quo_applied state = run(a);

	if (state != QUO_APPLIED_PROVEN || !a->foreign)
		return state;
	a->reason = "its hook, account or target isn't the inventory's";
	return QUO_APPLIED_UNPROVEN;
}

static void
say_unknown(const struct quo_apply *a)
{
	quo_say_error("nobody can say which secret the target has%s%s",
	    a->reason != NULL ? ": " : "", a->reason != NULL ? a->reason :
	    "");
	if (a->new_refused)
		quo_say_hint("keep both sets: the target refuses the new "
		    "secret, so try the old cards first");
	else
		quo_say_hint("keep both sets; try generation %lu first, then "
		    "the old cards", a->hook->generation);
	quo_say_hint("settle it with a quorum of both: quorate rotate %s "
	    "--resume NEW-CARD... OLD-CARD...", a->hook->name);
}

void
quo_apply_say(const struct quo_apply *a, enum quo_applied state)
{
	switch (state) {
	case QUO_APPLIED_PROVEN:
		quo_say("rotated: the target takes the new secret%s",
		    a->old_refused && !a->former ? ", and refuses the old "
		    "one" : ", and by its hook holds no other");
		break;
	case QUO_APPLIED_UNPROVEN:
		quo_say("rotated: the target takes the new secret");
		quo_say_warning("unproven: whether it refuses the old one "
		    "is not known%s%s", a->reason != NULL ? ": " : "",
		    a->reason != NULL ? a->reason : "");
		quo_say_hint("keep the old cards until then: quorate rotate "
		    "%s --prove-old, with them, proves it", a->hook->name);
		return;
	case QUO_APPLIED_UNTRIED:
		quo_say_error("unproven: the hook says that the new secret "
		    "is set, and %s", a->unstarted ? a->why :
		    "no login could try it");
		if (a->unstarted) {
			quo_say_hint("keep both sets; try generation %lu "
			    "first. Mend the hook, then quorate rotate %s "
			    "--resume, with both", a->hook->generation,
			    a->hook->name);
			return;
		}
		quo_say_hint("keep both sets; try generation %lu first, and "
		    "say what you saw: quorate rotate %s --prove-old "
		    "--word WHO --seen TEXT",
		    a->hook->generation, a->hook->name);
		return;
	case QUO_APPLIED_OLD_LIVES:
		quo_say_error("the target takes the new secret, and still "
		    "the old one");
		quo_say_hint("end the old one there, then quorate rotate %s "
		    "--prove-old; until then both sets of cards open it",
		    a->hook->name);
		return;
	case QUO_APPLIED_UNKNOWN:
		say_unknown(a);
		return;
	case QUO_APPLIED_KEPT:
	case QUO_APPLIED_WAITING:
	case QUO_APPLIED_NOT:
		return;
	}
	quo_say("have the cards of earlier generations destroyed, unless a "
	    "backup of the target needs them");
}
