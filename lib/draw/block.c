/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "base/crypt.h"
#include "crypto/policy.h"
#include "draw/block.h"

#define MAGIC "QUOD"
#define SECRET 1
#define ONE_PAGE 2
#define SNUG 4
#define HEAD_TEXTS 5
#define TONES (QUO_TONE_FAINT + 1)

/* What a block of each kind may hold. */
static const struct {
	unsigned char least, most;	/* texts */
	unsigned short arg;		/* at most */
	unsigned char flags;		/* each below */
	bool tail;
} kinds[QUO_BLOCK_KINDS] = {
	[QUO_BLOCK_HEADING] = { 1, 1, 2, 1, false },
	[QUO_BLOCK_TEXT] = { 1, 1, 0, 1, false },
	[QUO_BLOCK_NOTE] = { 1, 1, 0, TONES, false },
	[QUO_BLOCK_ITEM] = { 1, 1, 0, 1, false },
	[QUO_BLOCK_NUMBER] = { 1, 1, 9999, 1, false },
	[QUO_BLOCK_FACT] = { 2, 2, 0, 1, false },
	[QUO_BLOCK_FIGURES] = { 2, 2 * QUO_DOCUMENT_ABREAST, 0, TONES, false },
	[QUO_BLOCK_TABLE] = { 2, QUO_BLOCK_TEXTS, 0, 4, false },
	[QUO_BLOCK_ROW] = { 1, QUO_DOCUMENT_COLUMNS, 0, TONES, false },
	[QUO_BLOCK_STEP] = { 2, 2, 9999, 2, false },
	[QUO_BLOCK_BLANKS] = { 1, QUO_DOCUMENT_ABREAST, 0, 1, false },
	[QUO_BLOCK_QR] = { 2, 2, 0, 1, true },
	[QUO_BLOCK_CODE] = { 1, 1, 0, 1, false },
	[QUO_BLOCK_WORDS] = { 2, QUO_BLOCK_TEXTS, 0, 1, false },
	[QUO_BLOCK_CHART] = { 3, 3, 0, 1, true },
	[QUO_BLOCK_BREAK] = { 0, 0, 0, 1, false },
	[QUO_BLOCK_KEEP] = { 0, 0, 1, 1, false },
};

bool
quo_block_text_valid(const char *text)
{
	size_t len = strnlen(text, QUO_DOCUMENT_TEXT + 1);

	return len <= QUO_DOCUMENT_TEXT && (len == 0 ||
	    (quo_text_valid(text, len) && strstr(text, "\u2028") == NULL &&
	    strstr(text, "\u2029") == NULL));
}

bool
quo_block_date_valid(const char *date)
{
	static const char form[] = "0000-00-00T00:00:00Z";
	size_t len = strnlen(date, sizeof form);

	if (len != 10 && len != 20)
		return false;
	for (size_t i = 0; i < len; i++)
		if (form[i] == '0' ? date[i] < '0' || date[i] > '9' :
		    date[i] != form[i])
			return false;
	return true;
}

/* Writing */

static void
write_uint(struct quo_bytes *b, uint64_t value, unsigned bytes)
{
	uint8_t out[8];
	struct quo_writer w = quo_writer_on(out, sizeof out);

	quo_write_uint(&w, value, bytes);
	quo_bytes_add(b, out, w.len);
	quo_wipe(out, sizeof out);
}

static void
write_text(struct quo_bytes *b, const char *text)
{
	size_t len = strlen(text) + 1;

	write_uint(b, len, 2);
	quo_bytes_add(b, text, len);
}

static void
write_double(struct quo_bytes *b, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof bits);
	write_uint(b, bits, 8);
}

void
quo_block_write_head(struct quo_bytes *b, const struct quo_document_head *h)
{
	const char *const texts[HEAD_TEXTS] = { h->title, h->subtitle,
		h->mark, h->footer, h->date };

	quo_bytes_add(b, MAGIC, 4);
	write_uint(b, (h->secret ? SECRET : 0) |
	    (h->one_page ? ONE_PAGE : 0) | (h->snug ? SNUG : 0), 1);
	write_uint(b, h->paper, 1);
	for (size_t i = 0; i < HEAD_TEXTS; i++)
		write_text(b, texts[i] != NULL ? texts[i] : "");
}

void
quo_block_write(struct quo_bytes *b, const struct quo_block *block)
{
	write_uint(b, block->kind, 1);
	write_uint(b, block->arg, 2);
	write_uint(b, block->count, 1);
	for (size_t i = 0; i < block->count; i++) {
		write_uint(b, block->flag[i], 1);
		write_text(b, block->text[i] != NULL ? block->text[i] : "");
	}
	write_uint(b, block->tail_len, 4);
	quo_bytes_add(b, block->tail, block->tail_len);
}

void
quo_block_write_chart(struct quo_bytes *tail, const struct quo_chart *chart)
{
	write_uint(tail, (uint64_t)chart->from, 8);
	write_uint(tail, (uint64_t)chart->to, 8);
	write_double(tail, chart->threshold);
	write_uint(tail, chart->count, 4);
	for (size_t i = 0; i < chart->count; i++) {
		write_uint(tail, (uint64_t)chart->points[i].time, 8);
		write_double(tail, chart->points[i].value);
		write_uint(tail, chart->points[i].tone, 1);
		write_text(tail, chart->points[i].label != NULL ?
		    chart->points[i].label : "");
	}
}

/* Reading */

