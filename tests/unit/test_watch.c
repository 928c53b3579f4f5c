/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/crypt.h"
#include "base/kin.h"
#include "rotation/watch_internal.h"

#define SECRET "Tz7-canary-Tz7"
#define KEY "-----BEGIN KEY-----\nAAAAB3NzaC1yc2EAAAADAQABAAAB\n" \
	"short\nZm9vYmFyYmF6cXV4Zm9vYmFy\n-----END KEY-----\n"

static char dir[] = "/tmp/quo-watch-test.XXXXXX";
static struct quo_secret *secret, *key;
static const struct quo_secret *both[2];
static struct quo_litter litter;

static struct quo_watch
watch_of(void)
{
	return (struct quo_watch){
		.secrets = both, .count = 2, .litter = &litter,
	};
}

/* Text as strace -xx shows it. */
static void
hex(const char *text, char *out)
{
	for (; *text != '\0'; text++)
		out += sprintf(out, "\\x%02x", (unsigned char)*text);
	*out = '\0';
}

/* What is seen in a trace, where each {TEXT} stands for its hex. */
static struct quo_watch
trace_of(const char *format, const char *const *texts)
{
	struct quo_watch w = watch_of();
	struct quo_needles needles;
	struct quo_trace t = { .watch = &w, .needles = &needles };
	char line[8192], part[4096];
	size_t n = 0;

	assert_err(quo_needles_make(&w, &needles), QUO_OK);
	assert_err(quo_trace_begin(&t), QUO_OK);
	for (; *format != '\0'; format++) {
		if (*format != '@') {
			line[n++] = *format;
			continue;
		}
		hex(*texts++, part);
		n += (size_t)sprintf(line + n, "%s", part);
	}
	/* however it is cut */
	for (size_t i = 0; i < n; i += 7)
		quo_trace_take(&t, line + i, n - i < 7 ? n - i : 7);
	quo_trace_files(&t);
	quo_trace_clear(&t);
	quo_needles_clear(&needles);
	return w;
}

static void
assert_seen(const struct quo_watch *w, enum quo_seen kind, const char *what)
{
	for (int i = 0; i < QUO_SEEN_KINDS; i++)
		if (strcmp(w->seen[i], i == (int)kind ? what : "") != 0)
			fail_msg("%d: \"%s\"", i, w->seen[i]);
}

static void
forms_of_a_secret_are_found(void **state)
{
	static const char *const in[] = {
		SECRET, "xx" SECRET "yy",
		"Vno3LWNhbmFyeS1Uejc=", "VHo3LWNhbmFyeS1Uejc=",
		"547a372d63616e6172792d547a37",
		"547A372D63616E6172792D547A37",
		"AAAAB3NzaC1yc2EAAAADAQABAAAB", "Zm9vYmFyYmF6cXV4Zm9vYmFy",
		KEY,
	};
	static const char *const out[] = {
		"", "Tz7-canary-Tz", "z7-canary-Tz7", "short",
		"-----BEGIN KEY-----", "tz7-canary-tz7",
		"547a372D63616e6172792d547a37",
	};
	struct quo_watch w = watch_of();
	struct quo_needles n;
	size_t found = 0;

	(void)state;
	assert_err(quo_needles_make(&w, &n), QUO_OK);
	for (size_t i = 0; i < sizeof out / sizeof *out; i++)
		if (quo_needles_in(&n, out[i], strlen(out[i])))
			fail_msg("found in: %s", out[i]);
	for (size_t i = 0; i < sizeof in / sizeof *in; i++)
		found += quo_needles_in(&n, in[i], strlen(in[i])) ? 1 : 0;
	/* all but the base64 of something else */
	assert_int_equal(found, sizeof in / sizeof *in - 1);
	quo_needles_clear(&n);
}

static void
short_secrets_are_not_looked_for(void **state)
{
	struct quo_watch w = watch_of();
	struct quo_secret *s = NULL;
	struct quo_needles n;

	(void)state;
	assert_err(quo_secret_copy((const uint8_t *)"secret", 6, &s), QUO_OK);
	w.secrets = (const struct quo_secret *const *)&s;
	w.count = 1;
	assert_err(quo_needles_make(&w, &n), QUO_OK);
	assert_false(quo_needles_in(&n, "a secret", 8));
	quo_needles_clear(&n);
	quo_secret_free(s);
}

