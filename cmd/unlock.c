/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cmd/cards.h"
#include "cmd/stop.h"
#include "cmd/tty.h"
#include "cmd/typed.h"
#include "cmd/unlock.h"

/* SERIAL=FILE or GENERATION/SERIAL=FILE; false: neither. */
static bool
parse_phrase_file(const char *item, unsigned long *generation,
    unsigned long *serial, const char **file)
{
	char *end;

	*generation = 0;
	*serial = strtoul(item, &end, 10);
	if (end != item && *end == '/') {
		*generation = *serial;
		*serial = strtoul(end + 1, &end, 10);
	}
	*file = end + 1;
	return *serial >= 1 && *serial <= QUO_CARDS_MAX && *end == '=';
}

/* The file of --phrase-file for a card of the set that was chosen; NULL where
 * none is named. */
static const char *
phrase_file(const struct quo_quorum *q,
    const struct quo_quorum_options *options, unsigned serial)
{
	const struct quo_pool_set *set = quo_quorum_set(q);
	unsigned long generation, card;
	const char *file;

	for (size_t i = 0; i < options->phrase_files.count; i++)
		if (parse_phrase_file(options->phrase_files.items[i],
		    &generation, &card, &file) && card == serial &&
		    (generation == 0 || set->code == NULL ||
		    generation == set->code->header.generation))
			return file;
	return NULL;
}

enum quo_exit
quo_unlock_check(const struct quo_quorum_options *options)
{
	unsigned long generation, serial;
	const char *file;

	for (size_t i = 0; i < options->phrase_files.count; i++)
		if (!parse_phrase_file(options->phrase_files.items[i],
		    &generation, &serial, &file))
			return quo_say_misuse("--phrase-file %s: write "
			    "SERIAL=FILE, or GENERATION/SERIAL=FILE",
			    options->phrase_files.items[i]);
	return QUO_EXIT_DONE;
}

/* What is wrong with a phrase, in words. */
static void
say_phrase(const char *card, enum quo_err err, unsigned at)
{
	if (err == QUO_EWORD)
		quo_say_error("%s: word %u of the phrase is not in the list",
		    card, at);
	else if (err == QUO_ESYNTAX)
		quo_say_error("%s: a phrase has 7 words", card);
	else if (err == QUO_EPHRASE)
		quo_say_error("%s: this is not the phrase of this card", card);
	else
		quo_say_failure(err, "%s", card);
}

/* From the file that was named. */
static enum quo_exit
unlock_by_file(struct quo_quorum *q, const char *file, unsigned serial)
{
	char card[QUO_CARDS_NAME_MAX];
	struct quo_secret *phrase = NULL;
	enum quo_err err;
	unsigned at = 0;

	quo_cards_serial_name(quo_quorum_set(q), serial, card);
	err = quo_file_load(file, 1024, &phrase);
	if (err == QUO_OK && phrase == NULL)
		err = QUO_ESYNTAX;
	if (err == QUO_OK)
		err = quo_pool_unlock(q->pool, q->set, serial,
		    (const char *)phrase->data, phrase->len, &at);
	quo_secret_free(phrase);
	if (err == QUO_OK)
		return QUO_EXIT_DONE;
	say_phrase(card, err, at);
	return quo_exit_of(err) == QUO_EXIT_MACHINE ? QUO_EXIT_MACHINE :
	    QUO_EXIT_NO;
}

static bool
ready(const struct quo_quorum *q)
{
	struct quo_cards have;

	quo_pool_ready(q->pool, q->set, &have);
	return quo_policy_satisfied(
	    quo_quorum_set(q)->code->header.policy, &have);
}

/* Where nobody can be asked: which phrases are missing. */
static enum quo_exit
lack_phrases(const struct quo_quorum *q,
    const struct quo_quorum_options *options)
{
	const struct quo_pool_set *set = quo_quorum_set(q);
	char card[QUO_CARDS_NAME_MAX];
	struct quo_cards have;

	quo_pool_ready(q->pool, q->set, &have);
	for (unsigned s = 1; s <= set->code->header.policy->cards; s++) {
		/* What was wrong with a file was said. */
		if (!set->present.has[s] || have.has[s] ||
		    phrase_file(q, options, s) != NULL)
			continue;
		quo_cards_serial_name(set, s, card);
		quo_say_error("%s is locked: its phrase is missing", card);
		quo_say_hint("--phrase-file %u=FILE", s);
	}
	quo_say_error("too few cards are unlocked for a quorum");
	return QUO_EXIT_NO;
}

