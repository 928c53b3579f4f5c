/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_CMD_FORM_H
#define QUO_CMD_FORM_H

#include "cmd/form_source.h"
#include "cmd/sheets.h"

/**
 * `quorate form KIND`: what the files of the kinds share.
 */
struct quo_form_options {
	struct quo_common common;
	bool blank;
	int variant;			/* --variant: enum quo_form_scene + 1 */
	const char *call;
	long card, generation;
	const char *policy, *command, *place;
	struct quo_list roles;
	int format;			/* --format: enum quo_paper_form */
	int paper;
	const char *output;
};

/**
 * Make the forms of one operand, a credential or an incident.
 *
 * name   NULL on a blank form that names nothing
 */
enum quo_exit quo_form_make_playbook(const struct quo_form_options *o,
    struct quo_form_source *source, const char *name,
    struct quo_sheets *sheets);
enum quo_exit quo_form_make_ceremony(const struct quo_form_options *o,
    struct quo_form_source *source, const char *name,
    struct quo_sheets *sheets);
enum quo_exit quo_form_make_acknowledgement(const struct quo_form_options *o,
    struct quo_form_source *source, const char *name,
    struct quo_sheets *sheets);
enum quo_exit quo_form_make_receipt(const struct quo_form_options *o,
    struct quo_form_source *source, const char *name,
    struct quo_sheets *sheets);

/**
 * All forms of a dealing that is on record into a directory that is there:
 * playbook, ceremony, acknowledgements. paper as by --paper.
 */
enum quo_exit quo_form_deal(const struct quo_book *book, const char *name,
    unsigned generation, int paper, const char *dir);

#endif
