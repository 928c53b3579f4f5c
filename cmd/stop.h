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

/**
 * The same where nothing is half done but what was tried is to be recorded:
 * the first signal is noted, so that a prompt ends as at the end of input; a
 * second one, unless it is SIGHUP again, takes its course at once. Unwatching
 * gives whether one came: then leave, for main raises it when all is wiped.
 * Not within another pair.
 */
void quo_stop_watch(void);
bool quo_stop_unwatch(void);
/** Let a signal that was noted take its course. */
void quo_stop_raise(void);

#endif
