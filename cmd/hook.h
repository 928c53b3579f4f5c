/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_CMD_HOOK_H
#define QUO_CMD_HOOK_H

#include "cmd/option.h"

/**
 * `quorate hook ACTION`: what the files of the actions share.
 */
struct quo_hook_options {
	struct quo_common common;
	const char *user, *target, *name;
	long seconds;
	const char *secret_file;	/* the secret that the target has */
	bool ask;			/* the same, from the terminal */
	bool strip_newline, keep_newline;
	bool yes;			/* the account may be changed */
	const char *keep_fd;		/* where its last secret goes */
};

enum quo_exit quo_hook_test(const struct quo_hook_options *o);

#endif
