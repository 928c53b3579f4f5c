/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "card/words.h"
#include "cmd/cards.h"
#include "cmd/command.h"
#include "cmd/known.h"
#include "cmd/quorum.h"

struct check {
	struct quo_common common;
	const char *set;
};

static const struct quo_option options[] = {
	{ 0, "set", "ID", QUO_TEXT(struct check, set),
	  .help = "the set that they should be of: 32 to 64 digits of its id",
	  .group = "the cards" },
	{ 0 }
};

/* What to do with a card of each verdict. */
static const struct advice {
	enum quo_exit end;
	const char *what;
} advice[] = {
	[QUO_CARD_DAMAGED] = { QUO_EXIT_NO,
	    "scan it again in better light, or type its words" },
	[QUO_CARD_WHOLE] = { QUO_EXIT_DONE,
	    "consistent; whether it is genuine only --set ID tells" },
	[QUO_CARD_GENUINE] = { QUO_EXIT_DONE, "put it back into its bag" },
	[QUO_CARD_RETIRED] = { QUO_EXIT_NO,
	    "it was replaced: have it destroyed, unless a backup of the target "
	    "needs it" },
	[QUO_CARD_FOREIGN] = { QUO_EXIT_NO,
	    "it is of another set: give it back to whose it is" },
	[QUO_CARD_SUSPECT] = { QUO_EXIT_NO,
	    "it claims to be of this set and is not: keep it, and tell the "
	    "auditor" },
	[QUO_CARD_DUPLICATE] = { QUO_EXIT_NO,
	    "it counts once: find out who copied it" },
};

static enum quo_standing
standing_of(const struct quo_pool *pool, const struct quo_pool_card *card)
{
	const struct quo_pool_set *sets;
	size_t count;

	sets = quo_pool_sets(pool, &count);
	return card->set < count ? sets[card->set].standing :
	    QUO_SET_UNKNOWN;
}

static const char *
advise(const struct quo_pool *pool, const struct quo_pool_card *card)
{
	if (card->verdict == QUO_CARD_DAMAGED && card->why == QUO_EMISMATCH)
		return "its parts are of different cards: keep it, and tell "
		    "the auditor";
	if (card->verdict == QUO_CARD_WHOLE && card->incomplete)
		return "its set code was not read: scan it again";
	if (card->verdict == QUO_CARD_WHOLE && card->typed)
		return "typed words are proved only by opening";
	if (card->verdict == QUO_CARD_WHOLE && quo_pool_asks(pool))
		return "consistent, but of a set that the ledger doesn't "
		    "know: whether it is genuine only --set ID tells";
	if (card->verdict == QUO_CARD_RETIRED && standing_of(pool, card) ==
	    QUO_SET_REPLACED)
		return "it was replaced, and opens what its target takes "
		    "until a rotation: have it destroyed";
	return advice[card->verdict].what;
}

/* What the header says of the set, behind a verdict. */
static void
say_set(const struct quo_pool_set *set)
{
	char words[4 * (QUO_WORD_MAX + 1)], day[QUO_DAY_TEXT], *policy;
	const struct quo_header *h;

	quo_words_id(set->id.hash, words);
	if (set->code == NULL) {
		quo_say_data("  set %s", words);
		return;
	}
	h = &set->code->header;
	policy = quo_policy_sentence(h->policy);
	quo_day_print(h->review, day);
	quo_say_data("  set %s, generation %u, %s%s, %s%s", words,
	    h->generation, policy != NULL ? policy : "",
	    h->lock.passes != 0 ? ", locked" : "",
	    h->review.number != 0 ? "due " : "never due",
	    h->review.number != 0 ? day : "");
	free(policy);
}

/* What is wrong with a set, though its cards may be good. */
static void
warn_set(const struct quo_pool_set *set)
{
	char words[4 * (QUO_WORD_MAX + 1)], day[QUO_DAY_TEXT];
	const struct quo_header *h;

	if (set->code == NULL)
		return;
	h = &set->code->header;
	quo_words_id(set->id.hash, words);
	quo_day_print(h->review, day);
	if (h->review.number != 0 && h->review.number < quo_day_today().number)
		quo_say_warning("set %s is overdue since %s: have it dealt "
		    "anew", words, day);
	if (!set->sealed)
		quo_say_warning("set %s: its sealed file is not here: a copy "
		    "belongs with every card", words);
}

static void
say_card(const struct quo_pool *pool, const struct quo_pool_card *card)
{
	char name[QUO_CARDS_NAME_MAX];
	const struct quo_pool_set *sets;
	size_t count;

	sets = quo_pool_sets(pool, &count);
	quo_cards_name(pool, card, name);
	if (card->verdict == QUO_CARD_DAMAGED)
		quo_say_data("%s: %s: damaged: %s: %s", card->label, name,
		    quo_cards_part_name(card->part),
		    quo_strerror(card->why));
	else
		quo_say_data("%s: %s: %s", card->label, name,
		    quo_verdict_name(card->verdict));
	if (card->set < count)
		say_set(&sets[card->set]);
	quo_say_data("  %s", advise(pool, card));
}

static void
say_cards(const struct quo_pool *pool, size_t first)
{
	const struct quo_pool_card *cards;
	size_t count;

	cards = quo_pool_cards(pool, &count);
	for (size_t i = 0; i < count; i++)
		if (cards[i].source >= first)
			say_card(pool, &cards[i]);
}

