/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "draw/axis.h"

#define DAY 86400
#define TICKS_VALUE 6
#define TICKS_TIME 8
#define HEADROOM 1.08
#define VALUE_MAX 1e12

/* Steps between dates, from small to large. */
enum unit { HOURS, DAYS, MONTHS };

static const struct {
	enum unit unit;
	int64_t count;
} steps[] = {
	{ HOURS, 1 }, { HOURS, 3 }, { HOURS, 6 }, { HOURS, 12 },
	{ DAYS, 1 }, { DAYS, 2 }, { DAYS, 7 },
	{ MONTHS, 1 }, { MONTHS, 2 }, { MONTHS, 3 }, { MONTHS, 6 },
	{ MONTHS, 12 }, { MONTHS, 24 }, { MONTHS, 60 }, { MONTHS, 120 },
	{ MONTHS, 240 }, { MONTHS, 600 }, { MONTHS, 1200 },
	{ MONTHS, 2400 }, { MONTHS, 6000 }, { MONTHS, 12000 },
};

/* value in so many decimals, with a point whatever the locale says. */
static void
print_decimals(double value, int decimals, char *text, size_t cap)
{
	int64_t scale = 1, whole;

	for (int i = 0; i < decimals; i++)
		scale *= 10;
	whole = (int64_t)(value * (double)scale + 0.5);
	if (decimals == 0)
		snprintf(text, cap, "%" PRId64, whole);
	else
		snprintf(text, cap, "%" PRId64 ".%0*" PRId64, whole / scale,
		    decimals, whole % scale);
}

void
quo_axis_number(double value, char text[32])
{
	int decimals;

	value = value < VALUE_MAX ? value : VALUE_MAX;
	decimals = value >= 100 || value == (double)(int64_t)value ? 0 :
	    value >= 10 ? 1 : 2;
	print_decimals(value, decimals, text, 32);
}

void
quo_axis_values(double most, struct quo_axis *axis)
{
	static const double nice[] = { 1, 2, 5 };
	double step, power = 0.001;
	int decimals = 3, i = 0;

	most = most < 0.001 ? 1 : most < VALUE_MAX ? most : VALUE_MAX;
	most *= HEADROOM;
	for (step = power; most / step > TICKS_VALUE;
	    step = nice[i] * power) {
		i = (i + 1) % 3;
		power *= i == 0 ? 10 : 1;
		decimals -= i == 0 && decimals > 0;
	}
	*axis = (struct quo_axis){ .from = 0, .to = most };
	while (axis->count < QUO_AXIS_TICKS &&
	    (double)axis->count * step <= most) {
		axis->at[axis->count] = (double)axis->count * step;
		print_decimals(axis->at[axis->count], decimals,
		    axis->label[axis->count], sizeof axis->label[0]);
		axis->count++;
	}
}

/* The n-th of such steps since 1970, or year 0 for months. */
static int64_t
step_time(size_t step, int64_t n)
{
	struct tm tm = { .tm_mday = 1 };
	int64_t months;

	if (steps[step].unit != MONTHS)
		return n * steps[step].count *
		    (steps[step].unit == DAYS ? DAY : 3600);
	months = n * steps[step].count;
	tm.tm_year = (int)(months / 12 - 1900);
	tm.tm_mon = (int)(months % 12);
	return (int64_t)timegm(&tm);
}

/* The last step that isn't after that time. */
static int64_t
step_before(size_t step, int64_t at)
{
	time_t time = (time_t)at;
	struct tm tm;
	int64_t unit;

	if (steps[step].unit == MONTHS) {
		gmtime_r(&time, &tm);
		return ((int64_t)(tm.tm_year + 1900) * 12 + tm.tm_mon) /
		    steps[step].count;
	}
	unit = steps[step].count * (steps[step].unit == DAYS ? DAY : 3600);
	return at / unit - (at % unit < 0);
}

