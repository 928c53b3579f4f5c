/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "draw/axis.h"
#include "draw/html.h"

/* The chart in its own units, ten to a point of type or so: whole numbers
 * only, so that no locale writes commas into them. */
#define WIDTH 7200
#define HEIGHT 2700
#define LEFT 560
#define RIGHT 6950
#define TOP 330
#define BOTTOM 2330
#define STEMS_MOST 200

static const char *const inks[] = { "#111", "#1b6b3a", "#8a5300", "#a4172b",
	"#777" };

/* One path of all dark runs: seen as one shape, no seams between rows. */
enum quo_err
quo_html_qr(struct quo_bytes *out, const struct quo_block *block)
{
	struct quo_qr qr;
	char text[96];
	int side, run;

	if (quo_block_qr(block, &qr) != QUO_OK)
		return QUO_EFORMAT;
	side = (int)qr.side;
	snprintf(text, sizeof text, "viewBox=\"0 0 %d %d\"", side, side);
	quo_html_put(out, "<svg role=\"img\" aria-label=\"QR code: ");
	quo_html_text(out, block->text[0]);
	quo_html_put(out, "\" shape-rendering=\"crispEdges\" ");
	quo_html_put(out, text);
	quo_html_put(out, "><path d=\"");
	for (int y = 0; y < side; y++)
		for (int x = 0; x < side; x += run + 1) {
			for (run = 0; quo_qr_dark(&qr, x + run, y); run++)
				;
			if (run == 0)
				continue;
			snprintf(text, sizeof text, "M%d %dh%dv1h-%dz", x, y,
			    run, run);
			quo_html_put(out, text);
		}
	quo_html_put(out, "\"/></svg>");
	quo_wipe(text, sizeof text);
	return QUO_OK;
}

static int
place_x(const struct quo_axes *axes, double time)
{
	return LEFT + (int)((RIGHT - LEFT) *
	    quo_axis_place(&axes->time, time) + 0.5);
}

static int
place_y(const struct quo_axes *axes, double value)
{
	return BOTTOM - (int)((BOTTOM - TOP) *
	    quo_axis_place(&axes->value, value) + 0.5);
}

static void
put_line(struct quo_bytes *out, int x1, int y1, int x2, int y2,
    const char *stroke, int width, const char *more)
{
	char text[192];

	snprintf(text, sizeof text, "<path d=\"M%d %dL%d %d\" stroke=\"%s\" "
	    "stroke-width=\"%d\"%s/>", x1, y1, x2, y2, stroke, width, more);
	quo_html_put(out, text);
}

static void
put_label(struct quo_bytes *out, int x, int y, const char *anchor,
    const char *ink, const char *label)
{
	char text[160];

	snprintf(text, sizeof text, "<text x=\"%d\" y=\"%d\" "
	    "text-anchor=\"%s\" fill=\"%s\">", x, y, anchor, ink);
	quo_html_put(out, text);
	quo_html_text(out, label);
	quo_html_put(out, "</text>");
}

static void
put_axes(struct quo_bytes *out, const struct quo_axes *axes,
    const char *unit)
{
	int x, y;

	for (size_t i = 0; i < axes->value.count; i++) {
		y = place_y(axes, axes->value.at[i]);
		put_line(out, LEFT, y, RIGHT, y, i == 0 ? "#111" : "#ddd",
		    i == 0 ? 12 : 8, "");
		put_label(out, LEFT - 90, y + 40, "end", "#555",
		    axes->value.label[i]);
	}
	put_label(out, 0, TOP - 150, "start", "#555", unit);
	for (size_t i = 0; i < axes->time.count; i++) {
		x = place_x(axes, axes->time.at[i]);
		put_line(out, x, BOTTOM, x, BOTTOM + 50, "#111", 8, "");
		put_label(out, x, BOTTOM + 190, "middle", "#555",
		    axes->time.label[i]);
	}
}

