/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/secret.h"
#include "card/code.h"

/* Fixed parts of a set code: lengths of header and sealed, root, id8. */
#define SET_FIXED (2 + 2 + QUO_HASH_LEN + QUO_ID8_LEN)
#define PART_CHECK 4
#define PART_FIXED (QUO_ID8_LEN + 2 + PART_CHECK)
#define CHUNK_MAX (QUO_SET_SYMBOL_MAX - PART_FIXED)

/* D: what the cards' commitment says of header and sealed. */
static void
commit(struct quo_span header, uint32_t sealed_len,
    const uint8_t sealed_hash[QUO_HASH_LEN], uint8_t d[QUO_HASH_LEN])
{
	uint8_t header_len[4], sealed_be[4];
	struct quo_writer w = quo_writer_on(header_len, 4);
	const struct quo_span spans[] = {
		{ "\x03", 1 }, { header_len, 4 }, header,
		{ sealed_be, 4 }, { sealed_hash, QUO_HASH_LEN },
	};

	quo_write_uint(&w, header.len, 4);
	w = quo_writer_on(sealed_be, 4);
	quo_write_uint(&w, sealed_len, 4);
	quo_sha256(spans, 5, d);
}

void
quo_code_id(const uint8_t d[QUO_HASH_LEN], uint8_t n,
    const uint8_t root[QUO_HASH_LEN], struct quo_set_id *id)
{
	const struct quo_span spans[] = {
		{ "\x02", 1 }, { d, QUO_HASH_LEN }, { &n, 1 },
		{ root, QUO_HASH_LEN },
	};

	quo_sha256(spans, 4, id->hash);
}

void
quo_set_id_print(const struct quo_set_id *id, size_t len,
    char hex[QUO_SET_ID_HEX])
{
	quo_hex_print(id->hash, len, hex);
}

void
quo_share_code_encode(const struct quo_share_code *code, struct quo_writer *w)
{
	unsigned p = quo_merkle_path_len(code->serial, code->n);

	quo_write_uint(w, code->serial, 1);
	quo_write_uint(w, code->n, 1);
	quo_write_bytes(w, code->nonce, QUO_NONCE_LEN);
	quo_write_bytes(w, code->share, QUO_SHARE_LEN);
	quo_write_bytes(w, code->path[0], p * QUO_HASH_LEN);
	quo_write_bytes(w, code->d, QUO_HASH_LEN);
	quo_write_bytes(w, code->id.hash, QUO_ID8_LEN);
}

static enum quo_err
serial_of(struct quo_reader *r, struct quo_share_code *code)
{
	code->serial = (uint8_t)quo_read_uint(r, 1);
	code->n = (uint8_t)quo_read_uint(r, 1);
	return r->failed || code->n < 2 || code->serial < 1 ||
	    code->serial > code->n ? QUO_EFORMAT : QUO_OK;
}

enum quo_err
quo_share_code_decode(const uint8_t *data, size_t len,
    struct quo_share_code *code)
{
	struct quo_reader r = quo_reader_on(data, len);
	uint8_t leaf[QUO_HASH_LEN], root[QUO_HASH_LEN], id8[QUO_ID8_LEN];
	enum quo_err err;
	unsigned p;

	memset(code, 0, sizeof *code);
	err = serial_of(&r, code);
	if (err != QUO_OK)
		return err;
	p = quo_merkle_path_len(code->serial, code->n);
	quo_read_bytes(&r, code->nonce, QUO_NONCE_LEN);
	quo_read_bytes(&r, code->share, QUO_SHARE_LEN);
	quo_read_bytes(&r, code->path[0], p * QUO_HASH_LEN);
	quo_read_bytes(&r, code->d, QUO_HASH_LEN);
	quo_read_bytes(&r, id8, QUO_ID8_LEN);
	if (!quo_reader_done(&r))
		return QUO_EFORMAT;
	quo_merkle_leaf(code->serial, code->nonce, code->share, leaf);
	quo_merkle_climb(leaf, code->serial, code->n,
	    (const uint8_t (*)[QUO_HASH_LEN])code->path, root);
	quo_code_id(code->d, code->n, root, &code->id);
	return quo_equal(id8, code->id.hash, QUO_ID8_LEN) ? QUO_OK :
	    QUO_ECHECK;
}

