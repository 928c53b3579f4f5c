/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/apply.h"
#include "cmd/command.h"
#include "cmd/dealing.h"
#include "cmd/known.h"
#include "cmd/obtain.h"
#include "cmd/quorum.h"
#include "cmd/rotation.h"
#include "cmd/stop.h"
#include "rotation/hook.h"

/* A minted secret that is the old one again is a broken machine. */
#define MINT_TRIES 3

struct rotate {
	struct quo_common common;
	struct quo_dealing_options dealing;
	struct quo_quorum_options quorum;
	const char *hook;
	long hook_seconds;
	const char *mint;
	const char *user, *target, *note;
	long generation;
};

static const struct quo_option options[] = {
	{ 0, "hook", "EXE", QUO_TEXT(struct rotate, hook),
	  .help = "the program that sets and tries the secret on the target; "
	  "else the ledger's",
	  .group = "the target" },
	{ 0, "hook-timeout", "TIME", QUO_SPAN(struct rotate, hook_seconds,
	  1, 3600), .help = "how long one run of it may take (default 60s)" },
	{ 0, "user", "USER", QUO_TEXT(struct rotate, user),
	  .help = "the account; else what ledger or old cards say" },
	{ 0, "target", "TARGET", QUO_TEXT(struct rotate, target),
	  .help = "the system; else what ledger or old cards say" },
	{ 0, "note", "TEXT", QUO_TEXT(struct rotate, note),
	  .help = "what else is needed to log in; else as on the old cards" },
	{ 0, "mint", "PROFILE", QUO_TEXT(struct rotate, mint),
	  .help = "the new secret: a length, or clear, alnum, hex, digits, "
	  "printable and a length; narrowed to what the hook takes",
	  .group = "the new secret" },
	{ 0, "generation", "N", QUO_NUMBER(struct rotate, generation, 1,
	  1000000), .help = "the number of the new dealing, where neither "
	  "ledger nor old cards tell" },
	QUO_QUORUM_OPTIONS(struct rotate),
	QUO_DEALING_OPTIONS(struct rotate),
	{ 0 }
};

/* A rotation on its way. */
struct run {
	const struct rotate *options;
	struct quo_dealing_options dealing;	/* and what the old set adds */
	const char *name;
	struct quo_quorum old;		/* pool NULL where no cards are given */
	struct quo_secret *old_secret;	/* borrowed from it; NULL: not known */
	struct quo_policy *policy;	/* the new one, owned; NULL: the old */
	struct quo_hook hook;
	struct quo_hook_desc desc;
	struct quo_secret *secret;
	struct quo_dealing_plan plan;
	struct quo_pieces pieces;
	struct quo_quorum_options cards;
	struct quo_book book;
	struct quo_dealt dealt;
	int lock;		/* as long as it lasts; -1: none */
	bool former;		/* the old secret is older than the target's */
	struct quo_json *json;
};

/* What the ledger knows, once the name is known. */
static enum quo_exit
consult(struct run *r)
{
	const struct rotate *o = r->options;
	enum quo_exit end;

	quo_dealt_clear(&r->dealt);
	end = quo_dealt_begin(&r->book, "redeal", r->name, &r->dealt);
	if (end == QUO_EXIT_DONE && r->name != NULL)
		end = quo_rotation_lock(&r->dealt, &r->lock);
	if (end == QUO_EXIT_DONE && o->generation != 0 &&
	    r->dealt.facts.generation != 0)
		end = quo_say_misuse("--generation: the ledger tells it");
	if (end != QUO_EXIT_DONE || r->book.ledger == NULL)
		return end;
	if (r->hook.path == NULL)
		r->hook.path = r->dealt.facts.hook;
	if (r->hook.user == NULL)
		r->hook.user = r->dealt.facts.account;
	if (r->hook.target == NULL)
		r->hook.target = r->dealt.facts.target;
	return quo_book_say(&r->book, quo_ledger_checkpoint(r->book.ledger,
	    &r->hook.checkpoint));
}

static enum quo_exit
describe(struct run *r)
{
	enum quo_err err;

	if (r->hook.path == NULL) {
		quo_say_error("--hook is missing: who sets the secret on the "
		    "target?");
		quo_say_hint("examples/hooks has some; only to deal a secret, "
		    "use quorate split");
		return QUO_EXIT_MISUSE;
	}
	err = quo_hook_describe(&r->hook, &r->desc);
	if (err == QUO_OK)
		return QUO_EXIT_DONE;
	quo_say_failure(err, "%s describe%s%s", r->hook.path,
	    r->hook.note[0] != '\0' ? ": " : "", r->hook.note);
	quo_say_hint("nothing was changed");
	return err == QUO_ENOENT || err == QUO_EUNSAFE ? QUO_EXIT_MISUSE :
	    QUO_EXIT_MACHINE;
}

