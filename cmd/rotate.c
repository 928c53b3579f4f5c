/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/stat.h>

#include "cmd/command.h"
#include "cmd/due.h"
#include "cmd/known.h"
#include "cmd/rotating.h"
#include "cmd/rotation.h"
#include "cmd/settle.h"
#include "cmd/stop.h"

/* What old cards are shown for, in the log. */
#define FOR "for rotation"

struct rotate {
	struct quo_common common;
	struct quo_dealing_options dealing;
	struct quo_quorum_options quorum;
	struct quo_rotating_options how;
	struct quo_due_options due;
	struct quo_wording word;
	bool all_due, resume, abandon, prove_old;
};

static const struct quo_option options[] = {
	{ 0, "resume", NULL, QUO_FLAG(struct rotate, resume),
	  .help = "go on with one that was stopped, with a quorum of its new "
	  "cards (and the old ones, where the target wants the old secret)",
	  .group = "one that was begun", .one_of = 5 },
	{ 0, "abandon", NULL, QUO_FLAG(struct rotate, abandon),
	  .help = "give one up that never changed the target: its cards are "
	  "void; once the target was asked, the old cards must prove it",
	  .one_of = 5 },
	{ 0, "prove-old", NULL, QUO_FLAG(struct rotate, prove_old),
	  .help = "with a quorum of the old cards: see whether the target "
	  "refuses what they open, where that is not known", .one_of = 5 },
	{ 0, "word", "WHO", QUO_TEXT(struct rotate, word.person),
	  .help = "with --prove-old, without cards, where no login can tell: "
	  "an approver or auditor says that the target takes the new secret, "
	  "and none before it" },
	{ 0, "seen", "TEXT", QUO_TEXT(struct rotate, word.seen),
	  .help = "how WHO tried it, and what came of it" },
	{ 0, "signature", "FILE", QUO_TEXT(struct rotate, word.signature),
	  .help = "what ssh-keygen -Y sign -n quorate made of the statement, "
	  "or - for standard input; without it the name is claimed only, and "
	  "that of nobody who has a key on record", .one_of = 6 },
	{ 0, "show", NULL, QUO_FLAG(struct rotate, word.show),
	  .help = "print the statement to be signed, and record nothing",
	  .one_of = 6 },
	{ 0, "due", NULL, QUO_FLAG(struct rotate, all_due),
	  .help = "unattended: all that is past its deadline or its age, one "
	  "after another", .group = "all that is due", .one_of = 5 },
	QUO_DUE_OPTIONS(struct rotate),
	{ 0, "hook", "EXE", QUO_TEXT(struct rotate, how.hook),
	  .help = "the program that sets and tries the secret on the target; "
	  "else the ledger's", .group = "the target" },
	{ 0, "user", "USER", QUO_TEXT(struct rotate, how.user),
	  .help = "the account; else what ledger or old cards say" },
	{ 0, "target", "TARGET", QUO_TEXT(struct rotate, how.target),
	  .help = "the system; else what ledger or old cards say" },
	{ 0, "note", "TEXT", QUO_TEXT(struct rotate, how.note),
	  .help = "what else is needed to log in; else as on the old cards" },
	QUO_ROTATING_OPTIONS(struct rotate),
	{ 0, "generation", "N", QUO_NUMBER(struct rotate, how.generation, 1,
	  1000000), .help = "the number of the new dealing, where neither "
	  "ledger nor old cards tell" },
	QUO_QUORUM_OPTIONS(struct rotate),
	QUO_DEALING_OPTIONS(struct rotate),
	{ 0 }
};

/* What only this command has to a rotation: the old cards. */
struct run {
	const struct rotate *options;
	struct quo_book book;
	struct quo_quorum_options cards;
	struct quo_quorum old;		/* pool NULL where no cards are given */
	struct quo_rotating rotating;
};

