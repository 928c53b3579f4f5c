/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <sys/stat.h>

#include "cmd/command.h"
#include "cmd/dealing.h"
#include "cmd/obtain.h"
#include "cmd/quorum.h"
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
	  .help = "the program that sets and tries the secret on the target",
	  .group = "the target" },
	{ 0, "hook-timeout", "TIME", QUO_SPAN(struct rotate, hook_seconds,
	  1, 3600), .help = "how long one run of it may take (default 60s)" },
	{ 0, "user", "USER", QUO_TEXT(struct rotate, user),
	  .help = "the account; else what the old cards say" },
	{ 0, "target", "TARGET", QUO_TEXT(struct rotate, target),
	  .help = "the system; else what the old cards say" },
	{ 0, "note", "TEXT", QUO_TEXT(struct rotate, note),
	  .help = "what else is needed to log in; else as on the old cards" },
	{ 0, "mint", "PROFILE", QUO_TEXT(struct rotate, mint),
	  .help = "the new secret: a length, or clear, alnum, hex, digits, "
	  "printable and a length; narrowed to what the hook takes",
	  .group = "the new secret" },
	{ 0, "generation", "N", QUO_NUMBER(struct rotate, generation, 1,
	  1000000), .help = "the number of the new dealing, where no old "
	  "cards tell" },
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
	bool new_refused, old_refused;	/* by the target */
	struct quo_json *json;
};

/* How it ended for the target: what the report calls it. */
enum state {
	STATE_PROVEN,		/* new accepted, old refused */
	STATE_UNPROVEN,		/* new accepted; of the old nothing is known */
	STATE_OLD_LIVES,	/* new accepted, and the old one still is */
	STATE_KEPT,		/* nothing was changed: the old cards hold */
	STATE_UNKNOWN		/* nobody can say */
};

static const struct {
	const char *name;
	enum quo_exit end;
} states[] = {
	[STATE_PROVEN] = { "proven", QUO_EXIT_DONE },
	[STATE_UNPROVEN] = { "unproven", QUO_EXIT_DONE },
	[STATE_OLD_LIVES] = { "old still accepted", QUO_EXIT_NO },
	[STATE_KEPT] = { "kept", QUO_EXIT_NO },
	[STATE_UNKNOWN] = { "unknown", QUO_EXIT_MACHINE },
};

static void
say_hook(const struct run *r, const char *what)
{
	if (r->hook.note[0] != '\0')
		quo_say_error("%s %s: %s", r->hook.path, what, r->hook.note);
}

static enum quo_exit
describe(struct run *r)
{
	enum quo_err err;

	err = quo_hook_describe(&r->hook, &r->desc);
	if (err == QUO_OK)
		return QUO_EXIT_DONE;
	quo_say_failure(err, "%s describe%s%s", r->hook.path,
	    r->hook.note[0] != '\0' ? ": " : "", r->hook.note);
	quo_say_hint("nothing was changed");
	return err == QUO_ENOENT || err == QUO_EUNSAFE ? QUO_EXIT_MISUSE :
	    QUO_EXIT_MACHINE;
}

/* Open the old set, where its cards are given. */
static enum quo_exit
open_old(struct run *r)
{
	const struct quo_list *operands = &r->options->common.operands;
	struct quo_quorum_options cards = r->options->quorum;
	const struct quo_credential *c;
	enum quo_exit end;

	if (operands->count < 2)
		return QUO_EXIT_DONE;
	/* Target and policy of the new set come from it. */
	cards.alone = true;
	end = quo_quorum_gather(operands, &cards, &r->old);
	if (end == QUO_EXIT_DONE)
		end = quo_quorum_open(&cards, &r->old);
	if (end != QUO_EXIT_DONE)
		return end;
	if (r->old.name == NULL)
		return quo_say_misuse("NAME is missing: all arguments are "
		    "files");
	r->name = r->hook.name = r->old.name;
	c = &r->old.opened.credential;
	r->old_secret = r->old.opened.secret;
	r->hook.user = r->hook.user != NULL ? r->hook.user : c->user;
	r->hook.target = r->hook.target != NULL ? r->hook.target : c->target;
	return QUO_EXIT_DONE;
}

