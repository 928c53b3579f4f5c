/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_FUZZ_H
#define QUO_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What holds whatever comes in; else the target ends, and it is kept. */
#define must(holds) must_at((holds), __FILE__, __LINE__)

static inline void
must_at(bool holds, const char *file, int line)
{
	if (holds)
		return;
	fprintf(stderr, "%s:%d: it doesn't hold\n", file, line);
	abort();
}

#endif
