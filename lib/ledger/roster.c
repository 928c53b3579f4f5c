/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypt.h"
#include "base/grow.h"
#include "crypto/policy.h"
#include "ledger/ledger_internal.h"
#include "ledger/roster.h"

static const char *const kinds[] = { "human", "machine", NULL };
static const char *const playbooks[] = { "cloud", "premises", "plant", NULL };
static const char *const roles[] = {
	"custodian", "requester", "approver", "auditor", NULL
};

const struct quo_record_type quo_record_types[QUO_RECORD_KINDS] = {
	{ "person", "people", "handle", "person", "handle", QUO_KEY_PERSON, {
		[QUO_PERSON_NAME] = { "name", QUO_FIELD_TEXT },
		[QUO_PERSON_CONTACT] = { "contact", QUO_FIELD_LIST },
		[QUO_PERSON_ROLES] = { "roles", QUO_FIELD_CHOICES, roles },
		[QUO_PERSON_KEYS] = { "keys", QUO_FIELD_KEYS },
		[QUO_PERSON_RETIRED] = { "retired", QUO_FIELD_MOMENT },
	} },
	{ "credential", "credentials", "name", "profile", "credential",
	  QUO_KEY_CREDENTIAL, {
		{ "owner", QUO_FIELD_TEXT },
		{ "target", QUO_FIELD_TEXT },
		{ "account", QUO_FIELD_TEXT },
		{ "kind", QUO_FIELD_CHOICE, kinds },
		{ "domain", QUO_FIELD_TEXT },
		{ "scenario", QUO_FIELD_TEXT },
		{ "justification", QUO_FIELD_TEXT },
		{ "criteria", QUO_FIELD_LIST },
		{ "depends_on", QUO_FIELD_LIST },
		{ "approvals", QUO_FIELD_COUNT },
		{ "deadline", QUO_FIELD_SPAN },
		{ "drill_every", QUO_FIELD_SPAN },
		{ "max_age", QUO_FIELD_SPAN },
		{ "review_by", QUO_FIELD_DAY },
		{ "playbook", QUO_FIELD_CHOICE, playbooks },
		{ "hook", QUO_FIELD_TEXT },
	} },
};

int
quo_record_field(enum quo_record_kind kind, const char *name)
{
	const struct quo_field *fields = quo_record_types[kind].fields;

	for (int i = 0; fields[i].name != NULL; i++)
		if (strcmp(fields[i].name, name) == 0)
			return i;
	return -1;
}

void
quo_record_clear(struct quo_record *record)
{
	free(record->key);
	for (int i = 0; i < QUO_RECORD_FIELDS; i++)
		free(record->value[i]);
	*record = (struct quo_record){ 0 };
}

enum quo_err
quo_record_copy(const struct quo_record *from, struct quo_record *to)
{
	struct quo_record made = { 0 };
	bool ok = true;

	if (from->key != NULL)
		ok = (made.key = strdup(from->key)) != NULL;
	for (int i = 0; i < QUO_RECORD_FIELDS; i++)
		if (from->value[i] != NULL)
			ok = (made.value[i] = strdup(from->value[i])) !=
			    NULL && ok;
	if (!ok) {
		quo_record_clear(&made);
		return QUO_ENOMEM;
	}
	*to = made;
	return QUO_OK;
}

bool
quo_person_has(const struct quo_record *person, enum quo_role role)
{
	const char *text = person->value[QUO_PERSON_ROLES];
	const struct quo_role_name *r = quo_role_names;
	size_t len;

	if (text == NULL || person->value[QUO_PERSON_RETIRED] != NULL)
		return false;
	while (r->role != role)
		r++;
	for (; *text != '\0'; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		if (len == strlen(r->name) && strncmp(text, r->name, len) == 0)
			return true;
	}
	return false;
}

bool
quo_text_same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

bool
quo_record_diff(enum quo_record_kind kind, const struct quo_record *old,
    const struct quo_record *new, char names[QUO_DIFF_TEXT])
{
	const struct quo_field *fields = quo_record_types[kind].fields;
	size_t used = 0;

	names[0] = '\0';
	for (int i = 0; fields[i].name != NULL; i++)
		if (!quo_text_same(old == NULL ? NULL : old->value[i],
		    new->value[i]))
			used += (size_t)snprintf(names + used,
			    QUO_DIFF_TEXT - used, "%s%s",
			    used > 0 ? ", " : "", fields[i].name);
	if (used == 0 && old == NULL)
		snprintf(names, QUO_DIFF_TEXT, "%s",
		    quo_record_types[kind].key);
	return *names != '\0';
}

struct quo_record *
quo_roster_add(struct quo_roster *roster, enum quo_record_kind kind)
{
	return QUO_GROW(roster->records[kind], roster->count[kind]);
}

static int
by_key(const void *a, const void *b)
{
	const struct quo_record *x = a, *y = b;

	return strcmp(x->key, y->key);
}

void
quo_roster_sort(struct quo_roster *roster)
{
	for (int k = 0; k < QUO_RECORD_KINDS; k++)
		if (roster->count[k] > 0)
			qsort(roster->records[k], roster->count[k],
			    sizeof *roster->records[k], by_key);
}

struct quo_record *
quo_roster_find(const struct quo_roster *roster, enum quo_record_kind kind,
    const char *key)
{
	const struct quo_record wanted = { .key = (char *)(uintptr_t)key };

	if (roster->count[kind] == 0)
		return NULL;
	return bsearch(&wanted, roster->records[kind], roster->count[kind],
	    sizeof wanted, by_key);
}

void
quo_roster_clear(struct quo_roster *roster)
{
	for (int k = 0; k < QUO_RECORD_KINDS; k++) {
		for (size_t i = 0; i < roster->count[k]; i++)
			quo_record_clear(&roster->records[k][i]);
		free(roster->records[k]);
	}
	*roster = (struct quo_roster){ 0 };
}
