/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_ROW_H
#define QUO_ROW_H

#include <stdbool.h>

#include "base/err.h"
#include "card/words.h"

/**
 * One row of words, asked for on the open terminal: for typed.c. With
 * keys (QUO_TERM_SCREEN) word by word with completion, else as a line.
 */

/** The columns that a row takes with keys. */
#define QUO_ROW_COLUMNS 78
/** The key that gives up: Ctrl-D. */
#define QUO_ROW_GIVE_UP 4

/**
 * Ask for the row of that number until it has seven words of the list or
 * "?", naming each wrong word. An empty answer sets *empty instead.
 * Fails with QUO_ECANCEL.
 */
enum quo_err quo_row_ask(unsigned number, bool keys,
    struct quo_words_row *row, bool *empty);

/** Say something on a line of its own; printf-like, wiped. */
void quo_row_say(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

#endif
