/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <string.h>

#include "scan/harvest.h"

static struct quo_harvest h;

static void
add(const char *text)
{
	quo_harvest_add(&h, (const uint8_t *)text, strlen(text));
}

static void
no_card_without_both_kinds(void **state)
{
	(void)state;
	quo_harvest_init(&h);
	assert_false(quo_harvest_card(&h));
	add("QUO1S:ABC");
	assert_false(quo_harvest_card(&h));
	add("QUO1S:ABD");
	assert_false(quo_harvest_card(&h));
	add("QUO1C:ABC");
	assert_true(quo_harvest_card(&h));
	quo_harvest_init(&h);
	add("QUO1C:ABC");
	assert_false(quo_harvest_card(&h));
}

static void
a_part_is_of_a_page(void **state)
{
	(void)state;
	quo_harvest_init(&h);
	add("QUO1S:ABC");
	assert_false(quo_harvest_card(&h));
	add("QUO1P:ABC");
	assert_true(quo_harvest_card(&h));
	quo_harvest_init(&h);
	add("QUO1P:ABC");
	assert_true(quo_harvest_card(&h));
}

static void
foreign_codes_are_counted_once_and_kept_out(void **state)
{
	(void)state;
	quo_harvest_init(&h);
	add("https://example.org");
	add("https://example.org");
	add("quo1s:abc");
	assert_int_equal(h.foreign_count, 2);
	assert_int_equal(h.texts, 0);
	assert_int_equal(h.out.len, 0);
}

static void
a_flood_leaves_room_for_notes_and_the_end(void **state)
{
	char text[QUO_SCAN_TEXT_MAX + 1] = { 0 };
	struct quo_scan scan;

	(void)state;
	quo_harvest_init(&h);
	memset(text, 'A', sizeof text - 1);
	memcpy(text, "QUO1S:", 6);
	for (int i = 0; i < 2000; i++) {
		text[6] = (char)('A' + i % 26);
		text[7] = (char)('A' + i / 26 % 26);
		text[8] = (char)('A' + i / 676);
		add(text);
	}
	assert_true(h.full);
	for (unsigned i = 1; i <= QUO_SCAN_PAGES; i++)
		quo_harvest_note(&h, QUO_NOTE_PAGE_BROKEN, i);
	quo_harvest_end(&h, QUO_SCAN_PAGES);
	assert_false(h.out.failed);
	assert_err(quo_scan_parse(h.frames, h.out.len, &scan), QUO_OK);
	assert_int_equal(scan.count, h.texts);
	quo_scan_free(&scan);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_card_without_both_kinds),
		cmocka_unit_test(a_part_is_of_a_page),
		cmocka_unit_test(foreign_codes_are_counted_once_and_kept_out),
		cmocka_unit_test(a_flood_leaves_room_for_notes_and_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
