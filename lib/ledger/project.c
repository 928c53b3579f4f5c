/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "crypto/policy.h"
#include "ledger/incident.h"
#include "ledger/ledger_internal.h"
#include "ledger/project_internal.h"

/*
 * From an entry to the tables. Nothing here looks at what isn't in the log:
 * neither roster nor inventory, nor the clock. So a replay makes the same.
 */

int64_t
quo_incident_number(const char *incident)
{
	char *end;
	long long n;

	if (incident == NULL || strncmp(incident, "INC-", 4) != 0 ||
	    incident[4] < '0' || incident[4] > '9' ||
	    strlen(incident) > 4 + 15)
		return -1;
	n = strtoll(incident + 4, &end, 10);
	return *end == '\0' && (incident[4] != '0' || n == 0) ? n : -1;
}

static enum quo_err
credential(struct quo_db *db, const struct quo_entry *e)
{
	return quo_db_run(db, "INSERT INTO credential (name, state, since) "
	    "VALUES (?, 'planned', ?) ON CONFLICT DO NOTHING", "tt",
	    V(CREDENTIAL), V(TIME));
}

static enum quo_err
deal_intent(struct quo_db *db, const struct quo_entry *e)
{
	enum quo_err err = credential(db, e);

	if (err == QUO_OK)
		err = quo_db_run(db, "UPDATE credential SET inventory = ? "
		    "WHERE name = ?", "tt", V(INVENTORY), V(CREDENTIAL));
	return err != QUO_OK ? err : quo_db_run(db, "INSERT INTO intent "
	    "VALUES (?, ?, ?, ?)", "itit", (int64_t)e->number,
	    V(CREDENTIAL), quo_project_number(V(GENERATION)), V(TIME));
}

static enum quo_err
end_intent(struct quo_db *db, const struct quo_entry *e)
{
	return quo_db_run(db, "DELETE FROM intent WHERE credential = ? AND "
	    "generation = ?", "ti", V(CREDENTIAL),
	    quo_project_number(V(GENERATION)));
}

/* A row for each card, with its custodian where the policy names one. */
static enum quo_err
deal_cards(struct quo_db *db, const struct quo_entry *e)
{
	struct quo_policy *policy = NULL;
	struct quo_policy_error error;
	enum quo_err err;

	err = quo_policy_parse(V(POLICY), &policy, &error);
	if (err != QUO_OK)
		return QUO_EFORMAT;
	for (unsigned s = 1; err == QUO_OK && s <= policy->cards; s++)
		err = quo_db_run(db, "INSERT INTO card (set_id, serial, "
		    "custodian) VALUES (?, ?, ?)", "tit", V(SET), (int64_t)s,
		    quo_policy_leaf(policy, s)->name);
	quo_policy_free(policy);
	return err;
}

static enum quo_err
deal_as(struct quo_db *db, const struct quo_entry *e, const char *status)
{
	enum quo_err err;

	err = quo_db_run(db, "INSERT INTO dealing VALUES "
	    "(?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?)", "ttititttii", V(SET),
	    V(CREDENTIAL), quo_project_number(V(GENERATION)), V(POLICY),
	    quo_project_number(V(CARDS)), V(TIME), V(EXPIRES), status,
	    (int64_t)e->number, (int64_t)(V(LOCKED) != NULL));
	if (err == QUO_OK)
		err = deal_cards(db, e);
	return err == QUO_OK ? end_intent(db, e) : err;
}

static enum quo_err
void_waiting(struct quo_db *db, const struct quo_entry *e)
{
	return quo_db_run(db, "UPDATE dealing SET status = 'void' WHERE "
	    "credential = ? AND status = 'waiting'", "t", V(CREDENTIAL));
}

static enum quo_err
deal(struct quo_db *db, const struct quo_entry *e)
{
	enum quo_err err = void_waiting(db, e);

	if (err == QUO_OK)
		err = deal_as(db, e, "pending");
	if (err == QUO_OK)
		err = quo_project_take_over(db, e);
	/* What was retired may have been in any state. */
	if (err == QUO_OK)
		err = quo_project_unburn(db, e);
	return err != QUO_OK ? err : quo_db_run(db, "UPDATE credential SET "
	    "rotation = NULL WHERE name = ?", "t", V(CREDENTIAL));
}

