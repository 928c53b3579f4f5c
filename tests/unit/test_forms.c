/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/forms_internal.h"
#include "ledger/auditor.h"

static const struct quo_checkpoint checkpoint = { 3, { 1, 2, 3 } };

static const struct quo_form full = {
	.date = "2026-11-21T03:10:00Z", .version = "0.1.0",
	.ledger = "ae9870167a00f93b028ba04395a84a14",
	.checkpoint = &checkpoint,
};

/* What a form must have; all else may be unknown. */
static const struct quo_form bare = { .date = "2026-11-21" };
static const struct quo_form_set bare_set = { .credential = "db-root",
	.policy = "any 2 of 3 cards" };

/* The HTML of a document, which is freed; ends in NUL. */
static char *
html_of(struct quo_document *doc)
{
	struct quo_bytes html = { 0 };
	char *text;

	assert_err(quo_document_html(doc, &html), QUO_OK);
	quo_bytes_add(&html, "", 1);
	assert_err(html.err, QUO_OK);
	text = strdup((const char *)html.data);
	assert_non_null(text);
	quo_bytes_free(&html);
	quo_document_free(doc);
	return text;
}

static void
says(const char *html, const char *what)
{
	if (strstr(html, what) == NULL)
		fail_msg("\"%s\" isn't said", what);
}

static void
refuse_what_is_no_text(void **state)
{
	const struct quo_form late = { .date = "tomorrow" };
	const struct quo_form_receipt bad = { .reason = "a\x1b[2J" };
	const struct quo_form_receipt lines = { .reason = "a\nb" };
	const struct quo_form_receipt none = { 0 };
	const struct quo_form_playbook off = { .scene = QUO_FORM_PLANT + 1 };
	struct quo_document *doc = NULL;

	(void)state;
	assert_err(quo_form_receipt(&bare, &bare_set, &bad, &doc),
	    QUO_EINVAL);
	assert_err(quo_form_receipt(&bare, &bare_set, &lines, &doc),
	    QUO_EINVAL);
	assert_err(quo_form_receipt(&late, &bare_set, &none, &doc),
	    QUO_EINVAL);
	assert_err(quo_form_playbook(&bare, &bare_set, &off, &doc),
	    QUO_EINVAL);
	assert_null(doc);
}

static void
make_of_little(void **state)
{
	const struct quo_form_receipt receipt = { 0 };
	const struct quo_form_ceremony ceremony = { 0 };
	const struct quo_form_card card = { .serial = 2 };
	struct quo_form_playbook book = { 0 };
	struct quo_document *doc = NULL;
	char *html;

	(void)state;
	assert_err(quo_form_receipt(&bare, &bare_set, &receipt, &doc),
	    QUO_OK);
	html = html_of(doc);
	says(html, "db-root");
	assert_null(strstr(html, "Ticket"));
	assert_null(strstr(html, "Checkpoint"));
	free(html);
	for (int i = QUO_FORM_CLOUD; i <= QUO_FORM_PLANT; i++) {
		book.scene = (enum quo_form_scene)i;
		assert_err(quo_form_playbook(&bare, &bare_set, &book, &doc),
		    QUO_OK);
		html = html_of(doc);
		says(html, "<span>rotate</span> <span>db-root</span>");
		says(html, "in to the target as its user");
		assert_null(strstr(html, "approve INC"));
		free(html);
	}
	assert_err(quo_form_ceremony(&bare, &bare_set, &ceremony, &doc),
	    QUO_OK);
	free(html_of(doc));
	assert_err(quo_form_acknowledgement(&bare, &bare_set, &card, NULL,
	    &doc), QUO_OK);
	free(html_of(doc));
}

static void
receipt_tells_all(void **state)
{
	const struct quo_form_card cards[] = {
		{ .serial = 1, .custodian = "Ana", .verdict = "genuine" },
		{ .serial = 0, .verdict = "damaged" },
	};
	struct quo_form_set set = bare_set;
	const struct quo_form_receipt receipt = {
		.number = "INC-7", .opened = "2026-11-21T03:10:00Z",
		.deadline = "2026-11-21T07:10:00Z", .host = "bastion1",
		.actor = "root", .requester = "Bo", .reason = "<disk> full",
		.ticket = "OPS-1", .criterion = "no login",
		.exposure = "exec", .why = "it is locked",
		.text = "quorate receipt 1\nid: 00\n",
	};
	static const char *const told[] = { "INC-7", "2026-11-21T03:10:00Z",
		"2026-11-21T07:10:00Z", "bastion1", ">root<", ">Bo<",
		"&lt;disk&gt; full", "OPS-1", "no login", "exec",
		"it is locked", "quorate receipt 1\nid: 00\n", "Ana",
		"genuine", "damaged", "<svg role",
		"quorate/ae9870167a00f93b028ba04395a84a14\n3\nAQID",
		"QUO1K: V2MH AFT2" };
	struct quo_document *doc = NULL;
	char *html;

	(void)state;
	set.cards = cards;
	set.card_count = 2;
	assert_err(quo_form_receipt(&full, &set, &receipt, &doc), QUO_OK);
	html = html_of(doc);
	for (size_t i = 0; i < sizeof told / sizeof *told; i++)
		says(html, told[i]);
	free(html);
}

