/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_FUZZ_H
#define QUO_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What holds whatever comes in; else the target ends, and it is kept. */
static inline void
must(bool holds)
{
	if (!holds)
		abort();
}

#endif
