/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"
#include "scan/finder.h"
#include "scan/ladder.h"

/* Small, so that a run takes milliseconds. */
#define SIDE 400
#define PIXELS (SIDE * SIDE)
#define PAGES 3

static void
ignore(const struct quo_symbol *symbol, void *arg)
{
	struct quo_harvest *harvest = arg;

	quo_harvest_add(harvest, symbol->data, symbol->len);
}

static void
look(struct quo_source *source)
{
	static struct quo_harvest harvest;
	struct quo_finder finders[16];
	struct quo_zbar *zbar = quo_zbar_new();
	struct quo_image image = { 0 };
	bool partial = false;

	quo_harvest_init(&harvest);
	for (unsigned i = 0; i < source->pages && i < PAGES; i++) {
		if (source->kind->page(source, i, SIDE, &image, &partial) !=
		    QUO_NOTE_NONE) {
			/* A page that failed leaves nothing to free. */
			if (image.px != NULL)
				abort();
			continue;
		}
		quo_finder_scan(&image, finders, 16);
		if ((uint64_t)image.w * image.h <= PIXELS)
			quo_zbar_read(zbar, &image, ignore, &harvest);
		quo_image_free(&image);
	}
	quo_harvest_card(&harvest);
	quo_zbar_free(zbar);
}

/* Any file, as far as the symbols in it. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct quo_source source = {
		.kind = quo_source_find(data, size),
		.data = data, .len = size,
	};

	if (source.kind == NULL)
		return 0;
	if (source.kind->open(&source) == QUO_NOTE_NONE)
		look(&source);
	if (source.kind->close != NULL)
		source.kind->close(&source);
	return 0;
}
