/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "card/textcard.h"
#include "card/words.h"
#include "cmd/cards.h"
#include "cmd/stop.h"
#include "cmd/tty.h"
#include "cmd/typed.h"

void
quo_cards_list(const struct quo_cards *cards, char text[QUO_CARDS_LIST])
{
	size_t used = 0;

	text[0] = '\0';
	for (unsigned s = 1; s <= QUO_CARDS_MAX; s++)
		if (cards->has[s])
			used += (size_t)snprintf(text + used,
			    QUO_CARDS_LIST - used, "%s%u",
			    used > 0 ? "," : "", s);
}

const char *
quo_cards_part_name(enum quo_card_part part)
{
	static const char *const names[] = {
		[QUO_PART_CARD] = "the card",
		[QUO_PART_SHARE] = "the share code",
		[QUO_PART_SET] = "the set code",
		[QUO_PART_TEXT] = "a text",
	};

	return names[part];
}

/* A name that comes with a card must not look like our own words on it. */
static void
name_card(unsigned serial, const char *whose, char name[QUO_CARDS_NAME_MAX])
{
	size_t from = (size_t)snprintf(name, QUO_CARDS_NAME_MAX, "card %u (",
	    serial);

	snprintf(name + from, QUO_CARDS_NAME_MAX - from, "%s", whose);
	for (char *c = name + from; *c != '\0'; c++)
		if (strchr("():", *c) != NULL)
			*c = '_';
	from = strlen(name);
	if (from > QUO_CARDS_NAME_MAX - 2)
		from = QUO_CARDS_NAME_MAX - 2;
	strcpy(name + from, ")");
}

void
quo_cards_serial_name(const struct quo_pool_set *set, unsigned serial,
    char name[QUO_CARDS_NAME_MAX])
{
	const struct quo_policy_node *leaf = NULL;

	if (set != NULL && set->code != NULL)
		leaf = quo_policy_leaf(set->code->header.policy, serial);
	if (leaf != NULL && leaf->name != NULL)
		name_card(serial, leaf->name, name);
	else
		snprintf(name, QUO_CARDS_NAME_MAX, "card %u", serial);
}

void
quo_cards_name(const struct quo_pool *pool, const struct quo_pool_card *card,
    char name[QUO_CARDS_NAME_MAX])
{
	const struct quo_pool_set *sets;
	size_t count;

	sets = quo_pool_sets(pool, &count);
	if (card->serial == 0)
		snprintf(name, QUO_CARDS_NAME_MAX, "a card");
	else
		quo_cards_serial_name(card->set < count ? &sets[card->set] :
		    NULL, card->serial, name);
}

static void
say_damaged(const struct quo_pool_card *card, const char *name)
{
	/* A file that couldn't be read at all was named at once. */
	if (card->part == QUO_PART_CARD && card->serial == 0)
		return;
	if (card->why == QUO_ENOENT)
		quo_say_error("%s: %s is damaged: %s is not to be found",
		    card->label, name, quo_cards_part_name(card->part));
	else
		quo_say_error("%s: %s is damaged: %s: %s", card->label, name,
		    quo_cards_part_name(card->part), quo_strerror(card->why));
}

#define SET_TEXT (4 * (QUO_WORD_MAX + 1) + 32)

/* "huge keyword vanilla column, generation 2" */
static void
name_set(const struct quo_pool_set *set, char text[SET_TEXT])
{
	quo_words_id(set->id.hash, text);
	if (set->code != NULL)
		snprintf(text + strlen(text), 32, ", generation %lu",
		    (unsigned long)set->code->header.generation);
}

static void
say_card(const struct quo_pool *pool, const struct quo_pool_card *card)
{
	char name[QUO_CARDS_NAME_MAX], id[SET_TEXT] = "";
	const struct quo_pool_set *sets;
	const char *astray = NULL;
	size_t count;

	if (card->verdict != QUO_CARD_DAMAGED && quo_say_is_quiet())
		return;
	sets = quo_pool_sets(pool, &count);
	quo_cards_name(pool, card, name);
	if (card->set < count) {
		name_set(&sets[card->set], id);
		astray = sets[card->set].astray;
	}
	if (card->verdict == QUO_CARD_DAMAGED)
		say_damaged(card, name);
	else
		quo_say("%s: %s of set %s: %s%s%s%s", card->label, name, id,
		    quo_verdict_name(card->verdict), card->typed ?
		    "; typed words are proved only by opening" : "",
		    astray != NULL && *astray != '\0' ? ", " : "",
		    astray != NULL ? astray : "");
}

void
quo_cards_say(const struct quo_pool *pool, size_t first)
{
	const struct quo_pool_card *cards;
	size_t count, i;

	cards = quo_pool_cards(pool, &count);
	for (i = 0; i < count; i++)
		if (cards[i].source >= first)
			say_card(pool, &cards[i]);
}

/* "card 1 (cfo), card 3 (cto)…", as many as have room. */
static void
list_cards(const struct quo_pool_set *set, const struct quo_cards *which,
    char *text, size_t cap)
{
	char name[QUO_CARDS_NAME_MAX];
	size_t used = 0;
	unsigned serial;

	text[0] = '\0';
	for (serial = 1; serial <= QUO_CARDS_MAX; serial++) {
		if (!which->has[serial])
			continue;
		quo_cards_serial_name(set, serial, name);
		if (used + strlen(name) + sizeof ", and others" > cap) {
			snprintf(text + used, cap - used, ", and others");
			return;
		}
		used += (size_t)snprintf(text + used, cap - used, "%s%s",
		    used > 0 ? ", " : "", name);
	}
}