static void
put_point(struct quo_bytes *out, const struct quo_axes *axes,
    const struct quo_point *p, const char *unit)
{
	int x = place_x(axes, (double)p->time), y = place_y(axes, p->value);
	char text[160], value[32];

	if (axes->shown <= STEMS_MOST)
		put_line(out, x, BOTTOM, x, y, inks[p->tone], 14, "");
	snprintf(text, sizeof text, "<circle cx=\"%d\" cy=\"%d\" r=\"%d\" "
	    "fill=\"%s\"><title>", x, y, axes->shown <= STEMS_MOST ? 48 : 26,
	    inks[p->tone]);
	quo_html_put(out, text);
	quo_html_text(out, p->label);
	quo_axis_number(p->value, value);
	quo_html_put(out, p->label[0] != '\0' ? ": " : "");
	quo_html_put(out, value);
	quo_html_put(out, " ");
	quo_html_text(out, unit);
	quo_html_put(out, "</title></circle>");
}

/* What a picture says, in words. */
static void
put_summary(struct quo_bytes *out, const struct quo_axes *axes,
    const char *unit)
{
	char median[32], most[32], text[160];

	quo_axis_number(axes->median, median);
	quo_axis_number(axes->most, most);
	snprintf(text, sizeof text, "%zu in this time; median %s, most %s ",
	    axes->shown, median, most);
	quo_html_put(out, text);
	quo_html_text(out, unit);
	snprintf(text, sizeof text, "; %zu over the limit", axes->over);
	quo_html_put(out, text);
}

static enum quo_err
put_points(struct quo_bytes *out, const struct quo_axes *axes,
    struct quo_block_chart chart, const char *unit)
{
	struct quo_point p;

	for (size_t i = 0; i < chart.count; i++) {
		if (quo_block_point(&chart, &p) != QUO_OK)
			return QUO_EFORMAT;
		if ((double)p.time >= axes->time.from &&
		    (double)p.time <= axes->time.to)
			put_point(out, axes, &p, unit);
	}
	return QUO_OK;
}

/* The line across, and its name above the chart, where no point is. */
static void
put_limit(struct quo_bytes *out, const struct quo_axes *axes, double limit,
    const char *label)
{
	static const char dashes[] = " stroke-dasharray=\"70 50\"";
	int y = place_y(axes, limit);

	put_line(out, LEFT, y, RIGHT, y, inks[QUO_TONE_BAD], 12, dashes);
	put_label(out, RIGHT, TOP - 150, "end", inks[QUO_TONE_BAD], label);
}

enum quo_err
quo_html_chart(struct quo_bytes *out, const struct quo_block *block,
    unsigned serial)
{
	const char *unit = block->text[1], *limit = block->text[2];
	struct quo_block_chart chart;
	struct quo_axes axes;
	char text[256];
	enum quo_err err;

	err = quo_block_chart(block, &chart);
	if (err == QUO_OK)
		err = quo_axis_both(&chart, &axes);
	if (err != QUO_OK)
		return err;
	if (axes.shown == 0) {
		quo_html_put(out, "<p class=\"faint\">nothing in this "
		    "time</p>");
		return QUO_OK;
	}
	snprintf(text, sizeof text, "<svg role=\"img\" aria-labelledby="
	    "\"t%u d%u\" viewBox=\"0 0 %d %d\" font-size=\"110\" "
	    "fill=\"none\"><title id=\"t%u\">", serial, serial, WIDTH,
	    HEIGHT - 100, serial);
	quo_html_put(out, text);
	quo_html_text(out, block->text[0]);
	snprintf(text, sizeof text, "</title><desc id=\"d%u\">", serial);
	quo_html_put(out, text);
	put_summary(out, &axes, unit);
	quo_html_put(out, "</desc>");
	put_axes(out, &axes, unit);
	err = put_points(out, &axes, chart, unit);
	if (chart.threshold > 0)
		put_limit(out, &axes, chart.threshold, limit);
	quo_html_put(out, "</svg>");
	return err;
}
