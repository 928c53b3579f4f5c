/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "card/slip.h"
#include "cmd/forms_internal.h"
#include "ledger/auditor.h"
#include "ledger/checkpoint.h"

const char *const quo_form_sentences[QUO_FORM_SENTENCES] = {
	"A quorum of custodians can always rebuild the secret without this "
	"tool; the evidence against that is a broken seal on a bag.",
	"Once a person has seen a password, nothing here takes it back; only "
	"changing it on the target ends the exposure.",
	"The tool does not see what is done with the credential; recording a "
	"session belongs to the target, tlog or a PAM product.",
	"A name in the log is as strong as the key behind it: \"signed by\" "
	"and \"claimed\" are shown differently.",
};

enum quo_err
quo_form_begin(const struct quo_form *form, struct quo_document_head head,
    struct quo_document **doc)
{
	char footer[160];

	snprintf(footer, sizeof footer, "quorate %.40s%s%.40s",
	    form->version != NULL ? form->version : "",
	    form->ledger != NULL ? "   ledger " : "",
	    form->ledger != NULL ? form->ledger : "");
	head.footer = footer;
	head.date = form->date;
	head.paper = form->paper;
	return quo_document_new(&head, doc);
}

enum quo_err
quo_form_end(struct quo_document *made, struct quo_document **doc)
{
	enum quo_err err = quo_document_error(made);

	if (err == QUO_OK)
		*doc = made;
	else
		quo_document_free(made);
	return err;
}

void
quo_form_fact(struct quo_document *doc, const char *label, const char *value)
{
	if (value != NULL && value[0] != '\0')
		quo_document_fact(doc, label, value);
}

void
quo_form_lines(struct quo_document *doc, const struct quo_form *form,
    const struct quo_form_line *lines, size_t count)
{
	const char *labels[2];
	size_t open = 0;

	for (size_t i = 0; i < count; i++)
		quo_form_fact(doc, lines[i].label, lines[i].value);
	for (size_t i = 0; form->blank && i < count; i++) {
		if (lines[i].value != NULL && lines[i].value[0] != '\0')
			continue;
		labels[open++] = lines[i].label;
		if (open == 2) {
			quo_document_blanks(doc, labels, 2);
			open = 0;
		}
	}
	if (open > 0)
		quo_document_blanks(doc, labels, open);
}

void
quo_form_facts(struct quo_document *doc, const struct quo_form *form,
    const struct quo_form_set *set)
{
	char number[16];
	const struct quo_form_line lines[] = {
		{ "Credential", set->credential }, { "Target", set->target },
		{ "User", set->user }, { "Owner", set->owner },
		{ "Opened by", set->policy }, { "Set", set->words },
		{ "Set id", set->id },
		{ "Generation", set->generation > 0 ? number : NULL },
	};

	snprintf(number, sizeof number, "%u", (unsigned)set->generation);
	quo_form_lines(doc, form, lines, sizeof lines / sizeof *lines);
}

/* Letters in fours, as they are typed. */
static void
group(const char *text, char *out, size_t cap)
{
	size_t len = 0;

	for (size_t i = 0; text[i] != '\0' && len + 3 < cap; i++) {
		out[len++] = text[i];
		if (i >= QUO_SLIP_PREFIX - 1 &&
		    (i - (QUO_SLIP_PREFIX - 1)) % 4 == 0)
			out[len++] = ' ';
	}
	out[len] = '\0';
}

void
quo_form_checkpoint(struct quo_document *doc, const struct quo_form *form)
{
	char code[QUO_SLIP_CHECKPOINT_TEXT], spaced[160], caption[200];
	char lines[QUO_CHECKPOINT_TEXT];
	struct quo_qr qr = { 0 };

	if (form->ledger == NULL || form->checkpoint == NULL ||
	    quo_slip_checkpoint_print(form->ledger, form->checkpoint,
	    code) != QUO_OK ||
	    quo_qr_encode(code, strlen(code), &qr) != QUO_OK)
		return;
	group(code, spaced, sizeof spaced);
	snprintf(caption, sizeof caption, "The log as it stood then, with "
	    "%llu entries. Nothing in them can be changed or left out "
	    "without disagreeing with this sheet.",
	    (unsigned long long)form->checkpoint->size);
	quo_document_keep(doc, true);
	quo_document_heading(doc, 1, "Checkpoint of the log");
	quo_document_qr(doc, &qr, caption, spaced);
	quo_checkpoint_print(form->ledger, form->checkpoint, lines);
	quo_document_text(doc, "As \"quorate log verify --witness FILE\" "
	    "takes it, typed into a file:");
	quo_document_code(doc, lines);
	quo_document_keep(doc, false);
	quo_qr_clear(&qr);
}

static const char *
find_word(const char *key, size_t len, const struct quo_form_word *words,
    size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(words[i].key) == len &&
		    memcmp(words[i].key, key, len) == 0 &&
		    words[i].value != NULL)
			return words[i].value;
	return "…";
}

void
quo_form_expand(const char *text, const struct quo_form_word *words,
    size_t count, char out[QUO_FORM_TEXT])
{
	size_t len = 0, n;
	const char *part;

	for (; *text != '\0'; text += n) {
		n = strcspn(text, *text == '{' ? "}" : "{");
		part = text;
		if (*text == '{') {
			part = find_word(text + 1, n - 1, words, count);
			n += text[n] == '}';
		}
		len += (size_t)snprintf(out + len, QUO_FORM_TEXT - len,
		    "%.*s", part == text ? (int)n : (int)strlen(part), part);
		if (len >= QUO_FORM_TEXT) {
			/* Cut where it was: at worst within a letter. */
			out[0] = '\0';
			return;
		}
	}
	out[len] = '\0';
}

