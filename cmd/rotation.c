/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/utc.h"
#include "cmd/alarm.h"
#include "cmd/known.h"
#include "cmd/present.h"
#include "cmd/rotation.h"

/* How it ended stands nowhere else: each try waits as long as db.h does. */
#define TRIES 5
#define CARDS_TEXT 1280

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
quo_rotation_lock(const struct quo_dealt *dealt, int *lock)
{
	const struct quo_span name = { dealt->name, strlen(dealt->name) };
	struct flock byte = { .l_type = F_WRLCK, .l_whence = SEEK_SET,
		.l_len = 1 };
	uint8_t hash[QUO_HASH_LEN];
	char path[PATH_MAX];

	*lock = -1;
	if (dealt->book->ledger == NULL)
		return QUO_EXIT_DONE;
	snprintf(path, sizeof path, "%s-rotating",
	    dealt->book->settings->ledger);
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
	quo_say_error("\"%s\" is being rotated by another process",
	    dealt->name);
	quo_say_hint("wait for its end, and look what it says");
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

	if (known->standing == QUO_SET_CURRENT || set->pinned ||
	    dealt->facts.set == NULL)
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
quo_rotation_present(struct quo_dealt *dealt, const struct quo_quorum *old)
{
	const struct quo_entry like = { .value = {
		[QUO_KEY_CREDENTIAL] = dealt->name,
		[QUO_KEY_DETAIL] = "for rotation",
	} };

	if (dealt->book->ledger == NULL || old->pool == NULL)
		return QUO_EXIT_DONE;
	return quo_present_all(dealt->book, old->pool, 0, &like);
}

enum quo_exit
quo_rotation_hold(struct quo_dealt *dealt, const struct quo_quorum *old,
    bool *former)
{
	struct quo_known_set known = { .standing = QUO_SET_UNKNOWN };
	enum quo_exit end;

	*former = false;
	if (dealt->book->ledger == NULL || old->pool == NULL)
		return QUO_EXIT_DONE;
	end = quo_book_say(dealt->book, quo_known_of(dealt->book,
	    quo_quorum_set(old), &known));
	if (end == QUO_EXIT_DONE)
		end = hold_against(dealt, quo_quorum_set(old), &known);
	*former = dealt->facts.set != NULL && (known.set == NULL ||
	    strcmp(known.set, dealt->facts.set) != 0);
	quo_known_set_clear(&known);
	return end;
}

/* "1, 3". */
static void
list_cards(const struct quo_cards *cards, char text[CARDS_TEXT])
{
	int used = 0;

	text[0] = '\0';
	for (unsigned s = 1; s <= QUO_CARDS_MAX; s++)
		if (cards->has[s])
			used += snprintf(text + used, (size_t)(CARDS_TEXT -
			    used), "%s%u", used > 0 ? ", " : "", s);
}

enum quo_exit
quo_rotation_opened(struct quo_dealt *dealt, const struct quo_quorum *old,
    enum quo_exit end)
{
	struct quo_entry entry = entry_of(dealt, end == QUO_EXIT_DONE ?
	    "opened" : "open-failed");
	char cards[CARDS_TEXT], set[QUO_SET_ID_HEX];
	enum quo_exit recorded;

	/* Where nothing was burned before, nothing is: the secret goes to
	 * the hook alone, which the entry of the start says. */
	if (dealt->book->ledger == NULL ||
	    (end == QUO_EXIT_DONE && dealt->facts.burned == 0))
		return end;
	quo_set_id_print(&quo_quorum_set(old)->id, QUO_HASH_LEN, set);
	list_cards(end == QUO_EXIT_DONE ? &old->used :
	    &quo_quorum_set(old)->present, cards);
	entry.value[QUO_KEY_SET] = set;
	entry.value[QUO_KEY_GENERATION] = NULL;
	entry.value[QUO_KEY_CARDS] = cards[0] != '\0' ? cards : NULL;
	entry.value[QUO_KEY_DETAIL] = "for rotation";
	if (end != QUO_EXIT_DONE)
		entry.value[QUO_KEY_REASON] = "the cards didn't open it";
	recorded = quo_book_record(dealt->book, &entry, NULL);
	return end != QUO_EXIT_DONE ? end : recorded;
}

enum quo_exit
quo_rotation_start(struct quo_dealt *dealt, struct quo_hook *hook,
    const struct quo_cards *used)
{
	struct quo_entry entry = entry_of(dealt, "rotate-start");
	char path[512], cards[CARDS_TEXT], detail[2048];
	enum quo_exit end;

	if (dealt->book->ledger == NULL)
		return QUO_EXIT_DONE;
	quo_say_escape(hook->path, path, sizeof path);
	if (used != NULL) {
		list_cards(used, cards);
		snprintf(detail, sizeof detail, "old secret known from cards "
		    "%s; hook %s", cards, path);
	} else {
		snprintf(detail, sizeof detail, "old secret not known; hook "
		    "%s", path);
	}
	entry.value[QUO_KEY_DETAIL] = detail;
	end = quo_book_record(dealt->book, &entry, NULL);
	if (end != QUO_EXIT_DONE)
		return end;
	/* The hook is handed the old secret: a use like any other. */
	quo_alarm_deliver(dealt->book);
	return quo_book_say(dealt->book, quo_ledger_checkpoint(
	    dealt->book->ledger, &hook->checkpoint));
}

/* Whether the ledger has it as rotating, or can't be asked. */
static bool
is_open(const struct quo_dealt *dealt)
{
	enum quo_state now = QUO_STATE_ROTATING;

	return quo_ledger_state(dealt->book->ledger, dealt->name, &now) !=
	    QUO_OK || now == QUO_STATE_ROTATING;
}

/* Someone may hold the ledger for long: ask again. */
static enum quo_err
record_end(struct quo_dealt *dealt, const struct quo_entry *entry)
{
	enum quo_err err = QUO_EBUSY;

	for (int i = 0; i < TRIES && err == QUO_EBUSY; i++)
		err = quo_ledger_record(dealt->book->ledger, entry, NULL);
	/* A commit that fails behind its last write may have been made. */
	return err != QUO_OK && !is_open(dealt) ? QUO_OK : err;
}

enum quo_exit
quo_rotation_end(struct quo_dealt *dealt, enum quo_applied state)
{
	const struct quo_applied_words *words = &quo_applied_words[state];
	struct quo_entry entry = entry_of(dealt, "rotate-end");
	enum quo_err err;

	if (dealt->book->ledger == NULL)
		return words->end;
	entry.value[QUO_KEY_OUTCOME] = words->outcome;
	entry.value[QUO_KEY_DETAIL] = words->detail;
	err = record_end(dealt, &entry);
	if (err == QUO_OK)
		return words->end;
	quo_book_say(dealt->book, err);
	quo_say_error("the ledger doesn't know how this ended (%s): to it "
	    "\"%s\" is rotating still", words->report, dealt->name);
	quo_say_hint("once it can be written, settle it: quorate rotate %s, "
	    "with cards of generation %s", dealt->name,
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
		quo_rotation_end(dealt, QUO_APPLIED_KEPT);
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
	if (state != QUO_APPLIED_PROVEN) {
		quo_say_warning("\"%s\" is burned still, for %s by now",
		    dealt->name, text);
		return 0;
	}
	quo_say("\"%s\" was burned for %s", dealt->name, text);
	if (quo_ledger_state(dealt->book->ledger, dealt->name, &now) ==
	    QUO_OK && now == QUO_STATE_ROTATED)
		quo_say("its review is outstanding: quorate status %s",
		    dealt->name);
	return seconds;
}
