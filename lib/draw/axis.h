/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_AXIS_H
#define QUO_AXIS_H

#include "draw/block.h"

/**
 * The scales of a chart, the same for each writer: where round values and
 * dates stand, and what they are called.
 */
#define QUO_AXIS_TICKS 10

struct quo_axis {
	double from, to;	/* what stands at the two ends */
	size_t count;
	double at[QUO_AXIS_TICKS];
	char label[QUO_AXIS_TICKS][24];
};

/** From 0 to a little over most; "0.25", "1000". most is finite. */
void quo_axis_values(double most, struct quo_axis *axis);

/** Over these times: "2026", "2026-03", "2026-03-14", "14 03:00". */
void quo_axis_times(int64_t from, int64_t to, struct quo_axis *axis);

/** A value with what decimals it needs, three figures at least: "0.25",
 * "12.5", "140". The same in each locale. */
void quo_axis_number(double value, char text[32]);

/** Both axes of a chart, and what is to be told of it in a sentence. */
struct quo_axes {
	struct quo_axis time, value;
	size_t shown, over;	/* points in it; of them over the threshold */
	double most, median;
};

/** Fails with QUO_EFORMAT, QUO_ENOMEM. The chart may be read again. */
enum quo_err quo_axis_both(const struct quo_block_chart *chart,
    struct quo_axes *axes);

/** Where a value stands between the ends: 0 to 1. */
double quo_axis_place(const struct quo_axis *axis, double value);

#endif
