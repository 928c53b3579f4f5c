/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/buf.h"
#include "ledger/signature.h"

#define DOCUMENT "quorate approval 1\nincident: INC-17\n"
#define BEGIN "-----BEGIN SSH SIGNATURE-----\n"
#define END "-----END SSH SIGNATURE-----\n"
#define APPLICATION "ssh:"

static char dir[] = "/tmp/quo-sign.XXXXXX";

/* People: the roster, in the order of the keys' files. */
static const char *const files[] = { "ana", "ana2", "bob", "cy", "sk" };
static const char *const people[] = { "ana", "ana", "bob", "cy", "ana" };
#define KEYS 5
#define SK 4
static struct quo_pubkey keys[KEYS];
static struct quo_signer roster[KEYS];

static void
run(const char *format, ...)
{
	char command[1024];
	va_list args;
	int n = snprintf(command, sizeof command, "cd %s && ", dir);

	va_start(args, format);
	vsnprintf(command + n, sizeof command - (size_t)n, format, args);
	va_end(args);
	if (system(command) != 0)
		fail_msg("failed: %s", command);
}

static void
put(const char *name, const void *data, size_t len)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	f = fopen(path, "we");
	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static size_t
get(const char *name, char *out, size_t cap)
{
	char path[128];
	FILE *f;
	size_t n;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	f = fopen(path, "re");
	assert_non_null(f);
	n = fread(out, 1, cap - 1, f);
	fclose(f);
	out[n] = '\0';
	return n;
}

/* What the owner of a key does. */
static void
sign(const char *file, const char *namespace, const char *document,
    char signature[QUO_SIGNATURE_MAX])
{
	put("document", document, strlen(document));
	run("rm -f document.sig; ssh-keygen -q -Y sign -n '%s' -f %s document"
	    " 2>note || { cat note >&2; false; }", namespace, file);
	get("document.sig", signature, QUO_SIGNATURE_MAX);
}

static struct quo_signature_check
check_of(const char *person, const char *signature, const char *document)
{
	return (struct quo_signature_check){
		.document = { document, strlen(document) },
		.signature = { signature, strlen(signature) },
		.person = person, .signers = roster, .signer_count = KEYS };
}

static void
assert_answer(const struct quo_signature_check *check, enum quo_err want,
    const char *reason)
{
	struct quo_signature got = { .namespace = "untouched" };
	char why[QUO_REASON_MAX] = "";
	enum quo_err err = quo_signature_verify(check, &got, why);

	if (err != want)
		fail_msg("got \"%s\" (%s), want \"%s\" (%s)",
		    quo_strerror(err), why, quo_strerror(want), reason);
	if (strstr(why, reason) == NULL)
		fail_msg("said \"%s\", want \"%s\"", why, reason);
	if (want != QUO_OK)
		assert_string_equal(got.namespace, "untouched");
}

static void
assert_refused(const char *person, const char *signature,
    const char *document, const char *reason)
{
	struct quo_signature_check check = check_of(person, signature,
	    document);

	assert_answer(&check, QUO_ESIGNATURE, reason);
}

/* In order, but of another document than this one. */
static void
assert_unfit(const char *person, const char *signature,
    const char *document)
{
	struct quo_signature_check check = check_of(person, signature,
	    document);

	assert_answer(&check, QUO_EMISMATCH, "over another document");
}

