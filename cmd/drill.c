/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "cmd/alarm.h"
#include "cmd/cards.h"
#include "cmd/command.h"
#include "cmd/present.h"
#include "cmd/quorum.h"
#include "cmd/stop.h"
#include "ledger/spool.h"

struct drill {
	struct quo_common common;
	struct quo_quorum_options cards;
	bool quorum;
	bool alert;
};

static const struct quo_option options[] = {
	{ 0, "quorum", NULL, QUO_FLAG(struct drill, quorum),
	  .help = "show that the cards rebuild the key; nothing is opened, but "
	  "a quorum comes together: that is logged, and people are told",
	  .group = "the cards" },
	{ 0, "alert", NULL, QUO_FLAG(struct drill, alert),
	  .help = "no cards: see that an alert reaches all that are to be "
	  "told" },
	{ 0, "phrase-file", "SERIAL=FILE",
	  QUO_LIST(struct drill, cards.phrase_files),
	  .help = "the lock phrase of a card, for --quorum; else it is asked "
	  "for" },
	{ 0 }
};

/* A drill on its way. */
struct run {
	const struct drill *options;
	struct quo_book book;
	struct quo_quorum q;
	size_t told;		/* sources whose cards are in the log */
	unsigned drilled;
	struct quo_json *json;
};

/* Cards that came since the last time, as presented and no more. */
static enum quo_exit
present_all(struct run *r)
{
	const struct quo_entry like = { .value = {
		[QUO_KEY_DETAIL] = quo_stopped() ? "drill, interrupted" :
		    "drill",
	} };
	enum quo_exit end;

	if (r->q.pool == NULL)
		return QUO_EXIT_DONE;
	end = quo_present_all(&r->book, r->q.pool, r->told, &like);
	r->told = quo_pool_begin(r->q.pool);
	return end;
}

static const char *const reasons[] = {
	[QUO_CARD_DAMAGED] = "scan it again in better light",
	[QUO_CARD_WHOLE] = "the ledger doesn't know its set",
	[QUO_CARD_RETIRED] = "its set was replaced: have it destroyed",
	[QUO_CARD_FOREIGN] = "it is of another set",
	[QUO_CARD_SUSPECT] = "it claims to be of a set that has another id: "
	    "keep it, and tell the auditor",
	[QUO_CARD_DUPLICATE] = "it is here twice: find out who copied it",
};

/* Why a card doesn't count; NULL: it is good, current, and in its place. */
static const char *
fault(const struct run *r, const struct quo_pool_card *card,
    const struct quo_known_set *set, const struct quo_known_card *known)
{
	if (card->verdict == QUO_CARD_WHOLE && card->typed &&
	    set->standing == QUO_SET_CURRENT)
		return "typed words are proved by --quorum only: scan it";
	if (card->verdict == QUO_CARD_RETIRED && set->live)
		return "its set was replaced, and still opens what the "
		    "target takes: have it destroyed";
	if (card->verdict != QUO_CARD_GENUINE)
		return reasons[card->verdict];
	if (card->incomplete)
		return "its set code was not read: scan it again";
	if (r->q.name != NULL && strcmp(r->q.name, set->credential) != 0)
		return "it is of another credential";
	if (known->lost != NULL)
		return "it is counted as lost";
	return NULL;
}

static enum quo_exit
record_drill(struct run *r, const struct quo_pool_card *card,
    const struct quo_known_set *set, const struct quo_known_card *known)
{
	char serial[8], generation[16];
	const struct quo_entry entry = { .value = {
		[QUO_KEY_EVENT] = "drill",
		[QUO_KEY_CREDENTIAL] = set->credential,
		[QUO_KEY_SET] = set->set,
		[QUO_KEY_GENERATION] = generation,
		[QUO_KEY_PERSON] = known->custodian,
		[QUO_KEY_CARD] = serial,
		[QUO_KEY_VERDICT] = quo_verdict_name(card->verdict),
	} };
	enum quo_exit end;

	snprintf(serial, sizeof serial, "%u", card->serial);
	snprintf(generation, sizeof generation, "%u", set->generation);
	end = quo_book_record(&r->book, &entry, NULL);
	if (end == QUO_EXIT_DONE)
		r->drilled++;
	return end;
}

