/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_CMD_INCIDENT_H
#define QUO_CMD_INCIDENT_H

#include "cmd/book.h"
#include "ledger/incident.h"

/** What those have in common that a person signs: approve, review, a word. */

/**
 * Find an incident by its name. That there is none is said, logged as
 * nothing, and QUO_EXIT_NO. The caller frees it with free(3).
 */
enum quo_exit quo_incident_find(struct quo_book *book, const char *name,
    struct quo_incident **incident);

/** Name incident and credential in an entry; borrowed from incident. */
void quo_incident_fill(const struct quo_incident *incident,
    struct quo_entry *entry);

/** Log an entry as refused, and say why: "approve: WHY". */
enum quo_exit quo_incident_refuse(struct quo_book *book,
    const struct quo_entry *entry, const char *why);

/**
 * Take entry's person at their word: for those of whom nothing better can be
 * asked. That a key of theirs is on record is said, logged as refused, and
 * QUO_EXIT_NO.
 *
 * command   that prints what they should sign, about…
 * what      …this
 */
enum quo_exit quo_incident_claim(struct quo_book *book,
    const struct quo_entry *entry, const char *command, const char *what);

/**
 * Hold a signature file against the document that entry's person should have
 * signed. What is wrong with it is said, and logged as refused.
 *
 * incident  it is about; NULL: none
 * path      of the file, or - for standard input
 * entry     gets the signer's key, and on success auth
 * key       room for the fingerprint, which entry borrows
 */
enum quo_exit quo_incident_signed(struct quo_book *book,
    const struct quo_incident *incident, const char *path,
    const char *document, struct quo_entry *entry,
    char key[QUO_FINGERPRINT_TEXT]);

#endif
