/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_SAY_H
#define QUO_SAY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/json.h"

/**
 * The voice of the program: talk on standard error, data on standard output.
 *
 * Each call is one line; what would drive a terminal (control characters,
 * also those of Unicode that turn the direction of text, and bytes that are
 * no UTF-8) comes out escaped as \n, \x1b or \u202e, wherever it came from:
 * callers may pass names and paths as they are. Nothing stays in a buffer
 * behind, but words of a share are not for here all the same: see tty.h.
 * A line longer than 4095 bytes is cut.
 */

/** How the program ends. */
enum quo_exit {
	QUO_EXIT_DONE = 0,
	QUO_EXIT_NO = 1,	/* the answer is no */
	QUO_EXIT_MISUSE = 2,
	QUO_EXIT_MACHINE = 3,	/* the machine failed us */
	QUO_EXIT_CHILD = 4	/* the child of --exec failed */
};

/** The class that an error of the library belongs to. */
enum quo_exit quo_exit_of(enum quo_err err);

/** From now on quo_say says nothing; errors, warnings, hints stay. */
void quo_say_quiet(bool quiet);
/** Whether that was asked for: what takes long to word can be left out. */
bool quo_say_is_quiet(void);

/** Progress and results for people: "quorate: …". */
void quo_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** An error; also while quiet. */
void quo_say_error(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/**
 * The first error that was said since quo_say_forget, escaped: what many that
 * follow come from. "" where there was none.
 */
const char *quo_say_first_error(void);
void quo_say_forget(void);

/** "quorate: warning: …". */
void quo_say_warning(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/** The next step, after an error: "quorate: hint: …". */
void quo_say_hint(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/**
 * An error of the library in its words: "quorate: FORMATTED: no memory";
 * with QUO_EIO and an errno, that one's words too. Gives its exit class:
 *
 *	return quo_say_failure(err, "%s", path);
 */
enum quo_exit quo_say_failure(enum quo_err err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/**
 * What a hook said, each of its lines as an error: "quorate: WHO: LINE". Gives
 * whether there was any.
 */
bool quo_say_note(const char *who, const char *note);

/** Misuse: an error, and QUO_EXIT_MISUSE for the caller to return. */
enum quo_exit quo_say_misuse(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/** A line of data on standard output, without any prefix; never a secret. */
void quo_say_data(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/** The same bytes to standard output as they are (JSON, help, text cards). */
void quo_say_bytes(const char *bytes, size_t len);

/**
 * A result for programs on standard output; under --json only. Fails with
 * QUO_EIO or what quo_json_dump does.
 */
enum quo_err quo_say_json(struct quo_json *json);

/** Whether writing data failed so far; then the program must not exit 0. */
bool quo_say_failed(void);

/**
 * Copy text to out, escaped as above, cut at cap - 1 bytes between
 * characters, NUL-terminated. Gives the length.
 */
size_t quo_say_escape(const char *text, char *out, size_t cap);

#endif
