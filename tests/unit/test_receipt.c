/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypt.h"
#include "ledger/receipt.h"

/* One in which every field stands. */
static struct quo_receipt *
full(void)
{
	static struct quo_receipt r;

	r = (struct quo_receipt){
		.id = "sixteen bytes...", .opened = 1795230600,
		.closed = 1795234200, .host = "db1", .version = "0.1",
		.actor = "uid 0", .name = "root@db1", .generation = 3,
		.inventory = "an inventory id.", .checkpoint = { .size = 7 },
		.cards = {
			{ 1, QUO_CARD_GENUINE, "eight b." },
			{ 3, QUO_CARD_WHOLE, "eight b." },
			{ 0, QUO_CARD_DAMAGED, { 0 } },
			{ 2, QUO_CARD_DUPLICATE, "another." },
		},
		.card_count = 4, .left_out = 2,
		.reason = "single sign-on is down \xe2\x80\x94 no vault",
		.ticket = "none", .requester = "the one on call",
		.exposure = "show", .why = QUO_EBUSY,
		.new_generation = 4, .new_policy = "2 of (cfo, \"a b\")",
		.new_locked = true,
		.undelivered = { "syslog: nobody listens", "hook:mail" },
		.undelivered_count = 2,
	};
	memset(r.set.hash, 0xAB, QUO_HASH_LEN);
	memset(r.checkpoint.root, 0xCD, QUO_HASH_LEN);
	memset(r.new_set.hash, 0xEF, QUO_HASH_LEN);
	r.quorum.has[1] = r.quorum.has[3] = true;
	return &r;
}

/* Only what a receipt can't do without. */
static struct quo_receipt *
least(void)
{
	static struct quo_receipt r;

	r = (struct quo_receipt){
		.opened = 1795230600, .host = "h", .version = "v",
		.generation = 1, .exposure = "exec",
	};
	r.quorum.has[255] = true;
	return &r;
}

static char *
print(const struct quo_receipt *receipt, size_t *len)
{
	char *text = NULL;

	assert_err(quo_receipt_print(receipt, &text, len), QUO_OK);
	assert_int_equal(strlen(text), *len);
	return text;
}

/* A text with the check that it should have: the caller frees it. */
static char *
vouch(const char *body, size_t len, size_t *all)
{
	const struct quo_span span = { body, len };
	uint8_t hash[QUO_HASH_LEN];
	char *text = malloc(len + 32);

	assert_non_null(text);
	memcpy(text, body, len);
	quo_sha256(&span, 1, hash);
	*all = len + (size_t)sprintf(text + len,
	    "check: %02x%02x%02x%02x%02x%02x%02x%02x\n", hash[0], hash[1],
	    hash[2], hash[3], hash[4], hash[5], hash[6], hash[7]);
	return text;
}

static void
refuses_any_bit_changed(void **state)
{
	struct quo_receipt again;
	size_t len;
	char *text = print(full(), &len);

	(void)state;
	for (size_t bit = 0; bit < 8 * len; bit++) {
		text[bit / 8] ^= (char)(1 << bit % 8);
		if (quo_receipt_parse(text, len, &again) == QUO_OK)
			fail_msg("bit %zu may be anything", bit);
		text[bit / 8] ^= (char)(1 << bit % 8);
	}
	free(text);
}

/* Somebody alters it, and mends the check: then a field is another one. */
static void
shows_any_bit_that_is_vouched_for(void **state)
{
	struct quo_receipt again;
	size_t len, all;
	char *text = print(full(), &len), *forged, *printed;

	(void)state;
	len -= 24;
	for (size_t bit = 0; bit < 8 * len; bit++) {
		text[bit / 8] ^= (char)(1 << bit % 8);
		forged = vouch(text, len, &all);
		if (quo_receipt_parse(forged, all, &again) == QUO_OK) {
			printed = print(&again, &all);
			assert_memory_equal(printed, forged, all);
			free(printed);
			quo_receipt_clear(&again);
		}
		free(forged);
		text[bit / 8] ^= (char)(1 << bit % 8);
	}
	free(text);
}

