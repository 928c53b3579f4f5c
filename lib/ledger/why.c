/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ledger/why.h"

enum quo_err
quo_why(char why[QUO_REASON_MAX], enum quo_err err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, QUO_REASON_MAX, format, args);
	va_end(args);
	return err;
}

void
quo_why_show(const void *data, size_t len, char out[QUO_SHOWN_MAX])
{
	const char *text = data;
	size_t n = len < QUO_SHOWN_MAX ? len : QUO_SHOWN_MAX - 4;

	for (size_t i = 0; i < n; i++)
		out[i] = text[i] < ' ' || text[i] > '~' ? '?' : text[i];
	strcpy(out + n, n < len ? "..." : "");
}

struct quo_span
quo_read_string(struct quo_reader *r)
{
	size_t len = (size_t)quo_read_uint(r, 4);
	const uint8_t *data = quo_read_span(r, len);

	return (struct quo_span){ data, data != NULL ? len : 0 };
}

bool
quo_span_is(struct quo_span span, const char *text)
{
	return span.len == strlen(text) &&
	    memcmp(span.data, text, span.len) == 0;
}
