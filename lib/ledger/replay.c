/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/incident.h"
#include "ledger/ledger_internal.h"

/* How far back it looks: each is a run of ssh-keygen. */
#define LATEST 16

/* The numbers of the requests before one, the latest first. */
static enum quo_err
list_earlier(struct quo_ledger *ledger, int64_t before,
    int64_t numbers[LATEST], size_t *count)
{
	struct quo_rows *rows = NULL;
	enum quo_err err;

	*count = 0;
	err = quo_db_ask(ledger->db, &rows, "SELECT number FROM incident "
	    "WHERE number < ? ORDER BY number DESC LIMIT ?", "ii", before,
	    (int64_t)LATEST);
	if (err != QUO_OK)
		return err;
	while (*count < LATEST && quo_rows_next(rows))
		numbers[(*count)++] = quo_rows_int(rows, 0);
	return quo_rows_end(rows);
}

/* Whether the signature is one of an incident's approval. */
static bool
fits(struct quo_ledger *ledger, const char *name,
    const struct quo_signature_check *check)
{
	struct quo_signature_check other = *check;
	struct quo_incident *in = NULL;
	struct quo_approval approval;
	struct quo_signature s;
	char *text = NULL, why[QUO_REASON_MAX];
	bool is = false;

	if (quo_incident_load(ledger, name, &in) != QUO_OK)
		return false;
	quo_incident_approval(ledger, in, &approval);
	if (quo_approval_print(&approval, &text, why) == QUO_OK) {
		other.document = (struct quo_span){ text, strlen(text) };
		is = quo_signature_verify(&other, &s, why) == QUO_OK;
	}
	free(text);
	free(in);
	return is;
}

enum quo_err
quo_incident_replayed(struct quo_ledger *ledger,
    const struct quo_incident *incident,
    const struct quo_signature_check *check, char replayed[24])
{
	int64_t numbers[LATEST];
	size_t count = 0;
	enum quo_err err;

	replayed[0] = '\0';
	err = list_earlier(ledger, quo_incident_number(incident->name),
	    numbers, &count);
	for (size_t i = 0; err == QUO_OK && i < count; i++) {
		char name[24];

		snprintf(name, sizeof name, "INC-%lld",
		    (long long)numbers[i]);
		if (!fits(ledger, name, check))
			continue;
		memcpy(replayed, name, sizeof name);
		break;
	}
	return err;
}
