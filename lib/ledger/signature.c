/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/base64.h"
#include "base/buf.h"
#include "base/child.h"
#include "ledger/signature.h"
#include "ledger/why.h"

#define BEGIN "-----BEGIN SSH SIGNATURE-----"
#define END "-----END SSH SIGNATURE-----"
#define MAGIC "SSHSIG"
#define VERSION 1
#define BLANK " \t\r\n"
#define SECONDS 20
/* Flags of a security key, as FIDO2 has them. */
#define PRESENT 0x01
#define VERIFIED 0x04
#define BLOB_MAX (QUO_SIGNATURE_MAX / 4 * 3)
#define ARMOR_MAX (sizeof BEGIN + sizeof END + QUO_BASE64_TEXT(BLOB_MAX))

/* A signature file without its armor. */
struct blob {
	uint8_t data[BLOB_MAX];
	size_t len;
};

static enum quo_err
malformed(char why[QUO_REASON_MAX], const char *what)
{
	return quo_why(why, QUO_ESIGNATURE, "no signature of ssh-keygen: %s",
	    what);
}

/* The text between the two lines of the armor. */
static enum quo_err
find_body(const char *text, size_t len, struct quo_span *body,
    char why[QUO_REASON_MAX])
{
	const size_t begin = sizeof BEGIN - 1, end = sizeof END - 1;
	const char *stop;

	for (; len > 0 && strchr(BLANK, *text) != NULL; len--)
		text++;
	while (len > 0 && strchr(BLANK, text[len - 1]) != NULL)
		len--;
	if (len == 0)
		return malformed(why, "it is empty");
	if (len < begin || memcmp(text, BEGIN, begin) != 0)
		return malformed(why, "its first line is missing");
	/* Behind the first line: both begin and end with hyphens. */
	stop = memmem(text + begin, len - begin, END, end);
	if (stop == NULL)
		return malformed(why, "its last line is missing, the file "
		    "was cut off");
	if (stop + end != text + len)
		return malformed(why, "more follows; give one signature "
		    "a file");
	*body = (struct quo_span){ text + begin,
	    (size_t)(stop - text) - begin };
	return QUO_OK;
}

static enum quo_err
unarmor(const char *text, size_t len, struct blob *blob,
    char why[QUO_REASON_MAX])
{
	char digits[QUO_SIGNATURE_MAX];
	struct quo_span body = { NULL, 0 };
	const char *c;
	size_t n = 0;
	enum quo_err err;

	if (len > QUO_SIGNATURE_MAX)
		return malformed(why, "it is too large");
	if (memchr(text, '\0', len) != NULL)
		return malformed(why, "it is no text");
	err = find_body(text, len, &body, why);
	if (err != QUO_OK)
		return err;
	c = body.data;
	for (size_t i = 0; i < body.len; i++)
		if (strchr(BLANK, c[i]) == NULL)
			digits[n++] = c[i];
	if (quo_base64_decode(digits, n, blob->data, sizeof blob->data,
	    &blob->len) != QUO_OK)
		return malformed(why, "its base64 is damaged");
	return QUO_OK;
}

static bool
signs_with(const struct quo_pubkey_type *type, struct quo_span algorithm)
{
	for (size_t i = 0; i < QUO_PUBKEY_ALGORITHMS; i++)
		if (type->algorithms[i] != NULL &&
		    quo_span_is(algorithm, type->algorithms[i]))
			return true;
	return false;
}

/* What the key made: an algorithm, bytes, and, of a security key, flags and
 * a counter. */
static enum quo_err
decode_inner(struct quo_span inner, struct quo_signature *s,
    char why[QUO_REASON_MAX])
{
	struct quo_reader r = quo_reader_on(inner.data, inner.len);
	struct quo_span algorithm = quo_read_string(&r);
	char shown[QUO_SHOWN_MAX];
	unsigned flags = 0;

	if (!r.failed && !signs_with(s->key.type, algorithm)) {
		quo_why_show(algorithm.data, algorithm.len, shown);
		return quo_why(why, QUO_ESIGNATURE, "signatures of type "
		    "\"%s\" by keys of type %s are not taken", shown,
		    s->key.type->name);
	}
	quo_read_string(&r);
	if (s->key.type->touch) {
		flags = (unsigned)quo_read_uint(&r, 1);
		quo_read_uint(&r, 4);
	}
	if (!quo_reader_done(&r))
		return malformed(why, "what the key made is damaged");
	s->touched = (flags & PRESENT) != 0;
	s->verified = (flags & VERIFIED) != 0;
	return QUO_OK;
}

