/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_CT_DRIVER_H
#define QUO_CT_DRIVER_H

#include <stdio.h>
#include <stdlib.h>

#include "base/ct.h"

/**
 * For the drivers of run.sh. A driver marks what is secret with QUO_SECRET,
 * calls the library, declares its results public with QUO_REVEAL and only
 * then looks at them: it must fail where the library computed nonsense.
 */

#ifndef QUO_CT_CHECK
#error "build the drivers with run.sh"
#endif

/* Say that the results are public from here on. */
#define QUO_REVEAL(data, len) ((void)VALGRIND_MAKE_MEM_DEFINED((data), (len)))

/** Like assert, whatever NDEBUG says; exit 2: neither good nor a leak. */
#define must(cond)                                                             \
	do {                                                                   \
		if (!(cond)) {                                                 \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__,       \
			    __LINE__, #cond);                                  \
			exit(2);                                               \
		}                                                              \
	} while (0)

#endif
