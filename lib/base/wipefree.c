/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * free and realloc that wipe, for our programs: linked into each, never into
 * the library. zbar, cairo, pango and libqrencode leave copies of what they
 * were given in memory that they give back; so this puts itself before the C
 * library's own functions, whose replacement glibc provides for ("Replacing
 * malloc"). All of a block is wiped, also what lies past the size asked for.
 */
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

/* glibc's own, under the names that it keeps for this. */
void __libc_free(void *block);

void
free(void *block)
{
	int before = errno;

	if (block == NULL)
		return;
	explicit_bzero(block, malloc_usable_size(block));
	__libc_free(block);
	errno = before;
}

/* Always a new block, or the same: never moved without wiping the old. */
void *
realloc(void *block, size_t size)
{
	size_t had;
	void *more;

	if (block == NULL)
		return malloc(size);
	if (size == 0) {
		free(block);
		return NULL;
	}
	had = malloc_usable_size(block);
	if (size <= had && had - size <= had / 2) {
		explicit_bzero((char *)block + size, had - size);
		return block;
	}
	more = malloc(size);
	if (more == NULL)
		return NULL;
	memcpy(more, block, had < size ? had : size);
	free(block);
	return more;
}

void *
reallocarray(void *block, size_t count, size_t size)
{
	size_t all;

	if (__builtin_mul_overflow(count, size, &all)) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(block, all);
}