/* Read the old cards, where they are given; then the name is known. */
static enum quo_exit
gather_old(struct run *r)
{
	enum quo_exit end, told;

	/* Target and policy of the new set come from it. */
	r->cards.alone = true;
	r->cards.know = quo_known_standing;
	r->cards.with = &r->book;
	end = quo_quorum_gather(&r->options->common.operands, &r->cards,
	    &r->old);
	r->name = r->old.name;
	if (r->name != NULL)
		r->hook.name = r->name;
	else if (end == QUO_EXIT_DONE)
		return quo_say_misuse("NAME is missing: all arguments are "
		    "files");
	told = consult(r);
	if (told == QUO_EXIT_DONE)
		told = quo_rotation_present(&r->dealt, &r->old);
	return end == QUO_EXIT_DONE ? told : end;
}

static enum quo_exit
open_old(struct run *r)
{
	const struct quo_credential *c = &r->old.opened.credential;
	enum quo_exit end;

	if (r->old.pool == NULL)
		return QUO_EXIT_DONE;
	end = quo_rotation_opened(&r->dealt, &r->old,
	    quo_quorum_open(&r->cards, &r->old));
	if (end != QUO_EXIT_DONE)
		return end;
	r->old_secret = r->old.opened.secret;
	r->hook.user = r->hook.user != NULL ? r->hook.user : c->user;
	r->hook.target = r->hook.target != NULL ? r->hook.target : c->target;
	return QUO_EXIT_DONE;
}

static enum quo_exit
no_policy(const struct run *r)
{
	quo_say_error("who holds the new cards of \"%s\"?", r->name);
	quo_say_hint("give a quorum of the old cards, or -k 2 -n 3, or "
	    "--policy '2 of (cfo, ciso, cto)'");
	return QUO_EXIT_MISUSE;
}

/* Who holds the new cards: the options say it, or the ledger, or the old
 * cards. What cards say isn't what somebody decided here: it is weighed. */
static enum quo_exit
choose_policy(struct run *r)
{
	const bool single = r->options->dealing.allow_single;
	const char *known = r->dealt.facts.policy;
	struct quo_policy_error error;
	enum quo_err err;

	if (r->policy != NULL) {
		r->plan.policy = r->policy;
		return QUO_EXIT_DONE;
	}
	if (known != NULL) {
		err = quo_policy_parse(known, &r->policy, &error);
		r->plan.policy = r->policy;
		return err == QUO_OK ? quo_dealing_weigh(r->policy, true) :
		    quo_say_failure(err, "%s", "policy");
	}
	if (r->old.pool == NULL)
		return no_policy(r);
	r->plan.policy = quo_quorum_set(&r->old)->code->header.policy;
	if (!r->dealing.names)
		quo_say("the old codes don't say whose cards they are: "
		    "--policy names the custodians of the new ones");
	return quo_dealing_weigh(r->plan.policy, single);
}

/* What the new set takes from the old one before that is opened. */
static void
take_after(struct run *r, const struct quo_header *h)
{
	const struct rotate *o = r->options;

	r->plan.generation = h->generation + 1;
	r->plan.inventory = h->inventory;
	/* A locked set isn't followed by an open one unasked. */
	if (h->lock.passes != 0 && !o->dealing.no_lock)
		r->dealing.lock = true;
	if (h->names)
		r->dealing.names = true;
}

/* All that can be known, and refused, before any secret is. */
static enum quo_exit
plan(struct run *r)
{
	const struct rotate *o = r->options;
	enum quo_exit end;

	r->plan = (struct quo_dealing_plan){
		.options = &r->dealing,
		.dealt = &r->dealt,
		.generation = o->generation != 0 ?
		    (uint32_t)o->generation : 1,
	};
	if (r->old.pool != NULL)
		take_after(r, &quo_quorum_set(&r->old)->code->header);
	end = choose_policy(r);
	if (end == QUO_EXIT_DONE)
		end = quo_dealing_check(&r->dealing);
	if (end == QUO_EXIT_DONE)
		end = quo_dealt_check(&r->dealt, r->plan.policy);
	return end == QUO_EXIT_DONE ? quo_rotation_hold(&r->dealt, &r->old,
	    &r->former) : end;
}

