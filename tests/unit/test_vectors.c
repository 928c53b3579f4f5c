/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "vector_kinds.h"

/* Everything that tests/vectors holds but words.txt and log.txt, which have
 * tests of their own. */
static const struct kind {
	const char *file;
	enum quo_err (*run)(struct block *b);
	size_t least;		/* so many there were, and may not be fewer */
} kinds[] = {
	{ "aesctr.txt", vector_aesctr, 3 },
	{ "argon2id.txt", vector_argon2id, 4 },
	{ "cards.txt", vector_cards, 15 },
	{ "code.txt", vector_code, 66 },
	{ "gf1024.txt", vector_gf1024, 6 },
	{ "gf256.txt", vector_gf256, 14 },
	{ "header.txt", vector_header, 63 },
	{ "hkdf.txt", vector_hkdf, 5 },
	{ "hmac.txt", vector_hmac, 6 },
	{ "open.txt", vector_open, 100 },
	{ "part.txt", vector_part, 39 },
	{ "phrase.txt", vector_phrase, 12 },
	{ "plain.txt", vector_plain, 40 },
	{ "policy.txt", vector_policy, 32 },
	{ "rows.txt", vector_rows, 47 },
	{ "seal.txt", vector_seal, 14 },
	{ "set.txt", vector_set, 70 },
	{ "shamir.txt", vector_shamir, 16 },
	{ "share.txt", vector_share, 63 },
};

#define KINDS (sizeof kinds / sizeof *kinds)

static const struct kind *running;
static size_t good, bad, wrong;

static void
run(struct block *b)
{
	enum quo_err want = block_result(b), got = running->run(b);

	if (got != want) {
		print_error("%s: %s: \"%s\", not \"%s\"\n", running->file,
		    b->value[0], quo_strerror(got), quo_strerror(want));
		wrong++;
	}
	if (want == QUO_OK)
		good++;
	else
		bad++;
}

static void
all_vectors_hold(void **state)
{
	char path[512];
	size_t blocks;

	(void)state;
	assert_err(quo_crypt_init(), QUO_OK);
	for (size_t i = 0; i < KINDS; i++) {
		running = &kinds[i];
		snprintf(path, sizeof path, "%s/%s", QUO_VECTORS,
		    running->file);
		blocks = vector_file(path, run);
		if (blocks < running->least)
			fail_msg("%s: only %zu vectors", running->file,
			    blocks);
	}
	print_message("%zu vectors: %zu good, %zu to be refused\n",
	    good + bad, good, bad);
	assert_int_equal(wrong, 0);
	assert_true(good + bad >= 100);
	assert_true(3 * bad >= 2 * (good + bad));
}

static void
every_file_is_run(void **state)
{
	DIR *dir = opendir(QUO_VECTORS);
	struct dirent *entry;
	size_t known;

	(void)state;
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		size_t len = strlen(entry->d_name);

		if (len < 4 || strcmp(entry->d_name + len - 4, ".txt") != 0 ||
		    strcmp(entry->d_name, "words.txt") == 0 ||
		    strcmp(entry->d_name, "log.txt") == 0)
			continue;
		for (known = 0; known < KINDS; known++)
			if (strcmp(kinds[known].file, entry->d_name) == 0)
				break;
		if (known == KINDS)
			fail_msg("%s: nothing runs it", entry->d_name);
	}
	closedir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_file_is_run),
		cmocka_unit_test(all_vectors_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
