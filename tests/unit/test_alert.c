/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/utc.h"
#include "crypto/policy.h"
#include "ledger/alert.h"
#include "ledger/alert_internal.h"

#define LINE "{\"n\":7,\"event\":\"open\",\"credential\":\"db root\"}"

static char top[] = "/tmp/quo-alert.XXXXXX";
static char hooks_dir[64], sock[64];

/* The path of a file in the hooks directory; good until the next call. */
static const char *
at(const char *name)
{
	static char path[512];

	snprintf(path, sizeof path, "%s/%s", hooks_dir, name);
	return path;
}

static const char *
put_hook(const char *name, const char *text)
{
	const char *path = at(name);
	FILE *f;

	unlink(path);
	f = fopen(path, "we");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, 0755), 0);
	return path;
}

static void
empty(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *entry;

	while (d != NULL && (entry = readdir(d)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			unlinkat(dirfd(d), entry->d_name, 0);
	if (d != NULL)
		closedir(d);
}

static int
clear(void **state)
{
	(void)state;
	empty(hooks_dir);
	unlink(sock);
	return chmod(hooks_dir, 0755);
}

static void
assert_clean(const char *why)
{
	assert_int_not_equal(strlen(why), 0);
	assert_true(quo_text_valid(why, strlen(why)));
}

static int
listen_on(int type, int backlog)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	assert_int_not_equal(fd, -1);
	strcpy(to.sun_path, sock);
	assert_int_equal(bind(fd, (struct sockaddr *)&to, sizeof to), 0);
	if (type != SOCK_DGRAM)
		assert_int_equal(listen(fd, backlog), 0);
	return fd;
}

static void
no_socket_is_said(void **state)
{
	char why[QUO_ALERT_WHY], far[300];
	int fd;

	(void)state;
	assert_err(quo_alert_syslog(sock, "x", why), QUO_EIO);
	assert_non_null(strstr(why, "No such file"));
	assert_non_null(strstr(why, sock));
	/* a file in its place */
	fd = open(sock, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	assert_int_equal(close(fd), 0);
	assert_err(quo_alert_syslog(sock, "x", why), QUO_EIO);
	assert_non_null(strstr(why, "refused"));
	unlink(sock);
	/* a socket of a daemon that died, and one of another kind */
	close(listen_on(SOCK_DGRAM, 0));
	assert_err(quo_alert_syslog(sock, "x", why), QUO_EIO);
	unlink(sock);
	fd = listen_on(SOCK_SEQPACKET, 1);
	assert_err(quo_alert_syslog(sock, "x", why), QUO_EIO);
	close(fd);
	memset(far, 'a', sizeof far - 1);
	far[sizeof far - 1] = '\0';
	assert_err(quo_alert_syslog(far, "x", why), QUO_EIO);
	assert_clean(why);
}

/* Send until it isn't taken, and return how long that took. */
static double
fill(unsigned most, char why[QUO_ALERT_WHY])
{
	double before = 0;
	enum quo_err err = QUO_OK;

	for (unsigned i = 0; err == QUO_OK && i < most; i++) {
		before = quo_clock();
		err = quo_alert_syslog(sock, "x", why);
	}
	assert_err(err, QUO_EIO);
	return quo_clock() - before;
}

static void
full_queue_holds_nobody_up(void **state)
{
	char why[QUO_ALERT_WHY];
	double took;
	int fd;

	(void)state;
	fd = listen_on(SOCK_DGRAM, 0);
	took = fill(100000, why);
	assert_true(took > 0.9 && took < 10);
	assert_non_null(strstr(why, "nobody takes messages"));
	close(fd);
	unlink(sock);
	/* nobody accepts */
	fd = listen_on(SOCK_STREAM, 0);
	took = fill(100, why);
	assert_true(took > 0.9 && took < 10);
	assert_non_null(strstr(why, "nobody takes messages"));
	close(fd);
}

static void
full_queue_that_empties_in_time_takes_it(void **state)
{
	char why[QUO_ALERT_WHY], text[2048];
	int fd = listen_on(SOCK_DGRAM, 0);
	pid_t pid;

	(void)state;
	fill(100000, why);
	pid = fork();
	if (pid == 0) {
		usleep(300000);
		_exit(recv(fd, text, sizeof text, 0) > 0 ? 0 : 1);
	}
	assert_true(pid > 0);
	assert_err(quo_alert_syslog(sock, "late", why), QUO_OK);
	assert_string_equal(why, "");
	close(fd);
}

/* One message as it came; its head must be right. Returns what follows. */
static const char *
receive(int fd, char text[4096], size_t *len)
{
	int day, h, m, s, used = 0;
	char name[8];
	long pid = 0;
	ssize_t n = recv(fd, text, 4095, 0);

	assert_true(n > 0);
	text[n] = '\0';
	*len = (size_t)n;
	assert_int_equal(sscanf(text, "<81>%3s %2d %2d:%2d:%2d "
	    "quorate[%ld]: %n", name, &day, &h, &m, &s, &pid, &used), 6);
	assert_non_null(strstr("JanFebMarAprMayJunJulAugSepOctNovDec", name));
	assert_int_equal(text[7], ' ');
	assert_int_equal(pid, getpid());
	assert_true(used > 0);
	return text + used;
}

static void
message_comes_in_the_form_of_local_sockets(void **state)
{
	char why[QUO_ALERT_WHY] = "before", text[4096];
	int fd, one;
	size_t len;

	(void)state;
	fd = listen_on(SOCK_DGRAM, 0);
	assert_err(quo_alert_syslog(sock, "db root opened by cfo", why),
	    QUO_OK);
	assert_string_equal(why, "");
	assert_string_equal(receive(fd, text, &len), "db root opened by cfo");
	assert_int_equal(strlen(text), len);
	close(fd);
	unlink(sock);

	fd = listen_on(SOCK_STREAM, 5);
	assert_err(quo_alert_syslog(sock, "by stream", why), QUO_OK);
	one = accept(fd, NULL, NULL);
	assert_int_not_equal(one, -1);
	assert_string_equal(receive(one, text, &len), "by stream");
	assert_int_equal(strlen(text) + 1, len);
	close(one);
	close(fd);
}

static void
message_is_cleaned_and_cut_between_characters(void **state)
{
	char why[QUO_ALERT_WHY], text[4096], big[4000];
	int fd = listen_on(SOCK_DGRAM, 0);
	const char *got;
	size_t len;

	(void)state;
	assert_err(quo_alert_syslog(sock, "a\nb\x1b[2Jc\x7f" "d\xc2\x9b"
	    "e\xff" "f\xed\xa0\x80g \xc3\xa9 100% %n", why), QUO_OK);
	assert_string_equal(receive(fd, text, &len),
	    "a?b?[2Jc?d??e?f???g \xc3\xa9 100% %n");
	/* three bytes each: at one offset in three none would be cut */
	for (size_t shift = 0; shift < 3; shift++) {
		memset(big, 'x', shift);
		for (size_t i = shift; i + 3 < sizeof big; i += 3)
			memcpy(big + i, "\xe2\x82\xac", 4);
		assert_err(quo_alert_syslog(sock, big, why), QUO_OK);
		got = receive(fd, text, &len);
		assert_true(len <= QUO_ALERT_SYSLOG_MAX);
		assert_true(len > QUO_ALERT_SYSLOG_MAX - 3);
		assert_true(quo_text_valid(got, strlen(got)));
		assert_memory_equal(got, big, strlen(got));
	}
	close(fd);
}

static void
cleaning_keeps_to_its_room(void **state)
{
	char out[8];

	(void)state;
	assert_int_equal(quo_alert_clean("", out, sizeof out), 0);
	assert_string_equal(out, "");
	assert_int_equal(quo_alert_clean("12345678", out, sizeof out), 7);
	assert_int_equal(quo_alert_clean("123456\xc3\xa9", out, sizeof out),
	    6);
	assert_int_equal(quo_alert_clean("12345\xc3\xa9", out, sizeof out),
	    7);
	assert_int_equal(quo_alert_clean("1\xf0\x9f\x94", out, sizeof out),
	    4);
	assert_string_equal(out, "1???");
}

/* The one of this name, in a list that has it. */
static const struct quo_alert_hook *
find(const struct quo_alert_hook *list, size_t count, const char *sink)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].sink, sink) == 0)
			return &list[i];
	fail_msg("no %s in the list", sink);
	return NULL;
}

