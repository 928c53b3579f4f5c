/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdint.h>
#include <stdlib.h>

#include "cmd/option.h"

static const char *const formats[] = { "pdf", "svg", "txt", NULL };

struct sample {
	struct quo_common common;
	bool lock, unlock;
	long k, mint, expose;
	int format, exec;
	const char *user;
	struct quo_list notes;
};

static const struct quo_option options[] = {
	{ 'k', "threshold", "K", QUO_NUMBER(struct sample, k, 1, 255),
	  .help = "how many cards open it", .group = "sample" },
	{ 0, "lock", NULL, QUO_FLAG(struct sample, lock), .one_of = 1,
	  .help = "lock" },
	{ 0, "no-lock", NULL, QUO_FLAG(struct sample, unlock), .one_of = 1,
	  .help = "don't" },
	{ 'm', "mint", "CHARS", QUO_NUMBER(struct sample, mint, 8, 64),
	  .bare = "24", .help = "mint" },
	{ 0, "expose-for", "TIME", QUO_SPAN(struct sample, expose, 60, 864000),
	  .initial = "4h", .help = "time" },
	{ 'f', "format", "F", QUO_CHOICE(struct sample, format, formats),
	  .initial = "svg", .help = "format" },
	{ 'u', "user", "U", QUO_TEXT(struct sample, user), .help = "user" },
	{ 'n', "note", "TEXT", QUO_LIST(struct sample, notes), .help = "n" },
	{ 0 }
};

static const char *const usage[] = { "NAME [CARD...]", NULL };

static const struct quo_command command = {
	.name = "sample", .summary = "a sample", .usage = usage,
	.options = options, .size = sizeof(struct sample),
	.least = 1, .most = 4, .after = true,
};

#define PARSE(values, ...) \
	quo_option_parse(&command, (const char *const[]){ __VA_ARGS__, NULL }, \
	    (values))

static struct sample *
fresh(void)
{
	struct sample *s = calloc(1, sizeof *s);

	assert_non_null(s);
	return s;
}

#define REFUSED(...) do { \
	struct sample *s_ = fresh(); \
	assert_int_equal(PARSE(s_, __VA_ARGS__), QUO_EINVAL); \
	quo_option_free(&command, s_); \
} while (0)

static void
mistakes_are_refused(void **state)
{
	(void)state;
	REFUSED("name", "--threshhold", "2");
	REFUSED("name", "--thresh", "2");
	REFUSED("name", "--threshold");
	REFUSED("name", "--threshold", "--", "2");
	REFUSED("name", "--threshold=");
	REFUSED("name", "-k");
	REFUSED("name", "-k", "0");
	REFUSED("name", "-k", "256");
	REFUSED("name", "-k", "-1");
	REFUSED("name", "-k", " 2");
	REFUSED("name", "-k", "+2");
	REFUSED("name", "-k", "2x");
	REFUSED("name", "-k", "99999999999999999999");
	REFUSED("name", "-k", "2", "-k", "2");
	REFUSED("name", "--mint=7");
	REFUSED("name", "-m65");
	REFUSED("name", "--lock=yes");
	REFUSED("name", "--lock", "--no-lock");
	REFUSED("name", "--no-ledger", "--ledger", "x");
	REFUSED("name", "--format", "PDF");
	REFUSED("name", "--format", "");
	REFUSED("name", "--expose-for", "4");
	REFUSED("name", "--expose-for", "4h30");
	REFUSED("name", "--expose-for", "59s");
	REFUSED("name", "--expose-for", "11d");
	REFUSED("name", "--expose-for", "9223372036854775807d");
	REFUSED("name", "-x");
	REFUSED("name", "-qx");
	REFUSED("name", "---");
	REFUSED("name", "--=");
	REFUSED("a", "b", "c", "d", "e");
	REFUSED("--lock");
}

