/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

#include "scan/source.h"

/* A progressive file may have any number of scans over all its pixels. */
#define MOST_SCANS 200

struct reader {
	struct jpeg_decompress_struct jpeg;	/* the first, for the casts */
	struct jpeg_error_mgr error;
	struct jpeg_progress_mgr progress;
	jmp_buf back;
};

static void
give_up(j_common_ptr jpeg)
{
	longjmp(((struct reader *)jpeg)->back, 1);
}

static void
say_nothing(j_common_ptr jpeg)
{
	(void)jpeg;
}

static void
count_scans(j_common_ptr jpeg)
{
	if (((j_decompress_ptr)jpeg)->input_scan_number > MOST_SCANS)
		give_up(jpeg);
}

static void
set_up(struct reader *r, const uint8_t *data, size_t len)
{
	r->jpeg.err = jpeg_std_error(&r->error);
	r->error.error_exit = give_up;
	r->error.output_message = say_nothing;
	jpeg_create_decompress(&r->jpeg);
	r->progress.progress_monitor = count_scans;
	r->jpeg.progress = &r->progress;
	jpeg_mem_src(&r->jpeg, data, (unsigned long)len);
}

static enum quo_scan_note
decode(struct reader *r, struct quo_image *image)
{
	j_decompress_ptr jpeg = &r->jpeg;
	JSAMPROW row;

	jpeg_read_header(jpeg, TRUE);
	if (!quo_image_fits(jpeg->image_width, jpeg->image_height))
		return QUO_NOTE_PIXELS;
	if (!quo_image_new(jpeg->image_width, jpeg->image_height, image))
		return QUO_NOTE_MEMORY;
	jpeg->out_color_space = JCS_GRAYSCALE;
	jpeg_start_decompress(jpeg);
	while (jpeg->output_scanline < jpeg->output_height) {
		row = image->px + (size_t)jpeg->output_scanline * image->w;
		jpeg_read_scanlines(jpeg, &row, 1);
	}
	return QUO_NOTE_NONE;
}

static enum quo_scan_note
page(struct quo_source *source, unsigned index, unsigned side,
    struct quo_image *image, bool *partial)
{
	static struct reader r;
	enum quo_scan_note note;

	(void)index;
	(void)side;
	r = (struct reader){ 0 };
	if (setjmp(r.back) != 0) {
		quo_image_free(image);
		jpeg_destroy_decompress(&r.jpeg);
		return QUO_NOTE_BROKEN;
	}
	set_up(&r, source->data, source->len);
	note = decode(&r, image);
	*partial = r.error.num_warnings > 0;
	jpeg_destroy_decompress(&r.jpeg);
	return note;
}

const struct quo_source_kind quo_source_jpeg = {
	.magic = { "\xff\xd8\xff" },
	.profile = QUO_SANDBOX_STRICT,
	.open = quo_source_single,
	.page = page,
};
