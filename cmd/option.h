/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_OPTION_H
#define QUO_OPTION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "cmd/say.h"

/**
 * Options: one const table a command gives the parser and the help.
 *
 * Values land in a struct of the command's own, whose first member is a
 * struct quo_common. It starts out as zeros, so an option that was not given
 * leaves false, NULL, 0 or an empty list, unless the table has an .initial.
 *
 *	struct split {
 *		struct quo_common common;
 *		long k;
 *		const char *policy;
 *	};
 *
 *	static const struct quo_option options[] = {
 *		{ 'k', "threshold", "K", QUO_NUMBER(struct split, k, 1, 255),
 *		  .help = "how many cards open it", .group = "who" },
 *		{ 0, "policy", "POLICY", QUO_TEXT(struct split, policy),
 *		  .help = "who must come together" },
 *		{ 0 }
 *	};
 */

enum quo_option_kind {
	QUO_OPTION_FLAG,	/* bool */
	QUO_OPTION_TEXT,	/* const char *, borrowed from argv */
	QUO_OPTION_NUMBER,	/* long, from min to max */
	QUO_OPTION_SPAN,	/* long, seconds: 90s, 15m, 4h, 2d */
	QUO_OPTION_CHOICE,	/* int, the choice's place from 1; 0: none */
	QUO_OPTION_LIST		/* struct quo_list: may be repeated */
};

/** Texts of an option that may be repeated, in order; borrowed from argv. */
struct quo_list {
	const char **items;
	size_t count;
};

struct quo_option {
	char letter;		/* 0 for none */
	const char *name;	/* without dashes; NULL ends the table */
	const char *arg;	/* its argument in the help, or NULL */
	enum quo_option_kind kind;
	size_t offset;		/* these four: by the macros below */
	long min, max;
	const char *const *choices;	/* NULL-terminated */
	const char *bare;	/* what no argument stands for: --x[=A] */
	const char *initial;	/* as if this had been given */
	unsigned one_of;	/* not 0: excludes others of its number */
	const char *help;	/* lower case, no full stop */
	const char *group;	/* heading; NULL: as the one above */
};

/* The compiler checks that the member has the type that the kind writes. */
#define QUO_AT(type, member, as) \
	.offset = offsetof(type, member) + \
	    0 * sizeof(&((type *)0)->member == (as *)0)
#define QUO_FLAG(type, member) \
	.kind = QUO_OPTION_FLAG, QUO_AT(type, member, bool)
#define QUO_TEXT(type, member) \
	.kind = QUO_OPTION_TEXT, QUO_AT(type, member, const char *)
#define QUO_NUMBER(type, member, low, high) \
	.kind = QUO_OPTION_NUMBER, QUO_AT(type, member, long), \
	.min = (low), .max = (high)
#define QUO_SPAN(type, member, low, high) \
	.kind = QUO_OPTION_SPAN, QUO_AT(type, member, long), \
	.min = (low), .max = (high)
#define QUO_CHOICE(type, member, names) \
	.kind = QUO_OPTION_CHOICE, QUO_AT(type, member, int), \
	.choices = (names)
#define QUO_LIST(type, member) \
	.kind = QUO_OPTION_LIST, QUO_AT(type, member, struct quo_list)

struct quo_settings;

/** What every command has. */
struct quo_common {
	bool help;
	bool json;
	bool quiet;
	bool allow_unlocked;
	bool no_ledger;
	const char *ledger;
	const struct quo_settings *settings;	/* settings.h; set by main.c */
	struct quo_list operands;	/* NAME, CARD… */
	const char *const *after;	/* behind `--`, NULL-terminated */
};

/** The options of struct quo_common. */
extern const struct quo_option quo_common_options[];

struct quo_command {
	const char *name;
	const char *summary;	/* lower case, no full stop, <= 60 */
	const char *const *usage;	/* behind "quorate NAME "; NULL ends */
	const char *about;	/* flowing text of <= 1000 bytes, or NULL */
	const struct quo_option *options;
	const char *const *examples;	/* whole command lines; NULL ends */
	const char *no;		/* when it exits 1, for the help, or NULL */
	size_t size;		/* of the struct of its values */
	size_t least, most;	/* operands; most SIZE_MAX: any number */
	bool after;		/* takes `-- CMD ARG…`, else operands */
	enum quo_exit (*run)(const void *values);
};

/**
 * Parse the words behind the command's name into values.
 *
 * Options may stand behind operands; `--` ends them: what follows is more
 * operands, or common.after where command->after is set. Long options take
 * `--x=A` and `--x A`, letters `-xA` and `-x A`, and flags can be bundled; an
 * optional argument must follow `=`. Abbreviations are not taken.
 * A mistake is named on standard error with the next step, and QUO_EINVAL is
 * returned. Under --help missing operands are no mistake.
 */
enum quo_err quo_option_parse(const struct quo_command *command,
    const char *const *words, void *values);

/** Give back what parsing allocated in values, and values itself. */
void quo_option_free(const struct quo_command *command, void *values);

/**
 * Read a span of time: 90s, 15m, 4h, 2d. Whether it is one, from min to max
 * seconds; sets seconds if so.
 */
bool quo_option_span(const char *text, long min, long max, long *seconds);

/** Print the command's help on standard output. */
void quo_option_help(const struct quo_command *command);

/** Of names (NULL-terminated) the one closest to word; NULL: none is close. */
const char *quo_option_nearest(const char *word, const char *const *names);

#endif
