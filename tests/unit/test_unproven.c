/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "ledger/frontier.h"
#include "ledger/ledger_internal.h"
#include "ledger/unproven.h"

#define ONES "11111111111111111111111111111111"
#define SET1 ONES ONES
#define SET2 "22222222222222222222222222222222" ONES
#define SET3 "33333333333333333333333333333333" ONES
#define SET4 "44444444444444444444444444444444" ONES
#define HASH "abababababababababababababababababababababababababababababababab"
#define LATER "2999-01-01T00:00:00Z"
#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

static char dir[sizeof PLACE];
static struct quo_ledger *ledger;

/* With all that any of these events wants. */
static struct quo_entry
entry_of(const char *event, const char *generation, const char *set)
{
	return (struct quo_entry){ .value = {
		[QUO_KEY_EVENT] = event, [QUO_KEY_CREDENTIAL] = "db",
		[QUO_KEY_INVENTORY] = ONES, [QUO_KEY_GENERATION] = generation,
		[QUO_KEY_SET] = set, [QUO_KEY_CARDS] = "3",
		[QUO_KEY_POLICY] = "2 of (cfo, ciso, cto)",
		[QUO_KEY_REQUESTER] = "ana", [QUO_KEY_REASON] = "no login",
		[QUO_KEY_TICKET] = "none", [QUO_KEY_EXPECTED] = "2h",
		[QUO_KEY_EXPIRES] = LATER, [QUO_KEY_DEADLINE] = LATER,
		[QUO_KEY_INCIDENT] = "INC-3", [QUO_KEY_ACTOR] = "ops",
	} };
}

static enum quo_err
record(struct quo_entry e)
{
	return quo_ledger_record(ledger, &e, NULL);
}

static void
say(const char *event, const char *generation, const char *set)
{
	assert_err(record(entry_of(event, generation, set)), QUO_OK);
}

static void
ends(const char *generation, const char *set, const char *outcome)
{
	struct quo_entry e = entry_of("rotate-end", generation, set);

	e.value[QUO_KEY_OUTCOME] = outcome;
	e.value[QUO_KEY_DETAIL] = "no login could try it";
	e.value[QUO_KEY_ACTOR] = "root, sudo by eve";
	assert_err(record(e), QUO_OK);
}

static void
rotate(const char *generation, const char *set, const char *outcome)
{
	say("redeal", generation, set);
	say("rotate-start", generation, set);
	ends(generation, set, outcome);
}

/* Entries 0 to 4: dealt, requested, opened. */
static int
setup(void **state)
{
	(void)state;
	ledger = place_make(dir, false);
	say("deal-intent", "1", NULL);
	say("deal", "1", SET1);
	say("request", NULL, NULL);
	say("open", NULL, SET1);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	return place_drop(ledger, dir);
}

static struct quo_entry
word_of(const char *person)
{
	struct quo_entry e = entry_of("rotate-end", "2", SET2);

	e.value[QUO_KEY_OUTCOME] = "proven";
	e.value[QUO_KEY_PERSON] = person;
	e.value[QUO_KEY_HASH] = HASH;
	e.value[QUO_KEY_DETAIL] = QUO_WORD_DETAIL "tried both";
	e.value[QUO_KEY_ACTOR] = "root";
	return e;
}

static void
assert_refused(struct quo_entry e, const char *why)
{
	assert_err(record(e), QUO_EREFUSED);
	if (strstr(quo_ledger_why(ledger), why) == NULL)
		fail_msg("\"%s\" doesn't say \"%s\"", quo_ledger_why(ledger),
		    why);
}

static void
assert_no_word(void)
{
	struct quo_line *line = NULL;

	assert_err(quo_ledger_word(ledger, "db", &line), QUO_OK);
	assert_null(line);
}

