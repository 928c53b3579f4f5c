/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/utc.h"
#include "cmd/cards.h"
#include "cmd/command.h"
#include "cmd/expose.h"
#include "cmd/opening.h"
#include "cmd/quorum.h"
#include "cmd/receipt.h"
#include "cmd/stop.h"
#include "cmd/term.h"
#include "cmd/then.h"
#include "cmd/tty.h"

/* How long a secret stands on the screen where nobody says. */
#define SHOW_SECONDS 300

struct reconstruct {
	struct quo_common common;
	struct quo_quorum_options quorum;
	struct quo_opening_options opening;
	const char *exec;
	const char *output_fd;
	bool show;
	long expose_for;
	const char *receipt;
	struct quo_then_options then;
};

static const struct quo_option options[] = {
	{ 0, "exec", "fd3|stdin", QUO_TEXT(struct reconstruct, exec),
	  .bare = "fd3", .help = "run what stands behind --, with the secret "
	  "on its descriptor 3 (or standard input); no shell in between",
	  .group = "where the secret goes", .one_of = 1 },
	{ 0, "output-fd", "FD", QUO_TEXT(struct reconstruct, output_fd),
	  .help = "write it to an open descriptor, as in --output-fd 5 "
	  "5>pipe", .one_of = 1 },
	{ 0, "show", NULL, QUO_FLAG(struct reconstruct, show),
	  .help = "show it on the terminal, cleared on a key or when its time "
	  "is over", .one_of = 1 },
	{ 0, "expose-for", "TIME", QUO_SPAN(struct reconstruct, expose_for,
	  1, 7 * 86400), .help = "end the child, or clear the screen, after "
	  "90s, 15m, 4h (default: a screen after 5m)" },
	QUO_OPENING_OPTIONS(struct reconstruct),
	{ 0, "receipt", "FILE", QUO_TEXT(struct reconstruct, receipt),
	  .help = "what was opened and why, written before anything is "
	  "revealed: a .pdf to print, else text, which without a ledger it "
	  "takes in later (default: with --no-ledger, standard error)" },
	QUO_QUORUM_OPTIONS(struct reconstruct),
	QUO_THEN_OPTIONS(struct reconstruct),
	{ 0 }
};

static enum quo_exit
check_fd(const struct reconstruct *r)
{
	if (quo_expose_fd_of(r->output_fd) == STDOUT_FILENO && r->common.json)
		return quo_say_misuse("--output-fd 1: --json goes there");
	if (r->expose_for != 0)
		return quo_say_misuse("--expose-for: what was written to a "
		    "descriptor can't be taken back");
	return quo_expose_fd_check("--output-fd", r->output_fd);
}

/* All that can be wrong is found before a card is scanned. */
static enum quo_exit
check(const struct reconstruct *r)
{
	if (r->exec == NULL && r->output_fd == NULL && !r->show) {
		quo_say_error("where should the secret go?");
		quo_say_hint("--show, --output-fd FD, or --exec -- COMMAND");
		return QUO_EXIT_MISUSE;
	}
	if (r->exec != NULL && strcmp(r->exec, "fd3") != 0 &&
	    strcmp(r->exec, "stdin") != 0)
		return quo_say_misuse("--exec=%s: fd3 or stdin", r->exec);
	if ((r->exec != NULL) != (r->common.after != NULL &&
	    r->common.after[0] != NULL))
		return quo_say_misuse("--exec and a command behind -- go "
		    "together");
	if (r->output_fd != NULL)
		return check_fd(r);
	if (r->show && !quo_tty_present()) {
		quo_say_error("--show: standard input is no terminal");
		quo_say_hint("use --output-fd or --exec in scripts");
		return QUO_EXIT_MISUSE;
	}
	if (r->show && quo_term_dumb()) {
		quo_say_error("--show: this terminal can't be cleared: TERM "
		    "is not set, or dumb");
		quo_say_hint("say what it is, as TERM=linux or TERM=xterm, "
		    "or use --exec");
		return QUO_EXIT_MISUSE;
	}
	return QUO_EXIT_DONE;
}

static enum quo_exit
show(const struct reconstruct *r, const struct quo_opened *opened)
{
	const struct quo_credential *c = &opened->credential;
	char title[512];
	enum quo_err err;

	snprintf(title, sizeof title, "%s%s%s%s%s",
	    c->name != NULL ? c->name : "secret",
	    c->user != NULL ? "   user " : "", c->user != NULL ? c->user : "",
	    c->target != NULL ? "   on " : "",
	    c->target != NULL ? c->target : "");
	err = quo_tty_show(opened->secret, title, r->expose_for > 0 ?
	    (unsigned)r->expose_for : SHOW_SECONDS);
	return err == QUO_OK ? QUO_EXIT_DONE :
	    quo_say_failure(err, "%s", "--show");
}

