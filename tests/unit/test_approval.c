/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/approval.h"

#define ID "00112233445566778899aabbccddeeff"
#define HASH ID ID

static const struct quo_approval night = {
	.ledger = ID, .incident = "INC-17", .credential = "db-root",
	.set = HASH, .requester = "Zoë", .reason = "replica: down",
	.ticket = "OPS-1", .criterion = "P1, no login", .expected = "2h",
	.requested = "2026-11-21T03:10:00Z",
	.expires = "2026-11-22T03:10:00Z", .size = "18", .root = HASH,
	.request = HASH,
};

static const struct quo_review after = {
	.ledger = ID, .incident = "INC-17", .credential = "db-root",
	.request = HASH, .reviewer = "ina", .classification = "emergency",
	.findings = "the replica was full", .actions = "a larger disk",
	.recording = "none: no PAM there",
};

static const char night_text[] = "quorate approval 1\n"
    "ledger: " ID "\nincident: INC-17\ncredential: db-root\nset: " HASH "\n"
    "requester: Zoë\nreason: replica: down\nticket: OPS-1\n"
    "criterion: P1, no login\nexpected: 2h\n"
    "requested: 2026-11-21T03:10:00Z\nexpires: 2026-11-22T03:10:00Z\n"
    "size: 18\nroot: " HASH "\nrequest: " HASH "\n";

static const char after_text[] = "quorate review 1\n"
    "ledger: " ID "\nincident: INC-17\ncredential: db-root\n"
    "request: " HASH "\nreviewer: ina\nclassification: emergency\n"
    "findings: the replica was full\nactions: a larger disk\n"
    "recording: none: no PAM there\n";

static const struct quo_word tried = {
	.ledger = ID, .credential = "db-root", .accepted = "3 " HASH,
	.refused = "2 " HASH ", 1 " HASH, .rotation = HASH,
	.ended = "2026-11-21T03:10:00Z", .reason = "no login could try it",
	.person = "ina", .seen = "logged in with both: only the new one went",
};

static const char tried_text[] = "quorate word 1\n"
    "ledger: " ID "\ncredential: db-root\naccepted: 3 " HASH "\n"
    "refused: 2 " HASH ", 1 " HASH "\nrotation: " HASH "\n"
    "ended: 2026-11-21T03:10:00Z\nreason: no login could try it\n"
    "person: ina\nseen: logged in with both: only the new one went\n";

static void
assert_unparsed(const char *text, size_t len, const char *reason)
{
	struct quo_approval a = { .owned = NULL };
	char why[QUO_REASON_MAX] = "";

	assert_err(quo_approval_parse(text, len, &a, why), QUO_ESYNTAX);
	assert_null(a.ledger);
	assert_null(a.owned);
	if (strstr(why, reason) == NULL)
		fail_msg("said \"%s\", want \"%s\"", why, reason);
}

/* The text with the first `from` in it changed to `to`. */
static char *
changed(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);
	char *out;

	assert_non_null(at);
	assert_true(asprintf(&out, "%.*s%s%s", (int)(at - text), text, to,
	    at + strlen(from)) > 0);
	return out;
}

static void
other_texts_are_refused(void **state)
{
	static const char *const bad[][3] = {
		{ "approval 1", "approval 2", "line 1" },
		{ "approval 1", "review 1", "line 1" },
		{ "quorate", " quorate", "line 1" },
		{ "quorate approval 1\n", "", "line 1" },
		{ "\nledger", "\r\nledger", "line 1" },
		{ "ledger: 0", "ledger:  0", "line 2: ledger" },
		{ "ledger: 00", "ledger: 0", "line 2: ledger" },
		{ "ledger: ", "ledger:", "line 2: ledger" },
		{ "aabb", "AABB", "line 2: ledger" },
		{ "incident: INC-17\n", "", "line 3: incident is missing" },
		{ "INC-17", "INC-017", "line 3: incident" },
		{ "INC-17", "INC-", "line 3: incident" },
		{ "INC-17", "INC-17 ", "line 3: incident" },
		{ "INC-17", "17", "line 3: incident" },
		{ "credential: db-root", "credential: ", "line 4" },
		{ "db-root", "db\tr", "line 4" },
		{ "db-root", "db\xff", "line 4" },
		{ "db-root", "db\nset: x", "line 5: set" },
		{ "Zoë", "Zoë\n", "line 7" },
		{ "reason: ", "Reason: ", "line 7: reason" },
		{ "ticket: OPS-1\n", "ticket: OPS-1\nticket: OPS-2\n",
		    "line 9: requested is missing" },
		{ "03:10:00Z", "03:10Z", "line 11: requested" },
		{ "03:10:00Z", "03:10:00+", "line 11: requested" },
		{ "size: 18", "size: 018", "line 13: size" },
		{ "size: 18", "size: -1", "line 13: size" },
		{ "size: 18", "size: 11111111111111111111", "line 13" },
		{ "request: " HASH "\n", "request: " HASH "\nmore: x\n",
		    "line 16: nothing" },
		{ "request: " HASH "\n", "request: " HASH "\n\n",
		    "line 16: nothing" },
		{ "request: " HASH "\n", "", "line 15: request is missing" },
		{ "request: " HASH "\n", "request: " HASH, "whole lines" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		char *text = changed(night_text, bad[i][0], bad[i][1]);

		assert_unparsed(text, strlen(text), bad[i][2]);
		free(text);
	}
	assert_unparsed("", 0, "whole lines");
	assert_unparsed(night_text, sizeof night_text, "whole lines");
}

/* No part of it passes for the whole. */
static void
cut_texts_are_refused(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof night_text - 1; n++)
		assert_unparsed(night_text, n, "");
}

