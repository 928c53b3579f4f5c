/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/crypt.h"
#include "ledger/pubkey.h"
#include "ledger/why.h"

#define RSA_LEAST 2048
#define RSA_MOST 16384
#define EXPONENT_MAX 32
#define BLANK " \t\r\n"

static const struct quo_pubkey_type types[] = {
	{ "ssh-ed25519", { "ssh-ed25519" }, NULL, 32, false },
	{ "ecdsa-sha2-nistp256", { "ecdsa-sha2-nistp256" }, "nistp256", 65,
	    false },
	{ "ecdsa-sha2-nistp384", { "ecdsa-sha2-nistp384" }, "nistp384", 97,
	    false },
	{ "ecdsa-sha2-nistp521", { "ecdsa-sha2-nistp521" }, "nistp521", 133,
	    false },
	/* Not "ssh-rsa", which is over SHA-1. */
	{ "ssh-rsa", { "rsa-sha2-256", "rsa-sha2-512" }, NULL, 0, false },
	{ "sk-ssh-ed25519@openssh.com", { "sk-ssh-ed25519@openssh.com" },
	    NULL, 32, true },
	{ "sk-ecdsa-sha2-nistp256@openssh.com",
	    { "sk-ecdsa-sha2-nistp256@openssh.com" }, "nistp256", 65, true },
};

static const struct quo_pubkey_type *
find_type(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (strlen(types[i].name) == len &&
		    memcmp(types[i].name, name, len) == 0)
			return &types[i];
	return NULL;
}

/* A positive mpint of at most max bytes, in its one encoding: its bits; 0
 * where it is none. RFC 4251 section 5. */
static unsigned
read_bits(struct quo_reader *r, size_t max)
{
	struct quo_span number = quo_read_string(r);
	const uint8_t *n = number.data;
	unsigned bits;

	if (number.len == 0 || number.len > max + 1 || n[0] >= 0x80 ||
	    (n[0] == 0 && (number.len == 1 || n[1] < 0x80)))
		return 0;
	if (n[0] == 0) {
		n++;
		number.len--;
	}
	bits = (unsigned)number.len * 8;
	for (uint8_t top = n[0]; top < 0x80; top = (uint8_t)(top << 1))
		bits--;
	return bits;
}

static enum quo_err
check_rsa(struct quo_reader *r, char why[QUO_REASON_MAX])
{
	unsigned exponent = read_bits(r, EXPONENT_MAX);
	unsigned bits = read_bits(r, RSA_MOST / 8);

	if (exponent < 2 || bits == 0 || r->failed)
		return quo_why(why, QUO_ESYNTAX, "no RSA key");
	if (bits < RSA_LEAST)
		return quo_why(why, QUO_ESYNTAX, "an RSA key of %u bits: "
		    "%u are the least", bits, RSA_LEAST);
	return QUO_OK;
}

static enum quo_err
check_point(const struct quo_pubkey_type *type, struct quo_reader *r,
    char why[QUO_REASON_MAX])
{
	struct quo_span curve = { NULL, 0 }, point;

	if (type->curve != NULL)
		curve = quo_read_string(r);
	point = quo_read_string(r);
	if (r->failed || point.len != type->point)
		return quo_why(why, QUO_ESYNTAX, "no key of type %s",
		    type->name);
	if (type->curve != NULL && (!quo_span_is(curve, type->curve) ||
	    *(const uint8_t *)point.data != 4))
		return quo_why(why, QUO_ESYNTAX, "a key of type %s on "
		    "another curve", type->name);
	return QUO_OK;
}

/* What application a security key signs for. */
static enum quo_err
check_application(struct quo_reader *r, char why[QUO_REASON_MAX])
{
	struct quo_span application = quo_read_string(r);

	if (r->failed || application.len == 0 || application.len > 255)
		return quo_why(why, QUO_ESYNTAX, "a security key without "
		    "its application");
	return QUO_OK;
}

