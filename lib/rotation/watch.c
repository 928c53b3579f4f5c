/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/kin.h"
#include "base/trusted.h"
#include "rotation/hook_internal.h"
#include "rotation/watch_internal.h"

#define STRACE "/usr/bin/strace"
#define TRIAL_SECONDS 10
#define OUTPUT_MAX (256u << 10)
/* How long a hook's helpers may take to end after it. */
#define GRACE_MS 1000
#define SAMPLE_BYTES (256u << 10)

/* A run and the thread that watches it. */
struct guard {
	struct quo_watch *watch;
	struct quo_needles needles;
	struct quo_trace trace;
	struct quo_secret *room;	/* to read into */
	char dir[sizeof QUO_WATCH_DIR];
	char fifo[sizeof QUO_WATCH_DIR + 8];
	int fd;				/* its end for reading, or -1 */
	atomic_bool over;		/* the run is */
};

void
quo_watch_keep(struct quo_watch *watch, const struct quo_needles *needles,
    enum quo_seen kind, const char *what)
{
	char *seen = watch->seen[kind];

	if (seen[0] != '\0')
		return;
	if (needles != NULL && quo_needles_in(needles, what, strlen(what)))
		what = "(its name holds the secret)";
	snprintf(seen, sizeof watch->seen[kind], "%s", what);
}

bool
quo_watch_try(struct quo_watch *watch)
{
	const char *argv[] = { STRACE, "-q", "-o", "/dev/null", "/bin/true",
	    NULL };
	struct quo_child child = {
		.argv = argv, .stdin_fd = -1, .seconds = TRIAL_SECONDS,
	};
	char why[256], *real = NULL;
	enum quo_err err;

	watch->traced = false;
	err = quo_trusted_program(STRACE, &real, why, sizeof why);
	if (err == QUO_OK && geteuid() == 0)
		err = quo_trusted_above(real, why, sizeof why);
	child.path = real;
	if (err == QUO_ENOENT)
		quo_watch_keep(watch, NULL, QUO_SEEN_BLIND,
		    STRACE " isn't there");
	else if (err != QUO_OK)
		quo_watch_keep(watch, NULL, QUO_SEEN_BLIND, why);
	else if (quo_child_run(&child) != QUO_OK || child.status != 0)
		quo_watch_keep(watch, NULL, QUO_SEEN_BLIND,
		    "strace may not trace here");
	else
		watch->traced = true;
	quo_secret_free(child.out);
	free(real);
	return watch->traced;
}

/* Whether what /proc shows of a process holds a secret. */
static bool
sample_holds(struct guard *g, pid_t pid, const char *file)
{
	char path[64];
	size_t len = 0;
	ssize_t n = 1;
	int fd;

	snprintf(path, sizeof path, "/proc/%ld/%s", (long)pid, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return false;
	while (n > 0 && len < g->room->len) {
		n = read(fd, g->room->data + len, g->room->len - len);
		len += n > 0 ? (size_t)n : 0;
	}
	close(fd);
	return quo_needles_in(&g->needles, g->room->data, len);
}

static void
sample(struct guard *g)
{
	const struct timespec nap = { 0, 200000 };
	struct quo_kin *kin = NULL;
	size_t count = 0;

	if (quo_kin_list(&kin, &count) == QUO_OK) {
		for (size_t i = 0; i < count; i++) {
			if (sample_holds(g, kin[i].pid, "cmdline"))
				quo_watch_keep(g->watch, &g->needles,
				    QUO_SEEN_ARGV, kin[i].name);
			if (sample_holds(g, kin[i].pid, "environ"))
				quo_watch_keep(g->watch, &g->needles,
				    QUO_SEEN_ENVIRON, kin[i].name);
		}
		free(kin);
	}
	nanosleep(&nap, NULL);
}

/* strace waits for all that it traces, the hook's left-overs too. */
static void
kill_left(struct guard *g)
{
	struct quo_kin *kin = NULL;
	size_t count = 0;
	char who[64];

	if (quo_kin_list(&kin, &count) != QUO_OK)
		return;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(kin[i].name, "strace") == 0)
			continue;
		snprintf(who, sizeof who, "%s (%ld)", kin[i].name,
		    (long)kin[i].pid);
		quo_watch_keep(g->watch, &g->needles, QUO_SEEN_LEFT, who);
		kill(kin[i].pid, SIGKILL);
	}
	free(kin);
}

/* Take what the trace has by now; false: nothing. */
static bool
take_trace(struct guard *g, int wait_ms)
{
	struct pollfd fds = { g->fd, POLLIN, 0 };
	ssize_t n = -1;

	if (poll(&fds, 1, wait_ms) > 0)
		n = read(g->fd, g->room->data, g->room->len);
	if (n > 0)
		quo_trace_take(&g->trace, (char *)g->room->data, (size_t)n);
	return n > 0;
}

