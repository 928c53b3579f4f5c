/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stddef.h>
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

struct bad {
	size_t at;
	const char *value;	/* what can't stand there */
};

#define BAD(type, member, value) { offsetof(struct type, member), value }
#define PRINT(type) \
	static enum quo_err \
	print_##type(const void *object, char **text, char *why) \
	{ \
		return type##_print(object, text, why); \
	}

PRINT(quo_approval)
PRINT(quo_review)
PRINT(quo_word)

/* An object of pointers alone with one of them another. */
static void
refuse(enum quo_err (*print)(const void *object, char **text, char *why),
    const void *good, size_t size, struct bad bad)
{
	const char *object[16];
	char why[QUO_REASON_MAX] = "", *text = NULL;

	assert_true(size <= sizeof object);
	memcpy(object, good, size);
	object[bad.at / sizeof *object] = bad.value;
	if (print(object, &text, why) != QUO_EINVAL)
		fail_msg("printed with \"%s\"", bad.value);
	assert_null(text);
}

static void
bad_approvals_are_refused(void **state)
{
	static const struct bad bad[] = {
		BAD(quo_approval, ledger, " " ID),
		BAD(quo_approval, ledger, "0112233445566778899aabbccddeeff"),
		BAD(quo_approval, ledger, "00112233445566778899AABBccddeeff"),
		BAD(quo_approval, incident, "INC-017"),
		BAD(quo_approval, incident, "INC-"),
		BAD(quo_approval, incident, "INC-17 "),
		BAD(quo_approval, incident, "17"),
		BAD(quo_approval, credential, ""),
		BAD(quo_approval, credential, "db\tr"),
		BAD(quo_approval, credential, "db\xff"),
		BAD(quo_approval, credential, "db\nset: x"),
		BAD(quo_approval, requester, "Zoë\n"),
		BAD(quo_approval, ticket, NULL),
		BAD(quo_approval, requested, "2026-11-21T03:10Z"),
		BAD(quo_approval, expires, "2026-11-21T03:10:00+"),
		BAD(quo_approval, size, "018"),
		BAD(quo_approval, size, "-1"),
		BAD(quo_approval, size, "11111111111111111111"),
		BAD(quo_approval, request, ID),
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		refuse(print_quo_approval, &night, sizeof night, bad[i]);
}

static void
texts_are_of_one_line_and_not_too_long(void **state)
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
	static const struct bad bad[] = {
		BAD(quo_review, classification, "accident"),
		BAD(quo_review, classification, ""),
		BAD(quo_review, recording, "none"),
		BAD(quo_review, findings, NULL),
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		refuse(print_quo_review, &after, sizeof after, bad[i]);
}

static void
bad_words_are_refused(void **state)
{
	static const struct bad bad[] = {
		BAD(quo_word, accepted, "03 " HASH),
		BAD(quo_word, accepted, "3" HASH),
		BAD(quo_word, accepted, HASH),
		BAD(quo_word, accepted, "3 0" HASH),
		BAD(quo_word, accepted, "1234567890 " HASH),
		BAD(quo_word, accepted, "3 " HASH ", 2 " HASH),
		BAD(quo_word, refused, "None" HASH),
		BAD(quo_word, refused, "none, 2 " HASH),
		BAD(quo_word, refused, "2 " HASH ",1 " HASH),
		BAD(quo_word, refused, "2 " HASH ", x " HASH),
		BAD(quo_word, refused, "2 " HASH ", "),
		BAD(quo_word, rotation, HASH "0"),
		BAD(quo_word, ended, "2026-11-21T03:10:00"),
		BAD(quo_word, person, NULL),
		BAD(quo_word, seen, NULL),
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		refuse(print_quo_word, &tried, sizeof tried, bad[i]);
}

static void
statements_are_texts_of_lines(void **state)
{
	char why[QUO_REASON_MAX] = "", *text = NULL;

	(void)state;
	assert_err(quo_approval_print(&night, &text, why), QUO_OK);
	assert_string_equal(text, night_text);
	free(text);
	assert_err(quo_review_print(&after, &text, why), QUO_OK);
	assert_string_equal(text, after_text);
	free(text);
	assert_err(quo_word_print(&tried, &text, why), QUO_OK);
	assert_string_equal(text, tried_text);
	free(text);
}

static void
what_there_is_none_of_is_left_out(void **state)
{
	struct quo_approval a = night;
	struct quo_word w = tried;
	char why[QUO_REASON_MAX] = "", *text = NULL;

	(void)state;
	a.criterion = a.expected = NULL;
	assert_err(quo_approval_print(&a, &text, why), QUO_OK);
	assert_non_null(strstr(text, "OPS-1\nrequested: "));
	free(text);
	w.reason = NULL;
	w.refused = "none";
	assert_err(quo_word_print(&w, &text, why), QUO_OK);
	assert_non_null(strstr(text, "\nrefused: none\n"));
	assert_null(strstr(text, "reason"));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_approvals_are_refused),
		cmocka_unit_test(texts_are_of_one_line_and_not_too_long),
		cmocka_unit_test(recording_has_a_place_or_a_reason),
		cmocka_unit_test(bad_reviews_are_refused),
		cmocka_unit_test(bad_words_are_refused),
		cmocka_unit_test(statements_are_texts_of_lines),
		cmocka_unit_test(what_there_is_none_of_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
