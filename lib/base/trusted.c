/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/trusted.h"

/* Where the reason goes. */
struct reason {
	char *why;
	size_t size;
};

static enum quo_err
unsafe(struct reason to, const char *path, const char *words)
{
	snprintf(to.why, to.size, "%s %s", path, words);
	return QUO_EUNSAFE;
}

static enum quo_err
check_owner(struct reason to, const char *path, const struct stat *st)
{
	if (st->st_uid == 0 || st->st_uid == geteuid())
		return QUO_OK;
	return unsafe(to, path, geteuid() == 0 ? "is not owned by root" :
	    "is owned by another user");
}

static enum quo_err
check_file(struct reason to, const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return QUO_ENOENT;
	if (!S_ISREG(st.st_mode))
		return unsafe(to, path, "is no regular file");
	if (access(path, X_OK) != 0)
		return unsafe(to, path, "is not executable");
	if ((st.st_mode & 022) != 0)
		return unsafe(to, path, "is writable by others");
	return check_owner(to, path, &st);
}

static enum quo_err
check_dir(struct reason to, const char *path, bool nearest)
{
	struct stat st;
	enum quo_err err;

	if (stat(path, &st) != 0)
		return unsafe(to, path, "can't be looked at");
	err = check_owner(to, path, &st);
	if (err == QUO_OK && (st.st_mode & 022) != 0 &&
	    (nearest || (st.st_mode & S_ISVTX) == 0))
		err = unsafe(to, path, "is writable by others");
	return err;
}

enum quo_err
quo_trusted_program(const char *path, char **real, char *why, size_t size)
{
	struct reason to = { why, size };
	char *found;
	enum quo_err err;

	why[0] = '\0';
	found = realpath(path, NULL);
	if (found == NULL)
		return errno == ENOMEM ? QUO_ENOMEM : QUO_ENOENT;
	err = check_file(to, found);
	if (err == QUO_OK)
		*real = found;
	else
		free(found);
	return err;
}

enum quo_err
quo_trusted_above(const char *path, char *why, size_t size)
{
	struct reason to = { why, size };
	char *dir = strdup(path), *slash;
	enum quo_err err = QUO_OK;
	bool nearest = true;

	why[0] = '\0';
	if (dir == NULL)
		return QUO_ENOMEM;
	while (err == QUO_OK && (slash = strrchr(dir, '/')) != NULL) {
		slash[slash == dir ? 1 : 0] = '\0';
		err = check_dir(to, dir, nearest);
		nearest = false;
		if (slash == dir)
			break;
	}
	free(dir);
	return err;
}
