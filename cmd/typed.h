/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_TYPED_H
#define QUO_TYPED_H

#include <stdbool.h>

#include "base/err.h"
#include "base/secret.h"

/**
 * A card typed in words, row by row, at the terminal.
 *
 * First the share, rows 1 to 7, then, where wanted, the set code, rows from
 * 11 on, ended by an empty line (one card of a set is enough for it). A word
 * is completed as soon as its first four letters are there, a wrong one named
 * at once, `?` stands for one that can't be read; a row whose check is wrong
 * is asked for again, a correction is shown and confirmed, never made
 * silently. All this on the alternate screen, which is wiped in the end: no
 * word stays in sight. Where TERM is dumb, or the window narrower than a row,
 * a row is a plain line instead.
 *
 * set_known  don't ask for the set code: it is there already
 * text   the rows as a text card holds them (docs/format.md, section 7),
 *        mended; set on success only, the caller frees it
 * A set code that is given up is left out; the share is there all the same.
 * Fails with QUO_ENOTTY; QUO_ECANCEL: given up by Ctrl-D or an empty first
 * row; QUO_ECHECK: too much is wrong, and nobody can say in which row; and
 * as quo_words_decode does.
 */
enum quo_err quo_typed_read(bool set_known, struct quo_secret **text);

/**
 * A lock phrase, typed as a row is: its six words and the check word.
 *
 * whose   the card, as quo_cards_name says it
 * again   whether the one before was wrong: says so
 * phrase  text with single blanks, ending in NUL; the caller frees it
 * Fails with QUO_ENOTTY or QUO_ECANCEL (an empty line, or Ctrl-D).
 */
enum quo_err quo_typed_phrase(const char *whose, bool again,
    struct quo_secret **phrase);

#endif
