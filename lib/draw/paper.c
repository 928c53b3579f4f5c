/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>

#include "draw/paper.h"
#include "draw/quarter.h"

#define MARGIN_SIDE 18.0
#define MARGIN_TOP 20.0		/* the head of a page stands in it */
#define MARGIN_BOTTOM 20.0	/* and its foot */
#define BANNER 12.0
#define PAGES_MOST 2000		/* far more than the client takes */
#define ZOOM_LEAST 0.719
#define ZOOM_STEP 0.04

/* Where a block stands. */
struct place {
	enum quo_block_kind kind;
	unsigned arg;
	unsigned page;			/* from 0 */
	bool headed;			/* a row under a repeated header */
	double height, header;		/* that of a table */
	double y;
};

struct book {
	struct quo_paper p;
	struct quo_block_reader start;
	struct place *places;
	size_t count;
	double first;			/* where the first page begins */
	unsigned pages;
};

void
quo_paper_sheet(const struct quo_document_head *head, double *width,
    double *height)
{
	bool a4 = head->paper == QUO_FACE_A4;

	*width = a4 ? 210 : 215.9;
	*height = a4 ? 297 : 279.4;
}

/* The white between two blocks. */
static double
gap(enum quo_block_kind above, const struct place *below)
{
	static const struct {
		double same, other;	/* above its like, above others */
	} gaps[QUO_BLOCK_KINDS] = {
		[QUO_BLOCK_HEADING] = { 3, 0 },
		[QUO_BLOCK_TEXT] = { 2.4, 3.6 },
		[QUO_BLOCK_NOTE] = { 2.6, 4.4 },
		[QUO_BLOCK_ITEM] = { 0.9, 3 },
		[QUO_BLOCK_NUMBER] = { 0.9, 3 },
		[QUO_BLOCK_FACT] = { 1.2, 3.6 },
		[QUO_BLOCK_FIGURES] = { 3, 5 },
		[QUO_BLOCK_TABLE] = { 6, 4 },
		[QUO_BLOCK_ROW] = { 0, 0 },
		[QUO_BLOCK_STEP] = { 0.6, 3 },
		[QUO_BLOCK_BLANKS] = { 0, 2 },
		[QUO_BLOCK_QR] = { 7, 6 },
		[QUO_BLOCK_CODE] = { 0, 4 },
		[QUO_BLOCK_WORDS] = { 0, 4 },
		[QUO_BLOCK_CHART] = { 5, 4 },
	};

	if (above == 0)
		return 0;
	if (below->kind == QUO_BLOCK_HEADING && above != QUO_BLOCK_HEADING)
		return below->arg == 1 ? 9.5 : 6;
	if (above == QUO_BLOCK_HEADING)
		return 2.2;
	return above == below->kind ? gaps[below->kind].same :
	    gaps[below->kind].other;
}

/* How high each block is. */
static enum quo_err
measure(struct book *b)
{
	struct quo_block_reader reader = b->start;
	struct quo_block block;
	double left = PAGES_MOST * (b->p.bottom - b->p.top);
	struct place *place;
	enum quo_err err;

	b->p.drawing = false;
	b->count = 0;
	while ((err = quo_block_read(&reader, &block)) == QUO_OK) {
		place = &b->places[b->count++];
		*place = (struct place){ .kind = block.kind,
			.arg = block.arg };
		if (block.kind == QUO_BLOCK_TABLE) {
			quo_paper_columns(&b->p, &block, reader);
			place->header = quo_paper_header(&b->p, 0);
		}
		err = quo_paper_block(&b->p, &block, 0, &place->height);
		if (err != QUO_OK)
			return err;
		left -= place->height;
		if (left < 0)
			return QUO_ETOOBIG;
	}
	return err == QUO_EMISSING ? QUO_OK : err;
}

