/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_SPOOL_INTERNAL_H
#define QUO_SPOOL_INTERNAL_H

#include <time.h>

#include "ledger/ledger_internal.h"
#include "ledger/spool.h"

/** spool.c: seconds on a clock that nobody sets. */
time_t quo_spool_clock(void);

/*
 * spool_text.c: an entry as its sinks get it, with its number and the log's
 * checkpoint where there is a ledger; the caller frees the text.
 */
enum quo_err quo_spool_json(struct quo_ledger *ledger, const char *line,
    char **text);
enum quo_err quo_spool_words(struct quo_ledger *ledger, const char *line,
    char **text);

#endif
