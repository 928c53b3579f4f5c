/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "ledger/incident.h"
#include "ledger/ledger_internal.h"

static enum quo_err
add(struct quo_signers *signers, const char *person, const char *line)
{
	struct quo_signer *new = QUO_GROW(signers->list, signers->count);
	struct quo_pubkey *key;
	char why[QUO_REASON_MAX];

	if (new == NULL)
		return QUO_ENOMEM;
	key = malloc(sizeof *key);
	new->key = key;
	new->person = strdup(person);
	if (key == NULL || new->person == NULL)
		return QUO_ENOMEM;
	return quo_pubkey_parse(line, key, why) == QUO_OK ? QUO_OK :
	    QUO_ECORRUPT;
}

/* Keys stand in lines, one each. */
static enum quo_err
add_keys(struct quo_signers *signers, const char *person, const char *keys)
{
	char *copy = strdup(keys), *rest = copy, *line;
	enum quo_err err = copy != NULL ? QUO_OK : QUO_ENOMEM;

	while (err == QUO_OK && (line = strsep(&rest, "\n")) != NULL)
		if (*line != '\0')
			err = add(signers, person, line);
	free(copy);
	return err;
}

enum quo_err
quo_signers_load(struct quo_ledger *ledger, struct quo_signers *signers)
{
	struct quo_signers got = { NULL, 0 };
	struct quo_rows *rows = NULL;
	enum quo_err err, added = QUO_OK;

	err = quo_db_ask(ledger->db, &rows, "SELECT handle, keys FROM person "
	    "WHERE keys IS NOT NULL ORDER BY handle", "");
	if (err != QUO_OK)
		return err;
	while (added == QUO_OK && quo_rows_next(rows)) {
		char *person = strdup(quo_rows_text(rows, 0));

		added = person == NULL ? QUO_ENOMEM :
		    add_keys(&got, person, quo_rows_text(rows, 1));
		free(person);
	}
	err = quo_rows_end(rows);
	if (added != QUO_OK)
		err = added;
	if (err == QUO_OK)
		*signers = got;
	else
		quo_signers_free(&got);
	return err;
}

void
quo_signers_free(struct quo_signers *signers)
{
	for (size_t i = 0; i < signers->count; i++) {
		free((char *)(uintptr_t)signers->list[i].person);
		free((struct quo_pubkey *)(uintptr_t)signers->list[i].key);
	}
	free(signers->list);
	*signers = (struct quo_signers){ NULL, 0 };
}

bool
quo_signers_has(const struct quo_signers *signers, const char *person)
{
	for (size_t i = 0; i < signers->count; i++)
		if (strcmp(signers->list[i].person, person) == 0)
			return true;
	return false;
}