static void
no_directory_is_no_empty_one(void **state)
{
	struct quo_alert_hook *list = NULL;
	char path[80];
	size_t count = 9;

	(void)state;
	snprintf(path, sizeof path, "%s/none", top);
	assert_err(quo_alert_hooks_list(path, &list, &count), QUO_ENOENT);
	put_hook("file", "");
	assert_err(quo_alert_hooks_list(at("file"), &list, &count), QUO_EIO);
	assert_null(list);
	assert_int_equal(count, 9);
	unlink(at("file"));
	assert_err(quo_alert_hooks_list(hooks_dir, &list, &count), QUO_OK);
	assert_int_equal(count, 0);
	quo_alert_hooks_free(list, count);
}

static void
bad_hooks_are_listed_with_the_reason(void **state)
{
	static const struct {
		const char *sink, *words;
	} want[] = {
		{ "hook:dangling", "leads nowhere" },
		{ "hook:directory", "no regular file" },
		{ "hook:no-x", "not executable" },
		{ "hook:open", "writable by others" },
		{ "hook:two words", "other than" },
		{ "hook:v\xc3\xb6gel", "other than" },
		{ "hook:?[2J?x", "other than" },
		{ "hook:pipe", "no regular file" },
	};
	struct quo_alert_hook *list = NULL;
	const struct quo_alert_hook *hook;
	size_t count = 0;

	(void)state;
	put_hook("no-x", "#!/bin/sh\n");
	assert_int_equal(chmod(at("no-x"), 0644), 0);
	put_hook("open", "#!/bin/sh\n");
	assert_int_equal(chmod(at("open"), 0757), 0);
	assert_int_equal(symlink("/nonexistent/x", at("dangling")), 0);
	assert_int_equal(mkdir(at("directory"), 0755), 0);
	assert_int_equal(mkfifo(at("pipe"), 0755), 0);
	put_hook("two words", "#!/bin/sh\n");
	put_hook("v\xc3\xb6gel", "#!/bin/sh\n");
	put_hook("\x1b[2J\nx", "#!/bin/sh\n");
	assert_err(quo_alert_hooks_list(hooks_dir, &list, &count), QUO_OK);
	assert_int_equal(count, sizeof want / sizeof *want);
	for (size_t i = 0; i < count; i++) {
		hook = find(list, count, want[i].sink);
		assert_clean(hook->why);
		assert_non_null(strstr(hook->why, want[i].words));
	}
	rmdir(at("directory"));
	quo_alert_hooks_free(list, count);
}

