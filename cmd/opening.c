/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "cmd/cards.h"
#include "cmd/known.h"
#include "cmd/opening_internal.h"
#include "cmd/present.h"
#include "cmd/stop.h"
#include "ledger/incident.h"

static enum quo_exit
record(struct quo_opening *o, struct quo_entry *entry)
{
	entry->value[QUO_KEY_INCIDENT] = o->incident[0] != '\0' ?
	    o->incident : NULL;
	return quo_opening_judge(o,
	    quo_ledger_record(o->book.ledger, entry, NULL));
}

enum quo_exit
quo_opening_begin(const struct quo_common *common,
    const struct quo_opening_options *options, const char *name,
    struct quo_opening *o)
{
	enum quo_exit end = QUO_EXIT_DONE;
	const char *missing;

	*o = (struct quo_opening){
		.common = common, .options = *options, .name = name,
	};
	quo_book_try(common, true, &o->book);
	if (o->book.ledger == NULL) {
		if (o->book.err != QUO_OK)
			end = quo_opening_lose(o, o->book.err);
		if (end != QUO_EXIT_DONE || options->incident == NULL)
			return end;
		/* It failed after it knew one: the receipt tells the name. */
		if (o->why != QUO_OK && o->why != QUO_ENOENT &&
		    options->reason == NULL)
			o->options.reason = options->incident;
		else if (o->why == QUO_OK || o->why == QUO_ENOENT)
			end = quo_say_misuse("--incident %s: there is no "
			    "ledger that knows it", options->incident);
		return end;
	}
	if (options->incident != NULL) {
		end = quo_opening_take(o);
		if (end == QUO_EXIT_DONE)
			quo_opening_tell(o);
		return end;
	}
	end = quo_opening_know(o);
	if (end != QUO_EXIT_DONE || o->book.ledger == NULL)
		return end;
	missing = options->emergency == NULL ? quo_opening_ask(o) : NULL;
	if (missing != NULL)
		end = quo_opening_refuse(o, missing);
	if (end != QUO_EXIT_DONE || name == NULL)
		return end;
	o->credential = strdup(name);
	end = quo_opening_declare(o);
	if (end == QUO_EXIT_DONE && o->book.ledger != NULL)
		quo_opening_tell(o);
	return end;
}

/*
 * Cards
 */

enum quo_standing
quo_opening_standing(void *opening, const struct quo_set_id *id, size_t len,
    const struct quo_header *header, char astray[QUO_POOL_ASTRAY])
{
	struct quo_opening *o = opening;

	o->book.wanted = o->name != NULL ? o->name : o->credential;
	return quo_known_standing(&o->book, id, len, header, astray);
}

/* All that came since the last time. */
static enum quo_exit
present_all(struct quo_opening *o, struct quo_pool *pool)
{
	const struct quo_entry like = { .value = {
		[QUO_KEY_INCIDENT] = o->incident[0] != '\0' ? o->incident :
		    NULL,
	} };
	enum quo_exit end;
	size_t next;

	if (o->book.ledger == NULL || pool == NULL)
		return QUO_EXIT_DONE;
	next = quo_pool_begin(pool);
	if (next == o->told)
		return QUO_EXIT_DONE;
	end = quo_present_all(&o->book, pool, o->told, &like);
	o->told = next;
	return end == QUO_EXIT_MACHINE ? quo_opening_go_on(o, QUO_EIO) : end;
}

/*
 * Burned
 */

/* What the cards are of, where nobody named it. */
static enum quo_exit
identify(struct quo_opening *o, const struct quo_pool_set *set)
{
	struct quo_known_set known = { .standing = QUO_SET_UNKNOWN };
	enum quo_err err;

	quo_set_id_print(&set->id, QUO_HASH_LEN, o->set);
	err = quo_known_of(&o->book, set, &known);
	if (err != QUO_OK)
		return quo_opening_judge(o, err);
	o->waiting = known.waiting;
	o->replaced = known.standing == QUO_SET_RETIRED;
	o->retired = (o->replaced && !known.live) || o->waiting;
	if (known.set != NULL)
		snprintf(o->set, sizeof o->set, "%s", known.set);
	if (o->credential == NULL && known.standing != QUO_SET_SUSPECT) {
		o->credential = known.credential;
		known.credential = NULL;
	}
	if (known.standing != QUO_SET_CURRENT && !o->replaced)
		quo_say_warning("the ledger never saw this set dealt");
	quo_known_set_clear(&known);
	return o->incident[0] == '\0' ? quo_opening_declare(o) : QUO_EXIT_DONE;
}

