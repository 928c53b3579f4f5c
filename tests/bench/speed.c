/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * speed QUORATE QUORATE-SCAN [--rounds N]: whole programs beside their peers.
 * speed --draw: nothing but the first draw of randomness, to be timed.
 *
 * Prints medians of N rounds, in which both take turns, and their ratio.
 * That a ratio misses its aim is printed and fails nothing: the machine may
 * be busy. A program that fails does fail.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crypt.h"
#include "bench.h"

#define SECRET "correct horse battery staple 42"

static const char *self, *quorate, *scanner;
static unsigned rounds = 21;

/* Words for quorate, or for another program, at the end of a step. */
static void
say(struct bench_step *step, const char *const *words)
{
	size_t n = 0;

	while (step->argv[n] != NULL)
		n++;
	for (; *words != NULL; words++)
		step->argv[n++] = *words;
}

#define SAY(step, ...) say((step), (const char *const []){ __VA_ARGS__, NULL })

/* Names of cards 1 to n of a set in dir; kept until the end. */
static void
say_cards(struct bench_step *step, const char *dir, unsigned n,
    const char *suffix)
{
	for (unsigned i = 1; i <= n; i++) {
		char *name;

		if (asprintf(&name, "%s/x-g1-c%u.%s", dir, i, suffix) == -1)
			bench_fail("memory");
		SAY(step, name);
	}
}

static struct bench_side
split(const char *dir, const char *k, const char *n, const char *format)
{
	struct bench_side side = { "quorate split", .fresh = dir };

	SAY(&side.steps[0], quorate, "split", "x", "--no-ledger", "-q", "-k", k,
	    "-n", n, "--secret-file", "secret", "--format", format, "--output", dir);
	return side;
}

static struct bench_side
reconstruct(const char *dir, unsigned k, const char *suffix)
{
	struct bench_side side = { "quorate reconstruct" };

	SAY(&side.steps[0], quorate, "reconstruct", "-q");
	say_cards(&side.steps[0], dir, k, suffix);
	SAY(&side.steps[0], "--output-fd", "1");
	side.steps[0].out = "rejoined";
	return side;
}

static struct bench_side
ssss_split(const char *k, const char *n, const char *out)
{
	struct bench_side side = { "ssss-split", .steps = { {
		.in = "secret-line", .out = out } } };

	SAY(&side.steps[0], "ssss-split", "-q", "-t", k, "-n", n);
	return side;
}

static struct bench_side
ssss_combine(const char *k, const char *in)
{
	struct bench_side side = { "ssss-combine", .steps = { {
		.in = in } } };

	SAY(&side.steps[0], "ssss-combine", "-q", "-t", k);
	return side;
}

static struct bench_side
zbarimg(const char *dir, unsigned n)
{
	struct bench_side side = { "zbarimg" };

	for (unsigned i = 0; i < n; i++) {
		SAY(&side.steps[i], "zbarimg", "-q", "--raw", "--nodbus");
		say_cards(&side.steps[i], dir, i + 1, "png");
		/* One page each: the last of the names. */
		side.steps[i].argv[4] = side.steps[i].argv[4 + i];
		side.steps[i].argv[5] = NULL;
	}
	return side;
}

/* The first k of the shares that ssss-split wrote. */
static void
take_shares(const char *from, const char *to, unsigned k)
{
	FILE *in = fopen(from, "re"), *out = fopen(to, "we");
	char line[512];

	if (in == NULL || out == NULL)
		bench_fail(from);
	while (k > 0 && fgets(line, sizeof line, in) != NULL) {
		fputs(line, out);
		k--;
	}
	fclose(in);
	if (k > 0 || fclose(out) != 0)
		bench_fail(to);
}

/* A comparison that ended in a wrong secret would be worth nothing. */
static void
check_rejoined(void)
{
	char text[sizeof SECRET] = "";
	FILE *f = fopen("rejoined", "re");

	if (f == NULL || fread(text, 1, sizeof text, f) != sizeof text - 1 ||
	    strncmp(text, SECRET, sizeof text - 1) != 0)
		bench_fail("what was rejoined is not the secret");
	fclose(f);
}

static void
print_row(const char *what, const struct bench_took *a,
    const struct bench_took *b)
{
	printf("%-34s %8.2f %8.2f %8.2f %8.2f ", what, a->wall, b->wall,
	    a->cpu, b->cpu);
}

static void
print_ratio(const char *what, const struct bench_took *a,
    const struct bench_took *b, double aim)
{
	print_row(what, a, b);
	printf("%6.2f %6.2f %6.2f %5.2f %6ld\n", a->wall / b->wall,
	    a->best / b->best, a->cpu / b->cpu, aim, a->peak);
	fflush(stdout);
}

