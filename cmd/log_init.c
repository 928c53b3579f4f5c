/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cmd/book.h"
#include "cmd/log.h"
#include "ledger/auditor.h"

/* The directories above a path that aren't there, for us alone. */
static enum quo_err
make_directories(const char *path)
{
	char *copy = strdup(path), *at;
	enum quo_err err = QUO_OK;

	if (copy == NULL)
		return QUO_ENOMEM;
	for (at = strchr(copy + 1, '/'); at != NULL && err == QUO_OK;
	    at = strchr(at + 1, '/')) {
		*at = '\0';
		if (mkdir(copy, 0700) != 0 && errno != EEXIST)
			err = QUO_EIO;
		*at = '/';
	}
	free(copy);
	return err;
}

/* The auditor's card as text; as a file that isn't there yet. */
static enum quo_exit
write_card(const char *path, const struct quo_secret *key)
{
	struct quo_secret *text = NULL;
	int fd;
	enum quo_err err;

	fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	if (fd == -1)
		return quo_say_failure(errno == EEXIST ? QUO_EEXIST :
		    QUO_EIO, "%s", path);
	err = quo_auditor_print(key->data, &text);
	if (err == QUO_OK) {
		text->data[text->len - 1] = '\n';
		err = quo_file_write(fd, text->data, text->len);
	}
	if (err == QUO_OK && fsync(fd) != 0)
		err = QUO_EIO;
	close(fd);
	quo_secret_free(text);
	if (err == QUO_OK)
		return QUO_EXIT_DONE;
	unlink(path);
	return quo_say_failure(err, "%s", path);
}

static enum quo_err
sync_above(const char *path)
{
	char *copy = strdup(path), *slash;
	enum quo_err err = QUO_OK;
	int fd;

	if (copy == NULL)
		return QUO_ENOMEM;
	slash = strrchr(copy, '/');
	if (slash != NULL)
		slash[slash == copy] = '\0';
	fd = open(slash != NULL ? copy : ".",
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1 || fsync(fd) != 0)
		err = QUO_EIO;
	if (fd != -1)
		close(fd);
	free(copy);
	return err;
}

/*
 * The ledger gets its name last: one without its auditor's card would be one
 * whose seal nobody can ever check.
 */
static enum quo_exit
found(const struct quo_log_options *o, const char *path)
{
	struct quo_secret *key = NULL;
	char *hidden = NULL, *journal = NULL;
	enum quo_exit end;
	enum quo_err err;

	if (asprintf(&hidden, "%s.new", path) == -1 ||
	    asprintf(&journal, "%s-journal", hidden) == -1)
		return quo_say_failure(QUO_ENOMEM, "%s", path);
	unlink(hidden);
	err = quo_book_create(hidden, &key);
	end = err == QUO_OK ? write_card(o->auditor_card, key) :
	    quo_say_failure(err, "%s", path);
	quo_secret_free(key);
	if (end == QUO_EXIT_DONE && (renameat2(AT_FDCWD, hidden, AT_FDCWD,
	    path, RENAME_NOREPLACE) != 0 || sync_above(path) != QUO_OK)) {
		end = quo_say_failure(errno == EEXIST ? QUO_EEXIST : QUO_EIO,
		    "%s", path);
		unlink(o->auditor_card);
	}
	unlink(hidden);
	unlink(journal);
	free(hidden);
	free(journal);
	return end;
}

enum quo_exit
quo_log_init(const struct quo_log_options *o)
{
	const char *path = o->common.settings->ledger;
	enum quo_exit end;

	if (path == NULL)
		return quo_say_misuse("log init: no place for a ledger is "
		    "known: say --ledger PATH");
	if (o->auditor_card == NULL) {
		quo_say_error("log init: where does the auditor's card go?");
		quo_say_hint("--auditor-card FILE: it is made once, for the "
		    "auditor alone");
		return QUO_EXIT_MISUSE;
	}
	if (access(path, F_OK) == 0) {
		quo_say_error("%s is there already", path);
		quo_say_hint("a ledger is begun once: quorate status shows "
		    "it");
		return QUO_EXIT_MISUSE;
	}
	if (make_directories(path) != QUO_OK)
		return quo_say_failure(QUO_EIO, "%s", path);
	end = found(o, path);
	if (end != QUO_EXIT_DONE)
		return end;
	quo_say("the ledger is %s", path);
	quo_say("the auditor's card is %s: the log can be held against its "
	    "seal with it, and with nothing else", o->auditor_card);
	quo_say_warning("give it to the auditor and destroy the file: who "
	    "has it can forge the seal");
	return QUO_EXIT_DONE;
}
