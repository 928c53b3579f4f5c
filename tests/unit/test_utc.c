/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/utc.h"
#include "unit.h"

static void
test_what_is_no_moment_is_refused(void **state)
{
	static const char *const bad[] = {
		"", "2026-11-21", "2026-11-21T03:10:00", "2026-11-21 03:10:00Z",
		"2026-11-21T03:10:00z", "2026-11-21T03:10:00+", "2026-1-121T03"
		":10:00Z", "+026-11-21T03:10:00Z", "2026-+1-21T03:10:00Z",
		"2026- 1-21T03:10:00Z", "2026-11-21T03:10:0aZ",
		"2026-00-21T03:10:00Z", "2026-13-21T03:10:00Z",
		"2026-11-00T03:10:00Z", "2026-11-31T03:10:00Z",
		"2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
		"2100-02-29T00:00:00Z", "2026-11-21T24:00:00Z",
		"2026-11-21T03:60:00Z", "2026-11-21T03:10:60Z",
		"2026-11-21T03:10:00Z ", "20261-11-21T03:10:00Z",
	};
	int64_t when = 7;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		if (quo_utc_parse(bad[i], &when) != QUO_ESYNTAX)
			fail_msg("\"%s\" is taken", bad[i]);
		assert_int_equal(when, 7);
	}
}

/* Against the C library's calendar: each day of 10,000 years. */
static void
test_moments_are_those_of_the_calendar(void **state)
{
	char text[QUO_UTC_TEXT];
	int64_t when;

	(void)state;
	for (int64_t t = INT64_C(-62167219200); t <= INT64_C(253402300799);
	    t += 86400 - 7) {
		quo_utc_print(t, text);
		assert_err(quo_utc_parse(text, &when), QUO_OK);
		if (when != t)
			fail_msg("%s is %lld, not %lld", text,
			    (long long)when, (long long)t);
	}
	assert_err(quo_utc_parse("2024-02-29T23:59:59Z", &when), QUO_OK);
	assert_int_equal(when, 1709251199);
	assert_err(quo_utc_parse("0000-01-01T00:00:00Z", &when), QUO_OK);
	assert_int_equal(when, INT64_C(-62167219200));
}

static void
test_spans_are_printed_and_read(void **state)
{
	char text[QUO_SPAN_TEXT];
	int64_t seconds;

	(void)state;
	quo_span_print(2 * 86400, text);
	assert_string_equal(text, "2d");
	quo_span_print(5400, text);
	assert_string_equal(text, "90m");
	assert_err(quo_span_parse("4h", &seconds), QUO_OK);
	assert_int_equal(seconds, 14400);
	assert_err(quo_span_parse("4 h", &seconds), QUO_ESYNTAX);
	assert_err(quo_span_parse("-4h", &seconds), QUO_ESYNTAX);
	assert_err(quo_span_parse("4", &seconds), QUO_ESYNTAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_no_moment_is_refused),
		cmocka_unit_test(test_moments_are_those_of_the_calendar),
		cmocka_unit_test(test_spans_are_printed_and_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
