/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hex.h"
#include "base/json.h"
#include "base/utc.h"
#include "cmd/book.h"
#include "cmd/cards.h"
#include "cmd/log.h"
#include "crypto/policy.h"
#include "ledger/incident.h"
#include "ledger/known.h"
#include "ledger/receipt.h"

/* A receipt on its way into the log, and its values as texts. */
struct taking {
	struct quo_book book;
	struct quo_receipt receipt;
	struct quo_known_set known;
	char id[2 * QUO_RECEIPT_ID_LEN + 1];
	char hash[QUO_SET_ID_HEX], set[QUO_SET_ID_HEX];
	char inventory[QUO_SET_ID_HEX], generation[16];
	char cards[QUO_CARDS_LIST];
	char detail[QUO_VALUE_MAX], emergency[64];
	bool burns;			/* its set holds the target's secret */
	bool before;			/* it was taken in already */
	bool anew;			/* its new set is to take over */
	char new_set[QUO_SET_ID_HEX], new_generation[16], new_cards[8];
	char incident[24];		/* "" where it makes none */
};

static enum quo_exit
load(const char *path, struct quo_receipt *receipt)
{
	struct quo_secret *text = NULL;
	bool standard = strcmp(path, "-") == 0;
	enum quo_err err;

	err = standard ? quo_file_read(STDIN_FILENO, QUO_RECEIPT_MAX, &text) :
	    quo_file_load(path, QUO_RECEIPT_MAX, &text);
	if (err == QUO_OK)
		err = text == NULL ? QUO_EFORMAT : quo_receipt_parse(
		    (const char *)text->data, text->len, receipt);
	quo_secret_free(text);
	if (err == QUO_OK)
		return QUO_EXIT_DONE;
	if (err == QUO_EFORMAT) {
		quo_say_error("%s: this is no receipt", path);
		return QUO_EXIT_NO;
	}
	quo_say_failure(err, "%s", path);
	if (err == QUO_ECHECK)
		quo_say_hint("compare it with the original, letter by letter: "
		    "each line as it was, and a line feed behind the last");
	return quo_exit_of(err);
}

/*
 * What it is known by: the hash of the text as it was before the end of the
 * exposure was added, so that neither version goes in behind the other.
 */
static enum quo_err
find_hash(struct taking *t)
{
	const struct quo_set_id none = { { 0 } };
	struct quo_receipt early = t->receipt;
	uint8_t hash[QUO_HASH_LEN];
	struct quo_span span;
	char *text = NULL;
	enum quo_err err;
	size_t len;

	early.closed = 0;
	early.new_set = none;
	early.new_generation = 0;
	early.new_policy = NULL;
	early.new_locked = false;
	err = quo_receipt_print(&early, &text, &len);
	if (err != QUO_OK)
		return err;
	span = (struct quo_span){ text, len };
	quo_sha256(&span, 1, hash);
	quo_hex_print(hash, sizeof hash, t->hash);
	free(text);
	return QUO_OK;
}

static enum quo_err
find_set(struct taking *t)
{
	struct quo_header header = { .generation = t->receipt.generation };

	memcpy(header.inventory, t->receipt.inventory, QUO_INVENTORY_LEN);
	enum quo_err err;

	err = quo_known_set(t->book.ledger, &t->receipt.set, QUO_HASH_LEN,
	    &header, &t->known);
	t->burns = err == QUO_OK && !t->known.waiting && (t->known.live ||
	    t->known.standing == QUO_SET_CURRENT);
	return err;
}

static void
word(struct taking *t)
{
	const struct quo_receipt *r = &t->receipt;
	char opened[QUO_UTC_TEXT], closed[QUO_UTC_TEXT] = "not told";

	quo_hex_print(r->set.hash, QUO_HASH_LEN, t->set);
	quo_hex_print(r->inventory, QUO_INVENTORY_LEN, t->inventory);
	quo_hex_print(r->id, QUO_RECEIPT_ID_LEN, t->id);
	snprintf(t->generation, sizeof t->generation, "%lu",
	    (unsigned long)r->generation);
	quo_cards_list(&r->quorum, t->cards);
	quo_utc_print(r->opened, opened);
	if (r->closed != 0)
		quo_utc_print(r->closed, closed);
	snprintf(t->detail, sizeof t->detail, "%s: opened %s on %s by %s "
	    "(%s), closed %s; without the ledger: %s", t->id, opened, r->host,
	    r->actor != NULL ? r->actor : "nobody named", r->exposure, closed,
	    quo_receipt_why(r->why));
	snprintf(t->emergency, sizeof t->emergency, "receipt %s", t->id);
}