static enum quo_exit
fail(struct quo_opening *o, const char *why)
{
	const bool declared = o->incident[0] != '\0';
	struct quo_entry entry = { .value = {
		[QUO_KEY_EVENT] = "open-failed",
		[QUO_KEY_CREDENTIAL] = o->credential,
		[QUO_KEY_SET] = o->set[0] != '\0' ? o->set : NULL,
		[QUO_KEY_REASON] = why,
		/* What its request would say. */
		[QUO_KEY_REQUESTER] = declared ? NULL : o->options.requester,
		[QUO_KEY_TICKET] = declared ? NULL : o->options.ticket,
		[QUO_KEY_EMERGENCY] = declared ? NULL : o->options.emergency,
		[QUO_KEY_DETAIL] = declared ? NULL : o->options.reason,
	} };

	for (int k = 0; k < QUO_KEYS; k++)
		if (entry.value[k] != NULL && !quo_value_valid(
		    entry.value[k]))
			entry.value[k] = NULL;
	return o->book.ledger != NULL ? record(o, &entry) : QUO_EXIT_DONE;
}

/* Where nobody named it, and no quorum came: what all its cards are of. */
static void
name_by_cards(struct quo_opening *o, const struct quo_pool *pool)
{
	const struct quo_pool_set *sets;
	size_t count;

	if (o->credential != NULL || pool == NULL || o->book.ledger == NULL)
		return;
	sets = quo_pool_sets(pool, &count);
	for (size_t i = 0; i < count; i++) {
		struct quo_known_set known = { .set = NULL };

		if (quo_known_of(&o->book, &sets[i], &known) != QUO_OK ||
		    known.set == NULL || (i > 0 && (o->credential == NULL ||
		    strcmp(known.credential, o->credential) != 0))) {
			free(o->credential);
			o->credential = NULL;
		} else if (i == 0) {
			o->credential = known.credential;
			known.credential = NULL;
		}
		quo_known_set_clear(&known);
	}
}

/* Opening again what is burned puts nothing off. */
static void
set_deadline(struct quo_opening *o)
{
	int64_t seconds = o->book.settings->deadline;

	if (o->credential != NULL && quo_ledger_deadline(o->book.ledger,
	    o->credential, seconds, &seconds) != QUO_OK)
		seconds = o->book.settings->deadline;
	o->deadline = quo_utc_now() + seconds;
	if (o->credential != NULL && !o->retired)
		quo_ledger_rotate_by(o->book.ledger, o->credential,
		    &o->deadline, &o->overdue);
}

/* From here on it counts as seen, whatever happens. */
static enum quo_exit
burn(struct quo_opening *o, const struct quo_pool_set *set)
{
	char cards[QUO_CARDS_LIST], deadline[QUO_UTC_TEXT];
	struct quo_entry entry = { .value = {
		[QUO_KEY_EVENT] = o->retired ? "open-retired" : "open",
		[QUO_KEY_CREDENTIAL] = o->credential,
		[QUO_KEY_SET] = o->set,
		[QUO_KEY_REQUESTER] = o->options.requester,
		[QUO_KEY_REASON] = o->options.reason,
		[QUO_KEY_TICKET] = o->options.ticket,
		[QUO_KEY_CARDS] = cards,
		[QUO_KEY_DEADLINE] = o->retired ? NULL : deadline,
		[QUO_KEY_EMERGENCY] = o->options.emergency,
	} };
	enum quo_exit end;

	set_deadline(o);
	quo_utc_print(o->deadline, deadline);
	quo_cards_list(&set->present, cards);
	end = record(o, &entry);
	o->burned = end == QUO_EXIT_DONE && o->book.ledger != NULL;
	return end;
}

/* What is legal, and yet not as it should be. */
static enum quo_exit
tell_state(struct quo_opening *o)
{
	enum quo_state state = QUO_STATE_NONE;
	enum quo_err err;

	if (o->credential == NULL)
		return QUO_EXIT_DONE;
	err = quo_ledger_state(o->book.ledger, o->credential, &state);
	if (err != QUO_OK)
		return quo_opening_judge(o, err);
	if (state == QUO_STATE_BURNED)
		quo_say_warning("\"%s\" is burned already: it was opened "
		    "before and not rotated since", o->credential);
	else if (state == QUO_STATE_ROTATED)
		quo_say_warning("the last opening of \"%s\" is not reviewed "
		    "yet: quorate review", o->credential);
	else if (state == QUO_STATE_ROTATING || state == QUO_STATE_UNPROVEN)
		quo_say_warning("a rotation of \"%s\" is %s: the new cards "
		    "may open what the target takes", o->credential,
		    state == QUO_STATE_ROTATING ? "on its way" : "unproven");
	return QUO_EXIT_DONE;
}

