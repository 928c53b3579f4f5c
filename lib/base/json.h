/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_JSON_H
#define QUO_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/**
 * JSON: one object, never a secret.
 *
 * Written (json_write.c) it is what a command says to programs. Values are
 * put where the writer stands, key being NULL inside an array; no key is put
 * twice. A step that fails (no memory, too deep) makes quo_json_dump fail: no
 * step needs a look of its own. All take a NULL document and then do nothing,
 * so a command can call them whether or not --json was given.
 */
struct quo_json;

/** The longest text that is read, and how deep objects and arrays go. */
#define QUO_JSON_MAX (64u << 20)
#define QUO_JSON_DEPTH 16

/**
 * A document whose writer stands in an empty object; NULL without memory.
 * Each value goes on a line of its own, indented by two spaces a level; with
 * _line all in one line, without white space.
 */
struct quo_json *quo_json_new(void);
struct quo_json *quo_json_new_line(void);

/** Text; bytes that are no UTF-8 go as \xff in it; NULL gives null. */
void quo_json_text(struct quo_json *json, const char *key, const char *value);
void quo_json_int(struct quo_json *json, const char *key, int64_t value);
void quo_json_bool(struct quo_json *json, const char *key, bool value);

/** Go into a new object or array; close goes out again. */
void quo_json_object(struct quo_json *json, const char *key);
void quo_json_array(struct quo_json *json, const char *key);
void quo_json_close(struct quo_json *json);

/**
 * The document as text, in ASCII, members in the order they were put, ending
 * in a line feed and NUL. Once: a document that was dumped is at its end.
 *
 * text   borrowed, until the document is freed
 * Fails with QUO_ENOMEM (of a NULL document) or QUO_EINVAL (a step failed or
 * was misplaced, or an object or array is still open).
 */
enum quo_err quo_json_dump(struct quo_json *json, const char **text);

/** Takes NULL. */
void quo_json_free(struct quo_json *json);

/** Where a text is no JSON, both counted from 1, and why. */
struct quo_json_fault {
	unsigned line, column;
	char why[160];
};

/** A value of what was read: borrowed, and good until that is unloaded. */
struct quo_json_value;

/**
 * Read a text of len bytes that is one object and nothing else. A key twice
 * in one object is refused, and so is U+0000 in a text. json.c is the one
 * caller of jansson.
 *
 * json    the object; the caller unloads it
 * fault   set when it fails with QUO_ESYNTAX; may be NULL
 * Fails with QUO_ESYNTAX, QUO_ETOOBIG (past QUO_JSON_MAX) or QUO_ENOMEM.
 */
enum quo_err quo_json_load(const char *text, size_t len,
    struct quo_json_value **json, struct quo_json_fault *fault);

/** Takes NULL. */
void quo_json_unload(struct quo_json_value *json);

enum quo_json_kind {
	QUO_JSON_NONE,		/* of a NULL value */
	QUO_JSON_NULL,
	QUO_JSON_BOOL,
	QUO_JSON_INT,		/* what fits in 64 bits */
	QUO_JSON_REAL,		/* 1.5 and 1e3: kept, but nothing reads it */
	QUO_JSON_TEXT,
	QUO_JSON_ARRAY,
	QUO_JSON_OBJECT
};

/* All that follow take a NULL value: it is nothing, and has nothing in it. */

enum quo_json_kind quo_json_kind(const struct quo_json_value *value);

/** A kind in words: "a text", "a list", "an object"… */
const char *quo_json_kind_name(enum quo_json_kind kind);

/** A text, UTF-8 without U+0000; NULL where value is none. */
const char *quo_json_as_text(const struct quo_json_value *value);
/** Whether value is an integer; sets result if so. */
bool quo_json_as_int(const struct quo_json_value *value, int64_t *result);

/** How many members an object or elements an array has; else 0. */
size_t quo_json_count(const struct quo_json_value *value);

/** The element at i, counted from 0; NULL where there is none. */
const struct quo_json_value *quo_json_element(
    const struct quo_json_value *array, size_t i);

/** The member of that key; NULL where there is none. */
const struct quo_json_value *quo_json_member(
    const struct quo_json_value *object, const char *key);

/**
 * The keys of an object in the order of its text: the one behind key, which
 * this function gave; of NULL the first. NULL behind the last.
 */
const char *quo_json_next(const struct quo_json_value *object,
    const char *key);

/** The first key that is not among known (NULL-terminated); NULL: all are. */
const char *quo_json_unknown(const struct quo_json_value *object,
    const char *const *known);

#endif
