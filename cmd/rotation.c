/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "cmd/alarm.h"
#include "cmd/known.h"
#include "cmd/present.h"
#include "cmd/rotation.h"
#include "cmd/stop.h"
#include "ledger/incident.h"
#include "ledger/sets.h"

/* How it ended stands nowhere else: each try waits as long as db.h does. */
#define TRIES 5

static struct quo_entry
entry_of(const struct quo_dealt *dealt, const char *event)
{
	return (struct quo_entry){ .value = {
		[QUO_KEY_EVENT] = event,
		[QUO_KEY_CREDENTIAL] = dealt->name,
		[QUO_KEY_SET] = dealt->set[0] != '\0' ? dealt->set : NULL,
		[QUO_KEY_GENERATION] = dealt->generation[0] != '\0' ?
		    dealt->generation : NULL,
	} };
}

/* A byte for each name, in a file that is never read: the lock goes with the
 * process that holds it, however that ends. */
enum quo_exit
quo_rotation_lock(const struct quo_book *book, const char *whose, int *lock)
{
	const struct quo_span name = { whose, strlen(whose) };
	struct flock byte = { .l_type = F_WRLCK, .l_whence = SEEK_SET,
		.l_len = 1 };
	uint8_t hash[QUO_HASH_LEN];
	char path[PATH_MAX];

	*lock = -1;
	if (book->ledger == NULL)
		return QUO_EXIT_DONE;
	snprintf(path, sizeof path, "%s-rotating", book->settings->ledger);
	*lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (*lock == -1)
		return quo_say_failure(QUO_EIO, "%s", path);
	quo_sha256(&name, 1, hash);
	for (int i = 0; i < 7; i++)
		byte.l_start = byte.l_start << 8 | hash[i];
	if (fcntl(*lock, F_OFD_SETLK, &byte) == 0)
		return QUO_EXIT_DONE;
	if (errno != EAGAIN && errno != EACCES)
		return quo_say_failure(QUO_EIO, "%s", path);
	if (*whose == '\0')
		quo_say_error("what is due is being rotated by another "
		    "process");
	else
		quo_say_error("\"%s\" is being rotated by another process, "
		    "or a hook of it runs still", whose);
	quo_say_hint("wait for its end, and look what it says; who holds %s, "
	    "as fuser tells, keeps it so", path);
	return QUO_EXIT_MACHINE;
}

/* The old set must be the one that the ledger has, or be meant. */
static enum quo_exit
hold_against(struct quo_dealt *dealt, const struct quo_pool_set *set,
    const struct quo_known_set *known)
{
	struct quo_entry entry = entry_of(dealt, "redeal");
	char why[QUO_WHY_MAX];
	enum quo_err err;

	if (known->standing == QUO_SET_CURRENT || known->live ||
	    set->pinned || dealt->facts.set == NULL)
		return QUO_EXIT_DONE;
	if (known->standing == QUO_SET_RETIRED)
		snprintf(why, sizeof why, "redeal: these cards, of "
		    "generation %u, were replaced", known->generation);
	else
		snprintf(why, sizeof why, "redeal: these cards are of no set "
		    "that the ledger has");
	err = quo_ledger_refuse(dealt->book->ledger, &entry, why);
	quo_book_say(dealt->book, err);
	quo_say_hint("give those of generation %u, or none; if these are "
	    "meant, say so by --set", dealt->facts.newest);
	return err == QUO_EREFUSED ? QUO_EXIT_NO : quo_exit_of(err);
}

enum quo_exit
quo_rotation_present(struct quo_dealt *dealt, const struct quo_quorum *cards,
    const char *why, enum quo_exit gathered)
{
	struct quo_entry failed = entry_of(dealt, "open-failed");
	const struct quo_entry like = { .value = {
		[QUO_KEY_CREDENTIAL] = dealt->name,
		[QUO_KEY_DETAIL] = why,
	} };
	enum quo_exit end = QUO_EXIT_DONE;

	if (dealt->book->ledger == NULL || cards->pool == NULL)
		return QUO_EXIT_DONE;
	if (quo_pool_begin(cards->pool) != dealt->told)
		end = quo_present_all(dealt->book, cards->pool, dealt->told,
		    &like);
	dealt->told = quo_pool_begin(cards->pool);
	if (end != QUO_EXIT_DONE || gathered != QUO_EXIT_NO)
		return end;
	failed.value[QUO_KEY_DETAIL] = why;
	failed.value[QUO_KEY_REASON] = quo_stopped() ? "interrupted" :
	    "no quorum, or no one set to open";
	return quo_book_record(dealt->book, &failed, NULL);
}

