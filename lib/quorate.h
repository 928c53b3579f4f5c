/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_QUORATE_H
#define QUO_QUORATE_H

/**
 * The library of quorate: all that deals, reads and opens cards.
 *
 *	cc deal.c $(pkg-config --cflags --libs quorate)
 *
 * Each header below is its own manual; examples/deal.c shows the way from a
 * secret to cards and back. The library never prints, exits or logs, and
 * calls no network.
 */
#include "base/buf.h"
#include "base/crypt.h"
#include "base/err.h"
#include "base/json.h"
#include "base/secret.h"
#include "base/utf8.h"

#include "crypto/gf256.h"
#include "crypto/lock.h"
#include "crypto/merkle.h"
#include "crypto/mint.h"
#include "crypto/policy.h"
#include "crypto/seal.h"
#include "crypto/shamir.h"
#include "crypto/tree.h"

#include "card/code.h"
#include "card/credential.h"
#include "card/deal.h"
#include "card/header.h"
#include "card/phrase.h"
#include "card/pool.h"
#include "card/qr.h"
#include "card/text.h"
#include "card/textcard.h"
#include "card/word.h"
#include "card/words.h"

#endif