/* Its cards are out; the target was not asked. One that waited before won't
 * be set any more. */
static enum quo_err
redeal(struct quo_db *db, const struct quo_entry *e)
{
	enum quo_err err = void_waiting(db, e);

	return err == QUO_OK ? deal_as(db, e, "waiting") : err;
}

/* The secret is the one that it was: as old, and in the former sets, too. One
 * that waited won't be set any more. */
static enum quo_err
reissue(struct quo_db *db, const struct quo_entry *e)
{
	enum quo_err err = void_waiting(db, e);

	if (err == QUO_OK)
		err = deal_as(db, e, "pending");
	return err == QUO_OK ? quo_project_replace(db, e) : err;
}

/* Cards that went out all the same are known, and void. */
static enum quo_err
deal_failed(struct quo_db *db, const struct quo_entry *e)
{
	int64_t there = 0;
	enum quo_err err = end_intent(db, e);

	if (err == QUO_OK)
		err = quo_project_failed(db, e);
	if (err != QUO_OK || V(SET) == NULL)
		return err;
	err = quo_db_int(db, 0, &there, "SELECT count(*) FROM dealing WHERE "
	    "set_id = ?", "t", V(SET));
	if (err == QUO_OK && there == 0)
		return V(POLICY) != NULL ? deal_as(db, e, "void") : QUO_OK;
	return err != QUO_OK ? err : quo_db_run(db, "UPDATE dealing SET "
	    "status = 'void' WHERE set_id = ?", "t", V(SET));
}

static enum quo_err
acknowledge(struct quo_db *db, const struct quo_entry *e)
{
	int64_t left = 1;
	enum quo_err err;

	err = quo_db_run(db, "UPDATE card SET acknowledged = ?, form = ?, "
	    "location = coalesce(?, location), bag = coalesce(?, bag) "
	    "WHERE set_id = ? AND serial = ?", "ttttti", V(TIME),
	    V(HASH), V(LOCATION), V(BAG), V(SET), quo_project_number(V(CARD)));
	if (err == QUO_OK)
		err = quo_db_int(db, 1, &left, "SELECT count(*) FROM card "
		    "JOIN dealing USING (set_id) WHERE set_id = ? AND "
		    "acknowledged IS NULL AND lost IS NULL", "t", V(SET));
	if (err != QUO_OK || left != 0)
		return err;
	return quo_db_run(db, "UPDATE credential SET state = 'active', "
	    "since = ? WHERE name = ? AND state = 'dealt'", "tt", V(TIME),
	    V(CREDENTIAL));
}

static enum quo_err
drill(struct quo_db *db, const struct quo_entry *e)
{
	if (strcmp(V(VERDICT), "genuine") != 0)
		return QUO_OK;
	return quo_db_run(db, "UPDATE card SET drilled = ? WHERE set_id = ? "
	    "AND serial = ?", "tti", V(TIME), V(SET),
	    quo_project_number(V(CARD)));
}

static enum quo_err
destroyed(struct quo_db *db, const struct quo_entry *e)
{
	return quo_db_run(db, "UPDATE card SET destroyed = ? WHERE set_id = "
	    "? AND serial = ?", "tti", V(TIME), V(SET),
	    quo_project_number(V(CARD)));
}

static enum quo_err
lost(struct quo_db *db, const struct quo_entry *e)
{
	return quo_db_run(db, "UPDATE card SET lost = ? WHERE set_id = ? AND "
	    "serial = ?", "tti", V(TIME), V(SET),
	    quo_project_number(V(CARD)));
}

static enum quo_err
request(struct quo_db *db, const struct quo_entry *e)
{
	return quo_db_run(db, "INSERT INTO incident (number, credential, "
	    "requester, reason, ticket, criterion, expected, expires, "
	    "declared, emergency) VALUES (?, (SELECT name FROM credential "
	    "WHERE name = ?), ?, ?, ?, ?, ?, ?, ?, ?)",
	    "ittttttttt", (int64_t)e->number, V(CREDENTIAL), V(REQUESTER),
	    V(REASON), V(TICKET), V(CRITERION), V(EXPECTED), V(EXPIRES),
	    V(TIME), V(EMERGENCY));
}

