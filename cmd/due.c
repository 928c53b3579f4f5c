/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utc.h"
#include "cmd/due.h"
#include "cmd/piece.h"
#include "cmd/rotation.h"
#include "cmd/stop.h"
#include "ledger/sets.h"
#include "ledger/view.h"

/* How long targets that say later are asked again, where nobody says. */
#define PATIENCE 60

/* What became of it. */
enum result {
	OPEN,			/* its turn hasn't come */
	PROVEN,
	UNPROVEN,
	WAITING,		/* for its cards to be scanned */
	HELD,			/* dealt; the target says later */
	FAILED,
	PAUSED,			/* it failed a short time ago */
	NEEDS,			/* somebody */
	RESULTS
};

static const char *const names[RESULTS] = {
	[OPEN] = "left", [PROVEN] = "proven", [UNPROVEN] = "unproven",
	[WAITING] = "waiting", [HELD] = "failed", [FAILED] = "failed",
	[PAUSED] = "paused", [NEEDS] = "needs",
};

/* The same for people. */
static const char *const said[RESULTS] = {
	[OPEN] = "left", [PROVEN] = "proven", [UNPROVEN] = "unproven",
	[WAITING] = "waiting", [HELD] = "failed",
	[FAILED] = "failed", [PAUSED] = "paused",
	[NEEDS] = "in need of somebody",
};

struct item {
	char *name;
	enum quo_due why;
	int64_t since;		/* the deadline, or what else is past */
	uint32_t newest;	/* set that it had when it was found due */
	enum result result;
	char reason[256];
	bool unproven;			/* that is what it is now */
	struct quo_rotating rotating;
};

struct due {
	const struct quo_due_options *options;
	const struct quo_rotating_options *how;
	long patience;		/* with those that say later */
	const struct quo_dealing_options *dealing;
	struct quo_book *book;
	struct item *items;
	size_t count;
	long begun;		/* how many this run took on */
};

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
	const struct item *x = a, *y = b;

	if (x->why != y->why)
		return x->why < y->why ? -1 : 1;
	if (x->since != y->since)
		return x->since < y->since ? -1 : 1;
	return strcmp(x->name, y->name);
}

static enum quo_err
look_up(struct due *d, struct item *item)
{
	struct quo_facts facts;
	enum quo_err err = quo_facts_load(d->book->ledger, item->name,
	    &facts);

	item->newest = facts.newest;
	quo_facts_clear(&facts);
	return err;
}

