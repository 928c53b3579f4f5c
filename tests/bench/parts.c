/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * parts [--rounds N]: where the time of a split goes, part by part: five
 * cards of a 3-of-5 as PDF are drawn, written, read back and proven, by the
 * functions that the command calls. Prints medians over the rounds, and the
 * peak of memory of each program.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/crypt.h"
#include "base/file.h"
#include "bench.h"
#include "card/deal.h"
#include "card/pool.h"
#include "cmd/render.h"

#define CARDS 5
#define ROUNDS_MAX 1000

enum part { SEED, DEAL, DRAW, FILES, SCAN, PROVE, PARTS };

static const char *const names[PARTS] = {
	"VERY_STRONG, once a process", "deal", "draw, 5 pages",
	"files: write, sync, read, 5", "scan, 5 pages", "prove",
};

static double took[PARTS][ROUNDS_MAX];
static long draw_peak;

static void
must(enum quo_err err, const char *what)
{
	if (err != QUO_OK) {
		fprintf(stderr, "bench: %s: %s\n", what, quo_strerror(err));
		exit(1);
	}
}

/* From here on to the next call of it. */
static void
charge(enum part part, unsigned round, double *since)
{
	double now = bench_now();

	took[part][round] += now - *since;
	*since = now;
}

/* The first draw of a process, in one that has not drawn yet. */
static void
draw_seed(unsigned round)
{
	uint8_t key[QUO_KEY_LEN];
	double from, ms = -1;
	int ends[2], status;
	pid_t pid;

	if (pipe(ends) != 0 || (pid = fork()) == -1)
		bench_fail("fork");
	if (pid == 0) {
		from = bench_now();
		if (quo_random(key, sizeof key) == QUO_OK)
			ms = bench_now() - from;
		_exit(write(ends[1], &ms, sizeof ms) == sizeof ms ? 0 : 1);
	}
	if (read(ends[0], &ms, sizeof ms) != sizeof ms || ms < 0 ||
	    waitpid(pid, &status, 0) != pid || status != 0)
		bench_fail("the first draw");
	close(ends[0]);
	close(ends[1]);
	took[SEED][round] = ms;
}

/* A file in memory, as split makes one: without a name, synced, read. */
static void
pass_through_file(struct quo_secret **file)
{
	struct quo_stage stage;
	int dir = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	must(quo_stage_write(dir, (*file)->data, (*file)->len, &stage),
	    "files");
	quo_secret_free(*file);
	must(quo_file_read(stage.fd, QUO_SECRET_MAX - 1, file), "files");
	quo_stage_close(&stage);
	close(dir);
}

static long
peak_of(int who)
{
	struct rusage use;

	getrusage(who, &use);
	return use.ru_maxrss;
}

static void
prove(struct quo_pool *pool, const struct quo_dealing *dealing)
{
	struct quo_opened opened = { 0 };

	must(quo_pool_pin(pool, dealing->set.id.hash, QUO_HASH_LEN), "pin");
	must(quo_pool_judge(pool), "judge");
	must(quo_pool_prove(pool, 0, &opened), "prove");
	quo_opened_clear(&opened);
}

static void
split(const struct quo_deal *deal, unsigned round)
{
	struct quo_dealing dealing;
	struct quo_render render = {
		.dealing = &dealing, .policy = deal->policy, .title = "x",
		.format = QUO_FORMAT_PDF, .paper = QUO_FACE_A4,
	};
	struct quo_secret *files[CARDS];
	struct quo_pool *pool;
	double since = bench_now();

	must(quo_deal(deal, &dealing), "deal");
	must(quo_pool_new(&pool), "pool");
	charge(DEAL, round, &since);
	for (unsigned i = 0; i < CARDS; i++)
		must(quo_render_card(&render, i + 1, 1, &files[i]), "draw");
	charge(DRAW, round, &since);
	if (round == 0)
		draw_peak = peak_of(RUSAGE_CHILDREN);
	for (unsigned i = 0; i < CARDS; i++)
		pass_through_file(&files[i]);
	charge(FILES, round, &since);
	for (unsigned i = 0; i < CARDS; i++) {
		must(quo_render_read(&render, i + 1, 1, files[i], pool),
		    "scan");
		quo_secret_free(files[i]);
	}
	charge(SCAN, round, &since);
	prove(pool, &dealing);
	charge(PROVE, round, &since);
	quo_pool_free(pool);
	quo_dealing_clear(&dealing);
}

static void
report(unsigned rounds)
{
	double all = 0, median[PARTS];

	for (int p = 0; p < PARTS; p++)
		all += median[p] = bench_median(took[p], rounds);
	printf("split to PDF, 3 of 5, medians of %u      ms   part\n", rounds);
	for (int p = 0; p < PARTS; p++)
		printf("%-34s %9.2f  %4.0f %%\n", names[p], median[p],
		    100 * median[p] / all);
	printf("%-34s %9.2f\n", "sum", all);
	printf("peak of memory, KiB: quorate-draw %ld, quorate-scan on PDF "
	    "%ld, this program %ld\n", draw_peak, peak_of(RUSAGE_CHILDREN),
	    peak_of(RUSAGE_SELF));
}

int
main(int argc, char **argv)
{
	static const char secret[] = "correct horse battery staple 42";
	struct quo_deal deal = {
		.credential = { .name = "x", .secret = {
			secret, sizeof secret - 1 } },
		.generation = 1, .issued = { 20000 }, .review = { 20365 },
	};
	struct quo_policy *policy = NULL;
	unsigned rounds = 11;

	if (argc == 3 && strcmp(argv[1], "--rounds") == 0)
		rounds = (unsigned)strtoul(argv[2], NULL, 10);
	if ((argc != 1 && argc != 3) || rounds < 1 || rounds > ROUNDS_MAX) {
		fprintf(stderr, "usage: parts [--rounds N]\n");
		return 2;
	}
	bench_enter();
	must(quo_policy_flat(3, CARDS, &policy), "policy");
	deal.policy = policy;
	for (unsigned r = 0; r < rounds; r++)
		draw_seed(r);
	/* Ours too, before dealing is timed. */
	must(quo_random((uint8_t [1]){ 0 }, 1), "random");
	for (unsigned r = 0; r < rounds; r++)
		split(&deal, r);
	report(rounds);
	quo_policy_free(policy);
	return 0;
}
