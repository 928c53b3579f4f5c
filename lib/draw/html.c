/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "base/crypt.h"
#include "draw/html.h"

#define HTML_MAX (256u << 20)

/* Where we are: blocks of one kind share an element around them. */
struct html {
	struct quo_bytes *out;
	enum quo_block_kind open;	/* 0: none is open */
	bool keeping;
	unsigned charts;
	unsigned columns[QUO_DOCUMENT_COLUMNS];	/* flags, of the table */
};

void
quo_html_put(struct quo_bytes *out, const char *literal)
{
	quo_bytes_add(out, literal, strlen(literal));
}

void
quo_html_text(struct quo_bytes *out, const char *text)
{
	static const char special[] = "&<>\"'";
	static const char *const names[] = { "&amp;", "&lt;", "&gt;",
		"&quot;", "&#39;" };
	size_t plain;

	for (; *text != '\0'; text++) {
		plain = strcspn(text, special);
		quo_bytes_add(out, text, plain);
		text += plain;
		if (*text == '\0')
			break;
		quo_html_put(out, names[strchr(special, *text) - special]);
	}
}

static void
put_int(struct quo_bytes *out, long long number)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", number);
	quo_html_put(out, text);
}

static const char *
tone_of(unsigned tone)
{
	static const char *const names[] = { "plain", "good", "warn", "bad",
		"faint" };

	return names[tone < sizeof names / sizeof *names ? tone : 0];
}

/* <tag>text</tag>; tag may hold attributes behind a space. */
static void
put_element(struct html *h, const char *tag, const char *text)
{
	quo_html_put(h->out, "<");
	quo_html_put(h->out, tag);
	quo_html_put(h->out, ">");
	quo_html_text(h->out, text);
	quo_html_put(h->out, "</");
	quo_bytes_add(h->out, tag, strcspn(tag, " "));
	quo_html_put(h->out, ">");
}

/* What stands around blocks of one kind. */
static const struct {
	const char *open, *close;
} around[QUO_BLOCK_KINDS] = {
	[QUO_BLOCK_ITEM] = { "<ul>\n", "</ul>\n" },
	[QUO_BLOCK_NUMBER] = { "<ol>\n", "</ol>\n" },
	[QUO_BLOCK_FACT] = { "<dl>\n", "</dl>\n" },
	[QUO_BLOCK_TABLE] = { "<div class=\"table\" role=\"region\" "
	    "tabindex=\"0\" aria-label=\"", "</tbody></table></div>\n" },
	[QUO_BLOCK_STEP] = { "<ol class=\"steps\">\n", "</ol>\n" },
	[QUO_BLOCK_CODE] = { "<pre>", "</pre>\n" },
	[QUO_BLOCK_WORDS] = { "<div class=\"table\"><table class=\"words\">"
	    "<tbody>\n", "</tbody></table></div>\n" },
};

static void
close_open(struct html *h)
{
	if (h->open != 0 && around[h->open].close != NULL)
		quo_html_put(h->out, around[h->open].close);
	h->open = 0;
}

/* Be within the element of this kind; a table always is a new one. */
static void
enter(struct html *h, enum quo_block_kind kind)
{
	if (kind == QUO_BLOCK_ROW ||
	    (kind == h->open && kind != QUO_BLOCK_TABLE))
		return;
	close_open(h);
	h->open = kind;
	if (around[kind].open != NULL)
		quo_html_put(h->out, around[kind].open);
}

static void
put_heading(struct html *h, const struct quo_block *b)
{
	put_element(h, b->arg == 1 ? "h2" : "h3", b->text[0]);
}

static void
put_text(struct html *h, const struct quo_block *b)
{
	put_element(h, "p", b->text[0]);
}

static void
put_note(struct html *h, const struct quo_block *b)
{
	char tag[32];

	snprintf(tag, sizeof tag, "p class=\"note %s\"",
	    tone_of(b->flag[0]));
	put_element(h, tag, b->text[0]);
}

static void
put_item(struct html *h, const struct quo_block *b)
{
	char tag[32] = "li";

	if (b->kind == QUO_BLOCK_NUMBER)
		snprintf(tag, sizeof tag, "li value=\"%u\"", b->arg);
	put_element(h, tag, b->text[0]);
}

static void
put_fact(struct html *h, const struct quo_block *b)
{
	put_element(h, "dt", b->text[0]);
	put_element(h, "dd", b->text[1]);
}

static void
put_figures(struct html *h, const struct quo_block *b)
{
	char tag[32];

	quo_html_put(h->out, "<div class=\"figures\">");
	for (size_t i = 0; i + 1 < b->count; i += 2) {
		quo_html_put(h->out, "<div>");
		put_element(h, "p class=\"label\"", b->text[i]);
		snprintf(tag, sizeof tag, "p class=\"value %s\"",
		    tone_of(b->flag[i + 1]));
		put_element(h, tag, b->text[i + 1]);
		quo_html_put(h->out, "</div>");
	}
	quo_html_put(h->out, "</div>");
}

