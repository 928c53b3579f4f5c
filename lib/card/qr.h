/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_QR_H
#define QUO_QR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/secret.h"

/** The one caller of libqrencode. */

/** The largest symbol on a card, and the modules along its side. */
#define QUO_QR_VERSION_MAX 15
#define QUO_QR_SIDE_MAX (17 + 4 * QUO_QR_VERSION_MAX)
/** The white margin that readers need, in modules. */
#define QUO_QR_QUIET 4

/**
 * A QR symbol: side * side modules, row by row, one bit each, the most
 * significant bit of a byte first, no padding between rows; 1 is dark. No
 * quiet zone.
 *
 * store owns the bits; it is NULL where they are borrowed.
 */
struct quo_qr {
	unsigned side;
	const uint8_t *bits;
	struct quo_secret *store;
};

/** The bytes that hold a symbol of that side. */
#define QUO_QR_LEN(side) (((size_t)(side) * (side) + 7) / 8)

/**
 * Make the symbol of a text in alphanumeric mode: A-Z, 0-9, space, $%*+-./:
 *
 * The smallest version that holds it at correction level M, and at level Q
 * where Q needs no larger one: the size of a module matters more than the
 * level. Same text, same symbol. The caller clears qr.
 * Fails with QUO_EINVAL (empty, or another character: lower case too),
 * QUO_ETOOBIG (above version 15: 600 characters), QUO_ENOMEM, QUO_ELOCK.
 */
enum quo_err quo_qr_encode(const char *text, size_t len, struct quo_qr *qr);

/** Wipe and give back what quo_qr_encode made. Takes one of zeros. */
void quo_qr_clear(struct quo_qr *qr);

/** Whether the module in column x of row y is dark; outside none is. */
bool quo_qr_dark(const struct quo_qr *qr, int x, int y);

/**
 * The symbol in Unicode half-blocks, two rows of modules in each line, quiet
 * zone included: for a terminal, or for a text file.
 *
 * colour   set black on white by SGR in each line, for terminals: it reads on
 *          dark themes too. Without it the file's reader decides.
 * text     UTF-8 lines, no NUL; the caller frees it
 * Fails with QUO_ENOMEM, QUO_ELOCK.
 */
enum quo_err quo_qr_print(const struct quo_qr *qr, bool colour,
    struct quo_secret **text);

#endif
