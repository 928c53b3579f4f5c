/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "ledger/incident.h"
#include "ledger/ledger_internal.h"

enum quo_err
quo_ledger_criteria(struct quo_ledger *ledger, const char *credential,
    char **criteria)
{
	struct quo_rows *rows = NULL;
	const char *text = NULL;
	enum quo_err err;
	bool lacks = false;

	*criteria = NULL;
	err = quo_db_ask(ledger->db, &rows, "SELECT criteria FROM profile "
	    "WHERE credential = ?", "t", credential);
	if (err != QUO_OK)
		return err;
	if (quo_rows_next(rows))
		text = quo_rows_text(rows, 0);
	if (text != NULL && *text != '\0') {
		*criteria = strdup(text);
		lacks = *criteria == NULL;
	}
	err = quo_rows_end(rows);
	return err == QUO_OK && lacks ? QUO_ENOMEM : err;
}

/* The one that is cited, by its words or its place; NULL for none. The lines
 * become texts. */
static const char *
find_criterion(char *criteria, const char *cited)
{
	char *rest = criteria, *line, place[16];

	for (unsigned i = 1; (line = strsep(&rest, "\n")) != NULL; i++) {
		snprintf(place, sizeof place, "%u", i);
		if (strcmp(line, cited) == 0 || strcmp(place, cited) == 0)
			return line;
	}
	return NULL;
}

/* All of them, to choose from. */
static enum quo_err
refuse_uncited(struct quo_ledger *ledger, const struct quo_entry *e,
    const char *criteria)
{
	const char *cited = e->value[QUO_KEY_CRITERION];
	char why[QUO_WHY_MAX];
	size_t n;

	if (cited != NULL)
		n = (size_t)snprintf(why, sizeof why, "request: \"%.60s\" is "
		    "none of the criteria for its use:", cited);
	else
		n = (size_t)snprintf(why, sizeof why, "request: --criterion N: "
		    "which of the criteria for its use is met?");
	for (unsigned i = 1; *criteria != '\0' && n < sizeof why; i++) {
		size_t len = strcspn(criteria, "\n");

		n += (size_t)snprintf(why + n, sizeof why - n, " (%u) %.*s",
		    i, (int)(len < 80 ? len : 80), criteria);
		criteria += len + (criteria[len] == '\n');
	}
	return quo_ledger_refuse(ledger, e, why);
}

static enum quo_err
record(struct quo_ledger *ledger, struct quo_entry *e, uint64_t *number)
{
	const char *cited = e->value[QUO_KEY_CRITERION], *found = NULL;
	char *criteria = NULL, *lines = NULL;
	enum quo_err err;

	err = quo_ledger_criteria(ledger, e->value[QUO_KEY_CREDENTIAL],
	    &criteria);
	if (err == QUO_OK && criteria != NULL && cited != NULL) {
		lines = strdup(criteria);
		if (lines == NULL)
			err = QUO_ENOMEM;
		else
			found = find_criterion(lines, cited);
	}
	if (found != NULL)
		e->value[QUO_KEY_CRITERION] = found;
	if (err == QUO_OK && criteria != NULL && found == NULL &&
	    e->value[QUO_KEY_EMERGENCY] == NULL)
		err = refuse_uncited(ledger, e, criteria);
	if (err == QUO_OK)
		err = quo_ledger_record(ledger, e, number);
	free(criteria);
	free(lines);
	return err;
}

/* Within a transaction, so that the checkpoint is that of the moment. */
static enum quo_err
declare(struct quo_ledger *ledger, const struct quo_entry *entry,
    uint64_t *number)
{
	char set[QUO_HEX_TEXT], root[QUO_HEX_TEXT], size[24];
	struct quo_checkpoint checkpoint;
	struct quo_entry e = *entry;
	enum quo_err err;

	err = quo_ledger_current_set(ledger,
	    entry->value[QUO_KEY_CREDENTIAL], set);
	if (err == QUO_OK)
		err = quo_ledger_checkpoint(ledger, &checkpoint);
	if (err != QUO_OK)
		return err;
	quo_hex_print(checkpoint.root, QUO_HASH_LEN, root);
	snprintf(size, sizeof size, "%llu",
	    (unsigned long long)checkpoint.size);
	e.value[QUO_KEY_EVENT] = "request";
	e.value[QUO_KEY_SET] = set[0] != '\0' ? set : NULL;
	e.value[QUO_KEY_SIZE] = size;
	e.value[QUO_KEY_ROOT] = root;
	return record(ledger, &e, number);
}

enum quo_err
quo_incident_declare(struct quo_ledger *ledger,
    const struct quo_entry *entry, uint64_t *number)
{
	enum quo_err err;

	if (ledger->within)
		return declare(ledger, entry, number);
	err = quo_ledger_begin(ledger);
	if (err != QUO_OK)
		return err;
	err = declare(ledger, entry, number);
	if (err == QUO_OK)
		return quo_ledger_commit(ledger);
	quo_ledger_rollback(ledger);
	return err;
}
