/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "card/gf1024.h"
#include "card/rs1024.h"

/* A share's shape, and a short set's. */
#define N 42
#define P 8

static const bool none[N];

static unsigned
draw(unsigned below)
{
	return (unsigned)random() % below;
}

static void
make_codeword(uint16_t *symbol, size_t n, size_t p)
{
	size_t i;

	for (i = 0; i < n - p; i++)
		symbol[i] = (uint16_t)draw(1024);
	quo_rs1024_encode(symbol, n, p);
}

/* As many different places as asked for, shuffled. */
static void
draw_places(size_t *place, size_t count, size_t n)
{
	size_t all[QUO_RS1024_MAX], i, j;

	for (i = 0; i < n; i++)
		all[i] = i;
	for (i = 0; i < count; i++) {
		j = i + draw((unsigned)(n - i));
		place[i] = all[j];
		all[j] = all[i];
	}
}

static void
too_many_missing_is_refused(void **state)
{
	uint16_t symbol[N], before[N];
	bool missing[N] = { false };
	size_t wrong, i;

	(void)state;
	make_codeword(symbol, N, P);
	for (i = 0; i <= P; i++)
		missing[i * 4] = true;
	memcpy(before, symbol, sizeof before);
	assert_err(quo_rs1024_mend(symbol, missing, N, P, &wrong), QUO_ECHECK);
	assert_memory_equal(symbol, before, sizeof before);
}

/*
 * Two wrong symbols, three of parity: in a code as long as the field a
 * second-degree locator often has its two roots, and must not be believed.
 */
static void
too_many_wrong_are_refused(void **state)
{
	static uint16_t symbol[QUO_RS1024_MAX];
	static const bool all_there[QUO_RS1024_MAX];
	size_t place[2], wrong;
	int round;

	(void)state;
	srandom(2);
	for (round = 0; round < 20; round++) {
		make_codeword(symbol, QUO_RS1024_MAX, 3);
		draw_places(place, 2, QUO_RS1024_MAX);
		symbol[place[0]] ^= (uint16_t)(1 + draw(1023));
		symbol[place[1]] ^= (uint16_t)(1 + draw(1023));
		assert_err(quo_rs1024_mend(
			       symbol, all_there, QUO_RS1024_MAX, 3, &wrong),
		    QUO_ECHECK);
	}
}

/* Of 2000 texts with 5 wrong symbols, none may be taken for whole. */
static void
five_wrong_are_seldom_taken_for_four(void **state)
{
	uint16_t good[N], symbol[N];
	size_t place[5], wrong, taken = 0, i;
	int round;

	(void)state;
	srandom(5);
	for (round = 0; round < 2000; round++) {
		make_codeword(good, N, P);
		memcpy(symbol, good, sizeof good);
		draw_places(place, 5, N);
		for (i = 0; i < 5; i++)
			symbol[place[i]] ^= (uint16_t)(1 + draw(1023));
		if (quo_rs1024_mend(symbol, none, N, P, &wrong) == QUO_OK)
			taken++;
	}
	/* C(42,4) * 1023^4 / 1024^8: one in ten million. */
	assert_int_equal(taken, 0);
}

static void
field_has_its_axioms(void **state)
{
	uint16_t x = 1, a, b, c;
	unsigned i;

	(void)state;
	srandom(1);
	for (i = 0; i < QUO_GF1024_ORDER; i++) {
		assert_int_equal(quo_gf1024_exp(i), x);
		assert_true(i == 0 || x != 1);
		assert_int_equal(quo_gf1024_mul(x, quo_gf1024_inv(x)), 1);
		assert_int_equal(quo_gf1024_mul(x, 1), x);
		assert_int_equal(quo_gf1024_mul(x, 0), 0);
		x = quo_gf1024_mul(x, 2);
	}
	assert_int_equal(x, 1);
	assert_int_equal(quo_gf1024_inv(0), 0);
	assert_int_equal(quo_gf1024_mul(512, 2), 9);
	for (i = 0; i < 20000; i++) {
		a = (uint16_t)draw(1024);
		b = (uint16_t)draw(1024);
		c = (uint16_t)draw(1024);
		assert_int_equal(quo_gf1024_mul(a, b), quo_gf1024_mul(b, a));
		assert_int_equal(quo_gf1024_mul(a, quo_gf1024_mul(b, c)),
		    quo_gf1024_mul(quo_gf1024_mul(a, b), c));
		assert_int_equal(quo_gf1024_mul(a, b ^ c),
		    quo_gf1024_mul(a, b) ^ quo_gf1024_mul(a, c));
	}
}

static void
codeword_is_zero_at_the_roots(void **state)
{
	uint16_t symbol[360], sum, x;
	size_t p, i, j;

	(void)state;
	for (p = 1; p <= 60; p++) {
		make_codeword(symbol, 360, p);
		for (j = 0; j < p; j++) {
			x = quo_gf1024_exp((unsigned)j);
			for (sum = 0, i = 0; i < 360; i++)
				sum = quo_gf1024_mul(sum, x) ^ symbol[i];
			assert_int_equal(sum, 0);
		}
	}
}

/* Every mix of e wrong and f missing with 2e + f <= p, at random places. */
static void
mends_all_that_it_may(size_t n, size_t p, int rounds)
{
	uint16_t good[360], symbol[360];
	size_t place[64], wrong, e, f, i;
	bool missing[360];

	for (e = 0; 2 * e <= p; e++)
		for (f = 0; 2 * e + f <= p; f++) {
			make_codeword(good, n, p);
			memcpy(symbol, good, sizeof good);
			memset(missing, 0, sizeof missing);
			draw_places(place, e + f, n);
			for (i = 0; i < e; i++)
				symbol[place[i]] ^= (uint16_t)(1 + draw(1023));
			for (; i < e + f; i++) {
				symbol[place[i]] = (uint16_t)draw(1024);
				missing[place[i]] = true;
			}
			assert_err(
			    quo_rs1024_mend(symbol, missing, n, p, &wrong),
			    QUO_OK);
			assert_int_equal(wrong, e);
			assert_memory_equal(symbol, good, n * sizeof *good);
			if (f == p - 2 * e && --rounds > 0)
				f = (size_t)-1;
		}
}

static void
wrong_and_missing_are_mended(void **state)
{
	(void)state;
	srandom(3);
	mends_all_that_it_may(N, P, 400);
	mends_all_that_it_may(12, 8, 100);
	mends_all_that_it_may(48, 8, 100);
	mends_all_that_it_may(360, 13, 1);
}

static void
longest_text_is_mended(void **state)
{
	uint16_t good[360], symbol[360];
	bool missing[360] = { false };
	size_t place[60], wrong, i;

	(void)state;
	srandom(4);
	make_codeword(good, 360, 60);
	memcpy(symbol, good, sizeof good);
	draw_places(place, 40, 360);
	for (i = 0; i < 20; i++)
		symbol[place[i]] ^= (uint16_t)(1 + draw(1023));
	for (; i < 40; i++)
		missing[place[i]] = true;
	assert_err(quo_rs1024_mend(symbol, missing, 360, 60, &wrong), QUO_OK);
	assert_int_equal(wrong, 20);
	assert_memory_equal(symbol, good, sizeof good);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(too_many_missing_is_refused),
		cmocka_unit_test(too_many_wrong_are_refused),
		cmocka_unit_test(five_wrong_are_seldom_taken_for_four),
		cmocka_unit_test(field_has_its_axioms),
		cmocka_unit_test(codeword_is_zero_at_the_roots),
		cmocka_unit_test(wrong_and_missing_are_mended),
		cmocka_unit_test(longest_text_is_mended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
