/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "ledger/sets.h"

#define INVENTORY "00112233445566778899aabbccddeeff"

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

/* An event about the set of a generation: its id is that digit, 64 times. */
static void
say(const char *event, char generation, const char *outcome)
{
	char hex[65] = "", number[2] = { generation, '\0' };
	struct quo_entry e = { .value = {
		[QUO_KEY_EVENT] = event,
		[QUO_KEY_OUTCOME] = outcome,
		[QUO_KEY_CREDENTIAL] = "db",
		[QUO_KEY_INVENTORY] = INVENTORY,
		[QUO_KEY_SET] = hex,
		[QUO_KEY_GENERATION] = number,
		[QUO_KEY_POLICY] = "2 of (a, b, c)",
		[QUO_KEY_CARDS] = "3",
		[QUO_KEY_EMERGENCY] = "a test",
	} };

	memset(hex, generation, 64);
	if (quo_ledger_record(ledger, &e, NULL) != QUO_OK)
		fail_msg("%s: %s", event, quo_ledger_why(ledger));
}

/* The sets in their order: generation and place, as in "2p 1c 3w". */
static void
expect(const char *want, bool unproven)
{
	static const char places[] = "pcw";
	char text[64] = "";
	struct quo_sets sets;

	assert_err(quo_sets_load(ledger, "db", &sets), QUO_OK);
	for (size_t i = 0; i < sets.count; i++)
		snprintf(text + strlen(text), sizeof text - strlen(text),
		    "%s%u%c", i > 0 ? " " : "", sets.row[i].generation,
		    places[sets.row[i].place]);
	assert_string_equal(text, want);
	assert_int_equal(sets.unproven, unproven);
	quo_sets_clear(&sets);
}

/* Of the new set and the one before it, the generations; 0: there is none. */
static void
expect_pair(unsigned new, unsigned before)
{
	const struct quo_set_row *row;
	struct quo_sets sets;

	assert_err(quo_sets_load(ledger, "db", &sets), QUO_OK);
	row = quo_sets_new(&sets);
	assert_int_equal(row != NULL ? row->generation : 0, new);
	row = quo_sets_before(&sets, row);
	assert_int_equal(row != NULL ? row->generation : 0, before);
	quo_sets_clear(&sets);
}

/* Three generations, in the order to try them at the target. */
static void
expect_tries(unsigned first, unsigned second, unsigned third)
{
	const unsigned want[] = { first, second, third };
	struct quo_sets sets;

	assert_err(quo_sets_load(ledger, "db", &sets), QUO_OK);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(quo_sets_nth(&sets, i)->generation, want[i]);
	assert_null(quo_sets_nth(&sets, 3));
	quo_sets_clear(&sets);
}

static void
knows_nothing_of_what_is_not_there(void **state)
{
	(void)state;
	expect("", false);
	expect_pair(0, 0);
	say("deal-intent", '1', NULL);
	expect("", false);
	say("deal", '1', NULL);
	expect("1c", false);
	expect_pair(0, 0);
}

static void
orders_what_the_target_may_have(void **state)
{
	(void)state;
	say("deal-intent", '1', NULL);
	say("deal", '1', NULL);
	say("redeal", '2', NULL);
	expect("1c 2w", false);
	expect_pair(2, 1);
	say("rotate-start", '2', NULL);
	expect("2p 1c", false);
	say("rotate-end", '2', "unknown");
	say("redeal", '3', NULL);
	/* what waits is the new one, and no use at the target */
	expect("2p 1c 3w", false);
	expect_pair(3, 2);
	say("rotate-start", '3', NULL);
	expect("3p 2p 1c", false);
	expect_pair(3, 2);
	say("rotate-end", '3', "refused");
	expect_tries(2, 1, 3);
	say("rotate-start", '3', NULL);
	expect_tries(3, 2, 1);
	say("rotate-end", '3', "unproven");
	expect("3p 2p 1c", true);
	say("rotate-end", '3', "proven");
	expect("3c", false);
	expect_pair(0, 0);
}

static void
knows_what_somebody_opened(void **state)
{
	struct quo_sets sets;

	(void)state;
	say("deal-intent", '1', NULL);
	say("deal", '1', NULL);
	say("redeal", '2', NULL);
	say("rotate-start", '2', NULL);
	say("rotate-end", '2', "unproven");
	say("open", '2', NULL);
	/* it was burned since, and is unproven still */
	expect("2p 1c", true);
	assert_err(quo_sets_load(ledger, "db", &sets), QUO_OK);
	assert_true(sets.row[0].opened);
	assert_false(sets.row[1].opened);
	quo_sets_clear(&sets);
}

/* One that changed nothing leaves what was unproven before so. */
static void
knows_what_was_unproven_before(void **state)
{
	(void)state;
	say("deal-intent", '1', NULL);
	say("deal", '1', NULL);
	say("redeal", '2', NULL);
	say("rotate-start", '2', NULL);
	say("rotate-end", '2', "unproven");
	say("redeal", '3', NULL);
	say("rotate-start", '3', NULL);
	expect("3p 2p 1c", false);
	say("rotate-end", '3', "kept");
	expect("2p 1c", true);
	expect_pair(2, 1);
}

static void
counts_tries_since_a_moment(void **state)
{
	int64_t count = 7, now = quo_utc_now();

	(void)state;
	say("deal-intent", '1', NULL);
	say("deal", '1', NULL);
	assert_err(quo_sets_probes(ledger, "db", now - 60, &count), QUO_OK);
	assert_int_equal(count, 0);
	say("probe", '1', NULL);
	say("probe", '1', NULL);
	assert_err(quo_sets_probes(ledger, "db", now - 60, &count), QUO_OK);
	assert_int_equal(count, 2);
	assert_err(quo_sets_probes(ledger, "db", now + 60, &count), QUO_OK);
	assert_int_equal(count, 0);
	assert_err(quo_sets_probes(ledger, "web", now - 60, &count), QUO_OK);
	assert_int_equal(count, 0);
}

#define IN_PLACE(test) \
	cmocka_unit_test_setup_teardown(test, make_ledger, drop_ledger)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(knows_nothing_of_what_is_not_there),
		IN_PLACE(orders_what_the_target_may_have),
		IN_PLACE(knows_what_somebody_opened),
		IN_PLACE(knows_what_was_unproven_before),
		IN_PLACE(counts_tries_since_a_moment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
