/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cards.h"
#include "cmd/known.h"
#include "cmd/rotation.h"
#include "cmd/settle_internal.h"
#include "cmd/stop.h"
#include "cmd/tty.h"

/*
 * What is on its way, and the cards that were brought
 */

void
quo_settle_say_order(const struct quo_sets *sets)
{
	const struct quo_set_row *row;
	char text[512] = "";
	size_t used = 0;

	if (sets->count == 0 || sets->row[0].place != QUO_PLACE_PENDING)
		return;
	for (size_t i = 0; (row = quo_sets_nth(sets, i)) != NULL &&
	    used < sizeof text; i++)
		used += (size_t)snprintf(text + used, sizeof text - used,
		    "%sgeneration %u", used > 0 ? ", then " : "",
		    row->generation);
	quo_say("%s: try %s", sets->unproven ? "its rotation is unproven" :
	    "what the target takes is not known", text);
}

/* Without a ledger: the sets that have a quorum here, the newest first. */
static int
newer(const void *a, const void *b)
{
	const struct quo_set_row *x = a, *y = b;

	return x->generation < y->generation ? 1 :
	    x->generation > y->generation ? -1 : 0;
}

static enum quo_exit
sort_cards(struct quo_settle *s)
{
	const struct quo_pool_set *sets, *first = NULL;
	size_t count;

	sets = quo_pool_sets(s->pool, &count);
	s->sets.row = calloc(count + 1, sizeof *s->sets.row);
	if (s->sets.row == NULL)
		return quo_say_failure(QUO_ENOMEM, "%s", "cards");
	for (size_t i = 0; i < count; i++) {
		struct quo_set_row *row = &s->sets.row[s->sets.count];

		if (!sets[i].enough || sets[i].code == NULL)
			continue;
		if (first != NULL && memcmp(first->code->header.inventory,
		    sets[i].code->header.inventory, QUO_INVENTORY_LEN) != 0)
			return quo_say_misuse("these are cards of more than "
			    "one credential: bring those of \"%s\" alone",
			    s->r->name);
		first = &sets[i];
		quo_set_id_print(&sets[i].id, QUO_HASH_LEN, row->id);
		row->generation = sets[i].code->header.generation;
		s->sets.count++;
	}
	qsort(s->sets.row, s->sets.count, sizeof *s->sets.row, newer);
	for (size_t i = 1; i < s->sets.count; i++)
		s->sets.row[i].place = QUO_PLACE_CURRENT;
	return QUO_EXIT_DONE;
}

bool
quo_settle_find(const struct quo_settle *s, const struct quo_set_row *row,
    struct quo_quorum *q)
{
	const struct quo_pool_set *sets;
	char id[QUO_SET_ID_HEX];
	size_t count;

	if (row == NULL || s->pool == NULL)
		return false;
	sets = quo_pool_sets(s->pool, &count);
	for (size_t i = 0; i < count; i++) {
		quo_set_id_print(&sets[i].id, sets[i].id_len, id);
		if (!sets[i].enough || strncmp(id, row->id, strlen(id)) != 0)
			continue;
		*q = (struct quo_quorum){
			.pool = s->pool, .set = i, .name = s->r->name,
		};
		return true;
	}
	return false;
}

enum quo_exit
quo_settle_begin(const struct quo_settling *settling, const char *why,
    struct quo_settle *s)
{
	struct quo_rotating *r = settling->rotating;
	enum quo_exit end;

	*s = (struct quo_settle){
		.settling = settling, .r = r, .why = why,
	};
	r->begun = true;
	r->name = quo_cards_named(settling->operands);
	if (r->name == NULL)
		return quo_say_misuse("NAME is missing: all arguments are "
		    "files");
	r->book->wanted = r->name;
	end = quo_rotating_consult(r);
	if (end != QUO_EXIT_DONE || r->book->ledger == NULL)
		return end;
	if (r->dealt.facts.state == QUO_STATE_NONE) {
		quo_say_error("\"%s\" is not in the ledger", r->name);
		quo_book_hint_name(r->book, r->name);
		return QUO_EXIT_NO;
	}
	if (quo_rotation_is_foreign(&r->dealt, &r->hook)) {
		quo_say_error("hook, account or target is another than the "
		    "inventory's: it settles nothing");
		quo_say_hint("without --hook, --user and --target; or change "
		    "the inventory first: quorate import");
		return QUO_EXIT_MISUSE;
	}
	return quo_book_say(r->book, quo_sets_load(r->book->ledger, r->name,
	    &s->sets));
}

