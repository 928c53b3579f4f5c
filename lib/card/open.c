/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "card/phrase.h"
#include "card/pool_internal.h"
#include "crypto/tree.h"

/* What speaks for a set with a quorum; 0: it is not to be opened. */
static int
claim(const struct quo_pool *pool, const struct quo_pool_set *set)
{
	if (!set->enough || (pool->pin_len > 0 && !set->pinned))
		return 0;
	if (set->pinned)
		return 1;
	if (set->standing == QUO_SET_SUSPECT || set->astray[0] != '\0')
		return 0;
	return set->standing == QUO_SET_CURRENT ? 2 : 1;
}

enum quo_err
quo_pool_choose(const struct quo_pool *pool, size_t *set)
{
	size_t found = QUO_NO_SET;
	int best = 0, rivals = 0;

	for (size_t s = 0; s < pool->sets.count; s++) {
		int own = claim(pool, &pool->sets.at[s]);

		if (own > best) {
			best = own;
			found = s;
			rivals = 0;
		} else if (own == best && own > 0) {
			rivals++;
		}
	}
	if (found == QUO_NO_SET)
		return QUO_ENOQUORUM;
	if (rivals > 0)
		return QUO_EMISMATCH;
	*set = found;
	return QUO_OK;
}

/* The usable share of a serial in a set; NULL where there is none. */
static struct share *
share_of(const struct quo_pool *pool, size_t set, unsigned serial)
{
	for (size_t i = 0; i < pool->shares.count; i++) {
		const struct quo_pool_card *card = &pool->cards.at[i];

		if (card->usable && card->set == set && card->serial == serial)
			return &pool->shares.at[i];
	}
	return NULL;
}

static bool
is_locked(const struct quo_pool *pool, size_t set)
{
	const struct quo_set_code *code = pool->sets.at[set].code;

	return code != NULL && code->header.lock.passes != 0;
}

enum quo_err
quo_pool_unlock(struct quo_pool *pool, size_t set, unsigned serial,
    const char *phrase, size_t len, unsigned *at)
{
	struct share *share = share_of(pool, set, serial);
	const struct quo_header *header;
	struct quo_secret *plain = NULL;
	char words[QUO_PHRASE_TEXT];
	enum quo_err err;

	if (share == NULL || !is_locked(pool, set))
		return QUO_ENOENT;
	header = &pool->sets.at[set].code->header;
	*at = 0;
	err = quo_phrase_read(header->salt, (uint8_t)serial, phrase, len,
	    words, at);
	if (err == QUO_OK)
		err = quo_secret_new(QUO_SHARE_LEN, &plain);
	if (err == QUO_OK)
		err = quo_lock_pad(header->lock, header->salt,
		    (uint8_t)serial, words, strlen(words), plain->data);
	quo_wipe(words, sizeof words);
	if (err != QUO_OK) {
		quo_secret_free(plain);
		return err;
	}
	for (size_t i = 0; i < QUO_SHARE_LEN; i++)
		plain->data[i] ^= share_code(share)->share[i];
	quo_secret_free(share->unlocked);
	share->unlocked = plain;
	return QUO_OK;
}

/* What a share contributes; NULL while it is locked. */
static const uint8_t *
value_of(const struct quo_pool *pool, size_t set, const struct share *share)
{
	if (!is_locked(pool, set))
		return share_code(share)->share;
	return share->unlocked != NULL ? share->unlocked->data : NULL;
}

/* The values of all cards that are ready, by serial, and which those are. */
static enum quo_err
gather(const struct quo_pool *pool, size_t set, struct quo_secret **shares,
    struct quo_cards *ready, struct quo_cards *verified)
{
	unsigned n = pool->sets.at[set].code->header.policy->cards;
	enum quo_err err;

	memset(ready, 0, sizeof *ready);
	memset(verified, 0, sizeof *verified);
	err = quo_secret_new(n * (size_t)QUO_SHARE_LEN, shares);
	for (unsigned s = 1; err == QUO_OK && s <= n; s++) {
		const struct share *share = share_of(pool, set, s);
		const uint8_t *value = share != NULL ?
		    value_of(pool, set, share) : NULL;

		if (value == NULL)
			continue;
		memcpy((*shares)->data + (s - 1) * QUO_SHARE_LEN, value,
		    QUO_SHARE_LEN);
		ready->has[s] = true;
		verified->has[s] = !share_code(share)->typed || share->proven;
	}
	return err;
}

