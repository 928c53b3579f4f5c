/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_SAMPLE_H
#define QUO_SAMPLE_H

#include <stdio.h>

#include "draw/document.h"

/** Write a document to standard output. */
static inline enum quo_err
put(const struct quo_document *doc, bool pdf)
{
	struct quo_bytes html = { 0 };
	struct quo_secret *out = NULL;
	char note[QUO_DRAW_NOTE] = "";
	enum quo_err err;

	if (pdf) {
		err = quo_document_pdf(doc, &out, note);
		if (note[0] != '\0')
			fprintf(stderr, "%s\n", note);
		if (err == QUO_OK)
			fwrite(out->data, 1, out->len, stdout);
	} else {
		err = quo_document_html(doc, &html);
		if (err == QUO_OK)
			fwrite(html.data, 1, html.len, stdout);
	}
	quo_secret_free(out);
	quo_bytes_free(&html);
	return err;
}

#endif
