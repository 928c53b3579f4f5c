/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "rotation/watch_internal.h"

#define LINE_MAX_BYTES (512u << 10)
#define FILE_MAX_BYTES (1u << 20)
/* A program may look twice whether its input has really ended. */
#define READS_ON 10

enum quo_err
quo_trace_begin(struct quo_trace *trace)
{
	return quo_secret_new(LINE_MAX_BYTES, &trace->line);
}

void
quo_trace_clear(struct quo_trace *trace)
{
	for (size_t i = 0; i < trace->path_count; i++)
		free(trace->paths[i]);
	trace->path_count = 0;
	quo_secret_free(trace->line);
	trace->line = NULL;
}

static unsigned
digit(char c)
{
	return (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

/* Turn each \x41 of text into its byte, in place; gives the new length. */
static size_t
decode(char *text, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; n++) {
		if (i + 3 < len && text[i] == '\\' && text[i + 1] == 'x' &&
		    isxdigit((unsigned char)text[i + 2]) &&
		    isxdigit((unsigned char)text[i + 3])) {
			text[n] = (char)(16 * digit(text[i + 2]) +
			    digit(text[i + 3]));
			i += 4;
		} else {
			text[n] = text[i++];
		}
	}
	return n;
}

/* What stands between the bytes from and to, decoded; NULL: nothing does.
 * Strings and paths are all hex, so no such byte is part of one. */
static char *
between(const char *text, char from, char to)
{
	const char *start = strchr(text, from), *end;
	char *copy;

	if (start == NULL || (end = strchr(start + 1, to)) == NULL)
		return NULL;
	copy = strndup(start + 1, (size_t)(end - start - 1));
	if (copy != NULL)
		copy[decode(copy, strlen(copy))] = '\0';
	return copy;
}

/* A text too long to be shown ends in "... */
static void
see_cut(struct quo_trace *t, const char *args)
{
	if (strstr(args, "\"...") != NULL)
		quo_watch_keep(t->watch, t->needles, QUO_SEEN_BLIND,
		    "a call was too long to look at");
}

/* Arguments, then environment: execve("…", ["…", "…"], ["…"]) = 0 */
static void
see_exec(struct quo_trace *t, char *args)
{
	char *path = between(args, '"', '"');
	char *argv = strchr(args, '['), *env;
	const char *name = path != NULL ? strrchr(path, '/') : NULL;
	size_t len;

	see_cut(t, args);
	name = name != NULL ? name + 1 : path != NULL ? path : "a program";
	env = argv != NULL ? strstr(argv, "], [") : NULL;
	if (env != NULL) {
		*env = '\0';
		len = decode(env + 4, strlen(env + 4));
		if (quo_needles_in(t->needles, env + 4, len))
			quo_watch_keep(t->watch, t->needles,
			    QUO_SEEN_ENVIRON, name);
	}
	if (argv != NULL && quo_needles_in(t->needles, argv,
	    decode(argv, strlen(argv))))
		quo_watch_keep(t->watch, t->needles, QUO_SEEN_ARGV, name);
	free(path);
}

/* By its name, and what stands there now, if anything does. */
static bool
is_regular(const char *path)
{
	struct stat st;

	if (path[0] != '/' || strncmp(path, "/memfd:", 7) == 0 ||
	    strncmp(path, "/proc/", 6) == 0 ||
	    (strncmp(path, "/dev/", 5) == 0 &&
	    strncmp(path, "/dev/shm/", 9) != 0))
		return false;
	return stat(path, &st) != 0 || S_ISREG(st.st_mode);
}

/* write(3<PATH>, "…", 12) = 12, and its kin. */
static void
see_write(struct quo_trace *t, char *args)
{
	char *path = between(args, '<', '>');

	if (path != NULL && is_regular(path)) {
		see_cut(t, args);
		if (quo_needles_in(t->needles, args,
		    decode(args, strlen(args))))
			quo_watch_keep(t->watch, t->needles, QUO_SEEN_FILE,
			    path);
	}
	free(path);
}

/* Its end comes as ten reads of nothing from standard input, too. */
static void
see_read(struct quo_trace *t, char *args)
{
	size_t len = strlen(args);
	char *path = between(args, '<', '>');

	if (strncmp(args, "0<", 2) == 0 && path != NULL &&
	    strcmp(path, "/dev/null") == 0 && len > 4 &&
	    strcmp(args + len - 4, " = 0") == 0 && ++t->reads_on >= READS_ON)
		quo_watch_keep(t->watch, t->needles, QUO_SEEN_READS,
		    "standard input");
	free(path);
}

static void
keep_path(struct quo_trace *t, char *path)
{
	char *whole = NULL;

	if (quo_needles_in(t->needles, path, strlen(path)))
		quo_watch_keep(t->watch, t->needles, QUO_SEEN_FILE, path);
	/* A hook runs where we do, and hardly ever goes elsewhere. */
	whole = path[0] == '/' ? strdup(path) : realpath(path, NULL);
	for (size_t i = 0; whole != NULL && i < t->path_count; i++)
		if (strcmp(t->paths[i], whole) == 0) {
			free(whole);
			whole = NULL;
		}
	if (whole != NULL && t->path_count < QUO_TRACE_PATHS)
		t->paths[t->path_count++] = whole;
	else
		free(whole);
}

/* Something is opened to be written: openat(…, "PATH", O_WRONLY|O_CREAT… */
static void
see_open(struct quo_trace *t, char *args)
{
	char *path = between(args, '"', '"');

	if (path == NULL)
		return;
	if (strcmp(path, "/dev/tty") == 0 &&
	    strstr(args, "O_NONBLOCK") == NULL)
		quo_watch_keep(t->watch, t->needles, QUO_SEEN_TTY, path);
	else if (strstr(args, "O_CREAT") != NULL ||
	    strstr(args, "O_WRONLY") != NULL || strstr(args, "O_RDWR") != NULL)
		keep_path(t, path);
	free(path);
}

/* Something is made: the last of the texts is what. */
static void
see_make(struct quo_trace *t, char *args)
{
	char *end = strrchr(args, '"'), *start, *path;

	if (end == NULL)
		return;
	*end = '\0';
	start = strrchr(args, '"');
	*end = '"';
	if (start == NULL || (path = between(start, '"', '"')) == NULL)
		return;
	keep_path(t, path);
	free(path);
}

static const struct {
	const char *name;
	void (*see)(struct quo_trace *t, char *args);
} calls[] = {
	{ "execve(", see_exec }, { "execveat(", see_exec },
	{ "write(", see_write }, { "pwrite64(", see_write },
	{ "writev(", see_write }, { "pwritev(", see_write },
	{ "pwritev2(", see_write }, { "read(", see_read },
	{ "open(", see_open }, { "openat(", see_open },
	{ "openat2(", see_open }, { "creat(", see_make },
	{ "mkdir(", see_make }, { "mkdirat(", see_make },
	{ "mknod(", see_make }, { "mknodat(", see_make },
	{ "symlink(", see_make }, { "symlinkat(", see_make },
	{ "link(", see_make }, { "linkat(", see_make },
	{ "rename(", see_make }, { "renameat(", see_make },
	{ "renameat2(", see_make },
};

/* PID +++ exited with 0 +++, of the hook itself. */
static void
see_end(struct quo_trace *t, const char *text)
{
	static const char by_itself[] = "+++ exited with ";
	long code = -1;
	char *end = NULL;

	text += strncmp(text, by_itself, sizeof by_itself - 1) == 0 ?
	    sizeof by_itself - 1 : 0;
	if (isdigit((unsigned char)*text))
		code = strtol(text, &end, 10);
	t->ended = true;
	t->status = code >= 0 && code <= 255 && strcmp(end, " +++") == 0 ?
	    W_EXITCODE((int)code, 0) : W_EXITCODE(0, SIGKILL);
}

static void
see_line(struct quo_trace *t, char *line)
{
	char *text = line;
	long pid = strtol(line, &text, 10);

	text += strspn(text, " ");
	if (t->first == 0)
		t->first = pid;
	if (strncmp(text, "+++ ", 4) == 0) {
		if (pid == t->first)
			see_end(t, text);
		return;
	}
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		size_t len = strlen(calls[i].name);

		if (strncmp(text, calls[i].name, len) == 0) {
			calls[i].see(t, text + len);
			return;
		}
	}
}

