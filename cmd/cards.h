/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_CARDS_H
#define QUO_CARDS_H

#include <stdbool.h>
#include <stddef.h>

#include "card/pool.h"
#include "cmd/option.h"

/**
 * Cards from arguments and from the person at the terminal, into a pool.
 *
 * All of these say on standard error what is wrong, so that the caller only
 * returns what they return.
 */

/**
 * Read the cards among the operands and judge them.
 *
 * Each operand that is a file, or `-`, is a card or several: a picture or PDF,
 * told by its first bytes, a text card, or a file that ends in ".sealed".
 * Where a set's sealed credential isn't in its cards' codes, *.sealed files
 * beside the cards are tried too. What can't be read is named and becomes a
 * damaged card of the pool: no reason to stop.
 *
 * say	called after each operand, for the cards of the pool from source
 *	first on: quo_cards_say, or one's own; NULL: nothing is said
 * name	set to the operand that is no file, NULL where there is none; pass
 *	NULL where the command takes no NAME
 * Gives QUO_EXIT_DONE; QUO_EXIT_MISUSE: an operand is neither; as
 * quo_cards_stopped does; or QUO_EXIT_MACHINE.
 */
enum quo_exit quo_cards_read(const struct quo_list *operands,
    struct quo_pool *pool, void (*say)(const struct quo_pool *pool,
    size_t first), const char **name);

/**
 * The operand that quo_cards_read would take for NAME, before any is read;
 * NULL: there is none.
 */
const char *quo_cards_named(const struct quo_list *operands);

/**
 * Ask for one card after another: a file, or words; say at once, by say, what
 * each is and whose, and what is still needed. Ends with an empty line, and,
 * where until_quorum is set, as soon as a set can be opened.
 *
 * Gives QUO_EXIT_DONE also where no card came; QUO_EXIT_MISUSE where nobody
 * is there to ask; as quo_cards_stopped does; or QUO_EXIT_MACHINE.
 */
enum quo_exit quo_cards_ask(struct quo_pool *pool, void (*say)(
    const struct quo_pool *pool, size_t first), bool until_quorum);

/**
 * QUO_EXIT_NO, which is said, where a signal came meanwhile (quo_stop_watch);
 * else QUO_EXIT_DONE.
 */
enum quo_exit quo_cards_stopped(void);

/** Room for what quo_cards_name writes. */
#define QUO_CARDS_NAME_MAX 128

/**
 * How a card is called: "card 2 (ciso)", "card 2" without a name; of a
 * damaged one "a card". Needs no escaping when it goes to say.h.
 */
void quo_cards_name(const struct quo_pool *pool,
    const struct quo_pool_card *card, char name[QUO_CARDS_NAME_MAX]);

/** The same for a serial of a set, as of those who could still come. */
void quo_cards_serial_name(const struct quo_pool_set *set, unsigned serial,
    char name[QUO_CARDS_NAME_MAX]);

/** Serials, as entries have them: "1,3". */
#define QUO_CARDS_LIST (4 * (QUO_CARDS_MAX + 1))
void quo_cards_list(const struct quo_cards *cards, char text[QUO_CARDS_LIST]);

/** "the card", "the share code"…: which part is damaged; static. */
const char *quo_cards_part_name(enum quo_card_part part);

/** Say, one line a card, what the cards from source first on are. */
void quo_cards_say(const struct quo_pool *pool, size_t first);

/** Say of each set how much of its quorum is here, and who could still come. */
void quo_cards_say_progress(const struct quo_pool *pool);

#endif
