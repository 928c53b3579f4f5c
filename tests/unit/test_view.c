/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utc.h"
#include "ledger/ledger_internal.h"
#include "ledger/view.h"
#include "place.h"

#define DAY INT64_C(86400)
#define HASH "abababababababababababababababababababababababababababababababab"
#define PAST "2001-01-01T00:00:00Z"
#define LATER "2999-01-01T00:00:00Z"
#define BIT(name) (UINT64_C(1) << QUO_DUE_##name)
#define IN_PLACE(test) \
	cmocka_unit_test_setup_teardown(test, setup, teardown)

struct place {
	char dir[sizeof PLACE];
	struct quo_ledger *ledger;
	struct quo_view_rules rules;
	struct quo_views views;
};

static int
setup(void **state)
{
	struct place *p = calloc(1, sizeof *p);

	p->rules = (struct quo_view_rules){ .now = quo_utc_now(),
	    .drill_every = 90 * DAY, .max_age = 365 * DAY,
	    .review_within = 5 * DAY };
	*state = p;
	p->ledger = place_make(p->dir, false);
	return 0;
}

static int
teardown(void **state)
{
	struct place *p = *state;
	int rc;

	quo_views_clear(&p->views);
	rc = place_drop(p->ledger, p->dir);
	free(p);
	return rc;
}

/* The ids of a credential: made of its name, so that they differ. */
static void
ids(const char *name, char set[65], char inventory[33])
{
	unsigned long long h = 1469598103934665603ULL;

	for (; *name != '\0'; name++)
		h = (h ^ (unsigned char)*name) * 1099511628211ULL;
	snprintf(set, 65, "%064llx", h);
	snprintf(inventory, 33, "%032llx", h);
}

/* An entry of all that any event here could want. */
static uint64_t
say(struct place *p, const char *event, const char *name, const char *policy,
    const char *card, int64_t incident)
{
	char set[65], inventory[33], id[32];
	struct quo_entry e = { .value = {
		[QUO_KEY_EVENT] = event,
		[QUO_KEY_OUTCOME] = "proven",
		[QUO_KEY_CREDENTIAL] = name,
		[QUO_KEY_GENERATION] = "1",
		[QUO_KEY_POLICY] = policy,
		[QUO_KEY_CARDS] = "3",
		[QUO_KEY_CARD] = card,
		[QUO_KEY_VERDICT] = "genuine",
		[QUO_KEY_HASH] = HASH,
		[QUO_KEY_ROOT] = HASH,
		[QUO_KEY_SIZE] = "1",
		[QUO_KEY_PERSON] = "bob",
		[QUO_KEY_REQUESTER] = "ana",
		[QUO_KEY_REASON] = "no sign-on",
		[QUO_KEY_TICKET] = "T-1",
		[QUO_KEY_EXPECTED] = "2h",
		[QUO_KEY_EXPIRES] = LATER,
		[QUO_KEY_DEADLINE] = LATER,
		[QUO_KEY_DETAIL] = "more",
		[QUO_KEY_CLASSIFICATION] = "drill",
		[QUO_KEY_FINDINGS] = "none",
		[QUO_KEY_ACTIONS] = "none",
		[QUO_KEY_RECORDING] = "none:x",
	} };
	uint64_t number = 0;

	ids(name, set, inventory);
	e.value[QUO_KEY_SET] = set;
	e.value[QUO_KEY_INVENTORY] = inventory;
	snprintf(id, sizeof id, "INC-%lld", (long long)incident);
	e.value[QUO_KEY_INCIDENT] = incident > 0 ? id : NULL;
	if (strcmp(event, "open-retired") == 0)
		e.value[QUO_KEY_DEADLINE] = NULL;
	if (strcmp(event, "deal") == 0)
		e.value[QUO_KEY_EXPIRES] = "2998-06-30";
	assert_err(quo_ledger_record(p->ledger, &e, &number), QUO_OK);
	return number;
}

/* A step of the rotation to the next generation. */
static void
turn(struct place *p, const char *event, const char *name)
{
	struct quo_entry e = { .value = {
		[QUO_KEY_EVENT] = event,
		[QUO_KEY_OUTCOME] = "proven",
		[QUO_KEY_CREDENTIAL] = name,
		[QUO_KEY_GENERATION] = "2",
		[QUO_KEY_POLICY] = "2 of (a, b, c)",
		[QUO_KEY_CARDS] = "3",
		[QUO_KEY_SET] = HASH,
	} };
	char set[65], inventory[33];

	ids(name, set, inventory);
	e.value[QUO_KEY_INVENTORY] = inventory;
	assert_err(quo_ledger_record(p->ledger, &e, NULL), QUO_OK);
}

