/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_CMD_RECEIPT_H
#define QUO_CMD_RECEIPT_H

#include <stdbool.h>

#include "cmd/book.h"
#include "cmd/quorum.h"
#include "cmd/say.h"
#include "ledger/receipt.h"

/**
 * The receipt of an opening, before the secret is revealed: of one that no
 * ledger records as a text that it takes in later, on the disk or on standard
 * error; of one that is on record with the log's checkpoint. Where the file's
 * name ends in .pdf or .html, as paper; without a ledger its text is then
 * beside it, in a .txt.
 */

/** What a receipt says besides the cards. All borrowed; NULL where absent. */
struct quo_receipt_about {
	const char *reason, *ticket, *requester;
	const char *exposure;		/* show, exec, output-fd, reissue;
					 * never NULL */
	const struct quo_set_id *new_set;	/* NULL: it wasn't dealt anew */
	uint32_t new_generation;
	const char *new_policy;
	bool new_locked;
	enum quo_err why;		/* why no ledger: ledger/receipt.h */
	const char *const *undelivered;	/* alerts, by sink */
	size_t undelivered_count;
};

/** A receipt, and where it goes. */
struct quo_receipt_slip {
	const char *path;		/* NULL: standard error */
	const char *paper;		/* to be printed; NULL: none */
	char *beside;			/* what path is then; owned */
	int dir;			/* where path stands, or -1 */
	bool filed;			/* it is in its file */
	struct quo_receipt receipt;
	char texts[8 + QUO_RECEIPT_SINKS][QUO_RECEIPT_VALUE_MAX + 1];
	size_t used;
};

/**
 * Before any card is read: see that a receipt can go to path, where nothing
 * may be yet. What is wrong is said. NULL: to standard error.
 *
 * slip   the caller ends it, in each case, by quo_receipt_end
 */
enum quo_exit quo_receipt_begin(const char *path,
    struct quo_receipt_slip *slip);

/**
 * Leave the receipt of what opened. Where its file can't be written, that is
 * said, and it goes to standard error: a rescue goes on.
 */
void quo_receipt_leave(struct quo_receipt_slip *slip,
    const struct quo_quorum *quorum, const struct quo_receipt_about *about);

/**
 * Add the set that a reissue dealt to a receipt in its file, which
 * quo_receipt_settle then writes. A policy that is too long for a receipt
 * isn't told, nor is its set.
 */
void quo_receipt_add_new(struct quo_receipt_slip *slip,
    const struct quo_set_id *set, uint32_t generation, const char *policy,
    bool locked);

/**
 * The same of an opening that the ledger has as opened. Where it fails, that
 * is said.
 *
 * exposure   show, exec, output-fd
 */
void quo_receipt_record(struct quo_receipt_slip *slip,
    const struct quo_book *book, const char *incident, const char *exposure);

/** For these: a text into its file, whole or not at all; a second one takes
 * the place of the first. And a rescue's receipt as paper. */
enum quo_err quo_receipt_file(const struct quo_receipt_slip *slip,
    const char *text, size_t len);
enum quo_exit quo_receipt_draw(const struct quo_receipt_slip *slip,
    const struct quo_quorum *quorum, const char *text);

/** Add when the exposure ended to the receipt in its file, if it is there. */
void quo_receipt_settle(struct quo_receipt_slip *slip);

void quo_receipt_end(struct quo_receipt_slip *slip);

#endif