static void
huge_text_is_refused(void **state)
{
	static char huge[QUO_STATEMENT_MAX + 1];
	struct quo_review r = { .owned = NULL };
	char why[QUO_REASON_MAX];

	(void)state;
	memset(huge, '\n', sizeof huge);
	assert_err(quo_review_parse(huge, sizeof huge, &r, why),
	    QUO_ETOOBIG);
	assert_err(quo_review_parse(huge, sizeof huge - 1, &r, why),
	    QUO_ESYNTAX);
}

static void
what_would_not_read_back_is_not_printed(void **state)
{
	static char longer[4098];
	struct quo_approval a = night;
	char why[QUO_REASON_MAX] = "", *text = NULL;

	(void)state;
	memset(longer, 'x', sizeof longer - 1);
	a.reason = "two\nincident: INC-18";
	assert_err(quo_approval_print(&a, &text, why), QUO_EINVAL);
	assert_non_null(strstr(why, "reason"));
	a.reason = longer;
	assert_err(quo_approval_print(&a, &text, why), QUO_EINVAL);
	a.reason = "";
	assert_err(quo_approval_print(&a, &text, why), QUO_EINVAL);
	a.reason = NULL;
	assert_err(quo_approval_print(&a, &text, why), QUO_EINVAL);
	assert_string_equal(why, "reason: missing");
	assert_null(text);
	longer[4096] = '\0';
	a.reason = longer;
	assert_err(quo_approval_print(&a, &text, why), QUO_OK);
	free(text);
}

static void
recording_has_a_place_or_a_reason(void **state)
{
	static const char *const bad[] = { "", "none", "none:", HASH,
		HASH "@", "@tlog", ID "@tlog", "x" HASH "@tlog",
		HASH "a@tlog", "none:\n", "None:x" };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (quo_recording_valid(bad[i]))
			fail_msg("taken: %s", bad[i]);
	assert_true(quo_recording_valid("none:no PAM"));
	assert_true(quo_recording_valid(HASH "@tlog host 7"));
}

static void
bad_reviews_are_refused(void **state)
{
	static const char *const bad[][3] = {
		{ "emergency", "accident", "line 7: classification" },
		{ "emergency", "", "line 7: classification" },
		{ "none: no PAM there", "none", "line 10: recording" },
		{ "findings: ", "finding: ", "line 8: findings" },
		{ "review 1", "approval 1", "line 1" },
	};
	struct quo_review r = { .owned = NULL };
	char why[QUO_REASON_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		char *text = changed(after_text, bad[i][0], bad[i][1]);

		assert_err(quo_review_parse(text, strlen(text), &r, why),
		    QUO_ESYNTAX);
		assert_non_null(strstr(why, bad[i][2]));
		free(text);
	}
	assert_null(r.owned);
}

