/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "cmd/expose.h"

/* Ours stay clear of the numbers that the child gets. */
#define CLEAR_OF 10
/* Between asking a child to end and ending it. */
#define GRACE 5

extern char **environ;

int
quo_expose_fd_of(const char *text)
{
	char tail;
	int fd;

	return sscanf(text, "%d%c", &fd, &tail) == 1 && fd >= 0 ? fd : -1;
}

enum quo_exit
quo_expose_fd_check(const char *option, const char *text)
{
	int fd = quo_expose_fd_of(text), flags = fcntl(fd, F_GETFL);

	if (fd == -1)
		return quo_say_misuse("%s %s: no descriptor", option, text);
	if (fd == STDERR_FILENO || flags == -1)
		return quo_say_misuse("%s %d: %s", option, fd,
		    fd == STDERR_FILENO ? "messages go there" :
		    "it isn't open");
	if ((flags & O_ACCMODE) == O_RDONLY)
		return quo_say_misuse("%s %d: it isn't open for writing",
		    option, fd);
	if (isatty(fd)) {
		quo_say_error("%s %d is a terminal: the secret would stay in "
		    "sight", option, fd);
		quo_say_hint("%ssend it into a pipe",
		    strcmp(option, "--output-fd") == 0 ? "use --show, or " :
		    "");
		return QUO_EXIT_MISUSE;
	}
	return QUO_EXIT_DONE;
}

enum quo_exit
quo_expose_fd(const struct quo_secret *secret, const char *text)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, before;
	int fd = quo_expose_fd_of(text);
	enum quo_err err;

	sigaction(SIGPIPE, &ignore, &before);
	err = quo_file_write(fd, secret->data, secret->len);
	sigaction(SIGPIPE, &before, NULL);
	return err == QUO_OK ? QUO_EXIT_DONE :
	    quo_say_failure(err, "descriptor %d", fd);
}

static enum quo_err
make_pipe(int ends[2])
{
	int low[2];

	if (pipe2(low, O_CLOEXEC) != 0)
		return QUO_EIO;
	for (int i = 0; i < 2; i++) {
		ends[i] = fcntl(low[i], F_DUPFD_CLOEXEC, CLEAR_OF);
		close(low[i]);
	}
	return ends[0] != -1 && ends[1] != -1 ? QUO_OK : QUO_EIO;
}

/* Which signals we wait for ourselves, and what the child gets back. */
struct signals {
	sigset_t waited, before;
	struct sigaction interrupt, quit, child;
};

static void
catch_signals(struct signals *s)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction usual = { .sa_handler = SIG_DFL };

	sigemptyset(&s->waited);
	sigaddset(&s->waited, SIGCHLD);
	sigaddset(&s->waited, SIGTERM);
	sigaddset(&s->waited, SIGHUP);
	sigaddset(&s->waited, SIGPIPE);
	sigprocmask(SIG_BLOCK, &s->waited, &s->before);
	/* ^C and ^\ reach the child by the terminal. */
	sigaction(SIGINT, &ignore, &s->interrupt);
	sigaction(SIGQUIT, &ignore, &s->quit);
	/* Where it is ignored, nobody gets to know how a child ended. */
	sigaction(SIGCHLD, &usual, &s->child);
}

static void
restore_signals(struct signals *s)
{
	const struct timespec zero = { 0, 0 };
	sigset_t pipe_only;

	sigemptyset(&pipe_only);
	sigaddset(&pipe_only, SIGPIPE);
	sigtimedwait(&pipe_only, NULL, &zero);
	sigaction(SIGINT, &s->interrupt, NULL);
	sigaction(SIGQUIT, &s->quit, NULL);
	sigaction(SIGCHLD, &s->child, NULL);
	sigprocmask(SIG_SETMASK, &s->before, NULL);
}

static int
start(const char *const *argv, int from, int fd, const struct signals *s,
    pid_t *pid)
{
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t attr;
	sigset_t defaults;
	int rc;

	sigemptyset(&defaults);
	if (s->interrupt.sa_handler != SIG_IGN)
		sigaddset(&defaults, SIGINT);
	if (s->quit.sa_handler != SIG_IGN)
		sigaddset(&defaults, SIGQUIT);
	posix_spawn_file_actions_init(&fa);
	posix_spawnattr_init(&attr);
	posix_spawn_file_actions_adddup2(&fa, from, fd);
	posix_spawnattr_setsigmask(&attr, &s->before);
	posix_spawnattr_setsigdefault(&attr, &defaults);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK |
	    POSIX_SPAWN_SETSIGDEF);
	rc = posix_spawnp(pid, argv[0], &fa, &attr,
	    (char *const *)(uintptr_t)argv, environ);
	posix_spawn_file_actions_destroy(&fa);
	posix_spawnattr_destroy(&attr);
	return rc;
}

static time_t
now(void)
{
	struct timespec ts = { 0 };

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return ts.tv_sec;
}

/* Wait for the child, to its deadline; passes on what tells us to end. */
static int
wait_for(pid_t pid, const struct signals *s, long seconds,
    void (*tick)(void *with), void *with)
{
	time_t deadline = now() + seconds;
	const struct timespec second = { 1, 0 };
	bool asked = false;
	int status = 0, came;

	while (waitpid(pid, &status, WNOHANG) != pid) {
		came = sigtimedwait(&s->waited, NULL, &second);
		if (came == SIGTERM || came == SIGHUP)
			kill(pid, came);
		tick(with);
		if (seconds == 0 || now() < deadline)
			continue;
		if (!asked)
			quo_say_warning("the time is over: the child is told "
			    "to end");
		kill(pid, asked ? SIGKILL : SIGTERM);
		asked = true;
		deadline = now() + GRACE;
	}
	return status;
}

static enum quo_exit
judge(const char *name, int status)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return QUO_EXIT_DONE;
	if (WIFEXITED(status))
		quo_say_error("%s exited with %d", name,
		    WEXITSTATUS(status));
	else
		quo_say_error("%s was ended by signal %d", name,
		    WTERMSIG(status));
	return QUO_EXIT_CHILD;
}

enum quo_exit
quo_expose_exec(const struct quo_secret *secret, const char *const *argv,
    int fd, long seconds, void (*tick)(void *with), void *with)
{
	struct signals signals;
	int ends[2] = { -1, -1 }, rc;
	enum quo_exit end;
	pid_t pid = -1;

	if (make_pipe(ends) != QUO_OK)
		return quo_say_failure(QUO_EIO, "%s", argv[0]);
	/* Then all of it fits, and the child need not read it at all. */
	fcntl(ends[1], F_SETPIPE_SZ, (int)(secret->len + 1));
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	catch_signals(&signals);
	if (quo_file_write(ends[1], secret->data, secret->len) != QUO_OK) {
		end = quo_say_failure(QUO_EIO, "%s", argv[0]);
		goto out;
	}
	rc = start(argv, ends[0], fd, &signals, &pid);
	/* Both ends: the last of ours must be gone for end of file. */
	close(ends[0]);
	close(ends[1]);
	ends[0] = ends[1] = -1;
	if (rc != 0) {
		quo_say_error("%s: %s", argv[0], strerror(rc));
		end = QUO_EXIT_CHILD;
	} else {
		end = judge(argv[0], wait_for(pid, &signals, seconds,
		    tick, with));
	}
out:
	for (int i = 0; i < 2; i++)
		if (ends[i] != -1)
			close(ends[i]);
	restore_signals(&signals);
	return end;
}
