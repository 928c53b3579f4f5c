/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crypt.h"
#include "base/file.h"
#include "base/hex.h"
#include "cmd/book.h"
#include "cmd/command.h"
#include "cmd/judged.h"
#include "ledger/roster.h"

struct import {
	struct quo_common common;
	bool dry_run;
};

/* What goes on while one is imported. */
struct work {
	const char *path;
	char *text;
	size_t len;
	struct quo_roster wanted, has;
	size_t changed[QUO_RECORD_KINDS];
	struct quo_json *json;
	struct quo_book book;
};

static const struct quo_option options[] = {
	{ 0, "dry-run", NULL, QUO_FLAG(struct import, dry_run),
	  .help = "show what would change, and change nothing",
	  .group = "the import" },
	{ 0 }
};

static enum quo_exit
read_document(struct work *w)
{
	bool standard = strcmp(w->path, "-") == 0;
	int fd = standard ? STDIN_FILENO :
	    open(w->path, O_RDONLY | O_CLOEXEC);
	enum quo_err err;

	if (fd < 0)
		return quo_say_failure(errno == ENOENT ? QUO_ENOENT :
		    QUO_EIO, "%s", w->path);
	err = quo_file_read_open(fd, QUO_JSON_MAX, &w->text, &w->len);
	if (err == QUO_ETOOBIG) {
		quo_say_error("%s: an inventory has at most %u MiB", w->path,
		    QUO_JSON_MAX >> 20);
		quo_say_hint("import it in parts: what a file doesn't name "
		    "stays as it is");
	} else if (err != QUO_OK)
		quo_say_failure(err, "%s", w->path);
	if (!standard)
		close(fd);
	return quo_exit_of(err);
}

static enum quo_exit
parse_document(struct work *w)
{
	char why[QUO_ROSTER_WHY] = "";
	struct quo_json_fault fault = { 0 };
	struct quo_json_value *json = NULL;
	enum quo_err err;

	err = quo_json_load(w->text, w->len, &json, &fault);
	if (err == QUO_ESYNTAX)
		return quo_say_misuse("%s:%u:%u: %s", w->path, fault.line,
		    fault.column, fault.why);
	if (err == QUO_OK)
		err = quo_roster_read(json, &w->wanted, why);
	quo_json_unload(json);
	if (err == QUO_ESYNTAX)
		return quo_say_misuse("%s: %s", w->path, why);
	return err == QUO_OK ? QUO_EXIT_DONE :
	    quo_say_failure(err, "%s", w->path);
}

static void
tell_change(const struct work *w, enum quo_record_kind kind,
    const struct quo_record *old, const struct quo_record *new,
    const char *fields)
{
	const struct quo_record_type *type = &quo_record_types[kind];

	quo_say("%s %s \"%s\": %s", old == NULL ? "new" : "changed",
	    type->what, new->key, fields);
	quo_json_object(w->json, NULL);
	quo_json_text(w->json, "what", type->what);
	quo_json_text(w->json, type->key, new->key);
	quo_json_text(w->json, "act", old == NULL ? "add" : "change");
	quo_json_text(w->json, "fields", fields);
	quo_json_close(w->json);
}

static size_t
compare(struct work *w)
{
	char fields[QUO_DIFF_TEXT];
	size_t all = 0;

	quo_json_array(w->json, "changes");
	for (int k = 0; k < QUO_RECORD_KINDS; k++)
		for (size_t i = 0; i < w->wanted.count[k]; i++) {
			enum quo_record_kind kind = (enum quo_record_kind)k;
			const struct quo_record *new =
			    &w->wanted.records[k][i];
			const struct quo_record *old =
			    quo_roster_find(&w->has, kind, new->key);

			if (!quo_record_diff(kind, old, new, fields))
				continue;
			tell_change(w, kind, old, new, fields);
			w->changed[k]++;
			all++;
		}
	quo_json_close(w->json);
	return all;
}

