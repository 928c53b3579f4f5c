/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>

/** Timing of whole programs, one beside the other in the same minute. */

/** The most programs that one side runs, and words that one of them has. */
#define BENCH_STEPS 3
#define BENCH_WORDS 48

/** A program: its words, and files for its input and output. */
struct bench_step {
	const char *argv[BENCH_WORDS];
	const char *in, *out;		/* NULL: /dev/null */
};

/** What is timed together: programs one after another. */
struct bench_side {
	const char *name;
	struct bench_step steps[BENCH_STEPS];
	const char *fresh;	/* a directory to be removed first; or NULL */
};

/** What one side took: medians over the rounds, in milliseconds. */
struct bench_took {
	double wall, cpu;
	double best;		/* the least wall time: what a busy machine
				 * disturbs least */
	long peak;		/* KiB, the largest of its processes */
};

/** Milliseconds from some fixed point. */
double bench_now(void);

/** The middle one of the n values, which are sorted. */
double bench_median(double *values, size_t n);

/** Run a side once; ends the program where one of its programs fails. */
void bench_run(const struct bench_side *side, struct bench_took *took);

/** Run both in turns, and swap who is first; one round before is not
 * counted. */
void bench_pair(const struct bench_side *a, const struct bench_side *b,
    unsigned rounds, struct bench_took *took_a, struct bench_took *took_b);

/** Make a directory of one's own in memory and go there; gone at exit. */
void bench_enter(void);

/** Remove a directory and all in it. */
void bench_remove(const char *path);

/** Write a file. */
void bench_write(const char *path, const char *text);

/** Say what failed, and exit. */
_Noreturn void bench_fail(const char *what);

#endif
