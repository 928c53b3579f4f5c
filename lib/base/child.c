/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/child.h"
#include "base/session.h"
#include "base/utc.h"
#include "config.h"

#define FIRST_OUT (64u << 10)
/* Our ends start here, clear of the numbers that a child is given. */
#define CLEAR_OF 20
/* How often to look whether the child is gone while others hold its pipes. */
#define SLICE_MS 20

/* Our ends of the pipes; -1 where closed. */
struct pipes {
	int feed[QUO_CHILD_FEEDS];
	size_t fed[QUO_CHILD_FEEDS];
	int out, note;
	int theirs[QUO_CHILD_FEEDS + 2];
	size_t out_len, note_len;
};

static void
shut(int *fd)
{
	if (*fd != -1)
		close(*fd);
	*fd = -1;
}

/* A pipe whose ends are both clear of the child's numbers, ours without
 * blocking. */
static bool
make_pipe(int *ours, int *theirs, bool we_write)
{
	int low[2], high[2] = { -1, -1 };

	if (pipe2(low, O_CLOEXEC) != 0)
		return false;
	for (int i = 0; i < 2; i++)
		high[i] = fcntl(low[i], F_DUPFD_CLOEXEC, CLEAR_OF);
	close(low[0]);
	close(low[1]);
	*ours = high[we_write ? 1 : 0];
	*theirs = high[we_write ? 0 : 1];
	return high[0] != -1 && high[1] != -1 &&
	    fcntl(*ours, F_SETFL, O_NONBLOCK) == 0;
}

static void
shut_theirs(struct pipes *p)
{
	for (size_t i = 0; i < QUO_CHILD_FEEDS + 2; i++)
		shut(&p->theirs[i]);
}

static void
shut_all(struct pipes *p)
{
	shut_theirs(p);
	for (size_t i = 0; i < QUO_CHILD_FEEDS; i++)
		shut(&p->feed[i]);
	shut(&p->out);
	shut(&p->note);
}

static bool
is_fed(const struct quo_child *c, int fd)
{
	for (size_t i = 0; i < c->feed_count; i++)
		if (c->feeds[i].fd == fd)
			return true;
	return false;
}

/* Standard input first, then what is held: either may have the number of a
 * feed. */
static void
plumb_stdin(const struct quo_child *c, posix_spawn_file_actions_t *fa)
{
	if (c->stdin_fd != -1)
		posix_spawn_file_actions_adddup2(fa, c->stdin_fd, 0);
	else if (!is_fed(c, 0))
		posix_spawn_file_actions_addopen(fa, 0, "/dev/null",
		    O_RDONLY, 0);
}

/* What the caller left open without close-on-exec is not the child's. */
static void
plumb_rest(const struct quo_child *c, posix_spawn_file_actions_t *fa)
{
	for (int fd = 3; fd < CLEAR_OF; fd++)
		if (!is_fed(c, fd) && (fd != QUO_CHILD_HELD || c->held == 0))
			posix_spawn_file_actions_addclose(fa, fd);
	posix_spawn_file_actions_addclosefrom_np(fa, CLEAR_OF);
}

static enum quo_err
plumb(const struct quo_child *c, struct pipes *p,
    posix_spawn_file_actions_t *fa)
{
	int *theirs = p->theirs;
	bool ok = true;

	plumb_stdin(c, fa);
	if (c->held != 0)
		posix_spawn_file_actions_adddup2(fa, c->held, QUO_CHILD_HELD);
	for (size_t i = 0; i < c->feed_count; i++) {
		ok = ok && make_pipe(&p->feed[i], theirs, true);
		posix_spawn_file_actions_adddup2(fa, *theirs, c->feeds[i].fd);
		theirs++;
	}
	if (c->out_max > 0) {
		ok = ok && make_pipe(&p->out, theirs, false);
		posix_spawn_file_actions_adddup2(fa, *theirs, 1);
		theirs++;
	}
	ok = ok && make_pipe(&p->note, theirs, false);
	posix_spawn_file_actions_adddup2(fa, c->join ? 1 : *theirs, 2);
	if (c->out_max == 0)
		posix_spawn_file_actions_adddup2(fa, 2, 1);
	plumb_rest(c, fa);
	return ok ? QUO_OK : QUO_ECHILD;
}

/* False where it failed for good. Then, or when all is fed, it is shut. */
static bool
give(const struct quo_feed *feed, int *fd, size_t *fed)
{
	ssize_t n = 0;
	bool failed;

	if (*fed < feed->len)
		n = write(*fd, feed->data + *fed, feed->len - *fed);
	if (n > 0)
		*fed += (size_t)n;
	failed = n < 0 && errno != EAGAIN && errno != EINTR;
	if (failed || *fed == feed->len)
		shut(fd);
	return !failed;
}

/* What a pipe has room for stands in it before there is a child: should we
 * die, the child would take the end of a part for the end of the whole. */
