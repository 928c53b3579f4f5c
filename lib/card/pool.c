/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "card/pool_internal.h"
#include "card/words.h"

/* Shares of one source: each takes locked memory, of which there is little. */
#define SOURCE_SHARES 512

enum quo_err
quo_pool_new(struct quo_pool **pool)
{
	*pool = calloc(1, sizeof **pool);
	return *pool != NULL ? QUO_OK : QUO_ENOMEM;
}

void
quo_pool_free(struct quo_pool *pool)
{
	if (pool == NULL)
		return;
	for (size_t i = 0; i < pool->sources.count; i++)
		free(pool->sources.at[i].label);
	for (size_t i = 0; i < pool->shares.count; i++) {
		quo_secret_free(pool->shares.at[i].code);
		quo_secret_free(pool->shares.at[i].unlocked);
	}
	for (size_t i = 0; i < pool->codes.count; i++)
		quo_set_code_clear(&pool->codes.at[i]);
	for (size_t i = 0; i < pool->parts.count; i++)
		free(pool->parts.at[i].chunk);
	for (size_t i = 0; i < pool->files.count; i++)
		free(pool->files.at[i].data);
	free(pool->sources.at);
	free(pool->shares.at);
	free(pool->codes.at);
	free(pool->sightings.at);
	free(pool->parts.at);
	free(pool->damages.at);
	free(pool->files.at);
	free(pool->cards.at);
	free(pool->sets.at);
	free(pool);
}

enum quo_err
quo_pool_pin(struct quo_pool *pool, const uint8_t *id, size_t len)
{
	if (len < QUO_HASH_LEN / 2 || len > QUO_HASH_LEN)
		return QUO_EINVAL;
	memcpy(pool->pin, id, len);
	pool->pin_len = len;
	return QUO_OK;
}

void
quo_pool_know(struct quo_pool *pool, enum quo_standing (*know)(void *with,
    const struct quo_set_id *id, size_t len, const struct quo_header *header,
    char astray[QUO_POOL_ASTRAY]), void *with)
{
	pool->know = know;
	pool->with = with;
}

bool
quo_pool_asks(const struct quo_pool *pool)
{
	return pool->know != NULL;
}

size_t
quo_pool_begin(struct quo_pool *pool)
{
	pool->ended = true;
	return pool->sources.count;
}

/* The source of a label: the last one, or a new one. */
static enum quo_err
source_of(struct quo_pool *pool, const char *label, size_t *source)
{
	struct source *s;
	char *copy;
	size_t last = pool->sources.count - 1;

	if (!pool->ended && pool->sources.count > 0 &&
	    strcmp(pool->sources.at[last].label, label) == 0) {
		*source = last;
		return QUO_OK;
	}
	copy = strdup(label);
	s = copy != NULL ? GROW(&pool->sources) : NULL;
	if (s == NULL) {
		free(copy);
		return QUO_ENOMEM;
	}
	s->label = copy;
	pool->ended = false;
	*source = pool->sources.count - 1;
	return QUO_OK;
}

/* The same again adds nothing: a source may be full of it to keep us busy. */
static enum quo_err
note_damage(struct quo_pool *pool, size_t source, enum quo_card_part part,
    enum quo_err why)
{
	struct damage *d;

	for (size_t i = pool->damages.count; i-- > 0;) {
		d = &pool->damages.at[i];
		if (d->source == source && d->part == part && d->why == why)
			return QUO_OK;
	}
	d = GROW(&pool->damages);
	if (d == NULL)
		return QUO_ENOMEM;
	*d = (struct damage){ source, part, why };
	return QUO_OK;
}

/* Whether an error is the machine's, not what was read. */
static bool
is_ours(enum quo_err err)
{
	return err == QUO_ENOMEM || err == QUO_ELOCK || err == QUO_ELIBRARY;
}

/* Damage for what was read; the machine's errors go up. */
static enum quo_err
settle(struct quo_pool *pool, size_t source, enum quo_card_part part,
    enum quo_err err)
{
	return err == QUO_OK || is_ours(err) ? err :
	    note_damage(pool, source, part, err);
}

