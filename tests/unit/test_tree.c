/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypt.h"
#include "crypto/tree.h"

#define LEN QUO_SHARE_LEN

static uint8_t shares[QUO_CARDS_MAX][LEN];
static const uint8_t (*const borrowed)[LEN] = (const uint8_t (*)[LEN])shares;

static const char *const trees[] = {
	"1 of (a, b)", "2 of (a, b, c)", "3 of (a, b, c)",
	"2 of (2 of (a, b, c), 1 of (d, e))",
	"2 of (a, 2 of (b, c), d)",
	"2 of (2 of (2 of (2 of (a, b), c), d), e)",
	"2 of (1 of (a, b), 2 of (c, 1 of (d, e)), 2 of (f, g, h))",
	"1 of (3 of (a, b, c, d), 2 of (e, f), g)",
};

#define TREES (sizeof trees / sizeof *trees)

static struct quo_policy *
parse(const char *text)
{
	struct quo_policy_error error;
	struct quo_policy *policy = NULL;

	assert_err(quo_policy_parse(text, &policy, &error), QUO_OK);
	return policy;
}

static struct quo_cards
cards(unsigned set)
{
	struct quo_cards c = { { false } };

	for (unsigned s = 1; s <= 16; s++)
		c.has[s] = set >> (s - 1) & 1;
	return c;
}

/* Every set of cards rejoins K where the policy is met, and else none. */
static void
rejoins_for_quorums_and_no_other_set(void **state)
{
	uint8_t k[QUO_KEY_LEN], again[QUO_KEY_LEN];

	(void)state;
	for (size_t i = 0; i < TREES; i++) {
		struct quo_policy *policy = parse(trees[i]);

		assert_err(quo_random(k, sizeof k), QUO_OK);
		assert_err(quo_tree_split(policy, k, shares), QUO_OK);
		for (unsigned set = 0; set < 1u << policy->cards; set++) {
			struct quo_cards use = cards(set);
			bool enough = quo_policy_satisfied(policy, &use);

			memset(again, 0, sizeof again);
			assert_err(quo_tree_combine(policy, &use, borrowed,
			    again), enough ? QUO_OK : QUO_ENOQUORUM);
			assert_int_equal(memcmp(k, again, LEN) == 0, enough);
		}
		quo_policy_free(policy);
	}
}

static void
proves_a_dealing_and_refuses_any_bit_changed(void **state)
{
	uint8_t k[QUO_KEY_LEN], again[QUO_KEY_LEN];

	(void)state;
	assert_err(quo_random(k, sizeof k), QUO_OK);
	for (size_t i = 0; i < TREES; i++) {
		struct quo_policy *policy = parse(trees[i]);

		assert_err(quo_tree_split(policy, k, shares), QUO_OK);
		assert_err(quo_tree_prove(policy, borrowed, again), QUO_OK);
		assert_memory_equal(k, again, LEN);
		quo_policy_free(policy);
	}
	/* n of n lies on a polynomial whatever its shares are */
	for (size_t i = 0; i < 2; i++) {
		struct quo_policy *policy = parse(trees[i]);

		assert_err(quo_tree_split(policy, k, shares), QUO_OK);
		for (unsigned s = 0; s < policy->cards; s++)
			for (unsigned bit = 0; bit < 8 * LEN; bit++) {
				shares[s][bit / 8] ^= 1 << bit % 8;
				assert_err(quo_tree_prove(policy, borrowed,
				    again), QUO_EMISMATCH);
				shares[s][bit / 8] ^= 1 << bit % 8;
			}
		quo_policy_free(policy);
	}
}

static void
holds_one_card_against_a_quorum(void **state)
{
	uint8_t k[QUO_KEY_LEN];

	(void)state;
	assert_err(quo_random(k, sizeof k), QUO_OK);
	for (size_t i = 0; i < TREES; i++) {
		struct quo_policy *policy = parse(trees[i]);
		struct quo_cards all = cards(0xFFFF), none = cards(0);
		bool fits = true;

		assert_err(quo_tree_split(policy, k, shares), QUO_OK);
		for (unsigned s = 1; s <= policy->cards; s++) {
			enum quo_err err = quo_tree_fits(policy, &all,
			    borrowed, s, &fits);

			/* n of n: the others are too few to tell */
			if (err == QUO_ENOQUORUM)
				continue;
			assert_err(err, QUO_OK);
			assert_true(fits);
			shares[s - 1][31] ^= 1;
			assert_err(quo_tree_fits(policy, &all, borrowed, s,
			    &fits), QUO_OK);
			assert_false(fits);
			shares[s - 1][31] ^= 1;
			assert_err(quo_tree_fits(policy, &none, borrowed, s,
			    &fits), QUO_ENOQUORUM);
		}
		quo_policy_free(policy);
	}
}

