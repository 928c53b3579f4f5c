/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/looks.h"
#include "base/utf8.h"

enum kind {
	OTHER, CONTROL, BLANK, UNSEEN, MARK, FORM,
	LATIN, GREEK, CYRILLIC, ARMENIAN, CHEROKEE
};

/* By their first characters, each up to last. */
static const struct range {
	uint32_t first, last;
	enum kind kind;
} ranges[] = {
	{ 0x00, 0x1F, CONTROL }, { 0x41, 0x5A, LATIN }, { 0x61, 0x7A, LATIN },
	{ 0x7F, 0x9F, CONTROL }, { 0xA0, 0xA0, BLANK }, { 0xAD, 0xAD, UNSEEN },
	{ 0xC0, 0xD6, LATIN }, { 0xD8, 0xF6, LATIN }, { 0xF8, 0x2AF, LATIN },
	{ 0x300, 0x36F, MARK }, { 0x370, 0x373, GREEK }, { 0x374, 0x374, FORM },
	{ 0x376, 0x37D, GREEK }, { 0x37E, 0x37E, FORM }, { 0x37F, 0x386, GREEK },
	{ 0x387, 0x387, FORM }, { 0x388, 0x3FF, GREEK },
	{ 0x400, 0x482, CYRILLIC }, { 0x483, 0x489, MARK },
	{ 0x48A, 0x52F, CYRILLIC }, { 0x531, 0x587, ARMENIAN },
	{ 0x61C, 0x61C, UNSEEN }, { 0x1100, 0x11FF, FORM },
	{ 0x13A0, 0x13FD, CHEROKEE }, { 0x1680, 0x1680, BLANK },
	{ 0x17B4, 0x17B5, UNSEEN }, { 0x180B, 0x180F, UNSEEN },
	{ 0x1AB0, 0x1AFF, MARK }, { 0x1C80, 0x1C8F, CYRILLIC },
	{ 0x1DC0, 0x1DFF, MARK }, { 0x1E00, 0x1EFF, LATIN },
	{ 0x1F00, 0x1F70, GREEK }, { 0x1F71, 0x1F71, FORM },
	{ 0x1F72, 0x1F72, GREEK }, { 0x1F73, 0x1F73, FORM },
	{ 0x1F74, 0x1F74, GREEK }, { 0x1F75, 0x1F75, FORM },
	{ 0x1F76, 0x1F76, GREEK }, { 0x1F77, 0x1F77, FORM },
	{ 0x1F78, 0x1F78, GREEK }, { 0x1F79, 0x1F79, FORM },
	{ 0x1F7A, 0x1F7A, GREEK }, { 0x1F7B, 0x1F7B, FORM },
	{ 0x1F7C, 0x1F7C, GREEK }, { 0x1F7D, 0x1F7D, FORM },
	{ 0x1F80, 0x1FBA, GREEK }, { 0x1FBB, 0x1FBB, FORM },
	{ 0x1FBC, 0x1FBD, GREEK }, { 0x1FBE, 0x1FBE, FORM },
	{ 0x1FBF, 0x1FC8, GREEK }, { 0x1FC9, 0x1FC9, FORM },
	{ 0x1FCA, 0x1FCA, GREEK }, { 0x1FCB, 0x1FCB, FORM },
	{ 0x1FCC, 0x1FD2, GREEK }, { 0x1FD3, 0x1FD3, FORM },
	{ 0x1FD4, 0x1FDA, GREEK }, { 0x1FDB, 0x1FDB, FORM },
	{ 0x1FDC, 0x1FE2, GREEK }, { 0x1FE3, 0x1FE3, FORM },
	{ 0x1FE4, 0x1FEA, GREEK }, { 0x1FEB, 0x1FEB, FORM },
	{ 0x1FEC, 0x1FED, GREEK }, { 0x1FEE, 0x1FEF, FORM },
	{ 0x1FF0, 0x1FF8, GREEK }, { 0x1FF9, 0x1FF9, FORM },
	{ 0x1FFA, 0x1FFA, GREEK }, { 0x1FFB, 0x1FFB, FORM },
	{ 0x1FFC, 0x1FFC, GREEK }, { 0x1FFD, 0x1FFD, FORM },
	{ 0x2000, 0x200A, BLANK }, { 0x200B, 0x200F, UNSEEN },
	{ 0x2028, 0x202E, UNSEEN }, { 0x202F, 0x202F, BLANK },
	{ 0x205F, 0x205F, BLANK }, { 0x2060, 0x206F, UNSEEN },
	{ 0x20D0, 0x20FF, MARK }, { 0x2126, 0x2126, FORM },
	{ 0x212A, 0x212B, FORM }, { 0x2329, 0x232A, FORM },
	{ 0x2800, 0x2800, BLANK }, { 0x2C60, 0x2C7F, LATIN },
	{ 0x2DE0, 0x2DFF, MARK }, { 0x3000, 0x3000, BLANK },
	{ 0x3164, 0x3164, UNSEEN }, { 0xA640, 0xA66E, CYRILLIC },
	{ 0xA66F, 0xA67D, MARK }, { 0xA680, 0xA69D, CYRILLIC },
	{ 0xA69E, 0xA69F, MARK }, { 0xA722, 0xA7FF, LATIN },
	{ 0xAB30, 0xAB6F, LATIN }, { 0xAB70, 0xABBF, CHEROKEE },
	{ 0xD7B0, 0xD7FF, FORM }, { 0xF900, 0xFAFF, FORM },
	{ 0xFB00, 0xFB06, FORM }, { 0xFE00, 0xFE0F, UNSEEN },
	{ 0xFE20, 0xFE2F, MARK }, { 0xFEFF, 0xFEFF, UNSEEN },
	{ 0xFF01, 0xFF5E, FORM }, { 0xFFA0, 0xFFA0, UNSEEN },
	{ 0xFFF0, 0xFFFB, UNSEEN }, { 0x1BCA0, 0x1BCA3, UNSEEN },
	{ 0x1D173, 0x1D17A, UNSEEN }, { 0x1D400, 0x1D7FF, FORM },
	{ 0x2F800, 0x2FA1F, FORM }, { 0xE0000, 0xE0FFF, UNSEEN },
};

