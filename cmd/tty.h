/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_TTY_H
#define QUO_TTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/secret.h"

/**
 * Questions to the person at the terminal, and a secret shown to them.
 *
 * They go to the controlling terminal, so standard output and error may be
 * redirected; but where standard input is no terminal nothing is ever asked:
 * QUO_ENOTTY. End of input (Ctrl-D) is QUO_ECANCEL. The terminal gets its
 * modes back on return, exit, SIGINT, SIGTERM, SIGHUP, SIGQUIT and SIGTSTP;
 * the signal then takes its course by the caller's own disposition, and after
 * fg(1) a question is asked again where it stood.
 */

/** Whether there is someone to ask. */
bool quo_tty_present(void);

/**
 * A line, shown while it is typed: a file name, a name. Without its line
 * feed, cut at cap - 1 bytes. An empty line is an answer.
 */
enum quo_err quo_tty_line(const char *prompt, char *line, size_t cap);

/** Yes or no: "QUESTION [y/N] "; anything but y or yes is no. */
enum quo_err quo_tty_confirm(const char *question, bool *yes);

/** The longest secret that can be typed. */
#define QUO_TTY_SECRET_MAX 1024

/**
 * A secret line, not shown: any bytes but line feeds. The caller frees it.
 * An empty line is QUO_ECANCEL, one over the limit QUO_ETOOBIG.
 */
enum quo_err quo_tty_secret(const char *prompt, struct quo_secret **secret);

/**
 * A new secret, asked for twice; up to three tries until both are alike,
 * then QUO_EMISMATCH.
 */
enum quo_err quo_tty_new_secret(const char *prompt,
    struct quo_secret **secret);

/**
 * Show a secret on the alternate screen until a key is pressed, a signal was
 * noted (stop.h), or seconds are over (0: no deadline), then clear it,
 * scrollback included.
 *
 * title stands above it, escaped. Text is drawn in groups of four characters
 * with its length, blanks visible, and every character that can be mistaken
 * spelt out below; binary is drawn as hexadecimal. Follows the window's size.
 * Fails with QUO_ETOOBIG where it doesn't fit the window, QUO_ENOTTY.
 */
enum quo_err quo_tty_show(const struct quo_secret *secret, const char *title,
    unsigned seconds);

/**
 * Show a lock phrase, a numbered word a line, until a key is pressed; then
 * clear it as quo_tty_show does. Fails as that does.
 */
enum quo_err quo_tty_show_phrase(const struct quo_secret *phrase,
    const char *title);

/**
 * Show lines of text as they are, wide and high as they are, until a key is
 * pressed; then clear them as quo_tty_show does. Fails as that does.
 */
enum quo_err quo_tty_show_text(const struct quo_secret *text,
    const char *title);

#endif
