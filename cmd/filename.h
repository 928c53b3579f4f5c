/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_FILENAME_H
#define QUO_FILENAME_H

#include <stdbool.h>

/**
 * The name of a card's file: NAME-gGENERATION-cSERIAL-custodian.pdf, what no
 * file name should hold replaced, long names cut. The caller frees it; NULL
 * without memory.
 *
 * page     0 for a card in one file, else -pPAGE is added
 * suffix   "pdf"
 */
char *quo_filename(const char *name, unsigned generation, unsigned serial,
    const char *custodian, unsigned page, const char *suffix);

/** The same of a form: NAME-WHAT.pdf. */
char *quo_filename_form(const char *name, const char *what,
    const char *suffix);

#endif
