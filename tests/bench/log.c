/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * quorate log verify on an exported log of 100,000 entries, the whole
 * process, beside sha256sum on the same file: without and with the seal. The
 * aim is 3 times sha256sum's time at the most.
 *
 * usage: bench-log QUORATE FILL-LEDGER [ROUNDS]
 */
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"

#define ENTRIES "100000"

static void
run(const char *const *argv)
{
	struct bench_side side = { argv[0], { { .argv = { NULL } } }, NULL };
	struct bench_took took;

	for (size_t i = 0; argv[i] != NULL; i++)
		side.steps[0].argv[i] = argv[i];
	bench_run(&side, &took);
}

static void
compare(const struct bench_side *ours, unsigned rounds)
{
	const struct bench_side peer = { "sha256sum", { { .argv = {
	    "sha256sum", "log" } } }, NULL };
	struct bench_took a, b;

	bench_pair(ours, &peer, rounds, &a, &b);
	printf("%-28s %8.1f ms, sha256sum %8.1f ms: %.2f (cpu %.2f), %.1f "
	    "MiB\n", ours->name, a.wall, b.wall, a.wall / b.wall,
	    a.cpu / b.cpu, (double)a.peak / 1024);
}

int
main(int argc, char **argv)
{
	char sealed[1024];
	unsigned rounds = argc > 3 ? (unsigned)atoi(argv[3]) : 11;
	struct bench_side plain = { "log verify", { { .argv = { NULL,
	    "log", "verify", "log" } } }, NULL };
	/* The key is none of this log's, which takes as long and exits 1. */
	struct bench_side seal = { "log verify, with the seal", { { .argv = {
	    "/bin/sh", "-c", sealed } } }, NULL };

	if (argc < 3) {
		fprintf(stderr, "usage: bench-log QUORATE FILL-LEDGER "
		    "[ROUNDS]\n");
		return 2;
	}
	bench_enter();
	plain.steps[0].argv[0] = argv[1];
	snprintf(sealed, sizeof sealed, "\"%s\" log verify log "
	    "--auditor-key key; [ $? -eq 1 ]", argv[1]);
	run((const char *[]){ argv[2], "l.db", "1000", ENTRIES, NULL });
	run((const char *[]){ argv[1], "log", "export", "--ledger", "l.db",
	    "--output", "log", NULL });
	bench_write("key", "00112233445566778899aabbccddeeff"
	    "00112233445566778899aabbccddeeff\n");
	compare(&plain, rounds);
	compare(&seal, rounds);
	return 0;
}
