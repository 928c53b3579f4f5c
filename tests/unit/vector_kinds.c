/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "card/credential.h"
#include "card/gf1024.h"
#include "card/header.h"
#include "card/phrase.h"
#include "crypto/gf256.h"
#include "crypto/shamir.h"
#include "crypto/seal.h"
#include "vector_kinds.h"

enum quo_err
vector_gf256(struct block *b)
{
	uint8_t x = *(const uint8_t *)block_bytes(b, "a").data, out;

	if (strcmp(block_text(b, "op"), "inv") == 0)
		out = quo_gf256_inv(x);
	else
		out = quo_gf256_mul(x,
		    *(const uint8_t *)block_bytes(b, "b").data);
	block_holds(b, "out", &out, 1);
	return QUO_OK;
}

enum quo_err
vector_gf1024(struct block *b)
{
	block_holds_number(b, "out", quo_gf1024_mul(
	    (uint16_t)block_number(b, "a"), (uint16_t)block_number(b, "b")));
	return QUO_OK;
}

static enum quo_err
hold_split(struct block *b)
{
	unsigned t = (unsigned)block_number(b, "threshold");
	unsigned n = (unsigned)block_number(b, "n");
	uint8_t rows[16 * 32], value[32];

	memcpy(rows, block_bytes(b, "secret").data, 32);
	for (unsigned i = 1; i < t; i++)
		memcpy(rows + 32 * i, block_bytes_item(b, "coefficient",
		    i).data, 32);
	for (unsigned x = 1; x <= n; x++) {
		char key[16];

		quo_shamir_eval(rows, 32, t, (uint8_t)x, value);
		snprintf(key, sizeof key, "share.%u", x);
		block_holds(b, key, value, 32);
	}
	return QUO_OK;
}

enum quo_err
vector_shamir(struct block *b)
{
	struct quo_share shares[16];
	const char *x;
	char *end;
	uint8_t value[32];
	size_t k = 0;
	enum quo_err err;

	if (strcmp(block_text(b, "op"), "split") == 0)
		return hold_split(b);
	x = block_text(b, "x");
	for (; *x != '\0'; x = end + strspn(end, " "), k++)
		shares[k] = (struct quo_share){
			(uint8_t)strtoul(x, &end, 10),
			block_bytes_item(b, "share", (unsigned)k + 1).data,
		};
	err = quo_shamir_combine(shares, k, 32, 0, value);
	if (err == QUO_OK)
		block_holds(b, "secret", value, 32);
	return err;
}

enum quo_err
vector_hkdf(struct block *b)
{
	uint8_t okm[256];
	size_t len = block_bytes(b, "okm").len;
	enum quo_err err;

	err = quo_hkdf_sha256(block_bytes(b, "ikm"), block_bytes(b, "salt"),
	    block_bytes(b, "info"), okm, len);
	block_holds(b, "okm", okm, len);
	return err;
}

enum quo_err
vector_hmac(struct block *b)
{
	struct quo_span key = block_bytes(b, "key");
	struct quo_span data = block_bytes(b, "data");
	uint8_t mac[QUO_HASH_LEN];
	enum quo_err err;

	err = quo_hmac_sha256(key.data, key.len, &data, 1, mac);
	block_holds(b, "mac", mac, sizeof mac);
	return err;
}

enum quo_err
vector_aesctr(struct block *b)
{
	struct quo_span plain = block_bytes(b, "plaintext");
	const uint8_t *key = block_bytes(b, "key").data;
	const uint8_t *counter = block_bytes(b, "counter").data;
	uint8_t out[256];
	enum quo_err err;

	err = quo_aes256_ctr(key, counter, plain.data, out, plain.len);
	block_holds(b, "ciphertext", out, plain.len);
	if (err == QUO_OK)
		err = quo_aes256_ctr(key, counter, out, out, plain.len);
	block_holds(b, "plaintext", out, plain.len);
	return err;
}

/* Through the lock, whose salt is the text's hex. */
enum quo_err
vector_argon2id(struct block *b)
{
	struct quo_lock lock = { (uint8_t)block_number(b, "m"),
	    (uint8_t)block_number(b, "t") };
	struct quo_span salt = block_bytes(b, "salt");
	struct quo_span password = block_bytes(b, "password");
	uint8_t serial = ((const uint8_t *)salt.data)[15], out[32], k[32];
	enum quo_err err;

	if (serial != 0) {
		err = quo_lock_pad(lock, salt.data, serial, password.data,
		    password.len, out);
	} else {
		for (unsigned i = 0; i < 32; i++)
			k[i] = (uint8_t)i;
		err = quo_lock_stretch(lock, salt.data, k, out);
	}
	block_holds(b, "out", out, sizeof out);
	return err;
}

enum quo_err
vector_policy(struct block *b)
{
	struct quo_span bytes = block_bytes(b, "bytes");
	struct quo_reader r = quo_reader_on(bytes.data, bytes.len);
	struct quo_policy *policy = NULL, *parsed = NULL;
	struct quo_policy_error error;
	uint8_t again[QUO_POLICY_BYTES];
	struct quo_writer w = quo_writer_on(again, sizeof again);
	enum quo_err err;

	err = quo_policy_decode(&r, &policy);
	if (err == QUO_OK && !quo_reader_done(&r)) {
		quo_policy_free(policy);
		return QUO_EFORMAT;
	}
	if (err != QUO_OK)
		return err;
	block_holds_number(b, "n", policy->cards);
	if (block_text(b, "text") != NULL) {
		assert_err(quo_policy_parse(block_text(b, "text"), &parsed,
		    &error), QUO_OK);
		quo_policy_encode(parsed, &w);
		block_holds(b, "bytes", again, w.len);
		w = quo_writer_on(again, sizeof again);
		quo_policy_free(parsed);
	}
	quo_policy_encode(policy, &w);
	block_holds(b, "bytes", again, w.len);
	quo_policy_free(policy);
	return QUO_OK;
}

