/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/child.h"
#include "base/grow.h"
#include "base/trusted.h"
#include "base/utf8.h"
#include "ledger/alert_internal.h"

#define NAME_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	"abcdefghijklmnopqrstuvwxyz0123456789._-"
/* A path and words: cut to QUO_ALERT_WHY only when cleaned. */
#define LONG_WHY 4352

/* The length of the character at text; 0 for a control or a stray byte. */
static size_t
char_len(const char *text)
{
	uint32_t point = 0;
	size_t n = quo_utf8_decode(text, strnlen(text, 4), &point);

	return point < 0x20 || (point >= 0x7F && point < 0xA0) ? 0 : n;
}

size_t
quo_alert_clean(const char *text, char *out, size_t size)
{
	size_t len = 0, n;
	bool good;

	for (; *text != '\0'; text += n, len += n) {
		n = char_len(text);
		good = n > 0;
		if (!good)
			n = 1;
		if (len + n >= size)
			break;
		memcpy(out + len, good ? text : "?", n);
	}
	out[len] = '\0';
	return len;
}

enum quo_err
quo_alert_fail(enum quo_err err, char why[QUO_ALERT_WHY], const char *format,
    ...)
{
	char text[LONG_WHY];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	quo_alert_clean(text, why, QUO_ALERT_WHY);
	return err;
}

/* The directory that path names, where links are followed, and those above. */
static enum quo_err
check_place(const char *path, char *why, size_t size)
{
	const char *slash = strrchr(path, '/');
	char *dir = NULL, *real = NULL, *inside = NULL;
	enum quo_err err = QUO_ENOMEM;

	if (slash == NULL)
		dir = strdup(".");
	else
		dir = strndup(path, (size_t)(slash - path) + 1);
	if (dir != NULL)
		real = realpath(dir, NULL);
	if (real != NULL && asprintf(&inside, "%s/x", real) != -1)
		err = quo_trusted_above(inside, why, size);
	else if (dir != NULL && real == NULL)
		err = QUO_ENOENT;
	free(dir);
	free(real);
	free(inside);
	return err;
}

/* Whether others could have put something else there. */
static enum quo_err
check(const char *path, char **real, char why[QUO_ALERT_WHY])
{
	char text[LONG_WHY];
	enum quo_err err;

	*real = NULL;
	why[0] = '\0';
	err = quo_trusted_program(path, real, text, sizeof text);
	if (err == QUO_OK)
		err = quo_trusted_above(*real, text, sizeof text);
	if (err == QUO_OK)
		err = check_place(path, text, sizeof text);
	if (err == QUO_OK)
		return QUO_OK;
	free(*real);
	*real = NULL;
	if (err == QUO_ENOENT)
		return quo_alert_fail(err, why, "%s is not there, or leads "
		    "nowhere", path);
	return quo_alert_fail(err, why, "%s",
	    err == QUO_EUNSAFE ? text : quo_strerror(err));
}

