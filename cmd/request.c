/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/utc.h"
#include "cmd/command.h"
#include "cmd/incident.h"

#define YEAR (365L * 86400)

struct request {
	struct quo_common common;
	const char *reason, *ticket, *requester, *criterion, *emergency;
	const char *output, *show, *withdraw;
	long expected, expires;
};

static const struct quo_option options[] = {
	{ 0, "requester", "WHO", QUO_TEXT(struct request, requester),
	  .help = "who wants to open it", .group = "the request" },
	{ 0, "reason", "TEXT", QUO_TEXT(struct request, reason),
	  .help = "why; with --withdraw, why not any more" },
	{ 0, "ticket", "ID", QUO_TEXT(struct request, ticket),
	  .help = "where it is tracked, or none" },
	{ 0, "criterion", "TEXT", QUO_TEXT(struct request, criterion),
	  .help = "which of the criteria for its use is met" },
	{ 0, "expected", "SPAN", QUO_SPAN(struct request, expected, 1, YEAR),
	  .initial = "2h", .help = "how long it will be needed, as 90s, "
	  "15m, 4h, 2d" },
	{ 0, "expires", "SPAN", QUO_SPAN(struct request, expires, 60, YEAR),
	  .help = "how long it can be approved and opened; else as "
	  "approval-expires in the configuration says" },
	{ 0, "emergency", "REASON", QUO_TEXT(struct request, emergency),
	  .help = "go on where the ledger refuses, and tell everybody" },
	{ 0, "show", "INCIDENT", QUO_TEXT(struct request, show),
	  .help = "the document that approvers sign, again",
	  .group = "what was requested", .one_of = 1 },
	{ 0, "withdraw", "INCIDENT", QUO_TEXT(struct request, withdraw),
	  .help = "it is needed no more, and was not opened", .one_of = 1 },
	{ 0, "output", "FILE", QUO_TEXT(struct request, output),
	  .help = "the document goes into this new file",
	  .group = "the document" },
	{ 0 }
};

/* What a request says, and what must be given for it. */
static enum quo_exit
check_given(const struct request *r)
{
	const struct {
		const char *value, *hint;
	} needed[] = {
		{ r->requester, "--requester WHO" },
		{ r->reason, "--reason TEXT" },
		{ r->ticket, "--ticket ID, or --ticket none" },
	};
	enum quo_exit end = QUO_EXIT_DONE;

	if (r->common.operands.count == 0)
		return quo_say_misuse("which credential is wanted? "
		    "quorate request NAME");
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
		if (needed[i].value == NULL)
			end = quo_say_misuse("a request needs %s",
			    needed[i].hint);
	return end;
}

/* The file of the document, made before anything is said to be so. */
static enum quo_exit
make_output(const char *path, int *fd)
{
	*fd = -1;
	if (path == NULL)
		return QUO_EXIT_DONE;
	*fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (*fd >= 0)
		return QUO_EXIT_DONE;
	return quo_say_failure(errno == EEXIST ? QUO_EEXIST : QUO_EIO, "%s",
	    path);
}

static void
say_how_to_sign(const struct request *r, const struct quo_incident *in)
{
	const char *file = r->output != NULL ? r->output : "FILE";

	quo_say("%s wants %" PRId64 " approval%s, of which %" PRId64 " %s "
	    "there", in->name, in->wanted, in->wanted == 1 ? "" : "s",
	    in->given, in->given == 1 ? "is" : "are");
	quo_say("who approves signs: ssh-keygen -Y sign -n quorate "
	    "-f ~/.ssh/id_ed25519 %s", file);
	quo_say("and hands in: quorate approve %s --approver WHO "
	    "--signature %s.sig", in->name, file);
}

/* The document, to where it was asked for; under --json into that. */
static enum quo_exit
give_document(const struct request *r, const struct quo_incident *in,
    const char *text, int fd)
{
	struct quo_json *json = r->common.json ? quo_json_new() : NULL;
	enum quo_err err = QUO_OK;

	if (fd >= 0 && quo_file_write(fd, (const uint8_t *)text,
	    strlen(text)) != QUO_OK)
		err = QUO_EIO;
	quo_json_text(json, "incident", in->name);
	quo_json_int(json, "approvals_wanted", in->wanted);
	quo_json_int(json, "approvals", in->given);
	quo_json_text(json, "document", text);
	if (err == QUO_OK && r->common.json)
		err = quo_say_json(json);
	else if (err == QUO_OK && fd < 0)
		quo_say_bytes(text, strlen(text));
	quo_json_free(json);
	return err == QUO_OK ? QUO_EXIT_DONE : quo_say_failure(err, "%s: the "
	    "document", in->name);
}

static enum quo_exit
show(const struct request *r, struct quo_book *book, const char *name,
    int fd)
{
	struct quo_approval approval;
	struct quo_incident *in = NULL;
	char *text = NULL, why[QUO_REASON_MAX];
	enum quo_exit end = quo_incident_find(book, name, &in);

	if (end != QUO_EXIT_DONE)
		return end;
	quo_incident_approval(book->ledger, in, &approval);
	if (quo_approval_print(&approval, &text, why) != QUO_OK) {
		quo_say_error("%s: nothing to be signed: %s", name, why);
		end = QUO_EXIT_NO;
	} else {
		end = give_document(r, in, text, fd);
		if (end == QUO_EXIT_DONE && in->wanted > 0)
			say_how_to_sign(r, in);
	}
	free(text);
	free(in);
	return end;
}

