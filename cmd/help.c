/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "cmd/option.h"

#define HELP_COLUMN 28
#define HELP_WIDTH 79
#define USAGE_COLUMN 15

static const struct {
	enum quo_exit exit;
	const char *text;
} exit_texts[] = {
	{ QUO_EXIT_DONE, "done" },
	{ QUO_EXIT_NO, "the answer is no" },
	{ QUO_EXIT_MISUSE, "misuse: nothing was done" },
	{ QUO_EXIT_MACHINE, "the machine failed us" },
	{ QUO_EXIT_CHILD, "the command behind -- failed" },
};

/*
 * Text behind what stands in line already, wrapped between words; the lines
 * that follow begin at column.
 */
static void
print_wrapped(char line[HELP_WIDTH + 1], const char *text, size_t column)
{
	size_t used = strlen(line), len;
	bool fresh = true;

	for (; *text != '\0'; text += len + (text[len] == ' ')) {
		len = strcspn(text, " ");
		if (!fresh && used + 1 + len > HELP_WIDTH) {
			quo_say_data("%s", line);
			memset(line, ' ', column);
			used = column;
			line[used] = '\0';
			fresh = true;
		}
		used += (size_t)snprintf(line + used, HELP_WIDTH + 1 - used,
		    "%s%.*s", fresh ? "" : " ", (int)len, text);
		used = used < HELP_WIDTH ? used : HELP_WIDTH;
		fresh = false;
	}
	quo_say_data("%s", line);
}

/* left in its column, text beside it. */
static void
print_pair(const char *left, const char *text, size_t column)
{
	char line[HELP_WIDTH + 1];
	size_t len = strlen(left);

	memset(line, ' ', column);
	line[column] = '\0';
	if (len <= column - 2)
		memcpy(line, left, len);
	else
		quo_say_data("%s", left);
	print_wrapped(line, text, column);
}

static void
print_usage(const struct quo_command *command)
{
	char line[HELP_WIDTH + 1];
	size_t i;

	for (i = 0; command->usage[i] != NULL; i++) {
		snprintf(line, sizeof line, "%s quorate %s ",
		    i == 0 ? "usage:" : "      ", command->name);
		print_wrapped(line, command->usage[i], USAGE_COLUMN);
	}
}

/* Flowing text: a line feed is a blank. */
static void
print_about(const char *about)
{
	char line[HELP_WIDTH + 1] = "", text[1024];
	size_t i;

	snprintf(text, sizeof text, "%s", about);
	for (i = 0; text[i] != '\0'; i++)
		if (text[i] == '\n')
			text[i] = ' ';
	quo_say_data("%s", "");
	print_wrapped(line, text, 0);
}

static void
print_option(const struct quo_option *o)
{
	char left[HELP_WIDTH], text[512];
	int n;

	n = o->letter != 0 ? snprintf(left, sizeof left, "  -%c, --%s",
	    o->letter, o->name) :
	    snprintf(left, sizeof left, "      --%s", o->name);
	if (o->arg != NULL)
		snprintf(left + n, sizeof left - (size_t)n,
		    o->bare != NULL ? "[=%s]" : " %s", o->arg);
	n = snprintf(text, sizeof text, "%s", o->help);
	if (o->bare != NULL && *o->bare != '\0')
		n += snprintf(text + n, sizeof text - (size_t)n,
		    " (alone: %s)", o->bare);
	if (o->initial != NULL)
		n += snprintf(text + n, sizeof text - (size_t)n,
		    " (default %s)", o->initial);
	if (o->kind == QUO_OPTION_LIST)
		snprintf(text + n, sizeof text - (size_t)n,
		    "; may be repeated");
	print_pair(left, text, HELP_COLUMN);
}

static void
print_options(const struct quo_option *o)
{
	for (; o != NULL && o->name != NULL; o++) {
		if (o->group != NULL) {
			quo_say_data("%s", "");
			quo_say_data("%s:", o->group);
		}
		print_option(o);
	}
}

static void
print_exits(const struct quo_command *command)
{
	const char *text;
	char left[8];
	size_t i;

	quo_say_data("%s", "");
	quo_say_data("exit codes:");
	for (i = 0; i < sizeof exit_texts / sizeof *exit_texts; i++) {
		if (exit_texts[i].exit == QUO_EXIT_CHILD && !command->after)
			continue;
		text = exit_texts[i].exit == QUO_EXIT_NO &&
		    command->no != NULL ? command->no : exit_texts[i].text;
		snprintf(left, sizeof left, "  %d", exit_texts[i].exit);
		print_pair(left, text, 6);
	}
}

void
quo_option_help(const struct quo_command *command)
{
	size_t i;

	print_usage(command);
	print_about(command->about != NULL ? command->about :
	    command->summary);
	print_options(command->options);
	print_options(quo_common_options);
	print_exits(command);
	if (command->examples == NULL)
		return;
	quo_say_data("%s", "");
	quo_say_data("examples:");
	for (i = 0; command->examples[i] != NULL; i++)
		quo_say_data("  %s", command->examples[i]);
}
