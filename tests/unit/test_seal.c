/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <string.h>

#include "crypto/seal.h"

#define STEPS 128

static const uint8_t key[QUO_KEY_LEN] = "a key of thirty-two bytes, no mo";
static const uint8_t salt[QUO_SALT_LEN] = "fifteen bytes..";
static const char head[] = "a header of some length";
static const struct quo_span header = { head, sizeof head - 1 };

static void
make(struct quo_secret **plain, uint8_t *sealed)
{
	assert_err(quo_secret_new(STEPS, plain), QUO_OK);
	memcpy((*plain)->data, "secret", 6);
	assert_err(quo_seal(key, salt, header, *plain, sealed), QUO_OK);
}

static void
refuses_any_bit_changed(void **state)
{
	uint8_t sealed[STEPS + QUO_TAG_LEN], k[QUO_KEY_LEN];
	uint8_t s[QUO_SALT_LEN];
	char h[sizeof head];
	struct quo_secret *plain = NULL, *again = NULL;
	const struct quo_span span = { sealed, sizeof sealed };
	const struct quo_span other = { h, sizeof head - 1 };

	(void)state;
	make(&plain, sealed);
	for (size_t bit = 0; bit < 8 * sizeof sealed; bit++) {
		sealed[bit / 8] ^= 1 << bit % 8;
		assert_err(quo_unseal(key, salt, header, span, &again),
		    QUO_ESEAL);
		sealed[bit / 8] ^= 1 << bit % 8;
	}
	for (size_t bit = 0; bit < 8 * sizeof k; bit++) {
		memcpy(k, key, sizeof k);
		k[bit / 8] ^= 1 << bit % 8;
		assert_err(quo_unseal(k, salt, header, span, &again),
		    QUO_ESEAL);
	}
	for (size_t bit = 0; bit < 8 * sizeof s; bit++) {
		memcpy(s, salt, sizeof s);
		s[bit / 8] ^= 1 << bit % 8;
		assert_err(quo_unseal(key, s, header, span, &again),
		    QUO_ESEAL);
	}
	for (size_t bit = 0; bit < 8 * other.len; bit++) {
		memcpy(h, head, sizeof h);
		h[bit / 8] ^= (char)(1 << bit % 8);
		assert_err(quo_unseal(key, salt, other, span, &again),
		    QUO_ESEAL);
	}
	assert_null(again);
	quo_secret_free(plain);
}

/* A byte more of header and one less of ciphertext: the length tells. */
static void
refuses_a_shifted_boundary(void **state)
{
	uint8_t sealed[STEPS + QUO_TAG_LEN], all[64 + STEPS];
	struct quo_secret *plain = NULL, *again = NULL;

	(void)state;
	make(&plain, sealed);
	memcpy(all, head, header.len);
	memcpy(all + header.len, sealed, 64);
	assert_err(quo_unseal(key, salt,
	    (struct quo_span){ all, header.len + 64 },
	    (struct quo_span){ sealed + 64, sizeof sealed - 64 }, &again),
	    QUO_ESEAL);
	quo_secret_free(plain);
}

static void
refuses_lengths_that_no_seal_has(void **state)
{
	uint8_t sealed[STEPS + QUO_TAG_LEN];
	struct quo_secret *plain = NULL, *again = NULL;

	(void)state;
	make(&plain, sealed);
	for (size_t len = 0; len < sizeof sealed; len++)
		assert_err(quo_unseal(key, salt, header,
		    (struct quo_span){ sealed, len }, &again), QUO_ESEAL);
	quo_secret_truncate(plain, 127);
	assert_err(quo_seal(key, salt, header, plain, sealed), QUO_EINVAL);
	quo_secret_free(plain);
}

static void
opens_what_it_sealed(void **state)
{
	uint8_t sealed[STEPS + QUO_TAG_LEN], same[sizeof sealed];
	struct quo_secret *plain = NULL, *again = NULL;

	(void)state;
	make(&plain, sealed);
	assert_err(quo_seal(key, salt, header, plain, same), QUO_OK);
	assert_memory_equal(sealed, same, sizeof same);
	assert_err(quo_unseal(key, salt, header,
	    (struct quo_span){ sealed, sizeof sealed }, &again), QUO_OK);
	assert_int_equal(again->len, STEPS);
	assert_memory_equal(again->data, plain->data, STEPS);
	quo_secret_free(plain);
	quo_secret_free(again);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_any_bit_changed),
		cmocka_unit_test(refuses_a_shifted_boundary),
		cmocka_unit_test(refuses_lengths_that_no_seal_has),
		cmocka_unit_test(opens_what_it_sealed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
