/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "card/pool.h"
#include "card/textcard.h"
#include "crypto/tree.h"
#include "vector_kinds.h"

/* A block's text, also where it stands in hex. */
static enum quo_err
decode_text(struct block *b, enum quo_code *kind, struct quo_secret **data)
{
	struct quo_span text;

	if (block_text(b, "texthex") != NULL)
		text = block_bytes(b, "texthex");
	else
		text = (struct quo_span){ block_text(b, "text"),
		    strlen(block_text(b, "text")) };
	return quo_text_decode(text.data, text.len, kind, data);
}

enum quo_err
vector_code(struct block *b)
{
	struct quo_secret *data = NULL;
	enum quo_code kind;
	enum quo_err err;

	err = decode_text(b, &kind, &data);
	if (err != QUO_OK)
		return err;
	assert_int_equal("SCP"[kind], *block_text(b, "kind"));
	block_holds(b, "bytes", data->data, data->len);
	quo_secret_free(data);
	return QUO_OK;
}

static void
hold_share(struct block *b, const struct quo_share_code *code)
{
	unsigned p = quo_merkle_path_len(code->serial, code->n);
	uint8_t leaf[QUO_HASH_LEN], root[QUO_HASH_LEN];
	uint8_t bytes[QUO_SHARE_CODE_MAX];
	struct quo_writer w = quo_writer_on(bytes, sizeof bytes);
	struct quo_secret *text = NULL;

	block_holds_number(b, "serial", code->serial);
	block_holds_number(b, "n", code->n);
	block_holds(b, "nonce", code->nonce, sizeof code->nonce);
	block_holds(b, "share", code->share, sizeof code->share);
	block_holds(b, "path", code->path, p * QUO_HASH_LEN);
	block_holds(b, "d", code->d, sizeof code->d);
	block_holds(b, "id", code->id.hash, QUO_HASH_LEN);
	quo_merkle_leaf(code->serial, code->nonce, code->share, leaf);
	block_holds(b, "leaf", leaf, sizeof leaf);
	quo_merkle_climb(leaf, code->serial, code->n,
	    (const uint8_t (*)[QUO_HASH_LEN])code->path, root);
	block_holds(b, "root", root, sizeof root);
	quo_share_code_encode(code, &w);
	assert_err(quo_text_encode(QUO_CODE_SHARE, bytes, w.len, &text),
	    QUO_OK);
	assert_string_equal((char *)text->data, block_text(b, "text"));
	quo_secret_free(text);
}

enum quo_err
vector_share(struct block *b)
{
	struct quo_secret *data = NULL;
	struct quo_share_code code;
	enum quo_code kind;
	enum quo_err err;

	err = decode_text(b, &kind, &data);
	if (err != QUO_OK)
		return err;
	assert_int_equal(kind, QUO_CODE_SHARE);
	err = quo_share_code_decode(data->data, data->len, &code);
	if (err == QUO_OK)
		hold_share(b, &code);
	quo_secret_free(data);
	return err;
}

static void
hold_set(struct block *b, const struct quo_set_code *c, struct quo_span bytes)
{
	struct quo_set_code again;
	struct quo_span sealed;
	bool external;

	block_holds(b, "header", c->header_bytes.data, c->header_bytes.len);
	block_holds_number(b, "n", c->header.policy->cards);
	block_holds_number(b, "sealedlength", c->sealed_len);
	block_holds(b, "sealedhash", c->sealed_hash, QUO_HASH_LEN);
	sealed = block_bytes(b, "sealed");
	assert_int_equal(c->sealed.data == NULL, sealed.len == 0);
	block_holds(b, "root", c->root, QUO_HASH_LEN);
	block_holds(b, "id", c->id.hash, QUO_HASH_LEN);
	assert_int_equal(c->len, bytes.len);
	if (c->sealed.data == NULL)
		return;
	block_holds(b, "sealed", c->sealed.data, c->sealed.len);
	assert_err(quo_set_code_make(c->header_bytes, c->sealed, c->root,
	    &again, &external), QUO_OK);
	assert_false(external);
	assert_int_equal(again.len, bytes.len);
	assert_memory_equal(again.bytes, bytes.data, bytes.len);
	quo_set_code_clear(&again);
}

