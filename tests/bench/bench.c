/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

#define ROUNDS_MAX 1000

static char home[64];
static pid_t owner;

double
bench_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double
bench_median(double *values, size_t n)
{
	qsort(values, n, sizeof *values, compare);
	return n % 2 == 1 ? values[n / 2] :
	    (values[n / 2 - 1] + values[n / 2]) / 2;
}

_Noreturn void
bench_fail(const char *what)
{
	fprintf(stderr, "bench: %s: %s\n", what, errno != 0 ?
	    strerror(errno) : "failed");
	exit(1);
}

static int
remove_one(const char *path, const struct stat *st, int flag, struct FTW *at)
{
	(void)st;
	(void)flag;
	(void)at;
	return remove(path);
}

void
bench_remove(const char *path)
{
	nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void
leave(void)
{
	if (getpid() == owner && chdir("/") == 0)
		bench_remove(home);
}

void
bench_enter(void)
{
	snprintf(home, sizeof home, "%s/quorate-bench-XXXXXX",
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	if (mkdtemp(home) == NULL || chdir(home) != 0)
		bench_fail(home);
	owner = getpid();
	atexit(leave);
}

void
bench_write(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");

	if (f == NULL || fputs(text, f) == EOF || fclose(f) != 0)
		bench_fail(path);
}

static pid_t
spawn(const struct bench_step *step)
{
	posix_spawn_file_actions_t fa;
	pid_t pid;
	int rc;

	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_addopen(&fa, 0,
	    step->in != NULL ? step->in : "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&fa, 1,
	    step->out != NULL ? step->out : "/dev/null",
	    O_WRONLY | O_CREAT | O_TRUNC, 0600);
	/* ssss-combine writes the secret there, quorate its warnings. */
	posix_spawn_file_actions_addopen(&fa, 2, "err",
	    O_WRONLY | O_CREAT | O_TRUNC, 0600);
	rc = posix_spawnp(&pid, step->argv[0], &fa, NULL,
	    (char *const *)(uintptr_t)step->argv, environ);
	posix_spawn_file_actions_destroy(&fa);
	errno = rc;
	if (rc != 0)
		bench_fail(step->argv[0]);
	return pid;
}

static double
ms(struct timeval tv)
{
	return (double)tv.tv_sec * 1e3 + (double)tv.tv_usec / 1e3;
}

void
bench_run(const struct bench_side *side, struct bench_took *took)
{
	struct rusage use;
	double from;
	int status;
	pid_t pid;

	*took = (struct bench_took){ 0 };
	if (side->fresh != NULL)
		bench_remove(side->fresh);
	from = bench_now();
	for (size_t i = 0; i < BENCH_STEPS; i++) {
		if (side->steps[i].argv[0] == NULL)
			break;
		pid = spawn(&side->steps[i]);
		if (wait4(pid, &status, 0, &use) != pid || status != 0) {
			errno = 0;
			bench_fail(side->steps[i].argv[0]);
		}
		took->cpu += ms(use.ru_utime) + ms(use.ru_stime);
		if (use.ru_maxrss > took->peak)
			took->peak = use.ru_maxrss;
	}
	took->wall = bench_now() - from;
}

void
bench_pair(const struct bench_side *a, const struct bench_side *b,
    unsigned rounds, struct bench_took *took_a, struct bench_took *took_b)
{
	static double wall[2][ROUNDS_MAX], cpu[2][ROUNDS_MAX];
	const struct bench_side *sides[] = { a, b };
	struct bench_took *took[] = { took_a, took_b };
	struct bench_took t;
	long peak[2] = { 0, 0 };

	if (rounds > ROUNDS_MAX)
		rounds = ROUNDS_MAX;
	for (size_t s = 0; s < 2; s++)
		bench_run(sides[s], &t);
	for (unsigned r = 0; r < rounds; r++) {
		for (unsigned i = 0; i < 2; i++) {
			unsigned s = (r + i) % 2;

			bench_run(sides[s], &t);
			wall[s][r] = t.wall;
			cpu[s][r] = t.cpu;
			if (t.peak > peak[s])
				peak[s] = t.peak;
		}
	}
	for (size_t s = 0; s < 2; s++) {
		took[s]->wall = bench_median(wall[s], rounds);
		took[s]->cpu = bench_median(cpu[s], rounds);
		took[s]->best = wall[s][0];	/* the median sorts them */
		took[s]->peak = peak[s];
	}
}
