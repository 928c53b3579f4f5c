/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/utc.h"
#include "ledger/frontier.h"
#include "ledger/incident.h"
#include "ledger/ledger_internal.h"

int64_t
quo_incident_opened(const struct quo_entry *opening)
{
	const char *time = opening->value[QUO_KEY_TIME];
	const char *seconds = opening->value[QUO_KEY_SECONDS];
	int64_t when = 0, before = 0;

	if (time == NULL || quo_utc_parse(time, &when) != QUO_OK)
		return 0;
	if (seconds != NULL)
		before = strtoll(seconds, NULL, 10);
	return before > 0 && before <= when ? when - before : when;
}

/* What became of it. */
static enum quo_err
load_fate(struct quo_ledger *ledger, int64_t number, bool *replaced,
    struct quo_incident *in)
{
	struct quo_rows *rows = NULL;
	enum quo_err err;
	bool there;

	err = quo_db_ask(ledger->db, &rows, "SELECT withdrawn IS NOT NULL, "
	    "opened IS NOT NULL, " QUO_INCIDENT_UNROTATED ", reviewed IS "
	    "NOT NULL, (SELECT count(*) FROM approval WHERE incident = number "
	    "AND used IS NULL), rotated IS NOT NULL, " QUO_INCIDENT_REPLACED
	    " FROM incident WHERE number = ?", "i", number);
	if (err != QUO_OK)
		return err;
	there = quo_rows_next(rows);
	if (there) {
		in->withdrawn = quo_rows_int(rows, 0) != 0;
		in->opened = quo_rows_int(rows, 1) != 0;
		in->unrotated = quo_rows_int(rows, 2) != 0;
		in->reviewed = quo_rows_int(rows, 3) != 0;
		in->given = quo_rows_int(rows, 4);
		in->over = in->withdrawn || in->reviewed ||
		    quo_rows_int(rows, 5) != 0;
		*replaced = quo_rows_int(rows, 6) != 0;
	}
	err = quo_rows_end(rows);
	return err == QUO_OK && !there ? QUO_ENOENT : err;
}

static bool
has_expired(const char *expires)
{
	int64_t when = INT64_MAX;

	if (expires != NULL)
		quo_utc_parse(expires, &when);
	return quo_utc_now() > when;
}

static enum quo_err
load_request(struct quo_ledger *ledger, int64_t number,
    struct quo_incident *in)
{
	uint8_t leaf[QUO_HASH_LEN];
	struct quo_rows *rows = NULL;
	enum quo_err err, found = QUO_ENOENT;

	err = quo_db_ask(ledger->db, &rows, "SELECT line FROM entry WHERE "
	    "number = ?", "i", number);
	if (err != QUO_OK)
		return err;
	if (quo_rows_next(rows)) {
		const char *line = quo_rows_text(rows, 0);
		size_t len = quo_rows_len(rows, 0);

		found = quo_line_decode(line, len, &in->request);
		quo_frontier_leaf(line, len, leaf);
		quo_hex_print(leaf, QUO_HASH_LEN, in->leaf);
	}
	err = quo_rows_end(rows);
	return err != QUO_OK ? err : found == QUO_EFORMAT ? QUO_ECORRUPT :
	    found;
}

enum quo_err
quo_incident_load(struct quo_ledger *ledger, const char *name,
    struct quo_incident **incident)
{
	int64_t number = quo_incident_number(name);
	struct quo_incident *in;
	const char *const *value;
	bool replaced = false;
	enum quo_err err;

	if (number < 0)
		return QUO_ENOENT;
	in = calloc(1, sizeof *in);
	if (in == NULL)
		return QUO_ENOMEM;
	value = in->request.entry.value;
	snprintf(in->name, sizeof in->name, "%s", name);
	err = load_fate(ledger, number, &replaced, in);
	if (err == QUO_OK)
		err = load_request(ledger, number, in);
	if (err == QUO_OK && value[QUO_KEY_CREDENTIAL] == NULL)
		err = QUO_ENOENT;
	if (err == QUO_OK)
		err = quo_ledger_approvals(ledger, value[QUO_KEY_CREDENTIAL],
		    &in->wanted);
	in->over = in->over || has_expired(value[QUO_KEY_EXPIRES]) ||
	    (in->wanted > 0 && (replaced ||
	    (in->opened && in->given < in->wanted)));
	if (err != QUO_OK)
		free(in);
	else
		*incident = in;
	return err;
}

