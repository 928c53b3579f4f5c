/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_CMD_PAPER_H
#define QUO_CMD_PAPER_H

#include "base/file.h"
#include "cmd/say.h"
#include "draw/document.h"

/**
 * Documents as files: in which form, and where to. What goes wrong is said.
 */
enum quo_paper_form {
	QUO_PAPER_OTHER = 0,
	QUO_PAPER_PDF = 1,
	QUO_PAPER_HTML = 2,
	QUO_PAPER_TXT = 3
};

/** The form that the ending of a file's name says. */
enum quo_paper_form quo_paper_form_of(const char *path);

/** The last part of a path. */
const char *quo_paper_last(const char *path);

/** The directory that a path stands in, to be closed; -1: see errno. */
int quo_paper_directory(const char *path);

/**
 * Write a document, as PDF or HTML, into a new file of mode 0600 that has no
 * name yet. A letter that no font has is a warning.
 *
 * label   what failures are about
 * stage   the caller closes it in each case
 */
enum quo_exit quo_paper_stage(const struct quo_document *doc,
    enum quo_paper_form form, int dir, const char *label,
    struct quo_stage *stage);

/** The same with a name at once, where nothing may be yet; synced. */
enum quo_exit quo_paper_write(const struct quo_document *doc,
    enum quo_paper_form form, const char *path);

#endif
