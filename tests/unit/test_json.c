/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"

#define FAILS(...) do { \
	struct quo_json *j = quo_json_new(); \
	const char *text_ = NULL; \
	__VA_ARGS__; \
	assert_err(quo_json_dump(j, &text_), QUO_EINVAL); \
	assert_null(text_); \
	quo_json_free(j); \
} while (0)

static void
misplaced_steps_fail_at_the_dump(void **state)
{
	int i;

	(void)state;
	FAILS(quo_json_close(j));
	FAILS(quo_json_object(j, "open"));
	FAILS(quo_json_int(j, NULL, 1));
	FAILS(quo_json_array(j, "a"); quo_json_int(j, "key", 1);
	    quo_json_close(j));
	FAILS(for (i = 0; i < 16; i++) quo_json_object(j, "x");
	    for (i = 0; i < 16; i++) quo_json_close(j));
}

static void
put_all_kinds(struct quo_json *j)
{
	quo_json_text(j, "name", "a\"\\/\n\b\f\r\t\033\177\303\274");
	quo_json_text(j, "raw", "x\377");
	quo_json_text(j, "far", "\357\277\277\360\220\200\200\364\217\277\277");
	quo_json_text(j, "none", NULL);
	quo_json_array(j, "cards");
	quo_json_int(j, NULL, INT64_MIN);
	quo_json_object(j, NULL);
	quo_json_bool(j, "good", true);
	quo_json_close(j);
	quo_json_object(j, NULL);
	quo_json_close(j);
	quo_json_array(j, NULL);
	quo_json_close(j);
	quo_json_close(j);
	quo_json_bool(j, "done", false);
}

static void
dumps_what_was_put(void **state)
{
	struct quo_json *j = quo_json_new();
	const char *text = NULL;

	(void)state;
	put_all_kinds(j);
	assert_err(quo_json_dump(j, &text), QUO_OK);
	assert_string_equal(text,
	    "{\n"
	    "  \"name\": \"a\\\"\\\\/\\n\\b\\f\\r\\t\\u001B\177\\u00FC\",\n"
	    "  \"raw\": \"x\\\\xff\",\n"
	    "  \"far\": \"\\uFFFF\\uD800\\uDC00\\uDBFF\\uDFFF\",\n"
	    "  \"none\": null,\n"
	    "  \"cards\": [\n"
	    "    -9223372036854775808,\n"
	    "    {\n"
	    "      \"good\": true\n"
	    "    },\n"
	    "    {},\n"
	    "    []\n"
	    "  ],\n"
	    "  \"done\": false\n"
	    "}\n");
	assert_err(quo_json_dump(j, &text), QUO_EINVAL);
	quo_json_free(j);
}

static void
dumps_a_line(void **state)
{
	struct quo_json *j = quo_json_new_line();
	const char *text = NULL;

	(void)state;
	put_all_kinds(j);
	assert_err(quo_json_dump(j, &text), QUO_OK);
	assert_string_equal(text,
	    "{\"name\":\"a\\\"\\\\/\\n\\b\\f\\r\\t\\u001B\177\\u00FC\","
	    "\"raw\":\"x\\\\xff\","
	    "\"far\":\"\\uFFFF\\uD800\\uDC00\\uDBFF\\uDFFF\","
	    "\"none\":null,\"cards\":[-9223372036854775808,"
	    "{\"good\":true},{},[]],\"done\":false}\n");
	quo_json_free(j);
}

static void
dumps_nothing_as_an_empty_object(void **state)
{
	struct quo_json *j = quo_json_new();
	const char *text = NULL;

	(void)state;
	assert_err(quo_json_dump(j, &text), QUO_OK);
	assert_string_equal(text, "{}\n");
	quo_json_free(j);
}

