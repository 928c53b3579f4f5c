/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_MINT_H
#define QUO_MINT_H

#include <stddef.h>

#include "base/err.h"
#include "base/secret.h"

/** Bits of chance that a minted secret has at least. */
#define QUO_MINT_BITS 128
#define QUO_MINT_MAX 1024
/** Room for an alphabet: printable ASCII, each at most once. */
#define QUO_MINT_ALPHABET 96

/** How to mint a secret. */
struct quo_mint {
	char alphabet[QUO_MINT_ALPHABET];	/* text, no character twice */
	size_t len;				/* of the secret */
	size_t least;				/* len for QUO_MINT_BITS */
};

/**
 * An alphabet by its name, or NULL:
 *
 *	clear		letters and digits, without those that people mix up:
 *			0 O o 1 l I (56)
 *	alnum		letters and digits (62)
 *	hex		0-9 a-f
 *	digits		0-9
 *	printable	ASCII from ! to ~, so without space (94)
 */
const char *quo_mint_alphabet(const char *name);

/** The length at which chars characters give QUO_MINT_BITS; 0 for < 2. */
size_t quo_mint_least(size_t chars);

/**
 * Read a profile: `LEN`, `NAME`, `NAME:LEN`, or the empty text.
 *
 * Without a name: clear. Without a length: the least, but 24 for clear.
 * Fails with QUO_ESYNTAX (no such form or name), QUO_ETOOBIG (over
 * QUO_MINT_MAX) or QUO_EINVAL: too short for QUO_MINT_BITS, profile->least
 * then saying what is needed.
 */
enum quo_err quo_mint_parse(const char *text, struct quo_mint *profile);

/**
 * Narrow a profile to what a target takes: to the characters that are also
 * in alphabet, and to a length from min to max; a length is changed only as
 * far as it must be. Fails with QUO_EINVAL, profile untouched but for least,
 * where what is left has under QUO_MINT_BITS.
 */
enum quo_err quo_mint_narrow(struct quo_mint *profile, const char *alphabet,
    size_t min, size_t max);

/**
 * Mint a secret: each character uniform and on its own.
 *
 * By rejection, so without bias. Only the rejected draws are branched on,
 * and they are thrown away; the others meet no branch and no index.
 * Fails with QUO_EINVAL (under QUO_MINT_BITS), QUO_ERANDOM, QUO_ENOMEM.
 */
enum quo_err quo_mint_secret(const struct quo_mint *profile,
    struct quo_secret **secret);

#endif
