/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_UNLOCK_H
#define QUO_UNLOCK_H

#include "cmd/quorum.h"

/**
 * The lock phrases of a set that was chosen, from files or from people at the
 * terminal. All of these say what is wrong.
 */

/** Whether each --phrase-file is one; else QUO_EXIT_MISUSE. */
enum quo_exit quo_unlock_check(const struct quo_quorum_options *options);

/**
 * Unlock card after card until they make a quorum: by files, then by asking. A
 * wrong phrase is asked for again, an empty one leaves its card out.
 *
 * Gives QUO_EXIT_DONE; QUO_EXIT_NO: no quorum is unlocked in the end; or
 * QUO_EXIT_MACHINE.
 */
enum quo_exit quo_unlock(struct quo_quorum *quorum,
    const struct quo_quorum_options *options);

/**
 * Unlock one more card than make a quorum, as the others don't open: one of
 * their phrases may be false. Whether one was unlocked.
 */
bool quo_unlock_another(struct quo_quorum *quorum,
    const struct quo_quorum_options *options);

#endif
