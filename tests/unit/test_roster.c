/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ledger/holding.h"
#include "ledger/judge.h"
#include "ledger/ledger_internal.h"
#include "place.h"

#define KEY1 "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGWGIk" \
	"8l/wnwQ0/gORxhChsrZs8ZkvOOEvpsLm+jaDiy"
#define KEY2 "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGOxNA" \
	"Mn8WHUywgLXBQg8NHQJPM7DqTOeDhiy6+bkJV0"

#define INVENTORY "00112233445566778899aabbccddeeff"

static struct quo_ledger *ledger;
static char dir[sizeof PLACE];

/* In memory, with a log that goes on from its first entry. */
static int
setup(void **state)
{
	(void)state;
	ledger = place_make(dir, false);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	return place_drop(ledger, dir);
}

static enum quo_err
read_text(const char *text, struct quo_roster *roster, char *why)
{
	struct quo_json_value *json = NULL;
	enum quo_err err;

	*roster = (struct quo_roster){ 0 };
	assert_err(quo_json_load(text, strlen(text), &json, NULL), QUO_OK);
	err = quo_roster_read(json, roster, why);
	quo_json_unload(json);
	return err;
}

static char *
write_text(const struct quo_roster *roster)
{
	struct quo_json *json = quo_json_new_line();
	const char *dump;
	char *text;

	quo_roster_write(roster, json);
	assert_err(quo_json_dump(json, &dump), QUO_OK);
	text = strdup(dump);
	quo_json_free(json);
	return text;
}

/* Everything of a document into the ledger. */
static void
put_text(const char *text)
{
	struct quo_roster has, wanted;
	char why[QUO_ROSTER_WHY];

	assert_err(read_text(text, &wanted, why), QUO_OK);
	assert_err(quo_roster_load(ledger, &has), QUO_OK);
	assert_err(quo_ledger_begin(ledger), QUO_OK);
	for (int k = 0; k < QUO_RECORD_KINDS; k++)
		for (size_t i = 0; i < wanted.count[k]; i++) {
			const struct quo_record *r = &wanted.records[k][i];

			assert_err(quo_record_put(ledger,
			    (enum quo_record_kind)k, quo_roster_find(&has,
			    (enum quo_record_kind)k, r->key), r), QUO_OK);
		}
	assert_err(quo_ledger_commit(ledger), QUO_OK);
	quo_roster_clear(&has);
	quo_roster_clear(&wanted);
}

static uint64_t
entries(void)
{
	struct quo_checkpoint at;

	assert_err(quo_ledger_checkpoint(ledger, &at), QUO_OK);
	return at.size;
}

static void
deal(const char *name, const char *generation, const char *policy)
{
	struct quo_policy *p = NULL;
	struct quo_policy_error error;
	char set[65] = "", cards[8];
	struct quo_entry e = { .value = {
		[QUO_KEY_EVENT] = "deal-intent",
		[QUO_KEY_CREDENTIAL] = name,
		[QUO_KEY_INVENTORY] = INVENTORY,
		[QUO_KEY_GENERATION] = generation,
		[QUO_KEY_POLICY] = policy,
	} };

	assert_err(quo_policy_parse(policy, &p, &error), QUO_OK);
	snprintf(cards, sizeof cards, "%u", p->cards);
	quo_policy_free(p);
	memset(set, *generation, 64);
	assert_err(quo_ledger_record(ledger, &e, NULL), QUO_OK);
	e.value[QUO_KEY_EVENT] = "deal";
	e.value[QUO_KEY_SET] = set;
	e.value[QUO_KEY_CARDS] = cards;
	assert_err(quo_ledger_record(ledger, &e, NULL), QUO_OK);
}

static void
on_card(const char *event, const char *name, char generation,
    const char *card, const char *location)
{
	char set[65] = "";
	struct quo_entry e = { .value = {
		[QUO_KEY_EVENT] = event,
		[QUO_KEY_CREDENTIAL] = name,
		[QUO_KEY_CARD] = card,
		[QUO_KEY_REASON] = "gone",
		[QUO_KEY_SET] = set,
		[QUO_KEY_LOCATION] = location,
		[QUO_KEY_HASH] = "abababababababababababababababababababababab"
		    "abababababababababab",
	} };

	memset(set, generation, 64);
	assert_err(quo_ledger_record(ledger, &e, NULL), QUO_OK);
}

