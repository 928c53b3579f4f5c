/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_LADDER_H
#define QUO_LADDER_H

#include "scan/harvest.h"
#include "scan/source.h"
#include "scan/zbar.h"

/** What came of a page. */
struct quo_climb {
	enum quo_scan_note note;	/* why there is no page, or NONE */
	bool partial;			/* part of the picture was missing */
	bool hurried;			/* the time was up before all was tried */
};

/**
 * Read all codes of a page into harvest: pass after pass, the cheapest
 * first, until nothing seems left to be read or the time is up. deadline is
 * in seconds, as quo_ladder_now gives them; the first pass is always made.
 */
struct quo_climb quo_ladder_page(struct quo_zbar *zbar,
    struct quo_source *source, unsigned index, double deadline,
    struct quo_harvest *harvest);

double quo_ladder_now(void);

#endif
