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

/** The number of a row that is a lock phrase: no word may be missing. */
#define QUO_ROW_PHRASE 0
/** The key that gives up: Ctrl-D. */
#define QUO_ROW_GIVE_UP 4

/**
 * Open the terminal for rows: on a cleared screen with keys, or, where it is
 * dumb or the window too small, for lines. quo_term_close closes it.
 */
enum quo_err quo_row_open(bool *keys);

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
