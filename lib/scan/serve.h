/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_SERVE_H
#define QUO_SERVE_H

#include <stddef.h>

/**
 * All that quorate-scan does: read the file on fd in to its end, close the
 * sandbox, look at its pages, and write the frames of scan/frame.h to fd out.
 * line gets the notes in words. Returns the exit status: 0, or 1 where the
 * file could not be read, or 3 where the machine failed us.
 */
int quo_serve(int in, int out, char *line, size_t size);

#endif