static void
what_is_no_roster_is_refused_by_name(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "{\"persons\": []}", "there is no key \"persons\"" },
		{ "{\"people\": {}}", "people: a list is wanted, not an "
		    "object" },
		{ "{\"people\": [7]}", "people, number 1: an object is "
		    "wanted, not a whole number" },
		{ "{\"people\": [{}]}", "people, number 1: handle is "
		    "missing" },
		{ "{\"people\": [{\"handle\": null}]}", "people, number 1: "
		    "handle: a text is wanted, not null" },
		{ "{\"people\": [{\"handle\": \"\"}]}", "handle: a name has" },
		{ "{\"people\": [{\"handle\": \"a\\nb\"}]}", "a name has" },
		{ "{\"people\": [{\"handle\": \"ana \"}]}", "with a blank" },
		{ "{\"people\": [{\"handle\": \" ana\"}]}", "with a blank" },
		{ "{\"people\": [{\"handle\": \"a\"}, {\"handle\": \"b\", "
		    "\"nmae\": \"B\"}]}", "people, number 2 (\"b\"): there "
		    "is no key \"nmae\"" },
		{ "{\"people\": [{\"handle\": \"a\", \"owner\": \"B\"}]}",
		    "there is no key \"owner\"" },
		{ "{\"people\": [{\"handle\": \"a\"}, {\"handle\": \"a\"}]}",
		    "people: \"a\" stands there twice" },
		{ "{\"people\": [{\"handle\": \"a\", \"name\": \"\"}]}",
		    "name: a text has 1 to" },
		{ "{\"people\": [{\"handle\": \"a\", \"name\": [\"A\"]}]}",
		    "name: a text is wanted, not a list" },
		{ "{\"people\": [{\"handle\": \"a\", \"roles\": "
		    "[\"boss\"]}]}", "roles: \"boss\" is none of custodian, "
		    "requester, approver, auditor" },
		{ "{\"people\": [{\"handle\": \"a\", \"roles\": "
		    "[\"auditor\", \"auditor\"]}]}", "roles: \"auditor\" "
		    "stands there twice" },
		{ "{\"people\": [{\"handle\": \"a\", \"contact\": "
		    "[\"x\\ny\"]}]}", "contact: an element is a text" },
		{ "{\"people\": [{\"handle\": \"a\", \"contact\": [\"\"]}]}",
		    "contact: an element is a text" },
		{ "{\"people\": [{\"handle\": \"a\", \"contact\": [7]}]}",
		    "contact: an element is a text" },
		{ "{\"people\": [{\"handle\": \"a\", \"keys\": "
		    "[\"ssh-ed25519 AAAA\"]}]}", "(\"a\"): keys: " },
		{ "{\"people\": [{\"handle\": \"a\", \"retired\": "
		    "\"2026-11-21\"}]}", "retired: a time such as" },
		{ "{\"credentials\": [{\"handle\": \"a\"}]}",
		    "credentials, number 1: name is missing" },
		{ "{\"credentials\": [{\"name\": \"a\", \"approvals\": "
		    "\"2\"}]}", "approvals: a whole number is wanted" },
		{ "{\"credentials\": [{\"name\": \"a\", \"approvals\": -1}]}",
		    "approvals: a number from 0 to 16" },
		{ "{\"credentials\": [{\"name\": \"a\", \"approvals\": 17}]}",
		    "approvals: a number from 0 to 16" },
		{ "{\"credentials\": [{\"name\": \"a\", \"deadline\": 4}]}",
		    "deadline: a text is wanted" },
		{ "{\"credentials\": [{\"name\": \"a\", \"deadline\": "
		    "\"4\"}]}", "deadline: a time from" },
		{ "{\"credentials\": [{\"name\": \"a\", \"max_age\": "
		    "\"3651d\"}]}", "max_age: a time from" },
		{ "{\"credentials\": [{\"name\": \"a\", \"review_by\": "
		    "\"2026-02-30\"}]}", "review_by: a day such as" },
		{ "{\"credentials\": [{\"name\": \"a\", \"review_by\": "
		    "\"2026-02-3\"}]}", "review_by: a day such as" },
		{ "{\"credentials\": [{\"name\": \"a\", \"kind\": "
		    "\"robot\"}]}", "kind: \"robot\" is none of human, "
		    "machine" },
		{ "{\"credentials\": [{\"name\": \"a\", \"playbook\": "
		    "\"\"}]}", "playbook: \"\" is none of cloud" },
	};
	struct quo_roster roster;
	char why[QUO_ROSTER_WHY];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		why[0] = '\0';
		assert_err(read_text(cases[i].text, &roster, why),
		    QUO_ESYNTAX);
		if (strstr(why, cases[i].why) == NULL)
			fail_msg("%s: %s", cases[i].text, why);
		quo_roster_clear(&roster);
	}
}

