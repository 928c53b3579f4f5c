/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/obtain.h"
#include "cmd/rotating.h"
#include "cmd/rotation.h"
#include "cmd/stop.h"
#include "ledger/sets.h"

/* A minted secret that is the old one again is a broken machine. */
#define MINT_TRIES 3

void
quo_rotating_init(const struct quo_rotating_options *options,
    const struct quo_dealing_options *dealing, struct quo_book *book,
    struct quo_rotating *r)
{
	*r = (struct quo_rotating){
		.options = options, .book = book, .dealing = *dealing,
		.pieces = QUO_PIECES_NONE, .lock = -1,
		.hook = {
			.path = options->hook, .user = options->user,
			.target = options->target,
			.seconds = (unsigned)options->hook_seconds,
			.generation = (unsigned)options->generation,
		},
		.state = QUO_APPLIED_NOT,
	};
}

void
quo_rotating_clear(struct quo_rotating *r)
{
	quo_dealt_clear(&r->dealt);
	if (r->lock != -1)
		close(r->lock);
	r->lock = -1;
	quo_secret_free(r->secret);
	r->secret = NULL;
	quo_pieces_clear(&r->pieces);
	quo_policy_free(r->policy);
	r->policy = NULL;
}

enum quo_exit
quo_rotating_consult(struct quo_rotating *r)
{
	const struct quo_facts *facts = &r->dealt.facts;
	enum quo_exit end;

	r->hook.name = r->name;
	quo_dealt_clear(&r->dealt);
	/* What is known before it is locked may be old by then. */
	end = quo_rotation_lock(r->book, r->name, &r->lock);
	if (end == QUO_EXIT_DONE)
		end = quo_dealt_begin(r->book, "redeal", r->name, &r->dealt);
	/* A hook that outlives us is still at it. */
	r->hook.lock = r->lock != -1 ? r->lock : 0;
	if (end == QUO_EXIT_DONE && r->options->generation != 0 &&
	    facts->generation != 0)
		end = quo_say_misuse("--generation: the ledger tells it");
	if (end != QUO_EXIT_DONE || r->book->ledger == NULL)
		return end;
	if (r->hook.path == NULL)
		r->hook.path = facts->hook;
	if (r->hook.user == NULL)
		r->hook.user = facts->account;
	if (r->hook.target == NULL)
		r->hook.target = facts->target;
	return quo_book_say(r->book, quo_ledger_checkpoint(r->book->ledger,
	    &r->hook.checkpoint));
}

/*
 * What fails before anything is dealt
 */

/* What a hook says isn't for the log: it may say anything. */
static void
say_hook(struct quo_rotating *r, const char *verb, enum quo_err err)
{
	r->later = err == QUO_ELATER;
	snprintf(r->why, sizeof r->why, "%s: %s", verb, quo_strerror(err));
	if (err == QUO_EUNSAFE)
		quo_say_error("%s: it isn't run", r->hook.note);
	else
		quo_say_failure(err, "%s %s%s%s", r->hook.path, verb,
		    r->hook.note[0] != '\0' ? ": " : "", r->hook.note);
}

static void
record_failure(struct quo_rotating *r)
{
	const char *why = r->why[0] != '\0' ? r->why : quo_say_first_error();
	const unsigned from = quo_step_of("rotate-failed")->from;
	enum quo_state state = QUO_STATE_NONE;
	char hook[512], detail[600];
	const struct quo_entry entry = { .value = {
		[QUO_KEY_EVENT] = "rotate-failed",
		[QUO_KEY_CREDENTIAL] = r->name,
		[QUO_KEY_REASON] = *why != '\0' ? why : "not told",
		[QUO_KEY_DETAIL] = r->hook.path != NULL ? detail : NULL,
	} };

	if (r->hook.path != NULL) {
		quo_say_escape(r->hook.path, hook, sizeof hook);
		snprintf(detail, sizeof detail, "hook %s", hook);
	}
	if (quo_ledger_state(r->book->ledger, r->name, &state) == QUO_OK &&
	    (from >> state & 1) != 0)
		quo_book_record(r->book, &entry, NULL);
}