static void
names_are_in_order_and_leavings_left_out(void **state)
{
	static const char *const good[] = { "10-mail", "20.webhook", "Z", "a" };
	static const char *const left[] = { ".hidden", "a~", "a.dpkg-old",
		"a.dpkg-dist", "mail.dpkg-new" };
	struct quo_alert_hook *list = NULL;
	char sink[40];
	size_t count = 0;

	(void)state;
	for (size_t i = 4; i > 0; i--)
		put_hook(good[i - 1], "#!/bin/sh\n");
	for (size_t i = 0; i < sizeof left / sizeof *left; i++)
		put_hook(left[i], "#!/bin/sh\n");
	assert_err(quo_alert_hooks_list(hooks_dir, &list, &count), QUO_OK);
	assert_int_equal(count, 4);
	for (size_t i = 0; i < 4; i++) {
		snprintf(sink, sizeof sink, "hook:%s", good[i]);
		assert_string_equal(list[i].sink, sink);
		assert_string_equal(list[i].path, at(good[i]));
		assert_string_equal(list[i].why, "");
	}
	quo_alert_hooks_free(list, count);
}

static void
shared_directory_makes_all_hooks_unsafe(void **state)
{
	struct quo_alert_hook *list = NULL;
	char why[QUO_ALERT_WHY], ran[80];
	size_t count = 0;

	(void)state;
	snprintf(ran, sizeof ran, "%s/ran", top);
	put_hook("a", "#!/bin/sh\n: >\"${0%/*}/../ran\"\n");
	/* What it leads to is root's, in a directory of root's. */
	assert_int_equal(symlink("/usr/bin/true", at("b")), 0);
	assert_int_equal(chmod(hooks_dir, 0777), 0);
	assert_err(quo_alert_hooks_list(hooks_dir, &list, &count), QUO_OK);
	assert_int_equal(count, 2);
	assert_non_null(strstr(list[0].why, "writable by others"));
	assert_non_null(strstr(list[1].why, "writable by others"));
	assert_err(quo_alert_hook(at("a"), LINE, 5, why), QUO_EUNSAFE);
	assert_clean(why);
	assert_err(quo_alert_hook(at("b"), LINE, 5, why), QUO_EUNSAFE);
	assert_int_equal(access(ran, F_OK), -1);
	assert_int_equal(chmod(hooks_dir, 0755), 0);
	assert_err(quo_alert_hook(at("a"), LINE, 5, why), QUO_OK);
	assert_err(quo_alert_hook(at("b"), LINE, 5, why), QUO_OK);
	assert_int_equal(access(ran, F_OK), 0);
	unlink(ran);
	quo_alert_hooks_free(list, count);
}

