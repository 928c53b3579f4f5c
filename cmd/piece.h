/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_PIECE_H
#define QUO_PIECE_H

#include <stdbool.h>

#include "base/crypt.h"
#include "base/file.h"
#include "cmd/render.h"
#include "cmd/say.h"

/**
 * The files of a dealing: lock phrases, cards, and copies of the sealed
 * credential. They are written without a name, get their names when all is
 * proven, and can be taken back.
 */

/** A directory that files go to. */
struct quo_place {
	char *path;
	int fd;			/* -1: none */
	bool made;		/* by us, so that taking back removes it */
};

enum quo_piece_kind {
	QUO_PIECE_PHRASE,
	QUO_PIECE_CARD,
	QUO_PIECE_SEALED	/* a copy of the sealed credential */
};

/** One file. */
struct quo_piece {
	enum quo_piece_kind kind;
	unsigned serial, page;
	char *name;
	const struct quo_place *place;	/* NULL: a hook takes it */
	struct quo_stage stage;
	bool out;			/* has its name, or was delivered */
	bool perhaps;			/* nobody knows whether it is out */
	uint8_t hash[QUO_HASH_LEN];	/* of what was proven */
};

/** All of them: phrases first. Start as QUO_PIECES_NONE; don't move. */
struct quo_pieces {
	struct quo_place cards, phrases;
	struct quo_piece *items;
	size_t count;
	const char *stage;	/* what is being done with them; static */
};

#define QUO_PIECES_NONE { .cards.fd = -1, .phrases.fd = -1 }

/** See to it that so many more files than usual can be open at once. */
void quo_pieces_allow(size_t count);

/**
 * Plan the files of a dealing, and open the directories that they go to,
 * which are made if need be. Refused, and said, where one of the files is
 * there already or phrases would lie beside the cards.
 *
 * cards     the directory for the cards; NULL: a hook takes them
 * phrases   the directory for lock phrases; NULL: they are no files
 */
enum quo_exit quo_pieces_plan(const struct quo_render *render,
    const char *cards, const char *phrases, struct quo_pieces *pieces);

/** Give all that were staged their names; what goes wrong is said. */
enum quo_exit quo_pieces_name(struct quo_pieces *pieces);

/**
 * Take back all files, and the directories that were made. False where one
 * can't be had back: it went to a hook, or doesn't go.
 */
bool quo_pieces_retract(struct quo_pieces *pieces);

/** Room for any list of cards that are out. */
#define QUO_PIECES_OUT 1300

/** Which cards are out and can't be taken back: "1, 2, perhaps 3", or "". */
void quo_pieces_out(const struct quo_pieces *pieces, char *text, size_t size);

/** Give back what they hold; files without a name are gone. */
void quo_pieces_clear(struct quo_pieces *pieces);

#endif