/* What all of its entries say. */
static struct quo_entry
common(const struct taking *t, const char *event)
{
	const struct quo_receipt *r = &t->receipt;

	return (struct quo_entry){ .value = {
		[QUO_KEY_EVENT] = event,
		[QUO_KEY_CREDENTIAL] = t->known.set != NULL ?
		    t->known.credential : NULL,
		[QUO_KEY_INVENTORY] = t->inventory,
		[QUO_KEY_SET] = t->set,
		[QUO_KEY_GENERATION] = t->generation,
		[QUO_KEY_INCIDENT] = *t->incident != '\0' ? t->incident :
		    NULL,
		[QUO_KEY_REQUESTER] = r->requester,
		[QUO_KEY_REASON] = r->reason != NULL ? r->reason : "not told",
		[QUO_KEY_TICKET] = r->ticket != NULL ? r->ticket : "none",
		[QUO_KEY_CARDS] = t->cards,
	} };
}

static enum quo_err
record(struct taking *t, const struct quo_entry *entry)
{
	return quo_ledger_record(t->book.ledger, entry, NULL);
}

static enum quo_err
record_receipt(struct taking *t)
{
	struct quo_entry e = common(t, "receipt");
	enum quo_err err;

	e.value[QUO_KEY_HASH] = t->hash;
	e.value[QUO_KEY_DETAIL] = t->detail;
	err = record(t, &e);
	e = common(t, "undelivered");
	e.value[QUO_KEY_DETAIL] = t->emergency;
	e.value[QUO_KEY_REASON] = "so the receipt says";
	for (size_t i = 0; err == QUO_OK && i < t->receipt.undelivered_count;
	    i++) {
		e.value[QUO_KEY_SINK] = t->receipt.undelivered[i];
		err = record(t, &e);
	}
	return err;
}

/* Declared behind the fact: an emergency, and a receipt says which. */
static enum quo_err
record_request(struct taking *t)
{
	const struct quo_receipt *r = &t->receipt;
	char expected[QUO_SPAN_TEXT], expires[QUO_UTC_TEXT];
	struct quo_entry e = common(t, NULL);
	uint64_t number = 0;
	enum quo_err err;

	quo_span_print(r->closed > r->opened ? r->closed - r->opened : 3600,
	    expected);
	quo_utc_print(r->opened + t->book.settings->deadline, expires);
	e.value[QUO_KEY_CARDS] = NULL;
	e.value[QUO_KEY_EXPECTED] = expected;
	e.value[QUO_KEY_EXPIRES] = expires;
	e.value[QUO_KEY_EMERGENCY] = t->emergency;
	err = quo_incident_declare(t->book.ledger, &e, &number);
	if (err == QUO_OK)
		snprintf(t->incident, sizeof t->incident, "INC-%llu",
		    (unsigned long long)number);
	return err;
}

/* Whose card it is, where the ledger knows that; NULL elsewhere. */
static const char *
find_holder(struct taking *t, unsigned serial, char person[256])
{
	struct quo_known_card card;

	*person = '\0';
	if (t->known.set == NULL || serial == 0 || quo_known_card(
	    t->book.ledger, t->set, serial, &card) != QUO_OK)
		return NULL;
	if (card.custodian != NULL)
		snprintf(person, 256, "%s", card.custodian);
	quo_known_card_clear(&card);
	return *person != '\0' ? person : NULL;
}