static const char document[] =
    "{\"people\":["
    "{\"handle\":\"anna\",\"name\":\"Anna \\u00C5\",\"contact\":[\"+45 1\","
    "\"a@example.org\"],\"roles\":[\"requester\",\"approver\"],"
    "\"keys\":[\"" KEY1 "\"]},"
    "{\"handle\":\"bo\"},"
    "{\"handle\":\"cy\",\"retired\":\"2026-01-02T03:04:05Z\"}],"
    "\"credentials\":["
    "{\"name\":\"db\",\"owner\":\"anna\",\"target\":\"db1\",\"account\":"
    "\"root\",\"kind\":\"human\",\"domain\":\"data\",\"scenario\":"
    "\"sign-on is down\",\"justification\":\"no other way in\","
    "\"criteria\":[\"no sign-on for 15m\",\"data at risk\"],"
    "\"depends_on\":[\"power\"],\"approvals\":2,\"deadline\":\"4h\","
    "\"drill_every\":\"90d\",\"max_age\":\"365d\",\"review_by\":"
    "\"2027-01-31\",\"playbook\":\"premises\",\"hook\":\"/etc/hook\"},"
    "{\"name\":\"empty\"}]}\n";

static void
a_document_comes_back_as_it_was(void **state)
{
	struct quo_roster roster;
	char why[QUO_ROSTER_WHY], *text;
	uint64_t size;

	(void)state;
	assert_err(read_text(document, &roster, why), QUO_OK);
	text = write_text(&roster);
	assert_string_equal(text, document);
	free(text);
	quo_roster_clear(&roster);
	put_text(document);
	size = entries();
	assert_int_equal(size, 1 + 5);
	assert_err(quo_roster_load(ledger, &roster), QUO_OK);
	text = write_text(&roster);
	assert_string_equal(text, document);
	free(text);
	quo_roster_clear(&roster);
	put_text(document);
	assert_int_equal(entries(), size);
	assert_err(quo_ledger_agrees(ledger), QUO_OK);
}

static void
values_have_one_form(void **state)
{
	struct quo_roster roster;
	char why[QUO_ROSTER_WHY], *text;

	(void)state;
	assert_err(read_text("{\"credentials\": [{\"approvals\": 0, \"name\":"
	    " \"x\", \"deadline\": \"24h\", \"criteria\": []}], \"people\": "
	    "[{\"roles\": [\"auditor\", \"custodian\"], \"handle\": \"z\"}, "
	    "{\"handle\": \"a\", \"keys\": [\"" KEY1 " anna@home\"]}]}",
	    &roster, why), QUO_OK);
	text = write_text(&roster);
	assert_string_equal(text, "{\"people\":[{\"handle\":\"a\",\"keys\":"
	    "[\"" KEY1 "\"]},{\"handle\":\"z\",\"roles\":[\"custodian\","
	    "\"auditor\"]}],\"credentials\":[{\"name\":\"x\",\"deadline\":"
	    "\"1d\"}]}\n");
	free(text);
	quo_roster_clear(&roster);
}

