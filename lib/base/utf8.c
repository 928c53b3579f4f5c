/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/utf8.h"

size_t
quo_utf8_decode(const char *text, size_t left, uint32_t *point)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const uint8_t *at = (const uint8_t *)text;
	uint32_t value;
	size_t len;

	if (left == 0)
		return 0;
	len = at[0] < 0x80 ? 1 : at[0] >> 5 == 6 ? 2 :
	    at[0] >> 4 == 14 ? 3 : at[0] >> 3 == 30 ? 4 : 0;
	if (len == 0 || len > left)
		return 0;
	value = len == 1 ? at[0] : at[0] & (0x7F >> len);
	for (size_t i = 1; i < len; i++) {
		if (at[i] >> 6 != 2)
			return 0;
		value = value << 6 | (at[i] & 0x3F);
	}
	if (value < least[len] || value > 0x10FFFF ||
	    (value >= 0xD800 && value <= 0xDFFF))
		return 0;
	*point = value;
	return len;
}
