/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "card/words.h"
#include "cmd/cards.h"
#include "cmd/quorum.h"
#include "cmd/tty.h"
#include "cmd/unlock.h"

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

enum quo_exit
quo_quorum_pin(struct quo_pool *pool, const char *set)
{
	uint8_t id[QUO_HASH_LEN];
	size_t len;

	if (set == NULL)
		return QUO_EXIT_DONE;
	len = strlen(set);
	for (size_t i = 0; i < len && len <= 2 * sizeof id; i += 2) {
		if (digit(set[i]) < 0 || digit(set[i + 1]) < 0)
			break;
		id[i / 2] = (uint8_t)(digit(set[i]) << 4 | digit(set[i + 1]));
		if (i + 2 == len && quo_pool_pin(pool, id, len / 2) == QUO_OK)
			return QUO_EXIT_DONE;
	}
	quo_say_error("--set %s: no set id", set);
	quo_say_hint("give 32 to 64 hexadecimal digits, as split printed "
	    "them; the four words are for handling only");
	return QUO_EXIT_MISUSE;
}

const struct quo_pool_set *
quo_quorum_set(const struct quo_quorum *quorum)
{
	size_t count;

	return &quo_pool_sets(quorum->pool, &count)[quorum->set];
}

#define SUSPECT "a set here claims to be one that the ledger knows under " \
	"another id: keep its cards, and tell the auditor"

/* No set can be chosen: say why, and what would help. */
static enum quo_exit
no_choice(const struct quo_pool *pool, enum quo_err err)
{
	char words[4 * (QUO_WORD_MAX + 1)], hex[QUO_SET_ID_HEX];
	const struct quo_pool_set *sets;
	size_t count;

	if (err != QUO_EMISMATCH) {
		quo_say_error("no quorum");
		quo_cards_say_progress(pool);
	} else {
		quo_say_error("several sets have a quorum here: which is "
		    "meant?");
	}
	sets = quo_pool_sets(pool, &count);
	for (size_t i = 0; i < count; i++) {
		bool suspect = sets[i].standing == QUO_SET_SUSPECT;

		if (!sets[i].enough || sets[i].astray[0] != '\0' ||
		    (err != QUO_EMISMATCH && !suspect))
			continue;
		if (suspect)
			quo_say_warning(SUSPECT);
		quo_set_id_print(&sets[i].id, QUO_HASH_LEN / 2, hex);
		quo_words_id(sets[i].id.hash, words);
		quo_say_hint("--set %s (%s), generation %u", hex, words,
		    sets[i].code->header.generation);
	}
	return QUO_EXIT_NO;
}

/* Cards of an older dealing of the same credential. */
static void
warn_older(const struct quo_quorum *q)
{
	const struct quo_header *own = &quo_quorum_set(q)->code->header;
	const struct quo_pool_set *sets;
	size_t count;

	sets = quo_pool_sets(q->pool, &count);
	for (size_t i = 0; i < count; i++) {
		const struct quo_header *h;

		if (sets[i].code == NULL)
			continue;
		h = &sets[i].code->header;
		if (memcmp(h->inventory, own->inventory,
		    QUO_INVENTORY_LEN) == 0 && h->generation >
		    own->generation)
			quo_say_warning("this is generation %u; cards of "
			    "generation %u are here, too", own->generation,
			    h->generation);
	}
	if (quo_quorum_set(q)->standing != QUO_SET_CURRENT)
		quo_say("generation %u; a newer one may exist",
		    own->generation);
}

/* "set parody workshop exotic kiosk, any 2 of 3 cards"; the caller frees it. */
static char *
describe_set(const struct quo_pool_set *set)
{
	char words[4 * (QUO_WORD_MAX + 1)], *policy, *text;

	quo_words_id(set->id.hash, words);
	policy = quo_policy_sentence(set->code->header.policy);
	if (asprintf(&text, "set %s, %s", words, policy != NULL ? policy :
	    "") == -1)
		text = NULL;
	free(policy);
	return text;
}

static void
warn_standing(const struct quo_pool_set *set)
{
	if (set->standing == QUO_SET_SUSPECT)
		quo_say_warning(SUSPECT);
	else if (set->standing == QUO_SET_WAITING)
		quo_say_warning("this set was dealt for a rotation that never "
		    "reached the target: that won't take what it opens");
	else if (set->standing == QUO_SET_REPLACED)
		quo_say_warning("this set was replaced, but not its secret: "
		    "its target takes what it opens");
	else if (set->standing == QUO_SET_RETIRED)
		quo_say_warning("this set is retired: its target may refuse "
		    "what it opens");
}

/*
 * Anyone can make a set of their own, of which one card is a quorum: it must
 * not come out in place of the one that others bring cards of.
 */
static enum quo_exit
face_others(const struct quo_quorum *q,
    const struct quo_quorum_options *options)
{
	const struct quo_pool_set *sets;
	size_t count, others = 0;
	bool yes = !options->alone, known;
	char *text;

	sets = quo_pool_sets(q->pool, &count);
	for (size_t i = 0; i < count; i++)
		others += i != q->set && sets[i].count > 0;
	warn_standing(&sets[q->set]);
	if (options->set != NULL)
		return QUO_EXIT_DONE;
	text = describe_set(&sets[q->set]);
	known = sets[q->set].standing == QUO_SET_CURRENT;
	if (known || others == 0)
		quo_say("%s; %s", text != NULL ? text : "", known ?
		    "genuine: the ledger knows it" : options->know == NULL ?
		    "whether it is genuine only --set ID tells" :
		    "not known as current here: whether it is genuine only "
		    "--set ID tells");
	else
		(options->alone ? quo_say_error : quo_say_warning)("cards of "
		    "another set are here, too; what has a quorum is %s",
		    text != NULL ? text : "");
	free(text);
	if (known || others == 0)
		return QUO_EXIT_DONE;
	quo_say_hint("anyone can make a set: say which is meant by --set ID, "
	    "or leave the other cards out");
	if (yes && quo_tty_present() && quo_tty_confirm("Is this the set to "
	    "open?", &yes) != QUO_OK)
		yes = false;
	return yes ? QUO_EXIT_DONE : QUO_EXIT_NO;
}

