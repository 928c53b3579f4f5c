/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "ledger/story.h"
#include "unit.h"

#define DAY INT64_C(86400)
#define START INT64_C(1767225600)	/* 2026-01-01 */
#define HASH "abababababababababababababababababababababababababababababababab"

static uint64_t number;
static struct quo_story story;

static int
setup(void **state)
{
	(void)state;
	number = 0;
	return quo_story_begin(&story, START, START + 365 * DAY,
	    START + 400 * DAY) != QUO_OK;
}

static int
teardown(void **state)
{
	(void)state;
	quo_story_clear(&story);
	return 0;
}

/* An entry with all that any event could want; when: days since START. */
static uint64_t
say(double when, const char *event, const char *name, int64_t incident,
    const char *more)
{
	char time[QUO_UTC_TEXT], deadline[QUO_UTC_TEXT], id[32];
	struct quo_entry e = { .number = number, .value = {
		[QUO_KEY_TIME] = time, [QUO_KEY_EVENT] = event,
		[QUO_KEY_CREDENTIAL] = name, [QUO_KEY_GENERATION] = "2",
		[QUO_KEY_DEADLINE] = deadline, [QUO_KEY_REQUESTER] = "ana",
		[QUO_KEY_REASON] = "no sign-on", [QUO_KEY_SECONDS] = "60",
		[QUO_KEY_VERDICT] = "genuine", [QUO_KEY_OUTCOME] = "proven",
	} };
	int64_t at = START + (int64_t)(when * (double)DAY);
	char *line = NULL;
	size_t len;

	quo_utc_print(at, time);
	quo_utc_print(at + DAY, deadline);
	snprintf(id, sizeof id, "INC-%lld", (long long)incident);
	if (incident >= 0)
		e.value[QUO_KEY_INCIDENT] = id;
	if (strcmp(event, "rotate-end") == 0 && more != NULL)
		e.value[QUO_KEY_OUTCOME] = more;
	if (strcmp(event, "present") == 0 && more != NULL)
		e.value[QUO_KEY_VERDICT] = more;
	if (strncmp(event, "open", 4) == 0)
		e.value[QUO_KEY_SECONDS] = NULL;
	if (strncmp(event, "open", 4) == 0 && more != NULL) {
		e.value[QUO_KEY_EMERGENCY] = "receipt d1e2";
		e.value[QUO_KEY_SECONDS] = more;
		e.value[QUO_KEY_GENERATION] = "1";
	}
	assert_int_equal(quo_line_encode(&e, &line, &len), QUO_OK);
	assert_int_equal(quo_story_line(&story, line, len), QUO_OK);
	free(line);
	return number++;
}

static int64_t
day(double when)
{
	return START + (int64_t)(when * (double)DAY);
}

static const struct quo_story_incident *
incident(uint64_t of)
{
	for (size_t i = 0; i < story.count; i++)
		if (story.incidents[i].number == of)
			return &story.incidents[i];
	fail_msg("there is no incident %llu", (unsigned long long)of);
	return NULL;
}

static uint64_t
opening(double when, const char *name)
{
	uint64_t n = say(when, "request", name, -1, NULL);

	say(when, "open", name, (int64_t)n, NULL);
	return n;
}

static void
passes_over_what_is_no_line(void **state)
{
	(void)state;
	say(1, "request", "db", -1, NULL);
	assert_int_equal(quo_story_line(&story, "{\"n\":1}", 7), QUO_OK);
	assert_int_equal(quo_story_line(&story, "", 0), QUO_OK);
	number = 0;	/* one that was there already */
	say(1, "request", "db", -1, NULL);
	assert_int_equal(quo_story_end(&story), QUO_OK);
	assert_int_equal(story.unread, 3);
	assert_int_equal(story.count, 1);
	assert_int_equal(story.entries, 1);
}

static void
counts_no_decay_where_nothing_burned(void **state)
{
	struct quo_story_decay d;
	uint64_t asked, old;

	(void)state;
	asked = say(1, "request", "db", -1, NULL);
	old = say(2, "request", "db", -1, NULL);
	say(2, "open-retired", "db", (int64_t)old, NULL);
	assert_int_equal(quo_story_end(&story), QUO_OK);
	assert_int_equal(incident(asked)->decay, -1);
	assert_int_equal(incident(old)->decay, -1);
	assert_int_equal(incident(old)->openings, 1);
	assert_int_equal(quo_story_decay(&story, &d), QUO_OK);
	assert_int_equal(d.count + d.open, 0);
	assert_int_equal(d.median, -1);
	assert_int_equal(d.worst, -1);
}