static void
calls_are_told_apart(void **state)
{
	static const struct {
		const char *line;
		const char *texts[4];
		enum quo_seen kind;
		const char *what;
	} cases[] = {
		{ "7 execve(\"@\", [\"@\", \"@\"], [\"@\"]) = 0\n",
		  { "/bin/psql", "psql", "-p" SECRET, "A=b" },
		  QUO_SEEN_ARGV, "psql" },
		{ "7 execve(\"@\", [\"@\"], [\"@\", \"@\"] <unfinished ...>\n",
		  { "/bin/psql", "psql", "A=b", "PGPASSWORD=" SECRET },
		  QUO_SEEN_ENVIRON, "psql" },
		{ "7 execve(\"@\", [\"@\", \"@\"], []) = -1 ENOENT (No)\n",
		  { "/sbin/x", "x", SECRET }, QUO_SEEN_ARGV, "x" },
		{ "7 write(3<@>, \"@\", 14) = 14\n",
		  { "/root/.none/pw", SECRET }, QUO_SEEN_FILE,
		  "/root/.none/pw" },
		{ "7 writev(3<@>, [{iov_base=\"@\", iov_len=3}, "
		  "{iov_base=\"@\", iov_len=14}], 2) = 17\n",
		  { "/dev/shm/none/x", "a= ", SECRET }, QUO_SEEN_FILE,
		  "/dev/shm/none/x" },
		{ "7 openat(AT_FDCWD</>, \"@\", O_WRONLY|O_CREAT, 0666) = 3\n",
		  { "/root/none/" SECRET }, QUO_SEEN_FILE,
		  "(its name holds the secret)" },
		{ "7 openat(AT_FDCWD<@>, \"@\", O_RDWR) = -1 ENXIO (No)\n",
		  { "/", "/dev/tty" }, QUO_SEEN_TTY, "/dev/tty" },
		{ "7 write(3<@>, \"@\"..., 99999) = 99999\n",
		  { "/root/.none/pw", "x" }, QUO_SEEN_BLIND,
		  "a call was too long to look at" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct quo_watch w = trace_of(cases[i].line, cases[i].texts);

		assert_seen(&w, cases[i].kind, cases[i].what);
	}
}

static void
what_is_no_leak_isnt_seen(void **state)
{
	static const struct {
		const char *line;
		const char *texts[4];
	} cases[] = {
		{ "7 write(1<@>, \"@\", 14) = 14\n", { "pipe:[17]", SECRET } },
		{ "7 write(1<@>, \"@\", 14) = 14\n", { "socket:[9]", SECRET } },
		{ "7 write(1<@>, \"@\", 14) = 14\n",
		  { "/memfd:x (deleted)", SECRET } },
		{ "7 write(1<@>, \"@\", 14) = 14\n", { "/dev/null", SECRET } },
		{ "7 write(3<@>, \"@\", 5) = 5\n", { "/root/x", "other" } },
		{ "7 read(3<@>, \"@\", 14) = 14\n", { "pipe:[1]", SECRET } },
		{ "7 read(0<@>, \"\", 4096) = 0\n", { "/dev/null" } },
		{ "7 openat(AT_FDCWD<@>, \"@\", O_RDWR|O_NONBLOCK) = -1\n",
		  { "/", "/dev/tty" } },
		{ "7 execve(\"@\", [\"@\"], [\"@\"]) = 0\n",
		  { "/bin/sh", "sh", "PATH=/bin" } },
		{ "7 exit_group(0) = ?\n7 +++ exited with 0 +++\n", { NULL } },
		{ "garbage\n\n[[[\"<\n7 execve(\n7 write(\n7 open(\"\n",
		  { NULL } },
		{ "7 execve(\"@", { SECRET } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct quo_watch w = trace_of(cases[i].line, cases[i].texts);

		assert_seen(&w, QUO_SEEN_KINDS, "");
	}
}

static void
ten_reads_of_nothing_are_reading_on(void **state)
{
	char lines[2048] = "";
	const char *texts[10];
	struct quo_watch w;

	(void)state;
	for (int i = 0; i < 9; i++) {
		strcat(lines, "7 read(0<@>, \"\", 4096) = 0\n");
		texts[i] = "/dev/null";
	}
	w = trace_of(lines, texts);
	assert_seen(&w, QUO_SEEN_KINDS, "");
	strcat(lines, "7 read(0<@>, \"\", 4096) = 0\n");
	texts[9] = "/dev/null";
	w = trace_of(lines, texts);
	assert_seen(&w, QUO_SEEN_READS, "standard input");
}

static void
a_line_without_end_is_told(void **state)
{
	struct quo_watch w = watch_of();
	struct quo_needles needles;
	struct quo_trace t = { .watch = &w, .needles = &needles };
	char part[4096];

	(void)state;
	memset(part, 'x', sizeof part);
	assert_err(quo_needles_make(&w, &needles), QUO_OK);
	assert_err(quo_trace_begin(&t), QUO_OK);
	for (int i = 0; i < 300; i++)
		quo_trace_take(&t, part, sizeof part);
	quo_trace_take(&t, "\n7 +++ exited with 3 +++\n", 25);
	assert_true(t.ended);
	assert_seen(&w, QUO_SEEN_BLIND, "a call was too long to look at");
	quo_trace_clear(&t);
	quo_needles_clear(&needles);
}

static void
how_it_ended_is_told(void **state)
{
	static const struct {
		const char *end;
		int status;
	} ends[] = {
		{ "7 +++ exited with 0 +++\n", 0 },
		{ "7 +++ exited with 255 +++\n", W_EXITCODE(255, 0) },
		{ "7 +++ killed by SIGTERM +++\n", W_EXITCODE(0, SIGKILL) },
		/* as no process does: not well, whatever else */
		{ "7 +++ exited with 16777216 +++\n",
		    W_EXITCODE(0, SIGKILL) },
		{ "7 +++ exited with 256 +++\n", W_EXITCODE(0, SIGKILL) },
		{ "7 +++ exited with  +++\n", W_EXITCODE(0, SIGKILL) },
		{ "7 +++ exited with 0\n", W_EXITCODE(0, SIGKILL) },
	};
	struct quo_watch w = watch_of();
	struct quo_needles none = { .count = 0 };

	(void)state;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		struct quo_trace t = { .watch = &w, .needles = &none };

		assert_err(quo_trace_begin(&t), QUO_OK);
		quo_trace_take(&t, ends[i].end, strlen(ends[i].end));
		assert_true(t.ended);
		assert_int_equal(t.status, ends[i].status);
		quo_trace_clear(&t);
	}
}

static void
what_is_new_is_litter(void **state)
{
	struct quo_litter l;
	char path[128], found[256] = "";

	(void)state;
	assert_err(quo_litter_note(&l), QUO_OK);
	/* in a directory that was there, or elsewhere: not looked at */
	snprintf(path, sizeof path, "%s/x", dir);
	assert_false(quo_litter_new(&l, path));
	assert_false(quo_litter_new(&l, "/root/x"));
	assert_false(quo_litter_new(&l, "/tmp"));
	assert_false(quo_litter_new(&l, "/tmpx/y"));
	assert_true(quo_litter_new(&l, "/tmp/quo-none-such"));
	assert_true(quo_litter_new(&l, "/tmp/quo-none-such/below"));
	assert_true(quo_litter_new(&l, "/dev/shm/quo-none-such"));
	quo_litter_clear(&l);
	/* of nothing that was there everything is new */
	assert_true(quo_litter_find(&l, found, sizeof found));
	assert_int_not_equal(access(found, F_OK), -1);
}

/* A hook under watch, by strace or not. */
static struct quo_watch
watch_script(const char *script, bool traced, enum quo_err wanted)
{
	struct quo_watch w = watch_of();
	enum quo_hook_answer answer = QUO_HOOK_UNKNOWN;
	char path[128];
	struct quo_hook hook = { .path = path, .name = "n", .seconds = 20 };
	FILE *f;

	snprintf(path, sizeof path, "%s/hook", dir);
	unlink(path);
	f = fopen(path, "we");
	assert_non_null(f);
	assert_true(fprintf(f, "#!/bin/sh\n%s\n", script) > 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, 0755), 0);
	w.traced = traced;
	assert_err(quo_watch_run(&w, &hook, "apply", secret, key, &answer),
	    wanted);
	if (wanted == QUO_OK)
		assert_int_equal(answer, QUO_HOOK_NO);
	assert_string_equal(hook.note, "");
	return w;
}

