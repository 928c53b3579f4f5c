/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cards.h"
#include "cmd/confirm.h"
#include "cmd/known.h"
#include "cmd/pick.h"
#include "cmd/present.h"
#include "cmd/stop.h"
#include "cmd/tty.h"

const char *const quo_confirm_levels[] = { "rendered", "quorum", "all",
	NULL };

int
quo_confirm_of(const char *name)
{
	if (name == NULL || *name == '\0')
		return 0;
	for (int i = 0; quo_confirm_levels[i] != NULL; i++)
		if (strcmp(quo_confirm_levels[i], name) == 0)
			return i + 1;
	return QUO_CONFIRM_ALL;
}

/* Cards that are shown to be good, and those that can't be any more. */
struct shown {
	struct quo_cards good, lost;
};

/* Words prove nothing before the set opens, and a part of a card isn't it. */
static bool
is_scanned(const struct quo_confirming *c, const struct quo_pool *pool,
    const struct quo_pool_card *card)
{
	const struct quo_pool_set *sets;
	size_t count;

	sets = quo_pool_sets(pool, &count);
	return card->set < count && card->usable && !card->typed &&
	    !card->incomplete && card->verdict != QUO_CARD_SUSPECT &&
	    memcmp(sets[card->set].id.hash, c->id->hash, QUO_HASH_LEN) == 0;
}

static void
look(const struct quo_confirming *c, const struct quo_pool *pool,
    struct shown *shown)
{
	const struct quo_pool_card *cards;
	size_t count;

	cards = quo_pool_cards(pool, &count);
	for (size_t i = 0; i < count; i++)
		if (is_scanned(c, pool, &cards[i]))
			shown->good.has[cards[i].serial] = true;
}

/* What is shown now goes on record; what was before is added. */
static enum quo_err
record(const struct quo_confirming *c, struct shown *shown)
{
	struct quo_book *book = c->dealt->book;
	struct quo_holding *holding = NULL;
	enum quo_err err;

	err = quo_holding_load(book->ledger, c->dealt->name,
	    (unsigned)strtoul(c->dealt->generation, NULL, 10), &holding);
	for (unsigned s = 1; err == QUO_OK && s <= c->policy->cards; s++) {
		struct quo_entry entry = { .value = {
			[QUO_KEY_EVENT] = "drill",
			[QUO_KEY_VERDICT] =
			    quo_verdict_name(QUO_CARD_GENUINE),
			[QUO_KEY_DETAIL] = "scanned before its rotation",
		} };

		shown->lost.has[s] = holding->card[s].lost;
		if (holding->card[s].drilled || holding->card[s].lost)
			shown->good.has[s] = !holding->card[s].lost;
		else if (shown->good.has[s])
			err = quo_pick_record(book, holding, s, &entry);
	}
	quo_holding_free(holding);
	return err;
}

static bool
is_enough(const struct quo_confirming *c, const struct shown *shown)
{
	/* Were all lost, nobody could open what the target is given. */
	if (!quo_policy_satisfied(c->policy, &shown->good))
		return false;
	for (unsigned s = 1; c->level == QUO_CONFIRM_ALL &&
	    s <= c->policy->cards; s++)
		if (!shown->good.has[s] && !shown->lost.has[s])
			return false;
	return true;
}

/* "card 2 (ciso), card 3 (cto)" */
static void
say_missing(const struct quo_confirming *c, const struct shown *shown)
{
	const bool known = c->dealt->book->ledger != NULL;
	char text[1024] = "";
	size_t used = 0;

	for (unsigned s = 1; s <= c->policy->cards && used < sizeof text;
	    s++) {
		const char *who = quo_policy_leaf(c->policy, s)->name;

		if (!shown->good.has[s] && !shown->lost.has[s])
			used += (size_t)snprintf(text + used,
			    sizeof text - used, "%scard %u%s%s%s",
			    used > 0 ? ", " : "", s, who != NULL ? " (" : "",
			    who != NULL ? who : "", who != NULL ? ")" : "");
	}
	quo_say_error("the target was not asked yet: %s of the new cards must "
	    "be scanned first", c->level == QUO_CONFIRM_ALL ? "all" :
	    "a quorum");
	if (text[0] == '\0') {
		quo_say_hint("too many of them are lost: quorate rotate %s "
		    "deals others", c->dealt->name);
		return;
	}
	quo_say_hint("not scanned yet: %s", text);
	/* The log remembers it. */
	quo_say_hint("then go on: quorate rotate %s --resume %s%s%sCARD...",
	    c->dealt->name, known ? "" : "--confirm ", known ? "" :
	    quo_confirm_levels[c->level - 1], known ? "" : " ");
}

enum quo_exit
quo_confirm_cards(const struct quo_confirming *c, const struct quo_pool *pool)
{
	struct shown shown = { .good = { { false } } };
	enum quo_err err = QUO_OK;

	if (c->level <= QUO_CONFIRM_RENDERED)
		return QUO_EXIT_DONE;
	look(c, pool, &shown);
	if (c->dealt->book->ledger != NULL)
		err = record(c, &shown);
	if (err != QUO_OK)
		return quo_book_say(c->dealt->book, err);
	if (is_enough(c, &shown)) {
		quo_say("the new cards were scanned: %s", c->level ==
		    QUO_CONFIRM_ALL ? "all of them" : "a quorum");
		return QUO_EXIT_DONE;
	}
	say_missing(c, &shown);
	return QUO_EXIT_NO;
}

static enum quo_exit
gather(const struct quo_confirming *c, struct quo_pool *pool)
{
	const struct quo_entry like = { .value = {
		[QUO_KEY_CREDENTIAL] = c->dealt->name,
		[QUO_KEY_DETAIL] = "to confirm it before its rotation",
	} };
	enum quo_exit end = QUO_EXIT_DONE, told = QUO_EXIT_DONE;

	/* Cards of others, and old ones, are foreign here. */
	if (quo_pool_pin(pool, c->id->hash, QUO_HASH_LEN) != QUO_OK)
		return quo_say_failure(QUO_ENOMEM, "%s", "cards");
	quo_pool_know(pool, quo_known_standing, c->dealt->book);
	if (quo_tty_present()) {
		quo_say("hand the new cards out; then scan %s from paper",
		    c->level == QUO_CONFIRM_ALL ? "each of them" :
		    "a quorum of them");
		quo_say("or end here, and later: quorate rotate %s --resume "
		    "CARD...", c->dealt->name);
		end = quo_cards_ask(pool, quo_cards_say,
		    c->level == QUO_CONFIRM_QUORUM);
	}
	if (c->dealt->book->ledger != NULL)
		told = quo_present_all(c->dealt->book, pool, 0, &like);
	return end == QUO_EXIT_DONE || told == QUO_EXIT_MACHINE ? told : end;
}

enum quo_exit
quo_confirm_ask(const struct quo_confirming *c)
{
	struct quo_pool *pool = NULL;
	enum quo_exit end;

	if (c->level <= QUO_CONFIRM_RENDERED)
		return QUO_EXIT_DONE;
	if (quo_pool_new(&pool) != QUO_OK)
		return quo_say_failure(QUO_ENOMEM, "%s", "cards");
	quo_stop_watch();
	end = gather(c, pool);
	if (quo_stop_unwatch()) {
		end = QUO_EXIT_NO;
		quo_say_hint("go on: quorate rotate %s --resume NEW-CARD..., "
		    "or give it up: --abandon", c->dealt->name);
	}
	if (end == QUO_EXIT_DONE)
		end = quo_confirm_cards(c, pool);
	quo_pool_free(pool);
	return end;
}
