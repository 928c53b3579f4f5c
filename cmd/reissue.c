/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/hex.h"
#include "cmd/cards.h"
#include "cmd/command.h"
#include "cmd/dealing.h"
#include "cmd/known.h"
#include "cmd/opening.h"
#include "cmd/quorum.h"
#include "cmd/receipt.h"
#include "cmd/rotation.h"
#include "cmd/stop.h"
#include "ledger/sets.h"

struct reissue {
	struct quo_common common;
	struct quo_quorum_options quorum;
	struct quo_opening_options opening;
	struct quo_dealing_options dealing;
	const char *receipt;
};

static const struct quo_option options[] = {
	QUO_OPENING_OPTIONS(struct reissue),
	{ 0, "receipt", "FILE", QUO_TEXT(struct reissue, receipt),
	  .help = "what was opened and why: a .pdf to print, else text, which "
	  "without a ledger it takes in later (default: with --no-ledger, "
	  "standard error)" },
	QUO_QUORUM_OPTIONS(struct reissue),
	QUO_DEALING_OPTIONS(struct reissue),
	{ 0 }
};

/* A reissue on its way. */
struct run {
	const struct reissue *options;
	struct quo_dealing_options dealing;	/* and what the old set adds */
	struct quo_quorum_options cards;
	const char *name;
	struct quo_opening opening;
	bool ledger;		/* there was one when it began */
	struct quo_quorum old;
	struct quo_policy *policy;	/* the new one, owned; NULL: the old */
	struct quo_dealt dealt;
	struct quo_dealing_plan plan;
	struct quo_pieces pieces;
	struct quo_receipt_slip slip;
	struct quo_json *json;
	int lock;		/* as long as it lasts; -1: none */
};

static enum quo_exit
refuse(struct run *r, const char *why)
{
	const struct quo_entry entry = { .value = {
		[QUO_KEY_EVENT] = "reissue",
		[QUO_KEY_CREDENTIAL] = r->name,
		[QUO_KEY_INCIDENT] = r->opening.incident[0] != '\0' ?
		    r->opening.incident : NULL,
		[QUO_KEY_REQUESTER] = r->options->opening.requester,
	} };
	enum quo_err err;

	err = quo_ledger_refuse(r->dealt.book->ledger, &entry, why);
	quo_book_say(r->dealt.book, err);
	return err == QUO_EREFUSED ? QUO_EXIT_NO : quo_exit_of(err);
}

/* The new set takes over as the only one: so it must be known that no other
 * has what the target takes. */
static enum quo_exit
check_settled(struct run *r)
{
	struct quo_sets sets;
	enum quo_exit end;

	end = quo_book_say(r->dealt.book, quo_sets_load(r->dealt.book->ledger,
	    r->name, &sets));
	if (end == QUO_EXIT_DONE && sets.count > 0 &&
	    sets.row[0].place == QUO_PLACE_PENDING) {
		end = refuse(r, sets.unproven ? "reissue: its rotation is "
		    "unproven: the target may take what other cards hold" :
		    "reissue: a rotation is on its way, and which secret the "
		    "target takes isn't known");
		quo_say_hint("settle it first: quorate rotate %s %s", r->name,
		    sets.unproven ? "--prove-old" : "--resume");
	}
	quo_sets_clear(&sets);
	return end;
}

/* Nobody rotates it meanwhile, and nothing stands in its way by now. */
static enum quo_exit
look_ahead(struct run *r, struct quo_book *book)
{
	enum quo_exit end;

	end = quo_dealt_begin(book, "reissue", r->name, &r->dealt);
	if (end != QUO_EXIT_DONE || r->dealt.facts.state == QUO_STATE_NONE)
		return end;
	end = quo_rotation_lock(r->dealt.book, r->dealt.name, &r->lock);
	if (end == QUO_EXIT_DONE)
		end = check_settled(r);
	return end == QUO_EXIT_DONE ? quo_dealt_check(&r->dealt, r->policy) :
	    end;
}

/* What is refused anyway needs no incident. */
static enum quo_exit
foresee(struct run *r)
{
	enum quo_exit end = QUO_EXIT_DONE;
	struct quo_book book;

	/* That there is none is told when the opening begins. */
	quo_book_try(&r->options->common, true, &book);
	if (book.ledger != NULL)
		end = look_ahead(r, &book);
	quo_dealt_clear(&r->dealt);
	quo_book_close(&book);
	return end;
}

