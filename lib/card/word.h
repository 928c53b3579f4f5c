/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_WORD_H
#define QUO_WORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/**
 * The list of words, and texts of them: docs/format.md, section 8.
 *
 * Words and their numbers (0 to 1023) are secrets: keep them in a struct
 * quo_secret, or wipe them. Nothing here branches on, or indexes with, a
 * word, also while it is typed text: each look-up goes through the whole
 * list. What is public: how long a text is, how many words are in it, and
 * which of them are "?" or not in the list.
 */

#define QUO_WORDS_LIST 1024   /* words in the list */
#define QUO_WORD_MIN 4	      /* letters of the shortest; tells it apart */
#define QUO_WORD_MAX 8	      /* letters of the longest */
#define QUO_WORDS_PARSE_MAX 8 /* words in a text, at most */

/* The list */

/** The word of a number below QUO_WORDS_LIST; unused bytes are NUL. */
void quo_word_get(unsigned index, char word[QUO_WORD_MAX + 1]);

/**
 * The number of a typed word: itself or its beginning, from 4 letters on;
 * case aside. text needs no NUL.
 * Fails with QUO_EWORD: not in the list ("?" isn't either).
 */
enum quo_err quo_word_find(const char *text, size_t len, uint16_t *index);

/**
 * The nearest word to one that isn't in the list: for "did you mean".
 * By Damerau-Levenshtein distance (adjacent letters swapped count as one
 * change), to the word or to its beginning of 4 letters or more.
 * Fails with QUO_EWORD where no word is within 2 changes and no beginning
 * within 1, or several are equally near.
 */
enum quo_err quo_word_suggest(const char *text, size_t len, uint16_t *index);

/**
 * The words that begin with text, case aside: *count of them from number
 * *first on; none gives count 0, and len 0 the whole list.
 */
void quo_word_complete(
    const char *text, size_t len, uint16_t *first, size_t *count);

/* Texts of words */

/**
 * Read exactly count words (at most QUO_WORDS_PARSE_MAX), white space between
 * them; "?" for one that can't be read, its missing[] set and word[] 0.
 *
 * at	on failure: which is wrong, from 1; 0 where there are too few,
 *	count + 1 where there are too many
 * Fails with QUO_EWORD (one is not in the list; this first) or QUO_ESYNTAX
 * (there are not count of them).
 */
enum quo_err quo_words_parse(const char *text, size_t len, size_t count,
    uint16_t *word, bool *missing, unsigned *at);

/**
 * Words with single spaces between them: a lock phrase. text has room for
 * count * (QUO_WORD_MAX + 1) bytes; what isn't used is NUL, at least one byte.
 */
void quo_words_join(const uint16_t *word, size_t count, char *text);

#endif
