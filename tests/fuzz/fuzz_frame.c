/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fuzz.h"
#include "scan/frame.h"

/* What quorate-scan says, were it taken over: what comes of it must keep the
 * promises of scan.h. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct quo_scan scan;
	const char *text;
	size_t total = 0;

	if (size > QUO_FRAMES_MAX)
		return 0;
	if (quo_scan_parse(data, size, &scan) != QUO_OK &&
	    (scan.texts != NULL || scan.count != 0))
		abort();
	if (memchr(scan.note, '\0', sizeof scan.note) == NULL ||
	    scan.pages > QUO_SCAN_PAGES)
		abort();
	for (size_t i = 0; i < scan.count; i++) {
		text = (const char *)scan.texts->data + total;
		if (!quo_scan_text_ok((const uint8_t *)text, strlen(text)))
			abort();
		total += strlen(text) + 1;
	}
	if (scan.texts != NULL && total != scan.texts->len)
		abort();
	quo_scan_free(&scan);
	return 0;
}
