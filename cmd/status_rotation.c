/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "cmd/confirm.h"
#include "cmd/status.h"

/* Whether the target was asked to take a set, and what it takes isn't known. */
static bool
is_open(const struct quo_view *v)
{
	return v->set_count > v->waits && !v->unproven;
}

int64_t
quo_status_nth(const struct quo_view *v, size_t n)
{
	const size_t pending = v->set_count - v->waits;
	const size_t count = pending + (v->set != NULL);
	size_t i = n;

	if (n >= count)
		return 0;
	if (v->refused && pending > 0)
		i = (n + 1) % count;
	return i < pending ? v->sets[v->waits + i].generation : v->generation;
}

void
quo_status_try(FILE *out, const struct quo_view *v)
{
	int64_t generation;

	for (size_t i = 0; (generation = quo_status_nth(v, i)) != 0; i++)
		fprintf(out, "%sgeneration %lld%s", i > 0 ? ", then " : "",
		    (long long)generation, i == 0 && v->set_count > v->waits ?
		    " first" : "");
}

void
quo_status_scanned(FILE *out, const struct quo_view *v)
{
	const struct quo_view_set *set = v->sets;

	if (set->unscanned == NULL) {
		fputs("all its cards were scanned", out);
		return;
	}
	if (set->scanned == 0)
		fputs("none of its cards was scanned", out);
	else
		fprintf(out, "%lld of its cards %s scanned, not yet card %s",
		    (long long)set->scanned, set->scanned == 1 ? "was" :
		    "were", set->unscanned);
}

void
quo_status_failures(FILE *out, const struct quo_view *v, int64_t now)
{
	fprintf(out, "failed %lld time%s", (long long)v->failures,
	    v->failures == 1 ? "" : "s");
	if (v->tried != 0) {
		fputs(v->failures == 1 ? ", " : ", last ", out);
		quo_status_span(out, now - v->tried);
		fputs(" ago", out);
	}
}

const char *
quo_status_rotate(const struct quo_view *v, const char *otherwise)
{
	if (v->unproven && v->state == QUO_STATE_UNPROVEN)
		return "quorate rotate %n --prove-old OLD-CARD...";
	if (v->waits)
		return "quorate rotate %n --resume NEW-CARD...";
	return is_open(v) ?
	    "quorate rotate %n --resume NEW-CARD... OLD-CARD..." : otherwise;
}

/*
 * In full
 */

static void
put_try(FILE *out, const struct quo_view *v, int confirm, int64_t now)
{
	(void)confirm;
	(void)now;
	if (v->set_count == 0)
		return;
	if (v->waits && v->set_count == 1 && v->set == NULL) {
		fputs("nothing: it was never set", out);
		return;
	}
	quo_status_try(out, v);
	if (v->set_count > v->waits)
		fputs(v->unproven ? ": the target takes the first, perhaps "
		    "still the next" : ": which one the target takes isn't "
		    "known", out);
	if (v->waits)
		fprintf(out, "%s generation %lld, which was never set",
		    v->set_count > 1 ? "; not" : ", not",
		    (long long)v->sets[0].generation);
}

static void
put_waits(FILE *out, const struct quo_view *v, int confirm, int64_t now)
{
	if (!v->waits)
		return;
	fprintf(out, "generation %lld, dealt ",
	    (long long)v->sets[0].generation);
	quo_status_span(out, now - v->sets[0].dealt);
	fputs(" ago, for ", out);
	if (confirm <= QUO_CONFIRM_RENDERED)
		fputs("somebody to go on: it was stopped before the target "
		    "was asked; ", out);
	else
		fprintf(out, "%s to be scanned; ", confirm ==
		    QUO_CONFIRM_ALL ? "all of its cards" :
		    "a quorum of its cards");
	quo_status_scanned(out, v);
	if (v->sets[0].scanned == 0 && v->sets[0].unscanned != NULL)
		fprintf(out, ": card %s", v->sets[0].unscanned);
}

static void
put_opened(FILE *out, const struct quo_view *v, int confirm, int64_t now)
{
	const char *then = "generation ";

	(void)confirm;
	(void)now;
	for (size_t i = 0; i < v->set_count; i++) {
		if (!v->sets[i].opened)
			continue;
		fprintf(out, "%s%lld", then,
		    (long long)v->sets[i].generation);
		then = ", ";
	}
	if (*then == ',')
		fputs(": what it holds was seen; it stays burned until "
		    "another rotation", out);
}

static void
put_reason(FILE *out, const struct quo_view *v, int confirm, int64_t now)
{
	(void)confirm;
	(void)now;
	if (v->unproven || v->state == QUO_STATE_UNPROVEN)
		fputs(v->reason != NULL ? v->reason : "nobody said why", out);
}

static void
put_failed(FILE *out, const struct quo_view *v, int confirm, int64_t now)
{
	(void)confirm;
	if (v->failures == 0)
		return;
	fprintf(out, "%lld time%s", (long long)v->failures,
	    v->failures == 1 ? "" : "s");
	if (v->tried != 0) {
		fputs(v->failures == 1 ? ", " : ", last ", out);
		quo_status_moment(out, v->tried);
		fputs(", ", out);
		quo_status_span(out, now - v->tried);
		fputs(" ago", out);
	}
	if (v->failure != NULL)
		fprintf(out, ": %s", v->failure);
}

static void
put_again(FILE *out, const struct quo_view *v, int confirm, int64_t now)
{
	int64_t when = v->again;

	/* What is to be scanned, or proven, needs somebody. */
	if ((v->failures == 0 && v->again == 0) ||
	    v->state == QUO_STATE_UNPROVEN ||
	    (v->waits && confirm > QUO_CONFIRM_RENDERED))
		return;
	if (quo_due_unattended(v, now) == QUO_DUES) {
		if (v->deadline == 0)
			return;
		when = when > v->deadline ? when : v->deadline;
	}
	fputs("by rotate --due: ", out);
	if (when <= now) {
		fputs("with its next run", out);
		return;
	}
	quo_status_moment(out, when);
	fputs(", in ", out);
	quo_status_span(out, when - now);
}

static void
put_give_up(FILE *out, const struct quo_view *v, int confirm, int64_t now)
{
	(void)confirm;
	(void)now;
	if (v->waits && v->set_count == 1)
		quo_status_command(out, v, "quorate rotate %n --abandon");
	else if (is_open(v) && v->set != NULL)
		quo_status_command(out, v,
		    "quorate rotate %n --abandon OLD-CARD...");
}

const struct quo_status_field quo_status_rotation[] = {
	{ "try", put_try, false },
	{ "waits", put_waits, false },
	{ "opened", put_opened, false },
	{ "unproven", put_reason, false },
	{ "failed", put_failed, false },
	{ "next try", put_again, false },
	{ "or give it up", put_give_up, true },
	{ NULL, NULL, false }
};
