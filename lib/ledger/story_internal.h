/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_STORY_INTERNAL_H
#define QUO_STORY_INTERNAL_H

#include "ledger/story.h"

/* What the two files of the story share. */

struct quo_story_opening {
	const struct quo_entry *entry;
	int64_t time;		/* the receipt's, where one told of it */
};

#define QUO_STORY_NAME 32

struct quo_story_own {
	struct quo_line line;	/* scratch */
	const struct quo_entry *latest;	/* what was kept of it, or NULL */
	bool any;
	uint64_t last;		/* number of the last line */

	struct quo_entry **kept;
	size_t kept_count;
	struct quo_story_incident *incidents;	/* all; by their numbers */
	size_t count;
	char (*names)[QUO_STORY_NAME];
	size_t *open;		/* of these, burned and not proven */
	size_t open_count;
	struct quo_story_opening *uses;
	size_t use_count;
	struct quo_story_list proven;	/* rotations */
	struct quo_story_list starts;	/* …of them; behind quo_story_end by
					 * credential, then number */
};

#endif
