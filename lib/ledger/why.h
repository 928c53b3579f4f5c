/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_WHY_H
#define QUO_WHY_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/crypt.h"
#include "base/err.h"
#include "ledger/pubkey.h"

/** What pubkey.c and signature.c share; for them alone. */

/** Foreign bytes made fit to be shown, with a NUL. */
#define QUO_SHOWN_MAX 64

/** Write the reason, cut where it is too long, and give err. */
enum quo_err quo_why(char why[QUO_REASON_MAX], enum quo_err err,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/** Copy bytes, `?` for all but printable ASCII, `...` where it is cut. */
void quo_why_show(const void *data, size_t len, char out[QUO_SHOWN_MAX]);

/** A string of RFC 4251: its length in four bytes, then its bytes. */
struct quo_span quo_read_string(struct quo_reader *r);

/** Whether the span is this text. */
bool quo_span_is(struct quo_span span, const char *text);

#endif
