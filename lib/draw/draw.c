/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/child.h"
#include "draw/draw.h"

#define HELPER "quorate-draw"
#define SECONDS 60

/* Its own words only: fontconfig talks on standard error too. */
static void
take_note(const char *from, char note[QUO_DRAW_NOTE])
{
	const char *at = strstr(from, HELPER ": ");

	snprintf(note, QUO_DRAW_NOTE, "%.*s",
	    at == NULL ? 0 : (int)strcspn(at, "\n"), at == NULL ? "" : at);
}

static enum quo_err
run(const char *path, const struct quo_secret *frame,
    struct quo_secret **page, char note[QUO_DRAW_NOTE])
{
	const char *const argv[] = { HELPER, NULL };
	struct quo_child child = {
		.path = path, .argv = argv, .stdin_fd = -1,
		.feeds = { { 0, frame->data, frame->len } }, .feed_count = 1,
		.out_max = QUO_SECRET_MAX - 1, .seconds = SECONDS,
	};
	enum quo_err err;

	err = quo_child_run(&child);
	take_note(child.note, note);
	if (err == QUO_OK &&
	    (!WIFEXITED(child.status) || WEXITSTATUS(child.status) != 0 ||
	    child.out == NULL))
		err = QUO_ECHILD;
	if (err != QUO_OK) {
		if (note[0] == '\0')
			snprintf(note, QUO_DRAW_NOTE, HELPER ": %s",
			    quo_strerror(err));
		quo_secret_free(child.out);
		return err;
	}
	*page = child.out;
	return QUO_OK;
}

enum quo_err
quo_draw(const struct quo_face *face, struct quo_secret **page,
    char note[QUO_DRAW_NOTE])
{
	struct quo_secret *frame = NULL;
	char *path = NULL;
	enum quo_err err;

	err = quo_face_encode(face, &frame);
	if (err == QUO_OK)
		err = quo_child_helper(HELPER, &path);
	if (err == QUO_OK)
		err = run(path, frame, page, note);
	else
		snprintf(note, QUO_DRAW_NOTE, HELPER ": %s",
		    quo_strerror(err));
	quo_secret_free(frame);
	free(path);
	return err;
}
