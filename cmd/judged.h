/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_JUDGED_H
#define QUO_JUDGED_H

#include "base/json.h"
#include "cmd/book.h"

/**
 * Hold roster and inventory against what the practice asks (ledger/judge.h):
 * warnings for people, and an array "findings" where json stands.
 *
 * about   NULL: all of it; else only what is about this person or credential
 */
enum quo_exit quo_judged_say(struct quo_book *book, const char *about,
    struct quo_json *json);

#endif
