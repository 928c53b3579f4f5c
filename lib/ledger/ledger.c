/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hex.h"
#include "base/utc.h"
#include "config.h"
#include "ledger/frontier.h"
#include "ledger/ledger_internal.h"
#include "ledger/log.h"

enum quo_err
quo_ledger_say(struct quo_ledger *ledger, enum quo_err err,
    const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(ledger->why, sizeof ledger->why, format, args);
	va_end(args);
	return err;
}

enum quo_err
quo_ledger_told(struct quo_ledger *ledger, enum quo_err err)
{
	if (err != QUO_OK && err != QUO_EREFUSED)
		quo_ledger_say(ledger, err, "%s", quo_db_message(ledger->db));
	return err;
}

void
quo_ledger_close(struct quo_ledger *ledger)
{
	if (ledger == NULL)
		return;
	quo_refused_forget(ledger);
	quo_db_close(ledger->db);
	free(ledger->actor);
	free(ledger);
}

static enum quo_err
blank(struct quo_ledger **ledger)
{
	*ledger = calloc(1, sizeof **ledger);
	if (*ledger == NULL)
		return QUO_ENOMEM;
	return quo_ledger_actor(*ledger, "unknown");
}

enum quo_err
quo_ledger_actor(struct quo_ledger *ledger, const char *actor)
{
	char *copy;

	if (!quo_value_valid(actor))
		return QUO_EINVAL;
	copy = strdup(actor);
	if (copy == NULL)
		return QUO_ENOMEM;
	free(ledger->actor);
	ledger->actor = copy;
	return QUO_OK;
}

const char *
quo_ledger_id(const struct quo_ledger *ledger)
{
	return ledger->id;
}

const char *
quo_ledger_why(const struct quo_ledger *ledger)
{
	return ledger->why;
}

/* An empty log, whose first entry is to be sealed with key. */
static enum quo_err
found(struct quo_ledger *ledger, const struct quo_secret *key)
{
	struct quo_entry entry = { 0 };
	const struct quo_frontier none = { 0 };
	uint8_t id[16], bytes[QUO_FRONTIER_BYTES];
	struct quo_writer w = quo_writer_on(bytes, sizeof bytes);
	enum quo_err err;

	err = quo_random(id, sizeof id);
	if (err != QUO_OK)
		return err;
	quo_hex_print(id, sizeof id, ledger->id);
	quo_frontier_encode(&none, &w);
	err = quo_db_begin(ledger->db);
	if (err == QUO_OK)
		err = quo_schema_make(ledger->db);
	if (err == QUO_OK)
		err = quo_db_run(ledger->db, "INSERT INTO log VALUES "
		    "(1, ?, ?, ?)", "tbb", ledger->id, bytes, w.len,
		    key->data, key->len);
	entry.value[QUO_KEY_EVENT] = "log-init";
	entry.value[QUO_KEY_LEDGER] = ledger->id;
	ledger->within = true;
	if (err == QUO_OK)
		err = quo_ledger_record(ledger, &entry, NULL);
	return err == QUO_OK ? quo_ledger_commit(ledger) : err;
}

enum quo_err
quo_ledger_create(const char *path, const char *actor,
    struct quo_secret **key)
{
	struct quo_ledger *ledger = NULL;
	struct quo_secret *new = NULL;
	enum quo_err err;

	err = blank(&ledger);
	if (err == QUO_OK)
		err = quo_ledger_actor(ledger, actor);
	if (err == QUO_OK)
		err = quo_secret_new(QUO_LEDGER_KEY_LEN, &new);
	if (err == QUO_OK)
		err = quo_random(new->data, new->len);
	if (err == QUO_OK)
		err = quo_db_open(path, QUO_DB_CREATE, &ledger->db);
	if (err == QUO_OK) {
		err = found(ledger, new);
		if (err != QUO_OK)
			unlink(path);
	}
	quo_ledger_close(ledger);
	if (err != QUO_OK) {
		quo_secret_free(new);
		return err;
	}
	*key = new;
	return QUO_OK;
}

