/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/kin.h"

/* A child that runs body, then sleeps; the pipe tells when it got there. */
static pid_t
start(void (*body)(void))
{
	int ready[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		if (body != NULL)
			body();
		close(ready[0]);
		if (write(ready[1], "x", 1) != 1)
			_exit(1);
		close(ready[1]);
		for (;;)
			pause();
	}
	assert_true(pid > 0);
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return pid;
}

/* Away from the session and from its parent, as daemons do. */
static void
leave(void)
{
	setsid();
	if (fork() > 0)
		_exit(0);
}

static void
ignore_all(void)
{
	for (int i = 1; i < 32; i++)
		signal(i, SIG_IGN);
}

static bool
is_listed(pid_t pid)
{
	struct quo_kin *kin = NULL;
	size_t count = 0;
	bool found = false;

	assert_err(quo_kin_list(&kin, &count), QUO_OK);
	for (size_t i = 0; i < count; i++)
		found = found || kin[i].pid == pid;
	free(kin);
	return found;
}

static void
who_ended_or_is_no_kin_is_not_listed(void **state)
{
	pid_t pid = fork();

	(void)state;
	if (pid == 0)
		_exit(0);
	assert_int_equal(waitid(P_PID, (id_t)pid, NULL, WEXITED | WNOWAIT),
	    0);
	assert_false(is_listed(pid));
	assert_false(is_listed(getpid()));
	assert_false(is_listed(getppid()));
	assert_false(is_listed(1));
	assert_true(quo_kin_settle(0, NULL, 0));
	/* it was waited for */
	assert_int_equal(waitpid(pid, NULL, 0), -1);
	assert_int_equal(errno, ECHILD);
}

static void
who_lives_on_is_named_and_killed(void **state)
{
	pid_t pid = start(ignore_all);
	char name[64] = "";

	(void)state;
	assert_true(is_listed(pid));
	assert_false(quo_kin_settle(50, name, sizeof name));
	assert_non_null(strstr(name, "test_kin ("));
	assert_int_equal(strtol(strchr(name, '(') + 1, NULL, 10), pid);
	assert_int_equal(kill(pid, 0), -1);
	assert_true(quo_kin_settle(0, name, sizeof name));
}

static void
daemons_are_kin(void **state)
{
	struct quo_kin *kin = NULL;
	size_t count = 0;
	char name[64];

	(void)state;
	assert_err(quo_kin_adopt(), QUO_OK);
	/* what it left by has ended when it is waited for */
	assert_int_equal(waitpid(start(leave), NULL, 0) > 0, 1);
	assert_err(quo_kin_list(&kin, &count), QUO_OK);
	assert_int_equal(count, 1);
	free(kin);
	assert_false(quo_kin_settle(0, name, sizeof name));
	assert_err(quo_kin_list(&kin, &count), QUO_OK);
	assert_int_equal(count, 0);
	free(kin);
}

/* Grandchildren, too, whatever the order of their numbers. */
static void
fork_more(void)
{
	for (int i = 0; i < 3; i++)
		if (fork() == 0)
			for (;;)
				pause();
}

static void
all_generations_are_kin(void **state)
{
	struct quo_kin *kin = NULL;
	size_t count = 0;

	(void)state;
	start(fork_more);
	assert_err(quo_kin_list(&kin, &count), QUO_OK);
	assert_int_equal(count, 4);
	free(kin);
	assert_false(quo_kin_settle(0, NULL, 0));
	assert_true(quo_kin_settle(0, NULL, 0));
}

static void
who_ends_in_time_is_fine(void **state)
{
	const struct timespec nap = { 0, 100000000 };
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		nanosleep(&nap, NULL);
		_exit(0);
	}
	assert_true(quo_kin_settle(10000, NULL, 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_ended_or_is_no_kin_is_not_listed),
		cmocka_unit_test(who_lives_on_is_named_and_killed),
		cmocka_unit_test(daemons_are_kin),
		cmocka_unit_test(all_generations_are_kin),
		cmocka_unit_test(who_ends_in_time_is_fine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
