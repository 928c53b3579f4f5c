/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "ledger/ledger_internal.h"

/* Make everything again, in memory, from the lines alone. */
static enum quo_err
replay(struct quo_ledger *ledger, struct quo_ledger *again)
{
	struct quo_rows *rows = NULL;
	enum quo_err err, end;

	err = quo_db_ask(ledger->db, &rows, "SELECT line FROM entry ORDER "
	    "BY number", "");
	if (err != QUO_OK)
		return err;
	while (err == QUO_OK && quo_rows_next(rows))
		err = quo_ledger_replay(again, quo_rows_text(rows, 0),
		    quo_rows_len(rows, 0));
	end = quo_rows_end(rows);
	return err != QUO_OK ? err : end;
}

static bool
same_value(struct quo_rows *a, struct quo_rows *b, int column)
{
	const char *x = quo_rows_text(a, column);
	const char *y = quo_rows_text(b, column);

	return x == NULL || y == NULL ? x == y : strcmp(x, y) == 0;
}

/* Row by row, in the order of the primary key. */
static enum quo_err
compare(struct quo_ledger *ledger, struct quo_rows *ours,
    struct quo_rows *again, const char *table)
{
	bool more = true, also = true;

	while (more && also) {
		more = quo_rows_next(ours);
		also = quo_rows_next(again);
		for (int c = 0; more && also && c < quo_rows_columns(ours);
		    c++)
			if (!same_value(ours, again, c))
				return quo_ledger_say(ledger, QUO_EMISMATCH,
				    "table %s, row \"%s\": %s is not what "
				    "the log says", table,
				    quo_rows_text(ours, 0),
				    quo_rows_name(ours, c));
	}
	return more == also ? QUO_OK : quo_ledger_say(ledger, QUO_EMISMATCH,
	    "table %s has %s rows than the log says", table,
	    more ? "more" : "fewer");
}

static enum quo_err
compare_table(struct quo_ledger *ledger, struct quo_ledger *again,
    const char *table)
{
	struct quo_rows *ours = NULL, *theirs = NULL;
	char sql[96];
	enum quo_err err, end;

	snprintf(sql, sizeof sql, "SELECT * FROM %s ORDER BY 1, 2", table);
	err = quo_db_ask(ledger->db, &ours, sql, "");
	if (err == QUO_OK)
		err = quo_db_ask(again->db, &theirs, sql, "");
	if (err == QUO_OK)
		err = compare(ledger, ours, theirs, table);
	end = quo_rows_end(theirs);
	if (err == QUO_OK)
		err = end;
	end = quo_rows_end(ours);
	return err == QUO_OK ? end : err;
}

enum quo_err
quo_ledger_agrees(struct quo_ledger *ledger)
{
	struct quo_ledger *again = NULL;
	enum quo_err err = quo_ledger_memory(&again), begun = err;

	/* Of one moment: others may write between one table and the next. */
	if (err == QUO_OK && !ledger->within)
		begun = err = quo_db_script(ledger->db, "BEGIN");
	if (err == QUO_OK) {
		err = replay(ledger, again);
		if (err != QUO_OK)
			quo_ledger_say(ledger, err, "replaying the log: %s",
			    quo_ledger_why(again));
	}
	for (size_t t = 0; err == QUO_OK && quo_schema_projected[t] != NULL;
	    t++)
		err = compare_table(ledger, again, quo_schema_projected[t]);
	if (begun == QUO_OK && !ledger->within)
		quo_db_rollback(ledger->db);
	quo_ledger_close(again);
	return err;
}