/* A slip of the command line isn't. */
static bool
is_failure(const struct quo_rotating *r, enum quo_exit end)
{
	return r->unattended ||
	    (end != QUO_EXIT_MISUSE && r->options->hook == NULL);
}

/* A step before anything is dealt. Where it fails there is one entry of it:
 * this, unless the rules refused it, which is one already. */
static enum quo_exit
try_to(struct quo_rotating *r,
    enum quo_exit (*step)(struct quo_rotating *rotating))
{
	struct quo_ledger *ledger = r->book->ledger;
	uint64_t before = ledger != NULL ? quo_ledger_recorded(ledger) : 0;
	enum quo_exit end;

	r->why[0] = '\0';
	quo_say_forget();
	end = step(r);
	if (end != QUO_EXIT_DONE && ledger != NULL && !r->begun &&
	    is_failure(r, end) && !quo_stopped() &&
	    quo_ledger_recorded(ledger) == before)
		record_failure(r);
	return end;
}

static enum quo_exit
describe(struct quo_rotating *r)
{
	enum quo_err err;

	if (r->hook.path == NULL) {
		quo_say_error("--hook is missing: who sets the secret on the "
		    "target?");
		quo_say_hint("quorate-hook(7) has some; only to deal a secret, "
		    "use quorate split");
		return QUO_EXIT_MISUSE;
	}
	err = quo_hook_describe(&r->hook, &r->desc);
	if (err == QUO_OK)
		return QUO_EXIT_DONE;
	say_hook(r, "describe", err);
	if (err == QUO_ELATER)
		quo_say_hint("nothing was changed: try again later");
	else
		quo_say_hint("nothing was changed; when it is mended, quorate "
		    "hook test %s tries it", r->hook.path);
	return r->options->hook != NULL && (err == QUO_ENOENT ||
	    err == QUO_EUNSAFE) ? QUO_EXIT_MISUSE : QUO_EXIT_MACHINE;
}

enum quo_exit
quo_rotating_describe(struct quo_rotating *r)
{
	return try_to(r, describe);
}

/* A locked set isn't followed by an open one unasked. */
static void
lock(struct quo_rotating *r)
{
	if (r->dealing.no_lock || r->dealing.lock)
		return;
	r->dealing.lock = true;
	quo_say("the cards of \"%s\" are locked: the new ones are, too",
	    r->name);
}

/* What the new set takes from the old one before that is opened. */
static void
take_after(struct quo_rotating *r, const struct quo_header *h)
{
	r->plan.generation = h->generation + 1;
	r->plan.inventory = h->inventory;
	if (h->lock.passes != 0)
		lock(r);
	if (h->names)
		r->dealing.names = true;
}

static enum quo_exit
plan(struct quo_rotating *r)
{
	const long generation = r->options->generation;
	enum quo_exit end;

	r->plan = (struct quo_dealing_plan){
		.options = &r->dealing,
		.dealt = &r->dealt,
		.generation = generation != 0 ? (uint32_t)generation : 1,
	};
	if (r->old != NULL)
		take_after(r, &quo_quorum_set(r->old)->code->header);
	if (r->dealt.facts.locked)
		lock(r);
	r->dealt.counts = r->unattended;
	end = quo_dealing_heirs(&r->plan, r->old != NULL ?
	    &quo_quorum_set(r->old)->code->header : NULL, &r->policy);
	if (end == QUO_EXIT_DONE)
		end = quo_dealing_check(&r->dealing);
	if (end == QUO_EXIT_DONE)
		end = quo_dealt_check(&r->dealt, r->plan.policy);
	return end == QUO_EXIT_DONE ? quo_rotation_hold(&r->dealt, r->old,
	    &r->former) : end;
}

enum quo_exit
quo_rotating_plan(struct quo_rotating *r)
{
	return try_to(r, plan);
}

static enum quo_exit
fill_in(struct quo_rotating *r)
{
	const struct quo_credential *old = r->old != NULL ?
	    &r->old->opened.credential : NULL;

	if (old != NULL && r->hook.user == NULL)
		r->hook.user = old->user;
	if (old != NULL && r->hook.target == NULL)
		r->hook.target = old->target;
	r->plan.credential = (struct quo_credential){
		.name = r->name, .user = r->hook.user,
		.target = r->hook.target, .note = r->options->note,
	};
	if (old != NULL && r->options->note == NULL)
		r->plan.credential.note = old->note;
	return quo_dealing_fields(&r->plan.credential);
}

