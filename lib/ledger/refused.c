/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "ledger/ledger_internal.h"

static void
free_refused(struct quo_entry *e)
{
	for (int k = 0; e != NULL && k < QUO_KEYS; k++)
		free((char *)(uintptr_t)e->value[k]);
	free(e);
}

void
quo_refused_forget(struct quo_ledger *ledger)
{
	free_refused(ledger->refused);
	ledger->refused = NULL;
}

/* A reason names what was given, which may be no text, or is cut within a
 * character: nothing of that keeps a refusal out of the log. */
static void
clear_reason(const char *from, char to[QUO_WHY_MAX])
{
	size_t left = strnlen(from, QUO_WHY_MAX - 1), n = 0;
	uint32_t point;

	while (left > 0) {
		size_t len = quo_utf8_decode(from, left, &point);
		bool shown = len > 0 && point >= ' ' && point != 0x7F;

		if (len == 0)
			len = 1;
		if (shown)
			memcpy(to + n, from, len);
		else
			to[n] = '?';
		n += shown ? len : 1;
		from += len;
		left -= len;
	}
	to[n] = '\0';
}

/* Keep what was refused until it can be logged. */
enum quo_err
quo_refused_keep(struct quo_ledger *ledger, const struct quo_entry *entry,
    const char *why)
{
	char reason[QUO_WHY_MAX];
	struct quo_entry *e;

	clear_reason(why, reason);
	quo_refused_forget(ledger);
	e = calloc(1, sizeof *e);
	if (e == NULL)
		return QUO_ENOMEM;
	ledger->refused = e;
	for (int k = 0; k < QUO_KEYS; k++) {
		const char *text = k == QUO_KEY_EVENT ? "refused" :
		    k == QUO_KEY_ACT ? entry->value[QUO_KEY_EVENT] :
		    k == QUO_KEY_DETAIL ? entry->value[QUO_KEY_REASON] :
		    k == QUO_KEY_REASON ? reason : entry->value[k];

		if (text == NULL || !quo_value_valid(text))
			continue;
		e->value[k] = strdup(text);
		if (e->value[k] == NULL)
			return QUO_ENOMEM;
	}
	return QUO_OK;
}

/* Leave out what makes the entry too long: the reason stays. */
static void
shorten(struct quo_entry *e)
{
	const uint64_t stay = QUO_BIT(QUO_KEY_EVENT) | QUO_BIT(QUO_KEY_ACT) |
	    QUO_BIT(QUO_KEY_REASON) | QUO_BIT(QUO_KEY_INCIDENT);

	for (int k = 0; k < QUO_KEYS; k++)
		if ((stay & QUO_BIT(k)) == 0) {
			free((char *)(uintptr_t)e->value[k]);
			e->value[k] = NULL;
		}
}

/* What can't be written down was refused all the same: no error of its own.
 * Recording rolls back where it fails, so it must not find this one again. */
void
quo_refused_log(struct quo_ledger *ledger)
{
	struct quo_entry *e = ledger->refused;
	char why[QUO_WHY_MAX];

	if (e == NULL)
		return;
	ledger->refused = NULL;
	memcpy(why, ledger->why, sizeof why);
	if (quo_ledger_record(ledger, e, NULL) == QUO_ETOOBIG) {
		shorten(e);
		quo_ledger_record(ledger, e, NULL);
	}
	memcpy(ledger->why, why, sizeof why);
	free_refused(e);
}

enum quo_err
quo_ledger_refuse(struct quo_ledger *ledger, const struct quo_entry *entry,
    const char *why)
{
	enum quo_err err;

	if (why != ledger->why)
		quo_ledger_say(ledger, QUO_EREFUSED, "%s", why);
	err = quo_refused_keep(ledger, entry, ledger->why);
	if (err == QUO_OK && !ledger->within)
		quo_refused_log(ledger);
	return err == QUO_OK ? QUO_EREFUSED : err;
}
