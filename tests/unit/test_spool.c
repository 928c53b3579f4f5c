/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "place.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/utc.h"
#include "ledger/checkpoint.h"
#include "ledger/ledger_internal.h"
#include "ledger/spool.h"

#define IN_PLACE(test) \
	cmocka_unit_test_setup_teardown(test, setup, teardown)

/* A ledger, a directory of hooks and a socket of its own for each test. */
struct place {
	char dir[sizeof PLACE], path[80], hooks[80], sock[80], got[80];
	struct quo_ledger *ledger;
	int fd;
	struct quo_spool spool;
};

static int
setup(void **state)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	struct place *p = calloc(1, sizeof *p);

	p->ledger = place_make(p->dir, true);
	if (chmod(p->dir, 0755) != 0)
		return -1;
	snprintf(p->path, sizeof p->path, "%s/ledger.db", p->dir);
	snprintf(p->hooks, sizeof p->hooks, "%s/hooks", p->dir);
	snprintf(p->sock, sizeof p->sock, "%s/log", p->dir);
	snprintf(p->got, sizeof p->got, "%s/got", p->dir);
	strcpy(to.sun_path, p->sock);
	p->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	*state = p;
	p->spool = (struct quo_spool){ .hooks = p->hooks,
	    .syslog = p->sock, .hook_seconds = 5 };
	return mkdir(p->hooks, 0755) != 0 ||
	    bind(p->fd, (struct sockaddr *)&to, sizeof to) != 0;
}

static int
teardown(void **state)
{
	struct place *p = *state;
	int rc = place_drop(p->ledger, p->dir);

	close(p->fd);
	free(p);
	return rc;
}

/* A hook: lines of shell in the directory above it. */
static void
put_hook(struct place *p, const char *name, const char *script)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", p->hooks, name);
	f = fopen(path, "we");
	assert_non_null(f);
	assert_true(fprintf(f, "#!/bin/sh\ncd '%s'\n%s\n", p->dir,
	    script) > 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, 0755), 0);
}

/* An entry that alerts. */
static uint64_t
alert(struct place *p, const char *reason)
{
	const struct quo_entry entry = { .value = {
		[QUO_KEY_EVENT] = "refused",
		[QUO_KEY_ACT] = "open",
		[QUO_KEY_CREDENTIAL] = "db-root",
		[QUO_KEY_REASON] = reason,
	} };
	uint64_t n = 0;

	assert_err(quo_ledger_record(p->ledger, &entry, &n), QUO_OK);
	return n;
}

static void
run(struct place *p)
{
	assert_err(quo_spool_run(p->ledger, &p->spool), QUO_OK);
}

static uint64_t
waiting(struct place *p)
{
	uint64_t n = 99;

	assert_err(quo_spool_count(p->ledger, &n), QUO_OK);
	return n;
}

/* Time goes by: whatever waits is due. */
static void
let_time_pass(struct place *p)
{
	assert_err(quo_db_run(p->ledger->db, "UPDATE delivery SET next = "
	    "'2001-01-01T00:00:00Z' WHERE next IS NOT NULL", ""), QUO_OK);
}

/* How many entries there are of an event and sink. */
static int64_t
logged(struct place *p, const char *event, const char *sink)
{
	char like[200];
	int64_t n = -1;

	snprintf(like, sizeof like, "%%\"event\":\"%s\"%%\"sink\":\"%s\"%%",
	    event, sink);
	assert_err(quo_db_int(p->ledger->db, -1, &n, "SELECT count(*) FROM "
	    "entry WHERE line LIKE ?", "t", like), QUO_OK);
	return n;
}

/* How many lines the file has that hooks write. */
static int
count_got(const struct place *p)
{
	FILE *f = fopen(p->got, "re");
	int c, n = 0;

	if (f == NULL)
		return 0;
	while ((c = getc(f)) != EOF)
		n += c == '\n';
	fclose(f);
	return n;
}

/* How many messages came to the socket since the last time. */
static int
take_syslog(const struct place *p)
{
	char text[2048];
	int n = 0;

	while (recv(p->fd, text, sizeof text, 0) > 0)
		n++;
	return n;
}

