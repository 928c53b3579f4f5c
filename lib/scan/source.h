/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_SOURCE_H
#define QUO_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scan/frame.h"
#include "scan/image.h"
#include "scan/sandbox.h"

/** Files of pictures: one kind a format, all bytes in memory. */

struct quo_source_kind;

/** An open file. data is borrowed and outlives it. */
struct quo_source {
	const struct quo_source_kind *kind;
	const uint8_t *data;
	size_t len;
	unsigned pages;		/* as the file says; not yet capped */
	bool drawn;		/* the page made last holds no pixels of its
				 * own, so that nothing on it is blurred */
	void *state;		/* the kind's own */
};

/**
 * What a format can do. Each function may be called inside the sandbox only,
 * but prepare, which comes before it and gets no byte of the file.
 *
 * magic    the file begins with one of these (NULL: less than three)
 * scalable pages have no pixels of their own, and can be had in any size
 * prepare  whatever the library wants files for; NULL: nothing
 * open     sets pages and state
 * page     make page index (from 0). side is the longest side wanted of what
 *          is scalable. *partial is set where the rest of a picture was
 *          missing
 * close    NULL: nothing to do
 *
 * open and page give QUO_NOTE_NONE or what was wrong.
 */
struct quo_source_kind {
	const char *magic[3];
	bool scalable;
	enum quo_sandbox profile;
	void (*prepare)(void);
	enum quo_scan_note (*open)(struct quo_source *source);
	enum quo_scan_note (*page)(struct quo_source *source, unsigned index,
	    unsigned side, struct quo_image *image, bool *partial);
	void (*close)(struct quo_source *source);
};

extern const struct quo_source_kind quo_source_png;
extern const struct quo_source_kind quo_source_jpeg;
extern const struct quo_source_kind quo_source_tiff;
extern const struct quo_source_kind quo_source_pdf;
extern const struct quo_source_kind quo_source_pgm;

/** The kind by its first bytes; NULL for none that is known. */
const struct quo_source_kind *quo_source_find(const uint8_t *data,
    size_t len);

/** For kinds with one picture: pages is 1, there is no state. */
enum quo_scan_note quo_source_single(struct quo_source *source);

#endif