static void
a_hook_is_watched_by_strace(void **state)
{
	struct quo_watch w = watch_of();

	(void)state;
	if (!quo_watch_try(&w))
		skip();
	w = watch_script("cat <&3 | wc -c; cat <&4 >/dev/null; exit 1", true,
	    QUO_OK);
	assert_seen(&w, QUO_SEEN_KINDS, "");
	w = watch_script("/bin/true \"$(cat <&3)\"; exit 1", true, QUO_OK);
	assert_seen(&w, QUO_SEEN_ARGV, "true");
	w = watch_script("K=$(cat <&4) /bin/true; exit 1", true, QUO_OK);
	assert_seen(&w, QUO_SEEN_ENVIRON, "true");
	w = watch_script("cat <&4 >&2; exit 1", true, QUO_OK);
	assert_seen(&w, QUO_SEEN_OUTPUT, "its output");
	w = watch_script("cd \"${0%/*}\"; cat <&3 >f; rm f; exit 1", true,
	    QUO_OK);
	assert_int_not_equal(strlen(w.seen[QUO_SEEN_FILE]), 0);
	/* what lives on doesn't keep strace, nor us */
	w = watch_script("setsid sleep 300 & exit 1", true, QUO_OK);
	assert_non_null(strstr(w.seen[QUO_SEEN_LEFT], "sleep ("));
}