/* What is waiting must be this one alert. */
struct wanted {
	const char *sink, *error;
	unsigned tries;
	int seen;
};

static enum quo_err
compare(void *arg, const struct quo_spool_item *item)
{
	struct wanted *want = arg;

	want->seen++;
	assert_string_equal(item->event, "refused");
	assert_string_equal(item->sink, want->sink);
	assert_int_equal(item->tries, want->tries);
	if (want->error == NULL) {
		assert_null(item->error);
		assert_null(item->next);
	} else {
		assert_non_null(strstr(item->error, want->error));
		assert_non_null(item->next);
	}
	return QUO_OK;
}

static void
assert_waiting(struct place *p, const char *sink, unsigned tries,
    const char *error)
{
	struct wanted want = { sink, error, tries, 0 };

	assert_err(quo_spool_each(p->ledger, compare, &want), QUO_OK);
	assert_int_equal(want.seen, 1);
}

static void
ledger_that_cannot_be_written_asks_nobody(void **state)
{
	struct place *p = *state;
	struct quo_ledger *second = NULL;

	put_hook(p, "a", "cat >>got");
	alert(p, "x");
	assert_err(quo_ledger_open(p->path, false, &second), QUO_OK);
	assert_err(quo_spool_run(second, &p->spool), QUO_EREADONLY);
	quo_ledger_close(second);
	assert_int_equal(count_got(p), 0);
	assert_waiting(p, "", 0, NULL);
}

static void
without_sinks_there_is_nobody_to_tell(void **state)
{
	struct place *p = *state;

	p->spool.syslog = p->spool.hooks = NULL;
	alert(p, "x");
	assert_int_equal(waiting(p), 1);
	run(p);
	assert_int_equal(waiting(p), 0);
	/* nor is anybody told later, of what is over */
	p->spool.syslog = p->sock;
	run(p);
	assert_int_equal(take_syslog(p), 0);
}

static void
sinks_get_the_entry_and_the_checkpoint(void **state)
{
	struct place *p = *state;
	char text[4096] = "", want[2 * QUO_CHECKPOINT_TEXT], line[8192] = "";
	struct quo_checkpoint at, found = { 0 };
	char id[QUO_LEDGER_ID_TEXT] = "", *c;
	size_t pos = 0;
	FILE *f;

	put_hook(p, "a", "cat >>got");
	assert_int_equal(alert(p, "say \"no\" \\ now"), 1);
	assert_err(quo_ledger_checkpoint(p->ledger, &at), QUO_OK);
	run(p);
	assert_int_equal(waiting(p), 0);
	quo_checkpoint_print(quo_ledger_id(p->ledger), &at, want);

	f = fopen(p->got, "re");
	assert_non_null(f);
	assert_non_null(fgets(line, sizeof line, f));
	assert_int_equal(getc(f), EOF);
	fclose(f);
	assert_non_null(strstr(line, "{\"n\":1,\"time\":"));
	assert_non_null(strstr(line, "\"reason\":\"say \\\"no\\\" \\\\ now\""));
	c = strstr(line, ",\"checkpoint\":\"quorate/");
	assert_non_null(c);
	c += strlen(",\"checkpoint\":\"");
	assert_string_equal(c + strlen(c) - 5, "\\n\"}\n");
	/* as a reader of JSON has it */
	for (char *from = c, *to = c; *from != '\0'; from++)
		*to++ = strncmp(from, "\\n", 2) == 0 ? (from++, '\n') : *from;
	assert_memory_equal(c, want, strlen(want));
	assert_err(quo_checkpoint_find(c, strlen(c), &pos, id, &found),
	    QUO_OK);
	assert_int_equal(found.size, 2);

	assert_true(recv(p->fd, text, sizeof text - 1, 0) > 0);
	assert_non_null(strstr(text, "]: ALERT n=\"1\" checkpoint=\"quorate/"));
	assert_non_null(strstr(text, " event=\"refused\" credential="
	    "\"db-root\" act=\"open\" actor=\"unknown\" "
	    "reason=\"say \\\"no\\\" \\\\ now\""));
	for (c = want; *c != '\0'; c++)
		*c = *c == '\n' ? ' ' : *c;
	assert_non_null(strstr(text, want));
	assert_int_equal(logged(p, "undelivered", "%"), 0);
	assert_int_equal(logged(p, "delivered", "%"), 0);
}

