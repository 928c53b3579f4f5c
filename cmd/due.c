/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utc.h"
#include "cmd/due_internal.h"
#include "cmd/piece.h"
#include "cmd/rotation.h"
#include "cmd/stop.h"
#include "ledger/sets.h"

/* How long targets that say later are asked again, where nobody says. */
#define PATIENCE 60

/* Each that is held keeps its lock and its directories; half as many again. */
#define FILES_HELD 4
/* A clock that is set right may go back so far. */
#define CLOCK_BACK 300

/*
 * What is due
 */

static int64_t
since(const struct quo_view *v, enum quo_due why)
{
	return why == QUO_DUE_OVERDUE ? v->deadline :
	    why == QUO_DUE_AGE ? v->change_by : v->since;
}

static int
presses(const void *a, const void *b)
{
	const struct quo_due_item *x = a, *y = b;

	if (x->why != y->why)
		return x->why < y->why ? -1 : 1;
	if (x->since != y->since)
		return x->since < y->since ? -1 : 1;
	return strcmp(x->name, y->name);
}

static enum quo_err
look_up(struct quo_due_work *d, struct quo_due_item *item)
{
	struct quo_facts facts;
	enum quo_err err = quo_facts_load(d->book->ledger, item->name,
	    &facts);

	item->newest = facts.newest;
	quo_facts_clear(&facts);
	return err;
}

static enum quo_err
take(struct quo_due_work *d, const struct quo_views *views)
{
	enum quo_err err = QUO_OK;

	d->items = calloc(views->count + 1, sizeof *d->items);
	if (d->items == NULL)
		return QUO_ENOMEM;
	for (size_t i = 0; err == QUO_OK && i < views->count; i++) {
		const struct quo_view *v = &views->view[i];
		struct quo_due_item *item = &d->items[d->count];

		item->why = quo_due_unattended(v, views->now);
		if (item->why == QUO_DUES)
			continue;
		quo_rotating_init(d->how, d->dealing, d->book,
		    &item->rotating);
		d->count++;
		item->since = since(v, item->why);
		item->name = strdup(v->name);
		item->left = v->left != NULL ? strdup(v->left) : NULL;
		err = item->name == NULL ||
		    (v->left != NULL && item->left == NULL) ? QUO_ENOMEM :
		    look_up(d, item);
	}
	qsort(d->items, d->count, sizeof *d->items, presses);
	/* What was moved knows its own place. */
	for (size_t i = 0; i < d->count; i++)
		quo_rotating_init(d->how, d->dealing, d->book,
		    &d->items[i].rotating);
	return err;
}

/* To a clock that stands behind the log nothing that was opened is due. */
static enum quo_exit
check_clock(const struct quo_views *views)
{
	char last[QUO_UTC_TEXT];

	if (views->last <= views->now + CLOCK_BACK)
		return QUO_EXIT_DONE;
	quo_utc_print(views->last, last);
	quo_say_error("the clock is behind the log, whose last entry is of "
	    "%s: what is due can't be told", last);
	quo_say_hint("set the clock right, then again");
	return QUO_EXIT_MACHINE;
}

static enum quo_exit
find(struct quo_due_work *d)
{
	const struct quo_settings *s = d->book->settings;
	const struct quo_view_rules rules = {
		.drill_every = s->drill_every, .max_age = s->max_age,
		.review_within = s->review_within,
	};
	struct quo_views views;
	enum quo_exit end = QUO_EXIT_DONE;
	enum quo_err err;

	err = quo_views_load(d->book->ledger, &rules, &views);
	if (err == QUO_OK)
		end = check_clock(&views);
	if (err == QUO_OK && end == QUO_EXIT_DONE)
		err = take(d, &views);
	quo_views_clear(&views);
	quo_pieces_allow(FILES_HELD * d->count);
	return err != QUO_OK ? quo_book_say(d->book, err) : end;
}

/*
 * One after another
 */

static void __attribute__((format(printf, 3, 4)))
settle(struct quo_due_item *item, enum quo_due_result result,
    const char *reason, ...)
{
	va_list args;

	item->result = result;
	va_start(args, reason);
	vsnprintf(item->reason, sizeof item->reason, reason, args);
	va_end(args);
}

