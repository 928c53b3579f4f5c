/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "cmd/forms_internal.h"

/* The script: each step is read aloud, done, and initialled. */
static const char *const steps[][2] = {
	{ "Say who is here, and in which role. Phones and cameras leave the "
	    "room; nobody stays alone in it until the end.", NULL },
	{ "Start the machine from its known medium, without a network. "
	    "Nothing is attached but the printer, by cable.", NULL },
	{ "Compare the program with the hash on the attestation sheet.",
	    "sha256sum \"$(command -v quorate)\"" },
	{ "Compare the log with the checkpoint on the attestation sheet.",
	    "quorate log checkpoint" },
	{ "Deal. Every card is read back, and a quorum opened, before the "
	    "program says that it is done.", "{command}" },
	{ "Write the set id and its four words on the attestation sheet, as "
	    "the program shows them; a witness reads them back.", NULL },
	{ "Print each card as a job of its own. Only its custodian takes it "
	    "from the printer, and looks at it.", NULL },
	{ "Each custodian checks their own print against the set id.",
	    "quorate check --set ID CARD" },
	{ "Each custodian folds the card, print outside, closes it in its "
	    "bag and reads the bag’s serial aloud.", NULL },
	{ "Each custodian signs the acknowledgement for their card.", NULL },
	{ "Prove on {target} that the new password is accepted and the old "
	    "one refused.", NULL },
	{ "Destroy the card files, and what the printer remembers: switch it "
	    "off, take out its storage.", NULL },
	{ "Destroy the cards of earlier generations before all, unless a "
	    "backup of the target needs them. Write down their serials.",
	    NULL },
	{ "Take the log’s checkpoint again, and write it on the attestation "
	    "sheet.", "quorate log checkpoint" },
	{ "All sign the attestation sheet. Each takes a copy away.", NULL },
};

static void
add_script(struct quo_document *doc, const struct quo_form_set *set,
    const struct quo_form_ceremony *c)
{
	const struct quo_form_word words[] = {
		{ "target", set->target != NULL ? set->target :
		    "the target" },
		{ "command", c->command },
	};
	char text[QUO_FORM_TEXT], command[QUO_FORM_TEXT];

	quo_document_heading(doc, 1, "Script");
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		quo_form_expand(steps[i][0], words, 2, text);
		command[0] = '\0';
		if (steps[i][1] != NULL)
			quo_form_expand(steps[i][1], words, 2, command);
		quo_document_step(doc, text, command, true);
	}
}

static void
add_known(struct quo_document *doc, const struct quo_form *form,
    const struct quo_form_set *set, const struct quo_form_ceremony *c)
{
	static const char *const when[] = { "place", "date",
		"begun, UTC time", "ended, UTC time" };
	static const char *const id[] = { "set id, first 32 digits",
		"its four words" };
	static const char *const log[] = { "checkpoint after: entries",
		"root, first 12 characters" };

	quo_document_heading(doc, 1, "Attestation");
	quo_document_text(doc, "We were there from the first step to the "
	    "last. What the script says was done, in its order, at the times "
	    "that stand beside it; whatever differed is written below.");
	quo_form_facts(doc, form, set);
	quo_form_fact(doc, "Program, SHA-256", c->program);
	quo_form_fact(doc, "Place", c->place);
	quo_document_blanks(doc, when + (c->place != NULL),
	    c->place != NULL ? 3 : 4);
	if (set->id == NULL && !form->blank)
		quo_document_blanks(doc, id, 2);
	quo_document_blanks(doc, log, 2);
}

static void
add_bags(struct quo_document *doc, const struct quo_form *form,
    const struct quo_form_set *set)
{
	char who[QUO_FORM_TEXT] = "card, custodian";
	const char *const labels[] = { who, "bag serial", "place",
		"signature" };

	if (set->card_count == 0 && !form->blank)
		return;
	quo_document_keep(doc, true);
	quo_document_heading(doc, 1, "Cards and bags");
	for (size_t i = 0; form->blank && i < QUO_FORM_BLANKS; i++)
		quo_document_blanks(doc, labels, 4);
	for (size_t i = 0; i < set->card_count; i++) {
		snprintf(who, sizeof who, "card %u%s%s",
		    set->cards[i].serial,
		    set->cards[i].custodian != NULL ? ", " : "",
		    set->cards[i].custodian != NULL ?
		    set->cards[i].custodian : "");
		quo_document_blanks(doc, labels, 4);
	}
	quo_document_keep(doc, false);
}

static void
add_people(struct quo_document *doc, const struct quo_form_ceremony *c)
{
	static const char *const differed[] = { "what differed" };
	char who[QUO_FORM_TEXT];
	const char *const labels[] = { who, "signature", "UTC time" };

	quo_document_keep(doc, true);
	quo_document_heading(doc, 1, "Those who attended");
	for (size_t i = 0; i < c->role_count; i++) {
		snprintf(who, sizeof who, "%s: name", c->roles[i]);
		quo_document_blanks(doc, labels, 3);
	}
	for (int i = 0; i < 2; i++)
		quo_document_blanks(doc, differed, 1);
	quo_document_keep(doc, false);
}

enum quo_err
quo_form_ceremony(const struct quo_form *form, const struct quo_form_set *set,
    const struct quo_form_ceremony *c, struct quo_document **doc)
{
	struct quo_document *d = NULL;
	enum quo_err err;

	err = quo_form_begin(form, (struct quo_document_head){
	    .title = "Dealing ceremony", .mark = set->credential,
	    .subtitle = "A script to be read aloud and initialled step by "
	    "step, and a sheet that all sign." }, &d);
	if (err != QUO_OK)
		return err;
	add_script(d, set, c);
	quo_document_break(d);
	add_known(d, form, set, c);
	quo_form_checkpoint(d, form);
	add_bags(d, form, set);
	add_people(d, c);
	return quo_form_end(d, doc);
}
