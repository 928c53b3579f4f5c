/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "cmd/trial.h"

/* What is sampled may be missed: so many runs of each verb are looked at. */
#define SAMPLED_ROUNDS 3

/* A fresh secret set and tried once under watch. */
static bool
watch_once(struct quo_trial *t)
{
	const struct quo_secret *old = t->now, *s = quo_trial_mint_plain(t);
	const struct quo_secret *both[2] = { s, old };
	enum quo_hook_answer answer = QUO_HOOK_UNKNOWN;
	enum quo_err err;

	if (s == NULL)
		return false;
	t->watch.secrets = both;
	t->watch.count = old != NULL ? 2 : 1;
	t->watch.litter = &t->litter;
	t->hook.generation++;
	err = quo_watch_run(&t->watch, &t->hook, "apply", s, old, &answer);
	if (err == QUO_OK && answer == QUO_HOOK_YES) {
		t->now = s;
		err = quo_watch_run(&t->watch, &t->hook, "verify", s, NULL,
		    &answer);
	}
	t->watch.secrets = NULL;
	t->watch.count = 0;
	if (err == QUO_OK && answer == QUO_HOOK_YES)
		return true;
	snprintf(t->watch.seen[QUO_SEEN_BLIND], sizeof t->watch.seen[0],
	    "under watch it %s", err != QUO_OK ? "fails" :
	    quo_trial_status(t));
	return false;
}

static void
watch(struct quo_trial *t)
{
	char *blind = t->watch.seen[QUO_SEEN_BLIND];

	if (quo_watch_try(&t->watch)) {
		if (watch_once(t) || t->stop[0] != '\0')
			return;
		/* A set-user-id program has no power while it is traced. */
		snprintf(blind, sizeof t->watch.seen[0], "%s",
		    "under strace it fails: does it run a set-user-id "
		    "program?");
		t->watch.traced = false;
	}
	for (int i = 0; i < SAMPLED_ROUNDS && watch_once(t); i++)
		;
}

static const struct {
	enum quo_check check;
	enum quo_seen seen;
	const char *broken, *fine;
	bool sampled;			/* it can be seen without strace */
} traces[] = {
	{ QUO_CHECK_ARGV, QUO_SEEN_ARGV, "a secret is an argument of",
	    "no secret is in an argument", true },
	{ QUO_CHECK_ENVIRON, QUO_SEEN_ENVIRON,
	    "a secret is in the environment of",
	    "no secret is in an environment", true },
	{ QUO_CHECK_OUTPUT, QUO_SEEN_OUTPUT, "a secret is in",
	    "no secret is in its output", true },
	{ QUO_CHECK_FILES, QUO_SEEN_FILE, "a secret is written to",
	    "no secret is written to a file", false },
};

static void
judge_secrets(struct quo_trial *t)
{
	const char *blind = t->watch.seen[QUO_SEEN_BLIND];

	for (size_t i = 0; i < sizeof traces / sizeof *traces; i++) {
		const char *seen = t->watch.seen[traces[i].seen];

		if (seen[0] != '\0')
			quo_trial_broken(t, traces[i].check, "%s %s",
			    traces[i].broken, seen);
		else if (t->stop[0] != '\0')
			continue;
		else if (blind[0] == '\0' ||
		    traces[i].seen == QUO_SEEN_OUTPUT)
			quo_trial_ok(t, traces[i].check, "%s",
			    traces[i].fine);
		else if (traces[i].sampled && !t->watch.traced)
			quo_trial_ok(t, traces[i].check, "%s, but that was "
			    "only sampled: %s", traces[i].fine, blind);
		else
			quo_trial_unchecked(t, traces[i].check, "%s", blind);
	}
}

static void
judge_time(struct quo_trial *t)
{
	const char *tty = t->watch.seen[QUO_SEEN_TTY];
	const char *reads = t->watch.seen[QUO_SEEN_READS];

	if (t->stop[0] == '\0')
		quo_trial_ok(t, QUO_CHECK_TIME, "the longest run, %s, took "
		    "%.1f s of %u", t->longest_verb, t->longest,
		    t->hook.seconds);
	if (reads[0] != '\0')
		quo_trial_broken(t, QUO_CHECK_NOBODY, "it reads on and on "
		    "from %s, where nothing is", reads);
	else if (t->stop[0] != '\0')
		return;
	else if (!t->watch.traced)
		quo_trial_unchecked(t, QUO_CHECK_NOBODY, "%s",
		    t->watch.seen[QUO_SEEN_BLIND]);
	else
		quo_trial_ok(t, QUO_CHECK_NOBODY, "it waits for nobody%s",
		    tty[0] != '\0' ? ", though it looked for a terminal" :
		    "");
}

static void
judge_left(struct quo_trial *t)
{
	const char *left = t->watch.seen[QUO_SEEN_LEFT];
	const char *litter = t->watch.seen[QUO_SEEN_LITTER];
	char path[256];

	if (left[0] != '\0')
		quo_trial_broken(t, QUO_CHECK_PROCESSES, "%s lived on after "
		    "it, and was killed", left);
	else if (t->touched)
		quo_trial_ok(t, QUO_CHECK_PROCESSES, "none lives on");
	if (litter[0] != '\0')
		quo_trial_broken(t, QUO_CHECK_FILES_LEFT, "%s is left",
		    litter);
	else if (!t->touched)
		return;
	else if (!quo_litter_find(&t->litter, path, sizeof path))
		quo_trial_ok(t, QUO_CHECK_FILES_LEFT, "none in /tmp, /var/tmp "
		    "or /dev/shm");
	else if (t->watch.traced)
		quo_trial_ok(t, QUO_CHECK_FILES_LEFT, "%s is new, but not of "
		    "a run that was traced", path);
	else
		quo_trial_unchecked(t, QUO_CHECK_FILES_LEFT, "%s is new, but "
		    "whose it is only strace could tell", path);
}

void
quo_trial_traces(struct quo_trial *t)
{
	if (t->stop[0] == '\0')
		watch(t);
	judge_time(t);
	judge_left(t);
	judge_secrets(t);
}
