/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_ROTATION_H
#define QUO_ROTATION_H

#include "cmd/apply.h"
#include "cmd/dealt.h"
#include "cmd/quorum.h"

/**
 * A rotation as the ledger sees it, around its dealing (cmd/dealt.h). Where
 * there is no ledger all of these do nothing. What goes wrong is said.
 */

/**
 * See to it that nobody else rotates this credential meanwhile: two at once
 * would each take the other's secret for the one that nobody knows.
 *
 * whose  name of the credential; "": of all that is due
 * lock   set to a descriptor, to be closed when all is on record; -1: none
 * Fails where another process rotates it.
 */
enum quo_exit quo_rotation_lock(const struct quo_book *book,
    const char *whose, int *lock);

/**
 * Whether hook, account or target is another one than the inventory names. Who
 * chooses them so chooses what is proven, and who sees the secret.
 */
bool quo_rotation_is_foreign(const struct quo_dealt *dealt,
    const struct quo_hook *hook);

/**
 * Put on record which cards were presented since the last time and, where
 * gathering them gave QUO_EXIT_NO, that no quorum came.
 *
 * why   "for rotation", say
 */
enum quo_exit quo_rotation_present(struct quo_dealt *dealt,
    const struct quo_quorum *cards, const char *why, enum quo_exit gathered);

/**
 * Refuse a quorum that isn't of the set which the ledger has, unless --set
 * meant it.
 *
 * former  set where the target was given another secret since
 */
enum quo_exit quo_rotation_hold(struct quo_dealt *dealt,
    const struct quo_quorum *old, bool *former);

/**
 * Put on record that cards were opened, or that they didn't open. Gives end,
 * unless recording fails.
 */
enum quo_exit quo_rotation_opened(struct quo_dealt *dealt,
    const struct quo_quorum *old, const char *why, enum quo_exit end);

/**
 * Put on record that the target is about to be changed; sets the checkpoint
 * that the hook is told. Where a hook that the inventory doesn't name is to
 * be handed the old secret, that is an opening, and is put on record as one.
 *
 * old      the old cards that gave the old secret; NULL: it isn't known
 * resumed  one that was stopped goes on
 */
enum quo_exit quo_rotation_start(struct quo_dealt *dealt,
    struct quo_hook *hook, const struct quo_quorum *old, bool resumed);

/**
 * Whether a secret that the target may refuse can be tried without locking the
 * account out; puts on record that it is. For struct quo_apply, with a struct
 * quo_dealt, whose set it is.
 */
bool quo_rotation_may_try(void *dealt, const struct quo_hook_desc *desc);

/**
 * Put on record how it ended. Where a hook that the inventory doesn't name got
 * the old secret and then refused, that was an opening. Where the ledger can't
 * take it, say that it doesn't know, and what to do; gives that class, else
 * that of the state.
 *
 * apply   the hook, and a reason
 */
enum quo_exit quo_rotation_end(struct quo_dealt *dealt,
    const struct quo_apply *apply, enum quo_applied state);

/**
 * The same with an outcome of its own, which is on record afterwards or
 * QUO_EXIT_MACHINE is given, and said.
 *
 * more   person, key and hash of a signed word; NULL: nothing
 */
enum quo_exit quo_rotation_settle(struct quo_dealt *dealt,
    const char *outcome, const char *detail, const struct quo_entry *more);

/**
 * Put on record that a hook which the inventory doesn't name was handed what
 * the target has still: that is an opening.
 *
 * from  the cards that it was opened from
 */
enum quo_exit quo_rotation_exposed(struct quo_dealt *dealt,
    const struct quo_quorum *from, const struct quo_hook *hook);

/** Put on record that the cards are out and the target won't be asked. */
void quo_rotation_call_off(struct quo_dealt *dealt,
    struct quo_pieces *pieces);

/** How long it was burned, and what is due now. Gives seconds; 0: it wasn't. */
long long quo_rotation_say(struct quo_dealt *dealt, enum quo_applied state);

#endif
