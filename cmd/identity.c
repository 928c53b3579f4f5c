/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cmd/identity.h"

#define KEY_FILE_MAX (1u << 20)

/* A field from text; "" takes it away. */
static enum quo_exit
set(struct quo_record *record, int field, const char *option,
    const char *text)
{
	char why[QUO_ROSTER_WHY];
	enum quo_err err;

	err = quo_record_set(record, QUO_RECORD_PERSON, field,
	    *text != '\0' ? text : NULL, why);
	if (err == QUO_EINVAL)
		return quo_say_misuse("--%s: %s", option, why);
	return err == QUO_OK ? QUO_EXIT_DONE :
	    quo_say_failure(err, "--%s", option);
}

/* Lines that grow; NULL without memory. */
static char *
add_line(char *lines, const char *text)
{
	char *more = NULL;

	if (lines == NULL)
		return strdup(text);
	if (asprintf(&more, "%s\n%s", lines, text) < 0)
		more = NULL;
	free(lines);
	return more;
}

static enum quo_exit
set_list(struct quo_record *record, int field, const char *option,
    const struct quo_list *list)
{
	char *lines = NULL;
	enum quo_exit end;

	for (size_t i = 0; i < list->count; i++) {
		if (strchr(list->items[i], '\n') != NULL) {
			free(lines);
			return quo_say_misuse("--%s is one line", option);
		}
		lines = add_line(lines, list->items[i]);
		if (lines == NULL)
			return quo_say_failure(QUO_ENOMEM, "--%s", option);
	}
	end = set(record, field, option, lines);
	free(lines);
	return end;
}

static enum quo_exit
set_roles(struct quo_record *record, const char *text)
{
	char *lines = strdup(text);
	enum quo_exit end;

	if (lines == NULL)
		return quo_say_failure(QUO_ENOMEM, "--role");
	for (char *c = lines; *c != '\0'; c++)
		if (*c == ',')
			*c = '\n';
	end = set(record, QUO_PERSON_ROLES, "role", lines);
	free(lines);
	return end;
}

/* The keys of a file, a line each, behind those that are in lines. */
static enum quo_exit
load_keys(const char *path, char **lines)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text = NULL, *rest, *line;
	size_t len;
	enum quo_err err;

	if (fd < 0)
		return quo_say_failure(errno == ENOENT ? QUO_ENOENT :
		    QUO_EIO, "%s", path);
	err = quo_file_read_open(fd, KEY_FILE_MAX, &text, &len);
	close(fd);
	if (err != QUO_OK)
		return quo_say_failure(err, "%s", path);
	rest = text;
	while ((line = strsep(&rest, "\n")) != NULL)
		if (*line != '\0' && *line != '#') {
			*lines = add_line(*lines, line);
			if (*lines == NULL)
				err = QUO_ENOMEM;
		}
	free(text);
	if (err == QUO_OK && *lines == NULL)
		return quo_say_misuse("%s: there is no key in it", path);
	return err == QUO_OK ? QUO_EXIT_DONE :
	    quo_say_failure(err, "%s", path);
}

static enum quo_exit
set_keys(struct quo_record *record, const struct quo_identity *p)
{
	enum quo_exit end = QUO_EXIT_DONE;
	char *lines = NULL;

	for (size_t i = 0; end == QUO_EXIT_DONE && i < p->key.count; i++) {
		lines = add_line(lines, p->key.items[i]);
		if (lines == NULL)
			end = quo_say_failure(QUO_ENOMEM, "--key");
	}
	for (size_t i = 0; end == QUO_EXIT_DONE && i < p->key_file.count; i++)
		end = load_keys(p->key_file.items[i], &lines);
	if (end == QUO_EXIT_DONE)
		end = set(record, QUO_PERSON_KEYS, p->key_file.count > 0 ?
		    "key-file" : "key", lines);
	free(lines);
	return end;
}

enum quo_exit
quo_identity_apply(const struct quo_identity *p, struct quo_record *record)
{
	enum quo_exit end = QUO_EXIT_DONE;

	if (p->name != NULL)
		end = set(record, QUO_PERSON_NAME, "name", p->name);
	if (end == QUO_EXIT_DONE && p->contact.count > 0)
		end = set_list(record, QUO_PERSON_CONTACT, "contact",
		    &p->contact);
	if (end == QUO_EXIT_DONE && p->role != NULL)
		end = set_roles(record, p->role);
	if (end == QUO_EXIT_DONE && p->key.count + p->key_file.count > 0)
		end = set_keys(record, p);
	return end;
}

bool
quo_identity_given(const struct quo_identity *p)
{
	return p->name != NULL || p->contact.count > 0 || p->role != NULL ||
	    p->key.count > 0 || p->key_file.count > 0;
}
