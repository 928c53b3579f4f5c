/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "draw/bytes.h"

#define FIRST 4096

void
quo_bytes_free(struct quo_bytes *b)
{
	if (b->store != NULL)
		quo_secret_free(b->store);
	else if (b->data != NULL) {
		quo_wipe(b->data, b->cap);
		free(b->data);
	}
	*b = (struct quo_bytes){ 0 };
}

/* realloc would leave the old bytes behind. */
static enum quo_err
grow(struct quo_bytes *b, size_t cap)
{
	struct quo_bytes more = { .len = b->len, .max = b->max,
		.secret = b->secret, .cap = cap };
	enum quo_err err = QUO_OK;

	if (b->secret) {
		err = quo_secret_new(cap, &more.store);
		if (err != QUO_OK)
			return err;
		more.data = more.store->data;
	} else {
		more.data = malloc(cap);
		if (more.data == NULL)
			return QUO_ENOMEM;
	}
	if (b->len > 0)
		memcpy(more.data, b->data, b->len);
	quo_bytes_free(b);
	*b = more;
	return QUO_OK;
}

uint8_t *
quo_bytes_room(struct quo_bytes *b, size_t len)
{
	size_t cap = b->cap < FIRST ? FIRST : b->cap;

	if (b->err == QUO_OK && len > b->max - b->len)
		b->err = QUO_ETOOBIG;
	if (b->err != QUO_OK)
		return NULL;
	if (len > b->cap - b->len) {
		while (cap - b->len < len)
			cap *= 2;
		b->err = grow(b, cap);
	}
	return b->err == QUO_OK ? b->data + b->len : NULL;
}

void
quo_bytes_add(struct quo_bytes *b, const void *data, size_t len)
{
	uint8_t *room = len > 0 ? quo_bytes_room(b, len) : NULL;

	if (room != NULL) {
		memcpy(room, data, len);
		b->len += len;
	}
}
