/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_PHRASE_H
#define QUO_PHRASE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/secret.h"
#include "card/words.h"
#include "crypto/seal.h"

/**
 * Lock phrases: six words of the list, chosen by chance (60 bits), and a
 * check word by which a slip or an old phrase is caught at once. A phrase is
 * kept away from its card. docs/format.md, section 9.
 */

#define QUO_PHRASE_WORDS 6
/** Room for a printed phrase with its check word, and a NUL. */
#define QUO_PHRASE_TEXT ((QUO_PHRASE_WORDS + 1) * (QUO_WORD_MAX + 1))

/** Make a phrase for a card, with its check word. */
enum quo_err quo_phrase_new(const uint8_t salt[QUO_SALT_LEN], uint8_t serial,
    char text[QUO_PHRASE_TEXT]);

/**
 * Read a typed phrase, 7 words, and check it against its card.
 *
 * words   on success: the six words as Argon2id wants them, ending in NUL
 * at      on QUO_EWORD: which word, from 1
 * Fails with QUO_EWORD or QUO_EPHRASE (not seven words, or the check word
 * doesn't go with this card and these words).
 */
enum quo_err quo_phrase_read(const uint8_t salt[QUO_SALT_LEN],
    uint8_t serial, const char *text, size_t len,
    char words[QUO_PHRASE_TEXT], unsigned *at);

#endif
