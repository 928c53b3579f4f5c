/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "card/credential.h"
#include "cmd/obtain.h"
#include "cmd/tty.h"
#include "crypto/mint.h"

static enum quo_exit
mint(const char *text, const struct quo_hook_desc *takes,
    struct quo_secret **secret)
{
	struct quo_mint profile = { .least = 0 };
	enum quo_err err;

	err = quo_mint_parse(text, &profile);
	if (err == QUO_EINVAL)
		return quo_say_misuse("--mint=%s: at least %zu characters "
		    "are needed for %d bits", text, profile.least,
		    QUO_MINT_BITS);
	if (err != QUO_OK) {
		quo_say_error("--mint=%s: %s", text, quo_strerror(err));
		quo_say_hint("a length, or clear, alnum, hex, digits or "
		    "printable, as in --mint=alnum:24");
		return quo_exit_of(err);
	}
	if (takes != NULL && quo_mint_narrow(&profile, takes->alphabet,
	    takes->min_len, takes->max_len) != QUO_OK)
		return quo_say_misuse("what the target takes gives less than "
		    "%d bits: %zu characters are needed, it takes %zu",
		    QUO_MINT_BITS, profile.least, takes->max_len);
	err = quo_mint_secret(&profile, secret);
	return err == QUO_OK ? QUO_EXIT_DONE :
	    quo_say_failure(err, "%s", "minting");
}

/* The classic slip: `echo pw | quorate split`. */
static enum quo_exit
judge_newline(const struct quo_obtain *obtain, struct quo_secret *secret)
{
	const uint8_t *nl = memchr(secret->data, '\n', secret->len);
	size_t last = secret->len - 1;

	if (obtain->strip_newline && secret->data[last] == '\n') {
		if (last == 0)
			return quo_say_misuse("the secret is empty");
		quo_secret_truncate(secret, last);
		return QUO_EXIT_DONE;
	}
	if (obtain->keep_newline || nl != secret->data + last)
		return QUO_EXIT_DONE;
	quo_say_error("the secret is one line that ends in a newline: is the "
	    "newline part of it?");
	quo_say_hint("say --strip-newline or --keep-newline; or send it by "
	    "printf %%s");
	return QUO_EXIT_MISUSE;
}

static enum quo_exit
load(const struct quo_obtain *obtain, struct quo_secret **secret)
{
	bool piped = obtain->file == NULL || strcmp(obtain->file, "-") == 0;
	const char *from = piped ? "standard input" : obtain->file;
	struct quo_secret *got = NULL;
	enum quo_exit end;
	enum quo_err err;

	err = piped ? quo_file_read(STDIN_FILENO, QUO_CREDENTIAL_MAX, &got) :
	    quo_file_load(from, QUO_CREDENTIAL_MAX, &got);
	if (err == QUO_ETOOBIG)
		return quo_say_misuse("%s: a secret has at most 64 KiB", from);
	if (err != QUO_OK)
		return quo_say_failure(err, "%s", from);
	if (got == NULL) {
		quo_say_error("%s: there is no secret", from);
		quo_say_hint("mint one by --mint, or send it by a pipe");
		return QUO_EXIT_MISUSE;
	}
	end = judge_newline(obtain, got);
	if (end == QUO_EXIT_DONE)
		*secret = got;
	else
		quo_secret_free(got);
	return end;
}

enum quo_exit
quo_obtain_secret(const struct quo_obtain *obtain,
    const struct quo_hook_desc *takes, struct quo_secret **secret)
{
	enum quo_err err;

	if (obtain->mint != NULL)
		return mint(obtain->mint, takes, secret);
	if (!quo_tty_present() || (obtain->file != NULL &&
	    strcmp(obtain->file, "-") != 0))
		return load(obtain, secret);
	err = quo_tty_new_secret("Secret to deal: ", secret);
	return err == QUO_OK ? QUO_EXIT_DONE :
	    quo_say_failure(err, "%s", "no secret was entered");
}
