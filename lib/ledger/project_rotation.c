/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "ledger/project_internal.h"

/*
 * What dealings and rotations make of the tables, see project.c.
 */

int64_t
quo_project_number(const char *text)
{
	return text != NULL ? strtoll(text, NULL, 10) : 0;
}

enum quo_err
quo_project_state(struct quo_db *db, const struct quo_entry *e,
    enum quo_state state)
{
	return quo_db_run(db, "UPDATE credential SET before = state, "
	    "state = ?, since = ? WHERE name = ? AND state <> ?", "tttt",
	    quo_state_name(state),
	    V(TIME), V(CREDENTIAL), quo_state_name(state));
}

/* The set that takes over from all that the target may have had. One that
 * waits has never been there, and may wait on. */
enum quo_err
quo_project_replace(struct quo_db *db, const struct quo_entry *e)
{
	enum quo_err err;

	err = quo_db_run(db, "UPDATE dealing SET status = 'former' WHERE "
	    "credential = ? AND set_id <> ? AND status IN ('pending', "
	    "'current')", "tt",
	    V(CREDENTIAL), V(SET));
	if (err == QUO_OK)
		err = quo_db_run(db, "UPDATE dealing SET status = 'current' "
		    "WHERE set_id = ?", "t", V(SET));
	return err != QUO_OK ? err : quo_db_run(db, "UPDATE credential SET "
	    "generation = ? WHERE name = ?", "it",
	    quo_project_number(V(GENERATION)), V(CREDENTIAL));
}

/* The same with a secret of its own: what the others hold is no use. */
enum quo_err
quo_project_take_over(struct quo_db *db, const struct quo_entry *e)
{
	enum quo_err err = quo_project_replace(db, e);

	return err != QUO_OK ? err : quo_db_run(db, "UPDATE credential SET "
	    "rotated = ?, secret = generation, reason = NULL, failures = 0, "
	    "failure = NULL WHERE name = ?", "tt", V(TIME), V(CREDENTIAL));
}

/* Whether what the target has now was seen by somebody already. */
static enum quo_err
was_seen(struct quo_db *db, const struct quo_entry *e, int64_t *seen)
{
	return quo_db_int(db, 0, seen, "SELECT count(*) FROM dealing WHERE "
	    "set_id = ? AND opened IS NOT NULL", "t", V(SET));
}

enum quo_err
quo_project_unburn(struct quo_db *db, const struct quo_entry *e)
{
	enum quo_err err;

	err = quo_db_run(db, "UPDATE incident SET rotated = "
	    "coalesce(rotated, ?) WHERE credential = ? AND opened IS NOT "
	    "NULL", "tt", V(TIME), V(CREDENTIAL));
	return err != QUO_OK ? err : quo_db_run(db, "UPDATE credential SET "
	    "burned = NULL, deadline = NULL, overdue = NULL WHERE name = ?",
	    "t", V(CREDENTIAL));
}

static enum quo_err
proven(struct quo_db *db, const struct quo_entry *e)
{
	int64_t open = 0, seen = 0;
	enum quo_err err = quo_project_take_over(db, e);

	if (err == QUO_OK)
		err = quo_db_run(db, "UPDATE credential SET rotation = "
		    "'proven', tried = ? WHERE name = ?", "tt",
		    V(TIME), V(CREDENTIAL));
	if (err == QUO_OK)
		err = was_seen(db, e, &seen);
	if (err != QUO_OK || seen != 0)
		return err != QUO_OK ? err : quo_project_state(db, e,
		    QUO_STATE_BURNED);
	if (err == QUO_OK)
		err = quo_project_unburn(db, e);
	if (err == QUO_OK)
		err = quo_db_int(db, 0, &open, "SELECT count(*) FROM "
		    "incident WHERE credential = ? AND opened IS NOT NULL "
		    "AND reviewed IS NULL", "t", V(CREDENTIAL));
	return err != QUO_OK ? err : quo_project_state(db, e, open > 0 ?
	    QUO_STATE_ROTATED : QUO_STATE_DEALT);
}

