/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include <gcrypt.h>

#include "base/crypt.h"
#include "base/ct.h"
#include "base/secret.h"

enum quo_err
quo_crypt_init(void)
{
	if (gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P))
		return QUO_OK;
	if (gcry_check_version("1.10.0") == NULL)
		return QUO_ELIBRARY;
	/* Keys reach it from our own locked memory and leave with the handle,
	 * which it wipes: its secure pool would prove nothing more. */
	gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
	gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
	return QUO_OK;
}

void
quo_sha256(const struct quo_span *spans, size_t count,
    uint8_t hash[QUO_HASH_LEN])
{
	gcry_buffer_t iov[16] = { 0 };
	size_t used = count < 16 ? count : 16;

	/* Where it fails SHA-256 works nonetheless; those with a key refuse. */
	(void)quo_crypt_init();
	for (size_t i = 0; i < used; i++) {
		iov[i].data = (void *)(uintptr_t)spans[i].data;
		iov[i].len = spans[i].len;
	}
	gcry_md_hash_buffers(GCRY_MD_SHA256, 0, hash, iov, (int)used);
}

enum quo_err
quo_hmac_sha256(const uint8_t *key, size_t key_len,
    const struct quo_span *spans, size_t count, uint8_t mac[QUO_HASH_LEN])
{
	gcry_md_hd_t md;
	enum quo_err err = QUO_ELIBRARY;

	if (quo_crypt_init() != QUO_OK)
		return QUO_ELIBRARY;
	if (gcry_md_open(&md, GCRY_MD_SHA256, GCRY_MD_FLAG_HMAC) != 0)
		return QUO_ELIBRARY;
	if (gcry_md_setkey(md, key, key_len) != 0)
		goto out;
	for (size_t i = 0; i < count; i++)
		gcry_md_write(md, spans[i].data, spans[i].len);
	memcpy(mac, gcry_md_read(md, GCRY_MD_SHA256), QUO_HASH_LEN);
	err = QUO_OK;
out:
	gcry_md_close(md);
	return err;
}

enum quo_err
quo_hkdf_sha256(struct quo_span ikm, struct quo_span salt,
    struct quo_span info, uint8_t *out, size_t len)
{
	static const uint8_t no_salt[QUO_HASH_LEN];
	uint8_t prk[QUO_HASH_LEN], block[QUO_HASH_LEN], count = 0;
	size_t done = 0, had = 0, n;
	enum quo_err err;

	if (len > 255 * QUO_HASH_LEN)
		return QUO_EINVAL;
	if (salt.len == 0)
		salt = (struct quo_span){ no_salt, sizeof no_salt };
	err = quo_hmac_sha256(salt.data, salt.len, &ikm, 1, prk);
	while (err == QUO_OK && done < len) {
		count++;
		const struct quo_span spans[] = {
			{ block, had }, info, { &count, 1 },
		};
		err = quo_hmac_sha256(prk, sizeof prk, spans, 3, block);
		had = sizeof block;
		n = len - done < had ? len - done : had;
		if (err == QUO_OK)
			memcpy(out + done, block, n);
		done += n;
	}
	quo_wipe(prk, sizeof prk);
	quo_wipe(block, sizeof block);
	return err;
}

enum quo_err
quo_aes256_ctr(const uint8_t key[QUO_KEY_LEN], const uint8_t counter[16],
    const uint8_t *in, uint8_t *out, size_t len)
{
	gcry_cipher_hd_t cipher;
	enum quo_err err = QUO_ELIBRARY;

	if (quo_crypt_init() != QUO_OK)
		return QUO_ELIBRARY;
	if (gcry_cipher_open(&cipher, GCRY_CIPHER_AES256,
	    GCRY_CIPHER_MODE_CTR, 0) != 0)
		return QUO_ELIBRARY;
	if (gcry_cipher_setkey(cipher, key, QUO_KEY_LEN) == 0 &&
	    gcry_cipher_setctr(cipher, counter, 16) == 0 &&
	    (in == out ? gcry_cipher_encrypt(cipher, out, len, NULL, 0) :
	    gcry_cipher_encrypt(cipher, out, len, in, len)) == 0)
		err = QUO_OK;
	gcry_cipher_close(cipher);
	return err;
}

static enum quo_err
kernel_random(uint8_t *out, size_t len)
{
	size_t done = 0;
	ssize_t n;

	while (done < len) {
		n = getrandom(out + done, len - done, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return QUO_ERANDOM;
		done += (size_t)n;
	}
	return QUO_OK;
}

/*
 * The process's seed from VERY_STRONG, drawn at first use, and how many key
 * streams it has given. Erased in a forked child, which draws its own.
 */
static struct quo_secret *seed;
static uint64_t streams;

static enum quo_err
draw_seed(void)
{
	uint8_t strong[QUO_KEY_LEN];
	enum quo_err err;

	/* WIPEONFORK leaves zeros: no seed. */
	if (seed != NULL && seed->data[QUO_KEY_LEN] == 1)
		return QUO_OK;
	if (seed == NULL) {
		err = quo_secret_new(QUO_KEY_LEN + 1, &seed);
		if (err != QUO_OK)
			return err;
	}
	gcry_randomize(strong, sizeof strong, GCRY_VERY_STRONG_RANDOM);
	memcpy(seed->data, strong, sizeof strong);
	seed->data[QUO_KEY_LEN] = 1;
	streams = 0;
	quo_wipe(strong, sizeof strong);
	return QUO_OK;
}

enum quo_err
quo_random(uint8_t *out, size_t len)
{
	uint8_t counter[16] = { 0 };
	enum quo_err err;

	err = quo_crypt_init();
	if (err == QUO_OK)
		err = draw_seed();
	if (err == QUO_OK)
		err = kernel_random(out, len);
	if (err == QUO_OK) {
		streams++;
		for (unsigned i = 0; i < 8; i++)
			counter[i] = (uint8_t)(streams >> 8 * i);
		err = quo_aes256_ctr(seed->data, counter, out, out, len);
		QUO_SECRET(out, len);
	}
	if (err != QUO_OK) {
		quo_wipe(out, len);
		err = err == QUO_ENOMEM ? err : QUO_ERANDOM;
	}
	return err;
}

bool
quo_equal(const uint8_t *a, const uint8_t *b, size_t len)
{
	volatile uint8_t diff = 0;

	for (size_t i = 0; i < len; i++)
		diff |= a[i] ^ b[i];
	QUO_PUBLIC(diff);
	return diff == 0;
}
