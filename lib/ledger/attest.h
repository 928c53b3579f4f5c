/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_ATTEST_H
#define QUO_ATTEST_H

#include "ledger/ledger.h"

/**
 * What people signed for on paper, and no program can see.
 */
struct quo_attest {
	const char *credential;
	uint32_t generation;	/* 0: of the current set */
	unsigned card;		/* 0: all of them */
	bool destroyed;		/* cards are; else the ceremony's sheet */
	const char *hash;	/* of the form, in hex */
	const char *detail;	/* who signed it; "": nobody is named */
};

/**
 * Put it on record: an entry `ceremony`, or `destroyed` for each card, all or
 * none.
 *
 * generation  set to that of the set
 * Fails with QUO_ENOENT: there is no such set or card.
 */
enum quo_err quo_attest_record(struct quo_ledger *ledger,
    const struct quo_attest *attest, uint32_t *generation);

/** Sets that were replaced: how many of their cards are destroyed. */
enum quo_err quo_attest_former(struct quo_ledger *ledger,
    const char *credential, void (*each)(void *with, int64_t generation,
    int64_t cards, int64_t destroyed), void *with);

#endif
