/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "card/credential.h"
#include "crypto/policy.h"
#include "crypto/seal.h"

#define TAG_SECRET 127

/* The text fields in the order of their tags, which are 1, 2, 3, 4. */
static const struct field {
	size_t offset;
	size_t max;
	bool (*valid)(const char *text, size_t len);
} fields[] = {
	{ offsetof(struct quo_credential, name), QUO_LABEL_MAX,
	    quo_text_valid },
	{ offsetof(struct quo_credential, user), QUO_LABEL_MAX,
	    quo_text_valid },
	{ offsetof(struct quo_credential, target), QUO_LABEL_MAX,
	    quo_text_valid },
	{ offsetof(struct quo_credential, note), QUO_NOTE_MAX,
	    quo_note_valid },
};

#define FIELDS (sizeof fields / sizeof fields[0])
#define RECORD 4	/* tag and length of a record */

static const char **
field_of(struct quo_credential *c, size_t i)
{
	return (const char **)(void *)((char *)c + fields[i].offset);
}

enum quo_err
quo_credential_encode(const struct quo_credential *credential,
    struct quo_secret **plaintext)
{
	struct quo_credential c = *credential;
	size_t len[FIELDS], all = RECORD + c.secret.len;
	struct quo_secret *plain = NULL;
	struct quo_writer w;
	enum quo_err err;

	if (c.secret.len == 0)
		return QUO_EINVAL;
	if (c.secret.len > QUO_CREDENTIAL_MAX)
		return QUO_ETOOBIG;
	for (size_t i = 0; i < FIELDS; i++) {
		const char *text = *field_of(&c, i);

		len[i] = text != NULL ? strlen(text) : 0;
		if (len[i] > fields[i].max ||
		    (len[i] > 0 && !fields[i].valid(text, len[i])))
			return QUO_EINVAL;
		all += len[i] > 0 ? RECORD + len[i] : 0;
	}
	all = (all + QUO_SEAL_STEP - 1) / QUO_SEAL_STEP * QUO_SEAL_STEP;
	err = quo_secret_new(all, &plain);
	if (err != QUO_OK)
		return err;
	w = quo_writer_on(plain->data, plain->len);
	for (size_t i = 0; i < FIELDS; i++) {
		if (len[i] == 0)
			continue;
		quo_write_uint(&w, i + 1, 1);
		quo_write_uint(&w, len[i], 3);
		quo_write_bytes(&w, (const uint8_t *)*field_of(&c, i), len[i]);
	}
	quo_write_uint(&w, TAG_SECRET, 1);
	quo_write_uint(&w, c.secret.len, 3);
	quo_write_bytes(&w, c.secret.data, c.secret.len);
	*plaintext = plain;
	return QUO_OK;
}

/* Take one text field into bytes, from *used on. */
static bool
take_field(struct quo_reader *r, uint8_t tag, size_t len,
    struct quo_opened *o, size_t *used)
{
	char *text = (char *)o->bytes->data + *used;

	if (tag < 1 || tag > FIELDS || len == 0 ||
	    len > fields[tag - 1].max || len > quo_reader_left(r))
		return false;
	quo_read_bytes(r, (uint8_t *)text, len);
	text[len] = '\0';
	*used += len + 1;
	*field_of(&o->credential, tag - 1u) = text;
	return fields[tag - 1].valid(text, len);
}

static enum quo_err
take_secret(struct quo_reader *r, size_t len, struct quo_opened *o)
{
	const uint8_t *data, *rest;
	size_t left;
	uint8_t any = 0;
	enum quo_err err;

	if (len == 0 || len > QUO_CREDENTIAL_MAX)
		return QUO_EFORMAT;
	data = quo_read_span(r, len);
	left = quo_reader_left(r);
	if (data == NULL || left >= QUO_SEAL_STEP)
		return QUO_EFORMAT;
	rest = quo_read_span(r, left);
	for (size_t i = 0; i < left; i++)
		any |= rest[i];
	if (any != 0)
		return QUO_EFORMAT;
	err = quo_secret_copy(data, len, &o->secret);
	if (err == QUO_OK)
		o->credential.secret =
		    (struct quo_span){ o->secret->data, len };
	return err;
}

enum quo_err
quo_credential_decode(const struct quo_secret *plaintext,
    struct quo_opened *opened)
{
	struct quo_reader r = quo_reader_on(plaintext->data, plaintext->len);
	struct quo_opened o = { 0 };
	size_t used = 0, len;
	uint8_t tag, last = 0;
	enum quo_err err;

	if (plaintext->len % QUO_SEAL_STEP != 0)
		return QUO_EFORMAT;
	/* Room for the fields with a NUL each. */
	err = quo_secret_new(3 * (QUO_LABEL_MAX + 1) + QUO_NOTE_MAX + 1,
	    &o.bytes);
	while (err == QUO_OK) {
		tag = (uint8_t)quo_read_uint(&r, 1);
		len = (size_t)quo_read_uint(&r, 3);
		if (tag == TAG_SECRET) {
			err = r.failed ? QUO_EFORMAT :
			    take_secret(&r, len, &o);
			break;
		}
		if (r.failed || tag <= last ||
		    !take_field(&r, tag, len, &o, &used))
			err = QUO_EFORMAT;
		last = tag;
	}
	if (err == QUO_OK)
		*opened = o;
	else
		quo_opened_clear(&o);
	return err;
}

void
quo_opened_clear(struct quo_opened *opened)
{
	quo_secret_free(opened->secret);
	quo_secret_free(opened->bytes);
	*opened = (struct quo_opened){ 0 };
}
