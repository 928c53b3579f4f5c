/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "ledger/due.h"
#include "ledger/facts.h"
#include "ledger/ledger_internal.h"
#include "ledger/roster.h"

/* One that waits was never set. */
#define NEWEST(column) "(SELECT " column " FROM dealing WHERE credential = " \
	"?1 AND status IN ('current', 'former', 'pending') ORDER BY " \
	"generation DESC LIMIT 1)"
/* …but whether it was locked, somebody meant. */
#define LOCKED "coalesce((SELECT locked FROM dealing WHERE credential = ?1 " \
	"AND status <> 'void' ORDER BY generation DESC LIMIT 1), 0)"
#define HIGHEST "max((SELECT coalesce(max(generation), 0) FROM dealing " \
	"WHERE credential = ?1), (SELECT coalesce(max(generation), 0) FROM " \
	"intent WHERE credential = ?1))"
#define UNENDED "(SELECT count(*) FROM intent WHERE credential = ?1)"
/* What isn't proven has an end. */
#define PENDING(what) "iif(rotation = 'unproven', NULL, (SELECT " what \
	" FROM dealing WHERE credential = ?1 AND status = 'pending'))"
#define FACTS "SELECT coalesce(state, 'none'), coalesce(inventory, ''), " \
	HIGHEST ", " NEWEST("set_id") ", " NEWEST("policy") ", account, " \
	"target, hook, burned, " UNENDED ", coalesce(" NEWEST("generation") \
	", 0), coalesce(failures, 0), tried, " LOCKED ", " \
	PENDING("count(*)") ", " PENDING("max(dealt)") ", (SELECT " \
	"max(time) FROM intent WHERE credential = ?1) FROM (SELECT ?1 AS " \
	"asked) LEFT JOIN credential ON name = asked LEFT JOIN profile ON " \
	"profile.credential = asked"

/* A copy of a column; false: no memory. */
static bool
copy(struct quo_rows *rows, int column, char **text)
{
	const char *value = quo_rows_text(rows, column);

	*text = value != NULL ? strdup(value) : NULL;
	return value == NULL || *text != NULL;
}

static bool
take(struct quo_rows *rows, struct quo_facts *facts)
{
	struct quo_due_endless endless = {
		.open = quo_rows_int(rows, 14),
		.dealings = quo_rows_int(rows, 9),
	};

	facts->state = quo_state_of(quo_rows_text(rows, 0));
	snprintf(facts->inventory, sizeof facts->inventory, "%s",
	    quo_rows_text(rows, 1));
	facts->generation = (uint32_t)quo_rows_int(rows, 2);
	if (quo_rows_text(rows, 8) != NULL)
		quo_utc_parse(quo_rows_text(rows, 8), &facts->burned);
	facts->unended = quo_rows_int(rows, 9);
	facts->newest = (uint32_t)quo_rows_int(rows, 10);
	facts->failures = quo_rows_int(rows, 11);
	if (quo_rows_text(rows, 12) != NULL)
		quo_utc_parse(quo_rows_text(rows, 12), &facts->tried);
	facts->locked = quo_rows_int(rows, 13) != 0;
	if (quo_rows_text(rows, 15) != NULL)
		quo_utc_parse(quo_rows_text(rows, 15), &endless.asked);
	if (quo_rows_text(rows, 16) != NULL)
		quo_utc_parse(quo_rows_text(rows, 16), &endless.dealing);
	quo_due_count(&endless, &facts->failures, &facts->tried);
	return copy(rows, 3, &facts->set) && copy(rows, 4, &facts->policy) &&
	    copy(rows, 5, &facts->account) &&
	    copy(rows, 6, &facts->target) && copy(rows, 7, &facts->hook);
}

enum quo_err
quo_facts_load(struct quo_ledger *ledger, const char *name,
    struct quo_facts *facts)
{
	struct quo_rows *rows = NULL;
	bool good = true;
	enum quo_err err;

	*facts = (struct quo_facts){ .state = QUO_STATE_NONE };
	err = quo_db_ask(ledger->db, &rows, FACTS, "t", name);
	if (err != QUO_OK)
		return quo_ledger_told(ledger, err);
	if (quo_rows_next(rows))
		good = take(rows, facts);
	err = quo_ledger_told(ledger, quo_rows_end(rows));
	if (err == QUO_OK && facts->state == QUO_STATES)
		err = QUO_ECORRUPT;
	return err == QUO_OK && !good ? QUO_ENOMEM : err;
}

void
quo_facts_clear(struct quo_facts *facts)
{
	free(facts->set);
	free(facts->policy);
	free(facts->account);
	free(facts->target);
	free(facts->hook);
	*facts = (struct quo_facts){ .state = QUO_STATE_NONE };
}

