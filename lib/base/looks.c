/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unictype.h>
#include <uninorm.h>

#include "base/looks.h"
#include "base/utf8.h"

/* Alphabets that share the looks of their letters. */
static const char *const alphabets[] = {
	"Latin", "Greek", "Cyrillic", "Armenian", "Cherokee", "Coptic", NULL
};

/* The alphabet of a letter; NULL: none of these. */
static const char *
alphabet(uint32_t point)
{
	const uc_script_t *script = uc_script(point);

	for (size_t i = 0; script != NULL && alphabets[i] != NULL; i++)
		if (strcmp(script->name, alphabets[i]) == 0)
			return alphabets[i];
	return NULL;
}

static bool
is_of(uint32_t point, uint32_t categories)
{
	return uc_is_general_category_withtable(point, categories);
}

/* A mark for letters of any script; those of one script are letters of it. */
static bool
is_loose_mark(uint32_t point)
{
	const uc_script_t *script = uc_script(point);

	return is_of(point, UC_CATEGORY_MASK_Mn | UC_CATEGORY_MASK_Me) &&
	    script != NULL && strcmp(script->name, "Inherited") == 0;
}

/* What is wrong with a character, wherever it stands; NULL: nothing. */
static const char *
fault(uint32_t point)
{
	if (is_of(point, UC_CATEGORY_MASK_Cc))
		return "is a control character";
	/* Of Braille's patterns one is empty. */
	if ((point != ' ' && is_of(point, UC_CATEGORY_MASK_Zs)) ||
	    point == 0x2800)
		return "is a blank of another kind";
	if (is_of(point, UC_CATEGORY_MASK_Cf | UC_CATEGORY_MASK_Zl |
	    UC_CATEGORY_MASK_Zp) ||
	    uc_is_property_default_ignorable_code_point(point))
		return "is not seen, or turns the direction";
	if (is_loose_mark(point))
		return "is a mark of its own: write letter and mark as one "
		    "character";
	return NULL;
}

static bool
has_odd_blank(const char *name)
{
	return *name == ' ' || (*name != '\0' &&
	    name[strlen(name) - 1] == ' ') || strstr(name, "  ") != NULL;
}

/* Where a name isn't what NFKC makes of it; its length: it is. */
static size_t
second_form(const char *name)
{
	const size_t len = strlen(name);
	size_t n = 0, at = 0, next = 0;
	uint32_t point;
	uint8_t *form;

	form = u8_normalize(UNINORM_NFKC, (const uint8_t *)name, len, NULL,
	    &n);
	while (form != NULL && next < len) {
		next += quo_utf8_decode(name + at, len - at, &point);
		if (next > n || memcmp(name + at, form + at, next - at) != 0)
			break;
		at = next;
	}
	free(form);
	return at;
}

static const char *
wrong(uint32_t point, const char *what, char why[QUO_LOOKS_WHY])
{
	snprintf(why, QUO_LOOKS_WHY, "U+%04X in it %s", (unsigned)point, what);
	return why;
}

const char *
quo_looks_wrong(const char *name, char why[QUO_LOOKS_WHY])
{
	const char *script = NULL, *other;
	uint32_t point = 0;
	size_t n;

	if (has_odd_blank(name))
		return "a name neither begins nor ends with a blank, nor has "
		    "two in a row";
	for (const char *at = name; *at != '\0'; at += n) {
		n = quo_utf8_decode(at, strlen(at), &point);
		if (n == 0)
			return "it is no UTF-8";
		if (fault(point) != NULL)
			return wrong(point, fault(point), why);
		other = alphabet(point);
		if (other != NULL && script != NULL && other != script) {
			snprintf(why, QUO_LOOKS_WHY, "a word of it mixes "
			    "%s and %s letters (U+%04X)", script, other,
			    (unsigned)point);
			return why;
		}
		if (other != NULL)
			script = other;
		else if (point < 0x80 && (point < '0' || point > '9'))
			script = NULL;
	}
	n = second_form(name);
	if (name[n] == '\0')
		return NULL;
	quo_utf8_decode(name + n, strlen(name + n), &point);
	return wrong(point, "is a second form of another character", why);
}
