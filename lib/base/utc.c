/* SPDX-License-Identifier: GPL-3.0-or-later */
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

enum quo_err
quo_utc_parse(const char *text, int64_t *when)
{
	char again[QUO_UTC_TEXT];
	struct tm tm = { 0 };
	int64_t t;

	if (strlen(text) != QUO_UTC_TEXT - 1 ||
	    sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2dZ", &tm.tm_year, &tm.tm_mon,
	    &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec) != 6)
		return QUO_ESYNTAX;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	t = (int64_t)timegm(&tm);
	/* What is no such moment comes back as another one. */
	quo_utc_print(t, again);
	if (strcmp(again, text) != 0)
		return QUO_ESYNTAX;
	*when = t;
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
