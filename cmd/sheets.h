/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_CMD_SHEETS_H
#define QUO_CMD_SHEETS_H

#include "base/json.h"
#include "cmd/paper.h"

/**
 * Documents that go into files of one directory: all of them, or none. What
 * goes wrong is said.
 */
struct quo_sheet {
	char *name;
	struct quo_stage stage;
};

struct quo_sheets {
	enum quo_paper_form form;
	char *path;		/* of the directory, with a slash; or "" */
	const char *file;	/* the one file that is wanted; or NULL */
	int dir;
	struct quo_sheet *items;
	size_t count, named;
};

/**
 * output   a directory that is there, the name of one file, or NULL: here
 * format   as asked for; QUO_PAPER_OTHER: as the file's name ends, else PDF
 * End it in each case.
 */
enum quo_exit quo_sheets_begin(const char *output, enum quo_paper_form format,
    struct quo_sheets *sheets);

/** One more, as NAME-WHAT.pdf, unless one file is wanted; nothing has that
 * name yet. */
enum quo_exit quo_sheets_add(struct quo_sheets *sheets, const char *name,
    const char *what, const struct quo_document *doc);

/** Give all their names, tell them, and into json as the list "files". */
enum quo_exit quo_sheets_name(struct quo_sheets *sheets,
    struct quo_json *json);

void quo_sheets_end(struct quo_sheets *sheets);

#endif
