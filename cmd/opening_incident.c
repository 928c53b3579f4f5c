/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "cmd/opening_internal.h"
#include "cmd/stop.h"
#include "cmd/tty.h"
#include "ledger/incident.h"

/*
 * The ledger failed: a rescue goes on, where somebody says so. On a host that
 * never had one there is nothing to bypass; and where it says already that
 * the credential is burned, the rest is told by the receipt.
 */
enum quo_exit
quo_opening_go_on(struct quo_opening *o, enum quo_err why)
{
	bool yes = o->burned || o->options.emergency != NULL ||
	    (why == QUO_ENOENT && o->common->settings->ledger_from ==
	    QUO_LEDGER_DEFAULT);

	quo_ledger_close(o->book.ledger);
	o->book.ledger = NULL;
	o->why = why;
	if (!yes && !quo_stopped() && quo_tty_present() && quo_tty_confirm(
	    "Go on without the ledger? Nothing is recorded but a receipt.",
	    &yes) != QUO_OK)
		yes = false;
	if (yes) {
		quo_say_warning("going on without the ledger");
		return QUO_EXIT_DONE;
	}
	quo_say_hint("--no-ledger goes on without; a receipt tells the "
	    "ledger later");
	return QUO_EXIT_MACHINE;
}

/* The same, said. */
enum quo_exit
quo_opening_lose(struct quo_opening *o, enum quo_err why)
{
	if (o->book.ledger != NULL)
		quo_book_say(&o->book, why);
	else
		quo_book_say_missing(&o->book);
	return quo_opening_go_on(o, why);
}

bool
quo_opening_stays(struct quo_opening *o)
{
	struct quo_incident *in = NULL;
	bool stays;

	if (o->incident[0] == '\0' || quo_incident_load(o->book.ledger,
	    o->incident, &in) != QUO_OK)
		return false;
	stays = !in->over;
	free(in);
	return stays;
}

/* What a call of the ledger gave: refused, or failed. */
enum quo_exit
quo_opening_judge(struct quo_opening *o, enum quo_err err)
{
	if (err == QUO_OK)
		return QUO_EXIT_DONE;
	if (err != QUO_EREFUSED && err != QUO_EINVAL)
		return quo_opening_lose(o, err);
	quo_book_say(&o->book, err);
	if (quo_opening_stays(o))
		quo_say_hint("--incident %s takes it up again later",
		    o->incident);
	if (o->options.emergency == NULL)
		quo_say_hint("--emergency REASON goes on all the same, and "
		    "tells everybody");
	return QUO_EXIT_NO;
}

/*
 * A NAME that isn't there is told before anybody is asked anything else, and
 * as a slip first: an emergency under a wrong name helps nobody.
 */
enum quo_exit
quo_opening_know(struct quo_opening *o)
{
	const struct quo_entry entry = { .value = {
		[QUO_KEY_EVENT] = "request",
		[QUO_KEY_CREDENTIAL] = o->name,
		[QUO_KEY_REQUESTER] = o->options.requester,
		[QUO_KEY_TICKET] = o->options.ticket,
		[QUO_KEY_DETAIL] = o->options.reason,
	} };
	enum quo_state state = QUO_STATE_NONE;
	enum quo_err err;

	if (o->name == NULL || o->options.emergency != NULL)
		return QUO_EXIT_DONE;
	err = quo_ledger_state(o->book.ledger, o->name, &state);
	if (err == QUO_OK && state != QUO_STATE_NONE)
		return QUO_EXIT_DONE;
	if (err == QUO_OK)
		err = quo_ledger_refuse(o->book.ledger, &entry,
		    "request: it is not in the ledger");
	if (err != QUO_EREFUSED)
		return quo_opening_lose(o, err);
	quo_say_error("\"%s\" is not in the ledger", o->name);
	quo_book_hint_name(&o->book, o->name);
	quo_say_hint("without NAME the cards tell what they are of");
	quo_say_hint("--emergency REASON goes on all the same, and tells "
	    "everybody");
	return QUO_EXIT_NO;
}

