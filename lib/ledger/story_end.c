/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/story_internal.h"

static const char *
text_of(const struct quo_entry *e, enum quo_key key)
{
	return e->value[key];
}

static int
compare_texts(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

/*
 * Rarity
 */

static int
compare_openings(const struct quo_story_opening *a,
    const struct quo_story_opening *b, enum quo_key key)
{
	int order = compare_texts(text_of(a->entry, key),
	    text_of(b->entry, key));

	return order != 0 ? order : a->time < b->time ? -1 :
	    a->time > b->time;
}

static int
by_credential(const void *a, const void *b)
{
	return compare_openings(a, b, QUO_KEY_CREDENTIAL);
}

static int
by_requester(const void *a, const void *b)
{
	return compare_openings(a, b, QUO_KEY_REQUESTER);
}

/* One opening more; before: the one before it, of the same name, or NULL. */
static void
count_use(const struct quo_story *story, struct quo_story_use *use,
    const struct quo_story_opening *one,
    const struct quo_story_opening *before)
{
	bool within = one->time >= story->from && one->time <= story->to;

	use->total++;
	use->within += within;
	use->repeats += within && before != NULL &&
	    one->time - before->time <= QUO_STORY_REPEAT;
	use->last = one->time;
}

static enum quo_err
count_uses(const struct quo_story *story, enum quo_key key,
    struct quo_story_uses *uses)
{
	struct quo_story_own *own = story->own;
	const struct quo_story_opening *one, *before = NULL;
	struct quo_story_use *use = NULL;

	uses->items = calloc(own->use_count + 1, sizeof *uses->items);
	if (uses->items == NULL)
		return QUO_ENOMEM;
	if (own->use_count > 0)
		qsort(own->uses, own->use_count, sizeof *own->uses,
		    key == QUO_KEY_CREDENTIAL ? by_credential :
		    by_requester);
	for (size_t i = 0; i < own->use_count; i++) {
		one = &own->uses[i];
		if (use == NULL || compare_texts(use->name,
		    text_of(one->entry, key)) != 0) {
			use = &uses->items[uses->count++];
			use->name = text_of(one->entry, key);
			before = NULL;
		}
		count_use(story, use, one, before);
		before = one;
	}
	return QUO_OK;
}

/*
 * Incidents
 */

/*
 * A rescue's receipt may come in when its set is retired already: the cards
 * were good when they were used, and the rotation that ended it is the one
 * that replaced their set.
 */
static void
settle_receipt(const struct quo_story_own *own,
    struct quo_story_incident *in)
{
	const struct quo_entry *opening = NULL, *e;
	long generation;

	if (in->receipt == NULL || in->burns || in->credential == NULL)
		return;
	for (size_t i = 0; i < in->acts.count && opening == NULL; i++)
		if (strcmp(in->acts.items[i]->value[QUO_KEY_EVENT],
		    "open-retired") == 0)
			opening = in->acts.items[i];
	if (opening == NULL || opening->value[QUO_KEY_GENERATION] == NULL)
		return;
	generation = strtol(opening->value[QUO_KEY_GENERATION], NULL, 10);
	for (size_t i = 0; i < own->proven.count; i++) {
		e = own->proven.items[i];
		if (compare_texts(e->value[QUO_KEY_CREDENTIAL],
		    in->credential) != 0 ||
		    e->value[QUO_KEY_GENERATION] == NULL ||
		    strtol(e->value[QUO_KEY_GENERATION], NULL, 10) <=
		    generation)
			continue;
		/* The first that replaced it: was it good until then? */
		if (quo_story_time(e) >= in->opened) {
			in->burns = true;
			in->rotation = e;
			in->proven = quo_story_time(e);
		}
		return;
	}
}

static void
settle(const struct quo_story *story, struct quo_story_incident *in,
    char name[QUO_STORY_NAME])
{
	bool declared = strcmp(in->request->value[QUO_KEY_EVENT],
	    "request") == 0;

	snprintf(name, QUO_STORY_NAME, declared ? "INC-%llu" : "entry %llu",
	    (unsigned long long)in->number);
	in->name = name;
	settle_receipt(story->own, in);
	if (!in->burns)
		return;
	in->decay = (in->proven != 0 ? in->proven : story->now) - in->opened;
	if (in->decay < 0)
		in->decay = 0;
	in->late = in->deadline != 0 &&
	    in->decay > in->deadline - in->opened;
}

/* Whether it was of interest in the period: from its first entry, or its
 * opening, to the last entry; still open ones last. */
static bool
touches(const struct quo_story *story, const struct quo_story_incident *in)
{
	int64_t first = in->declared, last = in->declared, when;
	bool open = in->opened != 0 ? in->review == NULL :
	    in->withdrawn == 0;

	if (in->opened != 0 && in->opened < first)
		first = in->opened;
	for (size_t i = 0; i < in->acts.count; i++) {
		when = quo_story_time(in->acts.items[i]);
		last = when > last ? when : last;
	}
	return first <= story->to && (open || last >= story->from);
}

static int
compare_starts(const struct quo_entry *x, const struct quo_entry *y)
{
	int order = compare_texts(text_of(x, QUO_KEY_CREDENTIAL),
	    text_of(y, QUO_KEY_CREDENTIAL));

	return order != 0 ? order : x->number < y->number ? -1 :
	    x->number > y->number;
}

static int
by_start(const void *a, const void *b)
{
	return compare_starts(*(const struct quo_entry *const *)a,
	    *(const struct quo_entry *const *)b);
}

static bool
is_same(const struct quo_entry *x, const struct quo_entry *y,
    enum quo_key key)
{
	return compare_texts(text_of(x, key), text_of(y, key)) == 0;
}

void
quo_story_starts(const struct quo_story *story, const struct quo_entry *end,
    const struct quo_entry **first, const struct quo_entry **last)
{
	const struct quo_story_list *starts = &story->own->starts;
	size_t low = 0, high = starts->count, mid;

	*first = *last = NULL;
	while (low < high) {
		mid = low + (high - low) / 2;
		if (compare_starts(starts->items[mid], end) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low > 0; low--) {
		const struct quo_entry *e = starts->items[low - 1];

		if (!is_same(e, end, QUO_KEY_CREDENTIAL) ||
		    !is_same(e, end, QUO_KEY_SET))
			return;
		*first = e;
		if (*last == NULL)
			*last = e;
	}
}

enum quo_err
quo_story_end(struct quo_story *story)
{
	struct quo_story_own *own = story->own;
	enum quo_err err;

	if (own->starts.count > 0)
		qsort(own->starts.items, own->starts.count,
		    sizeof *own->starts.items, by_start);
	own->names = calloc(own->count + 1, sizeof *own->names);
	if (own->names == NULL)
		return QUO_ENOMEM;
	for (size_t i = 0; i < own->count; i++)
		settle(story, &own->incidents[i], own->names[i]);
	err = count_uses(story, QUO_KEY_CREDENTIAL, &story->credentials);
	if (err == QUO_OK)
		err = count_uses(story, QUO_KEY_REQUESTER, &story->people);
	/* Those that don't touch it go behind: they are freed all the same. */
	for (size_t i = 0; i < own->count; i++) {
		struct quo_story_incident in = own->incidents[i];

		if (!touches(story, &in))
			continue;
		own->incidents[i] = own->incidents[story->count];
		own->incidents[story->count++] = in;
	}
	story->incidents = own->incidents;
	return err;
}

const struct quo_entry *
quo_story_word(const struct quo_story_incident *in)
{
	return in->proven != 0 && in->rotation != NULL &&
	    in->rotation->value[QUO_KEY_PERSON] != NULL ? in->rotation : NULL;
}

bool
quo_story_opened(const struct quo_story *story,
    const struct quo_story_incident *in)
{
	return in->opened != 0 && in->opened >= story->from &&
	    in->opened <= story->to;
}

static int
by_length(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

enum quo_err
quo_story_decay(const struct quo_story *story, struct quo_story_decay *d)
{
	int64_t *lengths = calloc(story->count + 1, sizeof *lengths);

	*d = (struct quo_story_decay){ .median = -1, .worst = -1 };
	if (lengths == NULL)
		return QUO_ENOMEM;
	for (size_t i = 0; i < story->count; i++) {
		const struct quo_story_incident *in = &story->incidents[i];

		if (in->decay < 0 || !quo_story_opened(story, in))
			continue;
		if (in->proven != 0)
			lengths[d->count++] = in->decay;
		else
			d->open++;
		d->worded += quo_story_word(in) != NULL;
		d->late += in->late;
		if (in->decay > d->worst) {
			d->worst = in->decay;
			d->worst_open = in->proven == 0;
		}
	}
	qsort(lengths, d->count, sizeof *lengths, by_length);
	if (d->count > 0)
		d->median = (lengths[(d->count - 1) / 2] +
		    lengths[d->count / 2]) / 2;
	free(lengths);
	return QUO_OK;
}
