/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The field, one node, the tree: values, coefficients and shares secret. */
#include <stdint.h>
#include <string.h>

#include "crypto/gf256.h"
#include "crypto/shamir.h"
#include "crypto/tree.h"
#include "ct.h"

#define LEN QUO_SHARE_LEN

static void
field_goes_round(void)
{
	uint8_t a = 0x53, b = 0xCA, product, one;

	QUO_SECRET(&a, 1);
	QUO_SECRET(&b, 1);
	product = quo_gf256_mul(a, b);
	one = quo_gf256_mul(a, quo_gf256_inv(a));
	QUO_REVEAL(&product, 1);
	QUO_REVEAL(&one, 1);
	must(product == 1 && one == 1);
}

static void
node_goes_round(void)
{
	uint8_t rows[3 * LEN], values[5 * LEN], again[LEN], want[LEN];
	struct quo_share shares[3];

	for (size_t i = 0; i < sizeof rows; i++)
		rows[i] = (uint8_t)(i * 37 + 11);
	memcpy(want, rows, LEN);
	QUO_SECRET(rows, sizeof rows);
	for (unsigned x = 1; x <= 5; x++)
		quo_shamir_eval(rows, LEN, 3, (uint8_t)x,
		    values + (x - 1) * LEN);
	for (unsigned i = 0; i < 3; i++)
		shares[i] = (struct quo_share){ (uint8_t)(2 * i + 1),
			values + 2 * i * LEN };
	must(quo_shamir_combine(shares, 3, LEN, 0, again) == QUO_OK);
	QUO_REVEAL(again, LEN);
	must(memcmp(again, want, LEN) == 0);
}

static void
split_goes_round(void)
{
	uint8_t value[LEN] = "what is shared", want[LEN], shares[5 * LEN];
	struct quo_share two[2] = { { 4, shares + 3 * LEN },
		{ 2, shares + LEN } };

	memcpy(want, value, LEN);
	QUO_SECRET(value, LEN);
	must(quo_shamir_split(value, LEN, 2, 5, shares) == QUO_OK);
	QUO_SECRET(shares, sizeof shares);
	must(quo_shamir_combine(two, 2, LEN, 0, value) == QUO_OK);
	QUO_REVEAL(value, LEN);
	must(memcmp(value, want, LEN) == 0);
}

/* In a tree whether a share fits is public: quo_equal says it. */
static void
tree_goes_round(void)
{
	uint8_t k[QUO_KEY_LEN] = "the key of a set", want[QUO_KEY_LEN];
	uint8_t shares[5][LEN];
	const uint8_t (*const borrowed)[LEN] = (const uint8_t (*)[LEN])shares;
	struct quo_cards use = { { false, true, false, true, false, true } };
	struct quo_policy_error error;
	struct quo_policy *policy = NULL;
	bool fits = false;

	must(quo_policy_parse("2 of (2 of (a, b, c), 1 of (d, e))", &policy,
	    &error) == QUO_OK);
	memcpy(want, k, sizeof k);
	QUO_SECRET(k, sizeof k);
	must(quo_tree_split(policy, k, shares) == QUO_OK);
	QUO_SECRET(shares, sizeof shares);
	must(quo_tree_combine(policy, &use, borrowed, k) == QUO_OK);
	QUO_REVEAL(k, sizeof k);
	must(memcmp(k, want, sizeof k) == 0);
	must(quo_tree_fits(policy, &use, borrowed, 2, &fits) == QUO_OK);
	must(fits);
	must(quo_tree_prove(policy, borrowed, k) == QUO_OK);
	QUO_REVEAL(k, sizeof k);
	must(memcmp(k, want, sizeof k) == 0);
	quo_policy_free(policy);
}

int
main(void)
{
	must(quo_crypt_init() == QUO_OK);
	field_goes_round();
	node_goes_round();
	split_goes_round();
	tree_goes_round();
	return 0;
}