/* Who needs no approval gets the incident's name alone. */
static enum quo_exit
say_declared(const struct request *r, struct quo_book *book,
    const char *name, int fd)
{
	struct quo_json *json;
	int64_t wanted = 0;
	enum quo_err err;

	quo_say("%s is declared: %s", name, r->common.operands.items[0]);
	err = quo_ledger_approvals(book->ledger, r->common.operands.items[0],
	    &wanted);
	if (err != QUO_OK)
		return quo_book_say(book, err);
	if (fd >= 0 && !r->common.json)
		quo_say_data("%s", name);
	if (wanted > 0 || fd >= 0)
		return show(r, book, name, fd);
	if (!r->common.json) {
		quo_say_data("%s", name);
		return QUO_EXIT_DONE;
	}
	json = quo_json_new();
	quo_json_text(json, "incident", name);
	quo_json_int(json, "approvals_wanted", 0);
	err = quo_say_json(json);
	quo_json_free(json);
	return err == QUO_OK ? QUO_EXIT_DONE :
	    quo_say_failure(err, "%s", "JSON");
}

static enum quo_exit
declare(const struct request *r, struct quo_book *book, int fd)
{
	char expected[QUO_SPAN_TEXT], expires[QUO_UTC_TEXT], name[24];
	long span = r->expires != 0 ? r->expires :
	    r->common.settings->approval_expires;
	const struct quo_entry entry = { .value = {
		[QUO_KEY_CREDENTIAL] = r->common.operands.items[0],
		[QUO_KEY_REQUESTER] = r->requester,
		[QUO_KEY_REASON] = r->reason,
		[QUO_KEY_TICKET] = r->ticket,
		[QUO_KEY_CRITERION] = r->criterion,
		[QUO_KEY_EXPECTED] = expected,
		[QUO_KEY_EXPIRES] = expires,
		[QUO_KEY_EMERGENCY] = r->emergency,
	} };
	uint64_t number = 0;
	enum quo_exit end;
	enum quo_err err;

	quo_span_print(r->expected, expected);
	quo_utc_print(quo_utc_now() + span, expires);
	err = quo_incident_declare(book->ledger, &entry, &number);
	if (err != QUO_OK) {
		end = quo_book_say(book, err);
		if (err == QUO_EREFUSED)
			quo_book_hint_name(book, r->common.operands.items[0]);
		return end;
	}
	snprintf(name, sizeof name, "INC-%" PRIu64, number);
	end = say_declared(r, book, name, fd);
	if (end != QUO_EXIT_DONE) {
		quo_say_error("%s is on record all the same", name);
		quo_say_hint("quorate request --show %s gives its document",
		    name);
	}
	return end;
}

static enum quo_exit
withdraw(const struct request *r, struct quo_book *book)
{
	struct quo_entry entry = { .value = {
		[QUO_KEY_EVENT] = "withdraw",
		[QUO_KEY_REASON] = r->reason,
	} };
	struct quo_incident *in = NULL;
	enum quo_exit end = quo_incident_find(book, r->withdraw, &in);

	if (end != QUO_EXIT_DONE)
		return end;
	quo_incident_fill(in, &entry);
	end = quo_book_record(book, &entry, NULL);
	if (end == QUO_EXIT_DONE)
		quo_say("%s is withdrawn", in->name);
	free(in);
	return end;
}

static enum quo_exit
run_open(const struct request *r, struct quo_book *book)
{
	enum quo_exit end;
	int fd;

	if (r->withdraw != NULL)
		return withdraw(r, book);
	end = make_output(r->output, &fd);
	if (end != QUO_EXIT_DONE)
		return end;
	end = r->show != NULL ? show(r, book, r->show, fd) :
	    declare(r, book, fd);
	if (fd >= 0) {
		if (end != QUO_EXIT_DONE)
			unlink(r->output);
		close(fd);
	}
	return end;
}

static enum quo_exit
run(const void *values)
{
	const struct request *r = values;
	struct quo_book book = { .ledger = NULL };
	enum quo_exit end = QUO_EXIT_DONE;
	bool declares = r->show == NULL && r->withdraw == NULL;

	if (declares)
		end = check_given(r);
	else if (r->common.operands.count > 0)
		end = quo_say_misuse("the incident says which credential: "
		    "leave out \"%s\"", r->common.operands.items[0]);
	else if (r->withdraw != NULL && r->reason == NULL)
		end = quo_say_misuse("why? --withdraw needs --reason TEXT");
	if (end == QUO_EXIT_DONE)
		end = quo_book_open(&r->common, r->show != NULL ?
		    QUO_BOOK_READ : QUO_BOOK_WRITE, &book);
	if (end == QUO_EXIT_DONE)
		end = run_open(r, &book);
	quo_book_close(&book);
	return end;
}

static const char *const usage[] = {
	"NAME --requester WHO --reason TEXT --ticket ID|none",
	"--show INCIDENT [--output FILE]",
	"--withdraw INCIDENT --reason TEXT",
	NULL
};

static const char *const examples[] = {
	"quorate request db-root --requester ana --reason 'no login' "
	    "--ticket OPS-7",
	"quorate request --show INC-17 --output inc-17.txt",
	NULL
};

const struct quo_command quo_command_request = {
	.name = "request",
	.summary = "declare an incident before a credential is opened",
	.usage = usage,
	.about = "Prints the incident's name, INC-N. Where approvals are "
	    "wanted, prints the document\nthat approvers sign with their own "
	    "SSH keys; quorate approve takes the signatures.",
	.options = options,
	.examples = examples,
	.no = "the rules refuse it; the refusal is logged",
	.size = sizeof(struct request),
	.most = 1,
	.run = run,
};
