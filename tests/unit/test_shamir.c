/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <string.h>

#include "base/crypt.h"
#include "crypto/gf256.h"
#include "crypto/shamir.h"

#define LEN 32

static void
refuses_what_is_no_sharing(void **state)
{
	static const struct {
		size_t len;
		unsigned t, n;
	} bad[] = {
		{ 0, 2, 3 }, { LEN, 0, 3 }, { LEN, 4, 3 }, { LEN, 2, 256 },
		{ LEN, 0, 0 }, { LEN, 300, 300 },
	};
	uint8_t shares[256 * LEN], value[LEN] = { 1 };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_err(quo_shamir_split(value, bad[i].len, bad[i].t,
		    bad[i].n, shares), QUO_EINVAL);
}

static void
refuses_x_twice_or_zero_and_leaves_the_value(void **state)
{
	static const uint8_t a[LEN] = { 1 }, b[LEN] = { 2 };
	struct quo_share twice[] = { { 1, a }, { 2, b }, { 1, b } };
	struct quo_share same[] = { { 1, a }, { 1, a } };
	struct quo_share zero[] = { { 1, a }, { 0, b } };
	uint8_t value[LEN], before[LEN];

	(void)state;
	memset(value, 0x5A, sizeof value);
	memcpy(before, value, sizeof value);
	assert_err(quo_shamir_combine(twice, 3, LEN, 0, value),
	    QUO_EDUPLICATE);
	assert_err(quo_shamir_combine(same, 2, LEN, 0, value),
	    QUO_EDUPLICATE);
	assert_err(quo_shamir_combine(zero, 2, LEN, 0, value), QUO_EINVAL);
	assert_err(quo_shamir_combine(twice, 0, LEN, 0, value), QUO_EINVAL);
	assert_memory_equal(value, before, sizeof value);
}

/* Every choice of t among n <= 6 rejoins, and tells the other shares. */
static void
any_t_of_n_rejoin(void **state)
{
	uint8_t value[LEN], again[LEN], shares[6 * LEN];
	struct quo_share some[6];
	size_t k;

	(void)state;
	for (unsigned n = 1; n <= 6; n++)
		for (unsigned t = 1; t <= n; t++) {
			assert_err(quo_random(value, LEN), QUO_OK);
			assert_err(quo_shamir_split(value, LEN, t, n, shares),
			    QUO_OK);
			for (unsigned set = 1; set < 1u << n; set++) {
				k = 0;
				for (unsigned x = 1; x <= n; x++)
					if ((set >> (x - 1) & 1) != 0)
						some[k++] = (struct quo_share){
						    (uint8_t)x, shares +
						    (x - 1) * LEN };
				assert_err(quo_shamir_combine(some, k, LEN, 0,
				    again), QUO_OK);
				assert_int_equal(memcmp(value, again, LEN)
				    == 0, k >= t);
				for (unsigned x = 1; k >= t && x <= n; x++) {
					assert_err(quo_shamir_combine(some, k,
					    LEN, (uint8_t)x, again), QUO_OK);
					assert_memory_equal(again, shares +
					    (x - 1) * LEN, LEN);
				}
			}
		}
}

static void
all_255_rejoin(void **state)
{
	static uint8_t shares[255 * LEN];
	struct quo_share some[255];
	uint8_t value[LEN], again[LEN];

	(void)state;
	assert_err(quo_random(value, LEN), QUO_OK);
	assert_err(quo_shamir_split(value, LEN, 255, 255, shares), QUO_OK);
	for (unsigned x = 1; x <= 255; x++)
		some[x - 1] = (struct quo_share){ (uint8_t)x,
		    shares + (x - 1) * LEN };
	assert_err(quo_shamir_combine(some, 255, LEN, 0, again), QUO_OK);
	assert_memory_equal(value, again, LEN);
	assert_err(quo_shamir_combine(some, 254, LEN, 0, again), QUO_OK);
	assert_memory_not_equal(value, again, LEN);
}

/*
 * Perfect secrecy for k = 2, over all: whatever the secret, a share takes
 * each of the 256 values for exactly one of the 256 coefficients, at every x.
 */
