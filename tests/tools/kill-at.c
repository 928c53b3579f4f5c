/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kill-at [-f] [-a] [-o REPORT] N PROGRAM ARGUMENT...
 *
 * Runs a program and kills it before its Nth system call, counted from the
 * end of its execve on; 0: never. With -f those of its children count too, in
 * the order in which they come, and the one that makes the Nth is killed;
 * with -a all of them are, at once. REPORT gets how many calls were counted.
 * Ends as the program does. What strace does for this, at a tenth of the cost.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST 512
#define FOLLOW (PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE)

struct watch {
	long nth, count;
	bool all, killed;
	pid_t first;
	int status;			/* of the first; -1: it runs */
	size_t alive;
	pid_t child[MOST];
};

static size_t
find(struct watch *w, pid_t pid)
{
	size_t i = 0;

	while (i < w->alive && w->child[i] != pid)
		i++;
	if (i == MOST)
		exit(3);
	if (i == w->alive)
		w->child[w->alive++] = pid;
	return i;
}

static void
forget(struct watch *w, pid_t pid, int status)
{
	w->child[find(w, pid)] = w->child[w->alive - 1];
	w->alive--;
	if (pid == w->first)
		w->status = status;
}

static void
strike(struct watch *w, pid_t pid)
{
	w->killed = true;
	for (size_t i = 0; i < w->alive; i++)
		if (w->all || w->child[i] == pid)
			kill(w->child[i], SIGKILL);
}

/* Whether it stopped before a call, not behind it. */
static bool
enters(pid_t pid)
{
	struct __ptrace_syscall_info info;

	return ptrace(PTRACE_GET_SYSCALL_INFO, pid, (long)sizeof info,
	    &info) > 0 && info.op == PTRACE_SYSCALL_INFO_ENTRY;
}

/* A stop of pid; the signal to go on with. */
static int
stopped(struct watch *w, pid_t pid, int status)
{
	const int sig = WSTOPSIG(status);

	find(w, pid);
	if (sig == (SIGTRAP | 0x80)) {
		if (enters(pid) && ++w->count == w->nth)
			strike(w, pid);
		return 0;
	}
	/* An event of ptrace's own. */
	if (status >> 16 != 0)
		return 0;
	return sig;
}

static void
watch(struct watch *w)
{
	int status, sig;
	pid_t pid;

	while (w->status == -1 && (pid = waitpid(-1, &status, __WALL)) > 0) {
		if (!WIFSTOPPED(status)) {
			forget(w, pid, status);
			continue;
		}
		sig = stopped(w, pid, status);
		ptrace(PTRACE_SYSCALL, pid, NULL, (long)sig);
	}
}

/* Stopped at the end of its execve. Seized, not attached: what it leaves
 * behind goes on when we end. */
static pid_t
start(char **argv, bool follow)
{
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC |
	    (follow ? FOLLOW : 0);
	int status, ready[2];
	char byte = 0;
	pid_t pid;

	if (pipe(ready) != 0)
		exit(3);
	pid = fork();
	if (pid == 0) {
		close(ready[1]);
		if (read(ready[0], &byte, 1) != 1)
			_exit(127);
		close(ready[0]);
		execv(argv[0], argv);
		_exit(127);
	}
	if (pid == -1 || ptrace(PTRACE_SEIZE, pid, NULL, options) != 0 ||
	    write(ready[1], &byte, 1) != 1)
		exit(3);
	if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		exit(127);
	return pid;
}

/* As the program did. */
static int
end(int status)
{
	if (!WIFSIGNALED(status))
		return WEXITSTATUS(status);
	signal(WTERMSIG(status), SIG_DFL);
	raise(WTERMSIG(status));
	return 3;
}

int
main(int argc, char **argv)
{
	struct watch w = { .status = -1 };
	const char *report = NULL;
	bool follow = false;
	FILE *file = NULL;
	int option;

	while ((option = getopt(argc, argv, "+fao:")) != -1) {
		follow = follow || option == 'f';
		w.all = w.all || option == 'a';
		report = option == 'o' ? optarg : report;
	}
	if (argc - optind < 2)
		return 2;
	w.nth = strtol(argv[optind], NULL, 10);
	w.first = start(argv + optind + 1, follow);
	find(&w, w.first);
	/* Those are the program's, and it alone is to hold them. */
	closefrom(3);
	ptrace(PTRACE_SYSCALL, w.first, NULL, NULL);
	watch(&w);
	if (report != NULL && (file = fopen(report, "w")) != NULL) {
		fprintf(file, "%ld %s\n", w.count, w.killed ? "met" : "not");
		fclose(file);
	}
	return end(w.status);
}
