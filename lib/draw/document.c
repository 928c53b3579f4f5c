/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypt.h"
#include "draw/block.h"

/* The year 9892: an axis tells four digits. */
#define TIME_MAX INT64_C(250000000000)

struct quo_document {
	struct quo_bytes bytes;
	size_t blocks;
	enum quo_block_kind last;
	size_t columns;		/* of the table that last began */
	unsigned number;	/* of the last item or step that has one */
};

static bool
valid(const char *text)
{
	return text == NULL || quo_block_text_valid(text);
}

static bool
head_valid(const struct quo_document_head *h)
{
	return h->title != NULL && h->title[0] != '\0' && valid(h->title) &&
	    valid(h->subtitle) && valid(h->mark) && valid(h->footer) &&
	    h->date != NULL && quo_block_date_valid(h->date) &&
	    h->paper <= QUO_FACE_LETTER;
}

enum quo_err
quo_document_new(const struct quo_document_head *head,
    struct quo_document **doc)
{
	struct quo_document *d;
	enum quo_err err;

	if (!head_valid(head))
		return QUO_EINVAL;
	d = calloc(1, sizeof *d);
	if (d == NULL)
		return QUO_ENOMEM;
	d->bytes.secret = head->secret;
	d->bytes.max = head->secret ? QUO_DOCUMENT_SECRET_MAX :
	    QUO_DOCUMENT_MAX;
	quo_block_write_head(&d->bytes, head);
	err = d->bytes.err;
	if (err == QUO_OK)
		*doc = d;
	else
		quo_document_free(d);
	return err;
}

void
quo_document_free(struct quo_document *doc)
{
	if (doc == NULL)
		return;
	quo_bytes_free(&doc->bytes);
	free(doc);
}

enum quo_err
quo_document_error(const struct quo_document *doc)
{
	return doc->bytes.err;
}

struct quo_span
quo_document_bytes(const struct quo_document *doc)
{
	return (struct quo_span){ doc->bytes.data, doc->bytes.len };
}

static void
fail(struct quo_document *doc, enum quo_err err)
{
	if (doc->bytes.err == QUO_OK)
		doc->bytes.err = err;
}

static bool
too_long(const char *text)
{
	return text != NULL && strnlen(text, QUO_DOCUMENT_TEXT + 1) >
	    QUO_DOCUMENT_TEXT;
}

static void
add(struct quo_document *doc, const struct quo_block *block)
{
	for (size_t i = 0; i < block->count; i++)
		if (too_long(block->text[i]))
			fail(doc, QUO_ETOOBIG);
		else if (!valid(block->text[i]))
			fail(doc, QUO_EINVAL);
	if (doc->blocks >= QUO_DOCUMENT_BLOCKS)
		fail(doc, QUO_ETOOBIG);
	if (doc->bytes.err != QUO_OK)
		return;
	quo_block_write(&doc->bytes, block);
	doc->blocks++;
	doc->last = block->kind;
	if (block->kind != QUO_BLOCK_NUMBER && block->kind != QUO_BLOCK_STEP &&
	    block->kind != QUO_BLOCK_BREAK && block->kind != QUO_BLOCK_KEEP)
		doc->number = 0;
}

static void
add_text(struct quo_document *doc, enum quo_block_kind kind, unsigned arg,
    unsigned flag, const char *text)
{
	const struct quo_block block = { .kind = kind, .arg = arg, .count = 1,
		.text = { text }, .flag = { flag } };

	add(doc, &block);
}

void
quo_document_heading(struct quo_document *doc, unsigned level,
    const char *text)
{
	if (level < 1 || level > 2)
		fail(doc, QUO_EINVAL);
	add_text(doc, QUO_BLOCK_HEADING, level, 0, text);
}

void
quo_document_text(struct quo_document *doc, const char *text)
{
	add_text(doc, QUO_BLOCK_TEXT, 0, 0, text);
}

void
quo_document_note(struct quo_document *doc, enum quo_tone tone,
    const char *text)
{
	if (tone > QUO_TONE_FAINT)
		fail(doc, QUO_EINVAL);
	add_text(doc, QUO_BLOCK_NOTE, 0, tone, text);
}

