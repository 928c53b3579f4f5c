/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdbool.h>
#include <string.h>

#include "base/looks.h"

static void
refuses_names_that_could_be_taken_for_others(void **state)
{
	static const struct {
		const char *name, *words;
	} wrong[] = {
		{ " anna", "neither begins nor ends" },
		{ "anna ", "neither begins nor ends" },
		{ "anna  b", "two in a row" },
		{ "an\u00A0na", "U+00A0 in it is a blank of another kind" },
		{ "an\u3000na", "U+3000" },
		{ "an\tna", "U+0009 in it is a control character" },
		{ "an\x7Fna", "U+007F" },
		{ "an\xC2\x85na", "U+0085" },
		{ "an\xFFna", "no UTF-8" },
		{ "an\u200Bna", "U+200B in it is not seen" },
		{ "an\u200Dna", "U+200D" },
		{ "an\u00ADna", "U+00AD" },
		{ "\uFEFFanna", "U+FEFF" },
		{ "an\u2060na", "U+2060" },
		{ "an\u3164na", "U+3164" },
		{ "anna\uFE0F", "U+FE0F" },
		{ "anna\U000E0061", "U+E0061" },
		{ "an\u202Ena", "U+202E in it is not seen, or turns" },
		{ "an\u2066na", "U+2066" },
		{ "an\u061Cna", "U+061C" },
		{ "Jose\u0301", "U+0301 in it is a mark of its own" },
		{ "j\u20DDb", "U+20DD" },
		{ "\u2126", "U+2126 in it is a second form" },
		{ "\u212Bsa", "U+212B" },
		{ "\u1112\u1161", "U+1112" },
		{ "\uFF41nna", "U+FF41" },
		{ "x\u00B5", "U+00B5" },
		{ "anna\u2800", "U+2800 in it is a blank" },
		{ "o\uFB03ce", "U+FB03" },
		{ "\U0001D41Anna", "U+1D41A" },
		{ "cf\u043E", "mixes Latin and Cyrillic letters (U+043E)" },
		{ "\u0421FO", "mixes Cyrillic and Latin" },
		{ "db-\u03BF1x", "mixes Greek and Latin" },
		{ "a1\u0251\u0430", "mixes" },
	};
	char why[QUO_LOOKS_WHY];
	const char *said;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		said = quo_looks_wrong(wrong[i].name, why);
		if (said == NULL || strstr(said, wrong[i].words) == NULL)
			fail_msg("%zu: %s", i, said != NULL ? said : "taken");
	}
}

static void
takes_what_people_are_called(void **state)
{
	static const char *const names[] = {
		"anna", "db-root", "Jos\u00E9 Mu\u00F1oz", "O'Brien",
		"\u00C5sa Lindstr\u00F6m", "Nguy\u1EC5n", "\u0141ukasz",
		"\u0410\u043D\u043D\u0430", "\u0386\u03BD\u03BD\u03B1",
		"\u1F08\u03BD", "\u5F20\u4F1F", "\uAE40\uCCA0\uC218",
		"\u3072\u3089", "\u05D3\u05D5\u05D3", "\u0623\u062D\u0645\u062F",
		"\u0905\u0928\u093F\u0924\u093E", "\u09AA\u09BE",
		"\u0E2A\u0E21", "db \u0410\u043D\u043D\u0430 2", "",
		"host-\u0441\u0435\u0440\u0432\u0435\u0440",
	};
	char why[QUO_LOOKS_WHY];

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (quo_looks_wrong(names[i], why) != NULL)
			fail_msg("%zu: %s", i, quo_looks_wrong(names[i], why));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_names_that_could_be_taken_for_others),
		cmocka_unit_test(takes_what_people_are_called),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
