/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"

void *
quo_grow(void *items, size_t *count, size_t size)
{
	size_t n = *count;
	char *all;

	memcpy(&all, items, sizeof all);
	/* Room for one, two, four…: it is full at a power of two. */
	if ((n & (n - 1)) == 0) {
		all = reallocarray(all, n == 0 ? 1 : 2 * n, size);
		if (all == NULL)
			return NULL;
		memcpy(items, &all, sizeof all);
	}
	++*count;
	return memset(all + n * size, 0, size);
}