static void
link_into_a_shared_directory_is_unsafe(void **state)
{
	char why[QUO_ALERT_WHY], shared[64], moved[80];

	(void)state;
	snprintf(shared, sizeof shared, "%s/shared", top);
	snprintf(moved, sizeof moved, "%s/program", shared);
	assert_int_equal(mkdir(shared, 0755), 0);
	assert_int_equal(rename(put_hook("a", "#!/bin/sh\n"), moved), 0);
	assert_int_equal(symlink(moved, at("a")), 0);
	assert_err(quo_alert_hook(at("a"), LINE, 5, why), QUO_OK);
	assert_int_equal(chmod(shared, 0777), 0);
	assert_err(quo_alert_hook(at("a"), LINE, 5, why), QUO_EUNSAFE);
	assert_non_null(strstr(why, shared));
	unlink(moved);
	rmdir(shared);
}

static void
hook_gets_the_line_and_nothing_else(void **state)
{
	char why[QUO_ALERT_WHY] = "before";
	const char *path = put_hook("a", "#!/bin/sh\n"
	    "[ $# = 0 ] || exit 10\n"
	    "[ \"$(tr '\\0' '\\n' </proc/$$/environ)\" ="
	    " PATH=/usr/sbin:/usr/bin:/sbin:/bin ] || exit 11\n"
	    "cat >\"${0%/*}/../got\"\n"
	    "[ \"$(cut -d ' ' -f 6 </proc/$$/stat)\" = $$ ] || exit 12\n"
	    "for n in 3 4 5 6 7 8 9; do\n"
	    "[ ! -e /proc/$$/fd/$n ] || exit 13; done\n");
	char got[80], text[200] = "";
	FILE *f;

	(void)state;
	setenv("QUORATE_SECRET", "leaked", 1);
	assert_err(quo_alert_hook(path, LINE, 5, why), QUO_OK);
	unsetenv("QUORATE_SECRET");
	assert_string_equal(why, "");
	snprintf(got, sizeof got, "%s/got", top);
	f = fopen(got, "re");
	assert_non_null(f);
	assert_int_equal(fread(text, 1, sizeof text, f), strlen(LINE "\n"));
	assert_int_equal(fclose(f), 0);
	assert_string_equal(text, LINE "\n");
	unlink(got);
}

