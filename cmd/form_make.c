/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crypt.h"
#include "base/grow.h"
#include "base/hex.h"
#include "cmd/form.h"
#include "cmd/forms_internal.h"
#include "ledger/incident.h"

#define PROGRAM_MAX (256u << 20)

/* Add what a maker made, or say why there is nothing. */
static enum quo_exit
add(struct quo_sheets *sheets, const char *name, const char *what,
    enum quo_err err, struct quo_document *doc)
{
	enum quo_exit end;

	if (name == NULL)
		name = "blank";
	end = err != QUO_OK ? quo_say_failure(err, "%s: %s", name, what) :
	    quo_sheets_add(sheets, name, what, doc);
	quo_document_free(doc);
	return end;
}

/* Lines as an array. */
static size_t
split_lines(struct quo_form_source *s, const char *lines)
{
	size_t count = 0, len;

	for (; lines != NULL && *lines != '\0';
	    lines += len + (lines[len] == '\n')) {
		const char **more = QUO_GROW(s->criteria, count);

		len = strcspn(lines, "\n");
		if (more == NULL)
			break;
		*more = quo_form_source_text(s, "%.*s", (int)len, lines);
	}
	return count;
}

/* "2 of ana (Ana Ķ.), bo": who may sign, where somebody must. */
static const char *
list_approvers(struct quo_form_source *s)
{
	const char *wanted = quo_form_source_field(s, "approvals");
	const struct quo_record *people =
	    s->roster.records[QUO_RECORD_PERSON];
	const char *text = NULL;

	if (wanted == NULL)
		return NULL;
	for (size_t i = 0; i < s->roster.count[QUO_RECORD_PERSON]; i++)
		if (quo_person_has(&people[i], QUO_ROLE_APPROVER))
			text = quo_form_source_text(s, "%s%s%s",
			    text != NULL ? text : "",
			    text != NULL ? ", " : "",
			    quo_form_source_person(s, people[i].key));
	return text == NULL ?
	    quo_form_source_text(s, "%s approvers", wanted) :
	    quo_form_source_text(s, "%s of %s", wanted, text);
}

/* "ana (Ana Ķ.), +49 30…" */
static const char *
call_owner(struct quo_form_source *s)
{
	const char *contact = quo_form_source_contact(s,
	    quo_form_source_field(s, "owner"));

	return contact == NULL ? s->set.owner :
	    quo_form_source_text(s, "%s, %s", s->set.owner, contact);
}

static enum quo_form_scene
find_scene(const struct quo_form_options *o, const struct quo_form_source *s)
{
	const char *field = quo_form_source_field(s, "playbook");

	if (o->variant != 0)
		return (enum quo_form_scene)(o->variant - 1);
	return field == NULL || strcmp(field, "premises") == 0 ?
	    QUO_FORM_SITE : strcmp(field, "cloud") == 0 ? QUO_FORM_CLOUD :
	    QUO_FORM_PLANT;
}

static const char *
say_span(struct quo_form_source *s, long seconds)
{
	char span[QUO_SPAN_TEXT];

	if (seconds % 86400 == 0 && seconds > 86400)
		return quo_form_source_text(s, "%ld days", seconds / 86400);
	quo_span_print(seconds, span);
	return quo_form_source_text(s, "%s", span);
}

enum quo_exit
quo_form_make_playbook(const struct quo_form_options *o,
    struct quo_form_source *s, const char *name, struct quo_sheets *sheets)
{
	enum quo_exit end = quo_form_source_set(s, name,
	    (unsigned)o->generation);
	struct quo_form_playbook book = { 0 };
	struct quo_document *doc = NULL;
	char what[32] = "playbook";
	const char *owner;
	enum quo_err err;

	if (end != QUO_EXIT_DONE)
		return end;
	if (s->book != NULL && s->holding == NULL) {
		quo_say_error("no cards of \"%s\" are out: there is nothing "
		    "to open it with", name);
		quo_say_hint("deal it first: quorate split; or --blank");
		return QUO_EXIT_MISUSE;
	}
	book.criterion_count = split_lines(s,
	    quo_form_source_field(s, "criteria"));
	book.criteria = s->criteria;
	book.scene = find_scene(o, s);
	book.scenario = quo_form_source_field(s, "scenario");
	book.approvers = list_approvers(s);
	owner = call_owner(s);
	book.call = o->call != NULL ? o->call : owner;
	book.hook = quo_form_source_field(s, "hook");
	book.review = say_span(s, o->common.settings->review_within);
	err = quo_form_playbook(&s->form, &s->set, &book, &doc);
	if (o->generation != 0)
		snprintf(what, sizeof what, "g%ld-playbook", o->generation);
	return add(sheets, name, what, err, doc);
}

/* The program that runs this, as sha256sum shows it. */
static enum quo_err
hash_program(char hex[QUO_HEX_TEXT])
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct quo_span span = { NULL, 0 };
	uint8_t hash[QUO_HASH_LEN];
	char *data = NULL;
	enum quo_err err;

	if (fd == -1)
		return QUO_EIO;
	err = quo_file_read_open(fd, PROGRAM_MAX, &data, &span.len);
	close(fd);
	if (err != QUO_OK)
		return err;
	span.data = data;
	quo_sha256(&span, 1, hash);
	quo_hex_print(hash, QUO_HASH_LEN, hex);
	free(data);
	return QUO_OK;
}

