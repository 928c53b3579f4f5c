/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_CMD_THEN_H
#define QUO_CMD_THEN_H

#include "cmd/rotating.h"

/**
 * What reconstruct does behind the work: rotate at once, as long as the old
 * secret is at hand to be set aside and to be seen refused.
 */
struct quo_then_options {
	bool rotate;
	struct quo_rotating_options how;
	struct quo_dealing_options dealing;
};

#define QUO_THEN_OPTIONS(type) \
	{ 0, "then-rotate", NULL, QUO_FLAG(type, then.rotate), \
	  .help = "afterwards, mint a new secret, deal it, set it on the " \
	  "target and prove it, as quorate rotate does", \
	  .group = "and then" }, \
	{ 0, "hook", "EXE", QUO_TEXT(type, then.how.hook), \
	  .help = "the program that sets it on the target; else the ledger's" \
	}, \
	{ 0, "confirm", "LEVEL", QUO_CHOICE(type, then.how.confirm, \
	  quo_confirm_levels), .help = "which new cards must be scanned " \
	  "before the target is asked: rendered, quorum or all" }, \
	{ 0, "format", "FORMAT", QUO_CHOICE(type, then.dealing.format, \
	  quo_dealing_formats), .help = "of the new cards: pdf (the " \
	  "default), svg, png, txt or terminal" }, \
	{ 0, "output", "DIR", QUO_TEXT(type, then.dealing.output), \
	  .help = "where they go (default: here)", .one_of = 2 }, \
	{ 0, "deliver", "HOOK", QUO_TEXT(type, then.dealing.deliver), \
	  .help = "or a program that takes one after another", .one_of = 2 }, \
	{ 0, "phrase-dir", "DIR", QUO_TEXT(type, then.dealing.phrase_dir), \
	  .help = "lock phrases of the new cards as files in DIR" }

/**
 * Before any card is read: whether it can be done afterwards, as far as that
 * is known. What is wrong is said.
 *
 * name   operand NAME; NULL: the cards will tell
 */
enum quo_exit quo_then_check(const struct quo_then_options *options,
    const struct quo_common *common, const char *name);

/**
 * Do it. The quorum was opened, and its secret was used. Where book has no
 * ledger because it failed meanwhile, it is opened again, or nothing is done.
 *
 * json   the result, as members of the object; NULL: not wanted
 */
enum quo_exit quo_then_rotate(const struct quo_then_options *options,
    const struct quo_common *common, struct quo_book *book,
    const struct quo_quorum *quorum, struct quo_json *json);

#endif
