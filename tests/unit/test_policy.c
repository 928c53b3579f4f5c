/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/policy.h"

#define DEEP "2 of (2 of (2 of (2 of (a, b), c), d), e)"

static struct quo_policy *
parse(const char *text)
{
	struct quo_policy_error error = { 0, "" };
	struct quo_policy *policy = NULL;

	if (quo_policy_parse(text, &policy, &error) != QUO_OK)
		fail_msg("%s: at %zu: %s", text, error.at, error.why);
	return policy;
}

static void
refuses_with_place_and_reason(void **state)
{
	static const struct {
		const char *text;
		size_t at;
		const char *why;
	} bad[] = {
		{ "", 0, "a policy begins like" },
		{ "  ", 2, "a policy begins like" },
		{ "alice", 0, "a policy begins like" },
		{ "2of (a, b)", 0, "a policy begins like" },
		{ "2 off (a, b)", 0, "a policy begins like" },
		{ "-1 of (a, b)", 0, "a policy begins like" },
		{ "2 of a, b", 0, "a policy begins like" },
		{ "2 of (a, b", 10, "a comma or ) is missing" },
		{ "2 of (a b)", 8, "a comma or ) is missing" },
		{ "2 of (\"a\"b, c)", 9, "a comma or ) is missing" },
		{ "2 of (a, (b))", 9, "a name is missing" },
		{ "2 of (a, b))", 11, "nothing may follow" },
		{ "2 of (a, b) c", 12, "nothing may follow" },
		{ "2 of (a, b,)", 11, "a name is missing" },
		{ "2 of (,a, b)", 6, "a name is missing" },
		{ "2 of ()", 6, "a name is missing" },
		{ "2 of (a, \"\")", 9, "a name is missing" },
		{ "1 of (a)", 6, "two members or more" },
		{ "0 of (a, b)", 0, "the number before" },
		{ "3 of (a, b)", 0, "the number before" },
		{ "256 of (a, b)", 0, "the number before" },
		{ "4294967298 of (a, b)", 0, "the number before" },
		{ "99999999999999999999999 of (a, b)", 0,
		    "the number before" },
		{ "2 of (a, 3 of (b, c))", 9, "the number before" },
		{ "2 of (a, \"b)", 9, "closing quote" },
		{ "2 of (a, \"b\\)", 12, "only \\\" and \\\\" },
		{ "2 of (a, \"b\\", 12, "only \\\" and \\\\" },
		{ "2 of (a, \"b\nc\")", 9, "UTF-8 without controls" },
		{ "2 of (a, b\x7F)", 9, "UTF-8 without controls" },
		{ "2 of (a, \xFF)", 9, "UTF-8 without controls" },
		{ "2 of (a, \xC0\xAF)", 9, "UTF-8 without controls" },
		{ "2 of (a, \xED\xA0\x80)", 9, "UTF-8 without controls" },
		{ "2 of (a, \xC2\x85)", 9, "UTF-8 without controls" },
		{ "2 of (a, \xE2\x82)", 9, "UTF-8 without controls" },
		{ "2 of (" DEEP ", z)", 24, "four deep" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct quo_policy_error error = { 999, "" };
		struct quo_policy *policy = NULL;

		assert_err(quo_policy_parse(bad[i].text, &policy, &error),
		    QUO_ESYNTAX);
		assert_null(policy);
		if (error.at != bad[i].at ||
		    strstr(error.why, bad[i].why) == NULL)
			fail_msg("%s: at %zu: %s", bad[i].text, error.at,
			    error.why);
	}
}

/* "1 of (l, l, …)" with so many leaves named l. */
static char *
row(unsigned k, unsigned n, const char *leaf)
{
	char *text = malloc(32 + n * (strlen(leaf) + 2));
	size_t len = (size_t)sprintf(text, "%u of (", k);

	for (unsigned i = 0; i < n; i++)
		len += (size_t)sprintf(text + len, "%s%s", i > 0 ? ", " : "",
		    leaf);
	strcpy(text + len, ")");
	return text;
}

static void
refuses_256_cards_and_long_names(void **state)
{
	char *leaves = row(1, 256, "x"), *half = row(2, 128, "x");
	char *both = malloc(strlen(half) * 2 + 32);
	char name[300] = "", text[400];
	struct quo_policy_error error;
	struct quo_policy *policy = NULL;

	(void)state;
	assert_err(quo_policy_parse(leaves, &policy, &error), QUO_ESYNTAX);
	assert_string_equal(error.why, "a group has at most 255 members");
	sprintf(both, "2 of (%s, %s)", half, half);
	assert_err(quo_policy_parse(both, &policy, &error), QUO_ESYNTAX);
	assert_string_equal(error.why, "a set has at most 255 cards");
	memset(name, 'n', QUO_NAME_MAX + 1);
	sprintf(text, "1 of (a, %s)", name);
	assert_err(quo_policy_parse(text, &policy, &error), QUO_ESYNTAX);
	assert_int_equal(error.at, 9);
	assert_string_equal(error.why, "a name has at most 255 bytes");
	name[QUO_NAME_MAX] = '\0';
	sprintf(text, "1 of (a, %s)", name);
	policy = parse(text);
	assert_string_equal(quo_policy_leaf(policy, 2)->name, name);
	quo_policy_free(policy);
	free(leaves);
	free(half);
	free(both);
}

static void
prints_what_parses_to_the_same(void **state)
{
	static const struct {
		const char *text, *printed;	/* NULL: the same */
	} good[] = {
		{ "2 of (cfo, ciso, cto)", NULL },
		{ "1 of (a, a)", NULL },
		{ "2 of (2 of (cfo, ciso, cto), 1 of (ops-1, ops-2))", NULL },
		{ DEEP, NULL },
		{ "2 of (_, \"_\", _)", NULL },
		{ " 2\tof\r\n(a ,b) ", "2 of (a, b)" },
		{ "2 of(a,b)", "2 of (a, b)" },
		{ "002 of (a, b)", "2 of (a, b)" },
		{ "2 of (2, 3, of)", NULL },
		{ "2 of (2of, \"2 of\", of)", NULL },
		{ "1 of (\"2 of (a, b)\", c)", NULL },
		{ "2 of (\"ops, night\", \"a \\\"b\\\" \\\\\", c)", NULL },
		{ "1 of (a\\b, c)", "1 of (\"a\\\\b\", c)" },
		{ "1 of (\"plain\", c)", "1 of (plain, c)" },
		{ "2 of (Zoë, 李四, Ωμέγα, Игорь, \xF0\x9F\x94\x91)", NULL },
		{ "2 of (\"عمر\", b)", "2 of (عمر, b)" },
	};
	char *text, *again;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		const char *want = good[i].printed != NULL ?
		    good[i].printed : good[i].text;
		struct quo_policy *policy = parse(good[i].text), *second;

		text = quo_policy_print(policy);
		assert_string_equal(text, want);
		second = parse(text);
		again = quo_policy_print(second);
		assert_string_equal(again, text);
		quo_policy_free(policy);
		quo_policy_free(second);
		free(text);
		free(again);
	}
}