/* Read the old cards; then the name is known. */
static enum quo_exit
gather_old(struct run *r)
{
	struct quo_rotating *rotating = &r->rotating;
	enum quo_exit end, told;

	/* Target and policy of the new set come from it. */
	r->cards.alone = true;
	r->cards.know = quo_known_standing;
	r->cards.with = &r->book;
	r->book.wanted = quo_cards_named(&r->options->common.operands);
	quo_stop_watch();
	end = quo_quorum_gather(&r->options->common.operands, &r->cards,
	    &r->old);
	rotating->name = r->old.name;
	rotating->old = &r->old;
	if (r->old.name == NULL && end == QUO_EXIT_DONE)
		end = quo_say_misuse("NAME is missing: all arguments are "
		    "files");
	told = r->old.name != NULL ? quo_rotating_consult(rotating) :
	    QUO_EXIT_DONE;
	if (told == QUO_EXIT_DONE && r->old.name != NULL)
		told = quo_rotation_present(&rotating->dealt, &r->old, FOR,
		    end);
	if (quo_stop_unwatch() && told == QUO_EXIT_DONE)
		told = QUO_EXIT_NO;
	return end == QUO_EXIT_DONE || told == QUO_EXIT_MACHINE ? told : end;
}

static enum quo_exit
open_old(struct run *r)
{
	struct quo_dealt *dealt = &r->rotating.dealt;
	enum quo_exit end, told;

	if (r->old.pool == NULL)
		return QUO_EXIT_DONE;
	quo_stop_watch();
	end = quo_quorum_open(&r->cards, &r->old);
	/* More may have come meanwhile. */
	told = quo_rotation_present(dealt, &r->old, FOR, QUO_EXIT_DONE);
	if (end == QUO_EXIT_DONE)
		end = told;
	/* Where nothing was burned before, nothing is: the secret goes to
	 * the hook alone, which the entry of the start says. */
	if (end != QUO_EXIT_DONE || dealt->facts.burned != 0)
		end = quo_rotation_opened(dealt, &r->old, FOR, end);
	return quo_stop_unwatch() && end == QUO_EXIT_DONE ? QUO_EXIT_NO : end;
}

/* Before it is known which secret is meant, or whether any is. */
static enum quo_exit
prepare(struct run *r)
{
	struct quo_rotating *rotating = &r->rotating;
	const bool cards = r->options->common.operands.count > 1;
	const bool hook = rotating->hook.path != NULL;
	enum quo_exit end = QUO_EXIT_DONE;

	if (!cards)
		end = quo_rotating_consult(rotating);
	/* A hook that is no use is told before cards are scanned. */
	if (end == QUO_EXIT_DONE && (hook || !cards ||
	    r->book.ledger == NULL))
		end = quo_rotating_describe(rotating);
	if (end == QUO_EXIT_DONE && cards)
		end = gather_old(r);
	if (end == QUO_EXIT_DONE && cards && !hook)
		end = quo_rotating_describe(rotating);
	return end == QUO_EXIT_DONE ? quo_rotating_plan(rotating) : end;
}

static enum quo_exit
rotate(struct run *r)
{
	const struct quo_rotating *rotating = &r->rotating;
	enum quo_exit end = prepare(r);

	if (end == QUO_EXIT_DONE)
		end = open_old(r);
	if (end != QUO_EXIT_DONE)
		return end;
	end = quo_rotating_run(&r->rotating, true);
	if (rotating->state == QUO_APPLIED_KEPT && end == QUO_EXIT_NO)
		quo_say_hint("%s: quorate rotate %s%s", rotating->later ?
		    "try again later, or with --retry-for 10m" :
		    "when the cause is mended", rotating->name,
		    r->old.pool != NULL ? " CARD..., with the same cards" :
		    "");
	return end;
}

