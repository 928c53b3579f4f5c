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

/* Why it must be rotated now, for those who are told at once; NULL: needn't. */
static const char *
demand(const struct quo_holding *h, const struct quo_left *left)
{
	if (left->finder == 0)
		return "who has the lost cards can open it alone: rotate it "
		    "now";
	if (left->finder == 1)
		return "who has what is lost opens it with one more card: "
		    "rotate it now";
	if (h->former)
		return NULL;
	return !left->opens ? "what is left doesn't open it: give the target "
	    "a new secret" : left->spare == 0 ? "no other card may be lost: "
	    "rotate it" : NULL;
}

/* Whether those who hold its cards can still open it. */
static void
say_left(const char *name, const struct quo_left *left)
{
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
}

/* What the loss means, the worst last; whether a rotation is due. */
static bool
warn(const struct quo_holding *h, const struct quo_left *left)
{
	const char *name = h->credential;
	bool due = demand(h, left) != NULL;

	quo_say("\"%s\"%s: %u lost, %u left", name, h->former ? ", of the "
	    "cards that were replaced" : "", left->lost, left->cards);
	if (!h->former)
		say_left(name, left);
	if (left->finder == 0)
		quo_say_warning("who has the lost cards can open \"%s\" "
		    "alone", name);
	else if (left->finder == 1)
		quo_say_warning("who has what is lost and gets one more card "
		    "opens \"%s\"", name);
	if (due && (left->opens || h->former))
		quo_say_hint("rotate it now: quorate rotate \"%s\" CARD...",
		    name);
	else if (due)
		quo_say_hint("set a new secret on the target: quorate rotate "
		    "\"%s\" --hook EXE, without cards", name);
	return due;
}

static enum quo_err
record(struct quo_book *book, const struct lost *l,
    const struct quo_holding *h, const struct quo_cards *fresh,
    const char *why)
{
	enum quo_err err = QUO_OK;

	for (unsigned s = 1; err == QUO_OK && s <= h->policy->cards; s++) {
		struct quo_entry entry = { .value = {
			[QUO_KEY_EVENT] = "lost",
			[QUO_KEY_REASON] = l->reason,
			[QUO_KEY_DETAIL] = why,
		} };

		if (fresh->has[s])
			err = quo_pick_record(book, h, s, &entry);
	}
	return err;
}

static enum quo_exit
report(const struct lost *l, const struct quo_holding *h,
    const struct quo_left *left)
{
	struct quo_json *json = l->common.json ? quo_json_new() : NULL;
	enum quo_exit end = QUO_EXIT_DONE;
	bool due = warn(h, left);

	if (due)
		end = QUO_EXIT_NO;
	quo_json_text(json, "credential", h->credential);
	quo_json_int(json, "generation", h->generation);
	put_left(json, left, due);
	if (l->common.json && quo_say_json(json) != QUO_OK)
		end = quo_say_failure(QUO_EIO, "%s", "JSON");
	quo_json_free(json);
	return end;
}

/* Those of them that are lost from now on. */
static void
mark(const struct lost *l, struct quo_holding *h, struct quo_cards *cards)
{
	for (unsigned s = 1; s <= h->policy->cards; s++) {
		/* Of several of one custodian some may be known as lost. */
		if (l->card == 0 && h->card[s].lost)
			cards->has[s] = false;
		h->card[s].lost = h->card[s].lost || cards->has[s];
	}
}

static enum quo_exit
lose(struct quo_book *book, const struct lost *l)
{
	const struct quo_pick pick = {
		.name = l->common.operands.items[0],
		.generation = l->generation,
		.card = l->card,
		.custodian = l->custodian,
		.former = true,
	};
	struct quo_holding *h = NULL;
	struct quo_cards picked;
	struct quo_left left;
	enum quo_exit end;
	enum quo_err err;

	end = quo_pick_cards(book, &pick, &h, &picked);
	if (end != QUO_EXIT_DONE)
		return end;
	mark(l, h, &picked);
	quo_holding_left(h, &left);
	err = quo_ledger_begin(book->ledger);
	if (err == QUO_OK)
		end = quo_book_finish(book, record(book, l, h, &picked,
		    demand(h, &left)));
	else
		end = quo_book_say(book, err);
	if (end == QUO_EXIT_DONE)
		end = report(l, h, &left);
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
	"card would do for the finder. Cards that a reissue replaced open the "
	"same secret: of these, too, say what is lost.",
	.options = options,
	.examples = examples,
	.no = "the rules refuse it, or it is recorded and the credential must "
	"be rotated now",
	.size = sizeof(struct lost),
	.least = 1,
	.most = 1,
	.run = run,
};