static enum quo_err
record_import(struct work *w)
{
	const struct quo_span span = { w->text, w->len };
	uint8_t hash[QUO_HASH_LEN];
	char hex[2 * QUO_HASH_LEN + 1], detail[96];
	const struct quo_entry entry = { .value = {
		[QUO_KEY_EVENT] = "import",
		[QUO_KEY_HASH] = hex,
		[QUO_KEY_DETAIL] = detail,
	} };

	quo_sha256(&span, 1, hash);
	quo_hex_print(hash, sizeof hash, hex);
	snprintf(detail, sizeof detail, "%zu people, %zu credentials",
	    w->changed[QUO_RECORD_PERSON], w->changed[QUO_RECORD_CREDENTIAL]);
	return quo_ledger_record(w->book.ledger, &entry, NULL);
}

static enum quo_err
put_all(struct work *w)
{
	enum quo_err err = record_import(w);

	for (int k = 0; err == QUO_OK && k < QUO_RECORD_KINDS; k++)
		for (size_t i = 0; err == QUO_OK && i < w->wanted.count[k];
		    i++) {
			enum quo_record_kind kind = (enum quo_record_kind)k;
			const struct quo_record *new =
			    &w->wanted.records[k][i];

			err = quo_record_put(w->book.ledger, kind,
			    quo_roster_find(&w->has, kind, new->key), new);
		}
	return err;
}

/* Either all of it, or nothing. */
static enum quo_exit
apply(struct work *w, bool dry_run)
{
	enum quo_exit end;
	size_t changes;
	enum quo_err err = QUO_OK;

	if (!dry_run)
		err = quo_ledger_begin(w->book.ledger);
	if (err != QUO_OK)
		return quo_book_say(&w->book, err);
	err = quo_roster_load(w->book.ledger, &w->has);
	changes = err == QUO_OK ? compare(w) : 0;
	if (dry_run) {
		if (err == QUO_OK)
			quo_say(changes > 0 ? "nothing was written: this was "
			    "a dry run" : "nothing would change");
		return quo_book_say(&w->book, err);
	}
	if (err == QUO_OK && changes > 0)
		err = put_all(w);
	end = quo_book_finish(&w->book, err);
	if (end == QUO_EXIT_DONE && changes == 0)
		quo_say("nothing changed");
	return end;
}

static enum quo_exit
import(struct work *w, const struct import *i)
{
	enum quo_exit end;

	end = read_document(w);
	if (end == QUO_EXIT_DONE)
		end = parse_document(w);
	if (end == QUO_EXIT_DONE)
		end = quo_book_open(&i->common, i->dry_run ? QUO_BOOK_READ :
		    QUO_BOOK_WRITE, &w->book);
	if (end == QUO_EXIT_DONE)
		end = apply(w, i->dry_run);
	quo_json_bool(w->json, "dry_run", i->dry_run);
	if (end == QUO_EXIT_DONE && !i->dry_run)
		end = quo_judged_say(&w->book, NULL, w->json);
	if (end == QUO_EXIT_DONE && i->common.json &&
	    quo_say_json(w->json) != QUO_OK)
		end = quo_say_failure(QUO_EIO, "%s", "JSON");
	return end;
}

static enum quo_exit
run(const void *values)
{
	const struct import *i = values;
	struct work w = { .path = i->common.operands.items[0],
	    .json = i->common.json ? quo_json_new() : NULL };
	enum quo_exit end = import(&w, i);

	quo_book_close(&w.book);
	quo_roster_clear(&w.wanted);
	quo_roster_clear(&w.has);
	quo_json_free(w.json);
	free(w.text);
	return end;
}

static const char *const usage[] = { "FILE", NULL };

static const char *const examples[] = {
	"quorate import --dry-run roster.json",
	"quorate import roster.json",
	NULL
};

const struct quo_command quo_command_import = {
	.name = "import",
	.summary = "take people and credentials in from a JSON file",
	.usage = usage,
	.about = "Makes each person and credential of FILE (- for standard "
	"input) what stands there; others are left as they are. All of it is "
	"taken in, or nothing. What is there already changes nothing, so a "
	"file from version control can be imported again and again. Then it "
	"is said what the practice would have otherwise.",
	.options = options,
	.examples = examples,
	.no = "the rules refuse it",
	.size = sizeof(struct import),
	.least = 1,
	.most = 1,
	.run = run,
};