/* One that was begun before. */
static enum quo_exit
settle(struct run *r)
{
	const struct rotate *o = r->options;
	struct quo_settling settling = {
		.operands = &o->common.operands, .cards = &r->cards,
		.rotating = &r->rotating,
	};

	if (o->abandon)
		return quo_settle_abandon(&settling);
	if (o->word.person != NULL)
		return quo_settle_word(&settling, &o->word);
	return o->prove_old ? quo_settle_prove(&settling) :
	    quo_settle_resume(&settling);
}

/* That the old set is locked, for which phrases are, the ledger may know. */
static enum quo_exit
check_dealing(const struct rotate *o, bool deliver)
{
	struct quo_dealing_options dealing = o->dealing;

	if (!deliver)
		dealing.deliver = NULL;
	if (!o->common.no_ledger && !dealing.no_lock &&
	    (dealing.phrase_dir != NULL || dealing.phrase_fd != NULL))
		dealing.lock = true;
	return quo_dealing_check(&dealing);
}

/* Each credential has its own: from the ledger. */
static enum quo_exit
check_due(const struct rotate *o)
{
	const struct quo_rotating_options *how = &o->how;

	if (o->common.operands.count > 0)
		return quo_say_misuse("--due takes no NAME: it finds them in "
		    "the ledger");
	if (how->hook != NULL || how->user != NULL || how->target != NULL ||
	    how->note != NULL || how->generation != 0 ||
	    o->dealing.policy != NULL || o->dealing.k != 0 ||
	    o->dealing.n != 0)
		return quo_say_misuse("--due takes hook, account, target and "
		    "policy of each credential from the ledger");
	if (o->common.no_ledger)
		return quo_say_misuse("--due: the ledger says what is due");
	return o->due.list ? QUO_EXIT_DONE : check_dealing(o, false);
}

static enum quo_exit
check_word(const struct rotate *o)
{
	const struct quo_wording *word = &o->word;

	if (word->person == NULL)
		return word->seen == NULL && word->signature == NULL &&
		    !word->show ? QUO_EXIT_DONE : quo_say_misuse("--seen, "
		    "--signature and --show go with --word WHO");
	if (!o->prove_old)
		return quo_say_misuse("--word goes with --prove-old");
	return word->seen != NULL ? QUO_EXIT_DONE : quo_say_misuse("how was "
	    "it tried, and what came of it? --seen TEXT");
}

static enum quo_exit
check(const struct rotate *o)
{
	struct stat st;
	enum quo_exit end = check_word(o);

	if (end != QUO_EXIT_DONE)
		return end;
	if (o->all_due)
		return check_due(o);
	if (o->due.limit != 0 || o->due.again || o->due.list)
		return quo_say_misuse("--limit, --again and --list go with "
		    "--due");
	if (o->common.operands.count == 0)
		return quo_say_misuse("NAME is missing: of which credential, "
		    "or --due");
	if (o->common.operands.count == 1 &&
	    stat(o->common.operands.items[0], &st) == 0 &&
	    S_ISREG(st.st_mode))
		return quo_say_misuse("NAME is missing: %s is a file",
		    o->common.operands.items[0]);
	if (o->how.generation != 0 && o->common.operands.count > 1)
		return quo_say_misuse("--generation: the old cards tell it");
	/* What the old set adds is checked when it is known. */
	return o->common.operands.count > 1 || o->resume || o->abandon ||
	    o->prove_old ? QUO_EXIT_DONE : check_dealing(o, true);
}

static enum quo_exit
rotate_due(struct run *r)
{
	const struct rotate *o = r->options;
	enum quo_exit end, deliver = QUO_EXIT_DONE;

	/* Where nothing can be delivered, each that is due fails, on record. */
	if (!o->due.list)
		deliver = check_dealing(o, true);
	end = quo_book_open(&o->common, o->due.list ? QUO_BOOK_READ :
	    QUO_BOOK_WRITE, &r->book);
	if (end == QUO_EXIT_DONE)
		end = quo_due_run(&o->due, &o->how, &o->dealing, &r->book,
		    r->rotating.json);
	if ((end == QUO_EXIT_DONE || end == QUO_EXIT_NO) && o->common.json &&
	    quo_say_json(r->rotating.json) != QUO_OK)
		return quo_say_failure(QUO_EIO, "%s", "JSON");
	return deliver != QUO_EXIT_DONE ? deliver : end;
}