static enum quo_err
read_id(struct quo_ledger *ledger)
{
	struct quo_rows *rows = NULL;
	enum quo_err err;
	bool row;

	err = quo_db_ask(ledger->db, &rows, "SELECT ledger FROM log", "");
	if (err != QUO_OK)
		return err;
	row = quo_rows_next(rows);
	if (row)
		snprintf(ledger->id, sizeof ledger->id, "%s",
		    quo_rows_text(rows, 0));
	err = quo_rows_end(rows);
	return err == QUO_OK && !row ? QUO_ECORRUPT : err;
}

enum quo_err
quo_ledger_open(const char *path, bool write, struct quo_ledger **ledger)
{
	struct quo_ledger *new = NULL;
	enum quo_err err;

	err = blank(&new);
	if (err == QUO_OK)
		err = quo_db_open(path, write ? QUO_DB_WRITE : QUO_DB_READ,
		    &new->db);
	if (err == QUO_OK)
		err = quo_schema_check(new->db, write);
	if (err == QUO_OK)
		err = read_id(new);
	if (err != QUO_OK) {
		quo_ledger_close(new);
		return err;
	}
	*ledger = new;
	return QUO_OK;
}

enum quo_err
quo_ledger_memory(struct quo_ledger **ledger)
{
	struct quo_ledger *new = NULL;
	enum quo_err err;

	err = blank(&new);
	if (err == QUO_OK)
		err = quo_db_open(NULL, QUO_DB_MEMORY, &new->db);
	if (err == QUO_OK)
		err = quo_schema_make(new->db);
	if (err != QUO_OK) {
		quo_ledger_close(new);
		return err;
	}
	new->headless = true;
	*ledger = new;
	return QUO_OK;
}

enum quo_err
quo_ledger_copy(struct quo_ledger *ledger, struct quo_ledger **copy)
{
	struct quo_ledger *new = NULL;
	enum quo_err err;

	err = blank(&new);
	if (err == QUO_OK)
		err = quo_db_open(NULL, QUO_DB_MEMORY, &new->db);
	if (err == QUO_OK)
		err = quo_db_copy(ledger->db, new->db);
	if (err != QUO_OK) {
		quo_ledger_close(new);
		return quo_ledger_told(ledger, err);
	}
	memcpy(new->id, ledger->id, sizeof new->id);
	*copy = new;
	return QUO_OK;
}

enum quo_err
quo_ledger_begin(struct quo_ledger *ledger)
{
	enum quo_err err = quo_db_begin(ledger->db);

	ledger->within = err == QUO_OK;
	return quo_ledger_told(ledger, err);
}

/*
 * A commit that failed late is one for whoever reads the file next, if it is
 * still there after a power cut: it isn't confirmed, and mustn't be repeated
 * unseen.
 */
static bool
stands(struct quo_ledger *ledger, const struct quo_checkpoint *meant)
{
	struct quo_checkpoint now;

	return quo_log_root(ledger->db, &now) == QUO_OK &&
	    now.size == meant->size &&
	    memcmp(now.root, meant->root, sizeof now.root) == 0;
}

enum quo_err
quo_ledger_commit(struct quo_ledger *ledger)
{
	struct quo_checkpoint meant;
	enum quo_err err;

	ledger->within = false;
	quo_refused_forget(ledger);
	if (ledger->headless)
		return quo_ledger_told(ledger, quo_db_commit(ledger->db));
	err = quo_log_root(ledger->db, &meant);
	if (err != QUO_OK) {
		quo_ledger_told(ledger, err);
		quo_db_rollback(ledger->db);
		return err;
	}
	err = quo_ledger_told(ledger, quo_db_commit(ledger->db));
	if (err == QUO_OK || stands(ledger, &meant))
		ledger->recorded = meant.size;
	return err;
}

