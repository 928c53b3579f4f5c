/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_LOOKS_H
#define QUO_LOOKS_H

/** Room for why a name is refused. */
#define QUO_LOOKS_WHY 160

/**
 * Why two names could look like this one without being it; NULL: they can't,
 * as far as this goes.
 *
 * Refused are blanks at an end, in a row, or other than U+0020; what isn't
 * seen, or turns the direction (UAX #9); marks that stand on another letter
 * and second forms of a character, so that a name has one spelling, that of
 * NFKC (UAX #15); and words of several of the scripts whose letters are alike
 * (UTS #39). Names all of one script may still look like those of another.
 * By libunistring, of which looks.c is the one caller.
 *
 * name   UTF-8; what is none is refused, too
 * why    gets the words
 */
const char *quo_looks_wrong(const char *name, char why[QUO_LOOKS_WHY]);

#endif
