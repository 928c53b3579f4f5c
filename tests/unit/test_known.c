/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/known.h"

#define INVENTORY "6f6e6520696e76656e746f7279206964"	/* as text below */
#define HASH "abababababababababababababababababababababababababababababababab"

static struct quo_ledger *ledger;
static char dir[sizeof PLACE];

static int
make_ledger(void **state)
{
	(void)state;
	ledger = place_make(dir, false);
	return 0;
}

static int
drop_ledger(void **state)
{
	(void)state;
	return place_drop(ledger, dir);
}

/* The id of the set that a digit stands for, and its hex. */
static struct quo_set_id
id_of(char digit, char hex[65])
{
	struct quo_set_id id;

	memset(hex, digit, 64);
	hex[64] = '\0';
	memset(id.hash, (digit - '0') * 17, sizeof id.hash);
	return id;
}

static void
record(const char *event, char set, const char *generation,
    const char *outcome)
{
	char hex[65];
	struct quo_entry e = { .value = {
		[QUO_KEY_EVENT] = event,
		[QUO_KEY_OUTCOME] = outcome,
		[QUO_KEY_CREDENTIAL] = "db-root",
		[QUO_KEY_INVENTORY] = INVENTORY,
		[QUO_KEY_GENERATION] = generation,
		[QUO_KEY_POLICY] = "2 of (ann, bob, cem)",
		[QUO_KEY_CARDS] = "3",
		[QUO_KEY_REASON] = "a test",
		[QUO_KEY_EMERGENCY] = strcmp(event, "open") == 0 ? "a test" :
		    NULL,
	} };

	id_of(set, hex);
	e.value[QUO_KEY_SET] = hex;
	if (quo_ledger_record(ledger, &e, NULL) != QUO_OK)
		fail_msg("%s: %s", event, quo_ledger_why(ledger));
}

static void
deal(const char *event, char set, const char *generation)
{
	record("deal-intent", set, generation, NULL);
	record(event, set, generation, NULL);
}

/* How a set stands that says it is of this inventory id and generation. */
static enum quo_standing
standing(char set, const char *inventory, uint32_t generation)
{
	struct quo_header header = { .generation = generation };
	struct quo_known_set known;
	struct quo_set_id id;
	enum quo_standing found;
	char hex[65];

	id = id_of(set, hex);
	memcpy(header.inventory, inventory, QUO_INVENTORY_LEN);
	assert_err(quo_known_set(ledger, &id, QUO_HASH_LEN, &header, &known),
	    QUO_OK);
	found = known.standing;
	if (found == QUO_SET_CURRENT || found == QUO_SET_RETIRED) {
		assert_string_equal(known.set, hex);
		assert_string_equal(known.credential, "db-root");
		assert_int_equal(known.generation, generation);
	} else {
		assert_null(known.set);
	}
	quo_known_set_clear(&known);
	return found;
}

#define OURS "one inventory id"
#define OTHER "an inventory id!"

static void
suspects_another_id_for_what_it_knows(void **state)
{
	(void)state;
	assert_int_equal(standing('1', OURS, 1), QUO_SET_UNKNOWN);
	deal("deal", '1', "1");
	assert_int_equal(standing('2', OURS, 1), QUO_SET_SUSPECT);
	assert_int_equal(standing('2', OURS, 2), QUO_SET_UNKNOWN);
	assert_int_equal(standing('2', OTHER, 1), QUO_SET_UNKNOWN);
	assert_int_equal(standing('1', OURS, 1), QUO_SET_CURRENT);
}

/* Cut short between dealing and its entry: those cards are no forgery. */
static void
suspects_no_dealing_whose_end_is_not_known(void **state)
{
	(void)state;
	deal("deal", '1', "1");
	deal("redeal", '2', "2");
	record("rotate-start", '2', "2", NULL);
	record("rotate-end", '2', "2", "kept");
	assert_int_equal(standing('3', OURS, 2), QUO_SET_SUSPECT);
	record("deal-intent", '3', "2", NULL);
	assert_int_equal(standing('3', OURS, 2), QUO_SET_UNKNOWN);
	assert_int_equal(standing('2', OURS, 2), QUO_SET_RETIRED);
	/* it went out, and is void */
	record("deal-failed", '3', "2", NULL);
	assert_int_equal(standing('3', OURS, 2), QUO_SET_RETIRED);
	assert_int_equal(standing('4', OURS, 2), QUO_SET_SUSPECT);
}

static void
knows_what_was_replaced(void **state)
{
	(void)state;
	deal("deal", '1', "1");
	deal("redeal", '2', "2");
	/* nobody knows yet which of them the target takes */
	assert_int_equal(standing('1', OURS, 1), QUO_SET_CURRENT);
	assert_int_equal(standing('2', OURS, 2), QUO_SET_CURRENT);
	record("rotate-start", '2', "2", NULL);
	record("rotate-end", '2', "2", "proven");
	assert_int_equal(standing('1', OURS, 1), QUO_SET_RETIRED);
	assert_int_equal(standing('2', OURS, 2), QUO_SET_CURRENT);
	record("retire", '2', "2", NULL);
	assert_int_equal(standing('2', OURS, 2), QUO_SET_RETIRED);
}

