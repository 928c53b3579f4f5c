/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "card/deal.h"
#include "crypto/tree.h"

/* What a dealing needs on its way, and nothing that outlives it. */
struct bench {
	struct quo_header header;	/* its policy is borrowed */
	uint8_t header_bytes[QUO_HEADER_MAX];
	size_t header_len;
	struct quo_secret *keys;	/* K, and W where locked */
	uint8_t leaves[QUO_CARDS_MAX][QUO_HASH_LEN];
	uint8_t root[QUO_HASH_LEN];
};

static struct quo_share_code *
card_of(struct quo_dealing *d, unsigned serial)
{
	return (struct quo_share_code *)(void *)d->cards->data + (serial - 1);
}

const struct quo_share_code *
quo_dealing_card(const struct quo_dealing *dealing, unsigned serial)
{
	const void *cards = dealing->cards->data;

	return (const struct quo_share_code *)cards + (serial - 1);
}

const char *
quo_dealing_phrase(const struct quo_dealing *dealing, unsigned serial)
{
	if (dealing->phrases == NULL)
		return NULL;
	return (const char *)dealing->phrases->data +
	    (serial - 1) * QUO_PHRASE_TEXT;
}

void
quo_dealing_clear(struct quo_dealing *dealing)
{
	quo_set_code_clear(&dealing->set);
	quo_secret_free(dealing->cards);
	quo_secret_free(dealing->phrases);
	free(dealing->sealed);
	memset(dealing, 0, sizeof *dealing);
}

static bool
lock_protects(const struct quo_deal *deal)
{
	return deal->lock.passes == 0 || deal->cheap_lock ||
	    (deal->lock.memory >= QUO_LOCK_MEMORY &&
	    deal->lock.passes >= QUO_LOCK_PASSES);
}

static enum quo_err
write_header(const struct quo_deal *deal, struct bench *b)
{
	struct quo_writer w;
	enum quo_err err;

	b->header = (struct quo_header){
		.generation = deal->generation,
		.issued = deal->issued,
		.review = deal->review,
		.lock = deal->lock,
		.checkpoint = deal->checkpoint,
		.names = deal->names,
		.policy = (struct quo_policy *)(uintptr_t)deal->policy,
	};
	err = quo_random(b->header.salt, sizeof b->header.salt);
	if (deal->inventory != NULL)
		memcpy(b->header.inventory, deal->inventory,
		    QUO_INVENTORY_LEN);
	else if (err == QUO_OK)
		err = quo_random(b->header.inventory, QUO_INVENTORY_LEN);
	w = quo_writer_on(b->header_bytes, sizeof b->header_bytes);
	quo_header_encode(&b->header, &w);
	b->header_len = w.len;
	return err != QUO_OK ? err : w.failed ? QUO_ETOOBIG : QUO_OK;
}

/* Hide a share behind its custodian's phrase. */
static enum quo_err
lock_card(struct quo_dealing *d, const struct bench *b, unsigned serial)
{
	struct quo_share_code *card = card_of(d, serial);
	char *phrase = (char *)d->phrases->data +
	    (serial - 1) * QUO_PHRASE_TEXT;
	uint8_t pad[QUO_SHARE_LEN];
	enum quo_err err;

	err = quo_phrase_new(b->header.salt, (uint8_t)serial, phrase);
	if (err == QUO_OK)
		/* Argon2id takes the six words, without the check word. */
		err = quo_lock_pad(b->header.lock, b->header.salt,
		    (uint8_t)serial, phrase,
		    (size_t)(strrchr(phrase, ' ') - phrase), pad);
	for (size_t i = 0; err == QUO_OK && i < sizeof pad; i++)
		card->share[i] ^= pad[i];
	quo_wipe(pad, sizeof pad);
	return err;
}

static enum quo_err
deal_shares(struct quo_dealing *d, struct bench *b)
{
	const struct quo_policy *policy = b->header.policy;
	struct quo_secret *shares = NULL;
	enum quo_err err;

	err = quo_secret_new(d->n * QUO_SHARE_LEN, &shares);
	if (err == QUO_OK)
		err = quo_tree_split(policy, b->keys->data,
		    (uint8_t (*)[QUO_SHARE_LEN])shares->data);
	for (unsigned s = 1; err == QUO_OK && s <= d->n; s++) {
		struct quo_share_code *card = card_of(d, s);

		card->serial = (uint8_t)s;
		card->n = (uint8_t)d->n;
		memcpy(card->share, shares->data + (s - 1) * QUO_SHARE_LEN,
		    QUO_SHARE_LEN);
		if (d->phrases != NULL)
			err = lock_card(d, b, s);
		if (err == QUO_OK)
			err = quo_random(card->nonce, QUO_NONCE_LEN);
		if (err == QUO_OK)
			quo_merkle_leaf((uint8_t)s, card->nonce, card->share,
			    b->leaves[s - 1]);
	}
	quo_secret_free(shares);
	return err;
}

