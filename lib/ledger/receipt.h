/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_RECEIPT_H
#define QUO_RECEIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "card/code.h"
#include "card/header.h"
#include "card/pool.h"

/**
 * What a rescue without a ledger leaves: a text that the ledger takes in
 * later. It says what was claimed; nothing in it is signed, and nothing in it
 * comes of K but the set id. docs/receipt.md.
 *
 *	quorate receipt 1
 *	id: 0f1e2d3c4b5a69788796a5b4c3d2e1f0
 *	opened: 2026-11-21T03:10:00Z
 *	host: db1
 *	version: 0.1
 *	name: root@db1
 *	...
 *	card: 1 genuine 66ced46a4f7f0a1b
 *	card: - damaged -
 *	ledger: missing
 *	check: 9c4a6d2f01e8b357
 *
 * Lines `key: value` in one order, each value in one form; the last line has
 * the first 16 hex digits of SHA-256 over all before it, against slips of
 * whoever copies it by hand. One text for each receipt.
 */

#define QUO_RECEIPT_ID_LEN 16
/** So many cards and alerts are told one by one; of more, how many. */
#define QUO_RECEIPT_CARDS 512
#define QUO_RECEIPT_SINKS 16
/** The longest value. */
#define QUO_RECEIPT_VALUE_MAX 1024
/** The longest text. */
#define QUO_RECEIPT_MAX 65536

struct quo_receipt_card {
	unsigned serial;		/* 0: not read */
	enum quo_verdict verdict;
	uint8_t set[QUO_ID8_LEN];	/* of its set's id; zeros: not read */
};

/**
 * A receipt. Texts are UTF-8 without control characters, not empty; NULL
 * where absent. They are borrowed but in one that was parsed.
 */
struct quo_receipt {
	uint8_t id[QUO_RECEIPT_ID_LEN];	/* at random: it is taken in once */
	int64_t opened;			/* seconds since 1970 */
	int64_t closed;			/* end of the exposure; 0: not known */
	const char *host;
	const char *version;		/* of the program */
	const char *actor;		/* who ran it; or NULL */
	const char *name;		/* of the credential; or NULL */
	struct quo_set_id set;
	uint8_t inventory[QUO_INVENTORY_LEN];
	uint32_t generation;
	struct quo_checkpoint checkpoint;	/* that its cards carry */
	struct quo_cards quorum;	/* that opened it */
	struct quo_receipt_card cards[QUO_RECEIPT_CARDS];
	size_t card_count;		/* all that were presented… */
	uint32_t left_out;		/* …but for so many */
	const char *reason, *ticket, *requester;	/* or NULL */
	const char *exposure;		/* show, exec, output-fd, reissue */
	/* Of a reissue that dealt it again; all of them, or none. */
	struct quo_set_id new_set;	/* zeros: none */
	uint32_t new_generation;
	const char *new_policy;
	bool new_locked;		/* its cards want a phrase each */
	/**
	 * Why it has no ledger: QUO_OK by choice, or what opening or writing
	 * it failed with; any error without a word of its own is QUO_EIO.
	 */
	enum quo_err why;
	const char *undelivered[QUO_RECEIPT_SINKS];	/* alerts, by sink */
	size_t undelivered_count;

	char *text;			/* owns what was parsed; or NULL */
};

/**
 * The text of a receipt, NUL-terminated; the caller frees it.
 * Fails with QUO_EINVAL: something is missing, or can't be a value;
 * QUO_ETOOBIG or QUO_ENOMEM.
 */
enum quo_err quo_receipt_print(const struct quo_receipt *receipt, char **text,
    size_t *len);

/**
 * Read a text that must be just what quo_receipt_print makes.
 *
 * receipt   the caller clears it, after success
 * Fails with QUO_EFORMAT (no receipt), QUO_EVERSION, QUO_ECHECK (a slip of
 * the copyist), QUO_ESYNTAX, QUO_ETOOBIG or QUO_ENOMEM.
 */
enum quo_err quo_receipt_parse(const char *text, size_t len,
    struct quo_receipt *receipt);

/** "missing", "busy"…: why there is no ledger; static. */
const char *quo_receipt_why(enum quo_err why);

/** Give back what parsing allocated; the struct is the caller's. */
void quo_receipt_clear(struct quo_receipt *receipt);

#endif
