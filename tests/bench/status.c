/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * quorate status, the whole process, on ledgers of 1,000, 10,000 and 100,000
 * credentials: what each form takes, and for one credential. At 10,000 the
 * wall time has a limit: 0.2 s. That for one credential must not grow by much
 * from the smallest ledger to the largest.
 *
 * usage: bench-status QUORATE FILL-LEDGER [MOST]
 */
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"

#define ROUNDS 7
#define LIMIT 200		/* ms, at 10,000 */
/* Caches hold a small ledger and no large one; more than that is no line. */
#define GROWTH 3.0

static const unsigned long sizes[] = { 1000, 10000, 100000 };

static const char *const forms[] = {
	"", "--due", "--prometheus", "--nagios", "--json",
};

#define SIZES (sizeof sizes / sizeof *sizes)
#define FORMS (sizeof forms / sizeof *forms)

/* That something is due, or pressing, is no failure: a shell takes it. */
static void
measure(const char *quorate, unsigned long size, const char *form,
    struct bench_took *took)
{
	char command[512];
	const struct bench_side side = { form, { { .argv = { "/bin/sh", "-c",
	    command } } }, NULL };
	double wall[ROUNDS], cpu[ROUNDS];
	struct bench_took t;

	snprintf(command, sizeof command, "\"%s\" status %s --ledger "
	    "$PWD/%lu.db; [ $? -le 2 ]", quorate, form, size);
	*took = (struct bench_took){ 0 };
	for (unsigned r = 0; r < ROUNDS; r++) {
		bench_run(&side, &t);
		wall[r] = t.wall;
		cpu[r] = t.cpu;
		if (t.peak > took->peak)
			took->peak = t.peak;
	}
	took->wall = bench_median(wall, ROUNDS);
	took->best = wall[0];
	took->cpu = bench_median(cpu, ROUNDS);
}

static void
fill(const char *program, unsigned long size)
{
	char path[32], count[32];
	const struct bench_side side = { "fill", { { .argv = { program, path,
	    count } } }, NULL };
	struct bench_took took;

	snprintf(path, sizeof path, "%lu.db", size);
	snprintf(count, sizeof count, "%lu", size);
	bench_run(&side, &took);
	printf("%lu credentials: filled in %.1f s\n", size, took.wall / 1e3);
}

int
main(int argc, char **argv)
{
	double first[FORMS] = { 0 }, each;
	unsigned long most = argc > 3 ? strtoul(argv[3], NULL, 10) : 100000;
	struct bench_took took;
	int rc = 0;

	if (argc < 3) {
		fprintf(stderr, "usage: bench-status QUORATE FILL-LEDGER "
		    "[MOST]\n");
		return 2;
	}
	bench_enter();
	for (size_t s = 0; s < SIZES && sizes[s] <= most; s++) {
		fill(argv[2], sizes[s]);
		printf("  %-13s %9s %9s %9s %9s %8s\n", "form", "median ms",
		    "best ms", "cpu ms", "us each", "MiB");
		for (size_t f = 0; f < FORMS; f++) {
			measure(argv[1], sizes[s], forms[f], &took);
			each = took.best * 1e3 / (double)sizes[s];
			first[f] = s == 0 ? each : first[f];
			printf("  %-13s %9.1f %9.1f %9.1f %9.1f %8.1f\n",
			    f > 0 ? forms[f] : "(table)",
			    took.wall, took.best, took.cpu, each,
			    (double)took.peak / 1024);
			if ((sizes[s] == 10000 && took.best > LIMIT) ||
			    each > GROWTH * first[f]) {
				printf("  ^ too slow\n");
				rc = 1;
			}
		}
	}
	return rc;
}
