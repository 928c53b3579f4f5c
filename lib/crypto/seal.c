/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/buf.h"
#include "crypto/seal.h"

/* One of the two keys of a seal. */
static enum quo_err
derive(const uint8_t key[QUO_KEY_LEN], const uint8_t salt[QUO_SALT_LEN],
    const char *purpose, uint8_t derived[QUO_KEY_LEN])
{
	return quo_hkdf_sha256((struct quo_span){ key, QUO_KEY_LEN },
	    (struct quo_span){ salt, QUO_SALT_LEN },
	    (struct quo_span){ purpose, strlen(purpose) }, derived,
	    QUO_KEY_LEN);
}

static enum quo_err
encrypt(const uint8_t key[QUO_KEY_LEN], const uint8_t salt[QUO_SALT_LEN],
    const uint8_t *in, uint8_t *out, size_t len)
{
	static const uint8_t counter[16];
	uint8_t derived[QUO_KEY_LEN];
	enum quo_err err;

	err = derive(key, salt, "quorate/1 encrypt", derived);
	if (err == QUO_OK)
		err = quo_aes256_ctr(derived, counter, in, out, len);
	quo_wipe(derived, sizeof derived);
	return err;
}

static enum quo_err
authenticate(const uint8_t key[QUO_KEY_LEN], const uint8_t salt[QUO_SALT_LEN],
    struct quo_span header, struct quo_span ciphertext,
    uint8_t tag[QUO_TAG_LEN])
{
	uint8_t length[4], derived[QUO_KEY_LEN];
	struct quo_writer w = quo_writer_on(length, sizeof length);
	const struct quo_span spans[] = {
		{ length, sizeof length }, header, ciphertext,
	};

	enum quo_err err;

	quo_write_uint(&w, header.len, 4);
	err = derive(key, salt, "quorate/1 authenticate", derived);
	if (err == QUO_OK)
		err = quo_hmac_sha256(derived, QUO_KEY_LEN, spans, 3, tag);
	quo_wipe(derived, sizeof derived);
	return err;
}

enum quo_err
quo_seal(const uint8_t key[QUO_KEY_LEN], const uint8_t salt[QUO_SALT_LEN],
    struct quo_span header, const struct quo_secret *plaintext,
    uint8_t *sealed)
{
	size_t len = plaintext->len;
	enum quo_err err;

	if (len == 0 || len % QUO_SEAL_STEP != 0)
		return QUO_EINVAL;
	err = encrypt(key, salt, plaintext->data, sealed, len);
	if (err == QUO_OK)
		err = authenticate(key, salt, header,
		    (struct quo_span){ sealed, len }, sealed + len);
	return err;
}

enum quo_err
quo_seal_verify(const uint8_t key[QUO_KEY_LEN],
    const uint8_t salt[QUO_SALT_LEN], struct quo_span header,
    struct quo_span sealed)
{
	const uint8_t *bytes = sealed.data;
	uint8_t tag[QUO_TAG_LEN];
	enum quo_err err;
	size_t len;

	if (sealed.len <= QUO_TAG_LEN ||
	    (sealed.len - QUO_TAG_LEN) % QUO_SEAL_STEP != 0)
		return QUO_ESEAL;
	len = sealed.len - QUO_TAG_LEN;
	err = authenticate(key, salt, header,
	    (struct quo_span){ bytes, len }, tag);
	if (err == QUO_OK && !quo_equal(tag, bytes + len, QUO_TAG_LEN))
		err = QUO_ESEAL;
	return err;
}

enum quo_err
quo_unseal(const uint8_t key[QUO_KEY_LEN], const uint8_t salt[QUO_SALT_LEN],
    struct quo_span header, struct quo_span sealed,
    struct quo_secret **plaintext)
{
	struct quo_secret *plain = NULL;
	enum quo_err err;

	err = quo_seal_verify(key, salt, header, sealed);
	if (err == QUO_OK)
		err = quo_secret_new(sealed.len - QUO_TAG_LEN, &plain);
	if (err == QUO_OK)
		err = encrypt(key, salt, sealed.data, plain->data,
		    plain->len);
	if (err == QUO_OK)
		*plaintext = plain;
	else
		quo_secret_free(plain);
	return err;
}
