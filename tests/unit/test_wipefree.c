/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Small enough that the block's page stays; the C library keeps its own
 * pointers in the first bytes of a free block. */
#define SIZE 1000
#define LINKS 32

/* What is left of a block that was given back; the address went through a
 * volatile, since compilers know that it is dead. */
static size_t
left_of(uintptr_t address, uint8_t canary)
{
	const volatile uint8_t *p = (const volatile uint8_t *)address;
	size_t left = 0;

	for (size_t i = LINKS; i < SIZE; i++)
		left += p[i] == canary;
	return left;
}

static void
free_leaves_nothing(void **state)
{
	uint8_t *block = malloc(SIZE);
	volatile uintptr_t was = (uintptr_t)block;

	(void)state;
	assert_non_null(block);
	memset(block, 0xC5, SIZE);
	assert_int_equal(left_of(was, 0xC5), SIZE - LINKS);
	free(block);
	assert_int_equal(left_of(was, 0xC5), 0);
}

static void
realloc_leaves_nothing_and_keeps_all(void **state)
{
	uint8_t *block = malloc(SIZE), *more;
	volatile uintptr_t was = (uintptr_t)block;

	(void)state;
	assert_non_null(block);
	memset(block, 0xC6, SIZE);
	more = realloc(block, 20 * SIZE);
	assert_non_null(more);
	assert_true((uintptr_t)more != was);
	assert_int_equal(left_of(was, 0xC6), 0);
	for (size_t i = 0; i < SIZE; i++)
		assert_int_equal(more[i], 0xC6);
	free(more);
}

static void
realloc_to_less_wipes_the_rest(void **state)
{
	uint8_t *block = malloc(SIZE);
	volatile uintptr_t was = (uintptr_t)block;

	(void)state;
	assert_non_null(block);
	memset(block, 0xC7, SIZE);
	block = realloc(block, SIZE - 100);
	assert_non_null(block);
	assert_true(left_of(was, 0xC7) <= SIZE - 100 - LINKS);
	assert_int_equal(block[SIZE - 101], 0xC7);
	free(block);
}

static void
reallocarray_refuses_what_overflows(void **state)
{
	volatile size_t half = SIZE_MAX / 2;

	(void)state;
	errno = 0;
	assert_null(reallocarray(NULL, half, 3));
	assert_int_equal(errno, ENOMEM);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(free_leaves_nothing),
		cmocka_unit_test(realloc_leaves_nothing_and_keeps_all),
		cmocka_unit_test(realloc_to_less_wipes_the_rest),
		cmocka_unit_test(reallocarray_refuses_what_overflows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
