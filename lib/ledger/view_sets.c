/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "ledger/view_internal.h"

enum column { NAME, ID, GENERATION, DEALT, WAITS, OPENED, CARDS, CONFIRM };

/* One that waits comes first: it is newer than all others. */
static const char all_sets[] =
	"SELECT credential, set_id, generation, dealt, status = 'waiting', "
	"opened IS NOT NULL, cards, iif(status = 'waiting', "
	QUO_DEALING_CONFIRM ", NULL) FROM dealing WHERE status IN ('pending', "
	"'waiting') ORDER BY credential, status = 'waiting' DESC, generation "
	"DESC";

/* By the index of what is on its way: mostly there is little. */
static const char waiting_cards[] =
	"SELECT d.credential, k.serial, k.custodian, k.drilled IS NOT NULL "
	"FROM dealing d CROSS JOIN card k ON k.set_id = d.set_id WHERE "
	"d.status IN ('pending', 'waiting') AND +d.status = 'waiting' AND "
	"k.lost IS NULL ORDER BY d.credential, k.serial";

static enum quo_err
add_set(struct quo_rows *rows, struct quo_view *v)
{
	struct quo_view_set *set;
	enum quo_err err = QUO_OK;

	set = QUO_GROW(v->sets, v->set_count);
	if (set == NULL)
		return QUO_ENOMEM;
	*set = (struct quo_view_set){
		.id = quo_view_copy(quo_rows_text(rows, ID), &err),
		.generation = quo_rows_int(rows, GENERATION),
		.dealt = quo_view_moment(quo_rows_text(rows, DEALT), &err),
		.waits = quo_rows_int(rows, WAITS) != 0,
		.opened = quo_rows_int(rows, OPENED) != 0,
		.cards = quo_rows_int(rows, CARDS),
		.confirm = quo_view_copy(quo_rows_text(rows, CONFIRM), &err),
	};
	v->waits = v->sets[0].waits;
	return err;
}

/* "2 (ciso), 3" */
static enum quo_err
add_card(struct quo_rows *rows, struct quo_view *v)
{
	const char *who = quo_rows_text(rows, 2);
	struct quo_view_set *set = v->sets;
	char *more = NULL;

	if (quo_rows_int(rows, 3) != 0) {
		set->scanned++;
		return QUO_OK;
	}
	if (asprintf(&more, "%s%s%lld%s%s%s", set->unscanned != NULL ?
	    set->unscanned : "", set->unscanned != NULL ? ", " : "",
	    (long long)quo_rows_int(rows, 1), who != NULL ? " (" : "",
	    who != NULL ? who : "", who != NULL ? ")" : "") == -1)
		return QUO_ENOMEM;
	free(set->unscanned);
	set->unscanned = more;
	return QUO_OK;
}

static enum quo_err
load(struct quo_ledger *ledger, struct quo_views *views, const char *sql,
    enum quo_err (*add)(struct quo_rows *rows, struct quo_view *v))
{
	struct quo_rows *rows = NULL;
	struct quo_view *v;
	enum quo_err err, end;
	size_t at = 0;

	err = quo_db_ask(ledger->db, &rows, sql, "");
	while (err == QUO_OK && quo_rows_next(rows)) {
		v = quo_view_seek(views, &at, quo_rows_text(rows, 0));
		if (v != NULL)
			err = add(rows, v);
	}
	end = quo_rows_end(rows);
	return err != QUO_OK ? err : end;
}

enum quo_err
quo_view_load_sets(struct quo_ledger *ledger, struct quo_views *views)
{
	enum quo_err err = load(ledger, views, all_sets, add_set);

	return err == QUO_OK ? load(ledger, views, waiting_cards, add_card) :
	    err;
}
