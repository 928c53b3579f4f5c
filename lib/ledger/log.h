/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_LOG_H
#define QUO_LOG_H

#include <stdbool.h>

#include "base/err.h"
#include "card/header.h"
#include "ledger/db.h"
#include "ledger/frontier.h"
#include "ledger/line.h"

/**
 * The log inside the ledger: lines, the tree over them, and a seal that
 * looks forward: entry n carries HMAC(key n, line), and key n + 1 =
 * SHA-256(key n) takes the place of key n on the disk. docs/log.md.
 * For the files of this layer; others go by ledger/ledger.h.
 */

/** SHA-256 as a step from one key to the next, in place. */
void quo_log_next_key(uint8_t key[QUO_KEY_LEN]);

/** The seal of a line. */
enum quo_err quo_log_mac(const uint8_t key[QUO_KEY_LEN], const char *line,
    size_t len, uint8_t mac[QUO_HASH_LEN]);

/**
 * Append an entry, whose number is set, within a transaction. Fails with
 * QUO_ECORRUPT where the last entry isn't the one that should be.
 */
enum quo_err quo_log_append(struct quo_db *db, struct quo_entry *entry);

/** Keep a line of another log, unsealed, behind the last one. */
enum quo_err quo_log_keep(struct quo_db *db, const struct quo_entry *entry,
    const char *line);

enum quo_err quo_log_root(struct quo_db *db,
    struct quo_checkpoint *checkpoint);

#endif