static void
nothing_given_leaves_initial_values(void **state)
{
	struct sample *s = fresh();

	(void)state;
	assert_int_equal(PARSE(s, "name"), QUO_OK);
	assert_int_equal(s->k, 0);
	assert_int_equal(s->mint, 0);
	assert_int_equal(s->expose, 4 * 3600);
	assert_int_equal(s->format, 2);
	assert_null(s->user);
	assert_false(s->lock);
	assert_int_equal(s->notes.count, 0);
	assert_null(s->common.after);
	quo_option_free(&command, s);
}

static void
every_form_is_taken(void **state)
{
	struct sample *s = fresh();

	(void)state;
	assert_int_equal(PARSE(s, "-qk2", "name", "--mint", "--user=a=b",
	    "--note", "--odd", "-", "-n", "x", "-ny", "--expose-for=2d",
	    "-f", "txt", "--lock", "--lock", "--json", "card"), QUO_OK);
	assert_int_equal(s->k, 2);
	assert_int_equal(s->mint, 24);
	assert_string_equal(s->user, "a=b");
	assert_int_equal(s->notes.count, 3);
	assert_string_equal(s->notes.items[0], "--odd");
	assert_string_equal(s->notes.items[1], "x");
	assert_string_equal(s->notes.items[2], "y");
	assert_int_equal(s->expose, 2 * 86400);
	assert_int_equal(s->format, 3);
	assert_true(s->lock && s->common.json && s->common.quiet);
	assert_int_equal(s->common.operands.count, 3);
	assert_string_equal(s->common.operands.items[0], "name");
	assert_string_equal(s->common.operands.items[1], "-");
	assert_string_equal(s->common.operands.items[2], "card");
	quo_option_free(&command, s);
}

static void
what_follows_two_dashes_is_untouched(void **state)
{
	struct sample *s = fresh();

	(void)state;
	assert_int_equal(PARSE(s, "name", "--", "cmd", "--lock", "--", "x"),
	    QUO_OK);
	assert_false(s->lock);
	assert_int_equal(s->common.operands.count, 1);
	assert_string_equal(s->common.after[0], "cmd");
	assert_string_equal(s->common.after[1], "--lock");
	assert_string_equal(s->common.after[2], "--");
	assert_string_equal(s->common.after[3], "x");
	assert_null(s->common.after[4]);
	quo_option_free(&command, s);
}

static void
two_dashes_else_make_operands(void **state)
{
	struct quo_command plain = command;
	const char *const words[] = { "--", "--lock", "-k", NULL };
	struct sample *s = fresh();

	(void)state;
	plain.after = false;
	assert_int_equal(quo_option_parse(&plain, words, s), QUO_OK);
	assert_false(s->lock);
	assert_int_equal(s->common.operands.count, 2);
	assert_string_equal(s->common.operands.items[0], "--lock");
	quo_option_free(&plain, s);
}

static void
help_needs_no_operands(void **state)
{
	struct sample *s = fresh();

	(void)state;
	assert_int_equal(PARSE(s, "--help"), QUO_OK);
	assert_true(s->common.help);
	quo_option_free(&command, s);
}

static void
nearest_is_near(void **state)
{
	static const char *const names[] = {
		"split", "check", "reconstruct", "rotate", NULL
	};

	(void)state;
	assert_null(quo_option_nearest("frobnicate", names));
	assert_null(quo_option_nearest("", names));
	assert_null(quo_option_nearest("x", names));
	assert_string_equal(quo_option_nearest("splti", names), "split");
	assert_string_equal(quo_option_nearest("chek", names), "check");
	assert_string_equal(quo_option_nearest("recon", names), "reconstruct");
	assert_string_equal(quo_option_nearest("rotat", names), "rotate");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mistakes_are_refused),
		cmocka_unit_test(nothing_given_leaves_initial_values),
		cmocka_unit_test(every_form_is_taken),
		cmocka_unit_test(what_follows_two_dashes_is_untouched),
		cmocka_unit_test(two_dashes_else_make_operands),
		cmocka_unit_test(help_needs_no_operands),
		cmocka_unit_test(nearest_is_near),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
