/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <string.h>

#include "card/qr.h"
#include "scan/finder.h"

#define PIXELS 4
#define QUIET 4

/* About where the patterns stand in a symbol with its quiet zone. */
static const struct quo_point corner = { .14f, .14f }, right = { .86f, .14f },
    below = { .14f, .86f };

static void
blank(unsigned w, unsigned h, struct quo_image *image)
{
	assert_true(quo_image_new(w, h, image));
	memset(image->px, 255, (size_t)w * h);
}

static void
fill(struct quo_image *image, unsigned x, unsigned y, unsigned w, unsigned h,
    uint8_t with)
{
	for (unsigned i = 0; i < h; i++)
		memset(image->px + (size_t)(y + i) * image->w + x, with, w);
}

/* A symbol, and nothing else but its quiet zone. */
static void
draw_symbol(struct quo_image *image)
{
	char text[] = "QUO1S:ABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABCDEFGHIJKLMNOP"
	    "QRSTUVWXYZ234567ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	struct quo_qr qr;
	unsigned side;

	assert_err(quo_qr_encode(text, strlen(text), &qr), QUO_OK);
	side = qr.side;
	blank((side + 2 * QUIET) * PIXELS, (side + 2 * QUIET) * PIXELS, image);
	for (unsigned i = 0; i < side * side; i++)
		if (quo_qr_dark(&qr, (int)(i % side), (int)(i / side)))
			fill(image, (QUIET + i % side) * PIXELS,
			    (QUIET + i / side) * PIXELS, PIXELS, PIXELS, 0);
	quo_qr_clear(&qr);
}

/* Rows of upright strokes, as far apart as those of print. */
static void
draw_letters(struct quo_image *image)
{
	blank(400, 400, image);
	for (unsigned y = 10; y + 8 < 400; y += 20)
		for (unsigned x = 0; x + 2 < 400; x += 5)
			fill(image, x, y, 2, 8, 0);
}

static void
letters_are_no_symbol(void **state)
{
	struct quo_image image = { 0 };

	(void)state;
	draw_letters(&image);
	assert_false(quo_finder_dense(&image, corner, right, below));
	quo_image_free(&image);
	blank(100, 100, &image);
	assert_false(quo_finder_dense(&image, corner, right, below));
	/* All of it outside. */
	assert_false(quo_finder_dense(&image, (struct quo_point){ 2, 2 },
	    (struct quo_point){ 3, 2 }, (struct quo_point){ 2, 3 }));
	quo_image_free(&image);
}

/* The three patterns, and modules between them: as it is, in weak contrast,
 * under a shadow, with a white blot. */
static void
a_symbol_is_one(void **state)
{
	struct quo_finder f[8];
	struct quo_image image = { 0 };
	size_t found, right_size = 0;
	uint8_t *px;

	(void)state;
	draw_symbol(&image);
	found = quo_finder_scan(&image, f, 8);
	for (size_t i = 0; i < found; i++)
		right_size += f[i].module > 0.8f * PIXELS &&
		    f[i].module < 1.2f * PIXELS;
	assert_in_range(right_size, 3, 4);
	assert_true(quo_finder_dense(&image, corner, right, below));
	for (unsigned i = 0; i < image.w * image.h; i++) {
		px = &image.px[i];
		*px = (uint8_t)(100 + *px / 8 + (i % image.w > image.w / 2 ?
		    60 : 0));
	}
	assert_true(quo_finder_dense(&image, corner, right, below));
	quo_image_free(&image);
	draw_symbol(&image);
	fill(&image, image.w / 3, image.h / 3, image.w / 3, image.h / 3, 255);
	assert_true(quo_finder_dense(&image, corner, right, below));
	quo_image_free(&image);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_are_no_symbol),
		cmocka_unit_test(a_symbol_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
