/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <gcrypt.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/crypt.h"

static const uint8_t zeros[QUO_KEY_LEN];
static const struct quo_span span = { zeros, sizeof zeros };

static enum quo_err
hash(uint8_t out[QUO_HASH_LEN])
{
	quo_sha256(&span, 1, out);
	return QUO_OK;
}

static enum quo_err
authenticate(uint8_t out[QUO_HASH_LEN])
{
	return quo_hmac_sha256(zeros, sizeof zeros, &span, 1, out);
}

static enum quo_err
encrypt(uint8_t out[QUO_HASH_LEN])
{
	return quo_aes256_ctr(zeros, zeros, zeros, out, QUO_HASH_LEN);
}

static enum quo_err
draw(uint8_t out[QUO_HASH_LEN])
{
	return quo_random(out, QUO_HASH_LEN);
}

/* Whoever is called first in a process gets libgcrypt ready; left alone it
 * says to the system's log that nobody did. */
static void
the_first_call_starts_the_library(void **state)
{
	enum quo_err (*const first[])(uint8_t out[QUO_HASH_LEN]) = {
		hash, authenticate, encrypt, draw,
	};
	uint8_t out[QUO_HASH_LEN];
	int status;
	pid_t pid;

	(void)state;
	for (size_t i = 0; i < sizeof first / sizeof *first; i++) {
		pid = fork();
		assert_true(pid >= 0);
		if (pid == 0)
			_exit(!gcry_control(
			    GCRYCTL_INITIALIZATION_FINISHED_P) &&
			    first[i](out) == QUO_OK && gcry_control(
			    GCRYCTL_INITIALIZATION_FINISHED_P) ? 0 : 1);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		if (status != 0)
			fail_msg("call %zu did not start libgcrypt", i);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_call_starts_the_library),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
