/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Draw a card with made-up codes and words: for tests of what is printed, and
 * for the picture in README. Settings are KEY=VALUE; the page goes to
 * standard output, a note to standard error. `texts` as the format prints
 * what the symbols say, `blocks` and `sgr` the share's symbol for a terminal.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "card/word.h"
#include "draw/draw.h"

#define TEXT_MAX 640

struct sample {
	const char *format;
	unsigned share_chars, set_chars, rows;
	struct quo_face face;
	char share[TEXT_MAX], set[QUO_FACE_PARTS][TEXT_MAX];
	char share_words[8 * 64], set_words[QUO_FACE_ROWS * 128];
};

static uint32_t
next(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 16;
}

/* Base32 of nothing in particular, len characters with its prefix. */
static void
make_text(char out[TEXT_MAX], const char *prefix, unsigned len, uint32_t seed)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	unsigned at = (unsigned)snprintf(out, TEXT_MAX, "%s", prefix);

	for (; at < len && at < TEXT_MAX - 1; at++)
		out[at] = digits[next(&seed) % 32];
	out[at] = '\0';
}

static void
make_rows(char *out, size_t cap, unsigned first, unsigned rows, uint32_t seed)
{
	char word[QUO_WORD_MAX + 1];
	size_t len = 0;

	for (unsigned i = 0; i < rows; i++) {
		len += (size_t)snprintf(out + len, cap - len, "%u", first + i);
		for (int w = 0; w < 7; w++) {
			quo_word_get(next(&seed) % QUO_WORDS_LIST, word);
			len += (size_t)snprintf(out + len, cap - len, " %s",
			    word);
		}
		len += (size_t)snprintf(out + len, cap - len, "\n");
	}
}

/* Where the setting key of the sample stands; number or text. */
static bool
set(struct sample *s, const char *key, const char *value)
{
	struct quo_face *f = &s->face;
	const struct {
		const char *key, **text;
		unsigned *number;
	} all[] = {
		{ "format", &s->format, NULL },
		{ "credential", &f->credential, NULL },
		{ "custodian", &f->custodian, NULL },
		{ "policy", &f->policy, NULL },
		{ "review", &f->review_by, NULL },
		{ "issued", &f->issued, NULL },
		{ "dpi", NULL, &f->dpi },
		{ "page", NULL, &f->page },
		{ "serial", NULL, &f->serial },
		{ "count", NULL, &f->count },
		{ "parts", NULL, &f->set_count },
		{ "share", NULL, &s->share_chars },
		{ "set", NULL, &s->set_chars },
		{ "rows", NULL, &s->rows },
	};

	if (strcmp(key, "paper") == 0)
		f->paper = strcmp(value, "letter") == 0 ? QUO_FACE_LETTER :
		    QUO_FACE_A4;
	else if (strcmp(key, "locked") == 0)
		f->locked = value[0] == '1';
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		if (strcmp(key, all[i].key) != 0)
			continue;
		if (all[i].text != NULL)
			*all[i].text = value[0] != '\0' ? value : NULL;
		else
			*all[i].number = (unsigned)strtoul(value, NULL, 10);
		return true;
	}
	return strcmp(key, "paper") == 0 || strcmp(key, "locked") == 0;
}

static enum quo_err
make_codes(struct sample *s)
{
	struct quo_face *f = &s->face;
	enum quo_err err;

	make_text(s->share, "QUO1S:", s->share_chars, 1);
	err = quo_qr_encode(s->share, strlen(s->share), &f->share);
	for (unsigned i = 0; err == QUO_OK && i < f->set_count &&
	    i < QUO_FACE_PARTS; i++) {
		make_text(s->set[i], f->set_count > 1 ? "QUO1P:" : "QUO1C:",
		    s->set_chars, 2 + i);
		err = quo_qr_encode(s->set[i], strlen(s->set[i]),
		    &f->set[i]);
	}
	make_rows(s->share_words, sizeof s->share_words, 1, 7, 3);
	f->share_words = s->share_words;
	if (s->rows > 0 && s->rows <= QUO_FACE_ROWS && f->set_count == 1) {
		make_rows(s->set_words, sizeof s->set_words, 11, s->rows, 4);
		f->set_words = s->set_words;
	}
	return err;
}

static enum quo_err
put(struct sample *s)
{
	struct quo_secret *out = NULL;
	char note[QUO_DRAW_NOTE];
	enum quo_err err;

	if (strcmp(s->format, "texts") == 0) {
		puts(s->share);
		for (unsigned i = 0; i < s->face.set_count; i++)
			puts(s->set[i]);
		return QUO_OK;
	}
	if (strcmp(s->format, "blocks") == 0 || strcmp(s->format, "sgr") == 0)
		err = quo_qr_print(&s->face.share, s->format[0] == 's', &out);
	else {
		s->face.format = strcmp(s->format, "svg") == 0 ? QUO_FACE_SVG :
		    strcmp(s->format, "png") == 0 ? QUO_FACE_PNG :
		    QUO_FACE_PDF;
		err = quo_draw(&s->face, &out, note);
		if (note[0] != '\0')
			fprintf(stderr, "%s\n", note);
	}
	if (err == QUO_OK)
		fwrite(out->data, 1, out->len, stdout);
	quo_secret_free(out);
	return err;
}

int
main(int argc, char **argv)
{
	static struct sample s = {
		.format = "pdf", .share_chars = 253, .set_chars = 378,
		.rows = 38, .face = {
			.credential = "sample-root", .custodian = "Sam Sample",
			.policy = "any 2 of 3 cards", .serial = 2, .count = 3,
			.set_id = "hammock lantern cricket tapestry",
			.generation = 1, .issued = "2026-03-01",
			.review_by = "2027-03-01", .set_count = 1,
		},
	};
	enum quo_err err;
	char *value;

	for (int i = 1; i < argc; i++) {
		value = strchr(argv[i], '=');
		if (value != NULL)
			*value++ = '\0';
		if (value == NULL || !set(&s, argv[i], value)) {
			fprintf(stderr, "draw-sample: no setting %s\n",
			    argv[i]);
			return 2;
		}
	}
	err = make_codes(&s);
	if (err == QUO_OK)
		err = put(&s);
	if (err != QUO_OK)
		fprintf(stderr, "draw-sample: %s\n", quo_strerror(err));
	quo_qr_clear(&s.face.share);
	for (unsigned i = 0; i < QUO_FACE_PARTS; i++)
		quo_qr_clear(&s.face.set[i]);
	return err == QUO_OK ? 0 : 1;
}