/* Whether it failed so short a time ago that it isn't its turn. */
static bool
is_paused(const struct quo_due_work *d, struct quo_due_item *item)
{
	const struct quo_facts *facts = &item->rotating.dealt.facts;
	const int64_t again = quo_due_again(facts->failures, facts->tried,
	    quo_utc_now());
	char next[QUO_UTC_TEXT];

	if (again == 0 || d->options->again)
		return false;
	quo_utc_print(again, next);
	settle(item, QUO_RESULT_PAUSED, "failed %lld time%s; the next try is "
	    "due %s", (long long)facts->failures,
	    facts->failures == 1 ? "" : "s", next);
	return true;
}

/* Whether somebody else was at it since: the next run looks again. */
static bool
is_other(struct quo_due_item *item)
{
	if (item->rotating.dealt.facts.newest == item->newest)
		return false;
	quo_say("\"%s\" was rotated meanwhile: it is left as it is",
	    item->name);
	return true;
}

/* A locked set isn't followed by an open one; nobody sees its phrases here. */
static bool
is_locked(const struct quo_due_work *d, struct quo_due_item *item)
{
	struct quo_rotating *r = &item->rotating;

	if (!r->dealt.facts.locked || d->dealing->no_lock) {
		/* Phrases are for those that are locked. */
		if (!d->dealing->lock) {
			r->dealing.phrase_dir = NULL;
			r->dealing.phrase_fd = NULL;
		}
		return false;
	}
	if (quo_dealing_tells_phrases(d->dealing))
		return false;
	settle(item, QUO_RESULT_NEEDS, "its cards are locked: --phrase-dir "
	    "says where the phrases of the new ones go");
	return true;
}

static bool
lacks_hook(struct quo_due_item *item)
{
	if (item->rotating.hook.path != NULL)
		return false;
	settle(item, QUO_RESULT_NEEDS, "the inventory names no hook: quorate "
	    "rotate %s --hook EXE", item->name);
	return true;
}

/* Who gets their card instead is for people to say. */
static bool
has_left(struct quo_due_item *item)
{
	if (item->left == NULL)
		return false;
	settle(item, QUO_RESULT_NEEDS, "%.100s retired: quorate rotate %.100s "
	    "--policy POLICY", item->left, item->name);
	return true;
}

/* Whether its new cards wait for somebody to scan them. */
static bool
is_waiting(const struct quo_due_work *d, struct quo_due_item *item)
{
	const int level = (int)quo_rotating_confirm(&item->rotating);
	const struct quo_set_row *new;
	struct quo_sets sets;
	bool waits = false;

	if (quo_sets_load(d->book->ledger, item->name, &sets) == QUO_OK) {
		new = quo_sets_new(&sets);
		waits = new != NULL && new->place == QUO_PLACE_WAITING &&
		    (level > QUO_CONFIRM_RENDERED ||
		    quo_confirm_of(new->confirm) > QUO_CONFIRM_RENDERED);
	}
	quo_sets_clear(&sets);
	if (waits)
		settle(item, QUO_RESULT_WAITING, "its new cards are to be "
		    "scanned: quorate rotate %s --resume NEW-CARD...",
		    item->name);
	return waits;
}

static void
close_item(struct quo_due_item *item, enum quo_exit end)
{
	static const enum quo_due_result results[] = {
		[QUO_APPLIED_PROVEN] = QUO_RESULT_PROVEN,
		[QUO_APPLIED_UNPROVEN] = QUO_RESULT_UNPROVEN,
		[QUO_APPLIED_UNTRIED] = QUO_RESULT_UNPROVEN,
		[QUO_APPLIED_OLD_LIVES] = QUO_RESULT_UNPROVEN,
		[QUO_APPLIED_KEPT] = QUO_RESULT_FAILED,
		[QUO_APPLIED_UNKNOWN] = QUO_RESULT_FAILED,
		[QUO_APPLIED_WAITING] = QUO_RESULT_WAITING,
		[QUO_APPLIED_NOT] = QUO_RESULT_FAILED,
	};
	const enum quo_applied state = item->rotating.state;
	const char *why = quo_say_first_error();

	if (item->rotating.held) {
		item->result = QUO_RESULT_HELD;
		return;
	}
	/* What the ledger doesn't know isn't done. */
	item->result = end == QUO_EXIT_MACHINE ? QUO_RESULT_FAILED :
	    results[state];
	if (*why == '\0' && item->rotating.apply.reason != NULL)
		why = item->rotating.apply.reason;
	snprintf(item->reason, sizeof item->reason, "%s", why);
	quo_rotating_clear(&item->rotating);
}

