/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_RENDER_H
#define QUO_RENDER_H

#include "base/err.h"
#include "base/secret.h"
#include "card/deal.h"
#include "card/pool.h"
#include "draw/face.h"

/**
 * A dealt card as a file: text, or drawn; and read back from it.
 */

enum quo_format {
	QUO_FORMAT_PDF = 1,
	QUO_FORMAT_SVG,
	QUO_FORMAT_PNG,
	QUO_FORMAT_TXT,
	QUO_FORMAT_TERMINAL	/* shown, never a file; read back as PNG */
};

/** What is said on each card of a dealing, and how. All borrowed. */
struct quo_render {
	const struct quo_dealing *dealing;
	const struct quo_policy *policy;	/* with the custodians' names */
	const char *title;		/* the credential, or an opaque id */
	enum quo_format format;
	enum quo_face_paper paper;
	unsigned dpi;			/* of a PNG; 0: 300 */
};

/** "pdf", "svg", "png", "txt"; "png" for the terminal. */
const char *quo_format_suffix(enum quo_format format);

/** Whose card it is; NULL where that isn't said. */
const char *quo_render_custodian(const struct quo_render *render,
    unsigned serial);

/** How many files a card takes: pages of an SVG or PNG, else 1. */
enum quo_err quo_render_pages(const struct quo_render *render,
    unsigned *pages);

/**
 * One file of a card; the caller frees it. The same bytes each time.
 * A failure, or a letter that no font has, is said on standard error.
 */
enum quo_err quo_render_card(const struct quo_render *render, unsigned serial,
    unsigned page, struct quo_secret **file);

/**
 * Read a file of a card back into the pool, by the reader that a custodian's
 * scan meets; of an SVG a PNG of the same drawing is read. The words are
 * taken apart, too, and compared with what they stand for (QUO_EMISMATCH).
 */
enum quo_err quo_render_read(const struct quo_render *render, unsigned serial,
    unsigned page, const struct quo_secret *file, struct quo_pool *pool);

/**
 * Show a card on the terminal, a screen for each of its parts: the share
 * code, the set code, the words of the share. Gone with the last key.
 * Fails with QUO_ETOOBIG where the window is too small, and as tty.h says.
 */
enum quo_err quo_render_show(const struct quo_render *render,
    unsigned serial);

#endif