static enum quo_err
take(struct due *d, const struct quo_views *views)
{
	enum quo_err err = QUO_OK;

	d->items = calloc(views->count + 1, sizeof *d->items);
	if (d->items == NULL)
		return QUO_ENOMEM;
	for (size_t i = 0; err == QUO_OK && i < views->count; i++) {
		const struct quo_view *v = &views->view[i];
		struct item *item = &d->items[d->count];

		item->why = quo_due_unattended(v, views->now);
		if (item->why == QUO_DUES)
			continue;
		item->since = since(v, item->why);
		item->name = strdup(v->name);
		if (item->name == NULL)
			return QUO_ENOMEM;
		err = look_up(d, item);
		quo_rotating_init(d->how, d->dealing, d->book,
		    &item->rotating);
		d->count++;
		item->unproven = v->state == QUO_STATE_UNPROVEN;
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
find(struct due *d)
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

static void
settle(struct item *item, enum result result, const char *reason)
{
	item->result = result;
	snprintf(item->reason, sizeof item->reason, "%s", reason);
}

/* Whether it failed so short a time ago that it isn't its turn. */
static bool
is_paused(const struct due *d, struct item *item)
{
	const struct quo_facts *facts = &item->rotating.dealt.facts;
	const int64_t again = quo_due_again(facts->failures, facts->tried,
	    quo_utc_now());
	char reason[128], next[QUO_UTC_TEXT];

	if (again == 0 || d->options->again)
		return false;
	quo_utc_print(again, next);
	snprintf(reason, sizeof reason, "failed %lld time%s; the next try is "
	    "due %s", (long long)facts->failures,
	    facts->failures == 1 ? "" : "s", next);
	settle(item, PAUSED, reason);
	return true;
}

/* Whether somebody else was at it since: the next run looks again. */
static bool
is_other(struct item *item)
{
	if (item->rotating.dealt.facts.newest == item->newest)
		return false;
	quo_say("\"%s\" was rotated meanwhile: it is left as it is",
	    item->name);
	return true;
}

/* A locked set isn't followed by an open one; nobody sees its phrases here. */
static bool
is_locked(const struct due *d, struct item *item)
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
	settle(item, NEEDS, "its cards are locked: --phrase-dir says where "
	    "the phrases of the new ones go");
	return true;
}

/* Whether its new cards wait for somebody to scan them. */
static bool
is_waiting(const struct due *d, struct item *item)
{
	const int level = d->how->confirm != 0 ? d->how->confirm :
	    d->book->settings->confirm;
	const struct quo_set_row *new;
	struct quo_sets sets;
	char reason[256];
	bool waits = false;

	if (level > QUO_CONFIRM_RENDERED && quo_sets_load(d->book->ledger,
	    item->name, &sets) == QUO_OK) {
		new = quo_sets_new(&sets);
		waits = new != NULL && new->place == QUO_PLACE_WAITING;
		quo_sets_clear(&sets);
	}
	snprintf(reason, sizeof reason, "its new cards are to be scanned: "
	    "quorate rotate %s --resume NEW-CARD...", item->name);
	if (waits)
		settle(item, WAITING, reason);
	return waits;
}

static void
close_item(struct item *item, enum quo_exit end)
{
	static const enum result results[] = {
		[QUO_APPLIED_PROVEN] = PROVEN,
		[QUO_APPLIED_UNPROVEN] = UNPROVEN,
		[QUO_APPLIED_UNTRIED] = UNPROVEN,
		[QUO_APPLIED_OLD_LIVES] = UNPROVEN,
		[QUO_APPLIED_KEPT] = FAILED,
		[QUO_APPLIED_UNKNOWN] = FAILED,
		[QUO_APPLIED_WAITING] = WAITING,
		[QUO_APPLIED_NOT] = FAILED,
	};
	const enum quo_applied state = item->rotating.state;
	const char *why = quo_say_first_error();

	if (item->rotating.held) {
		item->result = HELD;
		return;
	}
	/* What the ledger doesn't know isn't done. */
	item->result = end == QUO_EXIT_MACHINE ? FAILED : results[state];
	if (*why == '\0' && item->rotating.apply.reason != NULL)
		why = item->rotating.apply.reason;
	snprintf(item->reason, sizeof item->reason, "%s", why);
	quo_rotating_clear(&item->rotating);
}

static void
begin(struct due *d, struct item *item)
{
	struct quo_rotating *r = &item->rotating;
	char reason[256];
	enum quo_exit end;

	quo_say_forget();
	r->name = item->name;
	end = quo_rotating_consult(r);
	if (end == QUO_EXIT_DONE && (is_other(item) || is_paused(d, item) ||
	    is_waiting(d, item) || is_locked(d, item))) {
		quo_rotating_clear(r);
		return;
	}
	quo_say("\"%s\" is due: %s", item->name, quo_due_name(item->why));
	if (end == QUO_EXIT_DONE)
		end = quo_rotating_describe(r);
	/* One more would leave it as unproven as it is. */
	if (end == QUO_EXIT_DONE && (r->desc.needs_old || (item->unproven &&
	    !r->desc.single_secret))) {
		snprintf(reason, sizeof reason, r->desc.needs_old ?
		    "its hook wants the old secret: quorate rotate %s "
		    "OLD-CARD..." : "unproven: quorate rotate %s --prove-old "
		    "OLD-CARD...", item->name);
		settle(item, NEEDS, reason);
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
run_all(struct due *d)
{
	for (size_t i = 0; i < d->count && !quo_stopped(); i++)
		if (d->items[i].result == OPEN && (d->options->limit == 0 ||
		    d->begun < d->options->limit))
			begin(d, &d->items[i]);
}

/* Those that said later, once more; last: for the last time. */
static size_t
ask_again(struct due *d, bool last)
{
	size_t held = 0;

	for (size_t i = 0; i < d->count; i++) {
		struct item *item = &d->items[i];

		if (item->result != HELD)
			continue;
		quo_say_forget();
		quo_stop_catch();
		close_item(item, quo_rotating_apply(&item->rotating,
		    last || quo_stopped()));
		quo_stop_end();
		held += item->result == HELD;
	}
	return held;
}

static void
finish_held(struct due *d)
{
	const long patience = d->patience;
	long spent = 0, pause;
	size_t held = 0;

	for (size_t i = 0; i < d->count; i++)
		held += d->items[i].result == HELD;
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

/*
 * What came of it
 */

static void
report(const struct due *d, struct quo_json *json)
{
	quo_json_array(json, "credentials");
	for (size_t i = 0; i < d->count; i++) {
		const struct item *item = &d->items[i];

		quo_json_object(json, NULL);
		quo_json_text(json, "name", item->name);
		quo_json_text(json, "due", quo_due_name(item->why));
		quo_json_text(json, "result", names[item->result]);
		quo_json_text(json, "reason", item->reason[0] != '\0' ?
		    item->reason : NULL);
		quo_json_close(json);
	}
	quo_json_close(json);
}

/* "3 due: 2 proven, 1 failed" */
static void
say_sum(size_t count, const size_t sum[RESULTS])
{
	char text[256] = "nothing";
	size_t used = 0;

	for (int i = 0; i < RESULTS; i++) {
		/* OPEN is what is left: it stands last. */
		const int r = i + 1 < RESULTS ? i + 1 : OPEN;

		if (sum[r] > 0)
			used += (size_t)snprintf(text + used,
			    sizeof text - used, "%s%zu %s", used > 0 ? ", " :
			    "", sum[r], said[r]);
	}
	if (count == 0)
		quo_say("nothing is due");
	else
		quo_say("%zu due: %s", count, text);
}

static enum quo_exit
say_all(const struct due *d, struct quo_json *json)
{
	size_t sum[RESULTS] = { 0 };

	for (size_t i = 0; i < d->count; i++) {
		const struct item *item = &d->items[i];

		sum[item->result]++;
		if (item->result != PROVEN && item->result != OPEN)
			quo_say_error("\"%s\": %s%s%s", item->name,
			    said[item->result], item->reason[0] != '\0' ?
			    ": " : "", item->reason);
	}
	quo_json_int(json, "due", (int64_t)d->count);
	for (int r = 0; r < RESULTS; r++)
		if (r != HELD)
			quo_json_int(json, names[r], (int64_t)sum[r]);
	report(d, json);
	say_sum(d->count, sum);
	if (sum[OPEN] > 0)
		quo_say_error("%zu %s left for the next run", sum[OPEN],
		    sum[OPEN] == 1 ? "is" : "are");
	return sum[PROVEN] == d->count ? QUO_EXIT_DONE : QUO_EXIT_NO;
}

static enum quo_exit
list(const struct due *d, struct quo_json *json)
{
	char utc[QUO_UTC_TEXT], name[1024], line[1152];
	int len;

	report(d, json);
	for (size_t i = 0; json == NULL && i < d->count; i++) {
		quo_utc_print(d->items[i].since, utc);
		quo_say_escape(d->items[i].name, name, sizeof name);
		len = snprintf(line, sizeof line, "%s\t%s\t%s\n", name,
		    quo_due_name(d->items[i].why), utc);
		quo_say_bytes(line, (size_t)len);
	}
	return d->count == 0 ? QUO_EXIT_DONE : QUO_EXIT_NO;
}

enum quo_exit
quo_due_run(const struct quo_due_options *options,
    const struct quo_rotating_options *how,
    const struct quo_dealing_options *dealing, struct quo_book *book,
    struct quo_json *json)
{
	struct quo_rotating_options patient = *how;
	struct due d = {
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
		end = list(&d, json);
	} else if (end == QUO_EXIT_DONE) {
		quo_stop_catch();
		run_all(&d);
		finish_held(&d);
		end = say_all(&d, json);
		quo_stop_end();
	}
	for (size_t i = 0; i < d.count; i++) {
		quo_rotating_clear(&d.items[i].rotating);
		free(d.items[i].name);
	}
	free(d.items);
	if (lock != -1)
		close(lock);
	return end;
}
