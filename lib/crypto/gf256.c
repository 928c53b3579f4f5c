/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/gf256.h"

uint8_t
quo_gf256_mul(uint8_t a, uint8_t b)
{
	unsigned product = 0, x = a;

	for (unsigned bit = 0; bit < 8; bit++) {
		product ^= x & (0u - (b >> bit & 1u));
		x = x << 1 ^ (0x11Bu & (0u - (x >> 7 & 1u)));
	}
	return (uint8_t)product;
}

uint8_t
quo_gf256_inv(uint8_t a)
{
	uint8_t square = a, result = 1;

	/* 254 = 2 + 4 + 8 + 16 + 32 + 64 + 128 */
	for (unsigned i = 1; i < 8; i++) {
		square = quo_gf256_mul(square, square);
		result = quo_gf256_mul(result, square);
	}
	return result;
}