static enum quo_err
feed_ahead(const struct quo_child *c, struct pipes *p)
{
	for (size_t i = 0; i < c->feed_count; i++)
		if (!give(&c->feeds[i], &p->feed[i], &p->fed[i]))
			return QUO_ECHILD;
	return QUO_OK;
}

static enum quo_err
start(struct quo_child *c, struct pipes *p, pid_t *pid)
{
	static const char *const empty[] = { NULL };
	const char *const *env = c->env != NULL ? c->env : empty;
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t attr;
	sigset_t none, all;
	enum quo_err err;
	int why = 0;

	posix_spawn_file_actions_init(&fa);
	posix_spawnattr_init(&attr);
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSID |
	    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	err = plumb(c, p, &fa);
	if (err == QUO_OK)
		err = feed_ahead(c, p);
	if (err == QUO_OK)
		why = posix_spawn(pid, c->path, &fa, &attr,
		    (char *const *)(uintptr_t)c->argv,
		    (char *const *)(uintptr_t)env);
	if (why != 0) {
		snprintf(c->note, sizeof c->note, "%s", strerror(why));
		err = QUO_ECHILD;
	}
	posix_spawn_file_actions_destroy(&fa);
	posix_spawnattr_destroy(&attr);
	shut_theirs(p);
	return err;
}

/* Make room for more output: twice as much, to out_max and one byte over. */
static enum quo_err
grow(struct quo_child *c, size_t used)
{
	struct quo_secret *more;
	size_t want = c->out == NULL ? FIRST_OUT : 2 * c->out->len;
	enum quo_err err;

	if (want > c->out_max + 1)
		want = c->out_max + 1;
	err = quo_secret_new(want, &more);
	if (err != QUO_OK)
		return err;
	if (c->out != NULL)
		memcpy(more->data, c->out->data, used);
	quo_secret_free(c->out);
	c->out = more;
	return QUO_OK;
}

static enum quo_err
take_out(struct quo_child *c, struct pipes *p)
{
	enum quo_err err = QUO_OK;
	ssize_t n;

	if (c->out == NULL || p->out_len == c->out->len)
		err = grow(c, p->out_len);
	if (err != QUO_OK)
		return err;
	n = read(p->out, c->out->data + p->out_len,
	    c->out->len - p->out_len);
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		shut(&p->out);
	if (n > 0)
		p->out_len += (size_t)n;
	return p->out_len > c->out_max ? QUO_ETOOBIG : QUO_OK;
}

static void
take_note(struct quo_child *c, struct pipes *p)
{
	char text[512];
	size_t room = sizeof c->note - 1 - p->note_len;
	ssize_t n = read(p->note, text, sizeof text);

	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		shut(&p->note);
	if (n <= 0)
		return;
	if ((size_t)n < room)
		room = (size_t)n;
	memcpy(c->note + p->note_len, text, room);
	p->note_len += room;
	c->note[p->note_len] = '\0';
}

/* One round of poll; *more is false when every pipe is closed, or when there
 * was nothing to be had without waiting. */
static enum quo_err
turn(struct quo_child *c, struct pipes *p, int wait_ms, bool *more)
{
	struct pollfd fds[QUO_CHILD_FEEDS + 2];
	enum quo_err err = QUO_OK;
	nfds_t n = QUO_CHILD_FEEDS + 2;

	for (size_t i = 0; i < QUO_CHILD_FEEDS; i++)
		fds[i] = (struct pollfd){ p->feed[i], POLLOUT, 0 };
	fds[QUO_CHILD_FEEDS] = (struct pollfd){ p->out, POLLIN, 0 };
	fds[QUO_CHILD_FEEDS + 1] = (struct pollfd){ p->note, POLLIN, 0 };
	*more = false;
	for (nfds_t i = 0; i < n; i++)
		*more = *more || fds[i].fd != -1;
	if (!*more)
		return QUO_OK;
	if (poll(fds, n, wait_ms) <= 0) {
		*more = wait_ms > 0;
		return QUO_OK;
	}
	for (size_t i = 0; i < c->feed_count; i++)
		if (fds[i].fd != -1 && fds[i].revents != 0)
			give(&c->feeds[i], &p->feed[i], &p->fed[i]);
	if (p->out != -1 && fds[QUO_CHILD_FEEDS].revents != 0)
		err = take_out(c, p);
	if (p->note != -1 && fds[QUO_CHILD_FEEDS + 1].revents != 0)
		take_note(c, p);
	return err;
}

