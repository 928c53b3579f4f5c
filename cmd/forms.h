/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_CMD_FORMS_H
#define QUO_CMD_FORMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "card/header.h"
#include "draw/document.h"

/**
 * What is printed besides cards: a receipt, a playbook, the script of a
 * ceremony, a custodian's acknowledgement, the auditor's card. Each is made
 * from a plain struct, without looking anywhere; all is borrowed; a text that
 * isn't known is NULL, and is left out, or left to be filled in by hand.
 * Times are UTC, as text.
 *
 * Each sets doc, which the caller frees, and fails as quo_document_error
 * tells.
 */

/** The four sentences that stand in each report. */
#define QUO_FORM_SENTENCES 4
extern const char *const quo_form_sentences[QUO_FORM_SENTENCES];

/** What all have in common. */
struct quo_form {
	const char *date;	/* now: "2026-11-21T03:10:00Z" */
	const char *version;	/* of quorate */
	const char *ledger;	/* its id, 32 hex digits */
	const struct quo_checkpoint *checkpoint;	/* of the log, now */
	enum quo_face_paper paper;
	bool blank;		/* what isn't known is to be filled in */
};

/** A card of a set, and who has it. */
struct quo_form_card {
	unsigned serial;
	const char *custodian;
	const char *contact;	/* "+49 30 123, at home -456" */
	const char *place;	/* where the card lies */
	const char *bag;	/* the serial of its bag */
	const char *verdict;	/* on presenting it: "genuine" */
};

/** Which dealing of which credential. */
struct quo_form_set {
	const char *credential;
	const char *target, *user, *owner;
	const char *policy;	/* "any 2 of 3 cards" */
	const char *id;		/* 64 hex digits */
	const char *words;	/* its short form, four words */
	uint32_t generation;	/* 0: not known yet */
	const struct quo_form_card *cards;
	size_t card_count;
};

/** An opening, told before anything is revealed; kept elsewhere. */
struct quo_form_receipt {
	const char *number;	/* "INC-42", or the receipt's id */
	const char *opened;	/* when */
	const char *closed;	/* when the exposure ended */
	const char *deadline;	/* by when to rotate it */
	const char *host;
	const char *actor;	/* who ran it: "root (claimed)" */
	const char *requester, *reason, *ticket, *criterion;
	const char *emergency;	/* why the rules had to yield */
	const char *exposure;	/* "show", "exec" */
	const char *why;	/* why it went without a ledger; NULL: it
				 * didn't */
	const char *text;	/* the receipt that the ledger takes in; or
				 * NULL */
};

enum quo_err quo_form_receipt(const struct quo_form *form,
    const struct quo_form_set *set, const struct quo_form_receipt *receipt,
    struct quo_document **doc);

/**
 * The same as lines of text, NUL-terminated; the caller frees it. It ends in
 * the log's checkpoint, if that is known, as quorate log verify takes it.
 * Fails with QUO_ENOMEM.
 */
enum quo_err quo_form_receipt_text(const struct quo_form *form,
    const struct quo_form_set *set, const struct quo_form_receipt *receipt,
    char **text);

/** What a credential opens decides what to do with it. */
enum quo_form_scene {
	QUO_FORM_CLOUD,		/* an account of a tenant or service */
	QUO_FORM_SITE,		/* a machine of one's own */
	QUO_FORM_PLANT		/* one without a network, in a plant */
};

struct quo_form_playbook {
	enum quo_form_scene scene;
	const char *scenario;	/* what it is for, in a sentence */
	const char *const *criteria;	/* when it may be opened */
	size_t criterion_count;
	const char *call;	/* whom to call first */
	const char *approvers;	/* who has to sign besides; or NULL */
	const char *review;	/* by when to review: "5 days" */
	const char *hook;	/* that rotates it: its path */
};

/** On one page: QUO_ETOOBIG comes of its PDF when it doesn't fit. */
enum quo_err quo_form_playbook(const struct quo_form *form,
    const struct quo_form_set *set,
    const struct quo_form_playbook *playbook, struct quo_document **doc);

struct quo_form_ceremony {
	const char *place;
	const char *program;	/* SHA-256 of the program, 64 hex digits */
	const char *command;	/* that deals */
	const char *const *roles;	/* who attends: "dealer", "witness" */
	size_t role_count;
};

/** The script, a step a line, and the sheet that all sign. */
enum quo_err quo_form_ceremony(const struct quo_form *form,
    const struct quo_form_set *set,
    const struct quo_form_ceremony *ceremony, struct quo_document **doc);

/** What a custodian signs on taking a card; card is one of the set's. */
enum quo_err quo_form_acknowledgement(const struct quo_form *form,
    const struct quo_form_set *set, const struct quo_form_card *card,
    const char *review_by, struct quo_document **doc);

/** The auditor's card: key 0 of the log's seal. The document is secret. */
enum quo_err quo_form_auditor(const struct quo_form *form, const char *host,
    const uint8_t key[QUO_KEY_LEN], struct quo_document **doc);

#endif
