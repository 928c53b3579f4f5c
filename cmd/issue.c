/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "card/pool.h"
#include "cmd/filename.h"
#include "cmd/issue.h"
#include "cmd/phrases.h"
#include "cmd/stop.h"
#include "rotation/deliver.h"

/* A file of a card between rendering and giving out. */
struct piece {
	unsigned serial, page;
	char *name;
	struct quo_stage stage;		/* where it goes into a directory */
	uint8_t hash[QUO_HASH_LEN];	/* where a hook will get it */
	bool sealed;			/* a copy of the sealed credential */
};

/* One issue on its way. */
struct run {
	const struct quo_issue *issue;
	const struct quo_dealing *dealing;
	struct quo_pool *pool;
	struct piece *pieces;
	size_t count, named;
	int dir;
	bool dir_made;
};

/* The directory for the cards, made where it isn't there. */
static enum quo_exit
open_dir(struct run *r)
{
	const char *path = r->issue->output;

	r->dir_made = mkdir(path, 0700) == 0;
	if (!r->dir_made && errno != EEXIST)
		return quo_say_failure(QUO_EIO, "%s", path);
	r->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (r->dir == -1)
		return quo_say_failure(QUO_EIO, "%s", path);
	return QUO_EXIT_DONE;
}

/* The list of all files that there will be, with their names. */
static enum quo_err
plan(struct run *r)
{
	const struct quo_render *render = &r->issue->render;
	unsigned pages, n = r->dealing->n, extra;
	enum quo_err err;

	err = quo_render_pages(render, &pages);
	if (err != QUO_OK)
		return err;
	extra = r->dealing->sealed != NULL ? 1 : 0;
	r->pieces = calloc((size_t)n * (pages + extra), sizeof *r->pieces);
	if (r->pieces == NULL)
		return QUO_ENOMEM;
	for (unsigned i = 0; i < n * (pages + extra); i++) {
		struct piece *p = &r->pieces[r->count++];

		p->serial = i / (pages + extra) + 1;
		p->page = i % (pages + extra) + 1;
		p->sealed = p->page > pages;
		p->stage.fd = -1;
		p->name = quo_filename(render->title,
		    r->dealing->set.header.generation, p->serial,
		    quo_render_custodian(render, p->serial),
		    p->sealed || pages == 1 ? 0 : p->page, p->sealed ?
		    "sealed" : quo_format_suffix(render->format));
		if (p->name == NULL)
			return QUO_ENOMEM;
	}
	return QUO_OK;
}

/* The bytes of a piece. */
static enum quo_err
make(const struct run *r, const struct piece *p, struct quo_secret **file)
{
	if (p->sealed)
		return quo_secret_copy(r->dealing->sealed,
		    r->dealing->sealed_len, file);
	return quo_render_card(&r->issue->render, p->serial, p->page, file);
}