/* An attempt that says too little is one that others hear of, too. */
enum quo_exit
quo_opening_refuse(struct quo_opening *o, const char *option)
{
	const struct quo_entry entry = { .value = {
		[QUO_KEY_EVENT] = "open",
		[QUO_KEY_CREDENTIAL] = o->name,
		[QUO_KEY_REQUESTER] = o->options.requester,
		[QUO_KEY_TICKET] = o->options.ticket,
		[QUO_KEY_DETAIL] = o->options.reason,
	} };
	char why[128];
	enum quo_err err;

	quo_say_hint("or --incident INC-N, or --emergency REASON");
	snprintf(why, sizeof why, "open: it needs %s", option);
	err = quo_ledger_refuse(o->book.ledger, &entry, why);
	return err == QUO_EREFUSED ? QUO_EXIT_NO : quo_opening_lose(o, err);
}

/* One that quorate request declared. */
enum quo_exit
quo_opening_take(struct quo_opening *o)
{
	struct quo_incident *in = NULL;
	const char *const *v;
	enum quo_err err;

	err = quo_incident_load(o->book.ledger, o->options.incident, &in);
	if (err == QUO_ENOENT) {
		quo_say_error("there is no incident \"%s\"",
		    o->options.incident);
		return QUO_EXIT_NO;
	}
	if (err != QUO_OK)
		return quo_opening_judge(o, err);
	v = in->request.entry.value;
	snprintf(o->incident, sizeof o->incident, "%s", in->name);
	snprintf(o->answers[0], sizeof o->answers[0], "%s", v[QUO_KEY_REASON]
	    != NULL ? v[QUO_KEY_REASON] : "none");
	snprintf(o->answers[1], sizeof o->answers[1], "%s", v[QUO_KEY_TICKET]
	    != NULL ? v[QUO_KEY_TICKET] : "none");
	snprintf(o->answers[2], sizeof o->answers[2], "%s",
	    v[QUO_KEY_REQUESTER] != NULL ? v[QUO_KEY_REQUESTER] : "unknown");
	o->options.reason = o->answers[0];
	o->options.ticket = o->answers[1];
	o->options.requester = o->answers[2];
	if (v[QUO_KEY_CREDENTIAL] != NULL)
		o->credential = strdup(v[QUO_KEY_CREDENTIAL]);
	free(in);
	if (o->name != NULL && o->credential != NULL &&
	    strcmp(o->name, o->credential) != 0) {
		quo_say_error("%s is about \"%s\", not \"%s\"", o->incident,
		    o->credential, o->name);
		return QUO_EXIT_NO;
	}
	return QUO_EXIT_DONE;
}

enum quo_exit
quo_opening_declare(struct quo_opening *o)
{
	const char *cited = quo_opening_criterion(o);
	char expected[QUO_SPAN_TEXT], expires[QUO_UTC_TEXT];
	const struct quo_entry entry = { .value = {
		[QUO_KEY_CREDENTIAL] = o->credential,
		[QUO_KEY_REQUESTER] = o->options.requester,
		[QUO_KEY_REASON] = o->options.reason,
		[QUO_KEY_TICKET] = o->options.ticket,
		[QUO_KEY_CRITERION] = cited,
		[QUO_KEY_EXPECTED] = expected,
		[QUO_KEY_EXPIRES] = expires,
		[QUO_KEY_EMERGENCY] = o->options.emergency,
	} };
	uint64_t number = 0;
	enum quo_exit end;

	quo_span_print(o->options.expected, expected);
	quo_utc_print(quo_utc_now() + o->book.settings->approval_expires,
	    expires);
	end = quo_opening_judge(o, quo_incident_declare(o->book.ledger, &entry,
	    &number));
	if (end == QUO_EXIT_DONE && o->book.ledger != NULL) {
		snprintf(o->incident, sizeof o->incident, "INC-%llu",
		    (unsigned long long)number);
		quo_say("%s is declared", o->incident);
	}
	return end;
}
