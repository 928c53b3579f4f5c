/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "card/gf1024.h"
#include "base/ct.h"

#define POLY 0x409u
#define ALPHA 2

uint16_t
quo_gf1024_mul(uint16_t a, uint16_t b)
{
	uint32_t sum = 0;
	int bit;

	for (bit = 9; bit >= 0; bit--) {
		sum <<= 1;
		sum ^= quo_ct_barrier(-(sum >> 10)) & POLY;
		sum ^= quo_ct_barrier(-((uint32_t)b >> bit & 1)) & a;
	}
	return (uint16_t)sum;
}

/* a^1022, by Fermat: 1022 = 2 + 4 + ... + 512. */
uint16_t
quo_gf1024_inv(uint16_t a)
{
	uint16_t square = a, product = 1;
	int i;

	for (i = 1; i < 10; i++) {
		square = quo_gf1024_mul(square, square);
		product = quo_gf1024_mul(product, square);
	}
	return product;
}

uint16_t
quo_gf1024_exp(unsigned e)
{
	uint16_t square = ALPHA, product = 1;

	for (e %= QUO_GF1024_ORDER; e > 0; e >>= 1) {
		if (e & 1)
			product = quo_gf1024_mul(product, square);
		square = quo_gf1024_mul(square, square);
	}
	return product;
}
