/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_ISSUE_H
#define QUO_ISSUE_H

#include "card/credential.h"
#include "cmd/json.h"
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
	const char *phrase_dir;		/* phrases as files; not beside cards */
	long phrase_fd;			/* or lines there; -1: the terminal */
};

/** Cards that went out. */
struct quo_issued {
	int dir;		/* open; -1 where a hook took them */
	bool dir_made;
	char *dir_name;
	char **names;		/* the files in dir, or as told to the hook */
	unsigned *serials;	/* whose they are; 0 for none */
	size_t count;
};

/** Do it. What goes wrong is said; issued is set when all is done. */
enum quo_exit quo_issue_cards(const struct quo_issue *issue,
    struct quo_issued *issued);

/** Say what went out: to people, and as members of the JSON object. */
void quo_issue_report(const struct quo_issue *issue,
    const struct quo_issued *issued, struct quo_json *json);

/**
 * Take back the files: nothing was applied, so they open what nobody has.
 * False where they can't be had back: they went to a hook, or don't go.
 */
bool quo_issue_retract(const struct quo_issued *issued);

void quo_issued_clear(struct quo_issued *issued);

#endif
