/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/child.h"
#include "scan/frame.h"
#include "scan/scan.h"

/* What the helper's failures are called; its own notes come from frame.c. */
static const struct {
	enum quo_err err;
	const char *words;
} failures[] = {
	{ QUO_ENOENT, "the helper quorate-scan is not installed" },
	{ QUO_ETIMEOUT, "the helper quorate-scan took too long: try a "
	    "smaller or sharper picture" },
	{ QUO_ENOMEM, "no memory for what was read" },
	{ QUO_ELOCK, "memory for what was read can't be locked" },
};

static void
name_failure(enum quo_err err, int status, struct quo_scan *scan)
{
	const char *words = "the helper quorate-scan talks nonsense";

	if (WIFSIGNALED(status))
		words = "the helper quorate-scan died: the file may be "
		    "hostile";
	for (size_t i = 0; i < sizeof failures / sizeof *failures; i++)
		if (failures[i].err == err)
			words = failures[i].words;
	snprintf(scan->note, sizeof scan->note, "%s", words);
}

/* What the frames say must agree with how the helper ended. */
static enum quo_err
judge(const struct quo_child *child, struct quo_scan *scan)
{
	enum quo_err err;

	if (child->out == NULL || !WIFEXITED(child->status))
		return QUO_ECHILD;
	err = quo_scan_parse(child->out->data, child->out->len, scan);
	if ((err == QUO_OK) != (WEXITSTATUS(child->status) == 0)) {
		quo_scan_free(scan);
		return QUO_ECHILD;
	}
	return err;
}

enum quo_err
quo_scan_with(const char *helper, unsigned seconds, int fd,
    const uint8_t *data, size_t len, struct quo_scan *scan)
{
	const char *const argv[] = { "quorate-scan", NULL };
	struct quo_child child = {
		.path = helper, .argv = argv, .stdin_fd = fd,
		.out_max = QUO_FRAMES_MAX, .seconds = seconds,
	};
	enum quo_err err;

	memset(scan, 0, sizeof *scan);
	if (data != NULL) {
		child.feeds[0] = (struct quo_feed){ 0, data, len };
		child.feed_count = 1;
		child.stdin_fd = -1;
	}
	err = quo_child_run(&child);
	if (err == QUO_OK)
		err = judge(&child, scan);
	else if (err == QUO_ETOOBIG) {
		/* A flood: that it was killed for it is no news. */
		err = QUO_ECHILD;
		child.status = 0;
	}
	if (err != QUO_OK && scan->note[0] == '\0')
		name_failure(err, child.status, scan);
	quo_secret_free(child.out);
	return err;
}

static enum quo_err
scan_by_helper(int fd, const uint8_t *data, size_t len, struct quo_scan *scan)
{
	char *helper;
	enum quo_err err;

	err = quo_child_helper("quorate-scan", &helper);
	if (err != QUO_OK) {
		memset(scan, 0, sizeof *scan);
		name_failure(err, 0, scan);
		return QUO_ECHILD;
	}
	err = quo_scan_with(helper, QUO_SCAN_SECONDS, fd, data, len, scan);
	free(helper);
	return err;
}

enum quo_err
quo_scan_fd(int fd, struct quo_scan *scan)
{
	return scan_by_helper(fd, NULL, 0, scan);
}

enum quo_err
quo_scan_bytes(const uint8_t *data, size_t len, struct quo_scan *scan)
{
	static const uint8_t none[1];

	return scan_by_helper(-1, len > 0 ? data : none, len, scan);
}

void
quo_scan_free(struct quo_scan *scan)
{
	if (scan != NULL) {
		quo_secret_free(scan->texts);
		memset(scan, 0, sizeof *scan);
	}
}
