/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/filename.h"
#include "cmd/piece.h"

#define SPARE_FILES 64

/* Nobody else can read the files, but whoever may rename exchanges them. */
static void
weigh_place(const struct quo_place *place)
{
	struct stat st;

	if (fstat(place->fd, &st) != 0)
		return;
	if ((st.st_mode & 022) != 0 && (st.st_mode & S_ISVTX) == 0)
		quo_say_warning("%s: others may write here, and so exchange "
		    "the cards", place->path);
	else if (st.st_uid != 0 && st.st_uid != geteuid())
		quo_say_warning("%s: its owner is another user, who may "
		    "exchange the cards", place->path);
}

static enum quo_exit
open_place(const char *path, struct quo_place *place)
{
	place->path = strdup(path);
	if (place->path == NULL)
		return quo_say_failure(QUO_ENOMEM, "%s", path);
	place->made = mkdir(path, 0700) == 0;
	if (!place->made && errno != EEXIST)
		return quo_say_failure(QUO_EIO, "%s", path);
	place->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (place->fd == -1)
		return quo_say_failure(QUO_EIO, "%s", path);
	weigh_place(place);
	return QUO_EXIT_DONE;
}

static void
close_place(struct quo_place *place)
{
	if (place->fd != -1)
		close(place->fd);
	free(place->path);
	*place = (struct quo_place){ .fd = -1 };
}

/* Whether both are one directory. */
static bool
same_place(const struct quo_place *a, const struct quo_place *b)
{
	struct stat of_a, of_b;

	return a->fd != -1 && b->fd != -1 && fstat(a->fd, &of_a) == 0 &&
	    fstat(b->fd, &of_b) == 0 && of_a.st_dev == of_b.st_dev &&
	    of_a.st_ino == of_b.st_ino;
}

static enum quo_err
add(struct quo_pieces *pieces, const struct quo_render *render,
    enum quo_piece_kind kind, unsigned serial, unsigned page, bool pages)
{
	struct quo_piece *p = &pieces->items[pieces->count];
	const struct quo_place *place = kind == QUO_PIECE_PHRASE ?
	    &pieces->phrases : &pieces->cards;
	const char *suffix = kind == QUO_PIECE_PHRASE ? "phrase" :
	    kind == QUO_PIECE_SEALED ? "sealed" :
	    quo_format_suffix(render->format);

	*p = (struct quo_piece){
		.kind = kind, .serial = serial, .page = page,
		.place = place->fd != -1 ? place : NULL, .stage.fd = -1,
	};
	p->name = quo_filename(render->title,
	    render->dealing->set.header.generation, serial,
	    quo_render_custodian(render, serial), pages ? page : 0, suffix);
	if (p->name == NULL)
		return QUO_ENOMEM;
	pieces->count++;
	return QUO_OK;
}

/* The list of all files that there will be, with their names. */
static enum quo_err
list(const struct quo_render *render, struct quo_pieces *pieces)
{
	unsigned pages, n = render->dealing->n;
	bool phrases = pieces->phrases.fd != -1;
	bool sealed = render->dealing->sealed != NULL;
	enum quo_err err;

	err = quo_render_pages(render, &pages);
	if (err != QUO_OK)
		return err;
	pieces->items = calloc((size_t)n * (pages + 2),
	    sizeof *pieces->items);
	if (pieces->items == NULL)
		return QUO_ENOMEM;
	for (unsigned s = 1; phrases && err == QUO_OK && s <= n; s++)
		err = add(pieces, render, QUO_PIECE_PHRASE, s, 1, false);
	/* The sealed file first: a hook that can't take it says so before
	 * any card is out. */
	for (unsigned s = 1; err == QUO_OK && s <= n; s++) {
		if (sealed)
			err = add(pieces, render, QUO_PIECE_SEALED, s, 1,
			    false);
		for (unsigned p = 1; err == QUO_OK && p <= pages; p++)
			err = add(pieces, render, QUO_PIECE_CARD, s, p,
			    pages > 1);
	}
	return err;
}

static enum quo_exit
say_exists(const struct quo_piece *p)
{
	quo_say_failure(QUO_EEXIST, "%s/%s", p->place->path, p->name);
	quo_say_hint("take the old file away, or name another directory");
	return QUO_EXIT_MISUSE;
}

static enum quo_exit
look_for_old(const struct quo_pieces *pieces)
{
	for (size_t i = 0; i < pieces->count; i++) {
		const struct quo_piece *p = &pieces->items[i];

		if (p->place != NULL && faccessat(p->place->fd, p->name,
		    F_OK, AT_SYMLINK_NOFOLLOW) == 0)
			return say_exists(p);
	}
	return QUO_EXIT_DONE;
}

