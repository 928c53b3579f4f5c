/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_FORM_HASH_H
#define QUO_FORM_HASH_H

#include "base/crypt.h"
#include "base/hex.h"
#include "cmd/say.h"

/**
 * The SHA-256 of a signed form, as scanned, in hex. What is wrong is said.
 */
enum quo_exit quo_form_hash(const char *path,
    char hex[QUO_HEX_ROOM(QUO_HASH_LEN)]);

#endif
