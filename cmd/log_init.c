/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypt.h"
#include "base/file.h"
#include "base/utc.h"
#include "cmd/book.h"
#include "cmd/forms.h"
#include "cmd/log.h"
#include "cmd/paper.h"
#include "config.h"
#include "ledger/auditor.h"
#include "scan/scan.h"

/* More than any auditor's card as text. */
#define CARD_MAX 4096

/* The directories above a path that aren't there, for us alone; they stay. */
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
		if (mkdir(copy, 0700) == 0)
			err = quo_file_sync_above(copy);
		else if (errno != EEXIST)
			err = QUO_EIO;
		*at = '/';
	}
	free(copy);
	return err;
}

/* As the auditor will read it: through the scanner, or as text. */
static enum quo_err
read_back(const struct quo_stage *stage, enum quo_paper_form form,
    const struct quo_secret *key)
{
	struct quo_secret *text = NULL, *got = NULL;
	struct quo_scan scan = { 0 };
	enum quo_err err;

	if (form == QUO_PAPER_PDF) {
		err = quo_scan_fd(stage->fd, &scan);
		if (err == QUO_OK && scan.count != 1)
			err = QUO_EMISSING;
		if (err == QUO_OK)
			err = quo_auditor_parse((const char *)
			    scan.texts->data, strlen((const char *)
			    scan.texts->data), &got);
	} else {
		err = quo_file_read(stage->fd, CARD_MAX, &text);
		if (err == QUO_OK)
			err = quo_auditor_parse((const char *)text->data,
			    text->len, &got);
	}
	if (err == QUO_OK && !quo_equal(got->data, key->data,
	    QUO_LEDGER_KEY_LEN))
		err = QUO_EMISMATCH;
	quo_secret_free(got);
	quo_secret_free(text);
	quo_scan_free(&scan);
	return err;
}

static enum quo_exit
stage_text(const struct quo_secret *key, int dir, const char *path,
    struct quo_stage *stage)
{
	struct quo_secret *text = NULL;
	enum quo_err err;

	err = quo_auditor_print(key->data, &text);
	if (err == QUO_OK) {
		text->data[text->len - 1] = '\n';
		err = quo_stage_write(dir, text->data, text->len, stage);
	}
	quo_secret_free(text);
	return err == QUO_OK ? QUO_EXIT_DONE :
	    quo_say_failure(err, "%s", path);
}

/* On paper it says of which ledger and host it is. */
static enum quo_exit
stage_pdf(const struct quo_log_options *o, const char *ledger,
    const struct quo_secret *key, int dir, struct quo_stage *stage)
{
	char host[256] = "", now[QUO_UTC_TEXT];
	struct quo_ledger *made = NULL;
	struct quo_document *doc = NULL;
	struct quo_form form = { .date = now, .version = QUO_VERSION,
		.paper = o->paper == 2 ? QUO_FACE_LETTER : QUO_FACE_A4 };
	enum quo_exit end;
	enum quo_err err;

	gethostname(host, sizeof host - 1);
	quo_utc_print(quo_utc_now(), now);
	err = quo_ledger_open(ledger, false, &made);
	if (err == QUO_OK) {
		form.ledger = quo_ledger_id(made);
		err = quo_form_auditor(&form, host, key->data, &doc);
	}
	end = err == QUO_OK ? quo_paper_stage(doc, QUO_PAPER_PDF, dir,
	    o->auditor_card, stage) :
	    quo_say_failure(err, "%s", o->auditor_card);
	quo_document_free(doc);
	quo_ledger_close(made);
	return end;
}

/* The auditor's card, as a file that isn't there yet, and reads as the key. */
static enum quo_exit
write_card(const struct quo_log_options *o, const char *ledger,
    const struct quo_secret *key)
{
	const char *path = o->auditor_card;
	enum quo_paper_form form = quo_paper_form_of(path);
	struct quo_stage stage = { .fd = -1 };
	int dir = quo_paper_directory(path);
	enum quo_exit end;
	enum quo_err err;

	if (dir == -1)
		return quo_say_failure(QUO_EIO, "%s", path);
	end = form == QUO_PAPER_PDF ? stage_pdf(o, ledger, key, dir, &stage) :
	    stage_text(key, dir, path, &stage);
	if (end == QUO_EXIT_DONE && read_back(&stage, form, key) != QUO_OK) {
		quo_say_error("%s: it doesn't read back as it was made", path);
		end = QUO_EXIT_MACHINE;
	}
	if (end == QUO_EXIT_DONE) {
		err = quo_stage_name(&stage, quo_paper_last(path));
		if (err == QUO_OK && fsync(dir) != 0) {
			err = QUO_EIO;
			unlink(path);
		}
		if (err != QUO_OK)
			end = quo_say_failure(err, "%s", path);
	}
	quo_stage_close(&stage);
	close(dir);
	return end;
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
	end = err == QUO_OK ? write_card(o, hidden, key) :
	    quo_say_failure(err, "%s", path);
	quo_secret_free(key);
	if (end == QUO_EXIT_DONE && renameat2(AT_FDCWD, hidden, AT_FDCWD,
	    path, RENAME_NOREPLACE) != 0) {
		end = quo_say_failure(errno == EEXIST ? QUO_EEXIST : QUO_EIO,
		    "%s", path);
		unlink(o->auditor_card);
	} else if (end == QUO_EXIT_DONE && quo_file_sync_above(path) != QUO_OK) {
		end = quo_say_failure(QUO_EIO, "%s is there, with the "
		    "auditor's card %s, but perhaps not after a power cut",
		    path, o->auditor_card);
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
	enum quo_paper_form form;
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
	form = quo_paper_form_of(o->auditor_card);
	if (form != QUO_PAPER_PDF && form != QUO_PAPER_TXT) {
		quo_say_error("--auditor-card %s: its name must end in .pdf "
		    "or .txt", o->auditor_card);
		quo_say_hint("a .pdf to be printed, or a .txt with the key "
		    "alone");
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
