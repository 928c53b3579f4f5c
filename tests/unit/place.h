/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_UNIT_PLACE_H
#define QUO_UNIT_PLACE_H

#include "unit.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "ledger/ledger.h"

#define PLACE "/dev/shm/quorate-unit-XXXXXX"

/**
 * A new ledger, ledger.db in a directory of its own, of which dir is set: in
 * memory, where there is such a place and no program is to run in it, since
 * each entry is synced.
 */
static inline struct quo_ledger *
place_make(char dir[sizeof PLACE], bool runs)
{
	struct quo_ledger *ledger = NULL;
	struct quo_secret *key = NULL;
	char path[sizeof PLACE "/ledger.db"];

	snprintf(dir, sizeof PLACE, "%s", PLACE);
	if (runs || mkdtemp(dir) == NULL) {
		snprintf(dir, sizeof PLACE, "/tmp/quorate-unit-XXXXXX");
		assert_non_null(mkdtemp(dir));
	}
	snprintf(path, sizeof path, "%s/ledger.db", dir);
	assert_err(quo_ledger_create(path, "tester", &key), QUO_OK);
	quo_secret_free(key);
	assert_err(quo_ledger_open(path, true, &ledger), QUO_OK);
	return ledger;
}

/** Close it, and remove the directory with all in it; a teardown's result. */
static inline int
place_drop(struct quo_ledger *ledger, const char *dir)
{
	char command[sizeof "rm -rf " PLACE];

	quo_ledger_close(ledger);
	snprintf(command, sizeof command, "rm -rf %s", dir);
	return system(command);
}

#endif
