/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/buf.h"
#include "crypto/policy.h"
#include "draw/face.h"

#define MAGIC 0x51554F46u	/* "QUOF" */
#define SHARE_ROWS 7
#define ROW_WORDS 7
/* More rows than these would be too small in a quarter of the page. */
#define ROWS_PAGE_1 42

enum kind { NAME, DATE, SHARE_WORDS, SET_WORDS };

/* The texts, in the frame's order. */
static const struct {
	size_t offset;
	enum kind kind;
	bool optional;
} texts[] = {
	{ offsetof(struct quo_face, credential), NAME, false },
	{ offsetof(struct quo_face, custodian), NAME, true },
	{ offsetof(struct quo_face, policy), NAME, false },
	{ offsetof(struct quo_face, set_id), NAME, false },
	{ offsetof(struct quo_face, issued), DATE, false },
	{ offsetof(struct quo_face, review_by), DATE, true },
	{ offsetof(struct quo_face, share_words), SHARE_WORDS, false },
	{ offsetof(struct quo_face, set_words), SET_WORDS, true },
};

#define TEXTS (sizeof texts / sizeof *texts)

size_t
quo_face_rows(const char *words)
{
	size_t rows = 0;

	while (words != NULL && *words != '\0') {
		rows++;
		words += strcspn(words, "\n");
		words += *words == '\n';
	}
	return rows;
}

unsigned
quo_face_pages(const struct quo_face *face)
{
	return face->set_count > 2 ||
	    quo_face_rows(face->set_words) > ROWS_PAGE_1 ? 2 : 1;
}

/* Text of a line: no character that parts lines either. */
static bool
clean_text(const char *text)
{
	size_t len = strlen(text);

	return len > 0 && len <= QUO_FACE_TEXT &&
	    quo_text_valid(text, len) && strstr(text, "\u2028") == NULL &&
	    strstr(text, "\u2029") == NULL;
}

/* A row number of 1 to 3 digits, then 7 words of a to z, to 12 letters. */
static const char *
skip_row(const char *s)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
	size_t len;

	/* words.h pads numbers in front and words behind. */
	s += strspn(s, " ");
	len = strspn(s, "0123456789");
	if (len < 1 || len > 3)
		return NULL;
	s += len;
	for (int i = 0; i < ROW_WORDS; i++) {
		if (*s != ' ')
			return NULL;
		s += strspn(s, " ");
		len = strspn(s, letters);
		if (len < 1 || len > 12)
			return NULL;
		s += len;
	}
	s += strspn(s, " ");
	return *s == '\0' ? s : *s == '\n' ? s + 1 : NULL;
}

static bool
clean_words(const char *words, size_t most)
{
	size_t rows = 0;

	while (words != NULL && *words != '\0') {
		words = skip_row(words);
		rows++;
	}
	return words != NULL && rows >= 1 && rows <= most;
}

/* 2026-03-01: it goes into the PDF. */
static bool
clean_date(const char *text)
{
	static const char form[] = "0000-00-00";

	for (size_t i = 0; i < sizeof form; i++)
		if (form[i] == '0' ? text[i] < '0' || text[i] > '9' :
		    text[i] != form[i])
			return false;
	return true;
}

static bool
clean(const char *text, enum kind kind)
{
	switch (kind) {
	case NAME:
		return clean_text(text);
	case DATE:
		return clean_date(text);
	case SHARE_WORDS:
		return clean_words(text, SHARE_ROWS) &&
		    quo_face_rows(text) == SHARE_ROWS;
	case SET_WORDS:
		return clean_words(text, QUO_FACE_ROWS);
	}
	return false;
}

static bool
clean_qr(const struct quo_qr *qr)
{
	return qr->bits != NULL && qr->side >= 21 && qr->side % 4 == 1 &&
	    qr->side <= QUO_QR_SIDE_MAX;
}

static const char *
text_of(const struct quo_face *face, size_t i)
{
	const char *text;

	memcpy(&text, (const char *)face + texts[i].offset, sizeof text);
	return text;
}

static void
set_text(struct quo_face *face, size_t i, const char *text)
{
	memcpy((char *)face + texts[i].offset, &text, sizeof text);
}

/* All that the header's comment says of a face. */
static bool
sound(const struct quo_face *f)
{
	bool ok = f->format <= QUO_FACE_PNG && f->paper <= QUO_FACE_LETTER &&
	    (f->dpi == 0 || (f->dpi >= QUO_FACE_DPI_MIN &&
	    f->dpi <= QUO_FACE_DPI_MAX)) && f->serial >= 1 &&
	    f->serial <= f->count && f->count >= 2 && f->count <= 255 &&
	    f->set_count >= 1 && f->set_count <= QUO_FACE_PARTS &&
	    (f->set_count == 1 || f->set_words == NULL) &&
	    clean_qr(&f->share);

	for (size_t i = 0; ok && i < TEXTS; i++)
		ok = text_of(f, i) == NULL ? texts[i].optional :
		    clean(text_of(f, i), texts[i].kind);
	for (unsigned i = 0; ok && i < f->set_count; i++)
		ok = clean_qr(&f->set[i]);
	return ok && (f->format == QUO_FACE_PDF ? f->page == 0 :
	    f->page <= quo_face_pages(f));
}