/* As ssh-keygen -l prints it. */
static void
print_fingerprint(const uint8_t *blob, size_t len, char *out)
{
	const struct quo_span span = { blob, len };
	char digits[QUO_BASE64_TEXT(QUO_HASH_LEN)];
	uint8_t hash[QUO_HASH_LEN];

	quo_sha256(&span, 1, hash);
	quo_base64_encode(hash, sizeof hash, digits);
	snprintf(out, QUO_FINGERPRINT_TEXT, "SHA256:%.43s", digits);
}

static enum quo_err
refuse_type(const char *name, size_t len, char why[QUO_REASON_MAX])
{
	char shown[QUO_SHOWN_MAX];

	quo_why_show(name, len, shown);
	if (strstr(shown, "-cert-v") != NULL)
		return quo_why(why, QUO_ESYNTAX, "a certificate (%s): give "
		    "the key itself", shown);
	return quo_why(why, QUO_ESYNTAX, "keys of type \"%s\" are not taken",
	    shown);
}

enum quo_err
quo_pubkey_decode(const uint8_t *blob, size_t len, struct quo_pubkey *key,
    char why[QUO_REASON_MAX])
{
	struct quo_reader r = quo_reader_on(blob, len);
	const struct quo_pubkey_type *type;
	struct quo_span name = quo_read_string(&r);
	enum quo_err err;
	size_t at;

	if (r.failed || len > QUO_PUBKEY_BLOB)
		return quo_why(why, QUO_ESYNTAX, "no SSH key");
	type = find_type(name.data, name.len);
	if (type == NULL)
		return refuse_type(name.data, name.len, why);
	err = type->point == 0 ? check_rsa(&r, why) :
	    check_point(type, &r, why);
	if (err == QUO_OK && type->touch)
		err = check_application(&r, why);
	if (err != QUO_OK)
		return err;
	if (!quo_reader_done(&r))
		return quo_why(why, QUO_ESYNTAX, "more behind the key");
	key->type = type;
	at = (size_t)snprintf(key->text, sizeof key->text, "%s ", type->name);
	quo_base64_encode(blob, len, key->text + at);
	print_fingerprint(blob, len, key->fingerprint);
	return QUO_OK;
}

/* A line whose first word is no type of ours. */
static enum quo_err
refuse_line(const char *line, char why[QUO_REASON_MAX])
{
	const char *word = line;
	size_t len = strcspn(line, BLANK);

	if (strstr(line, "PRIVATE KEY") != NULL)
		return quo_why(why, QUO_ESYNTAX, "a private key: keep it to "
		    "yourself and give FILE.pub");
	for (word += len; *word != '\0'; word += strcspn(word, BLANK)) {
		word += strspn(word, BLANK);
		if (find_type(word, strcspn(word, BLANK)) != NULL)
			return quo_why(why, QUO_ESYNTAX, "options in front "
			    "of a key are not taken: give type and key alone");
	}
	return refuse_type(line, len, why);
}

enum quo_err
quo_pubkey_parse(const char *line, struct quo_pubkey *key,
    char why[QUO_REASON_MAX])
{
	uint8_t blob[QUO_PUBKEY_BLOB];
	struct quo_pubkey got;
	const char *word, *end;
	size_t len = 0;
	enum quo_err err;

	line += strspn(line, BLANK);
	end = line + strcspn(line, "\r\n");
	if (*line == '\0')
		return quo_why(why, QUO_ESYNTAX, "empty");
	if (find_type(line, strcspn(line, BLANK)) == NULL)
		return refuse_line(line, why);
	if (end[strspn(end, BLANK)] != '\0')
		return quo_why(why, QUO_ESYNTAX, "more than one line");
	word = line + strcspn(line, BLANK);
	word += strspn(word, " \t");
	if (quo_base64_decode(word, strcspn(word, BLANK), blob, sizeof blob,
	    &len) != QUO_OK)
		return quo_why(why, QUO_ESYNTAX, "no base64 behind the type");
	err = quo_pubkey_decode(blob, len, &got, why);
	if (err != QUO_OK)
		return err;
	if (find_type(line, strcspn(line, BLANK)) != got.type)
		return quo_why(why, QUO_ESYNTAX, "it says another type than "
		    "its key has, %s", got.type->name);
	*key = got;
	return QUO_OK;
}
