/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utc.h"
#include "cmd/known.h"
#include "cmd/opening.h"
#include "cmd/present.h"
#include "cmd/tty.h"
#include "ledger/incident.h"

#define CARDS_TEXT (4 * (QUO_CARDS_MAX + 1))

/*
 * Going on without the ledger
 */

/*
 * The ledger failed: a rescue goes on, where somebody says so. On a host that
 * never had one there is nothing to bypass.
 */
static enum quo_exit
go_on(struct quo_opening *o, enum quo_err why)
{
	bool yes = o->options.emergency != NULL || (why == QUO_ENOENT &&
	    o->common->settings->ledger_from == QUO_LEDGER_DEFAULT);

	quo_ledger_close(o->book.ledger);
	o->book.ledger = NULL;
	o->why = why;
	if (!yes && quo_tty_present() && quo_tty_confirm("Go on without the "
	    "ledger? Nothing is recorded but a receipt.", &yes) != QUO_OK)
		yes = false;
	if (yes) {
		quo_say_warning("going on without the ledger");
		return QUO_EXIT_DONE;
	}
	quo_say_hint("--no-ledger goes on without; a receipt tells the "
	    "ledger later");
	return QUO_EXIT_MACHINE;
}

/* The same, said. */
static enum quo_exit
lose(struct quo_opening *o, enum quo_err why)
{
	if (o->book.ledger != NULL)
		quo_book_say(&o->book, why);
	else
		quo_book_say_missing(&o->book);
	return go_on(o, why);
}

/* What a call of the ledger gave: refused, or failed. */
static enum quo_exit
judge(struct quo_opening *o, enum quo_err err)
{
	if (err == QUO_OK)
		return QUO_EXIT_DONE;
	if (err != QUO_EREFUSED && err != QUO_EINVAL)
		return lose(o, err);
	quo_book_say(&o->book, err);
	quo_say_hint("--emergency REASON goes on all the same, and tells "
	    "everybody");
	return QUO_EXIT_NO;
}

static enum quo_exit
record(struct quo_opening *o, struct quo_entry *entry)
{
	entry->value[QUO_KEY_INCIDENT] = o->incident[0] != '\0' ?
	    o->incident : NULL;
	return judge(o, quo_ledger_record(o->book.ledger, entry, NULL));
}

/*
 * The incident
 */

/* An attempt that says too little is one that others hear of, too. */
static enum quo_exit
refuse_missing(struct quo_opening *o, const char *option)
{
	const struct quo_entry entry = { .value = {
		[QUO_KEY_EVENT] = "open",
		[QUO_KEY_CREDENTIAL] = o->name,
		[QUO_KEY_REQUESTER] = o->options.requester,
		[QUO_KEY_TICKET] = o->options.ticket,
		[QUO_KEY_DETAIL] = o->options.reason,
	} };
	char why[128];
	enum quo_err err;

	quo_say_hint("or --incident INC-N, or --emergency REASON");
	snprintf(why, sizeof why, "open: it needs %s", option);
	err = quo_ledger_refuse(o->book.ledger, &entry, why);
	return err == QUO_EREFUSED ? QUO_EXIT_NO : lose(o, err);
}

/* One that quorate request declared. */
static enum quo_exit
take_incident(struct quo_opening *o)
{
	struct quo_incident *in = NULL;
	const char *const *v;
	enum quo_err err;

	err = quo_incident_load(o->book.ledger, o->options.incident, &in);
	if (err == QUO_ENOENT) {
		quo_say_error("there is no incident \"%s\"",
		    o->options.incident);
		return QUO_EXIT_NO;
	}
	if (err != QUO_OK)
		return judge(o, err);
	v = in->request.entry.value;
	snprintf(o->incident, sizeof o->incident, "%s", in->name);
	snprintf(o->answers[0], sizeof o->answers[0], "%s", v[QUO_KEY_REASON]
	    != NULL ? v[QUO_KEY_REASON] : "none");
	snprintf(o->answers[1], sizeof o->answers[1], "%s", v[QUO_KEY_TICKET]
	    != NULL ? v[QUO_KEY_TICKET] : "none");
	snprintf(o->answers[2], sizeof o->answers[2], "%s",
	    v[QUO_KEY_REQUESTER] != NULL ? v[QUO_KEY_REQUESTER] : "unknown");
	o->options.reason = o->answers[0];
	o->options.ticket = o->answers[1];
	o->options.requester = o->answers[2];
	if (v[QUO_KEY_CREDENTIAL] != NULL)
		o->credential = strdup(v[QUO_KEY_CREDENTIAL]);
	free(in);
	if (o->name != NULL && o->credential != NULL &&
	    strcmp(o->name, o->credential) != 0) {
		quo_say_error("%s is about \"%s\", not \"%s\"", o->incident,
		    o->credential, o->name);
		return QUO_EXIT_NO;
	}
	return QUO_EXIT_DONE;
}

