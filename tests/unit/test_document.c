/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/crypt.h"
#include "draw/axis.h"
#include "draw/block.h"

static const struct quo_document_head plain_head = {
	.title = "Report", .date = "2026-11-21",
};

static struct quo_document *
begin(void)
{
	struct quo_document *doc = NULL;

	assert_err(quo_document_new(&plain_head, &doc), QUO_OK);
	return doc;
}

/* The document's HTML, ending in NUL, freed by the caller. */
static char *
html_of(struct quo_document *doc)
{
	struct quo_bytes html = { 0 };
	char *text;

	assert_err(quo_document_html(doc, &html), QUO_OK);
	text = malloc(html.len + 1);
	assert_non_null(text);
	memcpy(text, html.data, html.len);
	text[html.len] = '\0';
	quo_bytes_free(&html);
	quo_document_free(doc);
	return text;
}

static unsigned
count(const char *text, const char *what)
{
	unsigned n = 0;

	for (; (text = strstr(text, what)) != NULL; text++)
		n++;
	return n;
}

/* What makes a document fail, and both writers tell it. */
#define FAILS(want, ...) do { \
	struct quo_document *doc = begin(); \
	struct quo_bytes html = { 0 }; \
	struct quo_secret *pdf = NULL; \
	char note[QUO_DRAW_NOTE]; \
	__VA_ARGS__; \
	quo_document_text(doc, "fine"); \
	assert_err(quo_document_error(doc), want); \
	assert_err(quo_document_html(doc, &html), want); \
	assert_err(quo_document_pdf(doc, &pdf, note), want); \
	assert_null(html.data); \
	assert_null(pdf); \
	assert_non_null(strstr(note, quo_strerror(want))); \
	quo_document_free(doc); \
} while (0)

static void
refuse_heads_that_are_none(void **state)
{
	static const struct quo_document_head bad[] = {
		{ .date = "2026-11-21" },
		{ .title = "", .date = "2026-11-21" },
		{ .title = "a", .date = NULL },
		{ .title = "a", .date = "today" },
		{ .title = "a", .date = "2026-11-21T03:10:00" },
		{ .title = "a", .date = "2026-11-21T03:10:00Z " },
		{ .title = "a\n", .date = "2026-11-21" },
		{ .title = "a", .date = "2026-11-21", .mark = "\xFF" },
		{ .title = "a", .date = "2026-11-21", .subtitle = "\x1b[2J" },
		{ .title = "a", .date = "2026-11-21", .footer = "\xC2\x85" },
		{ .title = "a", .date = "2026-11-21",
		    .paper = QUO_FACE_LETTER + 1 },
	};
	struct quo_document *doc = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_err(quo_document_new(&bad[i], &doc), QUO_EINVAL);
	assert_null(doc);
	quo_document_free(NULL);
}

static void
refuse_texts_that_are_none(void **state)
{
	static const char *const bad[] = { "a\nb", "\t", "\x1b[31m", "\x7F",
		"\xC2\x85", "\xE2\x80\xA8", "\xC0\x80", "\xED\xA0\x80",
		"\xF4\x90\x80\x80", "\xC3", "\xFF" };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		const struct quo_column column = { .label = bad[i] };
		const struct quo_figure figure = { .value = bad[i] };
		const struct quo_point point = { .label = bad[i] };
		const struct quo_chart chart = { .points = &point,
			.count = 1 };

		FAILS(QUO_EINVAL, quo_document_text(doc, bad[i]));
		FAILS(QUO_EINVAL, quo_document_heading(doc, 1, bad[i]));
		FAILS(QUO_EINVAL, quo_document_note(doc, 0, bad[i]));
		FAILS(QUO_EINVAL, quo_document_item(doc, bad[i]));
		FAILS(QUO_EINVAL, quo_document_number(doc, bad[i]));
		FAILS(QUO_EINVAL, quo_document_fact(doc, "a", bad[i]));
		FAILS(QUO_EINVAL, quo_document_step(doc, "a", bad[i], true));
		FAILS(QUO_EINVAL, quo_document_blanks(doc, &bad[i], 1));
		FAILS(QUO_EINVAL, quo_document_table(doc, "", &column, 1));
		FAILS(QUO_EINVAL, quo_document_figures(doc, &figure, 1));
		FAILS(QUO_EINVAL, quo_document_chart(doc, &chart));
	}
	FAILS(QUO_EINVAL, quo_document_code(doc, "good\nb\xFF"));
	FAILS(QUO_EINVAL, quo_document_words(doc, "1 a \x1b", 5));
	FAILS(QUO_EINVAL, quo_document_words(doc, "1", 1));
	FAILS(QUO_EINVAL, quo_document_words(doc, "\n", 1));
	FAILS(QUO_EINVAL, quo_document_words(doc,
	    "1 a b c d e f g h i j k l m", 27));
}