void
quo_pool_ready(const struct quo_pool *pool, size_t set,
    struct quo_cards *ready)
{
	memset(ready, 0, sizeof *ready);
	for (size_t i = 0; i < pool->shares.count; i++) {
		const struct quo_pool_card *card = &pool->cards.at[i];

		if (card->usable && card->set == set && value_of(pool, set,
		    &pool->shares.at[i]) != NULL)
			ready->has[card->serial] = true;
	}
}

/* Whether K opens the set; then what was sealed, where opened isn't NULL. */
static enum quo_err
unseal(const struct quo_set_code *code, struct quo_span sealed,
    const uint8_t *k, struct quo_opened *opened)
{
	const struct quo_header *h = &code->header;
	struct quo_secret *plain = NULL;
	uint8_t w[QUO_KEY_LEN];
	enum quo_err err = QUO_OK;

	if (h->lock.passes != 0) {
		err = quo_lock_stretch(h->lock, h->salt, k, w);
		k = w;
	}
	if (err == QUO_OK && opened == NULL)
		err = quo_seal_verify(k, h->salt, code->header_bytes, sealed);
	else if (err == QUO_OK)
		err = quo_unseal(k, h->salt, code->header_bytes, sealed,
		    &plain);
	if (err == QUO_OK && opened != NULL)
		err = quo_credential_decode(plain, opened);
	quo_wipe(w, sizeof w);
	quo_secret_free(plain);
	return err;
}

/* Try the quorums among some cards, from the first on, as tries allow. */
static enum quo_err
try_quorums(const struct quo_set_code *code, struct quo_span sealed,
    const struct quo_cards *among, const struct quo_secret *shares,
    unsigned *tries, struct quo_opened *opened, struct quo_cards *quorum)
{
	const struct quo_policy *policy = code->header.policy;
	uint64_t count = quo_tree_quorums(policy, among, *tries);
	struct quo_secret *k = NULL;
	enum quo_err err;

	err = quo_secret_new(QUO_KEY_LEN, &k);
	if (err != QUO_OK)
		return err;
	err = QUO_ESEAL;
	for (uint64_t i = 0; err == QUO_ESEAL && i < count && *tries > 0;
	    i++, --*tries) {
		quo_tree_quorum(policy, among, i, quorum);
		err = quo_tree_combine(policy, quorum,
		    (const uint8_t (*)[QUO_SHARE_LEN])shares->data, k->data);
		if (err == QUO_OK)
			err = unseal(code, sealed, k->data, opened);
	}
	quo_secret_free(k);
	return err;
}

/* After an opening, what it proves of the typed cards. */
static void
learn(struct quo_pool *pool, size_t set, const struct quo_secret *shares,
    const struct quo_cards *ready, const struct quo_cards *quorum)
{
	const struct quo_policy *policy =
	    pool->sets.at[set].code->header.policy;
	bool fits;

	for (unsigned s = 1; s <= policy->cards; s++) {
		struct share *share = share_of(pool, set, s);

		if (!ready->has[s] || share == NULL ||
		    !share_code(share)->typed)
			continue;
		if (quorum->has[s])
			share->proven = true;
		else if (quo_tree_fits(policy, quorum,
		    (const uint8_t (*)[QUO_SHARE_LEN])shares->data, s,
		    &fits) == QUO_OK) {
			share->proven = fits;
			share->refuted = !fits;
		}
	}
}

/* The sealed credential; or why it isn't here. */
static enum quo_err
find_sealed(const struct quo_pool *pool, const struct quo_set_code *code,
    struct quo_span *sealed)
{
	size_t owned = 0;

	if (code == NULL)
		return QUO_EMISSING;
	*sealed = quo_pool_sealed(pool, code);
	if (sealed->data != NULL)
		return QUO_OK;
	/* A file of no set: this set's, altered. */
	for (size_t s = 0; s < pool->sets.count; s++)
		owned += pool->sets.at[s].sealed &&
		    pool->sets.at[s].code->sealed.data == NULL;
	return pool->files.count > owned ? QUO_ECHECK : QUO_EMISSING;
}

