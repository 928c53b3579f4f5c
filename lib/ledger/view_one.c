/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/utc.h"
#include "ledger/view_internal.h"

static enum quo_err
told(struct quo_ledger *ledger, enum quo_err err)
{
	return err == QUO_ECORRUPT ? err : quo_ledger_told(ledger, err);
}

#define CARDS "SELECT serial, custodian, location, bag, acknowledged, " \
	"drilled, lost, p.retired IS NOT NULL FROM dealing JOIN card " \
	"USING (set_id) LEFT JOIN person p ON p.handle = custodian WHERE "

static enum quo_err
each_card(struct quo_ledger *ledger, const char *sql, const char *of,
    void (*each)(const struct quo_view_card *card, void *arg), void *arg)
{
	struct quo_view_card card;
	struct quo_rows *rows = NULL;
	enum quo_err err, end;

	err = quo_db_ask(ledger->db, &rows, sql, "t", of);
	while (err == QUO_OK && quo_rows_next(rows)) {
		card = (struct quo_view_card){
			.serial = quo_rows_int(rows, 0),
			.custodian = quo_rows_text(rows, 1),
			.location = quo_rows_text(rows, 2),
			.bag = quo_rows_text(rows, 3),
			.acknowledged = quo_view_moment(
			    quo_rows_text(rows, 4), &err),
			.drilled = quo_view_moment(quo_rows_text(rows, 5),
			    &err),
			.lost = quo_view_moment(quo_rows_text(rows, 6),
			    &err),
			.left = quo_rows_int(rows, 7) != 0,
		};
		if (err == QUO_OK)
			each(&card, arg);
	}
	end = quo_rows_end(rows);
	return told(ledger, err != QUO_OK ? err : end);
}

enum quo_err
quo_view_cards(struct quo_ledger *ledger, const char *name,
    void (*each)(const struct quo_view_card *card, void *arg), void *arg)
{
	return each_card(ledger, CARDS "credential = ? AND status = "
	    "'current' ORDER BY serial", name, each, arg);
}

enum quo_err
quo_view_set_cards(struct quo_ledger *ledger, const char *set,
    void (*each)(const struct quo_view_card *card, void *arg), void *arg)
{
	return each_card(ledger, CARDS "set_id = ? ORDER BY serial", set, each,
	    arg);
}

enum quo_err
quo_view_profile(struct quo_ledger *ledger, const char *name,
    void (*each)(const char *field, const char *value, void *arg),
    void *arg)
{
	struct quo_rows *rows = NULL;
	enum quo_err err;

	err = quo_db_ask(ledger->db, &rows, "SELECT * FROM profile WHERE "
	    "credential = ?", "t", name);
	if (err == QUO_OK && quo_rows_next(rows))
		for (int i = 1; i < quo_rows_columns(rows); i++)
			if (quo_rows_text(rows, i) != NULL &&
			    *quo_rows_text(rows, i) != '\0')
				each(quo_rows_name(rows, i),
				    quo_rows_text(rows, i), arg);
	return told(ledger, err != QUO_OK ? err : quo_rows_end(rows));
}

/* The first one behind a name whose deadline has passed unrecorded. */
static enum quo_err
find_overdue(struct quo_ledger *ledger, const char *now,
    char name[QUO_VALUE_MAX + 1], char deadline[QUO_UTC_TEXT],
    char incident[32])
{
	struct quo_rows *rows = NULL;
	enum quo_err err;
	bool row;

	err = quo_db_ask(ledger->db, &rows, "SELECT name, deadline, "
	    "(SELECT max(number) FROM incident WHERE credential = name AND "
	    QUO_INCIDENT_UNROTATED ") FROM credential WHERE name > ? AND "
	    "overdue IS NULL AND burned IS NOT NULL AND deadline < ? AND state IN ('burned', 'rotating', 'unproven') "
	    "ORDER BY name LIMIT 1", "tt", name, now);
	if (err != QUO_OK)
		return err;
	row = quo_rows_next(rows);
	*incident = '\0';
	if (row) {
		snprintf(name, QUO_VALUE_MAX + 1, "%s",
		    quo_rows_text(rows, 0));
		snprintf(deadline, QUO_UTC_TEXT, "%s",
		    quo_rows_text(rows, 1));
		if (quo_rows_text(rows, 2) != NULL)
			snprintf(incident, 32, "INC-%lld",
			    (long long)quo_rows_int(rows, 2));
	}
	err = quo_rows_end(rows);
	return err == QUO_OK && !row ? QUO_ENOENT : err;
}

static enum quo_err
record_all(struct quo_ledger *ledger, int64_t now, size_t *made)
{
	char name[QUO_VALUE_MAX + 1] = "", deadline[QUO_UTC_TEXT];
	char text[QUO_UTC_TEXT], incident[32];
	struct quo_entry entry = { 0 };
	enum quo_err err;

	quo_utc_print(now, text);
	err = find_overdue(ledger, text, name, deadline, incident);
	while (err == QUO_OK) {
		entry.value[QUO_KEY_EVENT] = "overdue";
		entry.value[QUO_KEY_CREDENTIAL] = name;
		entry.value[QUO_KEY_DEADLINE] = deadline;
		entry.value[QUO_KEY_INCIDENT] = *incident != '\0' ?
		    incident : NULL;
		err = quo_ledger_record(ledger, &entry, NULL);
		*made += err == QUO_OK ? 1 : 0;
		if (err == QUO_OK)
			err = find_overdue(ledger, text, name, deadline,
			    incident);
	}
	return err == QUO_ENOENT ? QUO_OK : err;
}

enum quo_err
quo_view_record(struct quo_ledger *ledger, int64_t now, size_t *count)
{
	size_t made = 0;
	enum quo_err err;

	/* Within it nobody else records the same. */
	err = quo_ledger_begin(ledger);
	if (err != QUO_OK)
		return err;
	err = record_all(ledger, now != 0 ? now : quo_utc_now(), &made);
	if (err == QUO_OK)
		err = quo_ledger_commit(ledger);
	else
		quo_ledger_rollback(ledger);
	*count = err == QUO_OK ? made : 0;
	return err;
}