static const char *
column_class(unsigned flags)
{
	static const char *const names[] = { "", "number", "code",
		"number code" };

	return names[flags & 3];
}

static void
put_table(struct html *h, const struct quo_block *b)
{
	char tag[64];

	quo_html_text(h->out, b->text[0][0] != '\0' ? b->text[0] : "table");
	quo_html_put(h->out, "\"><table>");
	if (b->text[0][0] != '\0')
		put_element(h, "caption", b->text[0]);
	quo_html_put(h->out, "<thead><tr>");
	for (size_t i = 1; i < b->count; i++) {
		h->columns[i - 1] = b->flag[i];
		snprintf(tag, sizeof tag, "th scope=\"col\" class=\"%s\"",
		    column_class(b->flag[i] & QUO_COLUMN_NUMBER));
		put_element(h, tag, b->text[i]);
	}
	quo_html_put(h->out, "</tr></thead><tbody>");
}

static void
put_row(struct html *h, const struct quo_block *b)
{
	quo_html_put(h->out, "<tr>");
	for (size_t i = 0; i < b->count; i++) {
		quo_html_put(h->out, "<td class=\"");
		quo_html_put(h->out, column_class(h->columns[i]));
		quo_html_put(h->out, b->flag[i] != 0 ? " " : "");
		quo_html_put(h->out, b->flag[i] != 0 ?
		    tone_of(b->flag[i]) : "");
		quo_html_put(h->out, "\">");
		put_element(h, "span", b->text[i]);
		quo_html_put(h->out, "</td>");
	}
	quo_html_put(h->out, "</tr>");
}

/* Each word by itself: a line may end behind it, but not within "--json". */
static void
put_command(struct html *h, const char *command)
{
	char word[QUO_DOCUMENT_TEXT + 1];
	size_t len;

	quo_html_put(h->out, "<code>");
	for (; *command != '\0'; command += len) {
		len = strcspn(command, " ");
		snprintf(word, sizeof word, "%.*s", (int)len, command);
		if (len > 0)
			put_element(h, "span", word);
		if (command[len] == ' ') {
			quo_html_put(h->out, " ");
			len++;
		}
	}
	quo_html_put(h->out, "</code>");
	quo_wipe(word, sizeof word);
}

static void
put_step(struct html *h, const struct quo_block *b)
{
	quo_html_put(h->out, b->flag[0] != 0 ? "<li class=\"sign\">" :
	    "<li>");
	quo_html_put(h->out, "<span class=\"n\">");
	put_int(h->out, b->arg);
	quo_html_put(h->out, "</span><div>");
	put_element(h, "p", b->text[0]);
	if (b->text[1][0] != '\0')
		put_command(h, b->text[1]);
	quo_html_put(h->out, "</div>");
	if (b->flag[0] != 0)
		quo_html_put(h->out, "<div class=\"blank\">UTC time</div>"
		    "<div class=\"blank\">initials</div>");
	quo_html_put(h->out, "</li>");
}

static void
put_blanks(struct html *h, const struct quo_block *b)
{
	quo_html_put(h->out, "<div class=\"blanks\">");
	for (size_t i = 0; i < b->count; i++)
		put_element(h, "div class=\"blank\"", b->text[i]);
	quo_html_put(h->out, "</div>");
}

static void
put_qr(struct html *h, const struct quo_block *b)
{
	enum quo_err err;

	quo_html_put(h->out, "<figure class=\"qr\">");
	err = quo_html_qr(h->out, b);
	quo_html_put(h->out, "<figcaption>");
	quo_html_text(h->out, b->text[0]);
	if (b->text[1][0] != '\0')
		put_element(h, "code", b->text[1]);
	quo_html_put(h->out, "</figcaption></figure>");
	if (h->out->err == QUO_OK)
		h->out->err = err;
}

static void
put_code(struct html *h, const struct quo_block *b)
{
	quo_html_text(h->out, b->text[0]);
	quo_html_put(h->out, "\n");
}

static void
put_words(struct html *h, const struct quo_block *b)
{
	quo_html_put(h->out, "<tr>");
	put_element(h, "th scope=\"row\"", b->text[0]);
	for (size_t i = 1; i < b->count; i++)
		put_element(h, "td", b->text[i]);
	quo_html_put(h->out, "</tr>");
}

static void
put_chart(struct html *h, const struct quo_block *b)
{
	enum quo_err err;

	quo_html_put(h->out, "<figure class=\"chart\">");
	put_element(h, "figcaption", b->text[0]);
	err = quo_html_chart(h->out, b, ++h->charts);
	quo_html_put(h->out, "</figure>");
	if (h->out->err == QUO_OK)
		h->out->err = err;
}

static void
put_break(struct html *h, const struct quo_block *b)
{
	(void)b;
	quo_html_put(h->out, "<div class=\"break\"></div>");
}

static void
put_keep(struct html *h, const struct quo_block *b)
{
	if (h->keeping)
		quo_html_put(h->out, "</div>");
	h->keeping = b->arg != 0;
	if (h->keeping)
		quo_html_put(h->out, "<div class=\"keep\">");
}

