/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_PHRASES_H
#define QUO_PHRASES_H

#include "cmd/render.h"
#include "cmd/say.h"

/** The file of a card's lock phrase: a line. The caller frees it. */
enum quo_err quo_phrases_file(const struct quo_dealing *dealing,
    unsigned serial, struct quo_secret **file);

/**
 * Give each custodian the phrase of a locked card, once: on the terminal, one
 * after another, or, for scripts, to a descriptor that the caller names.
 *
 * fd   lines "SERIAL PHRASE" go there; or -1: the terminal
 * Does nothing for a set that isn't locked.
 */
enum quo_exit quo_phrases_give(const struct quo_render *render, long fd);

#endif