enum quo_err
vector_set(struct block *b)
{
	struct quo_secret *data = NULL;
	struct quo_set_code code;
	struct quo_span bytes;
	enum quo_code kind;
	enum quo_err err;

	if (block_text(b, "hex") != NULL) {
		bytes = block_bytes(b, "hex");
	} else {
		err = decode_text(b, &kind, &data);
		if (err != QUO_OK)
			return err;
		assert_int_equal(kind, QUO_CODE_SET);
		bytes = (struct quo_span){ data->data, data->len };
	}
	err = quo_set_code_decode(bytes.data, bytes.len, NULL, &code);
	if (err == QUO_OK) {
		hold_set(b, &code, bytes);
		quo_set_code_clear(&code);
	}
	quo_secret_free(data);
	return err;
}

/* Why nothing opens, of all that the pool says: the first in the order of
 * docs/format.md, section 10. */
static enum quo_err
worst(const struct quo_pool *pool)
{
	static const enum quo_err order[] = {
		QUO_ESYNTAX, QUO_EVERSION, QUO_EFORMAT, QUO_ECHECK,
		QUO_EMISMATCH, QUO_EWORD, QUO_EMISSING,
	};
	const struct quo_pool_card *cards;
	const struct quo_pool_set *sets;
	size_t count, several;

	sets = quo_pool_sets(pool, &several);
	cards = quo_pool_cards(pool, &count);
	for (size_t o = 0; o < sizeof order / sizeof *order; o++) {
		for (size_t i = 0; i < count; i++)
			if (cards[i].verdict == QUO_CARD_DAMAGED &&
			    cards[i].why == order[o] &&
			    (order[o] != QUO_EMISSING || several == 0))
				return order[o];
		if (order[o] == QUO_EMISMATCH && several > 1)
			return order[o];
	}
	return several == 1 && sets[0].code != NULL ? QUO_ENOQUORUM :
	    QUO_EMISSING;
}

enum quo_err
vector_part(struct block *b)
{
	struct quo_pool *pool = NULL;
	const struct quo_pool_card *cards;
	const struct quo_pool_set *sets;
	const char *text;
	size_t count;
	enum quo_err err = QUO_OK;

	assert_err(quo_pool_new(&pool), QUO_OK);
	for (unsigned i = 1; (text = block_item(b, "text", i)) != NULL; i++)
		assert_err(quo_pool_add_text(pool, "parts", text,
		    strlen(text)), QUO_OK);
	assert_err(quo_pool_judge(pool), QUO_OK);
	cards = quo_pool_cards(pool, &count);
	assert_int_equal(count, 1);
	assert_int_equal(cards[0].verdict, QUO_CARD_DAMAGED);
	sets = quo_pool_sets(pool, &count);
	/* With a good code, what is missing is the share. */
	if (cards[0].part == QUO_PART_SHARE) {
		assert_err(cards[0].why, QUO_EMISSING);
		assert_int_equal(count, 1);
		block_holds(b, "code", sets[0].code->bytes,
		    sets[0].code->len);
	} else {
		err = cards[0].why;
	}
	quo_pool_free(pool);
	return err;
}

/* The rows of a block, which may have gaps; gives how many. */
static size_t
take_rows(struct block *b, struct quo_words_row *rows)
{
	size_t count = 0, last = 0;
	const char *text;

	for (unsigned n = 1; n <= 70; n++) {
		text = block_item(b, "row", n);
		if (text == NULL && !(n <= 7 && last < 10 && count > 0))
			continue;
		rows[count] = (struct quo_words_row){ .number = (uint16_t)n };
		for (unsigned w = 0; w < QUO_WORDS_ROW; w++) {
			rows[count].missing[w] = text == NULL || *text == '?';
			if (text == NULL)
				continue;
			rows[count].word[w] = (uint16_t)strtoul(text, NULL,
			    10);
			text += strcspn(text, " ");
			text += strspn(text, " ");
		}
		last = n;
		count++;
	}
	return count;
}

static enum quo_err
hold_typed(struct block *b, const struct quo_secret *data)
{
	struct quo_share_code typed;
	enum quo_err err;

	err = quo_typed_decode(data->data, &typed);
	if (err == QUO_OK)
		block_holds(b, "bytes", data->data, data->len);
	return err;
}