static void (*const writers[QUO_BLOCK_KINDS])(struct html *,
    const struct quo_block *) = {
	[QUO_BLOCK_HEADING] = put_heading,
	[QUO_BLOCK_TEXT] = put_text,
	[QUO_BLOCK_NOTE] = put_note,
	[QUO_BLOCK_ITEM] = put_item,
	[QUO_BLOCK_NUMBER] = put_item,
	[QUO_BLOCK_FACT] = put_fact,
	[QUO_BLOCK_FIGURES] = put_figures,
	[QUO_BLOCK_TABLE] = put_table,
	[QUO_BLOCK_ROW] = put_row,
	[QUO_BLOCK_STEP] = put_step,
	[QUO_BLOCK_BLANKS] = put_blanks,
	[QUO_BLOCK_QR] = put_qr,
	[QUO_BLOCK_CODE] = put_code,
	[QUO_BLOCK_WORDS] = put_words,
	[QUO_BLOCK_CHART] = put_chart,
	[QUO_BLOCK_BREAK] = put_break,
	[QUO_BLOCK_KEEP] = put_keep,
};

/* The one style is allowed by its hash: one that got in would be none. */
static void
put_policy(struct html *h, enum quo_face_paper paper)
{
	struct quo_span style[QUO_HTML_STYLES + 1] = {
		{ quo_html_sheet[paper], strlen(quo_html_sheet[paper]) },
	};
	uint8_t hash[QUO_HASH_LEN];
	char text[QUO_BASE64_TEXT(QUO_HASH_LEN)];

	for (size_t i = 0; i < QUO_HTML_STYLES; i++)
		style[i + 1] = (struct quo_span){ quo_html_style[i],
			strlen(quo_html_style[i]) };
	quo_sha256(style, QUO_HTML_STYLES + 1, hash);
	quo_base64_encode(hash, sizeof hash, text);
	quo_html_put(h->out, "<meta http-equiv=\"Content-Security-Policy\" "
	    "content=\"default-src 'none'; style-src 'sha256-");
	quo_html_put(h->out, text);
	quo_html_put(h->out, "'; base-uri 'none'; form-action 'none'\">\n");
}

static void
put_head(struct html *h, const struct quo_document_head *head)
{
	quo_html_put(h->out, "<!DOCTYPE html>\n<html lang=\"en\"");
	quo_html_put(h->out, head->snug || head->one_page ?
	    " class=\"snug\">\n" : ">\n");
	quo_html_put(h->out, "<head>\n<meta charset=\"utf-8\">\n");
	put_policy(h, head->paper);
	quo_html_put(h->out, "<meta name=\"viewport\" "
	    "content=\"width=device-width\">\n"
	    "<meta name=\"referrer\" content=\"no-referrer\">\n");
	put_element(h, "title", head->title);
	quo_html_put(h->out, "\n<style>");
	quo_html_put(h->out, quo_html_sheet[head->paper]);
	for (size_t i = 0; i < QUO_HTML_STYLES; i++)
		quo_html_put(h->out, quo_html_style[i]);
	quo_html_put(h->out, "</style>\n</head>\n<body>\n"
	    "<header><div class=\"banner\">");
	put_element(h, "h1", head->title);
	if (head->mark[0] != '\0')
		put_element(h, "p class=\"mark\"", head->mark);
	quo_html_put(h->out, "</div>");
	if (head->subtitle[0] != '\0')
		put_element(h, "p class=\"subtitle\"", head->subtitle);
	quo_html_put(h->out, "</header>\n<main>\n");
}

static void
put_foot(struct html *h, const struct quo_document_head *head)
{
	if (h->keeping)
		quo_html_put(h->out, "</div>");
	quo_html_put(h->out, "</main>\n<footer>");
	put_element(h, "p", head->footer);
	put_element(h, "p", head->date);
	quo_html_put(h->out, "</footer>\n</body>\n</html>\n");
}

enum quo_err
quo_document_html(const struct quo_document *doc, struct quo_bytes *html)
{
	struct quo_span bytes = quo_document_bytes(doc);
	struct quo_block_reader reader;
	struct quo_document_head head;
	struct html h = { .out = html };
	struct quo_block block;
	enum quo_err err = quo_document_error(doc);

	if (err == QUO_OK)
		err = quo_crypt_init();
	if (err == QUO_OK)
		err = quo_block_open(bytes.data, bytes.len, &head, &reader);
	if (err != QUO_OK)
		return err;
	*html = (struct quo_bytes){ .secret = head.secret,
		.max = head.secret ? QUO_SECRET_MAX : HTML_MAX };
	put_head(&h, &head);
	while ((err = quo_block_read(&reader, &block)) == QUO_OK) {
		enter(&h, block.kind);
		writers[block.kind](&h, &block);
	}
	close_open(&h);
	put_foot(&h, &head);
	return err != QUO_EMISSING ? err : html->err;
}
