/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/session.h"

#define ROUNDS 50

/* Whether pid, in decimal, is alive and in the session. */
static bool
lives_in(const char *pid, pid_t session)
{
	char path[64], text[512];
	const char *rest = NULL;
	size_t n = 0;
	FILE *f;
	char state;
	int id;

	snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
	f = fopen(path, "re");
	if (f == NULL)
		return false;
	n = fread(text, 1, sizeof text - 1, f);
	fclose(f);
	text[n] = '\0';
	/* The name, in brackets, may hold anything. */
	rest = strrchr(text, ')');
	return rest != NULL &&
	    sscanf(rest + 1, " %c %*d %*d %d", &state, &id) == 2 &&
	    id == session && state != 'Z' && state != 'X';
}

static bool
kill_round(pid_t leader)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	bool found = false;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] < '1' || entry->d_name[0] > '9' ||
		    !lives_in(entry->d_name, leader))
			continue;
		found = true;
		kill((pid_t)atol(entry->d_name), SIGKILL);
	}
	if (dir != NULL)
		closedir(dir);
	return found;
}

void
quo_session_kill(pid_t leader)
{
	const struct timespec nap = { 0, 1000000 };

	kill(-leader, SIGKILL);
	kill(leader, SIGKILL);
	/* Again while it forks, and while the killed are on their way out. */
	for (int i = 0; i < ROUNDS && kill_round(leader); i++)
		nanosleep(&nap, NULL);
}
