/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_POOL_INTERNAL_H
#define QUO_POOL_INTERNAL_H

#include "base/grow.h"
#include "card/pool.h"

/* What pool.c gathers, verdict.c judges and open.c opens. */

/* Where things came from. */
struct source {
	char *label;
	size_t shares;		/* how many were read here */
	bool needs_share;	/* a scan or file; not typed set rows */
};

/* A share that was read; its code is a secret. */
struct share {
	size_t source;
	struct quo_secret *code;	/* struct quo_share_code */
	struct quo_secret *unlocked;	/* its share without the lock, or NULL */
	bool proven;			/* a typed one that a seal proved */
	bool refuted;			/* a typed one that lies off */
};

/* A set code, or a part of one, that was seen in a source. */
struct sighting {
	size_t source;
	struct quo_set_id id;	/* of a part its first 8 bytes only */
	uint8_t parts;		/* of a part, how many there are; else 0 */
};

/* A part that waits for the others. */
struct part {
	size_t source;
	uint8_t id8[QUO_ID8_LEN];
	uint8_t index, count;
	uint8_t *chunk;
	size_t len;
};

struct damage {
	size_t source;
	enum quo_card_part part;
	enum quo_err why;
};

struct sealed_file {
	uint8_t *data;		/* NULL where it is too long to be one */
	size_t len;
	uint8_t hash[QUO_HASH_LEN];
};

#define LIST(type) struct { type *at; size_t count; }

struct quo_pool {
	LIST(struct source) sources;
	bool ended;		/* the last source takes no more */
	LIST(struct share) shares;
	LIST(struct quo_set_code) codes;
	LIST(struct sighting) sightings;
	LIST(struct part) parts;
	LIST(struct damage) damages;
	LIST(struct sealed_file) files;
	uint8_t pin[QUO_HASH_LEN];
	size_t pin_len;
	enum quo_standing (*know)(void *with, const struct quo_set_id *id,
	    size_t len, const struct quo_header *header,
	    char astray[QUO_POOL_ASTRAY]);
	void *with;

	/* The verdicts, made anew by quo_pool_judge. */
	LIST(struct quo_pool_card) cards;
	LIST(struct quo_pool_set) sets;
};

#define GROW(list) QUO_GROW((list)->at, (list)->count)

static inline struct quo_share_code *
share_code(const struct share *share)
{
	return (struct quo_share_code *)(void *)share->code->data;
}

/* The sealed credential of a set code, inside it or from a file, or NULL. */
struct quo_span quo_pool_sealed(const struct quo_pool *pool,
    const struct quo_set_code *code);

#endif