/*
 * Between cards and opening
 */

static enum quo_exit
turn_away(struct run *r, const struct quo_known_set *known)
{
	char why[QUO_WHY_MAX];
	enum quo_exit end;

	if (known->standing == QUO_SET_RETIRED)
		snprintf(why, sizeof why, "reissue: these cards, of "
		    "generation %u, hold a secret that the target doesn't "
		    "have any more", known->generation);
	else if (known->waiting)
		snprintf(why, sizeof why, "reissue: the target was never "
		    "given what these cards hold, of generation %u",
		    known->generation);
	else if (known->standing == QUO_SET_CURRENT)
		snprintf(why, sizeof why, "reissue: that the target takes "
		    "what these cards hold, of generation %u, isn't known",
		    known->generation);
	else
		snprintf(why, sizeof why, "reissue: these cards are of no set "
		    "that the ledger has");
	end = refuse(r, why);
	if (known->standing == QUO_SET_RETIRED || known->waiting)
		quo_say_hint("give cards of generation %u",
		    r->dealt.facts.newest);
	else
		quo_say_hint("give cards of generation %u; if these are "
		    "meant, say so by --set", r->dealt.facts.newest);
	return end;
}

/* It takes over at once: so it must be the target's secret that it holds. */
static enum quo_exit
hold(struct run *r)
{
	const struct quo_pool_set *set = quo_quorum_set(&r->old);
	struct quo_known_set known = { .standing = QUO_SET_UNKNOWN };
	enum quo_exit end;
	bool good;

	if (r->opening.book.ledger == NULL)
		return QUO_EXIT_DONE;
	end = quo_book_say(&r->opening.book, quo_known_of(&r->opening.book,
	    set, &known));
	if (known.standing == QUO_SET_RETIRED || known.waiting)
		good = known.live;
	else
		good = set->pinned || (known.set != NULL &&
		    r->dealt.facts.set != NULL &&
		    strcmp(known.set, r->dealt.facts.set) == 0);
	if (end == QUO_EXIT_DONE && !good)
		end = turn_away(r, &known);
	quo_known_set_clear(&known);
	return end;
}

static void
take_after(struct run *r, const struct quo_header *h)
{
	const uint32_t highest = r->dealt.facts.generation;

	r->plan = (struct quo_dealing_plan){
		.options = &r->dealing,
		.dealt = &r->dealt,
		.generation = (highest > h->generation ? highest :
		    h->generation) + 1,
		.inventory = h->inventory,
	};
	/* A locked set isn't followed by an open one unasked. */
	if (h->lock.passes != 0 && !r->dealing.no_lock)
		r->dealing.lock = true;
	if (h->names)
		r->dealing.names = true;
}

/* All that can be refused before it is burned. */
static enum quo_exit
plan(struct run *r)
{
	enum quo_exit end;

	end = quo_dealt_begin(&r->opening.book, "reissue", r->name,
	    &r->dealt);
	if (end != QUO_EXIT_DONE)
		return end;
	r->dealt.incident = r->opening.incident[0] != '\0' ?
	    r->opening.incident : NULL;
	take_after(r, &quo_quorum_set(&r->old)->code->header);
	end = quo_dealing_heirs(&r->plan,
	    &quo_quorum_set(&r->old)->code->header, &r->policy);
	if (end == QUO_EXIT_DONE)
		end = quo_dealing_check(&r->dealing);
	if (end == QUO_EXIT_DONE && r->opening.book.ledger != NULL)
		end = quo_dealt_check(&r->dealt, r->plan.policy);
	return end == QUO_EXIT_DONE ? hold(r) : end;
}

/* A rescue goes on where the ledger fails; new cards needn't. */
static enum quo_exit
still_there(const struct run *r)
{
	const struct quo_opening *o = &r->opening;

	if (!r->ledger || o->book.ledger != NULL || !o->burned ||
	    r->options->opening.emergency != NULL)
		return QUO_EXIT_DONE;
	quo_say_error("what isn't on record doesn't go out: nothing was dealt");
	quo_say_hint("once the ledger can be written, the same again; or "
	    "--no-ledger deals from the cards alone");
	return QUO_EXIT_MACHINE;
}