static void
say_set_progress(const struct quo_pool_set *set)
{
	char id[SET_TEXT], could[512];
	struct quo_cards useful;
	unsigned lacking;

	name_set(set, id);
	if (set->code == NULL) {
		quo_say("set %s: its set code isn't here yet", id);
		quo_say_hint("scan the set code of any of its cards, or type "
		    "the rows from 11");
		return;
	}
	if (set->enough) {
		quo_say("set %s: a quorum is here%s", id, set->sealed ? "" :
		    ", but the file with its sealed credential is missing");
		return;
	}
	lacking = quo_policy_lacking(set->code->header.policy, &set->present);
	quo_policy_useful(set->code->header.policy, &set->present, &useful);
	list_cards(set, &useful, could, sizeof could);
	quo_say("set %s: %u of its cards %s here, %u more needed", id,
	    set->count, set->count == 1 ? "is" : "are", lacking);
	quo_say("could still come: %s", could);
}

/* Another set is pinned: this one's progress leads nowhere. */
static bool
is_foreign(const struct quo_pool *pool, size_t set)
{
	const struct quo_pool_card *cards;
	size_t count;

	cards = quo_pool_cards(pool, &count);
	for (size_t i = 0; i < count; i++)
		if (cards[i].set == set &&
		    cards[i].verdict == QUO_CARD_FOREIGN)
			return true;
	return false;
}

void
quo_cards_say_progress(const struct quo_pool *pool)
{
	const struct quo_pool_set *sets;
	size_t count, i;

	sets = quo_pool_sets(pool, &count);
	for (i = 0; i < count; i++)
		if (sets[i].count > 0 && sets[i].astray[0] == '\0' &&
		    !is_foreign(pool, i))
			say_set_progress(&sets[i]);
}

/* Whether every set that has cards has its set code too. */
static bool
sets_known(const struct quo_pool *pool)
{
	const struct quo_pool_set *sets;
	size_t count, i;

	sets = quo_pool_sets(pool, &count);
	for (i = 0; i < count; i++)
		if (sets[i].code == NULL)
			return false;
	return count > 0;
}

static enum quo_err
take_typed(struct quo_pool *pool, unsigned number)
{
	struct quo_secret *text = NULL;
	enum quo_err err;
	char label[32];

	snprintf(label, sizeof label, "typed card %u", number);
	err = quo_typed_read(sets_known(pool), &text);
	if (err == QUO_OK)
		err = quo_textcard_add(pool, label, (char *)text->data,
		    text->len, NULL);
	else if (quo_exit_of(err) != QUO_EXIT_MACHINE) {
		quo_say_error("%s: %s", label, err == QUO_ECANCEL ?
		    "given up" : quo_strerror(err));
		err = QUO_OK;
	}
	quo_secret_free(text);
	return err == QUO_OK ? quo_pool_judge(pool) : err;
}

/* A file dragged into a terminal comes in quotes, with blanks behind. */
static char *
strip(char *line)
{
	size_t len = strlen(line);

	while (len > 0 && line[len - 1] == ' ')
		line[--len] = '\0';
	while (*line == ' ') {
		line++;
		len--;
	}
	if (len > 1 && (*line == '\'' || *line == '"') &&
	    line[len - 1] == *line) {
		line[len - 1] = '\0';
		line++;
	}
	return line;
}

static enum quo_err
take_answer(struct quo_pool *pool, const char *answer, unsigned *typed,
    void (*say)(const struct quo_pool *pool, size_t first))
{
	const char *const items[] = { answer };
	const struct quo_list one = { (const char **)(size_t)items, 1 };

	size_t before;
	enum quo_err err;

	if (strcmp(answer, "w") == 0) {
		before = quo_pool_begin(pool);
		err = take_typed(pool, ++*typed);
		if (err == QUO_OK)
			say(pool, before);
		return err;
	}
	/* Standard input is the person that types. */
	if (strcmp(answer, "-") == 0) {
		quo_say_error("- is no file here");
		return QUO_OK;
	}
	return quo_cards_read(&one, pool, say, NULL) == QUO_EXIT_MACHINE ?
	    QUO_ENOMEM : QUO_OK;
}

enum quo_exit
quo_cards_ask(struct quo_pool *pool,
    void (*say)(const struct quo_pool *pool, size_t first), bool until_quorum)
{
	enum quo_err err = QUO_OK;
	char line[4096], *answer;
	unsigned typed = 0;
	size_t set;

	if (!quo_tty_present()) {
		quo_say_error("no card is given, and standard input is no "
		    "terminal to ask at");
		quo_say_hint("give the cards as files, or - for standard "
		    "input");
		return QUO_EXIT_MISUSE;
	}
	for (;;) {
		if (until_quorum && quo_pool_choose(pool, &set) == QUO_OK)
			return QUO_EXIT_DONE;
		err = quo_tty_line("card file, or w for words, or empty to "
		    "end: ", line, sizeof line);
		answer = strip(line);
		if (err == QUO_ECANCEL || (err == QUO_OK && *answer == '\0'))
			return quo_cards_stopped();
		if (err == QUO_OK)
			err = take_answer(pool, answer, &typed, say);
		if (err != QUO_OK)
			return quo_say_failure(err, "cards");
		if (quo_stopped())
			return QUO_EXIT_NO;
		quo_cards_say_progress(pool);
	}
}
