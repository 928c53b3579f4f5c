/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "cmd/status.h"

/* How many credentials Nagios' one line names. */
#define NAMED 3

/* A value of each credential; false: this one has none. */
struct metric {
	const char *name;
	const char *type;
	const char *help;
	bool (*value)(const struct quo_view *v, int64_t now, int64_t *value);
};

static bool
generation(const struct quo_view *v, int64_t now, int64_t *value)
{
	(void)now;
	*value = v->generation;
	return true;
}

static bool
decay(const struct quo_view *v, int64_t now, int64_t *value)
{
	(void)now;
	*value = v->decay;
	return true;
}

static bool
overdue(const struct quo_view *v, int64_t now, int64_t *value)
{
	*value = (v->due & UINT64_C(1) << QUO_DUE_OVERDUE) != 0 ?
	    now - v->deadline : 0;
	return true;
}

static bool
cards(const struct quo_view *v, int64_t now, int64_t *value)
{
	(void)now;
	*value = v->cards;
	return v->set != NULL;
}

static bool
lost(const struct quo_view *v, int64_t now, int64_t *value)
{
	(void)now;
	*value = v->lost;
	return v->set != NULL;
}

static bool
other_lost(const struct quo_view *v, int64_t now, int64_t *value)
{
	(void)now;
	*value = v->other_lost;
	return v->set != NULL;
}

static bool
finder(const struct quo_view *v, int64_t now, int64_t *value)
{
	(void)now;
	*value = quo_view_finder(v);
	return *value >= 0;
}

static bool
spare(const struct quo_view *v, int64_t now, int64_t *value)
{
	(void)now;
	*value = v->spare;
	return v->set != NULL;
}

/* Of a card that never was drilled the dealing counts. */
static bool
drill_age(const struct quo_view *v, int64_t now, int64_t *value)
{
	*value = now - (v->drilled != 0 ? v->drilled : v->dealt);
	return v->set != NULL;
}

static bool
drill_due(const struct quo_view *v, int64_t now, int64_t *value)
{
	(void)now;
	*value = v->drill_by;
	return v->drill_by != 0;
}

static bool
secret_age(const struct quo_view *v, int64_t now, int64_t *value)
{
	*value = now - v->rotated;
	return v->rotated != 0;
}

static bool
uses(const struct quo_view *v, int64_t now, int64_t *value)
{
	(void)now;
	*value = v->uses;
	return true;
}

static bool
open_incidents(const struct quo_view *v, int64_t now, int64_t *value)
{
	(void)now;
	*value = (int64_t)v->incident_count;
	return true;
}

static bool
failures(const struct quo_view *v, int64_t now, int64_t *value)
{
	(void)now;
	*value = v->failures;
	return v->failures > 0;
}

static bool
next_try(const struct quo_view *v, int64_t now, int64_t *value)
{
	(void)now;
	*value = v->again;
	return v->again != 0;
}

static bool
on_its_way(const struct quo_view *v, int64_t now, int64_t *value)
{
	(void)now;
	*value = (int64_t)v->set_count;
	return v->set_count > 0;
}

static const struct metric metrics[] = {
	{ "generation", "gauge", "Dealings so far.", generation },
	{ "decay_seconds", "gauge",
	  "Since it was burned; 0 where it is not.", decay },
	{ "overdue_seconds", "gauge",
	  "Since its rotation was due; 0 where none is.", overdue },
	{ "cards", "gauge", "Cards of the current set.", cards },
	{ "cards_lost", "gauge", "Cards of it that are lost.", lost },
	{ "other_cards_lost", "gauge",
	  "Lost cards of other sets that open the same secret.",
	  other_lost },
	{ "finder_needs", "gauge",
	  "Cards that who has the lost ones still needs.", finder },
	{ "cards_to_spare", "gauge",
	  "Cards that may be lost yet; -1: no quorum is left.", spare },
	{ "drill_age_seconds", "gauge",
	  "Since the card drilled longest ago was, or was dealt.",
	  drill_age },
	{ "drill_due_timestamp_seconds", "gauge", "When a drill is due.",
	  drill_due },
	{ "secret_age_seconds", "gauge", "Since the secret was changed.",
	  secret_age },
	{ "rotation_failures", "gauge",
	  "Rotations that failed since the last one that did not; not 0.",
	  failures },
	{ "rotation_next_try_timestamp_seconds", "gauge",
	  "When one that failed is tried again unattended.", next_try },
	{ "sets_on_their_way", "gauge",
	  "Sets that the target may have, or that wait for it; not 0.",
	  on_its_way },
	{ "uses_total", "counter", "Openings so far.", uses },
	{ "incidents_open", "gauge",
	  "Incidents declared and not closed.", open_incidents },
};

static void
put_head(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP quorate_%s %s\n# TYPE quorate_%s %s\n", name,
	    help, name, type);
}

static void
put_label(FILE *out, const char *value)
{
	for (; *value != '\0'; value++)
		if (*value == '\n')
			fputs("\\n", out);
		else if (*value == '\\' || *value == '"')
			fprintf(out, "\\%c", *value);
		else
			putc(*value, out);
}

