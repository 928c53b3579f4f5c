/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledger/frontier.h"
#include "ledger/ledger_internal.h"
#include "place.h"

#define SET1 "1111111111111111111111111111111111111111111111111111111111111111"
#define SET2 "2222222222222222222222222222222222222222222222222222222222222222"
#define HASH "abababababababababababababababababababababababababababababababab"
#define INVENTORY "00112233445566778899aabbccddeeff"
#define IN_PLACE(test) \
	cmocka_unit_test_setup_teardown(test, setup, teardown)
/* As most end: the tables are what the log makes. */
#define AGREES(test) \
	cmocka_unit_test_setup_teardown(test, setup, agree)
#define LATER "2999-01-01T00:00:00Z"

/* A directory of its own for each test, and the ledger in it. */
struct place {
	char dir[sizeof PLACE], path[sizeof PLACE "/ledger.db"];
	struct quo_ledger *ledger;
};

static int
setup(void **state)
{
	struct place *p = calloc(1, sizeof *p);

	*state = p;
	p->ledger = place_make(p->dir, false);
	snprintf(p->path, sizeof p->path, "%s/ledger.db", p->dir);
	return 0;
}

static int
teardown(void **state)
{
	struct place *p = *state;
	int rc = place_drop(p->ledger, p->dir);

	free(p);
	return rc;
}

static int
agree(void **state)
{
	struct place *p = *state;
	enum quo_err err = quo_ledger_agrees(p->ledger);

	if (teardown(state) != 0)
		return -1;
	assert_err(err, QUO_OK);
	return 0;
}

/* An entry of everything that any event could want, of this event. */
static struct quo_entry
full(const char *event)
{
	struct quo_entry e = { .value = {
		[QUO_KEY_EVENT] = event,
		[QUO_KEY_OUTCOME] = "proven",
		[QUO_KEY_LEDGER] = INVENTORY,
		[QUO_KEY_CREDENTIAL] = "db-root",
		[QUO_KEY_INVENTORY] = INVENTORY,
		[QUO_KEY_SET] = SET1,
		[QUO_KEY_GENERATION] = "1",
		[QUO_KEY_INCIDENT] = "INC-3",
		[QUO_KEY_ACT] = "add",
		[QUO_KEY_PERSON] = "bob",
		[QUO_KEY_CARD] = "1",
		[QUO_KEY_VERDICT] = "genuine",
		[QUO_KEY_REQUESTER] = "alice",
		[QUO_KEY_REASON] = "the \"directory\" is down \\ out",
		[QUO_KEY_TICKET] = "T-1",
		[QUO_KEY_CRITERION] = "no sign-on",
		[QUO_KEY_EXPECTED] = "2h",
		[QUO_KEY_EXPIRES] = LATER,
		[QUO_KEY_DEADLINE] = LATER,
		[QUO_KEY_CLASSIFICATION] = "emergency",
		[QUO_KEY_FINDINGS] = "none",
		[QUO_KEY_ACTIONS] = "none",
		[QUO_KEY_RECORDING] = "none: no network",
		[QUO_KEY_POLICY] = "2 of (cfo, ciso, cto)",
		[QUO_KEY_CARDS] = "3",
		[QUO_KEY_HASH] = HASH,
		[QUO_KEY_SIZE] = "1",
		[QUO_KEY_ROOT] = HASH,
		[QUO_KEY_SECONDS] = "60",
		[QUO_KEY_SINK] = "syslog",
		[QUO_KEY_DETAIL] = "more",
	} };

	return e;
}

static enum quo_err
say(struct place *p, const char *event)
{
	struct quo_entry e = full(event);

	if (strcmp(event, "deal-intent") == 0)
		e.value[QUO_KEY_SET] = NULL;
	return quo_ledger_record(p->ledger, &e, NULL);
}

static enum quo_err
say_of(struct place *p, const char *generation, const char *set,
    const char *event, const char *outcome)
{
	struct quo_entry e = full(event);

	e.value[QUO_KEY_SET] = set;
	e.value[QUO_KEY_GENERATION] = generation;
	e.value[QUO_KEY_OUTCOME] = outcome;
	e.value[QUO_KEY_PERSON] = NULL;	/* it is nobody's word */
	return quo_ledger_record(p->ledger, &e, NULL);
}

/* The next generation's dealing, and how its rotation went. */
static enum quo_err
say_new(struct place *p, const char *event, const char *outcome)
{
	return say_of(p, "2", SET2, event, outcome);
}

/* The one after that. */
static enum quo_err
say_third(struct place *p, const char *event, const char *outcome)
{
	return say_of(p, "3", HASH, event, outcome);
}

static enum quo_state
state_of(struct place *p)
{
	enum quo_state state;

	assert_err(quo_ledger_state(p->ledger, "db-root", &state), QUO_OK);
	return state;
}

static int64_t
ask(struct place *p, const char *sql)
{
	int64_t n = -1;

	assert_err(quo_db_int(p->ledger->db, -1, &n, sql, ""), QUO_OK);
	return n;
}

static void
refuse(struct place *p, enum quo_err err, const char *why)
{
	assert_err(err, QUO_EREFUSED);
	if (strstr(quo_ledger_why(p->ledger), why) == NULL)
		fail_msg("\"%s\" doesn't say \"%s\"",
		    quo_ledger_why(p->ledger), why);
}

