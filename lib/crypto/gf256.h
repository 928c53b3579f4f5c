/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_GF256_H
#define QUO_GF256_H

#include <stdint.h>

/**
 * The field GF(2^8) modulo x^8 + x^4 + x^3 + x + 1 (0x11B). Addition is XOR.
 *
 * In constant time: no table, branch or index depends on an operand. The
 * secret is 32 bytes, so clarity comes before throughput.
 * FIPS 197, section 4.2.
 */
uint8_t quo_gf256_mul(uint8_t a, uint8_t b);

/** 1 / a, as a^254; 0 for 0. */
uint8_t quo_gf256_inv(uint8_t a);

#endif
