/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_CMD_EVIDENCE_H
#define QUO_CMD_EVIDENCE_H

#include "cmd/option.h"
#include "ledger/verify.h"

/**
 * A log held against what others kept: how `log verify` and `report` look at
 * it, and the words in which they say what they found.
 */
struct quo_evidence {
	/* Given; tell gets each line as it is found. */
	void (*tell)(void *arg, const char *line);
	void *arg;

	struct quo_verify verify;
	struct quo_witness *witnesses;
	size_t count;
	bool sealed;		/* there is the auditor's key */
	bool lacking;		/* nothing is found in a witness */
};

/** Read witnesses (--witness) and the auditor's key, or NULL: none. What
 * can't be read is said. Clear in each case. */
enum quo_exit quo_evidence_gather(struct quo_evidence *ev,
    const struct quo_list *witnesses, const char *auditor_key);

/** Then the log goes to ev->verify, between these two. */
enum quo_err quo_evidence_begin(struct quo_evidence *ev);
void quo_evidence_end(struct quo_evidence *ev);

/** What was found, in words: docs/log.md, section 7. The last sentence is
 * always how much rests on this host's honesty alone. */
void quo_evidence_words(const struct quo_evidence *ev);

void quo_evidence_clear(struct quo_evidence *ev);

#endif