/* Bring a credential from nothing into a state, by legal steps only. */
static void
bring(struct place *p, enum quo_state state)
{
	if (state == QUO_STATE_NONE)
		return;
	assert_err(say(p, "deal-intent"), QUO_OK);
	if (state == QUO_STATE_PLANNED)
		return;
	assert_err(say(p, "deal"), QUO_OK);
	if (state == QUO_STATE_DEALT)
		return;
	if (state == QUO_STATE_RETIRED) {
		assert_err(say(p, "retire"), QUO_OK);
		return;
	}
	if (state == QUO_STATE_ACTIVE) {
		for (int i = 1; i <= 3; i++) {
			struct quo_entry e = full("acknowledge");
			char serial[8];

			snprintf(serial, sizeof serial, "%d", i);
			e.value[QUO_KEY_CARD] = serial;
			assert_err(quo_ledger_record(p->ledger, &e, NULL),
			    QUO_OK);
		}
		return;
	}
	assert_err(say(p, "request"), QUO_OK);
	if (state == QUO_STATE_REQUESTED)
		return;
	assert_err(say(p, "open"), QUO_OK);
	if (state == QUO_STATE_BURNED)
		return;
	assert_err(say_new(p, "redeal", NULL), QUO_OK);
	assert_err(say_new(p, "rotate-start", NULL), QUO_OK);
	if (state == QUO_STATE_ROTATING)
		return;
	assert_err(say_new(p, "rotate-end", state == QUO_STATE_UNPROVEN ?
	    "unproven" : "proven"), QUO_OK);
}

/* Entries after one that was refused: itself, named, and nothing else. */
static void
expect_refused(struct place *p, const struct quo_entry *e, int64_t before)
{
	struct quo_rows *rows = NULL;
	struct quo_line *l = malloc(sizeof *l);

	assert_int_equal(ask(p, "SELECT count(*) FROM entry"), before + 1);
	assert_err(quo_db_ask(p->ledger->db, &rows, "SELECT line FROM entry "
	    "ORDER BY number DESC LIMIT 1", ""), QUO_OK);
	assert_true(quo_rows_next(rows));
	assert_err(quo_line_decode(quo_rows_text(rows, 0),
	    quo_rows_len(rows, 0), l), QUO_OK);
	assert_string_equal(l->entry.value[QUO_KEY_EVENT], "refused");
	assert_string_equal(l->entry.value[QUO_KEY_ACT],
	    e->value[QUO_KEY_EVENT]);
	assert_string_equal(l->entry.value[QUO_KEY_REASON],
	    quo_ledger_why(p->ledger));
	assert_err(quo_rows_end(rows), QUO_OK);
	free(l);
}

static void
add_person(struct place *p, const char *handle, unsigned roles)
{
	assert_err(quo_db_run(p->ledger->db, "INSERT OR REPLACE INTO person "
	    "(handle, roles) VALUES (?, ?)", "ti", handle, (int64_t)roles),
	    QUO_OK);
}

/* One try: legal only as the table says; what is refused is logged so. */
static void
try_step(struct place *p, const struct quo_step *step, enum quo_state state,
    unsigned roles, int missing)
{
	struct quo_entry e = full(step->event);
	bool legal = (step->from & (1u << state)) != 0 && missing < 0 &&
	    (step->roles == 0 || (step->roles & roles) != 0);
	int64_t before = ask(p, "SELECT count(*) FROM entry");
	enum quo_err err;

	if (missing >= 0)
		e.value[missing] = NULL;
	assert_err(quo_db_script(p->ledger->db, "SAVEPOINT try"), QUO_OK);
	p->ledger->within = true;
	err = quo_ledger_record(p->ledger, &e, NULL);
	if (!legal) {
		assert_err(err, QUO_EREFUSED);
		assert_non_null(strstr(quo_ledger_why(p->ledger),
		    step->event));
		if (missing >= 0)
			assert_non_null(strstr(quo_ledger_why(p->ledger),
			    quo_key_name((enum quo_key)missing)));
		assert_int_equal(ask(p, "SELECT count(*) FROM entry"),
		    before);
		assert_err(quo_ledger_record(p->ledger, p->ledger->refused,
		    NULL), QUO_OK);
		expect_refused(p, &e, before);
	} else if (err != QUO_OK && err != QUO_EREFUSED) {
		/* The rules may still refuse; nothing else may. */
		fail_msg("%s in %s: %s", step->event, quo_state_name(state),
		    quo_strerror(err));
	}
	assert_int_equal(state_of(p) < QUO_STATES, 1);
	assert_err(quo_db_script(p->ledger->db,
	    "ROLLBACK TO try; RELEASE try"), QUO_OK);
	p->ledger->within = false;
}

/* state × command × role × missing field: all of them. */
static void
walk(struct place *p, enum quo_state state, size_t *tried)
{
	static const unsigned roles[] = { 0, QUO_ROLE_CUSTODIAN,
		QUO_ROLE_REQUESTER, QUO_ROLE_APPROVER, QUO_ROLE_AUDITOR };
	const struct quo_step *steps;
	size_t count;

	steps = quo_steps(&count);
	for (size_t r = 0; r < sizeof roles / sizeof *roles; r++) {
		add_person(p, "alice", roles[r]);
		add_person(p, "bob", roles[r]);
		for (size_t s = 0; s < count; s++)
			for (int k = -1; k < QUO_KEYS; k++) {
				if (k >= 0 && (steps[s].needs &
				    QUO_BIT(k)) == 0)
					continue;
				/* Without it there is no state to walk. */
				if (k == QUO_KEY_CREDENTIAL)
					continue;
				try_step(p, &steps[s], state, roles[r], k);
				++*tried;
			}
	}
}

static void
every_illegal_step_is_refused_and_logged(void **unused)
{
	size_t tried = 0;
	void *state;

	(void)unused;
	for (int s = 0; s < QUO_STATES; s++) {
		assert_int_equal(setup(&state), 0);
		bring(state, (enum quo_state)s);
		assert_int_equal(state_of(state), s);
		walk(state, (enum quo_state)s, &tried);
		assert_int_equal(teardown(&state), 0);
	}
	print_message("%zu steps tried\n", tried);
	assert_true(tried > 4000);
}

static void
an_emergency_opens_from_everywhere(void **unused)
{
	void *state;

	(void)unused;
	for (int s = 0; s < QUO_STATES; s++) {
		struct place *p;
		struct quo_entry e = full("open");

		assert_int_equal(setup(&state), 0);
		p = state;
		bring(p, (enum quo_state)s);
		for (int k = 0; k < QUO_KEYS; k++)
			if (k != QUO_KEY_EVENT && k != QUO_KEY_CREDENTIAL)
				e.value[k] = NULL;
		e.value[QUO_KEY_EMERGENCY] = "nobody answers";
		assert_err(quo_ledger_record(p->ledger, &e, NULL), QUO_OK);
		assert_err(quo_ledger_agrees(p->ledger), QUO_OK);
		assert_int_equal(teardown(&state), 0);
	}
}

