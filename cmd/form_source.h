/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_CMD_FORM_SOURCE_H
#define QUO_CMD_FORM_SOURCE_H

#include "base/utc.h"
#include "cmd/book.h"
#include "cmd/forms.h"
#include "ledger/holding.h"
#include "ledger/roster.h"

/**
 * What forms say, gathered from the ledger: who has which card of a set, and
 * how they are to be reached; what the inventory says of a credential; what
 * the log says of an opening. What goes wrong is said.
 */
struct quo_form_source {
	const struct quo_book *book;	/* NULL: blank forms */
	struct quo_form form;		/* these two are for the makers */
	struct quo_form_set set;
	const struct quo_record *profile;	/* of its credential; or NULL */

	/* The rest is its own. */
	char date[QUO_UTC_TEXT];
	struct quo_checkpoint checkpoint;
	struct quo_roster roster;
	struct quo_holding *holding;	/* the set that is out; or NULL */
	struct quo_policy *policy;	/* of one that is to be dealt */
	struct quo_form_card *cards;
	char **texts;
	size_t text_count;
	const char **criteria;
};

/**
 * Begin: date, checkpoint and roster.
 *
 * book   NULL: for blank forms
 * Clear source in each case.
 */
enum quo_exit quo_form_source_begin(const struct quo_book *book,
    enum quo_face_paper paper, struct quo_form_source *source);

/**
 * A credential and the set of it that is out, or of which the generation is
 * given; with none, its set has neither id nor cards. It must be known.
 */
enum quo_exit quo_form_source_set(struct quo_form_source *source,
    const char *name, unsigned generation);

/** What is known of a credential and of the set whose id source has, if it is
 * still out; its cards stay as they are. name NULL: nothing. */
enum quo_exit quo_form_source_known(struct quo_form_source *source,
    const char *name);

/** A credential and a set of it that is to be dealt; policy NULL: as that of
 * the one that is out. */
enum quo_exit quo_form_source_coming(struct quo_form_source *source,
    const char *name, const char *policy);

/** A field of the credential; NULL: not known. */
const char *quo_form_source_field(const struct quo_form_source *source,
    const char *field);

/** A person by handle: "ana (Ana Ķ.)"; their contacts with commas between;
 * NULL: not known. Good as long as source is. */
const char *quo_form_source_person(struct quo_form_source *source,
    const char *handle);
const char *quo_form_source_contact(struct quo_form_source *source,
    const char *handle);

/** A text of its own, as printf makes it; NULL without memory. */
const char *quo_form_source_text(struct quo_form_source *source,
    const char *format, ...) __attribute__((format(printf, 2, 3)));

/**
 * What the log tells of an incident that was opened: receipt, and of the
 * set its cards as they were presented.
 *
 * Gives QUO_EXIT_NO where there is no such incident, or it was not opened.
 */
enum quo_exit quo_form_source_opening(struct quo_form_source *source,
    const char *incident, struct quo_form_receipt *receipt);

void quo_form_source_clear(struct quo_form_source *source);

#endif
