/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Drives the terminal functions of cmd/ for tests/cli/tty.bats:
 *
 *	tty-tool secret|new|line|confirm
 *	tty-tool show FILE SECONDS
 *	tty-tool typed FILE		the rows go to FILE
 *	tty-tool rows			some to type
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "card/words.h"
#include "cmd/say.h"
#include "cmd/tty.h"
#include "cmd/typed.h"

static enum quo_err
ask(const char *what)
{
	struct quo_secret *secret = NULL;
	enum quo_err err = QUO_EINVAL;
	char line[32];
	bool yes;

	if (strcmp(what, "line") == 0) {
		err = quo_tty_line("card file: ", line, sizeof line);
		if (err == QUO_OK)
			quo_say_data("got [%s]", line);
	} else if (strcmp(what, "confirm") == 0) {
		err = quo_tty_confirm("is this it?", &yes);
		if (err == QUO_OK)
			quo_say_data("got %s", yes ? "yes" : "no");
	} else {
		err = strcmp(what, "new") == 0 ?
		    quo_tty_new_secret("new secret: ", &secret) :
		    quo_tty_secret("secret: ", &secret);
		if (err == QUO_OK)
			quo_say_data("got %zu bytes, first %02x, last %02x",
			    secret->len, secret->data[0],
			    secret->data[secret->len - 1]);
	}
	quo_secret_free(secret);
	return err;
}

static enum quo_err
show(const char *path, const char *seconds)
{
	struct quo_secret *secret = NULL;
	enum quo_err err;
	uint8_t bytes[4096];
	FILE *file = fopen(path, "rb");
	size_t n;

	if (file == NULL)
		return QUO_ENOENT;
	n = fread(bytes, 1, sizeof bytes, file);
	fclose(file);
	err = quo_secret_copy(bytes, n, &secret);
	if (err == QUO_OK)
		err = quo_tty_show(secret, "root@db1", (unsigned)atoi(seconds));
	quo_secret_free(secret);
	return err;
}

static enum quo_err
type(const char *path)
{
	struct quo_secret *text = NULL;
	enum quo_err err;
	FILE *file;

	err = quo_typed_read(false, &text);
	if (err != QUO_OK)
		return err;
	file = fopen(path, "wb");
	if (file == NULL || fwrite(text->data, 1, text->len, file) != text->len)
		err = QUO_EIO;
	if (file != NULL)
		fclose(file);
	quo_secret_free(text);
	return err;
}

static enum quo_err
print_rows(enum quo_words_kind kind, size_t len)
{
	struct quo_secret *text = NULL;
	uint8_t data[QUO_WORDS_SHARE_LEN];
	enum quo_err err;
	size_t i;

	for (i = 0; i < sizeof data; i++)
		data[i] = (uint8_t)(i * 7 + 1);
	err = quo_words_text(kind, data, len, &text);
	if (err == QUO_OK)
		quo_say_bytes((const char *)text->data, text->len);
	quo_secret_free(text);
	return err;
}

int
main(int argc, char **argv)
{
	enum quo_err err = QUO_EINVAL;

	setlocale(LC_CTYPE, "");
	if (argc == 4 && strcmp(argv[1], "show") == 0)
		err = show(argv[2], argv[3]);
	else if (argc == 3 && strcmp(argv[1], "typed") == 0)
		err = type(argv[2]);
	else if (argc == 2 && strcmp(argv[1], "rows") == 0) {
		err = print_rows(QUO_WORDS_SHARE, QUO_WORDS_SHARE_LEN);
		if (err == QUO_OK)
			return (int)print_rows(QUO_WORDS_SET, 24);
	} else if (argc == 2)
		err = ask(argv[1]);
	if (err != QUO_OK)
		return (int)quo_say_failure(err, "tool");
	quo_say_data("done");
	return 0;
}
