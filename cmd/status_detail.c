/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/utc.h"
#include "card/words.h"
#include "cmd/confirm.h"
#include "cmd/status.h"
#include "ledger/attest.h"
#include "ledger/unproven.h"

/* The words of a set, and a NUL. */
#define SET_WORDS (4 * (QUO_WORD_MAX + 1))

#define FIELD 16		/* columns of a field's name */

struct detail {
	struct quo_page page;
	int64_t now;
	enum quo_err err;
};

/* Fields of table profile that hold a span in seconds. */
static const char *const spans[] = { "deadline", "drill_every", "max_age" };

static void
put_text(struct detail *d, const char *field, const char *text)
{
	if (text != NULL && *text != '\0')
		quo_page_flow(&d->page, field, QUO_TINT_FAINT, FIELD, text,
		    QUO_TINT_NONE);
}

/* Each line by itself, numbered as --criterion takes it where there are
 * more. */
static void
put_lines(struct detail *d, const char *field, const char *lines)
{
	char *copy, *rest, *line, *text = NULL;
	unsigned n = 0;

	if (strchr(lines, '\n') == NULL) {
		put_text(d, field, lines);
		return;
	}
	rest = copy = strdup(lines);
	if (copy == NULL)
		d->err = QUO_ENOMEM;
	while (rest != NULL && (line = strsep(&rest, "\n")) != NULL) {
		if (asprintf(&text, "(%u) %s", ++n, line) < 0) {
			d->err = QUO_ENOMEM;
			break;
		}
		put_text(d, n == 1 ? field : "", text);
		free(text);
	}
	free(copy);
}

static void
put_profile(const char *field, const char *value, void *arg)
{
	struct detail *d = arg;
	char name[FIELD + 1], span[QUO_SPAN_TEXT];

	snprintf(name, sizeof name, "%s", field);
	for (char *c = name; (c = strchr(c, '_')) != NULL; )
		*c = ' ';
	for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
		if (strcmp(spans[i], field) == 0) {
			quo_span_print(strtoll(value, NULL, 10), span);
			value = span;
		}
	put_lines(d, name, value);
}

/* "2026-11-21 03:10, 12d ago" */
static void
put_moment(struct detail *d, const char *field, int64_t when)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out;

	if (when == 0)
		return;
	out = open_memstream(&text, &len);
	if (out == NULL) {
		d->err = QUO_ENOMEM;
		return;
	}
	quo_status_moment(out, when);
	fputs(when > d->now ? ", in " : ", ", out);
	quo_status_span(out, when > d->now ? when - d->now : d->now - when);
	fputs(when > d->now ? "" : " ago", out);
	if (fclose(out) == 0)
		put_text(d, field, text);
	free(text);
}

static void
put_when(FILE *out, const char *what, int64_t when)
{
	if (when == 0) {
		fprintf(out, ", not %s", what);
		return;
	}
	fprintf(out, ", %s ", what);
	quo_status_moment(out, when);
}

/* "cfo, in safe A, bag B-17, acknowledged 2026-11-21 03:10, not drilled" */
static void
put_card(const struct quo_view_card *card, void *arg)
{
	struct detail *d = arg;
	char name[32], *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (out == NULL) {
		d->err = QUO_ENOMEM;
		return;
	}
	snprintf(name, sizeof name, "card %lld", (long long)card->serial);
	fputs(card->custodian != NULL ? card->custodian : "nobody by name",
	    out);
	fputs(card->left ? " (RETIRED)" : "", out);
	if (card->location != NULL)
		fprintf(out, ", in %s", card->location);
	if (card->bag != NULL)
		fprintf(out, ", bag %s", card->bag);
	if (card->lost != 0) {
		put_when(out, "LOST", card->lost);
	} else {
		put_when(out, "acknowledged", card->acknowledged);
		put_when(out, "drilled", card->drilled);
	}
	if (fclose(out) == 0)
		put_text(d, name, text);
	free(text);
}

static void
put_incident(struct detail *d, const struct quo_view_incident *in)
{
	char name[32], *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (out == NULL) {
		d->err = QUO_ENOMEM;
		return;
	}
	snprintf(name, sizeof name, "INC-%lld", (long long)in->number);
	fprintf(out, "by %s", in->requester != NULL ? in->requester :
	    "nobody by name");
	put_when(out, "declared", in->declared);
	put_when(out, "opened", in->opened);
	if (in->opened == 0)
		fprintf(out, ", %lld of %lld approvals",
		    (long long)in->approvals, (long long)in->wanted);
	if (in->ticket != NULL)
		fprintf(out, ", ticket %s", in->ticket);
	if (in->reason != NULL)
		fprintf(out, ": %s", in->reason);
	if (fclose(out) == 0)
		put_text(d, name, text);
	free(text);
}

/* What of a rotation is on its way, and how it went. */
static void
put_rotation(struct detail *d, const struct quo_status *s,
    const struct quo_view *v)
{
	const struct quo_status_field *f = quo_status_rotation;
	const int said = v->waits ? quo_confirm_of(v->sets[0].confirm) : 0;
	const char *text;

	for (; f->name != NULL; f++) {
		f->write(quo_scratch_begin(&d->page.scratch), v, said != 0 ?
		    said : s->book->settings->confirm, d->now);
		text = quo_scratch_end(&d->page.scratch);
		if (text == NULL) {
			d->err = QUO_ENOMEM;
		} else if (!f->command) {
			put_text(d, f->name, text);
		} else if (*text != '\0') {
			quo_page_cell(&d->page, f->name, FIELD,
			    QUO_TINT_FAINT);
			quo_page_cell(&d->page, text, 0, QUO_TINT_NONE);
			putc('\n', d->page.out);
		}
	}
}

