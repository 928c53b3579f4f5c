/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/secret.h"

static void
refuses_lengths(void **state)
{
	struct quo_secret *s = NULL;

	(void)state;
	assert_err(quo_secret_new(0, &s), QUO_ETOOBIG);
	assert_err(quo_secret_new(QUO_SECRET_MAX + 1, &s), QUO_ETOOBIG);
	assert_null(s);
	quo_secret_free(NULL);
}

/* Also where the page was another secret's before. */
static void
starts_as_zeros_of_any_length(void **state)
{
	static const size_t lengths[] = {
		1, 15, 16, 17, 4095, 4096, 4097, 100000, 1, 32,
	};
	struct quo_secret *s[10];

	(void)state;
	for (unsigned round = 0; round < 5; round++) {
		for (size_t i = 0; i < 10; i++) {
			assert_err(quo_secret_new(lengths[i], &s[i]), QUO_OK);
			assert_int_equal(s[i]->len, lengths[i]);
			assert_int_equal((uintptr_t)s[i]->data % 16, 0);
			for (size_t b = 0; b < lengths[i]; b++)
				if (s[i]->data[b] != 0)
					fail_msg("byte %zu of %zu", b,
					    lengths[i]);
			memset(s[i]->data, 0xA5, lengths[i]);
		}
		for (size_t i = 0; i < 10; i++)
			quo_secret_free(s[i]);
	}
}

/* How a child that does something ends. */
static int
ends_by(void (*act)(struct quo_secret *s), struct quo_secret *s)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		/* cmocka catches it otherwise. */
		signal(SIGSEGV, SIG_DFL);
		act(s);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? WTERMSIG(status) : -WEXITSTATUS(status);
}

static void
read_past(struct quo_secret *s)
{
	volatile uint8_t *p = s->data;

	(void)p[16];
}

static void
read_freed(struct quo_secret *s)
{
	volatile uint8_t *p = s->data;

	quo_secret_free(s);
	(void)p[0];
}

/* A fork wipes what is in use and what was given back. */
static void
look_for_old_bytes(struct quo_secret *s)
{
	struct quo_secret *again = NULL;

	for (size_t i = 0; i < s->len; i++)
		if (s->data[i] != 0)
			_exit(1);
	if (quo_secret_new(16, &again) != QUO_OK)
		_exit(2);
	for (size_t i = 0; i < 16; i++)
		if (again->data[i] != 0)
			_exit(3);
}

static void
guards_its_end_its_freed_and_its_forks(void **state)
{
	struct quo_secret *s = NULL, *other = NULL;

	(void)state;
	assert_err(quo_secret_copy((const uint8_t *)"sixteen bytes...", 16,
	    &s), QUO_OK);
	assert_err(quo_secret_copy(s->data, 16, &other), QUO_OK);
	quo_secret_free(other);
	assert_int_equal(ends_by(read_past, s), SIGSEGV);
	assert_int_equal(ends_by(read_freed, s), SIGSEGV);
	assert_int_equal(ends_by(look_for_old_bytes, s), 0);
	quo_secret_truncate(s, 7);
	assert_int_equal(s->len, 7);
	assert_memory_equal(s->data, "sixteen", 7);
	assert_int_equal(s->data[7], 0);
	quo_secret_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_lengths),
		cmocka_unit_test(starts_as_zeros_of_any_length),
		cmocka_unit_test(guards_its_end_its_freed_and_its_forks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