static enum kind
kind_of(uint32_t point)
{
	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
		if (point >= ranges[i].first && point <= ranges[i].last)
			return ranges[i].kind;
	return OTHER;
}

static const char *const words[] = {
	[CONTROL] = "is a control character",
	[BLANK] = "is a blank of another kind",
	[UNSEEN] = "is not seen, or turns the direction",
	[MARK] = "is a mark of its own: write letter and mark as one character",
	[FORM] = "is a second form of another character",
};

static const char *
scripts_name(enum kind script)
{
	static const char *const names[] = {
		[LATIN] = "Latin", [GREEK] = "Greek", [CYRILLIC] = "Cyrillic",
		[ARMENIAN] = "Armenian", [CHEROKEE] = "Cherokee",
	};

	return names[script];
}

static bool
has_odd_blank(const char *name)
{
	return *name == ' ' || (*name != '\0' &&
	    name[strlen(name) - 1] == ' ') || strstr(name, "  ") != NULL;
}

const char *
quo_looks_wrong(const char *name, char why[QUO_LOOKS_WHY])
{
	enum kind script = OTHER, kind;
	uint32_t point = 0;
	size_t n;

	if (has_odd_blank(name))
		return "a name neither begins nor ends with a blank, nor has "
		    "two in a row";
	for (; *name != '\0'; name += n) {
		n = quo_utf8_decode(name, strlen(name), &point);
		if (n == 0)
			return "it is no UTF-8";
		kind = kind_of(point);
		if (kind >= LATIN && script >= LATIN && kind != script) {
			snprintf(why, QUO_LOOKS_WHY, "a word of it mixes "
			    "%s and %s letters (U+%04X)", scripts_name(script),
			    scripts_name(kind), (unsigned)point);
			return why;
		}
		if (kind > OTHER && kind < LATIN) {
			snprintf(why, QUO_LOOKS_WHY, "U+%04X in it %s",
			    (unsigned)point, words[kind]);
			return why;
		}
		if (kind >= LATIN)
			script = kind;
		else if (point < 0x80 && (point < '0' || point > '9'))
			script = OTHER;
	}
	return NULL;
}
