/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "card/pool_internal.h"

const char *
quo_verdict_name(enum quo_verdict verdict)
{
	static const char *const names[] = {
		[QUO_CARD_DAMAGED] = "damaged",
		[QUO_CARD_WHOLE] = "whole",
		[QUO_CARD_GENUINE] = "genuine",
		[QUO_CARD_RETIRED] = "retired",
		[QUO_CARD_FOREIGN] = "foreign",
		[QUO_CARD_SUSPECT] = "suspect",
		[QUO_CARD_DUPLICATE] = "duplicate",
	};

	return names[verdict];
}

struct quo_span
quo_pool_sealed(const struct quo_pool *pool, const struct quo_set_code *code)
{
	if (code->sealed.data != NULL)
		return code->sealed;
	for (size_t i = 0; i < pool->files.count; i++) {
		const struct sealed_file *file = &pool->files.at[i];

		if (file->data != NULL && file->len == code->sealed_len &&
		    memcmp(file->hash, code->sealed_hash,
		    QUO_HASH_LEN) == 0)
			return (struct quo_span){ file->data, file->len };
	}
	return (struct quo_span){ NULL, 0 };
}

/* Typed shares know the first 8 bytes of their set's id. */
static bool
same_set(const struct quo_pool_set *set, const struct quo_share_code *code)
{
	size_t len = code->typed ? QUO_ID8_LEN : QUO_HASH_LEN;

	return memcmp(set->id.hash, code->id.hash, len) == 0;
}

/* Whether only words are here, so only the first bytes of the id. */
static bool
typed_only(const struct quo_pool *pool, const struct quo_pool_set *set)
{
	if (set->code != NULL)
		return false;
	for (size_t i = 0; i < pool->shares.count; i++) {
		const struct quo_share_code *code =
		    share_code(&pool->shares.at[i]);

		if (!code->typed && same_set(set, code))
			return false;
	}
	return true;
}

/* Whether a set is the pinned one, and what the caller knows of it. */
static void
place(const struct quo_pool *pool, struct quo_pool_set *set)
{
	bool words = typed_only(pool, set);

	set->id_len = words ? QUO_ID8_LEN : QUO_HASH_LEN;
	set->pinned = pool->pin_len > 0 && memcmp(set->id.hash, pool->pin,
	    words ? QUO_ID8_LEN : pool->pin_len) == 0;
	if (pool->know != NULL)
		set->standing = pool->know(pool->with, &set->id, set->id_len,
		    set->code != NULL ? &set->code->header : NULL,
		    set->astray);
}

static enum quo_err
list_sets(struct quo_pool *pool)
{
	struct quo_pool_set *set;
	bool known;

	pool->sets.count = 0;
	for (size_t i = 0; i < pool->codes.count; i++) {
		set = GROW(&pool->sets);
		if (set == NULL)
			return QUO_ENOMEM;
		set->id = pool->codes.at[i].id;
		set->code = &pool->codes.at[i];
		set->sealed = quo_pool_sealed(pool, set->code).data != NULL;
	}
	/* Scanned shares first: a typed one joins a set whose id is whole. */
	for (size_t pass = 0; pass < 2 * pool->shares.count; pass++) {
		const struct quo_share_code *code = share_code(
		    &pool->shares.at[pass % pool->shares.count]);

		if (code->typed != (pass >= pool->shares.count))
			continue;
		known = false;
		for (size_t s = 0; s < pool->sets.count; s++)
			known = known || same_set(&pool->sets.at[s], code);
		if (known)
			continue;
		set = GROW(&pool->sets);
		if (set == NULL)
			return QUO_ENOMEM;
		set->id = code->id;
	}
	for (size_t s = 0; s < pool->sets.count; s++)
		place(pool, &pool->sets.at[s]);
	return QUO_OK;
}

static size_t
set_of(const struct quo_pool *pool, const struct quo_share_code *code)
{
	for (size_t s = 0; s < pool->sets.count; s++)
		if (same_set(&pool->sets.at[s], code))
			return s;
	return QUO_NO_SET;
}

/* What of set codes a source shows beside a share, or beside none. */
struct beside {
	bool own;		/* the share's set code, all of it */
	bool part;		/* something of it */
	bool other;		/* another's, or part of one */
	bool torn;		/* parts that don't belong together */
	bool whole;		/* any set code, all of it */
};

static struct beside
look_beside(const struct quo_pool *pool, size_t source,
    const struct quo_share_code *code)
{
	const struct sighting *first = NULL;
	struct beside b = { 0 };

	for (size_t i = 0; i < pool->sightings.count; i++) {
		const struct sighting *seen = &pool->sightings.at[i];
		bool eight = seen->parts > 0 || code == NULL || code->typed;
		bool match = code != NULL && memcmp(seen->id.hash,
		    code->id.hash, eight ? QUO_ID8_LEN : QUO_HASH_LEN) == 0;

		if (seen->source != source)
			continue;
		if (seen->parts > 0 && first != NULL)
			b.torn |= first->parts != seen->parts || memcmp(
			    first->id.hash, seen->id.hash, QUO_ID8_LEN) != 0;
		else if (seen->parts > 0)
			first = seen;
		b.own |= match && seen->parts == 0;
		b.part |= match;
		b.other |= !match;
		b.whole |= seen->parts == 0;
	}
	return b;
}

