/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "draw/draw.h"

#define ROW(n) n " anchor basket cactus elbow fabric garden  hammer\n"

static const char share_words[] =
    ROW("1") ROW("2") ROW("3") ROW("4") ROW("5") ROW("6") ROW("7");

/* A face in which nothing is wrong; the symbols live as long as the run. */
static struct quo_face
good(void)
{
	static struct quo_qr share, set;

	if (share.side == 0) {
		assert_err(quo_qr_encode("QUO1S:AAAA", 10, &share), QUO_OK);
		assert_err(quo_qr_encode("QUO1C:BBBBBBBBBBBBBBBBBBBBBBB", 29,
		    &set), QUO_OK);
	}
	return (struct quo_face){
		.credential = "db-root", .custodian = "Ana Ķ. 山田",
		.serial = 2, .count = 3, .policy = "any 2 of 3 cards",
		.set_id = "hammer river cactus velvet", .generation = 70000,
		.issued = "2026-03-01", .review_by = NULL, .locked = true,
		.share = share, .set = { set }, .set_count = 1,
		.share_words = share_words,
		.set_words = ROW("11") "12 a b c d e f g",
	};
}

static void
refused(struct quo_face face)
{
	struct quo_secret *frame = NULL;

	assert_err(quo_face_encode(&face, &frame), QUO_EINVAL);
	assert_null(frame);
}

#define REFUSED(change) do { \
	struct quo_face f = good(); \
	change; \
	refused(f); \
} while (0)

static void
refuse_numbers_out_of_range(void **state)
{
	(void)state;
	REFUSED(f.format = 3);
	REFUSED(f.paper = 2);
	REFUSED(f.dpi = QUO_FACE_DPI_MIN - 1);
	REFUSED(f.dpi = QUO_FACE_DPI_MAX + 1);
	REFUSED(f.page = 1);
	REFUSED(f.format = QUO_FACE_PNG; f.page = 2);
	REFUSED(f.serial = 0);
	REFUSED(f.serial = 4);
	REFUSED(f.count = 1; f.serial = 1);
	REFUSED(f.count = 256);
	REFUSED(f.set_count = 0);
	REFUSED(f.set_count = QUO_FACE_PARTS + 1);
	REFUSED(f.set_count = 2; f.set[1] = f.set[0]);
}

static void
refuse_texts_that_are_none(void **state)
{
	char long_name[QUO_FACE_TEXT + 2];

	(void)state;
	memset(long_name, 'a', sizeof long_name);
	long_name[sizeof long_name - 1] = '\0';
	REFUSED(f.credential = NULL);
	REFUSED(f.credential = "");
	REFUSED(f.credential = long_name);
	REFUSED(f.custodian = "");
	REFUSED(f.custodian = "a\nb");
	REFUSED(f.custodian = "\x1b[31m");
	REFUSED(f.custodian = "\x7F");
	REFUSED(f.custodian = "\xC2\x85");
	REFUSED(f.custodian = "\xE2\x80\xA8");
	REFUSED(f.custodian = "\xC0\x80");
	REFUSED(f.custodian = "\xE0\x80\xAF");
	REFUSED(f.custodian = "\xED\xA0\x80");
	REFUSED(f.custodian = "\xF4\x90\x80\x80");
	REFUSED(f.custodian = "\xC3");
	REFUSED(f.custodian = "\xFF");
	REFUSED(f.policy = NULL);
	REFUSED(f.set_id = NULL);
	REFUSED(f.issued = NULL);
	REFUSED(f.issued = "1 March");
	REFUSED(f.issued = "2026-03-011");
	REFUSED(f.review_by = "2026-3-01x");
}

static void
refuse_words_that_are_no_rows(void **state)
{
	static char many[(QUO_FACE_ROWS + 1) * 20];

	(void)state;
	for (int i = 0; i <= QUO_FACE_ROWS; i++)
		strcat(many, "11 a b c d e f g\n");
	REFUSED(f.share_words = NULL);
	REFUSED(f.share_words = ROW("1"));
	REFUSED(f.share_words = many);
	REFUSED(f.set_words = "");
	REFUSED(f.set_words = "\n");
	REFUSED(f.set_words = many);
	REFUSED(f.set_words = "11 a b c d e f");
	REFUSED(f.set_words = "11 a b c d e f g h");
	REFUSED(f.set_words = "1111 a b c d e f g");
	REFUSED(f.set_words = "a b c d e f g h");
	REFUSED(f.set_words = "11 a b c d e f Gg");
	REFUSED(f.set_words = "11 a b c d e f abcdefghijklm");
	REFUSED(f.set_words = "11 a b c d e f g\n\n12 a b c d e f g");
}

static void
refuse_symbols_that_are_none(void **state)
{
	(void)state;
	REFUSED(f.share.bits = NULL);
	REFUSED(f.share.side = 0);
	REFUSED(f.share.side = 17);
	REFUSED(f.set[0].side = 23);
	REFUSED(f.set[0].side = QUO_QR_SIDE_MAX + 4);
}