static void
deal(struct place *p, const char *name, const char *policy)
{
	say(p, "deal-intent", name, policy, NULL, 0);
	say(p, "deal", name, policy, NULL, 0);
}

static int64_t
use(struct place *p, const char *name)
{
	int64_t incident = (int64_t)say(p, "request", name, NULL, NULL, 0);

	say(p, "open", name, NULL, NULL, incident);
	return incident;
}

static void
sql(struct place *p, const char *text)
{
	assert_err(quo_db_script(p->ledger->db, text), QUO_OK);
}

/* As it stands so many seconds from now. */
static const struct quo_view *
look(struct place *p, const char *name, int64_t later)
{
	struct quo_view_rules rules = p->rules;

	rules.now += later;
	quo_views_clear(&p->views);
	assert_err(quo_views_load(p->ledger, &rules, &p->views), QUO_OK);
	return quo_views_find(&p->views, name);
}

static void
expect(struct place *p, const char *name, int64_t later, uint64_t due)
{
	const struct quo_view *v = look(p, name, later);

	if (v == NULL || v->due != due)
		fail_msg("%s: due %llx, want %llx", name,
		    v != NULL ? (unsigned long long)v->due : 0,
		    (unsigned long long)due);
}

static void
test_tables_that_cannot_be_are_refused(void **state)
{
	static const char *const breaks[] = {
		"UPDATE credential SET state = 'gone'",
		"UPDATE credential SET since = 'yesterday'",
		"UPDATE credential SET used = '2026-02-30T00:00:00Z'",
		"UPDATE dealing SET review = '2026-02-30'",
		"UPDATE dealing SET policy = '2 of'",
		"UPDATE card SET serial = 400 WHERE serial = 1",
		"UPDATE card SET drilled = 'x'",
		"UPDATE incident SET declared = ''",
		"INSERT INTO intent VALUES (9, 'db', 2, 'then')",
		"UPDATE entry SET line = '{}'",
	};
	struct place *p = *state;

	deal(p, "db", "2 of (a, b, c)");
	say(p, "request", "db", NULL, NULL, 0);
	for (size_t i = 0; i < sizeof breaks / sizeof *breaks; i++) {
		quo_views_clear(&p->views);
		sql(p, "BEGIN");
		sql(p, breaks[i]);
		p->ledger->within = true;
		if (quo_views_load(p->ledger, &p->rules, &p->views) !=
		    QUO_ECORRUPT)
			fail_msg("%s: not refused", breaks[i]);
		p->ledger->within = false;
		sql(p, "ROLLBACK");
	}
	assert_non_null(look(p, "db", 0));
}

static void
test_an_empty_ledger_has_nothing(void **state)
{
	struct place *p = *state;

	assert_null(look(p, "db", 0));
	assert_int_equal(p->views.count, 0);
	assert_int_equal(p->views.entries, 1);
	assert_in_range(p->views.last, p->rules.now - 60,
	    p->rules.now + 60);
}

static void
test_what_was_dealt_is_told(void **state)
{
	struct place *p = *state;
	const struct quo_view *v;

	deal(p, "db", "2 of (a, b, c)");
	say(p, "acknowledge", "db", NULL, "2", 0);
	v = look(p, "db", 0);
	assert_int_equal(v->state, QUO_STATE_DEALT);
	assert_string_equal(v->policy, "2 of (a, b, c)");
	assert_int_equal(v->cards, 3);
	assert_int_equal(v->needed, 2);
	assert_int_equal(v->finder, 2);
	assert_int_equal(v->spare, 1);
	assert_int_equal(v->unacknowledged, 2);
	assert_int_equal(v->undrilled, 3);
	assert_int_equal(v->drill_by, v->dealt + 90 * DAY);
	assert_int_equal(v->change_by, v->rotated + 365 * DAY);
	assert_int_equal(v->due, 0);
	expect(p, "db", 8 * DAY, BIT(ACKNOWLEDGE));
	expect(p, "db", 91 * DAY, BIT(ACKNOWLEDGE) | BIT(DRILL));
	expect(p, "db", 366 * DAY, BIT(ACKNOWLEDGE) | BIT(DRILL) | BIT(AGE));
	sql(p, "UPDATE dealing SET review = '2002-01-01'");
	sql(p, "INSERT INTO profile (credential, drill_every, max_age, "
	    "review_by) VALUES ('db', 86400, 172800, '2002-01-01')");
	expect(p, "db", DAY + 60, BIT(DRILL) | BIT(CARDS) | BIT(PROFILE));
	expect(p, "db", 2 * DAY + 60, BIT(DRILL) | BIT(CARDS) | BIT(PROFILE) |
	    BIT(AGE));
}