/* Without an open incident what was requested is what it was before. */
static enum quo_err
end_request(struct quo_db *db, const struct quo_entry *e)
{
	return quo_db_run(db, "UPDATE credential SET "
	    "state = CASE WHEN EXISTS (SELECT 1 FROM card JOIN dealing "
	    "USING (set_id) WHERE credential = name AND status = 'current' "
	    "AND acknowledged IS NULL AND lost IS NULL) THEN 'dealt' ELSE "
	    "'active' END, since = ? WHERE name = ? AND state = 'requested' "
	    "AND NOT EXISTS (SELECT 1 FROM incident WHERE credential = name "
	    "AND withdrawn IS NULL AND opened IS NULL)", "tt", V(TIME),
	    V(CREDENTIAL));
}

static enum quo_err
withdraw(struct quo_db *db, const struct quo_entry *e)
{
	enum quo_err err;

	err = quo_db_run(db, "UPDATE incident SET withdrawn = ? WHERE "
	    "number = ?", "ti", V(TIME), quo_incident_number(V(INCIDENT)));
	return err == QUO_OK ? end_request(db, e) : err;
}

static enum quo_err
approve(struct quo_db *db, const struct quo_entry *e)
{
	return quo_db_run(db, "INSERT INTO approval (entry, incident, "
	    "person, key, hash, time) VALUES (?, ?, ?, ?, ?, ?)", "iitttt",
	    (int64_t)e->number, quo_incident_number(V(INCIDENT)), V(PERSON),
	    V(KEY), V(HASH), V(TIME));
}

/* Somebody saw what the set holds. Where it waited it is no use any more. */
static enum quo_err
see(struct quo_db *db, const struct quo_entry *e)
{
	return quo_db_run(db, "UPDATE dealing SET opened = coalesce(opened, "
	    "?), status = iif(status = 'waiting', 'void', status) WHERE "
	    "set_id = ?", "tt", V(TIME), V(SET));
}

static enum quo_err
open_incident(struct quo_db *db, const struct quo_entry *e)
{
	int64_t n = quo_incident_number(V(INCIDENT));
	char opened[QUO_UTC_TEXT];
	enum quo_err err;

	quo_utc_print(quo_incident_opened(e), opened);
	err = quo_db_run(db, "UPDATE incident SET opened = "
	    "coalesce(opened, ?), openings = openings + 1, deadline = "
	    "coalesce(deadline, ?), emergency = coalesce(emergency, ?) "
	    "WHERE number = ?", "ttti", opened, V(DEADLINE), V(EMERGENCY),
	    n);
	if (err == QUO_OK)
		err = see(db, e);
	return err != QUO_OK ? err : quo_db_run(db, "UPDATE approval SET "
	    "used = ? WHERE incident = ? AND used IS NULL", "ti", V(TIME),
	    n);
}

static enum quo_err
opening(struct quo_db *db, const struct quo_entry *e)
{
	enum quo_err err = open_incident(db, e);
	char opened[QUO_UTC_TEXT];

	quo_utc_print(quo_incident_opened(e), opened);
	return err != QUO_OK ? err : quo_db_run(db, "UPDATE credential SET "
	    "used = max(coalesce(used, ''), ?1), uses = uses + 1, "
	    "burned = min(coalesce(burned, ?1), ?1), "
	    "deadline = min(coalesce(deadline, ?2), ?2) WHERE name = ?3",
	    "ttt", opened, V(DEADLINE), V(CREDENTIAL));
}

static enum quo_err
close_exposure(struct quo_db *db, const struct quo_entry *e)
{
	return quo_db_run(db, "UPDATE incident SET seconds = seconds + ? "
	    "WHERE number = ?", "ii", quo_project_number(V(SECONDS)),
	    quo_incident_number(V(INCIDENT)));
}

static enum quo_err
overdue(struct quo_db *db, const struct quo_entry *e)
{
	return quo_db_run(db, "UPDATE credential SET overdue = "
	    "coalesce(overdue, ?) WHERE name = ?", "tt", V(TIME),
	    V(CREDENTIAL));
}