/* Why a set doesn't open that could; false: it is another failure. */
static bool
say_shut(enum quo_err err)
{
	if (err == QUO_ESEAL) {
		quo_say_error("these cards don't open what is sealed");
		quo_say_hint("typed words or a phrase may be wrong, or the "
		    "dealer cheated; try other cards");
	} else if (err == QUO_EMISSING || err == QUO_ECHECK) {
		quo_say_error(err == QUO_EMISSING ?
		    "the file with the sealed credential is missing" :
		    "no sealed file here is of this set, or it is damaged");
		quo_say_hint("a copy went with every card: give the .sealed "
		    "file as an argument, too");
	} else {
		quo_say_failure(err, "%s", "opening");
		return false;
	}
	return true;
}

/* Ask for what may help; whether anything came. */
static bool
ask_more(struct quo_quorum *q)
{
	bool sealed = quo_quorum_set(q)->sealed;
	size_t before, after;

	quo_pool_cards(q->pool, &before);
	if (quo_cards_ask(q->pool, quo_cards_say, false) != QUO_EXIT_DONE)
		return false;
	quo_pool_cards(q->pool, &after);
	return after != before || quo_quorum_set(q)->sealed != sealed;
}

/*
 * One liar, or one slip, is no reason to give up: unlock another card that is
 * here, or let another come.
 */
static bool
bring_more(struct quo_quorum *q, const struct quo_quorum_options *options,
    enum quo_err err)
{
	return (err == QUO_ESEAL && quo_unlock_another(q, options)) ||
	    (quo_tty_present() && ask_more(q));
}

/* Unlock, and combine until a quorum is right: to open it, or to prove it. */
static enum quo_exit
combine(struct quo_quorum *q, const struct quo_quorum_options *options,
    bool prove)
{
	enum quo_exit end = QUO_EXIT_DONE;
	enum quo_err err;

	if (quo_quorum_set(q)->code->header.lock.passes != 0)
		end = quo_unlock(q, options);
	while (end == QUO_EXIT_DONE) {
		err = prove ? quo_pool_prove_quorum(q->pool, q->set,
		    &q->used) : quo_pool_open(q->pool, q->set, &q->opened,
		    &q->used);
		if (err == QUO_OK)
			return quo_cards_stopped();
		if (!say_shut(err))
			return quo_exit_of(err);
		if (!bring_more(q, options, err))
			return QUO_EXIT_NO;
		if (options->again != NULL)
			end = options->again(options->with, q);
	}
	return end;
}

static enum quo_exit
gather(const struct quo_list *operands, struct quo_quorum *q)
{
	enum quo_exit end;
	size_t count;
	enum quo_err err;

	end = quo_cards_read(operands, q->pool, quo_cards_say, &q->name);
	if (end != QUO_EXIT_DONE)
		return end;
	quo_pool_cards(q->pool, &count);
	err = quo_pool_choose(q->pool, &q->set);
	if (err == QUO_ENOQUORUM && (quo_tty_present() || count == 0)) {
		quo_cards_say_progress(q->pool);
		end = quo_cards_ask(q->pool, quo_cards_say, true);
		if (end != QUO_EXIT_DONE)
			return end;
		err = quo_pool_choose(q->pool, &q->set);
	}
	return err == QUO_OK ? QUO_EXIT_DONE : no_choice(q->pool, err);
}

/* The NAME that was given must be the one that was sealed. */
static enum quo_exit
compare_name(const char *name, const struct quo_credential *credential)
{
	if (name == NULL || credential->name == NULL ||
	    strcmp(name, credential->name) == 0)
		return QUO_EXIT_DONE;
	quo_say_error("these cards open \"%s\", not \"%s\"",
	    credential->name, name);
	quo_say_hint("leave NAME out, or bring the right cards");
	return QUO_EXIT_NO;
}

enum quo_exit
quo_quorum_gather(const struct quo_list *operands,
    const struct quo_quorum_options *options, struct quo_quorum *quorum)
{
	enum quo_exit end;

	*quorum = (struct quo_quorum){ 0 };
	end = quo_unlock_check(options);
	if (end == QUO_EXIT_DONE && quo_pool_new(&quorum->pool) != QUO_OK)
		end = quo_say_failure(QUO_ENOMEM, "%s", "cards");
	if (end == QUO_EXIT_DONE)
		end = quo_quorum_pin(quorum->pool, options->set);
	if (end != QUO_EXIT_DONE)
		return end;
	quo_pool_know(quorum->pool, options->know, options->with);
	end = gather(operands, quorum);
	return end == QUO_EXIT_DONE ? face_others(quorum, options) : end;
}

enum quo_exit
quo_quorum_open(const struct quo_quorum_options *options,
    struct quo_quorum *quorum)
{
	enum quo_exit end = combine(quorum, options, false);

	if (end != QUO_EXIT_DONE)
		return end;
	warn_older(quorum);
	return compare_name(quorum->name, &quorum->opened.credential);
}

enum quo_exit
quo_quorum_prove(const struct quo_quorum_options *options,
    struct quo_quorum *quorum)
{
	return combine(quorum, options, true);
}

void
quo_quorum_clear(struct quo_quorum *quorum)
{
	quo_opened_clear(&quorum->opened);
	quo_pool_free(quorum->pool);
	quorum->pool = NULL;
}
