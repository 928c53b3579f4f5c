/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <signal.h>
#include <stddef.h>

#include "cmd/stop.h"

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

#define SIGNALS (sizeof signals / sizeof signals[0])

static struct sigaction before[SIGNALS];
static volatile sig_atomic_t stopped;
static unsigned depth;

static void
note(int number)
{
	stopped = number;
}

void
quo_stop_catch(void)
{
	struct sigaction act = { .sa_handler = note };

	if (depth++ > 0)
		return;
	stopped = 0;
	for (size_t i = 0; i < SIGNALS; i++) {
		sigaction(signals[i], NULL, &before[i]);
		/* What nohup ignores stays ignored. */
		if (before[i].sa_handler != SIG_IGN)
			sigaction(signals[i], &act, NULL);
	}
}

bool
quo_stopped(void)
{
	return stopped != 0;
}

void
quo_stop_end(void)
{
	int came = stopped;

	if (--depth > 0)
		return;
	for (size_t i = 0; i < SIGNALS; i++)
		sigaction(signals[i], &before[i], NULL);
	stopped = 0;
	if (came != 0)
		raise(came);
}