static void
hostile_hooks_neither_hold_nor_fill(void **state)
{
	static const struct {
		const char *text;
		enum quo_err err;
		const char *words;
	} cases[] = {
		{ "#!/bin/sh\ntrap '' TERM HUP INT\n"
			"while :; do sleep 300; done\n", QUO_ETIMEOUT,
			"killed after 1 second" },
		/* Its end is what counts, not that of what it left. */
		{ "#!/bin/sh\nsleep 300 &\nexit 0\n", QUO_OK, "" },
		{ "#!/bin/sh\nsleep 300 &\nexit 4\n", QUO_ECHILD,
			"exit status 4" },
		{ "#!/bin/sh\ncat /dev/zero >&2 &\nexit 0\n", QUO_OK, "" },
		{ "#!/bin/sh\nhead -c 100000000 /dev/zero\n"
			"head -c 100000000 /dev/zero >&2\nexit 0\n", QUO_OK,
			"" },
		/* Floods for ever, on both. */
		{ "#!/bin/sh\ncat /dev/zero & cat /dev/zero >&2\n",
			QUO_ETIMEOUT, "killed after" },
		{ "#!/bin/sh\nkill -SEGV $$\n", QUO_ECHILD,
			"killed by signal 11" },
		{ "#!/bin/sh\necho 'no route\nto host' >&2; kill -9 $$\n",
			QUO_ECHILD, "killed by signal 9: no route" },
		{ "#!/bin/sh\nprintf 'a\\033[2J\\377\\n' >&2; exit 75\n",
			QUO_ECHILD, "exit status 75: a?[2J?" },
		{ "#!/bin/sh\nexit 1\n", QUO_ECHILD, "exit status 1" },
		{ "#!/nonexistent/python\n", QUO_ECHILD,
			"could not be started" },
		{ "no program\n", QUO_ECHILD, "could not be started" },
		{ "", QUO_ECHILD, "could not be started" },
		/* Nobody reads what it is given. */
		{ "#!/bin/sh\nexec <&-\nsleep 0.1\n", QUO_OK, "" },
		{ "#!/bin/sh\nexit 0\n", QUO_OK, "" },
	};
	struct rusage before, after;
	char why[QUO_ALERT_WHY];
	const char *path;
	double start, took;
	bool late;

	(void)state;
	getrusage(RUSAGE_SELF, &before);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		path = put_hook("hostile", cases[i].text);
		late = cases[i].err == QUO_ETIMEOUT;
		strcpy(why, "before");
		start = quo_clock();
		assert_err(quo_alert_hook(path, LINE, late ? 1 : 60, why),
		    cases[i].err);
		took = quo_clock() - start;
		if (took < (late ? 0.9 : 0) || took > 30)
			fail_msg("hook %zu took %.1f s", i, took);
		if (strncmp(why, cases[i].words, strlen(cases[i].words)) != 0)
			fail_msg("hook %zu: %s", i, why);
		assert_true(quo_text_valid(why, strlen(why)));
	}
	getrusage(RUSAGE_SELF, &after);
	/* in KiB; the sanitizers take a little */
	assert_true(after.ru_maxrss - before.ru_maxrss < 8 << 10);
}

static void
big_event_to_a_hook_that_does_not_read(void **state)
{
	char why[QUO_ALERT_WHY], *line = malloc((1u << 20) + 1);

	(void)state;
	assert_non_null(line);
	memset(line, 'x', 1u << 20);
	line[1u << 20] = '\0';
	assert_err(quo_alert_hook(put_hook("a", "#!/bin/sh\nexit 0\n"), line,
	    5, why), QUO_OK);
	assert_err(quo_alert_hook(put_hook("a", "#!/bin/sh\nsleep 300\n"),
	    line, 1, why), QUO_ETIMEOUT);
	assert_err(quo_alert_hook(put_hook("a", "#!/bin/sh\n"
	    "[ $(wc -c) = 1048577 ]\n"), line, 5, why), QUO_OK);
	free(line);
}

