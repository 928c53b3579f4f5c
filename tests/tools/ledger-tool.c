/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A ledger for tests of commands:
 *
 *	ledger-tool create LEDGER
 *	ledger-tool record LEDGER KEY=VALUE...
 *	ledger-tool deal LEDGER NAME GENERATION POLICY
 *	ledger-tool agrees LEDGER
 *
 * deal makes the entries of a dealing, without cards: of its set id 8 digits
 * are the length of NAME, the others the digit GENERATION. agrees replays the
 * log, and compares.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/policy.h"
#include "ledger/ledger.h"

static enum quo_err
create(const char *path)
{
	struct quo_secret *key = NULL;
	enum quo_err err = quo_ledger_create(path, "test", &key);

	quo_secret_free(key);
	return err;
}

static bool
take(struct quo_entry *entry, const char *word)
{
	const char *equals = strchr(word, '=');
	size_t len = equals == NULL ? 0 : (size_t)(equals - word);

	for (int k = 0; k < QUO_KEYS && len > 0; k++) {
		const char *name = quo_key_name((enum quo_key)k);

		if (strlen(name) != len || strncmp(name, word, len) != 0)
			continue;
		entry->value[k] = equals + 1;
		return true;
	}
	fprintf(stderr, "no key: %s\n", word);
	return false;
}

static enum quo_err
record(struct quo_ledger *ledger, char **words)
{
	struct quo_entry entry = { 0 };

	for (; *words != NULL; words++)
		if (!take(&entry, *words))
			return QUO_EINVAL;
	return quo_ledger_record(ledger, &entry, NULL);
}

static enum quo_err
deal(struct quo_ledger *ledger, char **words)
{
	struct quo_policy *policy = NULL;
	struct quo_policy_error error;
	struct quo_entry entry = { 0 };
	char cards[8], set[65] = "", inventory[33];
	enum quo_err err;

	if (words[0] == NULL || words[1] == NULL || words[2] == NULL)
		return QUO_EINVAL;
	err = quo_policy_parse(words[2], &policy, &error);
	if (err != QUO_OK)
		return err;
	snprintf(cards, sizeof cards, "%u", policy->cards);
	quo_policy_free(policy);
	memset(set, *words[1], 64);
	snprintf(inventory, sizeof inventory, "%032zx", strlen(words[0]));
	memcpy(set, inventory + 24, 8);
	entry.value[QUO_KEY_EVENT] = "deal-intent";
	entry.value[QUO_KEY_CREDENTIAL] = words[0];
	entry.value[QUO_KEY_INVENTORY] = inventory;
	entry.value[QUO_KEY_GENERATION] = words[1];
	entry.value[QUO_KEY_POLICY] = words[2];
	err = quo_ledger_record(ledger, &entry, NULL);
	if (err != QUO_OK)
		return err;
	entry.value[QUO_KEY_EVENT] = "deal";
	entry.value[QUO_KEY_SET] = set;
	entry.value[QUO_KEY_CARDS] = cards;
	return quo_ledger_record(ledger, &entry, NULL);
}

static enum quo_err
run(const char *verb, struct quo_ledger *ledger, char **words)
{
	if (strcmp(verb, "record") == 0)
		return record(ledger, words);
	if (strcmp(verb, "deal") == 0)
		return deal(ledger, words);
	if (strcmp(verb, "agrees") == 0)
		return quo_ledger_agrees(ledger);
	return QUO_EINVAL;
}

int
main(int argc, char **argv)
{
	struct quo_ledger *ledger = NULL;
	enum quo_err err;

	if (argc < 3)
		return 2;
	if (strcmp(argv[1], "create") == 0)
		err = create(argv[2]);
	else
		err = quo_ledger_open(argv[2], true, &ledger);
	if (err == QUO_OK && ledger != NULL)
		err = run(argv[1], ledger, argv + 3);
	if (err != QUO_OK)
		fprintf(stderr, "ledger-tool: %s: %s\n", quo_strerror(err),
		    ledger != NULL ? quo_ledger_why(ledger) : "");
	quo_ledger_close(ledger);
	return err == QUO_OK ? 0 : 1;
}
