/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "cmd/command.h"
#include "cmd/hook.h"

static const struct quo_option options[] = {
	{ 0, "user", "USER", QUO_TEXT(struct quo_hook_options, user),
	  .help = "the account: a throw-away one", .group = "the target" },
	{ 0, "target", "TARGET", QUO_TEXT(struct quo_hook_options, target),
	  .help = "the system" },
	{ 0, "name", "NAME", QUO_TEXT(struct quo_hook_options, name),
	  .initial = "hook-test", .help = "what the hook is told of the "
	  "credential's name" },
	{ 0, "hook-timeout", "TIME", QUO_SPAN(struct quo_hook_options,
	  seconds, 1, 3600), .help = "how long one run of it may take "
	  "(default 60s)" },
	{ 0, "secret-file", "FILE", QUO_TEXT(struct quo_hook_options,
	  secret_file), .help = "the secret that the account has now, where "
	  "apply needs it; - for standard input", .one_of = 1,
	  .group = "its secrets" },
	{ 0, "ask", NULL, QUO_FLAG(struct quo_hook_options, ask),
	  .help = "ask for it at the terminal", .one_of = 1 },
	{ 0, "strip-newline", NULL, QUO_FLAG(struct quo_hook_options,
	  strip_newline), .help = "a newline at the end of FILE is not part "
	  "of it", .one_of = 2 },
	{ 0, "keep-newline", NULL, QUO_FLAG(struct quo_hook_options,
	  keep_newline), .help = "it is", .one_of = 2 },
	{ 0, "keep-secret-fd", "FD", QUO_TEXT(struct quo_hook_options,
	  keep_fd), .help = "write the secret that the account has at the "
	  "end to descriptor FD" },
	{ 0, "yes", NULL, QUO_FLAG(struct quo_hook_options, yes),
	  .help = "change the account's secret without asking",
	  .group = "consent" },
	{ 0 }
};

static const struct action {
	const char *name;
	enum quo_exit (*run)(const struct quo_hook_options *o);
	size_t operands;		/* behind its name, just so many */
} actions[] = {
	{ "test", quo_hook_test, 1 },
};

#define ACTIONS (sizeof actions / sizeof *actions)

static enum quo_exit
run(const void *values)
{
	const struct quo_hook_options *o = values;
	const struct quo_list *words = &o->common.operands;
	const char *word = words->items[0], *names[ACTIONS + 1] = { NULL };

	for (size_t i = 0; i < ACTIONS; i++) {
		names[i] = actions[i].name;
		if (strcmp(word, names[i]) != 0)
			continue;
		if (words->count == 1)
			return quo_say_misuse("hook %s: HOOK is missing: the "
			    "program to be tried", word);
		if (words->count > 1 + actions[i].operands)
			return quo_say_misuse("hook %s: \"%s\" is one "
			    "argument too many", word,
			    words->items[1 + actions[i].operands]);
		return actions[i].run(o);
	}
	quo_say_error("hook: unknown action \"%s\"", word);
	word = quo_option_nearest(word, names);
	if (word != NULL)
		quo_say_hint("did you mean %s?", word);
	quo_say_hint("see quorate hook --help");
	return QUO_EXIT_MISUSE;
}

static const char *const usage[] = {
	"test HOOK --user USER [--target TARGET] [--yes]",
	"test HOOK --secret-file FILE | --ask [--keep-secret-fd FD]",
	NULL
};

static const char *const examples[] = {
	"quorate hook test ./unix-account --user throwaway",
	"quorate hook test ./ldap-entry --user cn=try,dc=example --ask",
	NULL
};

const struct quo_command quo_command_hook = {
	.name = "hook",
	.summary = "hold a target hook against its contract",
	.usage = usage,
	.about = "Tries what quorate-hook(7) asks of a target hook, each with "
	    "a line that says ok,\nbroken, or not checked and why. It CHANGES "
	    "THE SECRET of the account several\ntimes, to ones that it mints: "
	    "take a throw-away account. With strace(1) it also\nsees where "
	    "the secrets go; without, arguments and environments are only "
	    "sampled.",
	.options = options,
	.examples = examples,
	.no = "the hook breaks the contract",
	.size = sizeof(struct quo_hook_options),
	.least = 1,
	.most = 2,
	.run = run,
};
