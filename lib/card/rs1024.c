/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/ct.h"
#include "base/secret.h"
#include "card/gf1024.h"
#include "card/rs1024.h"

#define P_MAX QUO_RS1024_PARITY_MAX

/* A polynomial, lowest coefficient first; its degree is known elsewhere. */
struct poly {
	uint16_t c[P_MAX + 1];
};

/* x * (a + b x), cut behind x^P_MAX. */
static void
times_binomial(struct poly *x, uint16_t a, uint16_t b)
{
	size_t i;

	for (i = P_MAX; i > 0; i--)
		x->c[i] =
		    quo_gf1024_mul(x->c[i], a) ^ quo_gf1024_mul(x->c[i - 1], b);
	x->c[0] = quo_gf1024_mul(x->c[0], a);
}

/* The product of two polynomials, modulo x^p. */
static void
multiply(
    const struct poly *a, const struct poly *b, size_t p, struct poly *product)
{
	size_t i, j;

	memset(product, 0, sizeof *product);
	for (i = 0; i < p; i++)
		for (j = 0; i + j < p; j++)
			product->c[i + j] ^= quo_gf1024_mul(a->c[i], b->c[j]);
}

static uint16_t
evaluate(const struct poly *a, uint16_t x)
{
	uint16_t sum = 0;
	size_t i;

	for (i = P_MAX + 1; i-- > 0;)
		sum = quo_gf1024_mul(sum, x) ^ a->c[i];
	return sum;
}

/* The derivative: in characteristic 2 only odd powers leave something. */
static struct poly
derive(const struct poly *a)
{
	struct poly d = { { 0 } };
	size_t i;

	for (i = 1; i <= P_MAX; i += 2)
		d.c[i - 1] = a->c[i];
	return d;
}

void
quo_rs1024_encode(uint16_t *symbol, size_t n, size_t p)
{
	struct poly g = { { 1 } };
	uint16_t *rest = symbol + n - p, lead;
	size_t i, j;

	for (i = 0; i < p; i++)
		times_binomial(&g, quo_gf1024_exp((unsigned)i), 1);
	memset(rest, 0, p * sizeof *rest);
	for (i = 0; i < n - p; i++) {
		lead = symbol[i] ^ rest[0];
		memmove(rest, rest + 1, (p - 1) * sizeof *rest);
		rest[p - 1] = 0;
		for (j = 0; j < p; j++)
			rest[j] ^= quo_gf1024_mul(lead, g.c[p - 1 - j]);
	}
	quo_wipe(&lead, sizeof lead);
}

/* The values at alpha^0 to alpha^(p-1), missing symbols counted as 0. */
static void
syndromes(const uint16_t *symbol, const bool *missing, size_t n, size_t p,
    struct poly *s)
{
	uint16_t x, sum;
	size_t i, j;

	memset(s, 0, sizeof *s);
	for (j = 0; j < p; j++) {
		x = quo_gf1024_exp((unsigned)j);
		sum = 0;
		for (i = 0; i < n; i++)
			sum = quo_gf1024_mul(sum, x) ^
			      (missing[i] ? 0 : symbol[i]);
		s->c[j] = sum;
	}
}

/*
 * Berlekamp and Massey: the shortest recurrence that makes s[0] to s[m-1].
 * Returns its length; locator is its polynomial.
 */
static size_t
find_locator(const uint16_t *s, size_t m, struct poly *locator)
{
	struct poly old = { { 1 } }, keep;
	uint16_t gap, old_gap = 1, ratio;
	size_t len = 0, shift = 1, i, j;

	*locator = old;
	for (i = 0; i < m; i++, shift++) {
		gap = s[i];
		for (j = 1; j <= len; j++)
			gap ^= quo_gf1024_mul(locator->c[j], s[i - j]);
		if (gap == 0)
			continue;
		keep = *locator;
		ratio = quo_gf1024_mul(gap, quo_gf1024_inv(old_gap));
		for (j = shift; j <= P_MAX; j++)
			locator->c[j] ^=
			    quo_gf1024_mul(ratio, old.c[j - shift]);
		if (2 * len <= i) {
			len = i + 1 - len;
			old = keep;
			old_gap = gap;
			shift = 0;
		}
	}
	return len;
}

