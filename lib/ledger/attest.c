/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "base/hex.h"
#include "ledger/attest.h"
#include "ledger/ledger_internal.h"

/* The set that is meant. */
struct meant {
	char set[QUO_HEX_ROOM(QUO_HASH_LEN)];
	int64_t generation, cards;
};

static enum quo_err
find(struct quo_ledger *ledger, const struct quo_attest *a,
    struct meant *meant)
{
	struct quo_rows *rows = NULL;
	enum quo_err err;
	bool there;

	err = quo_db_ask(ledger->db, &rows, "SELECT set_id, generation, cards "
	    "FROM dealing WHERE credential = ? AND CASE WHEN ? = 0 THEN "
	    "status = 'current' ELSE generation = ? END ORDER BY entry DESC",
	    "tii", a->credential, (int64_t)a->generation,
	    (int64_t)a->generation);
	if (err != QUO_OK)
		return err;
	there = quo_rows_next(rows);
	if (there) {
		snprintf(meant->set, sizeof meant->set, "%s",
		    quo_rows_text(rows, 0));
		meant->generation = quo_rows_int(rows, 1);
		meant->cards = quo_rows_int(rows, 2);
	}
	err = quo_rows_end(rows);
	return err == QUO_OK && (!there || a->card > meant->cards) ?
	    QUO_ENOENT : err;
}

static enum quo_err
record(struct quo_ledger *ledger, const struct quo_attest *a,
    const struct meant *meant, int64_t card)
{
	char serial[24], generation[24];
	struct quo_entry entry = { .value = {
		[QUO_KEY_EVENT] = a->destroyed ? "destroyed" : "ceremony",
		[QUO_KEY_CREDENTIAL] = a->credential,
		[QUO_KEY_SET] = meant->set,
		[QUO_KEY_GENERATION] = generation,
		[QUO_KEY_HASH] = a->hash,
		[QUO_KEY_DETAIL] = *a->detail != '\0' ? a->detail : NULL,
	} };

	snprintf(generation, sizeof generation, "%lld",
	    (long long)meant->generation);
	snprintf(serial, sizeof serial, "%lld", (long long)card);
	if (a->destroyed)
		entry.value[QUO_KEY_CARD] = serial;
	return quo_ledger_record(ledger, &entry, NULL);
}

static enum quo_err
record_all(struct quo_ledger *ledger, const struct quo_attest *a,
    uint32_t *generation)
{
	struct meant meant;
	enum quo_err err = find(ledger, a, &meant);
	int64_t first = a->card != 0 ? a->card : 1, last;

	if (err != QUO_OK)
		return err;
	last = a->card != 0 || !a->destroyed ? first : meant.cards;
	for (int64_t c = first; err == QUO_OK && c <= last; c++)
		err = record(ledger, a, &meant, c);
	*generation = (uint32_t)meant.generation;
	return err;
}

enum quo_err
quo_attest_record(struct quo_ledger *ledger, const struct quo_attest *attest,
    uint32_t *generation)
{
	enum quo_err err = quo_ledger_begin(ledger);

	if (err != QUO_OK)
		return err;
	err = record_all(ledger, attest, generation);
	if (err == QUO_OK)
		return quo_ledger_commit(ledger);
	quo_ledger_rollback(ledger);
	return err;
}

enum quo_err
quo_attest_former(struct quo_ledger *ledger, const char *credential,
    void (*each)(void *with, int64_t generation, int64_t cards,
    int64_t destroyed), void *with)
{
	struct quo_rows *rows = NULL;
	enum quo_err err;

	err = quo_db_ask(ledger->db, &rows, "SELECT generation, cards, "
	    "(SELECT count(*) FROM card WHERE card.set_id = dealing.set_id "
	    "AND destroyed IS NOT NULL) FROM dealing WHERE credential = ? "
	    "AND status IN ('former', 'void') ORDER BY generation", "t",
	    credential);
	if (err != QUO_OK)
		return err;
	while (quo_rows_next(rows))
		each(with, quo_rows_int(rows, 0), quo_rows_int(rows, 1),
		    quo_rows_int(rows, 2));
	return quo_rows_end(rows);
}
