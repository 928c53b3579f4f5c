/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/utc.h"
#include "ledger/view_internal.h"

#define DAY_LEN 10

/* The columns of INVENTORY. */
enum column {
	NAME, INVENTORY_ID, STATE, SINCE, GENERATION, USED, USES, BURNED,
	DEADLINE, OVERDUE, ROTATED, MAX_AGE, REVIEW_BY, DRILL_EVERY, SET,
	POLICY, DEALT, REVIEW, CARDS, LOCKED, UNPROVEN, REFUSED, REASON,
	FAILURES, TRIED, FAILURE
};

static const char inventory[] =
	"SELECT c.name, c.inventory, c.state, c.since, c.generation, c.used, "
	"c.uses, c.burned, c.deadline, c.overdue, c.rotated, p.max_age, "
	"p.review_by, p.drill_every, d.set_id, d.policy, d.dealt, d.review, "
	"d.cards, d.locked, c.rotation = 'unproven', c.rotation = "
	"'refused', c.reason, c.failures, iif(c.failures > 0, c.tried, NULL), "
	"c.failure FROM credential c "
	"LEFT JOIN profile p ON p.credential = c.name "
	"LEFT JOIN dealing d ON d.credential = c.name AND "
	"d.status = 'current' ORDER BY c.name";

static const char open_incidents[] =
	"SELECT incident.credential, number, requester, reason, ticket, "
	"declared, expires, opened, rotated, coalesce(p.approvals, 0), "
	"(SELECT count(*) FROM approval a WHERE a.incident = number AND "
	"a.used IS NULL), iif(" QUO_INCIDENT_UNROTATED ", NULL, "
	"iif(incident.deadline IS NULL, opened, coalesce(rotated, opened))), "
	"p.approvals > 0 AND opened IS NULL AND " QUO_INCIDENT_REPLACED " "
	"FROM incident LEFT JOIN profile p "
	"ON p.credential = incident.credential WHERE reviewed IS NULL AND "
	"withdrawn IS NULL AND incident.credential IS NOT NULL "
	"ORDER BY incident.credential, number";

/* Out of the index of what was opened. An old set that was is a use, too,
 * which the credential's own count leaves out. */
static const char incident_uses[] =
	"SELECT credential, sum(iif(opened >= ?, openings, 0)), "
	"sum(openings), max(opened) FROM incident WHERE opened IS NOT NULL "
	"AND credential IS NOT NULL GROUP BY credential ORDER BY credential";

static const char dealings[] =
	"SELECT credential, min(time), max(time), count(*) FROM intent "
	"GROUP BY credential ORDER BY credential";

int64_t
quo_view_moment(const char *text, enum quo_err *err)
{
	char moment[QUO_UTC_TEXT] = "";
	int64_t when = 0;

	if (text == NULL)
		return 0;
	if (strlen(text) == DAY_LEN) {
		memcpy(moment, text, DAY_LEN);
		strcpy(moment + DAY_LEN, "T23:59:59Z");
		text = moment;
	}
	if (quo_utc_parse(text, &when) != QUO_OK)
		*err = QUO_ECORRUPT;
	return when;
}

struct quo_view *
quo_view_seek(struct quo_views *views, size_t *at, const char *name)
{
	while (*at < views->count && strcmp(views->view[*at].name, name) < 0)
		(*at)++;
	return *at < views->count &&
	    strcmp(views->view[*at].name, name) == 0 ? &views->view[*at] :
	    NULL;
}

char *
quo_view_copy(const char *text, enum quo_err *err)
{
	char *new = text != NULL ? strdup(text) : NULL;

	if (text != NULL && new == NULL)
		*err = QUO_ENOMEM;
	return new;
}

static int64_t
behind(int64_t moment, int64_t seconds)
{
	return moment != 0 && seconds > 0 ? moment + seconds : 0;
}

static int64_t
span_or(struct quo_rows *rows, enum column column, int64_t otherwise)
{
	int64_t own = quo_rows_int(rows, column);

	return own > 0 ? own : otherwise;
}

static enum quo_err
fill_rotation(struct quo_rows *rows, struct quo_view *v)
{
	enum quo_err err = QUO_OK;

	v->unproven = quo_rows_int(rows, UNPROVEN) != 0;
	v->refused = quo_rows_int(rows, REFUSED) != 0;
	v->reason = quo_view_copy(quo_rows_text(rows, REASON), &err);
	v->failures = quo_rows_int(rows, FAILURES);
	v->tried = quo_view_moment(quo_rows_text(rows, TRIED), &err);
	v->failure = quo_view_copy(quo_rows_text(rows, FAILURE), &err);
	return err;
}

static enum quo_err
fill(struct quo_rows *rows, const struct quo_view_rules *rules,
    struct quo_view *v)
{
	enum quo_err err = QUO_OK;