static enum quo_err
take_hash(struct quo_span hash, struct quo_signature *s,
    char why[QUO_REASON_MAX])
{
	if (!quo_span_is(hash, "sha256") && !quo_span_is(hash, "sha512"))
		return malformed(why, "it is over another hash than sha256 "
		    "or sha512");
	memcpy(s->hash, hash.data, hash.len);
	s->hash[hash.len] = '\0';
	return QUO_OK;
}

/* PROTOCOL.sshsig: all but the armor. */
static enum quo_err
decode(const struct blob *blob, struct quo_signature *s,
    char why[QUO_REASON_MAX])
{
	struct quo_reader r = quo_reader_on(blob->data, blob->len);
	const uint8_t *magic = quo_read_span(&r, sizeof MAGIC - 1);
	struct quo_span key, namespace, hash, inner;
	char reason[QUO_REASON_MAX];
	enum quo_err err;

	if (magic == NULL || memcmp(magic, MAGIC, sizeof MAGIC - 1) != 0)
		return malformed(why, "its base64 holds something else");
	if (quo_read_uint(&r, 4) != VERSION)
		return malformed(why, "it is of another version");
	key = quo_read_string(&r);
	namespace = quo_read_string(&r);
	quo_read_string(&r);	/* reserved: to be ignored */
	hash = quo_read_string(&r);
	inner = quo_read_string(&r);
	if (!quo_reader_done(&r))
		return malformed(why, "its parts have wrong lengths");
	if (quo_pubkey_decode(key.data, key.len, &s->key, reason) != QUO_OK)
		return quo_why(why, QUO_ESIGNATURE, "its key: %s", reason);
	quo_why_show(namespace.data, namespace.len, s->namespace);
	err = take_hash(hash, s, why);
	return err == QUO_OK ? decode_inner(inner, s, why) : err;
}

enum quo_err
quo_signature_parse(const char *text, size_t len,
    struct quo_signature *signature, char why[QUO_REASON_MAX])
{
	struct quo_signature got = { .touched = false };
	struct blob blob;
	enum quo_err err = unarmor(text, len, &blob, why);

	if (err == QUO_OK)
		err = decode(&blob, &got, why);
	if (err == QUO_OK)
		*signature = got;
	return err;
}

/* Whether the key is this person's, and nobody else's. */
static enum quo_err
attribute(const struct quo_signature_check *check,
    const struct quo_pubkey *key, char why[QUO_REASON_MAX])
{
	const char *other = NULL;
	bool own = false;

	for (size_t i = 0; i < check->signer_count; i++) {
		const struct quo_signer *s = &check->signers[i];

		if (strcmp(s->key->text, key->text) != 0)
			continue;
		if (strcmp(s->person, check->person) == 0)
			own = true;
		else
			other = s->person;
	}
	if (own && other != NULL)
		return quo_why(why, QUO_ESIGNATURE, "the key %s is on record "
		    "for %s and for %s: it names nobody", key->fingerprint,
		    check->person, other);
	if (other != NULL)
		return quo_why(why, QUO_ESIGNATURE, "signed with a key of %s "
		    "(%s), not of %s", other, key->fingerprint,
		    check->person);
	if (!own)
		return quo_why(why, QUO_ESIGNATURE, "unknown key %s (%s): "
		    "it is not on record for %s, nor for anyone else",
		    key->fingerprint, key->type->name, check->person);
	return QUO_OK;
}

/* All that can be told without the document. */
static enum quo_err
check_claims(const struct quo_signature_check *check,
    const struct quo_signature *s, char why[QUO_REASON_MAX])
{
	enum quo_err err;

	if (strcmp(s->namespace, QUO_SIGNATURE_NAMESPACE) != 0)
		return quo_why(why, QUO_ESIGNATURE, "signed for another "
		    "purpose: namespace \"%s\", not \"%s\"", s->namespace,
		    QUO_SIGNATURE_NAMESPACE);
	err = attribute(check, &s->key, why);
	if (err == QUO_OK && s->key.type->touch && !s->touched)
		return quo_why(why, QUO_ESIGNATURE, "made without a touch of "
		    "the security key %s", s->key.fingerprint);
	return err;
}

