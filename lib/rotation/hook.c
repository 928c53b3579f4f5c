/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/crypt.h"
#include "base/hex.h"
#include "base/trusted.h"
#include "rotation/hook_internal.h"

#define DESCRIBE_MAX 4096
#define EXIT_LATER 75
#define LEAST_PIECE 4
#define LEAST_LINE 8
/* SIZE:ROOT, and a NUL. */
#define CHECKPOINT (20 + 1 + 2 * QUO_HASH_LEN + 1)

/* The hook's path without symbolic links, found safe; the caller frees it. */
static enum quo_err
locate(struct quo_hook *hook, char **path)
{
	char *real = NULL;
	enum quo_err err;

	hook->status = 0;
	err = quo_trusted_program(hook->path, &real, hook->note,
	    sizeof hook->note);
	if (err == QUO_OK && geteuid() == 0)
		err = quo_trusted_above(real, hook->note, sizeof hook->note);
	if (err == QUO_OK)
		*path = real;
	else
		free(real);
	return err;
}

enum quo_err
quo_hook_check(struct quo_hook *hook)
{
	char *path = NULL;
	enum quo_err err = locate(hook, &path);

	free(path);
	return err;
}

/* Where a secret stands in a note, it is all withheld: a hook under `sh -x`
 * says what it reads. Also a piece of it at the note's cut end. One that is
 * shorter than any piece would be found by chance. */
static bool
stands_in(const char *note, const uint8_t *data, size_t data_len)
{
	size_t len = strlen(note), piece;

	for (size_t i = 0; i < len; i++) {
		piece = len - i < data_len ? len - i : data_len;
		if (piece < data_len &&
		    (piece < LEAST_PIECE || len < QUO_CHILD_NOTE - 1))
			continue;
		if (quo_equal((const uint8_t *)note + i, data, piece))
			return true;
	}
	return false;
}

/* A key of many lines may be quoted in part: $(...) drops its last end. */
static bool
line_stands_in(const char *note, const struct quo_secret *secret)
{
	const uint8_t *at = secret->data, *end = at + secret->len, *nl;
	size_t len;

	for (; at < end; at += len + 1) {
		nl = memchr(at, '\n', (size_t)(end - at));
		len = (size_t)((nl != NULL ? nl : end) - at);
		if (len >= LEAST_LINE && stands_in(note, at, len))
			return true;
	}
	return false;
}

static void
withhold(char note[QUO_CHILD_NOTE], const struct quo_secret *secret)
{
	if (secret == NULL || secret->len < LEAST_PIECE)
		return;
	if (!stands_in(note, secret->data, secret->len) &&
	    !line_stands_in(note, secret))
		return;
	quo_wipe(note, QUO_CHILD_NOTE);
	snprintf(note, QUO_CHILD_NOTE, "withheld: the hook wrote the secret "
	    "to its standard error\n");
}

/* A note is shown in a line: without the end of its own. */
static void
end_line(char *note)
{
	size_t len = strlen(note);

	while (len > 0 && note[len - 1] == '\n')
		note[--len] = '\0';
}

static void
print_checkpoint(const struct quo_checkpoint *checkpoint,
    char text[CHECKPOINT])
{
	int n = 0;

	text[0] = '\0';
	if (checkpoint->size == 0)
		return;
	n = sprintf(text, "%" PRIu64 ":", checkpoint->size);
	quo_hex_print(checkpoint->root, QUO_HASH_LEN, text + n);
}

/* The hook's environment, and what the call adds; the caller frees it. */
static enum quo_err
make_env(const struct quo_hook *hook, const char *const *more, char **env)
{
	enum { OWN = 6 };
	char *own[OWN] = { NULL }, checkpoint[CHECKPOINT];
	bool ok = true;

	print_checkpoint(&hook->checkpoint, checkpoint);
	ok = asprintf(&own[0], "QUORATE_NAME=%s", hook->name) != -1 && ok;
	ok = asprintf(&own[1], "QUORATE_USER=%s",
	    hook->user != NULL ? hook->user : "") != -1 && ok;
	ok = asprintf(&own[2], "QUORATE_TARGET=%s",
	    hook->target != NULL ? hook->target : "") != -1 && ok;
	ok = asprintf(&own[3], "QUORATE_GENERATION=%lu",
	    hook->generation) != -1 && ok;
	ok = asprintf(&own[4], "QUORATE_CHECKPOINT=%s",
	    checkpoint) != -1 && ok;
	ok = (own[5] = strdup("PATH=/usr/sbin:/usr/bin:/sbin:/bin")) !=
	    NULL && ok;
	memcpy(env, own, sizeof own);
	for (size_t i = 0; more != NULL && more[i] != NULL; i++)
		ok = (env[OWN + i] = strdup(more[i])) != NULL && ok;
	return ok ? QUO_OK : QUO_ENOMEM;
}

static void
feed(struct quo_child *child, int fd, const struct quo_secret *secret)
{
	if (secret != NULL)
		child->feeds[child->feed_count++] =
		    (struct quo_feed){ fd, secret->data, secret->len };
}

/* The words that run a hook: those before it, its path, the verb. */
static void
wrap(const struct quo_hook_call *call, const char *path, const char **argv)
{
	size_t n = 0;

	while (call->wrap != NULL && call->wrap[n] != NULL) {
		argv[n] = call->wrap[n];
		n++;
	}
	argv[n] = path;
	argv[n + 1] = call->verb;
}

