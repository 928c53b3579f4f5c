/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_OBTAIN_H
#define QUO_OBTAIN_H

#include <stdbool.h>

#include "base/secret.h"
#include "cmd/say.h"
#include "rotation/hook.h"

/**
 * Where the secret to be dealt comes from. All borrowed.
 */
struct quo_obtain {
	const char *mint;	/* a profile of crypto/mint.h; or NULL */
	const char *file;	/* a path or "-"; or NULL: prompt, or stdin */
	bool keep_newline;	/* a newline at its end is meant */
	bool strip_newline;	/* a newline at its end is not */
};

/**
 * Get the secret; what is wrong is said. The caller frees it.
 *
 * takes   what the target takes, to mint for; or NULL
 */
enum quo_exit quo_obtain_secret(const struct quo_obtain *obtain,
    const struct quo_hook_desc *takes, struct quo_secret **secret);

#endif