static void
refuse_what_is_out_of_range(void **state)
{
	static const struct quo_column columns[13] = { 0 };
	static const struct quo_cell cells[13] = { 0 };
	static const struct quo_figure figures[5] = { 0 };
	static const char *const labels[5] = { 0 };
	const struct quo_cell loud = { .tone = QUO_TONE_FAINT + 1 };
	const uint8_t bits[8] = { 0 };
	const struct quo_qr qr[] = { { 0 }, { 20, bits, NULL },
		{ 22, bits, NULL }, { 81, bits, NULL } };

	(void)state;
	FAILS(QUO_EINVAL, quo_document_heading(doc, 0, "a"));
	FAILS(QUO_EINVAL, quo_document_heading(doc, 3, "a"));
	FAILS(QUO_EINVAL, quo_document_note(doc, QUO_TONE_FAINT + 1, "a"));
	FAILS(QUO_EINVAL, quo_document_table(doc, "", columns, 0));
	FAILS(QUO_EINVAL, quo_document_table(doc, "", columns, 13));
	FAILS(QUO_EINVAL, quo_document_row(doc, cells, 0));
	FAILS(QUO_EINVAL, quo_document_row(doc, cells, 1));
	FAILS(QUO_EINVAL, quo_document_table(doc, "", columns, 2);
	    quo_document_row(doc, cells, 3));
	FAILS(QUO_EINVAL, quo_document_table(doc, "", columns, 2);
	    quo_document_text(doc, "between");
	    quo_document_row(doc, cells, 2));
	FAILS(QUO_EINVAL, quo_document_table(doc, "", columns, 1);
	    quo_document_row(doc, &loud, 1));
	FAILS(QUO_EINVAL, quo_document_figures(doc, figures, 0));
	FAILS(QUO_EINVAL, quo_document_figures(doc, figures, 5));
	FAILS(QUO_EINVAL, quo_document_blanks(doc, labels, 0));
	FAILS(QUO_EINVAL, quo_document_blanks(doc, labels, 5));
	for (size_t i = 0; i < sizeof qr / sizeof *qr; i++)
		FAILS(QUO_EINVAL, quo_document_qr(doc, &qr[i], "a", NULL));
}

static void
refuse_charts_that_are_none(void **state)
{
	static const struct quo_point points[] = {
		{ .value = -1 }, { .value = (double)INFINITY },
		{ .value = (double)NAN }, { .time = INT64_MAX },
		{ .time = -1 }, { .tone = QUO_TONE_FAINT + 1 },
	};
	struct quo_chart chart = { .from = 2, .to = 1 };

	(void)state;
	FAILS(QUO_EINVAL, quo_document_chart(doc, &chart));
	chart = (struct quo_chart){ .threshold = -1 };
	FAILS(QUO_EINVAL, quo_document_chart(doc, &chart));
	chart = (struct quo_chart){ .to = INT64_MAX };
	FAILS(QUO_EINVAL, quo_document_chart(doc, &chart));
	chart = (struct quo_chart){ .count = QUO_DOCUMENT_POINTS + 1 };
	FAILS(QUO_ETOOBIG, quo_document_chart(doc, &chart));
	chart = (struct quo_chart){ .count = 1 };
	for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
		chart.points = &points[i];
		FAILS(QUO_EINVAL, quo_document_chart(doc, &chart));
	}
}