/* Behind one that is unproven the target may still take what that replaced:
 * that another is refused proves nothing of it. */
static enum quo_exit
look_for_others(struct quo_dealt *dealt, const char *id, bool *others)
{
	struct quo_sets sets;
	enum quo_err err;

	err = quo_sets_load(dealt->book->ledger, dealt->name, &sets);
	*others = quo_sets_other(&sets, NULL, id) != NULL;
	quo_sets_clear(&sets);
	return quo_book_say(dealt->book, err);
}

enum quo_exit
quo_rotation_hold(struct quo_dealt *dealt, const struct quo_quorum *old,
    bool *former)
{
	struct quo_known_set known = { .standing = QUO_SET_UNKNOWN };
	char id[QUO_SET_ID_HEX];
	enum quo_exit end;

	*former = false;
	if (dealt->book->ledger == NULL || old == NULL || old->pool == NULL)
		return QUO_EXIT_DONE;
	end = quo_book_say(dealt->book, quo_known_of(dealt->book,
	    quo_quorum_set(old), &known));
	if (end == QUO_EXIT_DONE)
		end = hold_against(dealt, quo_quorum_set(old), &known);
	/* A reissue leaves the old cards with the target's secret. */
	*former = dealt->facts.set != NULL && !known.live &&
	    (known.set == NULL || strcmp(known.set, dealt->facts.set) != 0);
	quo_set_id_print(&quo_quorum_set(old)->id, QUO_HASH_LEN, id);
	if (known.live)
		snprintf(id, sizeof id, "%s", dealt->facts.set);
	quo_known_set_clear(&known);
	return end == QUO_EXIT_DONE && !*former ? look_for_others(dealt, id,
	    former) : end;
}

enum quo_exit
quo_rotation_opened(struct quo_dealt *dealt, const struct quo_quorum *old,
    const char *why, enum quo_exit end)
{
	struct quo_entry entry = entry_of(dealt, end == QUO_EXIT_DONE ?
	    "opened" : "open-failed");
	char cards[QUO_CARDS_LIST], set[QUO_SET_ID_HEX];
	enum quo_exit recorded;

	if (dealt->book->ledger == NULL)
		return end;
	quo_set_id_print(&quo_quorum_set(old)->id, QUO_HASH_LEN, set);
	quo_cards_list(end == QUO_EXIT_DONE ? &old->used :
	    &quo_quorum_set(old)->present, cards);
	entry.value[QUO_KEY_SET] = set;
	entry.value[QUO_KEY_GENERATION] = NULL;
	entry.value[QUO_KEY_CARDS] = cards[0] != '\0' ? cards : NULL;
	entry.value[QUO_KEY_DETAIL] = why;
	if (end != QUO_EXIT_DONE)
		entry.value[QUO_KEY_REASON] = quo_stopped() ? "interrupted" :
		    "the cards didn't open it";
	recorded = quo_book_record(dealt->book, &entry, NULL);
	return end != QUO_EXIT_DONE ? end : recorded;
}

/* Whether the inventory names a hook, and it is another one. */
static bool
is_foreign(const struct quo_dealt *dealt, const struct quo_hook *hook)
{
	char *named, *given;
	bool foreign;

	if (dealt->facts.hook == NULL || strcmp(dealt->facts.hook,
	    hook->path) == 0)
		return false;
	named = realpath(dealt->facts.hook, NULL);
	given = realpath(hook->path, NULL);
	foreign = named == NULL || given == NULL || strcmp(named, given) != 0;
	free(named);
	free(given);
	return foreign;
}

