/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/book.h"
#include "cmd/command.h"
#include "cmd/form_hash.h"
#include "ledger/attest.h"

struct attest {
	struct quo_common common;
	bool destroyed, ceremony;
	long generation, card;
	const char *form;
	struct quo_list witnesses;
};

static const struct quo_option options[] = {
	{ 0, "destroyed", NULL, QUO_FLAG(struct attest, destroyed),
	  .help = "the form says that cards were destroyed",
	  .group = "what was signed", .one_of = 1 },
	{ 0, "ceremony", NULL, QUO_FLAG(struct attest, ceremony),
	  .help = "it is the sheet of a dealing, initialled and signed",
	  .one_of = 1 },
	{ 0, "form", "FILE", QUO_TEXT(struct attest, form),
	  .help = "the signed form, as scanned; its SHA-256 is logged" },
	{ 0, "witness", "WHO", QUO_LIST(struct attest, witnesses),
	  .help = "who signed it, too" },
	{ 0, "generation", "N", QUO_NUMBER(struct attest, generation, 1,
	  1000000), .help = "of that dealing; else of the current one",
	  .group = "the cards" },
	{ 0, "card", "N", QUO_NUMBER(struct attest, card, 1, QUO_CARDS_MAX),
	  .help = "of that card alone, for --destroyed; else of all" },
	{ 0 }
};

/* "signed by ana, ben"; "" for nobody. */
static enum quo_exit
name_witnesses(const struct quo_list *witnesses, char *text, size_t size)
{
	size_t used = 0;

	*text = '\0';
	for (size_t i = 0; i < witnesses->count; i++) {
		used += (size_t)snprintf(text + used, size - used, "%s%s",
		    i == 0 ? "signed by " : ", ", witnesses->items[i]);
		if (used >= size)
			return quo_say_misuse("--witness: their names are "
			    "longer than %d bytes together", QUO_VALUE_MAX);
	}
	return QUO_EXIT_DONE;
}

static enum quo_exit
attest(const struct attest *a, struct quo_book *book, const char *hash,
    const char *witnesses)
{
	const struct quo_attest what = {
		.credential = a->common.operands.items[0],
		.generation = (uint32_t)a->generation,
		.card = (unsigned)a->card,
		.destroyed = a->destroyed,
		.hash = hash,
		.detail = witnesses,
	};
	uint32_t generation = 0;
	enum quo_err err;

	err = quo_attest_record(book->ledger, &what, &generation);
	if (err == QUO_ENOENT) {
		if (a->card > 0)
			quo_say_error("\"%s\" has no such dealing, or no card "
			    "%ld", what.credential, a->card);
		else
			quo_say_error("\"%s\" has no such dealing",
			    what.credential);
		quo_book_hint_name(book, what.credential);
		return QUO_EXIT_NO;
	}
	if (err != QUO_OK)
		return quo_book_say(book, err);
	if (a->ceremony)
		quo_say("on record: the sheet of generation %u of \"%s\"",
		    generation, what.credential);
	else
		quo_say("on record: cards of generation %u of \"%s\" are "
		    "destroyed", generation, what.credential);
	return QUO_EXIT_DONE;
}

static enum quo_exit
check(const struct attest *a)
{
	if (!a->destroyed && !a->ceremony)
		return quo_say_misuse("what was signed? --destroyed or "
		    "--ceremony");
	if (a->ceremony && a->card != 0)
		return quo_say_misuse("--card: a ceremony is about all cards");
	if (a->form == NULL)
		return quo_say_misuse("--form FILE is wanted: the signed "
		    "form, scanned");
	for (size_t i = 0; i < a->witnesses.count; i++)
		if (!quo_value_valid(a->witnesses.items[i]))
			return quo_say_misuse("--witness is a text of one "
			    "line");
	return QUO_EXIT_DONE;
}

static enum quo_exit
run(const void *values)
{
	const struct attest *a = values;
	char hash[QUO_HEX_ROOM(QUO_HASH_LEN)], witnesses[QUO_VALUE_MAX + 1];
	struct quo_book book = { .ledger = NULL };
	enum quo_exit end;

	end = check(a);
	if (end == QUO_EXIT_DONE)
		end = name_witnesses(&a->witnesses, witnesses,
		    sizeof witnesses);
	if (end == QUO_EXIT_DONE)
		end = quo_form_hash(a->form, hash);
	if (end == QUO_EXIT_DONE)
		end = quo_book_open(&a->common, QUO_BOOK_WRITE, &book);
	if (end == QUO_EXIT_DONE)
		end = attest(a, &book, hash, witnesses);
	quo_book_close(&book);
	return end;
}

static const char *const usage[] = {
	"NAME --destroyed --generation N --form FILE [--witness WHO]",
	"NAME --ceremony --form FILE [--witness WHO]",
	NULL
};

static const char *const examples[] = {
	"quorate attest db-root --destroyed --generation 1 --form old.pdf",
	"quorate attest db-root --ceremony --form sheet.pdf --witness ana",
	NULL
};

const struct quo_command quo_command_attest = {
	.name = "attest",
	.summary = "record a signed sheet: a ceremony, cards destroyed",
	.usage = usage,
	.about = "Records that people signed for what no program can see: "
	    "that old cards were\ndestroyed, or how a dealing went. The form "
	    "is kept by you; its SHA-256 is logged.",
	.options = options,
	.examples = examples,
	.no = "the ledger knows no such dealing or card",
	.size = sizeof(struct attest),
	.least = 1,
	.most = 1,
	.run = run,
};
