/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "cmd/option.h"

#define OPTIONS_MAX 64

const struct quo_option quo_common_options[] = {
	{ 'h', "help", NULL, QUO_FLAG(struct quo_common, help),
	  .help = "show this help", .group = "every command" },
	{ 0, "json", NULL, QUO_FLAG(struct quo_common, json),
	  .help = "the result as JSON on standard output" },
	{ 'q', "quiet", NULL, QUO_FLAG(struct quo_common, quiet),
	  .help = "say errors and warnings only" },
	{ 0, "ledger", "PATH", QUO_TEXT(struct quo_common, ledger),
	  .help = "the ledger is PATH, whatever is configured", .one_of = 99 },
	{ 0, "no-ledger", NULL, QUO_FLAG(struct quo_common, no_ledger),
	  .help = "go without the ledger", .one_of = 99 },
	{ 0, "allow-unlocked", NULL,
	  QUO_FLAG(struct quo_common, allow_unlocked),
	  .help = "go on where memory can't be locked against swap" },
	{ 0 }
};

/* One run of the parser: where it stands, and what was given so far. */
struct parse {
	const struct quo_command *command;
	const char *const *words;
	void *values;
	const struct quo_option *given[OPTIONS_MAX];
	size_t given_count;
};

static enum quo_err
wrong(const struct parse *p)
{
	quo_say_hint("see quorate %s --help", p->command->name);
	return QUO_EINVAL;
}

static const struct quo_option *
find(const struct quo_command *command, const char *name, size_t len,
    char letter)
{
	const struct quo_option *tables[] = {
		command->options, quo_common_options
	};
	const struct quo_option *o;
	size_t t;

	for (t = 0; t < 2; t++)
		for (o = tables[t]; o != NULL && o->name != NULL; o++)
			if (name != NULL ? strlen(o->name) == len &&
			    strncmp(o->name, name, len) == 0 :
			    o->letter == letter)
				return o;
	return NULL;
}

static void
suggest(const struct quo_command *command, const char *word)
{
	const struct quo_option *tables[] = {
		command->options, quo_common_options
	};
	const char *names[2 * OPTIONS_MAX + 1] = { 0 };
	const struct quo_option *o;
	size_t t, count = 0;

	for (t = 0; t < 2; t++)
		for (o = tables[t]; o != NULL && o->name != NULL &&
		    count < 2 * OPTIONS_MAX; o++)
			names[count++] = o->name;
	word = quo_option_nearest(word, names);
	if (word != NULL)
		quo_say_hint("did you mean --%s?", word);
}

static bool
append(struct quo_list *list, const char *item)
{
	const char **more = QUO_GROW(list->items, list->count);

	if (more != NULL)
		*more = item;
	return more != NULL;
}

static bool
read_long(const char *text, char **end, long *value)
{
	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*value = strtol(text, end, 10);
	return errno == 0;
}

static enum quo_err
set_number(const struct quo_option *o, const char *text, long *value)
{
	char *end;
	long n;

	if (!read_long(text, &end, &n) || *end != '\0' ||
	    n < o->min || n > o->max) {
		quo_say_error("--%s takes a number from %ld to %ld, not \"%s\"",
		    o->name, o->min, o->max, text);
		return QUO_EINVAL;
	}
	*value = n;
	return QUO_OK;
}

bool
quo_option_span(const char *text, long min, long max, long *seconds)
{
	static const char units[] = "smhd";
	static const long sizes[] = { 1, 60, 3600, 86400 };
	const char *unit;
	char *end;
	long n;

	if (!read_long(text, &end, &n) || *end == '\0' || end[1] != '\0' ||
	    (unit = strchr(units, *end)) == NULL ||
	    n > max / sizes[unit - units] || n * sizes[unit - units] < min)
		return false;
	*seconds = n * sizes[unit - units];
	return true;
}

static enum quo_err
set_span(const struct quo_option *o, const char *text, long *value)
{
	if (quo_option_span(text, o->min, o->max, value))
		return QUO_OK;
	quo_say_error("--%s takes a time such as 90s, 15m, 4h or 2d, from "
	    "%lds to %lds, not \"%s\"", o->name, o->min, o->max, text);
	return QUO_EINVAL;
}

static enum quo_err
set_choice(const struct quo_option *o, const char *text, int *value)
{
	char all[256] = "";
	int i;

	for (i = 0; o->choices[i] != NULL; i++) {
		if (strcmp(o->choices[i], text) == 0) {
			*value = i + 1;
			return QUO_OK;
		}
		if (strlen(all) + strlen(o->choices[i]) + 3 < sizeof all) {
			strcat(all, i == 0 ? "" : ", ");
			strcat(all, o->choices[i]);
		}
	}
	quo_say_error("--%s is one of %s, not \"%s\"", o->name, all, text);
	return QUO_EINVAL;
}

static enum quo_err
store(const struct quo_option *o, const char *text, void *values)
{
	void *at = (char *)values + o->offset;

	switch (o->kind) {
	case QUO_OPTION_FLAG:
		*(bool *)at = true;
		return QUO_OK;
	case QUO_OPTION_TEXT:
		*(const char **)at = text;
		return QUO_OK;
	case QUO_OPTION_NUMBER:
		return set_number(o, text, at);
	case QUO_OPTION_SPAN:
		return set_span(o, text, at);
	case QUO_OPTION_CHOICE:
		return set_choice(o, text, at);
	case QUO_OPTION_LIST:
		return append(at, text) ? QUO_OK : QUO_ENOMEM;
	}
	return QUO_EINVAL;
}