	v->name = quo_view_copy(quo_rows_text(rows, NAME), &err);
	v->inventory = quo_view_copy(quo_rows_text(rows, INVENTORY_ID), &err);
	v->state = quo_state_of(quo_rows_text(rows, STATE));
	v->since = quo_view_moment(quo_rows_text(rows, SINCE), &err);
	v->generation = quo_rows_int(rows, GENERATION);
	v->set = quo_view_copy(quo_rows_text(rows, SET), &err);
	v->policy = quo_view_copy(quo_rows_text(rows, POLICY), &err);
	v->dealt = quo_view_moment(quo_rows_text(rows, DEALT), &err);
	v->cards_review = quo_view_moment(quo_rows_text(rows, REVIEW), &err);
	v->cards = quo_rows_int(rows, CARDS);
	v->burned = quo_view_moment(quo_rows_text(rows, BURNED), &err);
	v->deadline = quo_view_moment(quo_rows_text(rows, DEADLINE), &err);
	v->overdue = quo_view_moment(quo_rows_text(rows, OVERDUE), &err);
	v->decay = v->burned != 0 && rules->now > v->burned ?
	    rules->now - v->burned : 0;
	v->used = quo_view_moment(quo_rows_text(rows, USED), &err);
	v->uses = quo_rows_int(rows, USES);
	v->rotated = quo_view_moment(quo_rows_text(rows, ROTATED), &err);
	v->change_by = behind(v->rotated,
	    span_or(rows, MAX_AGE, rules->max_age));
	v->review_by = quo_view_moment(quo_rows_text(rows, REVIEW_BY), &err);
	v->locked = quo_rows_int(rows, LOCKED) != 0;
	err = err == QUO_OK ? fill_rotation(rows, v) : err;
	/* As long as no card was counted: how often, from the profile. */
	v->drill_by = span_or(rows, DRILL_EVERY, rules->drill_every);
	return v->state == QUO_STATES ? QUO_ECORRUPT : err;
}

static enum quo_err
load_inventory(struct quo_db *db, const struct quo_view_rules *rules,
    struct quo_views *views)
{
	struct quo_rows *rows = NULL;
	struct quo_view *v;
	enum quo_err err, end;

	err = quo_db_ask(db, &rows, inventory, "");
	while (err == QUO_OK && quo_rows_next(rows)) {
		v = QUO_GROW(views->view, views->count);
		err = v != NULL ? fill(rows, rules, v) : QUO_ENOMEM;
	}
	end = quo_rows_end(rows);
	return err != QUO_OK ? err : end;
}

static enum quo_err
add_incident(struct quo_rows *rows, const struct quo_view_rules *rules,
    struct quo_view *v)
{
	struct quo_view_incident *in;
	enum quo_err err = QUO_OK;

	in = QUO_GROW(v->incidents, v->incident_count);
	if (in == NULL)
		return QUO_ENOMEM;
	*in = (struct quo_view_incident){
		.number = quo_rows_int(rows, 1),
		.requester = quo_view_copy(quo_rows_text(rows, 2), &err),
		.reason = quo_view_copy(quo_rows_text(rows, 3), &err),
		.ticket = quo_view_copy(quo_rows_text(rows, 4), &err),
		.declared = quo_view_moment(quo_rows_text(rows, 5), &err),
		.expires = quo_view_moment(quo_rows_text(rows, 6), &err),
		.opened = quo_view_moment(quo_rows_text(rows, 7), &err),
		.rotated = quo_view_moment(quo_rows_text(rows, 8), &err),
		.wanted = quo_rows_int(rows, 9),
		.approvals = quo_rows_int(rows, 10),
		.closable = quo_view_moment(quo_rows_text(rows, 11), &err),
		.replaced = quo_rows_int(rows, 12) != 0,
	};
	in->review_by = behind(in->closable, rules->review_within);
	return err;
}

static enum quo_err
add_uses(struct quo_rows *rows, const struct quo_view_rules *rules,
    struct quo_view *v)
{
	enum quo_err err = QUO_OK;
	const int64_t uses = quo_rows_int(rows, 2);
	const int64_t used = quo_view_moment(quo_rows_text(rows, 3), &err);

	(void)rules;
	v->recent = quo_rows_int(rows, 1);
	v->uses = uses > v->uses ? uses : v->uses;
	v->used = used > v->used ? used : v->used;
	return err;
}

static enum quo_err
add_dealing(struct quo_rows *rows, const struct quo_view_rules *rules,
    struct quo_view *v)
{
	enum quo_err err = QUO_OK;

	(void)rules;
	v->dealing = quo_view_moment(quo_rows_text(rows, 1), &err);
	v->redealing = quo_view_moment(quo_rows_text(rows, 2), &err);
	v->dealings = quo_rows_int(rows, 3);
	return err;
}

/* Rows in the order of names, each to the view of its name. */
static enum quo_err
add_all(struct quo_db *db, const struct quo_view_rules *rules,
    struct quo_views *views, const char *sql, const char *since,
    enum quo_err (*add)(struct quo_rows *rows,
    const struct quo_view_rules *rules, struct quo_view *v))
{
	struct quo_rows *rows = NULL;
	struct quo_view *v;
	enum quo_err err, end;
	size_t at = 0;

	err = quo_db_ask(db, &rows, sql, since != NULL ? "t" : "", since);
	while (err == QUO_OK && quo_rows_next(rows)) {
		v = quo_view_seek(views, &at, quo_rows_text(rows, 0));
		if (v != NULL)
			err = add(rows, rules, v);
	}
	end = quo_rows_end(rows);
	return err != QUO_OK ? err : end;
}

