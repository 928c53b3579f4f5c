/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hex.h"
#include "ledger/frontier.h"
#include "ledger/incident.h"
#include "ledger/ledger_internal.h"

#define SET "1111111111111111111111111111111111111111111111111111111111111111"
#define LATER "2999-01-01T00:00:00Z"
#define KEY1 "ssh-ed25519 " \
	"AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"
#define KEY2 "ssh-ed25519 " \
	"AAAAC3NzaC1lZDI1NTE5AAAAID1AF8PoQ4laoKdlhiYzXNHB1TWs1oRmmkU4NAGvzRmA"
#define IN_PLACE(test) \
	cmocka_unit_test_setup_teardown(test, setup, teardown)

struct place {
	char dir[sizeof PLACE];
	struct quo_ledger *ledger;
};

static enum quo_err
record(struct place *p, struct quo_entry e)
{
	return quo_ledger_record(p->ledger, &e, NULL);
}

static void
sql(struct place *p, const char *text)
{
	assert_err(quo_db_script(p->ledger->db, text), QUO_OK);
}

/* A ledger with db-root dealt: entries 0 to 2. */
static int
setup(void **state)
{
	struct place *p = calloc(1, sizeof *p);
	struct quo_entry e = { .value = {
		[QUO_KEY_EVENT] = "deal-intent",
		[QUO_KEY_CREDENTIAL] = "db-root",
		[QUO_KEY_INVENTORY] = "00112233445566778899aabbccddeeff",
		[QUO_KEY_GENERATION] = "1",
		[QUO_KEY_POLICY] = "2 of (cfo, ciso, cto)",
	} };

	*state = p;
	p->ledger = place_make(p->dir, false);
	assert_err(record(p, e), QUO_OK);
	e.value[QUO_KEY_EVENT] = "deal";
	e.value[QUO_KEY_SET] = SET;
	e.value[QUO_KEY_CARDS] = "3";
	assert_err(record(p, e), QUO_OK);
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

static struct quo_entry
wish(const char *requester)
{
	return (struct quo_entry){ .value = {
		[QUO_KEY_CREDENTIAL] = "db-root",
		[QUO_KEY_REQUESTER] = requester,
		[QUO_KEY_REASON] = "no login",
		[QUO_KEY_TICKET] = "none",
		[QUO_KEY_EXPECTED] = "2h",
		[QUO_KEY_EXPIRES] = LATER,
	} };
}

static int64_t
count(struct place *p)
{
	int64_t n = -1;

	assert_err(quo_db_int(p->ledger->db, -1, &n,
	    "SELECT count(*) FROM entry", ""), QUO_OK);
	return n;
}

/* The last line of the log. */
static void
last_line(struct place *p, char *line, size_t cap)
{
	struct quo_rows *rows = NULL;

	assert_err(quo_db_ask(p->ledger->db, &rows, "SELECT line FROM entry "
	    "ORDER BY number DESC LIMIT 1", ""), QUO_OK);
	assert_true(quo_rows_next(rows));
	snprintf(line, cap, "%s", quo_rows_text(rows, 0));
	assert_err(quo_rows_end(rows), QUO_OK);
}

/* Whatever is given as a name: that it was refused stands in the log. */
static void
odd_texts_dont_hide_a_refusal(void **state)
{
	static char cut[2][1000], quotes[4097];
	const char *const odd[] = { "eve\n", "eve\x1b[2J", "eve\xff", cut[0],
		cut[1], quotes };
	struct place *p = *state;
	char line[QUO_LINE_MAX + 1];

	for (size_t i = 0; i < 2; i++) {
		memset(cut[i], 'x', i);
		for (size_t n = i; n + 2 < sizeof cut[i]; n += 2)
			memcpy(cut[i] + n, "\xc3\xab", 2);
	}
	memset(quotes, '"', sizeof quotes - 1);
	sql(p, "INSERT INTO person (handle, roles) VALUES ('ana', 2)");
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
		struct quo_entry e = wish(odd[i]);
		int64_t before = count(p);

		if (odd[i] == quotes)
			e.value[QUO_KEY_TICKET] = e.value[QUO_KEY_CRITERION] =
			    e.value[QUO_KEY_REASON] = quotes;
		e.value[QUO_KEY_EVENT] = "request";
		assert_err(record(p, e), QUO_EREFUSED);
		assert_int_equal(count(p), before + 1);
		last_line(p, line, sizeof line);
		assert_non_null(strstr(line, "\"event\":\"refused\""));
		assert_non_null(strstr(line, "\"act\":\"request\""));
		assert_non_null(strstr(line, "\"reason\":\"request: "));
	}
	assert_err(quo_ledger_agrees(p->ledger), QUO_OK);
}