void
quo_typed_encode(const struct quo_share_code *code,
    uint8_t data[QUO_TYPED_LEN])
{
	struct quo_writer w = quo_writer_on(data, QUO_TYPED_LEN);

	quo_write_uint(&w, code->serial, 1);
	quo_write_uint(&w, code->n, 1);
	quo_write_bytes(&w, code->share, QUO_SHARE_LEN);
	quo_write_bytes(&w, code->id.hash, QUO_ID8_LEN);
}

enum quo_err
quo_typed_decode(const uint8_t data[QUO_TYPED_LEN],
    struct quo_share_code *code)
{
	struct quo_reader r = quo_reader_on(data, QUO_TYPED_LEN);
	enum quo_err err;

	memset(code, 0, sizeof *code);
	code->typed = true;
	err = serial_of(&r, code);
	quo_read_bytes(&r, code->share, QUO_SHARE_LEN);
	quo_read_bytes(&r, code->id.hash, QUO_ID8_LEN);
	return err;
}

void
quo_set_code_clear(struct quo_set_code *code)
{
	quo_header_clear(&code->header);
	free(code->bytes);
	code->bytes = NULL;
}

/* The hash of sealed, D and the id, from what is in place already. */
static void
derive(struct quo_set_code *c)
{
	if (c->sealed.data != NULL)
		quo_sha256(&c->sealed, 1, c->sealed_hash);
	commit(c->header_bytes, c->sealed_len, c->sealed_hash, c->d);
	quo_code_id(c->d, (uint8_t)c->header.policy->cards, c->root, &c->id);
}

enum quo_err
quo_set_code_make(struct quo_span header, struct quo_span sealed,
    const uint8_t root[QUO_HASH_LEN], struct quo_set_code *code,
    bool *external)
{
	bool outside = SET_FIXED + header.len + sealed.len > QUO_CODE_MAX;
	struct quo_set_code c = { 0 };
	struct quo_writer w;
	enum quo_err err;

	c.bytes = calloc(1, QUO_CODE_MAX);
	if (c.bytes == NULL)
		return QUO_ENOMEM;
	err = quo_header_decode(header, &c.header);
	if (err != QUO_OK)
		goto out;
	w = quo_writer_on(c.bytes, QUO_CODE_MAX);
	quo_write_uint(&w, header.len, 2);
	c.header_bytes = (struct quo_span){ c.bytes + w.len, header.len };
	quo_write_bytes(&w, header.data, header.len);
	quo_write_uint(&w, outside ? 0 : sealed.len, 2);
	c.sealed_len = (uint32_t)sealed.len;
	quo_sha256(&sealed, 1, c.sealed_hash);
	if (outside) {
		quo_write_uint(&w, sealed.len, 4);
		quo_write_bytes(&w, c.sealed_hash, QUO_HASH_LEN);
	} else {
		c.sealed = (struct quo_span){ c.bytes + w.len, sealed.len };
		quo_write_bytes(&w, sealed.data, sealed.len);
	}
	quo_write_bytes(&w, root, QUO_HASH_LEN);
	memcpy(c.root, root, QUO_HASH_LEN);
	if (!w.failed)
		derive(&c);
	quo_write_bytes(&w, c.id.hash, QUO_ID8_LEN);
	c.len = w.len;
	err = w.failed ? QUO_ETOOBIG : QUO_OK;
out:
	if (err == QUO_OK) {
		*code = c;
		*external = outside;
	} else {
		quo_set_code_clear(&c);
	}
	return err;
}

/* A sealed credential has whole steps and a tag, and not no steps. */
static bool
sealed_len_valid(size_t len)
{
	return len > QUO_TAG_LEN && len <= QUO_SEALED_MAX &&
	    (len - QUO_TAG_LEN) % QUO_SEAL_STEP == 0;
}

/* Sealed itself, or its length and hash where it is too long to be here. */
static enum quo_err
decode_sealed(struct quo_reader *r, struct quo_set_code *c)
{
	size_t len = (size_t)quo_read_uint(r, 2);

	if (len != 0) {
		c->sealed = (struct quo_span){ quo_read_span(r, len), len };
		c->sealed_len = (uint32_t)len;
	} else {
		c->sealed_len = (uint32_t)quo_read_uint(r, 4);
		quo_read_bytes(r, c->sealed_hash, QUO_HASH_LEN);
		if (SET_FIXED + c->header_bytes.len + c->sealed_len <=
		    QUO_CODE_MAX)
			return QUO_EFORMAT;
	}
	return r->failed || !sealed_len_valid(c->sealed_len) ? QUO_EFORMAT :
	    QUO_OK;
}

