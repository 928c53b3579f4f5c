/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/utc.h"
#include "ledger/incident.h"
#include "ledger/story_internal.h"

#define V(key) (e->value[QUO_KEY_##key])

/* Which events are listed, and where; those of incidents stand in these. */
static const struct {
	const char *event;
	enum quo_story_kind kind;
} listed[] = {
	{ "refused", QUO_STORY_REFUSED },
	{ "open-failed", QUO_STORY_FAILED },
	{ "undelivered", QUO_STORY_UNDELIVERED },
	{ "delivered", QUO_STORY_DELIVERED },
	{ "drill", QUO_STORY_DRILLS },
	{ "drill-quorum", QUO_STORY_DRILLS },
	{ "deal", QUO_STORY_DEALINGS },
	{ "redeal", QUO_STORY_DEALINGS },
	{ "reissue", QUO_STORY_DEALINGS },
	{ "deal-failed", QUO_STORY_DEALINGS },
	{ "rotate-failed", QUO_STORY_ROTATIONS },
	{ "rotate-end", QUO_STORY_ROTATIONS },
	{ "acknowledge", QUO_STORY_CARDS },
	{ "lost", QUO_STORY_CARDS },
	{ "person", QUO_STORY_PEOPLE },
	{ "credential", QUO_STORY_INVENTORY },
	{ "import", QUO_STORY_INVENTORY },
	{ "retire", QUO_STORY_INVENTORY },
	{ "receipt", QUO_STORY_RECEIPTS },
	{ "unlocked", QUO_STORY_UNLOCKED },
};

static bool
is(const struct quo_entry *e, const char *event)
{
	return strcmp(V(EVENT), event) == 0;
}

static enum quo_err
append(struct quo_story_list *list, const struct quo_entry *e)
{
	const struct quo_entry **item = QUO_GROW(list->items, list->count);

	if (item == NULL)
		return QUO_ENOMEM;
	*item = e;
	return QUO_OK;
}

int64_t
quo_story_time(const struct quo_entry *e)
{
	int64_t when = 0;

	return V(TIME) != NULL && quo_utc_parse(V(TIME), &when) == QUO_OK ?
	    when : 0;
}

/* An entry of the story's own, with its texts behind it. */
static const struct quo_entry *
keep(struct quo_story_own *own, const struct quo_entry *e)
{
	struct quo_entry *copy, **place;
	size_t len = 0, one;
	char *text;

	if (own->latest != NULL && own->latest->number == e->number)
		return own->latest;
	for (int k = 0; k < QUO_KEYS; k++)
		len += e->value[k] != NULL ? strlen(e->value[k]) + 1 : 0;
	place = QUO_GROW(own->kept, own->kept_count);
	copy = malloc(sizeof *copy + len);
	if (place == NULL || copy == NULL) {
		free(copy);
		return NULL;
	}
	*place = copy;
	*copy = *e;
	text = (char *)(copy + 1);
	for (int k = 0; k < QUO_KEYS; k++) {
		if (e->value[k] == NULL)
			continue;
		one = strlen(e->value[k]) + 1;
		copy->value[k] = memcpy(text, e->value[k], one);
		text += one;
	}
	own->latest = copy;
	return copy;
}

/*
 * Incidents
 */

static struct quo_story_incident *
find(struct quo_story_own *own, const char *name)
{
	size_t low = 0, high = own->count, mid;
	char *end;
	uint64_t number;

	if (name == NULL || strncmp(name, "INC-", 4) != 0)
		return NULL;
	number = strtoull(name + 4, &end, 10);
	if (*end != '\0')
		return NULL;
	while (low < high) {
		mid = low + (high - low) / 2;
		if (own->incidents[mid].number < number)
			low = mid + 1;
		else
			high = mid;
	}
	return low < own->count && own->incidents[low].number == number ?
	    &own->incidents[low] : NULL;
}

static enum quo_err
begin_incident(struct quo_story_own *own, const struct quo_entry *e,
    struct quo_story_incident **made)
{
	struct quo_story_incident *in = QUO_GROW(own->incidents, own->count);

