/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_BUF_H
#define QUO_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Bounded reading and writing of bytes: the only way in which the library
 * takes apart what it doesn't trust. Neither allocates, neither owns its
 * bytes. Once a step goes past the end, failed is set and stays: later reads
 * give zeros, later writes nothing, so that one look at the end is enough.
 * Integers are big-endian.
 */
struct quo_reader {
	const uint8_t *data;
	size_t len;
	size_t pos;
	bool failed;
};

struct quo_writer {
	uint8_t *data;
	size_t cap;
	size_t len;
	bool failed;
};

struct quo_reader quo_reader_on(const uint8_t *data, size_t len);
size_t quo_reader_left(const struct quo_reader *r);
/** Nothing failed and nothing is left. */
bool quo_reader_done(const struct quo_reader *r);

/** An unsigned integer of 1 to 8 bytes. */
uint64_t quo_read_uint(struct quo_reader *r, unsigned bytes);
/** The next len bytes, borrowed; NULL where there are not so many. */
const uint8_t *quo_read_span(struct quo_reader *r, size_t len);
/** Copy the next len bytes to out, or zeros. */
void quo_read_bytes(struct quo_reader *r, uint8_t *out, size_t len);

struct quo_writer quo_writer_on(uint8_t *data, size_t cap);
void quo_write_uint(struct quo_writer *w, uint64_t value, unsigned bytes);
void quo_write_bytes(struct quo_writer *w, const uint8_t *data, size_t len);

#endif