/* What is wrong with one that is to hold a card; "": nothing. */
static const char *
fault(struct quo_rows *rows)
{
	unsigned roles;

	if (!quo_rows_next(rows))
		return "isn't on the roster: quorate person";
	roles = (unsigned)quo_rows_int(rows, 0);
	if (quo_rows_text(rows, 1) != NULL)
		return "is retired: name another custodian";
	if ((roles & QUO_ROLE_AUDITOR) != 0)
		return "is an auditor: who inspects holds no card";
	if ((roles & QUO_ROLE_CUSTODIAN) == 0)
		return "is no custodian: quorate person";
	return "";
}

static enum quo_err
custodian(struct quo_ledger *ledger, const char *name,
    char why[QUO_WHY_MAX])
{
	struct quo_rows *rows = NULL;
	const char *wrong;
	enum quo_err err;

	err = quo_db_ask(ledger->db, &rows, "SELECT roles, retired FROM "
	    "person WHERE handle = ?", "t", name);
	if (err != QUO_OK)
		return quo_ledger_told(ledger, err);
	wrong = fault(rows);
	err = quo_ledger_told(ledger, quo_rows_end(rows));
	if (err != QUO_OK || *wrong == '\0')
		return err;
	snprintf(why, QUO_WHY_MAX, "\"%s\" %s", name, wrong);
	return QUO_EREFUSED;
}

enum quo_err
quo_facts_custodians(struct quo_ledger *ledger,
    const struct quo_policy *policy, char why[QUO_WHY_MAX])
{
	int64_t people = 0;
	enum quo_err err;

	err = quo_ledger_told(ledger, quo_db_int(ledger->db, 0, &people,
	    "SELECT count(*) FROM person", ""));
	if (err != QUO_OK || people == 0)
		return err;
	for (unsigned s = 1; err == QUO_OK && s <= policy->cards; s++) {
		const char *name = quo_policy_leaf(policy, s)->name;

		if (name != NULL)
			err = custodian(ledger, name, why);
	}
	return err;
}

/* Fill a field that the inventory leaves open. */
static enum quo_err
fill(struct quo_record *record, const char *field, const char *text)
{
	const int at = quo_record_field(QUO_RECORD_CREDENTIAL, field);
	char why[QUO_ROSTER_WHY];

	return text == NULL || *text == '\0' || record->value[at] != NULL ?
	    QUO_OK : quo_record_set(record, QUO_RECORD_CREDENTIAL, at, text,
	    why);
}

enum quo_err
quo_facts_learn(struct quo_ledger *ledger, const char *name,
    const char *account, const char *target)
{
	struct quo_roster roster = { 0 };
	struct quo_record *old, new = { 0 };
	char why[QUO_ROSTER_WHY];
	enum quo_err err;

	if (account == NULL && target == NULL)
		return QUO_OK;
	err = quo_roster_load(ledger, &roster);
	old = err == QUO_OK ? quo_roster_find(&roster, QUO_RECORD_CREDENTIAL,
	    name) : NULL;
	if (err == QUO_OK)
		err = old != NULL ? quo_record_copy(old, &new) :
		    quo_record_name(&new, name, why);
	if (err == QUO_OK)
		err = fill(&new, "account", account);
	if (err == QUO_OK)
		err = fill(&new, "target", target);
	if (err == QUO_OK)
		err = quo_record_put(ledger, QUO_RECORD_CREDENTIAL, old, &new);
	quo_record_clear(&new);
	quo_roster_clear(&roster);
	/* What can be sealed and not be kept here is only sealed. */
	return err == QUO_EINVAL ? QUO_OK : err;
}

enum quo_err
quo_facts_end_intents(struct quo_ledger *ledger, const char *name,
    uint32_t generation)
{
	int64_t old = 0;
	char text[16];
	struct quo_entry entry = { .value = {
		[QUO_KEY_EVENT] = "deal-failed",
		[QUO_KEY_CREDENTIAL] = name,
		[QUO_KEY_GENERATION] = text,
		[QUO_KEY_REASON] = "it was begun and never ended: cards of "
		    "it may be out, and are void",
	} };
	enum quo_err err;

	for (;;) {
		err = quo_ledger_told(ledger, quo_db_int(ledger->db,
		    0, &old, "SELECT generation FROM intent WHERE "
		    "credential = ? AND generation < ? LIMIT 1", "ti", name,
		    (int64_t)generation));
		if (err != QUO_OK || old == 0)
			return err;
		snprintf(text, sizeof text, "%lld", (long long)old);
		err = quo_ledger_record(ledger, &entry, NULL);
		if (err != QUO_OK)
			return err;
	}
}