static void
approvals_are_refused_by_name(void **state)
{
	struct place *p = *state;
	struct quo_entry e = full("approve");

	bring(p, QUO_STATE_REQUESTED);
	assert_err(quo_db_run(p->ledger->db, "INSERT INTO profile "
	    "(credential, approvals) VALUES ('db-root', 2)", ""), QUO_OK);
	refuse(p, say(p, "open"), "0 of 2 approvals");
	e.value[QUO_KEY_PERSON] = "alice";
	refuse(p, quo_ledger_record(p->ledger, &e, NULL), "own request");
	e.value[QUO_KEY_PERSON] = " Alice ";
	refuse(p, quo_ledger_record(p->ledger, &e, NULL), "own request");
	e = full("approve");
	e.value[QUO_KEY_INCIDENT] = "INC-1";
	refuse(p, quo_ledger_record(p->ledger, &e, NULL), "no incident");
	e = full("approve");
	e.value[QUO_KEY_KEY] = "SHA256:abc";
	assert_err(quo_ledger_record(p->ledger, &e, NULL), QUO_OK);
	refuse(p, quo_ledger_record(p->ledger, &e, NULL), "already");
	e.value[QUO_KEY_KEY] = NULL;
	e.value[QUO_KEY_PERSON] = "Bob ";
	refuse(p, quo_ledger_record(p->ledger, &e, NULL), "already");
	e.value[QUO_KEY_KEY] = "SHA256:abc";
	e.value[QUO_KEY_PERSON] = "carol";
	refuse(p, quo_ledger_record(p->ledger, &e, NULL), "same key");
	refuse(p, say(p, "open"), "1 of 2 approvals");
	e.value[QUO_KEY_KEY] = NULL;
	assert_err(quo_ledger_record(p->ledger, &e, NULL), QUO_OK);
	assert_err(say(p, "open"), QUO_OK);
	/* Used once. */
	refuse(p, say(p, "open"), "have been used");
}

/* What was approved is one set; not the one that took its place. */
static void
approvals_are_of_one_set(void **state)
{
	struct place *p = *state;
	struct quo_entry e = full("open");

	bring(p, QUO_STATE_REQUESTED);
	assert_err(quo_db_run(p->ledger->db, "INSERT INTO profile "
	    "(credential, approvals) VALUES ('db-root', 1)", ""), QUO_OK);
	assert_err(say(p, "approve"), QUO_OK);
	assert_err(say_new(p, "redeal", NULL), QUO_OK);
	assert_err(say_new(p, "rotate-start", NULL), QUO_OK);
	assert_err(say_new(p, "rotate-end", "proven"), QUO_OK);
	e.value[QUO_KEY_SET] = SET2;
	refuse(p, quo_ledger_record(p->ledger, &e, NULL), "request anew");
	/* While it isn't known which of both the target takes, either. */
	assert_err(quo_db_run(p->ledger->db, "UPDATE dealing SET status = "
	    "iif(set_id = ?, 'pending', 'current')", "t", SET2), QUO_OK);
	assert_err(quo_ledger_record(p->ledger, &e, NULL), QUO_OK);
}

/* The log would tell of the wrong one, and the right one be forgotten. */
static void
nothing_opens_as_another(void **state)
{
	struct place *p = *state;
	struct quo_entry e = full("deal-intent");

	bring(p, QUO_STATE_REQUESTED);
	e.value[QUO_KEY_CREDENTIAL] = "web-root";
	e.value[QUO_KEY_INVENTORY] = "ff112233445566778899aabbccddeeff";
	assert_err(quo_ledger_record(p->ledger, &e, NULL), QUO_OK);
	e.value[QUO_KEY_EVENT] = "deal";
	e.value[QUO_KEY_SET] = SET2;
	assert_err(quo_ledger_record(p->ledger, &e, NULL), QUO_OK);
	e = full("open");
	e.value[QUO_KEY_SET] = SET2;
	refuse(p, quo_ledger_record(p->ledger, &e, NULL),
	    "these cards are of \"web-root\", not \"db-root\"");
	e.value[QUO_KEY_EMERGENCY] = "no time";
	refuse(p, quo_ledger_record(p->ledger, &e, NULL), "of \"web-root\"");
	e.value[QUO_KEY_EVENT] = "open-retired";
	refuse(p, quo_ledger_record(p->ledger, &e, NULL), "of \"web-root\"");
	assert_int_equal(state_of(p), QUO_STATE_REQUESTED);
}

static void
blanks_say_nothing(void **state)
{
	struct place *p = *state;
	struct quo_entry e = full("request");

	bring(p, QUO_STATE_DEALT);
	e.value[QUO_KEY_REASON] = "  ";
	refuse(p, quo_ledger_record(p->ledger, &e, NULL), "reason is missing");
	e.value[QUO_KEY_REASON] = "";
	refuse(p, quo_ledger_record(p->ledger, &e, NULL), "reason is missing");
	e.value[QUO_KEY_EMERGENCY] = " ";
	refuse(p, quo_ledger_record(p->ledger, &e, NULL), "needs a reason");
	assert_int_equal(state_of(p), QUO_STATE_DEALT);
}

/* An opening under what was reviewed would be reviewed by nobody. */
static void
nothing_opens_under_what_is_over(void **state)
{
	struct place *p = *state;
	struct quo_entry e = full("open");

	bring(p, QUO_STATE_ROTATED);
	e.value[QUO_KEY_SET] = SET2;
	refuse(p, quo_ledger_record(p->ledger, &e, NULL), "been rotated");
	e.value[QUO_KEY_EMERGENCY] = "no time";
	refuse(p, quo_ledger_record(p->ledger, &e, NULL), "been rotated");
	assert_err(say(p, "review"), QUO_OK);
	refuse(p, quo_ledger_record(p->ledger, &e, NULL), "is closed");
	e.value[QUO_KEY_EVENT] = "open-retired";
	refuse(p, quo_ledger_record(p->ledger, &e, NULL), "is closed");
	assert_int_equal(state_of(p), QUO_STATE_ACTIVE);
	e.value[QUO_KEY_EVENT] = "open";
	e.value[QUO_KEY_INCIDENT] = NULL;
	assert_err(quo_ledger_record(p->ledger, &e, NULL), QUO_OK);
}

