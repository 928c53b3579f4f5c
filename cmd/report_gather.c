/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/grow.h"
#include "base/utc.h"
#include "cmd/book.h"
#include "cmd/report.h"
#include "ledger/read.h"

static void
tell_line(void *arg, const char *line)
{
	struct quo_report *r = arg;
	char *copy = strdup(line);
	char **more = copy != NULL ? QUO_GROW(r->lines, r->line_count) : NULL;

	if (more != NULL) {
		*more = copy;
	} else {
		free(copy);
		r->err = QUO_ENOMEM;
	}
}

static void
tell_finding(void *context, const struct quo_finding *f)
{
	struct quo_report *r = context;
	struct quo_report_finding *more =
	    QUO_GROW(r->findings, r->finding_count);

	if (more == NULL) {
		r->err = QUO_ENOMEM;
		return;
	}
	*more = (struct quo_report_finding){ f->rule, strdup(f->about),
	    strdup(f->text), f->note };
	if (more->about == NULL || more->text == NULL)
		r->err = QUO_ENOMEM;
}

static bool
to_story(void *with, uint64_t number, const char *line, size_t len)
{
	struct quo_report *r = with;

	(void)number;
	r->err = quo_story_line(&r->story, line, len);
	return r->err == QUO_OK;
}

static enum quo_exit
say_trouble(struct quo_report *r, const char *why)
{
	r->trouble = strdup(why);
	return r->trouble == NULL ?
	    quo_say_failure(QUO_ENOMEM, "%s", "report") : QUO_EXIT_DONE;
}

/* The ledger, copied at one moment: nobody waits for the report. */
static enum quo_exit
read_ledger(const struct quo_common *common, struct quo_report *r)
{
	struct quo_book book;
	enum quo_exit end;
	enum quo_err err;

	end = quo_book_open(common, QUO_BOOK_READ, &book);
	if (end == QUO_EXIT_DONE)
		end = quo_book_say(&book, quo_ledger_copy(book.ledger,
		    &r->ledger));
	quo_book_close(&book);
	if (end != QUO_EXIT_DONE)
		return end;
	err = quo_verify_ledger(r->ledger, &r->evidence.verify);
	if (err == QUO_OK)
		err = quo_ledger_lines(r->ledger, 0, to_story, r);
	if (err == QUO_OK)
		err = r->err;
	if (err == QUO_OK)
		err = quo_ledger_agrees(r->ledger);
	if (err == QUO_EMISMATCH)
		return say_trouble(r, quo_ledger_why(r->ledger));
	return err == QUO_OK ? QUO_EXIT_DONE :
	    quo_say_failure(err, "%s", "the ledger");
}

/* A line's part in the tables; where one has none, no later one has. */
static enum quo_err
replay_line(struct quo_report *r, const char *text, size_t len,
    unsigned long long row)
{
	char *line, why[80];
	enum quo_err err;

	if (r->trouble != NULL)
		return QUO_OK;
	line = strndup(text, len);
	if (line == NULL)
		return QUO_ENOMEM;
	err = quo_ledger_replay(r->ledger, line, len);
	free(line);
	if (err == QUO_OK || err == QUO_ENOMEM)
		return err;
	snprintf(why, sizeof why, "entry %llu and those behind it are left "
	    "out", row);
	r->trouble = strdup(why);
	return r->trouble == NULL ? QUO_ENOMEM : QUO_OK;
}

/* From an export: the story, and the tables that its lines make. */
static enum quo_err
replay(struct quo_report *r, const char *text, size_t len)
{
	const char *end, *tab, *stop = text + len;
	unsigned long long row = 0;
	enum quo_err err = QUO_OK;

	for (; err == QUO_OK && text < stop; row++, text = end + 1) {
		end = memchr(text, '\n', (size_t)(stop - text));
		if (end == NULL)
			end = stop;
		tab = memchr(text, '\t', (size_t)(end - text));
		len = (size_t)((tab != NULL ? tab : end) - text);
		err = quo_story_line(&r->story, text, len);
		if (err == QUO_OK)
			err = replay_line(r, text, len, row);
	}
	return err;
}

