/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/trusted.h"

static char dir[] = "/tmp/quo-trusted.XXXXXX";
static char path[64];

static int
make(void **state)
{
	int fd;

	(void)state;
	snprintf(path, sizeof path, "%s/program", dir);
	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	return fd == -1 || close(fd) != 0 || chmod(path, 0755) != 0 ||
	    chmod(dir, 0755) != 0 ? -1 : 0;
}

static void
assert_refused(const char *which, const char *words)
{
	char why[256] = "", *real = NULL;

	assert_err(quo_trusted_program(which, &real, why, sizeof why),
	    QUO_EUNSAFE);
	assert_null(real);
	assert_non_null(strstr(why, words));
	assert_non_null(strstr(why, which));
}

static void
what_others_can_change_is_refused(void **state)
{
	static const mode_t writable[] = { 0775, 0757, 0777, 0722 };

	(void)state;
	for (size_t i = 0; i < sizeof writable / sizeof *writable; i++) {
		assert_int_equal(chmod(path, writable[i]), 0);
		assert_refused(path, "writable by others");
	}
	assert_int_equal(chmod(path, 0644), 0);
	assert_refused(path, "not executable");
	assert_refused(dir, "no regular file");
	if (geteuid() == 0) {
		assert_int_equal(chmod(path, 0755), 0);
		assert_int_equal(chown(path, 65534, 0), 0);
		assert_refused(path, "not owned by root");
	}
}

static void
what_is_not_there_is_said_so(void **state)
{
	char why[256] = "before", *real = NULL, link[80];

	(void)state;
	snprintf(link, sizeof link, "%s/link", dir);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("program", link), 0);
	assert_err(quo_trusted_program(path, &real, why, sizeof why),
	    QUO_ENOENT);
	assert_string_equal(why, "");
	assert_err(quo_trusted_program(link, &real, why, sizeof why),
	    QUO_ENOENT);
	assert_err(quo_trusted_program("", &real, why, sizeof why),
	    QUO_ENOENT);
	assert_null(real);
	assert_int_equal(unlink(link), 0);
}

static void
links_are_followed_to_the_end(void **state)
{
	char why[256], *real = NULL, link[80];

	(void)state;
	snprintf(link, sizeof link, "%s/link", dir);
	assert_int_equal(symlink("program", link), 0);
	assert_err(quo_trusted_program(link, &real, why, sizeof why), QUO_OK);
	assert_string_equal(real, path);
	free(real);
	assert_int_equal(unlink(link), 0);
}

static void
directories_above_count(void **state)
{
	char why[256], below[80], inside[96];

	(void)state;
	snprintf(below, sizeof below, "%s/below", dir);
	snprintf(inside, sizeof inside, "%s/program", below);
	assert_int_equal(mkdir(below, 0755), 0);
	assert_err(quo_trusted_above(inside, why, sizeof why), QUO_OK);
	assert_string_equal(why, "");
	/* The nearest may not be shared, sticky or not. */
	assert_int_equal(chmod(below, 01777), 0);
	assert_err(quo_trusted_above(inside, why, sizeof why), QUO_EUNSAFE);
	assert_non_null(strstr(why, below));
	assert_int_equal(chmod(below, 0755), 0);
	/* One further up may, where it is sticky: /tmp. */
	assert_int_equal(chmod(dir, 0777), 0);
	assert_err(quo_trusted_above(inside, why, sizeof why), QUO_EUNSAFE);
	assert_int_equal(chmod(dir, 01777), 0);
	assert_err(quo_trusted_above(inside, why, sizeof why), QUO_OK);
	if (geteuid() == 0) {
		assert_int_equal(chown(dir, 65534, 0), 0);
		assert_err(quo_trusted_above(inside, why, sizeof why),
		    QUO_EUNSAFE);
		assert_non_null(strstr(why, "not owned by root"));
		assert_int_equal(chown(dir, 0, 0), 0);
	}
	assert_int_equal(rmdir(below), 0);
	assert_err(quo_trusted_above(inside, why, sizeof why), QUO_EUNSAFE);
	assert_non_null(strstr(why, "can't be looked at"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(what_others_can_change_is_refused,
		    make),
		cmocka_unit_test_setup(what_is_not_there_is_said_so, make),
		cmocka_unit_test_setup(links_are_followed_to_the_end, make),
		cmocka_unit_test_setup(directories_above_count, make),
	};
	int failed;

	if (mkdtemp(dir) == NULL)
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	rmdir(dir);
	return failed;
}
