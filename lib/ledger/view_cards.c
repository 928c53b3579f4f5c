/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "crypto/policy.h"
#include "ledger/view_internal.h"

enum column { NAME, SERIAL, CUSTODIAN, ACKNOWLEDGED, DRILLED, LOST, LEFT };

/*
 * CROSS JOIN keeps the order: credentials by name, then their one set by the
 * index, then its cards by their key. Nothing has to be sorted.
 */
static const char all_cards[] =
	"SELECT c.name, k.serial, k.custodian, k.acknowledged, k.drilled, "
	"k.lost, p.retired IS NOT NULL FROM credential c "
	"CROSS JOIN dealing d ON d.credential = c.name AND "
	"d.status = 'current' CROSS JOIN card k ON k.set_id = d.set_id "
	"LEFT JOIN person p ON p.handle = k.custodian "
	"ORDER BY c.name, k.serial";

/* Lost ones of the other sets that hold the secret. */
static const char other_cards[] =
	"SELECT c.name, k.serial, d.set_id, d.policy FROM credential c "
	"CROSS JOIN dealing d ON d.credential = c.name AND "
	"d.status IN ('former', 'pending') AND d.generation >= c.secret "
	"CROSS JOIN card k ON k.set_id = d.set_id AND k.lost IS NOT NULL "
	"ORDER BY c.name, d.set_id";

/* The cards of one view, or set, while they come. */
struct count {
	struct quo_view *view;
	struct quo_cards lost;
	char drilled[32];	/* the longest ago, as text; "": none */
	char *text;		/* of policy: often the next has the same */
	struct quo_policy *policy;
	int64_t needed;
	char set[65];		/* of other_cards; "": none yet */
};

static int
compare(const void *a, const void *b)
{
	unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;

	return (x > y) - (x < y);
}

/* How many cards have to be lost yet until node i can't be met; 0: it can't. */
static unsigned
reserve(const struct quo_policy *policy, size_t i,
    const struct quo_cards *lost)
{
	const struct quo_policy_node *node = &policy->nodes[i];
	unsigned of[QUO_CARDS_MAX], sum = 0;
	size_t child = i + 1;

	if (node->threshold == 0)
		return lost->has[node->serial] ? 0 : 1;
	for (unsigned c = 0; c < node->children; c++) {
		of[c] = reserve(policy, child, lost);
		child += policy->nodes[child].span;
	}
	/* One child more than it can spare, the cheapest ones. */
	qsort(of, node->children, sizeof *of, compare);
	for (unsigned c = 0; c + node->threshold <= node->children; c++)
		sum += of[c];
	return sum;
}

static enum quo_err
parse(struct count *c, const char *text)
{
	const struct quo_cards none = { { false } };
	struct quo_policy_error error;

	if (c->text != NULL && strcmp(c->text, text) == 0)
		return QUO_OK;
	quo_policy_free(c->policy);
	free(c->text);
	c->policy = NULL;
	c->text = strdup(text);
	if (c->text == NULL)
		return QUO_ENOMEM;
	if (quo_policy_parse(text, &c->policy, &error) != QUO_OK)
		return QUO_ECORRUPT;
	c->needed = quo_policy_lacking(c->policy, &none);
	return QUO_OK;
}

/* All cards of the view have been: what they come to. */
static enum quo_err
settle(struct count *c)
{
	struct quo_view *v = c->view;
	int64_t every, since;
	enum quo_err err;

	if (v == NULL || v->policy == NULL)
		return QUO_OK;
	err = parse(c, v->policy);
	if (err != QUO_OK)
		return err;
	v->needed = c->needed;
	v->finder = v->lost == 0 ? v->needed :
	    quo_policy_lacking(c->policy, &c->lost);
	v->spare = (int64_t)reserve(c->policy, 0, &c->lost) - 1;
	v->drilled = v->undrilled > 0 ? 0 :
	    quo_view_moment(*c->drilled != '\0' ? c->drilled : NULL, &err);
	/* A card that never was drilled was last seen at its dealing. */
	every = v->drill_by;
	since = v->undrilled > 0 ? v->dealt : v->drilled;
	v->drill_by = every > 0 && since != 0 ? since + every : 0;
	return err;
}

static bool
listed(const char *list, const char *who)
{
	size_t len = strlen(who);
	const char *at = list;

	while (at != NULL && (strncmp(at, who, len) != 0 ||
	    (at[len] != ',' && at[len] != '\0'))) {
		at = strstr(at, ", ");
		at = at != NULL ? at + 2 : NULL;
	}
	return at != NULL;
}

static enum quo_err
add_left(struct quo_view *v, const char *who)
{
	size_t had = v->left != NULL ? strlen(v->left) : 0;
	char *more;

	if (listed(v->left, who))
		return QUO_OK;
	more = realloc(v->left, had + strlen(who) + 3);
	if (more == NULL)
		return QUO_ENOMEM;
	v->left = more;
	strcpy(v->left + had, had > 0 ? ", " : "");
	strcat(v->left, who);
	return QUO_OK;
}