static enum quo_err
record_cards(struct taking *t)
{
	struct quo_entry e = common(t, "present");
	enum quo_err err = QUO_OK;
	char serial[8], person[256];

	e.value[QUO_KEY_CARDS] = NULL;
	e.value[QUO_KEY_DETAIL] = t->emergency;
	for (size_t i = 0; err == QUO_OK && i < t->receipt.card_count; i++) {
		const struct quo_receipt_card *card = &t->receipt.cards[i];
		bool own = memcmp(card->set, t->receipt.set.hash,
		    QUO_ID8_LEN) == 0;

		snprintf(serial, sizeof serial, "%u", card->serial);
		e.value[QUO_KEY_CARD] = card->serial > 0 ? serial : NULL;
		e.value[QUO_KEY_VERDICT] = quo_verdict_name(card->verdict);
		e.value[QUO_KEY_SET] = own ? t->set : NULL;
		e.value[QUO_KEY_CREDENTIAL] = own && t->known.set != NULL ?
		    t->known.credential : NULL;
		e.value[QUO_KEY_INVENTORY] = own ? t->inventory : NULL;
		e.value[QUO_KEY_GENERATION] = own ? t->generation : NULL;
		e.value[QUO_KEY_PERSON] = own ?
		    find_holder(t, card->serial, person) : NULL;
		err = record(t, &e);
	}
	return err;
}

static enum quo_err
record_opening(struct taking *t)
{
	const struct quo_receipt *r = &t->receipt;
	int64_t span = t->book.settings->deadline, now = quo_utc_now();
	char deadline[QUO_UTC_TEXT], seconds[24];
	struct quo_entry e = common(t, t->burns ? "open" : "open-retired");
	enum quo_err err;

	err = quo_ledger_deadline(t->book.ledger, t->known.credential, span,
	    &span);
	if (err != QUO_OK)
		return err;
	/* From a clock that was ahead: it puts nothing off. */
	quo_utc_print((r->opened < now ? r->opened : now) + span, deadline);
	snprintf(seconds, sizeof seconds, "%lld", (long long)(now >
	    r->opened ? now - r->opened : 0));
	e.value[QUO_KEY_DEADLINE] = t->burns ? deadline : NULL;
	e.value[QUO_KEY_EMERGENCY] = t->emergency;
	e.value[QUO_KEY_DETAIL] = t->detail;
	e.value[QUO_KEY_SECONDS] = seconds;
	err = record(t, &e);
	if (err == QUO_OK) {
		e.value[QUO_KEY_EVENT] = "opened";
		err = record(t, &e);
	}
	if (err == QUO_OK && r->closed >= r->opened) {
		snprintf(seconds, sizeof seconds, "%lld",
		    (long long)(r->closed - r->opened));
		e.value[QUO_KEY_EVENT] = "close";
		err = record(t, &e);
	}
	return err;
}

/* What happened without the ledger. */
static enum quo_err
record_told(struct taking *t)
{
	enum quo_err err = record_receipt(t);

	if (err == QUO_OK && t->known.set != NULL)
		err = record_request(t);
	if (err == QUO_OK)
		err = record_cards(t);
	return err == QUO_OK && t->known.set != NULL ? record_opening(t) :
	    err;
}

/* Dealt again without the ledger: whoever took it in says so by its id. */
static enum quo_err
record_reissue(struct taking *t)
{
	struct quo_entry e = common(t, "reissue");

	e.value[QUO_KEY_SET] = t->new_set;
	e.value[QUO_KEY_GENERATION] = t->new_generation;
	e.value[QUO_KEY_POLICY] = t->receipt.new_policy;
	e.value[QUO_KEY_CARDS] = t->new_cards;
	e.value[QUO_KEY_LOCKED] = t->receipt.new_locked ? "yes" : NULL;
	e.value[QUO_KEY_DETAIL] = t->emergency;
	return record(t, &e);
}

/* All of it, or nothing. */
static enum quo_err
record_all(struct taking *t)
{
	struct quo_ledger *ledger = t->book.ledger;
	enum quo_err err = quo_ledger_begin(ledger);

	if (err != QUO_OK)
		return err;
	if (!t->before)
		err = record_told(t);
	if (err == QUO_OK && t->anew)
		err = record_reissue(t);
	if (err == QUO_OK)
		return quo_ledger_commit(ledger);
	quo_ledger_rollback(ledger);
	return err;
}

