/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/utc.h"
#include "ledger/alert_internal.h"
#include "ledger/spool_internal.h"

#define SYSLOG "syslog"
#define HOOKS "hooks"
/* Between tries, in seconds; the most is also told in spool.h. */
#define FIRST_WAIT 60
#define MOST_WAIT 3600
/* Who claimed an alert has so long, and then some, to say what came of it. */
#define LEASE 30
/* A time that far off comes from a clock that was wrong. */
#define TOO_FAR 7200
#define SINK_MAX 300

/* Where alerts go in this run. */
struct sinks {
	struct quo_alert_hook *hooks;
	size_t count;
	char why[QUO_ALERT_WHY];	/* the directory can't be read */
	bool syslog;
};

/* What one run works with. */
struct run {
	struct quo_ledger *ledger;
	const struct quo_spool *spool;
	struct sinks sinks;
	time_t end;			/* of its time; 0: none */
};

/* One alert to one sink. */
struct job {
	int64_t entry;
	int64_t tries;			/* this one, too */
	bool failed;			/* one before this one */
	char sink[SINK_MAX];
};

time_t
quo_spool_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

/* What the database says of its own failure. */
static enum quo_err
told(struct quo_ledger *ledger, enum quo_err err)
{
	return err == QUO_ENOENT ? err : quo_ledger_told(ledger, err);
}

static enum quo_err
find_sinks(const struct quo_spool *spool, struct sinks *sinks)
{
	enum quo_err err = QUO_ENOENT;

	sinks->syslog = spool->syslog != NULL;
	if (spool->hooks != NULL)
		err = quo_alert_hooks_list(spool->hooks, &sinks->hooks,
		    &sinks->count);
	if (err == QUO_EIO)
		err = quo_alert_fail(QUO_OK, sinks->why,
		    "%s can't be read", spool->hooks);
	return err == QUO_ENOENT ? QUO_OK : err;
}

static enum quo_err
add(struct quo_db *db, int64_t entry, const char *sink)
{
	return quo_db_run(db, "INSERT INTO delivery (entry, sink) "
	    "VALUES (?, ?) ON CONFLICT DO NOTHING", "it", entry, sink);
}

static enum quo_err
add_hooks(struct quo_db *db, const struct sinks *sinks, int64_t entry)
{
	enum quo_err err = QUO_OK;

	for (size_t i = 0; err == QUO_OK && i < sinks->count; i++)
		err = add(db, entry, sinks->hooks[i].sink);
	return err;
}

/* From an entry that is to alert to its sinks. */
static enum quo_err
fan_out(struct quo_db *db, const struct sinks *sinks, int64_t entry)
{
	enum quo_err err = QUO_OK;

	if (sinks->syslog)
		err = add(db, entry, SYSLOG);
	if (err == QUO_OK && sinks->why[0] != '\0')
		err = add(db, entry, HOOKS);
	if (err == QUO_OK)
		err = add_hooks(db, sinks, entry);
	return err != QUO_OK ? err : quo_db_run(db, "DELETE FROM delivery "
	    "WHERE entry = ? AND sink = ''", "i", entry);
}

/* Another process may do the same: the second time changes nothing. */
static enum quo_err
fan_out_all(const struct run *run)
{
	struct quo_ledger *ledger = run->ledger;
	int64_t entry = -1;
	enum quo_err err;

	for (;;) {
		err = quo_db_int(ledger->db, -1, &entry, "SELECT min(entry) "
		    "FROM delivery WHERE sink = '' AND done = 0", "");
		if (err != QUO_OK || entry < 0)
			return told(ledger, err);
		err = quo_ledger_begin(ledger);
		if (err == QUO_OK)
			err = told(ledger, fan_out(ledger->db, &run->sinks,
			    entry));
		if (err == QUO_OK)
			err = quo_ledger_commit(ledger);
		if (err != QUO_OK) {
			quo_ledger_rollback(ledger);
			return err;
		}
	}
}

/* Find what is due for the sink, and what is known of it. */
static enum quo_err
find_due(const struct run *run, struct job *job)
{
	char now[QUO_UTC_TEXT], far[QUO_UTC_TEXT];
	struct quo_rows *rows = NULL;
	enum quo_err err;
	bool found;

	quo_utc_print(quo_utc_now(), now);
	quo_utc_print(quo_utc_now() + TOO_FAR, far);
	err = quo_db_ask(run->ledger->db, &rows, "SELECT entry, tries, "
	    "error IS NOT NULL FROM delivery WHERE sink = ? AND done = 0 AND "
	    "(next IS NULL OR ((next <= ? OR next > ?) AND NOT ?) OR "
	    "(error IS NOT NULL AND ?)) "
	    "ORDER BY tries > 0, entry LIMIT 1", "tttii", job->sink, now, far,
	    (int64_t)run->spool->fresh, (int64_t)run->spool->again);
	if (err != QUO_OK)
		return err;
	found = quo_rows_next(rows);
	if (found) {
		job->entry = quo_rows_int(rows, 0);
		job->tries = quo_rows_int(rows, 1) + 1;
		job->failed = quo_rows_int(rows, 2) != 0;
	}
	err = quo_rows_end(rows);
	return err == QUO_OK && !found ? QUO_ENOENT : err;
}