/* Find the quorum whose K is right; and open, where opened isn't NULL. */
static enum quo_err
use_quorum(struct quo_pool *pool, size_t set, struct quo_opened *opened,
    struct quo_cards *used)
{
	const struct quo_set_code *code = pool->sets.at[set].code;
	struct quo_cards ready, verified, quorum;
	struct quo_secret *shares = NULL;
	unsigned tries = QUO_POOL_TRIES;
	struct quo_span sealed;
	enum quo_err err;

	err = find_sealed(pool, code, &sealed);
	if (err == QUO_OK)
		err = gather(pool, set, &shares, &ready, &verified);
	if (err == QUO_OK && !quo_policy_satisfied(code->header.policy,
	    &ready))
		err = pool->sets.at[set].enough ? QUO_EPHRASE : QUO_ENOQUORUM;
	if (err != QUO_OK)
		goto out;
	err = try_quorums(code, sealed, &verified, shares, &tries, opened,
	    &quorum);
	if (err == QUO_ESEAL)
		err = try_quorums(code, sealed, &ready, shares, &tries,
		    opened, &quorum);
	if (err != QUO_OK)
		goto out;
	learn(pool, set, shares, &ready, &quorum);
	if (used != NULL)
		*used = quorum;
	err = quo_pool_judge(pool);
	if (err != QUO_OK && opened != NULL)
		quo_opened_clear(opened);
out:
	quo_secret_free(shares);
	return err;
}

enum quo_err
quo_pool_open(struct quo_pool *pool, size_t set, struct quo_opened *opened,
    struct quo_cards *used)
{
	return use_quorum(pool, set, opened, used);
}

enum quo_err
quo_pool_prove_quorum(struct quo_pool *pool, size_t set,
    struct quo_cards *used)
{
	return use_quorum(pool, set, NULL, used);
}

/* Several quorums, spread over all there are, give the same K. */
static enum quo_err
quorums_agree(const struct quo_policy *policy, const struct quo_cards *all,
    const uint8_t (*shares)[QUO_SHARE_LEN], const uint8_t *k)
{
	enum { SPREAD = 4 };
	uint64_t count = quo_tree_quorums(policy, all, UINT32_MAX);
	struct quo_cards quorum;
	uint8_t again[QUO_KEY_LEN];
	enum quo_err err = QUO_OK;

	for (uint64_t i = 0; err == QUO_OK && i <= SPREAD; i++) {
		quo_tree_quorum(policy, all, (count - 1) * i / SPREAD,
		    &quorum);
		err = quo_tree_combine(policy, &quorum, shares, again);
		if (err == QUO_OK && !quo_equal(again, k, sizeof again))
			err = QUO_EMISMATCH;
	}
	quo_wipe(again, sizeof again);
	return err;
}

enum quo_err
quo_pool_prove(struct quo_pool *pool, size_t set, struct quo_opened *opened)
{
	const struct quo_set_code *code = pool->sets.at[set].code;
	struct quo_secret *shares = NULL, *k = NULL;
	struct quo_cards ready, verified;
	struct quo_span sealed;
	enum quo_err err;

	err = find_sealed(pool, code, &sealed);
	if (err == QUO_OK)
		err = gather(pool, set, &shares, &ready, &verified);
	for (unsigned s = 1; err == QUO_OK &&
	    s <= code->header.policy->cards; s++)
		err = verified.has[s] ? QUO_OK : QUO_ENOQUORUM;
	if (err == QUO_OK)
		err = quo_secret_new(QUO_KEY_LEN, &k);
	if (err == QUO_OK)
		err = quo_tree_prove(code->header.policy,
		    (const uint8_t (*)[QUO_SHARE_LEN])shares->data, k->data);
	if (err == QUO_OK)
		err = quorums_agree(code->header.policy, &ready,
		    (const uint8_t (*)[QUO_SHARE_LEN])shares->data, k->data);
	if (err == QUO_OK)
		err = unseal(code, sealed, k->data, opened);
	quo_secret_free(k);
	quo_secret_free(shares);
	return err;
}
