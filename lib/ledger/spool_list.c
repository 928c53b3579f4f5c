/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/spool_internal.h"

enum quo_err
quo_spool_count(struct quo_ledger *ledger, uint64_t *count)
{
	int64_t n = 0;
	enum quo_err err;

	err = quo_db_int(ledger->db, 0, &n, "SELECT count(*) FROM delivery "
	    "WHERE done = 0", "");
	*count = (uint64_t)n;
	return quo_ledger_told(ledger, err);
}

static enum quo_err
visit_row(struct quo_rows *rows, struct quo_line *line,
    enum quo_err (*visit)(void *arg, const struct quo_spool_item *item),
    void *arg)
{
	struct quo_spool_item item = {
		.entry = (uint64_t)quo_rows_int(rows, 0),
		.sink = quo_rows_text(rows, 1),
		.tries = (unsigned)quo_rows_int(rows, 2),
		.next = quo_rows_text(rows, 3),
		.error = quo_rows_text(rows, 4),
	};
	const char *text = quo_rows_text(rows, 5);

	if (text == NULL ||
	    quo_line_decode(text, quo_rows_len(rows, 5), line) != QUO_OK)
		return QUO_ECORRUPT;
	item.event = line->entry.value[QUO_KEY_EVENT];
	return visit(arg, &item);
}

enum quo_err
quo_spool_each(struct quo_ledger *ledger,
    enum quo_err (*visit)(void *arg, const struct quo_spool_item *item),
    void *arg)
{
	struct quo_line *line = malloc(sizeof *line);
	struct quo_rows *rows = NULL;
	enum quo_err err, end;

	if (line == NULL)
		return QUO_ENOMEM;
	err = quo_ledger_told(ledger, quo_db_ask(ledger->db, &rows,
	    "SELECT d.entry, d.sink, d.tries, d.next, d.error, e.line "
	    "FROM delivery d "
	    "LEFT JOIN entry e ON e.number = d.entry WHERE d.done = 0 "
	    "ORDER BY d.entry, d.sink", ""));
	while (err == QUO_OK && quo_rows_next(rows))
		err = visit_row(rows, line, visit, arg);
	end = quo_rows_end(rows);
	free(line);
	return err == QUO_OK ? quo_ledger_told(ledger, end) : err;
}

static enum quo_err
forget(struct quo_ledger *ledger, const char *sink, const char *reason)
{
	char detail[80];
	const struct quo_entry entry = { .value = {
		[QUO_KEY_EVENT] = "undelivered",
		[QUO_KEY_REASON] = reason,
		[QUO_KEY_SINK] = sink,
		[QUO_KEY_DETAIL] = detail,
	} };
	int64_t n = 0;
	enum quo_err err;

	err = quo_ledger_told(ledger, quo_db_int(ledger->db, 0, &n,
	    "SELECT count(*) FROM delivery WHERE sink = ? AND done = 0",
	    "t", sink));
	if (err == QUO_OK && n == 0)
		return quo_ledger_say(ledger, QUO_ENOENT, "nothing waits "
		    "for the sink \"%s\"", sink);
	if (err == QUO_OK)
		err = quo_ledger_told(ledger, quo_db_run(ledger->db,
		    "UPDATE delivery SET done = 1, next = NULL WHERE sink = ? "
		    "AND done = 0",
		    "t", sink));
	snprintf(detail, sizeof detail, "%lld alerts are given up",
	    (long long)n);
	return err == QUO_OK ? quo_ledger_record(ledger, &entry, NULL) : err;
}

enum quo_err
quo_spool_forget(struct quo_ledger *ledger, const char *sink,
    const char *reason)
{
	enum quo_err err = quo_ledger_begin(ledger);

	if (err != QUO_OK)
		return err;
	err = forget(ledger, sink, reason);
	if (err == QUO_OK)
		return quo_ledger_commit(ledger);
	quo_ledger_rollback(ledger);
	return err;
}
