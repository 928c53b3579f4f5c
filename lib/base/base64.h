/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_BASE64_H
#define QUO_BASE64_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/**
 * Base64 with the usual alphabet and padding, RFC 4648 section 4: for public
 * things (keys, signatures, roots); it is not written for secrets.
 */

/** What n bytes take as text, with its NUL. */
#define QUO_BASE64_TEXT(n) (((n) + 2) / 3 * 4 + 1)

/** Write len bytes as text, NUL-terminated; gives its length. */
size_t quo_base64_encode(const uint8_t *data, size_t len, char *text);

/**
 * Read text of length len: one encoding for each value, so padding must be
 * there, unused bits must be zero, and no other character may stand between.
 *
 * out    cap bytes; len / 4 * 3 are always enough
 * Fails with QUO_EFORMAT or QUO_ETOOBIG (more than cap bytes).
 */
enum quo_err quo_base64_decode(const char *text, size_t len, uint8_t *out,
    size_t cap, size_t *out_len);

#endif