static enum quo_err
hold_set_words(struct block *b, struct quo_secret *data)
{
	struct quo_set_code code;
	enum quo_err err;
	size_t used;

	err = quo_set_code_decode(data->data, data->len, &used, &code);
	if (err != QUO_OK)
		return err;
	quo_set_code_clear(&code);
	err = quo_words_trim(data, used);
	if (err == QUO_OK)
		block_holds(b, "bytes", data->data, used);
	return err;
}

enum quo_err
vector_rows(struct block *b)
{
	struct quo_words_row rows[QUO_WORDS_ROWS_MAX];
	struct quo_secret *data = NULL, *fixes = NULL;
	size_t count = take_rows(b, rows);
	uint64_t doubt;
	enum quo_err err;

	err = quo_words_decode(rows, count, &data, &fixes, &doubt);
	if (err != QUO_OK)
		return err;
	err = rows[0].number == 1 ? hold_typed(b, data) :
	    hold_set_words(b, data);
	quo_secret_free(data);
	quo_secret_free(fixes);
	return err;
}

static bool
agree(void *with, const struct quo_words_fix *fixes, size_t count)
{
	(void)with;
	(void)fixes;
	return count > 0;
}

/* All lines as one text card, the phrases that are there, and open. */
static enum quo_err
open_block(struct quo_pool *pool, struct block *b, struct quo_opened *opened)
{
	const struct quo_pool_card *cards;
	const struct quo_pool_set *sets;
	struct quo_cards ready;
	size_t set, count;
	unsigned at;
	enum quo_err err;

	err = quo_pool_choose(pool, &set);
	if (err == QUO_ENOQUORUM)
		return worst(pool);
	if (err != QUO_OK)
		return err;
	sets = quo_pool_sets(pool, &count);
	cards = quo_pool_cards(pool, &count);
	if (sets[set].code->header.lock.passes == 0)
		return quo_pool_open(pool, set, opened, NULL);
	for (size_t i = 0; i < count && err == QUO_OK; i++) {
		const char *phrase = block_item(b, "phrase",
		    cards[i].serial);

		if (cards[i].usable && phrase != NULL)
			err = quo_pool_unlock(pool, set, cards[i].serial,
			    phrase, strlen(phrase), &at);
	}
	if (err != QUO_OK)
		return err;
	quo_pool_ready(pool, set, &ready);
	return quo_pool_open(pool, set, opened, NULL);
}

enum quo_err
vector_open(struct block *b)
{
	static char text[QUO_TEXTCARD_MAX];
	const struct quo_textcard_ask ask = { agree, NULL };
	struct quo_opened opened = { 0 };
	struct quo_pool *pool = NULL;
	const char *line;
	size_t len = 0;
	enum quo_err err;

	for (unsigned i = 1; (line = block_item(b, "text", i)) != NULL; i++)
		len += (size_t)snprintf(text + len, sizeof text - len, "%s\n",
		    line);
	assert_true(len < sizeof text);
	assert_err(quo_pool_new(&pool), QUO_OK);
	assert_err(quo_textcard_add(pool, "all", text, len, &ask), QUO_OK);
	if (block_text(b, "sealed") != NULL) {
		struct quo_span sealed = block_bytes(b, "sealed");

		assert_err(quo_pool_add_sealed(pool, sealed.data, sealed.len),
		    QUO_OK);
	}
	assert_err(quo_pool_judge(pool), QUO_OK);
	err = open_block(pool, b, &opened);
	if (err == QUO_OK)
		block_holds(b, "secret", opened.credential.secret.data,
		    opened.credential.secret.len);
	quo_opened_clear(&opened);
	quo_pool_free(pool);
	return err;
}

/* The shares of a whole set rejoin K, which every share lies on. */
static void
hold_sharing(struct block *b, const struct quo_policy *policy)
{
	static uint8_t shares[QUO_CARDS_MAX][QUO_SHARE_LEN];
	uint8_t k[QUO_KEY_LEN];

	for (unsigned s = 1; s <= policy->cards; s++)
		memcpy(shares[s - 1], block_bytes_item(b, "share", s).data,
		    QUO_SHARE_LEN);
	assert_err(quo_tree_prove(policy,
	    (const uint8_t (*)[QUO_SHARE_LEN])shares, k), QUO_OK);
	block_holds(b, "k", k, sizeof k);
}