static void
refuses_any_line_dropped_doubled_or_moved(void **state)
{
	struct quo_receipt again;
	size_t len, all, lines = 0;
	char *text = print(full(), &len), *at = text, *next, *forged;
	char body[QUO_RECEIPT_MAX];

	(void)state;
	len -= 24;
	for (; at < text + len; at = next) {
		size_t head = (size_t)(at - text), own, tail;

		next = strchr(at, '\n') + 1;
		own = (size_t)(next - at);
		tail = len - head - own;
		lines++;
		/* twice */
		memcpy(body, text, head + own);
		memcpy(body + head + own, at, len - head);
		forged = vouch(body, len + own, &all);
		if (strncmp(at, "card: ", 6) != 0 &&
		    strncmp(at, "undelivered: ", 13) != 0)
			assert_err(quo_receipt_parse(forged, all, &again),
			    QUO_ESYNTAX);
		free(forged);
		/* behind the next one */
		if (tail == 0 || strncmp(at, next, 6) == 0)
			continue;
		memcpy(body, text, head);
		tail = (size_t)(strchr(next, '\n') + 1 - next);
		memcpy(body + head, next, tail);
		memcpy(body + head + tail, at, own);
		memcpy(body + head + tail + own, next + tail,
		    len - head - own - tail);
		forged = vouch(body, len, &all);
		assert_int_not_equal(quo_receipt_parse(forged, all, &again),
		    QUO_OK);
		free(forged);
	}
	assert_int_equal(lines, 29);
	free(text);
}

static void
refuses_one_without_what_it_needs(void **state)
{
	struct quo_receipt again;
	size_t len, all;
	char *text = print(least(), &len), *at = text, *next, *forged;
	char body[QUO_RECEIPT_MAX];

	(void)state;
	len -= 24;
	for (; at < text + len; at = next) {
		size_t head = (size_t)(at - text);

		next = strchr(at, '\n') + 1;
		memcpy(body, text, head);
		memcpy(body + head, next, (size_t)(text + len - next));
		forged = vouch(body, len - (size_t)(next - at), &all);
		assert_err(quo_receipt_parse(forged, all, &again),
		    head == 0 ? QUO_EFORMAT : QUO_ESYNTAX);
		free(forged);
	}
	free(text);
}

static void
refuses_what_is_no_receipt(void **state)
{
	static const struct {
		const char *text;
		enum quo_err err;
	} wrong[] = {
		{ "", QUO_EFORMAT },
		{ "quorate receip", QUO_EFORMAT },
		{ "QUO1S:AAAA", QUO_EFORMAT },
		{ "quorate receipt 2\n", QUO_EVERSION },
		{ "quorate receipt 11", QUO_EVERSION },
		{ "quorate receipt 1", QUO_EVERSION },
		{ "quorate receipt 1\n", QUO_ECHECK },
	};
	struct quo_receipt again;
	size_t len;
	char *text = print(full(), &len), *big = calloc(1, QUO_RECEIPT_MAX);

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_err(quo_receipt_parse(wrong[i].text,
		    strlen(wrong[i].text), &again), wrong[i].err);
	for (size_t i = 0; i < len; i++)
		assert_int_not_equal(quo_receipt_parse(text, i, &again),
		    QUO_OK);
	assert_err(quo_receipt_parse(big, QUO_RECEIPT_MAX, &again),
	    QUO_ETOOBIG);
	free(big);
	free(text);
}

/* Values that have another form of the same, or are out of range. */
static void
refuses_what_is_not_in_its_one_form(void **state)
{
	static const char *const wrong[][2] = {
		{ "opened: 2026", "opened: 20x6" },
		{ "03:10:00Z", "03:10:60Z" },
		{ "opened: 2026-11-21T", "opened: 2026-02-30T" },
		{ "generation: 3", "generation: 03" },
		{ "generation: 3", "generation: +3" },
		{ "generation: 3", "generation: 4294967296" },
		{ "left-out: 2", "left-out: 0" },
		{ "set: abab", "set: ABab" },
		{ "set: abab", "set: 0xab" },
		{ "quorum: 1 3", "quorum: 3 1" },
		{ "quorum: 1 3", "quorum: 1 1" },
		{ "quorum: 1 3", "quorum: 1  3" },
		{ "quorum: 1 3", "quorum: 0 3" },
		{ "quorum: 1 3", "quorum: 1 256" },
		{ "quorum: 1 3", "quorum: " },
		{ "card: 2 dup", "card: 02 dup" },
		{ "card: - dam", "card: 0 dam" },
		{ "card: - dam", "card: 256 dam" },
		{ "damaged -", "damaged 0000000000000000" },
		{ "damaged -", "fine -" },
		{ "ledger: busy", "ledger: away" },
		{ "host: db1", "host: " },
		{ "host: db1", "host: d\tb" },
		{ "host: db1", "host:db1" },
		{ "host: db1", "host: db1\r" },
		{ "host: db1", "Host: db1" },
		{ "checkpoint: 7", "checkpoint: 0" },
		{ "new-locked: yes", "new-locked: no" },
	};
	struct quo_receipt again;
	size_t len, all;
	char *text = print(full(), &len), body[QUO_RECEIPT_MAX];
	char *at, *forged;

	(void)state;
	text[len - 24] = '\0';
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		at = strstr(text, wrong[i][0]);
		if (at == NULL)
			fail_msg("no \"%s\" in it", wrong[i][0]);
		len = (size_t)sprintf(body, "%.*s%s%s", (int)(at - text),
		    text, wrong[i][1], at + strlen(wrong[i][0]));
		forged = vouch(body, len, &all);
		if (quo_receipt_parse(forged, all, &again) != QUO_ESYNTAX)
			fail_msg("takes \"%s\"", wrong[i][1]);
		free(forged);
	}
	free(text);
}

