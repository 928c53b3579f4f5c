/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Write a document with one of everything: document-sample html|pdf|bytes
 * [a4|letter] [rows of its table]. For tests of what is written, and to look
 * at. The bytes are what the helper reads.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypt.h"
#include "card/word.h"
#include "draw/block.h"
#include "sample.h"

#define DAY 86400
#define START INT64_C(1767225600)	/* 2026-01-01 */

static void
add_top(struct quo_document *doc)
{
	static const struct quo_figure figures[] = {
		{ "credentials", "14", QUO_TONE_PLAIN },
		{ "openings", "3", QUO_TONE_PLAIN },
		{ "median decay", "3 h 12 min", QUO_TONE_GOOD },
		{ "overdue", "1", QUO_TONE_BAD },
	};

	quo_document_figures(doc, figures, 4);
	quo_document_heading(doc, 1, "What happened");
	quo_document_text(doc, "Three credentials were opened in this year, "
	    "each with a declared incident. One rotation is overdue. Names "
	    "that a key vouches for are told as signed, all others as "
	    "claimed. <b>Markup & \"quotes\" stay text</b>.");
	quo_document_note(doc, QUO_TONE_BAD, "web-admin has been burned for "
	    "6 days and is not rotated: change it on the target");
	quo_document_note(doc, QUO_TONE_WARN, "2 alerts are not delivered");
	quo_document_note(doc, QUO_TONE_GOOD, "The log is whole: 1204 "
	    "entries, witnessed to entry 1198");
	quo_document_heading(doc, 2, "Incident INC-42");
	quo_document_fact(doc, "Reason", "Storage controller of db-3 lost "
	    "its configuration; the directory service was down with it, so "
	    "nobody could log in with their own account");
	quo_document_fact(doc, "Requester", "Ana Ķ. (claimed)");
	quo_document_fact(doc, "Set", "9f86d081884c7d659a2feaa0c55ad015a3bf4f"
	    "1b2b0b822cd15d6c15b0f00a08");
	quo_document_heading(doc, 2, "What to do");
	quo_document_item(doc, "Rotate web-admin today");
	quo_document_item(doc, "Find out why two alerts never arrived, and "
	    "drill the alerts again once the mail relay is back in service");
	quo_document_number(doc, "Call a custodian");
	quo_document_number(doc, "Bring two cards together");
}

static void
add_table(struct quo_document *doc, unsigned rows)
{
	static const struct quo_column columns[] = {
		{ "credential" }, { "target" }, { "card", false, true },
		{ "openings", true }, { "last drill" }, { "state" },
	};
	static const char *const states[] = { "active", "burned", "dealt",
		"unproven" };
	static const enum quo_tone tones[] = { QUO_TONE_GOOD, QUO_TONE_BAD,
		QUO_TONE_PLAIN, QUO_TONE_WARN };
	char name[32], number[16];

	quo_document_heading(doc, 1, "Inventory");
	quo_document_table(doc, "Each emergency credential and its state",
	    columns, 6);
	for (unsigned i = 0; i < rows; i++) {
		snprintf(name, sizeof name, "db-root-%u", i + 1);
		snprintf(number, sizeof number, "%u", i * i % 131);
		const struct quo_cell cells[] = {
			{ name }, { i % 5 == 3 ? "a target whose description "
			    "is rather long, and wraps in its cell" :
			    "db-3.example.net" }, { "0A1B-22" }, { number },
			{ "2026-03-01", QUO_TONE_FAINT },
			{ states[i % 4], tones[i % 4] },
		};
		quo_document_row(doc, cells, 6);
	}
}