static void
timed_out_hook_takes_its_session_with_it(void **state)
{
	char why[QUO_ALERT_WHY], file[80];
	const char *path = put_hook("a", "#!/bin/sh\n"
	    "sleep 301 & echo $! >\"${0%/*}/../pid\"; wait\n");
	long pid = 0;
	FILE *f;

	(void)state;
	snprintf(file, sizeof file, "%s/pid", top);
	assert_err(quo_alert_hook(path, LINE, 1, why), QUO_ETIMEOUT);
	f = fopen(file, "re");
	assert_non_null(f);
	assert_int_equal(fscanf(f, "%ld", &pid), 1);
	fclose(f);
	for (int i = 0; i < 100 && kill((pid_t)pid, 0) == 0; i++)
		usleep(20000);
	/* Gone, or dead and not yet waited for by whoever inherited it. */
	if (kill((pid_t)pid, 0) == 0) {
		char proc[64], line[256] = "";

		snprintf(proc, sizeof proc, "/proc/%ld/stat", pid);
		f = fopen(proc, "re");
		assert_non_null(f);
		assert_non_null(fgets(line, sizeof line, f));
		fclose(f);
		assert_non_null(strstr(line, ") Z "));
	}
	unlink(file);
}

static void
hook_that_went_meanwhile_is_not_run(void **state)
{
	struct quo_alert_hook *list = NULL;
	char why[QUO_ALERT_WHY];
	size_t count = 0;

	(void)state;
	put_hook("a", "#!/bin/sh\n");
	put_hook("b", "#!/bin/sh\n");
	assert_err(quo_alert_hooks_list(hooks_dir, &list, &count), QUO_OK);
	assert_int_equal(count, 2);
	unlink(at("a"));
	assert_int_equal(chmod(at("b"), 0777), 0);
	assert_err(quo_alert_hook(list[0].path, LINE, 5, why), QUO_ENOENT);
	assert_non_null(strstr(why, "is not there"));
	assert_err(quo_alert_hook(list[1].path, LINE, 5, why), QUO_EUNSAFE);
	assert_non_null(strstr(why, "writable"));
	quo_alert_hooks_free(list, count);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(no_socket_is_said, clear),
		cmocka_unit_test_setup(full_queue_holds_nobody_up, clear),
		cmocka_unit_test_setup(
		    full_queue_that_empties_in_time_takes_it, clear),
		cmocka_unit_test_setup(
		    message_comes_in_the_form_of_local_sockets, clear),
		cmocka_unit_test_setup(
		    message_is_cleaned_and_cut_between_characters, clear),
		cmocka_unit_test(cleaning_keeps_to_its_room),
		cmocka_unit_test_setup(no_directory_is_no_empty_one, clear),
		cmocka_unit_test_setup(bad_hooks_are_listed_with_the_reason,
		    clear),
		cmocka_unit_test_setup(
		    names_are_in_order_and_leavings_left_out, clear),
		cmocka_unit_test_setup(
		    shared_directory_makes_all_hooks_unsafe, clear),
		cmocka_unit_test_setup(link_into_a_shared_directory_is_unsafe,
		    clear),
		cmocka_unit_test_setup(hook_gets_the_line_and_nothing_else,
		    clear),
		cmocka_unit_test_setup(hostile_hooks_neither_hold_nor_fill,
		    clear),
		cmocka_unit_test_setup(big_event_to_a_hook_that_does_not_read,
		    clear),
		cmocka_unit_test_setup(
		    timed_out_hook_takes_its_session_with_it, clear),
		cmocka_unit_test_setup(hook_that_went_meanwhile_is_not_run,
		    clear),
	};
	int failed;

	if (mkdtemp(top) == NULL)
		return 1;
	snprintf(hooks_dir, sizeof hooks_dir, "%s/hooks", top);
	snprintf(sock, sizeof sock, "%s/log", top);
	if (chmod(top, 0755) != 0 || mkdir(hooks_dir, 0755) != 0)
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	clear(NULL);
	rmdir(hooks_dir);
	rmdir(top);
	return failed;
}