uint64_t
quo_ledger_recorded(const struct quo_ledger *ledger)
{
	return ledger->recorded;
}

void
quo_ledger_rollback(struct quo_ledger *ledger)
{
	quo_db_rollback(ledger->db);
	ledger->within = false;
	quo_refused_log(ledger);
}

/* The roles of whom the step asks about. */
static enum quo_err
roles_of(struct quo_ledger *ledger, const struct quo_step *step,
    const struct quo_entry *entry, unsigned *roles)
{
	const char *who = step->who < QUO_KEYS ? entry->value[step->who] :
	    NULL;
	int64_t people = 0, has = 0;
	enum quo_err err;

	err = quo_db_int(ledger->db, 0, &people,
	    "SELECT count(*) FROM person", "");
	if (err == QUO_OK)
		err = quo_db_int(ledger->db, 0, &has, "SELECT roles FROM "
		    "person WHERE handle = ? AND retired IS NULL", "t", who);
	*roles = people == 0 ? QUO_ROLES_UNKNOWN : (unsigned)has;
	return err;
}

enum quo_err
quo_ledger_state(struct quo_ledger *ledger, const char *name,
    enum quo_state *state)
{
	struct quo_rows *rows = NULL;
	enum quo_err err;

	*state = QUO_STATE_NONE;
	err = quo_db_ask(ledger->db, &rows, "SELECT state FROM credential "
	    "WHERE name = ?", "t", name);
	if (err != QUO_OK)
		return quo_ledger_told(ledger, err);
	if (quo_rows_next(rows))
		*state = quo_state_of(quo_rows_text(rows, 0));
	err = quo_rows_end(rows);
	return quo_ledger_told(ledger, err == QUO_OK && *state == QUO_STATES ?
	    QUO_ECORRUPT : err);
}

/* Hold an entry against the step table, then against what is known. */
static enum quo_err
check(struct quo_ledger *ledger, const struct quo_entry *entry)
{
	const char *name = entry->value[QUO_KEY_CREDENTIAL];
	const struct quo_step *step =
	    quo_step_of(entry->value[QUO_KEY_EVENT]);
	enum quo_state state = QUO_STATE_NONE;
	unsigned roles = 0;
	enum quo_err err = QUO_OK;

	if (step == NULL)
		return quo_ledger_say(ledger, QUO_EINVAL, "no such event");
	if (name != NULL)
		err = quo_ledger_state(ledger, name, &state);
	if (err == QUO_OK)
		err = roles_of(ledger, step, entry, &roles);
	if (err == QUO_OK)
		err = quo_step_check(entry, state, roles, ledger->why);
	if (err == QUO_OK)
		err = quo_rules_check(ledger, entry);
	return quo_ledger_told(ledger, err);
}

/* What the log can't hold is named: the database knows nothing of it. */
static enum quo_err
check_values(struct quo_ledger *ledger, const struct quo_entry *entry)
{
	for (int k = 0; k < QUO_KEYS; k++)
		if (entry->value[k] != NULL &&
		    !quo_value_valid(entry->value[k]))
			return quo_ledger_say(ledger, QUO_EINVAL, "%s: %s is "
			    "not 1 to %d bytes of UTF-8 without control "
			    "characters", entry->value[QUO_KEY_EVENT],
			    quo_key_name((enum quo_key)k), QUO_VALUE_MAX);
	return QUO_OK;
}

/* Append to the log, and change the state accordingly. */
static enum quo_err
append(struct quo_ledger *ledger, struct quo_entry *entry)
{
	const struct quo_step *step =
	    quo_step_of(entry->value[QUO_KEY_EVENT]);
	enum quo_err err = check_values(ledger, entry);

	if (err != QUO_OK)
		return err;
	err = quo_log_append(ledger->db, entry);
	if (err == QUO_ETOOBIG)
		return quo_ledger_say(ledger, err, "%s: the entry is longer "
		    "than %d bytes", step->event, QUO_LINE_MAX);
	if (err == QUO_OK)
		err = quo_project(ledger, entry);
	if (err == QUO_OK && step->alerts)
		err = quo_db_run(ledger->db, "INSERT INTO delivery "
		    "(entry, sink) VALUES (?, '')", "i",
		    (int64_t)entry->number);
	return quo_ledger_told(ledger, err);
}