enum quo_exit
quo_settle_gather(struct quo_settle *s, const struct quo_set_row *wanted)
{
	struct quo_quorum_options *cards = s->settling->cards;
	const char *name = NULL;
	struct quo_quorum q;
	enum quo_exit end, told;

	if (quo_pool_new(&s->pool) != QUO_OK)
		return quo_say_failure(QUO_ENOMEM, "%s", "cards");
	end = quo_quorum_pin(s->pool, cards->set);
	if (end != QUO_EXIT_DONE)
		return end;
	if (s->r->book->ledger != NULL)
		quo_pool_know(s->pool, quo_known_standing, s->r->book);
	quo_stop_watch();
	end = quo_cards_read(s->settling->operands, s->pool, quo_cards_say,
	    &name);
	if (end == QUO_EXIT_DONE && quo_tty_present() &&
	    !quo_settle_find(s, wanted, &q)) {
		if (wanted != NULL)
			quo_say("bring a quorum of generation %u",
			    wanted->generation);
		end = quo_cards_ask(s->pool, quo_cards_say, false);
	}
	if (end == QUO_EXIT_DONE && s->r->book->ledger == NULL)
		end = sort_cards(s);
	q = (struct quo_quorum){ .pool = s->pool };
	told = quo_rotation_present(&s->r->dealt, &q, s->why, end);
	if (quo_stop_unwatch() && told == QUO_EXIT_DONE)
		told = QUO_EXIT_NO;
	return end == QUO_EXIT_DONE || told == QUO_EXIT_MACHINE ? told : end;
}

enum quo_exit
quo_settle_open(struct quo_settle *s, struct quo_quorum *q)
{
	struct quo_rotating *r = s->r;
	const struct quo_credential *c = &q->opened.credential;
	char hook[512], why[600];
	enum quo_exit end, told;

	quo_stop_watch();
	end = quo_quorum_open(s->settling->cards, q);
	told = quo_rotation_present(&r->dealt, q, s->why, QUO_EXIT_DONE);
	if (end == QUO_EXIT_DONE)
		end = told;
	/* To whom it is handed next. */
	quo_say_escape(r->hook.path, hook, sizeof hook);
	snprintf(why, sizeof why, "%s; hook %s", s->why, hook);
	end = quo_rotation_opened(&r->dealt, q, why, end);
	if (quo_stop_unwatch() && end == QUO_EXIT_DONE)
		end = QUO_EXIT_NO;
	if (end != QUO_EXIT_DONE)
		return end;
	if (r->hook.user == NULL)
		r->hook.user = c->user;
	if (r->hook.target == NULL)
		r->hook.target = c->target;
	return QUO_EXIT_DONE;
}

enum quo_exit
quo_settle_lack(const struct quo_settle *s, const struct quo_set_row *row)
{
	quo_say_error("a quorum of generation %u of \"%s\" is needed",
	    row->generation, s->r->name);
	if (s->pool != NULL)
		quo_cards_say_progress(s->pool);
	quo_say_hint("quorate status %s says who holds them", s->r->name);
	return QUO_EXIT_NO;
}

/* Entries to come are about this set. */
void
quo_settle_about(struct quo_settle *s, const struct quo_set_row *row)
{
	struct quo_dealt *dealt = &s->r->dealt;

	snprintf(dealt->set, sizeof dealt->set, "%s", row->id);
	snprintf(dealt->generation, sizeof dealt->generation, "%u",
	    row->generation);
	s->r->hook.generation = row->generation;
}

/* Where nothing was done: how it stands, for programs. */
static void
report_standing(const struct quo_settle *s)
{
	const struct quo_rotating *r = s->r;
	const struct quo_set_row *row;

	quo_json_text(r->json, "name", r->name);
	quo_json_text(r->json, "state", quo_state_name(r->dealt.facts.state));
	quo_json_array(r->json, "try");
	for (size_t i = 0; (row = quo_sets_nth(&s->sets, i)) != NULL; i++)
		quo_json_int(r->json, NULL, row->generation);
	quo_json_close(r->json);
}