static bool
differs(const char *named, const char *given)
{
	return named != NULL && given != NULL && strcmp(named, given) != 0;
}

bool
quo_rotation_is_foreign(const struct quo_dealt *dealt,
    const struct quo_hook *hook)
{
	return is_foreign(dealt, hook) ||
	    differs(dealt->facts.account, hook->user) ||
	    differs(dealt->facts.target, hook->target);
}

#define FOREIGN "a hook that the inventory doesn't name is handed the old " \
	"secret"

/* What of it is an incident, which is reviewed when it is rotated. */
static enum quo_err
declare(struct quo_dealt *dealt, const char *hook)
{
	char path[512], incident[24];
	char expires[QUO_UTC_TEXT], deadline[QUO_UTC_TEXT];
	int64_t now = quo_utc_now(), span = dealt->book->settings->deadline;
	struct quo_entry entry = { .value = {
		[QUO_KEY_CREDENTIAL] = dealt->name,
		[QUO_KEY_REQUESTER] = "whoever rotates",
		[QUO_KEY_REASON] = FOREIGN,
		[QUO_KEY_TICKET] = "none",
		[QUO_KEY_EXPECTED] = "1h",
		[QUO_KEY_EXPIRES] = expires,
		[QUO_KEY_EMERGENCY] = FOREIGN,
		[QUO_KEY_DETAIL] = path,
	} };
	uint64_t number = 0;
	enum quo_err err;

	quo_say_escape(hook, path, sizeof path);
	quo_utc_print(now + 3600, expires);
	err = quo_ledger_deadline(dealt->book->ledger, dealt->name, span,
	    &span);
	if (err == QUO_OK)
		err = quo_incident_declare(dealt->book->ledger, &entry,
		    &number);
	if (err != QUO_OK)
		return err;
	snprintf(incident, sizeof incident, "INC-%llu",
	    (unsigned long long)number);
	quo_utc_print(now + span, deadline);
	entry.value[QUO_KEY_EVENT] = "open";
	entry.value[QUO_KEY_INCIDENT] = incident;
	entry.value[QUO_KEY_SET] = dealt->handed;
	entry.value[QUO_KEY_CARDS] = dealt->handed_cards;
	entry.value[QUO_KEY_DEADLINE] = deadline;
	quo_say_warning("%s: %s is not the hook of the inventory: that counts "
	    "as an opening", incident, path);
	return quo_ledger_record(dealt->book->ledger, &entry, NULL);
}

static enum quo_err
record_start(struct quo_dealt *dealt, const struct quo_hook *hook,
    const struct quo_quorum *old, bool resumed)
{
	struct quo_entry entry = entry_of(dealt, "rotate-start");
	char path[512], detail[2048];
	enum quo_err err = QUO_OK;

	quo_say_escape(hook->path, path, sizeof path);
	dealt->handed[0] = dealt->handed_cards[0] = '\0';
	if (old != NULL) {
		quo_cards_list(&old->used, dealt->handed_cards);
		quo_set_id_print(&quo_quorum_set(old)->id, QUO_HASH_LEN,
		    dealt->handed);
		if (is_foreign(dealt, hook))
			err = declare(dealt, hook->path);
	}
	snprintf(detail, sizeof detail, "%sold secret %s%s; hook %s",
	    resumed ? "resumed; " : "", old != NULL ? "known from cards " :
	    "not known", dealt->handed_cards, path);
	entry.value[QUO_KEY_DETAIL] = detail;
	return err == QUO_OK ? quo_ledger_record(dealt->book->ledger, &entry,
	    NULL) : err;
}

enum quo_exit
quo_rotation_start(struct quo_dealt *dealt, struct quo_hook *hook,
    const struct quo_quorum *old, bool resumed)
{
	struct quo_ledger *ledger = dealt->book->ledger;
	enum quo_exit end;
	enum quo_err err;

	if (ledger == NULL)
		return QUO_EXIT_DONE;
	err = quo_ledger_begin(ledger);
	if (err != QUO_OK)
		return quo_book_say(dealt->book, err);
	err = record_start(dealt, hook, old, resumed);
	end = quo_book_finish(dealt->book, err);
	if (end != QUO_EXIT_DONE)
		return end;
	/* The hook is handed the old secret: a use like any other. */
	if (old != NULL)
		quo_alarm_deliver(dealt->book);
	return quo_book_say(dealt->book, quo_ledger_checkpoint(ledger,
	    &hook->checkpoint));
}

