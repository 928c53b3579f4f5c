/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_ISSUE_H
#define QUO_ISSUE_H

#include "card/credential.h"
#include "base/json.h"
#include "cmd/piece.h"
#include "cmd/render.h"
#include "cmd/say.h"

/**
 * From a dealing to cards that are proven and given out.
 *
 * Every card is rendered and read back by the reader that a custodian's scan
 * meets; all shares must lie on their polynomials, several quorums must open,
 * and what they open must be the credential. Only then do the lock phrases
 * and after them the cards go out. Until then nothing has a name; what fails
 * or is interrupted leaves nothing that looks like a card.
 */

/** Where cards and phrases go. Borrowed. */
struct quo_issue {
	struct quo_render render;
	const struct quo_credential *credential;
	const char *output;		/* a directory; made if need be */
	const char *deliver;		/* or a hook for each card; neither
					 * for QUO_FORMAT_TERMINAL */
	unsigned deliver_seconds;	/* that one run of it may take */
	const char *phrase_dir;		/* phrases as files; not beside cards */
	long phrase_fd;			/* or lines there; -1: the terminal */
};

/**
 * Do it. What goes wrong is said, and all is taken back that can be. A signal
 * to stop is obeyed between steps (cmd/stop.h); SIGKILL in the moment in
 * which the files get their names can leave some of them.
 *
 * pieces   what went out; starts as QUO_PIECES_NONE, the caller clears it
 */
enum quo_exit quo_issue_cards(const struct quo_issue *issue,
    struct quo_pieces *pieces);

/** Say what went out: to people, and as members of the JSON object. */
void quo_issue_report(const struct quo_issue *issue,
    const struct quo_pieces *pieces, struct quo_json *json);

#endif