static enum quo_err
add_share(struct quo_pool *pool, size_t source, const uint8_t *data,
    size_t len, bool typed)
{
	struct quo_secret *secret = NULL;
	struct quo_share_code *code;
	struct share *share;
	enum quo_err err;

	if (pool->sources.at[source].shares == SOURCE_SHARES)
		return note_damage(pool, source, QUO_PART_SHARE, QUO_ETOOBIG);
	err = quo_secret_new(sizeof *code, &secret);
	if (err != QUO_OK)
		return err;
	code = (struct quo_share_code *)(void *)secret->data;
	err = typed ? quo_typed_decode(data, code) :
	    quo_share_code_decode(data, len, code);
	if (err != QUO_OK) {
		quo_secret_free(secret);
		return settle(pool, source, QUO_PART_SHARE, err);
	}
	share = GROW(&pool->shares);
	if (share == NULL) {
		quo_secret_free(secret);
		return QUO_ENOMEM;
	}
	*share = (struct share){ .source = source, .code = secret };
	pool->sources.at[source].shares++;
	return QUO_OK;
}

static enum quo_err
see(struct quo_pool *pool, struct sighting sighting)
{
	struct sighting *seen;

	for (size_t i = pool->sightings.count; i-- > 0;) {
		seen = &pool->sightings.at[i];
		if (seen->source != sighting.source)
			break;
		if (seen->parts == sighting.parts && memcmp(seen->id.hash,
		    sighting.id.hash, QUO_HASH_LEN) == 0)
			return QUO_OK;
	}
	seen = GROW(&pool->sightings);
	if (seen == NULL)
		return QUO_ENOMEM;
	*seen = sighting;
	return QUO_OK;
}

/* Keep a set code, which is given away, unless it is here already. */
static enum quo_err
keep_code(struct quo_pool *pool, struct quo_set_code *code)
{
	struct quo_set_code *kept = NULL;
	bool known = false;

	for (size_t i = 0; !known && i < pool->codes.count; i++)
		known = memcmp(pool->codes.at[i].id.hash, code->id.hash,
		    QUO_HASH_LEN) == 0;
	if (!known)
		kept = GROW(&pool->codes);
	if (kept != NULL)
		*kept = *code;
	else
		quo_set_code_clear(code);
	return known || kept != NULL ? QUO_OK : QUO_ENOMEM;
}

/* id8 is what its parts say of its id; NULL where it came in one. */
static enum quo_err
add_code(struct quo_pool *pool, size_t source, const uint8_t *data,
    size_t len, bool words, const uint8_t *id8)
{
	struct quo_set_code code = { 0 };
	struct quo_secret *rows = NULL;
	size_t used = len;
	enum quo_err err;

	err = quo_set_code_decode(data, len, words ? &used : NULL, &code);
	/* No row too many, and zeros behind it in the last. */
	if (err == QUO_OK && words)
		err = quo_secret_copy(data, len, &rows);
	if (err == QUO_OK && words)
		err = quo_words_trim(rows, used);
	quo_secret_free(rows);
	if (err == QUO_OK && id8 != NULL && memcmp(code.id.hash, id8,
	    QUO_ID8_LEN) != 0)
		err = QUO_EMISMATCH;
	if (err == QUO_OK)
		err = see(pool, (struct sighting){ .source = source,
		    .id = code.id });
	if (err != QUO_OK) {
		quo_set_code_clear(&code);
		return settle(pool, source, QUO_PART_SET, err);
	}
	return keep_code(pool, &code);
}

/* Which other source may help out with parts. */
#define NOBODY ((size_t)-1)
#define ANYBODY ((size_t)-2)