static const struct quo_secret *
old_secret(const struct quo_rotating *r)
{
	return r->old != NULL ? r->old->opened.secret : NULL;
}

static bool
is_old(const struct quo_rotating *r)
{
	const struct quo_secret *old = old_secret(r);

	return old != NULL && old->len == r->secret->len &&
	    quo_equal(old->data, r->secret->data, old->len);
}

static enum quo_exit
mint_once(struct quo_rotating *r)
{
	const struct quo_obtain obtain = {
		.mint = r->options->mint != NULL ? r->options->mint : "",
	};
	enum quo_exit end;
	enum quo_err err;

	if (!r->desc.mints) {
		end = quo_obtain_secret(&obtain, &r->desc, &r->secret);
		/* It is the hook that asks for what can't be. */
		return end == QUO_EXIT_MISUSE && r->options->mint == NULL ?
		    QUO_EXIT_MACHINE : end;
	}
	if (r->options->mint != NULL)
		return quo_say_misuse("--mint %s: %s mints by itself",
		    r->options->mint, r->hook.path);
	err = quo_hook_mint(&r->hook, &r->desc, &r->secret);
	if (err != QUO_OK)
		say_hook(r, "mint", err);
	return quo_exit_of(err);
}

static enum quo_exit
mint(struct quo_rotating *r)
{
	enum quo_exit end = QUO_EXIT_DONE;

	if (r->desc.needs_old && old_secret(r) == NULL) {
		quo_say_error("%s needs the old secret to set a new one",
		    r->hook.path);
		quo_say_hint("give a quorum of the old cards");
		return QUO_EXIT_MISUSE;
	}
	for (int i = 0; i < MINT_TRIES; i++) {
		quo_secret_free(r->secret);
		r->secret = NULL;
		end = mint_once(r);
		if (end != QUO_EXIT_DONE || !is_old(r))
			return end;
	}
	return quo_say_failure(QUO_ERANDOM, "%s", "minting gives the old "
	    "secret again");
}

/* Nothing was changed: the new cards open what no target takes. */
static void
keep_old(struct quo_rotating *r)
{
	quo_say_error("nothing was changed: the old cards of \"%s\" are "
	    "valid", r->name);
	if (quo_pieces_retract(&r->pieces))
		quo_say("the new cards were taken back");
	else
		quo_say_hint("the new cards, generation %u, are void: have "
		    "them destroyed", r->plan.generation);
}

enum quo_exit
quo_rotating_report(struct quo_rotating *r, const struct quo_apply *apply,
    enum quo_exit end)
{
	long long burned = quo_rotation_say(&r->dealt, r->state);

	r->later = apply->later;
	quo_json_text(r->json, "state", quo_applied_words[r->state].report);
	quo_json_text(r->json, "reason", apply->reason);
	quo_json_bool(r->json, "old_known", apply->old != NULL);
	quo_json_bool(r->json, "old_refused", apply->old_refused);
	quo_json_bool(r->json, "single_secret", r->desc.single_secret);
	if (burned != 0)
		quo_json_int(r->json, "burned_seconds", burned);
	return end;
}

/* The cards are out, and the target wasn't asked: all is as it was. */
static enum quo_exit
call_off(struct quo_rotating *r, enum quo_exit end)
{
	r->state = QUO_APPLIED_KEPT;
	keep_old(r);
	quo_rotation_call_off(&r->dealt, &r->pieces);
	return quo_rotating_report(r, &r->apply, end);
}

enum quo_confirm
quo_rotating_confirm(const struct quo_rotating *r)
{
	return (enum quo_confirm)(r->options->confirm != 0 ?
	    r->options->confirm : r->book->settings->confirm);
}

/* Meanwhile it is no harm to be stopped: what waits can be resumed. */
static enum quo_exit
confirm(struct quo_rotating *r)
{
	const struct quo_confirming confirming = {
		.dealt = &r->dealt, .id = &r->plan.set,
		.policy = r->plan.policy, .level = quo_rotating_confirm(r),
	};
	enum quo_exit end;

	if (confirming.level <= QUO_CONFIRM_RENDERED)
		return QUO_EXIT_DONE;
	quo_stop_end();
	end = quo_confirm_ask(&confirming);
	quo_stop_catch();
	return end;
}

