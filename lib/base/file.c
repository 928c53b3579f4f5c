/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

#define FIRST_READ (64u << 10)

/* All of a file and one byte, so that its end is seen; of others a guess. */
static size_t
first_room(int fd)
{
	struct stat st;

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
	    st.st_size < QUO_SECRET_MAX)
		return (size_t)st.st_size + 1;
	return FIRST_READ;
}

/* Twice the room, to max and one byte over, which tells of too much. */
static enum quo_err
grow(int fd, struct quo_secret **data, size_t used, size_t max)
{
	size_t want = *data == NULL ? first_room(fd) : 2 * (*data)->len;
	struct quo_secret *more;
	enum quo_err err;

	err = quo_secret_new(want > max + 1 ? max + 1 : want, &more);
	if (err != QUO_OK)
		return err;
	if (*data != NULL)
		memcpy(more->data, (*data)->data, used);
	quo_secret_free(*data);
	*data = more;
	return QUO_OK;
}

enum quo_err
quo_file_read(int fd, size_t max, struct quo_secret **data)
{
	struct quo_secret *all = NULL;
	enum quo_err err = QUO_OK;
	size_t used = 0;
	ssize_t n = 1;

	while (err == QUO_OK && n != 0 && used <= max) {
		if (all == NULL || used == all->len)
			err = grow(fd, &all, used, max);
		if (err != QUO_OK)
			break;
		n = read(fd, all->data + used, all->len - used);
		if (n > 0)
			used += (size_t)n;
		else if (n < 0 && errno != EINTR)
			err = QUO_EIO;
	}
	if (err == QUO_OK && used > max)
		err = QUO_ETOOBIG;
	if (err != QUO_OK || used == 0) {
		quo_secret_free(all);
		all = NULL;
	} else {
		quo_secret_truncate(all, used);
	}
	if (err == QUO_OK)
		*data = all;
	return err;
}

enum quo_err
quo_file_load(const char *path, size_t max, struct quo_secret **data)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum quo_err err;

	if (fd == -1)
		return errno == ENOENT ? QUO_ENOENT : QUO_EIO;
	err = quo_file_read(fd, max, data);
	close(fd);
	return err;
}

enum quo_err
quo_file_read_open(int fd, size_t max, char **data, size_t *len)
{
	size_t used = 0, room = first_room(fd) + 1;
	char *all = malloc(room), *more;
	ssize_t n = 1;

	while (all != NULL && n != 0 && used <= max) {
		if (used + 1 == room) {
			room = 2 * room;
			more = realloc(all, room);
			if (more == NULL)
				free(all);
			all = more;
			continue;
		}
		n = read(fd, all + used, room - 1 - used);
		if (n < 0 && errno != EINTR) {
			free(all);
			return QUO_EIO;
		}
		used += n > 0 ? (size_t)n : 0;
	}
	if (all == NULL)
		return QUO_ENOMEM;
	if (used > max) {
		free(all);
		return QUO_ETOOBIG;
	}
	all[used] = '\0';
	*data = all;
	*len = used;
	return QUO_OK;
}

