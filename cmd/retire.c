/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/book.h"
#include "cmd/command.h"
#include "ledger/view.h"

struct retire {
	struct quo_common common;
	const char *reason;
};

static const struct quo_option options[] = {
	{ 0, "reason", "TEXT", QUO_TEXT(struct retire, reason),
	  .help = "why it is given up, for the log",
	  .group = "the credential" },
	{ 0 }
};

static void
say_left(const struct quo_view *v, int64_t now)
{
	const struct quo_view_incident *first;
	const size_t reviews = quo_due_incidents(v, QUO_DUE_REVIEW, now,
	    &first);

	quo_say("\"%s\" is retired: nothing %s is due of it", v->name,
	    reviews > 0 ? "but reviews" : "more");
	if (reviews > 0)
		quo_say("next: quorate review INC-%lld --reviewer WHO",
		    (long long)first->number);
	if (v->generation == 0)
		return;
	quo_say_warning("close its account on the target: the cards still "
	    "hold what it takes");
	quo_say("have the cards destroyed, and attested: quorate attest %s "
	    "--destroyed --generation %lld --form FILE", v->name,
	    (long long)v->generation);
}

static enum quo_exit
tell(const struct retire *r, struct quo_book *book, const char *name)
{
	struct quo_json *json = r->common.json ? quo_json_new() : NULL;
	const struct quo_view_rules rules = { .now = 0 };
	const struct quo_view *v = NULL;
	struct quo_views views;
	enum quo_exit end;

	end = quo_book_say(book, quo_views_load(book->ledger, &rules,
	    &views));
	if (end == QUO_EXIT_DONE)
		v = quo_views_find(&views, name);
	if (v != NULL)
		say_left(v, views.now);
	quo_views_clear(&views);
	quo_json_text(json, "credential", name);
	quo_json_text(json, "state", "retired");
	quo_json_text(json, "reason", r->reason);
	if (r->common.json && quo_say_json(json) != QUO_OK)
		end = quo_say_failure(QUO_EIO, "%s", "JSON");
	quo_json_free(json);
	return end;
}

static enum quo_exit
run(const void *values)
{
	const struct retire *r = values;
	const char *name = r->common.operands.items[0];
	const struct quo_entry entry = { .value = {
		[QUO_KEY_EVENT] = "retire",
		[QUO_KEY_CREDENTIAL] = name,
		[QUO_KEY_REASON] = r->reason,
	} };
	struct quo_book book = { 0 };
	enum quo_exit end;

	if (r->reason == NULL || !quo_value_valid(r->reason))
		return quo_say_misuse("--reason TEXT is wanted: why it is "
		    "given up, in one line");
	end = quo_book_open(&r->common, QUO_BOOK_WRITE, &book);
	if (end == QUO_EXIT_DONE)
		end = quo_book_record(&book, &entry, NULL);
	if (end == QUO_EXIT_DONE)
		end = tell(r, &book, name);
	quo_book_close(&book);
	return end;
}

static const char *const usage[] = { "NAME --reason TEXT", NULL };

static const char *const examples[] = {
	"quorate retire db-root --reason 'the host is gone'", NULL
};

const struct quo_command quo_command_retire = {
	.name = "retire",
	.summary = "take a credential out of use",
	.usage = usage,
	.about = "Records that the credential NAME is given up: its cards "
	"count as retired, and nothing is due of it any more but the reviews "
	"of its openings. The target isn't touched: close the account there. "
	"What is burned or on its way through a rotation is rotated first, "
	"for what was seen still opens the target.",
	.options = options,
	.examples = examples,
	.no = "the rules refuse it",
	.size = sizeof(struct retire),
	.least = 1,
	.most = 1,
	.run = run,
};