static void
garbage_is_refused(void **state)
{
	static const char *const bad[][2] = {
		{ "", "it is empty" },
		{ " \n\r\n\t", "it is empty" },
		{ "yes, I approve", "first line" },
		{ "-----BEGIN PGP SIGNATURE-----\n", "first line" },
		{ "Dear all,\n" BEGIN "AAAA\n" END, "first line" },
		{ BEGIN, "cut off" },
		{ BEGIN "U1NIU0lH\n", "cut off" },
		{ "-----BEGIN SSH SIGNATURE-------END SSH SIGNATURE-----",
		    "cut off" },
		{ "-----BEGIN SSH SIGNATURE----------END SSH SIGNATURE-----",
		    "something else" },
		{ BEGIN END, "something else" },
		{ BEGIN "AAAA\n" END, "something else" },
		{ BEGIN "U1NIU0lH\n" END, "another version" },
		{ BEGIN "U1NIU0lHAAAAAg==\n" END, "another version" },
		{ BEGIN "U1NIU0lHAAAAAQ==\n" END, "wrong lengths" },
		{ BEGIN "U1NIU0lHAAAAAf////8=\n" END, "wrong lengths" },
		{ BEGIN "not base64!\n" END, "base64 is damaged" },
		{ BEGIN "AAA\n" END, "base64 is damaged" },
		{ BEGIN "AAAA\n" END "more", "one signature a file" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_refused("ana", bad[i][0], DOCUMENT, bad[i][1]);
}

static void
two_signatures_in_a_file_are_refused(void **state)
{
	char one[QUO_SIGNATURE_MAX], two[2 * QUO_SIGNATURE_MAX];

	(void)state;
	sign("ana", "quorate", DOCUMENT, one);
	snprintf(two, sizeof two, "%s%s", one, one);
	assert_refused("ana", two, DOCUMENT, "one signature a file");
	snprintf(two, sizeof two, "%s\n\n%s", one, BEGIN);
	assert_refused("ana", two, DOCUMENT, "one signature a file");
}

static void
huge_file_is_refused(void **state)
{
	static char huge[1 << 20];
	struct quo_signature_check check = check_of("ana", "", DOCUMENT);

	(void)state;
	check.signature = (struct quo_span){ huge, sizeof huge };
	assert_answer(&check, QUO_ESIGNATURE, "too large");
	check.signature.len = QUO_SIGNATURE_MAX + 1;
	assert_answer(&check, QUO_ESIGNATURE, "too large");
	check.signature.len = QUO_SIGNATURE_MAX;
	assert_answer(&check, QUO_ESIGNATURE, "it is no text");
	memset(huge, 'A', sizeof huge);
	assert_answer(&check, QUO_ESIGNATURE, "first line");
	memcpy(huge, BEGIN, sizeof BEGIN - 1);
	memcpy(huge + QUO_SIGNATURE_MAX - (sizeof END - 1), END,
	    sizeof END - 1);
	assert_answer(&check, QUO_ESIGNATURE, "");
}

/* Cut or flipped anywhere, a signature is refused, and nothing crashes. */
static void
damage_is_refused_everywhere(void **state)
{
	char good[QUO_SIGNATURE_MAX], bad[QUO_SIGNATURE_MAX];
	char why[QUO_REASON_MAX];
	struct quo_signature_check check;
	struct quo_signature s;
	size_t len, start = sizeof BEGIN - 1;
	enum quo_err err;

	(void)state;
	sign("ana", "quorate", DOCUMENT, good);
	len = strlen(good);
	for (size_t i = 0; i < len - 1; i++)
		assert_err(quo_signature_parse(good, i, &s, why),
		    QUO_ESIGNATURE);
	for (size_t i = start; i < len - sizeof END; i += 7) {
		strcpy(bad, good);
		if (bad[i] == '\n')
			continue;
		bad[i] = bad[i] == 'B' ? 'C' : 'B';
		check = check_of("ana", bad, DOCUMENT);
		err = quo_signature_verify(&check, &s, why);
		if (err != QUO_EMISMATCH)
			assert_err(err, QUO_ESIGNATURE);
	}
}

static void
signature_of_another_document_is_refused(void **state)
{
	static const char *const by[] = { "ana", "bob", "cy" };
	char s[QUO_SIGNATURE_MAX];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		sign(by[i], "quorate", DOCUMENT, s);
		assert_unfit(by[i], s, "quorate approval 1\nincident: "
		    "INC-18\n");
		assert_unfit(by[i], s, DOCUMENT "\n");
		assert_unfit(by[i], s, "");
	}
}

static void
other_purpose_is_refused(void **state)
{
	char s[QUO_SIGNATURE_MAX];

	(void)state;
	sign("ana", "file", DOCUMENT, s);
	assert_refused("ana", s, DOCUMENT,
	    "for another purpose: namespace \"file\"");
	sign("ana", "quorate ", DOCUMENT, s);
	assert_refused("ana", s, DOCUMENT, "namespace \"quorate \"");
	sign("ana", "Quorate", DOCUMENT, s);
	assert_refused("ana", s, DOCUMENT, "namespace \"Quorate\"");
	sign("ana", "0123456789012345678901234567890123456789012345678901234"
	    "567890123456789", DOCUMENT, s);
	assert_refused("ana", s, DOCUMENT, "89...\"");
}

static void
unknown_key_is_refused(void **state)
{
	char s[QUO_SIGNATURE_MAX], why[QUO_REASON_MAX];
	struct quo_signature parsed;
	struct quo_signature_check check;

	(void)state;
	sign("stranger", "quorate", DOCUMENT, s);
	assert_refused("ana", s, DOCUMENT, "unknown key SHA256:");
	assert_err(quo_signature_parse(s, strlen(s), &parsed, why), QUO_OK);
	assert_refused("ana", s, DOCUMENT, parsed.key.fingerprint);
	assert_refused("ana", s, DOCUMENT, "not on record for ana");
	sign("ana", "quorate", DOCUMENT, s);
	check = check_of("ana", s, DOCUMENT);
	check.signer_count = 0;
	assert_answer(&check, QUO_ESIGNATURE, "unknown key");
	check = check_of("", s, DOCUMENT);
	assert_answer(&check, QUO_EINVAL, "nobody is named");
	check.person = NULL;
	assert_answer(&check, QUO_EINVAL, "nobody is named");
}

static void
key_of_another_person_is_refused(void **state)
{
	char s[QUO_SIGNATURE_MAX];

	(void)state;
	sign("bob", "quorate", DOCUMENT, s);
	assert_refused("ana", s, DOCUMENT, "a key of bob (SHA256:");
	assert_refused("*", s, DOCUMENT, "a key of bob");
	assert_refused("BOB", s, DOCUMENT, "a key of bob");
}

static void
key_of_two_people_names_nobody(void **state)
{
	struct quo_signer shared[2] = { { "ana", &keys[0] },
	    { "eve", &keys[0] } };
	char s[QUO_SIGNATURE_MAX];
	struct quo_signature_check check;

	(void)state;
	sign("ana", "quorate", DOCUMENT, s);
	check = check_of("ana", s, DOCUMENT);
	check.signers = shared;
	check.signer_count = 2;
	assert_answer(&check, QUO_ESIGNATURE, "for ana and for eve");
	check.person = "eve";
	assert_answer(&check, QUO_ESIGNATURE, "for eve and for ana");
}

static void
no_answer_is_no_yes(void **state)
{
	static const struct {
		const char *script;
		enum quo_err err;
		const char *reason;
	} bad[] = {
		{ "exit 1", QUO_ECHILD, "keygen gives no answer" },
		{ "echo No user exists for uid 7 >&2; exit 255", QUO_ECHILD,
		    "No user exists" },
		{ "kill -9 $$", QUO_ECHILD, "gives no answer" },
		{ "exec sleep 60", QUO_ETIMEOUT, "no answer in 1 seconds" },
		{ "echo \"Couldn't verify signature: odd\" >&2; exit 255",
		    QUO_ESIGNATURE, "ssh-keygen refuses it: Couldn't" },
	};
	char s[QUO_SIGNATURE_MAX], program[128], script[256];
	struct quo_signature_check check;

	(void)state;
	sign("ana", "quorate", DOCUMENT, s);
	check = check_of("ana", s, DOCUMENT);
	check.seconds = 1;
	snprintf(program, sizeof program, "%s/keygen", dir);
	check.program = program;
	assert_answer(&check, QUO_ECHILD, "is OpenSSH installed here");
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		snprintf(script, sizeof script, "#!/bin/sh\n%s\n",
		    bad[i].script);
		put("keygen", script, strlen(script));
		assert_int_equal(chmod(program, 0755), 0);
		assert_answer(&check, bad[i].err, bad[i].reason);
	}
}

