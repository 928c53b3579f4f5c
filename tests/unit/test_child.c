/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/child.h"
#include "base/utc.h"

#define BIG (300u << 10)	/* more than a pipe holds */

static const char *const path_only[] = { "PATH=/usr/bin:/bin", NULL };

/* A child that is a line of shell. */
static struct quo_child
shell(const char *argv[4], const char *script)
{
	argv[0] = "sh";
	argv[1] = "-c";
	argv[2] = script;
	argv[3] = NULL;
	return (struct quo_child){ .path = "/bin/sh", .argv = argv,
	    .env = path_only, .stdin_fd = -1, .out_max = 64u << 10,
	    .seconds = 20 };
}

static void
assert_said(const struct quo_child *c, const char *text)
{
	assert_true(WIFEXITED(c->status));
	assert_int_equal(WEXITSTATUS(c->status), 0);
	assert_non_null(c->out);
	assert_int_equal(c->out->len, strlen(text));
	assert_memory_equal(c->out->data, text, c->out->len);
}

/* Gone, or dead and not yet waited for by whoever inherited it. */
static bool
is_dead(long pid)
{
	char path[64], text[256] = "";
	FILE *f;

	snprintf(path, sizeof path, "/proc/%ld/stat", pid);
	f = fopen(path, "re");
	if (f == NULL)
		return true;
	if (fread(text, 1, sizeof text - 1, f) == 0)
		text[0] = '\0';
	fclose(f);
	return text[0] == '\0' || strstr(text, ") Z") != NULL;
}

/* How many processes from the output, one number a line, are alive. */
static int
alive(const struct quo_secret *out)
{
	char text[256] = "";
	int n = 0;

	assert_non_null(out);
	assert_in_range(out->len, 1, sizeof text - 1);
	memcpy(text, out->data, out->len);
	for (char *c = text; *c != '\0'; c = strchr(c, '\n') + 1)
		n += is_dead(strtol(c, NULL, 10)) ? 0 : 1;
	return n;
}