static void
hold_commitment(struct block *b, const struct quo_header *h)
{
	static uint8_t leaves[QUO_CARDS_MAX][QUO_HASH_LEN];
	bool locked = h->lock.passes != 0, external;
	uint8_t root[QUO_HASH_LEN];
	struct quo_set_code code;

	for (unsigned s = 1; s <= h->policy->cards; s++) {
		char key[16];

		quo_merkle_leaf((uint8_t)s,
		    block_bytes_item(b, "nonce", s).data, block_bytes_item(b,
		    locked ? "lockedshare" : "share", s).data, leaves[s - 1]);
		snprintf(key, sizeof key, "leaf.%u", s);
		block_holds(b, key, leaves[s - 1], QUO_HASH_LEN);
	}
	quo_merkle_root((const uint8_t (*)[QUO_HASH_LEN])leaves,
	    h->policy->cards, root);
	block_holds(b, "root", root, sizeof root);
	assert_err(quo_set_code_make(block_bytes(b, "header"),
	    block_bytes(b, "sealed"), root, &code, &external), QUO_OK);
	block_holds(b, "d", code.d, QUO_HASH_LEN);
	block_holds(b, "id", code.id.hash, QUO_HASH_LEN);
	for (unsigned i = 1; i <= quo_part_count(code.len); i++) {
		struct quo_dealing d = { .set = code };
		struct quo_secret *text = NULL;

		assert_err(quo_dealing_set_text(&d, i, &text), QUO_OK);
		assert_string_equal((char *)text->data,
		    block_item(b, "settext", i));
		quo_secret_free(text);
	}
	quo_set_code_clear(&code);
}

static void
hold_lock(struct block *b, const struct quo_header *h)
{
	uint8_t out[32], locked[QUO_SHARE_LEN];
	char key[24], check[QUO_WORD_MAX + 1];

	assert_err(quo_lock_stretch(h->lock, h->salt, block_bytes(b,
	    "k").data, out), QUO_OK);
	block_holds(b, "w", out, sizeof out);
	for (unsigned s = 1; s <= h->policy->cards; s++) {
		const char *phrase = block_item(b, "phrase", s);
		const uint8_t *share = block_bytes_item(b, "share", s).data;

		assert_err(quo_lock_pad(h->lock, h->salt, (uint8_t)s, phrase,
		    strlen(phrase), out), QUO_OK);
		snprintf(key, sizeof key, "pad.%u", s);
		block_holds(b, key, out, sizeof out);
		for (unsigned i = 0; i < sizeof locked; i++)
			locked[i] = share[i] ^ out[i];
		snprintf(key, sizeof key, "lockedshare.%u", s);
		block_holds(b, key, locked, sizeof locked);
		quo_word_get(quo_lock_check(h->salt, (uint8_t)s, phrase,
		    strlen(phrase)), check);
		assert_string_equal(check, block_item(b, "check", s));
	}
}

/* Every value on the way from K to the texts, each from the one before. */
enum quo_err
vector_cards(struct block *b)
{
	struct quo_span plain = block_bytes(b, "plaintext");
	struct quo_secret *text = NULL, *again = NULL;
	struct quo_header h;
	struct quo_opened o;
	static uint8_t sealed[QUO_SEALED_MAX];

	assert_err(quo_header_decode(block_bytes(b, "header"), &h), QUO_OK);
	block_holds_number(b, "n", h.policy->cards);
	hold_sharing(b, h.policy);
	if (h.lock.passes != 0)
		hold_lock(b, &h);
	assert_err(quo_secret_copy(plain.data, plain.len, &text), QUO_OK);
	assert_err(quo_credential_decode(text, &o), QUO_OK);
	assert_err(quo_credential_encode(&o.credential, &again), QUO_OK);
	block_holds(b, "plaintext", again->data, again->len);
	assert_err(quo_seal(block_bytes(b, h.lock.passes != 0 ? "w" :
	    "k").data, h.salt, block_bytes(b, "header"), text, sealed),
	    QUO_OK);
	block_holds(b, "sealed", sealed, plain.len + QUO_TAG_LEN);
	hold_commitment(b, &h);
	quo_opened_clear(&o);
	quo_secret_free(text);
	quo_secret_free(again);
	quo_header_clear(&h);
	return QUO_OK;
}
