/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_ALERT_INTERNAL_H
#define QUO_ALERT_INTERNAL_H

#include "ledger/alert.h"

/*
 * Text as an alert may hold it: at most size - 1 bytes of it, cut between
 * characters, with `?` for each control character and each byte that is no
 * UTF-8. Returns the length.
 */
size_t quo_alert_clean(const char *text, char *out, size_t size);

/* Put the cleaned words into why; returns err. */
enum quo_err quo_alert_fail(enum quo_err err, char why[QUO_ALERT_WHY],
    const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
