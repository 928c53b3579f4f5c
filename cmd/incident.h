/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_CMD_INCIDENT_H
#define QUO_CMD_INCIDENT_H

#include "cmd/book.h"
#include "ledger/incident.h"

/** What request, approve and review have in common. */

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
 * Hold a signature file against a document.
 *
 * path    of the file, or - for standard input
 * entry   gets auth and the signer's key on success, and is logged as
 *         refused where the signature is
 * key     the fingerprint that entry borrows; also of a refused signature,
 *         if it has one
 */
enum quo_exit quo_incident_signed(struct quo_book *book,
    const struct quo_signers *signers, const char *path,
    const char *document, const char *person, struct quo_entry *entry,
    char key[QUO_FINGERPRINT_TEXT]);

#endif
