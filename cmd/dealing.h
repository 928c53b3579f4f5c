/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_DEALING_H
#define QUO_DEALING_H

#include "card/deal.h"
#include "cmd/dealt.h"
#include "cmd/issue.h"
#include "cmd/option.h"

/**
 * What split and rotate have in common: who must come together, what the
 * cards look like and where they go.
 */
struct quo_dealing_options {
	long k, n;
	const char *policy;
	bool allow_single;
	bool names;			/* in the codes, too */
	bool lock, no_lock;
	const char *review_by;
	int format, paper;
	long dpi;
	bool opaque;
	const char *output, *deliver;
	long deliver_seconds;
	const char *phrase_dir;
	const char *phrase_fd;
	const char *forms;
};

/** The rows of an option table for them; type has a member `dealing`. */
#define QUO_DEALING_OPTIONS(type) \
	{ 'k', "threshold", "K", QUO_NUMBER(type, dealing.k, 1, 255), \
	  .help = "how many cards open it", .group = "who opens it" }, \
	{ 'n', "cards", "N", QUO_NUMBER(type, dealing.n, 2, 255), \
	  .help = "how many cards there are" }, \
	{ 0, "policy", "POLICY", QUO_TEXT(type, dealing.policy), \
	  .help = "or in words: '2 of (cfo, ciso, cto)'; groups may nest" }, \
	{ 0, "allow-single", NULL, QUO_FLAG(type, dealing.allow_single), \
	  .help = "accept that one person alone can open it" }, \
	{ 0, "lock", NULL, QUO_FLAG(type, dealing.lock), \
	  .help = "give each card a phrase without which it is no use", \
	  .group = "what the cards are like", .one_of = 1 }, \
	{ 0, "no-lock", NULL, QUO_FLAG(type, dealing.no_lock), \
	  .help = "no phrases (the default)", .one_of = 1 }, \
	{ 0, "format", "FORMAT", QUO_CHOICE(type, dealing.format, \
	  quo_dealing_formats), \
	  .help = "pdf (the default), svg, png, txt, or " \
	  "terminal: shown one by one" }, \
	{ 0, "paper", "PAPER", QUO_CHOICE(type, dealing.paper, \
	  quo_dealing_papers), .help = "a4 (the default) or letter" }, \
	{ 0, "dpi", "DPI", QUO_NUMBER(type, dealing.dpi, QUO_FACE_DPI_MIN, \
	  QUO_FACE_DPI_MAX), .help = "resolution of a PNG (default 300)" }, \
	{ 0, "review-by", "DATE", QUO_TEXT(type, dealing.review_by), \
	  .help = "when the cards are due: YYYY-MM-DD or none " \
	  "(default: in one year)" }, \
	{ 0, "names", NULL, QUO_FLAG(type, dealing.names), \
	  .help = "put the custodians' names into the codes: a thief of " \
	  "one card then knows whom to visit next" }, \
	{ 0, "opaque", NULL, QUO_FLAG(type, dealing.opaque), \
	  .help = "print an opaque id on the cards instead of NAME" }, \
	{ 0, "output", "DIR", QUO_TEXT(type, dealing.output), \
	  .help = "where the card files go (default: here)", \
	  .group = "where they go", .one_of = 2 }, \
	{ 0, "deliver", "HOOK", QUO_TEXT(type, dealing.deliver), \
	  .help = "or a program that takes one card after another on its " \
	  "standard input", .one_of = 2 }, \
	{ 0, "deliver-timeout", "TIME", QUO_SPAN(type, \
	  dealing.deliver_seconds, 1, 3600), .initial = "5m", \
	  .help = "how long it may take over one card" }, \
	{ 0, "phrase-dir", "DIR", QUO_TEXT(type, dealing.phrase_dir), \
	  .help = "lock phrases as files in DIR, which is not that of the " \
	  "cards; else they are shown on the terminal", .one_of = 3 }, \
	{ 0, "phrase-fd", "FD", QUO_TEXT(type, dealing.phrase_fd), \
	  .help = "or as lines to an open descriptor", .one_of = 3 }, \
	{ 0, "forms", "DIR", QUO_TEXT(type, dealing.forms), \
	  .help = "playbook, ceremony and acknowledgements go there, when " \
	  "the cards are out: quorate form" }

extern const char *const quo_dealing_formats[];
extern const char *const quo_dealing_papers[];

/**
 * A dealing that is to be made of a credential. All borrowed. With a ledger
 * it is the ledger that fixes generation and inventory id.
 */
struct quo_dealing_plan {
	const struct quo_dealing_options *options;
	struct quo_credential credential;
	const struct quo_policy *policy;
	uint32_t generation;
	const uint8_t *inventory;	/* NULL: a new one */
	struct quo_dealt *dealt;	/* what the ledger makes of it */
	struct quo_set_id set;		/* what was dealt; set */
};

/**
 * The policy that the options ask for; what is wrong is said. Warns where it
 * is fragile; refuses where one person could open alone.
 *
 * policy   the caller frees it; NULL where the options say nothing of it
 */
enum quo_exit quo_dealing_policy(const struct quo_dealing_options *options,
    struct quo_policy **policy);

/**
 * Who holds the cards of a set that follows another: the options say it, or
 * the ledger, or the old cards. What cards say isn't what somebody decided
 * here: it is weighed. Sets plan->policy.
 *
 * old      header of the old cards; NULL: none are here
 * policy   what the options say, or NULL; the caller frees what it is then
 */
enum quo_exit quo_dealing_heirs(struct quo_dealing_plan *plan,
    const struct quo_header *old, struct quo_policy **policy);

/**
 * Whether the fields of a credential can be sealed: NAME, --user, --target
 * and --note, not its secret. What is wrong is said.
 */
enum quo_exit quo_dealing_fields(const struct quo_credential *credential);

/** Whether lock phrases have a place to go: a directory, a descriptor, or
 * somebody at the terminal. */
bool quo_dealing_tells_phrases(const struct quo_dealing_options *options);

/** Whether the other options make sense, before any secret is touched. */
enum quo_exit quo_dealing_check(const struct quo_dealing_options *options);

/** The day that --review-by says, or what it is without; none is 0. */
enum quo_err quo_dealing_review(const struct quo_dealing_options *options,
    struct quo_day *day);

/**
 * Put the intent on record, deal, prove, give the cards out, and put that on
 * record; then report them, and the set id, to people and into json. What
 * goes wrong is said. What can't be recorded is taken back.
 *
 * pieces   the files; starts as QUO_PIECES_NONE, the caller clears it
 */
enum quo_exit quo_dealing_run(struct quo_dealing_plan *plan,
    struct quo_json *json, struct quo_pieces *pieces);

#endif
