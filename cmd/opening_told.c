/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <unistd.h>

#include "base/utc.h"
#include "cmd/cards.h"
#include "cmd/opening_internal.h"

/* The one place where people are told before anything is revealed. */
void
quo_opening_alert(struct quo_opening *o, const struct quo_quorum *quorum)
{
	char now[QUO_UTC_TEXT], host[256] = "unknown", actor[32];
	char cards[QUO_CARDS_LIST];
	struct quo_entry entry = { .value = {
		[QUO_KEY_TIME] = now, [QUO_KEY_EVENT] = "open",
		[QUO_KEY_CREDENTIAL] = quorum->opened.credential.name,
		[QUO_KEY_ACTOR] = actor, [QUO_KEY_AUTH] = "claimed",
		[QUO_KEY_REQUESTER] = o->options.requester,
		[QUO_KEY_REASON] = o->options.reason,
		[QUO_KEY_TICKET] = o->options.ticket,
		[QUO_KEY_EMERGENCY] = o->options.emergency,
		[QUO_KEY_CARDS] = cards,
		[QUO_KEY_DETAIL] = "opened without the ledger",
		[QUO_KEY_HOST] = host,
	} };

	if (o->book.ledger != NULL) {
		quo_alarm_deliver(&o->book);
		return;
	}
	quo_utc_print(quo_utc_now(), now);
	gethostname(host, sizeof host - 1);
	snprintf(actor, sizeof actor, "uid %u", (unsigned)getuid());
	quo_cards_list(&quorum->used, cards);
	for (int k = 0; k < QUO_KEYS; k++)
		if (entry.value[k] != NULL && !quo_value_valid(
		    entry.value[k]))
			entry.value[k] = NULL;
	quo_alarm_raise(o->common->settings, &entry, &o->missed);
}

void
quo_opening_tick(void *opening)
{
	struct quo_opening *o = opening;
	char span[QUO_SPAN_TEXT], deadline[QUO_UTC_TEXT];
	struct quo_entry entry = { .value = {
		[QUO_KEY_EVENT] = "overdue",
		[QUO_KEY_CREDENTIAL] = o->credential,
		[QUO_KEY_DEADLINE] = deadline,
	} };
	int64_t now = quo_utc_now();

	if (!o->late && now >= o->opened + o->options.expected) {
		o->late = true;
		quo_span_print(o->options.expected, span);
		quo_say_warning("it was to take %s: that is over; rotate as "
		    "soon as it is done", span);
	}
	if (!o->burned || o->retired || o->overdue || now < o->deadline)
		return;
	o->overdue = true;
	quo_utc_print(o->deadline, deadline);
	quo_say_warning("overdue: it should be rotated by now (%s)",
	    deadline);
	if (o->book.ledger != NULL && quo_ledger_record(o->book.ledger,
	    &entry, NULL) == QUO_OK)
		quo_alarm_deliver(&o->book);
}

void
quo_opening_closed(struct quo_opening *o, const char *how)
{
	char seconds[24];
	struct quo_entry entry = { .value = {
		[QUO_KEY_EVENT] = "close",
		[QUO_KEY_CREDENTIAL] = o->credential,
		[QUO_KEY_SECONDS] = seconds,
		[QUO_KEY_DETAIL] = how,
	} };

	if (o->book.ledger == NULL)
		return;
	snprintf(seconds, sizeof seconds, "%lld",
	    (long long)(quo_utc_now() - o->opened));
	/* It is over: there is nothing left to go on with, or to refuse. */
	entry.value[QUO_KEY_INCIDENT] = o->incident;
	quo_book_record(&o->book, &entry, NULL);
}

void
quo_opening_say_next(const struct quo_opening *o, const char *name)
{
	char deadline[QUO_UTC_TEXT];

	if (o->book.ledger == NULL) {
		quo_say("rotate it: quorate rotate %s CARD... --hook EXE",
		    name);
		return;
	}
	if (!o->burned)
		return;
	quo_utc_print(o->deadline, deadline);
	if (!o->retired)
		quo_say("rotate it by %.10s %.5s UTC: quorate rotate %s "
		    "CARD...", deadline, deadline + 11, o->credential !=
		    NULL ? o->credential : name);
	quo_say("%shave it reviewed: quorate review %s --reviewer WHO",
	    o->retired ? "" : "then ", o->incident);
}
