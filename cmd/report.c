/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/utc.h"
#include "cmd/command.h"
#include "cmd/report.h"
#include "config.h"

#define DAY 86400

struct report {
	struct quo_common common;
	const char *from, *to;
	int format;
	const char *output;
	const char *log;
	struct quo_list witnesses;
	const char *auditor_key;
	bool contacts;
};

enum { HTML = 1, PDF };
static const char *const formats[] = { "html", "pdf", NULL };

static const struct quo_option options[] = {
	{ 0, "from", "DATE", QUO_TEXT(struct report, from),
	  .help = "the period's first day, YYYY-MM-DD; else all since the log "
	  "began", .group = "what it is about" },
	{ 0, "to", "DATE", QUO_TEXT(struct report, to),
	  .help = "its last day; else until now" },
	{ 0, "log", "FILE", QUO_TEXT(struct report, log),
	  .help = "make it from an exported log alone, without the ledger" },
	{ 0, "witness", "CARD|FILE", QUO_LIST(struct report, witnesses),
	  .help = "a card, receipt, approval or checkpoint that others kept",
	  .group = "what it is held against" },
	{ 0, "auditor-key", "FILE", QUO_TEXT(struct report, auditor_key),
	  .help = "the auditor's card, as a picture or text; - for standard "
	  "input" },
	{ 0, "format", "FORMAT", QUO_CHOICE(struct report, format, formats),
	  .help = "html or pdf; else as FILE ends, else html",
	  .group = "how it comes" },
	{ 0, "output", "FILE", QUO_TEXT(struct report, output),
	  .help = "into FILE, whole or not at all, and not to standard "
	  "output" },
	{ 0, "contacts", NULL, QUO_FLAG(struct report, contacts),
	  .help = "with the contacts of people" },
	{ 0 }
};

/*
 * Writing
 */

static enum quo_err
build(struct quo_report *r)
{
	char now[QUO_UTC_TEXT], footer[80];
	const struct quo_document_head head = {
		.title = "Break-glass report",
		.subtitle = "Who opened emergency credentials, why, when and "
		    "for how long; what is due; and what vouches for it",
		.mark = r->log != NULL ? "From the log" : "Evidence",
		.footer = footer, .date = now,
	};

	quo_utc_print(r->now, now);
	snprintf(footer, sizeof footer, "quorate %.20s   ledger %.32s",
	    QUO_VERSION, quo_ledger_id(r->ledger));
	r->slots = calloc(QUO_REPORT_SLOTS, sizeof *r->slots);
	if (r->slots == NULL)
		return QUO_ENOMEM;
	return quo_document_new(&head, &r->doc);
}

static enum quo_err
compose(struct quo_report *r)
{
	quo_report_head(r);
	quo_report_summary(r);
	quo_report_attention(r);
	quo_report_decay(r);
	quo_report_incidents(r);
	quo_report_rarity(r);
	quo_report_events(r);
	quo_report_inventory(r);
	quo_report_people(r);
	quo_report_checks(r);
	quo_report_verifier(r);
	return quo_document_error(r->doc);
}

static enum quo_exit
put(const struct report *o, const uint8_t *bytes, size_t len)
{
	enum quo_err err;

	if (o->output == NULL) {
		quo_say_bytes((const char *)bytes, len);
		return QUO_EXIT_DONE;
	}
	err = quo_file_put(o->output, bytes, len, 0600);
	if (err != QUO_OK)
		return quo_say_failure(err, "%s", o->output);
	quo_say("the report is %s", o->output);
	return QUO_EXIT_DONE;
}

static enum quo_exit
put_html(const struct report *o, const struct quo_report *r)
{
	struct quo_bytes html = { 0 };
	enum quo_err err = quo_document_html(r->doc, &html);
	enum quo_exit end;

	end = err == QUO_OK ? put(o, html.data, html.len) :
	    quo_say_failure(err, "%s", "the report");
	quo_bytes_free(&html);
	return end;
}

static enum quo_exit
put_pdf(const struct report *o, const struct quo_report *r)
{
	char note[QUO_DRAW_NOTE] = "";
	struct quo_secret *pdf = NULL;
	enum quo_err err = quo_document_pdf(r->doc, &pdf, note);
	enum quo_exit end;

	if (err == QUO_OK)
		end = put(o, pdf->data, pdf->len);
	else
		end = quo_say_failure(err, "the report as PDF%s%s", note[0] !=
		    '\0' ? ": " : "", note);
	if (err == QUO_ETOOBIG)
		quo_say_hint("a shorter period, or --format html");
	quo_secret_free(pdf);
	return end;
}