static void
says_it_in_a_sentence(void **state)
{
	static const char *const pairs[][2] = {
		{ "2 of (a, b, c)", "any 2 of 3 cards" },
		{ "2 of (2 of (a, b, c), 1 of (d, e))",
		    "any 2 of cards 1-3 and any 1 of cards 4-5" },
		{ "2 of (a, 2 of (b, c), d)",
		    "any 2 of these 3: card 1; all of cards 2-3; card 4" },
		{ "1 of (2 of (a, 1 of (b, c)), d)",
		    "any 1 of these 2: (card 1 and any 1 of cards 2-3); "
		    "card 4" },
		{ "3 of (a, b, c)", "all 3 cards" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		struct quo_policy *policy = parse(pairs[i][0]);
		char *text = quo_policy_sentence(policy);

		assert_string_equal(text, pairs[i][1]);
		free(text);
		quo_policy_free(policy);
	}
}

static void
encodes_as_the_format_says(void **state)
{
	/* docs/format.md, section 3, and more */
	static const struct {
		const char *text;
		size_t len;
		const char *bytes;
	} good[] = {
		{ "2 of (a, b, c)", 4, "\2\3\0\3" },
		{ "2 of (2 of (a, b, c), 1 of (d, e))", 10,
		    "\2\2\2\3\0\3\1\2\0\2" },
		{ "2 of (a, 2 of (b, c), d)", 10, "\2\3\0\1\2\2\0\2\0\1" },
		{ DEEP, 16, "\2\2\2\2\2\2\2\2\0\2\0\1\0\1\0\1" },
		{ "1 of (1 of (1 of (a, b), c), 1 of (d, e))", 14,
		    "\1\2\1\2\1\2\0\2\0\1\1\2\0\2" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct quo_policy *policy = parse(good[i].text), *again;
		uint8_t bytes[2 * QUO_POLICY_BYTES];
		struct quo_writer w = quo_writer_on(bytes, sizeof bytes);
		struct quo_reader r;

		quo_policy_encode(policy, &w);
		assert_int_equal(w.len, good[i].len);
		assert_memory_equal(bytes, good[i].bytes, w.len);
		r = quo_reader_on(bytes, w.len);
		assert_err(quo_policy_decode(&r, &again), QUO_OK);
		assert_true(quo_reader_done(&r));
		quo_policy_encode(again, &w);
		assert_int_equal(w.len, 2 * good[i].len);
		assert_memory_equal(bytes + good[i].len, bytes, good[i].len);
		quo_policy_free(policy);
		quo_policy_free(again);
	}
}

/* Whatever of 6 bytes decodes, encodes to the very bytes it was read from. */
static void
has_one_encoding_for_each_tree(void **state)
{
	enum { LEN = 6, TOP = 4 };
	uint8_t in[LEN], out[QUO_POLICY_BYTES];
	unsigned long good = 0, all = 1;

	(void)state;
	for (unsigned i = 0; i < LEN; i++)
		all *= TOP;
	for (unsigned long code = 0; code < all; code++) {
		unsigned long left = code;
		struct quo_policy *policy = NULL;
		struct quo_reader r = quo_reader_on(in, LEN);
		struct quo_writer w = quo_writer_on(out, sizeof out);

		for (unsigned i = 0; i < LEN; i++, left /= TOP)
			in[i] = (uint8_t)(left % TOP);
		if (quo_policy_decode(&r, &policy) != QUO_OK)
			continue;
		good++;
		quo_policy_encode(policy, &w);
		assert_int_equal(w.len, r.pos);
		assert_memory_equal(in, out, w.len);
		quo_policy_free(policy);
	}
	assert_true(good > 50);
}

static void
refuses_bytes_that_are_no_policy(void **state)
{
	static const struct {
		size_t len;
		const char *bytes;
	} bad[] = {
		{ 0, "" }, { 1, "\2" }, { 2, "\2\3" }, { 3, "\2\3\0" },
		{ 4, "\0\3\0\3" }, { 4, "\4\3\0\3" }, { 4, "\1\1\0\1" },
		{ 4, "\1\0\0\1" }, { 4, "\2\3\0\2" }, { 4, "\2\3\0\4" },
		{ 6, "\2\3\0\0\0\3" }, { 6, "\2\3\0\1\0\2" },
		{ 6, "\2\3\0\2\0\1" },
		/* five deep */
		{ 20, "\2\2\2\2\2\2\2\2\2\2\0\2\0\1\0\1\0\1\0\1" },
		/* 256 leaves */
		{ 10, "\2\2\2\x80\0\x80\2\x80\0\x80" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct quo_reader r = quo_reader_on(
		    (const uint8_t *)bad[i].bytes, bad[i].len);
		struct quo_policy *policy = NULL;

		assert_err(quo_policy_decode(&r, &policy), QUO_EFORMAT);
		assert_null(policy);
	}
}

/* 255 leaves in the tree with the most nodes that four levels allow. */
static void
takes_255_leaves_and_never_outgrows_its_array(void **state)
{
	char *flat = row(255, 255, "_");
	struct quo_policy *policy = parse(flat), *other = NULL;
	uint8_t bytes[QUO_POLICY_BYTES], many[2048];
	struct quo_writer w = quo_writer_on(bytes, sizeof bytes);
	struct quo_reader r;
	size_t len = 0;

	(void)state;
	assert_int_equal(policy->cards, 255);
	quo_policy_encode(policy, &w);
	assert_int_equal(w.len, 4);
	assert_err(quo_policy_flat(255, 255, &other), QUO_OK);
	quo_policy_encode(other, &w);
	assert_int_equal(w.len, 8);
	assert_memory_equal(bytes + 4, bytes, 4);
	quo_policy_free(policy);
	quo_policy_free(other);
	free(flat);
	/* 1 of 127 pairs and one more */
	many[len++] = 1;
	many[len++] = 128;
	for (unsigned i = 0; i < 127; i++) {
		memcpy(many + len, "\1\2\0\2", 4);
		len += 4;
	}
	memcpy(many + len, "\0\1", 2);
	r = quo_reader_on(many, len + 2);
	assert_err(quo_policy_decode(&r, &policy), QUO_OK);
	assert_int_equal(policy->count, 1 + 127 + 255);
	quo_policy_free(policy);
	/* nothing but nodes: refused, not overrun */
	memset(many, 2, sizeof many);
	r = quo_reader_on(many, sizeof many);
	assert_err(quo_policy_decode(&r, &policy), QUO_EFORMAT);
	for (size_t i = 0; i + 4 <= sizeof many; i += 4)
		memcpy(many + i, "\1\2\0\2", 4);
	many[1] = 255;
	many[2] = 1;
	many[3] = 255;
	r = quo_reader_on(many, sizeof many);
	assert_err(quo_policy_decode(&r, &policy), QUO_EFORMAT);
}

static void
flat_refuses_its_arguments(void **state)
{
	static const unsigned bad[][2] = {
		{ 0, 3 }, { 4, 3 }, { 1, 1 }, { 1, 0 }, { 2, 256 },
	};
	struct quo_policy *policy = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_err(quo_policy_flat(bad[i][0], bad[i][1], &policy),
		    QUO_EINVAL);
	assert_null(policy);
}

static struct quo_cards
cards(unsigned set)
{
	struct quo_cards c = { { false } };

	for (unsigned s = 1; s <= 16; s++)
		c.has[s] = set >> (s - 1) & 1;
	return c;
}

static unsigned
set_of(const struct quo_cards *c)
{
	unsigned set = 0;

	for (unsigned s = 1; s <= 16; s++)
		set |= (unsigned)c->has[s] << (s - 1);
	return set;
}

static const char *const trees[] = {
	"2 of (a, b, c)", "1 of (a, b)", "3 of (a, b, c)", DEEP,
	"2 of (2 of (a, b, c), 1 of (d, e))",
	"2 of (a, 2 of (b, c), d)",
	"1 of (2 of (a, b), 3 of (c, d, e), f)",
	"2 of (1 of (a, b), 2 of (c, 1 of (d, e)), 2 of (f, g))",
};

/* lacking and satisfied against all supersets; useful against the tree. */
static void
tells_what_lacks_and_who_is_useful(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof trees / sizeof *trees; i++) {
		struct quo_policy *policy = parse(trees[i]);
		unsigned all = (1u << policy->cards) - 1;

		for (unsigned set = 0; set <= all; set++) {
			struct quo_cards have = cards(set), more, useful;
			unsigned least = 99, reach = 0;

			/* every minimal way from here to a quorum */
			for (unsigned to = 0; to <= all; to++) {
				unsigned added = (unsigned)
				    __builtin_popcount(to & ~set);

				more = cards(to);
				if ((to & set) != set ||
				    !quo_policy_satisfied(policy, &more))
					continue;
				least = added < least ? added : least;
			}
			assert_int_equal(quo_policy_lacking(policy, &have),
			    least);
			assert_int_equal(quo_policy_satisfied(policy, &have),
			    least == 0);
			quo_policy_useful(policy, &have, &useful);
			reach = set_of(&useful);
			assert_int_equal(reach & set, 0);
			assert_int_equal(reach == 0, least == 0);
			/* all useful ones together are enough */
			more = cards(set | reach);
			assert_true(quo_policy_satisfied(policy, &more));
		}
		quo_policy_free(policy);
	}
}

static void
of_a_met_group_nobody_is_useful(void **state)
{
	struct quo_policy *policy = parse(trees[4]);
	struct quo_cards have = cards(3), useful;

	(void)state;
	quo_policy_useful(policy, &have, &useful);
	assert_int_equal(set_of(&useful), 8 + 16);
	have = cards(8);
	quo_policy_useful(policy, &have, &useful);
	assert_int_equal(set_of(&useful), 1 + 2 + 4);
	quo_policy_free(policy);
}

static void
finds_the_smallest_group_of_people(void **state)
{
	static const struct {
		const char *text;
		unsigned people;
	} some[] = {
		{ "2 of (a, b, c)", 2 },
		{ "2 of (a, b, a)", 1 },
		{ "2 of (_, _, _)", 2 },
		{ "2 of (2 of (a, b, c), 1 of (a, e))", 2 },
		{ "2 of (2 of (a, b, c), 2 of (a, b))", 2 },
		{ "2 of (2 of (a, b), 2 of (c, d))", 4 },
		/* greedy from either side is wrong */
		{ "1 of (3 of (a, b, c), 2 of (d, d2), 4 of (x, x, x, x))",
		    1 },
		{ "4 of (a, b, c, d, d, d, e, e, e)", 2 },
		{ DEEP, 5 },
		{ "2 of (2 of (a, b), 1 of (b, c))", 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
		struct quo_policy *policy = parse(some[i].text);
		const char *names[16];
		struct quo_cards group;
		unsigned n = 0, j;

		assert_int_equal(quo_policy_smallest(policy, &group),
		    some[i].people);
		assert_true(quo_policy_satisfied(policy, &group));
		/* the group given is as small as was said */
		for (unsigned s = 1; s <= policy->cards; s++) {
			const char *name = quo_policy_leaf(policy, s)->name;

			for (j = 0; j < n; j++)
				if (name != NULL && names[j] != NULL &&
				    strcmp(names[j], name) == 0)
					break;
			if (group.has[s] && j == n)
				names[n++] = name;
		}
		assert_int_equal(n, some[i].people);
		quo_policy_free(policy);
	}
}

static void
names_a_leaf(void **state)
{
	struct quo_policy *policy = parse("2 of (a, b)");

	(void)state;
	assert_err(quo_policy_name(policy, 0, "x"), QUO_EINVAL);
	assert_err(quo_policy_name(policy, 3, "x"), QUO_EINVAL);
	assert_err(quo_policy_name(policy, 1, ""), QUO_EINVAL);
	assert_err(quo_policy_name(policy, 1, "a\nb"), QUO_EINVAL);
	assert_err(quo_policy_name(policy, 1, "\xFF"), QUO_EINVAL);
	assert_string_equal(quo_policy_leaf(policy, 1)->name, "a");
	assert_err(quo_policy_name(policy, 1, NULL), QUO_OK);
	assert_null(quo_policy_leaf(policy, 1)->name);
	assert_err(quo_policy_name(policy, 2, "李四"), QUO_OK);
	assert_string_equal(quo_policy_leaf(policy, 2)->name, "李四");
	assert_null(quo_policy_leaf(policy, 0));
	assert_null(quo_policy_leaf(policy, 3));
	quo_policy_free(policy);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_with_place_and_reason),
		cmocka_unit_test(refuses_256_cards_and_long_names),
		cmocka_unit_test(refuses_bytes_that_are_no_policy),
		cmocka_unit_test(flat_refuses_its_arguments),
		cmocka_unit_test(prints_what_parses_to_the_same),
		cmocka_unit_test(says_it_in_a_sentence),
		cmocka_unit_test(encodes_as_the_format_says),
		cmocka_unit_test(has_one_encoding_for_each_tree),
		cmocka_unit_test(
		    takes_255_leaves_and_never_outgrows_its_array),
		cmocka_unit_test(tells_what_lacks_and_who_is_useful),
		cmocka_unit_test(of_a_met_group_nobody_is_useful),
		cmocka_unit_test(finds_the_smallest_group_of_people),
		cmocka_unit_test(names_a_leaf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