static void
requests_expire(void **state)
{
	struct place *p = *state;
	struct quo_entry e = full("request");

	bring(p, QUO_STATE_DEALT);
	e.value[QUO_KEY_EXPIRES] = "2001-01-01T00:00:00Z";
	assert_err(quo_ledger_record(p->ledger, &e, NULL), QUO_OK);
	refuse(p, say(p, "approve"), "expired");
	refuse(p, say(p, "open"), "expired");
	assert_int_equal(state_of(p), QUO_STATE_REQUESTED);
	assert_err(say(p, "withdraw"), QUO_OK);
	assert_int_equal(state_of(p), QUO_STATE_DEALT);
	refuse(p, say(p, "open"), "withdrawn");
}

static void
a_whole_life(void **state)
{
	struct place *p = *state;
	struct quo_entry e;

	bring(p, QUO_STATE_ROTATED);
	assert_int_equal(state_of(p), QUO_STATE_ROTATED);
	e = full("review");
	e.value[QUO_KEY_PERSON] = "alice";
	refuse(p, quo_ledger_record(p->ledger, &e, NULL), "somebody else");
	assert_err(say(p, "review"), QUO_OK);
	assert_int_equal(state_of(p), QUO_STATE_ACTIVE);
	refuse(p, say(p, "review"), "closed");
	assert_int_equal(ask(p, "SELECT count(*) FROM dealing WHERE status "
	    "= 'current' AND generation = 2"), 1);
	assert_int_equal(ask(p, "SELECT count(*) FROM dealing WHERE status "
	    "= 'former'"), 1);
	assert_int_equal(ask(p, "SELECT count(*) FROM intent"), 0);
	assert_err(say(p, "retire"), QUO_OK);
	refuse(p, say(p, "open"), "--retired");
}

/* What is no more, or never was known, is reviewed all the same. */
static void
every_opening_can_be_reviewed(void **state)
{
	struct place *p = *state;
	struct quo_entry e = full("open-retired");

	bring(p, QUO_STATE_REQUESTED);
	e.value[QUO_KEY_DEADLINE] = NULL;
	assert_err(quo_ledger_record(p->ledger, &e, NULL), QUO_OK);
	assert_err(say(p, "retire"), QUO_OK);
	assert_err(say(p, "review"), QUO_OK);
	assert_int_equal(state_of(p), QUO_STATE_RETIRED);
	e = full("request");
	e.value[QUO_KEY_CREDENTIAL] = "stranger";
	e.value[QUO_KEY_SET] = SET2;
	e.value[QUO_KEY_EMERGENCY] = "no time";
	assert_err(quo_ledger_record(p->ledger, &e, NULL), QUO_OK);
	e.value[QUO_KEY_EVENT] = "open";
	e.value[QUO_KEY_INCIDENT] = "INC-7";
	e.value[QUO_KEY_DEADLINE] = NULL;
	assert_err(quo_ledger_record(p->ledger, &e, NULL), QUO_OK);
	e.value[QUO_KEY_EVENT] = "review";
	assert_err(quo_ledger_record(p->ledger, &e, NULL), QUO_OK);
	assert_int_equal(ask(p, "SELECT count(*) FROM incident WHERE "
	    "reviewed IS NULL"), 0);
}

static void
what_was_kept_is_burned_still(void **state)
{
	struct place *p = *state;

	struct quo_entry e = full("review");
	int64_t before;

	bring(p, QUO_STATE_ROTATING);
	before = ask(p, "SELECT count(*) FROM entry");
	refuse(p, quo_ledger_allows(p->ledger, &e), "behind a proven");
	expect_refused(p, &e, before);
	e = full("close");
	assert_err(quo_ledger_allows(p->ledger, &e), QUO_OK);
	assert_int_equal(ask(p, "SELECT count(*) FROM entry"), before + 1);
	assert_err(say_new(p, "rotate-end", "kept"), QUO_OK);
	assert_int_equal(state_of(p), QUO_STATE_BURNED);
	assert_int_equal(ask(p, "SELECT count(*) FROM dealing WHERE status "
	    "= 'void' AND generation = 2"), 1);
	refuse(p, say(p, "retire"), "rotate it first");
}

/* It isn't the database that fails where a value is none. */
static void
what_is_no_value_is_named(void **state)
{
	struct place *p = *state;
	struct quo_entry e = full("drill-alert");
	char *much = malloc(QUO_VALUE_MAX + 1);

	e.value[QUO_KEY_DETAIL] = "two\nlines";
	assert_err(quo_ledger_record(p->ledger, &e, NULL), QUO_EINVAL);
	assert_string_equal(quo_ledger_why(p->ledger), "drill-alert: detail "
	    "is not 1 to 4096 bytes of UTF-8 without control characters");
	memset(much, '"', QUO_VALUE_MAX);
	much[QUO_VALUE_MAX] = '\0';
	e.value[QUO_KEY_DETAIL] = e.value[QUO_KEY_REASON] = much;
	e.value[QUO_KEY_TICKET] = e.value[QUO_KEY_FINDINGS] = much;
	assert_err(quo_ledger_record(p->ledger, &e, NULL), QUO_ETOOBIG);
	assert_string_equal(quo_ledger_why(p->ledger), "drill-alert: the "
	    "entry is longer than 32768 bytes");
	assert_int_equal(ask(p, "SELECT count(*) FROM entry"), 1);
	free(much);
}

