/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base64.h"
#include "ledger/pubkey.h"

/* The first key of RFC 8032. */
#define ED25519 "ssh-ed25519 " \
	"AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"

static char dir[] = "/tmp/quo-pubkey.XXXXXX";

/* A line of a key made of parts: `%` and a length stand for so
 * many bytes 04, `#` for as many bytes ff, the rest for strings. */
static void
make_line(const char *type, const char *const *parts, char *line)
{
	uint8_t blob[3000];
	size_t n = 0;

	for (; *parts != NULL; parts++) {
		size_t len = strlen(*parts);
		bool fill = **parts == '%' || **parts == '#';

		if (fill)
			len = strtoul(*parts + 1, NULL, 10);
		blob[n++] = 0;
		blob[n++] = 0;
		blob[n++] = (uint8_t)(len >> 8);
		blob[n++] = (uint8_t)len;
		if (fill)
			memset(blob + n, **parts == '%' ? 4 : 0xFF, len);
		else
			memcpy(blob + n, *parts, len);
		n += len;
	}
	line += sprintf(line, "%s ", type);
	quo_base64_encode(blob, n, line);
}

static void
assert_refused(const char *line, const char *reason)
{
	char why[QUO_REASON_MAX] = "";
	struct quo_pubkey key = { .fingerprint = "untouched" };

	assert_err(quo_pubkey_parse(line, &key, why), QUO_ESYNTAX);
	if (strstr(why, reason) == NULL)
		fail_msg("\"%s\": said \"%s\", want \"%s\"", line, why,
		    reason);
	assert_string_equal(key.fingerprint, "untouched");
}

static void
what_is_no_key_is_refused(void **state)
{
	static const char *const bad[][2] = {
		{ "", "empty" },
		{ " \t\r\n", "empty" },
		{ "hello", "type \"hello\"" },
		{ "ssh-ed25519", "no SSH key" },
		{ "ssh-ed25519 !!!!", "no base64" },
		{ "ssh-ed25519 AAAA", "no SSH key" },
		{ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5", "no key of type" },
		{ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAAdc=",
		    "no key of type" },
		/* cut, and a byte too many */
		{ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lk",
		    "no key of type" },
		{ ED25519 "AA==", "more behind" },
		{ "-----BEGIN OPENSSH PRIVATE KEY-----", "a private key" },
		{ "ssh-dss AAAAB3NzaC1kc3MAAACB", "\"ssh-dss\" are not" },
		{ "ssh-ed25519-cert-v01@openssh.com AAAA", "a certificate" },
		{ "cert-authority " ED25519, "options in front" },
		{ "namespaces=\"quorate\" " ED25519, "options in front" },
		{ "* " ED25519, "options in front" },
		{ "ciso " ED25519, "options in front" },
		{ "# " ED25519, "options in front" },
		{ ED25519 "\n" ED25519, "more than one line" },
		{ ED25519 " one\r\n" ED25519 " two\r\n", "more than one" },
		{ "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzo"
		    "O4XLz2qYjJa8CGmj3B1Ea", "another type" },
		{ "\x1b[31mssh-ed25519 AAAA", "\"?[31mssh-ed25519\"" },
	};
	char longer[5000];

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_refused(bad[i][0], bad[i][1]);
	memset(longer, 'A', sizeof longer);
	memcpy(longer, "ssh-ed25519 ", 12);
	longer[12 + 4096] = '\0';
	assert_refused(longer, "no base64");
	longer[11] = 'A';
	assert_refused(longer, "...\" are not taken");
}

static void
odd_keys_are_refused(void **state)
{
	static const struct {
		const char *type;
		const char *parts[5];
		const char *reason;
	} bad[] = {
		{ "ssh-ed25519", { "ssh-ed25519", "%31" }, "no key of" },
		{ "ssh-ed25519", { "ssh-ed25519", "%33" }, "no key of" },
		{ "ecdsa-sha2-nistp256", { "ecdsa-sha2-nistp256", "nistp384",
		    "%65" }, "another curve" },
		{ "ecdsa-sha2-nistp256", { "ecdsa-sha2-nistp256", "nistp256",
		    "#65" }, "another curve" },
		{ "ecdsa-sha2-nistp384", { "ecdsa-sha2-nistp384", "nistp384",
		    "%65" }, "no key of" },
		{ "ssh-rsa", { "ssh-rsa", "\001\001", "%127" }, "1011 bits" },
		{ "ssh-rsa", { "ssh-rsa", "\001\001", "%128" }, "1019 bits" },
		{ "ssh-rsa", { "ssh-rsa", "\001\001", "%255" }, "2035 bits" },
		{ "ssh-rsa", { "ssh-rsa", "\001\001", "#256" }, "no RSA" },
		{ "ssh-rsa", { "ssh-rsa", "\001", "%257" }, "no RSA" },
		{ "ssh-rsa", { "ssh-rsa", "", "%257" }, "no RSA" },
		{ "ssh-rsa", { "ssh-rsa", "%34", "%257" }, "no RSA" },
		{ "ssh-rsa", { "ssh-rsa", "\001\001" }, "no RSA" },
		{ "ssh-rsa", { "ssh-rsa", "\001\001", "%2060" }, "no RSA" },
		{ "sk-ssh-ed25519@openssh.com",
		    { "sk-ssh-ed25519@openssh.com", "%32" }, "application" },
		{ "sk-ssh-ed25519@openssh.com",
		    { "sk-ssh-ed25519@openssh.com", "%32", "" },
		    "application" },
		{ "sk-ssh-ed25519@openssh.com",
		    { "sk-ssh-ed25519@openssh.com", "%32", "%256" },
		    "application" },
		{ "sk-ssh-ed25519@openssh.com",
		    { "sk-ssh-ed25519@openssh.com", "%32", "ssh:", "x" },
		    "more behind" },
		{ "ssh-ed25519", { "sk-ssh-ed25519@openssh.com", "%32",
		    "ssh:" }, "another type" },
	};
	char line[4500];

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		make_line(bad[i].type, bad[i].parts, line);
		assert_refused(line, bad[i].reason);
	}
}

