/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <string.h>

#include "base/utf8.h"

static void
what_is_no_character_is_refused(void **state)
{
	static const char *const texts[] = {
		"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x41",
		"\xC2\xC2", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xE2\x82",
		"\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x80\x80\x80",
		"\xF0\x8F\xBF\xBF", "\xF0\x9F\x98", "\xF4\x90\x80\x80",
		"\xF5\x80\x80\x80", "\xF8\x88\x80\x80\x80", "\xFE", "\xFF"
	};
	uint32_t point = 7;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (quo_utf8_decode(texts[i], strlen(texts[i]), &point) != 0)
			fail_msg("case %zu is taken", i);
	assert_int_equal(quo_utf8_decode("", 0, &point), 0);
	/* The end counts, not what stands behind it. */
	assert_int_equal(quo_utf8_decode("\xC3\xBC", 1, &point), 0);
	assert_int_equal(point, 7);
}

static void
encode(uint32_t point, size_t len, char *out)
{
	static const uint8_t leads[] = { 0, 0, 0xC0, 0xE0, 0xF0 };

	for (size_t i = len; i-- > 1; point >>= 6)
		out[i] = (char)(0x80 | (point & 0x3F));
	out[0] = (char)(len == 1 ? point : leads[len] | point);
}

static void
every_code_point_is_read(void **state)
{
	char text[4];
	uint32_t got;
	size_t len, want;

	(void)state;
	for (uint32_t point = 0; point <= 0x10FFFF; point++) {
		len = point < 0x80 ? 1 : point < 0x800 ? 2 :
		    point < 0x10000 ? 3 : 4;
		encode(point, len, text);
		got = point + 1;
		want = point >= 0xD800 && point <= 0xDFFF ? 0 : len;
		if (quo_utf8_decode(text, len, &got) != want ||
		    (want > 0 && got != point))
			fail_msg("U+%04X", (unsigned)point);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_character_is_refused),
		cmocka_unit_test(every_code_point_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
