/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/tree.h"
#include "dealt.h"

/*
 * Every quorum opens and nothing less does: k of n up to 10 through texts and
 * pool, 255 cards, and all policies of two levels with up to 3 groups of up
 * to 3. With the argument "long" those of two levels go through a pool too.
 */

static bool thorough;

/* K of shares whose policy asks for one fewer: what forcing would give. */
static void
force(const struct quo_dealing *d, unsigned k, unsigned n, unsigned set)
{
	static uint8_t shares[16][QUO_SHARE_LEN];
	const struct quo_set_code *code = &d->set;
	struct quo_policy *fewer = NULL;
	struct quo_secret *plain = NULL;
	struct quo_cards use = { { false } };
	uint8_t key[QUO_KEY_LEN];

	for (unsigned s = 1; s <= n; s++) {
		memcpy(shares[s - 1], quo_dealing_card(d, s)->share,
		    QUO_SHARE_LEN);
		use.has[s] = set >> (s - 1) & 1;
	}
	assert_err(quo_policy_flat(k - 1, n, &fewer), QUO_OK);
	assert_err(quo_tree_combine(fewer, &use,
	    (const uint8_t (*)[QUO_SHARE_LEN])shares, key), QUO_OK);
	assert_err(quo_unseal(key, code->header.salt, code->header_bytes,
	    code->sealed, &plain), QUO_ESEAL);
	assert_null(plain);
	quo_policy_free(fewer);
}

static void
try_set(const struct quo_dealing *d, unsigned k, unsigned n, unsigned set)
{
	unsigned size = (unsigned)__builtin_popcount(set);
	struct quo_pool *pool = dealt_pool();
	struct quo_opened opened;
	char label[16];
	enum quo_err err;

	for (unsigned s = 1; s <= n; s++) {
		snprintf(label, sizeof label, "card %u", s);
		if ((set >> (s - 1) & 1) != 0)
			dealt_add_share(pool, label, d, s);
	}
	dealt_add_set(pool, "set", d);
	err = dealt_open(pool, NULL);
	assert_err(err, size >= k ? QUO_OK : QUO_ENOQUORUM);
	if (size < k) {
		assert_err(quo_pool_open(pool, 0, &opened, NULL),
		    QUO_ENOQUORUM);
		if (size > 0)
			force(d, k, n, set);
	}
	quo_pool_free(pool);
}

static void
every_k_of_n_up_to_10(void **state)
{
	char policy[128];

	(void)state;
	for (unsigned n = 2; n <= 10; n++)
		for (unsigned k = 1; k <= n; k++) {
			struct quo_dealing d;
			size_t len;

			len = (size_t)sprintf(policy, "%u of (_", k);
			for (unsigned i = 1; i < n; i++)
				len += (size_t)sprintf(policy + len, ", _");
			strcpy(policy + len, ")");
			dealt_make(policy, &d);
			for (unsigned set = 0; set < 1u << n; set++) {
				unsigned size = (unsigned)
				    __builtin_popcount(set);

				if (size == k || size + 1 == k ||
				    size == n)
					try_set(&d, k, n, set);
			}
			quo_dealing_clear(&d);
		}
}

static void
deals_and_opens_255_cards(void **state)
{
	static const unsigned thresholds[] = { 1, 2, 128, 255 };

	(void)state;
	for (size_t i = 0; i < sizeof thresholds / sizeof *thresholds; i++) {
		struct quo_policy *policy = NULL;
		struct quo_deal deal = {
			.credential.secret = { DEALT_SECRET,
			    sizeof DEALT_SECRET - 1 },
			.generation = 1,
		};
		struct quo_pool *pool = dealt_pool();
		struct quo_opened opened;
		struct quo_dealing d;
		size_t set;

		assert_err(quo_policy_flat(thresholds[i], 255, &policy),
		    QUO_OK);
		deal.policy = policy;
		assert_err(quo_deal(&deal, &d), QUO_OK);
		dealt_add_set(pool, "set", &d);
		for (unsigned s = 256 - thresholds[i]; s < 255; s++)
			dealt_add_share(pool, "cards", &d, s);
		assert_err(dealt_open(pool, NULL), QUO_ENOQUORUM);
		dealt_add_share(pool, "cards", &d, 255);
		assert_err(dealt_open(pool, NULL), QUO_OK);
		for (unsigned s = 1; s < 256 - thresholds[i]; s++)
			dealt_add_share(pool, "cards", &d, s);
		assert_err(quo_pool_judge(pool), QUO_OK);
		assert_err(quo_pool_choose(pool, &set), QUO_OK);
		assert_err(quo_pool_prove(pool, set, &opened), QUO_OK);
		quo_opened_clear(&opened);
		quo_pool_free(pool);
		quo_dealing_clear(&d);
		quo_policy_free(policy);
	}
}

