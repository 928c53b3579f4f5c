/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/grow.h"
#include "rotation/watch.h"
#include "rotation/watch_internal.h"

static const char *const places[] = { "/tmp", "/var/tmp", "/dev/shm" };

/* Whether an entry is to be looked at no further. */
typedef bool visit(void *with, const char *path);

static void
each(const char *place, visit *stop, void *with)
{
	DIR *dir = opendir(place);
	const struct dirent *entry;
	char path[4096];
	bool done = dir == NULL;

	while (!done && (entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(path, sizeof path, "%s/%s", place, entry->d_name);
		done = stop(with, path);
	}
	if (dir != NULL)
		closedir(dir);
}

static bool
keep(void *with, const char *path)
{
	struct quo_litter *l = with;
	char **more = QUO_GROW(l->paths, l->count);

	if (more == NULL || (*more = strdup(path)) == NULL) {
		quo_litter_clear(l);
		return true;
	}
	return false;
}

enum quo_err
quo_litter_note(struct quo_litter *litter)
{
	*litter = (struct quo_litter){ .paths = calloc(1, sizeof(char *)) };
	for (size_t i = 0; i < sizeof places / sizeof *places &&
	    litter->paths != NULL; i++)
		each(places[i], keep, litter);
	return litter->paths != NULL ? QUO_OK : QUO_ENOMEM;
}

void
quo_litter_clear(struct quo_litter *litter)
{
	for (size_t i = 0; i < litter->count; i++)
		free(litter->paths[i]);
	free(litter->paths);
	*litter = (struct quo_litter){ .paths = NULL };
}

/* How much of path names an entry of a place, or 0. */
static size_t
entry_of(const char *path)
{
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		size_t len = strlen(places[i]);

		if (strncmp(path, places[i], len) == 0 && path[len] == '/')
			return len + 1 + strcspn(path + len + 1, "/");
	}
	return 0;
}

bool
quo_litter_new(const struct quo_litter *litter, const char *path)
{
	size_t len = entry_of(path);

	if (len == 0)
		return false;
	for (size_t i = 0; i < litter->count; i++)
		if (strlen(litter->paths[i]) == len &&
		    memcmp(litter->paths[i], path, len) == 0)
			return false;
	return true;
}

struct search {
	const struct quo_litter *litter;
	char *path;
	size_t size;
	bool found;
};

static bool
judge(void *with, const char *path)
{
	struct search *s = with;
	struct stat st;

	if (!quo_litter_new(s->litter, path) || lstat(path, &st) != 0 ||
	    st.st_uid != geteuid() || strncmp(path, QUO_WATCH_DIR,
	    sizeof QUO_WATCH_DIR - sizeof "XXXXXX") == 0)
		return false;
	snprintf(s->path, s->size, "%s", path);
	s->found = true;
	return true;
}

bool
quo_litter_find(const struct quo_litter *litter, char *path, size_t size)
{
	struct search s = { litter, path, size, false };

	for (size_t i = 0; i < sizeof places / sizeof *places && !s.found;
	    i++)
		each(places[i], judge, &s);
	return s.found;
}
