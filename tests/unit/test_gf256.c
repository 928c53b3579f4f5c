/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "crypto/gf256.h"

/* By shift and subtract, with branches: FIPS 197, section 4.2. */
static unsigned
slow(unsigned a, unsigned b)
{
	unsigned product = 0;

	for (unsigned bit = 0; bit < 8; bit++)
		if ((b >> bit & 1) != 0)
			product ^= a << bit;
	for (unsigned bit = 15; bit > 7; bit--)
		if ((product >> bit & 1) != 0)
			product ^= 0x11Bu << (bit - 8);
	return product;
}

static void
multiplies_as_the_definition_for_all_pairs(void **state)
{
	(void)state;
	for (unsigned a = 0; a < 256; a++)
		for (unsigned b = 0; b < 256; b++)
			assert_int_equal(quo_gf256_mul((uint8_t)a,
			    (uint8_t)b), slow(a, b));
	/* FIPS 197, sections 4.2 and 4.2.1 */
	assert_int_equal(quo_gf256_mul(0x57, 0x83), 0xC1);
	assert_int_equal(quo_gf256_mul(0x57, 0x13), 0xFE);
}

static void
is_a_field(void **state)
{
	uint8_t ab, bc;

	(void)state;
	for (unsigned a = 0; a < 256; a++) {
		assert_int_equal(quo_gf256_mul((uint8_t)a, 1), a);
		assert_int_equal(quo_gf256_mul((uint8_t)a, 0), 0);
		for (unsigned b = 0; b < 256; b++) {
			ab = quo_gf256_mul((uint8_t)a, (uint8_t)b);
			assert_int_equal(ab, quo_gf256_mul((uint8_t)b,
			    (uint8_t)a));
			/* no divisors of zero */
			assert_int_equal(ab == 0, a == 0 || b == 0);
			for (unsigned c = 0; c < 256; c += 1) {
				bc = quo_gf256_mul((uint8_t)b, (uint8_t)c);
				if (quo_gf256_mul(ab, (uint8_t)c) !=
				    quo_gf256_mul((uint8_t)a, bc))
					fail_msg("(%u %u) %u", a, b, c);
				if (quo_gf256_mul((uint8_t)a,
				    (uint8_t)(b ^ c)) != (ab ^
				    quo_gf256_mul((uint8_t)a, (uint8_t)c)))
					fail_msg("%u (%u + %u)", a, b, c);
			}
		}
	}
}

static void
inverts_all(void **state)
{
	(void)state;
	assert_int_equal(quo_gf256_inv(0), 0);
	for (unsigned a = 1; a < 256; a++)
		assert_int_equal(quo_gf256_mul((uint8_t)a,
		    quo_gf256_inv((uint8_t)a)), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(multiplies_as_the_definition_for_all_pairs),
		cmocka_unit_test(is_a_field),
		cmocka_unit_test(inverts_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
