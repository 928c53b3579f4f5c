/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/crypt.h"
#include "rotation/hook.h"

#define GOOD "alphabet = clear\nlength = 12-200\nneeds-old = no\n" \
	"single-secret = yes\n"

static char dir[] = "/tmp/quo-hook.XXXXXX";
static char path[64];

static struct quo_hook
hook_of(const char *script)
{
	FILE *f;

	unlink(path);
	f = fopen(path, "we");
	assert_non_null(f);
	assert_true(fprintf(f, "#!/bin/sh\n%s\n", script) > 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, 0755), 0);
	return (struct quo_hook){ .path = path, .name = "db root",
	    .user = "root", .generation = 7, .seconds = 20 };
}

static struct quo_secret *
secret_of(const char *text)
{
	struct quo_secret *s = NULL;

	assert_err(quo_secret_copy((const uint8_t *)text, strlen(text), &s),
	    QUO_OK);
	return s;
}

static void
missing_hook_is_not_run(void **state)
{
	struct quo_hook hook = hook_of("exit 0");
	struct quo_secret *s = secret_of("new");
	enum quo_hook_answer answer = QUO_HOOK_UNKNOWN;

	(void)state;
	unlink(path);
	assert_err(quo_hook_check(&hook), QUO_ENOENT);
	assert_err(quo_hook_verify(&hook, s, &answer), QUO_ENOENT);
	hook.path = "";
	assert_err(quo_hook_check(&hook), QUO_ENOENT);
	assert_int_equal(answer, QUO_HOOK_UNKNOWN);
	quo_secret_free(s);
}

static void
unsafe_hook_is_not_run(void **state)
{
	static const struct {
		mode_t mode;
		const char *why;
	} bad[] = {
		{ 0644, "not executable" },
		{ 0775, "writable by others" },
		{ 0757, "writable by others" },
		{ 0777, "writable by others" },
	};
	struct quo_hook hook = hook_of("echo run >\"${0%/*}/ran\"");
	struct quo_secret *s = secret_of("new");
	enum quo_hook_answer answer = QUO_HOOK_UNKNOWN;
	struct quo_hook_desc desc;
	char ran[80];

	(void)state;
	snprintf(ran, sizeof ran, "%s/ran", dir);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(chmod(path, bad[i].mode), 0);
		assert_err(quo_hook_check(&hook), QUO_EUNSAFE);
		assert_non_null(strstr(hook.note, bad[i].why));
		assert_err(quo_hook_apply(&hook, s, NULL, &answer),
		    QUO_EUNSAFE);
		assert_err(quo_hook_verify(&hook, s, &answer), QUO_EUNSAFE);
		assert_err(quo_hook_describe(&hook, &desc), QUO_EUNSAFE);
	}
	hook.path = dir;
	assert_err(quo_hook_check(&hook), QUO_EUNSAFE);
	assert_int_equal(access(ran, F_OK), -1);
	quo_secret_free(s);
}

static void
root_wants_it_roots_own_and_so_its_directory(void **state)
{
	struct quo_hook hook = hook_of("exit 0");
	char link[80];

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_err(quo_hook_check(&hook), QUO_OK);
	assert_int_equal(chown(path, 65534, 0), 0);
	assert_err(quo_hook_check(&hook), QUO_EUNSAFE);
	assert_int_equal(chown(path, 0, 0), 0);

	assert_int_equal(chown(dir, 65534, 0), 0);
	assert_err(quo_hook_check(&hook), QUO_EUNSAFE);
	assert_int_equal(chown(dir, 0, 0), 0);

	/* Sticky or not: a directory of hooks is root's alone. */
	assert_int_equal(chmod(dir, 01777), 0);
	assert_err(quo_hook_check(&hook), QUO_EUNSAFE);
	assert_non_null(strstr(hook.note, dir));
	/* A link to it from a good place mends nothing. */
	snprintf(link, sizeof link, "/root/.quo-hook-%ld", (long)getpid());
	if (symlink(path, link) == 0) {
		hook.path = link;
		assert_err(quo_hook_check(&hook), QUO_EUNSAFE);
		unlink(link);
	}
	assert_int_equal(chmod(dir, 0755), 0);
}

static void
hanging_hook_answers_nothing(void **state)
{
	struct quo_hook hook = hook_of("sleep 300");
	struct quo_secret *s = secret_of("new");
	enum quo_hook_answer answer = QUO_HOOK_LATER;

	(void)state;
	hook.seconds = 1;
	assert_err(quo_hook_verify(&hook, s, &answer), QUO_ETIMEOUT);
	assert_int_equal(answer, QUO_HOOK_LATER);
	quo_secret_free(s);
}

