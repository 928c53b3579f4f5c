/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "cmd/book.h"
#include "cmd/command.h"
#include "cmd/identity.h"
#include "cmd/judged.h"
#include "ledger/holding.h"
#include "ledger/roster.h"

struct person {
	struct quo_common common;
	struct quo_identity identity;
};

static const struct quo_option options[] = {
	{ 0, "name", "NAME", QUO_TEXT(struct person, identity.name),
	  .help = "the full name", .group = "who it is" },
	{ 0, "contact", "TEXT", QUO_LIST(struct person, identity.contact),
	  .help = "how to reach them when all else is down" },
	{ 0, "role", "ROLES", QUO_TEXT(struct person, identity.role),
	  .help = "of custodian, requester, approver, auditor, with commas" },
	{ 0, "key", "KEY", QUO_LIST(struct person, identity.key),
	  .help = "an SSH public key that they sign with" },
	{ 0, "key-file", "FILE", QUO_LIST(struct person, identity.key_file),
	  .help = "the same from a file, such as id_ed25519.pub" },
	{ 0 }
};

/* One run. */
struct work {
	const struct person *p;
	const char *handle;	/* NULL: the verb takes none */
	struct quo_roster roster;
	struct quo_json *json;
	struct quo_book book;
};

static enum quo_exit
say_unknown(const struct work *w)
{
	const struct quo_roster *r = &w->roster;
	const char **names = calloc(r->count[QUO_RECORD_PERSON] + 1,
	    sizeof *names);
	const char *near = NULL;

	quo_say_error("there is no person \"%s\"", w->handle);
	for (size_t i = 0; names != NULL && i < r->count[QUO_RECORD_PERSON];
	    i++)
		names[i] = r->records[QUO_RECORD_PERSON][i].key;
	if (names != NULL)
		near = quo_option_nearest(w->handle, names);
	if (near != NULL)
		quo_say_hint("did you mean %s?", near);
	free(names);
	return QUO_EXIT_MISUSE;
}

/* Between begin and commit, so that nobody else changes what was looked at. */
static enum quo_exit
put(struct work *w, const struct quo_record *old, struct quo_record *new)
{
	char fields[QUO_DIFF_TEXT];
	bool differs = quo_record_diff(QUO_RECORD_PERSON, old, new, fields);
	enum quo_exit end;

	end = quo_book_finish(&w->book, quo_record_put(w->book.ledger,
	    QUO_RECORD_PERSON, old, new));
	if (end != QUO_EXIT_DONE)
		return end;
	if (differs)
		quo_say("%s \"%s\": %s", old == NULL ? "new person" :
		    "changed person", new->key, fields);
	else
		quo_say("nothing changed");
	quo_record_write(QUO_RECORD_PERSON, new, w->json);
	quo_json_bool(w->json, "changed", differs);
	return QUO_EXIT_DONE;
}

static enum quo_exit
add(struct work *w, struct quo_record *old)
{
	struct quo_record new = { 0 };
	char why[QUO_ROSTER_WHY];
	enum quo_exit end;
	enum quo_err err;

	if (old != NULL) {
		quo_say_error("there is a person \"%s\" already%s", old->key,
		    old->value[QUO_PERSON_RETIRED] != NULL ? ", retired" :
		    "");
		quo_say_hint("quorate person change %s", old->key);
		return QUO_EXIT_MISUSE;
	}
	err = quo_record_name(&new, w->handle, why);
	if (err != QUO_OK)
		return err == QUO_EINVAL ? quo_say_misuse("handle: %s", why) :
		    quo_say_failure(err, "%s", w->handle);
	end = quo_identity_apply(&w->p->identity, &new);
	if (end == QUO_EXIT_DONE)
		end = put(w, NULL, &new);
	quo_record_clear(&new);
	return end;
}

static enum quo_exit
change(struct work *w, struct quo_record *old)
{
	struct quo_record new = { 0 };
	enum quo_exit end;

	if (old == NULL)
		return say_unknown(w);
	if (quo_record_copy(old, &new) != QUO_OK)
		return quo_say_failure(QUO_ENOMEM, "%s", w->handle);
	end = quo_identity_apply(&w->p->identity, &new);
	if (end == QUO_EXIT_DONE)
		end = put(w, old, &new);
	quo_record_clear(&new);
	return end;
}