static void
a_hook_is_watched_without_strace(void **state)
{
	struct quo_watch w;

	(void)state;
	w = watch_script("cat <&3 | wc -c; exit 1", false, QUO_OK);
	assert_seen(&w, QUO_SEEN_KINDS, "");
	w = watch_script("sh -c 'sleep 0.5' \"$(cat <&3)\"; exit 1", false,
	    QUO_OK);
	assert_int_not_equal(strlen(w.seen[QUO_SEEN_ARGV]), 0);
	w = watch_script("K=$(cat <&4) sleep 0.5; exit 1", false, QUO_OK);
	assert_seen(&w, QUO_SEEN_ENVIRON, "sleep");
	w = watch_script("cat <&3; exit 1", false, QUO_OK);
	assert_seen(&w, QUO_SEEN_OUTPUT, "its output");
	w = watch_script("yes " SECRET, false, QUO_ETOOBIG);
	assert_int_not_equal(strlen(w.seen[QUO_SEEN_OUTPUT]), 0);
}

static int
set_up(void **state)
{
	(void)state;
	if (mkdtemp(dir) == NULL || chmod(dir, 0755) != 0 ||
	    quo_crypt_init() != QUO_OK || quo_kin_adopt() != QUO_OK ||
	    quo_litter_note(&litter) != QUO_OK)
		return -1;
	if (quo_secret_copy((const uint8_t *)SECRET, strlen(SECRET),
	    &secret) != QUO_OK || quo_secret_copy((const uint8_t *)KEY,
	    strlen(KEY), &key) != QUO_OK)
		return -1;
	both[0] = secret;
	both[1] = key;
	return 0;
}

static int
tear_down(void **state)
{
	char path[128];

	(void)state;
	snprintf(path, sizeof path, "%s/hook", dir);
	unlink(path);
	quo_litter_clear(&litter);
	quo_secret_free(secret);
	quo_secret_free(key);
	return rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(short_secrets_are_not_looked_for),
		cmocka_unit_test(forms_of_a_secret_are_found),
		cmocka_unit_test(what_is_no_leak_isnt_seen),
		cmocka_unit_test(calls_are_told_apart),
		cmocka_unit_test(ten_reads_of_nothing_are_reading_on),
		cmocka_unit_test(a_line_without_end_is_told),
		cmocka_unit_test(how_it_ended_is_told),
		cmocka_unit_test(what_is_new_is_litter),
		cmocka_unit_test(a_hook_is_watched_without_strace),
		cmocka_unit_test(a_hook_is_watched_by_strace),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