static void
test_the_oldest_drill_of_a_card_in_place_counts(void **state)
{
	struct place *p = *state;
	const struct quo_view *v;

	deal(p, "db", "2 of (a, b, c)");
	for (int s = 0; s < 3; s++)
		say(p, "drill", "db", NULL,
		    (const char *[]){ "1", "2", "3" }[s], 0);
	sql(p, "UPDATE card SET drilled = '2020-05-05T00:00:00Z' "
	    "WHERE serial = 2");
	v = look(p, "db", 0);
	assert_int_equal(v->undrilled, 0);
	assert_int_equal(v->drilled, 1588636800);
	assert_int_equal(v->due, BIT(DRILL));
	say(p, "lost", "db", NULL, "2", 0);
	v = look(p, "db", 0);
	assert_true(v->drilled > 1588636800);
	assert_int_equal(v->due & BIT(DRILL), 0);
}

static void
test_what_may_be_lost_follows_the_policy(void **state)
{
	static const struct {
		const char *policy, *lost;
		int needed, finder, spare;
		uint64_t due;
	} cases[] = {
		{ "2 of (a, b, c)", "", 2, 2, 1, 0 },
		{ "2 of (a, b, c)", "3", 2, 1, 0, BIT(LOST) },
		{ "2 of (a, b, c)", "13", 2, 0, -1, BIT(GONE) },
		{ "1 of (a, b, c)", "1", 1, 0, 1, BIT(GONE) },
		{ "2 of (a, b, c, d)", "1", 2, 1, 1, BIT(LOST) },
		{ "3 of (a, b, c, d, e)", "1", 3, 2, 1, 0 },
		{ "3 of (a, b, c, d, e)", "12", 3, 1, 0, BIT(LOST) },
		{ "2 of (2 of (a, b, c), 1 of (d, e))", "", 3, 3, 1, 0 },
		{ "3 of (a, b, c, d)", "1", 3, 2, 0, BIT(SPARE) },
		{ "2 of (2 of (a, b, c), 1 of (d, e))", "1", 3, 2, 0,
		  BIT(SPARE) },
		{ "2 of (2 of (a, b, c), 1 of (d, e))", "14", 3, 1, 0,
		  BIT(LOST) },
		{ "2 of (2 of (a, b, c), 1 of (d, e))", "45", 3, 2, -1,
		  BIT(GONE) },
		{ "1 of (2 of (a, b), 2 of (c, d))", "", 2, 2, 1, 0 },
		{ "1 of (2 of (a, b), 2 of (c, d))", "1", 2, 1, 0,
		  BIT(LOST) },
	};
	struct place *p = *state;
	char name[32], card[2] = "";

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct quo_view *v;

		snprintf(name, sizeof name, "case-%zu", i);
		deal(p, name, cases[i].policy);
		for (const char *c = cases[i].lost; *c != '\0'; c++) {
			*card = *c;
			say(p, "lost", name, NULL, card, 0);
		}
		v = look(p, name, 0);
		if (v->needed != cases[i].needed ||
		    v->finder != cases[i].finder ||
		    v->spare != cases[i].spare || v->due != cases[i].due)
			fail_msg("%s without %s: %d %d %d, due %llx",
			    cases[i].policy, cases[i].lost, (int)v->needed,
			    (int)v->finder, (int)v->spare,
			    (unsigned long long)v->due);
	}
}

/* The same of another set of it: its id is made of the generation. */
static void
say_of(struct place *p, const char *event, const char *name, char generation,
    const char *policy, const char *card)
{
	char set[65], inventory[33], number[2] = { generation };
	struct quo_entry e = { .value = {
		[QUO_KEY_EVENT] = event,
		[QUO_KEY_CREDENTIAL] = name,
		[QUO_KEY_INVENTORY] = inventory,
		[QUO_KEY_SET] = set,
		[QUO_KEY_GENERATION] = number,
		[QUO_KEY_POLICY] = policy,
		[QUO_KEY_CARDS] = "3",
		[QUO_KEY_CARD] = card,
		[QUO_KEY_OUTCOME] = "proven",
		[QUO_KEY_REASON] = "a taxi",
	} };

	ids(name, set, inventory);
	if (generation > '1')
		memset(set, generation, 64);
	assert_err(quo_ledger_record(p->ledger, &e, NULL), QUO_OK);
}

/* What a finder needs, and of which sets what is lost is counted. */
static void
expect_lost(struct place *p, int64_t lost, int64_t others, int64_t finder,
    uint64_t due)
{
	const struct quo_view *v = look(p, "db", 0);

	if (v->lost != lost || v->other_lost != others ||
	    quo_view_finder(v) != finder || v->due != due)
		fail_msg("%d lost, %d of others, a finder needs %d, due %llx",
		    (int)v->lost, (int)v->other_lost,
		    (int)quo_view_finder(v), (unsigned long long)v->due);
}