	if (in == NULL)
		return QUO_ENOMEM;
	*in = (struct quo_story_incident){ .number = e->number,
	    .request = keep(own, e), .declared = quo_story_time(e),
	    .decay = -1 };
	if (in->request == NULL)
		return QUO_ENOMEM;
	in->credential = in->request->value[QUO_KEY_CREDENTIAL];
	*made = in;
	return QUO_OK;
}

static enum quo_err
add_act(struct quo_story_own *own, struct quo_story_incident *in,
    const struct quo_entry *e)
{
	const struct quo_entry *kept = keep(own, e);

	return kept == NULL ? QUO_ENOMEM : append(&in->acts, kept);
}

/* An opening, as rarity counts it. */
static enum quo_err
add_use(struct quo_story_own *own, const struct quo_entry *e, int64_t when)
{
	struct quo_story_opening *use = QUO_GROW(own->uses, own->use_count);

	if (use == NULL)
		return QUO_ENOMEM;
	*use = (struct quo_story_opening){ .entry = e, .time = when };
	return QUO_OK;
}

static enum quo_err
burn(struct quo_story_own *own, size_t incident)
{
	size_t *open = QUO_GROW(own->open, own->open_count);

	if (open == NULL)
		return QUO_ENOMEM;
	*open = incident;
	return QUO_OK;
}

static enum quo_err
open_incident(struct quo_story_own *own, struct quo_story_incident *in,
    const struct quo_entry *e)
{
	int64_t when = quo_incident_opened(e);
	const struct quo_entry *kept = keep(own, e);
	bool burns = is(e, "open");

	if (kept == NULL)
		return QUO_ENOMEM;
	if (in->openings++ == 0) {
		in->opened = when;
		if (V(DEADLINE) != NULL)
			quo_utc_parse(V(DEADLINE), &in->deadline);
	}
	if (in->credential == NULL)
		in->credential = kept->value[QUO_KEY_CREDENTIAL];
	if (in->receipt == NULL && V(SECONDS) != NULL && V(EMERGENCY) !=
	    NULL && strncmp(V(EMERGENCY), "receipt ", 8) == 0) {
		in->receipt = kept->value[QUO_KEY_EMERGENCY] + 8;
		in->told = quo_story_time(e);
	}
	if (add_use(own, kept, when) != QUO_OK)
		return QUO_ENOMEM;
	if (!burns || in->burns)
		return QUO_OK;
	in->burns = true;
	return burn(own, (size_t)(in - own->incidents));
}

static void
close_incident(struct quo_story_incident *in, const struct quo_entry *e)
{
	int64_t n = V(SECONDS) != NULL ? strtoll(V(SECONDS), NULL, 10) : 0;

	in->closes++;
	/* A log can be anybody's. */
	if (n > 0)
		in->seconds = n < INT64_MAX - in->seconds ?
		    in->seconds + n : INT64_MAX;
}

/* What an entry that names an incident is to it. */
static enum quo_err
take(struct quo_story_own *own, struct quo_story_incident *in,
    const struct quo_entry *e)
{
	enum quo_err err = add_act(own, in, e);

	if (err != QUO_OK)
		return err;
	if (is(e, "open") || is(e, "open-retired"))
		return open_incident(own, in, e);
	if (is(e, "close"))
		close_incident(in, e);
	else if (is(e, "withdraw"))
		in->withdrawn = quo_story_time(e);
	else if (is(e, "review"))
		in->review = own->latest;
	return QUO_OK;
}

/*
 * Rotations
 */

static bool
proves(const struct quo_entry *e)
{
	return is(e, "rotate-end") && V(OUTCOME) != NULL &&
	    strcmp(V(OUTCOME), "proven") == 0;
}

/* What happens to a credential while it is burned is about its incidents. */
static enum quo_err
follow(struct quo_story_own *own, const struct quo_entry *e)
{
	struct quo_story_incident *in;
	enum quo_err err = QUO_OK;
	size_t left = 0;
	bool stays;

	for (size_t i = 0; i < own->open_count; i++) {
		in = &own->incidents[own->open[i]];
		stays = true;
		if (err == QUO_OK && in->credential != NULL &&
		    strcmp(in->credential, V(CREDENTIAL)) == 0) {
			err = V(INCIDENT) == NULL || find(own, V(INCIDENT)) !=
			    in ? add_act(own, in, e) : QUO_OK;
			if (err == QUO_OK && is(e, "overdue") &&
			    in->overdue == 0)
				in->overdue = quo_story_time(e);
			if (err == QUO_OK && is(e, "rotate-end"))
				in->rotation = own->latest;
			if (err == QUO_OK && proves(e)) {
				in->proven = quo_story_time(e);
				stays = false;
			}
		}
		if (stays)
			own->open[left++] = own->open[i];
	}
	own->open_count = left;
	return err;
}