static void
add_charts(struct quo_document *doc)
{
	struct quo_point points[40];
	struct quo_chart chart = {
		.title = "Decay: from burned to proven rotation",
		.unit = "hours", .points = points, .count = 40,
		.threshold = 24, .limit = "deadline 24 h",
	};
	unsigned state = 7;

	for (size_t i = 0; i < 40; i++) {
		state = state * 1664525u + 1013904223u;
		points[i] = (struct quo_point){
			.time = START + (int64_t)i * 9 * DAY,
			.value = (state >> 16) % 300 / 10.0,
			.label = "INC-<1> & so on",
		};
		if (points[i].value > 24)
			points[i].tone = QUO_TONE_BAD;
	}
	quo_document_heading(doc, 1, "Decay over time");
	quo_document_chart(doc, &chart);
	chart = (struct quo_chart){ .title = "Drills", .unit = "cards" };
	quo_document_chart(doc, &chart);
}

static void
add_form(struct quo_document *doc)
{
	static const char *const names[] = { "name", "signature", "date" };
	static const char *const bag[] = { "bag serial" };
	struct quo_qr qr = { 0 };
	char words[400];
	char word[QUO_WORD_MAX + 1];
	size_t len = 0;

	quo_document_break(doc);
	quo_document_heading(doc, 1, "Form");
	quo_document_step(doc, "Start the machine without a network", NULL,
	    true);
	quo_document_step(doc, "Deal the cards, and read back what the "
	    "printer made of them before anything else is done",
	    "quorate split db-root -k 2 -n 3 --output /media/cards", true);
	quo_document_step(doc, "Sign", NULL, false);
	quo_document_keep(doc, true);
	quo_document_blanks(doc, bag, 1);
	quo_document_blanks(doc, names, 3);
	quo_document_keep(doc, false);
	if (quo_qr_encode("QUO1R:ABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABCDEFGH",
	    46, &qr) == QUO_OK)
		quo_document_qr(doc, &qr, "The checkpoint of the log: scan "
		    "it, or type it", "QUO1R:ABCDEFGHIJKLMNOPQRSTUVWXYZ2345"
		    "67ABCDEFGH");
	quo_qr_clear(&qr);
	quo_document_code(doc, "$ quorate log verify\n1204 entries; the last "
	    "outside witness covers 1198\n\n</pre><script>alert(1)"
	    "</script>\n");
	for (unsigned i = 0; i < 6; i++) {
		len += (size_t)snprintf(words + len, sizeof words - len,
		    "%2u", i + 1);
		for (unsigned w = 0; w < 7; w++) {
			quo_word_get((i * 131 + w * 17) % QUO_WORDS_LIST,
			    word);
			len += (size_t)snprintf(words + len,
			    sizeof words - len, " %-8s", word);
		}
		len += (size_t)snprintf(words + len, sizeof words - len,
		    "\n");
	}
	quo_document_words(doc, words, len);
}

int
main(int argc, char **argv)
{
	struct quo_document_head head = {
		.title = "Break-glass report",
		.subtitle = "1 January to 31 December 2026, all credentials",
		.mark = "2026", .footer = "quorate 0.1.0, ledger 0f3a",
		.date = "2026-11-21T03:10:00Z",
	};
	struct quo_document *doc = NULL;
	enum quo_err err;

	if (argc > 2 && strcmp(argv[2], "letter") == 0)
		head.paper = QUO_FACE_LETTER;
	err = quo_document_new(&head, &doc);
	if (err == QUO_OK) {
		add_top(doc);
		add_charts(doc);
		add_table(doc, argc > 3 ? (unsigned)atoi(argv[3]) : 14);
		add_form(doc);
		if (argc > 1 && strcmp(argv[1], "bytes") == 0)
			fwrite(quo_document_bytes(doc).data, 1,
			    quo_document_bytes(doc).len, stdout);
		else
			err = put(doc, argc > 1 &&
			    strcmp(argv[1], "pdf") == 0);
	}
	if (err != QUO_OK)
		fprintf(stderr, "document-sample: %s\n", quo_strerror(err));
	quo_document_free(doc);
	return err == QUO_OK ? 0 : 1;
}