/* What a rotation leaves alone is as it was before it, whatever that was. */
static void
kept_is_as_before(void **state)
{
	static const enum quo_state from[] = {
		QUO_STATE_PLANNED, QUO_STATE_DEALT, QUO_STATE_ACTIVE,
		QUO_STATE_REQUESTED
	};
	const size_t tries = sizeof from / sizeof *from;

	for (size_t i = 0; i < tries; i++) {
		struct place *p = *state;

		bring(p, from[i]);
		assert_err(say_new(p, "redeal", NULL), QUO_OK);
		assert_err(say_new(p, "rotate-start", NULL), QUO_OK);
		assert_int_equal(state_of(p), QUO_STATE_ROTATING);
		assert_err(say_new(p, "rotate-end", "kept"), QUO_OK);
		assert_int_equal(state_of(p), from[i]);
		assert_int_equal(ask(p, "SELECT count(*) FROM dealing WHERE "
		    "status = 'void'"), 1);
		assert_err(quo_ledger_agrees(p->ledger), QUO_OK);
		if (i + 1 < tries) {
			teardown(state);
			assert_int_equal(setup(state), 0);
		}
	}
}

/* After one whose end nobody knows, another that changes nothing settles
 * nothing. */
static void
kept_after_unknown_is_unknown(void **state)
{
	struct place *p = *state;

	bring(p, QUO_STATE_ROTATING);
	assert_err(say_third(p, "redeal", NULL), QUO_OK);
	assert_err(say_third(p, "rotate-start", NULL), QUO_OK);
	assert_err(say_third(p, "rotate-end", "kept"), QUO_OK);
	assert_int_equal(state_of(p), QUO_STATE_ROTATING);
	assert_int_equal(ask(p, "SELECT count(*) FROM dealing WHERE "
	    "status = 'pending' AND generation = 2"), 1);
}

/* What a rotation dealt waits until the target is asked. */
static void
a_set_waits_for_its_rotation(void **state)
{
	struct place *p = *state;

	bring(p, QUO_STATE_BURNED);
	assert_err(say_new(p, "rotate-start", NULL), QUO_EREFUSED);
	assert_err(say_new(p, "redeal", NULL), QUO_OK);
	assert_int_equal(ask(p, "SELECT count(*) FROM dealing WHERE "
	    "status = 'waiting' AND generation = 2"), 1);
	/* what the target never got has no end */
	assert_err(say_new(p, "rotate-end", "proven"), QUO_EREFUSED);
	assert_err(say_new(p, "rotate-start", NULL), QUO_OK);
	assert_int_equal(ask(p, "SELECT count(*) FROM dealing WHERE "
	    "status = 'pending' AND generation = 2"), 1);
	/* asked again, as after a crash, it is not another one */
	assert_err(say_new(p, "rotate-start", NULL), QUO_OK);
	assert_err(say_new(p, "rotate-end", "kept"), QUO_OK);
	assert_int_equal(state_of(p), QUO_STATE_BURNED);
	assert_err(say_new(p, "rotate-end", "proven"), QUO_EREFUSED);
}

/* Another dealing takes the place of one that waits. */
static void
only_one_set_waits(void **state)
{
	struct place *p = *state;

	bring(p, QUO_STATE_BURNED);
	assert_err(say_new(p, "redeal", NULL), QUO_OK);
	assert_err(say_third(p, "redeal", NULL), QUO_OK);
	assert_int_equal(ask(p, "SELECT generation FROM dealing WHERE "
	    "status = 'waiting'"), 3);
	assert_err(say_new(p, "rotate-start", NULL), QUO_EREFUSED);
}

/* Somebody opened the new cards before the rotation was through. */
static void
what_was_seen_stays_burned(void **state)
{
	struct place *p = *state;
	struct quo_entry e = full("open");

	bring(p, QUO_STATE_BURNED);
	assert_err(say_new(p, "redeal", NULL), QUO_OK);
	assert_err(say_new(p, "rotate-start", NULL), QUO_OK);
	e.value[QUO_KEY_SET] = SET2;
	e.value[QUO_KEY_EMERGENCY] = "both were tried";
	assert_err(quo_ledger_record(p->ledger, &e, NULL), QUO_OK);
	assert_int_equal(state_of(p), QUO_STATE_BURNED);
	assert_err(say_new(p, "rotate-end", "proven"), QUO_OK);
	assert_int_equal(state_of(p), QUO_STATE_BURNED);
	assert_int_equal(ask(p, "SELECT count(*) FROM credential WHERE "
	    "burned IS NOT NULL AND deadline IS NOT NULL AND generation = "
	    "2"), 1);
}

/* One that waits, and is opened, is never set any more. */
static void
what_was_seen_does_not_wait(void **state)
{
	struct place *p = *state;
	struct quo_entry e = full("open-retired");

	bring(p, QUO_STATE_BURNED);
	assert_err(say_new(p, "redeal", NULL), QUO_OK);
	e.value[QUO_KEY_SET] = SET2;
	e.value[QUO_KEY_EMERGENCY] = "to look";
	assert_err(quo_ledger_record(p->ledger, &e, NULL), QUO_OK);
	assert_err(say_new(p, "rotate-start", NULL), QUO_EREFUSED);
	assert_int_equal(ask(p, "SELECT count(*) FROM dealing WHERE "
	    "status = 'void'"), 1);
}

static void
abandoning_settles_all_that_is_on_its_way(void **state)
{
	struct place *p = *state;

	bring(p, QUO_STATE_BURNED);
	assert_err(say_new(p, "redeal", NULL), QUO_OK);
	assert_err(say_new(p, "rotate-start", NULL), QUO_OK);
	assert_err(say_new(p, "rotate-end", "unknown"), QUO_OK);
	assert_int_equal(ask(p, "SELECT failures FROM credential"), 1);
	assert_err(say_third(p, "redeal", NULL), QUO_OK);
	assert_err(say_third(p, "rotate-start", NULL), QUO_OK);
	assert_err(say_third(p, "rotate-end", "abandoned"), QUO_OK);
	assert_int_equal(state_of(p), QUO_STATE_BURNED);
	assert_int_equal(ask(p, "SELECT count(*) FROM dealing WHERE "
	    "status = 'void'"), 2);
	assert_int_equal(ask(p, "SELECT count(*) FROM dealing WHERE "
	    "status = 'current' AND generation = 1"), 1);
}

