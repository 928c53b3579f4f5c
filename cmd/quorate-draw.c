/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The face of a card on standard input, as lib/draw/face.h frames it; its
 * page on standard output. Exit 0, or 1 and one line that says why. Run by
 * quorate, not by hand.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/secret.h"
#include "config.h"
#include "draw/canvas.h"
#include "draw/face.h"
#include "draw/layout.h"

#define NAME "quorate-draw"
#define DPI 300

#ifdef __SANITIZE_ADDRESS__
/* fontconfig keeps what it read; and the client clears the environment. */
const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
	return "detect_leaks=0";
}
#endif

/* A page of 600 dpi takes 35 MB; fonts are mapped, not read. */
static const struct {
	__rlimit_resource_t what;
	rlim_t most;
} limits[] = {
#if QUO_SANDBOX
	{ RLIMIT_AS, 1u << 30 },
#endif
	{ RLIMIT_CPU, 30 },
	{ RLIMIT_NOFILE, 64 },
};

static enum quo_err
confine(void)
{
	struct rlimit limit;

	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		limit = (struct rlimit){ limits[i].most, limits[i].most };
		if (setrlimit(limits[i].what, &limit) != 0)
			return QUO_ELOCK;
	}
	return quo_secret_harden();
}

static enum quo_err
take_frame(struct quo_secret **frame)
{
	struct quo_secret *in;
	enum quo_err err;
	size_t got = 0;
	ssize_t n = 0;

	err = quo_secret_new(QUO_FACE_MAX + 1, &in);
	if (err != QUO_OK)
		return err;
	do {
		n = read(0, in->data + got, in->len - got);
		got += n > 0 ? (size_t)n : 0;
	} while (n > 0 || (n < 0 && errno == EINTR));
	*frame = in;
	quo_secret_truncate(in, got);
	return n < 0 ? QUO_EIO : QUO_OK;
}

static void
warn_of(unsigned c)
{
	bool cjk = (c >= 0x1100 && c < 0x1200) || (c >= 0x2E80 && c < 0xA4D0)
	    || (c >= 0xAC00 && c < 0xD7B0) || (c >= 0xF900 && c < 0xFB00) ||
	    (c >= 0xFF00 && c < 0xFFF0) || (c >= 0x20000 && c < 0x32000);

	if (c != 0)
		fprintf(stderr, NAME ": no font here has the character "
		    "U+%04X: install %s\n", c,
		    cjk ? "fonts-noto-cjk" : "fonts-noto-core or "
		    "fonts-noto-extra");
}

static enum quo_err
draw(const struct quo_face *face)
{
	struct quo_canvas *canvas;
	double width, height;
	enum quo_err err;
	unsigned missing;

	quo_layout_sheet(face, &width, &height);
	err = quo_canvas_open(face->format, width, height,
	    face->dpi != 0 ? face->dpi : DPI, face->issued, 1, &canvas);
	if (err != QUO_OK)
		return err;
	quo_layout_draw(face, canvas);
	missing = quo_canvas_missing(canvas);
	err = quo_canvas_close(canvas);
	if (err == QUO_OK)
		warn_of(missing);
	return err;
}

int
main(void)
{
	struct quo_secret *frame = NULL;
	struct quo_face face;
	enum quo_err err;

	err = confine();
	if (err == QUO_OK)
		err = take_frame(&frame);
	if (err == QUO_OK)
		err = quo_face_decode(frame->data, frame->len, &face);
	if (err == QUO_OK)
		err = draw(&face);
	if (err != QUO_OK)
		fprintf(stderr, NAME ": %s\n", quo_strerror(err));
	quo_secret_free(frame);
	return err == QUO_OK ? 0 : 1;
}