/*
 * A card into the log: as drilled, or as presented with its verdict, unless
 * that it was is there already. Gives QUO_EXIT_NO for one that doesn't count.
 */
static enum quo_exit
take_card(struct run *r, const struct quo_pool_card *card)
{
	struct quo_known_set set = { .standing = QUO_SET_UNKNOWN };
	struct quo_known_card known = { .custodian = NULL };
	const struct quo_entry like = { .value = {
		[QUO_KEY_DETAIL] = "drill",
	} };
	char name[QUO_CARDS_NAME_MAX];
	const struct quo_pool_set *sets;
	enum quo_exit end = QUO_EXIT_DONE;
	enum quo_err err = QUO_OK;
	const char *why;
	size_t count;

	sets = quo_pool_sets(r->q.pool, &count);
	if (card->set < count)
		err = quo_known_of(&r->book, &sets[card->set], &set);
	if (err == QUO_OK && set.set != NULL)
		err = quo_known_card(r->book.ledger, set.set, card->serial,
		    &known);
	if (err != QUO_OK && err != QUO_ENOENT) {
		end = quo_book_say(&r->book, err);
		goto out;
	}
	why = fault(r, card, &set, &known);
	if (why == NULL) {
		end = record_drill(r, card, &set, &known);
		goto out;
	}
	quo_cards_name(r->q.pool, card, name);
	quo_say_error("%s: %s is not drilled: %s", card->label, name, why);
	if (card->source >= r->told)
		end = quo_present_card(&r->book, r->q.pool, card,
		    &like);
	if (end == QUO_EXIT_DONE)
		end = QUO_EXIT_NO;
out:
	quo_known_set_clear(&set);
	quo_known_card_clear(&known);
	return end;
}

/* All cards; one that is bad is no reason to leave the others out. */
static enum quo_exit
take_cards(struct run *r)
{
	const struct quo_pool_card *cards;
	enum quo_exit end = QUO_EXIT_DONE, one;
	size_t count;

	cards = quo_pool_cards(r->q.pool, &count);
	if (count == 0) {
		quo_say_error("no card was found");
		return QUO_EXIT_NO;
	}
	for (size_t i = 0; i < count; i++) {
		one = take_card(r, &cards[i]);
		if (one == QUO_EXIT_MACHINE)
			return one;
		if (one != QUO_EXIT_DONE)
			end = one;
	}
	return end;
}

/* A sealed file belongs with the cards of each set that has one. */
static void
warn_sealed(const struct quo_pool *pool)
{
	const struct quo_pool_set *sets;
	size_t count;

	sets = quo_pool_sets(pool, &count);
	for (size_t i = 0; i < count; i++)
		if (sets[i].code != NULL && !sets[i].sealed)
			quo_say_warning("generation %u: its sealed file is "
			    "not here: a copy belongs with every card",
			    sets[i].code->header.generation);
}

static enum quo_standing
know(void *with, const struct quo_set_id *id, size_t len,
    const struct quo_header *header, char astray[QUO_POOL_ASTRAY])
{
	struct run *r = with;

	r->book.wanted = r->q.name;
	return quo_known_standing(&r->book, id, len, header, astray);
}

