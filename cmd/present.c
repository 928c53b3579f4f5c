/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "cmd/cards.h"
#include "cmd/present.h"

/* All of a set id in hex; false where only words are here. */
static bool
whole_id(const struct quo_pool_set *set, char hex[QUO_SET_ID_HEX])
{
	quo_set_id_print(&set->id, QUO_HASH_LEN, hex);
	return set->id_len == QUO_HASH_LEN;
}

/* What else is to be said of a card; "" for nothing. */
static void
detail(const struct quo_pool_card *card, const char *given, char *text,
    size_t size)
{
	char why[256] = "";

	if (card->verdict == QUO_CARD_DAMAGED)
		snprintf(why, sizeof why, "%s: %s",
		    quo_cards_part_name(card->part), quo_strerror(card->why));
	else if (card->incomplete)
		snprintf(why, sizeof why, "its set code was not read");
	else if (card->typed)
		snprintf(why, sizeof why, "typed");
	snprintf(text, size, "%s%s%s", given != NULL ? given : "",
	    given != NULL && *why != '\0' ? "; " : "", why);
}

/* Whose it is; and that it should not be here. */
static void
describe(struct quo_book *book, const char *set,
    const struct quo_pool_card *card, char person[256], const char **lost)
{
	struct quo_known_card known;

	person[0] = '\0';
	*lost = NULL;
	if (set == NULL || card->serial == 0 || quo_known_card(book->ledger,
	    set, card->serial, &known) != QUO_OK)
		return;
	if (known.custodian != NULL)
		snprintf(person, 256, "%s", known.custodian);
	if (known.lost != NULL) {
		*lost = "it is counted as lost";
		quo_say_warning("card %u is counted as lost: who brought "
		    "it?", card->serial);
	}
	quo_known_card_clear(&known);
}

enum quo_exit
quo_present_card(struct quo_book *book, const struct quo_pool *pool,
    const struct quo_pool_card *card, const struct quo_entry *like)
{
	char serial[8], hex[QUO_SET_ID_HEX], generation[16], text[1024];
	char person[256];
	struct quo_known_set known = { .standing = QUO_SET_UNKNOWN };
	struct quo_entry e = *like;
	const struct quo_pool_set *sets;
	enum quo_err err = QUO_OK;
	const char *lost;
	enum quo_exit end;
	size_t count;

	e.value[QUO_KEY_EVENT] = "present";
	e.value[QUO_KEY_VERDICT] = quo_verdict_name(card->verdict);
	snprintf(serial, sizeof serial, "%u", card->serial);
	if (card->serial > 0)
		e.value[QUO_KEY_CARD] = serial;
	sets = quo_pool_sets(pool, &count);
	if (card->set < count) {
		err = quo_known_of(book, &sets[card->set], &known);
		if (known.set != NULL)
			e.value[QUO_KEY_SET] = known.set;
		else if (whole_id(&sets[card->set], hex))
			e.value[QUO_KEY_SET] = hex;
	}
	if (known.credential != NULL) {
		snprintf(generation, sizeof generation, "%u",
		    known.generation);
		e.value[QUO_KEY_CREDENTIAL] = known.credential;
		e.value[QUO_KEY_GENERATION] = generation;
	}
	describe(book, known.set, card, person, &lost);
	if (person[0] != '\0')
		e.value[QUO_KEY_PERSON] = person;
	detail(card, lost != NULL ? lost : like->value[QUO_KEY_DETAIL], text,
	    sizeof text);
	e.value[QUO_KEY_DETAIL] = *text != '\0' ? text : NULL;
	end = err == QUO_OK ? quo_book_record(book, &e, NULL) :
	    quo_book_say(book, err);
	quo_known_set_clear(&known);
	return end;
}

enum quo_exit
quo_present_all(struct quo_book *book, const struct quo_pool *pool,
    size_t first, const struct quo_entry *like)
{
	const struct quo_pool_card *cards;
	enum quo_exit end;
	size_t count;

	end = quo_book_say(book, quo_ledger_begin(book->ledger));
	if (end != QUO_EXIT_DONE)
		return end;
	cards = quo_pool_cards(pool, &count);
	for (size_t i = 0; end == QUO_EXIT_DONE && i < count; i++)
		if (cards[i].source >= first)
			end = quo_present_card(book, pool, &cards[i], like);
	if (end == QUO_EXIT_DONE)
		return quo_book_say(book, quo_ledger_commit(book->ledger));
	quo_ledger_rollback(book->ledger);
	return end;
}