/* Mark the places that the locator names: as many as its degree, or fail. */
static enum quo_err
find_places(const struct poly *locator, size_t degree, const bool *missing,
    size_t n, bool *place)
{
	size_t i, found = 0;

	for (i = 0; i < n; i++) {
		place[i] = missing[i];
		if (evaluate(locator, quo_gf1024_inv(quo_gf1024_exp(
					  (unsigned)(n - 1 - i)))) != 0)
			continue;
		if (missing[i])
			return QUO_ECHECK;
		place[i] = true;
		found++;
	}
	return found == degree ? QUO_OK : QUO_ECHECK;
}

/*
 * Forney: the value at each place. The evaluator is secret where symbols
 * are missing, the locator is public.
 */
static void
fill_places(const struct poly *s, const struct poly *locator, size_t n,
    size_t p, const bool *place, uint16_t *value)
{
	struct poly evaluator, slope = derive(locator);
	uint16_t x, x_inv, under;
	size_t i;

	multiply(s, locator, p, &evaluator);
	memset(value, 0, n * sizeof *value);
	for (i = 0; i < n; i++) {
		if (!place[i])
			continue;
		x = quo_gf1024_exp((unsigned)(n - 1 - i));
		x_inv = quo_gf1024_inv(x);
		under = quo_gf1024_inv(evaluate(&slope, x_inv));
		value[i] = quo_gf1024_mul(
		    x, quo_gf1024_mul(evaluate(&evaluator, x_inv), under));
	}
	quo_wipe(&evaluator, sizeof evaluator);
}

/* Whether the symbols with value added are a codeword. */
static enum quo_err
verify(uint16_t *value, const uint16_t *symbol, const bool *missing, size_t n,
    size_t p)
{
	static const bool none[QUO_RS1024_MAX];
	struct poly s;
	uint16_t any = 0;
	size_t i;

	for (i = 0; i < n; i++)
		value[i] ^= missing[i] ? 0 : symbol[i];
	syndromes(value, none, n, p, &s);
	for (i = 0; i < p; i++)
		any |= s.c[i];
	QUO_PUBLIC(any);
	return any == 0 ? QUO_OK : QUO_ECHECK;
}

/*
 * The errors' own syndromes: with gamma, whose roots are the missing places,
 * multiplied in, coefficients f to p-1 know nothing of what is missing.
 */
static size_t
take_out_missing(const struct poly *s, const bool *missing, size_t n, size_t p,
    struct poly *gamma, struct poly *t)
{
	size_t i, f = 0;

	memset(gamma, 0, sizeof *gamma);
	gamma->c[0] = 1;
	for (i = 0; i < n; i++) {
		if (!missing[i])
			continue;
		if (++f > p)
			return f;
		times_binomial(gamma, 1, quo_gf1024_exp((unsigned)(n - 1 - i)));
	}
	multiply(s, gamma, p, t);
	return f;
}

enum quo_err
quo_rs1024_mend(
    uint16_t *symbol, const bool *missing, size_t n, size_t p, size_t *wrong)
{
	struct poly s, t, gamma, locator, both;
	uint16_t value[QUO_RS1024_MAX], own[P_MAX];
	bool place[QUO_RS1024_MAX];
	enum quo_err err = QUO_ECHECK;
	size_t f, e;

	syndromes(symbol, missing, n, p, &s);
	f = take_out_missing(&s, missing, n, p, &gamma, &t);
	if (f > p)
		goto out;
	memcpy(own, t.c + f, (p - f) * sizeof *own);
	QUO_PUBLIC(own);
	e = find_locator(own, p - f, &locator);
	if (2 * e + f > p)
		goto out;
	if (find_places(&locator, e, missing, n, place) != QUO_OK)
		goto out;
	multiply(&locator, &gamma, P_MAX + 1, &both);
	fill_places(&s, &both, n, p, place, value);
	err = verify(value, symbol, missing, n, p);
	if (err != QUO_OK)
		goto out;
	memcpy(symbol, value, n * sizeof *symbol);
	*wrong = e;
out:
	quo_wipe(&s, sizeof s);
	quo_wipe(&t, sizeof t);
	quo_wipe(value, sizeof value);
	return err;
}