static void
one_share_of_two_says_nothing_exhaustively(void **state)
{
	bool seen[256];
	uint8_t row[2], share;

	(void)state;
	for (unsigned x = 1; x < 256; x++)
		for (unsigned secret = 0; secret < 256; secret++) {
			memset(seen, 0, sizeof seen);
			for (unsigned c = 0; c < 256; c++) {
				row[0] = (uint8_t)secret;
				row[1] = (uint8_t)c;
				quo_shamir_eval(row, 1, 2, (uint8_t)x, &share);
				if (seen[share])
					fail_msg("x %u, secret %u: %u twice",
					    x, secret, share);
				seen[share] = true;
			}
		}
}

/*
 * For k = 3 on a sample: the pairs of x and the secrets below, all 65,536
 * coefficients each; the two shares take each of the 65,536 pairs once.
 */
static void
two_shares_of_three_say_nothing_on_a_sample(void **state)
{
	static const uint8_t pairs[][2] = {
		{ 1, 2 }, { 1, 255 }, { 2, 3 }, { 83, 202 },
	};
	static const uint8_t secrets[] = { 0, 1, 2, 0x53, 0x80, 0xCA, 0xFF };
	static bool seen[65536];
	uint8_t row[3], a, b;

	(void)state;
	for (size_t p = 0; p < sizeof pairs / sizeof *pairs; p++)
		for (size_t s = 0; s < sizeof secrets; s++) {
			memset(seen, 0, sizeof seen);
			for (unsigned c = 0; c < 65536; c++) {
				row[0] = secrets[s];
				row[1] = (uint8_t)c;
				row[2] = (uint8_t)(c >> 8);
				quo_shamir_eval(row, 1, 3, pairs[p][0], &a);
				quo_shamir_eval(row, 1, 3, pairs[p][1], &b);
				if (seen[a << 8 | b])
					fail_msg("pair %zu, secret %u", p,
					    secrets[s]);
				seen[a << 8 | b] = true;
			}
		}
}

/*
 * The coefficients that split draws, worked out from the shares: each value,
 * 0 too and in the leading one, comes about as often as the others.
 */
static void
coefficients_are_uniform_and_a_leading_zero_occurs(void **state)
{
	enum { ROUNDS = 2000, DRAWS = ROUNDS * LEN };
	unsigned counts[3][256] = { { 0 } };
	uint8_t value[LEN] = { 0 }, shares[3 * LEN];
	double expected = DRAWS / 256.0, chi;

	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		assert_err(quo_shamir_split(value, LEN, 3, 3, shares),
		    QUO_OK);
		for (size_t i = 0; i < LEN; i++) {
			uint8_t y1 = shares[i], y2 = shares[LEN + i];
			/* y = ax + bx^2, the secret being 0: at 1 a + b, at
			 * 2 2a + 4b, so y2 + 2 y1 = 6b. */
			uint8_t b = quo_gf256_mul(y2 ^ quo_gf256_mul(2, y1),
			    quo_gf256_inv(6));

			counts[0][y1 ^ b]++;
			counts[1][b]++;
			counts[2][y1]++;
		}
	}
	assert_true(counts[1][0] > 0);
	for (unsigned row = 0; row < 3; row++) {
		chi = 0;
		for (unsigned v = 0; v < 256; v++)
			chi += (counts[row][v] - expected) *
			    (counts[row][v] - expected) / expected;
		/* 255 degrees of freedom: beyond 400 once in 10^8. */
		if (chi > 400 || chi < 150)
			fail_msg("row %u: chi^2 %f", row, chi);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_what_is_no_sharing),
		cmocka_unit_test(refuses_x_twice_or_zero_and_leaves_the_value),
		cmocka_unit_test(any_t_of_n_rejoin),
		cmocka_unit_test(all_255_rejoin),
		cmocka_unit_test(one_share_of_two_says_nothing_exhaustively),
		cmocka_unit_test(two_shares_of_three_say_nothing_on_a_sample),
		cmocka_unit_test(
		    coefficients_are_uniform_and_a_leading_zero_occurs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
