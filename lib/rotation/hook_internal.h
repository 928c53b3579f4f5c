/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_HOOK_INTERNAL_H
#define QUO_HOOK_INTERNAL_H

#include "rotation/hook.h"

/* The most words of quo_hook_call.wrap. */
#define QUO_HOOK_WRAP 16
/* The most variables in a hook's environment. */
#define QUO_HOOK_VARS 12

/* How long it may take where the caller doesn't say. */
#define QUO_HOOK_SECONDS 60

/* One run of a hook. */
struct quo_hook_call {
	const char *verb;
	const struct quo_secret *input;		/* its standard input, or NULL */
	const struct quo_secret *secret, *old;	/* descriptors 3, 4, or NULL */
	int held;			/* descriptor 8; 0: none */
	const char *const *more;	/* variables; NULL-terminated, or NULL */
	struct quo_secret **out;	/* its output; NULL: it is its note */
	size_t out_max;			/* of that */
	bool join;			/* standard error is of it, too */
	const char *const *wrap;	/* a program and words, by which it is
					 * run; NULL-terminated, or NULL */
};

/* What an exit status says, 1 meaning no and 75 later. */
enum quo_hook_answer quo_hook_answer_of(int status);

/* Run a hook to its end, after holding it to quo_hook_check. */
enum quo_err quo_hook_run(struct quo_hook *hook,
    const struct quo_hook_call *call);

#endif