static void
tries_of_an_old_secret_are_counted(void **state)
{
	struct place *p = *state;

	bring(p, QUO_STATE_BURNED);
	assert_err(say_new(p, "probe", NULL), QUO_EREFUSED);
	assert_err(say(p, "probe"), QUO_OK);
	assert_err(say(p, "probe"), QUO_OK);
	assert_int_equal(ask(p, "SELECT count(*) FROM probe WHERE "
	    "credential = 'db-root'"), 2);
}

/* Only a refused rotation says that it failed; the state is what it was. */
static void
what_never_began_counts_as_failed(void **state)
{
	struct place *p = *state;
	struct quo_entry e = full("redeal");

	bring(p, QUO_STATE_BURNED);
	e.value[QUO_KEY_OUTCOME] = NULL;
	refuse(p, quo_ledger_refuse(p->ledger, &e, "no"), "no");
	assert_int_equal(ask(p, "SELECT failures FROM credential"), 0);
	e.value[QUO_KEY_OUTCOME] = "failed";
	refuse(p, quo_ledger_refuse(p->ledger, &e, "not now"), "not now");
	assert_int_equal(ask(p, "SELECT failures FROM credential WHERE "
	    "failure = 'not now'"), 1);
	assert_err(say(p, "rotate-failed"), QUO_OK);
	assert_int_equal(ask(p, "SELECT failures FROM credential WHERE tried "
	    "IS NOT NULL AND failure LIKE 'the%'"), 2);
	assert_int_equal(state_of(p), QUO_STATE_BURNED);
}

static void
cards_of_a_failed_dealing_are_void(void **state)
{
	struct place *p = *state;
	struct quo_entry e;

	assert_err(say(p, "deal-intent"), QUO_OK);
	e = full("deal-failed");
	e.value[QUO_KEY_SET] = NULL;
	assert_err(quo_ledger_record(p->ledger, &e, NULL), QUO_OK);
	assert_int_equal(ask(p, "SELECT count(*) FROM dealing"), 0);
	assert_err(say(p, "deal-intent"), QUO_OK);
	assert_err(say(p, "deal-failed"), QUO_OK);
	assert_int_equal(ask(p, "SELECT count(*) FROM intent"), 0);
	assert_int_equal(ask(p, "SELECT count(*) FROM dealing WHERE "
	    "status = 'void'"), 1);
	assert_int_equal(state_of(p), QUO_STATE_PLANNED);
	assert_err(say_new(p, "redeal", NULL), QUO_OK);
	e.value[QUO_KEY_SET] = SET2;
	e.value[QUO_KEY_GENERATION] = "2";
	assert_err(quo_ledger_record(p->ledger, &e, NULL), QUO_OK);
	assert_int_equal(ask(p, "SELECT count(*) FROM dealing WHERE "
	    "status = 'void'"), 2);
}

/* New cards of the same secret: it is as old as it was, and burned. */
static void
what_is_reissued_is_burned_still(void **state)
{
	struct place *p = *state;

	bring(p, QUO_STATE_BURNED);
	refuse(p, say(p, "reissue"), "generation 1 of \"db-root\" is there");
	assert_err(quo_db_script(p->ledger->db, "UPDATE credential SET "
	    "rotated = 'long ago'"), QUO_OK);
	assert_err(say_new(p, "reissue", "proven"), QUO_OK);
	assert_int_equal(state_of(p), QUO_STATE_BURNED);
	assert_int_equal(ask(p, "SELECT count(*) FROM dealing WHERE "
	    "generation = 2 AND status = 'current' OR generation = 1 AND "
	    "status = 'former'"), 2);
	assert_int_equal(ask(p, "SELECT count(*) FROM card WHERE set_id = '"
	    SET2 "'"), 3);
	assert_int_equal(ask(p, "SELECT count(*) FROM credential WHERE "
	    "rotated = 'long ago' AND generation = 2 AND secret = 1 AND "
	    "burned IS NOT NULL AND deadline IS NOT NULL"), 1);
	/* And again: both earlier ones hold it still. */
	assert_err(say_third(p, "reissue", "proven"), QUO_OK);
	assert_int_equal(ask(p, "SELECT count(*) FROM dealing WHERE "
	    "status = 'former'"), 2);
	assert_int_equal(ask(p, "SELECT secret FROM credential"), 1);
	refuse(p, say(p, "retire"), "rotate it first");
}

/* Only a proven rotation ends what the earlier sets are good for. */
static void
a_proven_rotation_ends_a_reissue(void **state)
{
	struct place *p = *state;

	bring(p, QUO_STATE_BURNED);
	assert_err(say_new(p, "reissue", "proven"), QUO_OK);
	assert_err(say_third(p, "redeal", NULL), QUO_OK);
	assert_err(say_third(p, "rotate-start", "proven"), QUO_OK);
	refuse(p, say_of(p, "4", INVENTORY INVENTORY, "reissue", "proven"),
	    "is rotating");
	assert_int_equal(ask(p, "SELECT secret FROM credential"), 1);
	assert_err(say_third(p, "rotate-end", "proven"), QUO_OK);
	assert_int_equal(state_of(p), QUO_STATE_ROTATED);
	assert_int_equal(ask(p, "SELECT secret FROM credential"), 3);
	assert_int_equal(ask(p, "SELECT count(*) FROM dealing WHERE "
	    "status = 'former'"), 2);
	assert_err(quo_ledger_agrees(p->ledger), QUO_OK);
	assert_err(say(p, "review"), QUO_OK);
	assert_err(say(p, "retire"), QUO_OK);
	assert_int_equal(ask(p, "SELECT count(*) FROM credential WHERE "
	    "secret IS NULL"), 1);
}

