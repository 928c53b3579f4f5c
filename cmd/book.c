/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/alarm.h"
#include "cmd/book.h"
#include "ledger/view.h"

#define ACTOR_MAX 256

/*
 * The name of a user by this host's own file: a directory on the network may
 * be what has failed.
 */
static void
name_user(uid_t uid, char *name, size_t cap)
{
	FILE *file = fopen("/etc/passwd", "re");
	const struct passwd *pw = NULL;

	while (file != NULL && (pw = fgetpwent(file)) != NULL &&
	    pw->pw_uid != uid)
		continue;
	if (pw != NULL)
		snprintf(name, cap, "%s", pw->pw_name);
	else
		snprintf(name, cap, "uid %u", (unsigned)uid);
	if (file != NULL)
		fclose(file);
}

/* Who runs us: as root perhaps by sudo, and for whom. */
static void
name_actor(char actor[ACTOR_MAX])
{
	const char *sudo = getenv("SUDO_USER");
	char name[64];

	name_user(getuid(), name, sizeof name);
	if (getuid() == 0 && sudo != NULL && quo_value_valid(sudo))
		snprintf(actor, ACTOR_MAX, "%s, sudo by %s", name, sudo);
	else
		snprintf(actor, ACTOR_MAX, "%s", name);
}

enum quo_err
quo_book_create(const char *path, struct quo_secret **key)
{
	char actor[ACTOR_MAX];

	name_actor(actor);
	return quo_ledger_create(path, actor, key);
}

static bool
by_choice(const struct quo_book *book)
{
	return book->settings->ledger_from == QUO_LEDGER_NONE ||
	    book->settings->ledger_from == QUO_LEDGER_BYPASSED;
}

/* Who may put a journal beside it may put anything into it. */
static void
warn_of_anybody(const char *path)
{
	char *real = realpath(path, NULL);
	char *slash = real != NULL ? strrchr(real, '/') : NULL;
	const char *open_to_all = NULL;
	struct stat st;

	if (slash != NULL && stat(real, &st) == 0 && (st.st_mode & 02) != 0)
		open_to_all = real;
	if (slash != NULL && open_to_all == NULL) {
		slash[slash == real] = '\0';
		if (stat(real, &st) == 0 && (st.st_mode & 02) != 0)
			open_to_all = real;
	}
	if (open_to_all != NULL) {
		quo_say_warning("%s is writable by anybody: so is what the "
		    "ledger says", open_to_all);
		quo_say_hint("move it to a directory that is yours alone");
	}
	free(real);
}

void
quo_book_try(const struct quo_common *common, bool write,
    struct quo_book *book)
{
	char actor[ACTOR_MAX];

	*book = (struct quo_book){
		.settings = common->settings, .write = write
	};
	if (by_choice(book))
		return;
	book->err = book->settings->ledger == NULL ? QUO_ENOENT :
	    quo_ledger_open(book->settings->ledger, write, &book->ledger);
	if (book->err != QUO_OK)
		return;
	warn_of_anybody(book->settings->ledger);
	name_actor(actor);
	quo_ledger_actor(book->ledger, actor);
}

void
quo_book_say_missing(const struct quo_book *book)
{
	const char *path = book->settings->ledger;

	if (path == NULL)
		quo_say_error("where is the ledger? HOME isn't set");
	else if (book->err == QUO_ENOENT)
		quo_say_error("there is no ledger at %s", path);
	else
		quo_say_failure(book->err, "%s", path);
}

/* What to do about it, besides --no-ledger. */
static void
hint(const struct quo_book *book, enum quo_book_need need)
{
	if (book->err == QUO_ENOENT)
		quo_say_hint("quorate log init makes one; --ledger names "
		    "another");
	else if (book->err == QUO_EBUSY)
		quo_say_hint("another quorate works with it: try again");
	else if (book->err == QUO_ECORRUPT)
		quo_say_hint("keep it for the auditor; take the log from a "
		    "backup or export");
	if (need == QUO_BOOK_WANTED)
		quo_say_hint("--no-ledger goes on without: nothing is "
		    "recorded then");
}

