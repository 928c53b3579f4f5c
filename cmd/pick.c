/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "cmd/pick.h"

void
quo_pick_print(const struct quo_holding *holding, unsigned serial,
    char text[QUO_PICK_TEXT])
{
	const char *name = holding->card[serial].custodian;

	if (name != NULL)
		snprintf(text, QUO_PICK_TEXT, "card %u (%s)", serial, name);
	else
		snprintf(text, QUO_PICK_TEXT, "card %u", serial);
}

static enum quo_exit
say_holders(const struct quo_holding *h, const char *custodian)
{
	char names[512] = "";
	size_t used = 0;

	quo_say_error("%s holds no card of \"%s\"", custodian, h->credential);
	for (unsigned s = 1; s <= h->policy->cards && used < sizeof names;
	    s++)
		if (h->card[s].custodian != NULL)
			used += (size_t)snprintf(names + used,
			    sizeof names - used, "%s%s", used > 0 ? ", " : "",
			    h->card[s].custodian);
	if (used > 0)
		quo_say_hint("those who do: %s", names);
	else
		quo_say_hint("its policy names nobody: say --card N");
	return QUO_EXIT_MISUSE;
}

static enum quo_exit
find(const struct quo_pick *pick, const struct quo_holding *h,
    struct quo_cards *picked)
{
	bool any = false;

	memset(picked, 0, sizeof *picked);
	if (pick->custodian == NULL) {
		if (pick->card > (long)h->policy->cards)
			return quo_say_misuse("\"%s\" has %u cards, no card "
			    "%ld", h->credential, h->policy->cards,
			    pick->card);
		picked->has[pick->card] = true;
		return QUO_EXIT_DONE;
	}
	for (unsigned s = 1; s <= h->policy->cards; s++)
		if (h->card[s].custodian != NULL &&
		    strcmp(h->card[s].custodian, pick->custodian) == 0)
			any = picked->has[s] = true;
	return any ? QUO_EXIT_DONE : say_holders(h, pick->custodian);
}

static enum quo_exit
say_no_set(const struct quo_book *book, const struct quo_pick *pick)
{
	if (pick->generation > 0)
		quo_say_error("no set of generation %ld of \"%s\" is out",
		    pick->generation, pick->name);
	else
		quo_say_error("the ledger knows no cards of \"%s\"",
		    pick->name);
	if (pick->generation == 0)
		quo_book_hint_name(book, pick->name);
	return QUO_EXIT_MISUSE;
}

enum quo_exit
quo_pick_cards(struct quo_book *book, const struct quo_pick *pick,
    struct quo_holding **holding, struct quo_cards *picked)
{
	struct quo_holding *h = NULL;
	enum quo_exit end;
	enum quo_err err;

	if ((pick->card == 0) == (pick->custodian == NULL))
		return quo_say_misuse("which cards? say --card N or "
		    "--custodian WHO");
	err = quo_holding_load(book->ledger, pick->name,
	    (unsigned)pick->generation, &h);
	if (err == QUO_ENOENT || (err == QUO_OK && h->former &&
	    !pick->former)) {
		quo_holding_free(h);
		return say_no_set(book, pick);
	}
	if (err != QUO_OK)
		return quo_book_say(book, err);
	end = find(pick, h, picked);
	if (end == QUO_EXIT_DONE)
		*holding = h;
	else
		quo_holding_free(h);
	return end;
}

enum quo_err
quo_pick_record(struct quo_book *book, const struct quo_holding *holding,
    unsigned serial, struct quo_entry *entry)
{
	char card[8], generation[16];

	snprintf(card, sizeof card, "%u", serial);
	snprintf(generation, sizeof generation, "%u", holding->generation);
	entry->value[QUO_KEY_CREDENTIAL] = holding->credential;
	entry->value[QUO_KEY_SET] = holding->set;
	entry->value[QUO_KEY_GENERATION] = generation;
	entry->value[QUO_KEY_CARD] = card;
	entry->value[QUO_KEY_PERSON] = holding->card[serial].custodian;
	return quo_ledger_record(book->ledger, entry, NULL);
}