static void
print_step(size_t step, int64_t at, char *text, size_t cap)
{
	const char *form = steps[step].unit == HOURS ? "%m-%d %H:%M" :
	    steps[step].unit == DAYS ? "%Y-%m-%d" :
	    steps[step].count < 12 ? "%Y-%m" : "%Y";
	time_t time = (time_t)at;
	struct tm tm;

	gmtime_r(&time, &tm);
	if (strftime(text, cap, form, &tm) == 0)
		text[0] = '\0';
}

void
quo_axis_times(int64_t from, int64_t to, struct quo_axis *axis)
{
	const size_t last = sizeof steps / sizeof *steps - 1;
	size_t step = 0;
	int64_t n, at;

	while (step < last &&
	    step_before(step, to) - step_before(step, from) > TICKS_TIME)
		step++;
	*axis = (struct quo_axis){ .from = (double)from, .to = (double)to };
	n = step_before(step, from);
	if (step_time(step, n) < from)
		n++;
	for (at = step_time(step, n); at <= to &&
	    axis->count < QUO_AXIS_TICKS; at = step_time(step, ++n)) {
		axis->at[axis->count] = (double)at;
		print_step(step, at, axis->label[axis->count++],
		    sizeof axis->label[0]);
	}
}

double
quo_axis_place(const struct quo_axis *axis, double value)
{
	double place = (value - axis->from) / (axis->to - axis->from);

	return place < 0 ? 0 : place > 1 ? 1 : place;
}

static int
compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The points' span, where the chart itself gives none; never empty. */
static enum quo_err
find_span(struct quo_block_chart chart, int64_t *from, int64_t *to)
{
	struct quo_point p;
	int64_t pad;

	*from = chart.from;
	*to = chart.to;
	for (size_t i = 0; i < chart.count; i++) {
		if (quo_block_point(&chart, &p) != QUO_OK)
			return QUO_EFORMAT;
		if (chart.from != 0 || chart.to != 0)
			continue;
		*from = i == 0 || p.time < *from ? p.time : *from;
		*to = i == 0 || p.time > *to ? p.time : *to;
	}
	if (chart.from == 0 && chart.to == 0) {
		pad = (*to - *from) / 40;
		*from -= pad;
		*to += pad;
	}
	if (*to - *from < DAY) {
		*from -= DAY / 2;
		*to += DAY / 2;
	}
	return quo_reader_done(&chart.points) ? QUO_OK : QUO_EFORMAT;
}

static void
count_points(struct quo_block_chart chart, double *values,
    struct quo_axes *axes)
{
	struct quo_point p;

	for (size_t i = 0; i < chart.count; i++) {
		if (quo_block_point(&chart, &p) != QUO_OK ||
		    (double)p.time < axes->time.from ||
		    (double)p.time > axes->time.to)
			continue;
		values[axes->shown++] = p.value;
		axes->over += chart.threshold > 0 &&
		    p.value > chart.threshold;
	}
	if (axes->shown == 0)
		return;
	qsort(values, axes->shown, sizeof *values, compare);
	axes->most = values[axes->shown - 1];
	axes->median = (values[axes->shown / 2] +
	    values[(axes->shown - 1) / 2]) / 2;
}

enum quo_err
quo_axis_both(const struct quo_block_chart *chart, struct quo_axes *axes)
{
	struct quo_axes a = { 0 };
	double *values;
	int64_t from, to;
	enum quo_err err;

	err = find_span(*chart, &from, &to);
	if (err != QUO_OK)
		return err;
	values = calloc(chart->count + 1, sizeof *values);
	if (values == NULL)
		return QUO_ENOMEM;
	quo_axis_times(from, to, &a.time);
	count_points(*chart, values, &a);
	quo_axis_values(a.most > chart->threshold ? a.most : chart->threshold,
	    &a.value);
	free(values);
	*axes = a;
	return QUO_OK;
}