static void
put_string(struct quo_writer *w, const void *data, size_t len)
{
	quo_write_uint(w, len, 4);
	quo_write_bytes(w, data, len);
}

static void
put_text(struct quo_writer *w, const char *text)
{
	put_string(w, text, strlen(text));
}

/* What a FIDO2 key signs of the bytes that OpenSSH gives it: SHA-256 of the
 * application, flags, counter, SHA-256 of the bytes. PROTOCOL.u2f. */
static void
sk_sign(const uint8_t *bytes, size_t len, uint8_t flags, uint8_t out[64])
{
	const struct quo_span application = { APPLICATION, 4 };
	const struct quo_span message = { bytes, len };
	uint8_t tbs[2 * QUO_HASH_LEN + 5];

	quo_sha256(&application, 1, tbs);
	tbs[QUO_HASH_LEN] = flags;
	memcpy(tbs + QUO_HASH_LEN + 1, "\0\0\0\7", 4);
	quo_sha256(&message, 1, tbs + QUO_HASH_LEN + 5);
	put("tbs", tbs, sizeof tbs);
	run("openssl pkeyutl -sign -inkey sk.pem -rawin -in tbs -out sig.raw "
	    "&& test $(wc -c <sig.raw) = 64");
	assert_int_equal(get("sig.raw", (char *)tbs, sizeof tbs), 64);
	memcpy(out, tbs, 64);
}

