/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/file.h"
#include "card/pool.h"
#include "cmd/issue.h"
#include "cmd/phrases.h"
#include "cmd/stop.h"
#include "cmd/tty.h"
#include "rotation/deliver.h"

/* One issue on its way. */
struct run {
	const struct quo_issue *issue;
	const struct quo_dealing *dealing;
	struct quo_pool *pool;
	struct quo_pieces *pieces;
	char *custodians;	/* a line each; owned */
};

/* The bytes of a piece. */
static enum quo_err
make(const struct run *r, const struct quo_piece *p,
    struct quo_secret **file)
{
	switch (p->kind) {
	case QUO_PIECE_PHRASE:
		return quo_phrases_file(r->dealing, p->serial, file);
	case QUO_PIECE_SEALED:
		return quo_secret_copy(r->dealing->sealed,
		    r->dealing->sealed_len, file);
	case QUO_PIECE_CARD:
		break;
	}
	return quo_render_card(&r->issue->render, p->serial, p->page, file);
}

/* Into the directory, without a name; then what the disk says is read. */
static enum quo_err
stage(struct quo_piece *p, struct quo_secret **file)
{
	struct quo_secret *again = NULL;
	enum quo_err err;

	err = quo_stage_write(p->place->fd, (*file)->data, (*file)->len,
	    &p->stage);
	if (err == QUO_OK)
		err = quo_file_read(p->stage.fd, QUO_SECRET_MAX - 1, &again);
	if (err != QUO_OK)
		return err;
	if (again == NULL)
		return QUO_EIO;
	quo_secret_free(*file);
	*file = again;
	return QUO_OK;
}

/* Into the pool, as one who scans it would have it. */
static enum quo_err
read_back(const struct run *r, const struct quo_piece *p,
    const struct quo_secret *file)
{
	switch (p->kind) {
	case QUO_PIECE_PHRASE:
		return QUO_OK;
	case QUO_PIECE_SEALED:
		return quo_pool_add_sealed(r->pool, file->data, file->len);
	case QUO_PIECE_CARD:
		break;
	}
	return quo_render_read(&r->issue->render, p->serial, p->page, file,
	    r->pool);
}

static enum quo_err
prepare(const struct run *r, struct quo_piece *p)
{
	struct quo_secret *file = NULL;
	struct quo_span span;
	enum quo_err err;

	err = make(r, p, &file);
	if (err == QUO_OK && p->place != NULL)
		err = stage(p, &file);
	if (err == QUO_OK) {
		span = (struct quo_span){ file->data, file->len };
		quo_sha256(&span, 1, p->hash);
		err = read_back(r, p, file);
	}
	quo_secret_free(file);
	return err;
}

static enum quo_exit
prepare_all(struct run *r)
{
	enum quo_err err;

	for (size_t i = 0; i < r->pieces->count; i++) {
		struct quo_piece *p = &r->pieces->items[i];

		if (quo_stopped()) {
			quo_say_error("interrupted: no card was given out");
			return QUO_EXIT_MACHINE;
		}
		err = prepare(r, p);
		if (err != QUO_OK)
			return quo_say_failure(err, "%s%s%s", p->place !=
			    NULL ? p->place->path : "", p->place != NULL ?
			    "/" : "", p->name);
		if (p->kind == QUO_PIECE_CARD && p->page == 1 &&
		    r->dealing->n > 5)
			quo_say("card %u of %u is drawn and read back",
			    p->serial, r->dealing->n);
	}
	return QUO_EXIT_DONE;
}