static enum quo_err
wait_until(struct quo_db *db, const struct job *job, int64_t seconds)
{
	char next[QUO_UTC_TEXT];

	quo_utc_print(quo_utc_now() + seconds, next);
	return quo_db_run(db, "UPDATE delivery SET tries = ?, next = ? "
	    "WHERE entry = ? AND sink = ?", "itit", job->tries, next,
	    job->entry, job->sink);
}

/*
 * Take the next alert that is due for job->sink: it isn't for others until
 * the lease ends, whatever becomes of us. Fails with QUO_ENOENT: there is
 * none.
 */
static enum quo_err
claim(const struct run *run, struct job *job)
{
	struct quo_ledger *ledger = run->ledger;
	enum quo_err err = quo_ledger_begin(ledger);

	if (err != QUO_OK)
		return err;
	err = told(ledger, find_due(run, job));
	if (err == QUO_OK)
		err = told(ledger, wait_until(ledger->db, job,
		    run->spool->hook_seconds + LEASE));
	if (err == QUO_OK)
		return quo_ledger_commit(ledger);
	quo_ledger_rollback(ledger);
	return err;
}

/* The entry's line; the caller frees it. */
static enum quo_err
read_line(struct quo_ledger *ledger, int64_t entry, char **line)
{
	struct quo_rows *rows = NULL;
	enum quo_err err, end;

	err = quo_db_ask(ledger->db, &rows, "SELECT line FROM entry WHERE "
	    "number = ?", "i", entry);
	if (err != QUO_OK)
		return told(ledger, err);
	err = QUO_ECORRUPT;
	if (quo_rows_next(rows) && quo_rows_text(rows, 0) != NULL) {
		*line = strdup(quo_rows_text(rows, 0));
		err = *line != NULL ? QUO_OK : QUO_ENOMEM;
	}
	end = quo_rows_end(rows);
	return end != QUO_OK ? told(ledger, end) : err;
}

static const struct quo_alert_hook *
find_hook(const struct sinks *sinks, const char *sink)
{
	for (size_t i = 0; i < sinks->count; i++)
		if (strcmp(sinks->hooks[i].sink, sink) == 0)
			return &sinks->hooks[i];
	return NULL;
}

static enum quo_err
to_syslog(const struct run *run, const char *line, char why[QUO_ALERT_WHY])
{
	char *text = NULL;
	enum quo_err err;

	if (!run->sinks.syslog)
		return quo_alert_fail(QUO_OK, why, "syslog is no longer set");
	err = quo_spool_words(run->ledger, line, &text);
	if (err == QUO_OK)
		quo_alert_syslog(run->spool->syslog, text, why);
	free(text);
	return err;
}

static enum quo_err
to_hook(const struct run *run, const struct job *job, const char *line,
    char why[QUO_ALERT_WHY])
{
	const struct quo_alert_hook *hook = find_hook(&run->sinks, job->sink);
	unsigned seconds = run->spool->hook_seconds;
	char *text = NULL;
	time_t left;
	enum quo_err err;

	if (hook == NULL)
		return quo_alert_fail(QUO_OK, why, "there is no such hook "
		    "any more");
	if (hook->why[0] != '\0')
		return quo_alert_fail(QUO_OK, why, "%s", hook->why);
	if (seconds == 0)
		seconds = QUO_ALERT_SECONDS;
	left = run->end == 0 ? (time_t)seconds : run->end - quo_spool_clock();
	if (left < (time_t)seconds)
		seconds = left > 0 ? (unsigned)left : 1;
	err = quo_spool_json(run->ledger, line, &text);
	if (err == QUO_OK)
		quo_alert_hook(hook->path, text, seconds, why);
	free(text);
	return err;
}

/* Ask the sink; why is "" where it took the alert. */
static enum quo_err
ask(const struct run *run, const struct job *job, char why[QUO_ALERT_WHY])
{
	char *line = NULL;
	enum quo_err err;

	why[0] = '\0';
	if (strcmp(job->sink, HOOKS) == 0)
		return quo_alert_fail(QUO_OK, why, "%s", run->sinks.why);
	err = read_line(run->ledger, job->entry, &line);
	if (err == QUO_OK)
		err = strcmp(job->sink, SYSLOG) == 0 ?
		    to_syslog(run, line, why) :
		    to_hook(run, job, line, why);
	free(line);
	return err;
}

