/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_SIGNATURE_H
#define QUO_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypt.h"
#include "base/err.h"
#include "ledger/pubkey.h"

/**
 * Signatures that people make with their own keys, elsewhere:
 *
 *	ssh-keygen -Y sign -n quorate -f KEY DOCUMENT
 *
 * The signature file (OpenSSH's PROTOCOL.sshsig) is taken apart here, to tell
 * whose it is and what is wrong with it; whether it fits the document is for
 * ssh-keygen(1) to say, which gets what was understood here, encoded anew,
 * over pipes: nothing is written to disk.
 */

/** The purpose that these signatures carry. */
#define QUO_SIGNATURE_NAMESPACE "quorate"
#define QUO_SIGNATURE_PROGRAM "/usr/bin/ssh-keygen"
/** The longest signature file. */
#define QUO_SIGNATURE_MAX 8192

/** What a signature says of itself. */
struct quo_signature {
	char namespace[64];	/* fit to be shown; cut where it is longer */
	char hash[8];		/* sha256 or sha512 */
	struct quo_pubkey key;	/* that made it */
	bool touched;		/* a security key: its owner was there */
	bool verified;		/* a security key: PIN or biometry */
};

/**
 * Take a signature file apart; believe nothing of it yet.
 *
 * text   armored, one signature; CR LF and white space around will do
 * why    the reason of a refusal, in words
 * Fails with QUO_ESIGNATURE.
 */
enum quo_err quo_signature_parse(const char *text, size_t len,
    struct quo_signature *signature, char why[QUO_REASON_MAX]);

/** A key on record and whose it is; borrowed. */
struct quo_signer {
	const char *person;
	const struct quo_pubkey *key;
};

/** What is to be verified; borrowed. */
struct quo_signature_check {
	struct quo_span document;	/* that should have been signed */
	struct quo_span signature;	/* the file as it came */
	const char *person;		/* who should have signed */
	const struct quo_signer *signers;	/* all that are on record */
	size_t signer_count;
	const char *program;	/* NULL: QUO_SIGNATURE_PROGRAM */
	unsigned seconds;	/* then ssh-keygen is killed; 0: 20 */
};

/**
 * Verify that person signed the document for quorate, with a key that is on
 * record for this person and for nobody else. A security key must have been
 * touched: without that, who has the host has the signature.
 *
 * signature  who it was by; set on success only
 * why        the reason of a failure, in words
 * Fails with QUO_ESIGNATURE: malformed, made for another purpose, by an
 * unknown key or another person's, or without a touch; with QUO_EMISMATCH:
 * all that is in order, but it was made over another document, or damaged;
 * with QUO_ECHILD or QUO_ETIMEOUT where ssh-keygen gives no answer: it is
 * missing, say. QUO_EINVAL: no such person is named.
 */
enum quo_err quo_signature_verify(const struct quo_signature_check *check,
    struct quo_signature *signature, char why[QUO_REASON_MAX]);

#endif
