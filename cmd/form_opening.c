/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/form_source.h"
#include "ledger/read.h"

/* An incident's entries, read one after another. */
struct story {
	struct quo_form_source *source;
	const char *incident;
	struct quo_form_receipt *receipt;
	const char *credential;
	struct quo_line line;
	bool bad;		/* a line is none */
};

static const char *
keep(struct story *s, enum quo_key key)
{
	const char *text = s->line.entry.value[key];

	return text == NULL ? NULL :
	    quo_form_source_text(s->source, "%s", text);
}

static void
tell_request(struct story *s)
{
	struct quo_form_receipt *r = s->receipt;

	r->number = s->incident;
	r->requester = quo_form_source_person(s->source,
	    keep(s, QUO_KEY_REQUESTER));
	r->reason = keep(s, QUO_KEY_REASON);
	r->ticket = keep(s, QUO_KEY_TICKET);
	r->criterion = keep(s, QUO_KEY_CRITERION);
	r->emergency = keep(s, QUO_KEY_EMERGENCY);
	s->credential = keep(s, QUO_KEY_CREDENTIAL);
}

static void
tell_card(struct story *s)
{
	const char *serial = s->line.entry.value[QUO_KEY_CARD];
	struct quo_form_set *set = &s->source->set;

	if (set->card_count == QUO_CARDS_MAX)
		return;
	set->cards = s->source->cards;
	s->source->cards[set->card_count++] = (struct quo_form_card){
		.serial = serial != NULL ? (unsigned)atoi(serial) : 0,
		.custodian = quo_form_source_person(s->source,
		    keep(s, QUO_KEY_PERSON)),
		.verdict = keep(s, QUO_KEY_VERDICT),
	};
}

/* Burned; a rescue's receipt that was taken in says so of another time. */
static void
tell_open(struct story *s)
{
	struct quo_form_receipt *r = s->receipt;
	const char *actor = s->line.entry.value[QUO_KEY_ACTOR];
	const char *auth = s->line.entry.value[QUO_KEY_AUTH];

	r->opened = keep(s, QUO_KEY_TIME);
	r->deadline = keep(s, QUO_KEY_DEADLINE);
	r->host = keep(s, QUO_KEY_HOST);
	if (actor != NULL)
		r->actor = quo_form_source_text(s->source, "%s (%s)", actor,
		    auth != NULL ? auth : "claimed");
	if (r->emergency == NULL)
		r->emergency = keep(s, QUO_KEY_EMERGENCY);
	s->source->set.id = keep(s, QUO_KEY_SET);
}

static bool
each(void *with, uint64_t number, const char *line, size_t len)
{
	struct story *s = with;
	const char *const *v = s->line.entry.value;
	const char *event;

	(void)number;
	s->bad = quo_line_decode(line, len, &s->line) != QUO_OK;
	if (s->bad)
		return false;
	event = v[QUO_KEY_EVENT];
	if (s->receipt->number == NULL) {
		if (strcmp(event, "request") != 0)
			return false;
		tell_request(s);
		return true;
	}
	if (v[QUO_KEY_INCIDENT] == NULL || strcmp(v[QUO_KEY_INCIDENT],
	    s->incident) != 0)
		return true;
	if (strcmp(event, "present") == 0)
		tell_card(s);
	else if (strcmp(event, "open") == 0 ||
	    strcmp(event, "open-retired") == 0)
		tell_open(s);
	else if (strcmp(event, "opened") == 0)
		s->receipt->opened = keep(s, QUO_KEY_TIME);
	if (strcmp(event, "close") == 0) {
		s->receipt->closed = keep(s, QUO_KEY_TIME);
		s->receipt->exposure = keep(s, QUO_KEY_DETAIL);
	}
	return true;
}

/* From the request on, which has the incident's number. */
static enum quo_exit
read_story(struct quo_form_source *source, const char *incident,
    struct quo_form_receipt *receipt, const char **credential)
{
	struct story *s = calloc(1, sizeof *s);
	unsigned long long number = 0;
	enum quo_err err = QUO_ENOMEM;
	char tail;

	if (s == NULL)
		return quo_say_failure(err, "%s", incident);
	s->source = source;
	s->incident = incident;
	s->receipt = receipt;
	err = QUO_OK;
	if (sscanf(incident, "INC-%19llu%c", &number, &tail) == 1)
		err = quo_ledger_lines(source->book->ledger, number, each, s);
	if (err == QUO_OK && s->bad)
		err = QUO_ECORRUPT;
	*credential = s->credential;
	free(s);
	return quo_book_say(source->book, err);
}

enum quo_exit
quo_form_source_opening(struct quo_form_source *source, const char *incident,
    struct quo_form_receipt *receipt)
{
	const char *credential = NULL;
	enum quo_exit end;

	end = read_story(source, incident, receipt, &credential);
	if (end != QUO_EXIT_DONE)
		return end;
	if (receipt->number == NULL) {
		quo_say_error("there is no incident \"%s\"", incident);
		return QUO_EXIT_NO;
	}
	if (receipt->opened == NULL) {
		quo_say_error("%s was not opened: there is nothing to give "
		    "a receipt of", incident);
		return QUO_EXIT_NO;
	}
	return quo_form_source_known(source, credential);
}
