/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * run-hook HOOK apply|verify|describe|mint NAME USER TARGET GENERATION
 *
 * Runs a target hook as quorate does, by rotation/hook.h: the new secret is
 * read from standard input, the old one from descriptor 4 where it is open.
 * Prints the answer (yes, no, later, unknown, the description, or what was
 * minted), and on standard error the note. Exits 0 with an answer, 3 without.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crypt.h"
#include "rotation/hook.h"

#define MOST 65536

static const char *const answers[] = {
	[QUO_HOOK_YES] = "yes",
	[QUO_HOOK_NO] = "no",
	[QUO_HOOK_LATER] = "later",
	[QUO_HOOK_UNKNOWN] = "unknown",
};

static enum quo_err
slurp(int fd, struct quo_secret **secret)
{
	struct quo_secret *s = NULL;
	enum quo_err err = quo_secret_new(MOST, &s);
	size_t len = 0;
	ssize_t n = 1;

	while (err == QUO_OK && n > 0) {
		n = read(fd, s->data + len, MOST - len);
		if (n < 0 || len == MOST)
			err = QUO_EIO;
		else
			len += (size_t)n;
	}
	if (err == QUO_OK && len == 0)
		err = QUO_EINVAL;
	if (err == QUO_OK) {
		quo_secret_truncate(s, len);
		*secret = s;
	} else {
		quo_secret_free(s);
	}
	return err;
}

static enum quo_err
describe(struct quo_hook *hook)
{
	struct quo_hook_desc d;
	enum quo_err err = quo_hook_describe(hook, &d);

	if (err == QUO_OK)
		printf("%s\n%zu to %zu\nneeds old: %d\nsingle secret: %d\n",
		    d.mints ? "mints" : d.alphabet, d.min_len, d.max_len,
		    d.needs_old, d.single_secret);
	if (err == QUO_OK && d.limited)
		printf("wrong logins: %u in %lld\n", d.wrong_logins,
		    (long long)d.wrong_span);
	return err;
}

static enum quo_err
mint(struct quo_hook *hook)
{
	struct quo_secret *secret = NULL;
	struct quo_hook_desc d;
	enum quo_err err = quo_hook_describe(hook, &d);

	if (err == QUO_OK)
		err = quo_hook_mint(hook, &d, &secret);
	if (err == QUO_OK && write(1, secret->data, secret->len) !=
	    (ssize_t)secret->len)
		err = QUO_EIO;
	quo_secret_free(secret);
	return err;
}

static enum quo_err
ask(struct quo_hook *hook, const char *verb)
{
	struct quo_secret *secret = NULL, *old = NULL;
	enum quo_hook_answer answer = QUO_HOOK_UNKNOWN;
	enum quo_err err;

	err = slurp(0, &secret);
	if (err == QUO_OK && fcntl(4, F_GETFD) != -1)
		err = slurp(4, &old);
	if (err == QUO_OK && strcmp(verb, "apply") == 0)
		err = quo_hook_apply(hook, secret, old, &answer);
	else if (err == QUO_OK)
		err = quo_hook_verify(hook, secret, &answer);
	if (err == QUO_OK)
		printf("%s\n", answers[answer]);
	quo_secret_free(secret);
	quo_secret_free(old);
	return err;
}

int
main(int argc, char **argv)
{
	struct quo_hook hook = { .seconds = 60 };
	enum quo_err err;

	if (argc != 7)
		return 2;
	hook.path = argv[1];
	hook.name = argv[3];
	hook.user = argv[4];
	hook.target = argv[5];
	hook.generation = strtoul(argv[6], NULL, 10);
	err = quo_crypt_init();
	if (err == QUO_OK)
		err = strcmp(argv[2], "describe") == 0 ? describe(&hook) :
		    strcmp(argv[2], "mint") == 0 ? mint(&hook) :
		    ask(&hook, argv[2]);
	if (err != QUO_OK)
		fprintf(stderr, "run-hook: %s\n", quo_strerror(err));
	fputs(hook.note, stderr);
	return err == QUO_OK ? 0 : 3;
}
