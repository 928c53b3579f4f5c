/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/buf.h"

struct quo_reader
quo_reader_on(const uint8_t *data, size_t len)
{
	return (struct quo_reader){ .data = data, .len = len };
}

size_t
quo_reader_left(const struct quo_reader *r)
{
	return r->len - r->pos;
}

bool
quo_reader_done(const struct quo_reader *r)
{
	return !r->failed && r->pos == r->len;
}

const uint8_t *
quo_read_span(struct quo_reader *r, size_t len)
{
	const uint8_t *span;

	if (r->failed || len > quo_reader_left(r)) {
		r->failed = true;
		return NULL;
	}
	span = r->data + r->pos;
	r->pos += len;
	return span;
}

uint64_t
quo_read_uint(struct quo_reader *r, unsigned bytes)
{
	const uint8_t *span = quo_read_span(r, bytes);
	uint64_t value = 0;

	for (unsigned i = 0; span != NULL && i < bytes; i++)
		value = value << 8 | span[i];
	return value;
}

void
quo_read_bytes(struct quo_reader *r, uint8_t *out, size_t len)
{
	const uint8_t *span = quo_read_span(r, len);

	if (span != NULL)
		memcpy(out, span, len);
	else
		memset(out, 0, len);
}

struct quo_writer
quo_writer_on(uint8_t *data, size_t cap)
{
	return (struct quo_writer){ .data = data, .cap = cap };
}

void
quo_write_bytes(struct quo_writer *w, const uint8_t *data, size_t len)
{
	if (w->failed || len > w->cap - w->len) {
		w->failed = true;
		return;
	}
	if (len > 0)
		memcpy(w->data + w->len, data, len);
	w->len += len;
}

void
quo_write_uint(struct quo_writer *w, uint64_t value, unsigned bytes)
{
	uint8_t be[8];

	for (unsigned i = 0; i < bytes; i++)
		be[i] = (uint8_t)(value >> 8 * (bytes - 1 - i));
	quo_write_bytes(w, be, bytes);
}
