/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "cmd/forms_internal.h"

#define CLOUD (1u << QUO_FORM_CLOUD)
#define SITE (1u << QUO_FORM_SITE)
#define PLANT (1u << QUO_FORM_PLANT)
#define ALL (CLOUD | SITE | PLANT)

enum part { OPEN, APPROVE, AFTER };

/* What to do, in order; APPROVE only where somebody has to sign. */
static const struct {
	unsigned scenes;
	enum part part;
	const char *text, *command;
} steps[] = {
	{ PLANT, OPEN, "Tell the control room and the shift lead. Bring the "
	    "plant into the state that the work asks for, and don’t begin "
	    "before they agree.", NULL },
	{ CLOUD | SITE, OPEN, "Declare it, before anything else; this prints "
	    "the incident’s name, INC-N.", "quorate request {name} "
	    "--requester YOU --reason WHY --ticket ID{criterion}" },
	{ CLOUD | SITE, APPROVE, "Let {approvers} sign what it printed, and "
	    "take in each signature.", "quorate approve INC-N --approver WHO "
	    "--signature FILE" },
	{ PLANT, APPROVE, "Get the word of {approvers}, and write down when "
	    "they gave it: the kit can’t ask them.", NULL },
	{ CLOUD | SITE, OPEN, "Bring together {policy}, on a machine that "
	    "you trust. Each custodian presents their own card, and stays.",
	    "quorate reconstruct {name} --incident INC-N --show" },
	{ PLANT, OPEN, "Bring together {policy} at the offline kit: its "
	    "machine, its scanner, no network, no phones.",
	    "quorate reconstruct {name} --no-ledger --receipt receipt.txt "
	    "--reason WHY --requester YOU --show" },
	{ CLOUD, OPEN, "Sign in to {target} as {user} in a fresh browser "
	    "profile. Record the session, or note each act and its time. Do "
	    "only what the reason says.", NULL },
	{ SITE, OPEN, "Log in to {target} as {user}, at its console where "
	    "you can. Record the session, or note each act and its time. Do "
	    "only what the reason says.", NULL },
	{ PLANT, OPEN, "Log in to {target} as {user} at the machine itself. "
	    "A second person watches, and notes each act and its time.",
	    NULL },
	{ CLOUD | SITE, OPEN, "The ledger is missing, locked or full? The "
	    "rescue comes first, in place of all of this; keep the receipt.",
	    "quorate reconstruct {name} --no-ledger --receipt receipt.txt "
	    "--reason WHY --requester YOU --show" },
	{ CLOUD, AFTER, "Sign out. Revoke all sessions and tokens of {user}, "
	    "and take back what was granted for the emergency.", NULL },
	{ SITE, AFTER, "Log out everywhere. Look for what stayed behind: "
	    "sessions, keys, jobs, accounts.", NULL },
	{ PLANT, AFTER, "Log out, hand the plant back to the control room, "
	    "and bring receipt.txt to the keeper of the ledger the same "
	    "day, who takes it in.", "quorate log receipt receipt.txt" },
	{ ALL, AFTER, "Change the password and deal new cards, at once: seen "
	    "is compromised. It is done when the new one is accepted and the "
	    "old one refused. If it stops before, destroy no card, and add "
	    "--resume and cards of both sets.", "quorate rotate {name} CARD... --hook "
	    "{hook}" },
	{ ALL, AFTER, "Destroy the old cards before witnesses, unless a "
	    "backup of the target needs them.", NULL },
	{ ALL, AFTER, "Somebody other than the requester reviews it within "
	    "{review}.", "quorate review INC-N --reviewer WHO "
	    "--classification emergency --findings TEXT --actions TEXT "
	    "--recording SHA256@PLACE" },
};

static void
add_steps(struct quo_document *doc, const struct quo_form_playbook *book,
    bool after, const struct quo_form_word *words, size_t count)
{
	char text[QUO_FORM_TEXT], command[QUO_FORM_TEXT];

	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		if ((steps[i].scenes & 1u << book->scene) == 0 ||
		    (steps[i].part == AFTER) != after ||
		    (steps[i].part == APPROVE && book->approvers == NULL))
			continue;
		quo_form_expand(steps[i].text, words, count, text);
		command[0] = '\0';
		if (steps[i].command != NULL)
			quo_form_expand(steps[i].command, words, count,
			    command);
		quo_document_step(doc, text, command, false);
	}
}

