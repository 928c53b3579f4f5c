/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/filename.h"

#define LABEL 80

/* The length of a character that turns the direction of text; 0: none. */
static size_t
turns(const char *at)
{
	static const char *const marks[] = {
		"\u061C", "\u200E", "\u200F", "\u202A", "\u202B", "\u202C",
		"\u202D", "\u202E", "\u2066", "\u2067", "\u2068", "\u2069",
	};

	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
		if (strncmp(at, marks[i], strlen(marks[i])) == 0)
			return strlen(marks[i]);
	return 0;
}

/* Copy a label: no slash, white space or control, no dot or dash in front. */
static void
tame(const char *label, char out[LABEL + 1])
{
	size_t used = 0;
	unsigned char c;

	for (; *label != '\0' && used < LABEL; label++) {
		c = (unsigned char)*label;
		if (turns(label) > 0) {
			label += turns(label) - 1;
			c = '_';
		}
		if (c <= ' ' || c == 0x7F || strchr("/\\:*?\"<>|", c) != NULL)
			c = '_';
		if (used == 0 && (c == '.' || c == '-'))
			c = '_';
		out[used++] = (char)c;
	}
	/* Not in the middle of a character of UTF-8. */
	while (*label != '\0' && used > 0 &&
	    ((unsigned char)*label & 0xC0) == 0x80) {
		label--;
		used--;
	}
	out[used] = '\0';
}

char *
quo_filename(const char *name, unsigned generation, unsigned serial,
    const char *custodian, unsigned page, const char *suffix)
{
	char stem[LABEL + 1], whose[LABEL + 1] = "", part[16] = "", *file;

	tame(name, stem);
	if (custodian != NULL)
		tame(custodian, whose);
	if (page > 0)
		snprintf(part, sizeof part, "-p%u", page);
	if (asprintf(&file, "%s-g%u-c%u%s%s%s.%s", stem, generation, serial,
	    whose[0] != '\0' ? "-" : "", whose, part, suffix) == -1)
		return NULL;
	return file;
}

char *
quo_filename_form(const char *name, const char *what, const char *suffix)
{
	char stem[LABEL + 1], *file;

	tame(name, stem);
	if (asprintf(&file, "%s-%s.%s", stem, what, suffix) == -1)
		return NULL;
	return file;
}