static void
test_what_is_lost_counts_until_the_secret_changes(void **state)
{
	struct place *p = *state;

	deal(p, "db", "3 of (a, b, c, d)");
	expect_lost(p, 0, 0, -1, 0);
	say(p, "lost", "db", NULL, "2", 0);
	expect_lost(p, 1, 0, 2, BIT(SPARE));
	use(p, "db");
	say_of(p, "reissue", "db", '2', "2 of (a, b, c)", NULL);
	expect_lost(p, 0, 1, 2, BIT(BURNED));
	/* Cards of different sets don't go together… */
	say_of(p, "lost", "db", '2', NULL, "1");
	expect_lost(p, 1, 1, 1, BIT(LOST) | BIT(BURNED));
	say_of(p, "reissue", "db", '3', "3 of (a, b, c, d)", NULL);
	expect_lost(p, 0, 2, 1, BIT(LOST) | BIT(BURNED));
	/* …and the nearest counts, of whatever set. */
	say_of(p, "lost", "db", '3', NULL, "4");
	expect_lost(p, 1, 2, 1, BIT(LOST) | BIT(BURNED));
	say_of(p, "lost", "db", '2', NULL, "3");
	expect_lost(p, 1, 3, 0, BIT(GONE) | BIT(BURNED));
	/* A rotation that isn't proven changes nothing of it. */
	say_of(p, "redeal", "db", '4', "2 of (a, b)", NULL);
	say_of(p, "rotate-start", "db", '4', NULL, NULL);
	expect_lost(p, 1, 3, 0, BIT(GONE) | BIT(ROTATING) | BIT(BURNED));
	say_of(p, "lost", "db", '4', NULL, "1");
	expect_lost(p, 1, 4, 0, BIT(GONE) | BIT(ROTATING) | BIT(BURNED));
	say_of(p, "rotate-end", "db", '4', NULL, NULL);
	expect_lost(p, 1, 0, 1, BIT(GONE) | BIT(REVIEW));
}

static void
test_what_was_lost_of_nested_sets_counts(void **state)
{
	static const char policy[] = "2 of (2 of (a, b, c), 1 of (d, e))";
	struct place *p = *state;

	deal(p, "db", policy);
	say(p, "lost", "db", NULL, "4", 0);
	expect_lost(p, 1, 0, 2, BIT(SPARE));
	use(p, "db");
	say_of(p, "reissue", "db", '2', policy, NULL);
	expect_lost(p, 0, 1, 2, BIT(BURNED));
	/* A second one of the same branch brings nobody nearer. */
	say_of(p, "lost", "db", '1', NULL, "5");
	expect_lost(p, 0, 2, 2, BIT(BURNED));
	say_of(p, "lost", "db", '1', NULL, "2");
	expect_lost(p, 0, 3, 1, BIT(LOST) | BIT(BURNED));
	say_of(p, "lost", "db", '2', NULL, "1");
	expect_lost(p, 1, 3, 1, BIT(LOST) | BIT(BURNED));
	say_of(p, "lost", "db", '1', NULL, "3");
	expect_lost(p, 1, 4, 0, BIT(GONE) | BIT(BURNED));
}

/* What was lost before a rotation was proven opens nothing any more. */
static void
test_a_proven_rotation_ends_what_was_lost(void **state)
{
	struct place *p = *state;

	deal(p, "db", "2 of (a, b, c)");
	say(p, "lost", "db", NULL, "2", 0);
	expect_lost(p, 1, 0, 1, BIT(LOST));
	say_of(p, "redeal", "db", '2', "2 of (a, b, c)", NULL);
	say_of(p, "rotate-start", "db", '2', NULL, NULL);
	expect_lost(p, 1, 0, 1, BIT(LOST) | BIT(ROTATING));
	say_of(p, "rotate-end", "db", '2', NULL, NULL);
	expect_lost(p, 0, 0, -1, 0);
	say_of(p, "lost", "db", '1', NULL, "1");
	expect_lost(p, 0, 0, -1, 0);
}

