/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_CMD_REPORT_H
#define QUO_CMD_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "cmd/evidence.h"
#include "cmd/settings.h"
#include "draw/document.h"
#include "ledger/judge.h"
#include "ledger/ledger.h"
#include "ledger/roster.h"
#include "ledger/story.h"
#include "ledger/view.h"

/**
 * What `quorate report` knows, and its forms: a document, or JSON.
 */

/** What the practice asks and isn't so, or is good to know: owned texts. */
struct quo_report_finding {
	const char *rule;
	char *about, *text;
	bool note;
};

/** Slots for texts in the making: more than a row has cells. */
#define QUO_REPORT_SLOTS 32

struct quo_report {
	const struct quo_settings *settings;	/* borrowed */
	const char *log;	/* the exported one it is made from, or NULL */
	bool contacts;		/* of people are told */
	bool since, until;	/* --from, --to were given */
	int64_t from, to, now;

	struct quo_ledger *ledger;	/* in memory */
	struct quo_checkpoint checkpoint;
	struct quo_story story;
	struct quo_story_decay decay;
	struct quo_views views;
	struct quo_roster roster;
	struct quo_report_finding *findings;
	size_t finding_count;

	struct quo_evidence evidence;
	char **lines;		/* the verifier's output */
	size_t line_count;
	char *trouble;		/* why the tables aren't what the log makes */
	bool whole;		/* neither that nor anything else is wrong */

	enum quo_err err;	/* in the middle of a list: no memory */

	struct quo_document *doc;
	char (*slots)[QUO_DOCUMENT_TEXT + 1];
	size_t slot;
};

/** Longer tables are cut in a document, and so are incidents in full; JSON
 * has all. */
#define QUO_REPORT_ROWS 200
#define QUO_REPORT_INCIDENTS 60
#define QUO_REPORT_CREDENTIALS 40

/* report_gather.c */

/**
 * Read the ledger, or r->log, and all that it is held against. r has its
 * options, period and now. What fails is said. Clear it in each case.
 */
enum quo_exit quo_report_gather(const struct quo_common *common,
    const struct quo_list *witnesses, const char *auditor_key,
    struct quo_report *r);
void quo_report_clear(struct quo_report *r);

/* report_words.c: texts. Borrowed: each is good until QUO_REPORT_SLOTS
 * others were made. Whatever is in them, a document takes them. */

const char *quo_report_say(struct quo_report *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** A text that may be missing. */
const char *quo_report_or(struct quo_report *r, const char *text,
    const char *otherwise);

/** "2026-11-21 03:10:00"; 0: otherwise. */
const char *quo_report_when(struct quo_report *r, int64_t when,
    const char *otherwise);
/** "2026-11-21". */
const char *quo_report_day(struct quo_report *r, int64_t when,
    const char *otherwise);

/** "3 h 12 min". */
const char *quo_report_span(struct quo_report *r, int64_t seconds);

/** Who that was, and how it is known: "ana (claimed)", or "ana (signed by
 * SHA256:…)" where the entry is signed. */
const char *quo_report_who(struct quo_report *r, const char *name,
    const struct quo_entry *entry);

/** What an entry says, in a sentence. */
const char *quo_report_event(struct quo_report *r,
    const struct quo_entry *entry);

/** The hook that a rotate-start names, as it stands there; NULL for none. */
const char *quo_report_hook(const struct quo_entry *start);

/** Lines of a record's field, with ", " between them; NULL for none. */
const char *quo_report_lines(struct quo_report *r, const char *text);

/** The fingerprints of keys, one a line of text. */
const char *quo_report_keys(struct quo_report *r, const char *keys);

/** What an incident still wants, in words; NULL: nothing. */
const char *quo_report_missing(struct quo_report *r,
    const struct quo_story_incident *incident);

/** Behind a table that was cut: how many rows it leaves out. */
void quo_report_more(struct quo_report *r, size_t all, size_t shown);

/* The parts of the document, in their order. */
void quo_report_head(struct quo_report *r);		/* report_head.c */
void quo_report_summary(struct quo_report *r);
void quo_report_attention(struct quo_report *r);
void quo_report_decay(struct quo_report *r);		/* report_incident.c */
void quo_report_incidents(struct quo_report *r);
void quo_report_rarity(struct quo_report *r);		/* report_lists.c */
void quo_report_events(struct quo_report *r);
void quo_report_inventory(struct quo_report *r);	/* report_ledger.c */
void quo_report_people(struct quo_report *r);
void quo_report_checks(struct quo_report *r);
void quo_report_verifier(struct quo_report *r);

/** All of it on standard output. report_json.c */
enum quo_err quo_report_json(struct quo_report *r);

#endif
