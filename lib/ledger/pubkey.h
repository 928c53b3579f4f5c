/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_PUBKEY_H
#define QUO_PUBKEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base64.h"
#include "base/err.h"

/**
 * SSH public keys of people: what ssh-keygen writes to FILE.pub.
 *
 * The types are ssh-ed25519, ecdsa-sha2-nistp256, -384, -521, ssh-rsa of at
 * least 2048 bits, and the FIDO2 ones, sk-ssh-ed25519@openssh.com and
 * sk-ecdsa-sha2-nistp256@openssh.com. Certificates and authorities are not
 * taken: a name on record is as strong as the key itself.
 */

/** The longest key as bytes: RSA of 16384 bits. */
#define QUO_PUBKEY_BLOB 2100
/** "TYPE BASE64" with its NUL. */
#define QUO_PUBKEY_TEXT (40 + QUO_BASE64_TEXT(QUO_PUBKEY_BLOB))
/** "SHA256:" and 43 digits of base64 without padding, with its NUL. */
#define QUO_FINGERPRINT_TEXT 51
/** A reason in words, with its NUL: printable ASCII and names as given. */
#define QUO_REASON_MAX 512
/** The most algorithms that keys of one type sign with. */
#define QUO_PUBKEY_ALGORITHMS 2

/** A type of keys. Static. */
struct quo_pubkey_type {
	const char *name;
	const char *algorithms[QUO_PUBKEY_ALGORITHMS];	/* NULL: none */
	const char *curve;	/* NULL: none is named */
	size_t point;		/* bytes of a public point; 0: RSA */
	bool touch;		/* a security key, FIDO2 */
};

struct quo_pubkey {
	const struct quo_pubkey_type *type;
	char text[QUO_PUBKEY_TEXT];	/* without comment */
	char fingerprint[QUO_FINGERPRINT_TEXT];
};

/**
 * Parse one line of text: type, key, and maybe a comment, which is dropped.
 *
 * why    the reason of a refusal, in words
 * Fails with QUO_ESYNTAX: options in front, a certificate, a private key, an
 * unknown type, a weak key, bytes that are no key.
 */
enum quo_err quo_pubkey_parse(const char *line, struct quo_pubkey *key,
    char why[QUO_REASON_MAX]);

/** The same of a key as bytes, RFC 4253 section 6.6. */
enum quo_err quo_pubkey_decode(const uint8_t *blob, size_t len,
    struct quo_pubkey *key, char why[QUO_REASON_MAX]);

#endif
