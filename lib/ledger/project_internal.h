/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_PROJECT_INTERNAL_H
#define QUO_PROJECT_INTERNAL_H

#include "ledger/ledger_internal.h"

/* What the files of the projection share: project.c, project_rotation.c. */

#define V(key) (e->value[QUO_KEY_##key])

/* A value that is a number; 0 where there is none. */
int64_t quo_project_number(const char *text);

/* Put the entry's credential into another state. */
enum quo_err quo_project_state(struct quo_db *db, const struct quo_entry *e,
    enum quo_state state);

/* The entry's set takes over; the others were. Of a reissue; and where the
 * target has a secret of its own from it. */
enum quo_err quo_project_replace(struct quo_db *db,
    const struct quo_entry *e);
enum quo_err quo_project_take_over(struct quo_db *db,
    const struct quo_entry *e);

/* What was opened is of the past. */
enum quo_err quo_project_unburn(struct quo_db *db,
    const struct quo_entry *e);

/* A dealing or rotation came to nothing: the next waits longer. */
enum quo_err quo_project_failed(struct quo_db *db, const struct quo_entry *e);

/* The makers of these events. */
enum quo_err quo_project_rotate_start(struct quo_db *db,
    const struct quo_entry *e);
enum quo_err quo_project_rotate_end(struct quo_db *db,
    const struct quo_entry *e);
enum quo_err quo_project_probe(struct quo_db *db, const struct quo_entry *e);

#endif
