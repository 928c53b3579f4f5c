/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_CMD_LOG_H
#define QUO_CMD_LOG_H

#include "cmd/option.h"

/**
 * `quorate log ACTION`: what the files of the actions share.
 */
struct quo_log_options {
	struct quo_common common;
	struct quo_list witnesses;	/* --witness */
	const char *auditor_key;	/* --auditor-key */
	bool rebuild;
	const char *credential, *incident, *event, *since;
	long last;
	const char *output;
	const char *auditor_card;
	int paper;			/* 1: A4; 2: letter */
	const char *set;		/* --set, of a receipt's new set */
	bool again;			/* deliver what isn't due yet */
	const char *forget, *reason;	/* a sink of alerts; why */
};

/** The action's own operand behind its name, or NULL. */
const char *quo_log_operand(const struct quo_log_options *o);

enum quo_exit quo_log_init(const struct quo_log_options *o);
enum quo_exit quo_log_show(const struct quo_log_options *o);
enum quo_exit quo_log_follow(const struct quo_log_options *o);
enum quo_exit quo_log_verify(const struct quo_log_options *o);
enum quo_exit quo_log_export(const struct quo_log_options *o);
enum quo_exit quo_log_checkpoint(const struct quo_log_options *o);
enum quo_exit quo_log_deliver(const struct quo_log_options *o);
enum quo_exit quo_log_receipt(const struct quo_log_options *o);

#endif