/* Much longer than what memory it begins with. */
static void
dumps_what_can_be_read(void **state)
{
	struct quo_json *j = quo_json_new();
	struct quo_json_value *read = NULL;
	const struct quo_json_value *list;
	const char *text = NULL;
	int64_t n;

	(void)state;
	quo_json_array(j, "list");
	for (int i = 0; i < 10000; i++)
		quo_json_int(j, NULL, i);
	quo_json_close(j);
	assert_err(quo_json_dump(j, &text), QUO_OK);
	assert_err(quo_json_load(text, strlen(text), &read, NULL), QUO_OK);
	list = quo_json_member(read, "list");
	assert_int_equal(quo_json_count(list), 10000);
	for (int i = 0; i < 10000; i++) {
		assert_true(quo_json_as_int(quo_json_element(list,
		    (size_t)i), &n));
		assert_int_equal(n, i);
	}
	quo_json_unload(read);
	quo_json_free(j);
}

static void
no_writer_is_no_mistake(void **state)
{
	const char *text = NULL;

	(void)state;
	quo_json_text(NULL, "a", "b");
	quo_json_array(NULL, "a");
	quo_json_close(NULL);
	quo_json_free(NULL);
	assert_err(quo_json_dump(NULL, &text), QUO_ENOMEM);
	assert_null(text);
}