/* The cards are here: burn it, and open it. */
static enum quo_exit
open_old(struct run *r)
{
	struct quo_opening *o = &r->opening;
	enum quo_exit end;

	end = plan(r);
	if (end != QUO_EXIT_DONE) {
		/* What was presented is on record in each case. */
		quo_opening_gathered(o, &r->old, QUO_EXIT_MISUSE);
		return end;
	}
	end = quo_opening_gathered(o, &r->old, QUO_EXIT_DONE);
	if (end == QUO_EXIT_DONE)
		end = still_there(r);
	if (end != QUO_EXIT_DONE)
		return end;
	end = quo_quorum_open(&r->cards, &r->old);
	quo_opening_opened(o, &r->old, end);
	return end == QUO_EXIT_DONE ? still_there(r) : end;
}

/* Its id, and its policy as text; NULL where nothing was dealt. */
static const char *
new_set(struct run *r, struct quo_set_id *id)
{
	if (r->dealt.set[0] == '\0' || !quo_hex_parse(r->dealt.set,
	    2 * QUO_HASH_LEN, id->hash, QUO_HASH_LEN))
		return NULL;
	if (r->dealt.policy == NULL)
		r->dealt.policy = quo_policy_print(r->plan.policy);
	return r->dealt.policy;
}

/*
 * A file is there before anything is dealt, and is settled then; else it is
 * told once, with what became of it.
 */
static void
leave_receipt(struct run *r, const struct quo_set_id *id, const char *policy)
{
	const struct quo_opening *o = &r->opening;
	const struct quo_receipt_about about = {
		.new_set = policy != NULL ? id : NULL,
		.new_generation = r->plan.generation,
		.new_policy = policy, .new_locked = r->dealt.locked,
		.reason = o->options.reason, .ticket = o->options.ticket,
		.requester = o->options.requester, .exposure = "reissue",
		.why = o->why,
		.undelivered = (const char *const *)o->missed.sinks,
		.undelivered_count = o->missed.count,
	};

	/* A host that keeps no ledger, by its settings, takes none in. */
	if (o->book.ledger == NULL && (r->options->receipt != NULL ||
	    r->options->common.no_ledger || o->why != QUO_OK))
		quo_receipt_leave(&r->slip, &r->old, &about);
	if (o->book.ledger != NULL)
		quo_receipt_record(&r->slip, &o->book, o->incident,
		    "reissue");
}

static void
settle_receipt(struct run *r, enum quo_exit end)
{
	struct quo_set_id id = { { 0 } };
	const char *policy = end == QUO_EXIT_DONE ? new_set(r, &id) : NULL;

	if (r->slip.path == NULL) {
		leave_receipt(r, &id, policy);
		return;
	}
	if (policy != NULL && r->slip.filed)
		quo_receipt_add_new(&r->slip, &id, r->plan.generation,
		    policy, r->dealt.locked);
	quo_receipt_settle(&r->slip);
}

/* What a reissue doesn't do. */
static void
say_dealt(const struct run *r)
{
	quo_say_warning("the cards before these, lost ones too, open the same "
	    "secret still: only a rotation ends that");
	quo_say_hint("have those of generation %u destroyed, and rotate "
	    "\"%s\" as soon as its target can be",
	    quo_quorum_set(&r->old)->code->header.generation, r->name);
}

static enum quo_exit
deal(struct run *r)
{
	const struct quo_secret *secret = r->old.opened.secret;
	char how[64];
	enum quo_exit end;

	r->plan.credential = r->old.opened.credential;
	r->plan.credential.secret =
	    (struct quo_span){ secret->data, secret->len };
	end = quo_dealing_run(&r->plan, r->json, &r->pieces);
	if (end == QUO_EXIT_DONE) {
		say_dealt(r);
		snprintf(how, sizeof how, "dealt again as generation %u",
		    r->plan.generation);
	} else {
		quo_say_error("no new cards were dealt: those of generation "
		    "%u are valid as before",
		    quo_quorum_set(&r->old)->code->header.generation);
		snprintf(how, sizeof how, "not dealt again, exit %d",
		    (int)end);
	}
	settle_receipt(r, end);
	quo_say_warning("\"%s\" is burned", r->name);
	quo_opening_closed(&r->opening, how);
	quo_opening_say_next(&r->opening, r->name);
	return end;
}

static enum quo_exit
report(struct run *r)
{
	const struct quo_opening *o = &r->opening;

	if (!r->options->common.json)
		return QUO_EXIT_DONE;
	quo_json_int(r->json, "replaces",
	    quo_quorum_set(&r->old)->code->header.generation);
	quo_json_text(r->json, "incident", o->incident[0] != '\0' ?
	    o->incident : NULL);
	return quo_say_json(r->json) == QUO_OK ? QUO_EXIT_DONE :
	    quo_say_failure(QUO_EIO, "%s", "JSON");
}

