/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_LINE_H
#define QUO_LINE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/**
 * An entry of the log, and its one form as a line of JSON: an object whose
 * keys stand in this order, absent ones left out, no white space, every value
 * a text but the number. docs/log.md.
 */
enum quo_key {
	QUO_KEY_TIME,		/* UTC, base/utc.h */
	QUO_KEY_EVENT,		/* ledger/step.h */
	QUO_KEY_OUTCOME,
	QUO_KEY_LEDGER,		/* the ledger's id, 32 hex digits */
	QUO_KEY_CREDENTIAL,	/* its name */
	QUO_KEY_INVENTORY,	/* inventory id, 32 hex digits */
	QUO_KEY_SET,		/* set id, 64 hex digits */
	QUO_KEY_GENERATION,
	QUO_KEY_INCIDENT,	/* INC-<number of its request> */
	QUO_KEY_ACT,		/* of `refused`: the event that was */
	QUO_KEY_ACTOR,		/* who ran the command */
	QUO_KEY_AUTH,		/* claimed or signed */
	QUO_KEY_KEY,		/* fingerprint of the key that signed */
	QUO_KEY_PERSON,		/* whom it is about */
	QUO_KEY_CARD,		/* serial */
	QUO_KEY_VERDICT,	/* of a card */
	QUO_KEY_REQUESTER,
	QUO_KEY_REASON,
	QUO_KEY_TICKET,
	QUO_KEY_CRITERION,
	QUO_KEY_EXPECTED,	/* duration, as in 2h */
	QUO_KEY_EXPIRES,	/* UTC */
	QUO_KEY_DEADLINE,	/* UTC */
	QUO_KEY_EMERGENCY,	/* why the rules had to yield */
	QUO_KEY_CLASSIFICATION,
	QUO_KEY_FINDINGS,
	QUO_KEY_ACTIONS,
	QUO_KEY_RECORDING,
	QUO_KEY_POLICY,
	QUO_KEY_CARDS,		/* how many, or which: 1,3 */
	QUO_KEY_LOCKED,		/* of a dealing: yes */
	QUO_KEY_LOCATION,
	QUO_KEY_BAG,
	QUO_KEY_HASH,		/* of a document, 64 hex digits */
	QUO_KEY_SIZE,		/* of a checkpoint */
	QUO_KEY_ROOT,		/* of a checkpoint, 64 hex digits */
	QUO_KEY_SECONDS,
	QUO_KEY_SINK,
	QUO_KEY_DETAIL,
	QUO_KEY_HOST,
	QUO_KEY_VERSION,
	QUO_KEYS
};

/** As a bit of a mask. */
#define QUO_BIT(key) (UINT64_C(1) << (key))

/** What a key is called in the line; static. */
const char *quo_key_name(enum quo_key key);

/** The longest value, and the longest line, in bytes. */
#define QUO_VALUE_MAX 4096
#define QUO_LINE_MAX 32768

/** An entry. Texts are borrowed; NULL where there is none. */
struct quo_entry {
	uint64_t number;
	const char *value[QUO_KEYS];
};

/**
 * Whether a text can be a value: UTF-8 without control characters, not empty,
 * at most QUO_VALUE_MAX bytes.
 */
int quo_value_valid(const char *text);

/**
 * The line, without line feed; the caller frees it. Fails with QUO_EINVAL (a
 * value can't be one), QUO_ETOOBIG or QUO_ENOMEM.
 */
enum quo_err quo_line_encode(const struct quo_entry *entry, char **line,
    size_t *len);

/** A decoded line: the entry's texts stand in it. */
struct quo_line {
	struct quo_entry entry;
	char text[QUO_LINE_MAX + 1];
};

/**
 * Take a line apart that must be just what quo_line_encode makes. Fails with
 * QUO_EFORMAT.
 */
enum quo_err quo_line_decode(const char *text, size_t len,
    struct quo_line *line);

#endif