static enum quo_err
decode_set(struct quo_reader *r, struct quo_set_code *c)
{
	size_t len = (size_t)quo_read_uint(r, 2);
	enum quo_err err;

	c->header_bytes = (struct quo_span){ quo_read_span(r, len), len };
	if (r->failed)
		return QUO_EFORMAT;
	err = quo_header_decode(c->header_bytes, &c->header);
	if (err == QUO_OK)
		err = decode_sealed(r, c);
	quo_read_bytes(r, c->root, QUO_HASH_LEN);
	return err == QUO_OK && r->failed ? QUO_EFORMAT : err;
}

enum quo_err
quo_set_code_decode(const uint8_t *data, size_t len, size_t *slack,
    struct quo_set_code *code)
{
	struct quo_set_code c = { 0 };
	struct quo_reader r;
	uint8_t id8[QUO_ID8_LEN];
	enum quo_err err;

	if (len == 0 || len > QUO_CODE_MAX)
		return QUO_EFORMAT;
	c.bytes = malloc(len);
	if (c.bytes == NULL)
		return QUO_ENOMEM;
	memcpy(c.bytes, data, len);
	r = quo_reader_on(c.bytes, len);
	err = decode_set(&r, &c);
	quo_read_bytes(&r, id8, QUO_ID8_LEN);
	if (err == QUO_OK && (r.failed ||
	    (slack == NULL && !quo_reader_done(&r))))
		err = QUO_EFORMAT;
	if (err == QUO_OK) {
		c.len = r.pos;
		derive(&c);
		if (!quo_equal(id8, c.id.hash, QUO_ID8_LEN))
			err = QUO_ECHECK;
	}
	if (err != QUO_OK) {
		quo_set_code_clear(&c);
		return err;
	}
	if (slack != NULL)
		*slack = c.len;
	*code = c;
	return QUO_OK;
}

unsigned
quo_part_count(size_t len)
{
	return len <= QUO_SET_SYMBOL_MAX ? 1 :
	    (unsigned)((len + CHUNK_MAX - 1) / CHUNK_MAX);
}

static void
part_check(const uint8_t *part, size_t len, uint8_t check[PART_CHECK])
{
	const struct quo_span spans[] = { { "\x05", 1 }, { part, len } };
	uint8_t hash[QUO_HASH_LEN];

	quo_sha256(spans, 2, hash);
	memcpy(check, hash, PART_CHECK);
}

void
quo_part_encode(const struct quo_set_code *code, unsigned index,
    struct quo_writer *w)
{
	unsigned count = quo_part_count(code->len);
	size_t step = (code->len + count - 1) / count;
	size_t at = (index - 1) * step, start = w->len;
	uint8_t check[PART_CHECK];

	quo_write_bytes(w, code->id.hash, QUO_ID8_LEN);
	quo_write_uint(w, index, 1);
	quo_write_uint(w, count, 1);
	quo_write_bytes(w, code->bytes + at,
	    code->len - at < step ? code->len - at : step);
	part_check(w->data + start, w->len - start, check);
	quo_write_bytes(w, check, sizeof check);
}

enum quo_err
quo_part_decode(const uint8_t *data, size_t len, struct quo_part *part)
{
	struct quo_reader r = quo_reader_on(data, len);
	uint8_t check[PART_CHECK];
	struct quo_part p = { 0 };

	if (len <= PART_FIXED || len > QUO_SET_SYMBOL_MAX)
		return QUO_EFORMAT;
	quo_read_bytes(&r, p.id8, QUO_ID8_LEN);
	p.index = (uint8_t)quo_read_uint(&r, 1);
	p.count = (uint8_t)quo_read_uint(&r, 1);
	p.chunk.len = len - PART_FIXED;
	p.chunk.data = quo_read_span(&r, p.chunk.len);
	if (p.count < 2 || p.count > QUO_PARTS_MAX || p.index < 1 ||
	    p.index > p.count)
		return QUO_EFORMAT;
	part_check(data, len - PART_CHECK, check);
	if (!quo_equal(check, data + len - PART_CHECK, PART_CHECK))
		return QUO_ECHECK;
	*part = p;
	return QUO_OK;
}