enum quo_err
quo_hook_run(struct quo_hook *hook, const struct quo_hook_call *call)
{
	char *path = NULL, *env[QUO_HOOK_VARS + 1] = { NULL };
	const char *argv[QUO_HOOK_WRAP + 3] = { NULL };
	struct quo_child child = {
		.argv = argv,
		.env = (const char *const *)env,
		.stdin_fd = -1,
		.held = call->held,
		.out_max = call->out != NULL ? call->out_max : 0,
		.join = call->join,
		.seconds = hook->seconds > 0 ? hook->seconds :
		    QUO_HOOK_SECONDS,
	};
	enum quo_err err;

	err = locate(hook, &path);
	if (err == QUO_OK)
		err = make_env(hook, call->more, env);
	if (err != QUO_OK)
		goto out;
	wrap(call, path, argv);
	child.path = argv[0];
	feed(&child, 0, call->input);
	feed(&child, 3, call->secret);
	feed(&child, 4, call->old);
	err = quo_child_run(&child);
	withhold(child.note, call->secret);
	withhold(child.note, call->old);
	withhold(child.note, call->input);
	end_line(child.note);
	memcpy(hook->note, child.note, sizeof hook->note);
	hook->status = child.status;
	if (call->out != NULL)
		*call->out = child.out;
	else
		quo_secret_free(child.out);
out:
	for (size_t i = 0; i < QUO_HOOK_VARS; i++)
		free(env[i]);
	free(path);
	return err;
}

enum quo_hook_answer
quo_hook_answer_of(int status)
{
	if (!WIFEXITED(status))
		return QUO_HOOK_UNKNOWN;
	switch (WEXITSTATUS(status)) {
	case 0:			return QUO_HOOK_YES;
	case 1:			return QUO_HOOK_NO;
	case EXIT_LATER:	return QUO_HOOK_LATER;
	default:		return QUO_HOOK_UNKNOWN;
	}
}

enum quo_err
quo_hook_apply(struct quo_hook *hook, const struct quo_secret *secret,
    const struct quo_secret *old, enum quo_hook_answer *answer)
{
	const struct quo_hook_call call = {
		.verb = "apply", .secret = secret, .old = old,
		.held = hook->lock,
	};
	enum quo_err err = quo_hook_run(hook, &call);

	if (err == QUO_OK)
		*answer = quo_hook_answer_of(hook->status);
	return err;
}

enum quo_err
quo_hook_verify(struct quo_hook *hook, const struct quo_secret *secret,
    enum quo_hook_answer *answer)
{
	const struct quo_hook_call call = {
		.verb = "verify", .secret = secret,
	};
	enum quo_err err = quo_hook_run(hook, &call);

	if (err == QUO_OK)
		*answer = quo_hook_answer_of(hook->status);
	return err;
}

/* How a call went that has no other answer than its output. */
static enum quo_err
told(const struct quo_hook *hook, enum quo_err err)
{
	if (err != QUO_OK)
		return err;
	switch (quo_hook_answer_of(hook->status)) {
	case QUO_HOOK_YES:	return QUO_OK;
	case QUO_HOOK_LATER:	return QUO_ELATER;
	default:		return QUO_ECHILD;
	}
}

enum quo_err
quo_hook_describe(struct quo_hook *hook, struct quo_hook_desc *desc)
{
	struct quo_secret *out = NULL;
	const struct quo_hook_call call = {
		.verb = "describe", .out = &out, .out_max = DESCRIBE_MAX,
	};
	unsigned line = 0;
	enum quo_err err;

	err = told(hook, quo_hook_run(hook, &call));
	if (err == QUO_OK) {
		err = quo_hook_parse(out != NULL ? (char *)out->data : "",
		    out != NULL ? out->len : 0, desc, &line);
		if (err != QUO_OK)
			snprintf(hook->note, sizeof hook->note,
			    "describe, line %u", line);
	}
	quo_secret_free(out);
	return err;
}

enum quo_err
quo_hook_mint(struct quo_hook *hook, const struct quo_hook_desc *desc,
    struct quo_secret **secret)
{
	struct quo_secret *out = NULL;
	const struct quo_hook_call call = {
		.verb = "mint", .out = &out, .out_max = desc->max_len,
	};
	enum quo_err err;

	hook->note[0] = '\0';
	if (!desc->mints)
		return QUO_EINVAL;
	err = quo_hook_run(hook, &call);
	withhold(hook->note, out);
	if (err == QUO_ETOOBIG) {
		snprintf(hook->note, sizeof hook->note,
		    "mint: more than %zu bytes", desc->max_len);
		err = QUO_EINVAL;
	} else {
		err = told(hook, err);
	}
	if (err == QUO_OK && (out == NULL || out->len < desc->min_len)) {
		snprintf(hook->note, sizeof hook->note,
		    "mint: %zu bytes, not %zu to %zu",
		    out != NULL ? out->len : 0, desc->min_len, desc->max_len);
		err = QUO_EINVAL;
	}
	if (err == QUO_OK)
		*secret = out;
	else
		quo_secret_free(out);
	return err;
}
