/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/form_hash.h"
#include "cmd/pick.h"

struct acknowledge {
	struct quo_common common;
	long card;
	const char *custodian;
	const char *form;
	const char *location;
	const char *bag;
	long generation;
};

static const struct quo_option options[] = {
	{ 0, "card", "N",
	  QUO_NUMBER(struct acknowledge, card, 1, QUO_CARDS_MAX),
	  .help = "the card of that number", .one_of = 1,
	  .group = "the card" },
	{ 0, "custodian", "WHO", QUO_TEXT(struct acknowledge, custodian),
	  .help = "all cards that WHO holds", .one_of = 1 },
	{ 0, "form", "FILE", QUO_TEXT(struct acknowledge, form),
	  .help = "the signed form, as scanned; its SHA-256 is logged" },
	{ 0, "location", "TEXT", QUO_TEXT(struct acknowledge, location),
	  .help = "where the card is kept" },
	{ 0, "bag", "SERIAL", QUO_TEXT(struct acknowledge, bag),
	  .help = "the serial number of its sealed bag" },
	{ 0, "generation", "N",
	  QUO_NUMBER(struct acknowledge, generation, 1, 65535),
	  .help = "of that dealing; else of the current one" },
	{ 0 }
};

static enum quo_err
record(struct quo_book *book, const struct acknowledge *a, const char *hash,
    const struct quo_holding *h, const struct quo_cards *picked)
{
	enum quo_err err = QUO_OK;

	for (unsigned s = 1; err == QUO_OK && s <= h->policy->cards; s++) {
		struct quo_entry entry = { .value = {
			[QUO_KEY_EVENT] = "acknowledge",
			[QUO_KEY_HASH] = hash,
			[QUO_KEY_LOCATION] = a->location,
			[QUO_KEY_BAG] = a->bag,
		} };

		if (picked->has[s])
			err = quo_pick_record(book, h, s, &entry);
	}
	return err;
}

static void
say_taken(const struct quo_holding *h, const struct quo_cards *picked)
{
	char card[QUO_PICK_TEXT];

	for (unsigned s = 1; s <= h->policy->cards; s++) {
		if (!picked->has[s])
			continue;
		quo_pick_print(h, s, card);
		quo_say("%s of \"%s\" is acknowledged", card,
		    h->credential);
	}
}

/* Who still owes a form. */
static enum quo_exit
tell(struct quo_book *book, const struct acknowledge *a,
    const struct quo_holding *before, const char *hash)
{
	struct quo_json *json = a->common.json ? quo_json_new() : NULL;
	struct quo_holding *h = NULL;
	char card[QUO_PICK_TEXT], owing[512] = "";
	enum quo_exit end;
	unsigned open = 0;
	size_t n = 0;
	enum quo_err err;

	err = quo_holding_load(book->ledger, before->credential,
	    before->generation, &h);
	end = quo_book_say(book, err);
	quo_json_text(json, "credential", before->credential);
	quo_json_int(json, "generation", before->generation);
	quo_json_text(json, "form", hash);
	quo_json_array(json, "outstanding");
	for (unsigned s = 1; err == QUO_OK && s <= h->policy->cards; s++) {
		if (h->card[s].acknowledged || h->card[s].lost)
			continue;
		quo_pick_print(h, s, card);
		if (n + strlen(card) + 3 < sizeof owing)
			n += (size_t)snprintf(owing + n, sizeof owing - n,
			    "%s%s", open > 0 ? ", " : "", card);
		open++;
		quo_json_int(json, NULL, s);
	}
	quo_json_close(json);
	if (open > 0)
		quo_say("still to be acknowledged, %u: %s", open, owing);
	if (err == QUO_OK && open == 0)
		quo_say("all cards of \"%s\" are acknowledged",
		    h->credential);
	if (end == QUO_EXIT_DONE && a->common.json &&
	    quo_say_json(json) != QUO_OK)
		end = quo_say_failure(QUO_EIO, "%s", "JSON");
	quo_holding_free(h);
	quo_json_free(json);
	return end;
}

static enum quo_exit
acknowledge(struct quo_book *book, const struct acknowledge *a,
    const char *hash)
{
	const struct quo_pick pick = {
		.name = a->common.operands.items[0],
		.generation = a->generation,
		.card = a->card,
		.custodian = a->custodian,
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
		end = quo_book_finish(book, record(book, a, hash, h,
		    &picked));
	else
		end = quo_book_say(book, err);
	if (end == QUO_EXIT_DONE) {
		say_taken(h, &picked);
		end = tell(book, a, h, hash);
	}
	quo_holding_free(h);
	return end;
}

static bool
fit(const char *option, const char *text)
{
	if (text == NULL || quo_value_valid(text))
		return true;
	quo_say_misuse("--%s is a text of one line", option);
	return false;
}

static enum quo_exit
run(const void *values)
{
	const struct acknowledge *a = values;
	char hash[2 * QUO_HASH_LEN + 1];
	struct quo_book book = { 0 };
	enum quo_exit end;

	if (a->form == NULL)
		return quo_say_misuse("--form FILE is wanted: the signed "
		    "form, scanned");
	if (!fit("location", a->location) || !fit("bag", a->bag))
		return QUO_EXIT_MISUSE;
	end = quo_form_hash(a->form, hash);
	if (end == QUO_EXIT_DONE)
		end = quo_book_open(&a->common, QUO_BOOK_WRITE, &book);
	if (end == QUO_EXIT_DONE)
		end = acknowledge(&book, a, hash);
	quo_book_close(&book);
	return end;
}

static const char *const usage[] = {
	"NAME --card N --form FILE", "NAME --custodian WHO --form FILE", NULL
};

static const char *const examples[] = {
	"quorate acknowledge db-root --card 2 --form form-2.pdf",
	"quorate acknowledge db-root --custodian ciso --form f.pdf --bag A42",
	NULL
};

const struct quo_command quo_command_acknowledge = {
	.name = "acknowledge",
	.summary = "record that a custodian signed for a card",
	.usage = usage,
	.about = "Records that custodians of the credential NAME have their "
	"cards: the SHA-256 of the form that they signed, where the card is, "
	"and the serial number of its bag. The form itself is kept by you. "
	"When all cards are acknowledged the credential is active.",
	.options = options,
	.examples = examples,
	.no = "the rules refuse it",
	.size = sizeof(struct acknowledge),
	.least = 1,
	.most = 1,
	.run = run,
};
