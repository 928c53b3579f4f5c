/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "crypto/lock.h"

static const uint8_t salt[QUO_SALT_LEN] = {
	0xA5, 0xA5, 0xA5, 0xA5, 0xA5, 0xA5, 0xA5, 0xA5, 0xA5, 0xA5, 0xA5,
	0xA5, 0xA5, 0xA5, 0xA5,
};

static void
assert_hex(const uint8_t got[32], const char *want)
{
	char text[65];

	for (size_t i = 0; i < 32; i++)
		sprintf(text + 2 * i, "%02x", got[i]);
	assert_string_equal(text, want);
}

static void
refuses_costs_out_of_range(void **state)
{
	static const struct quo_lock bad[] = {
		{ 2, 1 }, { 23, 1 }, { 3, 0 }, { 3, 65 }, { 0, 0 },
		{ 255, 255 },
	};
	uint8_t pad[QUO_SHARE_LEN], key[QUO_KEY_LEN] = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_err(quo_lock_pad(bad[i], salt, 1, "x", 1, pad),
		    QUO_EINVAL);
		assert_err(quo_lock_stretch(bad[i], salt, key, pad),
		    QUO_EINVAL);
	}
	/* that salt is W's */
	assert_err(quo_lock_pad((struct quo_lock){ 3, 1 }, salt, 0, "x", 1,
	    pad), QUO_EINVAL);
}

/*
 * # source: the argon2 command of Debian 12 (0~20171227-0.3):
 * printf %s "$phrase" | argon2 "$S" -id -t $t -m $m -p 1 -l 32 -r
 */
static void
does_what_the_argon2_command_does(void **state)
{
	static const char one[] = "a b c d e f";
	static const char two[] = "correct horse battery staple crew cab";
	uint8_t out[32], key[QUO_KEY_LEN];

	(void)state;
	assert_err(quo_lock_pad((struct quo_lock){ 3, 1 }, salt, 1, one,
	    sizeof one - 1, out), QUO_OK);
	assert_hex(out, "462eb127b268a60a352a09c8ee83824b"
	    "4f4905bcfa492b5ec2819e913e63d690");
	assert_err(quo_lock_pad((struct quo_lock){ 5, 3 }, salt, 255, two,
	    sizeof two - 1, out), QUO_OK);
	assert_hex(out, "b2cad4d137a31274eed68ceff1124595"
	    "0c375b5b14a7dc37e7cd77c319579897");
	for (unsigned i = 0; i < sizeof key; i++)
		key[i] = (uint8_t)i;
	assert_err(quo_lock_stretch((struct quo_lock){ 4, 2 }, salt, key,
	    out), QUO_OK);
	assert_hex(out, "b33efb2cc801ddfe52c8f3580b5c9f23"
	    "ea62df0bac2e7c75e2b9f0149e618f2a");
}

/* # source: Python's hashlib over docs/format.md, section 9 */
static void
checks_a_phrase(void **state)
{
	(void)state;
	assert_int_equal(quo_lock_check(salt, 1, "a b c d e f", 11), 526);
	assert_int_equal(quo_lock_check(salt, 255, "a b c d e f", 11), 999);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_costs_out_of_range),
		cmocka_unit_test(does_what_the_argon2_command_does),
		cmocka_unit_test(checks_a_phrase),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
