/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/utc.h"
#include "ledger/ledger_internal.h"
#include "ledger/sets.h"

/* In the order of enum quo_set_place. */
#define PLACE "CASE status WHEN 'pending' THEN 0 WHEN 'current' THEN 1 " \
	"ELSE 2 END"

static enum quo_err
add(struct quo_sets *sets, struct quo_rows *rows)
{
	struct quo_set_row *row = QUO_GROW(sets->row, sets->count);

	if (row == NULL)
		return QUO_ENOMEM;
	*row = (struct quo_set_row){
		.generation = (uint32_t)quo_rows_int(rows, 1),
		.place = (enum quo_set_place)quo_rows_int(rows, 2),
		.opened = quo_rows_int(rows, 3) != 0,
	};
	snprintf(row->id, sizeof row->id, "%s", quo_rows_text(rows, 0));
	if (quo_rows_text(rows, 4) != NULL)
		snprintf(row->confirm, sizeof row->confirm, "%s",
		    quo_rows_text(rows, 4));
	return QUO_OK;
}

enum quo_err
quo_sets_load(struct quo_ledger *ledger, const char *name,
    struct quo_sets *sets)
{
	struct quo_rows *rows = NULL;
	int64_t unproven = 0, refused = 0;
	enum quo_err err, end;

	*sets = (struct quo_sets){ .state = QUO_STATE_NONE };
	err = quo_ledger_state(ledger, name, &sets->state);
	/* It may have been opened since. */
	if (err == QUO_OK)
		err = quo_db_int(ledger->db, 0, &unproven, "SELECT count(*) "
		    "FROM credential WHERE name = ? AND rotation = "
		    "'unproven'", "t", name);
	sets->unproven = unproven != 0;
	if (err == QUO_OK)
		err = quo_db_int(ledger->db, 0, &refused, "SELECT count(*) "
		    "FROM credential WHERE name = ? AND rotation = 'refused'",
		    "t", name);
	sets->refused = refused != 0;
	if (err == QUO_OK)
		err = quo_db_ask(ledger->db, &rows, "SELECT set_id, "
		    "generation, " PLACE ", opened IS NOT NULL, "
		    QUO_DEALING_CONFIRM " FROM dealing WHERE credential = ? "
		    "AND status IN ('pending', 'current', 'waiting') ORDER BY " PLACE ", generation "
		    "DESC", "t", name);
	if (err != QUO_OK)
		return quo_ledger_told(ledger, err);
	while (err == QUO_OK && quo_rows_next(rows))
		err = add(sets, rows);
	end = quo_rows_end(rows);
	return quo_ledger_told(ledger, err != QUO_OK ? err : end);
}

const struct quo_set_row *
quo_sets_new(const struct quo_sets *sets)
{
	if (sets->count == 0)
		return NULL;
	if (sets->row[sets->count - 1].place == QUO_PLACE_WAITING)
		return &sets->row[sets->count - 1];
	return sets->row[0].place == QUO_PLACE_PENDING ? &sets->row[0] : NULL;
}

const struct quo_set_row *
quo_sets_before(const struct quo_sets *sets, const struct quo_set_row *row)
{
	for (size_t i = 0; row != NULL && i < sets->count; i++)
		if (sets->row[i].generation < row->generation &&
		    sets->row[i].place != QUO_PLACE_WAITING)
			return &sets->row[i];
	return NULL;
}

const struct quo_set_row *
quo_sets_other(const struct quo_sets *sets, const struct quo_set_row *row,
    const char *id)
{
	for (size_t i = 0; i < sets->count; i++)
		if (sets->row[i].place != QUO_PLACE_WAITING &&
		    (row == NULL || sets->row[i].generation <
		    row->generation) && strcmp(sets->row[i].id, id) != 0)
			return &sets->row[i];
	return NULL;
}

const struct quo_set_row *
quo_sets_nth(const struct quo_sets *sets, size_t n)
{
	size_t count = sets->count;

	if (count > 0 && sets->row[count - 1].place == QUO_PLACE_WAITING)
		count--;
	if (n >= count)
		return NULL;
	return &sets->row[sets->refused ? (n + 1) % count : n];
}

void
quo_sets_clear(struct quo_sets *sets)
{
	free(sets->row);
	*sets = (struct quo_sets){ .state = QUO_STATE_NONE };
}

enum quo_err
quo_sets_probes(struct quo_ledger *ledger, const char *name, int64_t since,
    int64_t *count)
{
	char utc[QUO_UTC_TEXT];

	quo_utc_print(since, utc);
	return quo_ledger_told(ledger, quo_db_int(ledger->db, 0, count,
	    "SELECT count(*) FROM probe WHERE credential = ? AND time > ?",
	    "tt", name, utc));
}