/* One question for whoever rotates what must be. */
static void
test_what_must_be_rotated_now(void **state)
{
	static const struct {
		struct quo_view view;
		enum quo_due why;
	} cases[] = {
		{ { .state = QUO_STATE_ACTIVE }, QUO_DUES },
		{ { .state = QUO_STATE_BURNED, .burned = 1, .deadline = 100 },
		    QUO_DUES },
		{ { .state = QUO_STATE_BURNED, .burned = 1, .deadline = 99 },
		    QUO_DUE_OVERDUE },
		{ { .state = QUO_STATE_ACTIVE, .deadline = 99 }, QUO_DUES },
		{ { .state = QUO_STATE_ACTIVE, .lost = 1, .finder = 2 },
		    QUO_DUES },
		{ { .state = QUO_STATE_ACTIVE, .lost = 1, .finder = 1 },
		    QUO_DUE_LOST },
		{ { .state = QUO_STATE_BURNED, .burned = 1, .deadline = 200,
		    .lost = 1, .finder = 1 }, QUO_DUE_LOST },
		{ { .state = QUO_STATE_ACTIVE, .other_lost = 1,
		    .other_finder = 1, .finder = 2 }, QUO_DUE_LOST },
		{ { .state = QUO_STATE_ACTIVE, .lost = 2, .finder = 2,
		    .spare = -1 }, QUO_DUE_GONE },
		{ { .state = QUO_STATE_ACTIVE, .other_lost = 2,
		    .other_finder = 0, .finder = 2 }, QUO_DUE_GONE },
		{ { .state = QUO_STATE_ACTIVE, .change_by = 100 }, QUO_DUES },
		{ { .state = QUO_STATE_BURNED, .burned = 1, .deadline = 200,
		    .change_by = 99 }, QUO_DUE_AGE },
		{ { .state = QUO_STATE_RETIRED, .change_by = 99, .lost = 1,
		    .finder = 1 }, QUO_DUES },
		/* Deal it first, or never: there is nothing to rotate. */
		{ { .state = QUO_STATE_PLANNED }, QUO_DUES },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (quo_due_rotate(&cases[i].view, 100) != cases[i].why)
			fail_msg("case %zu", i);
}

static void
test_burned_then_overdue_then_reviewed(void **state)
{
	struct place *p = *state;
	const struct quo_view *v;
	int64_t incident;

	deal(p, "db", "2 of (a, b, c)");
	incident = use(p, "db");
	v = look(p, "db", 3600);
	assert_int_equal(v->due, BIT(BURNED));
	assert_in_range(v->decay, 3500, 3700);
	assert_int_equal(v->incident_count, 1);
	assert_int_equal(v->incidents[0].number, incident);
	assert_string_equal(v->incidents[0].requester, "ana");
	/* What its rotation puts right isn't told besides. */
	expect(p, "db", 800 * DAY, BIT(BURNED));
	sql(p, "UPDATE credential SET deadline = '" PAST "'");
	expect(p, "db", 0, BIT(OVERDUE));
	turn(p, "redeal", "db");
	turn(p, "rotate-start", "db");
	expect(p, "db", 0, BIT(OVERDUE) | BIT(ROTATING));
	turn(p, "rotate-end", "db");
	v = look(p, "db", 0);
	assert_int_equal(v->due, BIT(REVIEW));
	assert_int_equal(v->decay, 0);
	assert_int_equal(v->incidents[0].review_by,
	    v->incidents[0].rotated + 5 * DAY);
	say(p, "retire", "db", NULL, NULL, 0);
	expect(p, "db", 800 * DAY, BIT(REVIEW));
}

/* It burned nothing: no rotation comes before its review. */
static void
test_an_opened_old_set_is_to_be_reviewed(void **state)
{
	struct place *p = *state;
	const struct quo_view *v;
	int64_t incident;

	deal(p, "db", "2 of (a, b, c)");
	incident = (int64_t)say(p, "request", "db", NULL, NULL, 0);
	say(p, "open-retired", "db", NULL, NULL, incident);
	v = look(p, "db", 0);
	assert_int_equal(v->due, BIT(REVIEW));
	assert_int_equal(v->incidents[0].review_by,
	    v->incidents[0].opened + 5 * DAY);
	assert_int_equal(v->uses, 1);
	assert_int_equal(v->recent, 1);
	assert_int_equal(v->used, v->incidents[0].opened);
	/* Nor does it hold up what else is due. */
	v = look(p, "db", 400 * DAY);
	assert_int_equal(v->state, QUO_STATE_REQUESTED);
	assert_int_equal(quo_due_unattended(v, p->views.now), QUO_DUE_AGE);
	/* Of another that burned, one does. */
	incident = use(p, "db");
	expect(p, "db", 0, BIT(BURNED) | BIT(REVIEW) | BIT(REPEAT));
	say(p, "review", "db", NULL, NULL, incident - 2);
	expect(p, "db", 0, BIT(BURNED) | BIT(REPEAT));
}

static void
test_a_review_ends_what_was_requested(void **state)
{
	struct place *p = *state;
	int64_t incident;

	deal(p, "db", "2 of (a, b, c)");
	incident = (int64_t)say(p, "request", "db", NULL, NULL, 0);
	say(p, "open-retired", "db", NULL, NULL, incident);
	say(p, "review", "db", NULL, NULL, incident);
	assert_int_equal(look(p, "db", 0)->state, QUO_STATE_DEALT);
}

static void
test_deadlines_are_recorded_once_for_each_burn(void **state)
{
	struct place *p = *state;
	size_t count = 7;

	assert_err(quo_view_record(p->ledger, 0, &count), QUO_OK);
	assert_int_equal(count, 0);
	deal(p, "db", "2 of (a, b, c)");
	deal(p, "web", "2 of (a, b, c)");
	deal(p, "idle", "2 of (a, b, c)");
	use(p, "db");
	use(p, "web");
	assert_err(quo_view_record(p->ledger, 0, &count), QUO_OK);
	assert_int_equal(count, 0);
	sql(p, "UPDATE credential SET deadline = '" PAST "' WHERE burned "
	    "IS NOT NULL");
	assert_err(quo_view_record(p->ledger, 0, &count), QUO_OK);
	assert_int_equal(count, 2);
	assert_true(look(p, "db", 0)->overdue > 0);
	assert_true(look(p, "web", 0)->overdue > 0);
	assert_int_equal(look(p, "idle", 0)->overdue, 0);
	assert_err(quo_view_record(p->ledger, 0, &count), QUO_OK);
	assert_int_equal(count, 0);
	turn(p, "redeal", "db");
	turn(p, "rotate-start", "db");
	turn(p, "rotate-end", "db");
	use(p, "db");
	sql(p, "UPDATE credential SET deadline = '" PAST "' WHERE name = "
	    "'db'");
	assert_err(quo_view_record(p->ledger, 0, &count), QUO_OK);
	assert_int_equal(count, 1);
}

static void
test_requests_wait_and_expire(void **state)
{
	struct place *p = *state;
	const struct quo_view *v;
	int64_t incident;

	deal(p, "db", "2 of (a, b, c)");
	sql(p, "INSERT INTO profile (credential, approvals) VALUES "
	    "('db', 2)");
	incident = (int64_t)say(p, "request", "db", NULL, NULL, 0);
	expect(p, "db", 0, BIT(APPROVAL));
	say(p, "approve", "db", NULL, NULL, incident);
	v = look(p, "db", 0);
	assert_int_equal(v->incidents[0].approvals, 1);
	assert_int_equal(v->incidents[0].wanted, 2);
	assert_int_equal(v->due, BIT(APPROVAL));
	sql(p, "UPDATE profile SET approvals = 1");
	expect(p, "db", 0, 0);
	sql(p, "UPDATE incident SET expires = '" PAST "'");
	expect(p, "db", 0, BIT(EXPIRED));
	say(p, "withdraw", "db", NULL, NULL, incident);
	expect(p, "db", 0, 0);
}

static void
test_uses_are_rare_or_told(void **state)
{
	struct place *p = *state;
	const struct quo_view *v;

	deal(p, "db", "2 of (a, b, c)");
	use(p, "db");
	use(p, "db");
	v = look(p, "db", 0);
	assert_int_equal(v->uses, 2);
	assert_int_equal(v->recent, 2);
	assert_int_equal(v->due, BIT(BURNED) | BIT(REPEAT));
	sql(p, "UPDATE incident SET opened = '" PAST "' WHERE number = "
	    "(SELECT min(number) FROM incident)");
	v = look(p, "db", 0);
	assert_int_equal(v->uses, 2);
	assert_int_equal(v->recent, 1);
	assert_int_equal(v->due, BIT(BURNED));
}

static void
test_leavers_are_named_once(void **state)
{
	struct place *p = *state;

	deal(p, "db", "2 of (bobby, bob, bob, eve)");
	sql(p, "INSERT INTO person (handle, roles) VALUES ('eve', 1)");
	assert_null(look(p, "db", 0)->left);
	sql(p, "INSERT INTO person (handle, roles, retired) VALUES "
	    "('bob', 1, '" PAST "'), ('bobby', 1, '" PAST "')");
	assert_string_equal(look(p, "db", 0)->left, "bobby, bob");
	expect(p, "db", 0, BIT(LEFT));
	/* What is lost is nobody's any more. */
	say(p, "lost", "db", NULL, "1", 0);
	assert_string_equal(look(p, "db", 0)->left, "bob");
}

static void
test_dealings_without_end_and_alerts(void **state)
{
	struct place *p = *state;

	say(p, "deal-intent", "db", "2 of (a, b, c)", NULL, 0);
	expect(p, "db", 0, BIT(PLANNED));
	expect(p, "db", 3700, BIT(PLANNED) | BIT(DEALING));
	sql(p, "DELETE FROM delivery");
	sql(p, "INSERT INTO delivery (entry, sink, done) VALUES (1, '', 0), "
	    "(1, 'syslog', 0), (1, 'hook:a', 1), (2, 'hook:b', 0)");
	look(p, "db", 0);
	assert_int_equal(p->views.undelivered, 2);
}

/* In the order of bytes, whatever their letters: nothing gets mixed up. */
static void
test_each_name_gets_its_own(void **state)
{
	static const char *const names[] = { "a", "A", "a-b", "a b", "aa",
	    "\303\251t\303\251", "z", "\360\237\224\221", "'; DROP", "%" };
	struct place *p = *state;
	const size_t count = sizeof names / sizeof *names;

	for (size_t i = 0; i < count; i++) {
		deal(p, names[i], "3 of (a, b, c, d, e)");
		if (i % 2 == 0)
			say(p, "lost", names[i], NULL, "4", 0);
		if (i % 3 == 0)
			say(p, "request", names[i], NULL, NULL, 0);
	}
	say(p, "deal-intent", "b", "2 of (a, b)", NULL, 0);
	for (size_t i = 0; i < count; i++) {
		const struct quo_view *v = look(p, names[i], 0);

		assert_non_null(v);
		assert_int_equal(v->lost, i % 2 == 0 ? 1 : 0);
		assert_int_equal(v->incident_count, i % 3 == 0 ? 1 : 0);
		assert_int_equal(v->dealing, 0);
	}
	assert_int_equal(p->views.count, count + 1);
	assert_true(look(p, "b", 0)->dealing > 0);
	assert_null(look(p, "c", 0));
}

/* A step of the set of a generation: step(p, "redeal", "db", '2', …) */
static void
step(struct place *p, const char *event, const char *name, char generation,
    const char *outcome, const char *card)
{
	char set[65], inventory[33], number[2] = { generation, '\0' };
	struct quo_entry e = { .value = {
		[QUO_KEY_EVENT] = event,
		[QUO_KEY_OUTCOME] = outcome,
		[QUO_KEY_CREDENTIAL] = name,
		[QUO_KEY_GENERATION] = number,
		[QUO_KEY_POLICY] = "2 of (a, b, c)",
		[QUO_KEY_CARDS] = "3",
		[QUO_KEY_LOCKED] = strcmp(event, "redeal") == 0 ? "yes" : NULL,
		[QUO_KEY_CARD] = card,
		[QUO_KEY_VERDICT] = "genuine",
		[QUO_KEY_REASON] = strcmp(event, "lost") == 0 ? "gone" : NULL,
		[QUO_KEY_DETAIL] = "as it went",
	} };

	ids(name, set, inventory);
	set[0] = generation;
	e.value[QUO_KEY_SET] = set;
	e.value[QUO_KEY_INVENTORY] = inventory;
	assert_err(quo_ledger_record(p->ledger, &e, NULL), QUO_OK);
}

static void
test_the_pause_doubles_to_a_day(void **state)
{
	static const struct {
		int64_t failures, pause;
	} is[] = {
		{ 1, 900 }, { 2, 1800 }, { 3, 3600 }, { 7, 57600 },
		{ 8, DAY }, { 9, DAY }, { INT64_MAX, DAY },
	};

	(void)state;
	assert_int_equal(quo_due_again(0, 1000, 1000), 0);
	for (size_t i = 0; i < sizeof is / sizeof *is; i++) {
		const int64_t n = is[i].failures, end = 5000 + is[i].pause;

		assert_int_equal(quo_due_again(n, 5000, 5000), end);
		assert_int_equal(quo_due_again(n, 5000, end - 1), end);
		assert_int_equal(quo_due_again(n, 5000, end), 0);
		/* a clock that was set back */
		assert_int_equal(quo_due_again(n, 5000, 4999), 0);
	}
}

static void
test_what_waits_is_told_with_its_cards(void **state)
{
	struct place *p = *state;
	const struct quo_view *v;

	deal(p, "a", "2 of (a, b, c)");
	deal(p, "db", "2 of (a, b, c)");
	assert_int_equal(look(p, "db", 0)->set_count, 0);
	assert_false(look(p, "db", 0)->locked);
	step(p, "redeal", "db", '2', NULL, NULL);
	step(p, "drill", "db", '2', NULL, "2");
	v = look(p, "db", 0);
	assert_true(v->waits);
	assert_int_equal(v->set_count, 1);
	assert_int_equal(v->sets[0].generation, 2);
	assert_int_equal(v->sets[0].scanned, 1);
	assert_string_equal(v->sets[0].unscanned, "1 (a), 3 (c)");
	assert_false(v->locked);
	expect(p, "db", 0, BIT(WAITING));
	step(p, "drill", "db", '2', NULL, "1");
	step(p, "lost", "db", '2', NULL, "3");
	v = look(p, "db", 0);
	assert_int_equal(v->sets[0].scanned, 2);
	assert_null(v->sets[0].unscanned);
	assert_int_equal(look(p, "a", 0)->set_count, 0);
}

static void
test_what_the_target_may_have_is_told_newest_first(void **state)
{
	struct place *p = *state;
	const struct quo_view *v;

	deal(p, "db", "2 of (a, b, c)");
	for (char g = '2'; g < '4'; g++) {
		step(p, "redeal", "db", g, NULL, NULL);
		step(p, "rotate-start", "db", g, NULL, NULL);
		step(p, "rotate-end", "db", g, "unknown", NULL);
	}
	v = look(p, "db", 60);
	assert_int_equal(v->set_count, 2);
	assert_false(v->waits);
	assert_int_equal(v->sets[0].generation, 3);
	assert_int_equal(v->sets[1].generation, 2);
	assert_int_equal(v->failures, 2);
	assert_string_equal(v->failure, "as it went");
	assert_null(v->reason);
	assert_true(v->again > v->tried);
	assert_int_equal(v->again, v->tried + 1800);
	assert_int_equal(look(p, "db", 2000)->again, 0);
	expect(p, "db", 0, BIT(ROTATING));
	step(p, "redeal", "db", '4', NULL, NULL);
	expect(p, "db", 0, BIT(ROTATING) | BIT(WAITING));
	v = look(p, "db", 0);
	assert_true(v->waits && v->sets[0].waits && !v->sets[1].waits);
	/* what was killed counts, too: so does a dealing without a set */
	step(p, "rotate-start", "db", '4', NULL, NULL);
	v = look(p, "db", 60);
	assert_int_equal(v->failures, 2);
	assert_int_equal(v->again, v->sets[0].dealt + 3600);
	step(p, "deal-intent", "db", '5', NULL, NULL);
	v = look(p, "db", 60);
	assert_int_equal(v->again, v->redealing + 7200);
}

static void
test_why_it_is_unproven_is_told_until_it_is_not(void **state)
{
	struct place *p = *state;
	const struct quo_view *v;

	deal(p, "db", "2 of (a, b, c)");
	step(p, "redeal", "db", '2', NULL, NULL);
	step(p, "rotate-start", "db", '2', NULL, NULL);
	step(p, "rotate-end", "db", '2', "unknown", NULL);
	step(p, "rotate-end", "db", '2', "unproven", NULL);
	v = look(p, "db", 0);
	assert_true(v->unproven);
	assert_string_equal(v->reason, "as it went");
	/* the target took it: that is no failure */
	assert_int_equal(v->failures, 0);
	assert_null(v->failure);
	expect(p, "db", 0, BIT(UNPROVEN));
	/* another one that changes nothing proves nothing */
	step(p, "redeal", "db", '3', NULL, NULL);
	step(p, "rotate-start", "db", '3', NULL, NULL);
	step(p, "rotate-end", "db", '3', "kept", NULL);
	v = look(p, "db", 0);
	assert_int_equal(v->state, QUO_STATE_UNPROVEN);
	assert_string_equal(v->reason, "as it went");
	step(p, "rotate-end", "db", '2', "proven", NULL);
	v = look(p, "db", 0);
	assert_false(v->unproven);
	assert_null(v->reason);
	assert_int_equal(v->failures, 0);
	assert_true(v->locked);
	assert_err(quo_ledger_agrees(p->ledger), QUO_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_pause_doubles_to_a_day),
		IN_PLACE(test_what_waits_is_told_with_its_cards),
		IN_PLACE(test_what_the_target_may_have_is_told_newest_first),
		IN_PLACE(test_why_it_is_unproven_is_told_until_it_is_not),
		IN_PLACE(test_tables_that_cannot_be_are_refused),
		IN_PLACE(test_an_empty_ledger_has_nothing),
		IN_PLACE(test_what_was_dealt_is_told),
		IN_PLACE(test_the_oldest_drill_of_a_card_in_place_counts),
		IN_PLACE(test_what_may_be_lost_follows_the_policy),
		IN_PLACE(test_what_is_lost_counts_until_the_secret_changes),
		IN_PLACE(test_what_was_lost_of_nested_sets_counts),
		IN_PLACE(test_a_proven_rotation_ends_what_was_lost),
		cmocka_unit_test(test_what_must_be_rotated_now),
		IN_PLACE(test_burned_then_overdue_then_reviewed),
		IN_PLACE(test_an_opened_old_set_is_to_be_reviewed),
		IN_PLACE(test_a_review_ends_what_was_requested),
		IN_PLACE(test_deadlines_are_recorded_once_for_each_burn),
		IN_PLACE(test_requests_wait_and_expire),
		IN_PLACE(test_uses_are_rare_or_told),
		IN_PLACE(test_leavers_are_named_once),
		IN_PLACE(test_dealings_without_end_and_alerts),
		IN_PLACE(test_each_name_gets_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
