/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "ledger/frontier.h"
#include "ledger/ledger_internal.h"
#include "ledger/unproven.h"

#define V(key) (e->value[QUO_KEY_##key])

/* "2 " and 64 digits, ", " and a NUL. */
#define SET_TEXT 80

/* How the last rotation of ?1 ended; nothing is looked at that is older than
 * the dealing it was about. */
static const char end_unproven[] =
	"SELECT line FROM entry WHERE number > (SELECT max(entry) FROM "
	"dealing WHERE credential = ?1 AND status = 'pending') AND "
	"json_extract(line, '$.event') = 'rotate-end' AND "
	"json_extract(line, '$.outcome') = 'unproven' AND "
	"json_extract(line, '$.credential') = ?1 ORDER BY number DESC "
	"LIMIT 1";

/* The same of the one that made its secret what it is. */
static const char end_proven[] =
	"SELECT line FROM entry WHERE number > (SELECT max(entry) FROM "
	"credential JOIN dealing ON credential = name AND "
	"dealing.generation = secret WHERE name = ?1) AND "
	"json_extract(line, '$.event') = 'rotate-end' AND "
	"json_extract(line, '$.outcome') = 'proven' AND "
	"json_extract(line, '$.credential') = ?1 ORDER BY number DESC "
	"LIMIT 1";

static enum quo_err
load_line(struct quo_ledger *ledger, const char *sql, const char *name,
    struct quo_line *line, char leaf[QUO_HEX_TEXT])
{
	struct quo_rows *rows = NULL;
	uint8_t hash[QUO_HASH_LEN];
	enum quo_err err, found = QUO_ENOENT;

	err = quo_db_ask(ledger->db, &rows, sql, "t", name);
	if (err != QUO_OK)
		return err;
	if (quo_rows_next(rows)) {
		const char *text = quo_rows_text(rows, 0);
		size_t len = quo_rows_len(rows, 0);

		found = quo_line_decode(text, len, line) == QUO_OK ? QUO_OK :
		    QUO_ECORRUPT;
		quo_frontier_leaf(text, len, hash);
		quo_hex_print(hash, QUO_HASH_LEN, leaf);
	}
	err = quo_rows_end(rows);
	return err != QUO_OK ? err : found;
}

static void
print_set(const struct quo_set_row *row, char text[SET_TEXT])
{
	snprintf(text, SET_TEXT, "%u %s", row->generation, row->id);
}

/* All that it may have besides: a proof is one for all of them. */
static enum quo_err
list_refused(struct quo_unproven *u)
{
	const struct quo_sets *sets = &u->sets;
	char set[SET_TEXT];
	size_t used = 0;

	u->refused = calloc(sets->count + 1, SET_TEXT);
	if (u->refused == NULL)
		return QUO_ENOMEM;
	for (size_t i = 1; i < sets->count; i++) {
		if (sets->row[i].place == QUO_PLACE_WAITING)
			continue;
		print_set(&sets->row[i], set);
		used += (size_t)sprintf(u->refused + used, "%s%s",
		    used > 0 ? ", " : "", set);
	}
	if (used == 0)
		strcpy(u->refused, "none");
	return QUO_OK;
}

static enum quo_err
load(struct quo_ledger *ledger, const char *name, struct quo_unproven *u)
{
	enum quo_err err = quo_sets_load(ledger, name, &u->sets);

	if (err != QUO_OK)
		return err;
	if (!u->sets.unproven || u->sets.count == 0 ||
	    u->sets.row[0].place != QUO_PLACE_PENDING)
		return QUO_ENOENT;
	print_set(&u->sets.row[0], u->accepted);
	err = list_refused(u);
	return err != QUO_OK ? err : quo_ledger_told(ledger,
	    load_line(ledger, end_unproven, name, &u->end, u->leaf));
}

enum quo_err
quo_unproven_load(struct quo_ledger *ledger, const char *name,
    struct quo_unproven **unproven)
{
	struct quo_unproven *u = calloc(1, sizeof *u);
	enum quo_err err;

	if (u == NULL)
		return QUO_ENOMEM;
	err = load(ledger, name, u);
	if (err == QUO_OK)
		*unproven = u;
	else
		quo_unproven_free(u);
	return err;
}

void
quo_unproven_word(const struct quo_ledger *ledger,
    const struct quo_unproven *u, struct quo_word *word)
{
	const struct quo_entry *e = &u->end.entry;

	*word = (struct quo_word){
		.ledger = quo_ledger_id(ledger),
		.credential = V(CREDENTIAL),
		.accepted = u->accepted,
		.refused = u->refused,
		.rotation = u->leaf,
		.ended = V(TIME),
		.reason = V(DETAIL),
	};
}

