/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "rotation/hook.h"

#define GOOD "alphabet = clear\nlength = 12-200\nneeds-old = no\n" \
	"single-secret = yes\n"

static void
describe_refuses_what_is_no_description(void **state)
{
	static const char *const bad[] = {
		"", "\n", "nonsense\n",
		/* not ended, or not all of it */
		"alphabet = clear\nlength = 12-200\nneeds-old = no\n"
		"single-secret = yes",
		"alphabet = clear\nlength = 12-200\nneeds-old = no\n",
		"length = 12-200\nneeds-old = no\nsingle-secret = yes\n",
		/* twice, unknown, other spacing */
		GOOD "length = 1-2\n", GOOD "alphabet = hex\n",
		GOOD "characters = abc\n", GOOD "colour = red\n",
		GOOD "=\n", GOOD " = \n", GOOD "length=1-2\n",
		"alphabet  = clear\nlength = 1-9\nneeds-old = no\n"
		"single-secret = yes\n",
		"alphabet = clear \nlength = 1-9\nneeds-old = no\n"
		"single-secret = yes\n",
		"alphabet = words\nlength = 1-9\nneeds-old = no\n"
		"single-secret = yes\n",
		"alphabet = \nlength = 1-9\nneeds-old = no\n"
		"single-secret = yes\n",
		"characters = a\nlength = 1-9\nneeds-old = no\n"
		"single-secret = yes\n",
		"characters = abca\nlength = 1-9\nneeds-old = no\n"
		"single-secret = yes\n",
		"characters = a b\nlength = 1-9\nneeds-old = no\n"
		"single-secret = yes\n",
		GOOD "# \t\n", GOOD "# \x80\n", GOOD "\r\n",
		/* mints instead of an alphabet, and only if it does */
		GOOD "mints = yes\n", GOOD "mints = no\n",
		"mints = no\nlength = 1-9\nneeds-old = no\n"
		"single-secret = yes\n",
		"mints = \nlength = 1-9\nneeds-old = no\n"
		"single-secret = yes\n",
		"mints = yes\nneeds-old = no\nsingle-secret = yes\n",
		GOOD "wrong-logins = 3/15m\nwrong-logins = 3/15m\n",
	};
	static const char *const lengths[] = { "", "12", "12-", "-12", "0-12",
	    "12-0", "12-11", "012-20", "12-020", "1-65537", "12 - 20",
	    "+1-2", "1--2", "1-2-3", "99999999999999999999-2",
	    "1-18446744073709551617" };
	static const char *const limits[] = { "", "3", "3/", "/15m", "0/15m",
	    "00", "03/15m", "3/0m", "3/015m", "3/15", "3/15w", "3/15mm",
	    "3/15m ", "3 / 15m", "3/15M", "-3/15m", "3/-15m", "3/15m/1",
	    "65537/15m", "3/65537s", "yes", "none" };
	static const char *const flags[] = { "", "Yes", "true", "1", "yes ",
	    "maybe" };
	struct quo_hook_desc d;
	char text[256], big[5000];
	unsigned line;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (quo_hook_parse(bad[i], strlen(bad[i]), &d, &line) !=
		    QUO_ESYNTAX)
			fail_msg("taken: %s", bad[i]);
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		snprintf(text, sizeof text, "alphabet = hex\nlength = %s\n"
		    "needs-old = no\nsingle-secret = no\n", lengths[i]);
		if (quo_hook_parse(text, strlen(text), &d, &line) !=
		    QUO_ESYNTAX || line != 2)
			fail_msg("taken, or not line 2: %s", lengths[i]);
	}
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
		snprintf(text, sizeof text, "alphabet = hex\nlength = 1-2\n"
		    "needs-old = %s\nsingle-secret = no\n", flags[i]);
		if (quo_hook_parse(text, strlen(text), &d, &line) !=
		    QUO_ESYNTAX || line != 3)
			fail_msg("taken, or not line 3: %s", flags[i]);
	}
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		snprintf(text, sizeof text, "wrong-logins = %s\n" GOOD,
		    limits[i]);
		if (quo_hook_parse(text, strlen(text), &d, &line) !=
		    QUO_ESYNTAX || line != 1)
			fail_msg("taken, or not line 1: %s", limits[i]);
	}
	assert_err(quo_hook_parse(GOOD "\0\n", sizeof GOOD + 1, &d, &line),
	    QUO_ESYNTAX);
	/* a line of 256, and 4097 bytes of good lines */
	memset(big, '#', sizeof big);
	memcpy(big, GOOD, sizeof GOOD - 1);
	big[sizeof GOOD - 1 + 256] = '\n';
	assert_err(quo_hook_parse(big, sizeof GOOD + 256, &d, &line),
	    QUO_ESYNTAX);
	memset(big, '\n', sizeof big);
	memcpy(big, GOOD, sizeof GOOD - 1);
	assert_err(quo_hook_parse(big, 4097, &d, &line), QUO_ESYNTAX);
	assert_err(quo_hook_parse(big, 4096, &d, &line), QUO_OK);
}

static void
describe_reads_what_may_be_left_out(void **state)
{
	static const struct {
		const char *text;
		unsigned n;
		int64_t span;
	} limits[] = {
		{ "0", 0, 0 }, { "1/1s", 1, 1 }, { "3/90s", 3, 90 },
		{ "3/15m", 3, 900 }, { "10/4h", 10, 14400 },
		{ "65536/65536d", 65536, INT64_C(65536) * 86400 },
	};
	struct quo_hook_desc d;
	char text[256];
	unsigned line;

	(void)state;
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		snprintf(text, sizeof text, GOOD "wrong-logins = %s\n",
		    limits[i].text);
		assert_err(quo_hook_parse(text, strlen(text), &d, &line),
		    QUO_OK);
		assert_true(d.limited);
		assert_int_equal(d.wrong_logins, limits[i].n);
		assert_int_equal(d.wrong_span, limits[i].span);
	}
	snprintf(text, sizeof text, "%s", "mints = yes\nlength = 1-9\n"
	    "needs-old = no\nsingle-secret = yes\n");
	assert_err(quo_hook_parse(text, strlen(text), &d, &line), QUO_OK);
	assert_true(d.mints);
	assert_string_equal(d.alphabet, "");
	assert_false(d.limited);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(describe_refuses_what_is_no_description),
		cmocka_unit_test(describe_reads_what_may_be_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
