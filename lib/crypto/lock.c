/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <argon2.h>
#include <sys/mman.h>

#include "base/secret.h"
#include "crypto/lock.h"

/* Lower-case hex without a table: the digits may be of a key. */
static void
hex(const uint8_t *bytes, size_t len, char *text)
{
	unsigned digit;

	for (size_t i = 0; i < 2 * len; i++) {
		digit = bytes[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15u;
		/* 9 - digit is negative from 10 on: 'a' - 10 - '0' more. */
		text[i] = (char)('0' + digit + ((9u - digit) >> 8 & 39u));
	}
}

/* Huge pages take a quarter to a half off the reference build's time. */
static int
take_memory(uint8_t **memory, size_t len)
{
	void *map = mmap(NULL, len, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (map == MAP_FAILED)
		return ARGON2_MEMORY_ALLOCATION_ERROR;
	madvise(map, len, MADV_HUGEPAGE);
	madvise(map, len, MADV_DONTDUMP);
	*memory = map;
	return ARGON2_OK;
}

static void
give_memory(uint8_t *memory, size_t len)
{
	quo_wipe(memory, len);
	munmap(memory, len);
}

static enum quo_err
argon2id(struct quo_lock lock, const uint8_t salt[QUO_SALT_LEN],
    uint8_t serial, const char *password, size_t len, uint8_t out[32])
{
	uint8_t full[QUO_SALT_LEN + 1];
	char s[2 * sizeof full];
	argon2_context context = {
		.out = out, .outlen = 32,
		.pwd = (uint8_t *)(uintptr_t)password, .pwdlen = (uint32_t)len,
		.salt = (uint8_t *)s, .saltlen = sizeof s,
		.t_cost = lock.passes,
		.lanes = 1, .threads = 1, .version = ARGON2_VERSION_13,
		.allocate_cbk = take_memory, .free_cbk = give_memory,
	};
	int rc;

	if (lock.memory < QUO_LOCK_MEMORY_MIN ||
	    lock.memory > QUO_LOCK_MEMORY_MAX || lock.passes < 1 ||
	    lock.passes > QUO_LOCK_PASSES_MAX)
		return QUO_EINVAL;
	context.m_cost = (uint32_t)1 << lock.memory;
	for (size_t i = 0; i < QUO_SALT_LEN; i++)
		full[i] = salt[i];
	full[QUO_SALT_LEN] = serial;
	hex(full, sizeof full, s);
	rc = argon2id_ctx(&context);
	if (rc == ARGON2_MEMORY_ALLOCATION_ERROR)
		return QUO_ENOMEM;
	return rc == ARGON2_OK ? QUO_OK : QUO_ELIBRARY;
}

enum quo_err
quo_lock_pad(struct quo_lock lock, const uint8_t salt[QUO_SALT_LEN],
    uint8_t serial, const char *phrase, size_t len,
    uint8_t pad[QUO_SHARE_LEN])
{
	if (serial == 0)
		return QUO_EINVAL;
	return argon2id(lock, salt, serial, phrase, len, pad);
}

enum quo_err
quo_lock_stretch(struct quo_lock lock, const uint8_t salt[QUO_SALT_LEN],
    const uint8_t k[QUO_KEY_LEN], uint8_t w[QUO_KEY_LEN])
{
	char text[2 * QUO_KEY_LEN];
	enum quo_err err;

	hex(k, QUO_KEY_LEN, text);
	err = argon2id(lock, salt, 0, text, sizeof text, w);
	quo_wipe(text, sizeof text);
	return err;
}

unsigned
quo_lock_check(const uint8_t salt[QUO_SALT_LEN], uint8_t serial,
    const char *phrase, size_t len)
{
	const struct quo_span spans[] = {
		{ "\x04", 1 }, { salt, QUO_SALT_LEN }, { &serial, 1 },
		{ phrase, len },
	};
	uint8_t hash[QUO_HASH_LEN];
	unsigned check;

	quo_sha256(spans, 4, hash);
	check = (unsigned)hash[0] << 2 | hash[1] >> 6;
	quo_wipe(hash, sizeof hash);
	return check;
}
