/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "cmd/book.h"
#include "cmd/evidence.h"
#include "cmd/log.h"

/* Some four million entries: more come as a file. */
#define PIPED_MAX ((size_t)1 << 31)

static enum quo_exit
report_json(const struct quo_evidence *ev)
{
	const struct quo_verify *v = &ev->verify;
	static const char *const says[] = {
		[QUO_WITNESS_AGREES] = "agrees",
		[QUO_WITNESS_CONTRADICTS] = "contradicts",
		[QUO_WITNESS_AHEAD] = "ahead",
		[QUO_WITNESS_STRANGER] = "another ledger",
	};
	struct quo_json *json = quo_json_new();
	enum quo_err err;

	quo_json_bool(json, "whole", !v->failed);
	quo_json_int(json, "entries", (int64_t)v->entries);
	quo_json_int(json, "covered", (int64_t)v->covered);
	quo_json_text(json, "since", v->since);
	quo_json_bool(json, "seal_checked", ev->sealed);
	quo_json_int(json, "wrong", (int64_t)v->wrong);
	quo_json_int(json, "unsealed", (int64_t)v->unsealed);
	quo_json_array(json, "witnesses");
	for (size_t i = 0; i < v->witness_count; i++) {
		quo_json_object(json, NULL);
		quo_json_text(json, "from", v->witnesses[i].label);
		quo_json_int(json, "covers",
		    (int64_t)v->witnesses[i].checkpoint.size);
		quo_json_text(json, "says", says[v->witnesses[i].says]);
		quo_json_close(json);
	}
	quo_json_close(json);
	err = quo_say_json(json);
	quo_json_free(json);
	return err == QUO_OK ? QUO_EXIT_DONE :
	    quo_say_failure(err, "%s", "JSON");
}

/* A file is looked at where it is, whatever its size. */
static enum quo_err
verify_mapped(int fd, size_t size, struct quo_verify *v)
{
	void *map;

	if (size == 0)
		return QUO_OK;
	map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return QUO_EIO;
	quo_verify_export(map, size, v);
	munmap(map, size);
	return QUO_OK;
}

/* A pipe has no size: what comes out of it, to its end. */
static enum quo_err
verify_piped(int fd, struct quo_verify *v)
{
	char *text = NULL;
	size_t len = 0;
	enum quo_err err = quo_file_read_open(fd, PIPED_MAX, &text, &len);

	if (err == QUO_OK)
		quo_verify_export(text, len, v);
	free(text);
	return err;
}

static enum quo_exit
verify_file(const char *path, struct quo_verify *v)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum quo_err err = QUO_EIO;
	struct stat st;

	if (fd == -1)
		err = errno == ENOENT ? QUO_ENOENT : QUO_EIO;
	else if (fstat(fd, &st) == 0)
		err = S_ISREG(st.st_mode) ?
		    verify_mapped(fd, (size_t)st.st_size, v) :
		    verify_piped(fd, v);
	if (err != QUO_OK)
		quo_say_failure(err, "%s", path);
	if (fd != -1)
		close(fd);
	return quo_exit_of(err);
}

static enum quo_exit
verify_ledger(const struct quo_log_options *o, struct quo_verify *v)
{
	struct quo_book book;
	enum quo_exit end;
	enum quo_err err;

	end = quo_book_open(&o->common, QUO_BOOK_READ, &book);
	if (end == QUO_EXIT_DONE)
		end = quo_book_say(&book, quo_verify_ledger(book.ledger, v));
	if (end == QUO_EXIT_DONE && o->rebuild) {
		err = quo_ledger_agrees(book.ledger);
		if (err == QUO_EMISMATCH) {
			quo_say_data("state: %s",
			    quo_ledger_why(book.ledger));
			v->failed = true;
		} else if (err == QUO_OK) {
			quo_say_data("state: as the log makes it");
		} else {
			end = quo_book_say(&book, err);
		}
	}
	quo_book_close(&book);
	return end;
}

static void
say(void *arg, const char *line)
{
	(void)arg;
	quo_say_data("%s", line);
}

static enum quo_exit
judge(const struct quo_log_options *o, struct quo_evidence *ev)
{
	const char *file = quo_log_operand(o);
	enum quo_exit end;

	if (quo_evidence_begin(ev) != QUO_OK)
		return quo_say_failure(QUO_ENOMEM, "%s", "log verify");
	end = file != NULL ? verify_file(file, &ev->verify) :
	    verify_ledger(o, &ev->verify);
	quo_evidence_end(ev);
	if (end != QUO_EXIT_DONE)
		return end;
	if (o->common.json)
		end = report_json(ev);
	else
		quo_evidence_words(ev);
	return end == QUO_EXIT_DONE && ev->verify.failed ? QUO_EXIT_NO : end;
}

enum quo_exit
quo_log_verify(const struct quo_log_options *o)
{
	struct quo_evidence ev = { .tell = say };
	enum quo_exit end;

	if (o->rebuild && quo_log_operand(o) != NULL)
		return quo_say_misuse("--rebuild compares the ledger's own "
		    "state: leave the file out");
	end = quo_evidence_gather(&ev, &o->witnesses, o->auditor_key);
	if (end == QUO_EXIT_DONE)
		end = judge(o, &ev);
	quo_evidence_clear(&ev);
	return end;
}