static void
exit_codes_are_answers(void **state)
{
	static const struct {
		const char *script;
		enum quo_hook_answer answer;
	} cases[] = {
		{ "exit 0", QUO_HOOK_YES }, { "exit 1", QUO_HOOK_NO },
		{ "exit 75", QUO_HOOK_LATER }, { "exit 2", QUO_HOOK_UNKNOWN },
		{ "exit 127", QUO_HOOK_UNKNOWN },
		{ "exit 255", QUO_HOOK_UNKNOWN },
		{ "kill -KILL $$", QUO_HOOK_UNKNOWN },
		/* SIGHUP is 1: not to be taken for a refusal */
		{ "kill -HUP $$", QUO_HOOK_UNKNOWN },
	};
	struct quo_secret *s = secret_of("new");

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct quo_hook hook = hook_of(cases[i].script);
		enum quo_hook_answer answer = QUO_HOOK_LATER + 9;

		assert_err(quo_hook_verify(&hook, s, &answer), QUO_OK);
		assert_int_equal(answer, cases[i].answer);
		answer = QUO_HOOK_LATER + 9;
		assert_err(quo_hook_apply(&hook, s, NULL, &answer), QUO_OK);
		assert_int_equal(answer, cases[i].answer);
	}
	quo_secret_free(s);
}

static void
hook_gets_what_the_contract_says(void **state)
{
	struct quo_hook hook = hook_of(
	    "[ \"$1\" = apply ] && [ $# = 1 ] || exit 10\n"
	    "[ \"$(cat <&3)\" = 'new: $\\ \" x' ] || exit 11\n"
	    "[ \"$(cat <&4)\" = old ] || exit 12\n"
	    "[ \"$QUORATE_NAME\" = 'db root' ] || exit 13\n"
	    "[ \"$QUORATE_USER\" = root ] || exit 14\n"
	    "[ -z \"$QUORATE_TARGET\" ] || exit 15\n"
	    "[ \"$QUORATE_GENERATION\" = 7 ] || exit 16\n"
	    "[ \"$(tr '\\0' '\\n' </proc/$$/environ | wc -l)\" = 6 ] ||"
	    " exit 17\n"
	    "[ \"$QUORATE_CHECKPOINT\" = 12:00ff$(printf %060d 0) ] ||"
	    " exit 20\n"
	    "[ \"$PATH\" = /usr/sbin:/usr/bin:/sbin:/bin ] || exit 18\n"
	    "[ \"$(readlink /proc/$$/fd/0)\" = /dev/null ] || exit 19\n");
	struct quo_secret *s = secret_of("new: $\\ \" x");
	struct quo_secret *old = secret_of("old");
	enum quo_hook_answer answer = QUO_HOOK_UNKNOWN;

	(void)state;
	hook.checkpoint = (struct quo_checkpoint){ 12, { 0, 0xff } };
	setenv("QUORATE_TARGET", "leaked", 1);
	assert_err(quo_hook_apply(&hook, s, old, &answer), QUO_OK);
	unsetenv("QUORATE_TARGET");
	assert_int_equal(WEXITSTATUS(hook.status), 0);
	assert_int_equal(answer, QUO_HOOK_YES);
	quo_secret_free(s);
	quo_secret_free(old);
}

static void
unknown_old_secret_is_no_descriptor(void **state)
{
	struct quo_hook hook = hook_of("[ ! -e /proc/$$/fd/4 ]");
	struct quo_secret *s = secret_of("new");
	enum quo_hook_answer answer = QUO_HOOK_UNKNOWN;

	(void)state;
	assert_err(quo_hook_apply(&hook, s, NULL, &answer), QUO_OK);
	assert_int_equal(answer, QUO_HOOK_YES);
	assert_err(quo_hook_verify(&hook, s, &answer), QUO_OK);
	assert_int_equal(answer, QUO_HOOK_YES);
	quo_secret_free(s);
}

