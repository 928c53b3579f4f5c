/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "ledger/alert_internal.h"
#include "ledger/spool_internal.h"

/* What is told, in both forms, and how long it may take. */
struct telling {
	const struct quo_spool *spool;
	char *json, *words;
	time_t end;
};

static void
told(const struct telling *t, const char *sink, const char *why)
{
	if (t->spool->told != NULL)
		t->spool->told(t->spool->arg, 0, sink, why);
}

static void
tell_hook(const struct telling *t, const struct quo_alert_hook *hook)
{
	char why[QUO_ALERT_WHY];
	unsigned seconds = t->spool->hook_seconds;
	time_t left = t->end - quo_spool_clock();

	if (seconds == 0)
		seconds = QUO_ALERT_SECONDS;
	if (t->spool->seconds > 0 && left < (time_t)seconds)
		seconds = left > 0 ? (unsigned)left : 0;
	memcpy(why, hook->why, sizeof why);
	if (why[0] == '\0' && seconds == 0)
		quo_alert_fail(QUO_ETIMEOUT, why, "others took all the time");
	else if (why[0] == '\0')
		quo_alert_hook(hook->path, t->json, seconds, why);
	told(t, hook->sink, why);
}

static enum quo_err
tell_all(const struct telling *t)
{
	struct quo_alert_hook *hooks = NULL;
	char why[QUO_ALERT_WHY];
	size_t count = 0;
	enum quo_err err = QUO_OK;

	if (t->spool->syslog != NULL) {
		quo_alert_syslog(t->spool->syslog, t->words, why);
		told(t, "syslog", why);
	}
	if (t->spool->hooks != NULL)
		err = quo_alert_hooks_list(t->spool->hooks, &hooks, &count);
	if (err == QUO_EIO) {
		quo_alert_fail(err, why, "%s can't be read", t->spool->hooks);
		told(t, "hooks", why);
	}
	for (size_t i = 0; i < count; i++)
		tell_hook(t, &hooks[i]);
	quo_alert_hooks_free(hooks, count);
	return err == QUO_ENOMEM ? err : QUO_OK;
}

enum quo_err
quo_spool_tell(const struct quo_spool *spool, const struct quo_entry *entry)
{
	struct telling t = { .spool = spool,
	    .end = quo_spool_clock() + (time_t)spool->seconds };
	char *line = NULL;
	enum quo_err err;
	size_t len;

	if (entry->value[QUO_KEY_EVENT] == NULL)
		return QUO_EINVAL;
	err = quo_line_encode(entry, &line, &len);
	if (err == QUO_OK)
		err = quo_spool_json(NULL, line, &t.json);
	if (err == QUO_OK)
		err = quo_spool_words(NULL, line, &t.words);
	if (err == QUO_OK)
		err = tell_all(&t);
	free(line);
	free(t.json);
	free(t.words);
	return err;
}
