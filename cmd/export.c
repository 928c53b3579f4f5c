/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/book.h"
#include "cmd/command.h"
#include "ledger/roster.h"

static enum quo_exit
print(struct quo_book *book)
{
	struct quo_json *json = quo_json_new();
	struct quo_roster roster;
	enum quo_err err = quo_roster_load(book->ledger, &roster);
	enum quo_exit end = quo_book_say(book, err);

	if (err == QUO_OK) {
		quo_roster_write(&roster, json);
		err = quo_say_json(json);
		if (err != QUO_OK)
			end = quo_say_failure(err, "%s", "JSON");
	}
	quo_roster_clear(&roster);
	quo_json_free(json);
	return end;
}

static enum quo_exit
run(const void *values)
{
	struct quo_book book = { 0 };
	enum quo_exit end = quo_book_open(values, QUO_BOOK_READ, &book);

	if (end == QUO_EXIT_DONE)
		end = print(&book);
	quo_book_close(&book);
	return end;
}

static const struct quo_option options[] = { { 0 } };

static const char *const usage[] = { "[OPTION...]", NULL };

static const char *const examples[] = {
	"quorate export >roster.json",
	NULL
};

const struct quo_command quo_command_export = {
	.name = "export",
	.summary = "give people and credentials out as JSON",
	.usage = usage,
	.about = "Prints what quorate import takes: all people, and all that "
	"is known of credentials besides their state. Imported again, and "
	"exported again, it is the same to the byte. With or without --json.",
	.options = options,
	.examples = examples,
	.size = sizeof(struct quo_common),
	.run = run,
};
