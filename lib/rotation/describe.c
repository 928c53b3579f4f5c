/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "rotation/hook.h"

#define DESCRIBE_MAX 4096
#define LENGTH_MAX 65536

static bool
parse_yes_no(const char *text, bool *yes)
{
	*yes = strcmp(text, "yes") == 0;
	return *yes || strcmp(text, "no") == 0;
}

static bool
parse_name(const char *text, struct quo_hook_desc *d)
{
	const char *chars = quo_mint_alphabet(text);

	if (chars != NULL)
		strcpy(d->alphabet, chars);
	return chars != NULL;
}

static bool
parse_characters(const char *text, struct quo_hook_desc *d)
{
	size_t len = strlen(text);

	if (len < 2 || len >= sizeof d->alphabet)
		return false;
	for (size_t i = 0; i < len; i++)
		if (text[i] == ' ' || strchr(text + i + 1, text[i]) != NULL)
			return false;
	memcpy(d->alphabet, text, len + 1);
	return true;
}

/* A number from 1 to LENGTH_MAX without leading zero, ending at end. */
static bool
parse_number(const char **text, char end, size_t *number)
{
	const char *c = *text;
	size_t n = 0;

	if (*c == '0')
		return false;
	for (; *c >= '0' && *c <= '9' && n <= LENGTH_MAX; c++)
		n = 10 * n + (size_t)(*c - '0');
	if (c == *text || *c != end || n > LENGTH_MAX)
		return false;
	*text = c + 1;
	*number = n;
	return true;
}

/* Only yes: who has an alphabet doesn't say that the hook mints. */
static bool
parse_mints(const char *text, struct quo_hook_desc *d)
{
	d->mints = strcmp(text, "yes") == 0;
	return d->mints;
}

/* 0, or N/SPAN. */
static bool
parse_wrong_logins(const char *text, struct quo_hook_desc *d)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };
	size_t n = 0, span = 0;

	d->limited = true;
	if (strcmp(text, "0") == 0)
		return true;
	if (!parse_number(&text, '/', &n))
		return false;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		const char *at = text;

		if (!parse_number(&at, units[i].unit, &span) || *at != '\0')
			continue;
		d->wrong_logins = (unsigned)n;
		d->wrong_span = (int64_t)span * units[i].seconds;
		return true;
	}
	return false;
}

static bool
parse_length(const char *text, struct quo_hook_desc *d)
{
	return parse_number(&text, '-', &d->min_len) &&
	    parse_number(&text, '\0', &d->max_len) &&
	    d->min_len <= d->max_len;
}

static bool
parse_needs_old(const char *text, struct quo_hook_desc *d)
{
	return parse_yes_no(text, &d->needs_old);
}

static bool
parse_single_secret(const char *text, struct quo_hook_desc *d)
{
	return parse_yes_no(text, &d->single_secret);
}

/* Each sets its bit; each bit is set once at most. */
static const struct {
	const char *key;
	unsigned bit;
	bool (*parse)(const char *text, struct quo_hook_desc *d);
} keys[] = {
	{ "alphabet", 1, parse_name },
	{ "characters", 1, parse_characters },
	{ "mints", 1, parse_mints },
	{ "length", 2, parse_length },
	{ "needs-old", 4, parse_needs_old },
	{ "single-secret", 8, parse_single_secret },
	{ "wrong-logins", 16, parse_wrong_logins },
};
/* These must be there; the others may. */
#define WANTED 15u

static bool
parse_line(const char *line, struct quo_hook_desc *d, unsigned *seen)
{
	const char *sign = strstr(line, " = ");
	size_t len;

	if (sign == NULL)
		return false;
	len = (size_t)(sign - line);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		if (strlen(keys[i].key) != len ||
		    memcmp(keys[i].key, line, len) != 0)
			continue;
		if ((*seen & keys[i].bit) != 0)
			return false;
		*seen |= keys[i].bit;
		return keys[i].parse(sign + 3, d);
	}
	return false;
}

enum quo_err
quo_hook_parse(const char *text, size_t len, struct quo_hook_desc *desc,
    unsigned *line)
{
	struct quo_hook_desc d = { .min_len = 0 };
	char copy[256];
	unsigned seen = 0;
	size_t n = 0;

	*line = 1;
	if (len > DESCRIBE_MAX)
		return QUO_ESYNTAX;
	for (size_t i = 0; i < len; i++) {
		if (text[i] != '\n') {
			if (text[i] < ' ' || text[i] > '~' ||
			    n == sizeof copy - 1)
				return QUO_ESYNTAX;
			copy[n++] = text[i];
			continue;
		}
		copy[n] = '\0';
		if (n > 0 && copy[0] != '#' && !parse_line(copy, &d, &seen))
			return QUO_ESYNTAX;
		n = 0;
		(*line)++;
	}
	/* All there, and the last line ended. */
	if (n > 0 || (seen & WANTED) != WANTED)
		return QUO_ESYNTAX;
	*desc = d;
	return QUO_OK;
}
