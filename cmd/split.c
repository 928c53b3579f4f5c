/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/looks.h"
#include "cmd/command.h"
#include "cmd/dealing.h"
#include "cmd/obtain.h"

struct split {
	struct quo_common common;
	struct quo_dealing_options dealing;
	struct quo_obtain secret;
	const char *user, *target, *note;
};

static const struct quo_option options[] = {
	{ 0, "mint", "PROFILE", QUO_TEXT(struct split, secret.mint),
	  .bare = "", .help = "make a new secret: a length, or clear, alnum, "
	  "hex, digits, printable and a length, as in --mint=alnum:24",
	  .group = "the secret", .one_of = 4 },
	{ 0, "secret-file", "FILE", QUO_TEXT(struct split, secret.file),
	  .help = "take it from FILE, or from standard input for -; else it "
	  "is asked for, or read from a pipe", .one_of = 4 },
	{ 0, "keep-newline", NULL, QUO_FLAG(struct split,
	  secret.keep_newline), .help = "a newline at its end is part of it",
	  .one_of = 5 },
	{ 0, "strip-newline", NULL, QUO_FLAG(struct split,
	  secret.strip_newline), .help = "a newline at its end is not",
	  .one_of = 5 },
	{ 0, "user", "USER", QUO_TEXT(struct split, user),
	  .help = "the account: sealed, not printed",
	  .group = "what goes with it" },
	{ 0, "target", "TARGET", QUO_TEXT(struct split, target),
	  .help = "the system: sealed, not printed" },
	{ 0, "note", "TEXT", QUO_TEXT(struct split, note),
	  .help = "what else is needed to log in: sealed, not printed" },
	QUO_DEALING_OPTIONS(struct split),
	{ 0 }
};

static enum quo_exit
deal(const struct split *s, const struct quo_credential *credential,
    const struct quo_policy *policy, struct quo_dealt *dealt)
{
	struct quo_dealing_plan plan = {
		.options = &s->dealing,
		.credential = *credential,
		.policy = policy,
		.generation = 1,
		.dealt = dealt,
	};
	struct quo_json *json = s->common.json ? quo_json_new() : NULL;
	struct quo_pieces pieces = QUO_PIECES_NONE;
	struct quo_secret *secret = NULL;
	enum quo_exit end;

	end = quo_obtain_secret(&s->secret, NULL, &secret);
	if (end == QUO_EXIT_DONE) {
		plan.credential.secret =
		    (struct quo_span){ secret->data, secret->len };
		end = quo_dealing_run(&plan, json, &pieces);
	}
	quo_secret_free(secret);
	if (end == QUO_EXIT_DONE && s->common.json &&
	    quo_say_json(json) != QUO_OK)
		end = quo_say_failure(QUO_EIO, "%s", "JSON");
	quo_pieces_clear(&pieces);
	quo_json_free(json);
	return end;
}

/* The ledger knows what nobody said here. */
static void
fill_in(const struct quo_facts *facts, struct quo_credential *c)
{
	if (c->user == NULL)
		c->user = facts->account;
	if (c->target == NULL)
		c->target = facts->target;
	if (facts->set != NULL)
		quo_say_warning("cards of \"%s\" are out, of generation %u: "
		    "they still open what was dealt to them", c->name,
		    facts->newest);
}

static enum quo_exit
deal_on_record(const struct split *s, struct quo_credential *credential,
    const struct quo_policy *policy)
{
	struct quo_dealt dealt = { 0 };
	struct quo_book book;
	enum quo_exit end;

	end = quo_book_open(&s->common, QUO_BOOK_WANTED, &book);
	if (end == QUO_EXIT_DONE)
		end = quo_dealt_begin(&book, "deal", credential->name,
		    &dealt);
	if (end == QUO_EXIT_DONE)
		end = quo_dealt_check(&dealt, policy);
	if (end == QUO_EXIT_DONE) {
		fill_in(&dealt.facts, credential);
		end = deal(s, credential, policy, &dealt);
	}
	quo_dealt_clear(&dealt);
	quo_book_close(&book);
	return end;
}

static enum quo_exit
run(const void *values)
{
	const struct split *s = values;
	struct quo_credential credential = {
		.name = s->common.operands.items[0],
		.user = s->user, .target = s->target, .note = s->note,
	};
	struct quo_policy *policy = NULL;
	char why[QUO_LOOKS_WHY];
	const char *looks;
	enum quo_exit end;

	end = quo_dealing_fields(&credential);
	looks = quo_looks_wrong(credential.name, why);
	if (end == QUO_EXIT_DONE && looks != NULL)
		end = quo_say_misuse("NAME could be taken for another: %s",
		    looks);
	if (end == QUO_EXIT_DONE)
		end = quo_dealing_check(&s->dealing);
	if (end == QUO_EXIT_DONE)
		end = quo_dealing_policy(&s->dealing, &policy);
	if (end == QUO_EXIT_DONE && policy == NULL) {
		quo_say_error("who opens \"%s\"?",
		    credential.name);
		quo_say_hint("-k 2 -n 3, or --policy '2 of (cfo, ciso, cto)'");
		end = QUO_EXIT_MISUSE;
	}
	if (end == QUO_EXIT_DONE)
		end = deal_on_record(s, &credential, policy);
	quo_policy_free(policy);
	return end;
}

static const char *const usage[] = {
	"NAME -k K -n N [--mint[=PROFILE]] [--output DIR]",
	"NAME --policy POLICY [--mint[=PROFILE]] [--deliver HOOK]",
	NULL
};

static const char *const examples[] = {
	"quorate split db-root -k 2 -n 3 --mint --output cards",
	"quorate split aws-root --policy '2 of (cfo, ciso, cto)' --lock",
	"printf %s \"$pw\" | quorate split router -k 3 -n 5 --format txt",
	NULL
};

const struct quo_command quo_command_split = {
	.name = "split",
	.summary = "deal a credential to custodians as k-of-n cards",
	.usage = usage,
	.about = "The secret is minted, asked for, or read from a pipe or "
	    "file. Every card is\nread back from its file, and a quorum "
	    "opened, before anything is said to be\ndone. Intent and dealing "
	    "go into the ledger: without one, say --no-ledger.",
	.options = options,
	.examples = examples,
	.no = "the ledger refuses it, or it was given up at the terminal: no "
	    "card is left",
	.size = sizeof(struct split),
	.least = 1,
	.most = 1,
	.run = run,
};
