/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "cmd/dealing.h"
#include "cmd/dealt.h"
#include "cmd/stop.h"
#include "ledger/known.h"

/* In place of what isn't known before the dealing. */
#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

static struct quo_ledger *
ledger_of(const struct quo_dealt *dealt)
{
	return dealt->book != NULL ? dealt->book->ledger : NULL;
}

enum quo_exit
quo_dealt_begin(struct quo_book *book, const char *event, const char *name,
    struct quo_dealt *dealt)
{
	*dealt = (struct quo_dealt){
		.book = book, .event = event, .name = name,
	};
	if (book->ledger == NULL)
		return QUO_EXIT_DONE;
	return quo_book_say(book,
	    quo_facts_load(book->ledger, name, &dealt->facts));
}

void
quo_dealt_clear(struct quo_dealt *dealt)
{
	quo_facts_clear(&dealt->facts);
	free(dealt->policy);
	dealt->policy = NULL;
}

/* What all entries of a dealing say. */
static struct quo_entry
entry_of(const struct quo_dealt *dealt, const char *event)
{
	return (struct quo_entry){ .value = {
		[QUO_KEY_EVENT] = event,
		[QUO_KEY_CREDENTIAL] = dealt->name,
		[QUO_KEY_INVENTORY] = dealt->inventory[0] != '\0' ?
		    dealt->inventory : NULL,
		[QUO_KEY_SET] = dealt->set[0] != '\0' ? dealt->set : NULL,
		[QUO_KEY_GENERATION] = dealt->generation,
		[QUO_KEY_INCIDENT] = dealt->incident,
		[QUO_KEY_POLICY] = dealt->policy,
	} };
}

static enum quo_exit
take_policy(struct quo_dealt *dealt, const struct quo_policy *policy)
{
	struct quo_cards few;

	free(dealt->policy);
	dealt->policy = quo_policy_print(policy);
	if (dealt->policy == NULL)
		return quo_say_failure(QUO_ENOMEM, "%s", "--policy");
	if (!quo_value_valid(dealt->policy))
		return quo_say_misuse("--policy: the ledger has room for %d "
		    "bytes of it: shorten the names", QUO_VALUE_MAX);
	dealt->alone = quo_policy_smallest(policy, &few) < 2;
	snprintf(dealt->cards, sizeof dealt->cards, "%u", policy->cards);
	return QUO_EXIT_DONE;
}

/* As it will be: one that isn't in the ledger is planned as soon as the intent
 * is; one that is reissued is opened before. */
static enum quo_state
state_then(const struct quo_dealt *dealt)
{
	if (strcmp(dealt->event, "reissue") == 0)
		return quo_step_state(quo_step_of("open"),
		    dealt->facts.state);
	return dealt->facts.state == QUO_STATE_NONE ? QUO_STATE_PLANNED :
	    dealt->facts.state;
}

/* Whether the state allows it; the set isn't known yet. */
static enum quo_err
check_step(struct quo_dealt *dealt, char why[QUO_WHY_MAX])
{
	struct quo_entry entry = entry_of(dealt, dealt->event);
	const enum quo_key given[] = { QUO_KEY_SET, QUO_KEY_INVENTORY,
		QUO_KEY_POLICY, QUO_KEY_CARDS };

	for (size_t i = 0; i < sizeof given / sizeof *given; i++)
		entry.value[given[i]] = ZEROS;
	return quo_step_check(&entry, state_then(dealt), 0, why);
}

static enum quo_exit
refuse(struct quo_dealt *dealt, const char *why)
{
	struct quo_entry entry = entry_of(dealt, dealt->event);
	enum quo_err err;

	if (dealt->counts)
		entry.value[QUO_KEY_OUTCOME] = "failed";
	err = quo_ledger_refuse(ledger_of(dealt), &entry, why);
	return quo_book_say(dealt->book, err);
}

/* One name, several cards: fewer people than it seems. */
static void
warn_of_namesakes(const struct quo_policy *policy)
{
	for (unsigned s = 2; s <= policy->cards; s++) {
		const char *name = quo_policy_leaf(policy, s)->name;

		for (unsigned t = 1; name != NULL && t < s; t++) {
			const char *other = quo_policy_leaf(policy, t)->name;

			if (other == NULL || strcmp(name, other) != 0)
				continue;
			quo_say_warning("%s holds more than one card: %u and "
			    "%u", name, t, s);
			break;
		}
	}
}

static void
say_group(const struct quo_policy *policy)
{
	struct quo_cards cards;
	char text[512] = "";
	size_t used = 0;
	unsigned people = quo_policy_smallest(policy, &cards);

	for (unsigned s = 1; s <= policy->cards && used < sizeof text; s++)
		if (cards.has[s] && quo_policy_leaf(policy, s)->name != NULL)
			used += (size_t)snprintf(text + used,
			    sizeof text - used, "%s%s", used > 0 ? ", " : "",
			    quo_policy_leaf(policy, s)->name);
	quo_say("the smallest group that could open it in secret: %u "
	    "%s%s%s%s", people, people == 1 ? "person" : "people",
	    used > 0 ? " (" : "", text, used > 0 ? ")" : "");
}