void
quo_document_item(struct quo_document *doc, const char *text)
{
	add_text(doc, QUO_BLOCK_ITEM, 0, 0, text);
}

/* The next number in a list of that kind. */
static unsigned
count_on(struct quo_document *doc)
{
	if (doc->number >= 9999)
		fail(doc, QUO_ETOOBIG);
	return ++doc->number;
}

void
quo_document_number(struct quo_document *doc, const char *text)
{
	add_text(doc, QUO_BLOCK_NUMBER, count_on(doc), 0, text);
}

void
quo_document_fact(struct quo_document *doc, const char *label,
    const char *value)
{
	const struct quo_block block = { .kind = QUO_BLOCK_FACT, .count = 2,
		.text = { label, value } };

	add(doc, &block);
}

void
quo_document_figures(struct quo_document *doc,
    const struct quo_figure *figures, size_t count)
{
	struct quo_block block = { .kind = QUO_BLOCK_FIGURES };

	if (count < 1 || count > QUO_DOCUMENT_ABREAST) {
		fail(doc, QUO_EINVAL);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		if (figures[i].tone > QUO_TONE_FAINT)
			fail(doc, QUO_EINVAL);
		block.text[2 * i] = figures[i].label;
		block.text[2 * i + 1] = figures[i].value;
		block.flag[2 * i + 1] = figures[i].tone;
	}
	block.count = 2 * count;
	add(doc, &block);
}

void
quo_document_table(struct quo_document *doc, const char *caption,
    const struct quo_column *columns, size_t count)
{
	struct quo_block block = { .kind = QUO_BLOCK_TABLE,
		.text = { caption } };

	if (count < 1 || count > QUO_DOCUMENT_COLUMNS) {
		fail(doc, QUO_EINVAL);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		block.text[i + 1] = columns[i].label;
		block.flag[i + 1] =
		    (columns[i].number ? QUO_COLUMN_NUMBER : 0) |
		    (columns[i].code ? QUO_COLUMN_CODE : 0);
	}
	block.count = count + 1;
	doc->columns = count;
	add(doc, &block);
}

void
quo_document_row(struct quo_document *doc, const struct quo_cell *cells,
    size_t count)
{
	struct quo_block block = { .kind = QUO_BLOCK_ROW, .count = count };

	if ((doc->last != QUO_BLOCK_TABLE && doc->last != QUO_BLOCK_ROW) ||
	    count != doc->columns) {
		fail(doc, QUO_EINVAL);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		if (cells[i].tone > QUO_TONE_FAINT)
			fail(doc, QUO_EINVAL);
		block.text[i] = cells[i].text;
		block.flag[i] = cells[i].tone;
	}
	add(doc, &block);
}

void
quo_document_step(struct quo_document *doc, const char *text,
    const char *command, bool sign)
{
	const struct quo_block block = { .kind = QUO_BLOCK_STEP, .count = 2,
		.arg = count_on(doc), .text = { text, command },
		.flag = { sign } };

	add(doc, &block);
}

void
quo_document_blanks(struct quo_document *doc, const char *const *labels,
    size_t count)
{
	struct quo_block block = { .kind = QUO_BLOCK_BLANKS, .count = count };

	if (count < 1 || count > QUO_DOCUMENT_ABREAST) {
		fail(doc, QUO_EINVAL);
		return;
	}
	for (size_t i = 0; i < count; i++)
		block.text[i] = labels[i];
	add(doc, &block);
}

void
quo_document_qr(struct quo_document *doc, const struct quo_qr *qr,
    const char *caption, const char *says)
{
	uint8_t tail[1 + QUO_QR_LEN(QUO_QR_SIDE_MAX)];
	const struct quo_block block = { .kind = QUO_BLOCK_QR, .count = 2,
		.text = { caption, says }, .tail = tail,
		.tail_len = 1 + QUO_QR_LEN(qr->side) };

	if (qr->bits == NULL || qr->side < 21 || qr->side % 4 != 1 ||
	    qr->side > QUO_QR_SIDE_MAX) {
		fail(doc, QUO_EINVAL);
		return;
	}
	tail[0] = (uint8_t)qr->side;
	memcpy(tail + 1, qr->bits, QUO_QR_LEN(qr->side));
	add(doc, &block);
	quo_wipe(tail, sizeof tail);
}

