/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "scan/frame.h"

/* Helpers that misbehave: shell scripts. %s is nothing of the file's. */
#define TEXT "printf 'T\\0\\0\\0\\007QUO1S:A'\n"
#define END "printf 'E\\0\\0\\0\\004\\0\\0\\0\\001'\n"

static char path[] = "/tmp/quorate-test-XXXXXX";

static enum quo_err
ask(const char *script, struct quo_scan *scan)
{
	char name[sizeof path + 8];
	FILE *f;
	enum quo_err err;

	snprintf(name, sizeof name, "%s/helper", path);
	f = fopen(name, "w");
	assert_non_null(f);
	fprintf(f, "#!/bin/sh\nPATH=/usr/bin:/bin\n%s", script);
	fclose(f);
	assert_int_equal(chmod(name, 0700), 0);
	err = quo_scan_with(name, 2, -1, (const uint8_t *)"pixels", 6, scan);
	unlink(name);
	return err;
}

static void
refused(const char *script, enum quo_err want, const char *words)
{
	struct quo_scan scan;

	memset(&scan, 0xAA, sizeof scan);
	assert_err(ask(script, &scan), want);
	assert_null(scan.texts);
	assert_int_equal(scan.count, 0);
	if (strstr(scan.note, words) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", words, scan.note);
	quo_scan_free(&scan);
}

static void
refuse_a_helper_that_is_not_there(void **state)
{
	struct quo_scan scan;

	(void)state;
	assert_err(quo_scan_with("/nonexistent/quorate-scan", 2, -1,
	    (const uint8_t *)"x", 1, &scan), QUO_ECHILD);
	assert_true(scan.note[0] != '\0');
}

static void
refuse_a_helper_that_dies(void **state)
{
	(void)state;
	refused(TEXT END "kill -SEGV $$", QUO_ECHILD, "died");
	refused(TEXT "kill -KILL $$", QUO_ECHILD, "died");
	refused("exit 0", QUO_ECHILD, "nonsense");
	refused(TEXT END "exit 1", QUO_ECHILD, "nonsense");
}

static void
refuse_a_helper_that_hangs(void **state)
{
	time_t start = time(NULL);

	(void)state;
	refused(TEXT END "exec sleep 30", QUO_ETIMEOUT, "too long");
	assert_true(time(NULL) - start < 10);
}

static void
refuse_a_helper_that_floods(void **state)
{
	(void)state;
	refused("exec cat /dev/zero", QUO_ECHILD, "nonsense");
}

static void
refuse_a_helper_that_talks_nonsense(void **state)
{
	(void)state;
	refused("echo hello", QUO_ECHILD, "nonsense");
	refused(TEXT, QUO_ECHILD, "nonsense");
	refused(TEXT END "echo more", QUO_ECHILD, "nonsense");
	refused("printf 'T\\0\\0\\0\\007QUO1S:a'\n" END, QUO_ECHILD,
	    "nonsense");
	/* A refusal in words, but exit 0; and the other way round. */
	refused("printf 'N\\0\\0\\0\\005\\003\\0\\0\\0\\0'\n" END, QUO_ECHILD,
	    "nonsense");
}

static void
no_byte_of_the_helper_reaches_the_note(void **state)
{
	struct quo_scan scan;

	(void)state;
	assert_err(ask("echo SMUGGLED >&2; exit 9", &scan), QUO_ECHILD);
	assert_null(strstr(scan.note, "SMUGGLED"));
	quo_scan_free(&scan);
}

static void
a_refusal_is_passed_on_in_words(void **state)
{
	(void)state;
	refused("printf 'N\\0\\0\\0\\005\\003\\0\\0\\0\\0'\n" END "exit 1",
	    QUO_EFORMAT, "not a picture");
}

static void
a_good_helper_is_heard(void **state)
{
	struct quo_scan scan;

	(void)state;
	assert_err(ask("[ \"$(cat)\" = pixels ] || exit 1\n" TEXT TEXT END,
	    &scan), QUO_OK);
	assert_int_equal(scan.count, 1);
	assert_string_equal((char *)scan.texts->data, "QUO1S:A");
	assert_string_equal(scan.note, "");
	quo_scan_free(&scan);
}

static void
the_file_is_the_helpers_standard_input(void **state)
{
	struct quo_scan scan;
	char name[sizeof path + 8];
	int fd;
	FILE *f;

	(void)state;
	snprintf(name, sizeof name, "%s/helper", path);
	f = fopen(name, "w");
	assert_non_null(f);
	fputs("#!/bin/sh\nread -r line\n[ \"$line\" = '#!/bin/sh' ] || "
	    "exit 1\n" TEXT END, f);
	fclose(f);
	assert_int_equal(chmod(name, 0700), 0);
	fd = open(name, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_err(quo_scan_with(name, 5, fd, NULL, 0, &scan), QUO_OK);
	assert_int_equal(scan.count, 1);
	quo_scan_free(&scan);
	close(fd);
	unlink(name);
}

static int
make_dir(void **state)
{
	(void)state;
	return mkdtemp(path) == NULL;
}

static int
remove_dir(void **state)
{
	(void)state;
	return rmdir(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuse_a_helper_that_is_not_there),
		cmocka_unit_test(refuse_a_helper_that_dies),
		cmocka_unit_test(refuse_a_helper_that_hangs),
		cmocka_unit_test(refuse_a_helper_that_floods),
		cmocka_unit_test(refuse_a_helper_that_talks_nonsense),
		cmocka_unit_test(no_byte_of_the_helper_reaches_the_note),
		cmocka_unit_test(a_refusal_is_passed_on_in_words),
		cmocka_unit_test(a_good_helper_is_heard),
		cmocka_unit_test(the_file_is_the_helpers_standard_input),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