enum quo_exit
quo_settle_end(struct quo_settle *s, enum quo_exit end)
{
	struct quo_rotating *r = s->r;

	if (end == QUO_EXIT_NO && r->state == QUO_APPLIED_NOT &&
	    r->name != NULL && r->book->ledger != NULL)
		report_standing(s);
	quo_opened_clear(&s->new.opened);
	quo_opened_clear(&s->old.opened);
	quo_pool_free(s->pool);
	quo_sets_clear(&s->sets);
	return end;
}

/*
 * Resume
 */

static enum quo_exit
nothing(struct quo_settle *s)
{
	const struct quo_facts *facts = &s->r->dealt.facts;

	quo_say_error("no rotation of \"%s\" was begun and not ended: it is "
	    "%s", s->r->name, quo_state_name(facts->state));
	if (facts->unended > 0)
		quo_say_hint("a dealing was begun whose cards never went on "
		    "record: should some turn up, they are void; rotate anew");
	else
		quo_say_hint("quorate rotate %s begins one", s->r->name);
	return QUO_EXIT_NO;
}

/* Which cards of a set are to be scanned: what its dealing said, or more. */
static enum quo_confirm
level(const struct quo_settle *s, const struct quo_set_row *new)
{
	const int said = quo_confirm_of(new->confirm);

	if (new->place != QUO_PLACE_WAITING)
		return QUO_CONFIRM_RENDERED;
	return said > s->r->options->confirm ? (enum quo_confirm)said :
	    quo_rotating_confirm(s->r);
}

static enum quo_exit
check_level(const struct quo_settle *s, const struct quo_set_row *new)
{
	const int given = s->r->options->confirm;

	if (given == 0 || given >= (int)level(s, new))
		return QUO_EXIT_DONE;
	quo_say_error("--confirm %s: its cards were dealt to be scanned: %s",
	    quo_confirm_levels[given - 1], new->confirm);
	quo_say_hint("scan them; or give them up, and rotate anew: quorate "
	    "rotate %s --abandon", s->r->name);
	return QUO_EXIT_MISUSE;
}

/* Not where cards were brought, and no quorum; nor by an Enter too many. */
static bool
wants_another(const struct quo_settle *s, const struct quo_set_row *new)
{
	bool yes = false;
	size_t count;

	quo_pool_cards(s->pool, &count);
	if (!quo_tty_present())
		return count == 0;
	quo_settle_say_order(&s->sets);
	quo_say("no quorum of generation %u is here", new->generation);
	return quo_tty_confirm("Mint another secret in its place, and deal "
	    "new cards?", &yes) == QUO_OK && yes;
}

/* Nobody has the new cards here: another secret does as well. */
static enum quo_exit
anew(struct quo_settle *s, const struct quo_set_row *new)
{
	struct quo_rotating *r = s->r;
	enum quo_exit end;

	if (r->book->ledger == NULL)
		return quo_say_misuse("no quorum is here: without a ledger "
		    "the new cards alone tell what was begun");
	if (r->desc.needs_old || level(s, new) > QUO_CONFIRM_RENDERED) {
		quo_settle_say_order(&s->sets);
		return quo_settle_lack(s, new);
	}
	if (s->sets.unproven) {
		quo_say_error("\"%s\" is unproven: another secret would be, "
		    "too", r->name);
		quo_say_hint("quorate rotate %s --prove-old OLD-CARD...",
		    r->name);
		return QUO_EXIT_NO;
	}
	if (!wants_another(s, new))
		return quo_settle_lack(s, new);
	quo_say("no quorum of generation %u is here: a new secret is minted "
	    "in its place", new->generation);
	r->begun = false;
	end = quo_rotating_plan(r);
	return end == QUO_EXIT_DONE ? quo_rotating_run(r, true) : end;
}

