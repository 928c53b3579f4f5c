/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/hex.h"

static const char digits[] = "0123456789abcdef";

void
quo_hex_print(const uint8_t *data, size_t len, char *text)
{
	for (size_t i = 0; i < len; i++) {
		text[2 * i] = digits[data[i] >> 4];
		text[2 * i + 1] = digits[data[i] & 15];
	}
	text[2 * len] = '\0';
}

bool
quo_hex_parse(const char *text, size_t text_len, uint8_t *data, size_t len)
{
	const char *high, *low;

	if (text_len != 2 * len)
		return false;
	for (size_t i = 0; i < len; i++) {
		high = memchr(digits, text[2 * i], 16);
		low = memchr(digits, text[2 * i + 1], 16);
		if (high == NULL || low == NULL)
			return false;
		data[i] = (uint8_t)((high - digits) << 4 | (low - digits));
	}
	return true;
}

bool
quo_hex_is(const char *text, size_t len)
{
	return strlen(text) == 2 * len && strspn(text, digits) == 2 * len;
}
