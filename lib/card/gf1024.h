/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_GF1024_H
#define QUO_GF1024_H

#include <stdint.h>

/**
 * The field GF(2^10) modulo x^10 + x^3 + 1, of the words: docs/format.md,
 * section 8. An element is a number below 1024; addition is XOR. No table, no
 * branch, no index: every element may be secret.
 */

#define QUO_GF1024_ORDER 1023 /* of alpha = 2: it generates the field */

uint16_t quo_gf1024_mul(uint16_t a, uint16_t b);

/** 1 / a; 0 for 0. */
uint16_t quo_gf1024_inv(uint16_t a);

/** alpha to the power e, which is public. */
uint16_t quo_gf1024_exp(unsigned e);

#endif