static void
what_is_no_incident_is_not_found(void **state)
{
	static const char *const bad[] = { "", "INC", "INC-", "INC-x",
		"INC-03", "INC-3x", "inc-3", "3", "INC--3", "INC-4", "INC-2",
		"INC-99999999999999999999" };
	struct place *p = *state;
	struct quo_incident *in = NULL;
	struct quo_entry e = wish("ana");
	uint64_t number = 0;

	assert_err(quo_incident_declare(p->ledger, &e, &number), QUO_OK);
	assert_int_equal(number, 3);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_err(quo_incident_load(p->ledger, bad[i], &in),
		    QUO_ENOENT);
	assert_null(in);
}

static void
criteria_are_cited_where_there_are_some(void **state)
{
	struct place *p = *state;
	struct quo_entry e = wish("ana");
	uint64_t number = 0;
	char line[QUO_LINE_MAX + 1];

	sql(p, "INSERT INTO profile (credential, criteria) VALUES "
	    "('db-root', 'no sign-on' || char(10) || 'site down')");
	assert_err(quo_incident_declare(p->ledger, &e, &number),
	    QUO_EREFUSED);
	assert_non_null(strstr(quo_ledger_why(p->ledger),
	    "(1) no sign-on (2) site down"));
	last_line(p, line, sizeof line);
	assert_non_null(strstr(line, "\"act\":\"request\""));
	for (size_t i = 0; i < 4; i++) {
		static const char *const bad[] = { "0", "3", "site",
			"no sign-on\nsite down" };

		e.value[QUO_KEY_CRITERION] = bad[i];
		assert_err(quo_incident_declare(p->ledger, &e, &number),
		    QUO_EREFUSED);
	}
	e.value[QUO_KEY_CRITERION] = "2";
	assert_err(quo_incident_declare(p->ledger, &e, &number), QUO_OK);
	last_line(p, line, sizeof line);
	assert_non_null(strstr(line, "\"criterion\":\"site down\""));
}

static void
a_refused_request_leaves_only_its_refusal(void **state)
{
	struct place *p = *state;
	struct quo_entry e = wish("ana");
	uint64_t number = 77;
	int64_t before = count(p);

	e.value[QUO_KEY_EXPECTED] = NULL;
	assert_err(quo_incident_declare(p->ledger, &e, &number),
	    QUO_EREFUSED);
	assert_int_equal(number, 77);
	assert_int_equal(count(p), before + 1);
	/* Within somebody's transaction, nothing is there before its end. */
	e = wish("ana");
	assert_err(quo_ledger_begin(p->ledger), QUO_OK);
	assert_err(quo_incident_declare(p->ledger, &e, &number), QUO_OK);
	quo_ledger_rollback(p->ledger);
	assert_int_equal(count(p), before + 1);
}

/* The document is of the request's entry, whatever comes behind. */
static void
a_document_stays_the_same(void **state)
{
	struct place *p = *state;
	struct quo_entry e = wish("ana");
	struct quo_incident *in = NULL;
	struct quo_checkpoint before;
	struct quo_approval approval;
	char *text[2] = { NULL }, root[QUO_HEX_TEXT], leaf[QUO_HEX_TEXT];
	char why[QUO_REASON_MAX], line[QUO_LINE_MAX + 1];
	uint8_t hash[QUO_HASH_LEN];
	uint64_t number = 0;

	assert_err(quo_ledger_checkpoint(p->ledger, &before), QUO_OK);
	assert_err(quo_incident_declare(p->ledger, &e, &number), QUO_OK);
	last_line(p, line, sizeof line);
	quo_frontier_leaf(line, strlen(line), hash);
	quo_hex_print(hash, QUO_HASH_LEN, leaf);
	quo_hex_print(before.root, QUO_HASH_LEN, root);
	for (size_t i = 0; i < 2; i++) {
		assert_err(quo_incident_load(p->ledger, "INC-3", &in),
		    QUO_OK);
		quo_incident_approval(p->ledger, in, &approval);
		assert_string_equal(approval.root, root);
		assert_string_equal(approval.size, "3");
		assert_string_equal(approval.request, leaf);
		assert_string_equal(approval.set, SET);
		assert_err(quo_approval_print(&approval, &text[i], why),
		    QUO_OK);
		free(in);
		assert_err(quo_incident_declare(p->ledger, &e, &number),
		    QUO_OK);
	}
	assert_string_equal(text[0], text[1]);
	free(text[0]);
	free(text[1]);
}

