/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_GROW_H
#define QUO_GROW_H

#include <stddef.h>

/**
 * One more element at the end of an array, which grows by this alone.
 *
 * items   pointer to its elements, NULL while there are none; what it pointed
 *         to may have moved
 * count   size_t: how many there are
 * Returns the element, zeroed and counted; NULL: no memory, all is as it was.
 */
#define QUO_GROW(items, count) \
	quo_grow(&(items), &(count), sizeof *(items))

/** What the macro calls; items is the pointer's address. */
void *quo_grow(void *items, size_t *count, size_t size);

#endif