bool
quo_rotation_may_try(void *with, const struct quo_hook_desc *desc)
{
	struct quo_dealt *dealt = with;
	struct quo_entry entry = entry_of(dealt, "probe");
	int64_t tried = 0;

	if (!desc->limited && dealt->book->ledger == NULL)
		return true;
	if (desc->limited && desc->wrong_logins < 2)
		return false;
	if (dealt->book->ledger == NULL)
		return dealt->probes++ + 1 < desc->wrong_logins;
	if (desc->limited && (quo_sets_probes(dealt->book->ledger,
	    dealt->name, quo_utc_now() - desc->wrong_span, &tried) != QUO_OK ||
	    tried + 1 >= desc->wrong_logins))
		return false;
	return !desc->limited || quo_book_record(dealt->book, &entry, NULL) ==
	    QUO_EXIT_DONE;
}

/* Whether the ledger has it as rotating, or can't be asked. */
static bool
is_open(const struct quo_dealt *dealt)
{
	enum quo_state now = QUO_STATE_ROTATING;

	return quo_ledger_state(dealt->book->ledger, dealt->name, &now) !=
	    QUO_OK || now == QUO_STATE_ROTATING;
}

/* Someone may hold the ledger for long: ask again. A commit that fails behind
 * its last write may have been made. */
static enum quo_err
record_end(struct quo_dealt *dealt, const struct quo_entry *entry)
{
	struct quo_ledger *ledger = dealt->book->ledger;
	const uint64_t before = quo_ledger_recorded(ledger);
	enum quo_err err = QUO_EBUSY;

	for (int i = 0; i < TRIES && err == QUO_EBUSY; i++)
		err = quo_ledger_record(ledger, entry, NULL);
	return err != QUO_EREFUSED && quo_ledger_recorded(ledger) > before ?
	    QUO_OK : err;
}

enum quo_exit
quo_rotation_settle(struct quo_dealt *dealt, const char *outcome,
    const char *detail, const struct quo_entry *more)
{
	struct quo_entry entry = entry_of(dealt, "rotate-end");
	enum quo_err err;

	if (dealt->book->ledger == NULL)
		return QUO_EXIT_DONE;
	for (int k = 0; more != NULL && k < QUO_KEYS; k++)
		if (more->value[k] != NULL)
			entry.value[k] = more->value[k];
	entry.value[QUO_KEY_OUTCOME] = outcome;
	entry.value[QUO_KEY_DETAIL] = detail;
	err = record_end(dealt, &entry);
	return err == QUO_OK ? QUO_EXIT_DONE : quo_book_say(dealt->book, err);
}

/*
 * A hook that the inventory doesn't name was handed the old secret, and the
 * target has it still: whoever wrote the hook may know it.
 */
static void
count_exposure(struct quo_dealt *dealt, const struct quo_apply *apply,
    enum quo_applied state)
{
	struct quo_ledger *ledger = dealt->book->ledger;
	enum quo_err err;

	if (dealt->facts.hook != NULL || dealt->facts.burned != 0 ||
	    dealt->handed[0] == '\0' || state != QUO_APPLIED_KEPT ||
	    apply->later)
		return;
	err = quo_ledger_begin(ledger);
	if (err != QUO_OK)
		return;
	err = declare(dealt, apply->hook->path);
	quo_book_finish(dealt->book, err);
}

enum quo_exit
quo_rotation_exposed(struct quo_dealt *dealt, const struct quo_quorum *from,
    const struct quo_hook *hook)
{
	enum quo_err err;

	if (dealt->facts.hook != NULL || dealt->facts.burned != 0)
		return QUO_EXIT_DONE;
	quo_cards_list(&from->used, dealt->handed_cards);
	quo_set_id_print(&quo_quorum_set(from)->id, QUO_HASH_LEN,
	    dealt->handed);
	err = quo_ledger_begin(dealt->book->ledger);
	if (err != QUO_OK)
		return quo_book_say(dealt->book, err);
	return quo_book_finish(dealt->book, declare(dealt, hook->path));
}