static void
put_sk_key(struct quo_writer *w)
{
	char raw[128];
	size_t len;

	run("openssl pkey -in sk.pem -pubout -outform DER | tail -c 32 "
	    ">sk.raw");
	len = get("sk.raw", raw, sizeof raw);
	put_text(w, "sk-ssh-ed25519@openssh.com");
	put_string(w, raw, len);
	put_text(w, APPLICATION);
}

/* A signature of a security key, made by software. */
static void
sign_sk(const char *namespace, uint8_t flags, const char *document,
    char signature[QUO_SIGNATURE_MAX])
{
	uint8_t blob[2048], inner[256], key[256], raw[64];
	uint8_t hash[QUO_HASH_LEN];
	struct quo_writer w = quo_writer_on(blob, sizeof blob);
	struct quo_writer i = quo_writer_on(inner, sizeof inner);
	struct quo_writer k = quo_writer_on(key, sizeof key);
	const struct quo_span span = { document, strlen(document) };
	size_t n;

	quo_sha256(&span, 1, hash);
	quo_write_bytes(&w, (const uint8_t *)"SSHSIG", 6);
	put_text(&w, namespace);
	put_text(&w, "");
	put_text(&w, "sha256");
	put_string(&w, hash, sizeof hash);
	sk_sign(blob, w.len, flags, raw);
	put_text(&i, "sk-ssh-ed25519@openssh.com");
	put_string(&i, raw, sizeof raw);
	quo_write_uint(&i, flags, 1);
	quo_write_uint(&i, 7, 4);
	put_sk_key(&k);
	w = quo_writer_on(blob, sizeof blob);
	quo_write_bytes(&w, (const uint8_t *)"SSHSIG\0\0\0\1", 10);
	put_string(&w, key, k.len);
	put_text(&w, namespace);
	put_text(&w, "");
	put_text(&w, "sha256");
	put_string(&w, inner, i.len);
	assert_false(w.failed || i.failed || k.failed);
	n = (size_t)sprintf(signature, BEGIN);
	n += quo_base64_encode(blob, w.len, signature + n);
	strcpy(signature + n, "\n" END);
}

static void
security_key_must_be_touched(void **state)
{
	char s[QUO_SIGNATURE_MAX];

	(void)state;
	sign_sk("quorate", 0x00, DOCUMENT, s);
	assert_refused("ana", s, DOCUMENT, "without a touch");
	sign_sk("quorate", 0x04, DOCUMENT, s);
	assert_refused("ana", s, DOCUMENT, "without a touch");
	sign_sk("quorate", 0x01, DOCUMENT, s);
	assert_unfit("ana", s, DOCUMENT "x");
	assert_refused("bob", s, DOCUMENT, "a key of ana");
	sign_sk("file", 0x01, DOCUMENT, s);
	assert_refused("ana", s, DOCUMENT, "another purpose");
}

/* To say "touched" afterwards is to break the signature. */
static void
forged_touch_is_refused(void **state)
{
	char s[QUO_SIGNATURE_MAX], *body, *end;
	uint8_t blob[2048];
	size_t len;

	(void)state;
	sign_sk("quorate", 0x00, DOCUMENT, s);
	body = s + sizeof BEGIN - 1;
	end = strchr(body, '\n');
	assert_err(quo_base64_decode(body, (size_t)(end - body), blob,
	    sizeof blob, &len), QUO_OK);
	assert_int_equal(blob[len - 5], 0x00);
	blob[len - 5] = 0x01;
	body += quo_base64_encode(blob, len, body);
	strcpy(body, "\n" END);
	assert_unfit("ana", s, DOCUMENT);
}

static void
assert_good(const char *person, const char *signature, size_t key)
{
	struct quo_signature_check check = check_of(person, signature,
	    DOCUMENT);
	struct quo_signature got;
	char why[QUO_REASON_MAX] = "";
	enum quo_err err = quo_signature_verify(&check, &got, why);

	if (err != QUO_OK)
		fail_msg("refused: %s", why);
	assert_string_equal(got.key.fingerprint, keys[key].fingerprint);
	assert_string_equal(got.namespace, "quorate");
}

static void
people_sign_with_their_keys(void **state)
{
	char s[QUO_SIGNATURE_MAX];

	(void)state;
	for (size_t i = 0; i < SK; i++) {
		sign(files[i], "quorate", DOCUMENT, s);
		assert_good(people[i], s, i);
	}
}

