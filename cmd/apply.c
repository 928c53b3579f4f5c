/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/apply.h"

const struct quo_applied_words quo_applied_words[] = {
	[QUO_APPLIED_PROVEN] = { "proven", "proven", NULL, QUO_EXIT_DONE },
	[QUO_APPLIED_UNPROVEN] = { "unproven", "unproven", NULL,
	    QUO_EXIT_DONE },
	[QUO_APPLIED_OLD_LIVES] = { "old still accepted", "unproven",
	    "old secret still accepted", QUO_EXIT_NO },
	[QUO_APPLIED_KEPT] = { "kept", "kept", NULL, QUO_EXIT_NO },
	[QUO_APPLIED_UNKNOWN] = { "unknown", "unknown", NULL,
	    QUO_EXIT_MACHINE },
};

static void
say_hook(const struct quo_apply *a, const char *what)
{
	if (a->hook->note[0] != '\0')
		quo_say_error("%s %s: %s", a->hook->path, what,
		    a->hook->note);
}

/* Whether the target takes a secret; what isn't said is unknown. */
static enum quo_hook_answer
try_secret(struct quo_apply *a, const struct quo_secret *secret)
{
	enum quo_hook_answer answer = QUO_HOOK_UNKNOWN;

	if (quo_hook_verify(a->hook, secret, &answer) != QUO_OK)
		return QUO_HOOK_UNKNOWN;
	return answer;
}

/* The new secret is on the target: is the old one gone? */
static enum quo_applied
prove(struct quo_apply *a)
{
	const enum quo_applied otherwise = a->desc->single_secret ?
	    QUO_APPLIED_PROVEN : QUO_APPLIED_UNPROVEN;

	if (a->old == NULL)
		return otherwise;
	switch (try_secret(a, a->old)) {
	case QUO_HOOK_NO:
		a->old_refused = true;
		return a->former ? otherwise : QUO_APPLIED_PROVEN;
	case QUO_HOOK_YES:
		return QUO_APPLIED_OLD_LIVES;
	case QUO_HOOK_LATER:
	case QUO_HOOK_UNKNOWN:
		break;
	}
	say_hook(a, "verify");
	return otherwise;
}

/* After an apply, whatever it said: what does the target take now? */
static enum quo_applied
look(struct quo_apply *a)
{
	switch (try_secret(a, a->secret)) {
	case QUO_HOOK_YES:
		return prove(a);
	case QUO_HOOK_NO:
		a->new_refused = true;
		if (a->old != NULL && try_secret(a, a->old) == QUO_HOOK_YES)
			return QUO_APPLIED_KEPT;
		return QUO_APPLIED_UNKNOWN;
	case QUO_HOOK_LATER:
	case QUO_HOOK_UNKNOWN:
		break;
	}
	say_hook(a, "verify");
	return QUO_APPLIED_UNKNOWN;
}

enum quo_applied
quo_apply_run(struct quo_apply *a)
{
	enum quo_hook_answer answer = QUO_HOOK_UNKNOWN;
	enum quo_err err;

	err = quo_hook_apply(a->hook, a->secret, a->old, &answer);
	if (err == QUO_ENOENT || err == QUO_EUNSAFE) {
		quo_say_failure(err, "%s: %s", a->hook->path, a->hook->note);
		return QUO_APPLIED_KEPT;
	}
	if (err == QUO_OK && answer == QUO_HOOK_YES)
		return look(a);
	if (err != QUO_OK)
		quo_say_failure(err, "%s apply", a->hook->path);
	say_hook(a, "apply");
	if (err == QUO_OK && answer != QUO_HOOK_UNKNOWN) {
		quo_say_error("the target %s", answer == QUO_HOOK_LATER ?
		    "can't take a new secret now: try again later" :
		    "refused the new secret");
		return QUO_APPLIED_KEPT;
	}
	return look(a);
}

static void
say_unknown(const struct quo_apply *a)
{
	quo_say_error("nobody can say which secret the target has");
	if (a->new_refused)
		quo_say_hint("keep both sets: the target refuses the new "
		    "secret, so try the old cards first");
	else
		quo_say_hint("keep both sets; try generation %lu first, then "
		    "the old cards", a->hook->generation);
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
		    "is not known");
		break;
	case QUO_APPLIED_OLD_LIVES:
		quo_say_error("the target takes the new secret, and still "
		    "the old one");
		quo_say_hint("end the old one there; until then both sets "
		    "of cards open it");
		break;
	case QUO_APPLIED_KEPT:
		return;
	case QUO_APPLIED_UNKNOWN:
		say_unknown(a);
		return;
	}
	quo_say("have the cards of earlier generations destroyed, unless a "
	    "backup of the target needs them");
}
