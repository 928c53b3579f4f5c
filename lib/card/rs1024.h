/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_RS1024_H
#define QUO_RS1024_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/**
 * Reed-Solomon over GF(2^10): docs/format.md, section 8.
 *
 * A codeword has n symbols, p of them parity at its end; as a polynomial,
 * its first symbol the highest coefficient, it is zero at alpha^0 to
 * alpha^(p-1). Symbols may be secret. What is branched on is public: n, p,
 * where symbols are missing, and where and how others are wrong. For those
 * see only the syndromes, and these are a function of the errors alone,
 * the same for every codeword; the missing symbols are taken out of them
 * first (Forney's modified syndromes).
 *
 * Blahut, "Algebraic Codes for Data Transmission", chapter 7.
 */

#define QUO_RS1024_MAX 1023 /* symbols */
#define QUO_RS1024_PARITY_MAX 64

/** Set the last p of n symbols. 1 <= p <= QUO_RS1024_PARITY_MAX, p < n. */
void quo_rs1024_encode(uint16_t *symbol, size_t n, size_t p);

/**
 * Mend a codeword in place: e wrong and f missing symbols, 2e + f <= p.
 *
 * missing	n flags; what stands in such a symbol is overwritten
 * wrong	set to e
 * Fails with QUO_ECHECK, symbols untouched, where no codeword is so near.
 * More errors than that are found out nearly always, not always.
 */
enum quo_err quo_rs1024_mend(
    uint16_t *symbol, const bool *missing, size_t n, size_t p, size_t *wrong);

#endif