/* Never NULL: an empty text where it failed. */
static const char *
read_text(struct quo_reader *r)
{
	size_t len = (size_t)quo_read_uint(r, 2);
	const char *text = (const char *)quo_read_span(r, len);

	if (text == NULL || len == 0 ||
	    memchr(text, '\0', len) != text + len - 1 ||
	    !quo_block_text_valid(text)) {
		r->failed = true;
		return "";
	}
	return text;
}

static double
read_double(struct quo_reader *r)
{
	uint64_t bits = quo_read_uint(r, 8);
	double value;

	memcpy(&value, &bits, sizeof value);
	if (!isfinite(value) || value < 0)
		r->failed = true;
	return r->failed ? 0 : value;
}

enum quo_err
quo_block_open(const uint8_t *data, size_t len,
    struct quo_document_head *head, struct quo_block_reader *reader)
{
	struct quo_block_reader in = { .r = quo_reader_on(data, len) };
	const uint8_t *magic = quo_read_span(&in.r, 4);
	const char *texts[HEAD_TEXTS];
	unsigned flags, paper;

	flags = (unsigned)quo_read_uint(&in.r, 1);
	paper = (unsigned)quo_read_uint(&in.r, 1);
	for (size_t i = 0; i < HEAD_TEXTS; i++)
		texts[i] = read_text(&in.r);
	if (in.r.failed || memcmp(magic, MAGIC, 4) != 0 ||
	    flags > (SECRET | ONE_PAGE | SNUG) || paper > QUO_FACE_LETTER ||
	    texts[0][0] == '\0' || !quo_block_date_valid(texts[4]))
		return QUO_EFORMAT;
	*head = (struct quo_document_head){
		.title = texts[0], .subtitle = texts[1], .mark = texts[2],
		.footer = texts[3], .date = texts[4],
		.paper = (enum quo_face_paper)paper,
		.secret = (flags & SECRET) != 0,
		.one_page = (flags & ONE_PAGE) != 0,
		.snug = (flags & SNUG) != 0,
	};
	*reader = in;
	return QUO_OK;
}

/* A row has the columns of its table, and nothing comes between. */
static bool
follows(struct quo_block_reader *reader, const struct quo_block *b)
{
	if (b->kind == QUO_BLOCK_ROW)
		return b->count == reader->columns;
	reader->columns = b->kind == QUO_BLOCK_TABLE ? b->count - 1 : 0;
	return true;
}

enum quo_err
quo_block_read(struct quo_block_reader *reader, struct quo_block *block)
{
	struct quo_reader *r = &reader->r;
	struct quo_block b = { 0 };
	bool ok;

	if (quo_reader_done(r))
		return QUO_EMISSING;
	b.kind = (enum quo_block_kind)quo_read_uint(r, 1);
	b.arg = (unsigned)quo_read_uint(r, 2);
	b.count = (size_t)quo_read_uint(r, 1);
	if (r->failed || b.kind < 1 || b.kind >= QUO_BLOCK_KINDS ||
	    b.arg > kinds[b.kind].arg || b.count < kinds[b.kind].least ||
	    b.count > kinds[b.kind].most ||
	    ++reader->blocks > QUO_DOCUMENT_BLOCKS)
		return QUO_EFORMAT;
	ok = true;
	for (size_t i = 0; i < b.count; i++) {
		b.flag[i] = (unsigned)quo_read_uint(r, 1);
		b.text[i] = read_text(r);
		ok = ok && b.flag[i] < kinds[b.kind].flags;
	}
	b.tail_len = (size_t)quo_read_uint(r, 4);
	b.tail = quo_read_span(r, b.tail_len);
	if (!ok || r->failed || (b.tail_len > 0) != kinds[b.kind].tail ||
	    !follows(reader, &b))
		return QUO_EFORMAT;
	*block = b;
	return QUO_OK;
}

enum quo_err
quo_block_qr(const struct quo_block *block, struct quo_qr *qr)
{
	unsigned side = block->tail_len > 0 ? block->tail[0] : 0;

	if (side < 21 || side > QUO_QR_SIDE_MAX || side % 4 != 1 ||
	    block->tail_len != 1 + QUO_QR_LEN(side))
		return QUO_EFORMAT;
	*qr = (struct quo_qr){ .side = side, .bits = block->tail + 1 };
	return QUO_OK;
}

enum quo_err
quo_block_chart(const struct quo_block *block, struct quo_block_chart *chart)
{
	struct quo_block_chart c = {
		.points = quo_reader_on(block->tail, block->tail_len),
	};

	c.from = (int64_t)quo_read_uint(&c.points, 8);
	c.to = (int64_t)quo_read_uint(&c.points, 8);
	c.threshold = read_double(&c.points);
	c.count = (size_t)quo_read_uint(&c.points, 4);
	if (c.points.failed || c.count > QUO_DOCUMENT_POINTS ||
	    c.from > c.to)
		return QUO_EFORMAT;
	*chart = c;
	return QUO_OK;
}

enum quo_err
quo_block_point(struct quo_block_chart *chart, struct quo_point *point)
{
	struct quo_point p;

	p.time = (int64_t)quo_read_uint(&chart->points, 8);
	p.value = read_double(&chart->points);
	p.tone = (enum quo_tone)quo_read_uint(&chart->points, 1);
	p.label = read_text(&chart->points);
	if (chart->points.failed || p.tone >= TONES)
		return QUO_EFORMAT;
	*point = p;
	return QUO_OK;
}
