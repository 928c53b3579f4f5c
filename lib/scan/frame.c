/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "scan/frame.h"

/* err is what the file as a whole comes to; words take the number. */
static const struct {
	enum quo_err err;
	const char *words;
} notes[QUO_NOTE_COUNT] = {
	[QUO_NOTE_NONE] = { QUO_ECHILD, "" },
	[QUO_NOTE_EMPTY] = { QUO_EFORMAT, "the file is empty" },
	[QUO_NOTE_LARGE] = { QUO_ETOOBIG,
	    "the file is larger than 64 MiB: scan at 300 dpi" },
	[QUO_NOTE_KIND] = { QUO_EFORMAT,
	    "not a picture that can be read: give a PNG, JPEG, TIFF or PDF" },
	[QUO_NOTE_BROKEN] = { QUO_EFORMAT,
	    "the picture is damaged or cut short: scan it again" },
	[QUO_NOTE_PIXELS] = { QUO_ETOOBIG,
	    "the picture has more than 64 million pixels: scan at 300 dpi" },
	[QUO_NOTE_ENCRYPTED] = { QUO_EFORMAT,
	    "the PDF is encrypted: print it to a plain one" },
	[QUO_NOTE_READ] = { QUO_EIO, "the file can't be read" },
	[QUO_NOTE_SANDBOX] = { QUO_ECHILD,
	    "the sandbox for reading pictures can't be set up" },
	[QUO_NOTE_MEMORY] = { QUO_ENOMEM,
	    "the picture needs more memory than is allowed" },
	[QUO_NOTE_PAGE_BROKEN] = { QUO_OK, "page %" PRIu32 " is damaged" },
	[QUO_NOTE_PAGE_PIXELS] = { QUO_OK,
	    "page %" PRIu32 " has more than 64 million pixels" },
	[QUO_NOTE_PAGES] = { QUO_OK,
	    "only the first %" PRIu32 " pages were read" },
	[QUO_NOTE_HURRIED] = { QUO_OK,
	    "time ran short: from page %" PRIu32 " on only easy codes were "
	    "looked for" },
	[QUO_NOTE_TEXTS] = { QUO_OK,
	    "only the first %" PRIu32 " codes were taken" },
	[QUO_NOTE_FOREIGN] = { QUO_OK,
	    "QR codes that are not quorate's: %" PRIu32 },
	[QUO_NOTE_NOTHING] = { QUO_OK, "no code of quorate's was found" },
};

enum quo_err
quo_scan_note_err(enum quo_scan_note note)
{
	return notes[note].err;
}

void
quo_scan_note_add(enum quo_scan_note note, uint32_t number, char *line,
    size_t size)
{
	char words[128];
	size_t used = strlen(line);
	const char *between = used > 0 ? "; " : "";

/* The formats are our own, from the table above. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-extra-args"
	snprintf(words, sizeof words, notes[note].words, number);
#pragma GCC diagnostic pop
	if (used + strlen(between) + strlen(words) < size)
		snprintf(line + used, size - used, "%s%s", between, words);
}

bool
quo_scan_text_ok(const uint8_t *text, size_t len)
{
	if (len > QUO_SCAN_TEXT_MAX || len < 4 || memcmp(text, "QUO1", 4) != 0)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!((text[i] >= 'A' && text[i] <= 'Z') ||
		    (text[i] >= '0' && text[i] <= ':')))
			return false;
	return true;
}

static bool
known(const struct quo_scan *scan, const uint8_t *text, size_t len)
{
	const char *at = NULL;

	if (scan->count > 0)
		at = (const char *)scan->texts->data;
	for (size_t i = 0; i < scan->count; i++) {
		if (strlen(at) == len && memcmp(at, text, len) == 0)
			return true;
		at += strlen(at) + 1;
	}
	return false;
}

/* texts has room: none is longer than its frame, head included. */
static bool
take_text(struct quo_scan *scan, size_t *used, const uint8_t *text,
    size_t len)
{
	if (text == NULL || !quo_scan_text_ok(text, len) ||
	    scan->count == QUO_FRAME_TEXTS)
		return false;
	if (known(scan, text, len))
		return true;
	memcpy(scan->texts->data + *used, text, len);
	scan->texts->data[*used + len] = '\0';
	*used += len + 1;
	scan->count++;
	return true;
}

static bool
take_note(struct quo_scan *scan, const uint8_t *payload, size_t len,
    enum quo_err *said)
{
	struct quo_reader r = quo_reader_on(payload, len);
	unsigned note = (unsigned)quo_read_uint(&r, 1);
	uint32_t number = (uint32_t)quo_read_uint(&r, 4);

	if (!quo_reader_done(&r) || note == QUO_NOTE_NONE ||
	    note >= QUO_NOTE_COUNT)
		return false;
	quo_scan_note_add(note, number, scan->note, sizeof scan->note);
	if (*said == QUO_OK)
		*said = notes[note].err;
	return true;
}

static bool
take_end(struct quo_scan *scan, const uint8_t *payload, size_t len)
{
	struct quo_reader r = quo_reader_on(payload, len);

	scan->pages = (unsigned)quo_read_uint(&r, 4);
	return quo_reader_done(&r) && scan->pages <= QUO_SCAN_PAGES;
}

/* All frames in turn; false for nonsense. */
static bool
take_frames(struct quo_reader *r, struct quo_scan *scan, size_t *used,
    enum quo_err *said)
{
	const uint8_t *payload;
	uint64_t type, len;
	bool ok;

	for (;;) {
		type = quo_read_uint(r, 1);
		len = quo_read_uint(r, 4);
		payload = quo_read_span(r, (size_t)len);
		if (r->failed)
			return false;
		switch (type) {
		case QUO_FRAME_TEXT:
			ok = take_text(scan, used, payload, (size_t)len);
			break;
		case QUO_FRAME_NOTE:
			ok = take_note(scan, payload, (size_t)len, said);
			break;
		case QUO_FRAME_END:
			return take_end(scan, payload, (size_t)len) &&
			    quo_reader_done(r);
		default:
			ok = false;
		}
		if (!ok)
			return false;
	}
}

enum quo_err
quo_scan_parse(const uint8_t *data, size_t len, struct quo_scan *scan)
{
	struct quo_reader r = quo_reader_on(data, len);
	struct quo_scan got = { 0 };
	enum quo_err said = QUO_OK, err;
	size_t used = 0;

	memset(scan, 0, sizeof *scan);
	if (len == 0)
		return QUO_ECHILD;
	err = quo_secret_new(len, &got.texts);
	if (err != QUO_OK)
		return err;
	if (!take_frames(&r, &got, &used, &said)) {
		quo_scan_free(&got);
		return QUO_ECHILD;
	}
	if (used == 0 || said != QUO_OK) {
		quo_secret_free(got.texts);
		got.texts = NULL;
		got.count = 0;
	} else {
		quo_secret_truncate(got.texts, used);
	}
	*scan = got;
	return said;
}
