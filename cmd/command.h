/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_COMMAND_H
#define QUO_COMMAND_H

#include "cmd/option.h"

/**
 * The subcommands, each in a file of its own name. A new one is declared
 * here and listed in main.c.
 */
extern const struct quo_command quo_command_acknowledge;
extern const struct quo_command quo_command_approve;
extern const struct quo_command quo_command_attest;
extern const struct quo_command quo_command_check;
extern const struct quo_command quo_command_drill;
extern const struct quo_command quo_command_export;
extern const struct quo_command quo_command_form;
extern const struct quo_command quo_command_hook;
extern const struct quo_command quo_command_import;
extern const struct quo_command quo_command_log;
extern const struct quo_command quo_command_lost;
extern const struct quo_command quo_command_person;
extern const struct quo_command quo_command_reconstruct;
extern const struct quo_command quo_command_reissue;
extern const struct quo_command quo_command_report;
extern const struct quo_command quo_command_request;
extern const struct quo_command quo_command_retire;
extern const struct quo_command quo_command_review;
extern const struct quo_command quo_command_rotate;
extern const struct quo_command quo_command_split;
extern const struct quo_command quo_command_status;

#endif
