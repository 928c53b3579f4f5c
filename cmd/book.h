/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_BOOK_H
#define QUO_BOOK_H

#include "cmd/option.h"
#include "cmd/settings.h"
#include "ledger/ledger.h"

/**
 * The ledger as the commands use it: found by the settings, opened, written
 * in the name of whoever runs the command. What goes wrong is said.
 */
struct quo_book {
	const struct quo_settings *settings;	/* borrowed */
	struct quo_ledger *ledger;	/* NULL: there is none */
	enum quo_err err;		/* why, where it couldn't be opened */
	const char *wanted;		/* whose cards are asked for; or NULL */
	bool write;
};

/** What a command does where there is no ledger. */
enum quo_book_need {
	QUO_BOOK_READ,		/* nothing: it is about the ledger */
	QUO_BOOK_WRITE,		/* the same, and it writes */
	QUO_BOOK_WANTED		/* it writes; without, it goes on only where
				 * --no-ledger or the settings say so */
};

/**
 * Open the ledger. Gives QUO_EXIT_DONE, with book->ledger NULL only for
 * QUO_BOOK_WANTED; else it is said what is the matter and what to do.
 * Close it in each case.
 */
enum quo_exit quo_book_open(const struct quo_common *common,
    enum quo_book_need need, struct quo_book *book);

/**
 * The same for a rescue: nothing is said, and book->ledger is NULL with
 * book->err telling why (QUO_OK: by choice).
 */
void quo_book_try(const struct quo_common *common, bool write,
    struct quo_book *book);

/** Make one (quo_ledger_create), in the name of whoever runs the command. */
enum quo_err quo_book_create(const char *path, struct quo_secret **key);

/** Why there is none, in one line: "the ledger PATH is missing". */
void quo_book_say_missing(const struct quo_book *book);

/**
 * Where the ledger has no credential of a name, hint at the one that may be
 * meant. NULL is none to hint at.
 */
void quo_book_hint_name(const struct quo_book *book, const char *credential);

/**
 * Record one entry (quo_ledger_record) and say why it was refused or failed.
 */
enum quo_exit quo_book_record(struct quo_book *book,
    const struct quo_entry *entry, uint64_t *number);

/**
 * The end of what quo_ledger_begin began: commit, or roll back where err is
 * one, and say why.
 */
enum quo_exit quo_book_finish(struct quo_book *book, enum quo_err err);

/**
 * Say why a call of ledger.h failed with err, or what was written of it to
 * standard output, and what is on record all the same; give its class.
 */
enum quo_exit quo_book_say(const struct quo_book *book, enum quo_err err);

/** Tell everybody what was written (cmd/alarm.h), and let go of it. */
void quo_book_close(struct quo_book *book);

#endif
