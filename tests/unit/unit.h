/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_UNIT_H
#define QUO_UNIT_H

/* What cmocka wants before its own header. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"

/** An error is as expected; says both in words where it isn't. */
#define assert_err(got, want) do { \
	enum quo_err got_ = (got), want_ = (want); \
	if (got_ != want_) \
		fail_msg("got \"%s\", want \"%s\"", \
		    quo_strerror(got_), quo_strerror(want_)); \
} while (0)

#endif
