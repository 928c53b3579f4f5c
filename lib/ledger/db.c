/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ledger/db.h"

struct quo_db {
	sqlite3 *sqlite;
};

struct quo_rows {
	struct quo_db *db;
	sqlite3_stmt *stmt;
	int rc;			/* of the last step */
};

/*
 * TRUNCATE syncs the emptied journal, so that a commit which was confirmed
 * stays one through a power cut; DELETE would need its directory synced.
 */
static const char settings[] =
	"PRAGMA journal_mode = TRUNCATE;"
	"PRAGMA synchronous = EXTRA;"
	"PRAGMA secure_delete = ON;"
	"PRAGMA foreign_keys = ON;"
	"PRAGMA trusted_schema = OFF;"
	"PRAGMA cell_size_check = ON;"
	"PRAGMA temp_store = MEMORY;";

static enum quo_err
cannot_open(int reason)
{
	switch (reason) {
	case ENOENT:
		return QUO_ENOENT;
	case EACCES:
	case EPERM:
	case EROFS:
	case EISDIR:
		return QUO_EREADONLY;
	case ENOSPC:
	case EDQUOT:
		return QUO_EFULL;
	default:
		return QUO_EIO;
	}
}

static enum quo_err
error_of(const struct quo_db *db, int rc)
{
	int reason = sqlite3_system_errno(db->sqlite);

	switch (rc & 0xFF) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return QUO_OK;
	case SQLITE_NOMEM:
		return QUO_ENOMEM;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return QUO_EBUSY;
	case SQLITE_FULL:
		return QUO_EFULL;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return QUO_ECORRUPT;
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return QUO_EREADONLY;
	case SQLITE_CANTOPEN:
		return cannot_open(reason);
	case SQLITE_IOERR:
		errno = reason;
		return reason == ENOSPC || reason == EDQUOT ? QUO_EFULL :
		    QUO_EIO;
	default:
		return QUO_EINVAL;
	}
}

/* SQLite makes a file as the umask has it: ours is nobody else's. */
static enum quo_err
make_file(const char *path)
{
	int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);

	if (fd == -1)
		return errno == EEXIST ? QUO_EEXIST : cannot_open(errno);
	close(fd);
	return QUO_OK;
}

static enum quo_err
set_up(struct quo_db *db, enum quo_db_mode mode)
{
	enum quo_err err;

	sqlite3_busy_timeout(db->sqlite, QUO_DB_PATIENCE);
	sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_DEFENSIVE, 1,
	    (int *)NULL);
	sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0,
	    (int *)NULL);
	sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_ENABLE_VIEW, 0,
	    (int *)NULL);
	if (mode == QUO_DB_READ)
		return quo_db_script(db, "PRAGMA query_only = ON;"
		    "PRAGMA trusted_schema = OFF;"
		    "PRAGMA cell_size_check = ON;");
	if (mode != QUO_DB_MEMORY && sqlite3_db_readonly(db->sqlite, "main"))
		return QUO_EREADONLY;
	err = quo_db_script(db, settings);
	return err;
}

enum quo_err
quo_db_open(const char *path, enum quo_db_mode mode, struct quo_db **db)
{
	struct quo_db *new = calloc(1, sizeof *new);
	/*
	 * To read, too: who was killed while committing left a journal, and
	 * who comes next has to roll back. Where we may not write SQLite
	 * opens to read only; query_only refuses whatever else would write.
	 */
	int flags = SQLITE_OPEN_READWRITE;
	enum quo_err err = QUO_OK;
	int rc;

	if (new == NULL)
		return QUO_ENOMEM;
	if (mode == QUO_DB_CREATE)
		err = make_file(path);
	if (err == QUO_OK) {
		if (mode == QUO_DB_MEMORY)
			flags |= SQLITE_OPEN_MEMORY | SQLITE_OPEN_CREATE;
		rc = sqlite3_open_v2(mode == QUO_DB_MEMORY ? ":memory:" :
		    path, &new->sqlite, flags | SQLITE_OPEN_EXRESCODE, NULL);
		err = new->sqlite == NULL ? QUO_ENOMEM : error_of(new, rc);
	}
	if (err == QUO_OK)
		err = set_up(new, mode);
	if (err != QUO_OK) {
		quo_db_close(new);
		return err;
	}
	*db = new;
	return QUO_OK;
}

void
quo_db_close(struct quo_db *db)
{
	if (db == NULL)
		return;
	sqlite3_close_v2(db->sqlite);
	free(db);
}

const char *
quo_db_message(const struct quo_db *db)
{
	return sqlite3_errmsg(db->sqlite);
}

enum quo_err
quo_db_copy(struct quo_db *from, struct quo_db *to)
{
	sqlite3_backup *backup;
	int rc, end;

	backup = sqlite3_backup_init(to->sqlite, "main", from->sqlite, "main");
	if (backup == NULL)
		return error_of(to, sqlite3_extended_errcode(to->sqlite));
	/* All pages in one step: under one lock. */
	for (int patience = QUO_DB_PATIENCE; ; patience -= 50) {
		rc = sqlite3_backup_step(backup, -1);
		if ((rc != SQLITE_BUSY && rc != SQLITE_LOCKED) ||
		    patience <= 0)
			break;
		sqlite3_sleep(50);
	}
	end = sqlite3_backup_finish(backup);
	return rc == SQLITE_DONE ? error_of(to, end) : error_of(to, rc);
}