enum quo_err
quo_file_write(int fd, const uint8_t *data, size_t len)
{
	ssize_t n;

	while (len > 0) {
		n = write(fd, data, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return QUO_EIO;
		data += n;
		len -= (size_t)n;
	}
	return QUO_OK;
}

enum quo_err
quo_file_sync_above(const char *path)
{
	size_t len = strlen(path);
	enum quo_err err = QUO_OK;
	char *above;
	int fd;

	while (len > 1 && path[len - 1] == '/')
		len--;
	while (len > 0 && path[len - 1] != '/')
		len--;
	above = len > 0 ? strndup(path, len) : strdup(".");
	if (above == NULL)
		return QUO_ENOMEM;
	fd = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(above);
	if (fd == -1)
		return QUO_EIO;
	if (fsync(fd) != 0)
		err = QUO_EIO;
	close(fd);
	return err;
}

static bool
hidden_name(char name[32])
{
	uint64_t chance;

	if (getrandom(&chance, sizeof chance, 0) != sizeof chance)
		return false;
	snprintf(name, 32, ".quorate-%016llx", (unsigned long long)chance);
	return true;
}

/* A hidden file, for file systems that know no nameless ones. */
static int
open_hidden(int dir, char name[32])
{
	if (!hidden_name(name))
		return -1;
	return openat(dir, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
}

enum quo_err
quo_stage_write(int dir, const uint8_t *data, size_t len,
    struct quo_stage *stage)
{
	int fd = openat(dir, ".", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);

	*stage = (struct quo_stage){ .dir = dir, .fd = fd };
	if (fd == -1 && (errno == EOPNOTSUPP || errno == EISDIR ||
	    errno == EINVAL))
		stage->fd = open_hidden(dir, stage->hidden);
	if (stage->fd == -1) {
		stage->hidden[0] = '\0';
		return QUO_EIO;
	}
	/* After a failed fsync the pages count as clean: never try again. */
	if (quo_file_write(stage->fd, data, len) != QUO_OK ||
	    fsync(stage->fd) != 0 || lseek(stage->fd, 0, SEEK_SET) != 0)
		return QUO_EIO;
	return QUO_OK;
}

/* Rename without replacing, as far as the file system can. */
static int
rename_hidden(const struct quo_stage *stage, const char *name)
{
	if (renameat2(stage->dir, stage->hidden, stage->dir, name,
	    RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	if (faccessat(stage->dir, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
		errno = EEXIST;
		return -1;
	}
	return renameat(stage->dir, stage->hidden, stage->dir, name);
}

/* A nameless file's first name. */
static int
link_nameless(const struct quo_stage *stage, const char *name)
{
	char self[64];

	snprintf(self, sizeof self, "/proc/self/fd/%d", stage->fd);
	return linkat(AT_FDCWD, self, stage->dir, name, AT_SYMLINK_FOLLOW);
}

enum quo_err
quo_stage_name(struct quo_stage *stage, const char *name)
{
	int rc = stage->hidden[0] != '\0' ? rename_hidden(stage, name) :
	    link_nameless(stage, name);

	if (rc != 0)
		return errno == EEXIST ? QUO_EEXIST : QUO_EIO;
	stage->hidden[0] = '\0';
	return QUO_OK;
}

enum quo_err
quo_stage_replace(struct quo_stage *stage, const char *name)
{
	char hidden[sizeof stage->hidden];

	/* Nothing links over a name: by way of one of its own. */
	if (stage->hidden[0] == '\0') {
		if (!hidden_name(hidden) || link_nameless(stage, hidden) != 0)
			return QUO_EIO;
		memcpy(stage->hidden, hidden, sizeof hidden);
	}
	if (renameat(stage->dir, stage->hidden, stage->dir, name) != 0)
		return QUO_EIO;
	stage->hidden[0] = '\0';
	return QUO_OK;
}

void
quo_stage_close(struct quo_stage *stage)
{
	if (stage->fd == -1)
		return;
	if (stage->hidden[0] != '\0')
		unlinkat(stage->dir, stage->hidden, 0);
	close(stage->fd);
	stage->fd = -1;
}

enum quo_err
quo_file_put(const char *path, const void *data, size_t len, unsigned mode)
{
	struct quo_stage stage = { .fd = -1 };
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	char *above = slash != NULL ? strndup(path,
	    (size_t)(name - path)) : strdup(".");
	enum quo_err err;
	int dir;

	if (above == NULL)
		return QUO_ENOMEM;
	dir = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(above);
	if (dir == -1)
		return QUO_EIO;
	err = quo_stage_write(dir, data, len, &stage);
	if (err == QUO_OK && fchmod(stage.fd, (mode_t)mode) != 0)
		err = QUO_EIO;
	if (err == QUO_OK)
		err = quo_stage_replace(&stage, name);
	if (err == QUO_OK && fsync(dir) != 0)
		err = QUO_EIO;
	quo_stage_close(&stage);
	close(dir);
	return err;
}
