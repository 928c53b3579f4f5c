/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_FRAME_H
#define QUO_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "scan/scan.h"

/**
 * What quorate-scan says on its standard output: frames, each
 *
 *     type(u8)  length(u32)  payload
 *
 *     type       payload
 *     T  text    a text of a code: "QUO1…", characters of [A-Z0-9:]
 *     N  note    note(u8)  number(u32): what was wrong; words below
 *     E  end     pages(u32): the last frame, and there once
 *
 * Anything else, or more of it than the limits below, is nonsense.
 */
enum quo_scan_frame {
	QUO_FRAME_TEXT = 'T',
	QUO_FRAME_NOTE = 'N',
	QUO_FRAME_END = 'E'
};

#define QUO_FRAME_HEAD 5
/** The most that a helper may write. */
#define QUO_FRAMES_MAX (256u << 10)
/** Texts that one file may give. */
#define QUO_FRAME_TEXTS 512
#define QUO_SCAN_PAGES 100

/** All that can be wrong with a file; the numbers go over the pipe. */
enum quo_scan_note {
	QUO_NOTE_NONE = 0,
	QUO_NOTE_EMPTY,
	QUO_NOTE_LARGE,
	QUO_NOTE_KIND,
	QUO_NOTE_BROKEN,
	QUO_NOTE_PIXELS,
	QUO_NOTE_ENCRYPTED,
	QUO_NOTE_READ,
	QUO_NOTE_SANDBOX,
	QUO_NOTE_MEMORY,
	QUO_NOTE_PAGE_BROKEN,	/* number: which page */
	QUO_NOTE_PAGE_PIXELS,	/* number: which page */
	QUO_NOTE_PAGES,		/* number: how many were read */
	QUO_NOTE_HURRIED,	/* number: from which page on */
	QUO_NOTE_TEXTS,		/* number: how many texts were given */
	QUO_NOTE_FOREIGN,	/* number: how many codes */
	QUO_NOTE_NOTHING,
	QUO_NOTE_COUNT
};

/**
 * The error that a note stands for: QUO_OK for those that merely tell.
 * note < QUO_NOTE_COUNT.
 */
enum quo_err quo_scan_note_err(enum quo_scan_note note);

/**
 * Append the words for a note to line, after "; " where it isn't empty. What
 * doesn't fit in size bytes, the final NUL included, is left out as a whole.
 */
void quo_scan_note_add(enum quo_scan_note note, uint32_t number, char *line,
    size_t size);

/** Whether text is what a text frame may hold. */
bool quo_scan_text_ok(const uint8_t *text, size_t len);

/**
 * Take apart all that the helper wrote.
 *
 * Sets scan's texts, count, pages and note. Fails with what a note stands for
 * (then without texts), with QUO_ECHILD where it is nonsense (without a
 * note), or with QUO_ENOMEM. scan is free of everything before.
 */
enum quo_err quo_scan_parse(const uint8_t *data, size_t len,
    struct quo_scan *scan);

/**
 * quo_scan_fd and quo_scan_bytes with another helper and time limit: fd is
 * read where data is NULL.
 */
enum quo_err quo_scan_with(const char *helper, unsigned seconds, int fd,
    const uint8_t *data, size_t len, struct quo_scan *scan);

#endif
