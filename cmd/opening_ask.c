/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/opening_internal.h"
#include "cmd/tty.h"
#include "ledger/holding.h"
#include "ledger/incident.h"
#include "ledger/roster.h"

/* So many cards are told one by one: more fill the screen. */
#define CARDS_TOLD 12

/* Which of the answers is which. */
enum { REASON, TICKET, REQUESTER, CRITERION };

/* An Enter too many is no answer: asked so often, then given up. */
#define PATIENCE 3

static bool
ask(struct quo_opening *o, int which, const char *prompt)
{
	char *answer = o->answers[which];

	for (int i = 0; i < PATIENCE && quo_tty_present(); i++) {
		if (quo_tty_line(prompt, answer,
		    sizeof o->answers[which]) != QUO_OK)
			return false;
		if (answer[0] != '\0')
			return true;
	}
	return false;
}

const char *
quo_opening_ask(struct quo_opening *o)
{
	const struct {
		const char **value;
		const char *prompt, *option;
	} wanted[] = {
		[REASON] = { &o->options.reason, "Why is it opened? ",
		    "--reason TEXT" },
		[TICKET] = { &o->options.ticket, "Under which ticket (or "
		    "none)? ", "--ticket ID, or --ticket none" },
		[REQUESTER] = { &o->options.requester, "For whom? ",
		    "--requester WHO" },
	};
	const char *missing = NULL;

	for (int i = 0; i <= REQUESTER; i++) {
		if (*wanted[i].value != NULL)
			continue;
		if (ask(o, i, wanted[i].prompt)) {
			*wanted[i].value = o->answers[i];
			continue;
		}
		quo_say_error("an opening needs %s", wanted[i].option);
		missing = wanted[i].option;
		if (quo_tty_present())
			break;
	}
	return missing;
}

/* Asked again where the answer is none of the numbers. */
static const char *
ask_criterion(struct quo_opening *o, unsigned count)
{
	char place[16];

	for (int i = 0; i < PATIENCE && ask(o, CRITERION, "Which one is met "
	    "(its number)? "); i++) {
		for (unsigned n = 1; n <= count; n++) {
			snprintf(place, sizeof place, "%u", n);
			if (strcmp(place, o->answers[CRITERION]) == 0)
				return o->answers[CRITERION];
		}
		quo_say_error("\"%s\" is none of them: a number from 1 to %u",
		    o->answers[CRITERION], count);
	}
	return NULL;
}

const char *
quo_opening_criterion(struct quo_opening *o)
{
	char *criteria = NULL, *rest, *line;
	unsigned n = 0;

	if (o->options.criterion != NULL || o->options.emergency != NULL ||
	    o->credential == NULL || !quo_tty_present() ||
	    quo_ledger_criteria(o->book.ledger, o->credential, &criteria) !=
	    QUO_OK || criteria == NULL)
		return o->options.criterion;
	quo_say("\"%s\" is to be opened where one of these is met:",
	    o->credential);
	for (rest = criteria; (line = strsep(&rest, "\n")) != NULL; )
		quo_say("(%u) %s", ++n, line);
	free(criteria);
	return ask_criterion(o, n);
}

static void
tell_approvals(struct quo_opening *o)
{
	struct quo_incident *in = NULL;

	if (o->options.emergency != NULL || quo_incident_load(
	    o->book.ledger, o->incident, &in) != QUO_OK)
		return;
	if (!in->over && in->given < in->wanted) {
		quo_say_warning("%lld of %lld approvals are there: quorate "
		    "request --show %s", (long long)in->given,
		    (long long)in->wanted, in->name);
		quo_say_hint("once they are, the same again with --incident "
		    "%s", in->name);
	}
	free(in);
}

/* "card 2: ciso, in safe 3, bag A-17, +45 12 34 56 78" */
static void
tell_card(const struct quo_held *card, unsigned serial,
    const struct quo_roster *roster)
{
	const struct quo_record *person = card->custodian == NULL ? NULL :
	    quo_roster_find(roster, QUO_RECORD_PERSON, card->custodian);
	const char *contact = person != NULL ?
	    person->value[QUO_PERSON_CONTACT] : NULL;
	const struct { const char *before, *text; } parts[] = {
		{ ", in ", card->location }, { ", bag ", card->bag },
		{ ", ", contact },
	};
	char text[512];
	size_t n;

	n = (size_t)snprintf(text, sizeof text, "card %u: %.60s", serial,
	    card->custodian != NULL ? card->custodian : "nobody by name");
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (parts[i].text != NULL)
			n += (size_t)snprintf(text + n, sizeof text - n,
			    "%s%.100s", parts[i].before, parts[i].text);
	for (char *c = text; (c = strchr(c, '\n')) != NULL; )
		*c = ' ';
	quo_say("%s%s", text, card->lost ? ": LOST" : "");
}

static void
tell_holders(struct quo_opening *o)
{
	struct quo_roster roster = { .count = { 0 } };
	struct quo_holding *h = NULL;

	if (!quo_tty_present() || o->credential == NULL ||
	    quo_holding_load(o->book.ledger, o->credential, 0, &h) != QUO_OK)
		return;
	if (h->policy->cards <= CARDS_TOLD &&
	    quo_roster_load(o->book.ledger, &roster) == QUO_OK) {
		for (unsigned s = 1; s <= h->policy->cards; s++)
			tell_card(&h->card[s], s, &roster);
		quo_roster_clear(&roster);
	} else {
		quo_say("quorate status %s says who holds its %u cards",
		    o->credential, h->policy->cards);
	}
	quo_holding_free(h);
}

void
quo_opening_tell(struct quo_opening *o)
{
	tell_approvals(o);
	tell_holders(o);
}
