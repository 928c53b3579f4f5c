/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * 10,000 sets of 3-of-5 through the library: dealt (shares, seal, commitment),
 * as texts, read and judged, opened, proven; the time of each step for a set,
 * and the peak of memory after a tenth of them and at the end, which must be
 * the same.
 *
 * usage: bench-batch [SETS]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "card/deal.h"
#include "card/pool.h"

#define CARDS 5

enum step { DEAL, TEXTS, READ, OPEN, PROVE, STEPS };

static const char *const names[STEPS] = {
	"deal, seal, commit", "encode texts", "read and judge", "open",
	"prove",
};

static double spent[STEPS];

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
must(enum quo_err err)
{
	if (err == QUO_OK)
		return;
	fprintf(stderr, "bench-batch: %s\n", quo_strerror(err));
	exit(1);
}

static long
peak_kib(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static void
step(enum step which, double *since)
{
	double t = now();

	spent[which] += t - *since;
	*since = t;
}

static void
one_set(const struct quo_deal *deal)
{
	struct quo_secret *texts[CARDS + 1] = { NULL };
	struct quo_opened opened;
	struct quo_pool *pool = NULL;
	struct quo_dealing d;
	double since = now();
	char label[2] = "0";
	size_t set;

	must(quo_deal(deal, &d));
	step(DEAL, &since);
	must(quo_dealing_set_text(&d, 1, &texts[0]));
	for (unsigned s = 1; s <= CARDS; s++)
		must(quo_dealing_share_text(&d, s, &texts[s]));
	step(TEXTS, &since);
	must(quo_pool_new(&pool));
	for (unsigned s = 1; s <= CARDS; s++) {
		label[0] = (char)('0' + s);
		must(quo_pool_add_text(pool, label, (char *)texts[s]->data,
		    texts[s]->len - 1));
		must(quo_pool_add_text(pool, label, (char *)texts[0]->data,
		    texts[0]->len - 1));
	}
	must(quo_pool_judge(pool));
	must(quo_pool_choose(pool, &set));
	step(READ, &since);
	must(quo_pool_open(pool, set, &opened, NULL));
	quo_opened_clear(&opened);
	step(OPEN, &since);
	must(quo_pool_prove(pool, set, &opened));
	quo_opened_clear(&opened);
	step(PROVE, &since);
	quo_pool_free(pool);
	for (unsigned s = 0; s <= CARDS; s++)
		quo_secret_free(texts[s]);
	quo_dealing_clear(&d);
}

int
main(int argc, char **argv)
{
	unsigned long sets = argc > 1 ? strtoul(argv[1], NULL, 10) : 10000;
	struct quo_deal deal = {
		.credential = { .name = "root@db1",
		    .secret = { "correct-horse-battery", 21 } },
		.generation = 1,
	};
	struct quo_policy *policy = NULL;
	double all = 0, first;
	long early = 0, late;

	must(quo_policy_flat(3, CARDS, &policy));
	deal.policy = policy;
	first = now();
	one_set(&deal);
	printf("%-20s %8.1f us (with the draw of the seed)\n", "the first set",
	    1e6 * (now() - first));
	memset(spent, 0, sizeof spent);
	for (unsigned long i = 0; i < sets; i++) {
		one_set(&deal);
		if (i == sets / 10)
			early = peak_kib();
	}
	late = peak_kib();
	for (unsigned i = 0; i < STEPS; i++) {
		printf("%-20s %8.1f us\n", names[i],
		    1e6 * spent[i] / (double)sets);
		all += spent[i];
	}
	printf("%-20s %8.1f us, %lu sets in %.2f s\n", "a set",
	    1e6 * all / (double)sets, sets, all);
	printf("peak memory          %8ld KiB after %lu sets, %ld KiB after "
	    "%lu\n", early, sets / 10, late, sets);
	quo_policy_free(policy);
	/* Flat: a page for each thousand sets would be a leak. */
	return late - early > 256;
}