/* The four words of a set that stand on its cards; empty: it has no id. */
static void
words_of(const char *set, char text[SET_WORDS])
{
	uint8_t id[5];

	text[0] = '\0';
	if (set != NULL && strlen(set) >= 2 * sizeof id &&
	    quo_hex_parse(set, 2 * sizeof id, id, sizeof id))
		quo_words_id(id, text);
}

static void
put_facts(struct detail *d, const struct quo_view *v)
{
	char number[32], words[SET_WORDS];

	put_moment(d, "state since", v->since);
	put_text(d, "policy", v->policy);
	if (v->locked)
		put_text(d, "locked", "each card wants its phrase");
	put_text(d, "set", v->set);
	words_of(v->set, words);
	put_text(d, "on its cards", words[0] != '\0' ? words : NULL);
	put_moment(d, "dealt", v->dealt);
	put_moment(d, "cards review by", v->cards_review);
	put_moment(d, "next drill", v->drill_by);
	put_moment(d, "burned", v->burned);
	put_moment(d, "rotate by", v->deadline);
	put_moment(d, "secret since", v->rotated);
	put_moment(d, "change by", v->change_by);
	put_moment(d, "last use", v->used);
	snprintf(number, sizeof number, "%lld, %lld in 90 days",
	    (long long)v->uses, (long long)v->recent);
	put_text(d, "uses", number);
}

/* What a rotation has on its way, and who holds it. */
static enum quo_err
put_under_way(struct detail *d, struct quo_ledger *ledger,
    const struct quo_view *v)
{
	enum quo_err err = QUO_OK;
	char field[40], words[SET_WORDS], text[SET_WORDS + 64];

	for (size_t i = 0; err == QUO_OK && i < v->set_count; i++) {
		snprintf(field, sizeof field, "generation %lld",
		    (long long)v->sets[i].generation);
		words_of(v->sets[i].id, words);
		snprintf(text, sizeof text, "new: the target %s (%s)",
		    v->sets[i].waits ? "wasn't asked yet" : v->unproven &&
		    i == v->waits ? "takes it" : "may have it", words);
		put_text(d, field, text);
		err = quo_view_set_cards(ledger, v->sets[i].id, put_card, d);
	}
	return err;
}

/* "ina (claimed), not by a login: tried both at the portal" */
static void
put_word(struct detail *d, struct quo_ledger *ledger, const char *name)
{
	struct quo_line *line = NULL;
	const struct quo_entry *e;
	const char *key;
	char *text = NULL;

	d->err = quo_ledger_word(ledger, name, &line);
	if (line == NULL)
		return;
	e = &line->entry;
	key = e->value[QUO_KEY_KEY];
	if (asprintf(&text, "%s (%s%s), not by a login: %s",
	    e->value[QUO_KEY_PERSON], key != NULL ? "signed by " : "claimed",
	    key != NULL ? key : "", quo_word_seen(e)) < 0)
		d->err = QUO_ENOMEM;
	else
		put_text(d, "proven by word", text);
	free(text);
	free(line);
}

/* What was replaced, and whether it is gone. */
static void
put_former(void *with, int64_t generation, int64_t cards, int64_t destroyed)
{
	char name[40], text[80];

	snprintf(name, sizeof name, "old cards, %lld",
	    (long long)generation);
	snprintf(text, sizeof text, "%lld of %lld attested as destroyed",
	    (long long)destroyed, (long long)cards);
	put_text(with, name, text);
}

static void
put_one(struct detail *d, const struct quo_status *s,
    const struct quo_view *v)
{
	struct quo_ledger *ledger = s->book->ledger;
	char head[64];

	snprintf(head, sizeof head, "%s, generation %lld",
	    quo_state_name(v->state), (long long)(v->generation != 0 ?
	    v->generation : quo_status_nth(v, 0)));
	quo_page_cell(&d->page, v->name, 0, QUO_TINT_STRONG);
	fprintf(d->page.out, ": %s\n", head);
	d->err = quo_status_due(&d->page, v, s);
	putc('\n', d->page.out);
	put_rotation(d, s, v);
	if (d->err == QUO_OK)
		d->err = quo_view_profile(ledger, v->name, put_profile, d);
	put_facts(d, v);
	if (d->err == QUO_OK)
		put_word(d, ledger, v->name);
	if (d->err == QUO_OK)
		d->err = quo_view_cards(ledger, v->name, put_card, d);
	if (d->err == QUO_OK)
		d->err = put_under_way(d, ledger, v);
	if (d->err == QUO_OK)
		d->err = quo_attest_former(ledger, v->name, put_former, d);
	for (size_t i = 0; i < v->incident_count; i++)
		put_incident(d, &v->incidents[i]);
}

enum quo_err
quo_status_details(const struct quo_status *s, FILE *out)
{
	struct detail d = { .now = s->views->now };

	d.err = quo_page_open(&d.page, out);
	if (d.err != QUO_OK)
		return d.err;
	for (size_t i = 0; d.err == QUO_OK && i < s->count; i++) {
		if (i > 0)
			putc('\n', out);
		put_one(&d, s, s->shown[i]);
	}
	quo_page_close(&d.page);
	return d.err;
}
