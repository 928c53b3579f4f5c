/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/hex.h"
#include "card/words.h"
#include "cmd/form_source.h"
#include "config.h"
#include "ledger/facts.h"

const char *
quo_form_source_text(struct quo_form_source *s, const char *format, ...)
{
	char **text = QUO_GROW(s->texts, s->text_count);
	va_list args;

	if (text == NULL)
		return NULL;
	va_start(args, format);
	if (vasprintf(text, format, args) == -1)
		*text = NULL;
	va_end(args);
	return *text;
}

enum quo_exit
quo_form_source_begin(const struct quo_book *book, enum quo_face_paper paper,
    struct quo_form_source *s)
{
	enum quo_err err;

	*s = (struct quo_form_source){ .book = book, .form = {
		.version = QUO_VERSION, .paper = paper,
		.blank = book == NULL,
	} };
	quo_utc_print(quo_utc_now(), s->date);
	s->form.date = s->date;
	s->cards = calloc(QUO_CARDS_MAX, sizeof *s->cards);
	if (s->cards == NULL)
		return quo_say_failure(QUO_ENOMEM, "%s", "form");
	if (book == NULL)
		return QUO_EXIT_DONE;
	s->form.ledger = quo_ledger_id(book->ledger);
	err = quo_ledger_checkpoint(book->ledger, &s->checkpoint);
	if (err == QUO_OK)
		err = quo_roster_load(book->ledger, &s->roster);
	s->form.checkpoint = &s->checkpoint;
	return quo_book_say(book, err);
}

static const struct quo_record *
find_person(const struct quo_form_source *s, const char *handle)
{
	return handle == NULL ? NULL : quo_roster_find(&s->roster,
	    QUO_RECORD_PERSON, handle);
}

const char *
quo_form_source_person(struct quo_form_source *s, const char *handle)
{
	const struct quo_record *person = find_person(s, handle);
	const char *name = person != NULL ?
	    person->value[QUO_PERSON_NAME] : NULL;

	return name == NULL ? handle :
	    quo_form_source_text(s, "%s (%s)", handle, name);
}

/* Lines as one: with commas. */
static const char *
join(struct quo_form_source *s, const char *lines)
{
	const char *text = "";
	size_t len;

	for (; text != NULL && *lines != '\0';
	    lines += len + (lines[len] == '\n')) {
		len = strcspn(lines, "\n");
		text = quo_form_source_text(s, "%s%s%.*s", text,
		    *text != '\0' ? ", " : "", (int)len, lines);
	}
	return text;
}

const char *
quo_form_source_contact(struct quo_form_source *s, const char *handle)
{
	const struct quo_record *person = find_person(s, handle);
	const char *lines = person != NULL ?
	    person->value[QUO_PERSON_CONTACT] : NULL;

	return lines == NULL ? NULL : join(s, lines);
}

const char *
quo_form_source_field(const struct quo_form_source *s, const char *field)
{
	int place = quo_record_field(QUO_RECORD_CREDENTIAL, field);

	return s->profile != NULL && place != -1 ?
	    s->profile->value[place] : NULL;
}

static enum quo_err
add_policy(struct quo_form_source *s, const struct quo_policy *policy)
{
	char *sentence = quo_policy_sentence(policy);

	if (sentence == NULL)
		return QUO_ENOMEM;
	s->set.policy = quo_form_source_text(s, "%s", sentence);
	free(sentence);
	return QUO_OK;
}

/* The cards of a policy, and who has them. */
static enum quo_err
add_cards(struct quo_form_source *s, const struct quo_policy *policy)
{
	const struct quo_policy_node *leaf;
	const struct quo_held *held;

	s->set.cards = s->cards;
	s->set.card_count = policy->cards;
	for (unsigned i = 1; i <= policy->cards; i++) {
		held = s->holding != NULL && policy == s->holding->policy ?
		    &s->holding->card[i] : NULL;
		leaf = quo_policy_leaf(policy, i);
		const char *who = held != NULL ? held->custodian :
		    leaf != NULL ? leaf->name : NULL;

		s->cards[i - 1] = (struct quo_form_card){
			.serial = i,
			.custodian = quo_form_source_person(s, who),
			.contact = quo_form_source_contact(s, who),
			.place = held == NULL ? NULL : held->lost ?
			    "counted as lost" : held->location,
			.bag = held != NULL ? held->bag : NULL,
		};
	}
	return add_policy(s, policy);
}