/*
 * Whether a source that shows no share is a further page of this share's
 * card, or could be: nobody can tell the pages of two cards of a set apart.
 */
static bool
is_page_of(const struct quo_pool *pool, const struct part *part,
    const struct share *share)
{
	return memcmp(part->id8, share_code(share)->id.hash,
	    QUO_ID8_LEN) == 0 && (part->source == share->source ||
	    pool->sources.at[part->source].shares == 0);
}

/* Whether the pages of a card, each scanned on its own, show all its parts. */
static bool
all_pages(const struct quo_pool *pool, const struct share *share)
{
	bool seen[QUO_PARTS_MAX + 1] = { false };
	unsigned count = 0, have = 0;

	for (size_t i = 0; i < pool->parts.count; i++) {
		const struct part *part = &pool->parts.at[i];

		if (!is_page_of(pool, part, share))
			continue;
		have += seen[part->index] ? 0 : 1;
		seen[part->index] = true;
		count = part->count;
	}
	return count > 0 && have == count;
}

/* Whether a source without a share is a further page of a card that is here. */
static bool
is_page(const struct quo_pool *pool, size_t source)
{
	for (size_t i = 0; i < pool->parts.count; i++) {
		if (pool->parts.at[i].source != source)
			continue;
		for (size_t j = 0; j < pool->shares.count; j++)
			if (is_page_of(pool, &pool->parts.at[i],
			    &pool->shares.at[j]) &&
			    all_pages(pool, &pool->shares.at[j]))
				return true;
	}
	return false;
}

/*
 * Whether a damage is of a share's card. One that is whole, with all of its
 * set code beside it, has nothing to do with a broken text in the same file:
 * that is another card's. Typed rows are checked one by one.
 */
static bool
hits(const struct quo_pool *pool, const struct damage *damage,
    const struct share *share)
{
	const struct quo_share_code *code = share_code(share);

	return damage->source == share->source && !code->typed &&
	    !look_beside(pool, share->source, code).own;
}

/* A damage that is of this share's card; NULL for none. */
static const struct damage *
damage_of(const struct quo_pool *pool, const struct share *share)
{
	for (size_t i = 0; i < pool->damages.count; i++)
		if (hits(pool, &pool->damages.at[i], share))
			return &pool->damages.at[i];
	return NULL;
}

/* A damage in a source that is of none of its cards; NULL for none. */
static const struct damage *
stray_damage(const struct quo_pool *pool, size_t source)
{
	for (size_t i = 0; i < pool->damages.count; i++) {
		const struct damage *damage = &pool->damages.at[i];
		bool hit = damage->source != source;

		for (size_t j = 0; !hit && j < pool->shares.count; j++)
			hit = hits(pool, damage, &pool->shares.at[j]);
		if (!hit)
			return damage;
	}
	return NULL;
}

static void
damaged(struct quo_pool_card *card, enum quo_card_part part, enum quo_err why)
{
	card->verdict = QUO_CARD_DAMAGED;
	card->part = part;
	card->why = why;
	card->usable = false;
}

/* The same serial of the same set, judged usable already; NULL for none. */
static const struct share *
twin(const struct quo_pool *pool, size_t at)
{
	const struct quo_pool_card *card = &pool->cards.at[at];

	for (size_t i = 0; i < pool->shares.count; i++) {
		const struct quo_pool_card *c = &pool->cards.at[i];

		if (i != at && c->usable && c->set == card->set &&
		    c->serial == card->serial)
			return &pool->shares.at[i];
	}
	return NULL;
}

static void
judge_twin(struct quo_pool *pool, size_t at)
{
	struct quo_pool_card *card = &pool->cards.at[at];
	const struct share *other = twin(pool, at);

	if (other == NULL)
		return;
	if (quo_equal(share_code(other)->share,
	    share_code(&pool->shares.at[at])->share, QUO_SHARE_LEN)) {
		card->verdict = QUO_CARD_DUPLICATE;
		card->usable = false;
		return;
	}
	/*
	 * Two readings of one card differ, which only typing can do. Where
	 * nothing tells which is right, the last counts: whoever is told that
	 * it doesn't open types it again.
	 */
	if (share_code(other)->typed && !other->proven) {
		card = &pool->cards.at[other - pool->shares.at];
		pool->sets.at[card->set].count--;
	}
	damaged(card, QUO_PART_SHARE, QUO_EMISMATCH);
}

/* The pinned set's header, where its code is here. */
static const struct quo_header *
pinned_header(const struct quo_pool *pool)
{
	for (size_t s = 0; s < pool->sets.count; s++)
		if (pool->sets.at[s].pinned && pool->sets.at[s].code != NULL)
			return &pool->sets.at[s].code->header;
	return NULL;
}

