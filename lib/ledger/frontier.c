/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "ledger/frontier.h"

void
quo_frontier_leaf(const char *line, size_t len, uint8_t leaf[QUO_HASH_LEN])
{
	static const uint8_t kind = 0x00;

	quo_sha256((struct quo_span[]){ { &kind, 1 }, { line, len } }, 2,
	    leaf);
}

static void
join(const uint8_t left[QUO_HASH_LEN], const uint8_t right[QUO_HASH_LEN],
    uint8_t node[QUO_HASH_LEN])
{
	static const uint8_t kind = 0x01;

	quo_sha256((struct quo_span[]){ { &kind, 1 },
	    { left, QUO_HASH_LEN }, { right, QUO_HASH_LEN } }, 3, node);
}

void
quo_frontier_add(struct quo_frontier *frontier,
    const uint8_t leaf[QUO_HASH_LEN])
{
	uint8_t (*peaks)[QUO_HASH_LEN] = frontier->peaks;

	memcpy(peaks[frontier->count++], leaf, QUO_HASH_LEN);
	/* As in a binary counter: each one bit that carries joins a pair. */
	for (uint64_t bit = frontier->size++; bit & 1; bit >>= 1) {
		frontier->count--;
		join(peaks[frontier->count - 1], peaks[frontier->count],
		    peaks[frontier->count - 1]);
	}
}

void
quo_frontier_root(const struct quo_frontier *frontier,
    uint8_t root[QUO_HASH_LEN])
{
	unsigned i = frontier->count;

	if (i == 0) {
		quo_sha256(NULL, 0, root);
		return;
	}
	memcpy(root, frontier->peaks[--i], QUO_HASH_LEN);
	while (i > 0)
		join(frontier->peaks[--i], root, root);
}

static unsigned
bits(uint64_t size)
{
	unsigned count = 0;

	for (; size != 0; size &= size - 1)
		count++;
	return count;
}

void
quo_frontier_encode(const struct quo_frontier *frontier,
    struct quo_writer *w)
{
	quo_write_uint(w, frontier->size, 8);
	for (unsigned i = 0; i < frontier->count; i++)
		quo_write_bytes(w, frontier->peaks[i], QUO_HASH_LEN);
}

enum quo_err
quo_frontier_decode(const uint8_t *data, size_t len,
    struct quo_frontier *frontier)
{
	struct quo_reader r = quo_reader_on(data, len);
	struct quo_frontier f = { .size = quo_read_uint(&r, 8) };

	if (f.size >> QUO_FRONTIER_MAX != 0)
		return QUO_EFORMAT;
	f.count = bits(f.size);
	for (unsigned i = 0; i < f.count; i++)
		quo_read_bytes(&r, f.peaks[i], QUO_HASH_LEN);
	if (!quo_reader_done(&r))
		return QUO_EFORMAT;
	*frontier = f;
	return QUO_OK;
}
