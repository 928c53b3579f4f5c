/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "scan/frame.h"

/* Frames as a helper would write them. */
struct script {
	uint8_t bytes[QUO_FRAMES_MAX];
	struct quo_writer w;
};

static struct script s;

static void
begin(void)
{
	s.w = quo_writer_on(s.bytes, sizeof s.bytes);
}

static void
frame(int type, const void *payload, size_t len)
{
	quo_write_uint(&s.w, (unsigned)type, 1);
	quo_write_uint(&s.w, len, 4);
	quo_write_bytes(&s.w, payload, len);
}

static void
text(const char *words)
{
	frame('T', words, strlen(words));
}

static void
note(unsigned which, unsigned number)
{
	uint8_t payload[5] = { (uint8_t)which };

	payload[4] = (uint8_t)number;
	frame('N', payload, sizeof payload);
}

static void
end(unsigned pages)
{
	uint8_t payload[4] = { 0 };

	payload[3] = (uint8_t)pages;
	frame('E', payload, sizeof payload);
}

static void
refused(enum quo_err want)
{
	struct quo_scan scan;

	memset(&scan, 0xAA, sizeof scan);
	assert_err(quo_scan_parse(s.bytes, s.w.len, &scan), want);
	assert_null(scan.texts);
	assert_int_equal(scan.count, 0);
}

static void
refuse_texts_outside_of_the_alphabet(void **state)
{
	static const char *const bad[] = {
		"", "QUO", "quo1s:abc", "QUO2S:ABC", "QUO1S:AB C",
		"QUO1S:AB\n", "QUO1S:ab", "QUO1S:\xc3\xa4", "QUO1S:A/", "QUO1S:A;",
		"QUO1S:A@", "QUO1S:A[", "HTTP://EXAMPLE",
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		begin();
		text(bad[i]);
		end(1);
		refused(QUO_ECHILD);
	}
	begin();
	frame('T', "QUO1S:A\0B", 9);
	end(1);
	refused(QUO_ECHILD);
}

static void
refuse_a_text_too_long_by_one(void **state)
{
	char longest[QUO_SCAN_TEXT_MAX + 2] = { 0 };
	struct quo_scan scan;

	(void)state;
	memset(longest, 'A', sizeof longest - 1);
	memcpy(longest, "QUO1S:", 6);
	begin();
	text(longest);
	end(1);
	refused(QUO_ECHILD);
	longest[QUO_SCAN_TEXT_MAX] = '\0';
	begin();
	text(longest);
	end(1);
	assert_err(quo_scan_parse(s.bytes, s.w.len, &scan), QUO_OK);
	assert_string_equal((char *)scan.texts->data, longest);
	quo_scan_free(&scan);
}

static void
refuse_frames_out_of_form(void **state)
{
	(void)state;
	s.w.len = 0;
	begin();
	refused(QUO_ECHILD);
	begin();
	text("QUO1S:A");	/* no end */
	refused(QUO_ECHILD);
	begin();
	end(1);
	text("QUO1S:A");	/* after the end */
	refused(QUO_ECHILD);
	begin();
	end(1);
	end(1);
	refused(QUO_ECHILD);
	begin();
	end(QUO_SCAN_PAGES + 1);
	refused(QUO_ECHILD);
	begin();
	frame('X', "", 0);
	end(1);
	refused(QUO_ECHILD);
	begin();
	frame('E', "\0\0\0\0\1", 5);
	refused(QUO_ECHILD);
}

static void
refuse_every_cut(void **state)
{
	size_t whole;

	(void)state;
	begin();
	text("QUO1S:ABC");
	note(QUO_NOTE_FOREIGN, 2);
	end(1);
	whole = s.w.len;
	for (s.w.len = 0; s.w.len < whole; s.w.len++)
		refused(QUO_ECHILD);
}

static void
refuse_unknown_notes_and_lengths(void **state)
{
	(void)state;
	begin();
	note(QUO_NOTE_NONE, 0);
	end(1);
	refused(QUO_ECHILD);
	begin();
	note(QUO_NOTE_COUNT, 0);
	end(1);
	refused(QUO_ECHILD);
	begin();
	note(255, 0);
	end(1);
	refused(QUO_ECHILD);
	begin();
	frame('N', "\1\0\0\0", 4);
	end(1);
	refused(QUO_ECHILD);
	begin();
	quo_write_bytes(&s.w, (const uint8_t *)"T\xff\xff\xff\xff", 5);
	refused(QUO_ECHILD);
}

static void
refuse_more_texts_than_the_limit(void **state)
{
	char name[32];

	(void)state;
	begin();
	for (int i = 0; i <= QUO_FRAME_TEXTS; i++) {
		snprintf(name, sizeof name, "QUO1S:%d", i);
		text(name);
	}
	end(1);
	refused(QUO_ECHILD);
}

static void
notes_that_end_all_drop_the_texts(void **state)
{
	struct quo_scan scan;

	(void)state;
	begin();
	text("QUO1S:ABC");
	note(QUO_NOTE_PIXELS, 0);
	end(1);
	assert_err(quo_scan_parse(s.bytes, s.w.len, &scan), QUO_ETOOBIG);
	assert_null(scan.texts);
	assert_non_null(strstr(scan.note, "64 million pixels"));
	quo_scan_free(&scan);
}

static void
every_note_has_its_words(void **state)
{
	char line[256];

	(void)state;
	for (unsigned i = 1; i < QUO_NOTE_COUNT; i++) {
		line[0] = '\0';
		quo_scan_note_add((enum quo_scan_note)i, 7, line,
		    sizeof line);
		assert_true(strlen(line) > 10);
		assert_null(strchr(line, '%'));
		assert_null(strchr(line, '\n'));
	}
}

static void
notes_that_do_not_fit_are_left_out(void **state)
{
	char line[64] = "";

	(void)state;
	for (int i = 0; i < 20; i++)
		quo_scan_note_add(QUO_NOTE_PAGE_BROKEN, 3, line, sizeof line);
	assert_true(strlen(line) < sizeof line);
	assert_string_equal(line + strlen(line) - 10, "is damaged");
}

static void
texts_come_once_and_in_order(void **state)
{
	struct quo_scan scan;

	(void)state;
	begin();
	text("QUO1S:B");
	text("QUO1C:A");
	text("QUO1S:B");
	text("QUO1S:BB");
	note(QUO_NOTE_PAGE_BROKEN, 3);
	note(QUO_NOTE_FOREIGN, 2);
	end(4);
	assert_err(quo_scan_parse(s.bytes, s.w.len, &scan), QUO_OK);
	assert_int_equal(scan.count, 3);
	assert_int_equal(scan.pages, 4);
	assert_int_equal(scan.texts->len, 25);
	assert_memory_equal(scan.texts->data,
	    "QUO1S:B\0QUO1C:A\0QUO1S:BB", 25);
	assert_string_equal(scan.note, "page 3 is damaged; "
	    "QR codes that are not quorate's: 2");
	quo_scan_free(&scan);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuse_texts_outside_of_the_alphabet),
		cmocka_unit_test(refuse_a_text_too_long_by_one),
		cmocka_unit_test(refuse_frames_out_of_form),
		cmocka_unit_test(refuse_every_cut),
		cmocka_unit_test(refuse_unknown_notes_and_lengths),
		cmocka_unit_test(refuse_more_texts_than_the_limit),
		cmocka_unit_test(notes_that_end_all_drop_the_texts),
		cmocka_unit_test(every_note_has_its_words),
		cmocka_unit_test(notes_that_do_not_fit_are_left_out),
		cmocka_unit_test(texts_come_once_and_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
