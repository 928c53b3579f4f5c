/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_SETTLE_H
#define QUO_SETTLE_H

#include "cmd/quorum.h"
#include "cmd/rotating.h"
#include "ledger/sets.h"

/**
 * A rotation that was stopped, or whose end is not known. The log is its
 * journal: what was dealt, and whether the target was asked, stands there; the
 * new cards, which were read back before that, are the only copy of the new
 * secret. Without a ledger the cards that are brought tell: the newest of them
 * are the new ones.
 */
struct quo_settling {
	const struct quo_list *operands;	/* NAME, and cards of any set */
	struct quo_quorum_options *cards;
	struct quo_rotating *rotating;	/* initialised; clear it later */
};

/**
 * Go on. With a quorum of the new cards: set on the target what they open,
 * unless it takes that already, and prove it. Without: where the hook does
 * not need the old secret, mint and deal anew; else say which cards to bring.
 */
enum quo_exit quo_settle_resume(const struct quo_settling *settling);

/**
 * Call it off: the new cards are void. Where the target was asked, a quorum of
 * the old ones must open what it still takes, and it must refuse, by its hook
 * or by cards of the new set, what those open.
 */
enum quo_exit quo_settle_abandon(const struct quo_settling *settling);

/** Whether the target refuses the old secret, where that was not known. */
enum quo_exit quo_settle_prove(const struct quo_settling *settling);

/** A person's word for how a rotation ended. */
struct quo_wording {
	const char *person;	/* whose */
	const char *seen;	/* how it was tried */
	const char *signature;	/* file, or -; NULL: the name is claimed */
	bool show;		/* only print what is to be signed */
};

/**
 * Whether the target takes the new secret alone, where no hook can see that:
 * by the word of somebody who tried it (ledger/unproven.h). It needs no cards,
 * and no hook.
 */
enum quo_exit quo_settle_word(const struct quo_settling *settling,
    const struct quo_wording *wording);

/** Say which sets to try at the target, and in which order. */
void quo_settle_say_order(const struct quo_sets *sets);

#endif
