/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_DB_H
#define QUO_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/**
 * The one caller of SQLite: a database in one file, durable, used by several
 * processes at once. Each call says with an enum quo_err how it went; the
 * words of the last failure are quo_db_message.
 *
 * QUO_ENOENT	there is no such file
 * QUO_EBUSY	another process writes, and did so for QUO_DB_PATIENCE
 * QUO_EREADONLY	the file, its directory or its file system is
 * QUO_EFULL, QUO_ECORRUPT (or no database at all), QUO_EIO, QUO_ENOMEM
 * QUO_EINVAL	a constraint of the schema, or a mistake in SQL
 */
struct quo_db;

/** How long a process waits for another one, in milliseconds. */
#define QUO_DB_PATIENCE 5000

enum quo_db_mode {
	QUO_DB_READ,		/* the file is there; nothing is written but
				 * what a killed writer left is rolled back */
	QUO_DB_WRITE,		/* the file is there */
	QUO_DB_CREATE,		/* it is not: made with mode 0600 */
	QUO_DB_MEMORY		/* no file at all; path is NULL */
};

/**
 * Open: rollback journal, synced at each commit; what is deleted is
 * overwritten. QUO_DB_CREATE fails with QUO_EEXIST where the file is there.
 */
enum quo_err quo_db_open(const char *path, enum quo_db_mode mode,
    struct quo_db **db);

/** Roll back what isn't committed, and close. Takes NULL. */
void quo_db_close(struct quo_db *db);

/** Why the last call failed, in SQLite's words; borrowed. */
const char *quo_db_message(const struct quo_db *db);

/**
 * Fill one in memory with all that another one holds, as it stands at one
 * moment: whoever writes waits for that, and for nothing that follows.
 */
enum quo_err quo_db_copy(struct quo_db *from, struct quo_db *to);

/** Begin to write: nobody else writes until commit or rollback. */
enum quo_err quo_db_begin(struct quo_db *db);
/** All of it is on the disk, or (an error) none. */
enum quo_err quo_db_commit(struct quo_db *db);
void quo_db_rollback(struct quo_db *db);

/*
 * Statements. types has a letter for each `?`, the arguments follow:
 *
 *	t	const char *, NULL for null
 *	i	int64_t
 *	b	const void *, size_t; NULL for null
 */

/** Run one that gives no rows. */
enum quo_err quo_db_run(struct quo_db *db, const char *sql,
    const char *types, ...);

/** Several, without arguments, separated by semicolons. */
enum quo_err quo_db_script(struct quo_db *db, const char *sql);

/** The rows of a query, one after another. */
struct quo_rows;

/** Begin a query. The caller ends it with quo_rows_end. */
enum quo_err quo_db_ask(struct quo_db *db, struct quo_rows **rows,
    const char *sql, const char *types, ...);

/** Go to the next row; false behind the last one, or where it failed. */
bool quo_rows_next(struct quo_rows *rows);

/** A column of the row, from 0; borrowed until the next call. NULL: null. */
const char *quo_rows_text(struct quo_rows *rows, int column);
int64_t quo_rows_int(struct quo_rows *rows, int column);
const void *quo_rows_blob(struct quo_rows *rows, int column, size_t *len);
/** How many bytes the text has. */
size_t quo_rows_len(struct quo_rows *rows, int column);
/** How many columns there are, and what one is called. */
int quo_rows_columns(struct quo_rows *rows);
const char *quo_rows_name(struct quo_rows *rows, int column);

/** Let go; whether all went well. Takes NULL. */
enum quo_err quo_rows_end(struct quo_rows *rows);

/** The first column of the first row; fallback where there is none or null. */
enum quo_err quo_db_int(struct quo_db *db, int64_t fallback, int64_t *value,
    const char *sql, const char *types, ...);

#endif
