/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_HEX_H
#define QUO_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Public bytes as digits of lower-case hex; not written for secrets.
 */

/** What n bytes take, with the NUL. */
#define QUO_HEX_ROOM(n) (2 * (n) + 1)

/** Write len bytes, NUL-terminated. */
void quo_hex_print(const uint8_t *data, size_t len, char *text);

/** Read just 2 * len digits of a text of text_len; false: it isn't that. */
bool quo_hex_parse(const char *text, size_t text_len, uint8_t *data,
    size_t len);

/** Whether a text is the hex of len bytes. */
bool quo_hex_is(const char *text, size_t len);

#endif
