/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_STOP_H
#define QUO_STOP_H

#include <stdbool.h>

/**
 * Being told to stop (SIGINT, SIGTERM, SIGHUP) while something is half done:
 * between catch and end the signal is only noted, so that what was begun is
 * taken back first. Look at quo_stopped between steps. Pairs may nest: the
 * outermost counts.
 */
void quo_stop_catch(void);
bool quo_stopped(void);
/** The old dispositions again; a signal that came then takes its course. */
void quo_stop_end(void);

#endif
