/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_JUDGE_H
#define QUO_JUDGE_H

#include "ledger/ledger.h"
#include "ledger/roster.h"

/**
 * What the practice of break-glass asks of roster, inventory and dealings,
 * held against what the ledger has: how few credentials there are, who could
 * act alone, what is down when they are needed.
 */
struct quo_finding {
	const char *rule;	/* "R2"…: docs/design.md; static */
	const char *about;	/* credential, person or domain; borrowed */
	const char *text;	/* in plain words, about included; borrowed */
	bool note;		/* good to know, nothing is wrong */
};

/**
 * Judge all of it. tell is called for each finding.
 * Fails as the database does, or with QUO_ENOMEM.
 */
enum quo_err quo_judge(struct quo_ledger *ledger,
    void (*tell)(void *context, const struct quo_finding *finding),
    void *context);

/** Whether a text names what people sign on with: an identity provider. */
bool quo_judge_identity(const char *text);

#endif