static long
elapsed_ms(const struct timespec *since)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - since->tv_sec) * 1000 +
	    (now.tv_nsec - since->tv_nsec) / 1000000;
}

static void *
stand_guard(void *arg)
{
	struct guard *g = arg;
	struct timespec ended = { 0, 0 };

	while (!atomic_load(&g->over)) {
		if (g->fd == -1) {
			sample(g);
			continue;
		}
		take_trace(g, 20);
		if (!g->trace.ended)
			continue;
		if (ended.tv_sec == 0)
			clock_gettime(CLOCK_MONOTONIC, &ended);
		else if (elapsed_ms(&ended) > GRACE_MS)
			kill_left(g);
	}
	while (g->fd != -1 && take_trace(g, 0))
		;
	return NULL;
}

/* A pipe with a name: strace closes what it opens itself before the hook
 * runs, and nothing of the trace stays anywhere. Ours stays open at both
 * ends, so it has none. */
static enum quo_err
open_trace(struct guard *g)
{
	strcpy(g->dir, QUO_WATCH_DIR);
	if (mkdtemp(g->dir) == NULL) {
		g->dir[0] = '\0';
		return QUO_EIO;
	}
	snprintf(g->fifo, sizeof g->fifo, "%s/trace", g->dir);
	if (mkfifo(g->fifo, 0600) != 0)
		return QUO_EIO;
	g->fd = open(g->fifo, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	return g->fd != -1 ? quo_trace_begin(&g->trace) : QUO_EIO;
}

static enum quo_err
prepare(struct guard *g)
{
	enum quo_err err = quo_needles_make(g->watch, &g->needles);

	if (err == QUO_OK)
		err = quo_secret_new(SAMPLE_BYTES, &g->room);
	if (err == QUO_OK && g->watch->traced)
		err = open_trace(g);
	return err;
}

static void
clear(struct guard *g)
{
	if (g->fd != -1)
		close(g->fd);
	if (g->dir[0] != '\0') {
		unlink(g->fifo);
		rmdir(g->dir);
	}
	quo_trace_clear(&g->trace);
	quo_needles_clear(&g->needles);
	quo_secret_free(g->room);
}

/* The output of both kinds is looked through, and goes nowhere. */
static enum quo_err
run_guarded(struct guard *g, struct quo_hook *hook,
    struct quo_hook_call *call)
{
	struct quo_secret *out = NULL;
	enum quo_err err;
	pthread_t thread;

	if (pthread_create(&thread, NULL, stand_guard, g) != 0)
		return QUO_EIO;
	call->out = &out;
	call->out_max = OUTPUT_MAX;
	call->join = true;
	err = quo_hook_run(hook, call);
	atomic_store(&g->over, true);
	pthread_join(thread, NULL);
	if (out != NULL && quo_needles_in(&g->needles, out->data, out->len))
		quo_watch_keep(g->watch, NULL, QUO_SEEN_OUTPUT, "its output");
	quo_secret_free(out);
	hook->note[0] = '\0';
	if (g->fd != -1 && g->trace.ended)
		hook->status = g->trace.status;
	return err;
}

enum quo_err
quo_watch_run(struct quo_watch *watch, struct quo_hook *hook,
    const char *verb, const struct quo_secret *secret,
    const struct quo_secret *old, enum quo_hook_answer *answer)
{
	struct guard g = { .watch = watch, .fd = -1 };
	const char *const strace[QUO_HOOK_WRAP] = { STRACE, "-q", "-f", "-y",
	    "-xx", "-v", "-s", "32768", "-e", "signal=none", "-e",
	    "trace=execve,execveat,read,write,writev,pwrite64,pwritev,"
	    "pwritev2,?open,openat,?openat2,?creat,?mkdir,mkdirat,?mknod,"
	    "mknodat,?symlink,symlinkat,?link,linkat,?rename,?renameat,"
	    "renameat2", "-o", g.fifo, NULL };
	struct quo_hook_call call = {
		.verb = verb, .secret = secret, .old = old,
		.wrap = watch->traced ? strace : NULL,
	};
	char left[64] = "";
	enum quo_err err;

	g.trace = (struct quo_trace){ .watch = watch, .needles = &g.needles };
	err = prepare(&g);
	if (err == QUO_OK)
		err = run_guarded(&g, hook, &call);
	if (err == QUO_OK)
		*answer = quo_hook_answer_of(hook->status);
	if (!quo_kin_settle(GRACE_MS, left, sizeof left))
		quo_watch_keep(watch, NULL, QUO_SEEN_LEFT, left);
	if (watch->traced && g.trace.line != NULL)
		quo_trace_files(&g.trace);
	clear(&g);
	return err;
}