static void
prints_nothing_that_it_could_not_read(void **state)
{
	static const char *const wrong[] = { "", "a\nb", "\x1b[2J", "\xff",
	    "\x7f", "\xc2\x85" };
	char *text = NULL, longest[QUO_RECEIPT_VALUE_MAX + 2];
	struct quo_receipt *r;
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		r = full();
		r->reason = wrong[i];
		assert_err(quo_receipt_print(r, &text, &len), QUO_EINVAL);
	}
	r = full();
	memset(longest, 'x', sizeof longest);
	longest[sizeof longest - 1] = '\0';
	r->reason = longest;
	assert_err(quo_receipt_print(r, &text, &len), QUO_EINVAL);
	r = least();
	r->host = NULL;
	assert_err(quo_receipt_print(r, &text, &len), QUO_EINVAL);
	r = least();
	r->quorum.has[255] = false;
	assert_err(quo_receipt_print(r, &text, &len), QUO_EINVAL);
	r = least();
	r->card_count = QUO_RECEIPT_CARDS + 1;
	assert_err(quo_receipt_print(r, &text, &len), QUO_EINVAL);
	assert_null(text);
}

static void
reads_what_it_printed(void **state)
{
	struct quo_receipt *given[] = { full(), least() }, again;
	size_t len, again_len;
	char *text, *same;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		text = print(given[i], &len);
		assert_err(quo_receipt_parse(text, len, &again), QUO_OK);
		same = print(&again, &again_len);
		assert_string_equal(same, text);
		assert_memory_equal(again.id, given[i]->id, sizeof again.id);
		assert_true(again.opened == given[i]->opened);
		assert_true(again.closed == given[i]->closed);
		assert_int_equal(again.card_count, given[i]->card_count);
		assert_int_equal(again.why, given[i]->why);
		assert_string_equal(again.exposure, given[i]->exposure);
		quo_receipt_clear(&again);
		free(same);
		free(text);
	}
}

/* As large as can be, it still fits. */
static void
holds_all_it_promises(void **state)
{
	struct quo_receipt *r = full(), again;
	char longest[QUO_RECEIPT_VALUE_MAX + 1], *text;
	size_t len;

	(void)state;
	memset(longest, 'x', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	r->host = r->version = r->actor = r->name = r->reason = longest;
	r->ticket = r->requester = r->exposure = longest;
	r->undelivered_count = QUO_RECEIPT_SINKS;
	for (size_t i = 0; i < QUO_RECEIPT_SINKS; i++)
		r->undelivered[i] = longest;
	r->card_count = QUO_RECEIPT_CARDS;
	for (size_t i = 0; i < QUO_RECEIPT_CARDS; i++)
		r->cards[i] = (struct quo_receipt_card){ 255,
		    QUO_CARD_DUPLICATE, "eight b." };
	for (unsigned s = 1; s <= QUO_CARDS_MAX; s++)
		r->quorum.has[s] = true;
	text = print(r, &len);
	assert_err(quo_receipt_parse(text, len, &again), QUO_OK);
	quo_receipt_clear(&again);
	free(text);
}

static void
knows_why_there_is_no_ledger(void **state)
{
	static const enum quo_err with_words[] = { QUO_OK, QUO_ENOENT,
	    QUO_EBUSY, QUO_EREADONLY, QUO_EFULL, QUO_ECORRUPT, QUO_ENEWER,
	    QUO_EIO };
	struct quo_receipt *r = least(), again;
	size_t len;
	char *text;

	(void)state;
	for (unsigned i = 0; i < sizeof with_words / sizeof *with_words; i++) {
		r->why = with_words[i];
		text = print(r, &len);
		assert_err(quo_receipt_parse(text, len, &again), QUO_OK);
		assert_int_equal(again.why, with_words[i]);
		quo_receipt_clear(&again);
		free(text);
	}
	assert_string_equal(quo_receipt_why(QUO_ENOMEM), "failed");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_any_bit_changed),
		cmocka_unit_test(shows_any_bit_that_is_vouched_for),
		cmocka_unit_test(refuses_any_line_dropped_doubled_or_moved),
		cmocka_unit_test(refuses_one_without_what_it_needs),
		cmocka_unit_test(refuses_what_is_no_receipt),
		cmocka_unit_test(refuses_what_is_not_in_its_one_form),
		cmocka_unit_test(prints_nothing_that_it_could_not_read),
		cmocka_unit_test(reads_what_it_printed),
		cmocka_unit_test(holds_all_it_promises),
		cmocka_unit_test(knows_why_there_is_no_ledger),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