static enum quo_err
add(struct count *c, struct quo_rows *rows)
{
	const char *drilled = quo_rows_text(rows, DRILLED);
	int64_t serial = quo_rows_int(rows, SERIAL);

	if (serial < 1 || serial > QUO_CARDS_MAX)
		return QUO_ECORRUPT;
	if (quo_rows_text(rows, LOST) != NULL) {
		c->lost.has[serial] = true;
		c->view->lost++;
		return QUO_OK;
	}
	c->view->unacknowledged +=
	    quo_rows_text(rows, ACKNOWLEDGED) == NULL ? 1 : 0;
	if (drilled == NULL)
		c->view->undrilled++;
	else if (*c->drilled == '\0' || strcmp(drilled, c->drilled) < 0)
		strncpy(c->drilled, drilled, sizeof c->drilled - 1);
	return quo_rows_int(rows, LEFT) == 0 ? QUO_OK :
	    add_left(c->view, quo_rows_text(rows, CUSTODIAN));
}

static enum quo_err
next(struct count *c, struct quo_views *views, size_t *at,
    struct quo_rows *rows)
{
	const char *name = quo_rows_text(rows, NAME);
	enum quo_err err = QUO_OK;

	if (c->view == NULL || strcmp(c->view->name, name) != 0) {
		err = settle(c);
		c->view = quo_view_seek(views, at, name);
		memset(&c->lost, 0, sizeof c->lost);
		*c->drilled = '\0';
	}
	return err != QUO_OK || c->view == NULL ? err : add(c, rows);
}

/*
 * Other sets
 */

enum other_column { OTHER_NAME, OTHER_SERIAL, OTHER_SET, OTHER_POLICY };

/* All lost ones of a set have been: how near they are to a quorum. */
static void
settle_other(struct count *c)
{
	int64_t finder;

	if (c->view == NULL)
		return;
	finder = quo_policy_lacking(c->policy, &c->lost);
	if (c->view->other_lost == 0 || finder < c->view->other_finder)
		c->view->other_finder = finder;
	for (size_t s = 1; s <= QUO_CARDS_MAX; s++)
		c->view->other_lost += c->lost.has[s] ? 1 : 0;
}

static enum quo_err
next_other(struct count *c, struct quo_views *views, size_t *at,
    struct quo_rows *rows)
{
	const char *set = quo_rows_text(rows, OTHER_SET);
	int64_t serial = quo_rows_int(rows, OTHER_SERIAL);
	enum quo_err err = QUO_OK;

	if (serial < 1 || serial > QUO_CARDS_MAX)
		return QUO_ECORRUPT;
	if (strcmp(c->set, set) != 0) {
		settle_other(c);
		c->view = quo_view_seek(views, at,
		    quo_rows_text(rows, OTHER_NAME));
		memset(&c->lost, 0, sizeof c->lost);
		strncpy(c->set, set, sizeof c->set - 1);
		err = parse(c, quo_rows_text(rows, OTHER_POLICY));
	}
	c->lost.has[serial] = true;
	return err;
}

static enum quo_err
count_others(struct quo_ledger *ledger, struct quo_views *views,
    struct count *c)
{
	struct quo_rows *rows = NULL;
	enum quo_err err, end;
	size_t at = 0;

	c->view = NULL;
	err = quo_db_ask(ledger->db, &rows, other_cards, "");
	while (err == QUO_OK && quo_rows_next(rows))
		err = next_other(c, views, &at, rows);
	end = quo_rows_end(rows);
	if (err == QUO_OK && end == QUO_OK)
		settle_other(c);
	return err != QUO_OK ? err : end;
}

int64_t
quo_view_finder(const struct quo_view *v)
{
	if (v->other_lost > 0 && (v->lost == 0 || v->other_finder <
	    v->finder))
		return v->other_finder;
	return v->lost > 0 ? v->finder : -1;
}

/* Without a set nothing can be drilled. */
static void
end_drills(struct quo_views *views)
{
	for (size_t i = 0; i < views->count; i++)
		if (views->view[i].set == NULL)
			views->view[i].drill_by = 0;
}

enum quo_err
quo_view_count_cards(struct quo_ledger *ledger, struct quo_views *views)
{
	struct count *c = calloc(1, sizeof *c);
	struct quo_rows *rows = NULL;
	enum quo_err err, end;
	size_t at = 0;

	if (c == NULL)
		return QUO_ENOMEM;
	err = quo_db_ask(ledger->db, &rows, all_cards, "");
	while (err == QUO_OK && quo_rows_next(rows))
		err = next(c, views, &at, rows);
	end = quo_rows_end(rows);
	if (err == QUO_OK)
		err = end != QUO_OK ? end : settle(c);
	if (err == QUO_OK)
		err = count_others(ledger, views, c);
	end_drills(views);
	quo_policy_free(c->policy);
	free(c->text);
	free(c);
	return err;
}
