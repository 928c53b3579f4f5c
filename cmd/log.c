/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "cmd/book.h"
#include "cmd/command.h"
#include "cmd/dealing.h"
#include "cmd/log.h"

static const struct quo_option options[] = {
	{ 0, "auditor-card", "FILE", QUO_TEXT(struct quo_log_options,
	  auditor_card), .help = "where the auditor's card goes, which is "
	  "made once: a .pdf to print, or a .txt", .group = "init" },
	{ 0, "paper", "PAPER", QUO_CHOICE(struct quo_log_options, paper,
	  quo_dealing_papers), .help = "of that PDF: a4 (the default) or "
	  "letter" },
	{ 0, "credential", "NAME", QUO_TEXT(struct quo_log_options,
	  credential), .help = "only what is about NAME",
	  .group = "show, follow" },
	{ 0, "incident", "ID", QUO_TEXT(struct quo_log_options, incident),
	  .help = "only what belongs to this incident" },
	{ 0, "event", "EVENT", QUO_TEXT(struct quo_log_options, event),
	  .help = "only such events: open, refused, drill…" },
	{ 0, "since", "DATE", QUO_TEXT(struct quo_log_options, since),
	  .help = "only from YYYY-MM-DD on" },
	{ 0, "last", "N", QUO_NUMBER(struct quo_log_options, last, 1,
	  1000000), .help = "only the last N of them" },
	{ 0, "witness", "CARD|FILE", QUO_LIST(struct quo_log_options,
	  witnesses), .help = "a card, receipt, approval or checkpoint that "
	  "others kept", .group = "verify" },
	{ 0, "auditor-key", "FILE", QUO_TEXT(struct quo_log_options,
	  auditor_key), .help = "the auditor's card, as a picture or text; - "
	  "for standard input" },
	{ 0, "rebuild", NULL, QUO_FLAG(struct quo_log_options, rebuild),
	  .help = "also make the state again from the log, and compare" },
	{ 0, "output", "FILE", QUO_TEXT(struct quo_log_options, output),
	  .help = "write to FILE, whole or not at all", .group = "export" },
	{ 0, "set", "ID", QUO_TEXT(struct quo_log_options, set),
	  .help = "take in the set that a reissue dealt, too: 32 to 64 digits "
	  "of the id that its cards say", .group = "receipt" },
	{ 0, "again", NULL, QUO_FLAG(struct quo_log_options, again),
	  .help = "try now what failed so short a time ago that it isn't due, "
	  "as on a terminal", .group = "deliver" },
	{ 0, "forget", "SINK", QUO_TEXT(struct quo_log_options, forget),
	  .help = "give up what waits for this sink, as hook:mail" },
	{ 0, "reason", "TEXT", QUO_TEXT(struct quo_log_options, reason),
	  .help = "why it is given up" },
	{ 0 }
};

static const struct action {
	const char *name;
	enum quo_exit (*run)(const struct quo_log_options *o);
	size_t operands;		/* behind its name, at most */
} actions[] = {
	{ "init", quo_log_init, 0 },
	{ "show", quo_log_show, 0 },
	{ "follow", quo_log_follow, 0 },
	{ "verify", quo_log_verify, 1 },
	{ "export", quo_log_export, 0 },
	{ "checkpoint", quo_log_checkpoint, 0 },
	{ "deliver", quo_log_deliver, 0 },
	{ "receipt", quo_log_receipt, 1 },
};

#define ACTIONS (sizeof actions / sizeof *actions)

const char *
quo_log_operand(const struct quo_log_options *o)
{
	return o->common.operands.count > 1 ? o->common.operands.items[1] :
	    NULL;
}

static enum quo_exit
run(const void *values)
{
	const struct quo_log_options *o = values;
	const char *word = o->common.operands.items[0];
	const char *names[ACTIONS + 1] = { NULL };

	for (size_t i = 0; i < ACTIONS; i++) {
		names[i] = actions[i].name;
		if (strcmp(word, names[i]) != 0)
			continue;
		if (o->common.operands.count > 1 + actions[i].operands)
			return quo_say_misuse("log %s: \"%s\" is one "
			    "argument too many", word,
			    o->common.operands.items[1 +
			    actions[i].operands]);
		return actions[i].run(o);
	}
	quo_say_error("log: unknown action \"%s\"", word);
	word = quo_option_nearest(word, names);
	if (word != NULL)
		quo_say_hint("did you mean %s?", word);
	quo_say_hint("see quorate log --help");
	return QUO_EXIT_MISUSE;
}

static const char *const usage[] = {
	"init --auditor-card FILE [--paper PAPER]",
	"show | follow [--credential NAME] [--incident ID] [--since DATE]",
	"verify [FILE] [--witness CARD|FILE] [--auditor-key FILE]",
	"export [--output FILE]",
	"checkpoint",
	"deliver [--again | --forget SINK --reason TEXT]",
	"receipt FILE [--set ID]",
	NULL
};

static const char *const examples[] = {
	"quorate log init --auditor-card auditor.pdf",
	"quorate log show --credential db-root --last 20",
	"quorate log verify --witness card-2.jpg --auditor-key auditor.jpg",
	"quorate log export --output quorate.log",
	NULL
};

const struct quo_command quo_command_log = {
	.name = "log",
	.summary = "the ledger's log: make, show, verify, export it",
	.usage = usage,
	.about = "The log is the ledger's memory: one line an entry, held "
	    "together by a tree\nwhose checkpoints stand on cards, receipts "
	    "and approvals, and sealed with keys\nof which only the "
	    "auditor's card has the first. FILE is an exported log; without "
	    "it,\nverify looks at the ledger.",
	.options = options,
	.examples = examples,
	.no = "the log is not whole, or a witness contradicts it; an alert "
	    "is not delivered",
	.size = sizeof(struct quo_log_options),
	.least = 1,
	.most = 2,
	.run = run,
};