/* The next line of a text, copied; false at its end. */
static bool
take_line(const char **at, char line[QUO_DOCUMENT_TEXT + 2])
{
	size_t len = strcspn(*at, "\n");
	size_t kept = len > QUO_DOCUMENT_TEXT ? QUO_DOCUMENT_TEXT + 1 : len;

	if (**at == '\0')
		return false;
	memcpy(line, *at, kept);
	line[kept] = '\0';
	*at += len + ((*at)[len] == '\n');
	return true;
}

void
quo_document_code(struct quo_document *doc, const char *text)
{
	char line[QUO_DOCUMENT_TEXT + 2];

	while (text != NULL && doc->bytes.err == QUO_OK &&
	    take_line(&text, line))
		add_text(doc, QUO_BLOCK_CODE, 0, 0, line);
	quo_wipe(line, sizeof line);
}

/* Part a line into words in place; false where they are too many. */
static bool
part_words(char *line, struct quo_block *block)
{
	for (line += strspn(line, " "); *line != '\0';
	    line += strspn(line, " ")) {
		if (block->count == QUO_BLOCK_TEXTS)
			return false;
		block->text[block->count++] = line;
		line += strcspn(line, " ");
		if (*line != '\0')
			*line++ = '\0';
	}
	return true;
}

void
quo_document_words(struct quo_document *doc, const char *text, size_t len)
{
	char line[256];
	size_t n;

	while (len > 0 && doc->bytes.err == QUO_OK) {
		struct quo_block block = { .kind = QUO_BLOCK_WORDS };
		const char *end = memchr(text, '\n', len);

		n = end != NULL ? (size_t)(end - text) : len;
		if (n >= sizeof line) {
			fail(doc, QUO_ETOOBIG);
			break;
		}
		memcpy(line, text, n);
		line[n] = '\0';
		text += n + (end != NULL);
		len -= n + (end != NULL);
		if (!part_words(line, &block) || block.count < 2)
			fail(doc, QUO_EINVAL);
		add(doc, &block);
	}
	quo_wipe(line, sizeof line);
}

static enum quo_err
check_points(const struct quo_chart *chart)
{
	const struct quo_point *p;

	if (chart->count > QUO_DOCUMENT_POINTS)
		return QUO_ETOOBIG;
	if (chart->from > chart->to || chart->from < 0 ||
	    chart->to > TIME_MAX || !isfinite(chart->threshold) ||
	    chart->threshold < 0)
		return QUO_EINVAL;
	for (size_t i = 0; i < chart->count; i++) {
		p = &chart->points[i];
		if (p->time < 0 || p->time > TIME_MAX ||
		    !isfinite(p->value) || p->value < 0 ||
		    p->tone > QUO_TONE_FAINT || !valid(p->label))
			return QUO_EINVAL;
	}
	return QUO_OK;
}

void
quo_document_chart(struct quo_document *doc, const struct quo_chart *chart)
{
	struct quo_block block = { .kind = QUO_BLOCK_CHART, .count = 3,
		.text = { chart->title, chart->unit, chart->limit } };
	struct quo_bytes tail = { .max = QUO_DOCUMENT_MAX,
		.secret = doc->bytes.secret };
	enum quo_err err = check_points(chart);

	if (err != QUO_OK) {
		fail(doc, err);
		return;
	}
	if (tail.secret)
		tail.max = QUO_DOCUMENT_SECRET_MAX;
	quo_block_write_chart(&tail, chart);
	fail(doc, tail.err);
	block.tail = tail.data;
	block.tail_len = tail.len;
	add(doc, &block);
	quo_bytes_free(&tail);
}

void
quo_document_break(struct quo_document *doc)
{
	const struct quo_block block = { .kind = QUO_BLOCK_BREAK };

	add(doc, &block);
}

void
quo_document_keep(struct quo_document *doc, bool together)
{
	const struct quo_block block = { .kind = QUO_BLOCK_KEEP,
		.arg = together };

	add(doc, &block);
}