static enum quo_exit
write_report(const struct report *o, struct quo_report *r)
{
	enum quo_exit end = QUO_EXIT_DONE;
	enum quo_err err = build(r);

	if (err == QUO_OK && o->common.json)
		err = quo_report_json(r);
	if (err == QUO_OK && (!o->common.json || o->output != NULL))
		err = compose(r);
	if (err != QUO_OK)
		return quo_say_failure(err, "%s", "the report");
	if (!o->common.json || o->output != NULL)
		end = o->format == PDF ? put_pdf(o, r) : put_html(o, r);
	if (end != QUO_EXIT_DONE)
		return end;
	if (!r->whole) {
		quo_say_warning("the log isn't whole: the report says what is "
		    "wrong");
		return QUO_EXIT_NO;
	}
	return end;
}

/*
 * The command
 */

static enum quo_exit
read_day(const char *option, const char *text, int64_t *when)
{
	char utc[QUO_UTC_TEXT];

	if (strlen(text) == 10) {
		snprintf(utc, sizeof utc, "%.10sT00:00:00Z", text);
		if (quo_utc_parse(utc, when) == QUO_OK)
			return QUO_EXIT_DONE;
	}
	return quo_say_misuse("%s %s: a date is wanted: YYYY-MM-DD", option,
	    text);
}

static enum quo_exit
settle(struct report *o, struct quo_report *r)
{
	enum quo_exit end = QUO_EXIT_DONE;
	size_t len = o->output != NULL ? strlen(o->output) : 0;

	if (o->format == 0 && len > 4 &&
	    strcmp(o->output + len - 4, ".pdf") == 0)
		o->format = PDF;
	r->to = r->now;
	if (o->from != NULL)
		end = read_day("--from", o->from, &r->from);
	if (end == QUO_EXIT_DONE && o->to != NULL) {
		end = read_day("--to", o->to, &r->to);
		r->to += DAY - 1;
	}
	if (end != QUO_EXIT_DONE)
		return end;
	r->since = o->from != NULL;
	r->until = o->to != NULL;
	if (r->since && r->from > r->to)
		return quo_say_misuse("--from %s: the period would end before "
		    "it begins", o->from);
	if (o->log != NULL && (o->common.ledger != NULL))
		return quo_say_misuse("--log and --ledger exclude each "
		    "other");
	if (o->format == PDF && o->output == NULL && !o->common.json &&
	    isatty(STDOUT_FILENO))
		return quo_say_misuse("a PDF isn't for a terminal: --output "
		    "FILE");
	return QUO_EXIT_DONE;
}

static enum quo_exit
run(const void *values)
{
	struct report o = *(const struct report *)values;
	struct quo_report r = {
		.settings = o.common.settings, .log = o.log,
		.contacts = o.contacts, .now = quo_utc_now(),
	};
	enum quo_exit end;

	end = settle(&o, &r);
	if (end == QUO_EXIT_DONE)
		end = quo_report_gather(&o.common, &o.witnesses,
		    o.auditor_key, &r);
	if (end == QUO_EXIT_DONE)
		end = write_report(&o, &r);
	quo_report_clear(&r);
	return end;
}

static const char *const usage[] = {
	"[--from DATE] [--to DATE] [--format html|pdf] [--output FILE]",
	"--log FILE [--witness CARD|FILE]... [--auditor-key FILE]",
	NULL
};

static const char *const examples[] = {
	"quorate report --from 2026-01-01 --to 2026-12-31 --output 2026.pdf",
	"quorate report --log log.txt --witness card.png --output audit.html",
	NULL
};

const struct quo_command quo_command_report = {
	.name = "report",
	.summary = "write the evidence for an auditor over a period",
	.usage = usage,
	.about = "What happened, who, how fast it was put right, what is due, "
	    "and what vouches for\nit: one HTML file that needs no other, or "
	    "a PDF. --json gives all of it to\nprograms, and the document, "
	    "too, where --output is given. Nothing is written to\nthe "
	    "ledger, and whoever writes to it doesn't wait.",
	.options = options,
	.examples = examples,
	.no = "the log isn't whole, or a witness contradicts it",
	.size = sizeof(struct report),
	.run = run,
};