/* Of several sets, no pin nor ledger saying which: no majority decides. */
static bool
mixed(const struct quo_pool *pool)
{
	const struct quo_pool_set *sets;
	size_t count, with_cards = 0;

	sets = quo_pool_sets(pool, &count);
	for (size_t i = 0; i < count; i++) {
		if (sets[i].pinned)
			return false;
		with_cards += sets[i].count > 0 &&
		    sets[i].standing != QUO_SET_CURRENT &&
		    sets[i].standing != QUO_SET_WAITING ? 1 : 0;
	}
	return with_cards > 1;
}

/* What a card is worth, all in all. */
static enum quo_exit
worth(const struct quo_pool *pool, const struct quo_pool_card *card)
{
	if (card->incomplete)
		return QUO_EXIT_NO;
	/* Who keeps a ledger has all cards of use in it. */
	if (card->verdict == QUO_CARD_WHOLE && quo_pool_asks(pool))
		return standing_of(pool, card) == QUO_SET_UNKNOWN ?
		    QUO_EXIT_NO : QUO_EXIT_DONE;
	return advice[card->verdict].end;
}

static enum quo_exit
judge(const struct check *c, struct quo_pool *pool, struct quo_book *book)
{
	struct quo_json *json = c->common.json ? quo_json_new() : NULL;
	const struct quo_pool_card *cards;
	const struct quo_pool_set *sets;
	enum quo_exit end = QUO_EXIT_DONE, known;
	size_t count, set_count;

	cards = quo_pool_cards(pool, &count);
	for (size_t i = 0; i < count; i++)
		if (worth(pool, &cards[i]) != QUO_EXIT_DONE)
			end = QUO_EXIT_NO;
	sets = quo_pool_sets(pool, &set_count);
	for (size_t i = 0; i < set_count; i++)
		warn_set(&sets[i]);
	if (count == 0) {
		quo_say_error("no card was found");
		end = QUO_EXIT_NO;
	}
	if (mixed(pool)) {
		quo_say_error("these cards are of different sets");
		quo_say_hint("say which is meant by --set ID");
		end = QUO_EXIT_NO;
	}
	quo_quorum_report(pool, json);
	known = quo_known_say(book, pool, json);
	if (known != QUO_EXIT_DONE)
		end = known;
	if (c->common.json && quo_say_json(json) != QUO_OK)
		end = quo_say_failure(QUO_EIO, "%s", "JSON");
	quo_json_free(json);
	return end;
}

/* The ledger, where there is one: without, verdicts say less. */
static enum quo_exit
consult(const struct check *c, struct quo_book *book)
{
	enum quo_ledger_from from;

	quo_book_try(&c->common, false, book);
	from = book->settings->ledger_from;
	if (book->err == QUO_OK ||
	    (book->err == QUO_ENOENT && from != QUO_LEDGER_GIVEN &&
	    from != QUO_LEDGER_CONFIG))
		return QUO_EXIT_DONE;
	quo_book_say_missing(book);
	if (from == QUO_LEDGER_GIVEN)
		return book->err == QUO_ENOENT ? QUO_EXIT_MISUSE :
		    QUO_EXIT_MACHINE;
	quo_say_warning("what the ledger knows of the cards can't be told");
	return QUO_EXIT_DONE;
}

static enum quo_exit
run(const void *values)
{
	const struct check *c = values;
	struct quo_book book;
	void (*say)(const struct quo_pool *pool, size_t first) =
	    c->common.json ? NULL : say_cards;
	struct quo_pool *pool = NULL;
	enum quo_exit end;

	end = consult(c, &book);
	if (end == QUO_EXIT_DONE && quo_pool_new(&pool) != QUO_OK)
		end = quo_say_failure(QUO_ENOMEM, "%s", "cards");
	if (end == QUO_EXIT_DONE)
		end = quo_quorum_pin(pool, c->set);
	if (end != QUO_EXIT_DONE)
		goto out;
	if (book.ledger != NULL)
		quo_pool_know(pool, quo_known_standing, &book);
	if (c->common.operands.count == 0) {
		end = quo_cards_ask(pool, say, false);
	} else {
		/* Each verdict may hang on a later file: a further page of
		 * the card, the set code, the same card again. */
		end = quo_cards_read(&c->common.operands, pool, NULL, NULL);
		if (end == QUO_EXIT_DONE && say != NULL)
			say(pool, 0);
	}
	if (end == QUO_EXIT_DONE)
		end = judge(c, pool, &book);
out:
	quo_pool_free(pool);
	quo_book_close(&book);
	return end;
}

static const char *const usage[] = { "[CARD...] [--set ID]", NULL };

static const char *const examples[] = {
	"quorate check scan.pdf",
	"quorate check --set 6b428ff138aa90a74cc3306761e0743d card-2.jpg",
	NULL
};

const struct quo_command quo_command_check = {
	.name = "check",
	.summary = "say of each card whether it is good; reveals nothing",
	.usage = usage,
	.about = "CARD is a PNG, JPEG, TIFF or PDF with any number of cards, "
	    "a text card, or -.\nWithout one, cards are asked for. Verdicts: "
	    "damaged, whole, genuine, retired,\nforeign, suspect, duplicate.",
	.options = options,
	.examples = examples,
	.no = "a card is damaged, incomplete, retired, foreign, suspect, lost "
	    "or there twice, the ledger doesn't know it, or the cards are of "
	    "different sets",
	.size = sizeof(struct check),
	.most = SIZE_MAX,
	.run = run,
};