static enum quo_exit
read_log(struct quo_report *r)
{
	int fd = open(r->log, O_RDONLY | O_CLOEXEC);
	enum quo_err err = QUO_EIO;
	struct stat st;
	void *map;

	if (fd == -1)
		return quo_say_failure(errno == ENOENT ? QUO_ENOENT :
		    QUO_EIO, "%s", r->log);
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		err = quo_ledger_memory(&r->ledger);
	if (err == QUO_OK && st.st_size > 0) {
		map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE,
		    fd, 0);
		if (map == MAP_FAILED) {
			err = QUO_EIO;
		} else {
			quo_verify_export(map, (size_t)st.st_size,
			    &r->evidence.verify);
			err = replay(r, map, (size_t)st.st_size);
			munmap(map, (size_t)st.st_size);
		}
	}
	close(fd);
	return err == QUO_OK ? QUO_EXIT_DONE :
	    quo_say_failure(err, "%s", r->log);
}

/* What is in it, once all entries were there. */
static enum quo_err
look(struct quo_report *r)
{
	const struct quo_view_rules rules = { .now = r->now,
		.drill_every = r->settings->drill_every,
		.max_age = r->settings->max_age,
		.review_within = r->settings->review_within,
	};
	enum quo_err err;

	r->whole = !r->evidence.verify.failed && r->trouble == NULL;
	r->checkpoint.size = r->evidence.verify.entries;
	quo_frontier_root(&r->evidence.verify.frontier, r->checkpoint.root);
	if (!r->since)
		quo_utc_parse(r->evidence.verify.first_time, &r->from);
	err = quo_story_end(&r->story);
	if (err == QUO_OK)
		err = quo_story_decay(&r->story, &r->decay);
	if (err == QUO_OK)
		err = quo_views_load(r->ledger, &rules, &r->views);
	if (err == QUO_OK)
		err = quo_roster_load(r->ledger, &r->roster);
	if (err == QUO_OK)
		err = quo_judge(r->ledger, tell_finding, r);
	return err == QUO_OK ? r->err : err;
}

enum quo_exit
quo_report_gather(const struct quo_common *common,
    const struct quo_list *witnesses, const char *auditor_key,
    struct quo_report *r)
{
	enum quo_exit end;
	enum quo_err err;

	r->evidence.tell = tell_line;
	r->evidence.arg = r;
	end = quo_evidence_gather(&r->evidence, witnesses, auditor_key);
	if (end != QUO_EXIT_DONE)
		return end;
	err = quo_evidence_begin(&r->evidence);
	if (err != QUO_OK)
		return quo_say_failure(err, "%s", "report");
	err = quo_story_begin(&r->story, r->from, r->to, r->now);
	if (err != QUO_OK)
		end = quo_say_failure(err, "%s", "report");
	else
		end = r->log != NULL ? read_log(r) : read_ledger(common, r);
	quo_evidence_end(&r->evidence);
	if (end != QUO_EXIT_DONE)
		return end;
	quo_evidence_words(&r->evidence);
	err = look(r);
	return err == QUO_OK ? QUO_EXIT_DONE :
	    quo_say_failure(err, "%s", "report");
}

void
quo_report_clear(struct quo_report *r)
{
	quo_document_free(r->doc);
	quo_story_clear(&r->story);
	quo_views_clear(&r->views);
	quo_roster_clear(&r->roster);
	quo_evidence_clear(&r->evidence);
	for (size_t i = 0; i < r->finding_count; i++) {
		free(r->findings[i].about);
		free(r->findings[i].text);
	}
	for (size_t i = 0; i < r->line_count; i++)
		free(r->lines[i]);
	free(r->findings);
	free(r->lines);
	free(r->trouble);
	free(r->slots);
	quo_ledger_close(r->ledger);
}
