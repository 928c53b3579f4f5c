/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "crypto/merkle.h"

/* An array, so that arrays of it are as the functions want them. */
typedef uint8_t hash[QUO_HASH_LEN];

static hash leaves[255], path[QUO_PATH_MAX];
static const hash *const all = (const hash *)leaves;

static void
from_hex(const char *text, uint8_t *out)
{
	for (size_t i = 0; text[2 * i] != '\0'; i++) {
		unsigned byte;

		assert_int_equal(sscanf(text + 2 * i, "%2x", &byte), 1);
		out[i] = (uint8_t)byte;
	}
}

/*
 * The tree hashes of certificate transparency's reference implementation.
 * # source: google/certificate-transparency, merkletree/merkle_tree_test.cc:
 * leaf inputs "", 00, 10, 2021, 3031, 40414243, 5051…57, 6061…6f.
 */
static void
agrees_with_rfc_6962(void **state)
{
	static const char *const inputs[] = {
		"", "00", "10", "2021", "3031", "40414243",
		"5051525354555657", "606162636465666768696a6b6c6d6e6f",
	};
	static const char *const roots[] = {
	    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
	    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
	    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
	    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
	    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
	    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
	    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
	    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	};
	uint8_t input[16];
	hash root, want;

	(void)state;
	for (unsigned n = 1; n <= 8; n++) {
		from_hex(inputs[n - 1], input);
		const struct quo_span spans[] = {
			{ "\0", 1 }, { input, strlen(inputs[n - 1]) / 2 },
		};

		quo_sha256(spans, 2, leaves[n - 1]);
		quo_merkle_root(all, n, root);
		from_hex(roots[n - 1], want);
		assert_memory_equal(root, want, sizeof root);
	}
}

/* The other way round: section 2.1 by levels, an odd node rising as it is. */
static void
by_levels(unsigned n, hash root)
{
	static hash level[255];

	memcpy(level, leaves, n * sizeof(hash));
	for (; n > 1; n = (n + 1) / 2)
		for (unsigned i = 0; i < n; i += 2) {
			const struct quo_span spans[] = {
				{ "\1", 1 }, { level[i], QUO_HASH_LEN },
				{ level[i + 1 < n ? i + 1 : i],
				    QUO_HASH_LEN },
			};

			if (i + 1 < n)
				quo_sha256(spans, 3, level[i / 2]);
			else
				memmove(level[i / 2], level[i],
				    QUO_HASH_LEN);
		}
	memcpy(root, level[0], QUO_HASH_LEN);
}

static void
fill(void)
{
	for (unsigned i = 0; i < 255; i++) {
		const struct quo_span span = { &i, sizeof i };

		quo_sha256(&span, 1, leaves[i]);
	}
}

/* Every path climbs to the root, and from no other place or leaf. */
static void
hold_paths(unsigned n, unsigned serial)
{
	hash root, top;
	unsigned p = quo_merkle_path_len(serial, n);

	quo_merkle_root(all, n, root);
	assert_in_range(p, n == 1 ? 0 : 1, QUO_PATH_MAX);
	memset(path, 0xEE, sizeof path);
	quo_merkle_path(all, n, serial, path);
	for (unsigned i = p; i < QUO_PATH_MAX; i++)
		assert_int_equal(path[i][0], 0xEE);
	quo_merkle_climb(leaves[serial - 1], serial, n, (const hash *)path,
	    top);
	assert_memory_equal(top, root, sizeof root);
	for (unsigned other = 1; other <= n; other++) {
		if (other == serial)
			continue;
		quo_merkle_climb(leaves[other - 1], serial, n,
		    (const hash *)path, top);
		assert_memory_not_equal(top, root, sizeof root);
		if (quo_merkle_path_len(other, n) != p)
			continue;
		quo_merkle_climb(leaves[serial - 1], other, n,
		    (const hash *)path, top);
		assert_memory_not_equal(top, root, sizeof root);
	}
	for (unsigned i = 0; i < p; i++) {
		path[i][31] ^= 1;
		quo_merkle_climb(leaves[serial - 1], serial, n,
		    (const hash *)path, top);
		assert_memory_not_equal(top, root, sizeof root);
		path[i][31] ^= 1;
	}
}

static void
all_paths_up_to_32_cards(void **state)
{
	hash root, want;

	(void)state;
	fill();
	for (unsigned n = 1; n <= 32; n++) {
		quo_merkle_root(all, n, root);
		by_levels(n, want);
		assert_memory_equal(root, want, sizeof root);
		for (unsigned serial = 1; serial <= n; serial++)
			hold_paths(n, serial);
	}
}

static void
some_paths_up_to_255_cards(void **state)
{
	hash root, want;

	(void)state;
	fill();
	for (unsigned n = 33; n <= 255; n++) {
		quo_merkle_root(all, n, root);
		by_levels(n, want);
		assert_memory_equal(root, want, sizeof root);
		hold_paths(n, 1);
		hold_paths(n, n);
		hold_paths(n, 1 + 7919 % n);
	}
	assert_int_equal(quo_merkle_path_len(1, 255), QUO_PATH_MAX);
	assert_int_equal(quo_merkle_path_len(255, 255), 7);
	assert_int_equal(quo_merkle_path_len(129, 129), 1);
}

static void
a_leaf_holds_serial_nonce_and_share(void **state)
{
	uint8_t nonce[QUO_NONCE_LEN] = { 1 }, share[QUO_SHARE_LEN] = { 2 };
	uint8_t bytes[2 + sizeof nonce + sizeof share] = { 0, 3 };
	const struct quo_span span = { bytes, sizeof bytes };
	hash leaf, want;

	(void)state;
	memcpy(bytes + 2, nonce, sizeof nonce);
	memcpy(bytes + 2 + sizeof nonce, share, sizeof share);
	quo_sha256(&span, 1, want);
	quo_merkle_leaf(3, nonce, share, leaf);
	assert_memory_equal(leaf, want, sizeof leaf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_rfc_6962),
		cmocka_unit_test(a_leaf_holds_serial_nonce_and_share),
		cmocka_unit_test(all_paths_up_to_32_cards),
		cmocka_unit_test(some_paths_up_to_255_cards),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