static void
security_keys_sign(void **state)
{
	char s[QUO_SIGNATURE_MAX], why[QUO_REASON_MAX];
	struct quo_signature got;

	(void)state;
	sign_sk("quorate", 0x01, DOCUMENT, s);
	assert_good("ana", s, SK);
	assert_err(quo_signature_parse(s, strlen(s), &got, why), QUO_OK);
	assert_true(got.touched);
	assert_false(got.verified);
	assert_string_equal(got.hash, "sha256");
	sign_sk("quorate", 0x05, DOCUMENT, s);
	assert_good("ana", s, SK);
	assert_err(quo_signature_parse(s, strlen(s), &got, why), QUO_OK);
	assert_true(got.verified);
}

/* Mail and editors change line ends and margins. */
static void
white_space_does_no_harm(void **state)
{
	char s[QUO_SIGNATURE_MAX], crlf[QUO_SIGNATURE_MAX];
	size_t n = 0;

	(void)state;
	sign("ana", "quorate", DOCUMENT, s);
	n += (size_t)sprintf(crlf, "\r\n  ");
	for (size_t i = 0; s[i] != '\0'; i++) {
		if (s[i] == '\n')
			crlf[n++] = '\r';
		crlf[n++] = s[i];
	}
	strcpy(crlf + n, "\r\n\r\n");
	assert_good("ana", crlf, 0);
}

/* A name is never a pattern or an option of ssh-keygen. */
static void
odd_names_are_names(void **state)
{
	static const char *const odd[] = { "*", "-I", "a,b", "a b\"c", "!x" };
	struct quo_signer one = { NULL, &keys[0] };
	char s[QUO_SIGNATURE_MAX];
	struct quo_signature_check check;

	(void)state;
	sign("ana", "quorate", DOCUMENT, s);
	for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
		check = check_of(odd[i], s, DOCUMENT);
		one.person = odd[i];
		check.signers = &one;
		check.signer_count = 1;
		assert_answer(&check, QUO_OK, "");
	}
}

static void
make_sk(void)
{
	uint8_t blob[256];
	char line[512];
	struct quo_writer w = quo_writer_on(blob, sizeof blob);
	int n;

	run("openssl genpkey -algorithm ed25519 -out sk.pem");
	put_sk_key(&w);
	n = sprintf(line, "sk-ssh-ed25519@openssh.com ");
	quo_base64_encode(blob, w.len, line + n);
	put("sk.pub", line, strlen(line));
}

static int
make_keys(void **state)
{
	static const char *const kinds[][2] = { { "ana", "ed25519" },
		{ "ana2", "ecdsa" }, { "bob", "rsa -b 2048" },
		{ "cy", "ecdsa -b 521" }, { "stranger", "ed25519" } };
	char line[QUO_PUBKEY_TEXT + 64], why[QUO_REASON_MAX];

	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		run("ssh-keygen -q -N '' -C %s -t %s -f %s", kinds[i][0],
		    kinds[i][1], kinds[i][0]);
	make_sk();
	for (size_t i = 0; i < KEYS; i++) {
		snprintf(why, sizeof why, "%s.pub", files[i]);
		get(why, line, sizeof line);
		assert_err(quo_pubkey_parse(line, &keys[i], why), QUO_OK);
		roster[i] = (struct quo_signer){ people[i], &keys[i] };
	}
	return 0;
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
		cmocka_unit_test(garbage_is_refused),
		cmocka_unit_test(two_signatures_in_a_file_are_refused),
		cmocka_unit_test(huge_file_is_refused),
		cmocka_unit_test(damage_is_refused_everywhere),
		cmocka_unit_test(signature_of_another_document_is_refused),
		cmocka_unit_test(other_purpose_is_refused),
		cmocka_unit_test(unknown_key_is_refused),
		cmocka_unit_test(key_of_another_person_is_refused),
		cmocka_unit_test(key_of_two_people_names_nobody),
		cmocka_unit_test(no_answer_is_no_yes),
		cmocka_unit_test(security_key_must_be_touched),
		cmocka_unit_test(forged_touch_is_refused),
		cmocka_unit_test(people_sign_with_their_keys),
		cmocka_unit_test(security_keys_sign),
		cmocka_unit_test(white_space_does_no_harm),
		cmocka_unit_test(odd_names_are_names),
	};

	return cmocka_run_group_tests(tests, make_keys, drop_dir);
}
