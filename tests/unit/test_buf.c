/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/buf.h"

static void
read_past_end_fails_and_stays(void **state)
{
	const uint8_t bytes[] = { 1, 2, 3 };
	struct quo_reader r = quo_reader_on(bytes, sizeof bytes);

	(void)state;
	assert_int_equal(quo_read_uint(&r, 2), 0x0102);
	assert_int_equal(quo_read_uint(&r, 2), 0);
	assert_true(r.failed);
	assert_int_equal(quo_read_uint(&r, 1), 0);
	assert_false(quo_reader_done(&r));
}

static void
write_past_end_fails_and_stays(void **state)
{
	uint8_t out[3] = { 9, 9, 9 };
	struct quo_writer w = quo_writer_on(out, 2);

	(void)state;
	quo_write_uint(&w, 0xABCDEF, 3);
	assert_true(w.failed);
	quo_write_uint(&w, 1, 1);
	assert_int_equal(w.len, 0);
	assert_int_equal(out[0], 9);
}

static void
integers_are_big_endian(void **state)
{
	uint8_t out[8];
	struct quo_writer w = quo_writer_on(out, sizeof out);
	struct quo_reader r;

	(void)state;
	quo_write_uint(&w, 0x0102030405060708, 8);
	assert_int_equal(out[0], 1);
	assert_int_equal(out[7], 8);
	r = quo_reader_on(out, sizeof out);
	assert_true(quo_read_uint(&r, 8) == 0x0102030405060708);
	assert_true(quo_reader_done(&r));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(read_past_end_fails_and_stays),
		cmocka_unit_test(write_past_end_fails_and_stays),
		cmocka_unit_test(integers_are_big_endian),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