static void
cannot_start(void **state)
{
	char dir[] = "/tmp/quo-child.XXXXXX", file[64];
	static const char *const paths[] = { "/nonexistent/program",
	    "/etc/passwd", "/", "" };
	const char *argv[4];
	struct quo_child c = shell(argv, "exit 0");

	(void)state;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		c.path = paths[i];
		assert_err(quo_child_run(&c), QUO_ECHILD);
		assert_null(c.out);
	}
	assert_non_null(mkdtemp(dir));
	snprintf(file, sizeof file, "%s/none", dir);
	close(open(file, O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
	c.path = file;
	assert_err(quo_child_run(&c), QUO_ECHILD);
	unlink(file);
	rmdir(dir);
}

static void
failed_starts_leak_no_descriptor(void **state)
{
	const char *argv[4];
	struct quo_child c = shell(argv, "exit 0");
	int before = dup(0), after;

	(void)state;
	close(before);
	c.path = "/nonexistent/program";
	for (int i = 0; i < 20; i++)
		assert_err(quo_child_run(&c), QUO_ECHILD);
	c.path = "/bin/sh";
	for (int i = 0; i < 5; i++)
		assert_err(quo_child_run(&c), QUO_OK);
	after = dup(0);
	close(after);
	assert_int_equal(after, before);
}

static void
hangs_and_dies_with_all_it_started(void **state)
{
	const char *argv[4];
	/* in its group; in groups of their own, as timeout and job control
	 * make them; deaf to a friendly signal */
	struct quo_child c = shell(argv,
	    "sleep 300 & echo $!; timeout 300 sleep 300 & echo $!;"
	    "sh -c 'trap \"\" TERM HUP INT; echo $$; sleep 300; sleep 300' &"
	    "set -m; sleep 300 & echo $!; sleep 300");
	double start = quo_clock();

	(void)state;
	c.seconds = 1;
	assert_err(quo_child_run(&c), QUO_ETIMEOUT);
	assert_true(quo_clock() - start < 8);
	assert_int_equal(alive(c.out), 0);
	quo_secret_free(c.out);
}

static void
closes_everything_and_hangs(void **state)
{
	const char *argv[4];
	struct quo_child c = shell(argv,
	    "exec <&- >&- 2>&-; sleep 300; exit 0");

	(void)state;
	c.seconds = 1;
	assert_err(quo_child_run(&c), QUO_ETIMEOUT);
	assert_true(WIFSIGNALED(c.status));
	quo_secret_free(c.out);
}

static void
floods_and_is_killed(void **state)
{
	const char *argv[4];
	struct quo_child c = shell(argv, "yes & echo $!; exec yes");
	double start = quo_clock();

	(void)state;
	c.out_max = 100000;
	assert_err(quo_child_run(&c), QUO_ETOOBIG);
	assert_true(quo_clock() - start < 10);
	assert_true(WIFSIGNALED(c.status));
	quo_secret_free(c.out);
}

static void
output_may_be_out_max_and_no_more(void **state)
{
	const char *argv[4];
	struct quo_child c = shell(argv, "head -c 5000 /dev/zero");

	(void)state;
	c.out_max = 5000;
	assert_err(quo_child_run(&c), QUO_OK);
	assert_int_equal(c.out->len, 5000);
	quo_secret_free(c.out);
	c.out_max = 4999;
	assert_err(quo_child_run(&c), QUO_ETOOBIG);
	quo_secret_free(c.out);
}

static void
large_output_is_whole(void **state)
{
	const char *argv[4];
	struct quo_child c = shell(argv,
	    "i=0; while [ $i -lt 30000 ]; do echo $i; i=$((i+1)); done");
	char want[16];
	size_t pos = 0;

	(void)state;
	c.out_max = 1u << 20;
	assert_err(quo_child_run(&c), QUO_OK);
	for (int i = 0; i < 30000; i++) {
		size_t n = (size_t)snprintf(want, sizeof want, "%d\n", i);

		assert_true(pos + n <= c.out->len);
		assert_memory_equal(c.out->data + pos, want, n);
		pos += n;
	}
	assert_int_equal(pos, c.out->len);
	quo_secret_free(c.out);
}

static void
floods_its_errors_and_goes_on(void **state)
{
	const char *argv[4];
	struct quo_child c = shell(argv,
	    "yes | head -c 500000 >&2; echo done");

	(void)state;
	assert_err(quo_child_run(&c), QUO_OK);
	assert_said(&c, "done\n");
	assert_int_equal(strlen(c.note), QUO_CHILD_NOTE - 1);
	quo_secret_free(c.out);
}

static void
leaves_its_input_unread(void **state)
{
	const char *argv[4];
	struct quo_child c = shell(argv, "exit 3");
	uint8_t *big = calloc(1, BIG);

	(void)state;
	assert_non_null(big);
	c.feeds[0] = (struct quo_feed){ 3, big, BIG };
	c.feeds[1] = (struct quo_feed){ 0, big, BIG };
	c.feed_count = 2;
	assert_err(quo_child_run(&c), QUO_OK);
	assert_int_equal(WEXITSTATUS(c.status), 3);
	assert_null(c.out);
	free(big);
}

static void
closes_a_feed_early_and_reads_the_other(void **state)
{
	const char *argv[4];
	struct quo_child c = shell(argv,
	    "head -c 3 <&3 >/dev/null; exec 3<&-; wc -c <&4");
	uint8_t *big = calloc(1, BIG);

	(void)state;
	assert_non_null(big);
	c.feeds[0] = (struct quo_feed){ 3, big, BIG };
	c.feeds[1] = (struct quo_feed){ 4, big, BIG };
	c.feed_count = 2;
	assert_err(quo_child_run(&c), QUO_OK);
	assert_said(&c, "307200\n");
	quo_secret_free(c.out);
	free(big);
}

static void
is_fed_on_several_descriptors(void **state)
{
	const char *argv[4];
	/* the last first: no feed waits for another */
	struct quo_child c = shell(argv,
	    "cat <&7; echo; cat <&3; echo; cat");

	(void)state;
	c.feeds[0] = (struct quo_feed){ 0, (const uint8_t *)"in\0put", 6 };
	c.feeds[1] = (struct quo_feed){ 3, (const uint8_t *)"three", 5 };
	c.feeds[2] = (struct quo_feed){ 7, NULL, 0 };
	c.feed_count = 3;
	assert_err(quo_child_run(&c), QUO_OK);
	assert_int_equal(c.out->len, 13);
	assert_memory_equal(c.out->data, "\nthree\nin\0put", 13);
	quo_secret_free(c.out);
}

static void
stdin_may_have_the_number_of_a_feed(void **state)
{
	char name[] = "/tmp/quo-child.XXXXXX";
	const char *argv[4];
	struct quo_child c = shell(argv, "cat; cat <&9");
	int file = mkstemp(name), fd;

	(void)state;
	assert_int_not_equal(file, -1);
	unlink(name);
	assert_int_equal(write(file, "file ", 5), 5);
	assert_int_equal(lseek(file, 0, SEEK_SET), 0);
	fd = dup2(file, 9);
	close(file);
	c.stdin_fd = fd;
	c.feeds[0] = (struct quo_feed){ 9, (const uint8_t *)"feed", 4 };
	c.feed_count = 1;
	assert_err(quo_child_run(&c), QUO_OK);
	close(fd);
	assert_said(&c, "file feed");
	quo_secret_free(c.out);
}

/* Whether somebody has the lock of a file. */
static bool
is_locked(const char *name)
{
	struct flock lock = { .l_type = F_WRLCK };
	int fd = open(name, O_RDWR);

	assert_int_not_equal(fd, -1);
	assert_int_equal(fcntl(fd, F_OFD_GETLK, &lock), 0);
	close(fd);
	return lock.l_type != F_UNLCK;
}

static void
what_it_holds_lasts_as_long_as_all_of_it(void **state)
{
	struct flock lock = { .l_type = F_WRLCK };
	const struct timespec nap = { 0, 10000000 };
	char name[] = "/tmp/quo-child.XXXXXX", told[128];
	const char *argv[4];
	/* it leaves one behind that waits for the file to go */
	struct quo_child c = shell(argv, told);
	int fd;

	(void)state;
	c.held = mkstemp(name);
	assert_true(c.held > 2);
	snprintf(told, sizeof told, "while [ -e %s ]; do sleep 0.01; done "
	    ">/dev/null 2>&1 & cat", name);
	assert_int_equal(fcntl(c.held, F_OFD_SETLK, &lock), 0);
	/* a feed may have the number that ours has */
	c.feeds[0] = (struct quo_feed){ 0, (const uint8_t *)"fed", 3 };
	c.feeds[1] = (struct quo_feed){ c.held, NULL, 0 };
	c.feed_count = 2;
	assert_err(quo_child_run(&c), QUO_OK);
	assert_said(&c, "fed");
	quo_secret_free(c.out);
	close(c.held);
	assert_true(is_locked(name));
	fd = open(name, O_RDWR);
	unlink(name);
	lock = (struct flock){ .l_type = F_WRLCK };
	for (int i = 0; i < 1000 && fcntl(fd, F_OFD_SETLK, &lock) != 0; i++)
		nanosleep(&nap, NULL);
	assert_int_equal(fcntl(fd, F_OFD_SETLK, &lock), 0);
	close(fd);
}

static void
inherits_nothing_else(void **state)
{
	const char *argv[4];
	/* no pattern: it would open the directory */
	struct quo_child c = shell(argv,
	    "i=0; while [ $i -lt 256 ]; do"
	    " [ ! -e /proc/$$/fd/$i ] || echo $i; i=$((i+1)); done;"
	    "readlink /proc/$$/fd/0");
	int low = open("/etc/passwd", O_RDONLY), high;

	(void)state;
	high = fcntl(low, F_DUPFD, 100);
	assert_int_not_equal(high, -1);
	assert_err(quo_child_run(&c), QUO_OK);
	close(low);
	close(high);
	assert_said(&c, "0\n1\n2\n/dev/null\n");
	quo_secret_free(c.out);
}

static void
environment_is_what_is_given(void **state)
{
	static const char *const env[] = { "A=1", "B=x y", NULL };
	const char *argv[] = { "env", NULL };
	struct quo_child c = { .path = "/usr/bin/env", .argv = argv,
	    .env = env, .stdin_fd = -1, .out_max = 1000, .seconds = 20 };

	(void)state;
	assert_err(quo_child_run(&c), QUO_OK);
	assert_said(&c, "A=1\nB=x y\n");
	quo_secret_free(c.out);
	c.env = NULL;
	assert_err(quo_child_run(&c), QUO_OK);
	assert_null(c.out);
}

static void
stands_in_a_session_of_its_own_with_default_signals(void **state)
{
	const char *argv[4];
	/* by the shell alone: it blocks signals while it forks */
	struct quo_child c = shell(argv,
	    "read -r pid name st ppid pgrp sid rest </proc/$$/stat;"
	    "[ $sid = $$ ] && echo leads;"
	    "while read -r key mask; do case $key in"
	    " SigBlk:|SigIgn:) echo ${mask#?????????};; esac;"
	    "done </proc/$$/status");

	(void)state;
	signal(SIGUSR1, SIG_IGN);
	assert_err(quo_child_run(&c), QUO_OK);
	signal(SIGUSR1, SIG_DFL);
	/* SigBlk and SigIgn, signals 1 to 28 */
	assert_said(&c, "leads\n0000000\n0000000\n");
	quo_secret_free(c.out);
}

static void
its_end_ends_the_run_whatever_it_leaves_behind(void **state)
{
	const char *argv[4];
	struct quo_child c = shell(argv, "sleep 300 & echo $!; exit 7");
	uint8_t *big = calloc(1, BIG);
	double start = quo_clock();
	char pid[32] = "";

	(void)state;
	assert_non_null(big);
	c.feeds[0] = (struct quo_feed){ 3, big, BIG };
	c.feed_count = 1;
	assert_err(quo_child_run(&c), QUO_OK);
	assert_true(quo_clock() - start < 5);
	assert_int_equal(WEXITSTATUS(c.status), 7);
	assert_int_equal(alive(c.out), 1);
	memcpy(pid, c.out->data, c.out->len);
	kill((pid_t)strtol(pid, NULL, 10), SIGKILL);
	quo_secret_free(c.out);
	free(big);
}

static void
killed_is_told_from_exited(void **state)
{
	const char *argv[4];
	struct quo_child c = shell(argv, "kill -SEGV $$");

	(void)state;
	assert_err(quo_child_run(&c), QUO_OK);
	assert_true(WIFSIGNALED(c.status));
	assert_int_equal(WTERMSIG(c.status), SIGSEGV);
}

static void
status_is_known_where_sigchld_is_ignored(void **state)
{
	const char *argv[4];
	struct quo_child c = shell(argv, "exit 5");

	(void)state;
	signal(SIGCHLD, SIG_IGN);
	assert_err(quo_child_run(&c), QUO_OK);
	assert_int_equal(WEXITSTATUS(c.status), 5);
	assert_ptr_equal(signal(SIGCHLD, SIG_DFL), SIG_IGN);
}

static void
note_is_fit_for_a_terminal(void **state)
{
	const char *argv[4];
	struct quo_child c = shell(argv,
	    "printf 'a\\033[2Jb\\r\\302\\2332Jc\\177 \\303\\251\\n' >&2");

	(void)state;
	assert_err(quo_child_run(&c), QUO_OK);
	assert_string_equal(c.note, "a?[2Jb???2Jc? \303\251\n");
}

static void
output_goes_to_the_note_where_none_is_wanted(void **state)
{
	const char *argv[4];
	struct quo_child c = shell(argv, "echo out; echo err >&2");

	(void)state;
	c.out_max = 0;
	assert_err(quo_child_run(&c), QUO_OK);
	assert_null(c.out);
	assert_string_equal(c.note, "out\nerr\n");
}

static void
helper_is_not_found_anywhere_else(void **state)
{
	char *path = NULL;

	(void)state;
	assert_err(quo_child_helper("sh", &path), QUO_ENOENT);
	assert_null(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cannot_start),
		cmocka_unit_test(failed_starts_leak_no_descriptor),
		cmocka_unit_test(hangs_and_dies_with_all_it_started),
		cmocka_unit_test(closes_everything_and_hangs),
		cmocka_unit_test(floods_and_is_killed),
		cmocka_unit_test(output_may_be_out_max_and_no_more),
		cmocka_unit_test(large_output_is_whole),
		cmocka_unit_test(floods_its_errors_and_goes_on),
		cmocka_unit_test(leaves_its_input_unread),
		cmocka_unit_test(closes_a_feed_early_and_reads_the_other),
		cmocka_unit_test(is_fed_on_several_descriptors),
		cmocka_unit_test(stdin_may_have_the_number_of_a_feed),
		cmocka_unit_test(what_it_holds_lasts_as_long_as_all_of_it),
		cmocka_unit_test(inherits_nothing_else),
		cmocka_unit_test(environment_is_what_is_given),
		cmocka_unit_test(
		    stands_in_a_session_of_its_own_with_default_signals),
		cmocka_unit_test(
		    its_end_ends_the_run_whatever_it_leaves_behind),
		cmocka_unit_test(killed_is_told_from_exited),
		cmocka_unit_test(status_is_known_where_sigchld_is_ignored),
		cmocka_unit_test(note_is_fit_for_a_terminal),
		cmocka_unit_test(output_goes_to_the_note_where_none_is_wanted),
		cmocka_unit_test(helper_is_not_found_anywhere_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
