/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/kin.h"
#include "base/utc.h"
#include "cmd/stop.h"
#include "cmd/trial.h"

/* How long its helpers may take to end after it. */
#define GRACE_MS 1000

static uint8_t nothing[1];
const struct quo_secret quo_trial_empty = { nothing, 0 };

static const char *const names[QUO_CHECKS] = {
	[QUO_CHECK_RUNNABLE] = "runnable",
	[QUO_CHECK_DESCRIBE] = "describe",
	[QUO_CHECK_QUICK] = "quick",
	[QUO_CHECK_MINTS] = "mints",
	[QUO_CHECK_WRONG] = "refuses-wrong",
	[QUO_CHECK_APPLIES] = "applies",
	[QUO_CHECK_ACCEPTS] = "accepts",
	[QUO_CHECK_STILL] = "still-refuses",
	[QUO_CHECK_AGAIN] = "applies-again",
	[QUO_CHECK_ODD] = "odd-secrets",
	[QUO_CHECK_CHANGES] = "changes",
	[QUO_CHECK_OLD] = "refuses-old",
	[QUO_CHECK_NEEDS_OLD] = "needs-old",
	[QUO_CHECK_WHOLE] = "takes-longest",
	[QUO_CHECK_TIME] = "in-time",
	[QUO_CHECK_NOBODY] = "asks-nobody",
	[QUO_CHECK_PROCESSES] = "no-process-left",
	[QUO_CHECK_FILES_LEFT] = "no-file-left",
	[QUO_CHECK_ARGV] = "not-in-arguments",
	[QUO_CHECK_ENVIRON] = "not-in-environment",
	[QUO_CHECK_OUTPUT] = "not-in-output",
	[QUO_CHECK_FILES] = "not-in-files",
};

static const char *const words[] = {
	[QUO_TRIAL_OK] = "ok",
	[QUO_TRIAL_BROKEN] = "broken",
	[QUO_TRIAL_UNCHECKED] = "not checked",
};

static void __attribute__((format(printf, 4, 0)))
give(struct quo_trial *t, enum quo_check check, enum quo_verdict_word word,
    const char *format, va_list args)
{
	char why[512];

	if (t->verdicts[check] != QUO_TRIAL_NONE)
		return;
	vsnprintf(why, sizeof why, format, args);
	t->verdicts[check] = word;
	if (word == QUO_TRIAL_BROKEN)
		t->broken++;
	if (t->json == NULL) {
		quo_say_data("%s: %s: %s", names[check], words[word], why);
		return;
	}
	quo_json_object(t->json, NULL);
	quo_json_text(t->json, "check", names[check]);
	quo_json_text(t->json, "verdict", words[word]);
	quo_json_text(t->json, "why", why);
	quo_json_close(t->json);
}

void
quo_trial_ok(struct quo_trial *t, enum quo_check check, const char *format,
    ...)
{
	va_list args;

	va_start(args, format);
	give(t, check, QUO_TRIAL_OK, format, args);
	va_end(args);
}

void
quo_trial_broken(struct quo_trial *t, enum quo_check check,
    const char *format, ...)
{
	va_list args;

	va_start(args, format);
	give(t, check, QUO_TRIAL_BROKEN, format, args);
	va_end(args);
}

void
quo_trial_unchecked(struct quo_trial *t, enum quo_check check,
    const char *format, ...)
{
	va_list args;

	va_start(args, format);
	give(t, check, QUO_TRIAL_UNCHECKED, format, args);
	va_end(args);
}

void
quo_trial_rest(struct quo_trial *t)
{
	for (int i = 0; i < QUO_CHECKS; i++)
		quo_trial_unchecked(t, (enum quo_check)i, "%s", t->stop);
}

void
quo_trial_stop(struct quo_trial *t, const char *why)
{
	if (t->stop[0] == '\0')
		snprintf(t->stop, sizeof t->stop, "%s", why);
}

static void
stop_machine(struct quo_trial *t, const char *why)
{
	quo_trial_stop(t, why);
	t->end = QUO_EXIT_MACHINE;
}

static void
stop_failure(struct quo_trial *t, enum quo_err err)
{
	quo_say_failure(err, "%s", t->hook.path);
	stop_machine(t, quo_strerror(err));
}

/* After each run: what it said, what it left, and how long it took. */
static void
settle(struct quo_trial *t, const char *verb, double began, enum quo_err err)
{
	char *left = t->watch.seen[QUO_SEEN_LEFT], who[64] = "", why[160];
	double took = quo_clock() - began;

	if (took > t->longest) {
		t->longest = took;
		t->longest_verb = verb;
	}
	if (!quo_kin_settle(GRACE_MS, who, sizeof who) && left[0] == '\0' &&
	    err != QUO_ETIMEOUT)
		snprintf(left, sizeof t->watch.seen[0], "%s", who);
	if (strncmp(t->hook.note, "withheld:", 9) == 0)
		snprintf(t->watch.seen[QUO_SEEN_OUTPUT],
		    sizeof t->watch.seen[0], "its output");
	if (err == QUO_ETIMEOUT) {
		quo_trial_broken(t, QUO_CHECK_TIME, "%s did not end in %u s: "
		    "what does it wait for?", verb, t->hook.seconds);
		snprintf(why, sizeof why, "%s did not end in time", verb);
		quo_trial_stop(t, why);
	} else if (err != QUO_OK) {
		stop_failure(t, err);
	}
	if (quo_stopped())
		stop_machine(t, "interrupted");
}

