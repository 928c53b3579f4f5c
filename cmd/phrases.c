/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cmd/filename.h"
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

static enum quo_err
write_file(const struct quo_render *render, unsigned serial, int dir)
{
	const char *phrase = quo_dealing_phrase(render->dealing, serial);
	struct quo_stage stage = { .fd = -1 };
	char line[QUO_PHRASE_TEXT + 1], *name;
	enum quo_err err;

	name = quo_filename(render->title,
	    render->dealing->set.header.generation, serial,
	    quo_render_custodian(render, serial), 0, "phrase");
	if (name == NULL)
		return QUO_ENOMEM;
	snprintf(line, sizeof line, "%s\n", phrase);
	err = quo_stage_write(dir, (const uint8_t *)line, strlen(line),
	    &stage);
	if (err == QUO_OK)
		err = quo_stage_name(&stage, name);
	quo_stage_close(&stage);
	quo_wipe(line, sizeof line);
	free(name);
	return err;
}

/* Whether two descriptors are of one directory. */
static bool
same_file(int a, int b)
{
	struct stat of_a, of_b;

	return b != -1 && fstat(a, &of_a) == 0 && fstat(b, &of_b) == 0 &&
	    of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
}

static enum quo_exit
to_directory(const struct quo_render *render, const char *path, int cards)
{
	enum quo_err err = QUO_OK;
	int dir;

	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return quo_say_failure(QUO_EIO, "%s", path);
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir == -1)
		return quo_say_failure(QUO_EIO, "%s", path);
	if (same_file(dir, cards)) {
		close(dir);
		return quo_say_misuse("%s: phrases don't go beside the cards",
		    path);
	}
	for (unsigned s = 1; err == QUO_OK && s <= render->dealing->n; s++)
		err = write_file(render, s, dir);
	if (err == QUO_OK && fsync(dir) != 0)
		err = QUO_EIO;
	close(dir);
	return err == QUO_OK ? QUO_EXIT_DONE :
	    quo_say_failure(err, "%s", path);
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

enum quo_exit
quo_phrases_give(const struct quo_render *render, const char *directory,
    long fd, int cards)
{
	if (quo_dealing_phrase(render->dealing, 1) == NULL)
		return QUO_EXIT_DONE;
	if (directory != NULL)
		return to_directory(render, directory, cards);
	if (fd >= 0)
		return to_descriptor(render, (int)fd);
	return to_terminal(render);
}
