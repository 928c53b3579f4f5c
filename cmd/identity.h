/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_IDENTITY_H
#define QUO_IDENTITY_H

#include "cmd/option.h"
#include "ledger/roster.h"

/** What the options of `quorate person` say of somebody. */
struct quo_identity {
	const char *name;
	struct quo_list contact;
	const char *role;		/* separated by commas */
	struct quo_list key;
	struct quo_list key_file;
};

/** Whether anything is. */
bool quo_identity_given(const struct quo_identity *identity);

/**
 * Set in a person's record what is given; an empty text takes it away. What
 * is wrong is said, by its option.
 */
enum quo_exit quo_identity_apply(const struct quo_identity *identity,
    struct quo_record *record);

#endif