enum quo_exit
quo_rotation_end(struct quo_dealt *dealt, const struct quo_apply *apply,
    enum quo_applied state)
{
	const struct quo_applied_words *words = &quo_applied_words[state];
	const char *outcome = state == QUO_APPLIED_UNKNOWN &&
	    apply->new_refused ? "refused" : words->outcome;
	char how[256];

	if (dealt->book->ledger == NULL)
		return words->end;
	count_exposure(dealt, apply, state);
	/* An auditor asks what a proof rests on. */
	snprintf(how, sizeof how, "%s%s%s", apply->old_refused &&
	    !apply->former ? "the target refuses the old secret" :
	    "its hook says that the target holds a single secret",
	    apply->reason != NULL ? "; " : "", apply->reason != NULL ?
	    apply->reason : "");
	if (quo_rotation_settle(dealt, outcome, state == QUO_APPLIED_PROVEN ?
	    how : apply->reason, NULL) == QUO_EXIT_DONE) {
		if (state == QUO_APPLIED_PROVEN && dealt->facts.hook == NULL)
			quo_say_hint("the inventory names no hook of \"%s\": "
			    "with one, rotate --due can do this (quorate "
			    "import)", dealt->name);
		return words->end;
	}
	quo_say_error("the ledger doesn't know how this ended (%s): to it "
	    "\"%s\" is rotating still", words->report, dealt->name);
	quo_say_hint("once it can be written, settle it: quorate rotate %s "
	    "--resume, with cards of generation %s", dealt->name,
	    state == QUO_APPLIED_KEPT ? "before" : dealt->generation);
	return QUO_EXIT_MACHINE;
}

void
quo_rotation_call_off(struct quo_dealt *dealt, struct quo_pieces *pieces)
{
	if (dealt->book->ledger == NULL)
		return;
	pieces->stage = "before the target was asked";
	/* Its start may be on record, though that was said to have failed. */
	if (dealt->facts.state != QUO_STATE_ROTATING && is_open(dealt))
		quo_rotation_settle(dealt, "kept",
		    "the target was not asked", NULL);
	else
		quo_dealt_fail(dealt, NULL, pieces);
}

/* "3h 12m": the two largest units. */
static void
print_decay(long long seconds, char text[48])
{
	if (seconds < 60)
		snprintf(text, 48, "%llds", seconds);
	else if (seconds < 3600)
		snprintf(text, 48, "%lldm %llds", seconds / 60,
		    seconds % 60);
	else if (seconds < 86400)
		snprintf(text, 48, "%lldh %lldm", seconds / 3600,
		    seconds / 60 % 60);
	else
		snprintf(text, 48, "%lldd %lldh", seconds / 86400,
		    seconds / 3600 % 24);
}

long long
quo_rotation_say(struct quo_dealt *dealt, enum quo_applied state)
{
	enum quo_state now = QUO_STATE_NONE;
	long long seconds;
	char text[48];

	if (dealt->book->ledger == NULL || dealt->facts.burned == 0)
		return 0;
	seconds = quo_utc_now() - dealt->facts.burned;
	seconds = seconds > 0 ? seconds : 0;
	print_decay(seconds, text);
	if (quo_ledger_state(dealt->book->ledger, dealt->name, &now) !=
	    QUO_OK)
		now = QUO_STATE_NONE;
	if (state != QUO_APPLIED_PROVEN || now == QUO_STATE_BURNED) {
		quo_say_warning("\"%s\" is burned still, for %s by now",
		    dealt->name, text);
		return 0;
	}
	quo_say("\"%s\" was burned for %s", dealt->name, text);
	if (now == QUO_STATE_ROTATED)
		quo_say("its review is outstanding: quorate status %s",
		    dealt->name);
	return seconds;
}