static void
note_is_kept_but_never_the_secret(void **state)
{
	struct quo_hook hook = hook_of("echo 'no such user' >&2; exit 2");
	struct quo_secret *s = secret_of("Tz7-canary-Tz7");
	struct quo_secret *old = secret_of("Old-canary-Old");
	enum quo_hook_answer answer;

	(void)state;
	assert_err(quo_hook_apply(&hook, s, old, &answer), QUO_OK);
	assert_string_equal(hook.note, "no such user");
	hook = hook_of("set -x; p=$(cat <&3); : \"$p\"");
	assert_err(quo_hook_apply(&hook, s, old, &answer), QUO_OK);
	assert_null(strstr(hook.note, "canary"));
	assert_non_null(strstr(hook.note, "withheld"));
	hook = hook_of("cat <&4");
	assert_err(quo_hook_apply(&hook, s, old, &answer), QUO_OK);
	assert_null(strstr(hook.note, "canary"));
	/* cut by the end of the note */
	hook = hook_of("head -c 501 /dev/zero | tr '\\0' x >&2; cat <&3 >&2");
	assert_err(quo_hook_apply(&hook, s, old, &answer), QUO_OK);
	assert_null(strstr(hook.note, "canary"));
	assert_null(strstr(hook.note, "Tz7"));
	quo_secret_free(s);
	quo_secret_free(old);
}

static void
describe_reads_what_the_target_takes(void **state)
{
	struct quo_hook hook = hook_of("[ ! -e /proc/$$/fd/3 ] || exit 9\n"
	    "[ \"$1\" = describe ] && cat <<'EOT'\n"
	    "# a BMC\n\nsingle-secret = no\nlength = 1-65536\n"
	    "characters = !=#abc\nneeds-old = yes\nEOT");
	struct quo_hook_desc d;

	(void)state;
	assert_err(quo_hook_describe(&hook, &d), QUO_OK);
	assert_string_equal(d.alphabet, "!=#abc");
	assert_int_equal(d.min_len, 1);
	assert_int_equal(d.max_len, 65536);
	assert_true(d.needs_old);
	assert_false(d.single_secret);

	hook = hook_of("cat <<'EOT'\n" GOOD "EOT");
	assert_err(quo_hook_describe(&hook, &d), QUO_OK);
	assert_string_equal(d.alphabet, quo_mint_alphabet("clear"));
	assert_int_equal(d.min_len, 12);
	assert_false(d.needs_old);
	assert_true(d.single_secret);
	assert_false(d.mints);
	assert_false(d.limited);
}

static void
describe_that_says_later_is_no_failure_of_the_hook(void **state)
{
	struct quo_hook hook = hook_of("cat <<'EOT'\n" GOOD "EOT\nexit 75");
	struct quo_hook_desc d = { .min_len = 99 };

	(void)state;
	assert_err(quo_hook_describe(&hook, &d), QUO_ELATER);
	assert_int_equal(d.min_len, 99);
	hook = hook_of("echo 'no route to host' >&2; exit 75");
	assert_err(quo_hook_describe(&hook, &d), QUO_ELATER);
	assert_string_equal(hook.note, "no route to host");
}

/* What a hook takes that mints from min to max bytes. */
static struct quo_hook_desc
minting(size_t min, size_t max)
{
	return (struct quo_hook_desc){
		.mints = true, .min_len = min, .max_len = max,
	};
}

static void
mint_fails_where_nothing_fit_comes(void **state)
{
	static const struct {
		const char *script;
		enum quo_err err;
		const char *note;
	} cases[] = {
		{ "exit 0", QUO_EINVAL, "mint: 0 bytes, not 8 to 16" },
		{ "printf 1234567", QUO_EINVAL, "mint: 7 bytes" },
		{ "printf 12345678901234567", QUO_EINVAL, "more than 16" },
		{ "yes", QUO_EINVAL, "more than 16" },
		{ "printf 12345678; exit 1", QUO_ECHILD, "" },
		{ "printf 12345678; exit 75", QUO_ELATER, "" },
		{ "printf 12345678; kill -KILL $$", QUO_ECHILD, "" },
		{ "printf 12345678; sleep 300", QUO_ETIMEOUT, "" },
		{ "echo no entropy >&2; exit 2", QUO_ECHILD, "no entropy" },
	};
	struct quo_hook_desc d = minting(8, 16);
	struct quo_secret *s = NULL;
	struct quo_hook hook;
	char ran[80];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		hook = hook_of(cases[i].script);
		hook.seconds = 1;
		assert_err(quo_hook_mint(&hook, &d, &s), cases[i].err);
		assert_non_null(strstr(hook.note, cases[i].note));
		assert_null(strstr(hook.note, "1234567"));
		assert_null(s);
	}
	/* not asked where it doesn't say that it mints */
	hook = hook_of("echo run >\"${0%/*}/ran\"; printf 12345678");
	d.mints = false;
	assert_err(quo_hook_mint(&hook, &d, &s), QUO_EINVAL);
	snprintf(ran, sizeof ran, "%s/ran", dir);
	assert_int_equal(access(ran, F_OK), -1);
	assert_null(s);
}