/* What ssh-keygen says of a signature that it doesn't take. */
static const struct verdict {
	const char *says;
	enum quo_err err;
} verdicts[] = {
	{ "incorrect signature", QUO_EMISMATCH },
	{ "Signature verification failed", QUO_ESIGNATURE },
	{ "Couldn't verify signature", QUO_ESIGNATURE },
	{ "Couldn't parse signature", QUO_ESIGNATURE },
};

static enum quo_err
judge(const struct quo_child *child, char why[QUO_REASON_MAX])
{
	int line = (int)strcspn(child->note, "\n");

	if (WIFEXITED(child->status) && WEXITSTATUS(child->status) == 0)
		return QUO_OK;
	for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++) {
		const struct verdict *v = &verdicts[i];

		if (strstr(child->note, v->says) == NULL)
			continue;
		if (v->err == QUO_EMISMATCH)
			return quo_why(why, v->err, "it was made over "
			    "another document than this one, or damaged "
			    "since");
		return quo_why(why, v->err, "ssh-keygen refuses it: %.*s",
		    line, child->note);
	}
	return quo_why(why, QUO_ECHILD, "%s gives no answer%s%.*s",
	    child->path, line > 0 ? ": " : "", line, child->note);
}

/* Encoded anew: what ssh-keygen judges is what was understood here. */
static size_t
put_armor(const struct blob *blob, char armor[ARMOR_MAX])
{
	size_t n = sizeof BEGIN;

	memcpy(armor, BEGIN "\n", n);
	n += quo_base64_encode(blob->data, blob->len, armor + n);
	memcpy(armor + n, "\n" END "\n", sizeof END + 1);
	return n + sizeof END + 1;
}

/* One person, one key and one purpose is all that ssh-keygen is told of. The
 * person has no name there: names could be patterns. */
static enum quo_err
ask(const struct quo_signature_check *check, const struct blob *blob,
    const struct quo_pubkey *key, char why[QUO_REASON_MAX])
{
	static const char *const argv[] = { "ssh-keygen", "-Y", "verify",
	    "-n", QUO_SIGNATURE_NAMESPACE, "-I", "signer", "-f", "/dev/fd/3",
	    "-s", "/dev/fd/4", NULL };
	char signers[QUO_PUBKEY_TEXT + 64], armor[ARMOR_MAX];
	struct quo_child child = { .argv = argv, .stdin_fd = -1 };
	enum quo_err err;

	child.path = check->program != NULL ? check->program :
	    QUO_SIGNATURE_PROGRAM;
	child.seconds = check->seconds != 0 ? check->seconds : SECONDS;
	snprintf(signers, sizeof signers, "signer namespaces=\"%s\" %s\n",
	    QUO_SIGNATURE_NAMESPACE, key->text);
	child.feeds[0] = (struct quo_feed){ 0, check->document.data,
	    check->document.len };
	child.feeds[1] = (struct quo_feed){ 3, (const uint8_t *)signers,
	    strlen(signers) };
	child.feeds[2] = (struct quo_feed){ 4, (const uint8_t *)armor,
	    put_armor(blob, armor) };
	child.feed_count = 3;
	err = quo_child_run(&child);
	quo_secret_free(child.out);
	if (err == QUO_ETIMEOUT)
		return quo_why(why, err, "%s gave no answer in %u seconds",
		    child.path, child.seconds);
	if (err != QUO_OK)
		return quo_why(why, err, "%s could not be run: is OpenSSH "
		    "installed here?", child.path);
	return judge(&child, why);
}

enum quo_err
quo_signature_verify(const struct quo_signature_check *check,
    struct quo_signature *signature, char why[QUO_REASON_MAX])
{
	struct quo_signature got = { .touched = false };
	struct blob blob;
	enum quo_err err;

	if (check->person == NULL || *check->person == '\0')
		return quo_why(why, QUO_EINVAL, "nobody is named who should "
		    "have signed");
	err = unarmor(check->signature.data, check->signature.len, &blob,
	    why);
	if (err == QUO_OK)
		err = decode(&blob, &got, why);
	if (err == QUO_OK)
		err = check_claims(check, &got, why);
	if (err == QUO_OK)
		err = ask(check, &blob, &got.key, why);
	if (err == QUO_OK)
		*signature = got;
	return err;
}