static void
begin(struct quo_due_work *d, struct quo_due_item *item)
{
	struct quo_rotating *r = &item->rotating;
	enum quo_exit end;

	quo_say_forget();
	r->name = item->name;
	r->unattended = true;
	end = quo_rotating_consult(r);
	if (end == QUO_EXIT_DONE && (is_other(item) || is_paused(d, item) ||
	    is_waiting(d, item) || is_locked(d, item) || has_left(item) ||
	    lacks_hook(item))) {
		quo_rotating_clear(r);
		return;
	}
	quo_say("\"%s\" is due: %s", item->name, quo_due_name(item->why));
	if (end == QUO_EXIT_DONE)
		end = quo_rotating_describe(r);
	/* One more would leave it as unproven as it is. */
	if (end == QUO_EXIT_DONE && (r->desc.needs_old ||
	    (r->dealt.facts.state == QUO_STATE_UNPROVEN &&
	    !r->desc.single_secret))) {
		settle(item, QUO_RESULT_NEEDS, r->desc.needs_old ?
		    "its hook wants the old secret: quorate rotate %s "
		    "OLD-CARD..." : "unproven: quorate rotate %s --prove-old "
		    "OLD-CARD...", item->name);
		quo_rotating_clear(r);
		return;
	}
	if (end == QUO_EXIT_DONE)
		end = quo_rotating_plan(r);
	if (end == QUO_EXIT_DONE)
		end = quo_rotating_run(r, false);
	/* What can't be begun, each time anew, keeps nobody out. */
	d->begun += r->secret != NULL;
	close_item(item, end);
}

static void
run_all(struct quo_due_work *d)
{
	for (size_t i = 0; i < d->count && !quo_stopped(); i++)
		if (d->items[i].result == QUO_RESULT_OPEN &&
		    (d->options->limit == 0 || d->begun < d->options->limit))
			begin(d, &d->items[i]);
}

/* Those that said later, once more; last: for the last time. */
static size_t
ask_again(struct quo_due_work *d, bool last)
{
	size_t held = 0;

	for (size_t i = 0; i < d->count; i++) {
		struct quo_due_item *item = &d->items[i];

		if (item->result != QUO_RESULT_HELD)
			continue;
		quo_say_forget();
		quo_stop_catch();
		close_item(item, quo_rotating_apply(&item->rotating,
		    last || quo_stopped()));
		quo_stop_end();
		held += item->result == QUO_RESULT_HELD;
	}
	return held;
}

static void
finish_held(struct quo_due_work *d)
{
	const long patience = d->patience;
	long spent = 0, pause;
	size_t held = 0;

	for (size_t i = 0; i < d->count; i++)
		held += d->items[i].result == QUO_RESULT_HELD;
	while (held > 0) {
		pause = spent + 1 < patience - spent ? spent + 1 :
		    patience - spent;
		if (pause > 0)
			quo_say("%zu target%s said later: asked again in "
			    "%ld s", held, held == 1 ? "" : "s", pause);
		spent += pause;
		while (pause > 0 && !quo_stopped())
			pause = (long)sleep((unsigned)pause);
		held = ask_again(d, spent >= patience || quo_stopped());
	}
}

enum quo_exit
quo_due_run(const struct quo_due_options *options,
    const struct quo_rotating_options *how,
    const struct quo_dealing_options *dealing, struct quo_book *book,
    struct quo_json *json)
{
	struct quo_rotating_options patient = *how;
	struct quo_due_work d = {
		.options = options, .how = &patient, .dealing = dealing,
		.patience = how->retry_for != 0 ? how->retry_for : PATIENCE,
		.book = book,
	};
	enum quo_exit end;
	int lock = -1;

	/* Others have their turn before a target is asked again. */
	patient.retry_for = 0;
	end = options->list ? QUO_EXIT_DONE : quo_rotation_lock(book, "",
	    &lock);
	if (end == QUO_EXIT_DONE)
		end = find(&d);
	if (end == QUO_EXIT_DONE && options->list) {
		end = quo_due_list(&d, json);
	} else if (end == QUO_EXIT_DONE) {
		quo_stop_catch();
		run_all(&d);
		finish_held(&d);
		end = quo_due_tell(&d, json);
		quo_stop_end();
	}
	for (size_t i = 0; i < d.count; i++) {
		quo_rotating_clear(&d.items[i].rotating);
		free(d.items[i].name);
		free(d.items[i].left);
	}
	free(d.items);
	if (lock != -1)
		close(lock);
	return end;
}