static enum quo_exit
open_both(struct quo_settle *s, const struct quo_set_row *new)
{
	const struct quo_set_row *before = quo_sets_before(&s->sets, new);
	const bool old = quo_settle_find(s, before, &s->old);
	enum quo_exit end;

	if (!old && s->r->desc.needs_old && new->place == QUO_PLACE_WAITING &&
	    before != NULL) {
		quo_say_error("%s needs the old secret to set a new one",
		    s->r->hook.path);
		return quo_settle_lack(s, before);
	}
	end = quo_settle_open(s, &s->new);
	if (end == QUO_EXIT_DONE && old)
		end = quo_settle_open(s, &s->old);
	return end;
}

/* What the target can't take now may be taken later, with the same cards. */
static void
put_off(struct quo_rotating *r, struct quo_apply *apply)
{
	if (r->state != QUO_APPLIED_KEPT && (r->state !=
	    QUO_APPLIED_UNKNOWN || !apply->later))
		return;
	if (!apply->later) {
		quo_say_error("nothing was changed: the old cards of \"%s\" "
		    "are valid", r->name);
		quo_say_hint("the new cards, generation %lu, are void: have "
		    "them destroyed, and rotate anew", r->hook.generation);
		return;
	}
	r->state = QUO_APPLIED_UNKNOWN;
	apply->reason = "the target said later";
	quo_say_hint("the new cards stay good: resume again, later or with "
	    "--retry-for 10m: quorate rotate %s --resume, with the same cards",
	    r->name);
}

static enum quo_exit
go_on(struct quo_settle *s, const struct quo_set_row *new)
{
	struct quo_rotating *r = s->r;
	struct quo_apply apply = {
		.hook = &r->hook, .desc = &r->desc,
		.secret = s->new.opened.secret, .old = s->old.opened.secret,
		.former = quo_sets_other(&s->sets, new, s->old.pool != NULL ?
		    quo_sets_before(&s->sets, new)->id : "") != NULL,
		.resumed = new->place == QUO_PLACE_PENDING,
		.patience = r->options->retry_for,
		.may_try = quo_rotation_may_try, .with = &r->dealt,
	};
	enum quo_exit end;

	if (new->opened)
		quo_say_warning("somebody opened the new cards already: it "
		    "stays burned until another rotation");
	end = quo_rotation_start(&r->dealt, &r->hook,
	    s->old.opened.secret != NULL ? &s->old : NULL, true);
	if (end != QUO_EXIT_DONE)
		return end;
	r->state = quo_apply_run(&apply);
	quo_apply_say(&apply, r->state);
	put_off(r, &apply);
	end = quo_rotation_end(&r->dealt, &apply, r->state);
	return quo_rotating_report(r, &apply, end);
}

static enum quo_exit
resume(struct quo_settle *s)
{
	struct quo_rotating *r = s->r;
	const struct quo_set_row *new = quo_sets_new(&s->sets);
	struct quo_confirming confirming;
	enum quo_exit end;

	if (r->book->ledger != NULL && new == NULL)
		return nothing(s);
	end = new != NULL ? check_level(s, new) : QUO_EXIT_DONE;
	if (end == QUO_EXIT_DONE)
		end = quo_rotating_describe(r);
	if (end == QUO_EXIT_DONE)
		end = quo_settle_gather(s, new);
	if (end != QUO_EXIT_DONE)
		return end;
	new = quo_sets_new(&s->sets);
	if (!quo_settle_find(s, new, &s->new))
		return anew(s, new);
	quo_settle_about(s, new);
	confirming = (struct quo_confirming){
		.dealt = &r->dealt, .id = &quo_quorum_set(&s->new)->id,
		.policy = quo_quorum_set(&s->new)->code->header.policy,
		.level = level(s, new),
	};
	end = quo_confirm_cards(&confirming, s->pool);
	if (end != QUO_EXIT_DONE) {
		r->state = QUO_APPLIED_WAITING;
		return end;
	}
	end = open_both(s, new);
	if (end != QUO_EXIT_DONE)
		return end;
	quo_stop_catch();
	end = go_on(s, new);
	quo_stop_end();
	return end;
}

enum quo_exit
quo_settle_resume(const struct quo_settling *settling)
{
	struct quo_settle s;
	enum quo_exit end = quo_settle_begin(settling, "to resume a rotation",
	    &s);

	if (end == QUO_EXIT_DONE)
		end = resume(&s);
	return quo_settle_end(&s, end);
}
