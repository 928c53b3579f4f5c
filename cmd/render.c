/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "card/textcard.h"
#include "card/words.h"
#include "cmd/render.h"
#include "cmd/say.h"
#include "cmd/tty.h"
#include "draw/draw.h"
#include "scan/scan.h"

/* A face and all that it borrows. */
struct drawing {
	struct quo_face face;
	struct quo_secret *share_words, *set_words;	/* ending in NUL */
	char *policy;
	char set_id[4 * (QUO_WORD_MAX + 1)];
	char issued[QUO_DAY_TEXT], review[QUO_DAY_TEXT];
};

const char *
quo_format_suffix(enum quo_format format)
{
	static const char *const suffixes[] = {
		[QUO_FORMAT_PDF] = "pdf",
		[QUO_FORMAT_SVG] = "svg",
		[QUO_FORMAT_PNG] = "png",
		[QUO_FORMAT_TXT] = "txt",
		[QUO_FORMAT_TERMINAL] = "png",
	};

	return suffixes[format];
}

const char *
quo_render_custodian(const struct quo_render *render, unsigned serial)
{
	return quo_policy_leaf(render->policy, serial)->name;
}

static void
clear(struct drawing *d)
{
	quo_qr_clear(&d->face.share);
	for (unsigned i = 0; i < d->face.set_count; i++)
		quo_qr_clear(&d->face.set[i]);
	quo_secret_free(d->share_words);
	quo_secret_free(d->set_words);
	free(d->policy);
}

/* Words as text that ends in NUL, after they were read back. */
static enum quo_err
make_words(enum quo_words_kind kind, const uint8_t *data, size_t len,
    struct quo_secret **words)
{
	struct quo_secret *rows = NULL, *back = NULL, *fixes = NULL;
	struct quo_secret *text = NULL;
	size_t count = quo_words_rows(kind, len);
	uint64_t doubt;
	enum quo_err err;

	err = quo_words_encode(kind, data, len, &rows);
	if (err == QUO_OK)
		err = quo_words_decode((const struct quo_words_row *)
		    (const void *)rows->data, count, &back, &fixes, &doubt);
	if (err == QUO_OK && (fixes != NULL || back->len < len ||
	    !quo_equal(back->data, data, len)))
		err = QUO_EMISMATCH;
	if (err == QUO_OK)
		err = quo_words_text(kind, data, len, &text);
	if (err == QUO_OK)
		err = quo_secret_new(text->len + 1, words);
	if (err == QUO_OK)
		memcpy((*words)->data, text->data, text->len);
	quo_secret_free(text);
	quo_secret_free(fixes);
	quo_secret_free(back);
	quo_secret_free(rows);
	return err;
}

static enum quo_err
add_words(const struct quo_dealing *dealing, unsigned serial,
    struct drawing *d)
{
	uint8_t typed[QUO_TYPED_LEN];
	enum quo_err err;

	quo_typed_encode(quo_dealing_card(dealing, serial), typed);
	err = make_words(QUO_WORDS_SHARE, typed, sizeof typed,
	    &d->share_words);
	quo_wipe(typed, sizeof typed);
	if (err != QUO_OK)
		return err;
	d->face.share_words = (const char *)d->share_words->data;
	if (dealing->set.len > QUO_SET_SYMBOL_MAX)
		return QUO_OK;
	err = make_words(QUO_WORDS_SET, dealing->set.bytes, dealing->set.len,
	    &d->set_words);
	if (err == QUO_OK)
		d->face.set_words = (const char *)d->set_words->data;
	return err;
}

static enum quo_err
add_symbols(const struct quo_dealing *dealing, unsigned serial,
    struct drawing *d)
{
	unsigned parts = quo_part_count(dealing->set.len);
	struct quo_secret *text = NULL;
	enum quo_err err;

	err = quo_dealing_share_text(dealing, serial, &text);
	if (err == QUO_OK)
		err = quo_qr_encode((const char *)text->data, text->len - 1,
		    &d->face.share);
	quo_secret_free(text);
	for (unsigned i = 1; err == QUO_OK && i <= parts; i++) {
		text = NULL;
		err = quo_dealing_set_text(dealing, i, &text);
		if (err == QUO_OK)
			err = quo_qr_encode((const char *)text->data,
			    text->len - 1, &d->face.set[i - 1]);
		quo_secret_free(text);
		d->face.set_count = err == QUO_OK ? i : i - 1;
	}
	return err;
}

static enum quo_err
make_face(const struct quo_render *render, unsigned serial,
    struct drawing *d)
{
	const struct quo_header *header = &render->dealing->set.header;
	enum quo_err err;

	*d = (struct drawing){ 0 };
	d->policy = quo_policy_sentence(render->policy);
	if (d->policy == NULL)
		return QUO_ENOMEM;
	quo_words_id(render->dealing->set.id.hash, d->set_id);
	quo_day_print(header->issued, d->issued);
	quo_day_print(header->review, d->review);
	d->face = (struct quo_face){
		.format = render->format == QUO_FORMAT_PDF ? QUO_FACE_PDF :
		    render->format == QUO_FORMAT_SVG ? QUO_FACE_SVG :
		    QUO_FACE_PNG,
		.paper = render->paper,
		.dpi = render->dpi,
		.credential = render->title,
		.custodian = quo_render_custodian(render, serial),
		.serial = serial,
		.count = render->dealing->n,
		.policy = d->policy,
		.set_id = d->set_id,
		.generation = header->generation,
		.issued = d->issued,
		.review_by = header->review.number != 0 ? d->review : NULL,
		.locked = header->lock.passes != 0,
	};
	err = add_symbols(render->dealing, serial, d);
	if (err == QUO_OK)
		err = add_words(render->dealing, serial, d);
	return err;
}

