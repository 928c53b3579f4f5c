/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cmd/paper.h"

enum quo_paper_form
quo_paper_form_of(const char *path)
{
	static const struct {
		const char *ending;
		enum quo_paper_form form;
	} forms[] = {
		{ ".pdf", QUO_PAPER_PDF }, { ".html", QUO_PAPER_HTML },
		{ ".txt", QUO_PAPER_TXT },
	};
	const char *dot = strrchr(quo_paper_last(path), '.');

	for (size_t i = 0; dot != NULL && i < sizeof forms / sizeof *forms;
	    i++)
		if (strcasecmp(dot, forms[i].ending) == 0)
			return forms[i].form;
	return QUO_PAPER_OTHER;
}

const char *
quo_paper_last(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

int
quo_paper_directory(const char *path)
{
	char *parent = strdup(path);
	int dir = -1;

	if (parent == NULL)
		return -1;
	parent[quo_paper_last(path) - path] = '\0';
	dir = open(*parent != '\0' ? parent : ".",
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(parent);
	return dir;
}

static enum quo_exit
stage_pdf(const struct quo_document *doc, int dir, const char *label,
    struct quo_stage *stage)
{
	struct quo_secret *pdf = NULL;
	char note[QUO_DRAW_NOTE] = "";
	enum quo_exit end = QUO_EXIT_DONE;
	enum quo_err err;

	err = quo_document_pdf(doc, &pdf, note);
	if (err == QUO_ETOOBIG) {
		quo_say_error("%s: it is too long for its page", label);
		quo_say_hint("shorten what the inventory says, or take "
		    "--format html");
		end = QUO_EXIT_MISUSE;
	} else if (err != QUO_OK && note[0] != '\0') {
		/* No helper is no misuse. */
		quo_say_error("%s: %s", label, note);
		end = err == QUO_ENOENT ? QUO_EXIT_MACHINE :
		    quo_exit_of(err);
	} else if (err != QUO_OK) {
		end = quo_say_failure(err, "%s", label);
	} else if (note[0] != '\0') {
		quo_say_warning("%s: %s", label, note);
	}
	if (err == QUO_OK) {
		err = quo_stage_write(dir, pdf->data, pdf->len, stage);
		if (err != QUO_OK)
			end = quo_say_failure(err, "%s", label);
	}
	quo_secret_free(pdf);
	return end;
}

enum quo_exit
quo_paper_stage(const struct quo_document *doc, enum quo_paper_form form,
    int dir, const char *label, struct quo_stage *stage)
{
	struct quo_bytes html = { 0 };
	enum quo_exit end = QUO_EXIT_DONE;
	enum quo_err err;

	*stage = (struct quo_stage){ .dir = dir, .fd = -1 };
	if (form == QUO_PAPER_PDF)
		return stage_pdf(doc, dir, label, stage);
	err = quo_document_html(doc, &html);
	if (err == QUO_OK)
		err = quo_stage_write(dir, html.data, html.len, stage);
	if (err != QUO_OK)
		end = quo_say_failure(err, "%s", label);
	quo_bytes_free(&html);
	return end;
}

enum quo_exit
quo_paper_write(const struct quo_document *doc, enum quo_paper_form form,
    const char *path)
{
	int dir = quo_paper_directory(path);
	struct quo_stage stage = { .fd = -1 };
	enum quo_exit end;
	enum quo_err err;

	if (dir == -1)
		return quo_say_failure(QUO_EIO, "%s", path);
	end = quo_paper_stage(doc, form, dir, path, &stage);
	if (end == QUO_EXIT_DONE) {
		err = quo_stage_name(&stage, quo_paper_last(path));
		if (err == QUO_OK && fsync(dir) != 0)
			err = QUO_EIO;
		if (err != QUO_OK)
			end = quo_say_failure(err, "%s", path);
	}
	quo_stage_close(&stage);
	close(dir);
	return end;
}
