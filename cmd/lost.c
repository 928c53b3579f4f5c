/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/command.h"
#include "cmd/pick.h"

struct lost {
	struct quo_common common;
	long card;
	const char *custodian;
	const char *reason;
	long generation;
};

static const struct quo_option options[] = {
	{ 0, "card", "N", QUO_NUMBER(struct lost, card, 1, QUO_CARDS_MAX),
	  .help = "the card of that number", .one_of = 1,
	  .group = "the card" },
	{ 0, "custodian", "WHO", QUO_TEXT(struct lost, custodian),
	  .help = "all cards that WHO holds", .one_of = 1 },
	{ 0, "reason", "TEXT", QUO_TEXT(struct lost, reason),
	  .help = "what happened, for the log" },
	{ 0, "generation", "N", QUO_NUMBER(struct lost, generation, 1, 65535),
	  .help = "of that dealing; else of the current one" },
	{ 0 }
};

static void
put_left(struct quo_json *json, const struct quo_left *left, bool rotate)
{
	quo_json_int(json, "lost", left->lost);
	quo_json_int(json, "left", left->cards);
	quo_json_bool(json, "opens", left->opens);
	quo_json_int(json, "spare", left->spare);
	quo_json_int(json, "finder_needs", left->finder);
	quo_json_bool(json, "rotate_now", rotate);
}

/* What the loss means, the worst last; whether a rotation is due. */
static bool
warn(const char *name, const struct quo_left *left)
{
	bool due = !left->opens || left->spare == 0 || left->finder <= 1;

	quo_say("\"%s\": %u lost, %u left", name, left->lost, left->cards);
	if (!left->opens)
		quo_say_warning("\"%s\" can't be opened any more: the cards "
		    "that are left are no quorum", name);
	else if (left->spare == 0)
		quo_say_warning("\"%s\" just opens: no other card may be "
		    "lost", name);
	else
		quo_say("%u more may be lost, whichever %s, and it still "
		    "opens", left->spare, left->spare == 1 ? "it is" :
		    "they are");
	if (left->finder == 0)
		quo_say_warning("who has the lost cards can open \"%s\" "
		    "alone", name);
	else if (left->finder == 1)
		quo_say_warning("who has what is lost and gets one more card "
		    "opens \"%s\"", name);
	if (due && left->opens)
		quo_say_hint("rotate it now: quorate rotate \"%s\" CARD...",
		    name);
	else if (due)
		quo_say_hint("set a new secret on the target: quorate rotate "
		    "\"%s\" --hook EXE, without cards", name);
	return due;
}

static enum quo_err
record(struct quo_book *book, const struct lost *l,
    const struct quo_holding *h, const struct quo_cards *picked)
{
	enum quo_err err = QUO_OK;

	for (unsigned s = 1; err == QUO_OK && s <= h->policy->cards; s++) {
		struct quo_entry entry = { .value = {
			[QUO_KEY_EVENT] = "lost",
			[QUO_KEY_REASON] = l->reason,
		} };

		/* Of several of one custodian some may be known as lost. */
		if (picked->has[s] && (l->card != 0 || !h->card[s].lost))
			err = quo_pick_record(book, h, s, &entry);
	}
	return err;
}

static enum quo_exit
count(struct quo_book *book, const struct lost *l,
    const struct quo_holding *before)
{
	struct quo_json *json = l->common.json ? quo_json_new() : NULL;
	struct quo_holding *h = NULL;
	enum quo_exit end = QUO_EXIT_DONE;
	struct quo_left left;
	enum quo_err err;
	bool due;

	err = quo_holding_load(book->ledger, before->credential,
	    before->generation, &h);
	if (err != QUO_OK) {
		end = quo_book_say(book, err);
		goto out;
	}
	quo_holding_left(h, &left);
	due = warn(h->credential, &left);
	if (due)
		end = QUO_EXIT_NO;
	quo_json_text(json, "credential", h->credential);
	quo_json_int(json, "generation", h->generation);
	put_left(json, &left, due);
	if (l->common.json && quo_say_json(json) != QUO_OK)
		end = quo_say_failure(QUO_EIO, "%s", "JSON");
out:
	quo_holding_free(h);
	quo_json_free(json);
	return end;
}

static enum quo_exit
lose(struct quo_book *book, const struct lost *l)
{
	const struct quo_pick pick = {
		.name = l->common.operands.items[0],
		.generation = l->generation,
		.card = l->card,
		.custodian = l->custodian,
	};
	struct quo_holding *h = NULL;
	struct quo_cards picked;
	enum quo_exit end;
	enum quo_err err;

	end = quo_pick_cards(book, &pick, &h, &picked);
	if (end != QUO_EXIT_DONE)
		return end;
	err = quo_ledger_begin(book->ledger);
	if (err == QUO_OK)
		end = quo_book_finish(book, record(book, l, h, &picked));
	else
		end = quo_book_say(book, err);
	if (end == QUO_EXIT_DONE)
		end = count(book, l, h);
	quo_holding_free(h);
	return end;
}

static enum quo_exit
run(const void *values)
{
	const struct lost *l = values;
	struct quo_book book = { 0 };
	enum quo_exit end;

	if (l->reason == NULL || !quo_value_valid(l->reason))
		return quo_say_misuse("--reason TEXT is wanted: what "
		    "happened to the card, in one line");
	end = quo_book_open(&l->common, QUO_BOOK_WRITE, &book);
	if (end == QUO_EXIT_DONE)
		end = lose(&book, l);
	quo_book_close(&book);
	return end;
}

static const char *const usage[] = {
	"NAME --card N --reason TEXT", "NAME --custodian WHO --reason TEXT",
	NULL
};

static const char *const examples[] = {
	"quorate lost db-root --card 2 --reason 'bag torn open'",
	"quorate lost db-root --custodian ciso --reason 'house burnt down'",
	NULL
};

const struct quo_command quo_command_lost = {
	.name = "lost",
	.summary = "count a card as lost, stolen or destroyed",
	.usage = usage,
	.about = "Records that cards of the credential NAME are gone, and "
	"says what is left: whether it still opens, how many more may be "
	"lost, and how near to a quorum somebody is who has what is lost. "
	"Only a new secret on the target makes lost cards worthless: a "
	"rotation is due when no other card may be lost, or when one more "
	"card would do for the finder.",
	.options = options,
	.examples = examples,
	.no = "the rules refuse it, or it is recorded and the credential must "
	"be rotated now",
	.size = sizeof(struct lost),
	.least = 1,
	.most = 1,
	.run = run,
};
