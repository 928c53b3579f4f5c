/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/secret.h"
#include "scan/ladder.h"
#include "scan/serve.h"

#define INPUT_MAX (64u << 20)
#define INPUT_FIRST (256u << 10)
/* Of wall time for all pages, of processor time for each. */
#define WALL_ALL 40
#define CPU_PAGE 5

struct input {
	uint8_t *data;
	size_t len;
};

/* To end of file; one byte over the limit is enough to know. */
static enum quo_scan_note
read_input(int fd, struct input *input)
{
	size_t room = 0;
	uint8_t *more;
	ssize_t n = 1;

	while (n != 0) {
		if (input->len == room) {
			room = room == 0 ? INPUT_FIRST : 2 * room;
			more = realloc(input->data, room);
			if (more == NULL)
				return QUO_NOTE_MEMORY;
			input->data = more;
		}
		n = read(fd, input->data + input->len, room - input->len);
		if (n < 0 && errno != EINTR)
			return QUO_NOTE_READ;
		if (n > 0)
			input->len += (size_t)n;
		if (input->len > INPUT_MAX)
			return QUO_NOTE_LARGE;
	}
	return input->len > 0 ? QUO_NOTE_NONE : QUO_NOTE_EMPTY;
}

struct count {
	unsigned read, damaged, large, partial, hurried_from;
	enum quo_scan_note first;	/* why the first bad page is bad */
};

static void
look_at(struct quo_zbar *zbar, struct quo_source *source, unsigned pages,
    struct quo_harvest *harvest, struct count *count)
{
	double end = quo_deadline_in(WALL_ALL, 0).wall, left;
	struct quo_climb climb;

	for (unsigned i = 0; i < pages; i++) {
		left = end - quo_deadline_in(0, 0).wall;
		climb = quo_ladder_page(zbar, source, i,
		    quo_deadline_in(left / (pages - i), CPU_PAGE), harvest);
		if (climb.hurried && count->hurried_from == 0)
			count->hurried_from = i + 1;
		count->partial += climb.partial;
		count->read += climb.note == QUO_NOTE_NONE;
		if (climb.note == QUO_NOTE_NONE)
			continue;
		if (count->first == QUO_NOTE_NONE)
			count->first = climb.note;
		if (pages > 1)
			quo_harvest_note(harvest,
			    climb.note == QUO_NOTE_PIXELS ?
			    QUO_NOTE_PAGE_PIXELS : QUO_NOTE_PAGE_BROKEN,
			    i + 1);
	}
}

/* What there is to say about the file as a whole. */
static enum quo_scan_note
sum_up(const struct count *count, unsigned pages, unsigned all,
    struct quo_harvest *harvest)
{
	if (count->read == 0 && pages == 1)
		return count->first;
	if (harvest->texts == 0 && (count->partial > 0 || count->read == 0))
		return QUO_NOTE_BROKEN;
	if (all > pages)
		quo_harvest_note(harvest, QUO_NOTE_PAGES, pages);
	if (harvest->full)
		quo_harvest_note(harvest, QUO_NOTE_TEXTS,
		    (uint32_t)harvest->texts);
	if (count->hurried_from > 0)
		quo_harvest_note(harvest, QUO_NOTE_HURRIED,
		    count->hurried_from);
	if (harvest->foreign_count > 0)
		quo_harvest_note(harvest, QUO_NOTE_FOREIGN,
		    harvest->foreign_count);
	if (harvest->texts == 0)
		quo_harvest_note(harvest, QUO_NOTE_NOTHING, 0);
	return QUO_NOTE_NONE;
}

static enum quo_scan_note
look(const struct input *input, struct quo_harvest *harvest, unsigned *read)
{
	struct quo_source source = {
		.kind = quo_source_find(input->data, input->len),
		.data = input->data, .len = input->len,
	};
	struct quo_zbar *zbar;
	struct count count = { 0 };
	enum quo_scan_note note;
	unsigned pages;

	if (source.kind == NULL)
		return QUO_NOTE_KIND;
	if (source.kind->prepare != NULL)
		source.kind->prepare();
	if (!quo_sandbox_enter(source.kind->profile))
		return QUO_NOTE_SANDBOX;
	zbar = quo_zbar_new();
	if (zbar == NULL)
		return QUO_NOTE_MEMORY;
	note = source.kind->open(&source);
	if (note == QUO_NOTE_NONE) {
		pages = source.pages < QUO_SCAN_PAGES ? source.pages :
		    QUO_SCAN_PAGES;
		look_at(zbar, &source, pages, harvest, &count);
		note = sum_up(&count, pages, source.pages, harvest);
	}
	*read = count.read;
	if (source.kind->close != NULL)
		source.kind->close(&source);
	quo_zbar_free(zbar);
	return note;
}

int
quo_serve(int in, int out, char *line, size_t size)
{
	static struct quo_harvest harvest;
	struct input input = { 0 };
	enum quo_scan_note note = QUO_NOTE_SANDBOX;
	unsigned pages = 0;
	bool sent;

	quo_harvest_init(&harvest);
	line[0] = '\0';
	if (quo_secret_harden() == QUO_OK)
		note = read_input(in, &input);
	if (note == QUO_NOTE_NONE)
		note = look(&input, &harvest, &pages);
	if (note != QUO_NOTE_NONE) {
		quo_harvest_init(&harvest);
		quo_harvest_note(&harvest, note, 0);
		quo_scan_note_add(note, 0, line, size);
	}
	quo_harvest_end(&harvest, pages);
	sent = quo_file_write(out, harvest.frames, harvest.out.len) ==
	    QUO_OK;
	free(input.data);
	quo_wipe(&harvest, sizeof harvest);
	if (note == QUO_NOTE_NONE)
		return sent ? 0 : 3;
	return quo_scan_note_err(note) == QUO_EFORMAT ||
	    quo_scan_note_err(note) == QUO_ETOOBIG ? 1 : 3;
}
