/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdlib.h>

#include "base/grow.h"

static void
no_room_changes_nothing(void **state)
{
	struct huge { char of[SIZE_MAX / 16]; } *items = NULL;
	size_t count = 64;

	(void)state;
	assert_null(QUO_GROW(items, count));
	assert_null(items);
	assert_int_equal(count, 64);
}

static void
new_elements_are_zero_and_old_ones_stay(void **state)
{
	uint64_t *items = NULL, *item;
	size_t count = 0;

	(void)state;
	for (uint64_t i = 0; i < 1000; i++) {
		item = QUO_GROW(items, count);
		assert_non_null(item);
		assert_ptr_equal(item, &items[i]);
		assert_int_equal(count, i + 1);
		assert_int_equal(*item, 0);
		*item = ~i;
	}
	for (uint64_t i = 0; i < 1000; i++)
		assert_true(items[i] == ~i);
	/* one that was emptied begins anew */
	count = 0;
	item = QUO_GROW(items, count);
	assert_non_null(item);
	assert_int_equal(*item, 0);
	free(items);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_room_changes_nothing),
		cmocka_unit_test(new_elements_are_zero_and_old_ones_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
