/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_TEXT_H
#define QUO_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/secret.h"

/**
 * Codes as text: base32 (RFC 4648, upper case, no padding, unused bits zero)
 * behind a prefix, for QR symbols in alphanumeric mode and text cards.
 * docs/format.md, section 7. Constant time in the bytes; what is public: the
 * length, where white space stands, and whether the text is one.
 */

enum quo_code {
	QUO_CODE_SHARE,		/* QUO1S: */
	QUO_CODE_SET,		/* QUO1C: */
	QUO_CODE_PART,		/* QUO1P: */
	QUO_CODE_AUDITOR	/* QUO1A: of no card; ledger/auditor.h */
};

#define QUO_PREFIX_LEN 6
/** The longest code, and so the longest that is read. */
#define QUO_CODE_MAX 2048

/** The text of a code, ending in NUL. The caller frees it. */
enum quo_err quo_text_encode(enum quo_code kind, const uint8_t *data,
    size_t len, struct quo_secret **text);

/**
 * Read a text: ASCII white space is removed, letters are raised to upper
 * case, and nothing more is forgiven.
 *
 * data   the caller frees it
 * Fails with QUO_ESYNTAX (it doesn't begin with QUO), QUO_EVERSION (QUO with
 * another number), QUO_EFORMAT, QUO_ETOOBIG or what quo_secret_new does.
 */
enum quo_err quo_text_decode(const char *text, size_t len,
    enum quo_code *kind, struct quo_secret **data);

#endif