/* The height of a block and of all that must stay on its page. */
static double
chain(const struct book *b, size_t i, bool keeping)
{
	const double most = b->p.bottom - b->p.top;
	double height = b->places[i].height, least = height;
	enum quo_block_kind above = b->places[i].kind;
	const struct place *next;

	for (size_t j = i + 1; j < b->count && (keeping ||
	    above == QUO_BLOCK_HEADING || above == QUO_BLOCK_TABLE); j++) {
		next = &b->places[j];
		if (next->kind == QUO_BLOCK_BREAK)
			break;
		if (next->kind == QUO_BLOCK_KEEP) {
			keeping = next->arg != 0;
			continue;
		}
		height += gap(above, next) + next->height;
		/* More than a page: just don't part a heading from it. */
		if (height > most)
			return least;
		if (above == QUO_BLOCK_HEADING || above == QUO_BLOCK_TABLE)
			least = height;
		above = next->kind;
	}
	return height;
}

/* Give each block its page and height on it. */
static void
paginate(struct book *b)
{
	enum quo_block_kind above = 0;
	bool keeping = false, turn = false;
	double y = b->first, header = 0, need;
	unsigned page = 0;

	for (size_t i = 0; i < b->count; i++) {
		struct place *place = &b->places[i];

		if (place->kind == QUO_BLOCK_KEEP)
			keeping = place->arg != 0;
		if (place->kind == QUO_BLOCK_BREAK)
			turn = above != 0;
		place->page = page;
		if (place->kind == QUO_BLOCK_KEEP ||
		    place->kind == QUO_BLOCK_BREAK)
			continue;
		header = place->kind == QUO_BLOCK_TABLE ? place->header :
		    header;
		need = gap(above, place) + chain(b, i, keeping);
		if (turn || (above != 0 && y + need > b->p.bottom)) {
			place->headed = place->kind == QUO_BLOCK_ROW;
			y = b->p.top + (place->headed ? header : 0);
			page++;
			above = 0;
			turn = false;
		}
		y += gap(above, place);
		place->page = page;
		place->y = y;
		y += place->height;
		above = place->kind;
	}
	b->pages = page + 1;
}

static double
put_banner(const struct quo_paper *p)
{
	const struct quo_canvas_type title = { QUO_CANVAS_BOLD, 16, 1 };
	const struct quo_canvas_type mark = { QUO_CANVAS_BOLD, 13, 1, true };
	const struct quo_canvas_type sub = { QUO_CANVAS_SANS, 10, QUO_GREY };
	const double y = p->top - 3;
	double height = BANNER, taken = 0;

	if (p->head->mark[0] != '\0')
		taken = quo_canvas_measure(p->canvas, mark, p->head->mark) +
		    6;
	taken = taken > p->width / 2 ? p->width / 2 : taken;
	quo_paper_box(p, p->left, y, p->width, BANNER, 0);
	quo_paper_line(p, title, p->left + 4, y + 8.1, p->width - 8 - taken,
	    p->head->title);
	quo_paper_line(p, mark, p->left + p->width - 4, y + 8.1,
	    p->width / 2 - 6, p->head->mark);
	if (p->head->subtitle[0] != '\0')
		height += 3 + quo_paper_text(p, sub, p->left,
		    y + BANNER + 3, p->width, p->head->subtitle);
	return y + height + 6;
}

static void
put_furniture(const struct quo_paper *p, unsigned page, unsigned pages)
{
	const double head = p->top - 8, foot = p->bottom + 9;
	struct quo_canvas_type type = quo_type_note;
	char text[QUO_DOCUMENT_TEXT + 48];

	if (page == 0)
		put_banner(p);
	else
		quo_paper_line(p, type, p->left, head, p->width * 0.6,
		    p->head->title);
	snprintf(text, sizeof text, "%s%s%s", p->head->footer,
	    p->head->footer[0] != '\0' ? "   " : "", p->head->date);
	quo_paper_line(p, type, p->left, foot, p->width * 0.8, text);
	type.right = true;
	if (page > 0)
		quo_paper_line(p, type, p->left + p->width, head,
		    p->width * 0.38, p->head->mark);
	snprintf(text, sizeof text, "page %u of %u", page + 1, pages);
	quo_paper_line(p, type, p->left + p->width, foot, p->width * 0.18,
	    text);
}