static enum quo_exit
expose(const struct reconstruct *r, const struct quo_opened *opened,
    struct quo_opening *opening)
{
	if (quo_stopped())
		return QUO_EXIT_NO;
	if (r->show)
		return show(r, opened);
	if (r->output_fd != NULL)
		return quo_expose_fd(opened->secret, r->output_fd);
	return quo_expose_exec(opened->secret, r->common.after,
	    strcmp(r->exec, "stdin") == 0 ? 0 : 3, r->expose_for,
	    quo_opening_tick, opening);
}

/* What was opened, and when; null where it wasn't. */
static void
report_opened(const struct quo_quorum *q, int64_t when,
    struct quo_json *json)
{
	const struct quo_credential *c = &q->opened.credential;
	char utc[QUO_UTC_TEXT];

	if (q->opened.secret == NULL) {
		quo_json_text(json, "opened", NULL);
		return;
	}
	quo_utc_print(when, utc);
	quo_json_text(json, "opened", utc);
	quo_json_text(json, "name", c->name);
	quo_json_text(json, "user", c->user);
	quo_json_text(json, "target", c->target);
	quo_json_text(json, "note", c->note);
	quo_json_array(json, "quorum");
	for (unsigned s = 1; s <= QUO_CARDS_MAX; s++)
		if (q->used.has[s])
			quo_json_int(json, NULL, s);
	quo_json_close(json);
}

/* What a ledger would want to know; gives how it ends. */
static enum quo_exit
report(const struct reconstruct *r, const struct quo_quorum *q,
    const struct quo_opening *o, struct quo_json *json, enum quo_exit end)
{
	if (!r->common.json || q->pool == NULL)
		return end;
	report_opened(q, o->opened, json);
	quo_json_text(json, "incident", o->incident[0] != '\0' ?
	    o->incident : NULL);
	quo_json_text(json, "reason", o->options.reason);
	quo_json_text(json, "ticket", o->options.ticket);
	quo_json_text(json, "requester", o->options.requester);
	quo_quorum_report(q->pool, json);
	return quo_say_json(json) == QUO_OK ? end :
	    quo_say_failure(QUO_EIO, "%s", "JSON");
}

static const char *
how(const struct reconstruct *r)
{
	return r->show ? "show" : r->exec != NULL ? "exec" : "output-fd";
}

/* What stays of it elsewhere; before anything is revealed. */
static void
leave_receipt(const struct reconstruct *r, const struct quo_quorum *q,
    const struct quo_opening *o, struct quo_receipt_slip *slip)
{
	const struct quo_receipt_about about = {
		.reason = o->options.reason, .ticket = o->options.ticket,
		.requester = o->options.requester, .exposure = how(r),
		.why = o->why,
		.undelivered = (const char *const *)o->missed.sinks,
		.undelivered_count = o->missed.count,
	};

	/* A host that keeps no ledger, by its settings, takes none in. */
	if (o->book.ledger == NULL && (r->receipt != NULL ||
	    r->common.no_ledger || o->why != QUO_OK))
		quo_receipt_leave(slip, q, &about);
	if (o->book.ledger != NULL)
		quo_receipt_record(slip, &o->book, o->incident, how(r));
}

static void
say_opened(const struct quo_credential *c)
{
	quo_say("\"%s\" is open%s%s%s%s", c->name != NULL ? c->name : "",
	    c->user != NULL ? ": user " : "", c->user != NULL ? c->user : "",
	    c->target != NULL ? " on " : "",
	    c->target != NULL ? c->target : "");
	if (c->note != NULL)
		quo_say("note: %s", c->note);
}

/*
 * From receipt to close. A signal clears the screen as a key does; a child
 * answers to it itself.
 */
static enum quo_exit
record_exposure(const struct reconstruct *r, const struct quo_quorum *q,
    struct quo_opening *o, struct quo_receipt_slip *slip)
{
	const struct quo_credential *c = &q->opened.credential;
	char detail[64];
	enum quo_exit end;

	if (r->show)
		quo_stop_watch();
	leave_receipt(r, q, o, slip);
	end = expose(r, &q->opened, o);
	quo_receipt_settle(slip);
	if (!o->retired)
		quo_say_warning("\"%s\" is burned: what was seen can't be "
		    "taken back", c->name != NULL ? c->name : "");
	snprintf(detail, sizeof detail, "%s, exit %d", how(r), (int)end);
	quo_opening_closed(o, detail);
	if (r->show && quo_stop_unwatch())
		end = QUO_EXIT_NO;
	return end;
}