/* One that was dealt for a rotation, and never reached the target. */
static void
what_waits_is_void_after_a_reissue(void **state)
{
	struct place *p = *state;

	bring(p, QUO_STATE_BURNED);
	assert_err(say_new(p, "redeal", "proven"), QUO_OK);
	assert_err(say_third(p, "reissue", "proven"), QUO_OK);
	assert_int_equal(ask(p, "SELECT count(*) FROM dealing WHERE "
	    "generation = 2 AND status = 'void' OR generation = 1 AND "
	    "status = 'former'"), 2);
	assert_err(say_new(p, "rotate-start", "proven"), QUO_EREFUSED);
	assert_int_equal(state_of(p), QUO_STATE_BURNED);
}

/* A rotation that left it open which of two the target takes. */
static void
what_is_pending_is_settled_first(void **state)
{
	struct place *p = *state;
	struct quo_entry e = full("open");

	bring(p, QUO_STATE_UNPROVEN);
	refuse(p, say_third(p, "reissue", "proven"), "is unproven");
	e.value[QUO_KEY_EMERGENCY] = "no time";
	assert_err(quo_ledger_record(p->ledger, &e, NULL), QUO_OK);
	refuse(p, say_third(p, "reissue", "proven"), "isn't proven");
	assert_int_equal(ask(p, "SELECT count(*) FROM dealing WHERE "
	    "status IN ('current', 'pending')"), 2);
}

/* Whatever is said to be an emergency: what wasn't opened isn't reissued. */
static void
no_emergency_reissues(void **unused)
{
	struct quo_entry e = full("reissue");
	void *state;

	(void)unused;
	e.value[QUO_KEY_SET] = HASH;
	e.value[QUO_KEY_GENERATION] = "9";
	e.value[QUO_KEY_EMERGENCY] = "no time";
	for (int s = 0; s < QUO_STATES; s++) {
		assert_int_equal(setup(&state), 0);
		bring(state, (enum quo_state)s);
		assert_err(quo_ledger_record(((struct place *)state)->ledger,
		    &e, NULL), s == QUO_STATE_BURNED ? QUO_OK : QUO_EREFUSED);
		assert_int_equal(teardown(&state), 0);
	}
}

/* One of before sets could be reissued; its tables gain what they lack. */
static void
an_older_ledger_is_brought_up(void **state)
{
	struct place *p = *state;
	struct quo_ledger *other = NULL;

	bring(p, QUO_STATE_ROTATED);
	assert_err(quo_db_script(p->ledger->db, "ALTER TABLE credential DROP "
	    "COLUMN secret; PRAGMA user_version = 1"), QUO_OK);
	assert_err(quo_ledger_open(p->path, false, &other), QUO_EREADONLY);
	assert_err(quo_ledger_open(p->path, true, &other), QUO_OK);
	quo_ledger_close(p->ledger);
	p->ledger = other;
	assert_int_equal(ask(p, "SELECT secret FROM credential"), 2);
}

static void
receipts_are_taken_in_once(void **state)
{
	struct place *p = *state;

	assert_err(say(p, "receipt"), QUO_OK);
	refuse(p, say(p, "receipt"), "already");
}

static void
what_differs_from_the_log_is_found(void **state)
{
	struct place *p = *state;

	bring(p, QUO_STATE_ROTATED);
	assert_err(quo_ledger_agrees(p->ledger), QUO_OK);
	assert_err(quo_db_script(p->ledger->db, "UPDATE credential SET "
	    "state = 'active'"), QUO_OK);
	assert_err(quo_ledger_agrees(p->ledger), QUO_EMISMATCH);
	assert_non_null(strstr(quo_ledger_why(p->ledger), "state"));
}

static void
nothing_of_what_is_rolled_back_stays(void **state)
{
	struct place *p = *state;
	struct quo_checkpoint before, after;

	bring(p, QUO_STATE_DEALT);
	assert_err(quo_ledger_checkpoint(p->ledger, &before), QUO_OK);
	assert_err(quo_ledger_begin(p->ledger), QUO_OK);
	assert_err(say(p, "request"), QUO_OK);
	assert_err(say(p, "lost"), QUO_OK);
	quo_ledger_rollback(p->ledger);
	assert_err(quo_ledger_checkpoint(p->ledger, &after), QUO_OK);
	assert_memory_equal(&before, &after, sizeof before);
	assert_int_equal(state_of(p), QUO_STATE_DEALT);
}

