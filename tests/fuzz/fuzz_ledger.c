/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "fuzz.h"
#include "ledger/holding.h"
#include "ledger/incident.h"
#include "ledger/judge.h"
#include "ledger/ledger_internal.h"
#include "ledger/log.h"
#include "ledger/sets.h"
#include "ledger/story.h"
#include "ledger/unproven.h"
#include "ledger/view.h"

/*
 * A log of anybody's, as `report --log` takes it in: lines into story and
 * tables, and all that reads these. A line is built of an event and of
 * changes to an entry that has everything; so most of them are understood.
 */

#define SET(digit) digit digit digit digit digit digit digit digit
#define ID(d) SET(SET(d))
#define HUGE "9223372036854775807"
#define TINY "-9223372036854775808"
#define CHOICES 8

/* The first is what an entry has where nothing is changed. */
static const char *const choices[QUO_KEYS][CHOICES] = {
	[QUO_KEY_TIME] = { "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z",
	    "2025-03-01T00:00:00Z", "0000-01-01T00:00:00Z",
	    "9999-12-31T23:59:59Z", "yesterday" },
	[QUO_KEY_OUTCOME] = { "proven", "unproven", "kept", "abandoned",
	    "unknown", "neither" },
	[QUO_KEY_LEDGER] = { "00112233445566778899aabbccddeeff", "x" },
	[QUO_KEY_CREDENTIAL] = { "db", "web", "x" },
	[QUO_KEY_INVENTORY] = { "00112233445566778899aabbccddeeff",
	    "0123456789abcdef0123456789abcdef", "short" },
	[QUO_KEY_SET] = { ID("1"), ID("2"), ID("3"), ID("4"), "5",
	    ID("1") "1" },
	[QUO_KEY_GENERATION] = { "1", "2", "3", "4", "0", HUGE, TINY,
	    "4294967296" },
	[QUO_KEY_INCIDENT] = { "INC-3", "INC-2", "INC-4", "INC-5", "INC-6",
	    "INC-0", "INC-999999999999999", "entry 3" },
	[QUO_KEY_ACT] = { "add", "change", "retire" },
	[QUO_KEY_ACTOR] = { "alice", "bob" },
	[QUO_KEY_AUTH] = { "claimed", "signed" },
	[QUO_KEY_KEY] = { NULL, "SHA256:x" },
	[QUO_KEY_PERSON] = { "bob", "ciso", "Bob ", "ana" },
	[QUO_KEY_CARD] = { "1", "2", "3", "255", "256", HUGE, TINY, "x" },
	[QUO_KEY_VERDICT] = { "genuine", "forged", "whole", "damaged" },
	[QUO_KEY_REQUESTER] = { "alice", "bob", "cfo" },
	[QUO_KEY_REASON] = { "it is down", "\"\\\"" },
	[QUO_KEY_TICKET] = { "T-1", "T-2" },
	[QUO_KEY_EXPECTED] = { "2h", "0s", "9999999999d", "soon" },
	[QUO_KEY_EXPIRES] = { "2999-01-01T00:00:00Z", "2000-01-01T00:00:00Z",
	    "9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "later" },
	[QUO_KEY_DEADLINE] = { "2026-03-01T04:00:00Z", "2000-01-01T00:00:00Z",
	    "9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "later" },
	[QUO_KEY_EMERGENCY] = { NULL, "nobody is there", "receipt d1e2",
	    "receipt " },
	[QUO_KEY_CLASSIFICATION] = { "emergency", "drill" },
	[QUO_KEY_FINDINGS] = { "none" },
	[QUO_KEY_ACTIONS] = { "none" },
	[QUO_KEY_RECORDING] = { "none: no network" },
	[QUO_KEY_POLICY] = { "2 of (cfo, ciso, cto)", "1 of (cfo, ciso)",
	    "3 of (cfo, cfo, ciso)", "2 of (2 of (a, b), 1 of (c, d))",
	    "2 of 255", "2 of (x", "1 of 1" },
	[QUO_KEY_CARDS] = { "3", "2", "4", "255", "0", HUGE, TINY, "1,3" },
	[QUO_KEY_LOCKED] = { NULL, "yes" },
	[QUO_KEY_LOCATION] = { NULL, "safe", "bank" },
	[QUO_KEY_BAG] = { NULL, "B1" },
	[QUO_KEY_HASH] = { ID("a"), ID("b"), "x" },
	[QUO_KEY_SIZE] = { "1", HUGE },
	[QUO_KEY_ROOT] = { ID("c") },
	[QUO_KEY_SECONDS] = { "60", "0", "-60", HUGE, TINY,
	    "99999999999999999999", "minute" },
	[QUO_KEY_SINK] = { "syslog", "hook" },
	[QUO_KEY_DETAIL] = { "more", "less" },
};

static struct quo_ledger *ledger;
static struct quo_story story;

/* The one behind the choices is none. */
static const char *
choice(int key, uint8_t which)
{
	which %= CHOICES + 1;
	return which < CHOICES ? choices[key][which] : NULL;
}

static bool
take_line(const char *line, size_t len)
{
	must(quo_story_line(&story, line, len) == QUO_OK);
	return quo_ledger_replay(ledger, line, len) == QUO_OK;
}

/* How many bytes of data were used; 0: a line that isn't taken. */
static size_t
take_entry(const uint8_t *data, size_t size, uint64_t number)
{
	struct quo_entry e = { .number = number };
	size_t count, used = 2 + 2 * (size_t)(data[1] % 8), len = 0;
	const struct quo_step *steps = quo_steps(&count);
	char *line = NULL;
	bool taken;

	for (int k = 0; k < QUO_KEYS; k++)
		e.value[k] = choices[k][0];
	e.value[QUO_KEY_EVENT] = steps[data[0] % count].event;
	used = used < size ? used : size;
	for (size_t i = 2; i + 1 < used; i += 2) {
		int key = data[i] % QUO_KEYS;

		if (key != QUO_KEY_EVENT)
			e.value[key] = choice(key, data[i + 1]);
	}
	must(quo_line_encode(&e, &line, &len) == QUO_OK);
	taken = take_line(line, len);
	free(line);
	return taken ? used : 0;
}

static void
look_at_set(void *context, const struct quo_holding *holding)
{
	struct quo_left left;

	(void)context;
	quo_holding_left(holding, &left);
	must(left.cards + left.lost == holding->policy->cards);
	must(left.spare <= left.cards && left.finder <= left.lost + left.cards);
}

static void
ignore_card(const struct quo_view_card *card, void *arg)
{
	(void)arg;
	must(card->serial > 0);
}

static void
ignore_finding(void *context, const struct quo_finding *finding)
{
	(void)context;
	must(finding->text[0] != '\0');
}

static void
look_at_incident(const char *name)
{
	struct quo_incident *in = NULL;
	struct quo_approval approval;
	char *text = NULL, why[QUO_REASON_MAX] = "";

	if (quo_incident_load(ledger, name, &in) != QUO_OK)
		return;
	quo_incident_approval(ledger, in, &approval);
	must(quo_approval_print(&approval, &text, why) == QUO_OK ||
	    why[0] != '\0');
	free(text);
	free(in);
}

/* Times of such a log may be none. */
static void
must_read(enum quo_err err)
{
	must(err == QUO_OK || err == QUO_ECORRUPT);
}

static void
look_at_credential(const struct quo_view *view)
{
	struct quo_sets sets = { .row = NULL };
	struct quo_unproven *unproven = NULL;
	struct quo_line *line = NULL;
	struct quo_word word;

	must_read(quo_view_cards(ledger, view->name, ignore_card, NULL));
	for (size_t i = 0; i < view->set_count; i++)
		must_read(quo_view_set_cards(ledger, view->sets[i].id,
		    ignore_card, NULL));
	if (quo_sets_load(ledger, view->name, &sets) == QUO_OK)
		quo_sets_new(&sets);
	quo_sets_clear(&sets);
	if (quo_unproven_load(ledger, view->name, &unproven) == QUO_OK)
		quo_unproven_word(ledger, unproven, &word);
	quo_unproven_free(unproven);
	if (quo_ledger_word(ledger, view->name, &line) == QUO_OK &&
	    line != NULL)
		quo_word_seen(&line->entry);
	free(line);
	quo_due_rotate(view, 0);
	quo_due_unattended(view, 0);
	quo_view_finder(view);
}

/* What status and report show. */
static void
look(void)
{
	const struct quo_view_rules rules = { .now = 1772500000,
		.drill_every = 7776000,
		.max_age = 31536000,
		.review_within = 432000 };
	struct quo_story_decay decay;
	struct quo_views views;
	char name[24];

	must(quo_story_end(&story) == QUO_OK);
	must(quo_story_decay(&story, &decay) == QUO_OK);
	if (quo_views_load(ledger, &rules, &views) == QUO_OK)
		for (size_t i = 0; i < views.count; i++)
			look_at_credential(&views.view[i]);
	quo_views_clear(&views);
	quo_holding_each(ledger, look_at_set, NULL);
	quo_judge(ledger, ignore_finding, NULL);
	for (unsigned i = 0; i < 8; i++) {
		snprintf(name, sizeof name, "INC-%u", i);
		look_at_incident(name);
	}
}

static void
begin(void)
{
	if (ledger == NULL) {
		must(quo_ledger_memory(&ledger) == QUO_OK);
		ledger->within = true;
	}
	must(quo_db_begin(ledger->db) == QUO_OK);
	must(quo_story_begin(&story, 1767225600, 1798761600, 1798761600) ==
	    QUO_OK);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t number = 0;
	size_t used = 1, whole = size;
	bool agrees = size > 0 && data[0] % 16 == 0;

	begin();
	for (; used > 0 && whole > 2; data += used, whole -= used)
		used = take_entry(data, whole, number++);
	look();
	if (agrees && used > 0)
		must(quo_ledger_agrees(ledger) == QUO_OK);
	quo_story_clear(&story);
	quo_db_rollback(ledger->db);
	return 0;
}