/* Seal the credential, commit to all, and make the set code. */
static enum quo_err
seal_set(const struct quo_deal *deal, struct quo_dealing *d, struct bench *b)
{
	const struct quo_span header = { b->header_bytes, b->header_len };
	struct quo_secret *plain = NULL;
	const uint8_t *key = b->keys->data;
	struct quo_span sealed;
	enum quo_err err;
	bool external = false;

	if (b->header.lock.passes != 0) {
		key += QUO_KEY_LEN;
		err = quo_lock_stretch(b->header.lock, b->header.salt,
		    b->keys->data, b->keys->data + QUO_KEY_LEN);
		if (err != QUO_OK)
			return err;
	}
	err = quo_credential_encode(&deal->credential, &plain);
	if (err != QUO_OK)
		return err;
	d->sealed_len = plain->len + QUO_TAG_LEN;
	d->sealed = malloc(d->sealed_len);
	err = d->sealed == NULL ? QUO_ENOMEM : quo_seal(key, b->header.salt,
	    header, plain, d->sealed);
	sealed = (struct quo_span){ d->sealed, d->sealed_len };
	if (err == QUO_OK)
		err = quo_set_code_make(header, sealed, b->root, &d->set,
		    &external);
	if (!external) {
		free(d->sealed);
		d->sealed = NULL;
		d->sealed_len = 0;
	}
	quo_secret_free(plain);
	return err;
}

/* What each card says of the set: audit path, D, id. */
static void
commit(struct quo_dealing *d, const struct bench *b)
{
	for (unsigned s = 1; s <= d->n; s++) {
		struct quo_share_code *card = card_of(d, s);

		quo_merkle_path((const uint8_t (*)[QUO_HASH_LEN])b->leaves,
		    d->n, s, card->path);
		memcpy(card->d, d->set.d, QUO_HASH_LEN);
		card->id = d->set.id;
	}
}

enum quo_err
quo_deal(const struct quo_deal *deal, struct quo_dealing *dealing)
{
	struct quo_dealing d = { .n = deal->policy->cards };
	struct bench *b = NULL;
	enum quo_err err;

	if (!lock_protects(deal) || deal->generation == 0 ||
	    (deal->review.number != 0 &&
	    deal->review.number < deal->issued.number))
		return QUO_EINVAL;
	b = calloc(1, sizeof *b);
	err = b == NULL ? QUO_ENOMEM : write_header(deal, b);
	if (err == QUO_OK)
		err = quo_secret_new(2 * QUO_KEY_LEN, &b->keys);
	if (err == QUO_OK)
		err = quo_random(b->keys->data, QUO_KEY_LEN);
	if (err == QUO_OK)
		err = quo_secret_new(d.n * sizeof(struct quo_share_code),
		    &d.cards);
	if (err == QUO_OK && deal->lock.passes != 0)
		err = quo_secret_new(d.n * (size_t)QUO_PHRASE_TEXT,
		    &d.phrases);
	if (err == QUO_OK)
		err = deal_shares(&d, b);
	if (err == QUO_OK) {
		quo_merkle_root((const uint8_t (*)[QUO_HASH_LEN])b->leaves,
		    d.n, b->root);
		err = seal_set(deal, &d, b);
	}
	if (err == QUO_OK) {
		commit(&d, b);
		*dealing = d;
	} else {
		quo_dealing_clear(&d);
	}
	if (b != NULL)
		quo_secret_free(b->keys);
	free(b);
	return err;
}

enum quo_err
quo_dealing_share_text(const struct quo_dealing *dealing, unsigned serial,
    struct quo_secret **text)
{
	struct quo_secret *bytes = NULL;
	struct quo_writer w;
	enum quo_err err;

	err = quo_secret_new(QUO_SHARE_CODE_MAX, &bytes);
	if (err != QUO_OK)
		return err;
	w = quo_writer_on(bytes->data, bytes->len);
	quo_share_code_encode(quo_dealing_card(dealing, serial), &w);
	err = quo_text_encode(QUO_CODE_SHARE, bytes->data, w.len, text);
	quo_secret_free(bytes);
	return err;
}

enum quo_err
quo_dealing_set_text(const struct quo_dealing *dealing, unsigned index,
    struct quo_secret **text)
{
	unsigned count = quo_part_count(dealing->set.len);
	uint8_t part[QUO_SET_SYMBOL_MAX];
	struct quo_writer w = quo_writer_on(part, sizeof part);

	if (index < 1 || index > count)
		return QUO_EINVAL;
	if (count == 1)
		return quo_text_encode(QUO_CODE_SET, dealing->set.bytes,
		    dealing->set.len, text);
	quo_part_encode(&dealing->set, index, &w);
	return quo_text_encode(QUO_CODE_PART, part, w.len, text);
}