/* Whether pid has ended; it is left to be waited for. */
static bool
is_gone(pid_t pid)
{
	siginfo_t info = { .si_pid = 0 };

	return waitid(P_PID, (id_t)pid, &info,
	    WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == pid;
}

/* Wait for pid, to the deadline, then kill its session. */
static enum quo_err
reap(pid_t pid, double deadline, int *status)
{
	struct timespec nap = { 0, 50000 };
	enum quo_err err = QUO_OK;
	pid_t got;

	while (err == QUO_OK && !is_gone(pid)) {
		if (quo_clock() > deadline) {
			quo_session_kill(pid);
			err = QUO_ETIMEOUT;
		} else {
			nanosleep(&nap, NULL);
			if (nap.tv_nsec < 5000000)
				nap.tv_nsec *= 2;
		}
	}
	do
		got = waitpid(pid, status, 0);
	while (got < 0 && errno == EINTR);
	return got == pid ? err : QUO_ECHILD;
}

/* Feed and listen until every pipe is closed or the child is gone, and what
 * it wrote is taken: what it left running may hold the pipes for ever. */
static enum quo_err
serve(struct quo_child *c, struct pipes *p, pid_t pid, double deadline)
{
	enum quo_err err = QUO_OK;
	bool more = true, gone;

	while (err == QUO_OK && more) {
		gone = is_gone(pid);
		for (size_t i = 0; gone && i < QUO_CHILD_FEEDS; i++)
			shut(&p->feed[i]);
		err = turn(c, p, gone ? 0 : SLICE_MS, &more);
		if (err == QUO_OK && more && quo_clock() > deadline)
			err = QUO_ETIMEOUT;
	}
	return err;
}

/* Notes are shown on terminals: no control characters, C1 in UTF-8 neither. */
static void
defuse(char *note)
{
	for (unsigned char *c = (unsigned char *)note; *c != '\0'; c++) {
		if ((*c < ' ' && *c != '\n') || *c == 0x7F)
			*c = '?';
		if (c[0] == 0xC2 && c[1] >= 0x80 && c[1] < 0xA0)
			c[0] = c[1] = '?';
	}
}

static enum quo_err
converse(struct quo_child *c, struct pipes *p, pid_t pid)
{
	double deadline = quo_clock() + c->seconds;
	enum quo_err err, reaped;

	err = serve(c, p, pid, deadline);
	if (err != QUO_OK)
		quo_session_kill(pid);
	shut_all(p);
	reaped = reap(pid, deadline, &c->status);
	if (err == QUO_OK)
		err = reaped;
	defuse(c->note);
	if (c->out != NULL && p->out_len > 0)
		quo_secret_truncate(c->out, p->out_len);
	if (p->out_len == 0) {
		quo_secret_free(c->out);
		c->out = NULL;
	}
	return err;
}

enum quo_err
quo_child_run(struct quo_child *child)
{
	struct pipes p = { .out = -1, .note = -1 };
	struct sigaction heed = { .sa_handler = SIG_DFL }, chld;
	sigset_t pipe_only, before;
	const struct timespec zero = { 0, 0 };
	enum quo_err err;
	pid_t pid = -1;

	for (size_t i = 0; i < QUO_CHILD_FEEDS; i++)
		p.feed[i] = -1;
	for (size_t i = 0; i < QUO_CHILD_FEEDS + 2; i++)
		p.theirs[i] = -1;
	child->out = NULL;
	child->note[0] = '\0';
	child->status = 0;
	sigemptyset(&pipe_only);
	sigaddset(&pipe_only, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &pipe_only, &before);
	/* Where it is ignored, as inherited maybe, the status is lost. */
	sigaction(SIGCHLD, NULL, &chld);
	if (chld.sa_handler == SIG_IGN)
		sigaction(SIGCHLD, &heed, NULL);
	err = start(child, &p, &pid);
	if (err == QUO_OK)
		err = converse(child, &p, pid);
	shut_all(&p);
	sigaction(SIGCHLD, &chld, NULL);
	if (!sigismember(&before, SIGPIPE))
		sigtimedwait(&pipe_only, NULL, &zero);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return err;
}

/* dir/name, where it is a program; NULL where it isn't. */
static char *
program_in(const char *dir, size_t dir_len, const char *name)
{
	char *path;

	if (asprintf(&path, "%.*s/%s", (int)dir_len, dir, name) == -1)
		return NULL;
	if (access(path, X_OK) == 0)
		return path;
	free(path);
	return NULL;
}

enum quo_err
quo_child_helper(const char *name, char **path)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	*path = NULL;
	if (n > 0) {
		self[n] = '\0';
		/* Only from the build tree: not whatever lies in a bindir. */
		if (strncmp(self, QUO_BUILDDIR "/",
		    sizeof QUO_BUILDDIR) == 0)
			*path = program_in(QUO_BUILDDIR "/cmd",
			    sizeof QUO_BUILDDIR "/cmd" - 1, name);
	}
	if (*path == NULL)
		*path = program_in(QUO_LIBEXECDIR, sizeof QUO_LIBEXECDIR - 1,
		    name);
	return *path != NULL ? QUO_OK : QUO_ENOENT;
}