static enum quo_err
review(struct quo_db *db, const struct quo_entry *e)
{
	int64_t open = 1;
	enum quo_err err;

	err = quo_db_run(db, "UPDATE incident SET reviewed = ?, reviewer = "
	    "?, classification = ?, findings = ?, actions = ?, recording = "
	    "? WHERE number = ?", "tttttti", V(TIME), V(PERSON),
	    V(CLASSIFICATION), V(FINDINGS), V(ACTIONS), V(RECORDING),
	    quo_incident_number(V(INCIDENT)));
	if (err == QUO_OK)
		err = quo_db_int(db, 1, &open, "SELECT count(*) FROM "
		    "incident WHERE credential = ? AND opened IS NOT NULL "
		    "AND reviewed IS NULL", "t", V(CREDENTIAL));
	if (err != QUO_OK || open > 0)
		return err;
	err = quo_db_run(db, "UPDATE credential SET state = 'active', since "
	    "= ? WHERE name = ? AND state = 'rotated'", "tt", V(TIME),
	    V(CREDENTIAL));
	/* Where an old set was opened nothing burned, and no rotation came. */
	return err == QUO_OK ? end_request(db, e) : err;
}

static enum quo_err
retire(struct quo_db *db, const struct quo_entry *e)
{
	enum quo_err err;

	err = quo_db_run(db, "UPDATE credential SET retired = ?, secret = "
	    "NULL WHERE name = ?", "tt", V(TIME), V(CREDENTIAL));
	return err != QUO_OK ? err : quo_db_run(db, "UPDATE dealing SET "
	    "status = 'former' WHERE credential = ? AND status <> 'void'",
	    "t", V(CREDENTIAL));
}

static enum quo_err
receipt(struct quo_db *db, const struct quo_entry *e)
{
	return quo_db_run(db, "INSERT INTO receipt VALUES (?, ?)", "ti",
	    V(HASH), (int64_t)e->number);
}

/* A rotation that the rules refuse came to nothing like any other. */
static enum quo_err
refused(struct quo_db *db, const struct quo_entry *e)
{
	return V(CREDENTIAL) == NULL || V(OUTCOME) == NULL ||
	    strcmp(V(OUTCOME), "failed") != 0 ? QUO_OK :
	    quo_project_failed(db, e);
}

static const struct {
	const char *event;
	enum quo_err (*make)(struct quo_db *db, const struct quo_entry *e);
} makers[] = {
	{ "credential", credential },
	{ "deal-intent", deal_intent },
	{ "deal", deal },
	{ "redeal", redeal },
	{ "reissue", reissue },
	{ "deal-failed", deal_failed },
	{ "acknowledge", acknowledge },
	{ "drill", drill },
	{ "lost", lost },
	{ "destroyed", destroyed },
	{ "request", request },
	{ "withdraw", withdraw },
	{ "approve", approve },
	{ "open", opening },
	{ "open-retired", open_incident },
	{ "close", close_exposure },
	{ "overdue", overdue },
	{ "refused", refused },
	{ "rotate-failed", quo_project_failed },
	{ "rotate-start", quo_project_rotate_start },
	{ "rotate-end", quo_project_rotate_end },
	{ "probe", quo_project_probe },
	{ "review", review },
	{ "retire", retire },
	{ "receipt", receipt },
};

/* What the step table says of the state. */
static enum quo_err
move(struct quo_ledger *ledger, const struct quo_entry *e)
{
	const struct quo_step *step = quo_step_of(V(EVENT));
	enum quo_state state = QUO_STATE_NONE, next;
	enum quo_err err;

	if (V(CREDENTIAL) == NULL || step->moves == 0)
		return QUO_OK;
	err = quo_ledger_state(ledger, V(CREDENTIAL), &state);
	next = quo_step_state(step, state);
	return err != QUO_OK || next == state || state == QUO_STATE_NONE ?
	    err : quo_project_state(ledger->db, e, next);
}

enum quo_err
quo_project(struct quo_ledger *ledger, const struct quo_entry *entry)
{
	const char *event = entry->value[QUO_KEY_EVENT];
	enum quo_err err = move(ledger, entry);

	for (size_t i = 0; err == QUO_OK && i < sizeof makers /
	    sizeof *makers; i++)
		if (strcmp(makers[i].event, event) == 0)
			err = makers[i].make(ledger->db, entry);
	return err;
}
