/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "cmd/command.h"
#include "cmd/dealing.h"
#include "cmd/form.h"

static const char *const variants[] = { "cloud", "premises", "plant", NULL };
static const char *const formats[] = { "pdf", "html", NULL };

static const struct quo_option options[] = {
	{ 0, "blank", NULL, QUO_FLAG(struct quo_form_options, blank),
	  .help = "a form to fill in by hand; needs no ledger",
	  .group = "any" },
	{ 0, "format", "FORMAT", QUO_CHOICE(struct quo_form_options, format,
	  formats), .help = "pdf (the default) or html" },
	{ 0, "paper", "PAPER", QUO_CHOICE(struct quo_form_options, paper,
	  quo_dealing_papers), .help = "a4 (the default) or letter" },
	{ 0, "output", "FILE|DIR", QUO_TEXT(struct quo_form_options, output),
	  .help = "a new file, or the directory for them (default: here)" },
	{ 0, "variant", "VARIANT", QUO_CHOICE(struct quo_form_options,
	  variant, variants), .help = "cloud, premises or plant: else as the "
	  "inventory says, or premises", .group = "playbook" },
	{ 0, "call", "TEXT", QUO_TEXT(struct quo_form_options, call),
	  .help = "whom to call first (default: the owner)" },
	{ 0, "policy", "POLICY", QUO_TEXT(struct quo_form_options, policy),
	  .help = "that the dealing will have (default: as before)",
	  .group = "ceremony" },
	{ 0, "command", "TEXT", QUO_TEXT(struct quo_form_options, command),
	  .help = "that deals (default: quorate split --mint, or rotate)" },
	{ 0, "place", "TEXT", QUO_TEXT(struct quo_form_options, place),
	  .help = "where it is held" },
	{ 0, "role", "ROLE", QUO_LIST(struct quo_form_options, roles),
	  .help = "who attends (default: dealer, witness, auditor)" },
	{ 0, "card", "N", QUO_NUMBER(struct quo_form_options, card, 1,
	  QUO_CARDS_MAX), .help = "that of one card (default: of all)",
	  .group = "acknowledgement" },
	{ 0, "generation", "N", QUO_NUMBER(struct quo_form_options,
	  generation, 1, 65535), .help = "of that dealing, which is done; "
	  "else of the set that is out, a ceremony of the one to come" },
	{ 0 }
};

static const struct kind {
	const char *name;
	enum quo_exit (*make)(const struct quo_form_options *o,
	    struct quo_form_source *source, const char *name,
	    struct quo_sheets *sheets);
} kinds[] = {
	{ "playbook", quo_form_make_playbook },
	{ "ceremony", quo_form_make_ceremony },
	{ "acknowledgement", quo_form_make_acknowledgement },
	{ "receipt", quo_form_make_receipt },
};

#define KINDS (sizeof kinds / sizeof *kinds)

static const struct kind *
find_kind(const char *word)
{
	const char *names[KINDS + 1] = { NULL };

	for (size_t i = 0; i < KINDS; i++) {
		names[i] = kinds[i].name;
		if (strcmp(word, names[i]) == 0)
			return &kinds[i];
	}
	quo_say_error("form: unknown kind \"%s\"", word);
	word = quo_option_nearest(word, names);
	if (word != NULL)
		quo_say_hint("did you mean %s?", word);
	quo_say_hint("see quorate form --help");
	return NULL;
}

static enum quo_exit
make(const struct quo_form_options *o, const struct kind *kind,
    const struct quo_book *book, const char *name, struct quo_sheets *sheets)
{
	struct quo_form_source source;
	enum quo_exit end;

	end = quo_form_source_begin(book, o->paper == 2 ? QUO_FACE_LETTER :
	    QUO_FACE_A4, &source);
	if (end == QUO_EXIT_DONE)
		end = kind->make(o, &source, name, sheets);
	quo_form_source_clear(&source);
	return end;
}

static enum quo_exit
make_all(const struct quo_form_options *o, const struct kind *kind,
    const struct quo_book *book)
{
	struct quo_json *json = o->common.json ? quo_json_new() : NULL;
	const char **names = o->common.operands.items + 1;
	size_t count = o->common.operands.count - 1;
	struct quo_sheets sheets;
	enum quo_exit end;

	end = quo_sheets_begin(o->output, (enum quo_paper_form)o->format,
	    &sheets);
	if (end == QUO_EXIT_DONE && count == 0)
		end = make(o, kind, book, NULL, &sheets);
	for (size_t i = 0; end == QUO_EXIT_DONE && i < count; i++)
		end = make(o, kind, book, names[i], &sheets);
	if (end == QUO_EXIT_DONE)
		end = quo_sheets_name(&sheets, json);
	if (end == QUO_EXIT_DONE && json != NULL &&
	    quo_say_json(json) != QUO_OK)
		end = quo_say_failure(QUO_EIO, "%s", "JSON");
	quo_sheets_end(&sheets);
	quo_json_free(json);
	return end;
}

static enum quo_exit
run(const void *values)
{
	const struct quo_form_options *o = values;
	const struct kind *kind = find_kind(o->common.operands.items[0]);
	struct quo_book book = { 0 };
	enum quo_exit end;

	if (kind == NULL)
		return QUO_EXIT_MISUSE;
	if (o->blank)
		return make_all(o, kind, NULL);
	if (o->common.operands.count == 1) {
		quo_say_error("form %s: of what?", kind->name);
		quo_say_hint("name a credential, of a receipt the incident; "
		    "--blank makes one to fill in by hand");
		return QUO_EXIT_MISUSE;
	}
	end = quo_book_open(&o->common, QUO_BOOK_READ, &book);
	if (end == QUO_EXIT_DONE)
		end = make_all(o, kind, &book);
	quo_book_close(&book);
	return end;
}

static const char *const usage[] = {
	"playbook NAME... [--variant VARIANT]",
	"ceremony NAME [--policy POLICY | --generation N]",
	"acknowledgement NAME [--card N]",
	"receipt INC-N",
	"playbook | ceremony | acknowledgement | receipt --blank",
	NULL
};

static const char *const examples[] = {
	"quorate form playbook db-root web-admin --output playbooks",
	"quorate form ceremony db-root --policy '2 of (cfo, ciso, cto)'",
	"quorate form acknowledgement db-root --card 2",
	"quorate form receipt INC-7 --output inc-7.pdf",
	NULL
};

const struct quo_command quo_command_form = {
	.name = "form",
	.summary = "print a playbook, a ceremony, what people sign",
	.usage = usage,
	.about = "Forms are made from what the ledger knows, and have its "
	"checkpoint, so that paper in other people's safes witnesses the "
	"log. A playbook is one page: when and how to open a credential, and "
	"what to do afterwards. A ceremony is the script of a dealing and "
	"the sheet that all sign. An acknowledgement is what a custodian "
	"signs for a card. A receipt tells of an opening. No form has a "
	"secret; playbooks have the custodians' contacts.",
	.options = options,
	.examples = examples,
	.no = "the incident is not there, or was not opened",
	.size = sizeof(struct quo_form_options),
	.least = 1,
	.most = SIZE_MAX,
	.run = run,
};