static enum quo_exit
declare(struct quo_opening *o)
{
	const char *cited = quo_opening_criterion(o);
	char expected[QUO_SPAN_TEXT], expires[QUO_UTC_TEXT];
	const struct quo_entry entry = { .value = {
		[QUO_KEY_CREDENTIAL] = o->credential,
		[QUO_KEY_REQUESTER] = o->options.requester,
		[QUO_KEY_REASON] = o->options.reason,
		[QUO_KEY_TICKET] = o->options.ticket,
		[QUO_KEY_CRITERION] = cited,
		[QUO_KEY_EXPECTED] = expected,
		[QUO_KEY_EXPIRES] = expires,
		[QUO_KEY_EMERGENCY] = o->options.emergency,
	} };
	uint64_t number = 0;
	enum quo_exit end;

	quo_span_print(o->options.expected, expected);
	quo_utc_print(quo_utc_now() + o->book.settings->approval_expires,
	    expires);
	end = judge(o, quo_incident_declare(o->book.ledger, &entry,
	    &number));
	if (end == QUO_EXIT_DONE && o->book.ledger != NULL) {
		snprintf(o->incident, sizeof o->incident, "INC-%llu",
		    (unsigned long long)number);
		quo_say("%s is declared", o->incident);
	}
	return end;
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
			end = lose(o, o->book.err);
		if (end == QUO_EXIT_DONE && options->incident != NULL)
			end = quo_say_misuse("--incident %s: there is no "
			    "ledger that knows it", options->incident);
		return end;
	}
	if (options->incident != NULL) {
		end = take_incident(o);
		if (end == QUO_EXIT_DONE)
			quo_opening_tell(o);
		return end;
	}
	missing = options->emergency == NULL ? quo_opening_ask(o) : NULL;
	if (missing != NULL)
		end = refuse_missing(o, missing);
	if (end != QUO_EXIT_DONE || name == NULL)
		return end;
	o->credential = strdup(name);
	end = declare(o);
	if (end == QUO_EXIT_DONE && o->book.ledger != NULL)
		quo_opening_tell(o);
	return end;
}

/*
 * Cards
 */

enum quo_standing
quo_opening_standing(void *opening, const struct quo_set_id *id, size_t len,
    const struct quo_header *header)
{
	struct quo_opening *o = opening;

	return quo_known_standing(&o->book, id, len, header);
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
	return end == QUO_EXIT_MACHINE ? go_on(o, QUO_EIO) : end;
}

static void
list_cards(const struct quo_cards *cards, char text[CARDS_TEXT])
{
	size_t used = 0;

	text[0] = '\0';
	for (unsigned s = 1; s <= QUO_CARDS_MAX; s++)
		if (cards->has[s])
			used += (size_t)snprintf(text + used,
			    CARDS_TEXT - used, "%s%u", used > 0 ? "," : "",
			    s);
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
		return judge(o, err);
	o->retired = known.standing == QUO_SET_RETIRED;
	if (known.set != NULL)
		snprintf(o->set, sizeof o->set, "%s", known.set);
	if (o->credential == NULL && known.standing != QUO_SET_SUSPECT) {
		o->credential = known.credential;
		known.credential = NULL;
	}
	if (known.standing != QUO_SET_CURRENT && !o->retired)
		quo_say_warning("the ledger never saw this set dealt");
	quo_known_set_clear(&known);
	return o->incident[0] == '\0' ? declare(o) : QUO_EXIT_DONE;
}

static enum quo_exit
fail(struct quo_opening *o, const char *why)
{
	struct quo_entry entry = { .value = {
		[QUO_KEY_EVENT] = "open-failed",
		[QUO_KEY_CREDENTIAL] = o->credential,
		[QUO_KEY_SET] = o->set[0] != '\0' ? o->set : NULL,
		[QUO_KEY_REASON] = why,
	} };

	return o->book.ledger != NULL ? record(o, &entry) : QUO_EXIT_DONE;
}

/* From here on it counts as seen, whatever happens. */
static enum quo_exit
burn(struct quo_opening *o, const struct quo_pool_set *set)
{
	char cards[CARDS_TEXT], deadline[QUO_UTC_TEXT];
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
	int64_t seconds = o->book.settings->deadline;
	enum quo_exit end;

	if (o->credential != NULL && quo_ledger_deadline(o->book.ledger,
	    o->credential, seconds, &seconds) != QUO_OK)
		seconds = o->book.settings->deadline;
	o->deadline = quo_utc_now() + seconds;
	quo_utc_print(o->deadline, deadline);
	list_cards(&set->present, cards);
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
		return judge(o, err);
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
		[QUO_KEY_EVENT] = "open-retired",
		[QUO_KEY_CREDENTIAL] = o->credential,
		[QUO_KEY_SET] = o->set,
		[QUO_KEY_INCIDENT] = o->incident,
	} };

	quo_ledger_refuse(o->book.ledger, &entry, "open-retired: another set "
	    "has replaced these cards: --retired opens them all the same");
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
	if (o->retired && !o->options.retired && o->options.emergency == NULL)
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
		if (end == QUO_EXIT_DONE && gathered == QUO_EXIT_NO)
			end = fail(o, "no quorum, or no one set to open");
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