static void
changes_are_logged_by_field(void **state)
{
	struct quo_rows *rows = NULL;
	static const char *const wanted[] = {
		"\"act\":\"add\",", "\"detail\":\"name\",",
		"\"act\":\"change\",", "\"detail\":\"name, roles\",",
		"\"act\":\"retire\",", "\"detail\":\"retired\",",
		"\"act\":\"change\",", "\"detail\":\"retired\",",
	};

	(void)state;
	put_text("{\"people\": [{\"handle\": \"a\", \"name\": \"A secret\"}]}");
	put_text("{\"people\": [{\"handle\": \"a\", \"roles\": "
	    "[\"auditor\"]}]}");
	put_text("{\"people\": [{\"handle\": \"a\", \"roles\": "
	    "[\"auditor\"], \"retired\": \"2026-01-02T03:04:05Z\"}]}");
	put_text("{\"people\": [{\"handle\": \"a\", \"roles\": "
	    "[\"auditor\"]}]}");
	assert_err(quo_db_ask(ledger->db, &rows, "SELECT line FROM entry "
	    "WHERE number > 0 ORDER BY number", ""), QUO_OK);
	for (size_t i = 0; i < 4; i++) {
		const char *line;

		assert_true(quo_rows_next(rows));
		line = quo_rows_text(rows, 0);
		assert_non_null(strstr(line, "\"event\":\"person\""));
		assert_non_null(strstr(line, "\"person\":\"a\""));
		assert_non_null(strstr(line, wanted[2 * i]));
		assert_non_null(strstr(line, wanted[2 * i + 1]));
		assert_non_null(strstr(line, "\"hash\":\""));
		assert_null(strstr(line, "A secret"));
	}
	assert_false(quo_rows_next(rows));
	assert_err(quo_rows_end(rows), QUO_OK);
}

static void
roles_end_with_retirement(void **state)
{
	struct quo_roster roster;
	char why[QUO_ROSTER_WHY];
	struct quo_record *p;

	(void)state;
	assert_err(read_text("{\"people\": [{\"handle\": \"a\", \"roles\": "
	    "[\"approver\"]}]}", &roster, why), QUO_OK);
	p = quo_roster_find(&roster, QUO_RECORD_PERSON, "a");
	assert_non_null(p);
	assert_null(quo_roster_find(&roster, QUO_RECORD_PERSON, "b"));
	assert_null(quo_roster_find(&roster, QUO_RECORD_CREDENTIAL, "a"));
	assert_true(quo_person_has(p, QUO_ROLE_APPROVER));
	assert_false(quo_person_has(p, QUO_ROLE_AUDITOR));
	assert_err(quo_record_set(p, QUO_RECORD_PERSON, QUO_PERSON_RETIRED,
	    "2026-01-02T03:04:05Z", why), QUO_OK);
	assert_false(quo_person_has(p, QUO_ROLE_APPROVER));
	quo_roster_clear(&roster);
}

static void
lost_cards_are_counted(void **state)
{
	static const struct {
		const char *policy, *lost;
		unsigned cards;
		bool opens;
		unsigned spare, finder;
	} cases[] = {
		{ "2 of (a, b, c)", "", 3, true, 1, 2 },
		{ "2 of (a, b, c)", "1", 2, true, 0, 1 },
		{ "2 of (a, b, c)", "12", 1, false, 0, 0 },
		{ "3 of (a, b, c, d, e)", "1", 4, true, 1, 2 },
		{ "3 of (a, b, c, d, e)", "15", 3, true, 0, 1 },
		{ "3 of (a, b, c)", "", 3, true, 0, 3 },
		{ "3 of (a, b, c)", "2", 2, false, 0, 2 },
		/* Each child must stay whole: the weaker one decides. */
		{ "2 of (2 of (a, b, c), 1 of (d, e))", "", 5, true, 1, 3 },
		{ "2 of (2 of (a, b, c), 1 of (d, e))", "4", 4, true, 0, 2 },
		{ "2 of (2 of (a, b, c), 1 of (d, e))", "45", 3, false, 0,
		    2 },
		{ "1 of (2 of (a, b, c), 2 of (d, e))", "", 5, true, 2, 2 },
		{ "1 of (2 of (a, b, c), 2 of (d, e))", "12", 3, true, 0,
		    0 },
	};
	struct quo_policy_error error;
	struct quo_left left;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct quo_holding *h = calloc(1, sizeof *h);

		assert_non_null(h);
		assert_err(quo_policy_parse(cases[i].policy, &h->policy,
		    &error), QUO_OK);
		for (const char *c = cases[i].lost; *c != '\0'; c++)
			h->card[*c - '0'].lost = true;
		quo_holding_left(h, &left);
		if (left.cards != cases[i].cards ||
		    left.lost != strlen(cases[i].lost) ||
		    left.opens != cases[i].opens ||
		    left.spare != cases[i].spare ||
		    left.finder != cases[i].finder)
			fail_msg("case %zu: %u left, spare %u, finder %u", i,
			    left.cards, left.spare, left.finder);
		quo_holding_free(h);
	}
}