/* Log what became of it, where that is news. */
static enum quo_err
record(struct quo_ledger *ledger, const char *event, const struct job *job,
    const char *why)
{
	char detail[80];
	const struct quo_entry entry = { .value = {
		[QUO_KEY_EVENT] = event,
		[QUO_KEY_REASON] = why[0] != '\0' ? why : NULL,
		[QUO_KEY_SINK] = job->sink,
		[QUO_KEY_DETAIL] = detail,
	} };

	snprintf(detail, sizeof detail, "alert of entry %lld, try %lld",
	    (long long)job->entry, (long long)job->tries);
	return quo_ledger_record(ledger, &entry, NULL);
}

static enum quo_err
settle_taken(const struct run *run, const struct job *job)
{
	struct quo_ledger *ledger = run->ledger;
	enum quo_err err;

	err = quo_db_run(ledger->db, "UPDATE delivery SET done = 1, "
	    "next = NULL, error = NULL WHERE entry = ? AND sink = ?", "it",
	    job->entry, job->sink);
	/* The directory is back: now its hooks are asked. */
	if (err == QUO_OK && strcmp(job->sink, HOOKS) == 0)
		err = add_hooks(ledger->db, &run->sinks, job->entry);
	if (err != QUO_OK)
		return told(ledger, err);
	return job->failed ? record(ledger, "delivered", job, "") : QUO_OK;
}

static enum quo_err
settle_failed(const struct run *run, const struct job *job, const char *why)
{
	struct quo_ledger *ledger = run->ledger;
	int64_t wait = job->tries > 6 ? MOST_WAIT :
	    FIRST_WAIT << (job->tries - 1);
	enum quo_err err;

	err = wait_until(ledger->db, job, wait);
	if (err == QUO_OK)
		err = quo_db_run(ledger->db, "UPDATE delivery SET error = ? "
		    "WHERE entry = ? AND sink = ?", "tit", why, job->entry,
		    job->sink);
	if (err != QUO_OK)
		return told(ledger, err);
	return job->failed ? QUO_OK :
	    record(ledger, "undelivered", job, why);
}

static enum quo_err
settle(const struct run *run, const struct job *job, const char *why)
{
	enum quo_err err = quo_ledger_begin(run->ledger);

	if (err != QUO_OK)
		return err;
	err = why[0] == '\0' ? settle_taken(run, job) :
	    settle_failed(run, job, why);
	if (err == QUO_OK)
		return quo_ledger_commit(run->ledger);
	quo_ledger_rollback(run->ledger);
	return err;
}

static bool
has_time(const struct run *run)
{
	return run->end == 0 || quo_spool_clock() < run->end;
}

/* All that is due for one sink, until it fails. */
static enum quo_err
serve(const struct run *run, struct job *job)
{
	char why[QUO_ALERT_WHY] = "";
	enum quo_err err = QUO_OK;

	while (err == QUO_OK && why[0] == '\0' && has_time(run)) {
		err = claim(run, job);
		if (err == QUO_OK)
			err = ask(run, job, why);
		if (err == QUO_OK)
			err = settle(run, job, why);
		if (err == QUO_OK && run->spool->told != NULL)
			run->spool->told(run->spool->arg,
			    (uint64_t)job->entry, job->sink, why);
	}
	return err == QUO_ENOENT ? QUO_OK : err;
}

/* The sinks that something waits for, one behind the other in name order. */
static enum quo_err
next_sink(struct quo_ledger *ledger, struct job *job)
{
	struct quo_rows *rows = NULL;
	enum quo_err err;
	bool found;

	err = quo_db_ask(ledger->db, &rows, "SELECT min(sink) FROM delivery "
	    "WHERE done = 0 AND sink > ?", "t", job->sink);
	if (err != QUO_OK)
		return told(ledger, err);
	found = quo_rows_next(rows) && quo_rows_text(rows, 0) != NULL;
	if (found)
		snprintf(job->sink, sizeof job->sink, "%s",
		    quo_rows_text(rows, 0));
	err = quo_rows_end(rows);
	return err == QUO_OK && !found ? QUO_ENOENT : told(ledger, err);
}

enum quo_err
quo_spool_run(struct quo_ledger *ledger, const struct quo_spool *spool)
{
	struct run run = { .ledger = ledger, .spool = spool };
	struct job job = { .sink = SYSLOG };
	uint64_t waiting = 0;
	enum quo_err err;

	err = quo_spool_count(ledger, &waiting);
	if (err != QUO_OK || waiting == 0)
		return err;
	if (spool->seconds > 0)
		run.end = quo_spool_clock() + (time_t)spool->seconds;
	err = find_sinks(spool, &run.sinks);
	if (err == QUO_OK)
		err = fan_out_all(&run);
	/* Syslog first: it is quick, and always there. */
	if (err == QUO_OK)
		err = serve(&run, &job);
	job.sink[0] = '\0';
	while (err == QUO_OK && has_time(&run)) {
		err = next_sink(ledger, &job);
		if (err == QUO_OK && strcmp(job.sink, SYSLOG) != 0)
			err = serve(&run, &job);
	}
	quo_alert_hooks_free(run.sinks.hooks, run.sinks.count);
	return err == QUO_ENOENT ? QUO_OK : err;
}