/* Whether a set says that it is the pinned one, and isn't. */
static bool
poses(const struct quo_pool *pool, const struct quo_pool_set *set)
{
	const struct quo_header *pinned = pinned_header(pool);
	const struct quo_header *own;

	if (set->pinned || set->code == NULL || pinned == NULL)
		return false;
	own = &set->code->header;
	return own->generation == pinned->generation && memcmp(own->inventory,
	    pinned->inventory, QUO_INVENTORY_LEN) == 0;
}

/*
 * Which of the verdicts for a consistent card. A pin says which set is meant;
 * it doesn't silence what is known against it.
 */
static enum quo_verdict
verdict_of(const struct quo_pool *pool, const struct share *share,
    const struct quo_pool_set *set)
{
	if (set->standing == QUO_SET_SUSPECT || poses(pool, set))
		return QUO_CARD_SUSPECT;
	if (pool->pin_len > 0 && !set->pinned)
		return QUO_CARD_FOREIGN;
	if (set->standing == QUO_SET_RETIRED ||
	    set->standing == QUO_SET_REPLACED)
		return QUO_CARD_RETIRED;
	/* Typed: not held against the id before the seal opens. */
	if ((set->pinned || set->standing == QUO_SET_CURRENT ||
	    set->standing == QUO_SET_WAITING) &&
	    (!share_code(share)->typed || share->proven))
		return QUO_CARD_GENUINE;
	return QUO_CARD_WHOLE;
}

static void
judge_share(struct quo_pool *pool, size_t at)
{
	const struct share *share = &pool->shares.at[at];
	const struct quo_share_code *code = share_code(share);
	const struct source *source = &pool->sources.at[share->source];
	const struct damage *damage = damage_of(pool, share);
	struct quo_pool_card *card = &pool->cards.at[at];
	const struct quo_pool_set *set;
	struct beside beside = look_beside(pool, share->source, code);

	*card = (struct quo_pool_card){
		.label = source->label, .source = share->source,
		.serial = code->serial, .n = code->n,
		.set = set_of(pool, code), .typed = code->typed,
		.usable = true,
	};
	set = &pool->sets.at[card->set];
	card->incomplete = !beside.own && !code->typed &&
	    (set->code == NULL || !all_pages(pool, share));
	card->verdict = verdict_of(pool, share, set);
	if (set->code != NULL && set->code->header.policy->cards != code->n)
		damaged(card, QUO_PART_CARD, QUO_EMISMATCH);
	else if (share->refuted)
		damaged(card, QUO_PART_SHARE, QUO_ECHECK);
	else if (!beside.own && beside.other &&
	    (!beside.part || source->shares == 1))
		damaged(card, QUO_PART_CARD, QUO_EMISMATCH);
	else if (damage != NULL)
		damaged(card, damage->part, damage->why);
	else
		judge_twin(pool, at);
}

/* What a source holds besides its cards, or instead: a card of its own. */
static enum quo_err
judge_source(struct quo_pool *pool, size_t at)
{
	const struct source *source = &pool->sources.at[at];
	const struct damage *damage = stray_damage(pool, at);
	struct beside beside;
	struct quo_pool_card *card;

	if (damage == NULL && (source->shares > 0 || !source->needs_share))
		return QUO_OK;
	beside = look_beside(pool, at, NULL);
	if (damage == NULL && !beside.torn && is_page(pool, at))
		return QUO_OK;
	card = GROW(&pool->cards);
	if (card == NULL)
		return QUO_ENOMEM;
	card->label = source->label;
	card->source = at;
	card->set = QUO_NO_SET;
	if (damage != NULL)
		damaged(card, damage->part, damage->why);
	else if (beside.torn)
		damaged(card, QUO_PART_SET, QUO_EMISMATCH);
	else
		damaged(card, beside.whole ? QUO_PART_SHARE : QUO_PART_SET,
		    QUO_EMISSING);
	return QUO_OK;
}

/* Judge the scanned shares, or the typed ones. */
static void
judge_shares(struct quo_pool *pool, bool typed)
{
	for (size_t i = 0; i < pool->shares.count; i++) {
		struct quo_pool_card *card = &pool->cards.at[i];
		struct quo_pool_set *set;

		if (share_code(&pool->shares.at[i])->typed != typed)
			continue;
		judge_share(pool, i);
		if (!card->usable)
			continue;
		set = &pool->sets.at[card->set];
		set->present.has[card->serial] = true;
		set->count++;
	}
}

enum quo_err
quo_pool_judge(struct quo_pool *pool)
{
	enum quo_err err = list_sets(pool);

	pool->cards.count = 0;
	for (size_t i = 0; err == QUO_OK && i < pool->shares.count; i++)
		err = GROW(&pool->cards) != NULL ? QUO_OK : QUO_ENOMEM;
	/* Scanned ones first: a typed one must not push a proven one aside. */
	if (err == QUO_OK) {
		judge_shares(pool, false);
		judge_shares(pool, true);
	}
	for (size_t i = 0; err == QUO_OK && i < pool->sources.count; i++)
		err = judge_source(pool, i);
	for (size_t s = 0; err == QUO_OK && s < pool->sets.count; s++) {
		struct quo_pool_set *set = &pool->sets.at[s];

		set->enough = set->code != NULL && quo_policy_satisfied(
		    set->code->header.policy, &set->present);
	}
	return err;
}