/* Into the directory, without a name; then what the disk says is read. */
static enum quo_err
stage(const struct run *r, struct piece *p, struct quo_secret **file)
{
	struct quo_secret *again = NULL;
	enum quo_err err;

	err = quo_stage_write(r->dir, (*file)->data, (*file)->len,
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

static enum quo_err
prepare(const struct run *r, struct piece *p)
{
	struct quo_secret *file = NULL;
	struct quo_span span;
	enum quo_err err;

	err = make(r, p, &file);
	if (err == QUO_OK && r->dir != -1)
		err = stage(r, p, &file);
	if (err == QUO_OK) {
		span = (struct quo_span){ file->data, file->len };
		quo_sha256(&span, 1, p->hash);
		err = p->sealed ? quo_pool_add_sealed(r->pool, file->data,
		    file->len) : quo_render_read(&r->issue->render,
		    p->serial, p->page, file, r->pool);
	}
	quo_secret_free(file);
	return err;
}

static enum quo_exit
prepare_all(struct run *r)
{
	enum quo_err err;

	for (size_t i = 0; i < r->count; i++) {
		struct piece *p = &r->pieces[i];

		if (quo_stopped()) {
			quo_say_error("interrupted: no card was given out");
			return QUO_EXIT_MACHINE;
		}
		err = prepare(r, p);
		if (err != QUO_OK)
			return quo_say_failure(err, "%s", p->name);
		if (p->page == 1 && r->dealing->n > 5)
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

static enum quo_exit
name_all(struct run *r)
{
	enum quo_err err;

	for (; r->named < r->count; r->named++) {
		struct piece *p = &r->pieces[r->named];

		err = quo_stage_name(&p->stage, p->name);
		if (err != QUO_OK) {
			quo_say_failure(err, "%s/%s", r->issue->output,
			    p->name);
			if (err == QUO_EEXIST)
				quo_say_hint("take the old file away, or "
				    "name another --output");
			return quo_exit_of(err);
		}
	}
	if (fsync(r->dir) != 0)
		return quo_say_failure(QUO_EIO, "%s", r->issue->output);
	return QUO_EXIT_DONE;
}

static enum quo_err
hand_over(const struct run *r, const struct piece *p, struct quo_hook *hook)
{
	struct quo_delivery delivery = {
		.serial = p->serial, .cards = r->dealing->n,
		.custodian = quo_render_custodian(&r->issue->render,
		    p->serial),
		.file = p->name,
	};
	struct quo_secret *file = NULL;
	uint8_t hash[QUO_HASH_LEN];
	struct quo_span span;
	enum quo_err err;

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
		err = quo_deliver(hook, &delivery);
	quo_secret_free(file);
	return err;
}

static enum quo_exit
deliver_all(struct run *r)
{
	const struct quo_credential *c = r->issue->credential;
	struct quo_hook hook = {
		.path = r->issue->deliver, .name = r->issue->render.title,
		.user = c->user, .target = c->target,
		.generation = r->dealing->set.header.generation,
	};
	enum quo_err err = QUO_OK;

	for (; err == QUO_OK && r->named < r->count; r->named++) {
		struct piece *p = &r->pieces[r->named];

		err = quo_stopped() ? QUO_ECANCEL : hand_over(r, p, &hook);
		if (err == QUO_OK)
			quo_say("card %u is delivered", p->serial);
		else
			quo_say_failure(err, "%s: card %u%s%s", hook.path,
			    p->serial, hook.note[0] != '\0' ? ": " : "",
			    hook.note);
	}
	if (err == QUO_OK)
		return QUO_EXIT_DONE;
	if (r->named > 1)
		quo_say_hint("this set is void: have the cards that were "
		    "delivered destroyed");
	return QUO_EXIT_MACHINE;
}

/* One card after another on the terminal, each to its custodian. */
static enum quo_exit
show_all(struct run *r)
{
	enum quo_err err = QUO_OK;

	for (unsigned s = 1; err == QUO_OK && s <= r->dealing->n; s++)
		err = quo_stopped() ? QUO_ECANCEL :
		    quo_render_show(&r->issue->render, s);
	if (err == QUO_OK)
		return QUO_EXIT_DONE;
	quo_say_failure(err, "%s", "showing the cards");
	if (err == QUO_ETOOBIG)
		quo_say_hint("make the window larger, or its letters smaller");
	quo_say_hint("this set is void: forget what was shown of it");
	return quo_exit_of(err);
}

/* Undo what was begun: staged files vanish, named ones are removed. */
static void
take_back(struct run *r)
{
	if (r->dir == -1)
		return;
	for (size_t i = 0; i < r->named; i++)
		unlinkat(r->dir, r->pieces[i].name, 0);
	for (size_t i = 0; i < r->count; i++)
		quo_stage_close(&r->pieces[i].stage);
	close(r->dir);
	if (r->dir_made)
		rmdir(r->issue->output);
	r->dir = -1;
}

static enum quo_exit
give_out(struct run *r)
{
	const struct quo_issue *issue = r->issue;
	enum quo_exit end;

	end = quo_phrases_give(&issue->render, issue->phrase_dir,
	    issue->phrase_fd, r->dir);
	if (end == QUO_EXIT_DONE && quo_stopped()) {
		quo_say_error("interrupted: no card was given out, and the "
		    "phrases are void");
		end = QUO_EXIT_MACHINE;
	}
	if (end != QUO_EXIT_DONE)
		return end;
	if (issue->render.format == QUO_FORMAT_TERMINAL)
		return show_all(r);
	return r->dir != -1 ? name_all(r) : deliver_all(r);
}

/* What went out is the caller's from here on. */
static enum quo_exit
keep(struct run *r, struct quo_issued *issued)
{
	*issued = (struct quo_issued){ .dir = r->dir,
		.dir_made = r->dir_made };

	/* What was shown on a terminal is no file. */
	if (r->issue->render.format == QUO_FORMAT_TERMINAL)
		return QUO_EXIT_DONE;
	issued->count = r->count;
	issued->names = calloc(r->count, sizeof *issued->names);
	issued->serials = calloc(r->count, sizeof *issued->serials);
	issued->dir_name = strdup(r->dir != -1 ? r->issue->output : "");
	if (issued->names == NULL || issued->serials == NULL ||
	    issued->dir_name == NULL)
		return quo_say_failure(QUO_ENOMEM, "%s", "cards");
	for (size_t i = 0; i < r->count; i++) {
		issued->names[i] = r->pieces[i].name;
		issued->serials[i] = r->pieces[i].serial;
		r->pieces[i].name = NULL;
		quo_stage_close(&r->pieces[i].stage);
	}
	r->dir = -1;
	return QUO_EXIT_DONE;
}

enum quo_exit
quo_issue_cards(const struct quo_issue *issue, struct quo_issued *issued)
{
	struct run r = {
		.issue = issue, .dealing = issue->render.dealing, .dir = -1,
	};
	enum quo_exit end = QUO_EXIT_DONE;
	enum quo_err err;

	quo_stop_catch();
	err = quo_pool_new(&r.pool);
	if (err == QUO_OK)
		err = plan(&r);
	if (err != QUO_OK)
		end = quo_say_failure(err, "%s", "cards");
	if (end == QUO_EXIT_DONE && issue->output != NULL)
		end = open_dir(&r);
	if (end == QUO_EXIT_DONE)
		end = prepare_all(&r);
	if (end == QUO_EXIT_DONE)
		end = prove(&r);
	if (end == QUO_EXIT_DONE)
		end = give_out(&r);
	if (end == QUO_EXIT_DONE)
		end = keep(&r, issued);
	take_back(&r);
	for (size_t i = 0; i < r.count; i++)
		free(r.pieces[i].name);
	free(r.pieces);
	quo_pool_free(r.pool);
	quo_stop_end();
	return end;
}

void
quo_issue_report(const struct quo_issue *issue,
    const struct quo_issued *issued, struct quo_json *json)
{
	quo_json_text(json, "directory", issue->output);
	quo_json_array(json, "files");
	for (size_t i = 0; i < issued->count; i++) {
		quo_json_object(json, NULL);
		quo_json_int(json, "card", issued->serials[i]);
		quo_json_text(json, "custodian", quo_render_custodian(
		    &issue->render, issued->serials[i]));
		quo_json_text(json, "file", issued->names[i]);
		quo_json_close(json);
		if (issue->output != NULL)
			quo_say("%s/%s", issue->output, issued->names[i]);
	}
	quo_json_close(json);
}

bool
quo_issue_retract(const struct quo_issued *issued)
{
	bool gone = issued->dir != -1;

	for (size_t i = 0; gone && i < issued->count; i++)
		gone = unlinkat(issued->dir, issued->names[i], 0) == 0;
	if (gone && issued->dir_made)
		rmdir(issued->dir_name);
	return gone;
}

void
quo_issued_clear(struct quo_issued *issued)
{
	for (size_t i = 0; issued->names != NULL && i < issued->count; i++)
		free(issued->names[i]);
	free(issued->names);
	free(issued->serials);
	free(issued->dir_name);
	if (issued->dir != -1)
		close(issued->dir);
	*issued = (struct quo_issued){ .dir = -1 };
}