/* A set says itself what its lock costs, and anyone can make one. */
static void
warn_cost(struct quo_lock lock)
{
	if (lock.memory > QUO_LOCK_MEMORY || lock.passes > QUO_LOCK_PASSES)
		quo_say_warning("this set's lock takes %lu MiB of memory and "
		    "%u passes for each phrase: that may be minutes",
		    (1ul << lock.memory) / 1024, lock.passes);
}

/* Until the card is unlocked, or left out. */
static enum quo_err
unlock_card(struct quo_quorum *q, unsigned serial)
{
	char name[QUO_CARDS_NAME_MAX];
	struct quo_secret *phrase = NULL;
	enum quo_err err;
	bool again = false;
	unsigned at;

	quo_cards_serial_name(quo_quorum_set(q), serial, name);
	do {
		err = quo_typed_phrase(name, again, &phrase);
		if (err == QUO_OK)
			err = quo_pool_unlock(q->pool, q->set, serial,
			    (char *)phrase->data,
			    strlen((char *)phrase->data), &at);
		quo_secret_free(phrase);
		phrase = NULL;
		again = err == QUO_EPHRASE;
	} while (again);
	if (err == QUO_OK)
		quo_say("%s: unlocked", name);
	else if (err == QUO_ECANCEL)
		quo_say("%s: left out", name);
	return err == QUO_ECANCEL ? QUO_OK : err;
}

/* One after another, until they make a quorum or, where more is set, one more
 * is unlocked; whether it came to that. */
static enum quo_err
ask(struct quo_quorum *q, bool more, bool *done)
{
	struct quo_cards have;
	enum quo_err err = QUO_OK;

	*done = !more && ready(q);
	for (unsigned s = 1; err == QUO_OK && !*done && !quo_stopped() &&
	    s <= QUO_CARDS_MAX; s++) {
		quo_pool_ready(q->pool, q->set, &have);
		if (!quo_quorum_set(q)->present.has[s] || have.has[s])
			continue;
		err = unlock_card(q, s);
		quo_pool_ready(q->pool, q->set, &have);
		*done = more ? have.has[s] : ready(q);
	}
	if (err != QUO_OK)
		quo_say_failure(err, "lock phrases");
	return err;
}

enum quo_exit
quo_unlock(struct quo_quorum *q, const struct quo_quorum_options *options)
{
	const struct quo_header *header = &quo_quorum_set(q)->code->header;
	const char *file;
	enum quo_err err;
	bool done;

	warn_cost(header->lock);
	for (unsigned s = 1; s <= header->policy->cards && !ready(q); s++) {
		file = phrase_file(q, options, s);
		if (file != NULL && quo_quorum_set(q)->present.has[s] &&
		    unlock_by_file(q, file, s) == QUO_EXIT_MACHINE)
			return QUO_EXIT_MACHINE;
	}
	if (ready(q))
		return QUO_EXIT_DONE;
	if (!quo_tty_present())
		return lack_phrases(q, options);
	err = ask(q, false, &done);
	if (err != QUO_OK || done)
		return quo_exit_of(err);
	if (quo_stopped())
		return quo_cards_stopped();
	quo_say_error("too few cards are unlocked");
	return QUO_EXIT_NO;
}

bool
quo_unlock_another(struct quo_quorum *q,
    const struct quo_quorum_options *options)
{
	struct quo_cards have;
	const char *file;
	bool done;

	if (quo_quorum_set(q)->code->header.lock.passes == 0)
		return false;
	quo_pool_ready(q->pool, q->set, &have);
	for (unsigned s = 1; s <= QUO_CARDS_MAX; s++) {
		file = phrase_file(q, options, s);
		if (file != NULL && quo_quorum_set(q)->present.has[s] &&
		    !have.has[s] &&
		    unlock_by_file(q, file, s) == QUO_EXIT_DONE)
			return true;
	}
	return quo_tty_present() && ask(q, true, &done) == QUO_OK && done;
}