static void
what_is_minted_is_the_secret_and_no_note(void **state)
{
	static const uint8_t bytes[] = "a\0\nb\377 c\n";
	struct quo_hook_desc d = minting(1, 65536);
	struct quo_secret *s = NULL;
	struct quo_hook hook = hook_of("[ \"$1\" = mint ] && [ $# = 1 ] &&\n"
	    "[ ! -e /proc/$$/fd/3 ] && [ ! -e /proc/$$/fd/4 ] &&\n"
	    "[ \"$(tr '\\0' '\\n' </proc/$$/environ | wc -l)\" = 6 ] &&\n"
	    "echo said >&2; printf 'a\\0\\nb\\377 c\\n'");

	(void)state;
	assert_err(quo_hook_mint(&hook, &d, &s), QUO_OK);
	assert_int_equal(s->len, sizeof bytes - 1);
	assert_memory_equal(s->data, bytes, s->len);
	assert_string_equal(hook.note, "said");
	quo_secret_free(s);
	/* the longest there is */
	s = NULL;
	hook = hook_of("head -c 65536 /dev/zero");
	assert_err(quo_hook_mint(&hook, &d, &s), QUO_OK);
	assert_int_equal(s->len, 65536);
	quo_secret_free(s);
	/* quoted, as set -x does: whole, or without its last line's end */
	s = NULL;
	hook = hook_of("set -x; k=$(printf 'Tz7-canary-1\nTz7-canary-2\n')\n"
	    "printf '%s\n' \"$k\"");
	assert_err(quo_hook_mint(&hook, &d, &s), QUO_OK);
	assert_int_equal(s->len, 26);
	assert_null(strstr(hook.note, "canary"));
	assert_non_null(strstr(hook.note, "withheld"));
	quo_secret_free(s);
	/* also where it fails */
	s = NULL;
	hook = hook_of("echo Tz7-canary; echo Tz7-canary >&2; exit 1");
	assert_err(quo_hook_mint(&hook, &d, &s), QUO_ECHILD);
	assert_null(strstr(hook.note, "canary"));
	assert_null(s);
}

static void
describe_that_fails_leaves_the_answer_alone(void **state)
{
	struct quo_hook hook = hook_of("cat <<'EOT'\n" GOOD "EOT\nexit 1");
	struct quo_hook_desc d = { .min_len = 99 };

	(void)state;
	assert_err(quo_hook_describe(&hook, &d), QUO_ECHILD);
	hook = hook_of("echo 'alphabet = hex'; echo 'length = 0'");
	assert_err(quo_hook_describe(&hook, &d), QUO_ESYNTAX);
	assert_string_equal(hook.note, "describe, line 2");
	hook = hook_of("yes '# comment' | head -c 100000");
	assert_err(quo_hook_describe(&hook, &d), QUO_ETOOBIG);
	hook = hook_of("exit 0");
	assert_err(quo_hook_describe(&hook, &d), QUO_ESYNTAX);
	assert_int_equal(d.min_len, 99);
}

static int
make_dir(void **state)
{
	(void)state;
	if (mkdtemp(dir) == NULL || chmod(dir, 0755) != 0)
		return -1;
	snprintf(path, sizeof path, "%s/hook", dir);
	return quo_crypt_init() == QUO_OK ? 0 : -1;
}

static int
remove_dir(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(missing_hook_is_not_run),
		cmocka_unit_test(unsafe_hook_is_not_run),
		cmocka_unit_test(root_wants_it_roots_own_and_so_its_directory),
		cmocka_unit_test(hanging_hook_answers_nothing),
		cmocka_unit_test(exit_codes_are_answers),
		cmocka_unit_test(hook_gets_what_the_contract_says),
		cmocka_unit_test(unknown_old_secret_is_no_descriptor),
		cmocka_unit_test(note_is_kept_but_never_the_secret),
		cmocka_unit_test(describe_reads_what_the_target_takes),
		cmocka_unit_test(describe_that_fails_leaves_the_answer_alone),
		cmocka_unit_test(
		    describe_that_says_later_is_no_failure_of_the_hook),
		cmocka_unit_test(mint_fails_where_nothing_fit_comes),
		cmocka_unit_test(what_is_minted_is_the_secret_and_no_note),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
