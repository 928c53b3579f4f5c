/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/child.h"
#include "base/crypt.h"
#include "draw/block.h"
#include "draw/draw.h"

#define HELPER "quorate-draw"
#define SECONDS 60
#define TOO_BIG 2		/* what it exits with then */

/* Its own words only: fontconfig talks on standard error too. */
static void
take_note(const char *from, char note[QUO_DRAW_NOTE])
{
	const char *at = strstr(from, HELPER ": ");

	snprintf(note, QUO_DRAW_NOTE, "%.*s",
	    at == NULL ? 0 : (int)strcspn(at, "\n"), at == NULL ? "" : at);
}

static void
tell(enum quo_err err, char note[QUO_DRAW_NOTE])
{
	snprintf(note, QUO_DRAW_NOTE, HELPER ": %s", quo_strerror(err));
}

static enum quo_err
run(const char *path, const uint8_t *frame, size_t len,
    struct quo_secret **page, char note[QUO_DRAW_NOTE])
{
	const char *const argv[] = { HELPER, NULL };
	struct quo_child child = {
		.path = path, .argv = argv, .stdin_fd = -1,
		.feeds = { { 0, frame, len } }, .feed_count = 1,
		.out_max = QUO_SECRET_MAX - 1, .seconds = SECONDS,
	};
	enum quo_err err;

	err = quo_child_run(&child);
	take_note(child.note, note);
	if (err == QUO_OK &&
	    (!WIFEXITED(child.status) || WEXITSTATUS(child.status) != 0 ||
	    child.out == NULL))
		err = WIFEXITED(child.status) &&
		    WEXITSTATUS(child.status) == TOO_BIG ? QUO_ETOOBIG :
		    QUO_ECHILD;
	if (err != QUO_OK) {
		if (note[0] == '\0')
			tell(err, note);
		quo_secret_free(child.out);
		return err;
	}
	*page = child.out;
	return QUO_OK;
}

static enum quo_err
draw(const uint8_t *frame, size_t len, struct quo_secret **page,
    char note[QUO_DRAW_NOTE])
{
	char *path = NULL;
	enum quo_err err = quo_child_helper(HELPER, &path);

	if (err == QUO_OK)
		err = run(path, frame, len, page, note);
	else
		tell(err, note);
	free(path);
	return err;
}

enum quo_err
quo_draw(const struct quo_face *face, struct quo_secret **page,
    char note[QUO_DRAW_NOTE])
{
	struct quo_secret *frame = NULL;
	enum quo_err err;

	err = quo_face_encode(face, &frame);
	if (err == QUO_OK)
		err = draw(frame->data, frame->len, page, note);
	else
		tell(err, note);
	quo_secret_free(frame);
	return err;
}

enum quo_err
quo_document_pdf(const struct quo_document *doc, struct quo_secret **pdf,
    char note[QUO_DRAW_NOTE])
{
	struct quo_span frame = quo_document_bytes(doc);
	enum quo_err err = quo_document_error(doc);

	if (err == QUO_OK)
		err = draw(frame.data, frame.len, pdf, note);
	else
		tell(err, note);
	return err;
}