static enum quo_err
add_id(struct quo_form_source *s)
{
	char words[4 * (QUO_WORD_MAX + 1)];
	uint8_t id[5];

	/* Its short form is of its first bytes. */
	if (strlen(s->holding->set) < 2 * sizeof id ||
	    !quo_hex_parse(s->holding->set, 2 * sizeof id, id, sizeof id))
		return QUO_ECORRUPT;
	quo_words_id(id, words);
	s->set.id = s->holding->set;
	s->set.words = quo_form_source_text(s, "%s", words);
	s->set.generation = s->holding->generation;
	return QUO_OK;
}

/* What the inventory says of it. */
static void
add_profile(struct quo_form_source *s, const char *name)
{
	s->set.credential = name;
	s->profile = name == NULL ? NULL : quo_roster_find(&s->roster,
	    QUO_RECORD_CREDENTIAL, name);
	s->set.target = quo_form_source_field(s, "target");
	s->set.user = quo_form_source_field(s, "account");
	s->set.owner = quo_form_source_person(s,
	    quo_form_source_field(s, "owner"));
}

enum quo_exit
quo_form_source_set(struct quo_form_source *s, const char *name,
    unsigned generation)
{
	enum quo_state state = QUO_STATE_NONE;
	enum quo_err err;

	s->set = (struct quo_form_set){ 0 };
	add_profile(s, name);
	if (s->book == NULL)
		return QUO_EXIT_DONE;
	quo_holding_free(s->holding);
	s->holding = NULL;
	err = quo_ledger_state(s->book->ledger, name, &state);
	if (err == QUO_OK && state == QUO_STATE_NONE && s->profile == NULL) {
		quo_say_error("the ledger knows no credential \"%s\"", name);
		quo_book_hint_name(s->book, name);
		quo_say_hint("--blank makes a form to fill in by hand");
		return QUO_EXIT_MISUSE;
	}
	if (err == QUO_OK)
		err = quo_holding_load(s->book->ledger, name, generation,
		    &s->holding);
	if (err == QUO_ENOENT && generation != 0)
		return quo_say_misuse("no set of generation %u of \"%s\" is "
		    "out", generation, name);
	if (err == QUO_OK)
		err = add_id(s);
	if (err == QUO_OK)
		err = add_cards(s, s->holding->policy);
	return err == QUO_ENOENT ? QUO_EXIT_DONE :
	    quo_book_say(s->book, err);
}

enum quo_exit
quo_form_source_known(struct quo_form_source *s, const char *name)
{
	enum quo_err err;

	add_profile(s, name);
	if (name == NULL || s->set.id == NULL)
		return QUO_EXIT_DONE;
	quo_holding_free(s->holding);
	s->holding = NULL;
	err = quo_holding_load(s->book->ledger, name, 0, &s->holding);
	/* The set that is out now may be a later one. */
	if (err == QUO_ENOENT || (err == QUO_OK &&
	    strcmp(s->holding->set, s->set.id) != 0))
		return QUO_EXIT_DONE;
	if (err == QUO_OK)
		err = add_id(s);
	if (err == QUO_OK)
		err = add_policy(s, s->holding->policy);
	return quo_book_say(s->book, err);
}

enum quo_exit
quo_form_source_coming(struct quo_form_source *s, const char *name,
    const char *policy)
{
	struct quo_policy_error why = { 0 };
	struct quo_facts facts = { 0 };
	enum quo_exit end = quo_form_source_set(s, name, 0);
	enum quo_err err = QUO_OK;

	if (end != QUO_EXIT_DONE)
		return end;
	s->set.id = s->set.words = NULL;
	if (policy != NULL) {
		err = quo_policy_parse(policy, &s->policy, &why);
		if (err == QUO_ESYNTAX) {
			quo_say_error("--policy: %s", why.why);
			quo_say_hint("it goes wrong behind: %.*s",
			    (int)why.at, policy);
			return QUO_EXIT_MISUSE;
		}
		if (err == QUO_OK)
			err = add_cards(s, s->policy);
	}
	if (s->book != NULL && err == QUO_OK) {
		err = quo_facts_load(s->book->ledger, name, &facts);
		s->set.generation = facts.generation + 1;
		quo_facts_clear(&facts);
	}
	/* Whoever has a card of the set before has it in its own bag. */
	for (size_t i = 0; i < s->set.card_count; i++)
		s->cards[i].bag = s->cards[i].place = NULL;
	return s->book != NULL ? quo_book_say(s->book, err) :
	    err == QUO_OK ? QUO_EXIT_DONE :
	    quo_say_failure(err, "--policy %s", policy);
}

void
quo_form_source_clear(struct quo_form_source *s)
{
	quo_roster_clear(&s->roster);
	quo_holding_free(s->holding);
	quo_policy_free(s->policy);
	for (size_t i = 0; i < s->text_count; i++)
		free(s->texts[i]);
	free(s->texts);
	free(s->cards);
	free(s->criteria);
	*s = (struct quo_form_source){ 0 };
}