static enum quo_exit
check_policy(struct quo_dealt *dealt, const struct quo_policy *policy)
{
	char why[QUO_WHY_MAX], what[QUO_WHY_MAX];
	enum quo_exit end = take_policy(dealt, policy);
	enum quo_err err;

	if (end != QUO_EXIT_DONE)
		return end;
	err = quo_facts_custodians(ledger_of(dealt), policy, why);
	if (err == QUO_EREFUSED) {
		snprintf(what, sizeof what, "%s: %.*s", dealt->event,
		    QUO_WHY_MAX - 16, why);
		return refuse(dealt, what);
	}
	if (err != QUO_OK)
		return quo_book_say(dealt->book, err);
	warn_of_namesakes(policy);
	say_group(policy);
	return QUO_EXIT_DONE;
}

enum quo_exit
quo_dealt_check(struct quo_dealt *dealt, const struct quo_policy *policy)
{
	char why[QUO_WHY_MAX];
	enum quo_err err;

	if (ledger_of(dealt) == NULL)
		return QUO_EXIT_DONE;
	snprintf(dealt->inventory, sizeof dealt->inventory, "%s",
	    dealt->facts.inventory);
	snprintf(dealt->generation, sizeof dealt->generation, "%u",
	    dealt->facts.generation + 1);
	err = check_step(dealt, why);
	if (err == QUO_EREFUSED)
		return refuse(dealt, why);
	if (err != QUO_OK)
		return quo_book_say(dealt->book, err);
	if (dealt->facts.unended > 0)
		quo_say_warning("a dealing of \"%s\" was begun and never "
		    "ended: cards of it that turn up are void", dealt->name);
	return policy != NULL ? check_policy(dealt, policy) : QUO_EXIT_DONE;
}

/* The inventory id: the ledger's, the old cards', or a new one. */
static enum quo_err
fix_inventory(struct quo_dealt *dealt, struct quo_dealing_plan *plan)
{
	enum quo_err err = QUO_OK;

	if (dealt->facts.inventory[0] != '\0')
		quo_hex_parse(dealt->facts.inventory,
		    strlen(dealt->facts.inventory), dealt->id,
		    sizeof dealt->id);
	else if (plan->inventory != NULL)
		memcpy(dealt->id, plan->inventory, sizeof dealt->id);
	else
		err = quo_random(dealt->id, sizeof dealt->id);
	quo_hex_print(dealt->id, sizeof dealt->id, dealt->inventory);
	plan->inventory = dealt->id;
	return err;
}

static enum quo_err
record_intent(struct quo_dealt *dealt, struct quo_dealing_plan *plan)
{
	struct quo_ledger *ledger = ledger_of(dealt);
	struct quo_facts now = { 0 };
	struct quo_entry entry;
	enum quo_err err;

	/* Others may have dealt since we looked. Our texts are in use. */
	err = quo_facts_load(ledger, dealt->name, &now);
	if (plan->generation <= now.generation)
		plan->generation = now.generation + 1;
	memcpy(dealt->facts.inventory, now.inventory, sizeof now.inventory);
	dealt->facts.burned = now.burned;
	quo_facts_clear(&now);
	if (err == QUO_OK)
		err = fix_inventory(dealt, plan);
	if (err != QUO_OK)
		return err;
	snprintf(dealt->generation, sizeof dealt->generation, "%u",
	    plan->generation);
	entry = entry_of(dealt, "deal-intent");
	err = quo_ledger_record(ledger, &entry, NULL);
	if (err == QUO_OK)
		err = quo_facts_learn(ledger, dealt->name,
		    plan->credential.user, plan->credential.target);
	return err;
}

static enum quo_err
fix_texts(struct quo_dealt *dealt, const struct quo_dealing_plan *plan)
{
	struct quo_day day;
	enum quo_err err;

	err = quo_ledger_checkpoint(ledger_of(dealt), &dealt->checkpoint);
	snprintf(dealt->size, sizeof dealt->size, "%" PRIu64,
	    dealt->checkpoint.size);
	quo_hex_print(dealt->checkpoint.root, QUO_HASH_LEN, dealt->root);
	if (err == QUO_OK)
		err = quo_dealing_review(plan->options, &day);
	if (err == QUO_OK && day.number != 0) {
		quo_day_print(day, dealt->expires);
		strcat(dealt->expires, "T00:00:00Z");
	}
	return err;
}

enum quo_exit
quo_dealt_intend(struct quo_dealt *dealt, struct quo_dealing_plan *plan)
{
	struct quo_ledger *ledger = ledger_of(dealt);
	enum quo_exit end;
	enum quo_err err;

	if (ledger == NULL)
		return QUO_EXIT_DONE;
	end = take_policy(dealt, plan->policy);
	if (end != QUO_EXIT_DONE)
		return end;
	err = quo_ledger_begin(ledger);
	if (err != QUO_OK)
		return quo_book_say(dealt->book, err);
	err = record_intent(dealt, plan);
	end = quo_book_finish(dealt->book, err);
	return end != QUO_EXIT_DONE ? end :
	    quo_book_say(dealt->book, fix_texts(dealt, plan));
}

