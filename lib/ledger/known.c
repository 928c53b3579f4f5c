/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "ledger/known.h"
#include "ledger/ledger_internal.h"

/* Copies of a row's texts; false: no memory. */
static bool
copy(struct quo_rows *rows, int column, char **text)
{
	const char *value = quo_rows_text(rows, column);

	*text = value != NULL ? strdup(value) : NULL;
	return value == NULL || *text != NULL;
}

/* What the first row says of a set; nothing where there is none. */
static enum quo_err
take_set(struct quo_rows *rows, struct quo_known_set *known)
{
	bool good = true;

	if (quo_rows_next(rows)) {
		known->standing = (enum quo_standing)quo_rows_int(rows, 0);
		known->generation = (uint32_t)quo_rows_int(rows, 1);
		good = copy(rows, 2, &known->credential) &&
		    copy(rows, 3, &known->set);
		known->waiting = quo_rows_int(rows, 4) != 0;
		known->live = quo_rows_int(rows, 5) != 0;
	}
	return good ? QUO_OK : QUO_ENOMEM;
}

static enum quo_err
end(struct quo_ledger *ledger, struct quo_rows *rows, enum quo_err err)
{
	enum quo_err ended = quo_rows_end(rows);

	if (ended != QUO_OK)
		quo_ledger_say(ledger, ended, "%s",
		    quo_db_message(ledger->db));
	return err != QUO_OK ? err : ended;
}

static enum quo_err
by_id(struct quo_ledger *ledger, const char *hex, struct quo_known_set *known)
{
	struct quo_rows *rows = NULL;
	enum quo_err err;

	/* A prefix as a range, which the index serves; 'g' is behind 'f'. */
	err = quo_db_ask(ledger->db, &rows, "SELECT CASE WHEN status IN "
	    "('current', 'pending', 'waiting') THEN ? ELSE ? END, generation, "
	    "credential, set_id, status = 'waiting', status = 'former' AND "
	    "generation >= (SELECT secret FROM credential AS c WHERE c.name "
	    "= dealing.credential) FROM dealing WHERE set_id >= ? AND "
	    "set_id < ? || 'g' LIMIT 1", "iitt", (int64_t)QUO_SET_CURRENT,
	    (int64_t)QUO_SET_RETIRED, hex, hex);
	if (err == QUO_OK)
		err = take_set(rows, known);
	return end(ledger, rows, err);
}

/*
 * Another set under the same inventory id and generation. Where a dealing of
 * that generation was begun and its end not recorded, this may be it.
 */
static enum quo_err
by_claim(struct quo_ledger *ledger, const struct quo_header *header,
    struct quo_known_set *known)
{
	char hex[QUO_SET_ID_HEX];
	struct quo_set_id inventory = { { 0 } };
	struct quo_rows *rows = NULL;
	enum quo_err err;

	memcpy(inventory.hash, header->inventory, QUO_INVENTORY_LEN);
	quo_set_id_print(&inventory, QUO_INVENTORY_LEN, hex);
	err = quo_db_ask(ledger->db, &rows, "SELECT ?, d.generation, name, "
	    "NULL, 0, 0 FROM credential JOIN dealing AS d ON d.credential = "
	    "name WHERE inventory = ? AND d.generation = ? AND NOT EXISTS "
	    "(SELECT 1 FROM intent AS i WHERE i.credential = name AND "
	    "i.generation = d.generation) LIMIT 1", "iti",
	    (int64_t)QUO_SET_SUSPECT, hex, (int64_t)header->generation);
	if (err == QUO_OK)
		err = take_set(rows, known);
	return end(ledger, rows, err);
}

enum quo_err
quo_known_set(struct quo_ledger *ledger, const struct quo_set_id *id,
    size_t len, const struct quo_header *header, struct quo_known_set *known)
{
	char hex[QUO_SET_ID_HEX];
	enum quo_err err;

	*known = (struct quo_known_set){ .standing = QUO_SET_UNKNOWN };
	quo_set_id_print(id, len, hex);
	err = by_id(ledger, hex, known);
	if (err == QUO_OK && known->set == NULL && header != NULL)
		err = by_claim(ledger, header, known);
	if (err != QUO_OK)
		quo_known_set_clear(known);
	return err;
}

void
quo_known_set_clear(struct quo_known_set *known)
{
	free(known->credential);
	free(known->set);
	*known = (struct quo_known_set){ .standing = QUO_SET_UNKNOWN };
}

enum quo_err
quo_known_card(struct quo_ledger *ledger, const char *set, unsigned serial,
    struct quo_known_card *known)
{
	struct quo_rows *rows = NULL;
	bool there = false, good = true;
	enum quo_err err;

	*known = (struct quo_known_card){ .custodian = NULL };
	err = quo_db_ask(ledger->db, &rows, "SELECT custodian, location, bag, "
	    "acknowledged, drilled, lost, dealt, coalesce(drill_every, 0) "
	    "FROM card JOIN dealing AS d USING (set_id) LEFT JOIN profile AS "
	    "p ON p.credential = d.credential WHERE set_id = ? AND serial = "
	    "?", "ti", set, (int64_t)serial);
	if (err == QUO_OK && quo_rows_next(rows)) {
		there = true;
		good = copy(rows, 0, &known->custodian) &&
		    copy(rows, 1, &known->location) &&
		    copy(rows, 2, &known->bag) &&
		    copy(rows, 3, &known->acknowledged) &&
		    copy(rows, 4, &known->drilled) &&
		    copy(rows, 5, &known->lost) &&
		    copy(rows, 6, &known->dealt);
		known->drill_every = quo_rows_int(rows, 7);
	}
	err = end(ledger, rows, err);
	if (err == QUO_OK)
		err = !good ? QUO_ENOMEM : there ? QUO_OK : QUO_ENOENT;
	if (err != QUO_OK)
		quo_known_card_clear(known);
	return err;
}

void
quo_known_card_clear(struct quo_known_card *known)
{
	free(known->custodian);
	free(known->location);
	free(known->bag);
	free(known->acknowledged);
	free(known->drilled);
	free(known->lost);
	free(known->dealt);
	*known = (struct quo_known_card){ .custodian = NULL };
}
