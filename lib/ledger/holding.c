/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "ledger/holding.h"
#include "ledger/ledger_internal.h"

#define SET "SELECT credential, set_id, generation, status = 'current', " \
	"policy, status = 'former' FROM dealing WHERE "

void
quo_holding_free(struct quo_holding *holding)
{
	if (holding == NULL)
		return;
	free(holding->credential);
	free(holding->set);
	quo_policy_free(holding->policy);
	for (size_t s = 0; s <= QUO_CARDS_MAX; s++) {
		free(holding->card[s].custodian);
		free(holding->card[s].location);
		free(holding->card[s].bag);
	}
	free(holding);
}

static char *
copy(const char *text, bool *ok)
{
	char *made = text == NULL ? NULL : strdup(text);

	*ok = *ok && (text == NULL || made != NULL);
	return made;
}

static enum quo_err
read_set(struct quo_rows *rows, struct quo_holding **holding)
{
	struct quo_holding *h = calloc(1, sizeof *h);
	struct quo_policy_error error;
	bool ok = true;
	enum quo_err err;

	if (h == NULL)
		return QUO_ENOMEM;
	h->credential = copy(quo_rows_text(rows, 0), &ok);
	h->set = copy(quo_rows_text(rows, 1), &ok);
	h->generation = (unsigned)quo_rows_int(rows, 2);
	h->current = quo_rows_int(rows, 3) != 0;
	h->former = quo_rows_int(rows, 5) != 0;
	err = ok ? quo_policy_parse(quo_rows_text(rows, 4), &h->policy,
	    &error) : QUO_ENOMEM;
	if (err != QUO_OK) {
		quo_holding_free(h);
		return err == QUO_ESYNTAX ? QUO_ECORRUPT : err;
	}
	*holding = h;
	return QUO_OK;
}

static enum quo_err
read_cards(struct quo_ledger *ledger, struct quo_holding *h)
{
	struct quo_rows *rows = NULL;
	bool ok = true;
	enum quo_err err;

	err = quo_db_ask(ledger->db, &rows, "SELECT serial, custodian, "
	    "location, bag, acknowledged IS NOT NULL, lost IS NOT NULL, "
	    "drilled IS NOT NULL FROM card WHERE set_id = ?", "t", h->set);
	if (err != QUO_OK)
		return err;
	while (ok && quo_rows_next(rows)) {
		int64_t serial = quo_rows_int(rows, 0);
		struct quo_held *card;

		if (serial < 1 || serial > h->policy->cards)
			continue;
		card = &h->card[serial];
		card->custodian = copy(quo_rows_text(rows, 1), &ok);
		card->location = copy(quo_rows_text(rows, 2), &ok);
		card->bag = copy(quo_rows_text(rows, 3), &ok);
		card->acknowledged = quo_rows_int(rows, 4) != 0;
		card->lost = quo_rows_int(rows, 5) != 0;
		card->drilled = quo_rows_int(rows, 6) != 0;
	}
	err = quo_rows_end(rows);
	return ok ? err : QUO_ENOMEM;
}

static enum quo_err
told(struct quo_ledger *ledger, enum quo_err err)
{
	return err == QUO_ENOENT ? err : quo_ledger_told(ledger, err);
}

enum quo_err
quo_holding_load(struct quo_ledger *ledger, const char *name,
    unsigned generation, struct quo_holding **holding)
{
	struct quo_holding *h = NULL;
	struct quo_rows *rows = NULL;
	enum quo_err err, end;

	err = quo_db_ask(ledger->db, &rows, SET "credential = ?1 AND "
	    "(generation = ?2 OR ?2 = 0) AND (status IN ('current', "
	    "'pending', 'waiting') OR ?2 <> 0 AND status = 'former' AND "
	    "generation >= (SELECT secret FROM credential WHERE name = ?1)) "
	    "ORDER BY status, generation DESC", "ti", name,
	    (int64_t)generation);
	if (err != QUO_OK)
		return told(ledger, err);
	err = quo_rows_next(rows) ? read_set(rows, &h) : QUO_ENOENT;
	end = quo_rows_end(rows);
	err = end != QUO_OK ? end : err;
	if (err == QUO_OK)
		err = read_cards(ledger, h);
	if (err == QUO_OK)
		*holding = h;
	else
		quo_holding_free(h);
	return told(ledger, err);
}

enum quo_err
quo_holding_each(struct quo_ledger *ledger,
    void (*tell)(void *context, const struct quo_holding *holding),
    void *context)
{
	struct quo_holding *h;
	struct quo_rows *rows = NULL;
	enum quo_err err, end;

	err = quo_db_ask(ledger->db, &rows, SET "status IN ('current', "
	    "'pending', 'waiting') ORDER BY credential, generation", "");
	if (err != QUO_OK)
		return told(ledger, err);
	while (err == QUO_OK && quo_rows_next(rows)) {
		h = NULL;
		err = read_set(rows, &h);
		if (err == QUO_OK)
			err = read_cards(ledger, h);
		if (err == QUO_OK)
			tell(context, h);
		quo_holding_free(h);
	}
	end = quo_rows_end(rows);
	return told(ledger, err != QUO_OK ? err : end);
}

/* The fewest cards whose loss keeps a node from its threshold. */
static unsigned
breaks(const struct quo_policy *p, size_t i, const struct quo_cards *left)
{
	const struct quo_policy_node *node = &p->nodes[i];
	unsigned few[QUO_CARDS_MAX], sum = 0, at, v;
	size_t child = i + 1;

	if (node->threshold == 0)
		return left->has[node->serial] ? 1 : 0;
	for (unsigned c = 0; c < node->children; c++) {
		v = breaks(p, child, left);
		child += p->nodes[child].span;
		for (at = c; at > 0 && few[at - 1] > v; at--)
			few[at] = few[at - 1];
		few[at] = v;
	}
	for (unsigned c = 0; c + node->threshold <= node->children; c++)
		sum += few[c];
	return sum;
}

void
quo_holding_left(const struct quo_holding *holding, struct quo_left *left)
{
	struct quo_cards there = { { false } }, lost = { { false } };
	unsigned broken;

	*left = (struct quo_left){ 0 };
	for (unsigned s = 1; s <= holding->policy->cards; s++) {
		there.has[s] = !holding->card[s].lost;
		lost.has[s] = holding->card[s].lost;
		left->lost += holding->card[s].lost;
	}
	left->cards = holding->policy->cards - left->lost;
	broken = breaks(holding->policy, 0, &there);
	left->opens = broken > 0;
	left->spare = broken > 0 ? broken - 1 : 0;
	left->finder = quo_policy_lacking(holding->policy, &lost);
}
