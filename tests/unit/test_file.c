/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

#define LARGE 200000u

static uint8_t bytes[LARGE];

/* A file without a name, standing at its beginning. */
static int
file_of(size_t len)
{
	char name[] = "/tmp/quorate-test-XXXXXX";
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	unlink(name);
	assert_err(quo_file_write(fd, bytes, len), QUO_OK);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* A pipe, which nobody knows the length of; no longer than it holds. */
static int
pipe_of(size_t len)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_err(quo_file_write(ends[1], bytes, len), QUO_OK);
	close(ends[1]);
	return ends[0];
}

static void
check_read(int fd, size_t max, size_t want)
{
	struct quo_secret *data = NULL;

	assert_err(quo_file_read(fd, max, &data), QUO_OK);
	assert_non_null(data);
	assert_int_equal(data->len, want);
	assert_memory_equal(data->data, bytes, want);
	quo_secret_free(data);
	close(fd);
}

static void
check_refused(int fd, size_t max, enum quo_err want)
{
	struct quo_secret *data = NULL;

	assert_err(quo_file_read(fd, max, &data), want);
	assert_null(data);
	close(fd);
}

static void
refuse_more_than_the_limit(void **state)
{
	(void)state;
	check_refused(file_of(11), 10, QUO_ETOOBIG);
	check_refused(file_of(LARGE), LARGE - 1, QUO_ETOOBIG);
	check_refused(pipe_of(11), 10, QUO_ETOOBIG);
	check_refused(pipe_of(60000), 59999, QUO_ETOOBIG);
	check_refused(open("/dev/zero", O_RDONLY), LARGE, QUO_ETOOBIG);
}

static void
refuse_what_is_no_file(void **state)
{
	struct quo_secret *data = NULL;

	(void)state;
	check_refused(open("/", O_RDONLY | O_DIRECTORY), 10, QUO_EIO);
	assert_err(quo_file_load("/nonexistent", 10, &data), QUO_ENOENT);
	assert_null(data);
}

static void
read_to_the_end(void **state)
{
	static const size_t lens[] = { 1, 15, 4095, 4096, 4097, 60000 };
	struct quo_secret *data = NULL;
	int fd;

	(void)state;
	for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
		check_read(file_of(lens[i]), lens[i], lens[i]);
		check_read(file_of(lens[i]), LARGE, lens[i]);
		check_read(pipe_of(lens[i]), lens[i], lens[i]);
	}
	check_read(file_of(LARGE), LARGE, LARGE);
	fd = file_of(0);
	assert_err(quo_file_read(fd, 10, &data), QUO_OK);
	assert_null(data);
	close(fd);
}

/* What is longer than its size says, as one that is still written. */
static void
read_past_the_size(void **state)
{
	struct quo_secret *data = NULL;
	int fd = open("/proc/self/maps", O_RDONLY);

	(void)state;
	assert_true(fd >= 0);
	assert_err(quo_file_read(fd, LARGE, &data), QUO_OK);
	assert_true(data != NULL && data->len > 100);
	quo_secret_free(data);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuse_more_than_the_limit),
		cmocka_unit_test(refuse_what_is_no_file),
		cmocka_unit_test(read_to_the_end),
		cmocka_unit_test(read_past_the_size),
	};

	for (size_t i = 0; i < LARGE; i++)
		bytes[i] = (uint8_t)(i * 7 + i / 256);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