static void
bad_words_are_refused(void **state)
{
	static const char *const bad[][3] = {
		{ "word 1", "review 1", "line 1" },
		{ "accepted: 3 ", "accepted: 03 ", "line 4: accepted" },
		{ "accepted: 3 ", "accepted: 3", "line 4: accepted" },
		{ "accepted: 3 ", "accepted: ", "line 4: accepted" },
		{ "accepted: 3 ", "accepted: 3 0", "line 4: accepted" },
		{ "accepted: 3 ", "accepted: 1234567890 ", "line 4" },
		{ "\nrefused", ", 2 " HASH "\nrefused", "line 4" },
		{ "refused: 2 ", "refused: None", "line 5: refused" },
		{ "refused: 2 ", "refused: none, 2 ", "line 5: refused" },
		{ HASH ", 1", HASH ",1", "line 5: refused" },
		{ HASH ", 1 ", HASH ", x ", "line 5: refused" },
		{ "\nrotation", ", \nrotation", "line 5: refused" },
		{ "rotation: 0", "rotation: ", "line 6: rotation" },
		{ "03:10:00Z", "03:10:00", "line 7: ended" },
		{ "person: ina\n", "", "line 9: person is missing" },
		{ "\nseen: ", "\nseen: x\nseen: ", "line 11: nothing" },
	};
	struct quo_word w = { .owned = NULL };
	char why[QUO_REASON_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		char *text = changed(tried_text, bad[i][0], bad[i][1]);

		assert_err(quo_word_parse(text, strlen(text), &w, why),
		    QUO_ESYNTAX);
		if (strstr(why, bad[i][2]) == NULL)
			fail_msg("said \"%s\", want \"%s\"", why, bad[i][2]);
		free(text);
	}
	for (size_t n = 0; n < sizeof tried_text - 1; n++)
		assert_err(quo_word_parse(tried_text, n, &w, why),
		    QUO_ESYNTAX);
	assert_null(w.owned);
}

static void
approval_is_text_and_back(void **state)
{
	char why[QUO_REASON_MAX] = "", *text = NULL;
	struct quo_approval a;

	(void)state;
	assert_err(quo_approval_print(&night, &text, why), QUO_OK);
	assert_string_equal(text, night_text);
	assert_err(quo_approval_parse(text, strlen(text), &a, why), QUO_OK);
	free(text);
	assert_string_equal(a.requester, "Zoë");
	assert_string_equal(a.reason, "replica: down");
	assert_string_equal(a.request, HASH);
	assert_err(quo_approval_print(&a, &text, why), QUO_OK);
	assert_string_equal(text, night_text);
	free(text);
	quo_approval_free(&a);
	quo_approval_free(&a);
}

static void
criterion_and_duration_may_be_absent(void **state)
{
	struct quo_approval a = night, back;
	char why[QUO_REASON_MAX] = "", *text = NULL;

	(void)state;
	a.criterion = a.expected = NULL;
	assert_err(quo_approval_print(&a, &text, why), QUO_OK);
	assert_null(strstr(text, "criterion"));
	assert_err(quo_approval_parse(text, strlen(text), &back, why),
	    QUO_OK);
	assert_null(back.criterion);
	assert_null(back.expected);
	assert_string_equal(back.requested, a.requested);
	free(text);
	quo_approval_free(&back);
}

static void
review_is_text_and_back(void **state)
{
	char why[QUO_REASON_MAX] = "", *text = NULL;
	struct quo_review r;

	(void)state;
	assert_err(quo_review_print(&after, &text, why), QUO_OK);
	assert_string_equal(text, after_text);
	assert_err(quo_review_parse(text, strlen(text), &r, why), QUO_OK);
	assert_string_equal(r.actions, "a larger disk");
	free(text);
	quo_review_free(&r);
}

static void
word_is_text_and_back(void **state)
{
	char why[QUO_REASON_MAX] = "", *text = NULL;
	struct quo_word given = tried, w;

	(void)state;
	assert_err(quo_word_print(&tried, &text, why), QUO_OK);
	assert_string_equal(text, tried_text);
	assert_err(quo_word_parse(text, strlen(text), &w, why), QUO_OK);
	assert_string_equal(w.refused, "2 " HASH ", 1 " HASH);
	assert_string_equal(w.seen, tried.seen);
	free(text);
	quo_word_free(&w);
	given.reason = NULL;
	given.refused = "none";
	assert_err(quo_word_print(&given, &text, why), QUO_OK);
	assert_null(strstr(text, "reason"));
	assert_err(quo_word_parse(text, strlen(text), &w, why), QUO_OK);
	assert_null(w.reason);
	assert_string_equal(w.refused, "none");
	free(text);
	quo_word_free(&w);
	given.seen = NULL;
	assert_err(quo_word_print(&given, &text, why), QUO_EINVAL);
	assert_string_equal(why, "seen: missing");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(other_texts_are_refused),
		cmocka_unit_test(cut_texts_are_refused),
		cmocka_unit_test(huge_text_is_refused),
		cmocka_unit_test(what_would_not_read_back_is_not_printed),
		cmocka_unit_test(recording_has_a_place_or_a_reason),
		cmocka_unit_test(bad_reviews_are_refused),
		cmocka_unit_test(bad_words_are_refused),
		cmocka_unit_test(approval_is_text_and_back),
		cmocka_unit_test(criterion_and_duration_may_be_absent),
		cmocka_unit_test(review_is_text_and_back),
		cmocka_unit_test(word_is_text_and_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
