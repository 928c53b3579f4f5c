/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/base64.h"
#include "base/hex.h"
#include "rotation/watch_internal.h"

/* What is shorter would be found by chance. */
#define LEAST 8
#define LEAST_LINE 16
/* Enough to know a key again. */
#define MOST_LINES 64
/* As it is, in base64, in two kinds of hex: below so many bytes for one. */
#define ROOM(len) (7 * (len) + 16)

/* The next len bytes of room are a needle. */
static uint8_t *
put(struct quo_needles *n, size_t len)
{
	uint8_t *at = n->bytes->data + n->used;

	n->items[n->count].at = n->used;
	n->items[n->count++].len = len;
	n->used += len;
	return at;
}

static void
put_lines(struct quo_needles *n, const struct quo_secret *s)
{
	const uint8_t *at = s->data, *end = at + s->len, *nl;
	size_t len, lines = 0;

	for (; at < end && lines < MOST_LINES; at += len + 1) {
		nl = memchr(at, '\n', (size_t)(end - at));
		len = (size_t)((nl != NULL ? nl : end) - at);
		if (len < LEAST_LINE || memcmp(at, "-----", 5) == 0 ||
		    n->count == QUO_NEEDLES)
			continue;
		memcpy(put(n, len), at, len);
		lines++;
	}
}

/* Of base64 only what the bytes behind the secret don't change. */
static void
put_whole(struct quo_needles *n, const struct quo_secret *s)
{
	char *at;
	size_t len;

	if (s->len < LEAST || n->count + 4 > QUO_NEEDLES)
		return;
	memcpy(put(n, s->len), s->data, s->len);
	quo_base64_encode(s->data, s->len, (char *)n->bytes->data + n->used);
	put(n, s->len / 3 * 4);
	quo_hex_print(s->data, s->len, (char *)n->bytes->data + n->used);
	at = (char *)put(n, 2 * s->len);
	len = 2 * s->len;
	for (char *upper = (char *)put(n, len); len > 0; len--, at++)
		*upper++ = *at >= 'a' ? (char)(*at - 'a' + 'A') : *at;
}

enum quo_err
quo_needles_make(const struct quo_watch *watch, struct quo_needles *needles)
{
	size_t room = 0;
	enum quo_err err;

	*needles = (struct quo_needles){ .bytes = NULL };
	for (size_t i = 0; i < watch->count; i++)
		room += ROOM(watch->secrets[i]->len);
	err = quo_secret_new(room + 1, &needles->bytes);
	for (size_t i = 0; i < watch->count && err == QUO_OK; i++) {
		const struct quo_secret *s = watch->secrets[i];

		if (memchr(s->data, '\n', s->len) != NULL)
			put_lines(needles, s);
		else
			put_whole(needles, s);
	}
	return err;
}

void
quo_needles_clear(struct quo_needles *needles)
{
	quo_secret_free(needles->bytes);
	needles->bytes = NULL;
	needles->count = 0;
}

bool
quo_needles_in(const struct quo_needles *needles, const void *data,
    size_t len)
{
	for (size_t i = 0; i < needles->count; i++)
		if (memmem(data, len, needles->bytes->data +
		    needles->items[i].at, needles->items[i].len) != NULL)
			return true;
	return false;
}
