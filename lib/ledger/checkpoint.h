/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_CHECKPOINT_H
#define QUO_CHECKPOINT_H

#include <stddef.h>

#include "base/err.h"
#include "card/header.h"
#include "ledger/ledger.h"

/**
 * A log's checkpoint as text: the body of a C2SP tlog-checkpoint, three lines
 * that each end in a line feed: "quorate/" and the ledger's id, the size, the
 * root in base64. docs/log.md, section 5.
 */

/** Room for one, and its NUL. */
#define QUO_CHECKPOINT_TEXT 112

void quo_checkpoint_print(const char *ledger,
    const struct quo_checkpoint *checkpoint, char text[QUO_CHECKPOINT_TEXT]);

/**
 * The next one that stands in a text, which may hold anything else: as those
 * three lines, or as receipts, approvals and alerts say it.
 *
 * at      where to look from; set behind what was found
 * ledger  set to the ledger's id; "" where it isn't said
 * Fails with QUO_ENOENT (there is no further one) or QUO_EFORMAT (it is
 * damaged).
 */
enum quo_err quo_checkpoint_find(const char *text, size_t len, size_t *at,
    char ledger[QUO_LEDGER_ID_TEXT], struct quo_checkpoint *checkpoint);

#endif
