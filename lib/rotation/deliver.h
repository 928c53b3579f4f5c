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
 *	QUORATE_FILE		the file's name, as a directory would have it
 *
 * Exit 0 promises that the card was received for good: nothing else keeps
 * it. Any other exit ends the dealing, and the cards that went out are void.
 */

/** A file of a card, on its way. Borrowed. */
struct quo_delivery {
	unsigned serial, cards;
	const char *custodian;		/* NULL: empty */
	const char *file;
	const struct quo_secret *data;
};

/**
 * Hand it to the hook. Fails as quo_hook_check and quo_child_run do, and with
 * QUO_ECHILD where the hook exits other than 0; hook->note says more.
 */
enum quo_err quo_deliver(struct quo_hook *hook,
    const struct quo_delivery *delivery);

#endif
