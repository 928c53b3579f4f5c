/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "card/textcard.h"

enum quo_err
quo_textcard_print(const struct quo_dealing *dealing, unsigned serial,
    struct quo_secret **text)
{
	unsigned parts = quo_part_count(dealing->set.len);
	struct quo_secret *lines[1 + QUO_PARTS_MAX] = { NULL };
	struct quo_secret *all = NULL;
	struct quo_writer w;
	size_t len = 0;
	enum quo_err err;

	err = quo_dealing_share_text(dealing, serial, &lines[0]);
	for (unsigned i = 1; err == QUO_OK && i <= parts; i++)
		err = quo_dealing_set_text(dealing, i, &lines[i]);
	/* Each line's NUL makes room for its newline. */
	for (unsigned i = 0; err == QUO_OK && i <= parts; i++)
		len += lines[i]->len;
	if (err == QUO_OK)
		err = quo_secret_new(len, &all);
	if (err != QUO_OK)
		goto out;
	w = quo_writer_on(all->data, all->len);
	for (unsigned i = 0; i <= parts; i++) {
		quo_write_bytes(&w, lines[i]->data, lines[i]->len - 1);
		quo_write_uint(&w, '\n', 1);
	}
	*text = all;
out:
	for (unsigned i = 0; i <= parts; i++)
		quo_secret_free(lines[i]);
	return err;
}

/* The rows of words of one card as they are gathered. */
struct gathering {
	struct quo_pool *pool;
	const char *label;
	const struct quo_textcard_ask *ask;
	struct quo_secret *rows;	/* QUO_WORDS_ROWS_MAX rows */
	size_t count;
	enum quo_words_kind kind;
};

static struct quo_words_row *
row_at(const struct gathering *g, size_t i)
{
	return (struct quo_words_row *)(void *)g->rows->data + i;
}

/* Fill the gaps between the numbers with rows that can't be read. */
static bool
fill_gaps(struct gathering *g)
{
	unsigned first = quo_words_first(g->kind);
	size_t want = row_at(g, g->count - 1)->number - first + 1u;

	if (g->kind == QUO_WORDS_SHARE)
		want = quo_words_rows(QUO_WORDS_SHARE, QUO_WORDS_SHARE_LEN);
	if (want > QUO_WORDS_ROWS_MAX || want < g->count)
		return false;
	for (size_t i = want; i-- > 0;) {
		struct quo_words_row *row = row_at(g, i);

		if (g->count > 0 &&
		    row_at(g, g->count - 1)->number == first + i) {
			g->count--;
			*row = *row_at(g, g->count);
			continue;
		}
		memset(row, 0, sizeof *row);
		row->number = (uint16_t)(first + i);
		memset(row->missing, 1, sizeof row->missing);
	}
	g->count = want;
	return true;
}

static bool
confirmed(const struct gathering *g, const struct quo_secret *fixes)
{
	const void *list;

	if (fixes == NULL)
		return true;
	list = fixes->data;
	return g->ask != NULL && g->ask->confirm(g->ask->with, list,
	    fixes->len / sizeof(struct quo_words_fix));
}

/* The rows of one kind are complete: take them apart. */
static enum quo_err
finish(struct gathering *g)
{
	enum quo_card_part part = g->kind == QUO_WORDS_SHARE ?
	    QUO_PART_SHARE : QUO_PART_SET;
	struct quo_secret *data = NULL, *fixes = NULL;
	uint64_t doubt;
	enum quo_err err;

	if (g->count == 0)
		return QUO_OK;
	err = fill_gaps(g) ? quo_words_decode(row_at(g, 0), g->count, &data,
	    &fixes, &doubt) : QUO_EFORMAT;
	if (err == QUO_OK && !confirmed(g, fixes))
		err = QUO_ECHECK;
	if (err != QUO_OK)
		err = quo_pool_add_damaged(g->pool, g->label, part, err);
	else if (g->kind == QUO_WORDS_SHARE)
		err = quo_pool_add_typed(g->pool, g->label, data->data);
	else
		err = quo_pool_add_set(g->pool, g->label, data->data,
		    data->len);
	quo_secret_free(data);
	quo_secret_free(fixes);
	quo_wipe(g->rows->data, g->rows->len);
	g->count = 0;
	return err;
}

static enum quo_err
add_row(struct gathering *g, const char *line, size_t len)
{
	struct quo_words_row row;
	enum quo_words_kind kind;
	unsigned at;
	enum quo_err err, parsed;

	parsed = quo_words_parse_row(line, len, &row, &at);
	if (parsed != QUO_OK)
		return quo_pool_add_damaged(g->pool, g->label,
		    QUO_PART_TEXT, parsed);
	if (quo_words_kind_of(row.number, &kind) != QUO_OK)
		return quo_pool_add_damaged(g->pool, g->label,
		    QUO_PART_TEXT, QUO_EFORMAT);
	err = QUO_OK;
	if (g->count > 0 && (kind != g->kind ||
	    row.number <= row_at(g, g->count - 1)->number))
		err = finish(g);
	if (err == QUO_OK) {
		g->kind = kind;
		*row_at(g, g->count++) = row;
	}
	quo_wipe(&row, sizeof row);
	return err;
}

static enum quo_err
add_line(struct gathering *g, const char *line, size_t len)
{
	while (len > 0 && strchr(" \t\r\v\f", *line) != NULL) {
		line++;
		len--;
	}
	if (len == 0 || *line == '#')
		return QUO_OK;
	if (*line >= '0' && *line <= '9')
		return add_row(g, line, len);
	return quo_pool_add_text(g->pool, g->label, line, len);
}

enum quo_err
quo_textcard_add(struct quo_pool *pool, const char *label, const char *text,
    size_t len, const struct quo_textcard_ask *ask)
{
	struct gathering g = { .pool = pool, .label = label, .ask = ask };
	const char *end;
	size_t line;
	enum quo_err err;

	if (len > QUO_TEXTCARD_MAX)
		return QUO_ETOOBIG;
	err = quo_secret_new(QUO_WORDS_ROWS_MAX *
	    sizeof(struct quo_words_row), &g.rows);
	while (err == QUO_OK && len > 0) {
		end = memchr(text, '\n', len);
		line = end != NULL ? (size_t)(end - text) : len;
		/* A NUL would end the line for some readers and not others. */
		err = memchr(text, '\0', line) != NULL ?
		    quo_pool_add_damaged(pool, label, QUO_PART_TEXT,
		    QUO_EFORMAT) : add_line(&g, text, line);
		line += end != NULL ? 1 : 0;
		text += line;
		len -= line;
	}
	if (err == QUO_OK)
		err = finish(&g);
	quo_secret_free(g.rows);
	return err;
}