void
quo_incident_approval(const struct quo_ledger *ledger,
    const struct quo_incident *incident, struct quo_approval *approval)
{
	const char *const *value = incident->request.entry.value;

	*approval = (struct quo_approval){
		.ledger = quo_ledger_id(ledger),
		.incident = incident->name,
		.credential = value[QUO_KEY_CREDENTIAL],
		.set = value[QUO_KEY_SET],
		.requester = value[QUO_KEY_REQUESTER],
		.reason = value[QUO_KEY_REASON],
		.ticket = value[QUO_KEY_TICKET],
		.criterion = value[QUO_KEY_CRITERION],
		.expected = value[QUO_KEY_EXPECTED],
		.requested = value[QUO_KEY_TIME],
		.expires = value[QUO_KEY_EXPIRES],
		.size = value[QUO_KEY_SIZE],
		.root = value[QUO_KEY_ROOT],
		.request = incident->leaf,
	};
}

void
quo_incident_review(const struct quo_ledger *ledger,
    const struct quo_incident *incident, struct quo_review *review)
{
	*review = (struct quo_review){
		.ledger = quo_ledger_id(ledger),
		.incident = incident->name,
		.credential =
		    incident->request.entry.value[QUO_KEY_CREDENTIAL],
		.request = incident->leaf,
	};
}

enum quo_err
quo_ledger_current_set(struct quo_ledger *ledger, const char *credential,
    char set[QUO_HEX_TEXT])
{
	struct quo_rows *rows = NULL;
	enum quo_err err;

	set[0] = '\0';
	err = quo_db_ask(ledger->db, &rows, "SELECT set_id FROM dealing "
	    "WHERE credential = ? AND status = 'current'", "t", credential);
	if (err != QUO_OK)
		return err;
	if (quo_rows_next(rows))
		snprintf(set, QUO_HEX_TEXT, "%s", quo_rows_text(rows, 0));
	return quo_rows_end(rows);
}

enum quo_err
quo_ledger_deadline(struct quo_ledger *ledger, const char *credential,
    int64_t fallback, int64_t *seconds)
{
	return quo_db_int(ledger->db, fallback, seconds, "SELECT deadline "
	    "FROM profile WHERE credential = ?", "t", credential);
}

enum quo_err
quo_ledger_rotate_by(struct quo_ledger *ledger, const char *credential,
    int64_t *deadline, bool *told)
{
	struct quo_rows *rows = NULL;
	int64_t first = 0;
	enum quo_err err;

	*told = false;
	err = quo_db_ask(ledger->db, &rows, "SELECT deadline, overdue IS NOT "
	    "NULL FROM credential WHERE name = ? AND burned IS NOT NULL",
	    "t", credential);
	if (err == QUO_OK && quo_rows_next(rows)) {
		*told = quo_rows_int(rows, 1) != 0;
		if (quo_rows_text(rows, 0) != NULL && quo_utc_parse(
		    quo_rows_text(rows, 0), &first) == QUO_OK &&
		    first < *deadline)
			*deadline = first;
	}
	return quo_ledger_told(ledger, err != QUO_OK ? err :
	    quo_rows_end(rows));
}

enum quo_err
quo_ledger_approvals(struct quo_ledger *ledger, const char *credential,
    int64_t *wanted)
{
	return quo_db_int(ledger->db, 0, wanted, "SELECT approvals FROM "
	    "profile WHERE credential = ?", "t", credential);
}

enum quo_err
quo_ledger_has_receipt(struct quo_ledger *ledger, const char *hash,
    bool *there)
{
	int64_t count = 0;
	enum quo_err err;

	err = quo_ledger_told(ledger, quo_db_int(ledger->db, 0, &count,
	    "SELECT count(*) FROM receipt WHERE hash = ?", "t", hash));
	*there = count > 0;
	return err;
}
