/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_HOOK_INTERNAL_H
#define QUO_HOOK_INTERNAL_H

#include "rotation/hook.h"

/* The most variables in a hook's environment. */
#define QUO_HOOK_VARS 10

/* One run of a hook. */
struct quo_hook_call {
	const char *verb;
	const struct quo_secret *input;		/* its standard input, or NULL */
	const struct quo_secret *secret, *old;	/* descriptors 3, 4, or NULL */
	const char *const *more;	/* variables; NULL-terminated, or NULL */
	struct quo_secret **out;	/* its output; NULL: it is its note */
	size_t out_max;			/* of that */
};

/* Run a hook to its end, after holding it to quo_hook_check. */
enum quo_err quo_hook_run(struct quo_hook *hook,
    const struct quo_hook_call *call);

#endif
