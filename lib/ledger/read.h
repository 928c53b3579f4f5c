/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_READ_H
#define QUO_READ_H

#include "ledger/ledger.h"

/**
 * Reading the log of a ledger.
 */

/**
 * Each line, from number `from` on; each returns false to end it.
 * Fails as the database does.
 */
enum quo_err quo_ledger_lines(struct quo_ledger *ledger, uint64_t from,
    bool (*each)(void *with, uint64_t number, const char *line, size_t len),
    void *with);

/**
 * The log as it is exported (docs/log.md, section 6), piece by piece;
 * write returns false to end it, which is QUO_EIO.
 */
enum quo_err quo_ledger_export(struct quo_ledger *ledger,
    bool (*write)(void *with, const char *bytes, size_t len), void *with);

#endif