/* The command line that deals it. */
static const char *
word_command(const struct quo_form_options *o, struct quo_form_source *s)
{
	char name[QUO_FORM_TEXT] = "NAME", words[QUO_FORM_TEXT] = "POLICY";
	const struct quo_policy *policy = s->policy != NULL ? s->policy :
	    s->holding != NULL ? s->holding->policy : NULL;
	const char *hook = quo_form_source_field(s, "hook");
	char *text = NULL;

	if (o->command != NULL)
		return o->command;
	if (policy != NULL)
		text = quo_policy_print(policy);
	if (s->set.credential != NULL)
		quo_form_quote(s->set.credential, name);
	if (text != NULL)
		quo_form_quote(text, words);
	free(text);
	if (s->set.generation <= 1)
		return quo_form_source_text(s, "quorate split %s --policy "
		    "%s --mint", name, words);
	return quo_form_source_text(s, "quorate rotate %s --policy %s%s%s",
	    name, words, hook != NULL ? " --hook " : "",
	    hook != NULL ? hook : "");
}

enum quo_exit
quo_form_make_ceremony(const struct quo_form_options *o,
    struct quo_form_source *s, const char *name, struct quo_sheets *sheets)
{
	static const char *const roles[] = { "dealer", "witness", "auditor" };
	struct quo_form_ceremony ceremony = {
		.place = o->place, .roles = roles, .role_count = 3,
	};
	char program[QUO_HEX_TEXT], what[32] = "ceremony";
	struct quo_document *doc = NULL;
	enum quo_exit end;
	enum quo_err err;

	end = o->generation != 0 ? quo_form_source_set(s, name,
	    (unsigned)o->generation) : quo_form_source_coming(s, name,
	    o->policy);
	if (end != QUO_EXIT_DONE)
		return end;
	if (s->book != NULL && s->set.card_count == 0)
		return quo_say_misuse("nothing says who gets cards of "
		    "\"%s\": say --policy", name);
	if (o->roles.count > 0) {
		ceremony.roles = o->roles.items;
		ceremony.role_count = o->roles.count;
	}
	ceremony.command = word_command(o, s);
	err = hash_program(program);
	ceremony.program = program;
	if (err == QUO_OK)
		err = quo_form_ceremony(&s->form, &s->set, &ceremony, &doc);
	if (s->set.generation != 0)
		snprintf(what, sizeof what, "g%u-ceremony",
		    (unsigned)s->set.generation);
	return add(sheets, name, what, err, doc);
}

static enum quo_exit
acknowledge(struct quo_form_source *s, const char *name,
    const struct quo_form_card *card, struct quo_sheets *sheets)
{
	struct quo_document *doc = NULL;
	char what[64] = "acknowledgement";
	enum quo_err err;

	err = quo_form_acknowledgement(&s->form, &s->set, card, NULL, &doc);
	if (card->serial != 0)
		snprintf(what, sizeof what, "g%u-c%u-acknowledgement",
		    (unsigned)s->set.generation, card->serial);
	return add(sheets, name, what, err, doc);
}

enum quo_exit
quo_form_make_acknowledgement(const struct quo_form_options *o,
    struct quo_form_source *s, const char *name, struct quo_sheets *sheets)
{
	const struct quo_form_card none = { .serial = (unsigned)o->card };
	enum quo_exit end;

	end = quo_form_source_set(s, name, (unsigned)o->generation);
	if (end != QUO_EXIT_DONE)
		return end;
	if (s->book == NULL)
		return acknowledge(s, name, &none, sheets);
	if (s->holding == NULL)
		return quo_say_misuse("no cards of \"%s\" are out", name);
	if (o->card > (long)s->set.card_count)
		return quo_say_misuse("\"%s\" has %zu cards, no card %ld",
		    name, s->set.card_count, o->card);
	for (size_t i = 0; end == QUO_EXIT_DONE && i < s->set.card_count;
	    i++)
		if (o->card == 0 || o->card == (long)i + 1)
			end = acknowledge(s, name, &s->cards[i], sheets);
	return end;
}

enum quo_exit
quo_form_make_receipt(const struct quo_form_options *o,
    struct quo_form_source *s, const char *name, struct quo_sheets *sheets)
{
	struct quo_form_receipt receipt = { .number = name };
	struct quo_document *doc = NULL;
	enum quo_exit end = QUO_EXIT_DONE;
	enum quo_err err;

	(void)o;
	if (s->book != NULL) {
		receipt.number = NULL;
		end = quo_form_source_opening(s, name, &receipt);
	}
	if (end != QUO_EXIT_DONE)
		return end;
	err = quo_form_receipt(&s->form, &s->set, &receipt, &doc);
	return add(sheets, name, "receipt", err, doc);
}

enum quo_exit
quo_form_deal(const struct quo_book *book, const char *name,
    unsigned generation, int paper, const char *dir)
{
	static enum quo_exit (*const makers[])(
	    const struct quo_form_options *o, struct quo_form_source *source,
	    const char *name, struct quo_sheets *sheets) = {
		quo_form_make_playbook, quo_form_make_ceremony,
		quo_form_make_acknowledgement,
	};
	const struct quo_form_options o = {
		.common.settings = book->settings,
		.generation = (long)generation,
	};
	struct quo_form_source source;
	struct quo_sheets sheets;
	enum quo_exit end;

	end = quo_sheets_begin(dir, QUO_PAPER_PDF, &sheets);
	if (end == QUO_EXIT_DONE && sheets.file != NULL)
		end = quo_say_failure(QUO_ENOENT, "--forms %s", dir);
	for (size_t i = 0; end == QUO_EXIT_DONE && i < sizeof makers /
	    sizeof *makers; i++) {
		end = quo_form_source_begin(book, paper == 2 ?
		    QUO_FACE_LETTER : QUO_FACE_A4, &source);
		if (end == QUO_EXIT_DONE)
			end = makers[i](&o, &source, name, &sheets);
		quo_form_source_clear(&source);
	}
	if (end == QUO_EXIT_DONE)
		end = quo_sheets_name(&sheets, NULL);
	quo_sheets_end(&sheets);
	return end;
}
