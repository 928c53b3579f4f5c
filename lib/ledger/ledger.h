/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_LEDGER_H
#define QUO_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/secret.h"
#include "card/header.h"
#include "ledger/line.h"
#include "ledger/step.h"

/**
 * The ledger: credentials, sets, cards, people and incidents in one SQLite
 * file, and the log of all that happened to them. It holds no secret.
 *
 * The log comes first. Every change is an entry; the tables of state are made
 * from the entries, in the transaction that appends them, and can be made
 * again from an exported log. So there is no act without its entry, and no
 * state that the log doesn't tell.
 *
 * Besides what quo_db_open fails with: QUO_ENEWER (its schema is of a newer
 * version), QUO_ECORRUPT (no ledger). QUO_EREFUSED: the rules don't allow it;
 * quo_ledger_why says which, and a `refused` entry was made.
 */
struct quo_ledger;

/** The auditor's key: what the first entry is sealed with. */
#define QUO_LEDGER_KEY_LEN 32
/** Room for a ledger's id in hex, and its NUL. */
#define QUO_LEDGER_ID_TEXT 33

/**
 * Make a new ledger in a file that isn't there.
 *
 * actor   whom its first entry names
 * key     the auditor's key, kept nowhere else; the caller frees it
 */
enum quo_err quo_ledger_create(const char *path, const char *actor,
    struct quo_secret **key);

/**
 * Open one that is there, to write or only to read. A schema of an older
 * version is brought up to date where it is opened to write.
 */
enum quo_err quo_ledger_open(const char *path, bool write,
    struct quo_ledger **ledger);

/** One in memory, empty, to be filled by quo_ledger_replay. */
enum quo_err quo_ledger_memory(struct quo_ledger **ledger);

/**
 * A copy in memory of all that a ledger holds, as it stands at one moment: to
 * look at at length, while others write. What is recorded there is lost.
 */
enum quo_err quo_ledger_copy(struct quo_ledger *ledger,
    struct quo_ledger **copy);

/** Rolls back what wasn't committed. Takes NULL. */
void quo_ledger_close(struct quo_ledger *ledger);

/** Who runs the command, as entries name them unless they say otherwise. */
enum quo_err quo_ledger_actor(struct quo_ledger *ledger, const char *actor);

/** Its id, 32 hex digits. */
const char *quo_ledger_id(const struct quo_ledger *ledger);

/** Why the last call was refused or failed, in words; borrowed. */
const char *quo_ledger_why(const struct quo_ledger *ledger);

/*
 * Several entries at once: between begin and commit nobody else writes.
 * Whatever fails in between, roll back. A single entry needs neither.
 */
enum quo_err quo_ledger_begin(struct quo_ledger *ledger);
/**
 * Where it fails all of it may be on record nevertheless: the disk failed
 * behind the point of no return. Then quo_ledger_recorded tells.
 */
enum quo_err quo_ledger_commit(struct quo_ledger *ledger);
/**
 * Nothing of it happened; but what was refused is logged as refused. Where
 * nothing was begun, nothing is done.
 */
void quo_ledger_rollback(struct quo_ledger *ledger);

/**
 * Make an entry: hold it against the rules, append it to the log, change the
 * state. Number, time, host and version are filled in; actor where it is
 * NULL; auth is `claimed` where it is NULL.
 *
 * number  set to its number; NULL: not wanted
 * Fails with QUO_EREFUSED, QUO_EINVAL (a value that can't be one) or as the
 * database does. Outside begin and commit all of it is on the disk, or none.
 */
enum quo_err quo_ledger_record(struct quo_ledger *ledger,
    const struct quo_entry *entry, uint64_t *number);

/**
 * How long the log was behind the last commit since it was opened; 0: nothing
 * was recorded. Who failed since, and is asked to try again, should know.
 */
uint64_t quo_ledger_recorded(const struct quo_ledger *ledger);

/**
 * Whether an entry could be made now, without making it: before work is done
 * that it would be about. What is refused is logged so.
 */
enum quo_err quo_ledger_allows(struct quo_ledger *ledger,
    const struct quo_entry *entry);

/**
 * Log that an act was refused for a reason which the rules here can't know.
 * Gives QUO_EREFUSED.
 */
enum quo_err quo_ledger_refuse(struct quo_ledger *ledger,
    const struct quo_entry *entry, const char *why);

/**
 * Change the state as a line of a log did, without sealing it. Lines come in
 * order, from the first. Fails with QUO_EFORMAT.
 */
enum quo_err quo_ledger_replay(struct quo_ledger *ledger, const char *line,
    size_t len);

/** How long the log is, and its root. */
enum quo_err quo_ledger_checkpoint(struct quo_ledger *ledger,
    struct quo_checkpoint *checkpoint);

/** The state of a credential; QUO_STATE_NONE where it isn't known. */
enum quo_err quo_ledger_state(struct quo_ledger *ledger, const char *name,
    enum quo_state *state);

/**
 * Whether the tables of state are those that the log makes: it is replayed in
 * memory and compared. Fails with QUO_EMISMATCH, quo_ledger_why naming table
 * and row.
 */
enum quo_err quo_ledger_agrees(struct quo_ledger *ledger);

#endif