static void
a_set_is_found_with_its_holders(void **state)
{
	struct quo_holding *h = NULL;

	(void)state;
	assert_err(quo_holding_load(ledger, "db", 0, &h), QUO_ENOENT);
	deal("db", "1", "2 of (anna, _, bo)");
	on_card("acknowledge", "db", '1', "3", "safe 3");
	on_card("lost", "db", '1', "1", NULL);
	assert_err(quo_holding_load(ledger, "db", 2, &h), QUO_ENOENT);
	assert_null(h);
	assert_err(quo_holding_load(ledger, "db", 0, &h), QUO_OK);
	assert_string_equal(h->credential, "db");
	assert_int_equal(h->generation, 1);
	assert_true(h->current);
	assert_int_equal(h->policy->cards, 3);
	assert_string_equal(h->card[1].custodian, "anna");
	assert_null(h->card[2].custodian);
	assert_true(h->card[1].lost);
	assert_false(h->card[1].acknowledged);
	assert_true(h->card[3].acknowledged);
	assert_string_equal(h->card[3].location, "safe 3");
	quo_holding_free(h);
}

/* All findings as lines, "R2 text" or "(R4) text" for a note. */
static char told[8192];

static void
tell(void *context, const struct quo_finding *f)
{
	size_t used = strlen(told);

	(void)context;
	assert_non_null(f->about);
	snprintf(told + used, sizeof told - used, f->note ? "(%s) %s\n" :
	    "%s %s\n", f->rule, f->text);
}

static void
judge(void)
{
	told[0] = '\0';
	assert_err(quo_judge(ledger, tell, NULL), QUO_OK);
}

static void
says(const char *words)
{
	if (strstr(told, words) == NULL)
		fail_msg("not said: %s\n%s", words, told);
}

static void
what_is_wrong_is_found(void **state)
{
	(void)state;
	put_text("{\"people\": ["
	    "{\"handle\": \"anna\", \"roles\": [\"requester\", \"approver\"],"
	    " \"keys\": [\"" KEY2 "\", \"" KEY1 "\"]},"
	    "{\"handle\": \"aud\", \"roles\": [\"auditor\", \"custodian\"],"
	    " \"keys\": [\"" KEY1 "\"]},"
	    "{\"handle\": \"gone\", \"retired\": \"2026-01-02T03:04:05Z\"}],"
	    "\"credentials\": ["
	    "{\"name\": \"db\", \"domain\": \"data\", \"approvals\": 1,"
	    " \"depends_on\": [\"power\", \"the company's LDAP\"]},"
	    "{\"name\": \"c1\", \"domain\": \"cloud\", \"approvals\": 2},"
	    "{\"name\": \"c2\", \"domain\": \"cloud\"},"
	    "{\"name\": \"c3\", \"domain\": \"cloud\"},"
	    "{\"name\": \"c4\", \"domain\": \"cloud\"},"
	    "{\"name\": \"c5\", \"domain\": \"cloud\"},"
	    "{\"name\": \"c6\", \"domain\": \"cloud\"}]}");
	deal("db", "1", "2 of (aud, gone, stray, aud)");
	for (char c[2] = "1"; *c <= '4'; ++*c)
		on_card("acknowledge", "db", '1', c, "safe 1");
	judge();
	says("R2 domain \"data\" has one emergency credential");
	says("R2 domain \"cloud\" has 6 emergency credentials");
	says("R3 \"db\" has no criteria");
	says("R4 aud is auditor and custodian");
	says("R4 anna and aud have the same key");
	says("R4 \"db\" wants 1 approvals: when anna requests it");
	says("R4 \"c1\" wants 2 approvals, and the roster has 1");
	says("R4 aud is an auditor and holds a card of \"db\"");
	says("R4 stray holds a card of \"db\" and isn't on the roster");
	says("R9 gone is retired and holds a card of \"db\"");
	says("R4 the cards of aud alone open \"db\"");
	says("R5 all cards of \"db\" are kept in one place (safe 1)");
	says("R6 \"db\" depends on \"the company's LDAP\"");
	assert_null(strstr(told, "power"));
}

