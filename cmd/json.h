/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_JSON_H
#define QUO_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/**
 * The result of a command for programs: one JSON object, printed under
 * --json on standard output. The one caller of jansson. Never a secret.
 *
 * Values are put where the writer stands; key is NULL inside an array. A step
 * that fails (no memory, too deep) makes quo_json_print fail: no step needs
 * a look of its own. All take a NULL writer and then do nothing, so a command
 * can call them whether or not --json was given.
 */
struct quo_json;

/** A writer standing in a new object; NULL without memory. */
struct quo_json *quo_json_new(void);

/** Text; if it is no UTF-8 it goes escaped as in say.h; NULL gives null. */
void quo_json_text(struct quo_json *json, const char *key, const char *value);
void quo_json_int(struct quo_json *json, const char *key, int64_t value);
void quo_json_bool(struct quo_json *json, const char *key, bool value);

/** Go into a new object or array, 15 deep at most; close goes out again. */
void quo_json_object(struct quo_json *json, const char *key);
void quo_json_array(struct quo_json *json, const char *key);
void quo_json_close(struct quo_json *json);

/**
 * Print it with a line feed; under --json only. Fails with QUO_ENOMEM (NULL
 * too), QUO_EINVAL (a step was misplaced), QUO_EIO.
 */
enum quo_err quo_json_print(const struct quo_json *json);

/** Takes NULL. */
void quo_json_free(struct quo_json *json);

#endif