static void
say_taken(const struct taking *t)
{
	if (t->anew)
		quo_say("generation %s of \"%s\" takes over, of the receipt "
		    "%s", t->new_generation, t->known.credential, t->id);
	if (t->before)
		return;
	quo_say("taken in: receipt %s", t->detail);
	if (t->receipt.new_generation != 0 && !t->anew)
		quo_say_hint("it tells of a new set, of generation %s: to take "
		    "that in as well, the same again with --set ID, as its "
		    "cards say", t->new_generation);
	if (t->burns)
		quo_say_warning("%s: \"%s\" is burned: rotate it now, then "
		    "have %s reviewed", t->incident, t->known.credential,
		    t->incident);
	else if (t->known.standing == QUO_SET_RETIRED)
		quo_say("%s: a retired set of \"%s\"", t->incident,
		    t->known.credential);
	else if (t->known.standing == QUO_SET_SUSPECT)
		quo_say_warning("its set claims to be one of \"%s\", which has "
		    "another id: tell the auditor", t->known.credential);
	else
		quo_say_warning("the ledger doesn't know its set: no "
		    "credential is burned by it");
}

static enum quo_exit
report(const struct taking *t)
{
	struct quo_json *json = quo_json_new();
	enum quo_err err;

	quo_json_text(json, "receipt", t->id);
	quo_json_text(json, "hash", t->hash);
	quo_json_text(json, "set", t->set);
	quo_json_text(json, "credential", t->known.set != NULL ?
	    t->known.credential : NULL);
	quo_json_text(json, "incident", *t->incident != '\0' ? t->incident :
	    NULL);
	err = quo_say_json(json);
	quo_json_free(json);
	return err == QUO_OK ? QUO_EXIT_DONE :
	    quo_say_failure(err, "%s", "JSON");
}

/* --set: that the receipt's new set is the one of the cards that are out. */
static enum quo_exit
pin(struct taking *t, const char *set)
{
	struct quo_policy *policy = NULL;
	struct quo_policy_error error;
	const size_t len = set != NULL ? strlen(set) : 0;

	quo_hex_print(t->receipt.new_set.hash, QUO_HASH_LEN, t->new_set);
	snprintf(t->new_generation, sizeof t->new_generation, "%lu",
	    (unsigned long)t->receipt.new_generation);
	if (set == NULL)
		return QUO_EXIT_DONE;
	if (len < QUO_HASH_LEN || strncasecmp(set, t->new_set, len) != 0 ||
	    t->receipt.new_generation == 0) {
		quo_say_error("--set %s: the receipt tells of no such new "
		    "set", set);
		return QUO_EXIT_NO;
	}
	if (t->receipt.new_policy == NULL || quo_policy_parse(
	    t->receipt.new_policy, &policy, &error) != QUO_OK) {
		quo_say_error("the receipt doesn't tell who holds its new "
		    "set");
		return QUO_EXIT_NO;
	}
	snprintf(t->new_cards, sizeof t->new_cards, "%u", policy->cards);
	quo_policy_free(policy);
	t->anew = true;
	return QUO_EXIT_DONE;
}

/* What the ledger knows of it by now. */
static enum quo_err
look_up(struct taking *t)
{
	enum quo_err err = find_hash(t);

	if (err == QUO_OK && t->anew)
		err = quo_ledger_has_receipt(t->book.ledger, t->hash,
		    &t->before);
	return err == QUO_OK ? find_set(t) : err;
}

enum quo_exit
quo_log_receipt(const struct quo_log_options *o)
{
	const char *path = quo_log_operand(o);
	struct taking t = { .known = { .standing = QUO_SET_UNKNOWN } };
	enum quo_exit end;
	enum quo_err err;

	if (path == NULL)
		return quo_say_misuse("log receipt: name its file, or -");
	end = load(path, &t.receipt);
	if (end != QUO_EXIT_DONE)
		return end;
	end = quo_book_open(&o->common, QUO_BOOK_WRITE, &t.book);
	if (end != QUO_EXIT_DONE)
		goto out;
	word(&t);
	end = pin(&t, o->set);
	if (end != QUO_EXIT_DONE)
		goto out;
	err = look_up(&t);
	if (err == QUO_OK && t.anew && !t.burns) {
		quo_say_error("the target doesn't have what this set holds: "
		    "its new cards take over from none");
		end = QUO_EXIT_NO;
		goto out;
	}
	if (err == QUO_OK)
		err = record_all(&t);
	end = err == QUO_OK ? QUO_EXIT_DONE : quo_book_say(&t.book, err);
	if (end == QUO_EXIT_DONE)
		say_taken(&t);
	if (end == QUO_EXIT_DONE && o->common.json)
		end = report(&t);
out:
	quo_known_set_clear(&t.known);
	quo_receipt_clear(&t.receipt);
	quo_book_close(&t.book);
	return end;
}
