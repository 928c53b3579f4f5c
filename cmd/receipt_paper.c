/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/utc.h"
#include "card/words.h"
#include "cmd/form_source.h"
#include "cmd/paper.h"
#include "cmd/receipt.h"

/* What a rescue's receipt says of its set. */
struct rescue {
	char opened[QUO_UTC_TEXT];
	char id[QUO_SET_ID_HEX], words[4 * (QUO_WORD_MAX + 1)];
	char actor[QUO_RECEIPT_VALUE_MAX + 16];
	char *policy;
	struct quo_form_card cards[QUO_RECEIPT_CARDS];
	struct quo_form_set set;
};

static void
tell_set(const struct quo_receipt *r, const struct quo_quorum *quorum,
    struct rescue *a)
{
	const struct quo_pool_set *set = quo_quorum_set(quorum);

	quo_utc_print(r->opened, a->opened);
	quo_set_id_print(&r->set, QUO_HASH_LEN, a->id);
	quo_words_id(r->set.hash, a->words);
	if (r->actor != NULL)
		snprintf(a->actor, sizeof a->actor, "%s (claimed)", r->actor);
	a->policy = quo_policy_sentence(set->code->header.policy);
	for (size_t i = 0; i < r->card_count; i++) {
		a->cards[i].serial = r->cards[i].serial;
		a->cards[i].verdict = quo_verdict_name(r->cards[i].verdict);
	}
	/* No more than the text says: user and target are sealed. */
	a->set = (struct quo_form_set){
		.credential = r->name,
		.policy = a->policy, .id = a->id, .words = a->words,
		.generation = r->generation,
		.cards = a->cards, .card_count = r->card_count,
	};
}

enum quo_exit
quo_receipt_draw(const struct quo_receipt_slip *slip,
    const struct quo_quorum *quorum, const char *text)
{
	const struct quo_receipt *r = &slip->receipt;
	struct rescue *a = calloc(1, sizeof *a);
	struct quo_document *doc = NULL;
	char number[QUO_HEX_ROOM(QUO_RECEIPT_ID_LEN)];
	enum quo_exit end;
	enum quo_err err;

	if (a == NULL)
		return quo_say_failure(QUO_ENOMEM, "%s", slip->paper);
	tell_set(r, quorum, a);
	quo_hex_print(r->id, sizeof r->id, number);
	number[8] = '\0';
	const struct quo_form form = { .date = a->opened,
		.version = r->version };
	const struct quo_form_receipt receipt = {
		.number = number, .opened = a->opened, .host = r->host,
		.actor = a->actor, .requester = r->requester,
		.reason = r->reason, .ticket = r->ticket,
		.exposure = r->exposure, .why = quo_receipt_why(r->why),
		.text = text,
	};
	err = quo_form_receipt(&form, &a->set, &receipt, &doc);
	end = err != QUO_OK ? quo_say_failure(err, "%s", slip->paper) :
	    quo_paper_write(doc, quo_paper_form_of(slip->paper),
	    slip->paper);
	quo_document_free(doc);
	free(a->policy);
	free(a);
	return end;
}

static enum quo_exit
write_record(struct quo_receipt_slip *slip, struct quo_form_source *source,
    const struct quo_form_receipt *receipt)
{
	struct quo_document *doc = NULL;
	char *text = NULL;
	enum quo_exit end;
	enum quo_err err;

	if (slip->paper != NULL) {
		err = quo_form_receipt(&source->form, &source->set, receipt,
		    &doc);
		end = err != QUO_OK ? quo_say_failure(err, "%s",
		    slip->paper) : quo_paper_write(doc,
		    quo_paper_form_of(slip->paper), slip->paper);
		quo_document_free(doc);
		return end;
	}
	err = quo_form_receipt_text(&source->form, &source->set, receipt,
	    &text);
	if (err == QUO_OK)
		err = quo_receipt_file(slip, text, strlen(text));
	free(text);
	return err == QUO_OK ? QUO_EXIT_DONE :
	    quo_say_failure(err, "--receipt %s", slip->path);
}

void
quo_receipt_record(struct quo_receipt_slip *slip, const struct quo_book *book,
    const char *incident, const char *exposure)
{
	struct quo_form_receipt receipt = { .number = NULL };
	struct quo_form_source source = { .book = NULL };
	enum quo_exit end;

	if (slip->path == NULL)
		return;
	end = quo_form_source_begin(book, QUO_FACE_A4, &source);
	if (end == QUO_EXIT_DONE)
		end = quo_form_source_opening(&source, incident, &receipt);
	receipt.exposure = exposure;
	if (end == QUO_EXIT_DONE)
		end = write_record(slip, &source, &receipt);
	if (end == QUO_EXIT_DONE)
		quo_say("receipt in %s: keep it elsewhere: it witnesses the "
		    "log", slip->paper != NULL ? slip->paper : slip->path);
	else
		quo_say_hint("there is no receipt: quorate form receipt %s "
		    "makes one", incident);
	quo_form_source_clear(&source);
}
