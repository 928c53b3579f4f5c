/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_TEXTCARD_H
#define QUO_TEXTCARD_H

#include <stddef.h>

#include "base/err.h"
#include "base/secret.h"
#include "card/deal.h"
#include "card/pool.h"
#include "card/words.h"

/**
 * Text cards: files in which each line holds a code, or a row of words.
 * docs/format.md, section 7.
 */

/** The largest text card that is read. */
#define QUO_TEXTCARD_MAX (256u << 10)

/** The text card of a dealt card: its codes, one a line; the caller frees. */
enum quo_err quo_textcard_print(const struct quo_dealing *dealing,
    unsigned serial, struct quo_secret **text);

/**
 * Asked where words were mended: whether that is what the card says. True
 * goes on; false gives the rows up as damaged.
 */
struct quo_textcard_ask {
	bool (*confirm)(void *with, const struct quo_words_fix *fixes,
	    size_t count);
	void *with;
};

/**
 * Add all that a text card holds to the pool, under one label. Rows of words
 * that need mending are damaged unless ask says yes; NULL never does.
 * Fails as the machine does, and with QUO_ETOOBIG.
 */
enum quo_err quo_textcard_add(struct quo_pool *pool, const char *label,
    const char *text, size_t len, const struct quo_textcard_ask *ask);

#endif
