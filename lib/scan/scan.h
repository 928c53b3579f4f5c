/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_SCAN_H
#define QUO_SCAN_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/secret.h"

/**
 * Reading cards from pixels.
 *
 * The pixels are somebody else's, so this process never looks at them: the
 * helper program quorate-scan does, in a sandbox, one process a file. It
 * takes PNG, JPEG, TIFF, PDF and binary PGM, told apart by their first bytes,
 * of at most 64 MiB, 64 million pixels a page and 100 pages, with any number
 * of cards in any orientation.
 */

/** The longest text of a code that is taken from the helper. */
#define QUO_SCAN_TEXT_MAX 700
/** How long the helper may take, in seconds. */
#define QUO_SCAN_SECONDS 60

/**
 * What was read from one file.
 *
 * texts   each distinct text once, in the order of the pages, each ending in
 *         NUL, one after another; all begin with "QUO1" and have only
 *         characters of [A-Z0-9:]. Nothing else is promised: whether they are
 *         codes is for the card layer. NULL where there are none
 * count   how many
 * pages   how many pages or pictures were looked at
 * note    "" or one line, in our own words and never in the file's: what was
 *         wrong (also after a failure), or what was passed over, such as
 *         "page 3 is damaged; 2 QR codes that are not quorate's"
 */
struct quo_scan {
	struct quo_secret *texts;
	size_t count;
	unsigned pages;
	char note[256];
};

/**
 * Read all codes in an open file, from where it stands to its end. fd is
 * borrowed, and becomes the helper's standard input; pipes will do.
 *
 * A file in which some or no codes were found is a success: look at count
 * and note. Fails, with a note and no texts, with QUO_EFORMAT (no picture, or
 * a damaged one), QUO_ETOOBIG (past a limit), QUO_ECHILD (the helper can't be
 * started, died or talks nonsense), QUO_ETIMEOUT, or QUO_ENOMEM. The caller
 * frees scan in each case; what was in it before is lost.
 */
enum quo_err quo_scan_fd(int fd, struct quo_scan *scan);

/** The same for a file that stands in memory. */
enum quo_err quo_scan_bytes(const uint8_t *data, size_t len,
    struct quo_scan *scan);

/** Wipe and give back what scan holds; scan itself is the caller's. */
void quo_scan_free(struct quo_scan *scan);

#endif