static void
write_qr(struct quo_writer *w, const struct quo_qr *qr)
{
	quo_write_uint(w, qr->side, 1);
	quo_write_bytes(w, qr->bits, QUO_QR_LEN(qr->side));
}

/* Length with the NUL, then the text with it; length 0 is NULL. */
static void
write_text(struct quo_writer *w, const char *text)
{
	size_t len = text == NULL ? 0 : strlen(text) + 1;

	quo_write_uint(w, len, 2);
	quo_write_bytes(w, (const uint8_t *)text, len);
}

static void
write_face(struct quo_writer *w, const struct quo_face *f)
{
	quo_write_uint(w, MAGIC, 4);
	quo_write_uint(w, f->format, 1);
	quo_write_uint(w, f->paper, 1);
	quo_write_uint(w, f->dpi, 2);
	quo_write_uint(w, f->page, 1);
	quo_write_uint(w, f->serial, 1);
	quo_write_uint(w, f->count, 1);
	quo_write_uint(w, f->generation, 4);
	quo_write_uint(w, f->locked, 1);
	quo_write_uint(w, f->set_count, 1);
	for (size_t i = 0; i < TEXTS; i++)
		write_text(w, text_of(f, i));
	write_qr(w, &f->share);
	for (unsigned i = 0; i < f->set_count; i++)
		write_qr(w, &f->set[i]);
}

enum quo_err
quo_face_encode(const struct quo_face *face, struct quo_secret **frame)
{
	struct quo_secret *out = NULL;
	struct quo_writer w;
	enum quo_err err;

	if (!sound(face))
		return QUO_EINVAL;
	err = quo_secret_new(QUO_FACE_MAX, &out);
	if (err != QUO_OK)
		return err;
	w = quo_writer_on(out->data, out->len);
	write_face(&w, face);
	if (w.failed) {
		quo_secret_free(out);
		return QUO_ETOOBIG;
	}
	quo_secret_truncate(out, w.len);
	*frame = out;
	return QUO_OK;
}

static void
read_qr(struct quo_reader *r, struct quo_qr *qr)
{
	qr->side = (unsigned)quo_read_uint(r, 1);
	qr->bits = quo_read_span(r, QUO_QR_LEN(qr->side));
	qr->store = NULL;
}

static const char *
read_text(struct quo_reader *r)
{
	size_t len = (size_t)quo_read_uint(r, 2);
	const char *text;

	if (len == 0)
		return NULL;
	text = (const char *)quo_read_span(r, len);
	if (text != NULL && memchr(text, '\0', len) != text + len - 1)
		r->failed = true;
	return r->failed ? NULL : text;
}

/* The numbers, as write_face writes them; false where locked is no bool. */
static bool
read_numbers(struct quo_reader *r, struct quo_face *f)
{
	uint64_t locked;

	f->format = (enum quo_face_format)quo_read_uint(r, 1);
	f->paper = (enum quo_face_paper)quo_read_uint(r, 1);
	f->dpi = (unsigned)quo_read_uint(r, 2);
	f->page = (unsigned)quo_read_uint(r, 1);
	f->serial = (unsigned)quo_read_uint(r, 1);
	f->count = (unsigned)quo_read_uint(r, 1);
	f->generation = (uint32_t)quo_read_uint(r, 4);
	locked = quo_read_uint(r, 1);
	f->locked = locked == 1;
	f->set_count = (unsigned)quo_read_uint(r, 1);
	return locked <= 1;
}

enum quo_err
quo_face_decode(const uint8_t *frame, size_t len, struct quo_face *face)
{
	struct quo_reader r = quo_reader_on(frame, len);
	struct quo_face f = { 0 };

	if (len > QUO_FACE_MAX)
		return QUO_ETOOBIG;
	if (quo_read_uint(&r, 4) != MAGIC || !read_numbers(&r, &f))
		return QUO_EFORMAT;
	for (size_t i = 0; i < TEXTS; i++)
		set_text(&f, i, read_text(&r));
	read_qr(&r, &f.share);
	for (unsigned i = 0; i < f.set_count && i < QUO_FACE_PARTS; i++)
		read_qr(&r, &f.set[i]);
	if (!quo_reader_done(&r) || !sound(&f))
		return QUO_EFORMAT;
	*face = f;
	return QUO_OK;
}
