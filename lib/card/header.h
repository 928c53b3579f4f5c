/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_HEADER_H
#define QUO_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/crypt.h"
#include "base/err.h"
#include "crypto/lock.h"
#include "crypto/policy.h"
#include "crypto/seal.h"

/**
 * What all cards of a set say of it in the open. docs/format.md, section 2.
 */

#define QUO_INVENTORY_LEN 16
/** No header is longer: its set code has no room for more. */
#define QUO_HEADER_MAX 1968

/** A day, counted from 1970-01-01, UTC; 0 for none. */
struct quo_day {
	uint16_t number;
};

/** A log's checkpoint; size 0 for none. */
struct quo_checkpoint {
	uint64_t size;
	uint8_t root[QUO_HASH_LEN];
};

struct quo_header {
	uint8_t salt[QUO_SALT_LEN];
	uint8_t inventory[QUO_INVENTORY_LEN];
	uint32_t generation;		/* from 1 */
	struct quo_day issued;
	struct quo_day review;		/* none, or not before issued */
	struct quo_lock lock;		/* passes 0: not locked */
	struct quo_checkpoint checkpoint;
	bool names;			/* the custodians' names are in it */
	struct quo_policy *policy;	/* owned; with names where they are */
};

/** The longest printed day, "2149-06-06", and its NUL. */
#define QUO_DAY_TEXT 11
void quo_day_print(struct quo_day day, char text[QUO_DAY_TEXT]);
/** The day that the clock shows. */
struct quo_day quo_day_today(void);
/** Read "YYYY-MM-DD". Fails with QUO_ESYNTAX: no such day until 2149. */
enum quo_err quo_day_parse(const char *text, struct quo_day *day);

/** Fails with QUO_EVERSION, QUO_EFORMAT or QUO_ENOMEM. */
enum quo_err quo_header_decode(struct quo_span bytes,
    struct quo_header *header);

/**
 * w fails where there is not enough room. names counts only where a custodian
 * has one.
 */
void quo_header_encode(const struct quo_header *header, struct quo_writer *w);

/** Give back what the header owns; the struct is the caller's. */
void quo_header_clear(struct quo_header *header);

#endif
