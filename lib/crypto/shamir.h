/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_SHAMIR_H
#define QUO_SHAMIR_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/**
 * Sharing of one value, byte by byte, on polynomials over GF(2^8).
 *
 * Below the threshold the shares say nothing at all of the value: their
 * distribution is the same for each. That needs every coefficient uniform,
 * zero allowed in the leading one too: forbidding it leaks.
 * Constant time in values, coefficients and shares; not in x, t and n.
 * Shamir, "How to share a secret", CACM 22(11), 1979. docs/format.md, 4.
 */

/** A share: the polynomials' value at x, of the length that goes with it. */
struct quo_share {
	uint8_t x;		/* never 0 */
	const uint8_t *value;	/* borrowed */
};

/**
 * The value at x of len polynomials of degree t-1.
 *
 * coefficients   t rows of len bytes, the constant terms first
 */
void quo_shamir_eval(const uint8_t *coefficients, size_t len, unsigned t,
    uint8_t x, uint8_t *value);

/**
 * Split value (len bytes) into n shares at x = 1 to n, of which any t rejoin
 * it; 1 <= t <= n <= 255.
 *
 * shares   n rows of len bytes; the caller wipes them
 * Fails with QUO_EINVAL, QUO_ENOMEM, QUO_ELOCK or QUO_ERANDOM, shares then
 * being zeros.
 */
enum quo_err quo_shamir_split(const uint8_t *value, size_t len, unsigned t,
    unsigned n, uint8_t *shares);

/**
 * The value at `at` of the polynomials of degree k-1 through k shares: at 0
 * the secret, elsewhere the share that should stand there.
 *
 * shares   k of them, x all different and not 0
 * Fails with QUO_EDUPLICATE (an x twice) or QUO_EINVAL (an x of 0, k of 0).
 * Any k shares give some answer: only unsealing tells if it is right.
 */
enum quo_err quo_shamir_combine(const struct quo_share *shares, size_t k,
    size_t len, uint8_t at, uint8_t *value);

#endif