static enum quo_exit
fill_in(struct run *r)
{
	const struct rotate *o = r->options;

	r->plan.credential = (struct quo_credential){
		.name = r->name, .user = r->hook.user,
		.target = r->hook.target, .note = o->note,
	};
	if (r->old.pool != NULL && o->note == NULL)
		r->plan.credential.note = r->old.opened.credential.note;
	return quo_dealing_fields(&r->plan.credential);
}

static bool
is_old(const struct run *r)
{
	const struct quo_secret *old = r->old_secret;

	return old != NULL && old->len == r->secret->len &&
	    quo_equal(old->data, r->secret->data, old->len);
}

static enum quo_exit
mint(struct run *r)
{
	const struct quo_obtain obtain = {
		.mint = r->options->mint != NULL ? r->options->mint : "",
	};
	enum quo_exit end = QUO_EXIT_DONE;

	if (r->desc.needs_old && r->old_secret == NULL) {
		quo_say_error("%s needs the old secret to set a new one",
		    r->hook.path);
		quo_say_hint("give a quorum of the old cards");
		return QUO_EXIT_MISUSE;
	}
	for (int i = 0; i < MINT_TRIES; i++) {
		quo_secret_free(r->secret);
		r->secret = NULL;
		end = quo_obtain_secret(&obtain, &r->desc, &r->secret);
		if (end != QUO_EXIT_DONE || !is_old(r))
			return end;
	}
	return quo_say_failure(QUO_ERANDOM, "%s", "minting gives the old "
	    "secret again");
}

/* Nothing was changed: the new cards open what no target takes. */
static void
keep_old(struct run *r)
{
	quo_say_error("nothing was changed: the old cards of \"%s\" are "
	    "valid", r->name);
	if (quo_pieces_retract(&r->pieces))
		quo_say("the new cards were taken back");
	else
		quo_say_hint("the new cards, generation %u, are void: have "
		    "them destroyed", r->plan.generation);
}

static enum quo_exit
report(struct run *r, const struct quo_apply *apply, enum quo_applied state,
    enum quo_exit end)
{
	long long burned = quo_rotation_say(&r->dealt, state);

	if (!r->options->common.json)
		return end;
	quo_json_text(r->json, "state", quo_applied_words[state].report);
	quo_json_bool(r->json, "old_known", r->old_secret != NULL);
	quo_json_bool(r->json, "old_refused", apply->old_refused);
	quo_json_bool(r->json, "single_secret", r->desc.single_secret);
	if (burned != 0)
		quo_json_int(r->json, "burned_seconds", burned);
	if (quo_say_json(r->json) != QUO_OK)
		return quo_say_failure(QUO_EIO, "%s", "JSON");
	return end;
}

/* The cards are out, and the target wasn't asked: all is as it was. */
static enum quo_exit
call_off(struct run *r, struct quo_apply *apply, enum quo_exit end)
{
	keep_old(r);
	quo_rotation_call_off(&r->dealt, &r->pieces);
	return report(r, apply, QUO_APPLIED_KEPT, end);
}

/* Between dealing and the target's answer nothing stops us half way. */
static enum quo_exit
deal_and_apply(struct run *r)
{
	struct quo_apply apply = {
		.hook = &r->hook, .desc = &r->desc, .secret = r->secret,
		.old = r->old_secret, .former = r->former,
	};
	enum quo_applied state;
	enum quo_exit end;

	end = quo_dealing_run(&r->plan, r->json, &r->pieces);
	if (end != QUO_EXIT_DONE) {
		quo_say_hint("nothing was changed: the old cards are valid");
		return end;
	}
	r->hook.generation = r->plan.generation;
	if (quo_stopped()) {
		quo_say_error("interrupted");
		return call_off(r, &apply, QUO_EXIT_NO);
	}
	end = quo_rotation_start(&r->dealt, &r->hook,
	    r->old_secret != NULL ? &r->old.used : NULL);
	if (end != QUO_EXIT_DONE)
		return call_off(r, &apply, end);
	state = quo_apply_run(&apply);
	quo_apply_say(&apply, state);
	if (state == QUO_APPLIED_KEPT)
		keep_old(r);
	end = quo_rotation_end(&r->dealt, state);
	return report(r, &apply, state, end);
}

