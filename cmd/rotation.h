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
 * lock  set to a descriptor, to be closed when all is on record; -1: none
 * Fails where another process rotates it.
 */
enum quo_exit quo_rotation_lock(const struct quo_dealt *dealt, int *lock);

/** Put on record which of the old cards were presented. */
enum quo_exit quo_rotation_present(struct quo_dealt *dealt,
    const struct quo_quorum *old);

/**
 * Refuse a quorum that isn't of the set which the ledger has, unless --set
 * meant it.
 *
 * former  set where the target was given another secret since
 */
enum quo_exit quo_rotation_hold(struct quo_dealt *dealt,
    const struct quo_quorum *old, bool *former);

/** Put on record that the old cards were opened, or that they didn't open. */
enum quo_exit quo_rotation_opened(struct quo_dealt *dealt,
    const struct quo_quorum *old, enum quo_exit end);

/**
 * Put on record that the target is about to be changed; sets the checkpoint
 * that the hook is told.
 *
 * used  the old cards that gave the old secret; NULL: it isn't known
 */
enum quo_exit quo_rotation_start(struct quo_dealt *dealt,
    struct quo_hook *hook, const struct quo_cards *used);

/**
 * Put on record how it ended. Where the ledger can't take it, say that it
 * doesn't know, and what to do; gives that class, else that of the state.
 */
enum quo_exit quo_rotation_end(struct quo_dealt *dealt,
    enum quo_applied state);

/** Put on record that the cards are out and the target won't be asked. */
void quo_rotation_call_off(struct quo_dealt *dealt,
    struct quo_pieces *pieces);

/** How long it was burned, and what is due now. Gives seconds; 0: it wasn't. */
long long quo_rotation_say(struct quo_dealt *dealt, enum quo_applied state);

#endif
