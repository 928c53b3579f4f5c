/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "cmd/say.h"

static const struct {
	const char *in, *out;
} escapes[] = {
	{ "", "" },
	{ "a b\n\tc", "a b\\n\\tc" },
	{ "\033[2J\007\177", "\\x1b[2J\\x07\\x7f" },
	{ "M\303\274ller \316\251 \346\227\245 \360\237\224\221",
	  "M\303\274ller \316\251 \346\227\245 \360\237\224\221" },
	{ "\302\233" "2J", "\\u009b2J" },		/* CSI of C1 */
	{ "a\342\200\256b", "a\\u202eb" },		/* turns round */
	{ "\342\201\246\343\200\200", "\\u2066\343\200\200" },
	{ "\357\273\277", "\\ufeff" },
	{ "\363\240\201\201", "\\ue0041" },
	{ "\300\200", "\\xc0\\x80" },			/* overlong NUL */
	{ "\340\200\257", "\\xe0\\x80\\xaf" },
	{ "\355\240\200", "\\xed\\xa0\\x80" },		/* surrogate */
	{ "\364\220\200\200", "\\xf4\\x90\\x80\\x80" },
	{ "\303", "\\xc3" },				/* cut off */
	{ "\342\200", "\\xe2\\x80" },
	{ "\200\377", "\\x80\\xff" },
};

static void
text_comes_out_harmless(void **state)
{
	char out[64];
	size_t i, len;

	(void)state;
	for (i = 0; i < sizeof escapes / sizeof *escapes; i++) {
		len = quo_say_escape(escapes[i].in, out, sizeof out);
		assert_string_equal(out, escapes[i].out);
		assert_int_equal(len, strlen(out));
	}
}

static void
cuts_between_characters(void **state)
{
	char out[8];

	(void)state;
	assert_int_equal(quo_say_escape("abcdef\303\274", out, 8), 6);
	assert_string_equal(out, "abcdef");
	assert_int_equal(quo_say_escape("abcde\033", out, 8), 5);
	assert_int_equal(quo_say_escape("abc", out, 1), 0);
	assert_string_equal(out, "");
}

static void
every_error_has_its_exit(void **state)
{
	int err;

	(void)state;
	assert_int_equal(quo_exit_of(QUO_OK), QUO_EXIT_DONE);
	for (err = QUO_OK + 1; err <= QUO_ENEWER; err++) {
		enum quo_exit end = quo_exit_of((enum quo_err)err);

		assert_in_range(end, QUO_EXIT_NO, QUO_EXIT_MACHINE);
	}
	assert_int_equal(quo_exit_of(QUO_ENOQUORUM), QUO_EXIT_NO);
	assert_int_equal(quo_exit_of(QUO_ENOTTY), QUO_EXIT_MISUSE);
	assert_int_equal(quo_exit_of(QUO_EMISSING), QUO_EXIT_NO);
	assert_int_equal(quo_exit_of((enum quo_err)4711), QUO_EXIT_MACHINE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_comes_out_harmless),
		cmocka_unit_test(cuts_between_characters),
		cmocka_unit_test(every_error_has_its_exit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