static void
failure_is_logged_once_and_so_is_success_after_it(void **state)
{
	struct place *p = *state;

	put_hook(p, "a", "echo no route >&2; exit 1");
	alert(p, "x");
	run(p);
	assert_waiting(p, "hook:a", 1, "exit status 1: no route");
	assert_int_equal(logged(p, "undelivered", "hook:a"), 1);
	/* not at once */
	run(p);
	assert_waiting(p, "hook:a", 1, "exit status 1");
	let_time_pass(p);
	run(p);
	assert_waiting(p, "hook:a", 2, "exit status 1");
	assert_int_equal(logged(p, "undelivered", "hook:a"), 1);
	put_hook(p, "a", "cat >>got");
	let_time_pass(p);
	run(p);
	assert_int_equal(waiting(p), 0);
	assert_int_equal(count_got(p), 1);
	assert_int_equal(logged(p, "delivered", "hook:a"), 1);
	/* syslog had it the first time, and only then */
	assert_int_equal(logged(p, "%", "syslog"), 0);
	assert_int_equal(take_syslog(p), 1);
	assert_err(quo_ledger_agrees(p->ledger), QUO_OK);
}

static void
dead_sink_is_asked_once_a_run_and_holds_up_no_other(void **state)
{
	struct place *p = *state;

	put_hook(p, "a", "echo a >>got; exit 1");
	put_hook(p, "b", "cat >/dev/null; echo b >>got");
	p->spool.syslog = "/nonexistent/log";
	for (int i = 0; i < 3; i++)
		alert(p, "x");
	run(p);
	/* a once, b for each */
	assert_int_equal(count_got(p), 4);
	assert_int_equal(waiting(p), 6);
	assert_int_equal(logged(p, "undelivered", "hook:a"), 1);
	assert_int_equal(logged(p, "undelivered", "syslog"), 1);
	/* what was never tried comes before what failed */
	run(p);
	run(p);
	assert_int_equal(logged(p, "undelivered", "hook:a"), 3);
	run(p);
	assert_int_equal(count_got(p), 6);
	let_time_pass(p);
	p->spool.syslog = p->sock;
	run(p);
	assert_int_equal(logged(p, "delivered", "syslog"), 3);
	assert_int_equal(waiting(p), 3);
}

static void
time_is_limited_and_the_rest_waits(void **state)
{
	struct place *p = *state;
	double start = quo_clock();

	put_hook(p, "a", "sleep 300");
	put_hook(p, "b", "sleep 300");
	put_hook(p, "c", "cat >>got");
	alert(p, "x");
	p->spool.seconds = 2;
	run(p);
	assert_true(quo_clock() - start < 10);
	/* syslog had it; c waits, if the two before it took all the time */
	assert_int_equal(take_syslog(p), 1);
	assert_true(waiting(p) >= 2);
	assert_int_equal(logged(p, "undelivered", "hook:a"), 1);
	p->spool.seconds = 0;
	p->spool.hook_seconds = 1;
	run(p);
	assert_int_equal(waiting(p), 2);
	assert_int_equal(count_got(p), 1);
}

static void
rescue_has_no_time_for_old_alerts(void **state)
{
	struct place *p = *state;

	put_hook(p, "a", "echo a >>got; exit 1");
	alert(p, "x");
	run(p);
	assert_int_equal(count_got(p), 1);
	let_time_pass(p);
	p->spool.fresh = true;
	run(p);
	assert_int_equal(count_got(p), 1);
	alert(p, "y");
	run(p);
	assert_int_equal(count_got(p), 2);
	p->spool.fresh = false;
	run(p);
	assert_int_equal(count_got(p), 3);
}