void
quo_form_quote(const char *name, char out[QUO_FORM_TEXT])
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./_-";
	size_t len = 0;

	if (name[0] != '\0' && strspn(name, plain) == strlen(name)) {
		snprintf(out, QUO_FORM_TEXT, "%s", name);
		return;
	}
	out[len++] = '\'';
	for (; *name != '\0' && len < QUO_FORM_TEXT - 6; name++)
		if (*name == '\'') {
			memcpy(out + len, "'\\''", 4);
			len += 4;
		} else
			out[len++] = *name;
	out[len++] = '\'';
	out[len] = '\0';
}

/* What a custodian promises. */
static const char *const promises[] = {
	"I keep this card sealed in its bag, at the place named below, apart "
	"from every other card of its set.",
	"I neither copy nor photograph it, and show it to nobody but the "
	"machine that asks for it.",
	"I present it myself, and only for an incident that was declared; "
	"presenting it means that I approve.",
	"I look at the seal of its bag at each drill, and say at once when "
	"the card is lost, or the seal broken, or someone has seen it.",
	"I give it back, against a receipt, when I leave or change my role, "
	"and when a new one takes its place.",
};

enum quo_err
quo_form_acknowledgement(const struct quo_form *form,
    const struct quo_form_set *set, const struct quo_form_card *card,
    const char *review_by, struct quo_document **doc)
{
	static const char *const bags[] = { "bag serial", "place" };
	static const char *const signs[] = { "custodian: signature",
		"UTC time" };
	static const char *const gives[] = { "handed over by: name",
		"signature", "UTC time" };
	struct quo_document *d = NULL;
	char mark[32];
	enum quo_err err;

	snprintf(mark, sizeof mark, card->serial > 0 ? "card %u" : "card",
	    card->serial);
	err = quo_form_begin(form, (struct quo_document_head){
	    .title = "Acknowledgement", .mark = mark,
	    .subtitle = "A custodian takes one share of an emergency "
	    "credential.", .one_page = true }, &d);
	if (err != QUO_OK)
		return err;
	quo_form_lines(d, form, &(const struct quo_form_line){ "Custodian",
	    card->custodian }, 1);
	quo_form_facts(d, form, set);
	quo_form_fact(d, "Review by", review_by);
	quo_form_fact(d, "Bag", card->bag);
	quo_form_fact(d, "Place", card->place);
	quo_document_heading(d, 1, "I have read this, and agree");
	for (size_t i = 0; i < sizeof promises / sizeof *promises; i++)
		quo_document_number(d, promises[i]);
	quo_document_text(d, "The card alone opens nothing. Together with "
	    "others it opens the credential without any computer of ours: "
	    "that is what the bag’s seal bears witness against.");
	quo_document_heading(d, 1, "Received");
	quo_document_blanks(d, bags, 2);
	quo_document_blanks(d, signs, 2);
	quo_document_blanks(d, gives, 3);
	quo_form_checkpoint(d, form);
	quo_document_note(d, QUO_TONE_FAINT, "The ledger keeps the SHA-256 "
	    "of the scanned sheet; the sheet itself is kept with the "
	    "auditor.");
	return quo_form_end(d, doc);
}

static void
add_key(struct quo_document *doc, const struct quo_secret *text,
    const struct quo_secret *words)
{
	char spaced[128];
	struct quo_qr qr = { 0 };

	if (quo_qr_encode((const char *)text->data, text->len - 1, &qr) ==
	    QUO_OK) {
		group((const char *)text->data, spaced, sizeof spaced);
		quo_document_qr(doc, &qr, "The key of the log’s seal", spaced);
	}
	quo_qr_clear(&qr);
	quo_wipe(spaced, sizeof spaced);
	quo_document_heading(doc, 1, "The same in words");
	quo_document_text(doc, "Four letters of each are enough, ? for one "
	    "that can’t be read. The last word of a row is its check.");
	quo_document_words(doc, (const char *)words->data, words->len);
}

enum quo_err
quo_form_auditor(const struct quo_form *form, const char *host,
    const uint8_t key[QUO_KEY_LEN], struct quo_document **doc)
{
	struct quo_secret *text = NULL, *words = NULL;
	struct quo_document *d = NULL;
	enum quo_err err;

	err = quo_auditor_print(key, &text);
	if (err == QUO_OK)
		err = quo_slip_key_words(key, &words);
	if (err == QUO_OK)
		err = quo_form_begin(form, (struct quo_document_head){
		    .title = "Auditor’s card", .mark = "Secret",
		    .subtitle = "With it the auditor sees whether the log "
		    "was rewritten. It is kept nowhere else.",
		    .secret = true, .one_page = true }, &d);
	if (err != QUO_OK)
		goto out;
	quo_form_fact(d, "Ledger", form->ledger);
	quo_form_fact(d, "Host", host);
	quo_form_fact(d, "Made", form->date);
	add_key(d, text, words);
	quo_document_heading(d, 1, "For the auditor");
	quo_document_item(d, "Keep it where nobody comes who may log in to "
	    "the host, and never bring the two together: who has both can "
	    "write another history.");
	quo_document_item(d, "Don’t copy or photograph it. Phones upload "
	    "photos.");
	quo_document_item(d, "Check an exported log on a machine of your "
	    "own:");
	quo_document_code(d, "quorate log verify log.txt --auditor-key FILE"
	    "\npython3 verify-log.py log.txt --auditor-key FILE");
	err = quo_form_end(d, doc);
out:
	quo_secret_free(text);
	quo_secret_free(words);
	return err;
}