static void
person(const char *handle, unsigned roles, const char *retired)
{
	assert_err(quo_db_run(ledger->db, "INSERT OR REPLACE INTO person "
	    "(handle, roles, retired) VALUES (?, ?, ?)", "tit", handle,
	    (int64_t)roles, retired), QUO_OK);
}

static void
what_is_not_unproven_takes_no_word(void **state)
{
	struct quo_unproven *u = NULL;

	(void)state;
	assert_err(quo_unproven_load(ledger, "none", &u), QUO_ENOENT);
	assert_err(quo_unproven_load(ledger, "db", &u), QUO_ENOENT);
	assert_refused(word_of("ina"), "was never dealt");
	say("redeal", "2", SET2);
	assert_refused(word_of("ina"), "no rotation to this set");
	say("rotate-start", "2", SET2);
	assert_err(quo_unproven_load(ledger, "db", &u), QUO_ENOENT);
	assert_refused(word_of("ina"), "nothing of \"db\" is unproven");
	ends("2", SET2, "unknown");
	assert_err(quo_unproven_load(ledger, "db", &u), QUO_ENOENT);
	assert_refused(word_of("ina"), "nothing of \"db\" is unproven");
	ends("2", SET2, "proven");
	assert_err(quo_unproven_load(ledger, "db", &u), QUO_ENOENT);
	assert_refused(word_of("ina"), "rotate-end");
	assert_null(u);
	assert_no_word();
}

static void
nobody_is_the_only_witness_of_their_act(void **state)
{
	(void)state;
	rotate("2", SET2, "unproven");
	assert_refused(word_of("ana"), "requested what was opened");
	assert_refused(word_of(" Ana "), "requested what was opened");
	assert_refused(word_of("ops"), "\"ops\" ran this rotation");
	assert_refused(word_of("Eve"), "\"Eve\" ran this rotation");
	assert_err(record(word_of("anabel")), QUO_OK);
}

static void
a_word_has_its_text_and_an_outcome(void **state)
{
	struct quo_entry e = word_of("ina");

	(void)state;
	rotate("2", SET2, "unproven");
	e.value[QUO_KEY_OUTCOME] = "unproven";
	assert_refused(e, "not for unproven");
	e.value[QUO_KEY_OUTCOME] = "kept";
	assert_refused(e, "not for kept");
	e = word_of("ina");
	e.value[QUO_KEY_HASH] = NULL;
	assert_refused(e, "the hash of its text");
	e = word_of("ina");
	e.value[QUO_KEY_DETAIL] = NULL;
	assert_refused(e, "what was seen");
	e = word_of("ina");
	e.value[QUO_KEY_SET] = SET1;
	assert_refused(e, "no rotation to this set");
}

static void
only_approvers_and_auditors_are_heard(void **state)
{
	(void)state;
	rotate("2", SET2, "unproven");
	person("ina", QUO_ROLE_CUSTODIAN | QUO_ROLE_REQUESTER, NULL);
	assert_refused(word_of("ina"), "\"ina\" is no approver");
	assert_refused(word_of("bob"), "no role on the roster");
	person("ina", QUO_ROLE_AUDITOR, "2026-01-01T00:00:00Z");
	assert_refused(word_of("ina"), "no role on the roster");
	/* what a hook saw is nobody's word */
	ends("2", SET2, "unproven");
	person("ina", QUO_ROLE_AUDITOR, NULL);
	assert_err(record(word_of("ina")), QUO_OK);
}

