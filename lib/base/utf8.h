/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_UTF8_H
#define QUO_UTF8_H

#include <stddef.h>
#include <stdint.h>

/**
 * The character of UTF-8 (RFC 3629) that text begins with.
 *
 * left   how many bytes there are
 * point  its code point, set where there is one
 * Gives its length of 1 to 4 bytes; 0 where none stands: cut off, overlong,
 * a surrogate, beyond U+10FFFF. Any code point will do, U+0000 too.
 */
size_t quo_utf8_decode(const char *text, size_t left, uint32_t *point);

#endif
