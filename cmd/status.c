/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cmd/command.h"
#include "cmd/status.h"

struct status {
	struct quo_common common;
	bool all;
	bool due;
	bool record;
	bool prometheus;
	bool nagios;
	const char *output;
};

static const struct quo_option options[] = {
	{ 0, "all", NULL, QUO_FLAG(struct status, all),
	  .help = "retired credentials, too",
	  .group = "what is shown" },
	{ 0, "due", NULL, QUO_FLAG(struct status, due),
	  .help = "only credentials to which something is due" },
	{ 0, "prometheus", NULL, QUO_FLAG(struct status, prometheus),
	  .help = "figures for node_exporter's textfile collector",
	  .group = "in which form", .one_of = 1 },
	{ 0, "nagios", NULL, QUO_FLAG(struct status, nagios),
	  .help = "one line, and the exit status of a Nagios plugin",
	  .one_of = 1 },
	{ 0, "output", "FILE", QUO_TEXT(struct status, output),
	  .help = "the figures go into FILE, whole or not at all" },
	{ 0, "record", NULL, QUO_FLAG(struct status, record),
	  .help = "log deadlines that have passed, once each, with an alert",
	  .group = "what is done" },
	{ 0 }
};

size_t
quo_status_count(const struct quo_status *s, enum quo_urgency least)
{
	size_t count = 0;

	for (size_t i = 0; i < s->count; i++)
		if (quo_due_worst(s->shown[i]->due) >= least)
			count++;
	return count;
}

int64_t
quo_status_undelivered(const struct quo_status *s)
{
	return s->named ? 0 : s->views->undelivered;
}

enum quo_urgency
quo_status_worst(const struct quo_status *s)
{
	enum quo_urgency worst = QUO_URGENCY_NONE, one;

	if (quo_status_undelivered(s) > 0)
		return QUO_URGENCY_NOW;
	for (size_t i = 0; i < s->count; i++) {
		one = quo_due_worst(s->shown[i]->due);
		worst = one > worst ? one : worst;
	}
	return worst;
}

/* Of two with the same due, which was due first. */
static int64_t
moment_of(const struct quo_view *v, enum quo_due first)
{
	switch (first) {
	case QUO_DUE_OVERDUE:
	case QUO_DUE_BURNED:
		return v->deadline;
	case QUO_DUE_DRILL:
		return v->drill_by;
	case QUO_DUE_CARDS:
		return v->cards_review;
	case QUO_DUE_AGE:
		return v->change_by;
	default:
		return v->since;
	}
}

static int
compare(const void *one, const void *other)
{
	const struct quo_view *a = *(const struct quo_view *const *)one;
	const struct quo_view *b = *(const struct quo_view *const *)other;
	enum quo_due x = quo_due_first(a->due), y = quo_due_first(b->due);
	int64_t s, t;

	if (x != y)
		return x < y ? -1 : 1;
	if (x < QUO_DUES) {
		s = moment_of(a, x);
		t = moment_of(b, x);
		if (s != t)
			return s < t ? -1 : 1;
	}
	return strcmp(a->name, b->name);
}

void
quo_status_sort(struct quo_status *s)
{
	if (s->count > 0)
		qsort(s->shown, s->count, sizeof *s->shown, compare);
}

static enum quo_exit
unknown(const struct quo_views *views, const char *name)
{
	const char **names = calloc(views->count + 1, sizeof *names);
	const char *near;

	quo_say_error("\"%s\" is not in the ledger", name);
	for (size_t i = 0; names != NULL && i < views->count; i++)
		names[i] = views->view[i].name;
	near = names != NULL ? quo_option_nearest(name, names) : NULL;
	if (near != NULL)
		quo_say_hint("did you mean \"%s\"?", near);
	else
		quo_say_hint("quorate status --all shows what is");
	free(names);
	return QUO_EXIT_MISUSE;
}

static enum quo_exit
choose_named(const struct status *o, struct quo_status *s)
{
	const struct quo_view *v;

	for (size_t i = 0; i < o->common.operands.count; i++) {
		v = quo_views_find(s->views, o->common.operands.items[i]);
		if (v == NULL)
			return unknown(s->views,
			    o->common.operands.items[i]);
		s->shown[s->count++] = v;
	}
	return QUO_EXIT_DONE;
}

static enum quo_exit
choose(const struct status *o, struct quo_status *s)
{
	size_t most = s->views->count + o->common.operands.count;

	s->shown = calloc(most + 1, sizeof *s->shown);
	if (s->shown == NULL)
		return quo_say_failure(QUO_ENOMEM, "%s", "status");
	s->named = o->common.operands.count > 0;
	s->due_only = o->due;
	if (s->named)
		return choose_named(o, s);
	for (size_t i = 0; i < s->views->count; i++) {
		const struct quo_view *v = &s->views->view[i];

		if ((v->state == QUO_STATE_RETIRED && !o->all &&
		    v->due == 0) || (o->due &&
		    quo_due_worst(v->due) < QUO_URGENCY_DUE))
			continue;
		s->shown[s->count++] = v;
	}
	return QUO_EXIT_DONE;
}

static enum quo_err
write_form(const struct status *o, const struct quo_status *s, FILE *out)
{
	if (o->prometheus)
		return quo_status_prometheus(s, out);
	if (o->nagios)
		return quo_status_nagios(s, out);
	return s->named ? quo_status_details(s, out) :
	    quo_status_table(s, out);
}