static enum quo_err
draw(struct book *b)
{
	struct quo_block_reader reader = b->start;
	struct quo_block block;
	const struct place *place;
	unsigned page = 0;
	double height;
	enum quo_err err = QUO_OK;

	b->p.drawing = true;
	put_furniture(&b->p, 0, b->pages);
	for (size_t i = 0; err == QUO_OK && i < b->count; i++) {
		place = &b->places[i];
		err = quo_block_read(&reader, &block);
		if (err != QUO_OK || block.kind == QUO_BLOCK_KEEP ||
		    block.kind == QUO_BLOCK_BREAK)
			continue;
		if (place->page != page) {
			quo_canvas_next(b->p.canvas);
			page = place->page;
			put_furniture(&b->p, page, b->pages);
		}
		if (block.kind == QUO_BLOCK_TABLE)
			quo_paper_columns(&b->p, &block, reader);
		if (place->headed)
			quo_paper_header(&b->p, b->p.top);
		err = quo_paper_block(&b->p, &block, place->y, &height);
	}
	return err;
}

/* The page as it is when everything on it is made smaller. */
static void
set_zoom(struct book *b, double zoom)
{
	struct quo_paper *p = &b->p;

	quo_paper_sheet(p->head, &p->sheet_width, &p->sheet_height);
	p->sheet_width /= zoom;
	p->sheet_height /= zoom;
	p->left = MARGIN_SIDE / zoom;
	p->width = p->sheet_width - 2 * p->left;
	p->top = MARGIN_TOP / zoom;
	p->bottom = p->sheet_height - MARGIN_BOTTOM / zoom;
	p->drawing = false;
	b->first = put_banner(p);
}

static enum quo_err
count_blocks(const struct book *b, size_t *count)
{
	struct quo_block_reader reader = b->start;
	struct quo_block block;
	enum quo_err err;

	for (*count = 0; (err = quo_block_read(&reader, &block)) == QUO_OK; )
		++*count;
	return err == QUO_EMISSING ? QUO_OK : err;
}

static enum quo_err
lay_out_at(struct book *b, double zoom)
{
	enum quo_err err;

	set_zoom(b, zoom);
	err = measure(b);
	if (err == QUO_OK)
		paginate(b);
	return err;
}

/* Lay out; smaller and smaller where all should fit one page. */
static enum quo_err
lay_out(struct book *b)
{
	const bool shrink = b->p.head->one_page || b->p.head->snug;
	double zoom = 1;
	enum quo_err err;

	err = lay_out_at(b, zoom);
	while (err == QUO_OK && shrink && b->pages > 1 &&
	    zoom - ZOOM_STEP > ZOOM_LEAST) {
		zoom -= ZOOM_STEP;
		err = lay_out_at(b, zoom);
	}
	if (err == QUO_OK && b->pages > 1 && b->p.head->one_page)
		err = QUO_ETOOBIG;
	if (err == QUO_OK && shrink && b->pages > 1) {
		zoom = 1;
		err = lay_out_at(b, zoom);
	}
	if (err == QUO_OK)
		quo_canvas_zoom(b->p.canvas, zoom);
	return err;
}

enum quo_err
quo_paper_draw(struct quo_canvas *canvas, const uint8_t *data, size_t len)
{
	struct quo_document_head head;
	struct book b = { .p = { .canvas = canvas, .head = &head } };
	size_t count;
	enum quo_err err;

	err = quo_block_open(data, len, &head, &b.start);
	if (err == QUO_OK)
		err = count_blocks(&b, &count);
	if (err != QUO_OK)
		return err;
	b.places = calloc(count + 1, sizeof *b.places);
	if (b.places == NULL)
		return QUO_ENOMEM;
	err = lay_out(&b);
	if (err == QUO_OK) {
		quo_canvas_name(canvas, head.title);
		err = draw(&b);
	}
	free(b.places);
	return err;
}
