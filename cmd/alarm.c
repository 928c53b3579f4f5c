/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "cmd/alarm.h"
#include "ledger/spool.h"

static struct quo_spool
spool_of(const struct quo_settings *settings)
{
	return (struct quo_spool){
		.hooks = settings->hooks,
		.syslog = settings->syslog,
		.hook_seconds = (unsigned)settings->hook_timeout,
		.seconds = QUO_ALARM_SECONDS,
		.fresh = true,
	};
}

static void
told(void *with, uint64_t entry, const char *sink, const char *why)
{
	bool *missed = with;

	(void)entry;
	if (*why == '\0')
		return;
	*missed = true;
	quo_say_warning("alert NOT DELIVERED to %s: %s", sink, why);
}

void
quo_alarm_deliver(struct quo_book *book)
{
	struct quo_spool spool = spool_of(book->settings);
	bool missed = false;
	enum quo_err err;

	spool.told = told;
	spool.arg = &missed;
	err = quo_spool_run(book->ledger, &spool);
	if (err != QUO_OK)
		quo_say_failure(err, "%s", "alerts NOT DELIVERED: the "
		    "ledger");
	else if (missed)
		quo_say_hint("quorate log deliver tries again");
}

static void
keep(void *with, uint64_t entry, const char *sink, const char *why)
{
	struct quo_alarm_missed *missed = with;
	bool said = false;
	char **more;

	told(&said, entry, sink, why);
	if (!said)
		return;
	more = QUO_GROW(missed->sinks, missed->count);
	if (more != NULL && (*more = strdup(sink)) == NULL)
		missed->count--;
}

void
quo_alarm_raise(const struct quo_settings *settings,
    const struct quo_entry *entry, struct quo_alarm_missed *missed)
{
	struct quo_spool spool = spool_of(settings);
	enum quo_err err;

	*missed = (struct quo_alarm_missed){ .count = 0 };
	spool.told = keep;
	spool.arg = missed;
	err = quo_spool_tell(&spool, entry);
	if (err != QUO_OK)
		keep(missed, 0, "anybody", quo_strerror(err));
}

void
quo_alarm_missed_free(struct quo_alarm_missed *missed)
{
	for (size_t i = 0; i < missed->count; i++)
		free(missed->sinks[i]);
	free(missed->sinks);
	*missed = (struct quo_alarm_missed){ .count = 0 };
}
