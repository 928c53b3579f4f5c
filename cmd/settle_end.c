/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "cmd/rotation.h"
#include "cmd/settle_internal.h"

static enum quo_exit
report(struct quo_settle *s, enum quo_applied state, const char *reason,
    enum quo_exit end)
{
	struct quo_rotating *r = s->r;

	r->state = state;
	quo_json_text(r->json, "name", r->name);
	quo_json_text(r->json, "state", quo_applied_words[state].report);
	quo_json_text(r->json, "reason", reason);
	return end;
}

/*
 * Abandon
 */

/* Its cards are out, and the target never heard of it. */
static enum quo_exit
void_waiting(struct quo_settle *s, const struct quo_set_row *row)
{
	char generation[16];
	const struct quo_entry entry = { .value = {
		[QUO_KEY_EVENT] = "deal-failed",
		[QUO_KEY_CREDENTIAL] = s->r->name,
		[QUO_KEY_GENERATION] = generation,
		[QUO_KEY_SET] = row->id,
		[QUO_KEY_REASON] = "abandoned: the target was never asked",
	} };
	enum quo_exit end;

	snprintf(generation, sizeof generation, "%u", row->generation);
	end = quo_book_record(s->r->book, &entry, NULL);
	if (end == QUO_EXIT_DONE)
		quo_say("generation %u of \"%s\" is void: have its cards "
		    "destroyed", row->generation, s->r->name);
	return end;
}

/* A dealing that was begun and never ended has no set to be void. */
static enum quo_exit
end_intents(struct quo_settle *s)
{
	struct quo_rotating *r = s->r;
	enum quo_err err;

	if (r->dealt.facts.unended == 0)
		return QUO_EXIT_DONE;
	err = quo_ledger_begin(r->book->ledger);
	if (err != QUO_OK)
		return quo_book_say(r->book, err);
	err = quo_facts_end_intents(r->book->ledger, r->name,
	    r->dealt.facts.generation + 1);
	return quo_book_finish(r->book, err);
}

/* The target takes nothing of what a rotation has on its way to it. */
static enum quo_exit
refuses(struct quo_settle *s, struct quo_apply *apply,
    const struct quo_set_row *row)
{
	struct quo_quorum q = { .pool = NULL };
	enum quo_hook_answer answer;
	enum quo_exit end;

	if (s->r->desc.single_secret)
		return QUO_EXIT_DONE;
	if (!quo_settle_find(s, row, &q)) {
		quo_say_error("the target may hold more than one secret: that "
		    "it refuses the new one must be seen, too");
		return quo_settle_lack(s, row);
	}
	end = quo_settle_open(s, &q);
	if (end != QUO_EXIT_DONE)
		return end;
	quo_settle_about(s, row);
	answer = quo_apply_try(apply, q.opened.secret, true);
	quo_opened_clear(&q.opened);
	if (answer == QUO_HOOK_NO)
		return QUO_EXIT_DONE;
	quo_say_error("the target %s the secret of generation %u",
	    answer == QUO_HOOK_YES ? "takes" : "can't be asked about",
	    row->generation);
	if (answer == QUO_HOOK_YES)
		quo_say_hint("go on instead: quorate rotate %s --resume, with "
		    "those cards", s->r->name);
	return answer == QUO_HOOK_YES ? QUO_EXIT_NO : QUO_EXIT_MACHINE;
}

/* The old cards still open what the target takes. */
static enum quo_exit
accepts_old(struct quo_settle *s, struct quo_apply *apply,
    const struct quo_set_row *old)
{
	enum quo_hook_answer answer;
	enum quo_exit end;

	if (!quo_settle_find(s, old, &s->old)) {
		quo_say_error("the target was asked: only the old cards can "
		    "prove that it took nothing");
		quo_settle_say_order(&s->sets);
		return quo_settle_lack(s, old);
	}
	end = quo_settle_open(s, &s->old);
	if (end != QUO_EXIT_DONE)
		return end;
	quo_settle_about(s, old);
	answer = quo_apply_try(apply, s->old.opened.secret,
	    s->r->desc.wrong_logins > 1);
	if (answer == QUO_HOOK_YES)
		return QUO_EXIT_DONE;
	quo_say_error("the target %s the old secret", answer == QUO_HOOK_NO ?
	    "refuses" : "can't be asked about");
	if (answer == QUO_HOOK_NO)
		quo_say_hint("nothing is settled: go on instead, quorate "
		    "rotate %s --resume, with the new cards", s->r->name);
	else
		quo_say_hint("nothing is settled: try again later");
	return answer == QUO_HOOK_NO ? QUO_EXIT_NO : QUO_EXIT_MACHINE;
}