static void
thin_policies_are_found(void **state)
{
	(void)state;
	deal("one", "1", "1 of (anna, bo)");
	judge();
	says("R5 one card opens \"one\"");
	assert_err(quo_db_run(ledger->db, "DELETE FROM card", ""), QUO_OK);
	assert_err(quo_db_run(ledger->db, "DELETE FROM dealing", ""), QUO_OK);
	assert_err(quo_db_run(ledger->db, "UPDATE credential SET inventory = "
	    "NULL", ""), QUO_OK);
	deal("all", "2", "2 of (anna, bo)");
	judge();
	says("R5 \"all\" needs all of its 2 cards");
	says("(R4) the smallest group that could open \"all\" in secret: 2 "
	    "people (anna, bo)");
}

static void
a_sound_ledger_has_notes_only(void **state)
{
	(void)state;
	judge();
	assert_string_equal(told, "");
	put_text("{\"people\": ["
	    "{\"handle\": \"a\", \"roles\": [\"custodian\"]},"
	    "{\"handle\": \"b\", \"roles\": [\"custodian\"]},"
	    "{\"handle\": \"c\", \"roles\": [\"custodian\"]},"
	    "{\"handle\": \"r\", \"roles\": [\"requester\"]},"
	    "{\"handle\": \"m\", \"roles\": [\"approver\"]},"
	    "{\"handle\": \"aud\", \"roles\": [\"auditor\"]}],"
	    "\"credentials\": ["
	    "{\"name\": \"d1\", \"domain\": \"d\", \"approvals\": 1,"
	    " \"criteria\": [\"x\"], \"depends_on\": [\"badge reader\"]},"
	    "{\"name\": \"d2\", \"domain\": \"d\", \"criteria\": [\"x\"]}]}");
	deal("d1", "1", "2 of (a, b, c)");
	on_card("acknowledge", "d1", '1', "1", "safe 1");
	on_card("acknowledge", "d1", '1', "2", "safe 2");
	judge();
	assert_string_equal(told, "(R4) the smallest group that could open "
	    "\"d1\" in secret: 2 people (a, b)\n");
}

/* A long line is looked through to its end. */
static void
what_is_depended_on_is_read_to_its_end(void **state)
{
	char json[1024], filler[600];

	(void)state;
	memset(filler, 'x', sizeof filler - 1);
	filler[sizeof filler - 1] = '\0';
	snprintf(json, sizeof json, "{\"credentials\": [{\"name\": \"d\", "
	    "\"criteria\": [\"x\"], \"depends_on\": [\"%s ldap\"]}]}",
	    filler);
	put_text(json);
	judge();
	says("R6 \"d\" depends on \"xxx");
}

static void
identity_providers_are_known_by_words(void **state)
{
	static const char *const yes[] = {
		"LDAP", "corp AD", "Okta (SSO)", "entra-id, Entra", "the IdP"
	}, *const no[] = {
		"", "power", "road", "badge reader", "shadow", "adapter"
	};

	(void)state;
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		if (!quo_judge_identity(yes[i]))
			fail_msg("%s", yes[i]);
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		if (quo_judge_identity(no[i]))
			fail_msg("%s", no[i]);
}

#define IN_LEDGER(test) \
	cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_roster_is_refused_by_name),
		cmocka_unit_test(values_have_one_form),
		cmocka_unit_test(roles_end_with_retirement),
		cmocka_unit_test(lost_cards_are_counted),
		cmocka_unit_test(identity_providers_are_known_by_words),
		IN_LEDGER(a_document_comes_back_as_it_was),
		IN_LEDGER(changes_are_logged_by_field),
		IN_LEDGER(a_set_is_found_with_its_holders),
		IN_LEDGER(what_is_wrong_is_found),
		IN_LEDGER(thin_policies_are_found),
		IN_LEDGER(a_sound_ledger_has_notes_only),
		IN_LEDGER(what_is_depended_on_is_read_to_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