/* The same as text, which ends in the checkpoint as verifiers take it. */
static void
receipt_as_text(void **state)
{
	const struct quo_form_card cards[] = {
		{ .serial = 3, .custodian = "Ana", .verdict = "genuine" },
		{ .verdict = "damaged" },
	};
	const struct quo_form_receipt receipt = { .number = "INC-7",
		.opened = "2026-11-21T03:10:00Z", .reason = "no login" };
	struct quo_form_set set = bare_set;
	char *text = NULL;

	(void)state;
	set.cards = cards;
	set.card_count = 2;
	assert_err(quo_form_receipt_text(&full, &set, &receipt, &text),
	    QUO_OK);
	assert_string_equal(text, "receipt of an opening\n"
	    "incident: INC-7\nopened: 2026-11-21T03:10:00Z\n"
	    "credential: db-root\nreason: no login\n"
	    "card: 3 genuine Ana\ncard: - damaged\n\n"
	    "quorate/ae9870167a00f93b028ba04395a84a14\n3\n"
	    "AQIDAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
	free(text);
	set.card_count = 0;
	assert_err(quo_form_receipt_text(&bare, &set, &receipt, &text),
	    QUO_OK);
	assert_null(strstr(text, "card:"));
	assert_null(strstr(text, "quorate/"));
	free(text);
}

/* What isn't known is a line there, and left out elsewhere. */
static void
blank_forms_have_lines(void **state)
{
	static const char blank_owner[] = ">Owner</";
	struct quo_form form = { .date = "2026-11-21", .blank = true };
	const struct quo_form_set none = { .user = "root" };
	const struct quo_form_card card = { 0 };
	struct quo_document *doc = NULL;
	char *html;

	(void)state;
	assert_err(quo_form_acknowledgement(&form, &none, &card, NULL,
	    &doc), QUO_OK);
	html = html_of(doc);
	says(html, blank_owner);
	says(html, ">root<");
	assert_null(strstr(html, "card 0"));
	free(html);
	form.blank = false;
	assert_err(quo_form_acknowledgement(&form, &none, &card, NULL,
	    &doc), QUO_OK);
	html = html_of(doc);
	assert_null(strstr(html, blank_owner));
	free(html);
}

/* A name is one word to the shell that a command is typed into. */
static void
commands_are_quoted(void **state)
{
	static const char *const names[][2] = {
		{ "db-root", "db-root" }, { "root@db1", "root@db1" },
		{ "", "''" }, { "a b", "'a b'" }, { "$(reboot)", "'$(reboot)'" },
		{ "it's", "'it'\\''s'" }, { "Ķ", "'Ķ'" },
	};
	char out[QUO_FORM_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		quo_form_quote(names[i][0], out);
		assert_string_equal(out, names[i][1]);
	}
}

static void
words_are_filled_in(void **state)
{
	const struct quo_form_word words[] = { { "a", "{b}" }, { "b", NULL },
		{ "long", "x" } };
	char out[QUO_FORM_TEXT], many[QUO_FORM_TEXT];

	(void)state;
	quo_form_expand("{a}-{long}, {b} {c}{", words, 3, out);
	assert_string_equal(out, "{b}-x, … ……");
	quo_form_expand("", words, 3, out);
	assert_string_equal(out, "");
	memset(many, 'a', sizeof many);
	many[sizeof many - 1] = '\0';
	quo_form_expand(many, words, 3, out);
	assert_string_equal(out, many);
	const struct quo_form_word too_long = { "a", many };
	quo_form_expand("b{a}", &too_long, 1, out);
	assert_string_equal(out, "");
}

/* The key can be read from what stands on the auditor's card. */
static void
auditors_card_reads(void **state)
{
	uint8_t key[QUO_KEY_LEN];
	struct quo_secret *got = NULL;
	struct quo_document *doc = NULL;
	char *html, *at, rows[1024] = "";
	size_t len = 0;

	(void)state;
	for (unsigned i = 0; i < sizeof key; i++)
		key[i] = (uint8_t)(200 - 3 * i);
	assert_err(quo_form_auditor(&full, "bastion1", key, &doc), QUO_OK);
	html = html_of(doc);
	at = strstr(html, "<code>QUO1A:");
	assert_non_null(at);
	at += 6;
	assert_err(quo_auditor_parse(at, strcspn(at, "<"), &got), QUO_OK);
	assert_memory_equal(got->data, key, sizeof key);
	quo_secret_free(got);
	at = strstr(html, "<table class=\"words\">");
	assert_non_null(at);
	for (; *at != '\0' && strncmp(at, "</table", 7) != 0; at++) {
		if (*at == '<') {
			rows[len++] = strncmp(at, "</tr", 4) == 0 ? '\n' :
			    ' ';
			at += strcspn(at, ">");
		} else
			rows[len++] = *at;
	}
	got = NULL;
	assert_err(quo_auditor_parse(rows, len, &got), QUO_OK);
	assert_memory_equal(got->data, key, sizeof key);
	quo_secret_free(got);
	free(html);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuse_what_is_no_text),
		cmocka_unit_test(make_of_little),
		cmocka_unit_test(receipt_tells_all),
		cmocka_unit_test(receipt_as_text),
		cmocka_unit_test(blank_forms_have_lines),
		cmocka_unit_test(commands_are_quoted),
		cmocka_unit_test(words_are_filled_in),
		cmocka_unit_test(auditors_card_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