static enum quo_exit
put(const struct status *o, const struct quo_status *s)
{
	char *bytes = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&bytes, &len);
	enum quo_exit end = QUO_EXIT_DONE;
	enum quo_err err = QUO_ENOMEM;

	if (out != NULL) {
		err = write_form(o, s, out);
		if (fclose(out) != 0 && err == QUO_OK)
			err = QUO_ENOMEM;
	}
	if (err != QUO_OK)
		end = quo_book_say(s->book, err);
	else if (o->output == NULL && (!o->common.quiet || o->prometheus ||
	    o->nagios))
		quo_say_bytes(bytes, len);
	else if (o->output != NULL) {
		/* Anybody may read it, and nobody half of it. */
		err = quo_file_put(o->output, bytes, len, 0644);
		if (err != QUO_OK)
			end = quo_say_failure(err, "%s", o->output);
	}
	free(bytes);
	return end;
}

static enum quo_exit
show(const struct status *o, const struct quo_status *s, bool *shown)
{
	static const enum quo_exit of_plugins[] = {
		QUO_EXIT_DONE, QUO_EXIT_DONE, QUO_EXIT_NO, QUO_EXIT_MISUSE
	};
	enum quo_exit end = QUO_EXIT_DONE;
	enum quo_err err;

	if (o->common.json) {
		err = quo_status_json(s);
		end = err == QUO_OK ? end : quo_book_say(s->book, err);
	} else {
		end = put(o, s);
	}
	if (end != QUO_EXIT_DONE)
		return end;
	*shown = true;
	if (o->nagios)
		return of_plugins[quo_status_worst(s)];
	return quo_status_worst(s) >= QUO_URGENCY_DUE ? QUO_EXIT_NO : end;
}

static enum quo_exit
record(const struct quo_book *book)
{
	size_t count = 0;
	enum quo_err err = quo_view_record(book->ledger, 0, &count);

	if (err != QUO_OK)
		return quo_book_say(book, err);
	if (count > 0)
		quo_say("%zu deadline%s passed: logged", count,
		    count == 1 ? " has" : "s have");
	return QUO_EXIT_DONE;
}

static enum quo_exit
look(const struct status *o, const struct quo_book *book, bool *shown)
{
	const struct quo_view_rules rules = {
		.drill_every = book->settings->drill_every,
		.max_age = book->settings->max_age,
		.review_within = book->settings->review_within,
	};
	struct quo_views views = { 0 };
	struct quo_status s = { .book = book, .views = &views };
	enum quo_exit end = QUO_EXIT_DONE;
	enum quo_err err;

	if (o->record)
		end = record(book);
	if (end != QUO_EXIT_DONE)
		return end;
	err = quo_views_load(book->ledger, &rules, &views);
	end = err == QUO_OK ? choose(o, &s) : quo_book_say(book, err);
	if (end == QUO_EXIT_DONE) {
		quo_status_sort(&s);
		end = show(o, &s, shown);
	}
	free(s.shown);
	quo_views_clear(&views);
	return end;
}

static enum quo_exit
check(const struct status *o)
{
	if (o->common.json && (o->prometheus || o->nagios))
		return quo_say_misuse("--json and %s exclude each other",
		    o->prometheus ? "--prometheus" : "--nagios");
	if (o->output != NULL && !o->prometheus)
		return quo_say_misuse("--output goes with --prometheus");
	if (o->common.operands.count > 0 && (o->all || o->due))
		return quo_say_misuse("%s goes without NAME",
		    o->all ? "--all" : "--due");
	return QUO_EXIT_DONE;
}

/* A plugin says so itself: nobody reads its standard error. */
static enum quo_exit
cannot(void)
{
	quo_say_data("QUORATE UNKNOWN - nothing could be read: quorate "
	    "status says why");
	return QUO_EXIT_MACHINE;
}

static enum quo_exit
run(const void *values)
{
	const struct status *o = values;
	struct quo_book book = { 0 };
	bool shown = false;
	enum quo_exit end;

	end = check(o);
	if (end == QUO_EXIT_DONE)
		end = quo_book_open(&o->common, o->record ? QUO_BOOK_WRITE :
		    QUO_BOOK_READ, &book);
	if (end == QUO_EXIT_DONE)
		end = look(o, &book, &shown);
	quo_book_close(&book);
	return o->nagios && !shown ? cannot() : end;
}

static const char *const usage[] = {
	"[NAME...] [--all | --due] [--record]",
	"--prometheus [--output FILE] | --nagios [--record]",
	NULL
};

static const char *const examples[] = {
	"quorate status",
	"quorate status db-root",
	"quorate status --prometheus --output /srv/textfile/quorate.prom",
	NULL
};

const struct quo_command quo_command_status = {
	.name = "status",
	.summary = "show the inventory, and what is due",
	.usage = usage,
	.about = "What is due comes first, each with the command that is "
	    "next: rotations, reviews,\ndrills, lost cards, approvals, "
	    "alerts that were not delivered. NAME shows all of\na "
	    "credential. Nothing is written but by --record.",
	.options = options,
	.examples = examples,
	.no = "something is due",
	.size = sizeof(struct status),
	.most = SIZE_MAX,
	.run = run,
};
