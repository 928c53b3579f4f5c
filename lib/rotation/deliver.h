/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_DELIVER_H
#define QUO_DELIVER_H

#include "base/err.h"
#include "rotation/hook.h"

/**
 * Delivery hooks: programs that take one card each, to print it, encrypt it
 * or send it. A hook is run as
 *
 *	HOOK deliver
 *
 * with the card on standard input, in the environment and with the limits of
 * a target hook (rotation/hook.h), and with these besides:
 *
 *	QUORATE_CARD		its serial
 *	QUORATE_CARDS		how many there are
 *	QUORATE_CUSTODIAN	whose it is; empty where that isn't said
 *	QUORATE_CUSTODIANS	whose they all are, in the order of the
 *				cards, between line feeds: so that a hook
 *				can tell at the first what it can't deliver
 *	QUORATE_FILE		the file's name, as a directory would have it
 *	QUORATE_SECONDS		after how many it is killed
 *
 * The exit status says where the card is:
 *
 *	0	received for good: nothing else keeps it
 *	1	refused; nothing of it was kept
 *	75	try later (EX_TEMPFAIL); nothing of it was kept
 *	else	unknown; it may be out
 *
 * Any but 0 ends the dealing, and the cards that went out are void; a person
 * at the terminal may have 75 tried again. A hook that is killed past its
 * time leaves the card unknown.
 */

/** A file of a card, on its way. Borrowed. */
struct quo_delivery {
	unsigned serial, cards;
	const char *custodian;		/* NULL: empty */
	const char *custodians;		/* of all; NULL: empty */
	const char *file;
	const struct quo_secret *data;
};

/**
 * Hand it to the hook. Fails as quo_hook_check and quo_child_run do, and with
 * QUO_ECHILD where the hook exits other than 0; hook->note says more.
 *
 * answer   set in each case: QUO_HOOK_YES on success; with an error
 *          QUO_HOOK_UNKNOWN says that the card may be out all the same
 */
enum quo_err quo_deliver(struct quo_hook *hook,
    const struct quo_delivery *delivery, enum quo_hook_answer *answer);

#endif
