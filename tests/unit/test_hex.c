/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <string.h>

#include "base/hex.h"

static void
what_is_no_hex_is_refused(void **state)
{
	static const char *const wrong[] = { "", "0", "000", "0g", "G0", "0A",
		" 0", "0\n", "00 ", "0000" };
	uint8_t byte = 7;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		assert_false(quo_hex_parse(wrong[i], strlen(wrong[i]), &byte,
		    1));
		assert_false(quo_hex_is(wrong[i], 1));
	}
	assert_false(quo_hex_parse("\0\0", 2, &byte, 1));
}

static void
every_byte_goes_round(void **state)
{
	uint8_t bytes[256], again[256];
	char text[QUO_HEX_ROOM(256)];

	(void)state;
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)i;
	quo_hex_print(bytes, sizeof bytes, text);
	assert_memory_equal(text, "000102", 6);
	assert_string_equal(text + 510, "ff");
	assert_true(quo_hex_is(text, 256));
	assert_true(quo_hex_parse(text, strlen(text), again, 256));
	assert_memory_equal(bytes, again, sizeof bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_hex_is_refused),
		cmocka_unit_test(every_byte_goes_round),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