static void
the_text_names_all_sets_and_the_entry(void **state)
{
	struct quo_unproven *u = NULL;
	struct quo_word word;
	struct quo_rows *rows = NULL;
	uint8_t leaf[QUO_HASH_LEN];
	char hex[QUO_HEX_TEXT], *text = NULL, why[QUO_REASON_MAX];

	(void)state;
	rotate("2", SET2, "unknown");
	rotate("3", SET3, "unproven");
	say("redeal", "4", SET4);	/* it waits: the target can't have it */
	assert_err(quo_unproven_load(ledger, "db", &u), QUO_OK);
	quo_unproven_word(ledger, u, &word);
	assert_string_equal(word.accepted, "3 " SET3);
	assert_string_equal(word.refused, "2 " SET2 ", 1 " SET1);
	assert_string_equal(word.reason, "no login could try it");
	assert_string_equal(word.ledger, quo_ledger_id(ledger));
	assert_err(quo_db_ask(ledger->db, &rows, "SELECT line FROM entry "
	    "WHERE number = (SELECT max(number) - 1 FROM entry)", ""),
	    QUO_OK);
	assert_true(quo_rows_next(rows));
	quo_frontier_leaf(quo_rows_text(rows, 0), quo_rows_len(rows, 0),
	    leaf);
	assert_err(quo_rows_end(rows), QUO_OK);
	quo_hex_print(leaf, QUO_HASH_LEN, hex);
	assert_string_equal(word.rotation, hex);
	word.person = "ina";
	word.seen = "tried all three";
	assert_err(quo_word_print(&word, &text, why), QUO_OK);
	free(text);
	quo_unproven_free(u);
	quo_unproven_free(NULL);
}

/* Where no set before it is known. */
static void
a_first_rotation_can_be_unproven(void **state)
{
	struct quo_entry e = entry_of("deal-intent", "1", NULL);
	struct quo_unproven *u = NULL;
	struct quo_word word;

	(void)state;
	e.value[QUO_KEY_CREDENTIAL] = "web";
	e.value[QUO_KEY_INVENTORY] = "aabb0000000000000000000000000000";
	assert_err(record(e), QUO_OK);
	e.value[QUO_KEY_EVENT] = "redeal";
	e.value[QUO_KEY_SET] = SET4;
	assert_err(record(e), QUO_OK);
	e.value[QUO_KEY_EVENT] = "rotate-start";
	assert_err(record(e), QUO_OK);
	e.value[QUO_KEY_EVENT] = "rotate-end";
	e.value[QUO_KEY_OUTCOME] = "unproven";
	assert_err(record(e), QUO_OK);
	assert_err(quo_unproven_load(ledger, "web", &u), QUO_OK);
	quo_unproven_word(ledger, u, &word);
	assert_string_equal(word.refused, "none");
	assert_null(word.reason);
	quo_unproven_free(u);
}

static void
a_word_ends_it_and_is_told(void **state)
{
	enum quo_state now;
	struct quo_line *line = NULL;

	(void)state;
	rotate("2", SET2, "unproven");
	assert_no_word();
	assert_err(record(word_of("ina")), QUO_OK);
	assert_err(quo_ledger_state(ledger, "db", &now), QUO_OK);
	assert_int_equal(now, QUO_STATE_ROTATED);
	assert_err(quo_ledger_word(ledger, "db", &line), QUO_OK);
	assert_non_null(line);
	assert_string_equal(line->entry.value[QUO_KEY_PERSON], "ina");
	assert_string_equal(line->entry.value[QUO_KEY_AUTH], "claimed");
	assert_string_equal(quo_word_seen(&line->entry), "tried both");
	free(line);
	/* once is enough */
	assert_refused(word_of("bob"), "rotate-end");
	/* a later one that a login showed takes its place */
	rotate("3", SET3, "unproven");
	assert_err(quo_ledger_word(ledger, "db", &line), QUO_OK);
	assert_non_null(line);
	free(line);
	ends("3", SET3, "proven");
	assert_no_word();
	assert_err(quo_ledger_agrees(ledger), QUO_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(what_is_not_unproven_takes_no_word),
		T(nobody_is_the_only_witness_of_their_act),
		T(a_word_has_its_text_and_an_outcome),
		T(only_approvers_and_auditors_are_heard),
		T(the_text_names_all_sets_and_the_entry),
		T(a_first_rotation_can_be_unproven),
		T(a_word_ends_it_and_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