static void
refuse_what_is_too_big(void **state)
{
	static char text[QUO_DOCUMENT_TEXT + 2];

	(void)state;
	memset(text, 'a', QUO_DOCUMENT_TEXT + 1);
	FAILS(QUO_ETOOBIG, quo_document_text(doc, text));
	FAILS(QUO_ETOOBIG, quo_document_code(doc, text));
	FAILS(QUO_ETOOBIG, quo_document_words(doc, text, 256));
	FAILS(QUO_ETOOBIG,
	    for (unsigned i = 0; i <= QUO_DOCUMENT_BLOCKS; i++)
		quo_document_break(doc));
	FAILS(QUO_ETOOBIG, for (unsigned i = 0; i < 10000; i++)
		quo_document_number(doc, ""));
	text[QUO_DOCUMENT_TEXT] = '\0';
	FAILS(QUO_ETOOBIG, for (unsigned i = 0; i < 17000; i++)
		quo_document_text(doc, text));
}

/* Hostile texts wherever a text can stand. */
static void
escape_all_texts(void **state)
{
	static const char bad[] = "</table></pre><script>alert(\"1\")</script>"
	    "<img src='x' onerror=\"y\">&amp;";
	static const char *const labels[] = { bad };
	const struct quo_figure figure = { bad, bad, QUO_TONE_BAD };
	const struct quo_column column = { .label = bad };
	const struct quo_cell cell = { bad, QUO_TONE_GOOD };
	const struct quo_point point = { .time = 1, .value = 1,
		.label = bad };
	const struct quo_chart chart = { .title = bad, .unit = bad,
		.limit = bad, .points = &point, .count = 1, .threshold = 1 };
	const struct quo_document_head head = { .title = bad,
		.subtitle = bad, .mark = bad, .footer = bad,
		.date = "2026-11-21" };
	struct quo_document *doc = NULL;
	struct quo_qr qr = { 0 };
	char *html;

	(void)state;
	assert_err(quo_document_new(&head, &doc), QUO_OK);
	quo_document_heading(doc, 1, bad);
	quo_document_text(doc, bad);
	quo_document_note(doc, QUO_TONE_WARN, bad);
	quo_document_item(doc, bad);
	quo_document_number(doc, bad);
	quo_document_fact(doc, bad, bad);
	quo_document_figures(doc, &figure, 1);
	quo_document_table(doc, bad, &column, 1);
	quo_document_row(doc, &cell, 1);
	quo_document_step(doc, bad, bad, true);
	quo_document_blanks(doc, labels, 1);
	assert_err(quo_qr_encode("A", 1, &qr), QUO_OK);
	quo_document_qr(doc, &qr, bad, bad);
	quo_qr_clear(&qr);
	quo_document_code(doc, bad);
	quo_document_chart(doc, &chart);
	html = html_of(doc);
	assert_int_equal(count(html, "<script"), 0);
	assert_int_equal(count(html, "<img"), 0);
	assert_int_equal(count(html, "onerror=\""), 0);
	assert_int_equal(count(html, "onerror=&quot;"),
	    count(html, "&lt;script&gt;"));
	/* 31 places: title and caption twice, chart's unit four times … */
	assert_in_range(count(html, "&lt;script&gt;"), 28, 40);
	assert_int_equal(count(html, "</table>"), 1);
	assert_int_equal(count(html, "</pre>"), 1);
	free(html);
}

static void
html_stands_alone(void **state)
{
	static const char *const outside[] = { "http:", "https:", "src=",
		"href=", "url(", "@import", "style=\"", "<script", "<link",
		"<iframe", "<object", "xlink" };
	struct quo_document *doc = begin();
	char *html;

	(void)state;
	quo_document_text(doc, "a");
	html = html_of(doc);
	for (size_t i = 0; i < sizeof outside / sizeof *outside; i++)
		assert_null(strstr(html, outside[i]));
	assert_int_equal(strncmp(html, "<!DOCTYPE html>\n<html lang=\"en\">",
	    32), 0);
	assert_non_null(strstr(html, "default-src 'none'"));
	free(html);
}

/* The policy allows the style that is there, by its hash. */
static void
policy_names_the_style(void **state)
{
	char *html = html_of(begin()), *from, *to, want[128];
	char text[QUO_BASE64_TEXT(QUO_HASH_LEN)];
	uint8_t hash[QUO_HASH_LEN];

	(void)state;
	from = strstr(html, "<style>");
	to = strstr(html, "</style>");
	assert_true(from != NULL && to != NULL);
	const struct quo_span style = { from + 7, (size_t)(to - from) - 7 };
	quo_sha256(&style, 1, hash);
	quo_base64_encode(hash, sizeof hash, text);
	snprintf(want, sizeof want, "style-src 'sha256-%s';", text);
	assert_non_null(strstr(html, want));
	free(html);
}

