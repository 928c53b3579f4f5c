/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "cmd/option.h"

#define NAME_MAX_LEN 31

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Damerau-Levenshtein, adjacent letters swapped at most once. */
static size_t
distance(const char *a, const char *b)
{
	size_t d[NAME_MAX_LEN + 1][NAME_MAX_LEN + 1];
	size_t la = strlen(a), lb = strlen(b), i, j;

	if (la > NAME_MAX_LEN || lb > NAME_MAX_LEN)
		return NAME_MAX_LEN;
	for (i = 0; i <= la; i++)
		d[i][0] = i;
	for (j = 0; j <= lb; j++)
		d[0][j] = j;
	for (i = 1; i <= la; i++) {
		for (j = 1; j <= lb; j++) {
			d[i][j] = least(least(d[i - 1][j], d[i][j - 1]) + 1,
			    d[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
		}
	}
	return d[la][lb];
}

const char *
quo_option_nearest(const char *word, const char *const *names)
{
	/* A third of the letters may be wrong; a beginning counts as close. */
	size_t best = strlen(word) / 3 + 1, d;
	const char *found = NULL;

	for (; *names != NULL; names++) {
		d = distance(word, *names);
		if (strlen(word) >= 3 &&
		    strncmp(word, *names, strlen(word)) == 0)
			d = 1;
		if (d < best || (d == best && found == NULL)) {
			best = d;
			found = *names;
		}
	}
	return found;
}
