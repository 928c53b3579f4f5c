/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/settings.h"

static char dir[] = "/tmp/test-settings-XXXXXX";
static char said[4096];

static void
write_file(const char *name, const char *text)
{
	FILE *file;

	assert_int_equal(chdir(dir), 0);
	file = fopen(name, "w");
	assert_non_null(file);
	assert_int_equal(fputs(text, file) >= 0, 1);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(name, 0644), 0);
}

/* Merging, what it says being kept in said. */
static enum quo_err
merge(const char *name, bool forgiving, struct quo_settings *settings)
{
	FILE *file = tmpfile();
	int saved = dup(STDERR_FILENO);
	enum quo_err err;

	assert_non_null(file);
	dup2(fileno(file), STDERR_FILENO);
	err = quo_settings_merge(name, forgiving, settings);
	dup2(saved, STDERR_FILENO);
	close(saved);
	rewind(file);
	said[fread(said, 1, sizeof said - 1, file)] = '\0';
	fclose(file);
	return err;
}

static void
a_fault_is_named_and_changes_nothing(void **state)
{
	static const struct {
		const char *text, *words;
	} cases[] = {
		{ "ledgr = none\n", "f:1: there is no setting \"ledgr\"" },
		{ "ledgr = none\n", "did you mean ledger?" },
		{ "\n# x\nledger\n", "f:3: a line is `key = value`" },
		{ "ledger = a.db\n", "ledger is a path from / on or none" },
		{ "ledger =\n", "ledger is a path" },
		{ "hooks = none\n", "hooks is a path from / on, not" },
		{ "deadline = 4\n", "deadline takes a time" },
		{ "deadline = 59s\n", "not \"59s\"" },
		{ "deadline = 4h # four\n", "not \"4h # four\"" },
		{ "drill-every = 23h\n", "drill-every takes a time" },
		{ "max-age = 3651d\n", "max-age takes a time" },
		{ "max-age = 99999999999999999999d\n", "max-age takes" },
		{ "deadline = none\n", "deadline takes a time" },
		{ "deadline = 2h\ndeadline = 2h\n", "f:2: deadline is given "
		    "twice" },
		{ "= 2h\n", "there is no setting \"\"" },
		{ "hooks = /a\033[2J\n", "f:1: the line is no text" },
		{ "hooks = /\377\n", "f:1: the line is no text" },
		{ "deadline = 2h\r\n", "f:1: the line is no text" },
	};
	struct quo_settings s = { .deadline = 7 };

	(void)state;
	s.ledger = strdup("/kept");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[256];

		/* A good line before it doesn't count either. */
		write_file("f", cases[i].text);
		assert_int_equal(merge("f", false, &s) != QUO_OK, 1);
		if (strstr(said, cases[i].words) == NULL)
			fail_msg("case %zu: %s", i, said);
		snprintf(text, sizeof text, "ledger = /other\n%s",
		    strncmp(cases[i].text, "ledger", 6) == 0 ?
		    "x" : cases[i].text);
		write_file("f", text);
		assert_int_equal(merge("f", false, &s) != QUO_OK, 1);
		assert_err(merge("f", true, &s), QUO_OK);
		assert_non_null(strstr(said, "warning: f:"));
		assert_non_null(strstr(said, "going on without what f says"));
		assert_string_equal(s.ledger, "/kept");
		assert_int_equal(s.deadline, 7);
		assert_int_equal(s.ledger_from, QUO_LEDGER_NONE);
	}
	quo_settings_clear(&s);
}

static void
bytes_past_a_limit_are_refused(void **state)
{
	struct quo_settings s = { 0 };
	char *text = malloc(70000);

	(void)state;
	assert_non_null(text);
	memset(text, '#', 69999);
	text[69999] = '\0';
	write_file("f", text);
	assert_err(merge("f", false, &s), QUO_ETOOBIG);
	text[1024] = '\0';
	write_file("f", text);
	assert_err(merge("f", false, &s), QUO_EINVAL);
	assert_non_null(strstr(said, "f:1: the line is too long"));
	text[1023] = '\0';
	write_file("f", text);
	assert_err(merge("f", false, &s), QUO_OK);
	write_file("f", "ledger = /a");
	assert_int_equal(truncate("f", 20), 0);
	assert_err(merge("f", false, &s), QUO_EINVAL);
	assert_non_null(strstr(said, "no text"));
	free(text);
	quo_settings_clear(&s);
}