/* Before it is known which secret is meant, or whether any is. */
static enum quo_exit
prepare(struct run *r)
{
	const bool cards = r->options->common.operands.count > 1;
	const bool hook = r->hook.path != NULL;
	enum quo_exit end = QUO_EXIT_DONE;

	if (!cards)
		end = consult(r);
	/* A hook that is no use is told before cards are scanned. */
	if (end == QUO_EXIT_DONE && (hook || !cards ||
	    r->book.ledger == NULL))
		end = describe(r);
	if (end == QUO_EXIT_DONE && cards)
		end = gather_old(r);
	if (end == QUO_EXIT_DONE && cards && !hook)
		end = describe(r);
	return end == QUO_EXIT_DONE ? plan(r) : end;
}

static enum quo_exit
rotate(struct run *r)
{
	enum quo_exit end;

	end = prepare(r);
	if (end == QUO_EXIT_DONE)
		end = open_old(r);
	if (end == QUO_EXIT_DONE)
		end = fill_in(r);
	if (end == QUO_EXIT_DONE)
		end = mint(r);
	if (end != QUO_EXIT_DONE)
		return end;
	r->plan.credential.secret =
	    (struct quo_span){ r->secret->data, r->secret->len };
	quo_stop_catch();
	end = deal_and_apply(r);
	quo_stop_end();
	return end;
}

static enum quo_exit
check(const struct rotate *o)
{
	struct stat st;

	if (o->common.operands.count == 1 &&
	    stat(o->common.operands.items[0], &st) == 0 &&
	    S_ISREG(st.st_mode))
		return quo_say_misuse("NAME is missing: %s is a file",
		    o->common.operands.items[0]);
	if (o->generation != 0 && o->common.operands.count > 1)
		return quo_say_misuse("--generation: the old cards tell it");
	/* What the old set adds is checked when it is known. */
	return o->common.operands.count > 1 ? QUO_EXIT_DONE :
	    quo_dealing_check(&o->dealing);
}

static enum quo_exit
run(const void *values)
{
	const struct rotate *o = values;
	struct run r = {
		.options = o,
		.dealing = o->dealing,
		.cards = o->quorum,
		.name = o->common.operands.items[0],
		.pieces = QUO_PIECES_NONE,
		.lock = -1,
		.hook = {
			.path = o->hook, .user = o->user, .target = o->target,
			.name = o->common.operands.items[0],
			.seconds = (unsigned)o->hook_seconds,
			.generation = (unsigned)o->generation,
		},
	};
	enum quo_exit end;

	end = check(o);
	if (end == QUO_EXIT_DONE)
		end = quo_dealing_policy(&o->dealing, &r.policy);
	if (end == QUO_EXIT_DONE) {
		r.json = o->common.json ? quo_json_new() : NULL;
		end = quo_book_open(&o->common, QUO_BOOK_WANTED, &r.book);
		if (end == QUO_EXIT_DONE)
			end = rotate(&r);
		quo_dealt_clear(&r.dealt);
		quo_book_close(&r.book);
		if (r.lock != -1)
			close(r.lock);
	}
	quo_secret_free(r.secret);
	quo_pieces_clear(&r.pieces);
	quo_policy_free(r.policy);
	quo_quorum_clear(&r.old);
	quo_json_free(r.json);
	return end;
}

static const char *const usage[] = {
	"NAME CARD... --hook EXE [--output DIR | --deliver HOOK]",
	"NAME --hook EXE [-k K -n N] [--user USER] [--target TARGET]",
	NULL
};

static const char *const examples[] = {
	"quorate rotate db-root card-1.pdf card-3.pdf --hook ./postgres "
	"--output new",
	"quorate rotate host-root --hook ./unix-account --user root -k 2 -n 3",
	NULL
};

const struct quo_command quo_command_rotate = {
	.name = "rotate",
	.summary = "mint a new secret, deal it, set it on the target",
	.usage = usage,
	.about = "The old cards, where given, bring the old secret, which the "
	    "target must then\nrefuse; policy and fields come from the ledger, "
	    "or from them. The new cards are\nread back before anything is "
	    "applied. Until the new secret is proven on the\ntarget the old "
	    "cards stay valid.",
	.options = options,
	.examples = examples,
	.no = "nothing was changed (the ledger may refuse it), or the target "
	    "still takes the old secret",
	.size = sizeof(struct rotate),
	.least = 1,
	.most = SIZE_MAX,
	.run = run,
};
