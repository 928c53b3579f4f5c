/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_VERIFY_H
#define QUO_VERIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypt.h"
#include "base/err.h"
#include "base/utc.h"
#include "card/header.h"
#include "ledger/frontier.h"
#include "ledger/ledger.h"

/**
 * Whether a log is whole: one pass over its entries, from a ledger or from an
 * exported file. docs/log.md, section 7, says what is looked at, and
 * docs/threat-model.md what can't be found.
 */

/** What a checkpoint that others kept says of the log. */
enum quo_witness_says {
	QUO_WITNESS_AGREES,
	QUO_WITNESS_CONTRADICTS,	/* it saw another history */
	QUO_WITNESS_AHEAD,		/* it saw more entries */
	QUO_WITNESS_STRANGER		/* it is of another ledger */
};

struct quo_witness {
	const char *label;		/* where from; borrowed */
	struct quo_checkpoint checkpoint;
	char ledger[QUO_LEDGER_ID_TEXT];	/* "" where it doesn't say */

	enum quo_witness_says says;	/* set at the end */
	char time[QUO_UTC_TEXT];	/* of the last entry that it covers */
};

/** What was found; starts as zeros, but for the first three. */
struct quo_verify {
	uint8_t key[QUO_KEY_LEN];	/* the auditor's; used up, wiped */
	bool sealed;			/* there is one */
	struct quo_witness *witnesses;	/* borrowed; sorted by size */
	size_t witness_count;

	uint64_t entries;
	char ledger[QUO_LEDGER_ID_TEXT];	/* "" where it isn't said */
	uint64_t wrong, wrong_first;	/* entries that aren't as they must */
	const char *wrong_why;		/* the first; static */
	uint64_t unsealed, unsealed_first;
	uint64_t back, back_first;	/* times before that of an earlier */
	char first_time[QUO_UTC_TEXT], last_time[QUO_UTC_TEXT];
	struct quo_frontier frontier;

	/* Set at the end. */
	uint64_t covered;		/* by the last witness that agrees */
	const char *since;		/* borrowed from here; NULL: unknown */
	bool failed;			/* anything at all is wrong */
	bool doubted;			/* witnesses contradict */
	uint64_t doubt_from, doubt_to;	/* where the first wrong entry is */
	bool two_histories;		/* …but they contradict each other */

	struct quo_line *line;		/* scratch */
	char latest[QUO_UTC_TEXT];
	size_t next;			/* witness */
};

/** Begin. Fails with QUO_ENOMEM. */
enum quo_err quo_verify_begin(struct quo_verify *v);

/**
 * The next entry. mac NULL: it has none; why not NULL: it is wrong already,
 * for that reason (static).
 */
void quo_verify_entry(struct quo_verify *v, const char *line, size_t len,
    const uint8_t *mac, const char *why);

/** All were there: judge. Gives back what begin took. */
void quo_verify_end(struct quo_verify *v);

/** All entries of a ledger. Fails as the database does. */
enum quo_err quo_verify_ledger(struct quo_ledger *ledger,
    struct quo_verify *v);

/** All of an exported log, in memory. */
void quo_verify_export(const char *text, size_t len, struct quo_verify *v);

#endif
