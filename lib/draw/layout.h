/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_LAYOUT_H
#define QUO_LAYOUT_H

#include "draw/canvas.h"
#include "draw/face.h"

/** The sheet that a face asks for, in millimetres. */
void quo_layout_sheet(const struct quo_face *face, double *width,
    double *height);

/**
 * Draw the pages of a card: all into a PDF, the one asked for otherwise.
 *
 * The sheet is folded twice, print outside, to four quarters: left above
 * tells what it is and whose; left below what to do, over the set code;
 * right above stands the share, right below the set code in words. Folded
 * first along the upright line, then across, the share lies inside.
 * Nothing crosses a fold, and the two codes stand in opposite corners.
 */
void quo_layout_draw(const struct quo_face *face, struct quo_canvas *canvas);

#endif