void
quo_pieces_allow(size_t count)
{
	const rlim_t want = count + SPARE_FILES;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= want)
		return;
	limit.rlim_cur = limit.rlim_max < want ? limit.rlim_max : want;
	setrlimit(RLIMIT_NOFILE, &limit);
}

enum quo_exit
quo_pieces_plan(const struct quo_render *render, const char *cards,
    const char *phrases, struct quo_pieces *pieces)
{
	enum quo_exit end = QUO_EXIT_DONE;
	enum quo_err err;

	if (cards != NULL)
		end = open_place(cards, &pieces->cards);
	if (end == QUO_EXIT_DONE && phrases != NULL)
		end = open_place(phrases, &pieces->phrases);
	if (end != QUO_EXIT_DONE)
		return end;
	if (same_place(&pieces->cards, &pieces->phrases))
		return quo_say_misuse("--phrase-dir %s: phrases don't go "
		    "beside the cards", phrases);
	err = list(render, pieces);
	quo_pieces_allow(pieces->count);
	return err == QUO_OK ? look_for_old(pieces) :
	    quo_say_failure(err, "%s", "cards");
}

static enum quo_exit
sync_place(const struct quo_place *place)
{
	enum quo_err err = QUO_OK, above;

	if (place->fd == -1)
		return QUO_EXIT_DONE;
	if (fsync(place->fd) != 0)
		err = QUO_EIO;
	/* What we made is only there once the directory above knows it; one
	 * that was there may stand where we can't look. */
	above = quo_file_sync_above(place->path);
	if (err == QUO_OK && place->made)
		err = above;
	return err == QUO_OK ? QUO_EXIT_DONE :
	    quo_say_failure(err, "%s", place->path);
}

enum quo_exit
quo_pieces_name(struct quo_pieces *pieces)
{
	enum quo_exit end;
	enum quo_err err;

	for (size_t i = 0; i < pieces->count; i++) {
		struct quo_piece *p = &pieces->items[i];

		if (p->place == NULL)
			continue;
		err = quo_stage_name(&p->stage, p->name);
		if (err == QUO_EEXIST)
			return say_exists(p);
		if (err != QUO_OK)
			return quo_say_failure(err, "%s/%s", p->place->path,
			    p->name);
		p->out = true;
	}
	end = sync_place(&pieces->phrases);
	return end == QUO_EXIT_DONE ? sync_place(&pieces->cards) : end;
}

static void
remove_place(struct quo_place *place)
{
	if (place->made && rmdir(place->path) == 0)
		place->made = false;
}

bool
quo_pieces_retract(struct quo_pieces *pieces)
{
	const struct quo_place *const places[] = { &pieces->phrases,
		&pieces->cards };
	bool gone = true;

	for (size_t i = 0; i < pieces->count; i++) {
		struct quo_piece *p = &pieces->items[i];

		if (!p->out && !p->perhaps)
			continue;
		if (p->place != NULL &&
		    unlinkat(p->place->fd, p->name, 0) == 0)
			p->out = false;
		else
			gone = false;
	}
	/* Until that is on disk a power cut brings them back. */
	for (size_t i = 0; i < 2; i++)
		if (places[i]->fd != -1 && fsync(places[i]->fd) != 0)
			gone = false;
	/* One may stand in the other. */
	remove_place(&pieces->phrases);
	remove_place(&pieces->cards);
	remove_place(&pieces->phrases);
	return gone;
}

void
quo_pieces_out(const struct quo_pieces *pieces, char *text, size_t size)
{
	unsigned last = 0;
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < pieces->count && used < size; i++) {
		const struct quo_piece *p = &pieces->items[i];

		if ((!p->out && !p->perhaps) || p->serial == last)
			continue;
		used += (size_t)snprintf(text + used, size - used, "%s%s%u",
		    used > 0 ? ", " : "", p->out ? "" : "perhaps ",
		    p->serial);
		last = p->serial;
	}
}

void
quo_pieces_clear(struct quo_pieces *pieces)
{
	for (size_t i = 0; i < pieces->count; i++) {
		quo_stage_close(&pieces->items[i].stage);
		free(pieces->items[i].name);
	}
	free(pieces->items);
	pieces->items = NULL;
	pieces->count = 0;
	close_place(&pieces->phrases);
	close_place(&pieces->cards);
}
