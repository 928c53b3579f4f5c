/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

/* What stands under a name in a directory. */
static void
assert_holds(int dir, const char *name, const char *text)
{
	struct quo_secret *data = NULL;
	int fd = openat(dir, name, O_RDONLY);

	assert_true(fd >= 0);
	assert_err(quo_file_read(fd, 100, &data), QUO_OK);
	assert_int_equal(data->len, strlen(text));
	assert_memory_equal(data->data, text, data->len);
	quo_secret_free(data);
	close(fd);
}

static void
stage(int dir, const char *text, struct quo_stage *stage)
{
	assert_err(quo_stage_write(dir, (const uint8_t *)text, strlen(text),
	    stage), QUO_OK);
}

static void
put_whole_files(void **state)
{
	char path[] = "/tmp/quorate-test-XXXXXX", file[64];
	struct stat st;
	int dir;

	(void)state;
	assert_non_null(mkdtemp(path));
	snprintf(file, sizeof file, "%s/no/file", path);
	assert_err(quo_file_put(file, "x", 1, 0600), QUO_EIO);
	snprintf(file, sizeof file, "%s/file", path);
	assert_err(quo_file_put(file, "one", 3, 0600), QUO_OK);
	assert_err(quo_file_put(file, "two", 3, 0644), QUO_OK);
	dir = open(path, O_RDONLY | O_DIRECTORY);
	assert_true(dir >= 0);
	assert_holds(dir, "file", "two");
	assert_int_equal(fstatat(dir, "file", &st, 0), 0);
	assert_int_equal(st.st_mode & 0777, 0644);
	assert_int_equal(unlinkat(dir, "file", 0), 0);
	close(dir);
	assert_int_equal(rmdir(path), 0);
}

/* A staged file takes the place of another only where that is asked for. */
static void
replace_only_when_asked(void **state)
{
	char path[] = "/tmp/quorate-test-XXXXXX";
	struct quo_stage first, second;
	struct dirent *entry;
	int dir, names = 0;
	DIR *list;

	(void)state;
	assert_non_null(mkdtemp(path));
	dir = open(path, O_RDONLY | O_DIRECTORY);
	assert_true(dir >= 0);
	stage(dir, "one", &first);
	assert_err(quo_stage_name(&first, "file"), QUO_OK);
	quo_stage_close(&first);
	stage(dir, "two", &second);
	assert_err(quo_stage_name(&second, "file"), QUO_EEXIST);
	assert_holds(dir, "file", "one");
	assert_err(quo_stage_replace(&second, "no/such"), QUO_EIO);
	assert_err(quo_stage_replace(&second, "file"), QUO_OK);
	quo_stage_close(&second);
	assert_holds(dir, "file", "two");
	stage(dir, "three", &first);
	assert_err(quo_stage_replace(&first, "no/such"), QUO_EIO);
	quo_stage_close(&first);
	list = opendir(path);
	assert_non_null(list);
	while ((entry = readdir(list)) != NULL)
		names += entry->d_name[0] != '.' || strlen(entry->d_name) > 2;
	closedir(list);
	assert_int_equal(names, 1);
	assert_int_equal(unlinkat(dir, "file", 0), 0);
	close(dir);
	assert_int_equal(rmdir(path), 0);
}

static void
check_open(int fd, size_t max, size_t want)
{
	char *data = NULL;
	size_t len = 0;

	assert_err(quo_file_read_open(fd, max, &data, &len), QUO_OK);
	assert_int_equal(len, want);
	assert_memory_equal(data, bytes, want);
	assert_int_equal(data[want], 0);
	free(data);
	close(fd);
}

static void
what_is_no_secret_may_be_long(void **state)
{
	char *data = NULL;
	size_t len = 7;
	int dir = open("/", O_RDONLY), fd = file_of(LARGE);

	(void)state;
	assert_err(quo_file_read_open(dir, LARGE, &data, &len), QUO_EIO);
	close(dir);
	assert_err(quo_file_read_open(fd, LARGE - 1, &data, &len),
	    QUO_ETOOBIG);
	close(fd);
	assert_null(data);
	assert_int_equal(len, 7);
	check_open(file_of(LARGE), LARGE, LARGE);
	check_open(file_of(0), LARGE, 0);
	check_open(pipe_of(0), LARGE, 0);
	check_open(pipe_of(65536), LARGE, 65536);
	check_open(pipe_of(1), 1, 1);
}

/* That it syncs is seen by tests/fault/power.py. */
static void
sync_what_is_above(void **state)
{
	(void)state;
	assert_err(quo_file_sync_above("/nowhere/at/all"), QUO_EIO);
	assert_err(quo_file_sync_above("/dev/null/what"), QUO_EIO);
	assert_err(quo_file_sync_above("/tmp/what//"), QUO_OK);
	assert_err(quo_file_sync_above("/what"), QUO_OK);
	assert_err(quo_file_sync_above("/"), QUO_OK);
	assert_err(quo_file_sync_above("what"), QUO_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuse_more_than_the_limit),
		cmocka_unit_test(refuse_what_is_no_file),
		cmocka_unit_test(what_is_no_secret_may_be_long),
		cmocka_unit_test(read_to_the_end),
		cmocka_unit_test(read_past_the_size),
		cmocka_unit_test(put_whole_files),
		cmocka_unit_test(replace_only_when_asked),
		cmocka_unit_test(sync_what_is_above),
	};

	for (size_t i = 0; i < LARGE; i++)
		bytes[i] = (uint8_t)(i * 7 + i / 256);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