static void
html_nests(void **state)
{
	static const char *const tags[] = { "div", "table", "thead", "tbody",
		"tr", "th", "td", "ul", "ol", "li", "dl", "dt", "dd", "pre",
		"figure", "figcaption", "main", "header", "footer", "span" };
	const struct quo_column columns[] = { { "a" }, { "b", true, true } };
	const struct quo_cell cells[] = { { "x" }, { "1", QUO_TONE_BAD } };
	struct quo_document *doc = begin();
	char *html, open[32], close[32];

	(void)state;
	quo_document_item(doc, "a");
	quo_document_keep(doc, true);
	quo_document_item(doc, "b");
	quo_document_fact(doc, "a", "b");
	quo_document_keep(doc, true);
	quo_document_table(doc, NULL, columns, 2);
	quo_document_row(doc, cells, 2);
	quo_document_table(doc, "c", columns, 2);
	quo_document_row(doc, cells, 2);
	quo_document_row(doc, cells, 2);
	quo_document_number(doc, "n");
	quo_document_number(doc, "n");
	quo_document_step(doc, "s", NULL, false);
	quo_document_code(doc, "1\n\n2");
	quo_document_words(doc, " 1 a b\n12 c d\n", 14);
	html = html_of(doc);
	for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
		snprintf(open, sizeof open, "<%s>", tags[i]);
		snprintf(close, sizeof close, "<%s ", tags[i]);
		unsigned opened = count(html, open) + count(html, close);
		snprintf(close, sizeof close, "</%s>", tags[i]);
		assert_int_equal(opened, count(html, close));
	}
	assert_non_null(strstr(html, "<pre>1\n\n2\n</pre>"));
	assert_non_null(strstr(html, "<li value=\"2\">n</li>"));
	assert_int_equal(count(html, "<thead>"), 2);
	assert_int_equal(count(html, "<th scope=\"col\""), 4);
	assert_int_equal(count(html, "<th scope=\"row\">"), 2);
	assert_non_null(strstr(html, "<td class=\"number code bad\">"));
	free(html);
}

static void
charts_are_told_in_words(void **state)
{
	const struct quo_point points[] = {
		{ .time = 1767225600, .value = 2, .label = "INC-1" },
		{ .time = 1772323200, .value = 30, .tone = QUO_TONE_BAD },
		{ .time = 1774915200, .value = 4.5 },
	};
	const struct quo_chart chart = { .title = "Decay", .unit = "h",
		.points = points, .count = 3, .threshold = 24,
		.limit = "deadline" };
	struct quo_document *doc = begin();
	char *html;

	(void)state;
	quo_document_chart(doc, &chart);
	html = html_of(doc);
	assert_non_null(strstr(html, "<title id=\"t1\">Decay</title>"));
	assert_non_null(strstr(html, "3 in this time; median 4.50, most 30 "
	    "h; 1 over the limit"));
	assert_non_null(strstr(html, "INC-1: 2 h"));
	assert_non_null(strstr(html, ">2026-02</text>"));
	assert_int_equal(count(html, "<circle"), 3);
	free(html);
	doc = begin();
	quo_document_chart(doc, &(struct quo_chart){ .title = "Drills" });
	html = html_of(doc);
	assert_non_null(strstr(html, "nothing in this time"));
	assert_null(strstr(html, "<svg"));
	free(html);
}

static void
axes_are_round(void **state)
{
	static const double mosts[] = { 0, 1e-9, 0.02, 0.7, 1, 3, 24, 99, 640,
		12345, 1e9, 1e300 };
	static const int64_t spans[] = { 86400, 5 * 86400, 40 * 86400,
		400LL * 86400, 4000LL * 86400, 300000LL * 86400,
		2800000LL * 86400 };
	struct quo_axis axis;

	(void)state;
	for (size_t i = 0; i < sizeof mosts / sizeof *mosts; i++) {
		quo_axis_values(mosts[i], &axis);
		assert_in_range(axis.count, 2, 8);
		assert_true(mosts[i] > 1e12 || axis.to >= mosts[i]);
		for (size_t k = 1; k < axis.count; k++) {
			assert_true(axis.at[k] <= axis.to);
			assert_string_not_equal(axis.label[k],
			    axis.label[k - 1]);
		}
	}
	for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
		quo_axis_times(1767225600, 1767225600 + spans[i], &axis);
		assert_in_range(axis.count, 2, QUO_AXIS_TICKS);
		for (size_t k = 0; k < axis.count; k++)
			assert_true(axis.at[k] >= axis.from &&
			    axis.at[k] <= axis.to && axis.label[k][0] != '\0');
	}
}

