/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_SLIP_H
#define QUO_SLIP_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/secret.h"
#include "card/header.h"

/**
 * What stands on paper besides cards, in the cards' base32 and words: the
 * auditor's key as words, and a log's checkpoint as one code for a QR symbol.
 * docs/log.md, sections 4 and 5.
 */

/**
 * The auditor's key as rows of words, no NUL; the caller frees them: those of
 * a share (docs/format.md, section 8) of serial 0 and n 0, the first 8 bytes
 * of SHA-256("QUO1A" ‖ key) in place of the set id's.
 */
enum quo_err quo_slip_key_words(const uint8_t key[QUO_KEY_LEN],
    struct quo_secret **words);

/**
 * Read its seven rows, one a line. Wrong words are mended: the 8 bytes vouch
 * for what comes out.
 *
 * key   QUO_KEY_LEN bytes; the caller frees it
 * Fails with QUO_EWORD, QUO_ESYNTAX, QUO_EFORMAT (these aren't seven rows),
 * QUO_ECHECK (too much is wrong), QUO_EMISMATCH (it is a card's share),
 * QUO_ETOOBIG or what quo_secret_new does.
 */
enum quo_err quo_slip_key_read(const char *text, size_t len,
    struct quo_secret **key);

/** A checkpoint as one code: "QUO1K:" and the base32 of the ledger's id (16
 * bytes), size (8) and root. */
#define QUO_SLIP_CHECKPOINT_TEXT (QUO_SLIP_PREFIX + 90 + 1)
#define QUO_SLIP_PREFIX 6

/** ledger: its id in 32 hex digits. Fails with QUO_EINVAL, QUO_ENOMEM. */
enum quo_err quo_slip_checkpoint_print(const char *ledger,
    const struct quo_checkpoint *checkpoint,
    char text[QUO_SLIP_CHECKPOINT_TEXT]);

/** Fails with QUO_EFORMAT, QUO_ENOMEM. ledger: 32 hex digits and a NUL. */
enum quo_err quo_slip_checkpoint_read(const char *text, size_t len,
    char ledger[33], struct quo_checkpoint *checkpoint);

#endif
