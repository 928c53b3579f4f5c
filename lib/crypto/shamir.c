/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/crypt.h"
#include "base/secret.h"
#include "crypto/gf256.h"
#include "crypto/shamir.h"

void
quo_shamir_eval(const uint8_t *coefficients, size_t len, unsigned t,
    uint8_t x, uint8_t *value)
{
	/* Horner's rule, from the leading coefficients down. */
	memset(value, 0, len);
	for (unsigned row = t; row-- > 0;)
		for (size_t i = 0; i < len; i++)
			value[i] = quo_gf256_mul(value[i], x) ^
			    coefficients[row * len + i];
}

enum quo_err
quo_shamir_split(const uint8_t *value, size_t len, unsigned t, unsigned n,
    uint8_t *shares)
{
	struct quo_secret *coefficients = NULL;
	enum quo_err err;

	if (len == 0 || t == 0 || t > n || n > 255)
		return QUO_EINVAL;
	memset(shares, 0, n * len);
	err = quo_secret_new(t * len, &coefficients);
	if (err != QUO_OK)
		return err;
	memcpy(coefficients->data, value, len);
	if (t > 1)
		err = quo_random(coefficients->data + len, (t - 1) * len);
	for (unsigned x = 1; err == QUO_OK && x <= n; x++)
		quo_shamir_eval(coefficients->data, len, t, (uint8_t)x,
		    shares + (x - 1) * len);
	quo_secret_free(coefficients);
	return err;
}

/* Lagrange's weight of share i for the value at `at`. */
static enum quo_err
weight(const struct quo_share *shares, size_t k, size_t i, uint8_t at,
    uint8_t *w)
{
	uint8_t over = 1, under = 1;

	for (size_t j = 0; j < k; j++) {
		if (j == i)
			continue;
		if (shares[j].x == shares[i].x)
			return QUO_EDUPLICATE;
		over = quo_gf256_mul(over, at ^ shares[j].x);
		under = quo_gf256_mul(under, shares[i].x ^ shares[j].x);
	}
	*w = quo_gf256_mul(over, quo_gf256_inv(under));
	return QUO_OK;
}

enum quo_err
quo_shamir_combine(const struct quo_share *shares, size_t k, size_t len,
    uint8_t at, uint8_t *value)
{
	uint8_t weights[255];
	enum quo_err err = QUO_OK;

	if (k == 0 || k > 255)
		return QUO_EINVAL;
	for (size_t i = 0; err == QUO_OK && i < k; i++)
		err = shares[i].x == 0 ? QUO_EINVAL :
		    weight(shares, k, i, at, &weights[i]);
	if (err != QUO_OK)
		return err;
	memset(value, 0, len);
	for (size_t i = 0; i < k; i++)
		for (size_t b = 0; b < len; b++)
			value[b] ^= quo_gf256_mul(weights[i],
			    shares[i].value[b]);
	return QUO_OK;
}
