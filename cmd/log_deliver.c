/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>

#include "base/json.h"
#include "base/utc.h"
#include "cmd/book.h"
#include "cmd/log.h"
#include "cmd/tty.h"
#include "ledger/spool.h"

/* What was delivered, and what is left. */
struct outcome {
	struct quo_json *json;
	uint64_t delivered, waiting;
};

static void
count(void *arg, uint64_t entry, const char *sink, const char *why)
{
	struct outcome *o = arg;

	if (why[0] != '\0')
		return;
	o->delivered++;
	quo_say("entry %" PRIu64 ": delivered to %s", entry, sink);
}

/* "; the next try is due 2026-11-21 03:10 UTC"; "": with the next run. */
static void
print_next(const char *next, char text[64])
{
	int64_t when = 0;

	text[0] = '\0';
	if (next != NULL && quo_utc_parse(next, &when) == QUO_OK &&
	    when > quo_utc_now())
		snprintf(text, 64, "; the next try is due %.10s %.5s UTC",
		    next, next + 11);
}

static enum quo_err
show(void *arg, const struct quo_spool_item *item)
{
	struct outcome *o = arg;
	bool asked = item->sink[0] != '\0';
	char next[64];

	o->waiting++;
	quo_json_object(o->json, NULL);
	quo_json_int(o->json, "entry", (int64_t)item->entry);
	quo_json_text(o->json, "event", item->event);
	quo_json_text(o->json, "sink", asked ? item->sink : NULL);
	quo_json_int(o->json, "tries", item->tries);
	quo_json_text(o->json, "next", item->next);
	quo_json_text(o->json, "error", item->error);
	quo_json_close(o->json);
	if (o->json != NULL)
		return QUO_OK;
	print_next(item->next, next);
	quo_say_data("NOT DELIVERED: entry %" PRIu64 ", %s, to %s: %s%s",
	    item->entry, item->event, asked ? item->sink : "anybody",
	    item->error != NULL ? item->error : "not tried yet", next);
	return QUO_OK;
}

static enum quo_exit
deliver(struct quo_book *book, bool again, struct outcome *o)
{
	const struct quo_spool spool = {
		.hooks = book->settings->hooks,
		.syslog = book->settings->syslog,
		.hook_seconds = (unsigned)book->settings->hook_timeout,
		.again = again, .told = count, .arg = o,
	};
	enum quo_err err;

	err = quo_spool_run(book->ledger, &spool);
	quo_json_array(o->json, "waiting");
	if (err == QUO_OK)
		err = quo_spool_each(book->ledger, show, o);
	quo_json_close(o->json);
	quo_json_int(o->json, "delivered", (int64_t)o->delivered);
	if (err != QUO_OK)
		return quo_book_say(book, err);
	err = o->json != NULL ? quo_say_json(o->json) : QUO_OK;
	if (err != QUO_OK)
		return quo_say_failure(err, "%s", "JSON");
	return o->waiting == 0 ? QUO_EXIT_DONE : QUO_EXIT_NO;
}

static enum quo_exit
forget(const struct quo_log_options *o, struct quo_book *book)
{
	enum quo_err err;

	if (o->reason == NULL || !quo_value_valid(o->reason))
		return quo_say_misuse("why are the alerts to \"%s\" given "
		    "up? --reason TEXT", o->forget);
	err = quo_spool_forget(book->ledger, o->forget, o->reason);
	if (err == QUO_ENOENT) {
		quo_say_error("%s", quo_ledger_why(book->ledger));
		quo_say_hint("quorate log deliver shows what waits");
		return QUO_EXIT_NO;
	}
	if (err == QUO_OK)
		quo_say("alerts to %s are given up", o->forget);
	return quo_book_say(book, err);
}

enum quo_exit
quo_log_deliver(const struct quo_log_options *o)
{
	struct outcome outcome = { NULL, 0, 0 };
	struct quo_book book;
	enum quo_exit end;

	end = quo_book_open(&o->common, QUO_BOOK_WRITE, &book);
	if (end == QUO_EXIT_DONE && o->forget != NULL) {
		end = forget(o, &book);
	} else if (end == QUO_EXIT_DONE) {
		outcome.json = o->common.json ? quo_json_new() : NULL;
		end = deliver(&book, o->again || quo_tty_present(), &outcome);
	}
	quo_json_free(outcome.json);
	quo_book_close(&book);
	return end;
}
