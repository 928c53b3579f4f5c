/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/grow.h"
#include "base/kin.h"

#define SLICE_MS 10
/* They may be faster to fork than we to kill, but not for ever. */
#define ROUNDS 100

enum quo_err
quo_kin_adopt(void)
{
	return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0 ? QUO_OK :
	    QUO_EIO;
}

bool
quo_kin_look(const char *number, struct quo_kin *kin)
{
	char path[64], text[512], *open, *close;
	char state = 'Z';
	size_t len = 0;
	int parent = 0, session = 0;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%.20s/stat", number);
	f = fopen(path, "re");
	if (f == NULL)
		return false;
	len = fread(text, 1, sizeof text - 1, f);
	fclose(f);
	text[len] = '\0';
	/* PID (NAME) STATE PARENT GROUP SESSION: the name may hold anything. */
	open = strchr(text, '(');
	close = strrchr(text, ')');
	if (open == NULL || close == NULL ||
	    sscanf(close + 1, " %c %d %*d %d", &state, &parent, &session) !=
	    3 ||
	    strchr("ZX", state) != NULL)
		return false;
	*close = '\0';
	kin->pid = (pid_t)strtol(number, NULL, 10);
	kin->parent = parent;
	kin->session = session;
	snprintf(kin->name, sizeof kin->name, "%.15s", open + 1);
	return true;
}

static enum quo_err
list_all(struct quo_kin **all, size_t *count)
{
	DIR *dir = opendir("/proc");
	struct quo_kin *table = NULL, *kin;
	const struct dirent *entry;
	size_t n = 0;
	enum quo_err err = dir != NULL ? QUO_OK : QUO_EIO;

	while (err == QUO_OK && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
			continue;
		kin = QUO_GROW(table, n);
		if (kin == NULL)
			err = QUO_ENOMEM;
		else if (!quo_kin_look(entry->d_name, kin))
			n--;
	}
	if (dir != NULL)
		closedir(dir);
	if (err == QUO_OK) {
		*all = table;
		*count = n;
	} else {
		free(table);
	}
	return err;
}

static bool
is_kin(pid_t parent, const struct quo_kin *kin, size_t count)
{
	if (parent == getpid())
		return true;
	for (size_t i = 0; i < count; i++)
		if (kin[i].pid == parent)
			return true;
	return false;
}

enum quo_err
quo_kin_list(struct quo_kin **kin, size_t *count)
{
	struct quo_kin *all = NULL, swap;
	size_t n = 0, have = 0, before;
	enum quo_err err = list_all(&all, &n);

	if (err != QUO_OK)
		return err;
	/* The found stand first; a child may stand before its parent. */
	do {
		before = have;
		for (size_t i = have; i < n; i++) {
			if (!is_kin(all[i].parent, all, have))
				continue;
			swap = all[have];
			all[have++] = all[i];
			all[i] = swap;
		}
	} while (have > before);
	*kin = all;
	*count = have;
	return QUO_OK;
}

static void
reap(void)
{
	pid_t pid;

	do
		pid = waitpid(-1, NULL, WNOHANG);
	while (pid > 0 || (pid < 0 && errno == EINTR));
}

/* How many live; with a signal, each gets it. */
static size_t
count_living(int signal, char *name, size_t size)
{
	struct quo_kin *kin = NULL;
	size_t count = 0;

	reap();
	if (quo_kin_list(&kin, &count) != QUO_OK)
		return 0;
	if (count > 0 && name != NULL)
		snprintf(name, size, "%s (%ld)", kin[0].name,
		    (long)kin[0].pid);
	for (size_t i = 0; signal != 0 && i < count; i++)
		kill(kin[i].pid, signal);
	free(kin);
	return count;
}

bool
quo_kin_settle(unsigned milliseconds, char *name, size_t size)
{
	const struct timespec slice = { 0, SLICE_MS * 1000000L };
	unsigned waited = 0;

	while (count_living(0, name, size) > 0) {
		if (waited >= milliseconds)
			break;
		nanosleep(&slice, NULL);
		waited += SLICE_MS;
	}
	if (count_living(0, NULL, 0) == 0)
		return true;
	for (int i = 0; i < ROUNDS && count_living(SIGKILL, NULL, 0) > 0; i++)
		nanosleep(&slice, NULL);
	return false;
}