static void
knows_when_a_rotation_began(void **state)
{
	const struct quo_story_list *ends = &story.list[QUO_STORY_ROTATIONS];
	const struct quo_entry *first, *last;
	uint64_t one, two, other;

	(void)state;
	one = say(-30, "rotate-start", "db", -1, NULL);
	other = say(1, "rotate-start", "web", -1, NULL);
	two = say(2, "rotate-start", "db", -1, NULL);
	say(3, "rotate-end", "db", -1, NULL);
	say(4, "rotate-end", "web", -1, NULL);
	say(5, "rotate-end", "mail", -1, NULL);
	say(6, "rotate-start", "db", -1, NULL);
	say(7, "rotate-failed", "web", -1, NULL);
	assert_int_equal(quo_story_end(&story), QUO_OK);
	assert_int_equal(ends->count, 4);
	quo_story_starts(&story, ends->items[0], &first, &last);
	assert_int_equal(first->number, one);
	assert_int_equal(last->number, two);
	quo_story_starts(&story, ends->items[1], &first, &last);
	assert_int_equal(first->number, other);
	assert_ptr_equal(first, last);
	quo_story_starts(&story, ends->items[2], &first, &last);
	assert_null(first);
	assert_null(last);
}

static void
measures_from_burned_to_proven(void **state)
{
	const struct quo_story_incident *in;
	uint64_t one, other, still;

	(void)state;
	one = opening(1, "db");
	other = opening(1.25, "db");
	still = opening(1, "web");
	say(1.3, "rotate-end", "db", -1, "kept");
	say(1.4, "rotate-end", "db", -1, "unproven");
	say(1.5, "rotate-end", "db", -1, NULL);
	say(9, "rotate-end", "db", -1, NULL);
	assert_int_equal(quo_story_end(&story), QUO_OK);
	in = incident(one);
	assert_int_equal(in->decay, DAY / 2);
	assert_int_equal(in->proven, day(1.5));
	assert_false(in->late);
	assert_int_equal(in->acts.count, 5);
	assert_int_equal(incident(other)->decay, DAY / 4);
	in = incident(still);
	assert_int_equal(in->proven, 0);
	assert_int_equal(in->decay, 399 * DAY);
	assert_true(in->late);
	assert_null(in->rotation);
}

static void
finds_median_and_worst(void **state)
{
	struct quo_story_decay d;

	(void)state;
	opening(-30, "db");	/* before the period */
	say(-1, "rotate-end", "db", -1, NULL);
	opening(10, "db");
	say(11, "rotate-end", "db", -1, NULL);
	opening(20, "db");
	say(23, "rotate-end", "db", -1, NULL);
	opening(30, "db");
	say(30.5, "rotate-end", "db", -1, NULL);
	opening(40, "db");
	say(42, "rotate-end", "db", -1, NULL);
	assert_int_equal(quo_story_end(&story), QUO_OK);
	assert_int_equal(quo_story_decay(&story, &d), QUO_OK);
	assert_int_equal(d.count, 4);
	assert_int_equal(d.median, 3 * DAY / 2);
	assert_int_equal(d.worst, 3 * DAY);
	assert_int_equal(d.late, 2);
	assert_false(d.worst_open);
}

/* One with a person in it is that person's word. */
static void
say_word(double when, const char *name, const char *person)
{
	char time[QUO_UTC_TEXT], *line = NULL;
	struct quo_entry e = { .number = number++, .value = {
		[QUO_KEY_TIME] = time, [QUO_KEY_EVENT] = "rotate-end",
		[QUO_KEY_OUTCOME] = "proven", [QUO_KEY_CREDENTIAL] = name,
		[QUO_KEY_PERSON] = person,
	} };
	size_t len;

	quo_utc_print(day(when), time);
	assert_int_equal(quo_line_encode(&e, &line, &len), QUO_OK);
	assert_int_equal(quo_story_line(&story, line, len), QUO_OK);
	free(line);
}

static void
tells_a_word_from_a_proof(void **state)
{
	struct quo_story_decay d;
	uint64_t worded, shown, open;

	(void)state;
	worded = opening(1, "db");
	shown = opening(1, "web");
	open = opening(1, "www");
	say(1.1, "rotate-end", "db", -1, "unproven");
	say_word(1.2, "db", "ina");
	say(1.3, "rotate-end", "web", -1, NULL);
	say_word(9, "web", "ina");
	assert_int_equal(quo_story_end(&story), QUO_OK);
	assert_non_null(quo_story_word(incident(worded)));
	assert_string_equal(quo_story_word(incident(worded))->
	    value[QUO_KEY_PERSON], "ina");
	assert_int_equal(incident(worded)->proven, day(1.2));
	assert_null(quo_story_word(incident(shown)));
	assert_null(quo_story_word(incident(open)));
	assert_int_equal(quo_story_decay(&story, &d), QUO_OK);
	assert_int_equal(d.count, 2);
	assert_int_equal(d.worded, 1);
}

