/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/grow.h"
#include "cmd/filename.h"
#include "cmd/sheets.h"

enum quo_exit
quo_sheets_begin(const char *output, enum quo_paper_form format,
    struct quo_sheets *s)
{
	struct stat st;
	size_t len = output != NULL ? strlen(output) : 0;

	*s = (struct quo_sheets){ .form = format, .dir = -1 };
	if (output != NULL && (stat(output, &st) != 0 ||
	    !S_ISDIR(st.st_mode))) {
		s->file = quo_paper_last(output);
		len = (size_t)(s->file - output);
		if (*s->file == '\0')
			return quo_say_misuse("%s: there is no such "
			    "directory", output);
		if (format == QUO_PAPER_OTHER)
			s->form = quo_paper_form_of(output);
		if (s->form == QUO_PAPER_OTHER || s->form == QUO_PAPER_TXT)
			return quo_say_misuse("%s: its name must end in .pdf "
			    "or .html", output);
	}
	if (s->form == QUO_PAPER_OTHER)
		s->form = QUO_PAPER_PDF;
	if (asprintf(&s->path, "%.*s%s", (int)len, output != NULL ? output :
	    "", len > 0 && output[len - 1] != '/' ? "/" : "") == -1) {
		s->path = NULL;
		return quo_say_failure(QUO_ENOMEM, "%s", "--output");
	}
	s->dir = open(len > 0 ? s->path : ".",
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return s->dir != -1 ? QUO_EXIT_DONE :
	    quo_say_failure(QUO_EIO, "%s", output != NULL ? output : ".");
}

static enum quo_exit
check(const struct quo_sheets *s, const char *name)
{
	if (s->file != NULL && s->count > 0)
		return quo_say_misuse("--output %s%s: these are several "
		    "forms: name a directory that is there", s->path,
		    s->file);
	if (faccessat(s->dir, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return quo_say_misuse("%s%s: it is there already", s->path,
		    name);
	return QUO_EXIT_DONE;
}

enum quo_exit
quo_sheets_add(struct quo_sheets *s, const char *name, const char *what,
    const struct quo_document *doc)
{
	char *file = s->file != NULL ? strdup(s->file) :
	    quo_filename_form(name, what, s->form == QUO_PAPER_PDF ? "pdf" :
	    "html");
	enum quo_exit end = file != NULL ? check(s, file) : QUO_EXIT_DONE;
	struct quo_sheet *sheet;

	if (end != QUO_EXIT_DONE) {
		free(file);
		return end;
	}
	sheet = file != NULL ? QUO_GROW(s->items, s->count) : NULL;
	if (sheet == NULL) {
		free(file);
		return quo_say_failure(QUO_ENOMEM, "%s", name);
	}
	sheet->name = file;
	return quo_paper_stage(doc, s->form, s->dir, file, &sheet->stage);
}

enum quo_exit
quo_sheets_name(struct quo_sheets *s, struct quo_json *json)
{
	enum quo_err err = QUO_OK;
	char *path;

	while (err == QUO_OK && s->named < s->count) {
		err = quo_stage_name(&s->items[s->named].stage,
		    s->items[s->named].name);
		if (err != QUO_OK)
			return quo_say_failure(err, "%s%s", s->path,
			    s->items[s->named].name);
		s->named++;
	}
	if (fsync(s->dir) != 0)
		return quo_say_failure(QUO_EIO, "%s", s->path);
	quo_json_array(json, "files");
	for (size_t i = 0; i < s->count; i++) {
		quo_say("%s%s", s->path, s->items[i].name);
		if (asprintf(&path, "%s%s", s->path, s->items[i].name) == -1)
			continue;
		quo_json_text(json, NULL, path);
		free(path);
	}
	quo_json_close(json);
	s->named = 0;
	return QUO_EXIT_DONE;
}

void
quo_sheets_end(struct quo_sheets *s)
{
	for (size_t i = 0; i < s->count; i++) {
		/* Those that got their names when a later one didn't. */
		if (i < s->named)
			unlinkat(s->dir, s->items[i].name, 0);
		quo_stage_close(&s->items[i].stage);
		free(s->items[i].name);
	}
	free(s->items);
	free(s->path);
	if (s->dir != -1)
		close(s->dir);
	*s = (struct quo_sheets){ .dir = -1 };
}