static bool
is_live(char set)
{
	struct quo_known_set known;
	struct quo_set_id id;
	char hex[65];
	bool live;

	id = id_of(set, hex);
	assert_err(quo_known_set(ledger, &id, QUO_HASH_LEN, NULL, &known),
	    QUO_OK);
	live = known.live;
	quo_known_set_clear(&known);
	return live;
}

/* A reissue retires cards, not what they open. */
static void
knows_what_opens_the_target_still(void **state)
{
	(void)state;
	deal("deal", '1', "1");
	record("open", '1', "1", NULL);
	deal("reissue", '2', "2");
	assert_int_equal(standing('1', OURS, 1), QUO_SET_RETIRED);
	assert_int_equal(standing('2', OURS, 2), QUO_SET_CURRENT);
	assert_true(is_live('1'));
	assert_false(is_live('2'));
	deal("redeal", '3', "3");
	record("rotate-start", '3', "3", NULL);
	assert_true(is_live('1'));
	record("rotate-end", '3', "3", "proven");
	assert_false(is_live('1'));
	assert_false(is_live('2'));
	assert_int_equal(standing('2', OURS, 2), QUO_SET_RETIRED);
}

/* From typed words there are 8 bytes, and no header. */
static void
knows_a_set_by_eight_bytes(void **state)
{
	struct quo_known_set known;
	struct quo_set_id id;
	char hex[65];

	(void)state;
	deal("deal", '1', "1");
	id = id_of('1', hex);
	memset(id.hash + 8, 0, 24);
	assert_err(quo_known_set(ledger, &id, QUO_ID8_LEN, NULL, &known),
	    QUO_OK);
	assert_int_equal(known.standing, QUO_SET_CURRENT);
	assert_string_equal(known.set, hex);
	quo_known_set_clear(&known);
	/* all of an id is more than its beginning */
	assert_err(quo_known_set(ledger, &id, QUO_HASH_LEN, NULL, &known),
	    QUO_OK);
	assert_int_equal(known.standing, QUO_SET_UNKNOWN);
	id.hash[7] ^= 1;
	assert_err(quo_known_set(ledger, &id, QUO_ID8_LEN, NULL, &known),
	    QUO_OK);
	assert_int_equal(known.standing, QUO_SET_UNKNOWN);
	id = id_of('9', hex);
	assert_err(quo_known_set(ledger, &id, QUO_ID8_LEN, NULL, &known),
	    QUO_OK);
	assert_int_equal(known.standing, QUO_SET_UNKNOWN);
	quo_known_set_clear(&known);
}

static void
knows_whose_a_card_is(void **state)
{
	struct quo_entry e = { .value = {
		[QUO_KEY_EVENT] = "acknowledge",
		[QUO_KEY_CREDENTIAL] = "db-root",
		[QUO_KEY_CARD] = "2", [QUO_KEY_HASH] = HASH,
		[QUO_KEY_LOCATION] = "the safe", [QUO_KEY_BAG] = "B7",
	} };
	struct quo_known_card card;
	char hex[65];

	(void)state;
	deal("deal", '1', "1");
	id_of('1', hex);
	e.value[QUO_KEY_SET] = hex;
	assert_err(quo_known_card(ledger, hex, 4, &card), QUO_ENOENT);
	assert_err(quo_known_card(ledger, HASH, 1, &card), QUO_ENOENT);
	assert_err(quo_known_card(ledger, hex, 2, &card), QUO_OK);
	assert_string_equal(card.custodian, "bob");
	assert_null(card.location);
	assert_null(card.acknowledged);
	quo_known_card_clear(&card);
	assert_err(quo_ledger_record(ledger, &e, NULL), QUO_OK);
	assert_err(quo_known_card(ledger, hex, 2, &card), QUO_OK);
	assert_string_equal(card.location, "the safe");
	assert_string_equal(card.bag, "B7");
	assert_non_null(card.acknowledged);
	assert_non_null(card.dealt);
	assert_int_equal(card.drill_every, 0);
	assert_null(card.drilled);
	assert_null(card.lost);
	quo_known_card_clear(&card);
}

#define WITH_LEDGER(test) \
	cmocka_unit_test_setup_teardown(test, make_ledger, drop_ledger)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_LEDGER(suspects_another_id_for_what_it_knows),
		WITH_LEDGER(suspects_no_dealing_whose_end_is_not_known),
		WITH_LEDGER(knows_what_was_replaced),
		WITH_LEDGER(knows_what_opens_the_target_still),
		WITH_LEDGER(knows_a_set_by_eight_bytes),
		WITH_LEDGER(knows_whose_a_card_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
