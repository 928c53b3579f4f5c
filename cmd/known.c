/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/utc.h"
#include "cmd/cards.h"
#include "cmd/known.h"

enum quo_standing
quo_known_standing(void *with, const struct quo_set_id *id, size_t len,
    const struct quo_header *header, char astray[QUO_POOL_ASTRAY])
{
	struct quo_book *book = with;
	struct quo_known_set known = { .standing = QUO_SET_UNKNOWN };
	enum quo_standing standing;
	enum quo_err err;

	if (book->ledger == NULL)
		return QUO_SET_UNKNOWN;
	err = quo_known_set(book->ledger, id, len, header, &known);
	if (err != QUO_OK)
		book->err = err;
	standing = known.waiting ? QUO_SET_WAITING : known.live ?
	    QUO_SET_REPLACED : known.standing;
	if (book->wanted != NULL && known.set != NULL &&
	    strcmp(known.credential, book->wanted) != 0)
		snprintf(astray, QUO_POOL_ASTRAY, "of \"%s\": not of \"%s\"; "
		    "put it back", known.credential, book->wanted);
	quo_known_set_clear(&known);
	return standing;
}

enum quo_err
quo_known_of(struct quo_book *book, const struct quo_pool_set *set,
    struct quo_known_set *known)
{
	*known = (struct quo_known_set){ .standing = QUO_SET_UNKNOWN };
	if (book->ledger == NULL)
		return QUO_OK;
	return quo_known_set(book->ledger, &set->id, set->id_len,
	    set->code != NULL ? &set->code->header : NULL, known);
}

/* A card of which the ledger knows the set; of a suspect one, its claim. */
struct entry {
	const struct quo_pool_card *card;
	char name[QUO_CARDS_NAME_MAX];
	struct quo_known_set set;
	struct quo_known_card known;
	char due[QUO_UTC_TEXT];		/* the next drill; "": never */
	bool overdue;
};

static void
find_due(const struct quo_book *book, struct entry *e)
{
	const char *from = e->known.drilled != NULL ? e->known.drilled :
	    e->known.dealt;
	int64_t every = e->known.drill_every != 0 ? e->known.drill_every :
	    (int64_t)book->settings->drill_every;
	int64_t when;

	if (from == NULL || every == 0 || quo_utc_parse(from, &when) !=
	    QUO_OK)
		return;
	quo_utc_print(when + every, e->due);
	e->overdue = when + every < quo_utc_now();
}

static enum quo_err
look_up(struct quo_book *book, const struct quo_pool *pool,
    const struct quo_pool_card *card, struct entry *e)
{
	const struct quo_pool_set *sets;
	enum quo_err err;
	size_t count;

	*e = (struct entry){ .card = card };
	sets = quo_pool_sets(pool, &count);
	if (card->set >= count || !card->usable)
		return QUO_OK;
	quo_cards_name(pool, card, e->name);
	err = quo_known_of(book, &sets[card->set], &e->set);
	if (err == QUO_OK && e->set.set != NULL)
		err = quo_known_card(book->ledger, e->set.set, card->serial,
		    &e->known);
	if (err == QUO_OK && e->set.standing == QUO_SET_CURRENT)
		find_due(book, e);
	return err;
}

static void
clear(struct entry *e)
{
	quo_known_set_clear(&e->set);
	quo_known_card_clear(&e->known);
}

static void
report(const struct entry *e, struct quo_json *json)
{
	quo_json_object(json, NULL);
	quo_json_int(json, "card", e->card->serial);
	quo_json_text(json, "set", e->set.set);
	quo_json_text(json, "credential", e->set.credential);
	quo_json_int(json, "generation", e->set.generation);
	quo_json_bool(json, "live", e->set.live ||
	    e->set.standing == QUO_SET_CURRENT);
	quo_json_bool(json, "waiting", e->set.waiting);
	quo_json_text(json, "custodian", e->known.custodian);
	quo_json_text(json, "location", e->known.location);
	quo_json_text(json, "bag", e->known.bag);
	quo_json_text(json, "acknowledged", e->known.acknowledged);
	quo_json_text(json, "drilled", e->known.drilled);
	quo_json_text(json, "drill_due", *e->due != '\0' ? e->due : NULL);
	quo_json_text(json, "lost", e->known.lost);
	quo_json_close(json);
}

static void
say_current(const struct entry *e)
{
	const struct quo_known_card *k = &e->known;
	char where[512] = "", due[64] = "";

	snprintf(where, sizeof where, "%s%s%s%s%s%s",
	    k->custodian != NULL ? ", held by " : "",
	    k->custodian != NULL ? k->custodian : "",
	    k->location != NULL ? ", " : "",
	    k->location != NULL ? k->location : "",
	    k->bag != NULL ? ", bag " : "", k->bag != NULL ? k->bag : "");
	if (*e->due != '\0')
		snprintf(due, sizeof due, ", next %s %.10s",
		    e->overdue ? "was due" : "by", e->due);
	quo_say_data("%s is of \"%s\", generation %u%s; %s%.10s%s", e->name,
	    e->set.credential, e->set.generation, where,
	    k->drilled != NULL ? "drilled " : "never drilled",
	    k->drilled != NULL ? k->drilled : "", due);
	if (e->set.waiting)
		quo_say_data("%s WAITS: the target was not asked to take what "
		    "it holds; quorate status %s says for what", e->name,
		    e->set.credential);
}

static void
say(const struct entry *e)
{
	if (e->set.standing == QUO_SET_CURRENT)
		say_current(e);
	else
		quo_say_data("%s %s \"%s\", generation %u%s", e->name,
		    e->set.standing == QUO_SET_SUSPECT ? "claims to be of" :
		    "was of", e->set.credential, e->set.generation,
		    e->set.live ? ", and opens it still" : "");
}

/* Somebody found it again, or holds a copy. */
static enum quo_exit
warn_lost(const struct entry *e)
{
	if (e->known.lost == NULL)
		return QUO_EXIT_DONE;
	quo_say_warning("%s of \"%s\" is counted as lost since %.10s: find "
	    "out where it was, and rotate", e->name, e->set.credential,
	    e->known.lost);
	return QUO_EXIT_NO;
}

enum quo_exit
quo_known_say(struct quo_book *book, const struct quo_pool *pool,
    struct quo_json *json)
{
	const struct quo_pool_card *cards;
	enum quo_exit end = QUO_EXIT_DONE;
	enum quo_err err = QUO_OK;
	struct entry e;
	size_t count;

	if (book->ledger == NULL)
		return QUO_EXIT_DONE;
	quo_json_array(json, "known");
	cards = quo_pool_cards(pool, &count);
	for (size_t i = 0; err == QUO_OK && i < count; i++) {
		err = look_up(book, pool, &cards[i], &e);
		if (err == QUO_OK && e.set.standing != QUO_SET_UNKNOWN) {
			if (json != NULL)
				report(&e, json);
			else
				say(&e);
			if (warn_lost(&e) != QUO_EXIT_DONE)
				end = QUO_EXIT_NO;
		}
		clear(&e);
	}
	quo_json_close(json);
	return err == QUO_OK ? end : quo_book_say(book, err);
}
