/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_CREDENTIAL_H
#define QUO_CREDENTIAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/crypt.h"
#include "base/err.h"
#include "base/secret.h"

/**
 * What a set seals: the secret and its fields. docs/format.md, section 5.
 */

#define QUO_LABEL_MAX 255		/* name, user, target */
#define QUO_NOTE_MAX 1024
#define QUO_CREDENTIAL_MAX 65536	/* the secret */

/**
 * A credential, borrowed. Fields are UTF-8 without control characters (a note
 * may have lines); NULL or "" where absent.
 */
struct quo_credential {
	const char *name;
	const char *user;
	const char *target;
	const char *note;
	struct quo_span secret;
};

/** An opened credential: owns its bytes, in which the fields end in NUL. */
struct quo_opened {
	struct quo_credential credential;
	struct quo_secret *bytes;
	struct quo_secret *secret;
};

/**
 * The plaintext of a seal, padded. The caller frees it.
 * Fails with QUO_EINVAL (a field is too long or no UTF-8, the secret is
 * empty), QUO_ETOOBIG (the secret) or what quo_secret_new does.
 */
enum quo_err quo_credential_encode(const struct quo_credential *credential,
    struct quo_secret **plaintext);

/** The reverse. Fails with QUO_EFORMAT or what quo_secret_new does. */
enum quo_err quo_credential_decode(const struct quo_secret *plaintext,
    struct quo_opened *opened);

/** Wipe and give back what opened holds; the struct is the caller's. */
void quo_opened_clear(struct quo_opened *opened);

#endif
