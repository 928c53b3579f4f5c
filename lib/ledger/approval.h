/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_APPROVAL_H
#define QUO_APPROVAL_H

#include <stddef.h>

#include "base/err.h"
#include "ledger/pubkey.h"

/**
 * What people sign: an approval of one request, a review of one incident, and
 * their word for how one rotation ended that no login could prove.
 *
 * They are texts of lines `key: value` behind a first line that says what
 * they are, `quorate approval 1`, `quorate review 1` or `quorate word 1`: to
 * be read before signing, and the same bytes whenever they are made again
 * from the log, so that only the signature has to come back.
 *
 * Values are UTF-8 without control characters, neither empty nor longer than
 * 4096 bytes. Each key stands once, in the order of the struct. A criterion
 * and an expected duration are left out where there is none, and so is why a
 * rotation was unproven; nothing else is.
 */

/** An approval; like the others, it borrows its texts. */
struct quo_approval {
	const char *ledger;	/* its id, 32 hex digits */
	const char *incident;	/* INC-17 */
	const char *credential;
	const char *set;	/* its id, 64 hex digits */
	const char *requester;
	const char *reason;
	const char *ticket;	/* or none */
	const char *criterion;	/* or NULL */
	const char *expected;	/* duration, as 2h; or NULL */
	const char *requested;	/* UTC: 2026-11-21T03:10:00Z */
	const char *expires;	/* UTC */
	const char *size;	/* of the checkpoint at the request, decimal */
	const char *root;	/* of the checkpoint, 64 hex digits */
	const char *request;	/* leaf hash of its entry, 64 hex digits */
};

/** A review. */
struct quo_review {
	const char *ledger;	/* as above */
	const char *incident;
	const char *credential;
	const char *request;
	const char *reviewer;
	const char *classification;	/* drill, emergency or misuse */
	const char *findings;
	const char *actions;
	const char *recording;	/* 64 hex digits@PLACE, or none:REASON */
};

/**
 * A word: that the target takes one set's secret, and refuses the others. A
 * set stands there as its generation, a space and its id, 64 hex digits.
 */
struct quo_word {
	const char *ledger;	/* as above */
	const char *credential;
	const char *accepted;	/* the set that it was rotated to */
	const char *refused;	/* all that the target may have besides, with
				 * ", " between them; none */
	const char *rotation;	/* leaf hash of the entry that ended it */
	const char *ended;	/* that entry's time, UTC */
	const char *reason;	/* why it was unproven; or NULL */
	const char *person;	/* whose word it is */
	const char *seen;	/* how it was tried */
};

/**
 * The document, with a NUL; the caller frees it.
 *
 * why    names the value that can't stand there
 * Fails with QUO_EINVAL or QUO_ENOMEM.
 */
enum quo_err quo_approval_print(const struct quo_approval *approval,
    char **text, char why[QUO_REASON_MAX]);
enum quo_err quo_review_print(const struct quo_review *review,
    char **text, char why[QUO_REASON_MAX]);
enum quo_err quo_word_print(const struct quo_word *word, char **text,
    char why[QUO_REASON_MAX]);

/** Whether a text names a recording: HASH@PLACE or none:REASON. */
bool quo_recording_valid(const char *text);

#endif
