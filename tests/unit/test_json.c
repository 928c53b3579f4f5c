/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/json.h"

/* What printing puts on standard output. */
static enum quo_err
print_to(const struct quo_json *json, char *text, size_t cap)
{
	FILE *file = tmpfile();
	int saved = dup(STDOUT_FILENO);
	enum quo_err err;
	size_t n;

	assert_non_null(file);
	fflush(stdout);
	dup2(fileno(file), STDOUT_FILENO);
	err = quo_json_print(json);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	rewind(file);
	n = fread(text, 1, cap - 1, file);
	text[n] = '\0';
	fclose(file);
	return err;
}

#define FAILS(...) do { \
	struct quo_json *j = quo_json_new(); \
	char text_[64]; \
	__VA_ARGS__; \
	assert_int_equal(print_to(j, text_, sizeof text_), QUO_EINVAL); \
	assert_string_equal(text_, ""); \
	quo_json_free(j); \
} while (0)

static void
misplaced_steps_fail_at_print(void **state)
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
prints_what_was_put(void **state)
{
	struct quo_json *j = quo_json_new();
	char text[512];

	(void)state;
	quo_json_text(j, "name", "a\"\n\033\303\274");
	quo_json_text(j, "raw", "x\377");
	quo_json_text(j, "none", NULL);
	quo_json_array(j, "cards");
	quo_json_int(j, NULL, -9);
	quo_json_object(j, NULL);
	quo_json_bool(j, "good", true);
	quo_json_close(j);
	quo_json_close(j);
	quo_json_bool(j, "done", false);
	assert_int_equal(print_to(j, text, sizeof text), QUO_OK);
	assert_string_equal(text,
	    "{\n"
	    "  \"name\": \"a\\\"\\n\\u001B\\u00FC\",\n"
	    "  \"raw\": \"x\\\\xff\",\n"
	    "  \"none\": null,\n"
	    "  \"cards\": [\n"
	    "    -9,\n"
	    "    {\n"
	    "      \"good\": true\n"
	    "    }\n"
	    "  ],\n"
	    "  \"done\": false\n"
	    "}\n");
	quo_json_free(j);
}

static void
no_writer_is_no_mistake(void **state)
{
	(void)state;
	quo_json_text(NULL, "a", "b");
	quo_json_array(NULL, "a");
	quo_json_close(NULL);
	quo_json_free(NULL);
	assert_int_equal(quo_json_print(NULL), QUO_ENOMEM);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(misplaced_steps_fail_at_print),
		cmocka_unit_test(prints_what_was_put),
		cmocka_unit_test(no_writer_is_no_mistake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
