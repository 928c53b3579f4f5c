/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_CT_H
#define QUO_CT_H

#include <stdint.h>

/**
 * Arithmetic instead of branches, for values that are secret.
 *
 * A mask is 0 or all ones. Nothing here branches on, or indexes with, what
 * it is given. tests/ct/run.sh holds the built code against that promise.
 */

/**
 * A value that the compiler must take as it comes. Each mask goes through
 * it: a compiler that sees that it has two values only puts the branch back
 * (clang 14 does).
 */
static inline uint32_t
quo_ct_barrier(uint32_t x)
{
#if defined(__GNUC__)
	__asm__("" : "+r"(x));
	return x;
#else
	volatile uint32_t y = x;

	return y;
#endif
}

/** All ones where x is not 0. */
static inline uint32_t
quo_ct_nonzero(uint32_t x)
{
	return quo_ct_barrier(-((x | -x) >> 31));
}

/** All ones where a is b. */
static inline uint32_t
quo_ct_eq(uint32_t a, uint32_t b)
{
	return ~quo_ct_nonzero(a ^ b);
}

/** The same, of 64 bits. */
static inline uint64_t
quo_ct_eq64(uint64_t a, uint64_t b)
{
	uint64_t x = a ^ b;
	uint32_t mask = quo_ct_eq((uint32_t)(x >> 32) | (uint32_t)x, 0);

	return (uint64_t)mask << 32 | mask;
}

/** All ones where a < b; both below 2^31. */
static inline uint32_t
quo_ct_lt(uint32_t a, uint32_t b)
{
	return quo_ct_barrier(-((a - b) >> 31));
}

/** a where mask is all ones, b where it is 0. */
static inline uint32_t
quo_ct_select(uint32_t mask, uint32_t a, uint32_t b)
{
	return b ^ (quo_ct_barrier(mask) & (a ^ b));
}

/**
 * Say that the object x, until now computed from secrets, is public: whether
 * a check was right, say. Only after this may it be branched on. Nothing in
 * the program; in a build with QUO_CT_CHECK it tells valgrind.
 *
 * QUO_SECRET is the opposite, for what is drawn and for the drivers in
 * tests/ct.
 */
#ifdef QUO_CT_CHECK
#include <valgrind/memcheck.h>
#define QUO_PUBLIC(x) ((void)VALGRIND_MAKE_MEM_DEFINED(&(x), sizeof(x)))
#define QUO_SECRET(data, len) ((void)VALGRIND_MAKE_MEM_UNDEFINED((data), (len)))
#else
#define QUO_PUBLIC(x) ((void)0)
#define QUO_SECRET(data, len) ((void)0)
#endif

#endif
