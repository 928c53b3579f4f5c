/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "cmd/then.h"

/* Whether an option was given that says how, and not whether. */
static bool
says_how(const struct quo_then_options *o)
{
	return o->how.hook != NULL || o->how.confirm != 0 ||
	    o->dealing.format != 0 || o->dealing.output != NULL ||
	    o->dealing.deliver != NULL || o->dealing.phrase_dir != NULL;
}

/* A hook that can't be run is told before anybody looks for cards. */
static enum quo_exit
check_hook(const struct quo_then_options *o, struct quo_book *book,
    const char *name)
{
	struct quo_facts facts = { .state = QUO_STATE_NONE };
	struct quo_hook hook = { .path = o->how.hook, .name = "" };
	enum quo_exit end = QUO_EXIT_DONE;
	enum quo_err err;

	if (hook.path == NULL && name != NULL && book->ledger != NULL &&
	    quo_facts_load(book->ledger, name, &facts) == QUO_OK) {
		hook.path = facts.hook;
		if (hook.path == NULL)
			end = quo_say_misuse("--then-rotate: the inventory "
			    "names no hook of \"%s\": --hook EXE", name);
	}
	if (hook.path != NULL) {
		err = quo_hook_check(&hook);
		if (err != QUO_OK) {
			end = quo_say_failure(err, "--then-rotate: %s%s%s",
			    hook.path, hook.note[0] != '\0' ? ": " : "",
			    hook.note);
			quo_say_hint("give another one, --hook EXE; or leave "
			    "--then-rotate out, and rotate it later");
		}
	}
	quo_facts_clear(&facts);
	return end == QUO_EXIT_DONE ? end : QUO_EXIT_MISUSE;
}

enum quo_exit
quo_then_check(const struct quo_then_options *o,
    const struct quo_common *common, const char *name)
{
	struct quo_dealing_options dealing = o->dealing;
	struct quo_book book;
	enum quo_exit end;

	if (!o->rotate)
		return says_how(o) ? quo_say_misuse("--hook, --confirm, "
		    "--format, --output, --deliver and --phrase-dir go with "
		    "--then-rotate") : QUO_EXIT_DONE;
	/* Whether the new set is locked is known when the old one is. */
	dealing.phrase_dir = NULL;
	end = quo_dealing_check(&dealing);
	if (end != QUO_EXIT_DONE)
		return end;
	quo_book_try(common, false, &book);
	end = check_hook(o, &book, name);
	quo_book_close(&book);
	return end;
}

/* Somebody else may have rotated it while it was in use. */
static bool
is_done(const struct quo_rotating *r, const struct quo_quorum *q)
{
	char id[QUO_SET_ID_HEX];

	if (r->book->ledger == NULL || r->dealt.facts.set == NULL ||
	    r->dealt.facts.burned != 0)
		return false;
	quo_set_id_print(&quo_quorum_set(q)->id, QUO_HASH_LEN, id);
	return strcmp(id, r->dealt.facts.set) != 0;
}

/* Where the rescue went on without the ledger the rotation doesn't: the
 * ledger would name the cards of before for ever. */
static enum quo_exit
reopen(const struct quo_common *common, struct quo_book *again)
{
	if (quo_book_open(common, QUO_BOOK_WANTED, again) == QUO_EXIT_DONE)
		return QUO_EXIT_DONE;
	quo_say_hint("it is not rotated: once the ledger can be written, "
	    "quorate rotate NAME CARD...");
	return QUO_EXIT_MACHINE;
}

static enum quo_exit
rotate(struct quo_rotating *r)
{
	const struct quo_credential *c = &r->old->opened.credential;
	enum quo_exit end = quo_rotating_consult(r);

	if (end == QUO_EXIT_DONE && is_done(r, r->old)) {
		quo_say("\"%s\" was rotated meanwhile", r->name);
		return QUO_EXIT_DONE;
	}
	/* The hook's answer may hang on the account. */
	if (r->hook.user == NULL)
		r->hook.user = c->user;
	if (r->hook.target == NULL)
		r->hook.target = c->target;
	if (end == QUO_EXIT_DONE)
		end = quo_rotating_describe(r);
	if (end == QUO_EXIT_DONE)
		end = quo_rotating_plan(r);
	if (end == QUO_EXIT_DONE)
		end = quo_rotating_run(r, true);
	if (end != QUO_EXIT_DONE && (r->state == QUO_APPLIED_NOT ||
	    r->state == QUO_APPLIED_KEPT))
		quo_say_hint("it is not rotated: quorate rotate %s CARD...",
		    r->name);
	return end;
}

enum quo_exit
quo_then_rotate(const struct quo_then_options *o,
    const struct quo_common *common, struct quo_book *book,
    const struct quo_quorum *quorum, struct quo_json *json)
{
	const char *name = quorum->opened.credential.name;
	struct quo_book again = { .ledger = NULL };
	struct quo_rotating r;
	enum quo_exit end = QUO_EXIT_DONE;

	quo_say("now for its rotation: new cards, and a new secret on the "
	    "target");
	if (book->ledger == NULL) {
		end = reopen(common, &again);
		book = &again;
	}
	quo_rotating_init(&o->how, &o->dealing, book, &r);
	r.name = name != NULL ? name : "";
	r.old = quorum;
	r.json = json;
	if (end == QUO_EXIT_DONE)
		end = rotate(&r);
	quo_rotating_clear(&r);
	quo_book_close(&again);
	return end;
}