static enum quo_exit
void_pending(struct quo_settle *s)
{
	const struct quo_set_row *old = NULL;
	struct quo_apply apply = {
		.hook = &s->r->hook, .desc = &s->r->desc,
		.may_try = quo_rotation_may_try, .with = &s->r->dealt,
	};
	enum quo_exit end;

	for (size_t i = 0; i < s->sets.count && old == NULL; i++)
		if (s->sets.row[i].place == QUO_PLACE_CURRENT)
			old = &s->sets.row[i];
	if (old == NULL) {
		quo_say_error("nothing is known that the target took before: "
		    "go on instead, quorate rotate %s --resume", s->r->name);
		return QUO_EXIT_NO;
	}
	end = quo_rotating_describe(s->r);
	if (end == QUO_EXIT_DONE)
		end = quo_settle_gather(s, old);
	if (end == QUO_EXIT_DONE)
		end = accepts_old(s, &apply, old);
	for (size_t i = 0; i < s->sets.count && end == QUO_EXIT_DONE; i++)
		if (s->sets.row[i].place == QUO_PLACE_PENDING)
			end = refuses(s, &apply, &s->sets.row[i]);
	if (end == QUO_EXIT_DONE)
		end = quo_rotation_exposed(&s->r->dealt, &s->old,
		    &s->r->hook);
	if (end != QUO_EXIT_DONE)
		return end;
	quo_settle_about(s, &s->sets.row[0]);
	end = quo_rotation_settle(&s->r->dealt, "abandoned",
	    "the target takes the old secret", NULL);
	if (end == QUO_EXIT_DONE)
		quo_say("abandoned: the target takes what generation %u "
		    "opens; later cards of \"%s\" are void: have them "
		    "destroyed", old->generation, s->r->name);
	return end;
}

static enum quo_exit
abandon(struct quo_settle *s)
{
	const struct quo_set_row *new = quo_sets_new(&s->sets);
	const bool waits = new != NULL && new->place == QUO_PLACE_WAITING;
	enum quo_exit end;

	if (s->r->book->ledger == NULL)
		return quo_say_misuse("--abandon: there is no ledger to tell: "
		    "have the new cards destroyed");
	if (new == NULL && s->r->dealt.facts.unended == 0) {
		quo_say_error("no rotation of \"%s\" is on its way",
		    s->r->name);
		return QUO_EXIT_NO;
	}
	if (s->sets.unproven && !waits) {
		quo_say_error("the target takes the new secret already");
		quo_say_hint("quorate rotate %s --prove-old, with the old "
		    "cards", s->r->name);
		return QUO_EXIT_NO;
	}
	end = end_intents(s);
	if (end == QUO_EXIT_DONE && waits)
		end = void_waiting(s, new);
	if (end == QUO_EXIT_DONE && !s->sets.unproven && s->sets.count > 0 &&
	    s->sets.row[0].place == QUO_PLACE_PENDING)
		end = void_pending(s);
	return end != QUO_EXIT_DONE ? end : report(s, QUO_APPLIED_KEPT,
	    "abandoned", end);
}

enum quo_exit
quo_settle_abandon(const struct quo_settling *settling)
{
	struct quo_settle s;
	enum quo_exit end = quo_settle_begin(settling, "to abandon a rotation",
	    &s);

	if (end == QUO_EXIT_DONE)
		end = abandon(&s);
	return quo_settle_end(&s, end);
}

/*
 * Prove
 */

static enum quo_exit
proven(struct quo_settle *s, const struct quo_set_row *new,
    const char *which)
{
	char detail[512];
	enum quo_exit end = QUO_EXIT_DONE;

	snprintf(detail, sizeof detail, "refused, tried later: what %s opened",
	    which);
	if (s->r->book->ledger != NULL) {
		quo_settle_about(s, new);
		end = quo_rotation_settle(&s->r->dealt, "proven", detail,
		    NULL);
	}
	if (end != QUO_EXIT_DONE)
		return end;
	quo_say("proven: the target refuses what %s opens", which);
	quo_rotation_say(&s->r->dealt, QUO_APPLIED_PROVEN);
	return report(s, QUO_APPLIED_PROVEN, detail, end);
}

