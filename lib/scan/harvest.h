/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_HARVEST_H
#define QUO_HARVEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "scan/frame.h"

#define QUO_HARVEST_FOREIGN 64

/** What the helper has read from its file, as the frames that it will send. */
struct quo_harvest {
	uint8_t frames[QUO_FRAMES_MAX];
	struct quo_writer out;		/* onto frames */
	size_t texts;
	bool full;			/* a text found no room */
	uint64_t foreign[QUO_HARVEST_FOREIGN];	/* hashes */
	unsigned foreign_count;
};

void quo_harvest_init(struct quo_harvest *harvest);

/** Take the content of a QR symbol: a text of ours once, others counted. */
void quo_harvest_add(struct quo_harvest *harvest, const uint8_t *data,
    size_t len);

/**
 * Whether a whole card may have been read, or a page of one: a share code and
 * a set code, or a part of one. How many parts stand on which page nobody
 * says; what is left unread the finder patterns tell.
 */
bool quo_harvest_card(const struct quo_harvest *harvest);

void quo_harvest_note(struct quo_harvest *harvest, enum quo_scan_note note,
    uint32_t number);
void quo_harvest_end(struct quo_harvest *harvest, unsigned pages);

#endif
