/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <signal.h>
#include <stdbool.h>
#include <time.h>

#include "base/kin.h"
#include "base/session.h"

#define ROUNDS 50

static bool
kill_round(pid_t leader)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	struct quo_kin kin;
	bool found = false;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] < '1' || entry->d_name[0] > '9' ||
		    !quo_kin_look(entry->d_name, &kin) ||
		    kin.session != leader)
			continue;
		found = true;
		kill(kin.pid, SIGKILL);
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