static void
files_that_are_no_ledger(void **state)
{
	struct place *p = *state;
	struct quo_ledger *other = NULL;
	struct quo_secret *key = NULL;
	struct stat st;
	FILE *f;

	assert_err(quo_ledger_create(p->path, "x", &key), QUO_EEXIST);
	assert_int_equal(stat(p->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_err(quo_ledger_open("/tmp/no/such/ledger", true, &other),
	    QUO_ENOENT);
	quo_db_script(p->ledger->db, "PRAGMA user_version = 999");
	assert_err(quo_ledger_open(p->path, true, &other), QUO_ENEWER);
	quo_ledger_close(p->ledger);
	p->ledger = NULL;
	f = fopen(p->path, "r+");
	fputs("this is no database", f);
	fclose(f);
	assert_err(quo_ledger_open(p->path, true, &other), QUO_ECORRUPT);
	f = fopen(p->path, "w");
	fclose(f);
	assert_err(quo_ledger_open(p->path, true, &other), QUO_ECORRUPT);
	assert_null(other);
}

/* A file whose tables do more, or less, than ours. */
static void
a_ledger_that_was_tampered_with(void **state)
{
	static const char *const changes[][2] = {
		{ "CREATE TRIGGER t BEFORE INSERT ON delivery BEGIN SELECT "
		    "raise(ignore); END", "DROP TRIGGER t" },
		{ "CREATE VIEW v AS SELECT 1", "DROP VIEW v" },
		{ "CREATE TABLE u (x)", "DROP TABLE u" },
		{ "DROP INDEX card_custodian", "CREATE INDEX card_custodian "
		    "ON card (custodian)" },
		{ "ALTER TABLE person ADD COLUMN x TEXT", "ALTER TABLE person "
		    "DROP COLUMN x" },
		{ "ALTER TABLE person RENAME TO people", NULL },
	};
	struct place *p = *state;
	struct quo_ledger *other = NULL;

	assert_err(quo_db_script(p->ledger->db, "ANALYZE"), QUO_OK);
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		assert_err(quo_ledger_open(p->path, true, &other), QUO_OK);
		quo_ledger_close(other);
		other = NULL;
		assert_err(quo_db_script(p->ledger->db, changes[i][0]),
		    QUO_OK);
		for (int write = 0; write <= 1; write++)
			assert_err(quo_ledger_open(p->path, write, &other),
			    QUO_ECORRUPT);
		if (changes[i][1] != NULL)
			assert_err(quo_db_script(p->ledger->db,
			    changes[i][1]), QUO_OK);
	}
}

/* What is put in after we opened it does nothing either. */
static void
triggers_do_nothing(void **state)
{
	struct place *p = *state;

	assert_err(quo_db_script(p->ledger->db, "CREATE TRIGGER t BEFORE "
	    "INSERT ON delivery BEGIN SELECT raise(ignore); END"), QUO_OK);
	bring(p, QUO_STATE_REQUESTED);
	assert_int_equal(ask(p, "SELECT count(*) FROM delivery"), 1);
}

/* Several at once; one of them dies in the middle of a transaction. */
static void
several_processes(void **state)
{
	enum { WRITERS = 4, ENTRIES = 25 };
	struct place *p = *state;
	struct quo_entry e = full("unlocked");
	int status, failed = 0;
	pid_t dying;

	quo_ledger_close(p->ledger);
	p->ledger = NULL;
	dying = fork();
	if (dying == 0) {
		quo_ledger_open(p->path, true, &p->ledger);
		quo_ledger_begin(p->ledger);
		quo_ledger_record(p->ledger, &e, NULL);
		usleep(300000);
		raise(SIGKILL);
	}
	for (int w = 0; w < WRITERS; w++) {
		if (fork() != 0)
			continue;
		if (quo_ledger_open(p->path, true, &p->ledger) != QUO_OK)
			_exit(1);
		for (int i = 0; i < ENTRIES; i++)
			if (quo_ledger_record(p->ledger, &e, NULL) != QUO_OK)
				_exit(1);
		_exit(0);
	}
	while (wait(&status) > 0)
		failed += WIFEXITED(status) && WEXITSTATUS(status) != 0;
	assert_int_equal(failed, 0);
	assert_err(quo_ledger_open(p->path, true, &p->ledger), QUO_OK);
	assert_int_equal(ask(p, "SELECT count(*) FROM entry"),
	    1 + WRITERS * ENTRIES);
	assert_err(quo_ledger_agrees(p->ledger), QUO_OK);
	assert_err(quo_ledger_record(p->ledger, &e, NULL), QUO_OK);
}

/* Killed while it writes the file, behind the journal: the next one rolls
 * back, be it one that only reads. */
static void
readers_roll_back_too(void **state)
{
	struct place *p = *state;
	struct quo_entry e = full("unlocked");
	struct quo_checkpoint before, after;
	char journal[96];
	struct stat st;
	pid_t dying;

	assert_err(quo_ledger_checkpoint(p->ledger, &before), QUO_OK);
	quo_ledger_close(p->ledger);
	p->ledger = NULL;
	dying = fork();
	if (dying == 0) {
		quo_ledger_open(p->path, true, &p->ledger);
		quo_db_script(p->ledger->db, "PRAGMA cache_size = 1;"
		    "PRAGMA cache_spill = 1");
		quo_ledger_begin(p->ledger);
		for (int i = 0; i < 100; i++)
			quo_ledger_record(p->ledger, &e, NULL);
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(dying, NULL, 0), dying);
	snprintf(journal, sizeof journal, "%s-journal", p->path);
	assert_int_equal(stat(journal, &st), 0);
	assert_true(st.st_size > 0);
	assert_err(quo_ledger_open(p->path, false, &p->ledger), QUO_OK);
	assert_err(quo_ledger_checkpoint(p->ledger, &after), QUO_OK);
	assert_int_equal(after.size, before.size);
	assert_err(quo_ledger_agrees(p->ledger), QUO_OK);
	assert_true(quo_ledger_record(p->ledger, &e, NULL) != QUO_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_illegal_step_is_refused_and_logged),
		cmocka_unit_test(an_emergency_opens_from_everywhere),
		AGREES(approvals_are_refused_by_name),
		IN_PLACE(approvals_are_of_one_set),
		AGREES(nothing_opens_as_another),
		AGREES(nothing_opens_under_what_is_over),
		AGREES(blanks_say_nothing),
		AGREES(requests_expire),
		IN_PLACE(files_that_are_no_ledger),
		IN_PLACE(a_ledger_that_was_tampered_with),
		IN_PLACE(triggers_do_nothing),
		IN_PLACE(what_differs_from_the_log_is_found),
		AGREES(receipts_are_taken_in_once),
		AGREES(nothing_of_what_is_rolled_back_stays),
		AGREES(every_opening_can_be_reviewed),
		AGREES(what_was_kept_is_burned_still),
		AGREES(kept_is_as_before),
		AGREES(kept_after_unknown_is_unknown),
		AGREES(a_set_waits_for_its_rotation),
		AGREES(only_one_set_waits),
		AGREES(what_was_seen_stays_burned),
		AGREES(what_was_seen_does_not_wait),
		AGREES(abandoning_settles_all_that_is_on_its_way),
		AGREES(tries_of_an_old_secret_are_counted),
		AGREES(what_never_began_counts_as_failed),
		AGREES(cards_of_a_failed_dealing_are_void),
		IN_PLACE(what_is_reissued_is_burned_still),
		AGREES(a_proven_rotation_ends_a_reissue),
		AGREES(what_waits_is_void_after_a_reissue),
		AGREES(what_is_pending_is_settled_first),
		cmocka_unit_test(no_emergency_reissues),
		AGREES(an_older_ledger_is_brought_up),
		AGREES(a_whole_life),
		AGREES(what_is_no_value_is_named),
		AGREES(several_processes),
		AGREES(readers_roll_back_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