static void
refuse_frames_cut_short_or_too_long(void **state)
{
	struct quo_face face = good(), back = { 0 };
	struct quo_secret *frame;
	uint8_t *longer, *big;

	(void)state;
	assert_err(quo_face_encode(&face, &frame), QUO_OK);
	/* On the heap, so that a checker sees a read beyond. */
	for (size_t len = 0; len < frame->len; len++) {
		longer = malloc(len + 1);
		memcpy(longer, frame->data, len);
		assert_err(quo_face_decode(longer, len, &back), QUO_EFORMAT);
		free(longer);
	}
	longer = calloc(1, frame->len + 1);
	memcpy(longer, frame->data, frame->len);
	assert_err(quo_face_decode(longer, frame->len + 1, &back),
	    QUO_EFORMAT);
	assert_err(quo_face_decode(longer, frame->len, &back), QUO_OK);
	longer[0] ^= 1;
	assert_err(quo_face_decode(longer, frame->len, &back), QUO_EFORMAT);
	big = calloc(1, QUO_FACE_MAX + 1);
	assert_err(quo_face_decode(big, QUO_FACE_MAX + 1, &back),
	    QUO_ETOOBIG);
	free(big);
	free(longer);
	quo_secret_free(frame);
}

/* A changed byte is refused, or gives a face that encodes to just it. */
static void
each_frame_has_one_encoding(void **state)
{
	struct quo_face face = good(), back;
	struct quo_secret *frame, *again;
	enum quo_err err;

	(void)state;
	assert_err(quo_face_encode(&face, &frame), QUO_OK);
	for (size_t i = 0; i < frame->len; i++)
		for (int bit = 0; bit < 8; bit++) {
			frame->data[i] ^= (uint8_t)(1 << bit);
			err = quo_face_decode(frame->data, frame->len, &back);
			if (err == QUO_OK) {
				assert_err(quo_face_encode(&back, &again),
				    QUO_OK);
				assert_int_equal(again->len, frame->len);
				assert_memory_equal(again->data, frame->data,
				    frame->len);
				quo_secret_free(again);
			} else {
				assert_err(err, QUO_EFORMAT);
			}
			frame->data[i] ^= (uint8_t)(1 << bit);
		}
	quo_secret_free(frame);
}

static void
come_back_as_they_were(void **state)
{
	struct quo_face face = good(), back = { 0 };
	struct quo_secret *frame;

	(void)state;
	face.format = QUO_FACE_PNG;
	face.paper = QUO_FACE_LETTER;
	face.dpi = 600;
	face.page = 1;
	assert_err(quo_face_encode(&face, &frame), QUO_OK);
	assert_err(quo_face_decode(frame->data, frame->len, &back), QUO_OK);
	assert_int_equal(back.format, QUO_FACE_PNG);
	assert_int_equal(back.paper, QUO_FACE_LETTER);
	assert_int_equal(back.dpi, 600);
	assert_int_equal(back.page, 1);
	assert_int_equal(back.serial, 2);
	assert_int_equal(back.count, 3);
	assert_int_equal(back.generation, 70000);
	assert_true(back.locked);
	assert_string_equal(back.custodian, face.custodian);
	assert_string_equal(back.issued, face.issued);
	assert_null(back.review_by);
	assert_string_equal(back.share_words, face.share_words);
	assert_string_equal(back.set_words, face.set_words);
	assert_int_equal(back.set[0].side, face.set[0].side);
	assert_memory_equal(back.set[0].bits, face.set[0].bits,
	    QUO_QR_LEN(face.set[0].side));
	assert_null(back.share.store);
	quo_secret_free(frame);
}

static void
take_a_second_page_where_needed(void **state)
{
	static char rows[QUO_FACE_ROWS * 20];
	struct quo_face f = good();

	(void)state;
	assert_int_equal(quo_face_pages(&f), 1);
	for (int i = 0; i < QUO_FACE_ROWS; i++)
		strcat(rows, "11 a b c d e f g\n");
	f.set_words = rows;
	assert_int_equal(quo_face_rows(rows), QUO_FACE_ROWS);
	assert_int_equal(quo_face_pages(&f), 2);
	f.set_words = NULL;
	f.set_count = 2;
	assert_int_equal(quo_face_pages(&f), 1);
	f.set_count = 3;
	assert_int_equal(quo_face_pages(&f), 2);
}

static void
a_face_that_is_none_is_not_drawn(void **state)
{
	struct quo_face face = good();
	struct quo_secret *page = NULL;
	char note[QUO_DRAW_NOTE] = "";

	(void)state;
	face.serial = 0;
	assert_err(quo_draw(&face, &page, note), QUO_EINVAL);
	assert_null(page);
	assert_string_not_equal(note, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuse_numbers_out_of_range),
		cmocka_unit_test(refuse_texts_that_are_none),
		cmocka_unit_test(refuse_words_that_are_no_rows),
		cmocka_unit_test(refuse_symbols_that_are_none),
		cmocka_unit_test(refuse_frames_cut_short_or_too_long),
		cmocka_unit_test(each_frame_has_one_encoding),
		cmocka_unit_test(come_back_as_they_were),
		cmocka_unit_test(take_a_second_page_where_needed),
		cmocka_unit_test(a_face_that_is_none_is_not_drawn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
