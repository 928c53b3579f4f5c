/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_WATCH_H
#define QUO_WATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "rotation/hook.h"

/**
 * A hook under watch: where do its secrets go?
 *
 * Debian's strace(1), where it is there and may trace, sees each call of the
 * hook and of what it starts; else the arguments and environments of all of
 * them are sampled from /proc as fast as it goes. A secret is looked for as it
 * is, in base64 and in hex; one of several lines line by line. One that is
 * shorter than 8 bytes isn't looked for: it would be found by chance. What a
 * mapping of a file, or a call that copies within the kernel, puts into one is
 * seen only where the file is there still at the end.
 */
enum quo_seen {
	QUO_SEEN_ARGV,		/* a secret in an argument; of whom */
	QUO_SEEN_ENVIRON,	/* the same of an environment */
	QUO_SEEN_FILE,		/* a secret written to this file */
	QUO_SEEN_OUTPUT,	/* a secret in the hook's output */
	QUO_SEEN_LEFT,		/* a process that lived on */
	QUO_SEEN_LITTER,	/* a file that it made and left in /tmp… */
	QUO_SEEN_READS,		/* it read on behind the end of its input */
	QUO_SEEN_TTY,		/* it tried to open the terminal */
	QUO_SEEN_BLIND,		/* why not all was seen */
	QUO_SEEN_KINDS
};

/** What directories for passing files held, to see what is new. */
struct quo_litter {
	char **paths;
	size_t count;
};

/** Note what is there. Fails with QUO_ENOMEM. */
enum quo_err quo_litter_note(struct quo_litter *litter);
/** Whether path, absolute, lies in one of them and wasn't there. */
bool quo_litter_new(const struct quo_litter *litter, const char *path);
/**
 * Something of our user's that is there now and wasn't, of whatever program;
 * false: nothing is.
 */
bool quo_litter_find(const struct quo_litter *litter, char *path,
    size_t size);
void quo_litter_clear(struct quo_litter *litter);

/** A watch over any number of runs; what is seen is kept, the first of it. */
struct quo_watch {
	const struct quo_secret *const *secrets;	/* borrowed */
	size_t count;
	const struct quo_litter *litter;		/* borrowed */
	bool traced;				/* by strace, not sampled */
	char seen[QUO_SEEN_KINDS][256];		/* "": nothing; no secret */
};

/**
 * Whether strace can be used; sets traced, and why not into
 * seen[QUO_SEEN_BLIND].
 */
bool quo_watch_try(struct quo_watch *watch);

/**
 * Run HOOK VERB once, apply or verify, under watch; quo_kin_adopt was called
 * before. Fails as quo_hook_apply does, and with QUO_EIO where the watch
 * itself fails. hook->note is left empty.
 */
enum quo_err quo_watch_run(struct quo_watch *watch, struct quo_hook *hook,
    const char *verb, const struct quo_secret *secret,
    const struct quo_secret *old, enum quo_hook_answer *answer);

#endif
