/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <unistd.h>

#include "base/kin.h"
#include "cmd/expose.h"
#include "cmd/hook.h"
#include "cmd/obtain.h"
#include "cmd/stop.h"
#include "cmd/trial.h"
#include "cmd/tty.h"

#define SECONDS 60

static enum quo_exit
check_options(const struct quo_hook_options *o)
{
	if ((o->strip_newline || o->keep_newline) && o->secret_file == NULL)
		return quo_say_misuse("--%s-newline is about --secret-file",
		    o->strip_newline ? "strip" : "keep");
	if (o->keep_fd == NULL)
		return QUO_EXIT_DONE;
	if (quo_expose_fd_of(o->keep_fd) == STDOUT_FILENO)
		return quo_say_misuse("--keep-secret-fd 1: the verdicts go "
		    "there");
	return quo_expose_fd_check("--keep-secret-fd", o->keep_fd);
}

/* Nobody's password is changed by mistake. */
static enum quo_exit
consent(const struct quo_hook_options *o)
{
	const char *user = o->user != NULL ? o->user : "";
	char question[320];
	bool yes = false;

	if (o->yes)
		return QUO_EXIT_DONE;
	if (!quo_tty_present()) {
		quo_say_error("this changes the secret of account \"%s\" "
		    "several times", user);
		quo_say_hint("say --yes where it is a throw-away account");
		return QUO_EXIT_MISUSE;
	}
	snprintf(question, sizeof question, "The secret of account \"%.200s\" "
	    "is going to be changed several times. Is it a throw-away "
	    "account?", user);
	if (quo_tty_confirm(question, &yes) == QUO_OK && yes)
		return QUO_EXIT_DONE;
	quo_say_error("nothing was changed");
	return QUO_EXIT_NO;
}

/* The secret that the account has, where it is given. */
static enum quo_exit
obtain(const struct quo_hook_options *o, struct quo_secret **secret)
{
	const struct quo_obtain from = {
		.file = o->secret_file,
		.keep_newline = o->keep_newline,
		.strip_newline = o->strip_newline,
	};
	enum quo_err err;

	if (o->secret_file != NULL)
		return quo_obtain_secret(&from, NULL, secret);
	if (!o->ask)
		return QUO_EXIT_DONE;
	err = quo_tty_secret("Secret that the account has now: ", secret);
	return err == QUO_OK ? QUO_EXIT_DONE :
	    quo_say_failure(err, "%s", "no secret was entered");
}

static enum quo_exit
say_last(const struct quo_hook_options *o, const struct quo_trial *t)
{
	if (!t->touched) {
		quo_say("the account was not changed");
		return QUO_EXIT_DONE;
	}
	if (t->now == NULL) {
		quo_say_warning("nobody knows which secret the account has "
		    "now: set another");
		return QUO_EXIT_DONE;
	}
	if (o->keep_fd != NULL)
		return quo_expose_fd(t->now, o->keep_fd);
	quo_say("the account has a secret now that nobody knows: set "
	    "another, or end the account");
	return QUO_EXIT_DONE;
}

static enum quo_exit
run_trial(const struct quo_hook_options *o, struct quo_trial *t)
{
	quo_trial_describe(t);
	if (t->stop[0] == '\0' && t->desc.needs_old && t->given == NULL) {
		quo_say_error("%s needs the secret that the account has now",
		    t->hook.path);
		quo_say_hint("give it by --secret-file FILE, or --ask");
		t->end = QUO_EXIT_MISUSE;
		quo_trial_stop(t, "apply needs the old secret, and it wasn't "
		    "given");
	}
	quo_trial_secrets(t);
	quo_trial_traces(t);
	quo_trial_rest(t);
	return say_last(o, t);
}

static enum quo_exit
report(const struct quo_hook_options *o, struct quo_trial *t)
{
	if (t->broken > 0)
		quo_say("%s: %u of the contract's points broken",
		    t->hook.path, t->broken);
	else if (t->end == QUO_EXIT_DONE)
		quo_say("%s: nothing broken was found", t->hook.path);
	if (o->common.json) {
		quo_json_close(t->json);
		quo_json_text(t->json, "hook", t->hook.path);
		quo_json_int(t->json, "broken", t->broken);
		quo_json_bool(t->json, "changed", t->touched);
		quo_json_bool(t->json, "traced", t->watch.traced);
		if (quo_say_json(t->json) != QUO_OK)
			return quo_say_failure(QUO_EIO, "%s", "JSON");
	}
	return t->broken > 0 ? QUO_EXIT_NO : t->end;
}

static void
clear(struct quo_trial *t)
{
	for (size_t i = 0; i < t->made_count; i++)
		quo_secret_free(t->made[i]);
	quo_litter_clear(&t->litter);
	quo_json_free(t->json);
}

static enum quo_exit
try_hook(const struct quo_hook_options *o, const struct quo_secret *given)
{
	struct quo_trial t = {
		.hook = {
			.path = o->common.operands.items[1],
			.name = o->name, .user = o->user,
			.target = o->target,
			.seconds = o->seconds != 0 ? (unsigned)o->seconds :
			    SECONDS,
		},
		.given = given,
		.now = given,
		.longest_verb = "verify",
		.json = o->common.json ? quo_json_new() : NULL,
	};
	enum quo_exit end, said;
	enum quo_err err = quo_litter_note(&t.litter);

	if (err == QUO_OK)
		err = quo_kin_adopt();
	if (err == QUO_OK) {
		quo_json_array(t.json, "checks");
		quo_stop_catch();
		said = run_trial(o, &t);
		quo_stop_end();
		end = report(o, &t);
		end = end == QUO_EXIT_DONE ? said : end;
	} else {
		end = quo_say_failure(err, "%s", "hook test");
	}
	clear(&t);
	return end;
}

enum quo_exit
quo_hook_test(const struct quo_hook_options *o)
{
	struct quo_secret *given = NULL;
	enum quo_exit end;

	end = check_options(o);
	if (end == QUO_EXIT_DONE)
		end = consent(o);
	if (end == QUO_EXIT_DONE)
		end = obtain(o, &given);
	if (end == QUO_EXIT_DONE)
		end = try_hook(o, given);
	quo_secret_free(given);
	return end;
}