/* Who holds the new cards: the options say it, or the old ones. */
static enum quo_exit
plan(struct run *r)
{
	const struct rotate *o = r->options;
	const struct quo_header *h;

	r->plan = (struct quo_dealing_plan){
		.options = &r->dealing,
		.policy = r->policy,
		.generation = o->generation != 0 ?
		    (uint32_t)o->generation : 1,
		.credential = {
			.name = r->name, .user = r->hook.user,
			.target = r->hook.target, .note = o->note,
		},
	};
	if (r->old.pool != NULL) {
		h = &quo_quorum_set(&r->old)->code->header;
		if (r->policy == NULL)
			r->plan.policy = h->policy;
		r->plan.generation = h->generation + 1;
		r->plan.inventory = h->inventory;
		/* A locked set isn't followed by an open one unasked. */
		if (h->lock.passes != 0 && !o->dealing.no_lock)
			r->dealing.lock = true;
		if (h->names)
			r->dealing.names = true;
		if (o->note == NULL)
			r->plan.credential.note =
			    r->old.opened.credential.note;
	}
	r->hook.generation = r->plan.generation;
	if (r->old.pool != NULL && r->policy == NULL && !r->dealing.names)
		quo_say("the old codes don't say whose cards they are: "
		    "--policy names the custodians of the new ones");
	if (r->plan.policy != NULL) {
		enum quo_exit end = quo_dealing_fields(&r->plan.credential);

		/* What cards say isn't what somebody decided here. */
		if (end == QUO_EXIT_DONE && r->policy == NULL)
			end = quo_dealing_weigh(r->plan.policy,
			    o->dealing.allow_single);
		return end == QUO_EXIT_DONE ?
		    quo_dealing_check(&r->dealing) : end;
	}
	quo_say_error("who holds the new cards of \"%s\"?", r->name);
	quo_say_hint("give a quorum of the old cards, or -k 2 -n 3, or "
	    "--policy '2 of (cfo, ciso, cto)'");
	return QUO_EXIT_MISUSE;
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

/* Whether the target takes a secret; what isn't said is unknown. */
static enum quo_hook_answer
try_secret(struct run *r, const struct quo_secret *secret)
{
	enum quo_hook_answer answer = QUO_HOOK_UNKNOWN;

	if (quo_hook_verify(&r->hook, secret, &answer) != QUO_OK)
		return QUO_HOOK_UNKNOWN;
	return answer;
}

/* The new secret is on the target: is the old one gone? */
static enum state
prove(struct run *r)
{
	if (r->old_secret == NULL)
		return r->desc.single_secret ? STATE_PROVEN : STATE_UNPROVEN;
	switch (try_secret(r, r->old_secret)) {
	case QUO_HOOK_NO:
		r->old_refused = true;
		return STATE_PROVEN;
	case QUO_HOOK_YES:
		return STATE_OLD_LIVES;
	case QUO_HOOK_LATER:
	case QUO_HOOK_UNKNOWN:
		break;
	}
	say_hook(r, "verify");
	return r->desc.single_secret ? STATE_PROVEN : STATE_UNPROVEN;
}

/* After an apply that went wrong: what does the target take now? */
static enum state
look(struct run *r)
{
	switch (try_secret(r, r->secret)) {
	case QUO_HOOK_YES:
		return prove(r);
	case QUO_HOOK_NO:
		r->new_refused = true;
		if (r->old_secret != NULL && try_secret(r, r->old_secret) ==
		    QUO_HOOK_YES)
			return STATE_KEPT;
		return STATE_UNKNOWN;
	case QUO_HOOK_LATER:
	case QUO_HOOK_UNKNOWN:
		break;
	}
	say_hook(r, "verify");
	return STATE_UNKNOWN;
}

static enum state
apply(struct run *r)
{
	enum quo_hook_answer answer = QUO_HOOK_UNKNOWN;
	enum quo_err err;

	err = quo_hook_apply(&r->hook, r->secret, r->old_secret, &answer);
	if (err == QUO_ENOENT || err == QUO_EUNSAFE) {
		quo_say_failure(err, "%s: %s", r->hook.path, r->hook.note);
		return STATE_KEPT;
	}
	if (err == QUO_OK && answer == QUO_HOOK_YES)
		return look(r);
	if (err != QUO_OK)
		quo_say_failure(err, "%s apply", r->hook.path);
	say_hook(r, "apply");
	if (err == QUO_OK && answer != QUO_HOOK_UNKNOWN) {
		quo_say_error("the target %s", answer == QUO_HOOK_LATER ?
		    "can't take a new secret now: try again later" :
		    "refused the new secret");
		return STATE_KEPT;
	}
	return look(r);
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

static void
say_state(struct run *r, enum state state)
{
	unsigned new = r->plan.generation;

	switch (state) {
	case STATE_PROVEN:
		quo_say("rotated: the target takes the new secret%s",
		    r->old_refused ? ", and refuses the old one" :
		    ", and by its hook holds no other");
		break;
	case STATE_UNPROVEN:
		quo_say("rotated: the target takes the new secret");
		quo_say_warning("unproven: whether it refuses the old one "
		    "is not known");
		break;
	case STATE_OLD_LIVES:
		quo_say_error("the target takes the new secret, and still "
		    "the old one");
		quo_say_hint("end the old one there; until then both sets "
		    "of cards open it");
		break;
	case STATE_KEPT:
		keep_old(r);
		return;
	case STATE_UNKNOWN:
		quo_say_error("nobody can say which secret the target has");
		if (r->new_refused)
			quo_say_hint("keep both sets: the target refuses the "
			    "new secret, so try the old cards first");
		else
			quo_say_hint("keep both sets; try generation %u "
			    "first, then the old cards", new);
		return;
	}
	quo_say("have the cards of earlier generations destroyed, unless a "
	    "backup of the target needs them");
}

static enum quo_exit
report(struct run *r, enum state state, enum quo_exit end)
{
	if (!r->options->common.json)
		return end;
	quo_json_text(r->json, "state", states[state].name);
	quo_json_bool(r->json, "old_known", r->old_secret != NULL);
	quo_json_bool(r->json, "old_refused", r->old_refused);
	quo_json_bool(r->json, "single_secret", r->desc.single_secret);
	if (quo_say_json(r->json) != QUO_OK)
		return quo_say_failure(QUO_EIO, "%s", "JSON");
	return end;
}

/* Between dealing and the target's answer nothing stops us half way. */
static enum quo_exit
deal_and_apply(struct run *r)
{
	enum quo_exit end;
	enum state state;

	end = quo_dealing_run(&r->plan, r->json, &r->pieces);
	if (end != QUO_EXIT_DONE) {
		quo_say_hint("nothing was changed: the old cards are valid");
		return end;
	}
	if (quo_stopped()) {
		quo_say_error("interrupted");
		state = STATE_KEPT;
	} else {
		state = apply(r);
	}
	say_state(r, state);
	return report(r, state, states[state].end);
}

static enum quo_exit
rotate(struct run *r)
{
	enum quo_exit end;

	end = describe(r);
	if (end == QUO_EXIT_DONE)
		end = open_old(r);
	if (end == QUO_EXIT_DONE)
		end = plan(r);
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

	if (o->hook == NULL) {
		quo_say_error("--hook is missing: who sets the secret on the "
		    "target?");
		quo_say_hint("examples/hooks has some; only to deal a secret, "
		    "use quorate split");
		return QUO_EXIT_MISUSE;
	}
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
		.name = o->common.operands.items[0],
		.pieces = QUO_PIECES_NONE,
		.hook = {
			.path = o->hook, .user = o->user, .target = o->target,
			.name = o->common.operands.items[0],
			.seconds = (unsigned)o->hook_seconds,
		},
	};
	enum quo_exit end;

	end = check(o);
	if (end == QUO_EXIT_DONE)
		end = quo_dealing_policy(&o->dealing, &r.policy);
	if (end == QUO_EXIT_DONE) {
		r.json = o->common.json ? quo_json_new() : NULL;
		end = rotate(&r);
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
	"NAME --hook EXE -k K -n N [--user USER] [--target TARGET]",
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
	.about = "The old cards, where given, bring structure, fields and the "
	    "old secret, which\nthe target must then refuse. The new cards "
	    "are read back before anything is\napplied. Until the new secret "
	    "is proven on the target the old cards stay valid.",
	.options = options,
	.examples = examples,
	.no = "nothing was changed, or the target still takes the old secret",
	.size = sizeof(struct rotate),
	.least = 1,
	.most = SIZE_MAX,
	.run = run,
};