static void
what_became_of_an_incident_is_known(void **state)
{
	struct place *p = *state;
	struct quo_entry e = wish("ana");
	struct quo_incident *in = NULL;
	uint64_t number = 0;

	sql(p, "INSERT INTO profile (credential, approvals) VALUES "
	    "('db-root', 2)");
	assert_err(quo_incident_declare(p->ledger, &e, &number), QUO_OK);
	e = (struct quo_entry){ .value = { [QUO_KEY_EVENT] = "approve",
		[QUO_KEY_CREDENTIAL] = "db-root",
		[QUO_KEY_INCIDENT] = "INC-3", [QUO_KEY_PERSON] = "bob",
		[QUO_KEY_HASH] = SET, [QUO_KEY_SIZE] = "3",
		[QUO_KEY_ROOT] = SET } };
	assert_err(record(p, e), QUO_OK);
	e.value[QUO_KEY_EVENT] = "withdraw";
	e.value[QUO_KEY_REASON] = "it came back";
	assert_err(record(p, e), QUO_OK);
	assert_err(quo_incident_load(p->ledger, "INC-3", &in), QUO_OK);
	assert_int_equal(in->wanted, 2);
	assert_int_equal(in->given, 1);
	assert_true(in->withdrawn);
	assert_false(in->opened || in->unrotated || in->reviewed);
	free(in);
}

static void
a_key_that_is_none_is_corruption(void **state)
{
	struct place *p = *state;
	struct quo_signers s = { NULL, 0 };

	sql(p, "INSERT INTO person (handle, roles, keys) VALUES "
	    "('ana', 4, '" KEY1 "'), ('bob', 4, 'no key')");
	assert_err(quo_signers_load(p->ledger, &s), QUO_ECORRUPT);
	assert_null(s.list);
}

static void
keys_on_record_are_loaded_with_their_people(void **state)
{
	struct place *p = *state;
	struct quo_signers s = { NULL, 0 };

	sql(p, "INSERT INTO person (handle, roles, keys, retired) VALUES "
	    "('ana', 4, '" KEY1 "' || char(10) || '" KEY2 "', NULL), "
	    "('bob', 4, NULL, NULL), ('cy', 4, '', NULL), "
	    "('dee', 4, '" KEY2 "', '" LATER "')");
	assert_err(quo_signers_load(p->ledger, &s), QUO_OK);
	assert_int_equal(s.count, 3);
	assert_string_equal(s.list[0].person, "ana");
	assert_string_equal(s.list[0].key->text, KEY1);
	assert_string_equal(s.list[1].person, "ana");
	assert_string_equal(s.list[1].key->text, KEY2);
	assert_string_equal(s.list[2].person, "dee");
	assert_true(quo_signers_has(&s, "ana"));
	assert_false(quo_signers_has(&s, "bob"));
	assert_false(quo_signers_has(&s, "cy"));
	assert_true(quo_signers_has(&s, "dee"));
	quo_signers_free(&s);
	assert_int_equal(s.count, 0);
}

/* What a receipt says of the time counts back from its entry's, no further. */
static void
an_opening_has_its_own_time(void **state)
{
	static const struct {
		const char *seconds;
		int64_t opened;
	} cases[] = {
		{ NULL, 100 }, { "0", 100 }, { "40", 60 }, { "101", 100 },
		{ "-9223372036854775808", 100 },
	};
	struct quo_entry e = { .value = {
		[QUO_KEY_TIME] = "1970-01-01T00:01:40Z" } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		e.value[QUO_KEY_SECONDS] = cases[i].seconds;
		assert_int_equal(quo_incident_opened(&e), cases[i].opened);
	}
	e.value[QUO_KEY_TIME] = "then";
	assert_int_equal(quo_incident_opened(&e), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(odd_texts_dont_hide_a_refusal),
		IN_PLACE(what_is_no_incident_is_not_found),
		cmocka_unit_test(an_opening_has_its_own_time),
		IN_PLACE(criteria_are_cited_where_there_are_some),
		IN_PLACE(a_refused_request_leaves_only_its_refusal),
		IN_PLACE(a_document_stays_the_same),
		IN_PLACE(what_became_of_an_incident_is_known),
		IN_PLACE(a_key_that_is_none_is_corruption),
		IN_PLACE(keys_on_record_are_loaded_with_their_people),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