/* That the cards are out; what was never ended before is void for good. */
static enum quo_exit
record(struct quo_dealt *dealt, const struct quo_dealing *dealing,
    const char *detail)
{
	struct quo_ledger *ledger = ledger_of(dealt);
	struct quo_entry entry = entry_of(dealt, dealt->event);
	enum quo_err err;

	entry.value[QUO_KEY_CARDS] = dealt->cards;
	entry.value[QUO_KEY_LOCKED] = dealt->locked ? "yes" : NULL;
	entry.value[QUO_KEY_CRITERION] = dealt->confirm;
	entry.value[QUO_KEY_EXPIRES] = dealt->expires[0] != '\0' ?
	    dealt->expires : NULL;
	entry.value[QUO_KEY_SIZE] = dealt->size;
	entry.value[QUO_KEY_ROOT] = dealt->root;
	entry.value[QUO_KEY_DETAIL] = detail;
	err = quo_ledger_begin(ledger);
	if (err != QUO_OK)
		return quo_book_say(dealt->book, err);
	err = quo_ledger_record(ledger, &entry, NULL);
	if (err == QUO_OK)
		err = quo_facts_end_intents(ledger, dealt->name,
		    dealing->set.header.generation);
	return quo_book_finish(dealt->book, err);
}

static void
take_back(struct quo_dealt *dealt, struct quo_pieces *pieces)
{
	char out[QUO_PIECES_OUT];

	if (quo_pieces_retract(pieces)) {
		quo_say_error("what isn't on record doesn't go out: the cards "
		    "were taken back");
		return;
	}
	quo_pieces_out(pieces, out, sizeof out);
	quo_say_error("cards are out that are not on record, of generation "
	    "%s: %s", dealt->generation, out);
	quo_say_hint("they are void: have them destroyed");
}

/* A commit that fails behind its last write may have been made: look. */
static bool
on_record(const struct quo_dealt *dealt, const struct quo_dealing *dealing)
{
	struct quo_known_set known;
	bool there;

	if (quo_known_set(ledger_of(dealt), &dealing->set.id, QUO_HASH_LEN,
	    NULL, &known) != QUO_OK)
		return false;
	there = known.standing == QUO_SET_CURRENT;
	quo_known_set_clear(&known);
	return there;
}

enum quo_exit
quo_dealt_record(struct quo_dealt *dealt, const struct quo_dealing *dealing,
    struct quo_pieces *pieces)
{
	char detail[160];
	enum quo_exit end;

	quo_hex_print(dealing->set.id.hash, QUO_HASH_LEN, dealt->set);
	dealt->locked = dealing->phrases != NULL;
	if (ledger_of(dealt) == NULL)
		return QUO_EXIT_DONE;
	snprintf(detail, sizeof detail, "all %u shares were exposed to the "
	    "read-back, a quorum%s", dealing->n, dealt->alone ?
	    "; one person alone can open it: accepted" : "");
	end = record(dealt, dealing, detail);
	if (end == QUO_EXIT_DONE)
		return end;
	if (on_record(dealt, dealing)) {
		quo_say_warning("the dealing is on record all the same");
		return QUO_EXIT_DONE;
	}
	pieces->stage = "recording the dealing";
	take_back(dealt, pieces);
	quo_dealt_fail(dealt, dealing, pieces);
	return end;
}

static bool
any_out(const struct quo_pieces *pieces)
{
	for (size_t i = 0; i < pieces->count; i++)
		if (pieces->items[i].out || pieces->items[i].perhaps)
			return true;
	return false;
}

void
quo_dealt_fail(struct quo_dealt *dealt, const struct quo_dealing *dealing,
    const struct quo_pieces *pieces)
{
	struct quo_ledger *ledger = ledger_of(dealt);
	struct quo_entry entry = entry_of(dealt, "deal-failed");
	char set[QUO_SET_ID_HEX], reason[128];
	char out[QUO_PIECES_OUT], detail[QUO_PIECES_OUT + 64];

	if (ledger == NULL)
		return;
	snprintf(reason, sizeof reason, "%s: %s", quo_stopped() ?
	    "interrupted" : "failed", pieces->stage != NULL ?
	    pieces->stage : "dealing");
	entry.value[QUO_KEY_REASON] = reason;
	if (any_out(pieces)) {
		quo_pieces_out(pieces, out, sizeof out);
		snprintf(detail, sizeof detail, "cards are out, and void: %s",
		    out);
		entry.value[QUO_KEY_DETAIL] = detail;
		entry.value[QUO_KEY_CARDS] = dealt->cards;
	}
	if (dealing != NULL && any_out(pieces)) {
		quo_hex_print(dealing->set.id.hash, QUO_HASH_LEN, set);
		entry.value[QUO_KEY_SET] = set;
	} else if (dealing != NULL) {
		entry.value[QUO_KEY_SET] = NULL;
	}
	if (quo_book_record(dealt->book, &entry, NULL) != QUO_EXIT_DONE)
		quo_say_hint("the ledger has generation %s of \"%s\" as begun "
		    "and not ended; the next dealing says that it is void",
		    dealt->generation, dealt->name);
}