static void
accept(const char *line, struct quo_pubkey *key)
{
	char why[QUO_REASON_MAX] = "";
	enum quo_err err = quo_pubkey_parse(line, key, why);

	if (err != QUO_OK)
		fail_msg("%s: %s", line, why);
}

static void
comment_and_blanks_are_dropped(void **state)
{
	static const char *const same[] = {
		ED25519, ED25519 "\n", ED25519 "\r\n", "  " ED25519 "  ",
		ED25519 " ciso@host and more \"words\"\n",
		ED25519 "\tno-pty", ED25519 " " ED25519 "\n\n",
	};
	struct quo_pubkey key;

	(void)state;
	for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
		accept(same[i], &key);
		assert_string_equal(key.text, ED25519);
		assert_string_equal(key.type->name, "ssh-ed25519");
		assert_false(key.type->touch);
	}
}

static void
security_keys_are_taken(void **state)
{
	static const struct {
		const char *type;
		const char *parts[5];
	} good[] = {
		{ "sk-ssh-ed25519@openssh.com",
		    { "sk-ssh-ed25519@openssh.com", "%32", "ssh:" } },
		{ "sk-ecdsa-sha2-nistp256@openssh.com",
		    { "sk-ecdsa-sha2-nistp256@openssh.com", "nistp256", "%65",
		    "ssh:quorate" } },
	};
	struct quo_pubkey key;
	char line[4500];

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		make_line(good[i].type, good[i].parts, line);
		accept(line, &key);
		assert_string_equal(key.type->name, good[i].type);
		assert_true(key.type->touch);
	}
}

static void
first_line(const char *format, const char *type, char *out, int cap)
{
	char command[512];
	FILE *f;

	snprintf(command, sizeof command, format, dir, type, dir);
	f = popen(command, "re");
	assert_non_null(f);
	assert_non_null(fgets(out, cap, f));
	assert_int_equal(pclose(f), 0);
}

/* Type, key and fingerprint are as ssh-keygen has them. */
static void
real_keys_are_taken(void **state)
{
	static const char *const kinds[] = {
		"ed25519", "ecdsa -b 256", "ecdsa -b 384", "ecdsa -b 521",
		"rsa -b 2048", "rsa -b 4096",
	};
	char line[QUO_PUBKEY_TEXT + 64], listed[256];
	struct quo_pubkey key;

	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		first_line("cd %s && rm -f k k.pub && ssh-keygen -q -N '' "
		    "-C 'a comment' -f k -t %s && cat %s/k.pub", kinds[i],
		    line, sizeof line);
		accept(line, &key);
		*strstr(line, " a comment") = '\0';
		assert_string_equal(key.text, line);
		first_line("cd %s && : %s && ssh-keygen -l -f %s/k.pub",
		    kinds[i], listed, sizeof listed);
		assert_non_null(strstr(listed, key.fingerprint));
		assert_int_equal(strlen(key.fingerprint),
		    QUO_FINGERPRINT_TEXT - 1);
	}
	first_line("cd %s && rm -f k k.pub && ssh-keygen -q -N '' -f k -t %s"
	    " && cat %s/k.pub", "rsa -b 1024", line, sizeof line);
	assert_refused(line, "1024 bits: 2048 are the least");
}

static int
make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) != NULL ? 0 : -1;
}

static int
drop_dir(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", dir);
	return system(command);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_key_is_refused),
		cmocka_unit_test(odd_keys_are_refused),
		cmocka_unit_test(comment_and_blanks_are_dropped),
		cmocka_unit_test(security_keys_are_taken),
		cmocka_unit_test(real_keys_are_taken),
	};

	return cmocka_run_group_tests(tests, make_dir, drop_dir);
}
