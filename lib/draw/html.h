/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_HTML_H
#define QUO_HTML_H

#include "draw/block.h"

/** What the parts of the HTML writer share. */

/** Add a literal; a text, escaped for element content and for attributes in
 * double quotes. */
void quo_html_put(struct quo_bytes *out, const char *literal);
void quo_html_text(struct quo_bytes *out, const char *text);

/** The style sheet of each document, in parts; and one more by paper. */
#define QUO_HTML_STYLES 3
extern const char *const quo_html_style[QUO_HTML_STYLES];
extern const char *const quo_html_sheet[QUO_FACE_LETTER + 1];

/** Pictures, as inline SVG. serial makes the ids of a file unique. Fail with
 * QUO_EFORMAT, QUO_ENOMEM. */
enum quo_err quo_html_qr(struct quo_bytes *out, const struct quo_block *block);
enum quo_err quo_html_chart(struct quo_bytes *out,
    const struct quo_block *block, unsigned serial);

#endif
