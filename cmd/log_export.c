/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cmd/book.h"
#include "cmd/log.h"
#include "ledger/read.h"

static bool
to_output(void *with, const char *bytes, size_t len)
{
	(void)with;
	quo_say_bytes(bytes, len);
	return !quo_say_failed();
}

/* All of it, in memory: a file is there whole or not at all. */
struct gathered {
	char *bytes;
	size_t len, room;
};

static bool
to_memory(void *with, const char *bytes, size_t len)
{
	struct gathered *g = with;
	char *more;

	if (len > g->room - g->len) {
		g->room = 2 * (g->room + len);
		more = realloc(g->bytes, g->room);
		if (more == NULL)
			return false;
		g->bytes = more;
	}
	memcpy(g->bytes + g->len, bytes, len);
	g->len += len;
	return true;
}

static enum quo_exit
to_file(struct quo_book *book, const char *path)
{
	struct gathered g = { 0 };
	enum quo_exit end;
	enum quo_err err;

	end = quo_book_say(book,
	    quo_ledger_export(book->ledger, to_memory, &g));
	if (end == QUO_EXIT_DONE) {
		err = quo_file_put(path, g.bytes, g.len, 0600);
		if (err != QUO_OK)
			end = quo_say_failure(err, "%s", path);
		else
			quo_say("the log is in %s", path);
	}
	free(g.bytes);
	return end;
}

enum quo_exit
quo_log_export(const struct quo_log_options *o)
{
	struct quo_book book;
	enum quo_exit end;

	end = quo_book_open(&o->common, QUO_BOOK_READ, &book);
	if (end == QUO_EXIT_DONE)
		end = o->output != NULL ? to_file(&book, o->output) :
		    quo_book_say(&book, quo_ledger_export(book.ledger,
		    to_output, NULL));
	quo_book_close(&book);
	return end;
}