static enum quo_exit
gather(struct run *r)
{
	struct quo_opening *o = &r->opening;
	enum quo_exit end;

	r->ledger = o->book.ledger != NULL;
	o->goal = "into a new set, and to nobody";
	r->cards.alone = true;
	r->cards.know = r->ledger ? quo_opening_standing : NULL;
	r->cards.again = quo_opening_again;
	r->cards.with = o;
	end = quo_quorum_gather(&r->options->common.operands, &r->cards,
	    &r->old);
	return end == QUO_EXIT_DONE ? end :
	    quo_opening_gathered(o, &r->old, end);
}

/* Who gives up meanwhile is on record, too. */
static enum quo_exit
open_watched(struct run *r)
{
	enum quo_exit end;

	quo_stop_watch();
	end = gather(r);
	if (end == QUO_EXIT_DONE)
		end = open_old(r);
	return quo_stop_unwatch() && end == QUO_EXIT_DONE ? QUO_EXIT_NO : end;
}

static enum quo_exit
reissue(struct run *r)
{
	const struct reissue *o = r->options;
	enum quo_exit end;

	end = foresee(r);
	if (end == QUO_EXIT_DONE)
		end = quo_receipt_begin(o->receipt, &r->slip);
	if (end == QUO_EXIT_DONE)
		end = quo_opening_begin(&o->common, &o->opening, r->name,
		    &r->opening);
	if (end == QUO_EXIT_DONE)
		end = open_watched(r);
	if (end != QUO_EXIT_DONE)
		return end;
	if (r->slip.path != NULL)
		leave_receipt(r, NULL, NULL);
	end = deal(r);
	return end == QUO_EXIT_DONE ? report(r) : end;
}

static enum quo_exit
check(const struct reissue *o)
{
	struct quo_dealing_options dealing = o->dealing;

	if (quo_cards_named(&o->common.operands) == NULL)
		return quo_say_misuse("NAME is missing: all arguments are "
		    "files");
	/* The old cards say whether they are locked. */
	dealing.lock = dealing.lock || (!dealing.no_lock &&
	    (dealing.phrase_dir != NULL || dealing.phrase_fd != NULL));
	return quo_dealing_check(&dealing);
}

static enum quo_exit
run(const void *values)
{
	const struct reissue *o = values;
	struct run r = {
		.options = o,
		.dealing = o->dealing,
		.cards = o->quorum,
		.name = quo_cards_named(&o->common.operands),
		.pieces = QUO_PIECES_NONE,
		.slip = { .dir = -1 },
		.lock = -1,
	};
	enum quo_exit end;

	end = check(o);
	if (end == QUO_EXIT_DONE)
		end = quo_dealing_policy(&o->dealing, &r.policy);
	if (end == QUO_EXIT_DONE) {
		r.json = o->common.json ? quo_json_new() : NULL;
		end = reissue(&r);
	}
	quo_dealt_clear(&r.dealt);
	quo_receipt_end(&r.slip);
	quo_opening_end(&r.opening);
	if (r.lock != -1)
		close(r.lock);
	quo_pieces_clear(&r.pieces);
	quo_policy_free(r.policy);
	quo_quorum_clear(&r.old);
	quo_json_free(r.json);
	return end;
}

static const char *const usage[] = {
	"NAME CARD... [--output DIR | --deliver HOOK]",
	"NAME CARD... --policy POLICY",
	NULL
};

static const char *const examples[] = {
	"quorate reissue db-root card-1.pdf card-3.pdf --output new",
	"quorate reissue db-root *.txt --policy '2 of (cfo, ciso, coo)'",
	NULL
};

const struct quo_command quo_command_reissue = {
	.name = "reissue",
	.summary = "deal the same credential again, on new cards",
	.usage = usage,
	.about = "For a lost card, a leaver, another policy, while the target "
	    "can't be given a new\nsecret: a quorum of the old cards opens it "
	    "into a new set, and shows it to nobody.\nThe old cards open the "
	    "same secret still: it is burned until it is rotated.",
	.options = options,
	.examples = examples,
	.no = "the ledger refuses it, no quorum, a phrase or the sealed file "
	    "is missing, or the cards open another NAME",
	.size = sizeof(struct reissue),
	.least = 1,
	.most = SIZE_MAX,
	.run = run,
};
