/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/secret.h"
#include "cmd/command.h"
#include "cmd/settings.h"
#include "cmd/stop.h"
#include "config.h"

static enum quo_exit help_run(const void *values);

static const char *const help_usage[] = { "[COMMAND]", NULL };

static const struct quo_command command_help = {
	.name = "help",
	.summary = "show what a command does and takes",
	.usage = help_usage,
	.size = sizeof(struct quo_common),
	.most = 1,
	.run = help_run,
};

/* As the overview shows them. */
static const struct {
	const char *heading;
	const struct quo_command *commands[8];
} groups[] = {
	{ "cards", {
		&quo_command_split,
		&quo_command_check,
		&quo_command_drill,
		&quo_command_acknowledge,
		&quo_command_lost,
		&quo_command_reissue,
		&quo_command_attest,
	} },
	{ "an emergency", {
		&quo_command_request,
		&quo_command_approve,
		&quo_command_reconstruct,
		&quo_command_rotate,
		&quo_command_review,
	} },
	{ "people, credentials, targets", {
		&quo_command_person,
		&quo_command_import,
		&quo_command_export,
		&quo_command_retire,
		&quo_command_hook,
	} },
	{ "what stands, and what happened", {
		&quo_command_status,
		&quo_command_log,
		&quo_command_report,
		&quo_command_form,
		&command_help,
	} },
};

#define GROUPS (sizeof groups / sizeof *groups)
#define COMMANDS_MAX (GROUPS * sizeof groups->commands / \
    sizeof *groups->commands)

static void
print_overview(void)
{
	quo_say_data("usage: quorate COMMAND [ARGUMENT...]");
	quo_say_data("       quorate COMMAND --help");
	quo_say_data("       quorate --version");
	quo_say_data("%s", "");
	quo_say_data("break-glass credentials on k-of-n paper cards");
	for (size_t g = 0; g < GROUPS; g++) {
		const struct quo_command *const *c = groups[g].commands;

		quo_say_data("%s", "");
		quo_say_data("%s:", groups[g].heading);
		for (; *c != NULL; c++)
			quo_say_data("  %-13s %s", (*c)->name, (*c)->summary);
	}
}

static const struct quo_command *
find_command(const char *name)
{
	const char *names[COMMANDS_MAX + 1] = { NULL };
	size_t n = 0;

	for (size_t g = 0; g < GROUPS; g++) {
		const struct quo_command *const *c = groups[g].commands;

		for (; *c != NULL; c++) {
			if (strcmp((*c)->name, name) == 0)
				return *c;
			names[n++] = (*c)->name;
		}
	}
	quo_say_error("unknown command \"%s\"", name);
	name = quo_option_nearest(name, names);
	if (name != NULL)
		quo_say_hint("did you mean %s?", name);
	quo_say_hint("see quorate --help");
	return NULL;
}

static enum quo_exit
help_run(const void *values)
{
	const struct quo_common *common = values;
	const struct quo_command *command;

	if (common->operands.count == 0) {
		print_overview();
		return QUO_EXIT_DONE;
	}
	command = find_command(common->operands.items[0]);
	if (command == NULL)
		return QUO_EXIT_MISUSE;
	quo_option_help(command);
	return QUO_EXIT_DONE;
}

static enum quo_exit
run_settled(const struct quo_command *command, struct quo_common *common)
{
	struct quo_settings settings = { 0 };
	enum quo_exit end = QUO_EXIT_DONE;

	/* Help is to be had, whatever the configuration is like. */
	if (command != &command_help)
		end = quo_settings_load(common, &settings);
	common->settings = &settings;
	if (end == QUO_EXIT_DONE)
		end = command->run(common);
	quo_settings_clear(&settings);
	return end;
}

static enum quo_exit
run_parsed(const struct quo_command *command, struct quo_common *common)
{
	if (common->help) {
		quo_option_help(command);
		return QUO_EXIT_DONE;
	}
	quo_say_quiet(common->quiet);
	if (common->allow_unlocked)
		quo_secret_allow_unlocked();
	return run_settled(command, common);
}

static enum quo_exit
run(const struct quo_command *command, const char *const *words)
{
	void *values = calloc(1, command->size);
	enum quo_exit end;
	enum quo_err err;

	if (values == NULL)
		return quo_say_failure(QUO_ENOMEM, "%s", command->name);
	err = quo_option_parse(command, words, values);
	end = err == QUO_OK ? run_parsed(command, values) : quo_exit_of(err);
	quo_option_free(command, values);
	return end;
}

/* Else a file of ours, opened in place of 1 or 2, would get the talk. */
static bool
fill_standard_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	return fd >= 0 && close(fd) == 0;
}

static enum quo_exit
dispatch(const char *const *words)
{
	const struct quo_command *command;

	while (*words != NULL && strcmp(*words, "--allow-unlocked") == 0) {
		quo_secret_allow_unlocked();
		words++;
	}
	if (*words == NULL) {
		quo_say_error("a command is missing");
		quo_say_hint("see quorate --help");
		return QUO_EXIT_MISUSE;
	}
	if (strcmp(*words, "--help") == 0 || strcmp(*words, "-h") == 0) {
		print_overview();
		return QUO_EXIT_DONE;
	}
	if (strcmp(*words, "--version") == 0) {
		quo_say_data("quorate %s", QUO_VERSION);
		return QUO_EXIT_DONE;
	}
	if (**words == '-') {
		quo_say_error("option %s stands before the command", *words);
		quo_say_hint("options go behind it: quorate COMMAND %s",
		    *words);
		return QUO_EXIT_MISUSE;
	}
	command = find_command(*words);
	return command == NULL ? QUO_EXIT_MISUSE : run(command, words + 1);
}

int
main(int argc, char **argv)
{
	enum quo_exit end;

	if (!fill_standard_descriptors())
		return QUO_EXIT_MACHINE;
	if (quo_secret_harden() != QUO_OK) {
		quo_say_error("core dumps can't be turned off");
		return QUO_EXIT_MACHINE;
	}
	end = dispatch((const char *const *)(argc > 0 ? argv + 1 : argv));
	quo_stop_raise();
	if (end == QUO_EXIT_DONE && quo_say_failed()) {
		quo_say_error("standard output can't be written");
		return QUO_EXIT_MACHINE;
	}
	return (int)end;
}
