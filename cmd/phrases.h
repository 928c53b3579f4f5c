/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_PHRASES_H
#define QUO_PHRASES_H

#include "cmd/render.h"
#include "cmd/say.h"

/**
 * Give each custodian the phrase of a locked card, once: on the terminal,
 * one after another, or, for scripts, to a directory or a descriptor that the
 * caller names; never beside the cards.
 *
 * directory   files NAME-gG-cS-custodian.phrase, mode 0600; or NULL
 * fd          lines "SERIAL PHRASE"; or -1
 * cards       the directory that the cards go to, or -1: refused as
 *             `directory`
 * Does nothing for a set that isn't locked.
 */
enum quo_exit quo_phrases_give(const struct quo_render *render,
    const char *directory, long fd, int cards);

#endif
