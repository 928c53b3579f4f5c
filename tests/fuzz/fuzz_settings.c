/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/confirm.h"
#include "cmd/settings.h"
#include "fuzz.h"

/*
 * A file of settings. It says each fault on standard error: run it with
 * -close_fd_mask=2.
 */

#define YEARS (3650 * 86400L)

static char dir[] = "/tmp/quorate-fuzz-XXXXXX", path[64];
static int file = -1;

static void
remove_file(void)
{
	unlink(path);
	rmdir(dir);
}

static void
make_file(void)
{
	if (file != -1)
		return;
	must(mkdtemp(dir) != NULL);
	snprintf(path, sizeof path, "%s/config", dir);
	file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	must(file != -1 && atexit(remove_file) == 0);
}

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void
must_fit(const struct quo_settings *s)
{
	const long spans[] = { s->hook_timeout, s->deadline, s->review_within,
		s->drill_every, s->approval_expires, s->max_age };

	for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
		must(spans[i] >= 1 && spans[i] <= YEARS);
	must(s->ledger == NULL || *s->ledger == '/');
	must(s->hooks != NULL && *s->hooks == '/');
	must(s->syslog == NULL || *s->syslog == '/');
	must(s->confirm >= 1 && s->confirm <= 3);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct quo_settings s = { .hook_timeout = 1,
		.deadline = 60,
		.review_within = 60,
		.drill_every = 86400,
		.approval_expires = 60,
		.max_age = 86400,
		.confirm = 1 };
	const struct quo_settings before = s;

	make_file();
	s.ledger = strdup("/ledger");
	s.hooks = strdup("/hooks");
	must(ftruncate(file, 0) == 0);
	must(pwrite(file, data, size, 0) == (ssize_t)size);
	if (quo_settings_merge(path, false, &s) != QUO_OK)
		must(same_text(s.ledger, "/ledger") &&
		    same_text(s.hooks, "/hooks") && s.syslog == NULL &&
		    s.deadline == before.deadline &&
		    s.confirm == before.confirm);
	must_fit(&s);
	quo_settings_clear(&s);
	return 0;
}
