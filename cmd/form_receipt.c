/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/forms_internal.h"
#include "ledger/checkpoint.h"

static void
add_cards(struct quo_document *doc, const struct quo_form_set *set)
{
	static const struct quo_column columns[] = {
		{ "card" }, { "custodian" }, { "verdict" },
	};
	char serial[16];

	quo_document_heading(doc, 2, "Cards presented");
	quo_document_table(doc, NULL, columns, 3);
	for (size_t i = 0; i < set->card_count; i++) {
		const struct quo_form_card *card = &set->cards[i];
		const bool good = card->verdict != NULL &&
		    strcmp(card->verdict, "genuine") == 0;
		const struct quo_cell cells[] = {
			{ card->serial > 0 ? serial : "–" },
			{ card->custodian != NULL ? card->custodian : "–" },
			{ card->verdict, good ? QUO_TONE_GOOD :
			    QUO_TONE_PLAIN },
		};

		snprintf(serial, sizeof serial, "%u", card->serial);
		quo_document_row(doc, cells, 3);
	}
}

static void
add_blank_cards(struct quo_document *doc)
{
	static const char *const labels[] = { "card", "custodian",
		"signature" };

	quo_document_heading(doc, 2, "Cards presented");
	for (int i = 0; i < QUO_FORM_BLANKS; i++)
		quo_document_blanks(doc, labels, 3);
}

static void
add_story(struct quo_document *doc, const struct quo_form *form,
    const struct quo_form_set *set, const struct quo_form_receipt *r)
{
	const struct quo_form_line when[] = {
		{ "Opened at", r->opened },
		{ "Exposure ended at", r->closed },
		{ "Rotate it by", r->deadline },
		{ "Handed over by", r->exposure },
	}, why[] = {
		{ "Reason", r->reason }, { "Ticket", r->ticket },
		{ "Criterion", r->criterion },
		{ "Requester", r->requester }, { "Run by", r->actor },
		{ "Host", r->host },
	};

	quo_form_lines(doc, form, when, sizeof when / sizeof *when);
	quo_form_facts(doc, form, set);
	quo_document_heading(doc, 2, "Why, and who");
	quo_form_lines(doc, form, why, sizeof why / sizeof *why);
	quo_form_fact(doc, "Emergency", r->emergency);
	quo_form_fact(doc, "Without ledger", r->why);
}

enum quo_err
quo_form_receipt(const struct quo_form *form, const struct quo_form_set *set,
    const struct quo_form_receipt *r, struct quo_document **doc)
{
	static const char *const names[] = { "received by: name",
		"signature", "UTC time" };
	struct quo_document *d = NULL;
	enum quo_err err;

	err = quo_form_begin(form, (struct quo_document_head){
	    .title = "Receipt of an opening", .mark = r->number,
	    .subtitle = "An emergency credential was opened. Keep this sheet "
	    "elsewhere than the host that it names.", .snug = true }, &d);
	if (err != QUO_OK)
		return err;
	add_story(d, form, set, r);
	if (set->card_count > 0)
		add_cards(d, set);
	else if (form->blank)
		add_blank_cards(d);
	if (r->text != NULL) {
		quo_document_heading(d, 2, "For the ledger to take in");
		quo_document_code(d, r->text);
	}
	quo_form_checkpoint(d, form);
	quo_document_blanks(d, names, 3);
	return quo_form_end(d, doc);
}

/*
 * As text
 */

static void
print_lines(FILE *out, const struct quo_form_set *set,
    const struct quo_form_receipt *r)
{
	const struct quo_form_line lines[] = {
		{ "incident", r->number }, { "opened", r->opened },
		{ "closed", r->closed }, { "rotate-by", r->deadline },
		{ "exposure", r->exposure },
		{ "credential", set->credential }, { "set", set->id },
		{ "reason", r->reason }, { "ticket", r->ticket },
		{ "criterion", r->criterion },
		{ "requester", r->requester },
		{ "emergency", r->emergency }, { "actor", r->actor },
		{ "host", r->host },
	};

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		if (lines[i].value != NULL)
			fprintf(out, "%s: %s\n", lines[i].label,
			    lines[i].value);
}

enum quo_err
quo_form_receipt_text(const struct quo_form *form,
    const struct quo_form_set *set, const struct quo_form_receipt *r,
    char **text)
{
	char lines[QUO_CHECKPOINT_TEXT], *made = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&made, &len);

	if (out == NULL)
		return QUO_ENOMEM;
	fputs("receipt of an opening\n", out);
	print_lines(out, set, r);
	for (size_t i = 0; i < set->card_count; i++) {
		const struct quo_form_card *card = &set->cards[i];

		fputs("card: ", out);
		if (card->serial > 0)
			fprintf(out, "%u", card->serial);
		else
			fputc('-', out);
		fprintf(out, " %s%s%s\n", card->verdict,
		    card->custodian != NULL ? " " : "",
		    card->custodian != NULL ? card->custodian : "");
	}
	if (form->ledger != NULL && form->checkpoint != NULL) {
		quo_checkpoint_print(form->ledger, form->checkpoint, lines);
		fprintf(out, "\n%s", lines);
	}
	if (fclose(out) != 0) {
		free(made);
		return QUO_ENOMEM;
	}
	*text = made;
	return QUO_OK;
}
