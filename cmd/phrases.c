/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "cmd/phrases.h"
#include "cmd/tty.h"

static enum quo_err
write_line(const struct quo_render *render, unsigned serial, int fd)
{
	char line[QUO_PHRASE_TEXT + 8];
	enum quo_err err;

	snprintf(line, sizeof line, "%u %s\n", serial,
	    quo_dealing_phrase(render->dealing, serial));
	err = quo_file_write(fd, (const uint8_t *)line, strlen(line));
	quo_wipe(line, sizeof line);
	return err;
}

static enum quo_exit
to_descriptor(const struct quo_render *render, int fd)
{
	enum quo_err err = QUO_OK;

	for (unsigned s = 1; err == QUO_OK && s <= render->dealing->n; s++)
		err = write_line(render, s, fd);
	return err == QUO_OK ? QUO_EXIT_DONE :
	    quo_say_failure(err, "descriptor %d", fd);
}

static enum quo_exit
to_terminal(const struct quo_render *render)
{
	char title[256];
	struct quo_secret *shown = NULL;
	const char *phrase, *whose;
	enum quo_err err = QUO_OK;

	for (unsigned s = 1; err == QUO_OK && s <= render->dealing->n; s++) {
		whose = quo_render_custodian(render, s);
		phrase = quo_dealing_phrase(render->dealing, s);
		snprintf(title, sizeof title, "Lock phrase of card %u%s%s%s",
		    s, whose != NULL ? ", for " : "",
		    whose != NULL ? whose : "",
		    whose != NULL ? " only" : "");
		err = quo_secret_copy((const uint8_t *)phrase,
		    strlen(phrase), &shown);
		if (err == QUO_OK)
			err = quo_tty_show_phrase(shown, title);
		quo_secret_free(shown);
		shown = NULL;
	}
	return err == QUO_OK ? QUO_EXIT_DONE :
	    quo_say_failure(err, "%s", "lock phrases");
}

enum quo_err
quo_phrases_file(const struct quo_dealing *dealing, unsigned serial,
    struct quo_secret **file)
{
	const char *phrase = quo_dealing_phrase(dealing, serial);
	size_t len = strlen(phrase);
	enum quo_err err;

	err = quo_secret_new(len + 1, file);
	if (err != QUO_OK)
		return err;
	memcpy((*file)->data, phrase, len);
	(*file)->data[len] = '\n';
	return QUO_OK;
}

enum quo_exit
quo_phrases_give(const struct quo_render *render, long fd)
{
	if (quo_dealing_phrase(render->dealing, 1) == NULL)
		return QUO_EXIT_DONE;
	return fd >= 0 ? to_descriptor(render, (int)fd) : to_terminal(render);
}
