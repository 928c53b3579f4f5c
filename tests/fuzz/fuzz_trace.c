/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fuzz.h"
#include "rotation/watch_internal.h"

/*
 * What strace says of a hook, which chooses most of it: in one piece, and in
 * pieces of the size that the first byte says. Both see the same, and what
 * is kept to be shown has no secret in it.
 */

static const char secret[] = "hunter2-of-the-fuzz";

struct run {
	struct quo_watch watch;
	struct quo_trace trace;
};

static const struct quo_litter nothing;
static struct quo_needles needles;
static struct run runs[2];

static void
begin_once(void)
{
	static struct quo_secret *kept;
	static const struct quo_secret *list[1];
	struct quo_watch watch = { .secrets = list, .count = 1 };

	if (kept != NULL)
		return;
	must(quo_secret_new(sizeof secret - 1, &kept) == QUO_OK);
	memcpy(kept->data, secret, kept->len);
	list[0] = kept;
	must(quo_needles_make(&watch, &needles) == QUO_OK);
	for (size_t i = 0; i < 2; i++)
		must(quo_trace_begin(&runs[i].trace) == QUO_OK);
}

/* The room for a line stays: half a megabyte isn't locked for each input. */
static void
take(struct run *run, const char *bytes, size_t len, size_t piece)
{
	struct quo_secret *line = run->trace.line;

	run->watch = (struct quo_watch){ .litter = &nothing };
	run->trace = (struct quo_trace){
		.watch = &run->watch,
		.needles = &needles,
		.line = line,
	};
	for (size_t n; len > 0; bytes += n, len -= n) {
		n = len < piece ? len : piece;
		quo_trace_take(&run->trace, bytes, n);
	}
	quo_trace_files(&run->trace);
}

static void
clear(struct run *run)
{
	struct quo_secret *line = run->trace.line;

	run->trace.line = NULL;
	quo_trace_clear(&run->trace);
	run->trace.line = line;
}

static void
compare(const struct run *a, const struct run *b)
{
	must(memcmp(a->watch.seen, b->watch.seen, sizeof a->watch.seen) == 0);
	must(a->trace.ended == b->trace.ended &&
	    a->trace.status == b->trace.status &&
	    a->trace.path_count == b->trace.path_count);
	for (size_t i = 0; i < QUO_SEEN_KINDS; i++) {
		const char *seen = a->watch.seen[i];

		must(!quo_needles_in(&needles, seen, strlen(seen)));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data + 1;

	if (size == 0)
		return 0;
	begin_once();
	take(&runs[0], text, size - 1, size);
	take(&runs[1], text, size - 1, (size_t)data[0] + 1);
	compare(&runs[0], &runs[1]);
	clear(&runs[0]);
	clear(&runs[1]);
	return 0;
}
