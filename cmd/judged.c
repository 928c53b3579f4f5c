/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "cmd/judged.h"
#include "ledger/judge.h"

struct telling {
	const char *about;
	struct quo_json *json;
};

static void
tell(void *context, const struct quo_finding *finding)
{
	const struct telling *t = context;

	if (t->about != NULL && strcmp(t->about, finding->about) != 0)
		return;
	if (finding->note)
		quo_say("%s", finding->text);
	else
		quo_say_warning("%s", finding->text);
	quo_json_object(t->json, NULL);
	quo_json_text(t->json, "rule", finding->rule);
	quo_json_text(t->json, "about", finding->about);
	quo_json_text(t->json, "text", finding->text);
	quo_json_bool(t->json, "note", finding->note);
	quo_json_close(t->json);
}

enum quo_exit
quo_judged_say(struct quo_book *book, const char *about,
    struct quo_json *json)
{
	struct telling t = { about, json };
	enum quo_err err;

	quo_json_array(json, "findings");
	err = quo_judge(book->ledger, tell, &t);
	quo_json_close(json);
	return quo_book_say(book, err);
}