/* Which generation a new dealing makes void: one that waits; 0: none. */
static uint32_t
find_waiting(const struct quo_rotating *r)
{
	const struct quo_set_row *new;
	struct quo_sets sets = { .count = 0 };
	uint32_t generation = 0;

	if (r->book->ledger != NULL && quo_sets_load(r->book->ledger, r->name,
	    &sets) == QUO_OK) {
		new = quo_sets_new(&sets);
		if (new != NULL && new->place == QUO_PLACE_WAITING)
			generation = new->generation;
	}
	quo_sets_clear(&sets);
	return generation;
}

/* Up to the moment in which the target is asked. */
static enum quo_exit
deal(struct quo_rotating *r)
{
	const uint32_t waiting = find_waiting(r);
	enum quo_exit end;

	r->dealt.confirm = quo_confirm_levels[quo_rotating_confirm(r) - 1];
	end = quo_dealing_run(&r->plan, r->json, &r->pieces);
	if (end == QUO_EXIT_DONE && waiting != 0)
		quo_say_warning("the cards of generation %u are void, as the "
		    "target was never given what they open: have them "
		    "destroyed", waiting);
	if (end != QUO_EXIT_DONE) {
		quo_say_hint("nothing was changed: the old cards are valid");
		return end;
	}
	r->hook.generation = r->plan.generation;
	if (quo_stopped()) {
		quo_say_error("interrupted");
		return call_off(r, QUO_EXIT_NO);
	}
	end = confirm(r);
	if (end != QUO_EXIT_DONE) {
		r->state = QUO_APPLIED_WAITING;
		return quo_rotating_report(r, &r->apply, end);
	}
	end = quo_rotation_start(&r->dealt, &r->hook, r->old, false);
	return end == QUO_EXIT_DONE ? end : call_off(r, end);
}

enum quo_exit
quo_rotating_apply(struct quo_rotating *r, bool last)
{
	enum quo_exit end;

	r->state = quo_apply_run(&r->apply);
	r->later = r->apply.later;
	r->held = !last && r->later && (r->state == QUO_APPLIED_KEPT ||
	    r->state == QUO_APPLIED_UNKNOWN);
	if (r->held)
		return QUO_EXIT_NO;
	quo_apply_say(&r->apply, r->state);
	if (r->state == QUO_APPLIED_KEPT)
		keep_old(r);
	end = quo_rotation_end(&r->dealt, &r->apply, r->state);
	return quo_rotating_report(r, &r->apply, end);
}

static enum quo_exit
get_ready(struct quo_rotating *r)
{
	const bool user = r->hook.user != NULL, target = r->hook.target !=
	    NULL;
	enum quo_exit end = fill_in(r);

	/* What it takes may hang on the account, which the cards tell. */
	if (end == QUO_EXIT_DONE && (user != (r->hook.user != NULL) ||
	    target != (r->hook.target != NULL)))
		end = describe(r);
	return end == QUO_EXIT_DONE ? mint(r) : end;
}

enum quo_exit
quo_rotating_run(struct quo_rotating *r, bool last)
{
	enum quo_exit end = try_to(r, get_ready);

	if (end != QUO_EXIT_DONE)
		return end;
	r->plan.credential.secret =
	    (struct quo_span){ r->secret->data, r->secret->len };
	r->apply = (struct quo_apply){
		.hook = &r->hook, .desc = &r->desc, .secret = r->secret,
		.old = old_secret(r), .former = r->former,
		.foreign = quo_rotation_is_foreign(&r->dealt, &r->hook),
		.patience = r->options->retry_for,
		.may_try = quo_rotation_may_try, .with = &r->dealt,
	};
	/* Between dealing and the target's answer nothing stops us half way. */
	quo_stop_catch();
	end = deal(r);
	if (end == QUO_EXIT_DONE)
		end = quo_rotating_apply(r, last);
	quo_stop_end();
	return end;
}
