/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_UNPROVEN_H
#define QUO_UNPROVEN_H

#include "ledger/approval.h"
#include "ledger/incident.h"
#include "ledger/sets.h"

/**
 * A rotation that ended unproven, and the word of a person that settles it
 * where no hook can see what the target takes: a cloud tenant that wants a
 * second factor, say.
 *
 * The word is an entry `rotate-end` that names a person; its outcome is
 * proven, its hash that of the text (ledger/approval.h), its detail
 * QUO_WORD_DETAIL and what was seen. The rules take it only where the last
 * rotation is unproven, from an approver or auditor, and not from who
 * requested what is to be ended, or ran the rotation: nobody is the only
 * witness of their own act.
 */

#define QUO_WORD_DETAIL "by word, not by a login: "

struct quo_unproven {
	struct quo_sets sets;	/* the first is what it was rotated to */
	struct quo_line end;	/* the entry that ended it */
	char leaf[QUO_HEX_TEXT];	/* of that entry in the log's tree */
	char accepted[80];	/* as in struct quo_word */
	char *refused;
};

/**
 * The last rotation of a credential, where it is unproven. Free it with
 * quo_unproven_free. Fails with QUO_ENOENT (it isn't) or as the database
 * does.
 */
enum quo_err quo_unproven_load(struct quo_ledger *ledger, const char *name,
    struct quo_unproven **unproven);

/** What a person signs of it, person and seen still to be filled in; all is
 * borrowed from ledger and unproven. */
void quo_unproven_word(const struct quo_ledger *ledger,
    const struct quo_unproven *unproven, struct quo_word *word);

void quo_unproven_free(struct quo_unproven *unproven);

/**
 * Whether that a credential's secret is what the target has, and the only one
 * it takes, rests on somebody's word.
 *
 * line    set to the entry of that word; the caller frees it with free(3).
 *         NULL where a login showed it, or nothing did
 */
enum quo_err quo_ledger_word(struct quo_ledger *ledger, const char *name,
    struct quo_line **line);

/** What was seen, of the entry of a word; borrowed from it. */
const char *quo_word_seen(const struct quo_entry *entry);

#endif
