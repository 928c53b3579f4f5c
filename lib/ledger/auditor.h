/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_AUDITOR_H
#define QUO_AUDITOR_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/secret.h"
#include "ledger/ledger.h"

/**
 * The auditor's card: key 0, with which a log's seals are checked, and could
 * all be made anew. docs/log.md, section 4.
 */

/** Its text, QUO1A: and base32, ending in NUL. The caller frees it. */
enum quo_err quo_auditor_print(const uint8_t key[QUO_LEDGER_KEY_LEN],
    struct quo_secret **text);

/**
 * The key from that text, from 64 hex digits, or from the rows of words of
 * the auditor's card; white space and case don't matter. Constant time in the
 * key.
 *
 * key    of QUO_LEDGER_KEY_LEN bytes; the caller frees it
 * Fails with QUO_EFORMAT, QUO_EVERSION (of a newer format), QUO_ETOOBIG, of
 * words as quo_slip_key_read does, or with what quo_secret_new does.
 */
enum quo_err quo_auditor_parse(const char *text, size_t len,
    struct quo_secret **key);

#endif