/* The secret is here: from alert and receipt to its end. */
static enum quo_exit
reveal(const struct reconstruct *r, const struct quo_quorum *q,
    struct quo_opening *o, struct quo_receipt_slip *slip,
    struct quo_json *json)
{
	const struct quo_credential *c = &q->opened.credential;
	enum quo_exit end, rotated = QUO_EXIT_DONE;
	bool rotates;

	say_opened(c);
	end = record_exposure(r, q, o, slip);
	rotates = r->then.rotate && !quo_stopped();
	if (rotates) {
		quo_json_object(json, "rotation");
		rotated = quo_then_rotate(&r->then, &r->common, &o->book, q,
		    json);
		quo_json_close(json);
	}
	if (!rotates || rotated != QUO_EXIT_DONE)
		quo_opening_say_next(o, c->name != NULL ? c->name : "");
	return rotated != QUO_EXIT_DONE ? rotated : end;
}

static enum quo_exit
open_quorum(const struct reconstruct *r, struct quo_opening *o,
    struct quo_quorum *q, struct quo_receipt_slip *slip,
    struct quo_json *json)
{
	struct quo_quorum_options cards = r->quorum;
	enum quo_exit end;

	cards.know = o->book.ledger != NULL ? quo_opening_standing : NULL;
	cards.again = quo_opening_again;
	cards.with = o;
	quo_stop_watch();
	end = quo_quorum_gather(&r->common.operands, &cards, q);
	end = quo_opening_gathered(o, q, end);
	if (end == QUO_EXIT_DONE) {
		end = quo_quorum_open(&cards, q);
		quo_opening_opened(o, q, end);
	}
	quo_stop_unwatch();
	return end == QUO_EXIT_DONE ? reveal(r, q, o, slip, json) : end;
}

static enum quo_exit
run(const void *values)
{
	const struct reconstruct *r = values;
	struct quo_quorum q = { 0 };
	struct quo_opening opening = { .common = NULL };
	const char *name = quo_cards_named(&r->common.operands);
	struct quo_receipt_slip slip;
	struct quo_json *json;
	enum quo_exit end;

	end = check(r);
	if (end == QUO_EXIT_DONE)
		end = quo_then_check(&r->then, &r->common, name);
	if (end != QUO_EXIT_DONE)
		return end;
	json = r->common.json ? quo_json_new() : NULL;
	end = quo_receipt_begin(r->receipt, &slip);
	if (end == QUO_EXIT_DONE)
		end = quo_opening_begin(&r->common, &r->opening, name,
		    &opening);
	if (end == QUO_EXIT_DONE) {
		end = open_quorum(r, &opening, &q, &slip, json);
		if (end != QUO_EXIT_MISUSE && end != QUO_EXIT_MACHINE)
			end = report(r, &q, &opening, json, end);
	}
	quo_json_free(json);
	quo_receipt_end(&slip);
	quo_opening_end(&opening);
	quo_quorum_clear(&q);
	return end;
}

static const char *const usage[] = {
	"[NAME] CARD... --show",
	"[NAME] CARD... --exec[=fd3|stdin] -- COMMAND [ARGUMENT...]",
	"[NAME] CARD... --output-fd FD",
	NULL
};

static const char *const examples[] = {
	"quorate reconstruct --show",
	"quorate reconstruct db-root card-1.jpg scan.pdf --show",
	"quorate reconstruct *.txt --exec=stdin -- cryptsetup open /dev/sdb1 x",
	"quorate reconstruct db-root c1.pdf c3.pdf --exec --then-rotate -- "
	"./repair",
	NULL
};

const struct quo_command quo_command_reconstruct = {
	.name = "reconstruct",
	.summary = "rejoin a credential with a quorum of its cards",
	.usage = usage,
	.about = "CARD is a PNG, JPEG, TIFF or PDF with any number of cards, "
	    "a text card, or -.\nWithout enough of them, more are asked for "
	    "on a terminal: files, or typed words.\nThe secret never goes to "
	    "standard output unless --output-fd 1 says so.",
	.options = options,
	.examples = examples,
	.no = "the ledger refuses it, no quorum, a phrase or the sealed file "
	    "is missing, or the cards open another NAME",
	.size = sizeof(struct reconstruct),
	.most = SIZE_MAX,
	.after = true,
	.run = run,
};