enum quo_exit
quo_book_open(const struct quo_common *common, enum quo_book_need need,
    struct quo_book *book)
{
	quo_book_try(common, need != QUO_BOOK_READ, book);
	if (book->ledger != NULL)
		return QUO_EXIT_DONE;
	if (by_choice(book)) {
		if (need == QUO_BOOK_WANTED)
			return QUO_EXIT_DONE;
		quo_say_error("this is about the ledger, and there is none: "
		    "%s says so", book->settings->ledger_from ==
		    QUO_LEDGER_NONE ? "the configuration" : "--no-ledger");
		quo_say_hint("--ledger PATH names one");
		return QUO_EXIT_MISUSE;
	}
	quo_book_say_missing(book);
	hint(book, need);
	return book->err == QUO_ENOENT ? QUO_EXIT_MISUSE : QUO_EXIT_MACHINE;
}

/* Who is told of a failure may do it again, and some of it was done. */
static void
say_recorded(const struct quo_book *book)
{
	uint64_t recorded = quo_ledger_recorded(book->ledger);

	if (recorded > 0)
		quo_say_hint("entry %" PRIu64 " is on record all the same: "
		    "see quorate log show before it is done again",
		    recorded - 1);
}

enum quo_exit
quo_book_say(const struct quo_book *book, enum quo_err err)
{
	const char *why = quo_ledger_why(book->ledger);
	enum quo_exit end;

	if (err == QUO_OK)
		return QUO_EXIT_DONE;
	if (err == QUO_EREFUSED) {
		quo_say_error("%s", why);
		return QUO_EXIT_NO;
	}
	if (err == QUO_EIO && quo_say_failed()) {
		quo_say_error("standard output can't be written");
		end = QUO_EXIT_MACHINE;
	} else {
		end = quo_say_failure(err, "%s%s%s", book->settings->ledger,
		    *why != '\0' ? ": " : "", why);
	}
	say_recorded(book);
	return end;
}

void
quo_book_hint_name(const struct quo_book *book, const char *credential)
{
	const struct quo_view_rules rules = { .now = 0 };
	struct quo_views views = { .count = 0 };
	const char **names = NULL, *near = NULL;

	if (credential != NULL && quo_views_load(book->ledger, &rules,
	    &views) == QUO_OK && quo_views_find(&views, credential) == NULL)
		names = calloc(views.count + 1, sizeof *names);
	for (size_t i = 0; names != NULL && i < views.count; i++)
		names[i] = views.view[i].name;
	if (names != NULL)
		near = quo_option_nearest(credential, names);
	if (near != NULL)
		quo_say_hint("did you mean \"%s\"?", near);
	free(names);
	quo_views_clear(&views);
}

enum quo_exit
quo_book_record(struct quo_book *book, const struct quo_entry *entry,
    uint64_t *number)
{
	enum quo_err err = quo_ledger_record(book->ledger, entry, number);
	enum quo_exit end = quo_book_say(book, err);

	if (err == QUO_EREFUSED)
		quo_book_hint_name(book, entry->value[QUO_KEY_CREDENTIAL]);
	return end;
}

enum quo_exit
quo_book_finish(struct quo_book *book, enum quo_err err)
{
	enum quo_exit end;

	if (err == QUO_OK)
		return quo_book_say(book, quo_ledger_commit(book->ledger));
	end = quo_book_say(book, err);
	quo_ledger_rollback(book->ledger);
	return end;
}

void
quo_book_close(struct quo_book *book)
{
	if (book->ledger != NULL && quo_say_failed())
		say_recorded(book);
	/* Who gave up between begin and commit said why already. */
	if (book->ledger != NULL)
		quo_ledger_rollback(book->ledger);
	if (book->ledger != NULL && book->write)
		quo_alarm_deliver(book);
	quo_ledger_close(book->ledger);
	book->ledger = NULL;
}
