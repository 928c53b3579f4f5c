/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd/alarm.h"
#include "ledger/alert.h"
#include "ledger/spool.h"

static void
say_missed(const char *sink, const char *why)
{
	quo_say_warning("alert NOT DELIVERED to %s: %s", sink, why);
}

static void
told(void *with, uint64_t entry, const char *sink, const char *why)
{
	(void)with;
	(void)entry;
	if (*why != '\0')
		say_missed(sink, why);
}

void
quo_alarm_deliver(struct quo_book *book)
{
	const struct quo_spool spool = {
		.hooks = book->settings->hooks,
		.syslog = book->settings->syslog,
		.hook_seconds = (unsigned)book->settings->hook_timeout,
		.seconds = QUO_ALARM_SECONDS,
		.fresh = true,
		.told = told,
	};
	enum quo_err err = quo_spool_run(book->ledger, &spool);

	if (err != QUO_OK)
		quo_say_failure(err, "%s", "alerts NOT DELIVERED: the "
		    "ledger");
}

static void
keep(struct quo_alarm_missed *missed, const char *sink, const char *why)
{
	char **more;

	say_missed(sink, why);
	more = realloc(missed->sinks, (missed->count + 1) * sizeof *more);
	if (more == NULL)
		return;
	missed->sinks = more;
	more[missed->count] = strdup(sink);
	if (more[missed->count] != NULL)
		missed->count++;
}

static void
raise_syslog(const struct quo_settings *settings,
    const struct quo_entry *entry, struct quo_alarm_missed *missed)
{
	const char *name = entry->value[QUO_KEY_CREDENTIAL];
	char text[QUO_ALERT_SYSLOG_MAX], why[QUO_ALERT_WHY];

	if (settings->syslog == NULL)
		return;
	snprintf(text, sizeof text, "quorate: %s \"%s\" by %s: %s",
	    entry->value[QUO_KEY_EVENT], name != NULL ? name : "",
	    entry->value[QUO_KEY_ACTOR], entry->value[QUO_KEY_DETAIL]);
	if (quo_alert_syslog(settings->syslog, text, why) != QUO_OK)
		keep(missed, "syslog", why);
}

static void
raise_hooks(const struct quo_settings *settings, const char *line,
    struct quo_alarm_missed *missed)
{
	struct quo_alert_hook *hooks = NULL;
	time_t end = time(NULL) + QUO_ALARM_SECONDS;
	char why[QUO_ALERT_WHY];
	size_t count = 0;
	enum quo_err err;

	err = quo_alert_hooks_list(settings->hooks, &hooks, &count);
	if (err != QUO_OK && err != QUO_ENOENT)
		keep(missed, "hooks", quo_strerror(err));
	for (size_t i = 0; i < count; i++) {
		if (hooks[i].why[0] != '\0')
			keep(missed, hooks[i].sink, hooks[i].why);
		else if (time(NULL) >= end)
			keep(missed, hooks[i].sink, "the others took too long");
		else if (quo_alert_hook(hooks[i].path, line,
		    (unsigned)settings->hook_timeout, why) != QUO_OK)
			keep(missed, hooks[i].sink, why);
	}
	quo_alert_hooks_free(hooks, count);
}

void
quo_alarm_raise(const struct quo_settings *settings,
    const struct quo_entry *entry, struct quo_alarm_missed *missed)
{
	char *line = NULL;
	size_t len;

	*missed = (struct quo_alarm_missed){ .count = 0 };
	raise_syslog(settings, entry, missed);
	if (settings->hooks == NULL)
		return;
	if (quo_line_encode(entry, &line, &len) == QUO_OK)
		raise_hooks(settings, line, missed);
	else
		keep(missed, "hooks", "the event can't be written as a line");
	free(line);
}

void
quo_alarm_missed_free(struct quo_alarm_missed *missed)
{
	for (size_t i = 0; i < missed->count; i++)
		free(missed->sinks[i]);
	free(missed->sinks);
	*missed = (struct quo_alarm_missed){ .count = 0 };
}
