/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>
#include <string.h>

#include "base/crypt.h"
#include "base/ct.h"
#include "crypto/mint.h"

#define DRAW 64
#define CLEAR_LEN 24

#define DIGITS "0123456789"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LOWER "abcdefghijklmnopqrstuvwxyz"

/* The first is the one meant where none is named. */
static const struct {
	const char *name;
	const char *chars;
} alphabets[] = {
	{ "clear", "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz" },
	{ "alnum", DIGITS UPPER LOWER },
	{ "hex", DIGITS "abcdef" },
	{ "digits", DIGITS },
	{ "printable", "!\"#$%&'()*+,-./" DIGITS ":;<=>?@" UPPER "[\\]^_`"
	    LOWER "{|}~" },
};

const char *
quo_mint_alphabet(const char *name)
{
	for (size_t i = 0; i < sizeof alphabets / sizeof *alphabets; i++)
		if (strcmp(alphabets[i].name, name) == 0)
			return alphabets[i].chars;
	return NULL;
}

size_t
quo_mint_least(size_t chars)
{
	/* Exact for powers of two; no other count comes near 2^128. */
	double ways = 1;
	size_t len = 0;

	if (chars < 2)
		return 0;
	for (; ways < 0x1p128; ways *= (double)chars)
		len++;
	return len;
}

/* A decimal number without sign or leading zero, to the end of text. */
static enum quo_err
parse_len(const char *text, size_t *len)
{
	size_t n = 0;

	if (*text < '1' || *text > '9')
		return QUO_ESYNTAX;
	for (; *text >= '0' && *text <= '9'; text++) {
		n = 10 * n + (size_t)(*text - '0');
		if (n > QUO_MINT_MAX)
			return QUO_ETOOBIG;
	}
	if (*text != '\0')
		return QUO_ESYNTAX;
	*len = n;
	return QUO_OK;
}

enum quo_err
quo_mint_parse(const char *text, struct quo_mint *profile)
{
	const char *chars = alphabets[0].chars, *number = text;
	size_t len = 0, name_len = strcspn(text, ":"), least;
	char name[16] = "";
	enum quo_err err = QUO_OK;

	if (*text != '\0' && (*text < '0' || *text > '9')) {
		if (name_len >= sizeof name)
			return QUO_ESYNTAX;
		memcpy(name, text, name_len);
		chars = quo_mint_alphabet(name);
		if (chars == NULL)
			return QUO_ESYNTAX;
		number = text[name_len] == ':' ? text + name_len + 1 : NULL;
	}
	least = quo_mint_least(strlen(chars));
	if (number != NULL && *text != '\0')
		err = parse_len(number, &len);
	else
		len = chars == alphabets[0].chars ? CLEAR_LEN : least;
	if (err != QUO_OK)
		return err;
	profile->least = least;
	if (len < least)
		return QUO_EINVAL;
	strcpy(profile->alphabet, chars);
	profile->len = len;
	return QUO_OK;
}

enum quo_err
quo_mint_narrow(struct quo_mint *profile, const char *alphabet, size_t min,
    size_t max)
{
	char common[QUO_MINT_ALPHABET] = "";
	size_t n = 0, len = profile->len;

	for (const char *c = profile->alphabet; *c != '\0'; c++)
		if (strchr(alphabet, *c) != NULL)
			common[n++] = *c;
	profile->least = quo_mint_least(n);
	if (len > max)
		len = max;
	if (len < min)
		len = min;
	if (len < profile->least)
		len = profile->least;
	if (n < 2 || len > max || len > QUO_MINT_MAX)
		return QUO_EINVAL;
	memcpy(profile->alphabet, common, sizeof common);
	profile->len = len;
	return QUO_OK;
}

/* All ones where a == b, both below 2^31. */
static uint32_t
same(uint32_t a, uint32_t b)
{
	return 0 - (((a ^ b) - 1) >> 31);
}

/* The character at place: every one is looked at. */
static uint8_t
pick(const char *alphabet, size_t chars, uint8_t place)
{
	uint32_t c = 0;

	for (size_t i = 0; i < chars; i++)
		c |= (uint8_t)alphabet[i] & same((uint32_t)i, place);
	return (uint8_t)c;
}

/* Turn random bytes into characters; how many were kept. The one branch tells
 * of a byte only whether it was thrown away. */
static size_t
keep(const struct quo_mint *profile, size_t chars, const uint8_t *draw,
    uint8_t *out, size_t room)
{
	uint8_t mask = 1, place;
	uint32_t kept;
	size_t n = 0;

	while (mask < chars - 1)
		mask = (uint8_t)(2 * mask + 1);
	for (size_t i = 0; i < DRAW && n < room; i++) {
		place = draw[i] & mask;
		kept = quo_ct_lt(place, (uint32_t)chars);
		QUO_PUBLIC(kept);
		if (kept != 0)
			out[n++] = pick(profile->alphabet, chars, place);
	}
	return n;
}

enum quo_err
quo_mint_secret(const struct quo_mint *profile, struct quo_secret **secret)
{
	size_t chars = strlen(profile->alphabet), done = 0;
	struct quo_secret *made = NULL;
	uint8_t draw[DRAW];
	enum quo_err err;

	if (chars < 2 || profile->len < quo_mint_least(chars) ||
	    profile->len > QUO_MINT_MAX)
		return QUO_EINVAL;
	err = quo_secret_new(profile->len, &made);
	while (err == QUO_OK && done < profile->len) {
		err = quo_random(draw, sizeof draw);
		if (err == QUO_OK)
			done += keep(profile, chars, draw, made->data + done,
			    profile->len - done);
	}
	quo_wipe(draw, sizeof draw);
	if (err == QUO_OK)
		*secret = made;
	else
		quo_secret_free(made);
	return err;
}