enum quo_err
quo_db_begin(struct quo_db *db)
{
	return quo_db_script(db, "BEGIN IMMEDIATE");
}

enum quo_err
quo_db_commit(struct quo_db *db)
{
	enum quo_err err = quo_db_script(db, "COMMIT");

	/* A commit that found the file busy could be tried again: not here. */
	if (err != QUO_OK)
		quo_db_rollback(db);
	return err;
}

void
quo_db_rollback(struct quo_db *db)
{
	if (!sqlite3_get_autocommit(db->sqlite))
		sqlite3_exec(db->sqlite, "ROLLBACK", NULL, NULL, NULL);
}

enum quo_err
quo_db_script(struct quo_db *db, const char *sql)
{
	return error_of(db, sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL));
}

static int
bind(sqlite3_stmt *stmt, const char *types, va_list *args)
{
	const char *text;
	const void *blob;
	size_t len;
	int rc = SQLITE_OK;

	for (int i = 1; rc == SQLITE_OK && *types != '\0'; i++, types++) {
		switch (*types) {
		case 't':
			text = va_arg(*args, const char *);
			rc = sqlite3_bind_text(stmt, i, text, -1,
			    SQLITE_TRANSIENT);
			break;
		case 'i':
			rc = sqlite3_bind_int64(stmt, i,
			    va_arg(*args, int64_t));
			break;
		default:
			blob = va_arg(*args, const void *);
			len = va_arg(*args, size_t);
			rc = sqlite3_bind_blob64(stmt, i, blob, len,
			    SQLITE_TRANSIENT);
			break;
		}
	}
	return rc;
}

static enum quo_err
ask(struct quo_db *db, struct quo_rows **rows, const char *sql,
    const char *types, va_list *args)
{
	struct quo_rows *new = calloc(1, sizeof *new);
	enum quo_err err;
	int rc;

	if (new == NULL)
		return QUO_ENOMEM;
	new->db = db;
	rc = sqlite3_prepare_v2(db->sqlite, sql, -1, &new->stmt, NULL);
	if (rc == SQLITE_OK)
		rc = bind(new->stmt, types, args);
	if (rc != SQLITE_OK) {
		err = error_of(db, rc);
		sqlite3_finalize(new->stmt);
		free(new);
		return err;
	}
	*rows = new;
	return QUO_OK;
}

enum quo_err
quo_db_ask(struct quo_db *db, struct quo_rows **rows, const char *sql,
    const char *types, ...)
{
	enum quo_err err;
	va_list args;

	va_start(args, types);
	err = ask(db, rows, sql, types, &args);
	va_end(args);
	return err;
}

enum quo_err
quo_db_run(struct quo_db *db, const char *sql, const char *types, ...)
{
	struct quo_rows *rows = NULL;
	enum quo_err err;
	va_list args;

	va_start(args, types);
	err = ask(db, &rows, sql, types, &args);
	va_end(args);
	if (err != QUO_OK)
		return err;
	quo_rows_next(rows);
	return quo_rows_end(rows);
}

enum quo_err
quo_db_int(struct quo_db *db, int64_t fallback, int64_t *value,
    const char *sql, const char *types, ...)
{
	struct quo_rows *rows = NULL;
	enum quo_err err;
	va_list args;

	va_start(args, types);
	err = ask(db, &rows, sql, types, &args);
	va_end(args);
	if (err != QUO_OK)
		return err;
	*value = quo_rows_next(rows) &&
	    sqlite3_column_type(rows->stmt, 0) != SQLITE_NULL ?
	    sqlite3_column_int64(rows->stmt, 0) : fallback;
	return quo_rows_end(rows);
}

bool
quo_rows_next(struct quo_rows *rows)
{
	rows->rc = sqlite3_step(rows->stmt);
	return rows->rc == SQLITE_ROW;
}

const char *
quo_rows_text(struct quo_rows *rows, int column)
{
	return (const char *)sqlite3_column_text(rows->stmt, column);
}

int64_t
quo_rows_int(struct quo_rows *rows, int column)
{
	return sqlite3_column_int64(rows->stmt, column);
}

const void *
quo_rows_blob(struct quo_rows *rows, int column, size_t *len)
{
	const void *blob = sqlite3_column_blob(rows->stmt, column);

	*len = (size_t)sqlite3_column_bytes(rows->stmt, column);
	return blob;
}

size_t
quo_rows_len(struct quo_rows *rows, int column)
{
	return (size_t)sqlite3_column_bytes(rows->stmt, column);
}

int
quo_rows_columns(struct quo_rows *rows)
{
	return sqlite3_column_count(rows->stmt);
}

const char *
quo_rows_name(struct quo_rows *rows, int column)
{
	return sqlite3_column_name(rows->stmt, column);
}

enum quo_err
quo_rows_end(struct quo_rows *rows)
{
	enum quo_err err;

	if (rows == NULL)
		return QUO_OK;
	err = error_of(rows->db, rows->rc);
	sqlite3_finalize(rows->stmt);
	free(rows);
	return err;
}
