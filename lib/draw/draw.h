/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_DRAW_H
#define QUO_DRAW_H

#include "base/err.h"
#include "base/secret.h"
#include "draw/face.h"

/** The bytes of a note, its NUL included. */
#define QUO_DRAW_NOTE 256

/**
 * Draw a card by the helper program quorate-draw.
 *
 * page   the PDF, SVG or PNG, as face->format says; the caller frees it. The
 *        same bytes for the same face, wherever and whenever drawn.
 * note   set also on success, empty where there is nothing to say: what the
 *        helper said, one line without newline. On success it warns that a
 *        name holds characters for which no font is installed, and names the
 *        package to install; else it says what failed.
 * Fails with QUO_EINVAL (the face is none), QUO_ENOENT (no helper),
 * QUO_ECHILD (it died or refused), QUO_ETIMEOUT, QUO_ETOOBIG, QUO_ENOMEM,
 * QUO_ELOCK.
 */
enum quo_err quo_draw(const struct quo_face *face, struct quo_secret **page,
    char note[QUO_DRAW_NOTE]);

#endif