/* An option stands where no other excludes it, and once unless it's a list. */
static enum quo_err
accept(struct parse *p, const struct quo_option *o)
{
	const struct quo_option *other;
	size_t i;

	for (i = 0; i < p->given_count; i++) {
		other = p->given[i];
		if (other == o && (o->kind == QUO_OPTION_FLAG ||
		    o->kind == QUO_OPTION_LIST))
			return QUO_OK;
		if (other == o)
			quo_say_error("--%s is given twice", o->name);
		else if (o->one_of != 0 && other->one_of == o->one_of)
			quo_say_error("--%s and --%s exclude each other",
			    other->name, o->name);
		else
			continue;
		return wrong(p);
	}
	if (p->given_count < OPTIONS_MAX)
		p->given[p->given_count++] = o;
	return QUO_OK;
}

/* text: what stands attached to it, or NULL; may take the next word. */
static enum quo_err
take(struct parse *p, const struct quo_option *o, const char *text)
{
	enum quo_err err;

	if (o->kind == QUO_OPTION_FLAG && text != NULL) {
		quo_say_error("--%s takes no argument", o->name);
		return wrong(p);
	}
	if (text == NULL)
		text = o->bare;
	if (o->kind != QUO_OPTION_FLAG && text == NULL) {
		if (*p->words == NULL || strcmp(*p->words, "--") == 0) {
			quo_say_error("--%s needs %s behind it", o->name,
			    o->arg);
			return wrong(p);
		}
		text = *p->words++;
	}
	err = accept(p, o);
	if (err == QUO_OK)
		err = store(o, text, p->values);
	return err;
}

static enum quo_err
take_long(struct parse *p, const char *word)
{
	const char *text = strchr(word, '=');
	size_t len = text == NULL ? strlen(word) : (size_t)(text - word);
	const struct quo_option *o = find(p->command, word, len, 0);
	char name[32];

	if (o != NULL)
		return take(p, o, text == NULL ? NULL : text + 1);
	len = len < sizeof name ? len : sizeof name - 1;
	memcpy(name, word, len);
	name[len] = '\0';
	quo_say_error("unknown option --%s", name);
	suggest(p->command, name);
	return wrong(p);
}

static enum quo_err
take_letters(struct parse *p, const char *word)
{
	const struct quo_option *o;
	enum quo_err err;

	for (; *word != '\0'; word++) {
		o = find(p->command, NULL, 0, *word);
		if (o == NULL) {
			quo_say_error("unknown option -%.1s", word);
			return wrong(p);
		}
		if (o->kind != QUO_OPTION_FLAG)
			return take(p, o, word[1] == '\0' ? NULL : word + 1);
		err = take(p, o, NULL);
		if (err != QUO_OK)
			return err;
	}
	return QUO_OK;
}

static enum quo_err
take_operand(struct parse *p, const char *word)
{
	struct quo_common *common = p->values;

	if (common->operands.count == p->command->most) {
		quo_say_error("\"%s\" is one argument too many", word);
		return wrong(p);
	}
	return append(&common->operands, word) ? QUO_OK : QUO_ENOMEM;
}

static enum quo_err
take_words(struct parse *p)
{
	struct quo_common *common = p->values;
	enum quo_err err = QUO_OK;
	const char *word;
	bool ended = false;

	while (err == QUO_OK && *p->words != NULL) {
		word = *p->words++;
		if (ended || word[0] != '-' || word[1] == '\0')
			err = take_operand(p, word);
		else if (word[1] != '-')
			err = take_letters(p, word + 1);
		else if (word[2] != '\0')
			err = take_long(p, word + 2);
		else if (p->command->after) {
			common->after = p->words;
			break;
		} else
			ended = true;
	}
	return err;
}

static enum quo_err
set_initial(const struct quo_command *command, void *values)
{
	const struct quo_option *o;
	enum quo_err err = QUO_OK;

	for (o = command->options; err == QUO_OK && o != NULL &&
	    o->name != NULL; o++)
		if (o->initial != NULL)
			err = store(o, o->initial, values);
	return err;
}

enum quo_err
quo_option_parse(const struct quo_command *command, const char *const *words,
    void *values)
{
	struct parse p = { .command = command, .words = words,
	    .values = values };
	const struct quo_common *common = values;
	enum quo_err err;

	err = set_initial(command, values);
	if (err == QUO_OK)
		err = take_words(&p);
	if (err == QUO_ENOMEM)
		quo_say_failure(err, "options");
	if (err != QUO_OK)
		return err;
	if (!common->help && common->operands.count < command->least) {
		quo_say_error("something is missing: quorate %s %s",
		    command->name, command->usage[0]);
		return wrong(&p);
	}
	return QUO_OK;
}

void
quo_option_free(const struct quo_command *command, void *values)
{
	const struct quo_option *o;
	struct quo_common *common = values;

	if (values == NULL)
		return;
	for (o = command->options; o != NULL && o->name != NULL; o++)
		if (o->kind == QUO_OPTION_LIST)
			free(((struct quo_list *)(void *)((char *)values +
			    o->offset))->items);
	free(common->operands.items);
	free(values);
}
