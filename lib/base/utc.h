/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_UTC_H
#define QUO_UTC_H

#include <stdint.h>

#include "base/err.h"

/** Room for "2026-11-21T03:10:00Z" and its NUL. */
#define QUO_UTC_TEXT 21

/** Seconds since 1970, as the clock shows them. */
int64_t quo_utc_now(void);

/** Seconds on a clock that nobody sets: for spans. */
double quo_clock(void);

/** A moment as text; years 0 to 9999, others are held at these. */
void quo_utc_print(int64_t when, char text[QUO_UTC_TEXT]);

/** The reverse. Fails with QUO_ESYNTAX. */
enum quo_err quo_utc_parse(const char *text, int64_t *when);

/** A span in its largest whole unit, "90s", "15m", "4h", "2d". */
#define QUO_SPAN_TEXT 24
void quo_span_print(int64_t seconds, char text[QUO_SPAN_TEXT]);

/** The reverse. Fails with QUO_ESYNTAX. */
enum quo_err quo_span_parse(const char *text, int64_t *seconds);

#endif