void
quo_trace_take(struct quo_trace *t, const char *bytes, size_t len)
{
	char *line = (char *)t->line->data;

	for (size_t i = 0; i < len; i++) {
		if (bytes[i] != '\n') {
			if (t->len == t->line->len - 1) {
				t->skip = true;
				quo_watch_keep(t->watch, t->needles,
				    QUO_SEEN_BLIND, "a call was too long "
				    "to look at");
			}
			if (!t->skip)
				line[t->len++] = bytes[i];
			continue;
		}
		line[t->len] = '\0';
		if (!t->skip)
			see_line(t, line);
		t->skip = false;
		t->len = 0;
	}
}

/* What went there by other calls than write. */
static bool
holds_secret(const struct quo_trace *t, const char *path)
{
	struct quo_secret *data = NULL;
	struct stat st;
	bool found;

	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode) ||
	    quo_file_load(path, FILE_MAX_BYTES, &data) != QUO_OK ||
	    data == NULL)
		return false;
	found = quo_needles_in(t->needles, data->data, data->len);
	quo_secret_free(data);
	return found;
}

void
quo_trace_files(struct quo_trace *t)
{
	struct stat st;

	for (size_t i = 0; i < t->path_count; i++) {
		const char *path = t->paths[i];

		if (is_regular(path) && holds_secret(t, path))
			quo_watch_keep(t->watch, t->needles, QUO_SEEN_FILE,
			    path);
		if (lstat(path, &st) == 0 &&
		    quo_litter_new(t->watch->litter, path))
			quo_watch_keep(t->watch, t->needles,
			    QUO_SEEN_LITTER, path);
	}
	if (t->path_count == QUO_TRACE_PATHS)
		quo_watch_keep(t->watch, t->needles, QUO_SEEN_BLIND,
		    "it writes more files than were looked at");
}