static void
compare(const char *what, struct bench_side ours, struct bench_side theirs,
    double aim)
{
	struct bench_took a, b;

	bench_pair(&ours, &theirs, rounds, &a, &b);
	print_ratio(what, &a, &b, aim);
}

/* Beside true: how much more it is, not how many times as much. */
static struct bench_took
compare_start(const char *what, struct bench_side ours, const char *aim)
{
	struct bench_side none = { "true" };
	struct bench_took a, b;

	SAY(&none.steps[0], "true");
	bench_pair(&ours, &none, rounds, &a, &b);
	print_row(what, &a, &b);
	printf("%+6.2f %+6.2f %+6.2f %5s %6ld\n", a.wall - b.wall,
	    a.best - b.best, a.cpu - b.cpu, aim, a.peak);
	fflush(stdout);
	return (struct bench_took){ a.wall - b.wall, a.cpu - b.cpu,
		a.best - b.best, a.peak };
}

/* With the one slow draw, which is a promise, and without it. */
static void
compare_split(void)
{
	struct bench_side ours = split("o", "3", "5", "txt");
	struct bench_side theirs = ssss_split("3", "5", "o-shares");
	struct bench_side draw = { "speed --draw" };
	struct bench_took a, b, drawn;

	SAY(&draw.steps[0], self, "--draw");
	drawn = compare_start("one VERY_STRONG draw; true", draw, "");
	bench_pair(&ours, &theirs, rounds, &a, &b);
	print_ratio("split 3 of 5, text; ssss-split", &a, &b, 1);
	a.wall -= drawn.wall;
	a.cpu -= drawn.cpu;
	a.best -= drawn.best;
	print_ratio("  the same, less that draw", &a, &b, 1);
}

static void
prepare(void)
{
	struct bench_side sides[] = {
		split("t", "3", "5", "txt"), split("p", "3", "5", "png"),
		split("w", "16", "32", "txt"),
		ssss_split("3", "5", "shares"),
		ssss_split("16", "32", "shares-32"),
	};
	struct bench_took took;

	bench_write("secret", SECRET);
	bench_write("secret-line", SECRET "\n");
	for (size_t i = 0; i < sizeof sides / sizeof *sides; i++)
		bench_run(&sides[i], &took);
	take_shares("shares", "shares-3", 3);
	take_shares("shares-32", "shares-16", 16);
}

static void
compare_all(void)
{
	struct bench_side version = { "quorate --version" };
	struct bench_side check = { "quorate check" };
	struct bench_side scan = { "quorate-scan", .steps = { {
		.in = "p/x-g1-c1.png" } } };

	SAY(&version.steps[0], quorate, "--version");
	SAY(&check.steps[0], quorate, "check", "-q", "t/x-g1-c1.txt");
	SAY(&scan.steps[0], scanner);
	printf("medians of %-23u %17s %17s %20s\n", rounds, "wall, ms",
	    "user + sys, ms", "ratio");
	printf("%-34s %8s %8s %8s %8s %6s %6s %6s %5s %6s\n", "ours; peer",
	    "ours", "peer", "ours", "peer", "wall", "best", "cpu", "aim",
	    "KiB");
	compare_start("quorate --version; true", version, "3 ms");
	compare_start("quorate check card.txt; true", check, "3 ms");
	compare_split();
	compare("reconstruct 3, text; ssss-combine",
	    reconstruct("t", 3, "txt"), ssss_combine("3", "shares-3"), 1);
	check_rejoined();
	compare("reconstruct 16, text; ssss-combine",
	    reconstruct("w", 16, "txt"), ssss_combine("16", "shares-16"),
	    0.1);
	check_rejoined();
	compare("scan an A4 page, 300 dpi; zbarimg", scan, zbarimg("p", 1),
	    0.2);
	compare("reconstruct 3 PNG; 3 times zbarimg",
	    reconstruct("p", 3, "png"), zbarimg("p", 3), 0.5);
	check_rejoined();
}

static int
draw(void)
{
	uint8_t key[QUO_KEY_LEN];

	return quo_random(key, sizeof key) == QUO_OK ? 0 : 1;
}

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--draw") == 0)
		return draw();
	if (argc == 5 && strcmp(argv[3], "--rounds") == 0)
		rounds = (unsigned)strtoul(argv[4], NULL, 10);
	if ((argc != 3 && argc != 5) || rounds < 1) {
		fprintf(stderr, "usage: speed QUORATE QUORATE-SCAN "
		    "[--rounds N]\n");
		return 2;
	}
	self = realpath("/proc/self/exe", NULL);
	quorate = realpath(argv[1], NULL);
	scanner = realpath(argv[2], NULL);
	if (self == NULL || quorate == NULL || scanner == NULL)
		bench_fail(argv[1]);
	bench_enter();
	prepare();
	compare_all();
	return 0;
}