static void
hold_header(struct block *b, const struct quo_header *h)
{
	uint8_t bytes[QUO_HEADER_MAX];
	struct quo_writer w = quo_writer_on(bytes, sizeof bytes);
	const char *name;

	block_holds(b, "salt", h->salt, sizeof h->salt);
	block_holds(b, "inventory", h->inventory, sizeof h->inventory);
	block_holds_number(b, "generation", h->generation);
	block_holds_number(b, "issued", h->issued.number);
	block_holds_number(b, "review", h->review.number);
	block_holds_number(b, "m", h->lock.memory);
	block_holds_number(b, "t", h->lock.passes);
	block_holds_number(b, "size", h->checkpoint.size);
	block_holds(b, "root", h->checkpoint.root,
	    h->checkpoint.size > 0 ? QUO_HASH_LEN : 0);
	block_holds_number(b, "n", h->policy->cards);
	assert_int_equal(h->names, block_item(b, "name", 1) != NULL);
	for (unsigned s = 1; h->names && s <= h->policy->cards; s++) {
		char key[16];

		name = quo_policy_leaf(h->policy, s)->name;
		snprintf(key, sizeof key, "name.%u", s);
		block_holds(b, key, name, name != NULL ? strlen(name) : 0);
	}
	quo_header_encode(h, &w);
	assert_false(w.failed);
	block_holds(b, "bytes", bytes, w.len);
	w = quo_writer_on(bytes, sizeof bytes);
	quo_policy_encode(h->policy, &w);
	block_holds(b, "policy", bytes, w.len);
}

enum quo_err
vector_header(struct block *b)
{
	struct quo_header h;
	enum quo_err err;

	err = quo_header_decode(block_bytes(b, "bytes"), &h);
	if (err != QUO_OK)
		return err;
	hold_header(b, &h);
	quo_header_clear(&h);
	return QUO_OK;
}

static void
hold_field(struct block *b, const char *key, const char *text)
{
	if (block_text(b, key) == NULL)
		assert_null(text);
	else
		block_holds(b, key, text, text != NULL ? strlen(text) : 0);
}

enum quo_err
vector_plain(struct block *b)
{
	struct quo_span bytes = block_bytes(b, "plaintext");
	struct quo_secret *plain = NULL, *again = NULL;
	struct quo_opened o;
	enum quo_err err;

	if (bytes.len == 0)
		return QUO_EFORMAT;
	assert_err(quo_secret_copy(bytes.data, bytes.len, &plain), QUO_OK);
	err = quo_credential_decode(plain, &o);
	quo_secret_free(plain);
	if (err != QUO_OK)
		return err;
	hold_field(b, "name", o.credential.name);
	hold_field(b, "user", o.credential.user);
	hold_field(b, "target", o.credential.target);
	hold_field(b, "note", o.credential.note);
	block_holds(b, "secret", o.credential.secret.data,
	    o.credential.secret.len);
	assert_err(quo_credential_encode(&o.credential, &again), QUO_OK);
	block_holds(b, "plaintext", again->data, again->len);
	quo_secret_free(again);
	quo_opened_clear(&o);
	return QUO_OK;
}

enum quo_err
vector_seal(struct block *b)
{
	struct quo_span sealed = block_bytes(b, "sealed");
	struct quo_span header = block_bytes(b, "header");
	const uint8_t *key = block_bytes(b, "ikm").data;
	const uint8_t *salt = block_bytes(b, "salt").data;
	struct quo_secret *plain = NULL;
	uint8_t again[1024];
	enum quo_err err;

	err = quo_unseal(key, salt, header, sealed, &plain);
	if (err != QUO_OK)
		return err;
	block_holds(b, "plaintext", plain->data, plain->len);
	assert_err(quo_seal(key, salt, header, plain, again), QUO_OK);
	block_holds(b, "sealed", again, sealed.len);
	quo_secret_free(plain);
	return QUO_OK;
}

enum quo_err
vector_phrase(struct block *b)
{
	const char *typed = block_text(b, "typed");
	const uint8_t *salt = block_bytes(b, "salt").data;
	uint8_t serial = (uint8_t)block_number(b, "serial");
	char words[QUO_PHRASE_TEXT];
	uint8_t pad[QUO_SHARE_LEN];
	unsigned at;
	enum quo_err err;

	err = quo_phrase_read(salt, serial, typed, strlen(typed), words, &at);
	if (err != QUO_OK || block_text(b, "pad") == NULL)
		return err;
	assert_string_equal(words, block_text(b, "phrase"));
	err = quo_lock_pad((struct quo_lock){ (uint8_t)block_number(b, "m"),
	    (uint8_t)block_number(b, "t") }, salt, serial, words,
	    strlen(words), pad);
	block_holds(b, "pad", pad, sizeof pad);
	return err;
}