/* Card after card, of any sets. */
static enum quo_exit
drill_cards(struct run *r)
{
	const struct quo_list *operands = &r->options->common.operands;
	enum quo_exit end;
	size_t count;

	if (quo_pool_new(&r->q.pool) != QUO_OK)
		return quo_say_failure(QUO_ENOMEM, "%s", "cards");
	quo_pool_know(r->q.pool, know, r);
	end = quo_cards_read(operands, r->q.pool, quo_cards_say, &r->q.name);
	quo_pool_cards(r->q.pool, &count);
	if (end == QUO_EXIT_DONE && count == 0)
		end = quo_cards_ask(r->q.pool, quo_cards_say, false);
	if (end != QUO_EXIT_DONE)
		return present_all(r) == QUO_EXIT_MACHINE ? QUO_EXIT_MACHINE :
		    end;
	warn_sealed(r->q.pool);
	return take_cards(r);
}

/* What came since the last time, before anything is combined with it. */
static enum quo_exit
tell_presented(void *with, const struct quo_quorum *quorum)
{
	(void)quorum;
	return present_all(with);
}

/* The entry, then the act, then what came of it. */
static enum quo_exit
prove(struct run *r, const struct quo_quorum_options *cards,
    const struct quo_known_set *set)
{
	char list[QUO_CARDS_LIST], generation[16];
	struct quo_entry entry = { .value = {
		[QUO_KEY_EVENT] = "drill-quorum",
		[QUO_KEY_CREDENTIAL] = set->credential,
		[QUO_KEY_SET] = set->set,
		[QUO_KEY_GENERATION] = generation,
		[QUO_KEY_CARDS] = list,
	} };
	enum quo_exit end, ended;

	snprintf(generation, sizeof generation, "%u", set->generation);
	quo_cards_list(&quo_quorum_set(&r->q)->present, list);
	end = quo_book_record(&r->book, &entry, NULL);
	if (end != QUO_EXIT_DONE)
		return end;
	end = quo_quorum_prove(cards, &r->q);
	if (end == QUO_EXIT_DONE) {
		quo_cards_list(&r->q.used, list);
		quo_say("cards %s rebuild the key of \"%s\"; nothing was "
		    "opened", list, set->credential);
		return take_cards(r);
	}
	entry.value[QUO_KEY_EVENT] = "open-failed";
	entry.value[QUO_KEY_REASON] = "the drill of a quorum failed";
	entry.value[QUO_KEY_DETAIL] = "drill";
	ended = quo_book_record(&r->book, &entry, NULL);
	return ended != QUO_EXIT_DONE ? ended : end;
}

/* Only what the ledger vouches for is brought together. */
static enum quo_exit
check_set(const struct quo_known_set *set)
{
	if (set->standing != QUO_SET_CURRENT) {
		quo_say_error("what has a quorum here is no current set of "
		    "the ledger: nothing is combined");
		return QUO_EXIT_NO;
	}
	return QUO_EXIT_DONE;
}

static enum quo_exit
drill_quorum(struct run *r)
{
	struct quo_quorum_options cards = r->options->cards;
	struct quo_known_set set = { .standing = QUO_SET_UNKNOWN };
	enum quo_exit end, told = QUO_EXIT_DONE;
	enum quo_err err;

	cards.alone = true;
	cards.know = know;
	cards.again = tell_presented;
	cards.with = r;
	end = quo_quorum_gather(&r->options->common.operands, &cards, &r->q);
	/* Also where there is no quorum: somebody tried. */
	if (end == QUO_EXIT_DONE || end == QUO_EXIT_NO)
		told = present_all(r);
	if (end == QUO_EXIT_DONE || told == QUO_EXIT_MACHINE)
		end = told;
	if (end != QUO_EXIT_DONE)
		return end;
	err = quo_known_of(&r->book, quo_quorum_set(&r->q), &set);
	end = err == QUO_OK ? check_set(&set) : quo_book_say(&r->book,
	    err);
	if (end == QUO_EXIT_DONE)
		end = prove(r, &cards, &set);
	quo_known_set_clear(&set);
	return end;
}