static void
takes_a_receipt_at_its_word(void **state)
{
	const struct quo_story_incident *in;
	uint64_t n, other, wrong;

	(void)state;
	n = say(2, "request", "db", -1, NULL);
	say(2, "open", "db", (int64_t)n, "86400");
	say(3, "rotate-end", "db", -1, NULL);
	other = say(0.5, "request", "web", -1, NULL);
	say(0.5, "open", "web", (int64_t)other, NULL);
	wrong = say(0.5, "request", "www", -1, NULL);
	say(0.5, "open", "www", (int64_t)wrong, "999999999999999");
	assert_int_equal(quo_story_end(&story), QUO_OK);
	in = incident(n);
	assert_string_equal(in->receipt, "d1e2");
	assert_int_equal(in->opened, day(1));
	assert_int_equal(in->told, day(2));
	assert_int_equal(in->decay, 2 * DAY);
	assert_int_equal(incident(other)->opened, day(0.5));
	assert_null(incident(other)->receipt);
	assert_int_equal(incident(wrong)->opened, day(0.5));
}

static void
takes_one_that_came_behind_the_rotation(void **state)
{
	const struct quo_story_incident *in;
	uint64_t n;

	(void)state;
	say(1.5, "rotate-end", "db", -1, NULL);
	n = say(4, "request", "db", -1, NULL);
	say(4, "open-retired", "db", (int64_t)n, "259200");
	assert_int_equal(quo_story_end(&story), QUO_OK);
	in = incident(n);
	assert_true(in->burns);
	assert_int_equal(in->proven, day(1.5));
	assert_int_equal(in->decay, DAY / 2);
}

static void
flags_what_isnt_rare(void **state)
{
	(void)state;
	opening(-20, "db");
	opening(10, "db");
	opening(101, "db");
	opening(120, "db");
	opening(5, "web");
	assert_int_equal(quo_story_end(&story), QUO_OK);
	assert_int_equal(story.credentials.count, 2);
	assert_string_equal(story.credentials.items[0].name, "db");
	assert_int_equal(story.credentials.items[0].total, 4);
	assert_int_equal(story.credentials.items[0].within, 3);
	assert_int_equal(story.credentials.items[0].repeats, 2);
	assert_int_equal(story.credentials.items[0].last, day(120));
	assert_int_equal(story.credentials.items[1].repeats, 0);
	assert_int_equal(story.people.count, 1);
	assert_int_equal(story.people.items[0].within, 4);
}

static void
keeps_to_the_period(void **state)
{
	uint64_t before, through, after;

	(void)state;
	before = opening(-30, "db");
	say(-29, "rotate-end", "db", -1, NULL);
	say(-28, "review", "db", (int64_t)before, NULL);
	through = opening(-20, "db");
	say(-1, "refused", "db", -1, NULL);
	say(1, "refused", "db", -1, NULL);
	say(2, "present", "db", -1, "forged");
	say(2, "present", "db", -1, NULL);
	say(2, "present", "db", -1, "whole");
	after = opening(370, "db");
	assert_int_equal(quo_story_end(&story), QUO_OK);
	assert_int_equal(story.count, 1);
	assert_int_equal(story.incidents[0].number, through);
	assert_true(after > through);
	assert_int_equal(story.entries, 4);
	assert_int_equal(story.list[QUO_STORY_REFUSED].count, 1);
	assert_int_equal(story.list[QUO_STORY_STRANGE].count, 1);
}

static void
knows_an_opening_that_nobody_declared(void **state)
{
	uint64_t n;

	(void)state;
	n = say(1, "open", "db", -1, NULL);
	assert_int_equal(quo_story_end(&story), QUO_OK);
	assert_string_equal(incident(n)->name, "entry 0");
	assert_int_equal(incident(n)->openings, 1);
}

static void
counts_no_exposure_beyond_what_fits(void **state)
{
	static const char *const seconds[] = { "9223372036854775807", "60",
		"-9223372036854775808", "soon" };
	struct quo_entry e = { .value = {
		[QUO_KEY_TIME] = "2026-02-01T00:00:00Z",
		[QUO_KEY_EVENT] = "close", [QUO_KEY_INCIDENT] = "INC-0",
	} };
	uint64_t n = opening(1, "db");
	char *line;
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++) {
		e.number = number++;
		e.value[QUO_KEY_SECONDS] = seconds[i];
		assert_int_equal(quo_line_encode(&e, &line, &len), QUO_OK);
		assert_int_equal(quo_story_line(&story, line, len), QUO_OK);
		free(line);
	}
	assert_int_equal(quo_story_end(&story), QUO_OK);
	assert_int_equal(incident(n)->closes, 4);
	assert_true(incident(n)->seconds == INT64_MAX);
}

int
main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(passes_over_what_is_no_line),
		T(counts_no_decay_where_nothing_burned),
		T(knows_an_opening_that_nobody_declared),
		T(knows_when_a_rotation_began),
		T(measures_from_burned_to_proven),
		T(finds_median_and_worst),
		T(tells_a_word_from_a_proof),
		T(takes_a_receipt_at_its_word),
		T(takes_one_that_came_behind_the_rotation),
		T(counts_no_exposure_beyond_what_fits),
		T(flags_what_isnt_rare),
		T(keeps_to_the_period),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