static void
put_sample(FILE *out, const char *name, const struct quo_view *v,
    const char *label, const char *is, int64_t value)
{
	fprintf(out, "quorate_credential_%s{credential=\"", name);
	put_label(out, v->name);
	if (label != NULL)
		fprintf(out, "\",%s=\"%s", label, is);
	fprintf(out, "\"} %lld\n", (long long)value);
}

static void
put_metric(FILE *out, const struct quo_status *s, const struct metric *m)
{
	char name[64];
	int64_t value;

	snprintf(name, sizeof name, "credential_%s", m->name);
	put_head(out, name, m->type, m->help);
	for (size_t i = 0; i < s->count; i++)
		if (m->value(s->shown[i], s->views->now, &value))
			put_sample(out, m->name, s->shown[i], NULL, NULL,
			    value);
}

static void
put_one(FILE *out, const char *name, const char *help, int64_t value)
{
	put_head(out, name, "gauge", help);
	fprintf(out, "quorate_%s %lld\n", name, (long long)value);
}

enum quo_err
quo_status_prometheus(const struct quo_status *s, FILE *out)
{
	put_one(out, "alerts_undelivered",
	    "Alerts that a sink has not taken.", s->views->undelivered);
	put_one(out, "log_entries", "Entries of the log.",
	    s->views->entries);
	put_one(out, "log_last_entry_timestamp_seconds",
	    "When the last entry was made.", s->views->last);
	put_one(out, "credentials", "Credentials shown.",
	    (int64_t)s->count);
	put_one(out, "credentials_due", "Those to which something is due.",
	    (int64_t)quo_status_count(s, QUO_URGENCY_DUE));
	put_head(out, "credential_state", "gauge", "The state it is in: 1.");
	for (size_t i = 0; i < s->count; i++)
		put_sample(out, "state", s->shown[i], "state",
		    quo_state_name(s->shown[i]->state), 1);
	put_head(out, "credential_due", "gauge", "What is due to it: 1.");
	for (size_t i = 0; i < s->count; i++)
		for (int d = 0; d < QUO_DUES; d++)
			if ((s->shown[i]->due & UINT64_C(1) << d) != 0 &&
			    quo_due_urgency((enum quo_due)d) >=
			    QUO_URGENCY_DUE)
				put_sample(out, "due", s->shown[i], "kind",
				    quo_due_name((enum quo_due)d), 1);
	for (size_t m = 0; m < sizeof metrics / sizeof *metrics; m++)
		put_metric(out, s, &metrics[m]);
	return ferror(out) ? QUO_ENOMEM : QUO_OK;
}

static void
put_named(FILE *out, const struct quo_status *s)
{
	size_t due = quo_status_count(s, QUO_URGENCY_DUE), said = 0;

	/* Those to which something is due come first. */
	for (; said < due && said < NAMED; said++) {
		const struct quo_view *v = s->shown[said];

		fprintf(out, "%s%s: ", said > 0 ? "; " : "", v->name);
		quo_status_what(out, v, quo_due_first(v->due),
		    s->views->now);
	}
	if (due > said)
		fprintf(out, "; and %zu more", due - said);
}

static enum quo_err
write_nagios(const struct quo_status *s, FILE *out)
{
	static const char *const levels[] = { "OK", "OK", "WARNING",
	    "CRITICAL" };
	int64_t undelivered = quo_status_undelivered(s);
	enum quo_urgency worst = quo_status_worst(s);

	fprintf(out, "QUORATE %s - ", levels[worst]);
	if (undelivered > 0) {
		quo_status_alerts(out, undelivered);
		if (quo_status_count(s, QUO_URGENCY_DUE) > 0)
			fputs("; ", out);
	}
	if (worst < QUO_URGENCY_DUE)
		fprintf(out, "nothing is due to %zu credential%s", s->count,
		    s->count == 1 ? "" : "s");
	put_named(out, s);
	return ferror(out) ? QUO_ENOMEM : QUO_OK;
}

enum quo_err
quo_status_nagios(const struct quo_status *s, FILE *out)
{
	int64_t decay_most = 0;
	char *line = NULL, *clean = NULL;
	size_t len = 0, cap;
	FILE *f = open_memstream(&line, &len);
	enum quo_err err = f == NULL ? QUO_ENOMEM : write_nagios(s, f);

	if (f != NULL && fclose(f) != 0)
		err = QUO_ENOMEM;
	if (err != QUO_OK)
		goto out;
	cap = 10 * len + 1;
	clean = malloc(cap);
	if (clean == NULL) {
		err = QUO_ENOMEM;
		goto out;
	}
	quo_say_escape(line, clean, cap);
	/* Behind it the figures would begin. */
	for (char *bar = clean; (bar = strchr(bar, '|')) != NULL; )
		*bar = '/';
	for (size_t i = 0; i < s->count; i++)
		if (s->shown[i]->decay > decay_most)
			decay_most = s->shown[i]->decay;
	fprintf(out, "%s | credentials=%zu due=%zu now=%zu undelivered=%lld "
	    "decay=%llds entries=%lldc\n", clean, s->count,
	    quo_status_count(s, QUO_URGENCY_DUE),
	    quo_status_count(s, QUO_URGENCY_NOW),
	    (long long)quo_status_undelivered(s), (long long)decay_most,
	    (long long)s->views->entries);
out:
	free(line);
	free(clean);
	return err;
}
