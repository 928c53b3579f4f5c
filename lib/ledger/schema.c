/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "ledger/ledger_internal.h"

/* "QUOL": other databases are told from ledgers. */
#define APPLICATION 0x51554F4C

/*
 * What brings the tables from version i to i + 1. Never edit one that was
 * released: add another.
 */
static const char *const migrations[] = {
	/* The log. */
	"CREATE TABLE log ("
	"  one INTEGER PRIMARY KEY CHECK (one = 1),"
	"  ledger TEXT NOT NULL, frontier BLOB NOT NULL, key BLOB NOT NULL"
	") STRICT;"
	"CREATE TABLE entry ("
	"  number INTEGER PRIMARY KEY, line TEXT NOT NULL, mac BLOB NOT NULL"
	") STRICT;"

	/* What the log makes. */
	"CREATE TABLE credential ("
	"  name TEXT PRIMARY KEY, inventory TEXT UNIQUE,"
	"  state TEXT NOT NULL, since TEXT NOT NULL, before TEXT,"
	"  generation INTEGER NOT NULL DEFAULT 0,"
	"  used TEXT, uses INTEGER NOT NULL DEFAULT 0,"
	"  burned TEXT, deadline TEXT, overdue TEXT,"
	"  rotated TEXT, rotation TEXT, reason TEXT, tried TEXT,"
	"  failures INTEGER NOT NULL DEFAULT 0, failure TEXT, retired TEXT"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE intent ("
	"  entry INTEGER PRIMARY KEY, credential TEXT NOT NULL,"
	"  generation INTEGER NOT NULL, time TEXT NOT NULL"
	") STRICT;"
	"CREATE TABLE dealing ("
	"  set_id TEXT PRIMARY KEY,"
	"  credential TEXT NOT NULL REFERENCES credential,"
	"  generation INTEGER NOT NULL, policy TEXT NOT NULL,"
	"  cards INTEGER NOT NULL, dealt TEXT NOT NULL, review TEXT,"
	"  status TEXT NOT NULL CHECK (status IN"
	"    ('current', 'pending', 'waiting', 'former', 'void')),"
	"  opened TEXT, entry INTEGER NOT NULL, locked INTEGER NOT NULL"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX dealing_credential ON dealing (credential, status);"
	/* What is on its way, for a look at all. */
	"CREATE INDEX dealing_open ON dealing (credential, generation)"
	"  WHERE status IN ('pending', 'waiting');"
	"CREATE TABLE card ("
	"  set_id TEXT NOT NULL REFERENCES dealing, serial INTEGER NOT NULL,"
	"  custodian TEXT, location TEXT, bag TEXT,"
	"  acknowledged TEXT, form TEXT, drilled TEXT, lost TEXT,"
	"  destroyed TEXT,"
	"  PRIMARY KEY (set_id, serial)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX card_custodian ON card (custodian);"
	"CREATE TABLE incident ("
	"  number INTEGER PRIMARY KEY,"
	"  credential TEXT REFERENCES credential,"
	"  requester TEXT, reason TEXT, ticket TEXT, criterion TEXT,"
	"  expected TEXT, expires TEXT, declared TEXT NOT NULL,"
	"  emergency TEXT, opened TEXT, openings INTEGER NOT NULL DEFAULT 0,"
	"  seconds INTEGER NOT NULL DEFAULT 0, deadline TEXT,"
	"  withdrawn TEXT, rotated TEXT, reviewed TEXT, reviewer TEXT,"
	"  classification TEXT, findings TEXT, actions TEXT, recording TEXT,"
	"  receipt TEXT"
	") STRICT;"
	"CREATE INDEX incident_credential ON incident (credential);"
	/* For a look at all: what is open, and what was opened of late. */
	"CREATE INDEX incident_open ON incident (credential, number)"
	"  WHERE reviewed IS NULL AND withdrawn IS NULL;"
	"CREATE INDEX incident_opened ON incident"
	"  (opened, credential, openings) WHERE opened IS NOT NULL;"
	"CREATE TABLE approval ("
	"  entry INTEGER PRIMARY KEY,"
	"  incident INTEGER NOT NULL REFERENCES incident,"
	"  person TEXT NOT NULL, key TEXT, hash TEXT NOT NULL,"
	"  time TEXT NOT NULL, used TEXT,"
	"  UNIQUE (incident, person)"
	") STRICT;"
	"CREATE TABLE probe ("
	"  entry INTEGER PRIMARY KEY, credential TEXT NOT NULL,"
	"  time TEXT NOT NULL"
	") STRICT;"
	"CREATE INDEX probe_credential ON probe (credential, time);"
	"CREATE TABLE receipt ("
	"  hash TEXT PRIMARY KEY, entry INTEGER NOT NULL"
	") STRICT, WITHOUT ROWID;"

	/* What the log only tells the hash of: the roster, the inventory. */
	"CREATE TABLE person ("
	"  handle TEXT PRIMARY KEY, name TEXT, contact TEXT,"
	"  roles INTEGER NOT NULL, keys TEXT, retired TEXT"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE profile ("
	"  credential TEXT PRIMARY KEY, owner TEXT, target TEXT,"
	"  account TEXT, kind TEXT, domain TEXT, scenario TEXT,"
	"  justification TEXT, criteria TEXT, depends_on TEXT,"
	"  approvals INTEGER NOT NULL DEFAULT 0, deadline INTEGER,"
	"  drill_every INTEGER, max_age INTEGER, review_by TEXT,"
	"  playbook TEXT, hook TEXT"
	") STRICT, WITHOUT ROWID;"

	/* Alerts on their way; sink '' is one that no sink was asked for. */
	"CREATE TABLE delivery ("
	"  entry INTEGER NOT NULL, sink TEXT NOT NULL,"
	"  tries INTEGER NOT NULL DEFAULT 0, next TEXT, error TEXT,"
	"  done INTEGER NOT NULL DEFAULT 0,"
	"  PRIMARY KEY (entry, sink)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX delivery_open ON delivery (done, next);",

	/* From which generation on sets hold the secret that the target has. */
	"ALTER TABLE credential ADD COLUMN secret INTEGER;"
	"UPDATE credential SET secret = generation"
	"  WHERE generation > 0 AND state <> 'retired';",
};

#define VERSION ((int64_t)(sizeof migrations / sizeof *migrations))

const char *const quo_schema_projected[] = {
	"credential", "intent", "dealing", "card", "incident", "approval",
	"probe", "receipt", NULL
};

static enum quo_err
migrate(struct quo_db *db, int64_t version)
{
	char pragma[64];
	enum quo_err err = QUO_OK;

	for (; err == QUO_OK && version < VERSION; version++)
		err = quo_db_script(db, migrations[version]);
	snprintf(pragma, sizeof pragma,
	    "PRAGMA application_id = %d; PRAGMA user_version = %lld;",
	    APPLICATION, (long long)VERSION);
	return err == QUO_OK ? quo_db_script(db, pragma) : err;
}

enum quo_err
quo_schema_make(struct quo_db *db)
{
	return migrate(db, 0);
}

/*
 * What a file is made of, apart from what SQLite adds: statistics, if
 * somebody asked for them.
 */
static const char made_of[] = "SELECT type, name, tbl_name, "
	"coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE "
	"'sqlite\\_stat%' ESCAPE '\\' ORDER BY type, name";

static enum quo_err
compare(struct quo_rows *ours, struct quo_rows *given)
{
	bool more = true, also = true;

	while (more && also) {
		more = quo_rows_next(ours);
		also = quo_rows_next(given);
		for (int c = 0; more && also && c < 4; c++)
			if (strcmp(quo_rows_text(ours, c),
			    quo_rows_text(given, c)) != 0)
				return QUO_ECORRUPT;
	}
	return more == also ? QUO_OK : QUO_ECORRUPT;
}

/*
 * A file can bring triggers, views and constraints along that change what is
 * recorded or read: it must be made as we make them.
 */
static enum quo_err
compare_schema(struct quo_db *db)
{
	struct quo_rows *given = NULL, *ours = NULL;
	struct quo_db *model = NULL;
	enum quo_err err, end;

	err = quo_db_open(NULL, QUO_DB_MEMORY, &model);
	if (err == QUO_OK)
		err = quo_schema_make(model);
	if (err == QUO_OK)
		err = quo_db_ask(model, &ours, made_of, "");
	if (err == QUO_OK)
		err = quo_db_ask(db, &given, made_of, "");
	if (err == QUO_OK)
		err = compare(ours, given);
	end = quo_rows_end(given);
	quo_rows_end(ours);
	quo_db_close(model);
	return end != QUO_OK ? end : err;
}

enum quo_err
quo_schema_check(struct quo_db *db, bool write)
{
	int64_t application = 0, version = 0;
	enum quo_err err;

	err = quo_db_int(db, 0, &application, "PRAGMA application_id", "");
	if (err == QUO_OK)
		err = quo_db_int(db, 0, &version, "PRAGMA user_version", "");
	if (err != QUO_OK)
		return err;
	if (application != APPLICATION || version < 1)
		return QUO_ECORRUPT;
	if (version > VERSION)
		return QUO_ENEWER;
	if (version == VERSION)
		return compare_schema(db);
	if (!write)
		return QUO_EREADONLY;
	/* Another process may do the same: look again when it's our turn. */
	err = quo_db_begin(db);
	if (err == QUO_OK)
		err = quo_db_int(db, 0, &version, "PRAGMA user_version", "");
	if (err == QUO_OK)
		err = migrate(db, version);
	if (err == QUO_OK)
		return quo_db_commit(db);
	quo_db_rollback(db);
	return err;
}