static void
add_cards(struct quo_document *doc, const struct quo_form_set *set)
{
	static const struct quo_column columns[] = {
		{ "card" }, { "custodian" }, { "call" },
		{ "where it lies" }, { "bag", false, true },
	};
	char serial[16];

	quo_document_table(doc, NULL, columns, 5);
	for (size_t i = 0; i < set->card_count; i++) {
		const struct quo_form_card *card = &set->cards[i];
		const struct quo_cell cells[] = {
			{ serial }, { card->custodian }, { card->contact },
			{ card->place }, { card->bag },
		};

		snprintf(serial, sizeof serial, "%u", card->serial);
		quo_document_row(doc, cells, 5);
	}
}

static void
add_blank_cards(struct quo_document *doc)
{
	static const char *const labels[] = { "card, custodian", "call",
		"where it lies", "bag" };

	for (int i = 0; i < QUO_FORM_BLANKS; i++)
		quo_document_blanks(doc, labels, 4);
}

static void
add_what(struct quo_document *doc, const struct quo_form *form,
    const struct quo_form_set *set)
{
	const struct quo_figure figures[] = {
		{ "target", set->target != NULL ? set->target : "–",
		    QUO_TONE_PLAIN },
		{ "user", set->user != NULL ? set->user : "–",
		    QUO_TONE_PLAIN },
		{ "opened by", set->policy, QUO_TONE_PLAIN },
	};
	static const char *const labels[] = { "target", "user", "opened by" };

	if (form->blank)
		quo_document_blanks(doc, labels, 3);
	else
		quo_document_figures(doc, figures, 3);
}

static void
add_when(struct quo_document *doc, const struct quo_form *form,
    const struct quo_form_playbook *book)
{
	static const char *const labels[] = { "criterion", "criterion" };

	quo_document_heading(doc, 1, "When");
	for (size_t i = 0; i < book->criterion_count; i++)
		quo_document_number(doc, book->criteria[i]);
	if (book->criterion_count > 0)
		return;
	if (form->blank)
		quo_document_blanks(doc, labels, 2);
	else
		quo_document_text(doc, "No criteria were written down: ask "
		    "the owner before opening it.");
}

static void
add_who(struct quo_document *doc, const struct quo_form *form,
    const struct quo_form_set *set, const struct quo_form_playbook *book)
{
	const struct quo_form_line lines[] = {
		{ "Call first", book->call }, { "Owner", set->owner },
		{ "Must sign", book->approvers }, { "Set", set->words },
	};

	quo_document_heading(doc, 1, "Who");
	quo_form_lines(doc, form, lines, sizeof lines / sizeof *lines);
	if (set->card_count > 0)
		add_cards(doc, set);
	else if (form->blank)
		add_blank_cards(doc);
}

enum quo_err
quo_form_playbook(const struct quo_form *form, const struct quo_form_set *set,
    const struct quo_form_playbook *book, struct quo_document **doc)
{
	static const char *const scenes[] = { "cloud", "on-premises",
		"plant, no network" };
	char name[QUO_FORM_TEXT] = "NAME", title[QUO_FORM_TEXT];
	const struct quo_form_word words[] = {
		{ "name", name },
		{ "user", set->user != NULL ? set->user : "its user" },
		{ "target", set->target != NULL ? set->target :
		    "the target" },
		{ "policy", set->policy != NULL ? set->policy :
		    "a quorum of its custodians" },
		{ "approvers", book->approvers },
		{ "criterion", book->criterion_count > 0 ?
		    " --criterion N" : "" },
		{ "hook", book->hook != NULL ? book->hook : "HOOK" },
		{ "review", book->review != NULL ? book->review : "5 days" },
	};
	const size_t count = sizeof words / sizeof *words;
	struct quo_document *d = NULL;
	enum quo_err err;

	if (book->scene > QUO_FORM_PLANT)
		return QUO_EINVAL;
	if (set->credential != NULL)
		quo_form_quote(set->credential, name);
	snprintf(title, sizeof title, "Playbook: %s",
	    set->credential != NULL ? set->credential : "…………………");
	err = quo_form_begin(form, (struct quo_document_head){
	    .title = title, .subtitle = book->scenario,
	    .mark = scenes[book->scene], .one_page = true }, &d);
	if (err != QUO_OK)
		return err;
	add_what(d, form, set);
	add_when(d, form, book);
	add_who(d, form, set, book);
	quo_document_heading(d, 1, "Open it");
	add_steps(d, book, false, words, count);
	quo_document_heading(d, 1, "Afterwards");
	add_steps(d, book, true, words, count);
	return quo_form_end(d, doc);
}
