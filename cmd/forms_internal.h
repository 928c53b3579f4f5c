/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_CMD_FORMS_INTERNAL_H
#define QUO_CMD_FORMS_INTERNAL_H

#include "cmd/forms.h"

/** What the forms share. A text of a document, and its NUL. */
#define QUO_FORM_TEXT (QUO_DOCUMENT_TEXT + 1)

/** Begin one; head says all but date, paper and footer. */
enum quo_err quo_form_begin(const struct quo_form *form,
    struct quo_document_head head, struct quo_document **doc);

/** The end of each maker: the document, or why there is none. */
enum quo_err quo_form_end(struct quo_document *made,
    struct quo_document **doc);

/** A fact that is left out where it isn't known. */
void quo_form_fact(struct quo_document *doc, const char *label,
    const char *value);

/** Facts; on a blank form what isn't known is a line to fill in. */
struct quo_form_line {
	const char *label, *value;
};
void quo_form_lines(struct quo_document *doc, const struct quo_form *form,
    const struct quo_form_line *lines, size_t count);

/** What a set is of: credential, target, user, owner, policy, set. */
void quo_form_facts(struct quo_document *doc, const struct quo_form *form,
    const struct quo_form_set *set);

/** The log's checkpoint as symbol, as code, and as verifiers take it. */
void quo_form_checkpoint(struct quo_document *doc,
    const struct quo_form *form);

/** The most cards that a blank form has lines for. */
#define QUO_FORM_BLANKS 5

/** What stands in braces in the texts of steps: "{name}". */
struct quo_form_word {
	const char *key, *value;	/* NULL: "…" */
};

void quo_form_expand(const char *text, const struct quo_form_word *words,
    size_t count, char out[QUO_FORM_TEXT]);

/** A name as a shell takes it for one word. */
void quo_form_quote(const char *name, char out[QUO_FORM_TEXT]);

#endif
