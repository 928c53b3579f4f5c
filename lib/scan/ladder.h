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
 * When to stop, in seconds: of wall time, since the client waits, and of
 * processor time, so that a busy machine reads no less than an idle one.
 */
struct quo_deadline {
	double wall, cpu;
};

/** So many seconds from now. */
struct quo_deadline quo_deadline_in(double wall, double cpu);

/**
 * Read all codes of a page into harvest: pass after pass, the cheapest
 * first, until nothing seems left to be read or the time is up; the first
 * pass over the page is always made.
 */
struct quo_climb quo_ladder_page(struct quo_zbar *zbar,
    struct quo_source *source, unsigned index, struct quo_deadline deadline,
    struct quo_harvest *harvest);

#endif