/* A word is for the ledger. */
static enum quo_book_need
need_of(const struct rotate *o)
{
	if (o->word.person == NULL)
		return QUO_BOOK_WANTED;
	return o->word.show ? QUO_BOOK_READ : QUO_BOOK_WRITE;
}

static enum quo_exit
begin(struct run *r)
{
	const struct rotate *o = r->options;
	const bool settles = o->resume || o->abandon || o->prove_old;
	enum quo_exit end = quo_book_open(&o->common, need_of(o), &r->book);

	if (end != QUO_EXIT_DONE)
		return end;
	end = settles ? settle(r) : rotate(r);
	/* Where nothing was begun there is nothing to report. */
	if ((r->rotating.state != QUO_APPLIED_NOT || (settles &&
	    end == QUO_EXIT_NO)) && o->common.json &&
	    quo_say_json(r->rotating.json) != QUO_OK)
		return quo_say_failure(QUO_EIO, "%s", "JSON");
	return end;
}

static enum quo_exit
run(const void *values)
{
	const struct rotate *o = values;
	struct run r = { .options = o, .cards = o->quorum };
	struct quo_policy *policy = NULL;
	enum quo_exit end;

	end = check(o);
	if (end == QUO_EXIT_DONE)
		end = quo_dealing_policy(&o->dealing, &policy);
	if (end != QUO_EXIT_DONE)
		return end;
	quo_rotating_init(&o->how, &o->dealing, &r.book, &r.rotating);
	r.rotating.policy = policy;
	r.rotating.name = o->all_due ? NULL : o->common.operands.items[0];
	r.rotating.hook.name = r.rotating.name;
	r.rotating.json = o->common.json ? quo_json_new() : NULL;
	end = o->all_due ? rotate_due(&r) : begin(&r);
	quo_json_free(r.rotating.json);
	quo_rotating_clear(&r.rotating);
	quo_book_close(&r.book);
	quo_quorum_clear(&r.old);
	return end;
}

static const char *const usage[] = {
	"NAME CARD... [--hook EXE] [--output DIR | --deliver HOOK]",
	"NAME [--hook EXE] [-k K -n N] [--user USER] [--target TARGET]",
	"NAME --resume | --abandon | --prove-old [CARD...]",
	"NAME --prove-old --word WHO --seen TEXT [--signature FILE]",
	"--due [--limit N] [--output DIR | --deliver HOOK]",
	NULL
};

static const char *const examples[] = {
	"quorate rotate db-root card-1.pdf card-3.pdf --hook ./postgres "
	"--output new",
	"quorate rotate host-root --hook ./unix-account --user root -k 2 -n 3",
	"quorate rotate db-root --resume new-1.pdf new-2.pdf card-1.pdf "
	"card-3.pdf",
	"quorate rotate --due --deliver /etc/quorate/hooks/deliver -q",
	NULL
};

const struct quo_command quo_command_rotate = {
	.name = "rotate",
	.summary = "mint a new secret, deal it, set it on the target",
	.usage = usage,
	.about = "The old cards, where given, bring the old secret, which the "
	    "target must then\nrefuse; policy and fields come from the ledger, "
	    "or from them. The new cards are\nread back before anything is "
	    "applied. Until the new secret is proven on the\ntarget the old "
	    "cards stay valid.",
	.options = options,
	.examples = examples,
	.no = "nothing was changed (the ledger may refuse it), new cards are "
	    "to be scanned first, the target still takes the old secret, or "
	    "no login could try the new one; with --due, not all of it is "
	    "proven",
	.size = sizeof(struct rotate),
	.most = SIZE_MAX,
	.run = run,
};
