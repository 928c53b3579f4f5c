/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "scan/harvest.h"

/* Kept free for notes and the end, each of them short. */
#define NOTES_ROOM ((QUO_SCAN_PAGES + 16) * (QUO_FRAME_HEAD + 5u))
#define PREFIX 6

void
quo_harvest_init(struct quo_harvest *harvest)
{
	memset(harvest, 0, sizeof *harvest);
	harvest->out = quo_writer_on(harvest->frames, sizeof harvest->frames);
}

/* The text in the frame at pos, which moves on; NULL after the last one. */
static const uint8_t *
next_text(const struct quo_harvest *harvest, size_t *pos, size_t *len)
{
	struct quo_reader r = quo_reader_on(harvest->frames,
	    harvest->out.len);
	const uint8_t *text;
	uint64_t type;

	r.pos = *pos;
	while (quo_reader_left(&r) > 0) {
		type = quo_read_uint(&r, 1);
		*len = (size_t)quo_read_uint(&r, 4);
		text = quo_read_span(&r, *len);
		*pos = r.pos;
		if (type == QUO_FRAME_TEXT)
			return text;
	}
	return NULL;
}

static bool
known(const struct quo_harvest *harvest, const uint8_t *data, size_t len)
{
	const uint8_t *text;
	size_t pos = 0, n;

	while ((text = next_text(harvest, &pos, &n)) != NULL)
		if (n == len && memcmp(text, data, len) == 0)
			return true;
	return false;
}

/* FNV-1a: only to count another's codes once each. */
static void
count_foreign(struct quo_harvest *harvest, const uint8_t *data, size_t len)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ data[i]) * 0x100000001b3;
	for (unsigned i = 0; i < harvest->foreign_count; i++)
		if (harvest->foreign[i] == hash)
			return;
	if (harvest->foreign_count < QUO_HARVEST_FOREIGN)
		harvest->foreign[harvest->foreign_count++] = hash;
}

static void
add_frame(struct quo_harvest *harvest, enum quo_scan_frame type,
    const uint8_t *payload, size_t len)
{
	quo_write_uint(&harvest->out, type, 1);
	quo_write_uint(&harvest->out, len, 4);
	quo_write_bytes(&harvest->out, payload, len);
}

void
quo_harvest_add(struct quo_harvest *harvest, const uint8_t *data, size_t len)
{
	size_t left = harvest->out.cap - harvest->out.len;

	if (!quo_scan_text_ok(data, len)) {
		count_foreign(harvest, data, len);
	} else if (!known(harvest, data, len)) {
		harvest->full = harvest->full ||
		    harvest->texts == QUO_FRAME_TEXTS ||
		    left < NOTES_ROOM + QUO_FRAME_HEAD + len;
		if (harvest->full)
			return;
		add_frame(harvest, QUO_FRAME_TEXT, data, len);
		harvest->texts++;
	}
}

bool
quo_harvest_card(const struct quo_harvest *harvest)
{
	const uint8_t *text;
	size_t pos = 0, len;
	bool share = false, set = false, part = false;

	while ((text = next_text(harvest, &pos, &len)) != NULL) {
		if (len < PREFIX)
			continue;
		share = share || memcmp(text, "QUO1S:", PREFIX) == 0;
		set = set || memcmp(text, "QUO1C:", PREFIX) == 0;
		part = part || memcmp(text, "QUO1P:", PREFIX) == 0;
	}
	return part || (share && set);
}

void
quo_harvest_note(struct quo_harvest *harvest, enum quo_scan_note note,
    uint32_t number)
{
	uint8_t payload[5];
	struct quo_writer w = quo_writer_on(payload, sizeof payload);

	quo_write_uint(&w, note, 1);
	quo_write_uint(&w, number, 4);
	add_frame(harvest, QUO_FRAME_NOTE, payload, w.len);
}

void
quo_harvest_end(struct quo_harvest *harvest, unsigned pages)
{
	uint8_t payload[4];
	struct quo_writer w = quo_writer_on(payload, sizeof payload);

	quo_write_uint(&w, pages, 4);
	add_frame(harvest, QUO_FRAME_END, payload, w.len);
}
