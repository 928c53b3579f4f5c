/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_LEDGER_INTERNAL_H
#define QUO_LEDGER_INTERNAL_H

#include "ledger/db.h"
#include "ledger/ledger.h"

/* What the files of this layer share. */

struct quo_ledger {
	struct quo_db *db;
	char id[QUO_LEDGER_ID_TEXT];
	char *actor;
	char why[QUO_WHY_MAX];
	bool within;		/* begin was called */
	bool headless;		/* for lines of another log: it has no head */
	uint64_t recorded;	/* how long our last commit made the log */
	struct quo_entry *refused;	/* to be logged at rollback; owned */
};

/* Note why, in words, and give err back. */
enum quo_err quo_ledger_say(struct quo_ledger *ledger, enum quo_err err,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/*
 * refused.c: what was refused, kept until it can be logged, and logged behind
 * the rollback of what it was part of.
 */
enum quo_err quo_refused_keep(struct quo_ledger *ledger,
    const struct quo_entry *entry, const char *why);
void quo_refused_log(struct quo_ledger *ledger);
void quo_refused_forget(struct quo_ledger *ledger);

/* Note what the database says, where it was that which failed. */
enum quo_err quo_ledger_told(struct quo_ledger *ledger, enum quo_err err);

/* schema.c: make the tables, or bring them up to date; check what is there. */
enum quo_err quo_schema_make(struct quo_db *db);
enum quo_err quo_schema_check(struct quo_db *db, bool write);
/* The tables that the log makes, each with its columns' order; NULL ends. */
extern const char *const quo_schema_projected[];

/* project.c: what an entry changes in the tables. */
enum quo_err quo_project(struct quo_ledger *ledger,
    const struct quo_entry *entry);

/*
 * rules.c: what the step table can't know: approvals, incidents, who is who.
 * Fails with QUO_EREFUSED, the reason noted.
 */
enum quo_err quo_rules_check(struct quo_ledger *ledger,
    const struct quo_entry *entry);

/* unproven.c: the same of a person's word for a rotation. */
enum quo_err quo_unproven_check(struct quo_ledger *ledger,
    const struct quo_entry *entry);

/* One person, however the name is written: "ana", "Ana", " ana". */
bool quo_same_person(const char *a, const char *b);

/*
 * Whether an incident burned what isn't proven to be rotated since, asked of
 * its row: so long it can't be reviewed. Of one that is retired no rotation
 * comes.
 */
#define QUO_INCIDENT_UNROTATED "(incident.deadline IS NOT NULL AND " \
	"incident.rotated IS NULL AND EXISTS (SELECT 1 FROM credential " \
	"WHERE name = incident.credential AND state <> 'retired'))"

/*
 * Whether other cards took the place of those that an incident asked to open,
 * which its approvals are for.
 */
#define QUO_INCIDENT_REPLACED "EXISTS (SELECT 1 FROM entry JOIN dealing ON " \
	"set_id = json_extract(line, '$.set') WHERE entry.number = " \
	"incident.number AND status NOT IN ('current', 'pending'))"

/* The number of an incident's request, from "INC-7"; -1: it is none. */
int64_t quo_incident_number(const char *incident);

/* A column: which cards of a dealing are to be scanned before its target is
 * asked, as its entry says. Older ones don't. */
#define QUO_DEALING_CONFIRM "(SELECT line ->> 'criterion' FROM entry WHERE " \
	"number = dealing.entry)"

#endif