static enum quo_err
record(struct quo_ledger *ledger, const struct quo_entry *entry,
    uint64_t *number)
{
	char now[QUO_UTC_TEXT], host[256] = "unknown";
	struct quo_entry e = *entry;
	enum quo_err err;

	err = check(ledger, entry);
	if (err != QUO_OK)
		return err;
	quo_utc_print(quo_utc_now(), now);
	gethostname(host, sizeof host - 1);
	e.value[QUO_KEY_TIME] = now;
	e.value[QUO_KEY_HOST] = quo_value_valid(host) ? host : "unknown";
	e.value[QUO_KEY_VERSION] = QUO_VERSION;
	if (e.value[QUO_KEY_ACTOR] == NULL)
		e.value[QUO_KEY_ACTOR] = ledger->actor;
	if (e.value[QUO_KEY_AUTH] == NULL)
		e.value[QUO_KEY_AUTH] = "claimed";
	err = append(ledger, &e);
	if (err == QUO_OK && number != NULL)
		*number = e.number;
	return err;
}

enum quo_err
quo_ledger_record(struct quo_ledger *ledger, const struct quo_entry *entry,
    uint64_t *number)
{
	bool alone = !ledger->within;
	enum quo_err err;

	if (alone) {
		err = quo_ledger_begin(ledger);
		if (err != QUO_OK)
			return err;
	}
	err = record(ledger, entry, number);
	if (err == QUO_EREFUSED && quo_refused_keep(ledger, entry, ledger->why))
		err = QUO_ENOMEM;
	if (!alone)
		return err;
	if (err == QUO_OK)
		return quo_ledger_commit(ledger);
	quo_ledger_rollback(ledger);
	return err;
}

enum quo_err
quo_ledger_allows(struct quo_ledger *ledger, const struct quo_entry *entry)
{
	enum quo_err err = check(ledger, entry);

	return err == QUO_EREFUSED ?
	    quo_ledger_refuse(ledger, entry, ledger->why) : err;
}

/* Whether it has what its event's entries have: a log can be anybody's. */
static bool
complete(const struct quo_entry *e)
{
	const struct quo_step *step = quo_step_of(e->value[QUO_KEY_EVENT]);

	if (step == NULL)
		return false;
	if (step->yields && e->value[QUO_KEY_EMERGENCY] != NULL)
		return true;
	for (int k = 0; k < QUO_KEYS; k++)
		if ((step->needs & QUO_BIT(k)) != 0 && e->value[k] == NULL)
			return false;
	return true;
}

enum quo_err
quo_ledger_replay(struct quo_ledger *ledger, const char *line, size_t len)
{
	struct quo_line *l = malloc(sizeof *l);
	enum quo_err err;

	if (l == NULL)
		return QUO_ENOMEM;
	err = quo_line_decode(line, len, l);
	if (err == QUO_OK)
		err = complete(&l->entry) ?
		    quo_log_keep(ledger->db, &l->entry, line) : QUO_EFORMAT;
	if (err == QUO_OK)
		err = quo_project(ledger, &l->entry);
	if (err == QUO_OK && l->entry.value[QUO_KEY_LEDGER] != NULL)
		snprintf(ledger->id, sizeof ledger->id, "%s",
		    l->entry.value[QUO_KEY_LEDGER]);
	free(l);
	return quo_ledger_told(ledger, err);
}

enum quo_err
quo_ledger_checkpoint(struct quo_ledger *ledger,
    struct quo_checkpoint *checkpoint)
{
	return quo_ledger_told(ledger, quo_log_root(ledger->db, checkpoint));
}
