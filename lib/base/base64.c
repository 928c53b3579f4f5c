/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/base64.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

size_t
quo_base64_encode(const uint8_t *data, size_t len, char *text)
{
	char *t = text;

	for (size_t i = 0; i < len; i += 3) {
		size_t left = len - i;
		uint32_t bits = (uint32_t)data[i] << 16;

		if (left > 1)
			bits |= (uint32_t)data[i + 1] << 8;
		if (left > 2)
			bits |= data[i + 2];
		*t++ = alphabet[bits >> 18];
		*t++ = alphabet[bits >> 12 & 63];
		*t++ = left > 1 ? alphabet[bits >> 6 & 63] : '=';
		*t++ = left > 2 ? alphabet[bits & 63] : '=';
	}
	*t = '\0';
	return (size_t)(t - text);
}

/* Four characters, of which the last pad are padding: their bits, or -1. */
static int32_t
group(const char *text, unsigned pad)
{
	int32_t bits = 0;

	for (unsigned i = 0; i < 4 - pad; i++) {
		const char *at = text[i] == '\0' ? NULL :
		    strchr(alphabet, text[i]);

		if (at == NULL)
			return -1;
		bits |= (int32_t)(at - alphabet) << (18 - 6 * i);
	}
	return (bits & ((1 << 8 * pad) - 1)) == 0 ? bits : -1;
}

enum quo_err
quo_base64_decode(const char *text, size_t len, uint8_t *out, size_t cap,
    size_t *out_len)
{
	size_t n = 0;
	unsigned pad = 0;

	if (len % 4 != 0)
		return QUO_EFORMAT;
	while (pad < 2 && pad < len && text[len - 1 - pad] == '=')
		pad++;
	if (len / 4 * 3 - pad > cap)
		return QUO_ETOOBIG;
	for (size_t i = 0; i < len; i += 4) {
		unsigned less = i + 4 == len ? pad : 0;
		int32_t bits = group(text + i, less);

		if (bits < 0)
			return QUO_EFORMAT;
		for (unsigned b = 0; b < 3 - less; b++)
			out[n++] = (uint8_t)(bits >> (16 - 8 * b));
	}
	*out_len = n;
	return QUO_OK;
}
