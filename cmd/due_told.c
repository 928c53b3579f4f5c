/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "base/utc.h"
#include "cmd/due_internal.h"

static const char *const names[QUO_RESULTS] = {
	[QUO_RESULT_OPEN] = "left",
	[QUO_RESULT_PROVEN] = "proven",
	[QUO_RESULT_UNPROVEN] = "unproven",
	[QUO_RESULT_WAITING] = "waiting",
	[QUO_RESULT_HELD] = "failed",
	[QUO_RESULT_FAILED] = "failed",
	[QUO_RESULT_PAUSED] = "paused",
	[QUO_RESULT_NEEDS] = "needs",
};

/* The same for people. */
static const char *
said(int result)
{
	return result == QUO_RESULT_NEEDS ? "in need of somebody" :
	    names[result];
}

static void
report(const struct quo_due_work *d, struct quo_json *json)
{
	quo_json_array(json, "credentials");
	for (size_t i = 0; i < d->count; i++) {
		const struct quo_due_item *item = &d->items[i];

		quo_json_object(json, NULL);
		quo_json_text(json, "name", item->name);
		quo_json_text(json, "due", quo_due_name(item->why));
		quo_json_text(json, "result", names[item->result]);
		quo_json_text(json, "reason", item->reason[0] != '\0' ?
		    item->reason : NULL);
		quo_json_close(json);
	}
	quo_json_close(json);
}

/* "3 due: 2 proven, 1 failed" */
static void
say_sum(size_t count, const size_t sum[QUO_RESULTS])
{
	char text[256] = "nothing";
	size_t used = 0;

	for (int i = 0; i < QUO_RESULTS; i++) {
		/* QUO_RESULT_OPEN is what is left: it stands last. */
		const int r = i + 1 < QUO_RESULTS ? i + 1 : QUO_RESULT_OPEN;

		if (sum[r] > 0)
			used += (size_t)snprintf(text + used,
			    sizeof text - used, "%s%zu %s", used > 0 ? ", " :
			    "", sum[r], said(r));
	}
	if (count == 0)
		quo_say("nothing is due");
	else
		quo_say("%zu due: %s", count, text);
}

enum quo_exit
quo_due_tell(const struct quo_due_work *d, struct quo_json *json)
{
	size_t sum[QUO_RESULTS] = { 0 };

	for (size_t i = 0; i < d->count; i++) {
		const struct quo_due_item *item = &d->items[i];

		sum[item->result]++;
		if (item->result != QUO_RESULT_PROVEN &&
		    item->result != QUO_RESULT_OPEN)
			quo_say_error("\"%s\": %s%s%s", item->name,
			    said((int)item->result), item->reason[0] != '\0' ?
			    ": " : "", item->reason);
	}
	quo_json_int(json, "due", (int64_t)d->count);
	for (int r = 0; r < QUO_RESULTS; r++)
		if (r != QUO_RESULT_HELD)
			quo_json_int(json, names[r], (int64_t)sum[r]);
	report(d, json);
	say_sum(d->count, sum);
	if (sum[QUO_RESULT_OPEN] > 0)
		quo_say_error("%zu %s left for the next run",
		    sum[QUO_RESULT_OPEN], sum[QUO_RESULT_OPEN] == 1 ? "is" : "are");
	return sum[QUO_RESULT_PROVEN] == d->count ? QUO_EXIT_DONE : QUO_EXIT_NO;
}

enum quo_exit
quo_due_list(const struct quo_due_work *d, struct quo_json *json)
{
	char utc[QUO_UTC_TEXT], name[1024], line[1152];
	int len;

	report(d, json);
	for (size_t i = 0; json == NULL && i < d->count; i++) {
		quo_utc_print(d->items[i].since, utc);
		quo_say_escape(d->items[i].name, name, sizeof name);
		len = snprintf(line, sizeof line, "%s\t%s\t%s\n", name,
		    quo_due_name(d->items[i].why), utc);
		quo_say_bytes(line, (size_t)len);
	}
	return d->count == 0 ? QUO_EXIT_DONE : QUO_EXIT_NO;
}
