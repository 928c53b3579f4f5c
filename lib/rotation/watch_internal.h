/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUO_WATCH_INTERNAL_H
#define QUO_WATCH_INTERNAL_H

#include <sys/types.h>

#include "rotation/watch.h"

/* Where strace leaves its trace: a pipe with a name, for itself alone. */
#define QUO_WATCH_DIR "/tmp/quorate-watch.XXXXXX"

/* What is looked for. */
#define QUO_NEEDLES 512
struct quo_needles {
	struct quo_secret *bytes;	/* all of them, one behind the other */
	size_t used, count;
	struct {
		size_t at, len;
	} items[QUO_NEEDLES];
};

/* Fails with QUO_ENOMEM, or QUO_ETOOBIG: too many lines. Clear it always. */
enum quo_err quo_needles_make(const struct quo_watch *watch,
    struct quo_needles *needles);
void quo_needles_clear(struct quo_needles *needles);
/* Whether one of them stands in len bytes of data. */
bool quo_needles_in(const struct quo_needles *needles, const void *data,
    size_t len);

/* Keep the first thing that is seen of a kind; one with a secret in it is
 * told without it. */
void quo_watch_keep(struct quo_watch *watch, const struct quo_needles *needles,
    enum quo_seen kind, const char *what);

#define QUO_TRACE_PATHS 256

/* A trace of strace as it comes. */
struct quo_trace {
	struct quo_watch *watch;		/* borrowed */
	const struct quo_needles *needles;	/* borrowed */
	struct quo_secret *line;		/* the one that isn't whole */
	size_t len;
	bool skip;			/* to the end of a line too long */
	long first;			/* the hook itself; 0: not seen yet */
	bool ended;			/* it has ended: */
	int status;			/* as waitpid(2) gives it */
	unsigned reads_on;
	char *paths[QUO_TRACE_PATHS];	/* opened to write, or made */
	size_t path_count;
};

/* Fails with QUO_ENOMEM. Clear it always. */
enum quo_err quo_trace_begin(struct quo_trace *trace);
/* Take the next bytes of it. */
void quo_trace_take(struct quo_trace *trace, const char *bytes, size_t len);
/* After the run: look into the files that it wrote, and which it left. */
void quo_trace_files(struct quo_trace *trace);
void quo_trace_clear(struct quo_trace *trace);

#endif