static void
faults_are_named_by_place(void **state)
{
	static const struct {
		const char *text;
		unsigned line, column;
		const char *why;
	} cases[] = {
		{ "", 1, 1, "expected" },
		{ "[]", 1, 1, "an object is wanted" },
		{ "7", 1, 1, "expected" },
		{ "{} {}", 1, 4, "end of file expected" },
		{ "{\"a\": 1,\n \"a\": 2}", 2, 4, "duplicate" },
		{ "{\"o\": {\"\303\274\": 1, \"\303\274\": 2}}", 1, 18,
		    "duplicate" },
		{ "{\"a\": \"\\u0000\"}", 1, 14, "\\u0000" },
		{ "{\"a\": \"\377\"}", 1, 7, "decode byte" },
		{ "{\"a\": \"\n\"}", 1, 7, "newline" },
		{ "{\"a\": 9223372036854775808}", 1, 25, "too big" },
		{ "{\"a\": 1,}", 1, 9, "expected" },
		{ "{\"a\": /**/ 1}", 1, 7, "token" },
		{ "{\n\"a\": [[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}", 2, 21,
		    "too many levels" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct quo_json_fault fault = { 0 };
		struct quo_json_value *j = NULL;

		assert_err(quo_json_load(cases[i].text,
		    strlen(cases[i].text), &j, &fault), QUO_ESYNTAX);
		assert_null(j);
		if (fault.line != cases[i].line ||
		    fault.column != cases[i].column ||
		    strstr(fault.why, cases[i].why) == NULL)
			fail_msg("%s: %u:%u: %s", cases[i].text, fault.line,
			    fault.column, fault.why);
		assert_err(quo_json_load(cases[i].text,
		    strlen(cases[i].text), &j, NULL), QUO_ESYNTAX);
	}
	assert_err(quo_json_load("{}", QUO_JSON_MAX + 1u, NULL, NULL),
	    QUO_ETOOBIG);
}

static void
brackets_in_texts_are_no_levels(void **state)
{
	static const char text[] =
	    "{\"\\\"[[[[[[[[[[[[[[[[[\": \"{{{{{{{{{{{{{{{{{{\"}";
	struct quo_json_value *j = NULL;

	(void)state;
	assert_err(quo_json_load(text, strlen(text), &j, NULL), QUO_OK);
	assert_string_equal(quo_json_next(j, NULL),
	    "\"[[[[[[[[[[[[[[[[[");
	quo_json_unload(j);
}

static const char inventory[] =
    "{\"z\": \"\303\274\", \"n\": -3, \"yes\": true, \"none\": null,"
    " \"half\": 0.5, \"list\": [\"a\", {\"in\": false}]}";

static void
wrong_kinds_give_nothing(void **state)
{
	const struct quo_json_value *root, *z;
	struct quo_json_value *j = NULL;
	int64_t n = 7;

	(void)state;
	assert_err(quo_json_load(inventory, strlen(inventory), &j, NULL),
	    QUO_OK);
	root = j;
	z = quo_json_member(root, "z");
	assert_null(quo_json_as_text(root));
	assert_null(quo_json_as_text(quo_json_member(root, "n")));
	assert_false(quo_json_as_int(z, &n));
	assert_false(quo_json_as_int(quo_json_member(root, "half"), &n));
	assert_false(quo_json_as_int(quo_json_member(root, "yes"), &n));
	assert_int_equal(n, 7);
	assert_null(quo_json_member(root, "absent"));
	assert_null(quo_json_member(z, "z"));
	assert_null(quo_json_element(root, 0));
	assert_null(quo_json_element(quo_json_member(root, "list"), 2));
	assert_null(quo_json_next(z, NULL));
	assert_int_equal(quo_json_count(z), 0);
	quo_json_unload(j);
}

static void
no_value_has_nothing(void **state)
{
	static const char *const none[] = { NULL };
	int64_t n;

	(void)state;
	assert_int_equal(quo_json_kind(NULL), QUO_JSON_NONE);
	assert_null(quo_json_as_text(NULL));
	assert_false(quo_json_as_int(NULL, &n));
	assert_int_equal(quo_json_count(NULL), 0);
	assert_null(quo_json_element(NULL, 0));
	assert_null(quo_json_member(NULL, "a"));
	assert_null(quo_json_next(NULL, NULL));
	assert_null(quo_json_unknown(NULL, none));
}

static void
reads_what_stands_there(void **state)
{
	static const char *const known[] = {
		"n", "z", "none", "yes", "list", NULL
	};
	static const char *const keys[] = {
		"z", "n", "yes", "none", "half", "list"
	};
	const struct quo_json_value *root, *list;
	struct quo_json_value *j = NULL;
	const char *key = NULL;
	int64_t n = 0;

	(void)state;
	assert_err(quo_json_load(inventory, strlen(inventory), &j, NULL),
	    QUO_OK);
	root = j;
	assert_int_equal(quo_json_count(root), 6);
	for (size_t i = 0; i < 6; i++) {
		key = quo_json_next(root, key);
		assert_string_equal(key, keys[i]);
	}
	assert_null(quo_json_next(root, key));
	assert_string_equal(quo_json_unknown(root, known), "half");
	assert_string_equal(quo_json_as_text(quo_json_member(root, "z")),
	    "\303\274");
	assert_true(quo_json_as_int(quo_json_member(root, "n"), &n));
	assert_int_equal(n, -3);
	list = quo_json_member(root, "list");
	assert_int_equal(quo_json_count(list), 2);
	assert_string_equal(quo_json_as_text(quo_json_element(list, 0)), "a");
	assert_non_null(quo_json_member(quo_json_element(list, 1), "in"));
	assert_string_equal(quo_json_kind_name(quo_json_kind(list)), "a list");
	assert_int_equal(quo_json_kind(quo_json_member(root, "none")),
	    QUO_JSON_NULL);
	assert_int_equal(quo_json_kind(quo_json_member(root, "half")),
	    QUO_JSON_REAL);
	quo_json_unload(j);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(misplaced_steps_fail_at_the_dump),
		cmocka_unit_test(dumps_what_was_put),
		cmocka_unit_test(dumps_a_line),
		cmocka_unit_test(dumps_nothing_as_an_empty_object),
		cmocka_unit_test(dumps_what_can_be_read),
		cmocka_unit_test(no_writer_is_no_mistake),
		cmocka_unit_test(faults_are_named_by_place),
		cmocka_unit_test(brackets_in_texts_are_no_levels),
		cmocka_unit_test(wrong_kinds_give_nothing),
		cmocka_unit_test(no_value_has_nothing),
		cmocka_unit_test(reads_what_stands_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