static enum quo_exit
refuse_retired(struct quo_opening *o)
{
	struct quo_entry entry = { .value = {
		[QUO_KEY_EVENT] = o->retired ? "open-retired" : "open",
		[QUO_KEY_CREDENTIAL] = o->credential,
		[QUO_KEY_SET] = o->set,
		[QUO_KEY_INCIDENT] = o->incident,
	} };
	enum quo_state state = QUO_STATE_NONE;
	char why[QUO_WHY_MAX];

	quo_ledger_state(o->book.ledger, o->credential, &state);
	snprintf(why, sizeof why, "%s: %s: --retired opens them all the same",
	    entry.value[QUO_KEY_EVENT], o->waiting ? "the target was never "
	    "given what these cards open" : state == QUO_STATE_RETIRED ?
	    "what these cards open is retired" : "another set has replaced "
	    "these cards");
	quo_ledger_refuse(o->book.ledger, &entry, why);
	quo_book_say(&o->book, QUO_EREFUSED);
	return QUO_EXIT_NO;
}

static enum quo_exit
record_quorum(struct quo_opening *o, const struct quo_quorum *quorum)
{
	const struct quo_pool_set *set = quo_quorum_set(quorum);
	enum quo_exit end = identify(o, set);

	if (end == QUO_EXIT_DONE && o->book.ledger != NULL)
		end = present_all(o, quorum->pool);
	if (end == QUO_EXIT_DONE && o->book.ledger != NULL)
		end = tell_state(o);
	if (end != QUO_EXIT_DONE || o->book.ledger == NULL)
		return end;
	if ((o->replaced || o->waiting) && !o->options.retired &&
	    o->options.emergency == NULL)
		return refuse_retired(o);
	return burn(o, set);
}

enum quo_exit
quo_opening_gathered(struct quo_opening *o, const struct quo_quorum *quorum,
    enum quo_exit gathered)
{
	enum quo_exit end;

	if (o->book.ledger == NULL)
		return gathered;
	if (gathered == QUO_EXIT_DONE) {
		end = record_quorum(o, quorum);
	} else {
		end = present_all(o, quorum->pool);
		name_by_cards(o, quorum->pool);
		if (end == QUO_EXIT_DONE && gathered == QUO_EXIT_NO)
			end = fail(o, quo_stopped() ? "interrupted" :
			    "no quorum, or no one set to open");
		if (gathered == QUO_EXIT_NO && o->book.ledger != NULL &&
		    quo_opening_stays(o))
			quo_say_hint("%s stays declared: the same again with "
			    "--incident %s", o->incident, o->incident);
	}
	/* The choice stands, though nobody can be asked any more. */
	if (o->book.ledger == NULL && quorum->pool != NULL)
		quo_pool_know(quorum->pool, NULL, NULL);
	return end == QUO_EXIT_DONE ? gathered : end;
}

enum quo_exit
quo_opening_again(void *opening, const struct quo_quorum *quorum)
{
	return present_all(opening, quorum->pool);
}

void
quo_opening_opened(struct quo_opening *o, const struct quo_quorum *quorum,
    enum quo_exit opened)
{
	char cards[QUO_CARDS_LIST];
	struct quo_entry entry = { .value = {
		[QUO_KEY_EVENT] = "opened",
		[QUO_KEY_CREDENTIAL] = o->credential,
		[QUO_KEY_SET] = o->set,
		[QUO_KEY_CARDS] = cards,
		[QUO_KEY_DETAIL] = o->goal,
	} };

	o->opened = quo_utc_now();
	if (o->book.ledger != NULL)
		present_all(o, quorum->pool);
	if (opened != QUO_EXIT_DONE) {
		if (o->burned)
			fail(o, quo_stopped() ? "interrupted" : "it did not "
			    "open: a phrase, the sealed file or a true card "
			    "is missing, or another NAME");
		return;
	}
	quo_cards_list(&quorum->used, cards);
	if (o->book.ledger != NULL)
		record(o, &entry);
	quo_opening_alert(o, quorum);
}

void
quo_opening_end(struct quo_opening *o)
{
	quo_book_close(&o->book);
	free(o->credential);
	o->credential = NULL;
	quo_alarm_missed_free(&o->missed);
}