enum quo_err
quo_render_pages(const struct quo_render *render, unsigned *pages)
{
	struct drawing d;
	enum quo_err err;

	*pages = 1;
	if (render->format == QUO_FORMAT_PDF ||
	    render->format == QUO_FORMAT_TXT)
		return QUO_OK;
	err = make_face(render, 1, &d);
	if (err == QUO_OK)
		*pages = quo_face_pages(&d.face);
	clear(&d);
	return err;
}

/* Draw it; as says in which form, which may not be that of the card. */
static enum quo_err
draw(const struct quo_render *render, unsigned serial, unsigned page,
    enum quo_face_format as, struct quo_secret **file)
{
	char note[QUO_DRAW_NOTE];
	struct drawing d;
	enum quo_err err;

	err = make_face(render, serial, &d);
	if (err == QUO_OK) {
		d.face.format = as;
		d.face.page = as == QUO_FACE_PDF ? 0 : page;
		err = quo_draw(&d.face, file, note);
		if (err != QUO_OK)
			quo_say_error("card %u: %s", serial, note);
		else if (note[0] != '\0' && page == 1)
			quo_say_warning("card %u: %s", serial, note);
	}
	clear(&d);
	return err;
}

enum quo_err
quo_render_card(const struct quo_render *render, unsigned serial,
    unsigned page, struct quo_secret **file)
{
	switch (render->format) {
	case QUO_FORMAT_PDF:
		return draw(render, serial, page, QUO_FACE_PDF, file);
	case QUO_FORMAT_SVG:
		return draw(render, serial, page, QUO_FACE_SVG, file);
	case QUO_FORMAT_PNG:
	case QUO_FORMAT_TERMINAL:
		return draw(render, serial, page, QUO_FACE_PNG, file);
	case QUO_FORMAT_TXT:
		return quo_textcard_print(render->dealing, serial, file);
	}
	return QUO_EINVAL;
}

static enum quo_err
scan_back(const struct quo_secret *file, const char *label,
    struct quo_pool *pool)
{
	struct quo_scan scan = { 0 };
	const char *text;
	enum quo_err err;

	err = quo_scan_bytes(file->data, file->len, &scan);
	if (err != QUO_OK)
		quo_say_error("%s: %s", label, scan.note);
	text = scan.texts != NULL ? (const char *)scan.texts->data : NULL;
	for (size_t i = 0; err == QUO_OK && i < scan.count; i++) {
		err = quo_pool_add_text(pool, label, text, strlen(text));
		text += strlen(text) + 1;
	}
	quo_scan_free(&scan);
	return err;
}

enum quo_err
quo_render_read(const struct quo_render *render, unsigned serial,
    unsigned page, const struct quo_secret *file, struct quo_pool *pool)
{
	struct quo_secret *png = NULL;
	char label[32];
	enum quo_err err;

	snprintf(label, sizeof label, "card %u", serial);
	if (render->format == QUO_FORMAT_TXT)
		return quo_textcard_add(pool, label,
		    (const char *)file->data, file->len, NULL);
	if (render->format != QUO_FORMAT_SVG)
		return scan_back(file, label, pool);
	err = draw(render, serial, page, QUO_FACE_PNG, &png);
	if (err == QUO_OK)
		err = scan_back(png, label, pool);
	quo_secret_free(png);
	return err;
}

/* A symbol or rows of words, under a title that says whose and which. */
static enum quo_err
show_part(const struct quo_face *face, const struct quo_qr *qr,
    const char *words, const char *what)
{
	struct quo_secret *text = NULL;
	char title[256];
	enum quo_err err;

	snprintf(title, sizeof title, "%s   card %u of %u%s%s   %s",
	    face->credential, face->serial, face->count,
	    face->custodian != NULL ? "   " : "",
	    face->custodian != NULL ? face->custodian : "", what);
	err = qr != NULL ? quo_qr_print(qr, true, &text) :
	    quo_secret_copy((const uint8_t *)words, strlen(words), &text);
	if (err == QUO_OK)
		err = quo_tty_show_text(text, title);
	quo_secret_free(text);
	return err;
}

enum quo_err
quo_render_show(const struct quo_render *render, unsigned serial)
{
	struct drawing d;
	enum quo_err err;

	err = make_face(render, serial, &d);
	if (err == QUO_OK)
		err = show_part(&d.face, &d.face.share, NULL, "share code");
	for (unsigned i = 0; err == QUO_OK && i < d.face.set_count; i++)
		err = show_part(&d.face, &d.face.set[i], NULL, "set code");
	if (err == QUO_OK)
		err = show_part(&d.face, NULL, d.face.share_words,
		    "the share in words");
	clear(&d);
	return err;
}
