/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_POLICY_H
#define QUO_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/**
 * Who must come together: a tree of thresholds with custodians as leaves.
 *
 *	2 of (cfo, ciso, cto)
 *	2 of (2 of (cfo, ciso, cto), 1 of ("ops, night", ops-2))
 *
 * Serials number the leaves from 1 in the order in which they stand.
 * docs/format.md, section 3.
 */

#define QUO_CARDS_MAX 255
#define QUO_POLICY_DEPTH 4
/** Every inner node has two children or more. */
#define QUO_POLICY_NODES (2 * QUO_CARDS_MAX - 1)
/** The longest encoding: 254 inner nodes of two bytes, runs of one leaf. */
#define QUO_POLICY_BYTES 1024
/** The longest name of a custodian, in bytes of UTF-8. */
#define QUO_NAME_MAX 255

/** A node; the tree is the array of its nodes in preorder. */
struct quo_policy_node {
	uint8_t threshold;	/* 0 for a leaf */
	uint8_t children;	/* 0 for a leaf */
	uint8_t x;		/* its place in its parent, from 1; root 0 */
	uint8_t serial;		/* of a leaf; 0 for an inner node */
	uint16_t span;		/* nodes of its subtree, itself included */
	char *name;		/* of a leaf; owned; NULL where there is none */
};

struct quo_policy {
	struct quo_policy_node *nodes;
	size_t count;
	unsigned cards;		/* leaves: n */
};

/** Where the text of a policy is wrong: byte offset, and why, in words. */
struct quo_policy_error {
	size_t at;
	const char *why;
};

/** A tree without nodes and room for the largest; NULL without memory. */
struct quo_policy *quo_policy_blank(void);

/** k of n, without names. Fails with QUO_EINVAL unless 1 <= k <= n, n 2-255. */
enum quo_err quo_policy_flat(unsigned k, unsigned n,
    struct quo_policy **policy);

/**
 * Read the text of a policy. Names are bare (letters, digits, anything but
 * white space, quotes, comma and parentheses) or stand in double quotes, with
 * \" and \\ inside; UTF-8 without control characters. `_` is a leaf without a
 * name. A custodian may stand in more than one place.
 *
 * error   set on QUO_ESYNTAX: where and why
 */
enum quo_err quo_policy_parse(const char *text, struct quo_policy **policy,
    struct quo_policy_error *error);

/** The canonical text; the caller frees it. NULL without memory. */
char *quo_policy_print(const struct quo_policy *policy);

/**
 * The policy for a card: "any 2 of 3 cards", or for a tree
 * "any 2 of cards 1-3 and any 1 of cards 4-5". The caller frees it.
 */
char *quo_policy_sentence(const struct quo_policy *policy);

/** Read an encoded structure, without names. Fails with QUO_EFORMAT. */
enum quo_err quo_policy_decode(struct quo_reader *r,
    struct quo_policy **policy);
void quo_policy_encode(const struct quo_policy *policy,
    struct quo_writer *w);

void quo_policy_free(struct quo_policy *policy);

/** The leaf of a serial; NULL where there is none. */
const struct quo_policy_node *quo_policy_leaf(const struct quo_policy *policy,
    unsigned serial);

/** Give a leaf its name, copied; NULL takes it away. QUO_EINVAL: no UTF-8. */
enum quo_err quo_policy_name(struct quo_policy *policy, unsigned serial,
    const char *name);

/** UTF-8 without control characters; for names and other labels. */
bool quo_text_valid(const char *text, size_t len);

/** The same, but in lines: U+000A is allowed. */
bool quo_note_valid(const char *text, size_t len);

/** Which cards are there: has[serial]; has[0] means nothing. */
struct quo_cards {
	bool has[QUO_CARDS_MAX + 1];
};

/** Whether these cards are enough. */
bool quo_policy_satisfied(const struct quo_policy *policy,
    const struct quo_cards *present);

/** How many more cards it takes at the least; 0 where they are enough. */
unsigned quo_policy_lacking(const struct quo_policy *policy,
    const struct quo_cards *present);

/**
 * Who could still come: the absent cards that would bring the quorum nearer.
 * A card of a group that has its threshold would not.
 */
void quo_policy_useful(const struct quo_policy *policy,
    const struct quo_cards *present, struct quo_cards *useful);

/**
 * The fewest people who can open alone, one person being all leaves of one
 * name: the smallest group that could collude.
 *
 * cards   set to the cards of such a group
 * The exact number for up to 20 different names; else no more than it gives.
 */
unsigned quo_policy_smallest(const struct quo_policy *policy,
    struct quo_cards *cards);

#endif