/* Of the policy alone, by its definition: the groups that are met. */
struct group {
	unsigned threshold, size;	/* 1 of 1: a card */
};

static bool
is_met(const struct group *groups, unsigned count, unsigned threshold,
    unsigned set)
{
	unsigned met = 0;

	for (unsigned g = 0; g < count; set >>= groups[g++].size)
		met += (unsigned)__builtin_popcount(set &
		    ((1u << groups[g].size) - 1)) >= groups[g].threshold;
	return met >= threshold;
}

static void
print_groups(const struct group *groups, unsigned count, unsigned threshold,
    char *text)
{
	size_t len = (size_t)sprintf(text, "%u of (", threshold);

	for (unsigned g = 0; g < count; g++) {
		len += (size_t)sprintf(text + len, "%s", g > 0 ? ", " : "");
		if (groups[g].size == 1)
			len += (size_t)sprintf(text + len, "_");
		else
			len += (size_t)sprintf(text + len, "%u of (_, _%s)",
			    groups[g].threshold,
			    groups[g].size == 3 ? ", _" : "");
	}
	strcpy(text + len, ")");
}

/* Shares for all subsets: the policy's word, K, and forced with junk. */
static void
try_tree(const struct group *groups, unsigned count, unsigned threshold)
{
	static uint8_t shares[9][QUO_SHARE_LEN], forced[9][QUO_SHARE_LEN];
	uint8_t k[QUO_KEY_LEN], got[QUO_KEY_LEN];
	struct quo_policy_error error;
	struct quo_policy *policy = NULL;
	struct quo_cards use, all;
	char text[128];

	memset(&all, 1, sizeof all);
	print_groups(groups, count, threshold, text);
	assert_err(quo_policy_parse(text, &policy, &error), QUO_OK);
	assert_err(quo_random(k, sizeof k), QUO_OK);
	assert_err(quo_tree_split(policy, k, shares), QUO_OK);
	for (unsigned set = 0; set < 1u << policy->cards; set++) {
		bool met = is_met(groups, count, threshold, set);

		memset(&use, 0, sizeof use);
		memset(forced, 0xA5, sizeof forced);
		for (unsigned s = 1; s <= policy->cards; s++) {
			use.has[s] = set >> (s - 1) & 1;
			if (use.has[s])
				memcpy(forced[s - 1], shares[s - 1],
				    QUO_SHARE_LEN);
		}
		assert_err(quo_tree_combine(policy, &use,
		    (const uint8_t (*)[QUO_SHARE_LEN])shares, got),
		    met ? QUO_OK : QUO_ENOQUORUM);
		if (met) {
			assert_memory_equal(got, k, sizeof k);
			continue;
		}
		assert_err(quo_tree_combine(policy, &all,
		    (const uint8_t (*)[QUO_SHARE_LEN])forced, got), QUO_OK);
		assert_memory_not_equal(got, k, sizeof k);
	}
	quo_policy_free(policy);
}

/* The same with cards, their texts and a pool. */
static void
try_cards(const struct group *groups, unsigned count, unsigned threshold)
{
	struct quo_dealing d;
	char text[128];

	print_groups(groups, count, threshold, text);
	dealt_make(text, &d);
	for (unsigned set = 1; set < 1u << d.n; set++) {
		struct quo_pool *pool = dealt_pool();

		for (unsigned s = 1; s <= d.n; s++)
			if ((set >> (s - 1) & 1) != 0)
				dealt_add_share(pool, "cards", &d, s);
		dealt_add_set(pool, "cards", &d);
		assert_err(dealt_open(pool, NULL), is_met(groups, count,
		    threshold, set) ? QUO_OK : QUO_ENOQUORUM);
		quo_pool_free(pool);
	}
	quo_dealing_clear(&d);
}

static void
every_policy_of_two_levels(void **state)
{
	static const struct group kinds[] = {
		{ 1, 1 }, { 1, 2 }, { 2, 2 }, { 1, 3 }, { 2, 3 }, { 3, 3 },
	};
	unsigned number = 0;

	(void)state;
	for (unsigned count = 2; count <= 3; count++)
		for (unsigned c = 0; c < (count == 2 ? 36 : 216); c++)
			for (unsigned t = 1; t <= count; t++) {
				const struct group groups[] = {
					kinds[c % 6], kinds[c / 6 % 6],
					kinds[c / 36],
				};

				try_tree(groups, count, t);
				if (thorough || number++ % 90 == 7)
					try_cards(groups, count, t);
			}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_k_of_n_up_to_10),
		cmocka_unit_test(deals_and_opens_255_cards),
		cmocka_unit_test(every_policy_of_two_levels),
	};

	thorough = argc > 1 && strcmp(argv[1], "long") == 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
