/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "scan/source.h"

static const struct quo_source_kind *const kinds[] = {
	&quo_source_png, &quo_source_jpeg, &quo_source_tiff, &quo_source_pdf,
	&quo_source_pgm,
};

static bool
begins(const uint8_t *data, size_t len, const char *magic)
{
	size_t n = magic == NULL ? 0 : strlen(magic);

	return n > 0 && len >= n && memcmp(data, magic, n) == 0;
}

const struct quo_source_kind *
quo_source_find(const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		for (size_t j = 0; j < 3; j++)
			if (begins(data, len, kinds[i]->magic[j]))
				return kinds[i];
	return NULL;
}

enum quo_scan_note
quo_source_single(struct quo_source *source)
{
	source->pages = 1;
	return QUO_NOTE_NONE;
}
