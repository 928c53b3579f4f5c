/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_TERM_H
#define QUO_TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/**
 * The terminal itself, below the questions of tty.h: one at a time.
 *
 * Between open and close its modes are ours, and signals come only while
 * quo_term_read waits. Then SIGHUP, SIGINT, SIGQUIT, SIGTERM and SIGTSTP first
 * give the terminal back (the screen mode wiped) and take their course by the
 * caller's disposition; if the process lives on, SIGTSTP becomes
 * QUO_TERM_REDRAW and the others QUO_TERM_END.
 */
enum quo_term_mode {
	QUO_TERM_LINE,		/* lines, as the terminal edits them */
	QUO_TERM_HIDDEN,	/* the same without echo */
	QUO_TERM_KEYS,		/* each key at once, no echo */
	QUO_TERM_SCREEN		/* the same on the alternate screen */
};

enum quo_term_event {
	QUO_TERM_BYTE,
	QUO_TERM_TIMEOUT,
	QUO_TERM_REDRAW,	/* stopped and back, or another window size */
	QUO_TERM_END		/* of input, or a signal that was survived */
};

/** Fails with QUO_ENOTTY where standard input is no terminal, or QUO_EIO. */
enum quo_err quo_term_open(enum quo_term_mode mode);

/** Give the terminal back; idempotent. */
void quo_term_close(void);

/** Wait for a byte, milliseconds at most; below 0: without end. */
enum quo_term_event quo_term_read(uint8_t *byte, int milliseconds);

/**
 * A line, in a line mode, behind its prompt: cap bytes of it, without its
 * line feed. len counts also what had no room. Fails with QUO_ECANCEL.
 */
enum quo_err quo_term_line(const char *prompt, uint8_t *line, size_t cap,
    size_t *len);

/** Throw away what was typed ahead. */
void quo_term_flush(void);

/** Write bytes as they are. */
void quo_term_write(const void *bytes, size_t len);

/** Write text escaped as in say.h. */
void quo_term_text(const char *text);

/** The size of the window; 24 by 80 where the terminal doesn't tell. */
void quo_term_size(unsigned *rows, unsigned *columns);

/** Whether it can do no more than lines: TERM is dumb or not set. */
bool quo_term_dumb(void);

/** Whether to use colours on it. */
bool quo_term_coloured(void);

#endif
