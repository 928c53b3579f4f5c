/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_INCIDENT_H
#define QUO_INCIDENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledger/approval.h"
#include "ledger/ledger.h"
#include "ledger/signature.h"

/**
 * What the ledger knows of one incident and of those who may sign it.
 */

/** Room for 64 hex digits and their NUL. */
#define QUO_HEX_TEXT 65

/**
 * When an opening was, by its entry: a receipt is taken in later, and tells
 * how much later. 0 where the entry has no time.
 */
int64_t quo_incident_opened(const struct quo_entry *opening);

struct quo_incident {
	struct quo_line request;	/* the entry that made it one */
	char name[24];			/* INC-17 */
	char leaf[QUO_HEX_TEXT];	/* of that entry in the log's tree */
	bool withdrawn, opened, reviewed;
	bool unrotated;			/* it burned, and that isn't over */
	int64_t wanted;			/* approvals that its credential asks */
	int64_t given;			/* and that are there, unused */
	bool over;			/* no later opening can take it up */
};

/**
 * Make the entry of a request, with the set that holds now and the log's
 * checkpoint, so that what people sign is all in it.
 *
 * Where the credential's criteria for use are on record, one of them must be
 * cited, as it stands there or by its place from 1; the entry has it in full.
 * An emergency may leave it out.
 *
 * entry   its texts but event, set, size and root
 * number  of the incident
 * Fails as quo_ledger_record does.
 */
enum quo_err quo_incident_declare(struct quo_ledger *ledger,
    const struct quo_entry *entry, uint64_t *number);

/**
 * Load an incident by its name, INC-<n>.
 *
 * incident  the caller frees it with free(3)
 * Fails with QUO_ENOENT (there is none) or as the database does.
 */
enum quo_err quo_incident_load(struct quo_ledger *ledger, const char *name,
    struct quo_incident **incident);

/**
 * The approval that people sign: the same at each call. All is borrowed from
 * ledger and incident.
 */
void quo_incident_approval(const struct quo_ledger *ledger,
    const struct quo_incident *incident, struct quo_approval *approval);

/** Such a review, its last five texts still to be filled in. */
void quo_incident_review(const struct quo_ledger *ledger,
    const struct quo_incident *incident, struct quo_review *review);

/**
 * The set of a credential whose cards hold now, as hex; "" where there is
 * none.
 */
enum quo_err quo_ledger_current_set(struct quo_ledger *ledger,
    const char *credential, char set[QUO_HEX_TEXT]);

/**
 * Whether a check that failed with QUO_EMISMATCH is a replay: whether the
 * signature was made for one of the 16 latest incidents before this one.
 *
 * replayed  its name, or ""
 */
enum quo_err quo_incident_replayed(struct quo_ledger *ledger,
    const struct quo_incident *incident,
    const struct quo_signature_check *check, char replayed[24]);

/**
 * The criteria for the use of a credential, a line each, which the caller
 * frees; NULL where there are none.
 */
enum quo_err quo_ledger_criteria(struct quo_ledger *ledger,
    const char *credential, char **criteria);

/** Whether a receipt of this hash was taken in. */
enum quo_err quo_ledger_has_receipt(struct quo_ledger *ledger,
    const char *hash, bool *there);

/** How many approvals a credential asks for; 0 where nothing is said. */
enum quo_err quo_ledger_approvals(struct quo_ledger *ledger,
    const char *credential, int64_t *wanted);

/** How long after an opening it must be rotated; fallback: nothing is said. */
enum quo_err quo_ledger_deadline(struct quo_ledger *ledger,
    const char *credential, int64_t fallback, int64_t *seconds);

/**
 * By when a credential is to be rotated that is burned: with the first of its
 * openings that isn't rotated.
 *
 * deadline  is left as it is where that is earlier, or it isn't burned
 * told      whether it was told already that this is over
 */
enum quo_err quo_ledger_rotate_by(struct quo_ledger *ledger,
    const char *credential, int64_t *deadline, bool *told);

/** All keys on record and whose they are. */
struct quo_signers {
	struct quo_signer *list;
	size_t count;
};

/**
 * Load them, of people who left, too: their signatures are theirs still, and
 * it is their roles that they lost. Free with quo_signers_free.
 */
enum quo_err quo_signers_load(struct quo_ledger *ledger,
    struct quo_signers *signers);
void quo_signers_free(struct quo_signers *signers);

/** Whether a person has a key on record. */
bool quo_signers_has(const struct quo_signers *signers, const char *person);

#endif