/* Whether two fields say the same, NULL being empty. */
static bool
same_text(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

static bool
same_credential(const struct quo_credential *a,
    const struct quo_credential *b)
{
	return a->secret.len == b->secret.len && quo_equal(a->secret.data,
	    b->secret.data, a->secret.len) && same_text(a->name, b->name) &&
	    same_text(a->user, b->user) && same_text(a->target, b->target) &&
	    same_text(a->note, b->note);
}

/* Each card of the set must be there, genuine, and unlocked. */
static enum quo_err
check_cards(struct run *r)
{
	const struct quo_dealing *dealing = r->dealing;
	const struct quo_pool_card *cards;
	const char *phrase;
	unsigned at;
	size_t count;
	enum quo_err err;

	err = quo_pool_pin(r->pool, dealing->set.id.hash, QUO_HASH_LEN);
	if (err == QUO_OK)
		err = quo_pool_judge(r->pool);
	cards = quo_pool_cards(r->pool, &count);
	if (err == QUO_OK && count != dealing->n)
		err = QUO_EMISMATCH;
	for (size_t i = 0; err == QUO_OK && i < count; i++) {
		if (cards[i].verdict == QUO_CARD_GENUINE &&
		    cards[i].usable && !cards[i].incomplete)
			continue;
		quo_say_error("%s does not read back: %s", cards[i].label,
		    quo_verdict_name(cards[i].verdict));
		err = QUO_EMISMATCH;
	}
	for (unsigned s = 1; err == QUO_OK && s <= dealing->n &&
	    (phrase = quo_dealing_phrase(dealing, s)) != NULL; s++)
		err = quo_pool_unlock(r->pool, 0, s, phrase, strlen(phrase),
		    &at);
	return err;
}

static enum quo_exit
prove(struct run *r)
{
	struct quo_opened opened = { 0 };
	enum quo_err err;

	err = check_cards(r);
	if (err == QUO_OK)
		err = quo_pool_prove(r->pool, 0, &opened);
	if (err == QUO_OK && !same_credential(&opened.credential,
	    r->issue->credential))
		err = QUO_EMISMATCH;
	quo_opened_clear(&opened);
	if (err == QUO_OK)
		return QUO_EXIT_DONE;
	quo_say_failure(err, "the cards don't open what was dealt");
	quo_say_hint("nothing was given out; try again, and tell the "
	    "makers of quorate");
	return QUO_EXIT_MACHINE;
}

/* Whose the cards are, a line each; the caller frees it. */
static char *
list_custodians(const struct quo_render *render)
{
	unsigned n = render->dealing->n;
	char *list = calloc(n, QUO_NAME_MAX + 1), *at = list;
	const char *whose;

	for (unsigned s = 1; list != NULL && s <= n; s++) {
		whose = quo_render_custodian(render, s);
		at = stpcpy(at, whose != NULL ? whose : "");
		if (s < n)
			*at++ = '\n';
	}
	return list;
}

static enum quo_err
hand_over(const struct run *r, const struct quo_piece *p,
    struct quo_hook *hook, enum quo_hook_answer *answer)
{
	struct quo_delivery delivery = {
		.serial = p->serial, .cards = r->dealing->n,
		.custodian = quo_render_custodian(&r->issue->render,
		    p->serial),
		.custodians = r->custodians,
		.file = p->name,
	};
	struct quo_secret *file = NULL;
	uint8_t hash[QUO_HASH_LEN];
	struct quo_span span;
	enum quo_err err;

	hook->note[0] = '\0';
	hook->status = 0;
	/* Drawn again rather than kept: it must be what was proven. */
	err = make(r, p, &file);
	if (err == QUO_OK) {
		span = (struct quo_span){ file->data, file->len };
		quo_sha256(&span, 1, hash);
		err = quo_equal(hash, p->hash, sizeof hash) ? QUO_OK :
		    QUO_EMISMATCH;
	}
	delivery.data = file;
	if (err == QUO_OK)
		err = quo_deliver(hook, &delivery, answer);
	quo_secret_free(file);
	return err;
}

static void
say_undelivered(const struct quo_hook *hook, const struct quo_piece *p,
    enum quo_err err)
{
	char who[PATH_MAX + 32];
	bool told;

	if (err == QUO_ECANCEL) {
		quo_say_error("interrupted: card %u was not delivered",
		    p->serial);
		return;
	}
	snprintf(who, sizeof who, "%s: card %u", hook->path, p->serial);
	told = quo_say_note(who, hook->note);
	if (err != QUO_ECHILD || hook->status == 0)
		quo_say_failure(err, "%s", who);
	else if (WIFSIGNALED(hook->status))
		quo_say_error("%s: killed by signal %d", who,
		    WTERMSIG(hook->status));
	else if (!told)
		quo_say_error("%s: exit status %d", who,
		    WEXITSTATUS(hook->status));
}

/* A printer that is out of paper needn't make the other cards void. */
static bool
try_again(const struct quo_piece *p)
{
	char question[80];
	bool yes = false;

	snprintf(question, sizeof question, "Nothing of card %u is out. "
	    "Try it again?", p->serial);
	return !quo_stopped() && quo_tty_present() &&
	    quo_tty_confirm(question, &yes) == QUO_OK && yes;
}

static enum quo_err
deliver(const struct run *r, struct quo_piece *p, struct quo_hook *hook)
{
	enum quo_hook_answer answer;
	enum quo_err err;

	if (quo_tty_present())
		quo_say("card %u of %u goes to %s", p->serial, r->dealing->n,
		    hook->path);
	do {
		answer = QUO_HOOK_NO;
		err = quo_stopped() ? QUO_ECANCEL :
		    hand_over(r, p, hook, &answer);
		if (err != QUO_OK)
			say_undelivered(hook, p, err);
	} while (answer == QUO_HOOK_LATER && try_again(p));
	p->out = answer == QUO_HOOK_YES;
	p->perhaps = answer == QUO_HOOK_UNKNOWN;
	return err;
}

static void
say_void(const struct run *r)
{
	char out[QUO_PIECES_OUT];

	quo_pieces_out(r->pieces, out, sizeof out);
	if (out[0] == '\0')
		quo_say_hint("no card went out: mend that, and deal again");
	else
		quo_say_hint("this set is void: have the cards that were "
		    "delivered destroyed: %s", out);
}

static enum quo_exit
deliver_all(struct run *r)
{
	const struct quo_credential *c = r->issue->credential;
	struct quo_hook hook = {
		.path = r->issue->deliver, .name = r->issue->render.title,
		.user = c->user, .target = c->target,
		.generation = r->dealing->set.header.generation,
		.checkpoint = r->dealing->set.header.checkpoint,
		.seconds = r->issue->deliver_seconds,
	};

	for (size_t i = 0; i < r->pieces->count; i++) {
		struct quo_piece *p = &r->pieces->items[i];

		if (p->place != NULL)
			continue;
		if (deliver(r, p, &hook) != QUO_OK) {
			say_void(r);
			return QUO_EXIT_MACHINE;
		}
		quo_say("card %u is delivered", p->serial);
	}
	return QUO_EXIT_DONE;
}

/* One card after another on the terminal, each to its custodian. */
static enum quo_exit
show_all(struct run *r)
{
	enum quo_err err = QUO_OK;

	for (unsigned s = 1; err == QUO_OK && s <= r->dealing->n; s++)
		err = quo_stopped() ? QUO_ECANCEL :
		    quo_render_show(&r->issue->render, s);
	for (size_t i = 0; i < r->pieces->count; i++)
		r->pieces->items[i].out = true;
	if (err == QUO_OK)
		return QUO_EXIT_DONE;
	quo_say_failure(err, "%s", "showing the cards");
	if (err == QUO_ETOOBIG)
		quo_say_hint("make the window larger, or its letters smaller");
	quo_say_hint("this set is void: forget what was shown of it");
	return quo_exit_of(err);
}

static enum quo_exit
give_out(struct run *r)
{
	const struct quo_issue *issue = r->issue;
	enum quo_exit end;

	if (r->pieces->phrases.fd == -1) {
		end = quo_phrases_give(&issue->render, issue->phrase_fd);
		if (end != QUO_EXIT_DONE)
			return end;
	}
	if (quo_stopped()) {
		quo_say_error("interrupted: no card was given out");
		return QUO_EXIT_MACHINE;
	}
	end = quo_pieces_name(r->pieces);
	if (end != QUO_EXIT_DONE)
		return end;
	return issue->render.format == QUO_FORMAT_TERMINAL ? show_all(r) :
	    deliver_all(r);
}

static enum quo_exit
issue_cards(struct run *r)
{
	const struct quo_issue *issue = r->issue;
	enum quo_exit end;

	if (issue->render.format == QUO_FORMAT_TERMINAL &&
	    r->dealing->sealed != NULL)
		return quo_say_misuse("--format terminal: this credential "
		    "is too large for codes, it needs files");
	r->pieces->stage = "planning the files";
	end = quo_pieces_plan(&issue->render, issue->output,
	    r->dealing->phrases != NULL ? issue->phrase_dir : NULL,
	    r->pieces);
	if (end == QUO_EXIT_DONE) {
		r->pieces->stage = "drawing the cards and reading them back";
		end = prepare_all(r);
	}
	if (end == QUO_EXIT_DONE) {
		r->pieces->stage = "proving the cards";
		end = prove(r);
	}
	if (end == QUO_EXIT_DONE) {
		r->pieces->stage = "giving the cards out";
		end = give_out(r);
	}
	if (end != QUO_EXIT_DONE)
		quo_pieces_retract(r->pieces);
	return end;
}

enum quo_exit
quo_issue_cards(const struct quo_issue *issue, struct quo_pieces *pieces)
{
	struct run r = {
		.issue = issue, .dealing = issue->render.dealing,
		.pieces = pieces,
	};
	enum quo_exit end;

	quo_stop_catch();
	r.custodians = list_custodians(&issue->render);
	end = r.custodians != NULL && quo_pool_new(&r.pool) == QUO_OK ?
	    issue_cards(&r) : quo_say_failure(QUO_ENOMEM, "%s", "cards");
	free(r.custodians);
	quo_pool_free(r.pool);
	quo_stop_end();
	return end;
}

void
quo_issue_report(const struct quo_issue *issue,
    const struct quo_pieces *pieces, struct quo_json *json)
{
	quo_json_text(json, "directory", issue->output);
	quo_json_array(json, "files");
	for (size_t i = 0; i < pieces->count; i++) {
		const struct quo_piece *p = &pieces->items[i];

		if (p->kind == QUO_PIECE_PHRASE ||
		    issue->render.format == QUO_FORMAT_TERMINAL)
			continue;
		quo_json_object(json, NULL);
		quo_json_int(json, "card", p->serial);
		quo_json_text(json, "custodian", quo_render_custodian(
		    &issue->render, p->serial));
		quo_json_text(json, "file", p->name);
		quo_json_close(json);
		if (issue->output != NULL)
			quo_say("%s/%s", issue->output, p->name);
	}
	quo_json_close(json);
}
