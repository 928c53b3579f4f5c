/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_ROSTER_H
#define QUO_ROSTER_H

#include "base/json.h"
#include "ledger/ledger.h"

/**
 * The roster and the inventory: people and what is known of credentials
 * besides their state. Both are records: a key, and texts by fields, all from
 * one const table. They stand in the ledger, not in the log, which tells
 * which fields changed and the hash of the record: contacts are nobody's
 * business who reads a log.
 */
enum quo_record_kind { QUO_RECORD_PERSON, QUO_RECORD_CREDENTIAL };
#define QUO_RECORD_KINDS 2

enum quo_field_form {
	QUO_FIELD_TEXT,
	QUO_FIELD_LIST,		/* of texts, separated by line feeds */
	QUO_FIELD_CHOICE,	/* one of choices */
	QUO_FIELD_CHOICES,	/* a list of some, in the order of choices */
	QUO_FIELD_KEYS,		/* a list of SSH public keys: pubkey.h */
	QUO_FIELD_COUNT,	/* a number from 0 to 16; 0 is as absent */
	QUO_FIELD_SPAN,		/* 90d: from a minute to ten years */
	QUO_FIELD_DAY,		/* 2026-11-21 */
	QUO_FIELD_MOMENT	/* 2026-11-21T03:10:00Z */
};

struct quo_field {
	const char *name;	/* in JSON, and of its column */
	enum quo_field_form form;
	const char *const *choices;
};

#define QUO_RECORD_FIELDS 16

/** Fields of people and of credentials, by their place in the table. */
enum quo_person_field {
	QUO_PERSON_NAME,
	QUO_PERSON_CONTACT,
	QUO_PERSON_ROLES,
	QUO_PERSON_KEYS,
	QUO_PERSON_RETIRED
};

struct quo_record_type {
	const char *what;	/* "person"; also its event in the log */
	const char *list;	/* "people": in a document */
	const char *key;	/* "handle" */
	const char *table;
	const char *column;	/* of the key */
	enum quo_key entry_key;	/* that names it in its entry */
	struct quo_field fields[QUO_RECORD_FIELDS + 1];	/* NULL name ends */
};

extern const struct quo_record_type quo_record_types[QUO_RECORD_KINDS];

/** A field's place by its name; -1: there is none. */
int quo_record_field(enum quo_record_kind kind, const char *name);

/** One record. Texts are owned, in the one form of their field, or NULL. */
struct quo_record {
	char *key;
	char *value[QUO_RECORD_FIELDS];
};

/** Room for why a value is none, in words. */
#define QUO_ROSTER_WHY 512

/** Give it a key. Fails with QUO_EINVAL (why is set) or QUO_ENOMEM. */
enum quo_err quo_record_name(struct quo_record *record, const char *key,
    char why[QUO_ROSTER_WHY]);

/**
 * Set a field from text (lists: lines), replacing what stood there; NULL
 * takes it away. Fails as quo_record_name does.
 */
enum quo_err quo_record_set(struct quo_record *record,
    enum quo_record_kind kind, int field, const char *text,
    char why[QUO_ROSTER_WHY]);

enum quo_err quo_record_copy(const struct quo_record *from,
    struct quo_record *to);
void quo_record_clear(struct quo_record *record);

/** Whether a person has a role; a retired one has none. */
bool quo_person_has(const struct quo_record *person, enum quo_role role);

/** Whether two texts are alike, or both NULL. */
bool quo_text_same(const char *a, const char *b);

/** Room for the names of changed fields. */
#define QUO_DIFF_TEXT 256

/**
 * What differs from old (NULL: there is none), as "owner, deadline"; for a
 * new record without fields its key's name. Whether anything does.
 */
bool quo_record_diff(enum quo_record_kind kind, const struct quo_record *old,
    const struct quo_record *new, char names[QUO_DIFF_TEXT]);

/** Records of both kinds, sorted by their keys. */
struct quo_roster {
	struct quo_record *records[QUO_RECORD_KINDS];
	size_t count[QUO_RECORD_KINDS];
};

/** All that the ledger has. Clear it in each case. */
enum quo_err quo_roster_load(struct quo_ledger *ledger,
    struct quo_roster *roster);

/** One of them by its key; NULL: there is none. */
struct quo_record *quo_roster_find(const struct quo_roster *roster,
    enum quo_record_kind kind, const char *key);

/** A record at the end; NULL without memory. Sort before anything is found. */
struct quo_record *quo_roster_add(struct quo_roster *roster,
    enum quo_record_kind kind);
void quo_roster_sort(struct quo_roster *roster);

void quo_roster_clear(struct quo_roster *roster);

/**
 * Take a document's object apart: {"people": [{"handle": "anna", …}],
 * "credentials": [{"name": "db-root", …}]}; either may be missing. Lists are arrays, counts
 * numbers, all else texts.
 *
 * why   set on QUO_ESYNTAX: which record, which key, what is wrong
 * Fails with QUO_ESYNTAX (unknown keys, values that are none, a record
 * twice) or QUO_ENOMEM. Clear roster in each case.
 */
enum quo_err quo_roster_read(const struct quo_json_value *root,
    struct quo_roster *roster, char why[QUO_ROSTER_WHY]);

/** One record into the object where json stands; absent fields left out. */
void quo_record_write(enum quo_record_kind kind,
    const struct quo_record *record, struct quo_json *json);

/** All of them: the reverse of quo_roster_read. */
void quo_roster_write(const struct quo_roster *roster,
    struct quo_json *json);

/**
 * Make the ledger's record what new is, and log it: act add, change or
 * retire, which fields, and the SHA-256 of the record as a line of JSON.
 * Between begin and commit.
 *
 * old   what the ledger has; NULL: nothing of that key
 * Where nothing differs it does nothing. QUO_EREFUSED: somebody on record has
 * that handle but for its case.
 */
enum quo_err quo_record_put(struct quo_ledger *ledger,
    enum quo_record_kind kind, const struct quo_record *old,
    const struct quo_record *new);

#endif
