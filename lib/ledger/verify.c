/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/secret.h"
#include "ledger/ledger_internal.h"
#include "ledger/log.h"
#include "ledger/verify.h"

static int
by_size(const void *a, const void *b)
{
	const struct quo_witness *x = a, *y = b;

	return (x->checkpoint.size > y->checkpoint.size) -
	    (x->checkpoint.size < y->checkpoint.size);
}

enum quo_err
quo_verify_begin(struct quo_verify *v)
{
	v->line = malloc(sizeof *v->line);
	if (v->line == NULL)
		return QUO_ENOMEM;
	if (v->witness_count > 0)
		qsort(v->witnesses, v->witness_count, sizeof *v->witnesses,
		    by_size);
	return QUO_OK;
}

/* Witnesses of the log as it stands now. */
static void
meet_witnesses(struct quo_verify *v)
{
	uint8_t root[QUO_HASH_LEN];
	struct quo_witness *w;

	for (; v->next < v->witness_count; v->next++) {
		w = &v->witnesses[v->next];
		if (w->checkpoint.size != v->frontier.size)
			return;
		quo_frontier_root(&v->frontier, root);
		w->says = memcmp(root, w->checkpoint.root, sizeof root) ==
		    0 ? QUO_WITNESS_AGREES : QUO_WITNESS_CONTRADICTS;
		memcpy(w->time, v->last_time, sizeof w->time);
	}
}

static const char *
begins_once(struct quo_verify *v, const struct quo_entry *e)
{
	const char *ledger = e->value[QUO_KEY_LEDGER];
	bool init = strcmp(e->value[QUO_KEY_EVENT], "log-init") == 0;

	if (init != (v->entries == 0))
		return "log-init comes first, and once";
	if (!init)
		return NULL;
	if (ledger == NULL || !quo_hex_is(ledger, 16))
		return "\"ledger\" is no id of 32 hex digits";
	memcpy(v->ledger, ledger, sizeof v->ledger);
	return NULL;
}

/* What is wrong with a line, NULL: nothing. */
static const char *
judge_line(struct quo_verify *v, const char *line, size_t len)
{
	const struct quo_entry *e = &v->line->entry;
	int64_t when;

	memset(v->last_time, 0, sizeof v->last_time);
	if (quo_line_decode(line, len, v->line) != QUO_OK)
		return "it is no entry in its one form";
	if (e->value[QUO_KEY_TIME] == NULL ||
	    quo_utc_parse(e->value[QUO_KEY_TIME], &when) != QUO_OK)
		return "\"time\" is missing, or no moment";
	memcpy(v->last_time, e->value[QUO_KEY_TIME], sizeof v->last_time);
	if (e->value[QUO_KEY_EVENT] == NULL)
		return "\"event\" is missing";
	if (e->number != v->entries)
		return "it has the number of another";
	return begins_once(v, e);
}

static void
judge_seal(struct quo_verify *v, const char *line, size_t len,
    const uint8_t *given)
{
	uint8_t mac[QUO_HASH_LEN];

	if (!v->sealed)
		return;
	if (given == NULL || quo_log_mac(v->key, line, len, mac) != QUO_OK ||
	    !quo_equal(mac, given, sizeof mac)) {
		if (v->unsealed++ == 0)
			v->unsealed_first = v->entries;
	}
	quo_log_next_key(v->key);
}

static void
judge_time(struct quo_verify *v)
{
	if (v->last_time[0] == '\0')
		return;
	if (v->entries == 0)
		memcpy(v->first_time, v->last_time, sizeof v->first_time);
	if (strcmp(v->last_time, v->latest) < 0 && v->back++ == 0)
		v->back_first = v->entries;
	memcpy(v->latest, v->last_time, sizeof v->latest);
}

void
quo_verify_entry(struct quo_verify *v, const char *line, size_t len,
    const uint8_t *mac, const char *why)
{
	uint8_t leaf[QUO_HASH_LEN];
	const char *wrong;

	meet_witnesses(v);
	wrong = judge_line(v, line, len);
	if (wrong == NULL)
		wrong = why;
	if (wrong != NULL && v->wrong++ == 0) {
		v->wrong_first = v->entries;
		v->wrong_why = wrong;
	}
	judge_time(v);
	judge_seal(v, line, len, mac);
	quo_frontier_leaf(line, len, leaf);
	quo_frontier_add(&v->frontier, leaf);
	v->entries++;
}

/* Between which entries the first wrong one must be. */
static void
narrow(struct quo_verify *v)
{
	const struct quo_witness *w = v->witnesses;

	for (size_t i = 0; i < v->witness_count; i++) {
		if (w[i].says == QUO_WITNESS_AGREES) {
			v->covered = w[i].checkpoint.size;
			if (v->covered > 0)
				v->since = w[i].time;
		} else {
			v->failed = true;
		}
		/* Of no entries there is one root: none of them is in doubt. */
		if (w[i].says == QUO_WITNESS_CONTRADICTS && !v->doubted &&
		    w[i].checkpoint.size > 0) {
			v->doubted = true;
			v->doubt_from = v->covered;
			v->doubt_to = w[i].checkpoint.size - 1;
		}
	}
	v->two_histories = v->doubted && v->covered > v->doubt_to;
}

void
quo_verify_end(struct quo_verify *v)
{
	struct quo_witness *w;

	meet_witnesses(v);
	for (; v->next < v->witness_count; v->next++)
		v->witnesses[v->next].says = QUO_WITNESS_AHEAD;
	for (size_t i = 0; i < v->witness_count; i++) {
		w = &v->witnesses[i];
		if (w->ledger[0] != '\0' && v->ledger[0] != '\0' &&
		    strcmp(w->ledger, v->ledger) != 0)
			w->says = QUO_WITNESS_STRANGER;
	}
	v->failed = v->wrong > 0 || v->unsealed > 0 || v->entries == 0;
	v->since = v->first_time;
	narrow(v);
	if (v->since[0] == '\0')
		v->since = NULL;
	quo_wipe(v->key, sizeof v->key);
	free(v->line);
	v->line = NULL;
}

enum quo_err
quo_verify_ledger(struct quo_ledger *ledger, struct quo_verify *v)
{
	struct quo_rows *rows = NULL;
	const char *line;
	const void *mac;
	enum quo_err err;
	size_t len;

	err = quo_db_ask(ledger->db, &rows, "SELECT line, mac FROM entry "
	    "ORDER BY number", "");
	if (err != QUO_OK)
		return err;
	while (quo_rows_next(rows)) {
		line = quo_rows_text(rows, 0);
		mac = quo_rows_blob(rows, 1, &len);
		quo_verify_entry(v, line, quo_rows_len(rows, 0),
		    len == QUO_HASH_LEN ? mac : NULL, NULL);
	}
	return quo_rows_end(rows);
}

void
quo_verify_export(const char *text, size_t len, struct quo_verify *v)
{
	const char *end, *tab, *stop = text + len;
	uint8_t mac[QUO_HASH_LEN];
	bool sealed;

	while (text < stop) {
		end = memchr(text, '\n', (size_t)(stop - text));
		if (end == NULL)
			end = stop;
		tab = memchr(text, '\t', (size_t)(end - text));
		sealed = tab != NULL && quo_hex_parse(tab + 1,
		    (size_t)(end - tab - 1), mac, sizeof mac);
		quo_verify_entry(v, text, (size_t)((tab != NULL ? tab :
		    end) - text), sealed ? mac : NULL, end == stop ?
		    "its line has no end" : sealed ? NULL :
		    "no seal of 64 hex digits stands behind it");
		text = end + 1;
	}
}