/* Whether the target refuses what one of the sets opens. */
static enum quo_exit
try_old(struct quo_settle *s, const struct quo_set_row *old)
{
	struct quo_apply apply = {
		.hook = &s->r->hook, .desc = &s->r->desc,
		.may_try = quo_rotation_may_try, .with = &s->r->dealt,
	};
	struct quo_quorum q;
	enum quo_hook_answer answer;
	enum quo_exit end;

	if (!quo_settle_find(s, old, &q))
		return quo_settle_lack(s, old);
	end = quo_settle_open(s, &q);
	if (end != QUO_EXIT_DONE)
		return end;
	quo_settle_about(s, old);
	answer = quo_apply_try(&apply, q.opened.secret, true);
	quo_opened_clear(&q.opened);
	if (answer == QUO_HOOK_NO)
		return QUO_EXIT_DONE;
	if (answer == QUO_HOOK_YES) {
		quo_say_error("the target still takes what generation %u "
		    "opens", old->generation);
		quo_say_hint("end that there, then prove it again; until "
		    "then both sets of cards open it");
		return report(s, QUO_APPLIED_OLD_LIVES,
		    "the old secret is still accepted", QUO_EXIT_NO);
	}
	quo_say_error("unproven still: %s", apply.reason);
	return report(s, QUO_APPLIED_UNPROVEN, apply.reason,
	    QUO_EXIT_MACHINE);
}

/* Where it doesn't arise, or can't be answered by cards. */
static enum quo_exit
no_question(const struct quo_settle *s, const struct quo_set_row *new)
{
	const struct quo_rotating *r = s->r;

	if (r->book->ledger == NULL)
		return quo_say_misuse("no quorum is here: give the old cards");
	if (s->sets.unproven && new != NULL) {
		quo_say_error("no cards are known of what the target of "
		    "\"%s\" took before generation %u", r->name,
		    new->generation);
		quo_say_hint("rotate it once more, with cards of generation "
		    "%u: that these are refused then proves it",
		    new->generation);
		return QUO_EXIT_NO;
	}
	quo_say_error("there is nothing to prove: \"%s\" is %s", r->name,
	    quo_state_name(r->dealt.facts.state));
	if (r->dealt.facts.state == QUO_STATE_ROTATING)
		quo_say_hint("its rotation has no known end: quorate rotate "
		    "%s --resume", r->name);
	return QUO_EXIT_NO;
}

/* Each that the target may have had before: none of them may it take. Without
 * a ledger, each that is here. */
static enum quo_exit
try_all(struct quo_settle *s, const struct quo_set_row *new)
{
	const bool known = s->r->book->ledger != NULL;
	enum quo_exit end = QUO_EXIT_DONE;
	struct quo_quorum q;
	char which[256] = "";
	size_t used = 0;

	for (size_t i = known; i < s->sets.count; i++)
		if (s->sets.row[i].place != QUO_PLACE_WAITING &&
		    !quo_settle_find(s, &s->sets.row[i], &q))
			end = quo_settle_lack(s, &s->sets.row[i]);
	for (size_t i = known; i < s->sets.count && end == QUO_EXIT_DONE;
	    i++) {
		if (s->sets.row[i].place == QUO_PLACE_WAITING)
			continue;
		end = try_old(s, &s->sets.row[i]);
		if (used < sizeof which)
			used += (size_t)snprintf(which + used,
			    sizeof which - used, "%sgeneration %u",
			    used > 0 ? " and " : "",
			    s->sets.row[i].generation);
	}
	return end == QUO_EXIT_DONE ? proven(s, new, which) : end;
}

static enum quo_exit
prove(struct quo_settle *s)
{
	const bool known = s->r->book->ledger != NULL;
	const struct quo_set_row *new = s->sets.count > 0 ? &s->sets.row[0] :
	    NULL, *old = NULL;
	enum quo_exit end = QUO_EXIT_DONE;

	if (known && s->sets.unproven && new != NULL)
		old = quo_sets_before(&s->sets, new);
	if (known && old == NULL)
		return no_question(s, new);
	end = quo_rotating_describe(s->r);
	if (end == QUO_EXIT_DONE)
		end = quo_settle_gather(s, old);
	if (end != QUO_EXIT_DONE)
		return end;
	if (s->sets.count == 0)
		return no_question(s, NULL);
	return try_all(s, &s->sets.row[0]);
}

enum quo_exit
quo_settle_prove(const struct quo_settling *settling)
{
	struct quo_settle s;
	enum quo_exit end = quo_settle_begin(settling, "to prove that it is "
	    "refused", &s);

	if (end == QUO_EXIT_DONE)
		end = prove(&s);
	return quo_settle_end(&s, end);
}