/* When the last entry was made stands in its line only. */
static enum quo_err
load_log(struct quo_db *db, struct quo_views *views)
{
	struct quo_line *line = malloc(sizeof *line);
	struct quo_rows *rows = NULL;
	enum quo_err err, end;

	err = line == NULL ? QUO_ENOMEM : quo_db_ask(db, &rows, "SELECT "
	    "number, line FROM entry ORDER BY number DESC LIMIT 1", "");
	if (err == QUO_OK && quo_rows_next(rows)) {
		views->entries = quo_rows_int(rows, 0) + 1;
		err = quo_line_decode(quo_rows_text(rows, 1),
		    quo_rows_len(rows, 1), line) != QUO_OK ? QUO_ECORRUPT :
		    QUO_OK;
		if (err == QUO_OK)
			views->last = quo_view_moment(
			    line->entry.value[QUO_KEY_TIME], &err);
	}
	end = quo_rows_end(rows);
	free(line);
	return err != QUO_OK ? err : end;
}

static enum quo_err
load(struct quo_ledger *ledger, const struct quo_view_rules *rules,
    struct quo_views *views)
{
	char since[QUO_UTC_TEXT];
	enum quo_err err;

	quo_utc_print(rules->now - QUO_VIEW_RARE, since);
	err = load_inventory(ledger->db, rules, views);
	if (err == QUO_OK)
		err = quo_view_count_cards(ledger, views);
	if (err == QUO_OK)
		err = quo_view_load_sets(ledger, views);
	if (err == QUO_OK)
		err = add_all(ledger->db, rules, views, open_incidents, NULL,
		    add_incident);
	if (err == QUO_OK)
		err = add_all(ledger->db, rules, views, incident_uses, since,
		    add_uses);
	if (err == QUO_OK)
		err = add_all(ledger->db, rules, views, dealings, NULL,
		    add_dealing);
	if (err == QUO_OK)
		err = load_log(ledger->db, views);
	if (err == QUO_OK)
		err = quo_db_int(ledger->db, 0, &views->undelivered,
		    "SELECT count(*) FROM delivery WHERE done = 0 AND "
		    "sink <> ''", "");
	return err;
}

static void
judge(struct quo_view *v, int64_t now)
{
	const int64_t open = quo_due_open(v);
	const struct quo_due_endless endless = {
		.open = open,
		.asked = open > 0 ? v->sets[v->waits].dealt : 0,
		.dealings = v->dealings,
		.dealing = v->redealing,
	};
	int64_t failures = v->failures, tried = v->tried;

	quo_due_count(&endless, &failures, &tried);
	v->again = quo_due_again(failures, tried, now);
	v->due = quo_due_judge(v, now);
}

enum quo_err
quo_views_load(struct quo_ledger *ledger, const struct quo_view_rules *rules,
    struct quo_views *views)
{
	struct quo_view_rules r = *rules;
	enum quo_err err = QUO_OK;

	if (r.now == 0)
		r.now = quo_utc_now();
	*views = (struct quo_views){ .now = r.now };
	/* What is read in several queries is of one moment. */
	if (!ledger->within)
		err = quo_db_script(ledger->db, "BEGIN");
	if (err == QUO_OK)
		err = load(ledger, &r, views);
	if (err != QUO_OK && err != QUO_ECORRUPT)
		quo_ledger_say(ledger, err, "%s", quo_db_message(ledger->db));
	if (!ledger->within)
		quo_db_rollback(ledger->db);
	for (size_t i = 0; err == QUO_OK && i < views->count; i++)
		judge(&views->view[i], r.now);
	return err;
}

static void
clear(struct quo_view *v)
{
	for (size_t i = 0; i < v->incident_count; i++) {
		free(v->incidents[i].requester);
		free(v->incidents[i].reason);
		free(v->incidents[i].ticket);
	}
	for (size_t i = 0; i < v->set_count; i++) {
		free(v->sets[i].id);
		free(v->sets[i].unscanned);
		free(v->sets[i].confirm);
	}
	free(v->sets);
	free(v->reason);
	free(v->failure);
	free(v->incidents);
	free(v->name);
	free(v->inventory);
	free(v->set);
	free(v->policy);
	free(v->left);
}

void
quo_views_clear(struct quo_views *views)
{
	for (size_t i = 0; i < views->count; i++)
		clear(&views->view[i]);
	free(views->view);
	*views = (struct quo_views){ 0 };
}

static int
compare(const void *name, const void *view)
{
	return strcmp(name, ((const struct quo_view *)view)->name);
}

const struct quo_view *
quo_views_find(const struct quo_views *views, const char *name)
{
	return views->count == 0 ? NULL : bsearch(name, views->view,
	    views->count, sizeof *views->view, compare);
}