static void
what_others_could_write_is_refused(void **state)
{
	struct quo_settings s = { 0 };

	(void)state;
	write_file("f", "ledger = none\n");
	assert_int_equal(chmod("f", 0664), 0);
	assert_err(merge("f", false, &s), QUO_EUNSAFE);
	assert_non_null(strstr(said, "f: is writable by others"));
	assert_int_equal(chmod("f", 0646), 0);
	assert_err(merge("f", false, &s), QUO_EUNSAFE);
	assert_int_equal(chmod("f", 0644), 0);
	if (geteuid() == 0) {
		assert_int_equal(chown("f", 65534, 65534), 0);
		assert_err(merge("f", false, &s), QUO_EUNSAFE);
		assert_non_null(strstr(said, "f: is not owned by root"));
		assert_int_equal(chown("f", 0, 0), 0);
	}
	assert_err(merge("f", false, &s), QUO_OK);
	if (geteuid() == 0) {
		assert_int_equal(chmod(dir, 0777), 0);
		assert_err(merge("f", false, &s), QUO_EUNSAFE);
		assert_non_null(strstr(said, "is writable by others"));
		assert_int_equal(chmod(dir, 0700), 0);
	}
	assert_err(merge(".", false, &s), QUO_EUNSAFE);
	assert_int_equal(mkfifo("pipe", 0600), 0);
	assert_err(merge("pipe", false, &s), QUO_EUNSAFE);
	assert_int_equal(unlink("pipe"), 0);
	quo_settings_clear(&s);
}

static void
the_later_file_wins_key_by_key(void **state)
{
	struct quo_settings s = { 0 };

	(void)state;
	write_file("a", "# host\n\nledger = /a.db\n  deadline=2h\t\n"
	    "hooks = /hooks here\nsyslog = none\n");
	write_file("b", "ledger = none\nmax-age = 30d\n\tsyslog = /run/log");
	assert_err(merge("absent", false, &s), QUO_OK);
	assert_err(merge("a/b", false, &s), QUO_OK);
	assert_err(merge("a", false, &s), QUO_OK);
	assert_string_equal(said, "");
	assert_string_equal(s.ledger, "/a.db");
	assert_int_equal(s.ledger_from, QUO_LEDGER_CONFIG);
	assert_null(s.syslog);
	assert_err(merge("b", false, &s), QUO_OK);
	assert_null(s.ledger);
	assert_int_equal(s.ledger_from, QUO_LEDGER_NONE);
	assert_int_equal(s.deadline, 2 * 3600);
	assert_int_equal(s.max_age, 30 * 86400);
	assert_string_equal(s.hooks, "/hooks here");
	assert_string_equal(s.syslog, "/run/log");
	quo_settings_clear(&s);
}

/* The files of the host that tests run on have no say in these. */
static void
where_the_ledger_is(void **state)
{
	static const char *const own[] = { "/var/lib/quorate/ledger.db",
	    "/state/quorate/ledger.db", "/home/x/.local/state/quorate/ledger.db"
	};
	struct quo_common plain = { 0 }, none = { .no_ledger = true },
	    given = { .ledger = "x.db" }, empty = { .ledger = "" };
	struct quo_settings s;
	bool root = geteuid() == 0;

	(void)state;
	if (access("/etc/quorate/config", F_OK) == 0)
		skip();
	setenv("HOME", "/home/x", 1);
	setenv("XDG_STATE_HOME", "/state", 1);
	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	assert_int_equal(quo_settings_load(&empty, &s), QUO_EXIT_MISUSE);
	assert_int_equal(quo_settings_load(&plain, &s), QUO_EXIT_DONE);
	assert_int_equal(s.ledger_from, QUO_LEDGER_DEFAULT);
	assert_string_equal(s.ledger, own[root ? 0 : 1]);
	assert_string_equal(s.hooks, "/etc/quorate/alerts.d");
	assert_string_equal(s.syslog, "/dev/log");
	assert_int_equal(s.deadline, 4 * 3600);
	assert_int_equal(s.approval_expires, 86400);
	quo_settings_clear(&s);
	setenv("XDG_STATE_HOME", "relative", 1);
	assert_int_equal(quo_settings_load(&plain, &s), QUO_EXIT_DONE);
	assert_string_equal(s.ledger, own[root ? 0 : 2]);
	quo_settings_clear(&s);
	unsetenv("HOME");
	assert_int_equal(quo_settings_load(&plain, &s), QUO_EXIT_DONE);
	assert_int_equal(s.ledger_from,
	    root ? QUO_LEDGER_DEFAULT : QUO_LEDGER_UNKNOWN);
	quo_settings_clear(&s);
	assert_int_equal(quo_settings_load(&none, &s), QUO_EXIT_DONE);
	assert_int_equal(s.ledger_from, QUO_LEDGER_BYPASSED);
	assert_null(s.ledger);
	quo_settings_clear(&s);
	assert_int_equal(quo_settings_load(&given, &s), QUO_EXIT_DONE);
	assert_int_equal(s.ledger_from, QUO_LEDGER_GIVEN);
	assert_string_equal(s.ledger, "x.db");
	quo_settings_clear(&s);
}

static int
setup(void **state)
{
	(void)state;
	return mkdtemp(dir) == NULL;
}

static int
teardown(void **state)
{
	(void)state;
	unlink("a");
	unlink("b");
	unlink("f");
	return chdir("/") != 0 || rmdir(dir) != 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fault_is_named_and_changes_nothing),
		cmocka_unit_test(bytes_past_a_limit_are_refused),
		cmocka_unit_test(what_others_could_write_is_refused),
		cmocka_unit_test(the_later_file_wins_key_by_key),
		cmocka_unit_test(where_the_ledger_is),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