/* One that began while another had no known end is as unknown as that. */
enum quo_err
quo_project_rotate_start(struct quo_db *db, const struct quo_entry *e)
{
	enum quo_err err;

	err = quo_db_run(db, "UPDATE dealing SET status = 'pending' WHERE "
	    "set_id = ? AND status = 'waiting'", "t", V(SET));
	return err != QUO_OK ? err : quo_db_run(db, "UPDATE credential SET "
	    "rotation = iif(rotation IN ('started', 'unknown', 'refused') "
	    "AND EXISTS (SELECT 1 FROM dealing WHERE credential = name AND "
	    "status = 'pending' AND set_id <> ?), 'unknown', 'started') "
	    "WHERE name = ?", "tt", V(SET), V(CREDENTIAL));
}

/* It is tried again later, and later still. */
enum quo_err
quo_project_failed(struct quo_db *db, const struct quo_entry *e)
{
	return quo_db_run(db, "UPDATE credential SET failures = failures + "
	    "1, tried = ?, failure = ? WHERE name = ?", "ttt", V(TIME),
	    V(REASON) != NULL ? V(REASON) : V(DETAIL), V(CREDENTIAL));
}

/* The target has the new secret, and perhaps the old one. Why that isn't known
 * holds until another one is proven, also if a later rotation is kept. */
static enum quo_err
unproven(struct quo_db *db, const struct quo_entry *e)
{
	enum quo_err err;

	err = quo_db_run(db, "UPDATE credential SET rotation = 'unproven', "
	    "reason = ?, failures = 0, failure = NULL, tried = ? WHERE name "
	    "= ?", "ttt", V(DETAIL), V(TIME), V(CREDENTIAL));
	return err != QUO_OK ? err : quo_project_state(db, e,
	    QUO_STATE_UNPROVEN);
}

/* Nothing was changed on the target: all is as before it started, and a set
 * that is pending still is of one that was unproven then. */
static enum quo_err
kept(struct quo_db *db, const struct quo_entry *e)
{
	enum quo_err err;

	err = quo_db_run(db, "UPDATE dealing SET status = 'void' WHERE "
	    "set_id = ? AND status = 'pending'", "t", V(SET));
	return err != QUO_OK ? err : quo_db_run(db, "UPDATE credential SET "
	    "state = before, since = ?, rotation = iif(EXISTS (SELECT 1 FROM "
	    "dealing WHERE credential = name AND status = 'pending'), "
	    "'unproven', 'kept') WHERE name = ? AND state = 'rotating' AND "
	    "rotation = 'started'", "tt", V(TIME), V(CREDENTIAL));
}

/* The target has what it had before all of them. */
static enum quo_err
abandoned(struct quo_db *db, const struct quo_entry *e)
{
	enum quo_err err;

	err = quo_db_run(db, "UPDATE dealing SET status = 'void' WHERE "
	    "credential = ? AND status = 'pending'", "t", V(CREDENTIAL));
	return err != QUO_OK ? err : quo_db_run(db, "UPDATE credential SET "
	    "state = before, since = ?, rotation = 'kept' WHERE name = ? "
	    "AND state = 'rotating'", "tt", V(TIME), V(CREDENTIAL));
}

enum quo_err
quo_project_rotate_end(struct quo_db *db, const struct quo_entry *e)
{
	const char *outcome = V(OUTCOME);
	enum quo_err err;

	if (strcmp(outcome, "proven") == 0)
		return proven(db, e);
	if (strcmp(outcome, "abandoned") == 0)
		return abandoned(db, e);
	if (strcmp(outcome, "unproven") == 0)
		return unproven(db, e);
	err = quo_project_failed(db, e);
	if (err != QUO_OK || strcmp(outcome, "kept") == 0)
		return err != QUO_OK ? err : kept(db, e);
	return quo_db_run(db, "UPDATE credential SET rotation = ? WHERE "
	    "name = ?", "tt", outcome, V(CREDENTIAL));
}

/* A secret that ought to be refused is tried on the target. */
enum quo_err
quo_project_probe(struct quo_db *db, const struct quo_entry *e)
{
	return quo_db_run(db, "INSERT INTO probe VALUES (?, ?, ?)", "itt",
	    (int64_t)e->number, V(CREDENTIAL), V(TIME));
}