static bool
is_skipped(const char *name)
{
	size_t len = strlen(name);

	return name[0] == '.' || name[len - 1] == '~' ||
	    strstr(name, ".dpkg-") != NULL;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
free_names(char **names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	free(names);
}

static enum quo_err
add_name(char ***names, size_t *count, const char *name)
{
	char *copy = strdup(name);
	char **more = copy != NULL ? QUO_GROW(*names, *count) : NULL;

	if (more == NULL) {
		free(copy);
		return QUO_ENOMEM;
	}
	*more = copy;
	return QUO_OK;
}

/* The names in dir, in order; to be freed after a failure, too. */
static enum quo_err
read_names(const char *dir, char ***names, size_t *count)
{
	DIR *d = opendir(dir);
	enum quo_err err = QUO_OK;
	struct dirent *entry;
	int saved;

	if (d == NULL)
		return errno == ENOENT ? QUO_ENOENT :
		    errno == ENOMEM ? QUO_ENOMEM : QUO_EIO;
	while (err == QUO_OK && (errno = 0, entry = readdir(d)) != NULL)
		if (!is_skipped(entry->d_name))
			err = add_name(names, count, entry->d_name);
	if (err == QUO_OK && errno != 0)
		err = QUO_EIO;
	saved = errno;
	closedir(d);
	errno = saved;
	if (*count > 0)
		qsort(*names, *count, sizeof **names, by_name);
	return err;
}

/* Make the sink of one name. Only memory fails it: the rest goes to why. */
static enum quo_err
make_hook(const char *dir, const char *name, struct quo_alert_hook *hook)
{
	char sink[QUO_ALERT_WHY], *real = NULL;
	enum quo_err err;

	quo_alert_fail(QUO_OK, sink, "hook:%s", name);
	hook->sink = strdup(sink);
	if (hook->sink == NULL ||
	    asprintf(&hook->path, "%s/%s", dir, name) == -1) {
		hook->path = NULL;
		return QUO_ENOMEM;
	}
	if (name[strspn(name, NAME_CHARS)] != '\0') {
		quo_alert_fail(QUO_EUNSAFE, hook->why, "%s has a name with "
		    "characters other than A-Z a-z 0-9 . _ -", hook->path);
		return QUO_OK;
	}
	err = check(hook->path, &real, hook->why);
	free(real);
	return err == QUO_ENOMEM ? err : QUO_OK;
}

enum quo_err
quo_alert_hooks_list(const char *dir, struct quo_alert_hook **hooks,
    size_t *count)
{
	struct quo_alert_hook *list = NULL;
	char **names = NULL;
	size_t n = 0;
	enum quo_err err;

	err = read_names(dir, &names, &n);
	if (err != QUO_OK)
		goto out;
	list = calloc(n + 1, sizeof *list);
	if (list == NULL)
		err = QUO_ENOMEM;
	for (size_t i = 0; err == QUO_OK && i < n; i++)
		err = make_hook(dir, names[i], &list[i]);
	if (err != QUO_OK)
		goto out;
	*hooks = list;
	*count = n;
	list = NULL;
out:
	quo_alert_hooks_free(list, n);
	free_names(names, n);
	return err;
}

void
quo_alert_hooks_free(struct quo_alert_hook *hooks, size_t count)
{
	for (size_t i = 0; hooks != NULL && i < count; i++) {
		free(hooks[i].sink);
		free(hooks[i].path);
	}
	free(hooks);
}

/* What became of a child that ran to its end. */
static enum quo_err
judge(const struct quo_child *child, char why[QUO_ALERT_WHY])
{
	int status = child->status;
	const char *note = child->note;
	int len = (int)strcspn(note, "\n");

	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return QUO_OK;
	if (WIFSIGNALED(status))
		return quo_alert_fail(QUO_ECHILD, why, "killed by signal "
		    "%d%s%.*s", WTERMSIG(status), len > 0 ? ": " : "", len,
		    note);
	return quo_alert_fail(QUO_ECHILD, why, "exit status %d%s%.*s",
	    WEXITSTATUS(status), len > 0 ? ": " : "", len, note);
}

static enum quo_err
run(const char *path, char *text, unsigned seconds, char why[QUO_ALERT_WHY])
{
	static const char *const env[] = {
		"PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL
	};
	const char *const argv[] = { path, NULL };
	struct quo_child child = {
		.path = path, .argv = argv, .env = env, .stdin_fd = -1,
		.feeds = { { 0, (const uint8_t *)text, strlen(text) } },
		.feed_count = 1, .seconds = seconds,
	};
	enum quo_err err = quo_child_run(&child);

	if (err == QUO_OK)
		return judge(&child, why);
	if (err == QUO_ETIMEOUT)
		return quo_alert_fail(err, why, "killed after %u second%s",
		    seconds, seconds == 1 ? "" : "s");
	return quo_alert_fail(err, why, "%s", err == QUO_ECHILD ?
	    "could not be started" : quo_strerror(err));
}

enum quo_err
quo_alert_hook(const char *path, const char *line, unsigned seconds,
    char why[QUO_ALERT_WHY])
{
	char *real = NULL, *text = NULL;
	enum quo_err err;

	err = check(path, &real, why);
	if (err != QUO_OK)
		return err;
	if (asprintf(&text, "%s\n", line) == -1) {
		text = NULL;
		err = quo_alert_fail(QUO_ENOMEM, why, "no memory");
	} else {
		err = run(real, text, seconds > 0 ? seconds :
		    QUO_ALERT_SECONDS, why);
	}
	free(text);
	free(real);
	return err;
}
