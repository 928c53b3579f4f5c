/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cmd/incident.h"

/* A longer file is none, whatever it holds. */
#define FILE_MAX (64u << 10)

enum quo_exit
quo_incident_find(struct quo_book *book, const char *name,
    struct quo_incident **incident)
{
	enum quo_err err = quo_incident_load(book->ledger, name, incident);

	if (err == QUO_OK)
		return QUO_EXIT_DONE;
	if (err != QUO_ENOENT)
		return quo_book_say(book, err);
	quo_say_error("there is no incident \"%s\"", name);
	return QUO_EXIT_NO;
}

void
quo_incident_fill(const struct quo_incident *incident,
    struct quo_entry *entry)
{
	entry->value[QUO_KEY_INCIDENT] = incident->name;
	entry->value[QUO_KEY_CREDENTIAL] =
	    incident->request.entry.value[QUO_KEY_CREDENTIAL];
}

enum quo_exit
quo_incident_refuse(struct quo_book *book, const struct quo_entry *entry,
    const char *why)
{
	char text[QUO_WHY_MAX];

	snprintf(text, sizeof text, "%s: %s", entry->value[QUO_KEY_EVENT],
	    why);
	return quo_book_say(book, quo_ledger_refuse(book->ledger, entry,
	    text));
}

enum quo_exit
quo_incident_claim(struct quo_book *book, const struct quo_entry *entry,
    const char *command, const char *what)
{
	const char *who = entry->value[QUO_KEY_PERSON];
	struct quo_signers signers = { NULL, 0 };
	enum quo_err err = quo_ledger_allows(book->ledger, entry);
	char why[QUO_REASON_MAX];
	enum quo_exit end;

	/* What nobody may says more than how it wasn't said. */
	if (err == QUO_OK)
		err = quo_signers_load(book->ledger, &signers);
	end = quo_book_say(book, err);
	if (end == QUO_EXIT_DONE && quo_signers_has(&signers, who)) {
		snprintf(why, sizeof why, "a key of \"%s\" is on record: it "
		    "must be signed with it", who);
		end = quo_incident_refuse(book, entry, why);
		quo_say_hint("quorate %s %s prints what is to be signed",
		    command, what);
	}
	quo_signers_free(&signers);
	return end;
}

/* Whose the signature claims to be, for the log. */
static void
note_key(const struct quo_secret *file, struct quo_entry *entry,
    char key[QUO_FINGERPRINT_TEXT])
{
	struct quo_signature s;
	char why[QUO_REASON_MAX];

	if (quo_signature_parse((const char *)file->data, file->len, &s,
	    why) != QUO_OK)
		return;
	memcpy(key, s.key.fingerprint, QUO_FINGERPRINT_TEXT);
	entry->value[QUO_KEY_KEY] = key;
}

/* A signature that fits another document: an earlier incident's perhaps. */
static void
name_replay(struct quo_book *book, const struct quo_incident *incident,
    const struct quo_signature_check *check, char why[QUO_REASON_MAX])
{
	char replayed[24] = "";

	if (quo_incident_replayed(book->ledger, incident, check, replayed) ==
	    QUO_OK && replayed[0] != '\0')
		snprintf(why, QUO_REASON_MAX, "a replay: it was signed for "
		    "%s, not for %s", replayed, incident->name);
}

static enum quo_exit
verify(struct quo_book *book, const struct quo_incident *incident,
    const struct quo_signature_check *check, const char *path,
    struct quo_entry *entry)
{
	struct quo_signature s;
	char why[QUO_REASON_MAX];
	enum quo_err err = quo_signature_verify(check, &s, why);

	if (err == QUO_OK) {
		entry->value[QUO_KEY_AUTH] = "signed";
		return QUO_EXIT_DONE;
	}
	if (err == QUO_EMISMATCH) {
		if (incident != NULL)
			name_replay(book, incident, check, why);
	} else if (err != QUO_ESIGNATURE) {
		quo_say_error("%s: %s", path, why);
		return quo_exit_of(err);
	}
	return quo_incident_refuse(book, entry, why);
}

static enum quo_exit
load(const char *path, struct quo_secret **file)
{
	enum quo_err err = strcmp(path, "-") == 0 ?
	    quo_file_read(STDIN_FILENO, FILE_MAX, file) :
	    quo_file_load(path, FILE_MAX, file);

	return err == QUO_OK ? QUO_EXIT_DONE :
	    quo_say_failure(err, "%s", path);
}

enum quo_exit
quo_incident_signed(struct quo_book *book,
    const struct quo_incident *incident, const char *path,
    const char *document, struct quo_entry *entry,
    char key[QUO_FINGERPRINT_TEXT])
{
	struct quo_signature_check check = {
		.document = { document, strlen(document) },
		.signature = { "", 0 },
		.person = entry->value[QUO_KEY_PERSON] };
	struct quo_signers signers = { NULL, 0 };
	struct quo_secret *file = NULL;
	enum quo_exit end = load(path, &file);
	enum quo_err err;

	if (end != QUO_EXIT_DONE)
		return end;
	if (file != NULL) {
		check.signature = (struct quo_span){ file->data, file->len };
		note_key(file, entry, key);
	}
	err = quo_signers_load(book->ledger, &signers);
	check.signers = signers.list;
	check.signer_count = signers.count;
	end = err == QUO_OK ? verify(book, incident, &check, path, entry) :
	    quo_book_say(book, err);
	quo_signers_free(&signers);
	quo_secret_free(file);
	return end;
}
