/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A large ledger for tests and benchmarks, made through the library in one
 * transaction:
 *
 *	fill-ledger LEDGER CREDENTIALS [ENTRIES]
 *
 * Each credential is dealt to 2 of 3; of 100 of them 5 are burned, one has
 * lost a card, and one was dealt without an end. Drills fill the log up to
 * ENTRIES.
 */
#include <stdio.h>
#include <stdlib.h>

#include "ledger/ledger.h"

#define POLICY "2 of (cfo, ciso, cto)"
#define HASH "abababababababababababababababababababababababababababababababab"

static struct quo_ledger *ledger;
static uint64_t made;
static char name[32], inventory[33], set[65];

static void
must(enum quo_err err)
{
	if (err == QUO_OK)
		return;
	fprintf(stderr, "fill-ledger: %s: %s\n", quo_strerror(err),
	    ledger != NULL ? quo_ledger_why(ledger) : "");
	exit(1);
}

static void
pick(unsigned long c)
{
	/* Ids are spread as hashes are. */
	unsigned long long spread = (c + 1) * 0x9E3779B97F4A7C15ULL;

	snprintf(name, sizeof name, "cred-%06lu", c);
	snprintf(inventory, sizeof inventory, "%016llx%016lx", spread, c);
	snprintf(set, sizeof set, "%016llx%048lx", spread, c);
}

static void
say(const char *event, const char *card)
{
	const struct quo_entry entry = { .value = {
		[QUO_KEY_EVENT] = event,
		[QUO_KEY_CREDENTIAL] = name,
		[QUO_KEY_INVENTORY] = inventory,
		[QUO_KEY_SET] = set,
		[QUO_KEY_GENERATION] = "1",
		[QUO_KEY_POLICY] = POLICY,
		[QUO_KEY_CARDS] = "3",
		[QUO_KEY_CARD] = card,
		[QUO_KEY_VERDICT] = "genuine",
		[QUO_KEY_HASH] = HASH,
		[QUO_KEY_REASON] = "a test",
	} };

	must(quo_ledger_record(ledger, &entry, &made));
}

static void
burn(void)
{
	char incident[32];
	struct quo_entry entry = { .value = {
		[QUO_KEY_EVENT] = "request",
		[QUO_KEY_CREDENTIAL] = name,
		[QUO_KEY_SET] = set,
		[QUO_KEY_REQUESTER] = "ana",
		[QUO_KEY_REASON] = "no sign-on",
		[QUO_KEY_TICKET] = "T-1",
		[QUO_KEY_EXPECTED] = "2h",
		[QUO_KEY_EXPIRES] = "2999-01-01T00:00:00Z",
		[QUO_KEY_DEADLINE] = "2999-01-01T00:00:00Z",
		[QUO_KEY_CARDS] = "1,2",
	} };

	must(quo_ledger_record(ledger, &entry, &made));
	snprintf(incident, sizeof incident, "INC-%llu",
	    (unsigned long long)made);
	entry.value[QUO_KEY_EVENT] = "open";
	entry.value[QUO_KEY_INCIDENT] = incident;
	must(quo_ledger_record(ledger, &entry, &made));
}

static void
fill(unsigned long credentials, unsigned long entries)
{
	for (unsigned long c = 0; c < credentials; c++) {
		pick(c);
		say("deal-intent", NULL);
		if (c % 100 == 99)
			continue;
		say("deal", NULL);
		if (c % 20 == 0)
			burn();
		if (c % 100 == 50)
			say("lost", "2");
	}
	for (unsigned long d = 0; made + 1 < entries; d++) {
		pick(d / 3 % credentials);
		if (d / 3 % credentials % 100 != 99)
			say("drill", (const char *[]){ "1", "2", "3" }[d % 3]);
	}
}

int
main(int argc, char **argv)
{
	struct quo_secret *key = NULL;

	if (argc < 3) {
		fprintf(stderr, "usage: fill-ledger LEDGER CREDENTIALS "
		    "[ENTRIES]\n");
		return 2;
	}
	must(quo_ledger_create(argv[1], "test", &key));
	quo_secret_free(key);
	must(quo_ledger_open(argv[1], true, &ledger));
	must(quo_ledger_begin(ledger));
	fill(strtoul(argv[2], NULL, 10),
	    argc > 3 ? strtoul(argv[3], NULL, 10) : 0);
	must(quo_ledger_commit(ledger));
	quo_ledger_close(ledger);
	return 0;
}
