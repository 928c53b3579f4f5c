/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "cmd/command.h"
#include "cmd/incident.h"

struct approve {
	struct quo_common common;
	const char *approver, *signature;
};

static const struct quo_option options[] = {
	{ 0, "approver", "WHO", QUO_TEXT(struct approve, approver),
	  .help = "who approves: not who requested it",
	  .group = "the approval" },
	{ 0, "signature", "FILE", QUO_TEXT(struct approve, signature),
	  .help = "what ssh-keygen -Y sign -n quorate made of the document, "
	  "or - for standard input; without it the name is claimed only, and "
	  "that of nobody who has a key on record" },
	{ 0 }
};

/* What was signed, or should have been, and its hash. */
static enum quo_exit
make_document(struct quo_book *book, const struct quo_incident *in,
    char **text, char hash[QUO_HEX_TEXT])
{
	struct quo_approval approval;
	uint8_t bytes[QUO_HASH_LEN];
	struct quo_span span;
	char why[QUO_REASON_MAX];

	quo_incident_approval(book->ledger, in, &approval);
	if (quo_approval_print(&approval, text, why) != QUO_OK) {
		quo_say_error("%s: nothing to be approved: %s", in->name,
		    why);
		return QUO_EXIT_NO;
	}
	span = (struct quo_span){ *text, strlen(*text) };
	quo_sha256(&span, 1, bytes);
	quo_hex_print(bytes, QUO_HASH_LEN, hash);
	return QUO_EXIT_DONE;
}

static enum quo_exit
say_approved(const struct approve *a, const struct quo_incident *in,
    const struct quo_entry *entry)
{
	const char *key = entry->value[QUO_KEY_KEY];
	struct quo_json *json = a->common.json ? quo_json_new() : NULL;
	int64_t given = in->given + 1;
	enum quo_err err = QUO_OK;

	if (key != NULL)
		quo_say("%s: approved, signed by %s with %s", in->name,
		    a->approver, key);
	else
		quo_say("%s: approved, claimed by %s: no key is on record",
		    in->name, a->approver);
	quo_say("%" PRId64 " of %" PRId64 " approvals are there", given,
	    in->wanted);
	quo_json_text(json, "incident", in->name);
	quo_json_text(json, "approver", a->approver);
	quo_json_text(json, "auth", key != NULL ? "signed" : "claimed");
	quo_json_text(json, "key", key);
	quo_json_int(json, "approvals_wanted", in->wanted);
	quo_json_int(json, "approvals", given);
	if (a->common.json)
		err = quo_say_json(json);
	quo_json_free(json);
	return err == QUO_OK ? QUO_EXIT_DONE :
	    quo_say_failure(err, "%s", "JSON");
}

static enum quo_exit
approve(const struct approve *a, struct quo_book *book,
    const struct quo_incident *in)
{
	const char *const *request = in->request.entry.value;
	char key[QUO_FINGERPRINT_TEXT], hash[QUO_HEX_TEXT] = "";
	char *document = NULL;
	struct quo_entry entry = { .value = {
		[QUO_KEY_EVENT] = "approve",
		[QUO_KEY_PERSON] = a->approver,
		[QUO_KEY_HASH] = hash,
		[QUO_KEY_SIZE] = request[QUO_KEY_SIZE],
		[QUO_KEY_ROOT] = request[QUO_KEY_ROOT],
	} };
	enum quo_exit end;

	quo_incident_fill(in, &entry);
	end = make_document(book, in, &document, hash);
	if (end == QUO_EXIT_DONE)
		end = a->signature == NULL ? quo_incident_claim(book, &entry,
		    "request --show", in->name) :
		    quo_incident_signed(book, in, a->signature, document,
		    &entry, key);
	if (end == QUO_EXIT_DONE) {
		end = quo_book_record(book, &entry, NULL);
		if (end == QUO_EXIT_DONE)
			end = say_approved(a, in, &entry);
	}
	free(document);
	return end;
}

static enum quo_exit
run(const void *values)
{
	const struct approve *a = values;
	struct quo_book book = { .ledger = NULL };
	struct quo_incident *in = NULL;
	enum quo_exit end;

	if (a->approver == NULL)
		return quo_say_misuse("who approves? --approver WHO");
	end = quo_book_open(&a->common, QUO_BOOK_WRITE, &book);
	if (end == QUO_EXIT_DONE)
		end = quo_incident_find(&book, a->common.operands.items[0],
		    &in);
	if (end == QUO_EXIT_DONE)
		end = approve(a, &book, in);
	free(in);
	quo_book_close(&book);
	return end;
}

static const char *const usage[] = {
	"INCIDENT --approver WHO [--signature FILE]", NULL
};

static const char *const examples[] = {
	"quorate approve INC-17 --approver bob --signature inc-17.txt.sig",
	NULL
};

const struct quo_command quo_command_approve = {
	.name = "approve",
	.summary = "agree to an incident, signed with one's own key",
	.usage = usage,
	.about = "The document to sign is what quorate request printed, and "
	    "quorate request --show\nprints again. An approval is good for "
	    "one incident, once, until it expires.",
	.options = options,
	.examples = examples,
	.no = "it is refused: expired, closed, one's own request, a second "
	    "time, a wrong signature; the refusal is logged",
	.size = sizeof(struct approve),
	.least = 1,
	.most = 1,
	.run = run,
};