static void
waits_grow_to_an_hour(void **state)
{
	static const int64_t want[] = { 60, 120, 240, 480, 960, 1920, 3600,
	    3600 };
	struct place *p = *state;
	struct quo_rows *rows = NULL;
	int64_t next = 0, wait;

	put_hook(p, "a", "exit 1");
	alert(p, "x");
	for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
		let_time_pass(p);
		run(p);
		assert_err(quo_db_ask(p->ledger->db, &rows, "SELECT next "
		    "FROM delivery WHERE done = 0", ""), QUO_OK);
		assert_true(quo_rows_next(rows));
		assert_err(quo_utc_parse(quo_rows_text(rows, 0), &next),
		    QUO_OK);
		assert_err(quo_rows_end(rows), QUO_OK);
		wait = next - quo_utc_now();
		assert_true(wait > want[i] - 30 && wait <= want[i]);
	}
	/* a clock that was wrong puts nothing off for years */
	assert_err(quo_db_run(p->ledger->db, "UPDATE delivery SET next = "
	    "'2999-01-01T00:00:00Z' WHERE done = 0", ""), QUO_OK);
	run(p);
	assert_waiting(p, "hook:a", 9, "exit status 1");
}

/* A child that runs the spool by its own ledger. */
static pid_t
run_apart(struct place *p)
{
	struct quo_ledger *ledger = NULL;
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	if (quo_ledger_open(p->path, true, &ledger) != QUO_OK)
		_exit(1);
	_exit(quo_spool_run(ledger, &p->spool) == QUO_OK ? 0 : 2);
}

static void
process_that_dies_in_between_loses_nothing(void **state)
{
	struct place *p = *state;
	int status;
	pid_t pid;

	put_hook(p, "a", "echo begun >>got; sleep 300");
	alert(p, "x");
	pid = run_apart(p);
	assert_true(pid > 0);
	for (int i = 0; i < 500 && count_got(p) == 0; i++)
		usleep(20000);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(waiting(p), 1);
	/* claimed: another process may be at it */
	put_hook(p, "a", "cat >>got");
	run(p);
	assert_int_equal(count_got(p), 1);
	let_time_pass(p);
	run(p);
	assert_int_equal(count_got(p), 2);
	assert_int_equal(waiting(p), 0);
}