/* The one place where people are told before anything is revealed. */
static void
alert(struct quo_opening *o, const struct quo_quorum *quorum)
{
	char now[QUO_UTC_TEXT], host[256] = "unknown", actor[32], cards[
	    CARDS_TEXT];
	struct quo_entry entry = { .value = {
		[QUO_KEY_TIME] = now, [QUO_KEY_EVENT] = "open",
		[QUO_KEY_CREDENTIAL] = quorum->opened.credential.name,
		[QUO_KEY_ACTOR] = actor, [QUO_KEY_AUTH] = "claimed",
		[QUO_KEY_REQUESTER] = o->options.requester,
		[QUO_KEY_REASON] = o->options.reason,
		[QUO_KEY_TICKET] = o->options.ticket,
		[QUO_KEY_EMERGENCY] = o->options.emergency,
		[QUO_KEY_CARDS] = cards,
		[QUO_KEY_DETAIL] = "opened without the ledger",
		[QUO_KEY_HOST] = host,
	} };

	if (o->book.ledger != NULL) {
		quo_alarm_deliver(&o->book);
		return;
	}
	quo_utc_print(quo_utc_now(), now);
	gethostname(host, sizeof host - 1);
	snprintf(actor, sizeof actor, "uid %u", (unsigned)getuid());
	list_cards(&quorum->used, cards);
	for (int k = 0; k < QUO_KEYS; k++)
		if (entry.value[k] != NULL && !quo_value_valid(
		    entry.value[k]))
			entry.value[k] = NULL;
	quo_alarm_raise(o->common->settings, &entry, &o->missed);
}

void
quo_opening_opened(struct quo_opening *o, const struct quo_quorum *quorum,
    enum quo_exit opened)
{
	char cards[CARDS_TEXT];
	struct quo_entry entry = { .value = {
		[QUO_KEY_EVENT] = "opened",
		[QUO_KEY_CREDENTIAL] = o->credential,
		[QUO_KEY_SET] = o->set,
		[QUO_KEY_CARDS] = cards,
	} };

	o->opened = quo_utc_now();
	if (o->book.ledger != NULL)
		present_all(o, quorum->pool);
	if (opened != QUO_EXIT_DONE) {
		if (o->burned)
			fail(o, "it did not open: a phrase, the sealed file "
			    "or a true card is missing, or another NAME");
		return;
	}
	list_cards(&quorum->used, cards);
	if (o->book.ledger != NULL)
		record(o, &entry);
	alert(o, quorum);
}

/*
 * Exposed
 */

void
quo_opening_tick(void *opening)
{
	struct quo_opening *o = opening;
	char span[QUO_SPAN_TEXT], deadline[QUO_UTC_TEXT];
	struct quo_entry entry = { .value = {
		[QUO_KEY_EVENT] = "overdue",
		[QUO_KEY_CREDENTIAL] = o->credential,
		[QUO_KEY_DEADLINE] = deadline,
	} };
	int64_t now = quo_utc_now();

	if (!o->late && now >= o->opened + o->options.expected) {
		o->late = true;
		quo_span_print(o->options.expected, span);
		quo_say_warning("it was to take %s: that is over; rotate as "
		    "soon as it is done", span);
	}
	if (!o->burned || o->overdue || now < o->deadline)
		return;
	o->overdue = true;
	quo_utc_print(o->deadline, deadline);
	quo_say_warning("overdue: it should be rotated by now (%s)",
	    deadline);
	if (o->book.ledger != NULL && quo_ledger_record(o->book.ledger,
	    &entry, NULL) == QUO_OK)
		quo_alarm_deliver(&o->book);
}

void
quo_opening_closed(struct quo_opening *o, const char *name,
    const char *how)
{
	char seconds[24], deadline[QUO_UTC_TEXT];
	struct quo_entry entry = { .value = {
		[QUO_KEY_EVENT] = "close",
		[QUO_KEY_CREDENTIAL] = o->credential,
		[QUO_KEY_SECONDS] = seconds,
		[QUO_KEY_DETAIL] = how,
	} };

	if (o->book.ledger == NULL) {
		quo_say("rotate it: quorate rotate %s CARD... --hook EXE",
		    name);
		return;
	}
	snprintf(seconds, sizeof seconds, "%lld",
	    (long long)(quo_utc_now() - o->opened));
	/* It is over: there is nothing left to go on with, or to refuse. */
	entry.value[QUO_KEY_INCIDENT] = o->incident;
	quo_book_record(&o->book, &entry, NULL);
	if (!o->burned || o->retired)
		return;
	quo_utc_print(o->deadline, deadline);
	quo_say("rotate it until %.10s %.5s UTC: quorate rotate %s CARD...",
	    deadline, deadline + 11, o->credential != NULL ?
	    o->credential : name);
	quo_say("then have it reviewed: quorate review %s --reviewer WHO",
	    o->incident);
}

void
quo_opening_end(struct quo_opening *o)
{
	quo_book_close(&o->book);
	free(o->credential);
	o->credential = NULL;
	quo_alarm_missed_free(&o->missed);
}