/* Which cards of a set somebody holds: said, and into json. */
static void
tell_held(void *context, const struct quo_holding *h)
{
	const struct work *w = context;
	bool any = false;

	for (unsigned s = 1; s <= h->policy->cards; s++) {
		if (!quo_text_same(h->card[s].custodian, w->handle))
			continue;
		if (!any) {
			quo_json_object(w->json, NULL);
			quo_json_text(w->json, "credential", h->credential);
			quo_json_int(w->json, "generation", h->generation);
			quo_json_array(w->json, "cards");
		}
		any = true;
		quo_json_int(w->json, NULL, s);
		if (strcmp(w->p->common.operands.items[0], "retire") == 0)
			quo_say_warning("\"%s\", generation %u, is due for "
			    "dealing anew: %s holds card %u%s",
			    h->credential, h->generation, w->handle, s,
			    h->card[s].lost ? ", which is lost" : "");
		else if (!w->p->common.json)
			quo_say_data("holds    \"%s\", generation %u, card "
			    "%u%s", h->credential, h->generation, s,
			    h->card[s].lost ? ", lost" : "");
	}
	if (any) {
		quo_json_close(w->json);
		quo_json_close(w->json);
	}
}

static enum quo_exit
held(struct work *w, const char *list)
{
	enum quo_err err;

	quo_json_array(w->json, list);
	err = quo_holding_each(w->book.ledger, tell_held, w);
	quo_json_close(w->json);
	return quo_book_say(&w->book, err);
}

static enum quo_exit
retire(struct work *w, struct quo_record *old)
{
	struct quo_record new = { 0 };
	char now[QUO_UTC_TEXT];
	enum quo_exit end;

	if (old == NULL)
		return say_unknown(w);
	if (old->value[QUO_PERSON_RETIRED] != NULL)
		return quo_say_misuse("%s was retired at %s", old->key,
		    old->value[QUO_PERSON_RETIRED]);
	if (quo_record_copy(old, &new) != QUO_OK)
		return quo_say_failure(QUO_ENOMEM, "%s", w->handle);
	quo_utc_print(quo_utc_now(), now);
	free(new.value[QUO_PERSON_RETIRED]);
	new.value[QUO_PERSON_RETIRED] = strdup(now);
	end = new.value[QUO_PERSON_RETIRED] == NULL ?
	    quo_say_failure(QUO_ENOMEM, "%s", w->handle) : put(w, old, &new);
	if (end == QUO_EXIT_DONE)
		end = held(w, "due");
	quo_record_clear(&new);
	return end;
}

/* A line for each of its lines, its name before the first. */
static void
show_field(const char *name, const char *text)
{
	size_t len;

	for (; text != NULL && *text != '\0'; text += len +
	    (text[len] == '\n')) {
		len = strcspn(text, "\n");
		quo_say_data("%-8s %.*s", name, (int)len, text);
		name = "";
	}
}

static enum quo_exit
show(struct work *w, struct quo_record *old)
{
	const struct quo_field *f =
	    quo_record_types[QUO_RECORD_PERSON].fields;

	if (old == NULL)
		return say_unknown(w);
	quo_record_write(QUO_RECORD_PERSON, old, w->json);
	if (!w->p->common.json) {
		show_field("handle", old->key);
		for (int i = 0; f[i].name != NULL; i++)
			show_field(f[i].name, old->value[i]);
	}
	return held(w, "holds");
}

static void
list_one(const struct quo_record *p)
{
	char roles[128] = "";

	if (p->value[QUO_PERSON_ROLES] != NULL)
		snprintf(roles, sizeof roles, "%s",
		    p->value[QUO_PERSON_ROLES]);
	for (char *c = roles; *c != '\0'; c++)
		if (*c == '\n')
			*c = ',';
	quo_say_data("%-16s %-40s %s%s", p->key, roles,
	    p->value[QUO_PERSON_NAME] != NULL ? p->value[QUO_PERSON_NAME] :
	    "", p->value[QUO_PERSON_RETIRED] != NULL ? " (retired)" : "");
}

static enum quo_exit
list(struct work *w, struct quo_record *none)
{
	(void)none;
	quo_json_array(w->json, "people");
	for (size_t i = 0; i < w->roster.count[QUO_RECORD_PERSON]; i++) {
		const struct quo_record *p =
		    &w->roster.records[QUO_RECORD_PERSON][i];

		quo_json_object(w->json, NULL);
		quo_record_write(QUO_RECORD_PERSON, p, w->json);
		quo_json_close(w->json);
		if (!w->p->common.json)
			list_one(p);
	}
	quo_json_close(w->json);
	return QUO_EXIT_DONE;
}

