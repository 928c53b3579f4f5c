/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <string.h>

#include "base/base64.h"

static void
other_encodings_are_refused(void **state)
{
	static const char *const bad[] = {
		"Z", "Zg", "Zg=", "Zm8", "Zg===", "=", "==", "====", "Z===",
		"Zh==", "Zm9=",		/* unused bits */
		"Zg==Zg==", "Zm=v",	/* padding within */
		"Zm9v\n", " Zm9", "Zm9-", "Zm9_", "Zm9*", "Zm\xc3\xa4",
		"Zm9vZm9vZm9vZm9vZm9",
	};
	uint8_t out[16];
	size_t len = 77;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_err(quo_base64_decode(bad[i], strlen(bad[i]), out,
		    sizeof out, &len), QUO_EFORMAT);
	assert_err(quo_base64_decode("Zm\0v", 4, out, sizeof out, &len),
	    QUO_EFORMAT);
	assert_int_equal(len, 77);
}

static void
too_long_is_refused_and_nothing_beyond_is_written(void **state)
{
	uint8_t out[4] = { 9, 9, 9, 9 };
	size_t len = 77;

	(void)state;
	assert_err(quo_base64_decode("Zm9v", 4, out, 2, &len), QUO_ETOOBIG);
	assert_err(quo_base64_decode("Zm9vYg==", 8, out, 3, &len),
	    QUO_ETOOBIG);
	assert_err(quo_base64_decode("Zm9v", 4, out, 3, &len), QUO_OK);
	assert_int_equal(len, 3);
	assert_int_equal(out[3], 9);
}

/* RFC 4648 section 10. */
static void
vectors_of_the_rfc_hold(void **state)
{
	static const char *const pairs[][2] = {
		{ "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" },
		{ "foo", "Zm9v" }, { "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" },
		{ "\xfb\xff\xbf", "+/+/" },
	};
	char text[QUO_BASE64_TEXT(6)];
	uint8_t out[6];
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		const char *plain = pairs[i][0], *coded = pairs[i][1];

		len = quo_base64_encode((const uint8_t *)plain, strlen(plain),
		    text);
		assert_string_equal(text, coded);
		assert_int_equal(len, strlen(coded));
		assert_err(quo_base64_decode(coded, len, out, sizeof out,
		    &len), QUO_OK);
		assert_int_equal(len, strlen(plain));
		assert_memory_equal(out, plain, len);
	}
}

static void
every_length_and_byte_comes_back(void **state)
{
	uint8_t in[256], out[256];
	char text[QUO_BASE64_TEXT(256)];
	size_t len;

	(void)state;
	for (size_t n = 0; n <= 256; n++) {
		for (size_t i = 0; i < n; i++)
			in[i] = (uint8_t)(i * 7 + n);
		len = quo_base64_encode(in, n, text);
		assert_int_equal(len + 1, QUO_BASE64_TEXT(n));
		assert_err(quo_base64_decode(text, len, out, n, &len), QUO_OK);
		assert_int_equal(len, n);
		assert_memory_equal(in, out, n);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(other_encodings_are_refused),
		cmocka_unit_test(
		    too_long_is_refused_and_nothing_beyond_is_written),
		cmocka_unit_test(vectors_of_the_rfc_hold),
		cmocka_unit_test(every_length_and_byte_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