/* The helper reads these: whatever they hold, it is refused or sound. */
static void
refuse_broken_bytes(void **state)
{
	struct quo_document *doc = begin();
	const struct quo_column column = { .label = "a" };
	const struct quo_cell cell = { .text = "b" };
	struct quo_block_reader reader;
	struct quo_document_head head;
	struct quo_block block;
	struct quo_span bytes;
	uint8_t *copy;
	enum quo_err err;

	(void)state;
	quo_document_table(doc, "c", &column, 1);
	quo_document_row(doc, &cell, 1);
	quo_document_chart(doc, &(struct quo_chart){ .title = "t" });
	bytes = quo_document_bytes(doc);
	for (size_t len = 0; len < bytes.len; len++) {
		copy = malloc(len + 1);
		memcpy(copy, bytes.data, len);
		err = quo_block_open(copy, len, &head, &reader);
		while (err == QUO_OK)
			err = quo_block_read(&reader, &block);
		assert_true(err == QUO_EFORMAT || err == QUO_EMISSING);
		free(copy);
	}
	copy = malloc(bytes.len);
	for (size_t i = 0; i < bytes.len * 255; i++) {
		memcpy(copy, bytes.data, bytes.len);
		copy[i / 255] ^= (uint8_t)(i % 255 + 1);
		err = quo_block_open(copy, bytes.len, &head, &reader);
		while (err == QUO_OK)
			err = quo_block_read(&reader, &block);
		assert_true(err == QUO_EFORMAT || err == QUO_EMISSING);
	}
	free(copy);
	quo_document_free(doc);
}

static void
bytes_grow_and_stop(void **state)
{
	struct quo_bytes b = { .max = 10000 };

	(void)state;
	for (int secret = 0; secret < 2; secret++) {
		b = (struct quo_bytes){ .max = 10000, .secret = secret };
		for (int i = 0; i < 10000; i++)
			quo_bytes_add(&b, &(uint8_t){ (uint8_t)i }, 1);
		assert_err(b.err, QUO_OK);
		for (int i = 0; i < 10000; i++)
			assert_int_equal(b.data[i], (uint8_t)i);
		quo_bytes_add(&b, "", 0);
		assert_err(b.err, QUO_OK);
		quo_bytes_add(&b, "x", 1);
		assert_err(b.err, QUO_ETOOBIG);
		assert_null(quo_bytes_room(&b, 0));
		quo_bytes_free(&b);
		assert_null(b.data);
	}
	quo_bytes_free(&b);
}

static void
secret_documents_stay_secret(void **state)
{
	struct quo_document_head head = plain_head;
	struct quo_document *doc = NULL;
	struct quo_bytes html = { 0 };

	(void)state;
	head.secret = true;
	assert_err(quo_document_new(&head, &doc), QUO_OK);
	quo_document_text(doc, "key");
	assert_err(quo_document_html(doc, &html), QUO_OK);
	assert_true(html.secret);
	assert_non_null(html.store);
	quo_bytes_free(&html);
	for (unsigned i = 0; i < QUO_DOCUMENT_SECRET_MAX / 8; i++)
		quo_document_text(doc, "");
	assert_err(quo_document_error(doc), QUO_ETOOBIG);
	quo_document_free(doc);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuse_heads_that_are_none),
		cmocka_unit_test(refuse_texts_that_are_none),
		cmocka_unit_test(refuse_what_is_out_of_range),
		cmocka_unit_test(refuse_charts_that_are_none),
		cmocka_unit_test(refuse_what_is_too_big),
		cmocka_unit_test(refuse_broken_bytes),
		cmocka_unit_test(escape_all_texts),
		cmocka_unit_test(html_stands_alone),
		cmocka_unit_test(policy_names_the_style),
		cmocka_unit_test(html_nests),
		cmocka_unit_test(charts_are_told_in_words),
		cmocka_unit_test(axes_are_round),
		cmocka_unit_test(bytes_grow_and_stop),
		cmocka_unit_test(secret_documents_stay_secret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