/* A part of this id, count and index, the source's own first; or NULL. */
static const struct part *
find_part(const struct quo_pool *pool, const struct quo_part *like,
    unsigned index, size_t source, size_t helper)
{
	const struct part *found = NULL;

	for (size_t i = 0; i < pool->parts.count; i++) {
		const struct part *p = &pool->parts.at[i];

		if (p->count != like->count || p->index != index ||
		    memcmp(p->id8, like->id8, QUO_ID8_LEN) != 0)
			continue;
		if (p->source == source)
			return p;
		if (found == NULL && (helper == ANYBODY ||
		    helper == p->source))
			found = p;
	}
	return found;
}

/*
 * Put the parts together that go with one. *len is 0 where some are missing.
 * Fails with QUO_EFORMAT.
 */
static enum quo_err
assemble(const struct quo_pool *pool, size_t source, size_t helper,
    const struct quo_part *like, uint8_t bytes[QUO_CODE_MAX], size_t *len)
{
	struct quo_writer w = quo_writer_on(bytes, QUO_CODE_MAX);
	size_t step = 0;
	bool even = true;

	*len = 0;
	for (unsigned i = 1; i <= like->count; i++) {
		const struct part *p = find_part(pool, like, i, source,
		    helper);

		if (p == NULL)
			return QUO_OK;
		step = i == 1 ? p->len : step;
		even = even && (i < like->count ? p->len == step :
		    p->len <= step);
		quo_write_bytes(&w, p->chunk, p->len);
	}
	*len = w.len;
	return w.failed || quo_part_count(w.len) != like->count || !even ||
	    step != (w.len + like->count - 1) / like->count ? QUO_EFORMAT :
	    QUO_OK;
}

/* With another's parts: if it is wrong, nobody can say by whose. */
static enum quo_err
try_with(struct quo_pool *pool, size_t source, size_t helper,
    const struct quo_part *like, bool *made)
{
	uint8_t bytes[QUO_CODE_MAX];
	struct quo_set_code code;
	enum quo_err err;
	size_t len;

	err = assemble(pool, source, helper, like, bytes, &len);
	if (err != QUO_OK || len == 0)
		return QUO_OK;
	err = quo_set_code_decode(bytes, len, NULL, &code);
	*made = err == QUO_OK;
	if (err == QUO_OK)
		return keep_code(pool, &code);
	return is_ours(err) ? err : QUO_OK;
}

/* A set code from the source's parts, or else with other sources' help. */
static enum quo_err
try_parts(struct quo_pool *pool, size_t source, const struct quo_part *like)
{
	uint8_t bytes[QUO_CODE_MAX];
	bool made = false;
	enum quo_err err;
	size_t len;

	err = assemble(pool, source, NOBODY, like, bytes, &len);
	if (err != QUO_OK)
		return note_damage(pool, source, QUO_PART_SET, err);
	if (len > 0)
		return add_code(pool, source, bytes, len, false, like->id8);
	err = try_with(pool, source, ANYBODY, like, &made);
	/* One that lies must not spoil what two others have. */
	for (size_t i = 0; err == QUO_OK && !made &&
	    i < pool->sources.count; i++)
		err = try_with(pool, source, i, like, &made);
	return err;
}

static enum quo_err
keep_part(struct quo_pool *pool, size_t source, const struct quo_part *part)
{
	uint8_t *chunk = malloc(part->chunk.len);
	struct part *kept = chunk != NULL ? GROW(&pool->parts) : NULL;

	if (kept == NULL) {
		free(chunk);
		return QUO_ENOMEM;
	}
	memcpy(chunk, part->chunk.data, part->chunk.len);
	*kept = (struct part){
		.source = source, .index = part->index,
		.count = part->count, .chunk = chunk, .len = part->chunk.len,
	};
	memcpy(kept->id8, part->id8, QUO_ID8_LEN);
	return QUO_OK;
}