static const struct verb {
	const char *name;
	size_t operands;	/* itself included */
	bool writes;
	bool takes;		/* options that say who it is */
	enum quo_exit (*run)(struct work *w, struct quo_record *old);
} verbs[] = {
	{ "add", 2, true, true, add },
	{ "change", 2, true, true, change },
	{ "retire", 2, true, false, retire },
	{ "show", 2, false, false, show },
	{ "list", 1, false, false, list },
};

#define VERBS (sizeof verbs / sizeof *verbs)

static enum quo_exit
run_verb(struct work *w, const struct verb *verb)
{
	struct quo_record *old = NULL;
	enum quo_exit end;
	enum quo_err err = QUO_OK;

	end = quo_book_open(&w->p->common, verb->writes ? QUO_BOOK_WRITE :
	    QUO_BOOK_READ, &w->book);
	if (end != QUO_EXIT_DONE)
		return end;
	if (verb->writes)
		err = quo_ledger_begin(w->book.ledger);
	if (err == QUO_OK)
		err = quo_roster_load(w->book.ledger, &w->roster);
	if (err != QUO_OK)
		return quo_book_say(&w->book, err);
	if (w->handle != NULL)
		old = quo_roster_find(&w->roster, QUO_RECORD_PERSON,
		    w->handle);
	end = verb->run(w, old);
	if (end == QUO_EXIT_DONE && verb->takes)
		end = quo_judged_say(&w->book, w->handle, w->json);
	return end;
}

static const struct verb *
find_verb(const struct person *p)
{
	const struct quo_list *words = &p->common.operands;
	const char *names[VERBS + 1] = { NULL };
	const char *near;

	for (size_t i = 0; i < VERBS; i++) {
		names[i] = verbs[i].name;
		if (strcmp(verbs[i].name, words->items[0]) != 0)
			continue;
		if (words->count != verbs[i].operands) {
			quo_say_error(words->count == 1 ?
			    "person %s: whom?" : "person %s takes no handle",
			    names[i]);
			return NULL;
		}
		return &verbs[i];
	}
	quo_say_error("person: there is no \"%s\"", words->items[0]);
	near = quo_option_nearest(words->items[0], names);
	quo_say_hint(near != NULL ? "did you mean %s?" :
	    "it is add, change, retire, show or list", near);
	return NULL;
}

static enum quo_exit
run(const void *values)
{
	const struct person *p = values;
	const struct verb *verb = find_verb(p);
	struct work w = { .p = p };
	enum quo_exit end;

	if (verb == NULL)
		return QUO_EXIT_MISUSE;
	if (!verb->takes && quo_identity_given(&p->identity))
		return quo_say_misuse("person %s takes nothing that says who "
		    "it is: that is for add and change", verb->name);
	if (verb->operands == 2)
		w.handle = p->common.operands.items[1];
	w.json = p->common.json ? quo_json_new() : NULL;
	end = run_verb(&w, verb);
	if (end == QUO_EXIT_DONE && p->common.json &&
	    quo_say_json(w.json) != QUO_OK)
		end = quo_say_failure(QUO_EIO, "%s", "JSON");
	quo_book_close(&w.book);
	quo_roster_clear(&w.roster);
	quo_json_free(w.json);
	return end;
}

static const char *const usage[] = {
	"add|change HANDLE [--name NAME] [--contact TEXT]... [--role ROLES] "
	"[--key KEY]... [--key-file FILE]...",
	"retire|show HANDLE", "list", NULL
};

static const char *const examples[] = {
	"quorate person add anna --role requester --key-file anna.pub",
	"quorate person change anna --role custodian,approver",
	"quorate person retire anna",
	NULL
};

const struct quo_command quo_command_person = {
	.name = "person",
	.summary = "keep the roster: who has which role",
	.usage = usage,
	.about = "Keeps the roster of custodians, requesters, approvers and "
	"auditors, each by a handle: the name that policies and other "
	"commands use. change replaces what is given and leaves the rest; an "
	"empty text takes it away. Nobody is deleted: retire ends the roles "
	"of somebody who leaves, and names the sets that are due for dealing "
	"anew, because they hold a card.",
	.options = options,
	.examples = examples,
	.no = "the rules refuse it",
	.size = sizeof(struct person),
	.least = 1,
	.most = 2,
	.run = run,
};
