/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <signal.h>
#include <stddef.h>

#include "cmd/stop.h"

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

#define SIGNALS (sizeof signals / sizeof signals[0])

static struct sigaction before[SIGNALS];
static volatile sig_atomic_t stopped;
static volatile sig_atomic_t watched;
static unsigned depth;

static void
note(int number)
{
	/* A hang-up comes twice: from the kernel, and from the shell. */
	if (watched && stopped != 0 && number != SIGHUP) {
		signal(number, SIG_DFL);
		raise(number);
	} else {
		stopped = number;
	}
}

void
quo_stop_catch(void)
{
	struct sigaction act = { .sa_handler = note };

	if (depth++ > 0)
		return;
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

static void
release(void)
{
	for (size_t i = 0; i < SIGNALS; i++)
		sigaction(signals[i], &before[i], NULL);
}

void
quo_stop_end(void)
{
	if (--depth > 0)
		return;
	release();
	quo_stop_raise();
}

void
quo_stop_watch(void)
{
	watched = 1;
	quo_stop_catch();
}

bool
quo_stop_unwatch(void)
{
	depth--;
	release();
	watched = 0;
	return quo_stopped();
}

void
quo_stop_raise(void)
{
	int came = stopped;

	stopped = 0;
	if (came != 0)
		raise(came);
}