static enum quo_err
add_part(struct quo_pool *pool, size_t source, const uint8_t *data,
    size_t len)
{
	struct sighting seen = { .source = source };
	const struct part *had;
	struct quo_part part;
	enum quo_err err;

	err = quo_part_decode(data, len, &part);
	if (err != QUO_OK)
		return settle(pool, source, QUO_PART_SET, err);
	memcpy(seen.id.hash, part.id8, QUO_ID8_LEN);
	seen.parts = part.count;
	err = see(pool, seen);
	if (err != QUO_OK)
		return err;
	had = find_part(pool, &part, part.index, source, NOBODY);
	if (had != NULL)
		return had->len == part.chunk.len && memcmp(had->chunk,
		    part.chunk.data, had->len) == 0 ? QUO_OK :
		    note_damage(pool, source, QUO_PART_SET, QUO_EMISMATCH);
	err = keep_part(pool, source, &part);
	return err == QUO_OK ? try_parts(pool, source, &part) : err;
}

enum quo_err
quo_pool_add_text(struct quo_pool *pool, const char *label, const char *text,
    size_t len)
{
	struct quo_secret *data = NULL;
	enum quo_code kind;
	enum quo_err err;
	size_t source;

	err = source_of(pool, label, &source);
	if (err != QUO_OK)
		return err;
	pool->sources.at[source].needs_share = true;
	err = quo_text_decode(text, len, &kind, &data);
	if (err == QUO_OK && kind == QUO_CODE_AUDITOR) {
		quo_secret_free(data);
		err = QUO_EFORMAT;
	}
	if (err != QUO_OK)
		return settle(pool, source, QUO_PART_TEXT, err);
	if (kind == QUO_CODE_SHARE)
		err = add_share(pool, source, data->data, data->len, false);
	else if (kind == QUO_CODE_SET)
		err = add_code(pool, source, data->data, data->len, false,
		    NULL);
	else
		err = add_part(pool, source, data->data, data->len);
	quo_secret_free(data);
	return err;
}

enum quo_err
quo_pool_add_typed(struct quo_pool *pool, const char *label,
    const uint8_t *data)
{
	enum quo_err err;
	size_t source;

	err = source_of(pool, label, &source);
	if (err == QUO_OK)
		err = add_share(pool, source, data, QUO_TYPED_LEN, true);
	return err;
}

enum quo_err
quo_pool_add_set(struct quo_pool *pool, const char *label,
    const uint8_t *data, size_t len)
{
	enum quo_err err;
	size_t source;

	err = source_of(pool, label, &source);
	if (err == QUO_OK)
		err = add_code(pool, source, data, len, true, NULL);
	return err;
}

enum quo_err
quo_pool_add_damaged(struct quo_pool *pool, const char *label,
    enum quo_card_part part, enum quo_err why)
{
	enum quo_err err;
	size_t source;

	err = source_of(pool, label, &source);
	if (err == QUO_OK)
		err = note_damage(pool, source, part, why);
	return err;
}

enum quo_err
quo_pool_add_sealed(struct quo_pool *pool, const uint8_t *data, size_t len)
{
	const struct quo_span span = { data, len };
	uint8_t *copy = NULL, hash[QUO_HASH_LEN];
	struct sealed_file *file;

	quo_sha256(&span, 1, hash);
	for (size_t i = 0; i < pool->files.count; i++)
		if (memcmp(pool->files.at[i].hash, hash, sizeof hash) == 0)
			return QUO_OK;
	if (len > 0 && len <= QUO_SEALED_MAX) {
		copy = malloc(len);
		if (copy == NULL)
			return QUO_ENOMEM;
		memcpy(copy, data, len);
	}
	file = GROW(&pool->files);
	if (file == NULL) {
		free(copy);
		return QUO_ENOMEM;
	}
	file->data = copy;
	file->len = len;
	memcpy(file->hash, hash, sizeof hash);
	return QUO_OK;
}

const struct quo_pool_card *
quo_pool_cards(const struct quo_pool *pool, size_t *count)
{
	*count = pool->cards.count;
	return pool->cards.at;
}

const struct quo_pool_set *
quo_pool_sets(const struct quo_pool *pool, size_t *count)
{
	*count = pool->sets.count;
	return pool->sets.at;
}