void
quo_unproven_free(struct quo_unproven *u)
{
	if (u == NULL)
		return;
	quo_sets_clear(&u->sets);
	free(u->refused);
	free(u);
}

enum quo_err
quo_ledger_word(struct quo_ledger *ledger, const char *name,
    struct quo_line **line)
{
	struct quo_line *l = malloc(sizeof *l);
	char leaf[QUO_HEX_TEXT];
	enum quo_err err;

	*line = NULL;
	if (l == NULL)
		return QUO_ENOMEM;
	err = load_line(ledger, end_proven, name, l, leaf);
	if (err == QUO_OK && l->entry.value[QUO_KEY_PERSON] != NULL)
		*line = l;
	else
		free(l);
	return err == QUO_ENOENT ? QUO_OK : quo_ledger_told(ledger, err);
}

const char *
quo_word_seen(const struct quo_entry *e)
{
	const size_t len = strlen(QUO_WORD_DETAIL);
	const char *detail = V(DETAIL);

	if (detail == NULL)
		return "";
	return strncmp(detail, QUO_WORD_DETAIL, len) == 0 ? detail + len :
	    detail;
}

/*
 * The rule
 */

/* The account behind "root, sudo by ana". */
static const char *
behind_sudo(const char *actor)
{
	const char *by = strstr(actor, ", sudo by ");

	return by != NULL ? by + strlen(", sudo by ") : actor;
}

/* Whether one of those whom sql names is this person. */
static enum quo_err
is_among(struct quo_ledger *ledger, const char *sql, const char *text,
    const char *person, bool *among)
{
	struct quo_rows *rows = NULL;
	enum quo_err err = quo_db_ask(ledger->db, &rows, sql, "t", text);

	*among = false;
	if (err != QUO_OK)
		return err;
	while (quo_rows_next(rows))
		if (quo_rows_text(rows, 0) != NULL && quo_same_person(
		    behind_sudo(quo_rows_text(rows, 0)), person))
			*among = true;
	return quo_rows_end(rows);
}

/* Nobody is the only witness of their own act. */
static enum quo_err
check_witness(struct quo_ledger *ledger, const struct quo_entry *e)
{
	bool asked, ran = false;
	enum quo_err err;

	err = is_among(ledger, "SELECT requester FROM incident WHERE "
	    "credential = ? AND opened IS NOT NULL AND rotated IS NULL AND "
	    "reviewed IS NULL", V(CREDENTIAL), V(PERSON), &asked);
	if (err == QUO_OK)
		err = is_among(ledger, "SELECT DISTINCT json_extract(line, "
		    "'$.actor') FROM entry, dealing WHERE set_id = ? AND "
		    "number > entry AND json_extract(line, '$.event') IN "
		    "('rotate-start', 'rotate-end') AND json_extract(line, "
		    "'$.set') = set_id", V(SET), V(PERSON), &ran);
	if (err != QUO_OK)
		return err;
	if (asked)
		return quo_ledger_say(ledger, QUO_EREFUSED, "%s: \"%s\" "
		    "requested what was opened: somebody else says that it "
		    "is over", V(EVENT), V(PERSON));
	return !ran ? QUO_OK : quo_ledger_say(ledger, QUO_EREFUSED, "%s: "
	    "\"%s\" ran this rotation: somebody else says how it ended",
	    V(EVENT), V(PERSON));
}

enum quo_err
quo_unproven_check(struct quo_ledger *ledger, const struct quo_entry *e)
{
	int64_t unproven = 0;
	enum quo_err err;

	err = quo_db_int(ledger->db, 0, &unproven, "SELECT count(*) FROM "
	    "credential WHERE name = ? AND rotation = 'unproven'", "t",
	    V(CREDENTIAL));
	if (err != QUO_OK)
		return err;
	if (unproven == 0)
		return quo_ledger_say(ledger, QUO_EREFUSED, "%s: nothing of "
		    "\"%s\" is unproven: there is nothing to give one's word "
		    "for", V(EVENT), V(CREDENTIAL));
	if (strcmp(V(OUTCOME), "proven") != 0)
		return quo_ledger_say(ledger, QUO_EREFUSED, "%s: a word is "
		    "for what is proven, not for %s", V(EVENT), V(OUTCOME));
	if (V(HASH) == NULL || V(DETAIL) == NULL)
		return quo_ledger_say(ledger, QUO_EREFUSED, "%s: a word "
		    "needs the hash of its text, and what was seen",
		    V(EVENT));
	return check_witness(ledger, e);
}
