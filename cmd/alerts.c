/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>

#include "cmd/alerts.h"

/* For syslog, and for hooks that are quick, behind one that isn't. */
#define MORE_SECONDS 5

static struct quo_spool
spool_of(const struct quo_settings *settings)
{
	return (struct quo_spool){
		.hooks = settings->hooks, .syslog = settings->syslog,
		.hook_seconds = (unsigned)settings->hook_timeout,
	};
}

static void
warn(void *arg, uint64_t entry, const char *sink, const char *why)
{
	bool *failed = arg;

	if (why[0] == '\0')
		return;
	*failed = true;
	quo_say_warning("the alert of entry %" PRIu64 " is NOT DELIVERED to "
	    "%s: %s", entry, sink, why);
}

void
quo_alerts_send(struct quo_book *book)
{
	struct quo_spool spool = spool_of(book->settings);
	bool failed = false;
	enum quo_err err;

	spool.seconds = spool.hook_seconds + MORE_SECONDS;
	spool.fresh = true;
	spool.told = warn;
	spool.arg = &failed;
	err = quo_spool_run(book->ledger, &spool);
	if (err != QUO_OK)
		quo_say_warning("alerts are NOT DELIVERED: %s",
		    quo_strerror(err));
	if (failed || err != QUO_OK)
		quo_say_hint("quorate log deliver tries again");
}

static void
note(void *arg, uint64_t entry, const char *sink, const char *why)
{
	struct quo_alerts_missed *missed = arg;

	(void)entry;
	if (why[0] == '\0')
		return;
	quo_say_warning("the alert is NOT DELIVERED to %s: %s", sink, why);
	if (missed->count == QUO_RECEIPT_SINKS)
		return;
	snprintf(missed->names[missed->count],
	    sizeof missed->names[missed->count], "%s", sink);
	missed->sinks[missed->count] = missed->names[missed->count];
	missed->count++;
}

void
quo_alerts_tell(const struct quo_settings *settings,
    const struct quo_entry *entry, struct quo_alerts_missed *missed)
{
	struct quo_spool spool = spool_of(settings);
	enum quo_err err;

	missed->count = 0;
	spool.seconds = spool.hook_seconds + MORE_SECONDS;
	spool.told = note;
	spool.arg = missed;
	err = quo_spool_tell(&spool, entry);
	if (err != QUO_OK)
		note(missed, 0, "all", quo_strerror(err));
}