static enum quo_hook_answer
judge(struct quo_trial *t, const char *verb, enum quo_hook_answer answer)
{
	char why[64];

	if (t->stop[0] != '\0')
		return QUO_HOOK_UNKNOWN;
	if (answer == QUO_HOOK_LATER) {
		snprintf(why, sizeof why, "%s exits 75: try later", verb);
		stop_machine(t, why);
		if (t->hook.note[0] != '\0')
			quo_say_error("%s %s: %s", t->hook.path, verb,
			    t->hook.note);
		return QUO_HOOK_UNKNOWN;
	}
	return answer;
}

enum quo_hook_answer
quo_trial_apply(struct quo_trial *t, const struct quo_secret *secret,
    const struct quo_secret *old)
{
	enum quo_hook_answer answer = QUO_HOOK_UNKNOWN;
	double began = quo_clock();
	enum quo_err err;

	if (t->stop[0] != '\0')
		return QUO_HOOK_UNKNOWN;
	t->touched = true;
	t->hook.generation++;
	err = quo_hook_apply(&t->hook, secret, old, &answer);
	settle(t, "apply", began, err);
	if (err == QUO_OK && answer == QUO_HOOK_YES)
		t->now = secret;
	else if (err != QUO_OK || answer == QUO_HOOK_UNKNOWN)
		t->now = NULL;
	return judge(t, "apply", answer);
}

enum quo_hook_answer
quo_trial_verify(struct quo_trial *t, const struct quo_secret *secret)
{
	enum quo_hook_answer answer = QUO_HOOK_UNKNOWN;
	double began = quo_clock();

	if (t->stop[0] != '\0')
		return QUO_HOOK_UNKNOWN;
	settle(t, "verify", began, quo_hook_verify(&t->hook, secret,
	    &answer));
	if (answer == QUO_HOOK_YES && t->now == NULL)
		t->now = secret;
	return judge(t, "verify", answer);
}

const char *
quo_trial_status(const struct quo_trial *t)
{
	static char text[48];
	int status = t->hook.status;

	if (WIFEXITED(status))
		snprintf(text, sizeof text, "exits %d", WEXITSTATUS(status));
	else
		snprintf(text, sizeof text, "is killed by signal %d",
		    WTERMSIG(status));
	return text;
}

bool
quo_trial_may(struct quo_trial *t, unsigned spare)
{
	if (!t->desc.limited)
		return true;
	if (t->wrong_left <= spare)
		return false;
	t->wrong_left--;
	return true;
}

static const struct quo_secret *
own(struct quo_trial *t, enum quo_err err, struct quo_secret *secret)
{
	if (err == QUO_OK && t->made_count == QUO_TRIAL_SECRETS) {
		quo_secret_free(secret);
		err = QUO_ETOOBIG;
	}
	if (err != QUO_OK) {
		stop_failure(t, err);
		return NULL;
	}
	t->made[t->made_count++] = secret;
	return secret;
}

/* Of those characters of alphabet that the hook takes. */
static enum quo_err
mint(const struct quo_trial *t, const char *profile,
    struct quo_secret **secret)
{
	struct quo_mint m = { .least = 0 };
	enum quo_err err = quo_mint_parse(profile, &m);

	if (err == QUO_OK)
		err = quo_mint_narrow(&m, t->desc.alphabet, t->desc.min_len,
		    t->desc.max_len);
	return err == QUO_OK ? quo_mint_secret(&m, secret) : err;
}

const struct quo_secret *
quo_trial_mint(struct quo_trial *t)
{
	struct quo_secret *secret = NULL;
	enum quo_err err;

	if (t->stop[0] != '\0')
		return NULL;
	if (t->desc.mints)
		err = quo_hook_mint(&t->hook, &t->desc, &secret);
	else
		err = mint(t, "printable", &secret);
	return own(t, err, secret);
}

const struct quo_secret *
quo_trial_mint_plain(struct quo_trial *t)
{
	struct quo_secret *secret = NULL;

	if (t->stop[0] != '\0')
		return NULL;
	if (!t->desc.mints && mint(t, "alnum", &secret) == QUO_OK)
		return own(t, QUO_OK, secret);
	return quo_trial_mint(t);
}

struct quo_secret *
quo_trial_join(struct quo_trial *t, const struct quo_secret *a, size_t a_len,
    const char *middle, size_t middle_len, const struct quo_secret *b)
{
	size_t b_len = b != NULL ? b->len : 0;
	struct quo_secret *s = NULL;
	enum quo_err err = quo_secret_new(a_len + middle_len + b_len, &s);

	if (err == QUO_OK) {
		memcpy(s->data, a->data, a_len);
		memcpy(s->data + a_len, middle, middle_len);
		if (b_len > 0)
			memcpy(s->data + a_len + middle_len, b->data, b_len);
	}
	return own(t, err, s) != NULL ? s : NULL;
}