/* What the ledger knows now; under --json all of it. */
static enum quo_exit
report(struct run *r, enum quo_exit end)
{
	enum quo_exit known;

	if (r->q.pool == NULL || (end != QUO_EXIT_DONE && end != QUO_EXIT_NO))
		return end;
	quo_json_int(r->json, "drilled", r->drilled);
	if (r->options->quorum) {
		quo_json_array(r->json, "quorum");
		for (unsigned s = 1; s <= QUO_CARDS_MAX; s++)
			if (r->q.used.has[s])
				quo_json_int(r->json, NULL, s);
		quo_json_close(r->json);
	}
	quo_quorum_report(r->q.pool, r->json);
	known = quo_known_say(&r->book, r->q.pool, r->json);
	if (known != QUO_EXIT_DONE)
		end = known;
	if (r->json != NULL && quo_say_json(r->json) != QUO_OK)
		return quo_say_failure(QUO_EIO, "%s", "JSON");
	return end;
}

/* Alerts are drilled like cards: one that nobody minds is sent. */
static enum quo_exit
drill_alert(const struct drill *d)
{
	struct quo_book book = { .ledger = NULL };
	const struct quo_entry entry = { .value = {
		[QUO_KEY_EVENT] = "drill-alert",
		[QUO_KEY_DETAIL] = "a drill: nothing was opened",
	} };
	uint64_t waiting = 0;
	enum quo_exit end;

	if (d->quorum || d->common.operands.count > 0)
		return quo_say_misuse("--alert goes without cards");
	end = quo_book_open(&d->common, QUO_BOOK_WRITE, &book);
	if (end == QUO_EXIT_DONE)
		end = quo_book_record(&book, &entry, NULL);
	if (end == QUO_EXIT_DONE) {
		quo_alarm_deliver(&book);
		end = quo_book_say(&book, quo_spool_count(book.ledger,
		    &waiting));
	}
	if (end == QUO_EXIT_DONE && waiting > 0) {
		quo_say_error("%llu alerts are NOT DELIVERED: quorate log "
		    "deliver", (unsigned long long)waiting);
		end = QUO_EXIT_NO;
	} else if (end == QUO_EXIT_DONE) {
		quo_say("the alert was taken by every sink: ask people "
		    "whether they saw it");
	}
	quo_book_close(&book);
	return end;
}

static enum quo_exit
run(const void *values)
{
	const struct drill *d = values;
	struct run r = { .options = d };
	enum quo_exit end;

	if (d->alert)
		return drill_alert(d);
	end = quo_book_open(&d->common, QUO_BOOK_WRITE, &r.book);
	if (end == QUO_EXIT_DONE) {
		r.json = d->common.json ? quo_json_new() : NULL;
		quo_stop_watch();
		end = d->quorum ? drill_quorum(&r) : drill_cards(&r);
		if (quo_stop_unwatch() && end == QUO_EXIT_DONE)
			end = QUO_EXIT_NO;
		end = report(&r, end);
	}
	quo_json_free(r.json);
	quo_quorum_clear(&r.q);
	quo_book_close(&r.book);
	return end;
}

static const char *const usage[] = {
	"[NAME] CARD...",
	"[NAME] CARD... --quorum",
	"--alert",
	NULL
};

static const char *const examples[] = {
	"quorate drill card-2.jpg",
	"quorate drill db-root card-1.pdf card-3.pdf --quorum",
	NULL
};

const struct quo_command quo_command_drill = {
	.name = "drill",
	.summary = "log that cards are good, current, and where they belong",
	.usage = usage,
	.about = "CARD is a PNG, JPEG, TIFF or PDF with any number of cards, "
	    "a text card, or -.\nWithout one, cards are asked for. One at a "
	    "time is enough, and exposes nothing:\nno two custodians need to "
	    "meet. Cards that don't count are told and logged, too.",
	.options = options,
	.examples = examples,
	.no = "a card is not good and current, or no quorum rebuilds the key",
	.size = sizeof(struct drill),
	.most = SIZE_MAX,
	.run = run,
};
