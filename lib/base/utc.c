/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/utc.h"

#define YEAR_0 INT64_C(-62167219200)
#define YEAR_9999 INT64_C(253402300799)

int64_t
quo_utc_now(void)
{
	return (int64_t)time(NULL);
}

double
quo_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

void
quo_utc_print(int64_t when, char text[QUO_UTC_TEXT])
{
	time_t t = (time_t)(when < YEAR_0 ? YEAR_0 : when > YEAR_9999 ?
	    YEAR_9999 : when);
	struct tm tm;

	gmtime_r(&t, &tm);
	/* strftime gives the year 999 three digits. */
	snprintf(text, QUO_UTC_TEXT, "%04u-%02u-%02uT%02u:%02u:%02uZ",
	    (unsigned)(tm.tm_year + 1900) % 10000u,
	    (unsigned)(tm.tm_mon + 1) % 100u, (unsigned)tm.tm_mday % 100u,
	    (unsigned)tm.tm_hour % 100u, (unsigned)tm.tm_min % 100u,
	    (unsigned)tm.tm_sec % 100u);
}

/* The digits of a number of n places; -1: something else stands there. */
static int
digits(const char *text, unsigned n)
{
	int number = 0;

	for (; n > 0; n--, text++) {
		if (*text < '0' || *text > '9')
			return -1;
		number = 10 * number + (*text - '0');
	}
	return number;
}

static int
days_of(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
	    30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/* Days from 1970 on; years begin in March, so that leap days end them. */
static int64_t
day_number(int year, int month, int day)
{
	int64_t y = month > 2 ? year : year - 1 + 400;
	int64_t back = month > 2 ? 0 : 146097;

	return 365 * y + y / 4 - y / 100 + y / 400 +
	    (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1 -
	    719468 - back;
}

/* By hand: whole ledgers are read, and sscanf would take half of the time. */
enum quo_err
quo_utc_parse(const char *text, int64_t *when)
{
	static const char form[] = "0000-00-00T00:00:00Z";
	int year, month, day, hour, minute, second;

	if (strlen(text) != QUO_UTC_TEXT - 1)
		return QUO_ESYNTAX;
	for (size_t i = 0; i < QUO_UTC_TEXT - 1; i++)
		if (form[i] != '0' && text[i] != form[i])
			return QUO_ESYNTAX;
	year = digits(text, 4);
	month = digits(text + 5, 2);
	day = digits(text + 8, 2);
	hour = digits(text + 11, 2);
	minute = digits(text + 14, 2);
	second = digits(text + 17, 2);
	if (year < 0 || month < 1 || month > 12 || day < 1 ||
	    day > days_of(year, month) || hour < 0 || hour > 23 ||
	    minute < 0 || minute > 59 || second < 0 || second > 59)
		return QUO_ESYNTAX;
	*when = 86400 * day_number(year, month, day) +
	    60 * (60 * hour + minute) + second;
	return QUO_OK;
}

static const struct {
	char letter;
	int64_t seconds;
} units[] = {
	{ 'd', 86400 }, { 'h', 3600 }, { 'm', 60 }, { 's', 1 },
};

void
quo_span_print(int64_t seconds, char text[QUO_SPAN_TEXT])
{
	size_t u = 0;

	while (units[u].letter != 's' && (seconds == 0 ||
	    seconds % units[u].seconds != 0))
		u++;
	snprintf(text, QUO_SPAN_TEXT, "%lld%c",
	    (long long)(seconds / units[u].seconds), units[u].letter);
}

enum quo_err
quo_span_parse(const char *text, int64_t *seconds)
{
	long long n = 0;
	char letter, tail;

	if (*text < '0' || *text > '9' || strlen(text) > 10 ||
	    sscanf(text, "%lld%c%c", &n, &letter, &tail) != 2)
		return QUO_ESYNTAX;
	for (size_t u = 0; u < sizeof units / sizeof *units; u++)
		if (units[u].letter == letter) {
			*seconds = n * units[u].seconds;
			return QUO_OK;
		}
	return QUO_ESYNTAX;
}
