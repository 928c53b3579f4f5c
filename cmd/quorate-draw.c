/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The face of a card on standard input, as lib/draw/face.h frames it, or a
 * document, as lib/draw/block.h does; its pages on standard output. Exit 0,
 * or one line that says why and 1, or 2 for a document that is too big. Run
 * by quorate, not by hand.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/secret.h"
#include "config.h"
#include "draw/block.h"
#include "draw/canvas.h"
#include "draw/face.h"
#include "draw/layout.h"
#include "draw/paper.h"

#define NAME "quorate-draw"
#define DPI 300

#if !QUO_SANDBOX
/* For ASan: fontconfig keeps what it read, and the client clears the
 * environment. */
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

/* Whether these are the first bytes of a document, and of a secret one. */
static bool
is_document(const uint8_t *data, size_t len, bool *secret)
{
	*secret = len <= 4 || (data[4] & 1) != 0;
	return len >= 4 && memcmp(data, "QUOD", 4) == 0;
}

/* All of standard input: in locked memory, but for documents that are no
 * secret, which may be large. */
static enum quo_err
take_frame(struct quo_bytes *in)
{
	uint8_t part[8192];
	bool secret;
	ssize_t n;

	*in = (struct quo_bytes){ .secret = true, .max = QUO_FACE_MAX };
	do {
		n = read(0, part, sizeof part);
		if (n > 0 && in->len == 0 && is_document(part, (size_t)n,
		    &secret)) {
			in->secret = secret;
			in->max = secret ? QUO_DOCUMENT_SECRET_MAX :
			    QUO_DOCUMENT_MAX;
		}
		if (n > 0)
			quo_bytes_add(in, part, (size_t)n);
	} while (in->err == QUO_OK && (n > 0 || (n < 0 && errno == EINTR)));
	quo_wipe(part, sizeof part);
	return in->err != QUO_OK ? in->err : n < 0 ? QUO_EIO : QUO_OK;
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

static enum quo_err
draw_document(const struct quo_bytes *in)
{
	struct quo_block_reader reader;
	struct quo_document_head head;
	struct quo_canvas *canvas;
	double width, height;
	enum quo_err err, closed;
	unsigned missing;

	err = quo_block_open(in->data, in->len, &head, &reader);
	if (err != QUO_OK)
		return err;
	quo_paper_sheet(&head, &width, &height);
	err = quo_canvas_open(QUO_FACE_PDF, width, height, DPI, head.date, 1,
	    &canvas);
	if (err != QUO_OK)
		return err;
	err = quo_paper_draw(canvas, in->data, in->len);
	missing = quo_canvas_missing(canvas);
	closed = quo_canvas_close(canvas);
	err = err != QUO_OK ? err : closed;
	if (err == QUO_OK)
		warn_of(missing);
	return err;
}

int
main(void)
{
	struct quo_bytes in = { 0 };
	bool secret, document = false;
	struct quo_face face;
	enum quo_err err;

	err = confine();
	if (err == QUO_OK)
		err = take_frame(&in);
	if (err == QUO_OK)
		document = is_document(in.data, in.len, &secret);
	if (err == QUO_OK && document)
		err = draw_document(&in);
	else if (err == QUO_OK) {
		err = quo_face_decode(in.data, in.len, &face);
		if (err == QUO_OK)
			err = draw(&face);
	}
	if (err != QUO_OK)
		fprintf(stderr, NAME ": %s\n", quo_strerror(err));
	quo_bytes_free(&in);
	return err == QUO_OK ? 0 : document && err == QUO_ETOOBIG ? 2 : 1;
}