static void
two_processes_deliver_each_once(void **state)
{
	/* no more than a socket's queue holds, which nobody reads */
	enum { ALERTS = 8, PROCESSES = 3 };
	struct place *p = *state;
	pid_t pids[PROCESSES];
	int status;

	put_hook(p, "a", "cat >>got");
	for (int i = 0; i < ALERTS; i++)
		alert(p, "x");
	quo_ledger_close(p->ledger);
	p->ledger = NULL;
	for (int i = 0; i < PROCESSES; i++)
		pids[i] = run_apart(p);
	for (int i = 0; i < PROCESSES; i++) {
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	assert_err(quo_ledger_open(p->path, true, &p->ledger), QUO_OK);
	assert_int_equal(waiting(p), 0);
	assert_int_equal(count_got(p), ALERTS);
}

static void
directory_that_cannot_be_read_is_a_sink_that_failed(void **state)
{
	struct place *p = *state;
	char away[96];
	FILE *f;

	put_hook(p, "a", "cat >>got");
	snprintf(away, sizeof away, "%s-away", p->hooks);
	assert_int_equal(rename(p->hooks, away), 0);
	f = fopen(p->hooks, "we");
	assert_non_null(f);
	fclose(f);
	alert(p, "x");
	run(p);
	assert_waiting(p, "hooks", 1, "can't be read");
	assert_int_equal(logged(p, "undelivered", "hooks"), 1);
	unlink(p->hooks);
	assert_int_equal(rename(away, p->hooks), 0);
	let_time_pass(p);
	run(p);
	run(p);
	assert_int_equal(waiting(p), 0);
	assert_int_equal(count_got(p), 1);
	assert_int_equal(logged(p, "delivered", "hooks"), 1);
}

static void
unsafe_hook_is_shown_and_one_that_went_is_given_up(void **state)
{
	struct place *p = *state;
	char path[96];

	put_hook(p, "a", "cat >>got");
	snprintf(path, sizeof path, "%s/a", p->hooks);
	assert_int_equal(chmod(path, 0777), 0);
	alert(p, "x");
	run(p);
	assert_waiting(p, "hook:a", 1, "writable by others");
	assert_int_equal(count_got(p), 0);
	unlink(path);
	let_time_pass(p);
	run(p);
	assert_waiting(p, "hook:a", 2, "no such hook any more");
	assert_err(quo_spool_forget(p->ledger, "hook:b", "x"), QUO_ENOENT);
	assert_non_null(strstr(quo_ledger_why(p->ledger), "hook:b"));
	assert_err(quo_spool_forget(p->ledger, "hook:a", "taken down"),
	    QUO_OK);
	assert_int_equal(waiting(p), 0);
	assert_int_equal(logged(p, "undelivered", "hook:a"), 2);
	let_time_pass(p);
	run(p);
	assert_int_equal(logged(p, "%", "hook:a"), 2);
}

/* What was told by quo_spool_tell: "sink: why" in lines. */
static void
note(void *arg, uint64_t entry, const char *sink, const char *why)
{
	char *text = arg;

	assert_int_equal(entry, 0);
	strcat(strcat(strcat(strcat(text, sink), ": "), why), "\n");
}

static void
without_a_ledger_each_sink_is_told_once(void **state)
{
	const struct quo_entry entry = { .value = {
		[QUO_KEY_TIME] = "2026-11-21T03:10:00Z",
		[QUO_KEY_EVENT] = "open",
		[QUO_KEY_REASON] = "the \"ledger\" is gone",
	} };
	struct quo_entry bad = entry;
	struct place *p = *state;
	char said[2048] = "", text[2048] = "", line[512] = "";
	FILE *f;

	p->spool.told = note;
	p->spool.arg = said;
	put_hook(p, "a", "cat >>got");
	put_hook(p, "b", "exit 3");
	put_hook(p, "c", "sleep 300");
	put_hook(p, "d", "cat >>got");
	p->spool.hook_seconds = 1;
	bad.value[QUO_KEY_REASON] = "a\nb";
	assert_err(quo_spool_tell(&p->spool, &bad), QUO_EINVAL);
	bad.value[QUO_KEY_EVENT] = bad.value[QUO_KEY_REASON] = NULL;
	assert_err(quo_spool_tell(&p->spool, &bad), QUO_EINVAL);
	assert_string_equal(said, "");
	assert_err(quo_spool_tell(&p->spool, &entry), QUO_OK);
	assert_string_equal(said, "syslog: \nhook:a: \n"
	    "hook:b: exit status 3\nhook:c: killed after 1 second\n"
	    "hook:d: \n");
	f = fopen(p->got, "re");
	assert_non_null(f);
	assert_non_null(fgets(line, sizeof line, f));
	fclose(f);
	assert_int_equal(count_got(p), 2);
	assert_string_equal(line, "{\"time\":\"2026-11-21T03:10:00Z\","
	    "\"event\":\"open\",\"reason\":\"the \\\"ledger\\\" is gone\"}\n");
	assert_true(recv(p->fd, text, sizeof text - 1, 0) > 0);
	assert_non_null(strstr(text, "]: ALERT event=\"open\" "
	    "reason=\"the \\\"ledger\\\" is gone\""));
	assert_int_equal(waiting(p), 0);
	p->spool.hook_seconds = 0;
	p->spool.seconds = 1;
	said[0] = '\0';
	assert_err(quo_spool_tell(&p->spool, &entry), QUO_OK);
	assert_non_null(strstr(said, "hook:d: others took all the time\n"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(ledger_that_cannot_be_written_asks_nobody),
		IN_PLACE(without_sinks_there_is_nobody_to_tell),
		IN_PLACE(sinks_get_the_entry_and_the_checkpoint),
		IN_PLACE(failure_is_logged_once_and_so_is_success_after_it),
		IN_PLACE(dead_sink_is_asked_once_a_run_and_holds_up_no_other),
		IN_PLACE(time_is_limited_and_the_rest_waits),
		IN_PLACE(rescue_has_no_time_for_old_alerts),
		IN_PLACE(waits_grow_to_an_hour),
		IN_PLACE(process_that_dies_in_between_loses_nothing),
		IN_PLACE(two_processes_deliver_each_once),
		IN_PLACE(directory_that_cannot_be_read_is_a_sink_that_failed),
		IN_PLACE(unsafe_hook_is_shown_and_one_that_went_is_given_up),
		IN_PLACE(without_a_ledger_each_sink_is_told_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