static unsigned
set_of(const struct quo_cards *c)
{
	unsigned set = 0;

	for (unsigned s = 1; s <= 16; s++)
		set |= (unsigned)c->has[s] << (s - 1);
	return set;
}

/* Enough, and with no card to spare. */
static bool
is_minimal(const struct quo_policy *policy, unsigned set)
{
	struct quo_cards c = cards(set);

	if (!quo_policy_satisfied(policy, &c))
		return false;
	for (unsigned s = 0; s < policy->cards; s++) {
		c = cards(set & ~(1u << s));
		if ((set >> s & 1) != 0 && quo_policy_satisfied(policy, &c))
			return false;
	}
	return true;
}

/* Of each set of cards: the indexes give every minimal quorum once. */
static void
numbers_the_quorums_one_to_one(void **state)
{
	static bool seen[1 << 8];

	(void)state;
	for (size_t i = 0; i < TREES; i++) {
		struct quo_policy *policy = parse(trees[i]);
		unsigned all = (1u << policy->cards) - 1;

		for (unsigned set = 0; set <= all; set++) {
			struct quo_cards use = cards(set), quorum;
			uint64_t count = quo_tree_quorums(policy, &use,
			    UINT32_MAX), want = 0;

			memset(seen, 0, sizeof seen);
			for (unsigned sub = 0; sub <= all; sub++)
				want += (sub & ~set) == 0 &&
				    is_minimal(policy, sub);
			assert_int_equal(count, want);
			for (uint64_t index = 0; index < count; index++) {
				quo_tree_quorum(policy, &use, index, &quorum);
				unsigned got = set_of(&quorum);

				assert_true(is_minimal(policy, got));
				assert_int_equal(got & ~set, 0);
				assert_false(seen[got]);
				seen[got] = true;
			}
			assert_int_equal(quo_tree_quorums(policy, &use, 3),
			    want < 3 ? want : 3);
		}
		quo_policy_free(policy);
	}
}

/* Far more quorums than can be counted: the first ones still differ. */
static void
numbers_quorums_beyond_its_cap(void **state)
{
	struct quo_policy *policy = NULL;
	struct quo_cards use, quorum, before;

	(void)state;
	memset(&use, 1, sizeof use);
	memset(&before, 0, sizeof before);
	assert_err(quo_policy_flat(128, 255, &policy), QUO_OK);
	assert_int_equal(quo_tree_quorums(policy, &use, UINT32_MAX),
	    UINT32_MAX);
	for (uint64_t i = 0; i < 20; i++) {
		unsigned count = 0;

		quo_tree_quorum(policy, &use,
		    i < 10 ? i : UINT32_MAX - i, &quorum);
		for (unsigned s = 1; s <= 255; s++)
			count += quorum.has[s];
		assert_int_equal(count, 128);
		assert_memory_not_equal(&quorum, &before, sizeof quorum);
		before = quorum;
	}
	quo_policy_free(policy);
}

static void
deals_and_rejoins_255(void **state)
{
	uint8_t k[QUO_KEY_LEN], again[QUO_KEY_LEN];
	static const unsigned thresholds[] = { 1, 2, 128, 254, 255 };
	struct quo_cards use;

	(void)state;
	for (size_t i = 0; i < sizeof thresholds / sizeof *thresholds; i++) {
		unsigned t = thresholds[i];
		struct quo_policy *policy = NULL;

		assert_err(quo_random(k, sizeof k), QUO_OK);
		assert_err(quo_policy_flat(t, 255, &policy), QUO_OK);
		assert_err(quo_tree_split(policy, k, shares), QUO_OK);
		assert_err(quo_tree_prove(policy, borrowed, again), QUO_OK);
		assert_memory_equal(k, again, LEN);
		memset(&use, 0, sizeof use);
		for (unsigned s = 0; s < t; s++)
			use.has[255 - s] = true;
		assert_err(quo_tree_combine(policy, &use, borrowed, again),
		    QUO_OK);
		assert_memory_equal(k, again, LEN);
		use.has[255] = false;
		assert_err(quo_tree_combine(policy, &use, borrowed, again),
		    QUO_ENOQUORUM);
		quo_policy_free(policy);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rejoins_for_quorums_and_no_other_set),
		cmocka_unit_test(proves_a_dealing_and_refuses_any_bit_changed),
		cmocka_unit_test(holds_one_card_against_a_quorum),
		cmocka_unit_test(numbers_the_quorums_one_to_one),
		cmocka_unit_test(numbers_quorums_beyond_its_cap),
		cmocka_unit_test(deals_and_rejoins_255),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