static bool
follows(const struct quo_entry *e)
{
	return V(CREDENTIAL) != NULL && (is(e, "overdue") ||
	    is(e, "rotate-failed") || is(e, "rotate-start") ||
	    is(e, "rotate-end"));
}

/*
 * Lines
 */

static enum quo_err
list(struct quo_story *story, const struct quo_entry *e)
{
	const struct quo_entry *kept;
	int kind = -1;

	for (size_t i = 0; i < sizeof listed / sizeof *listed; i++)
		if (is(e, listed[i].event))
			kind = (int)listed[i].kind;
	/* Whole is what a card is that came without a quorum. */
	if (is(e, "present") && V(VERDICT) != NULL &&
	    strcmp(V(VERDICT), "genuine") != 0 &&
	    strcmp(V(VERDICT), "whole") != 0)
		kind = QUO_STORY_STRANGE;
	if (kind < 0)
		return QUO_OK;
	kept = keep(story->own, e);
	return kept == NULL ? QUO_ENOMEM : append(&story->list[kind], kept);
}

static enum quo_err
incident_of(struct quo_story_own *own, const struct quo_entry *e)
{
	struct quo_story_incident *in = find(own, V(INCIDENT));
	enum quo_err err = QUO_OK;

	if (is(e, "request") || (in == NULL && (is(e, "open") ||
	    is(e, "open-retired"))))
		err = begin_incident(own, e, &in);
	return err != QUO_OK || in == NULL ? err : take(own, in, e);
}

enum quo_err
quo_story_line(struct quo_story *story, const char *line, size_t len)
{
	struct quo_story_own *own = story->own;
	const struct quo_entry *e = &own->line.entry;
	enum quo_err err;
	int64_t when;

	if (quo_line_decode(line, len, &own->line) != QUO_OK ||
	    V(EVENT) == NULL || V(TIME) == NULL ||
	    (own->any && e->number <= own->last)) {
		story->unread++;
		return QUO_OK;
	}
	own->any = true;
	own->last = e->number;
	own->latest = NULL;
	when = quo_story_time(e);
	err = incident_of(own, e);
	if (err == QUO_OK && follows(e))
		err = follow(own, e);
	if (err == QUO_OK && proves(e) && V(CREDENTIAL) != NULL)
		err = keep(own, e) == NULL ? QUO_ENOMEM :
		    append(&own->proven, own->latest);
	if (err == QUO_OK && is(e, "rotate-start") && V(CREDENTIAL) != NULL)
		err = keep(own, e) == NULL ? QUO_ENOMEM :
		    append(&own->starts, own->latest);
	if (err != QUO_OK || when < story->from || when > story->to)
		return err;
	story->entries++;
	return list(story, e);
}

enum quo_err
quo_story_begin(struct quo_story *story, int64_t from, int64_t to,
    int64_t now)
{
	*story = (struct quo_story){ .from = from, .to = to, .now = now };
	story->own = calloc(1, sizeof *story->own);
	return story->own == NULL ? QUO_ENOMEM : QUO_OK;
}

void
quo_story_clear(struct quo_story *story)
{
	struct quo_story_own *own = story->own;

	for (int k = 0; k < QUO_STORY_KINDS; k++)
		free(story->list[k].items);
	free(story->credentials.items);
	free(story->people.items);
	for (size_t i = 0; own != NULL && i < own->count; i++)
		free(own->incidents[i].acts.items);
	for (size_t i = 0; own != NULL && i < own->kept_count; i++)
		free(own->kept[i]);
	if (own != NULL) {
		free(own->names);
		free(own->incidents);
		free(own->kept);
		free(own->open);
		free(own->uses);
		free(own->proven.items);
		free(own->starts.items);
	}
	free(own);
	*story = (struct quo_story){ 0 };
}
