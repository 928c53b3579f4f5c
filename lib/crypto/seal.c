/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/buf.h"
#include "crypto/seal.h"

/* The two keys of a seal, one behind the other. */
struct keys {
	uint8_t encrypt[QUO_KEY_LEN];
	uint8_t authenticate[QUO_KEY_LEN];
};

static enum quo_err
derive(const uint8_t key[QUO_KEY_LEN], const uint8_t salt[QUO_SALT_LEN],
    struct keys *keys)
{
	static const char encrypt[] = "quorate/1 encrypt";
	static const char authenticate[] = "quorate/1 authenticate";
	const struct quo_span ikm = { key, QUO_KEY_LEN };
	const struct quo_span s = { salt, QUO_SALT_LEN };
	enum quo_err err;

	err = quo_hkdf_sha256(ikm, s,
	    (struct quo_span){ encrypt, sizeof encrypt - 1 },
	    keys->encrypt, QUO_KEY_LEN);
	if (err == QUO_OK)
		err = quo_hkdf_sha256(ikm, s, (struct quo_span){ authenticate,
		    sizeof authenticate - 1 }, keys->authenticate,
		    QUO_KEY_LEN);
	return err;
}

static enum quo_err
authenticate(const struct keys *keys, struct quo_span header,
    struct quo_span ciphertext, uint8_t tag[QUO_TAG_LEN])
{
	uint8_t length[4];
	struct quo_writer w = quo_writer_on(length, sizeof length);
	const struct quo_span spans[] = {
		{ length, sizeof length }, header, ciphertext,
	};

	quo_write_uint(&w, header.len, 4);
	return quo_hmac_sha256(keys->authenticate, QUO_KEY_LEN, spans, 3, tag);
}

enum quo_err
quo_seal(const uint8_t key[QUO_KEY_LEN], const uint8_t salt[QUO_SALT_LEN],
    struct quo_span header, const struct quo_secret *plaintext,
    uint8_t *sealed)
{
	static const uint8_t counter[16];
	size_t len = plaintext->len;
	struct keys keys;
	enum quo_err err;

	if (len == 0 || len % QUO_SEAL_STEP != 0)
		return QUO_EINVAL;
	err = derive(key, salt, &keys);
	if (err == QUO_OK)
		err = quo_aes256_ctr(keys.encrypt, counter, plaintext->data,
		    sealed, len);
	if (err == QUO_OK)
		err = authenticate(&keys, header,
		    (struct quo_span){ sealed, len }, sealed + len);
	quo_wipe(&keys, sizeof keys);
	return err;
}

enum quo_err
quo_unseal(const uint8_t key[QUO_KEY_LEN], const uint8_t salt[QUO_SALT_LEN],
    struct quo_span header, struct quo_span sealed,
    struct quo_secret **plaintext)
{
	static const uint8_t counter[16];
	const uint8_t *bytes = sealed.data;
	struct quo_secret *plain = NULL;
	uint8_t tag[QUO_TAG_LEN];
	struct keys keys;
	enum quo_err err;
	size_t len;

	if (sealed.len <= QUO_TAG_LEN ||
	    (sealed.len - QUO_TAG_LEN) % QUO_SEAL_STEP != 0)
		return QUO_ESEAL;
	len = sealed.len - QUO_TAG_LEN;
	err = derive(key, salt, &keys);
	if (err == QUO_OK)
		err = authenticate(&keys, header,
		    (struct quo_span){ bytes, len }, tag);
	if (err == QUO_OK && !quo_equal(tag, bytes + len, QUO_TAG_LEN))
		err = QUO_ESEAL;
	if (err == QUO_OK)
		err = quo_secret_new(len, &plain);
	if (err == QUO_OK)
		err = quo_aes256_ctr(keys.encrypt, counter, bytes,
		    plain->data, len);
	quo_wipe(&keys, sizeof keys);
	if (err == QUO_OK)
		*plaintext = plain;
	else
		quo_secret_free(plain);
	return err;
}
